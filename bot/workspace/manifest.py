"""The app's manifest as Slack reads it: which commands, shortcuts, events and scopes exist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# fmt: off
BUILT_IN = frozenset((
    "active", "apps", "archive", "away", "call", "clear", "clip", "close", "collapse", "commands", "dm",
    "dnd", "expand", "feed", "feedback", "help", "huddle", "inbox", "invite", "invite_people", "join", "keys",
    "kick", "leave", "me", "mentions", "msg", "mute", "open", "part", "prefs", "pref", "reminders", "remind",
    "remove", "rename", "search", "shortcuts", "shrug", "star", "starred", "status", "tableflip", "todo",
    "topic", "unarchive", "unmute", "who", "workflow",
))
# fmt: on
"""Commands that are Slack's own and cannot be registered (remembered; Slack publishes no list)."""

EVENT_SCOPES: Mapping[str, str] = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "file_shared": "files:read",
    "link_shared": "links:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "channel_archive": "channels:read",
    "channel_rename": "channels:read",
    "channel_left": "channels:read",
    "group_archive": "groups:read",
    "group_left": "groups:read",
    "reaction_added": "reactions:read",
    "user_change": "users:read",
}
"""The scope without which a subscribed event is not delivered (documented, event by event)."""


class ManifestRefused(ValueError):
    """Slack would not create an app from this manifest; the text says why."""


@dataclass(frozen=True)
class Manifest:
    """What the app may do.

    Attributes:
        name: the app's name; the bot user's name when it has none of its own.
        commands: `/name` → `should_escape`.
        shortcuts: callback id → `message` or `global`.
        shortcut_names: callback id → what the menu shows.
        command_help: `/name` → (description, usage hint).
    """

    name: str
    bot_name: str
    commands: Mapping[str, bool]
    command_help: Mapping[str, tuple[str, str]]
    shortcuts: Mapping[str, str]
    shortcut_names: Mapping[str, str]
    events: frozenset[str]
    scopes: frozenset[str]
    unfurl_domains: frozenset[str]
    redirect_urls: tuple[str, ...]
    home_tab: bool
    messages_tab: bool
    interactivity: bool
    socket_mode: bool
    token_rotation: bool

    def delivers(self, event: str) -> bool:
        """Whether the event is subscribed to, and its scope held."""
        return event in self.events and EVENT_SCOPES.get(event, "") in {"", *self.scopes}

    @staticmethod
    def read(source: Mapping[str, Any]) -> Manifest:
        """Read a manifest. Raises `ManifestRefused` for what Slack refuses: reserved or malformed names, no name."""
        try:
            return _read(source)
        except (KeyError, TypeError, AttributeError) as error:
            raise ManifestRefused(f"the manifest misses or misshapes {error}") from error


def _read(source: Mapping[str, Any]) -> Manifest:
    features, settings = source.get("features", {}), source.get("settings", {})
    name = str(source["display_information"]["name"])
    if not 1 <= len(name) <= 35:
        raise ManifestRefused("display_information.name has 1 to 35 characters")
    commands = features.get("slash_commands", [])
    for command in commands:
        _check_command(str(command["command"]), command.get("description", ""))
    shortcuts = features.get("shortcuts", [])
    for shortcut in shortcuts:
        if shortcut["type"] not in ("message", "global"):
            raise ManifestRefused(f"shortcut type {shortcut['type']!r} is neither message nor global")
    domains = features.get("unfurl_domains", [])
    if len(domains) > 5:
        raise ManifestRefused("at most five unfurl_domains")
    home = features.get("app_home", {})
    return Manifest(
        name=name,
        bot_name=str(features.get("bot_user", {}).get("display_name", name)),
        commands={command["command"]: bool(command.get("should_escape", False)) for command in commands},
        command_help={
            command["command"]: (str(command["description"]), str(command.get("usage_hint", "")))
            for command in commands
        },
        shortcuts={shortcut["callback_id"]: shortcut["type"] for shortcut in shortcuts},
        shortcut_names={shortcut["callback_id"]: shortcut["name"] for shortcut in shortcuts},
        events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
        scopes=frozenset(source.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
        unfurl_domains=frozenset(domains),
        redirect_urls=tuple(source.get("oauth_config", {}).get("redirect_urls", ())),
        home_tab=bool(home.get("home_tab_enabled", False)),
        messages_tab=bool(home.get("messages_tab_enabled", True)),
        interactivity=bool(settings.get("interactivity", {}).get("is_enabled", False)),
        socket_mode=bool(settings.get("socket_mode_enabled", False)),
        token_rotation=bool(settings.get("token_rotation_enabled", False)),
    )


def _check_command(command: str, description: object) -> None:
    bare = command.removeprefix("/")
    if not command.startswith("/") or not bare or len(command) > 32 or bare != bare.lower() or " " in bare:
        raise ManifestRefused(f"{command!r} is no command name: a slash, then lower case without spaces, 32 at most")
    if bare in BUILT_IN:
        raise ManifestRefused(f"{command} is a command of Slack's own")
    if not description:
        raise ManifestRefused(f"{command} has no description")
