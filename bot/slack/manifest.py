"""What the app is to Slack: its commands, shortcuts, scopes and events, and the manifests that say so.

Everything that must agree (the manifest files, the listeners, what OAuth asks for) is taken from here.
Reference: https://docs.slack.dev/reference/app-manifest
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from bot.slack.ids import Callback

COMMANDS: Final = (
    ("/trace", "Where did this picture appear before?", "LINK of a post"),
    ("/whereis", "Who says that a person is where", "NAME [on|since 2015-10-13] [place NAME] [stance denied]"),
    ("/check", "Was this picture kept before?", "LINK of a picture or a post"),
    ("/watch", "Watch a person, a picture, an account or a link", "NAME every 15m from x:@handle | list"),
    ("/dateline", "Help, people, warnings, status", "help | people | alerts here | digest | status"),
)
"""Each command with what it does and what it takes."""

SCOPES: Final = {
    "app_mentions:read": "questions by mention, in threads",
    "channels:history": "pictures dropped into public channels; finding our own message again after a crash",
    "channels:read": "whether a channel is private, and whether we are in it",
    "chat:write": "answers and warnings",
    "commands": "the slash commands and the shortcut",
    "files:read": "pictures that are dropped or sent",
    "files:write": "pictures side by side, maps and timelines",
    "groups:history": "the same in private channels we are invited to",
    "groups:read": "the same in private channels we are invited to",
    "im:history": "questions and pictures in direct messages",
    "im:write": "answers in direct messages where nothing else reaches the one who asked",
    "metadata.message:read": "finding our own message again after a crash",
    "usergroups:read": "who is an editor or on call, where that is a user group",
    "users:read": "times in the time zone of who asks",
}
"""Each scope with what it is needed for."""

EVENTS: Final = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "group_archive",
    "message.channels",
    "message.groups",
    "message.im",
    "tokens_revoked",
)

HOST: Final = "https://YOUR-HOST"
"""Stands for the address at which Slack reaches the app."""

EVENTS_PATH: Final = "/slack/events"
INSTALL_PATH: Final = "/slack/install"
REDIRECT_PATH: Final = "/slack/oauth_redirect"


class Variant(StrEnum):
    """The ways in which the app can be set up, by the file that describes it."""

    HTTP = "slack-manifest.yaml"
    """One workspace, by HTTP."""
    SOCKET = "slack-manifest.socket.yaml"
    """One workspace, by Socket Mode, without a public address."""
    OAUTH = "slack-manifest.oauth.yaml"
    """Many workspaces by OAuth, with tokens that are rotated."""


def manifest(variant: Variant = Variant.HTTP, host: str = HOST) -> dict[str, Any]:
    """Return the manifest of one way to set the app up."""
    address = {} if variant is Variant.SOCKET else {"request_url": f"{host}{EVENTS_PATH}"}
    url = {} if variant is Variant.SOCKET else {"url": f"{host}{EVENTS_PATH}"}
    oauth: dict[str, Any] = {"scopes": {"bot": sorted(SCOPES)}}
    if variant is Variant.OAUTH:
        oauth = {"redirect_urls": [f"{host}{REDIRECT_PATH}"], **oauth}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Dateline",
            "description": "A verification desk: where a picture appeared before, and who is said to be where.",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "dateline", "always_online": True},
            "slash_commands": [
                {"command": command, "description": what, "usage_hint": hint, "should_escape": False, **url}
                for command, what, hint in COMMANDS
            ],
            "shortcuts": [
                {
                    "name": "Check this message",
                    "type": "message",
                    "callback_id": str(Callback.CHECK_MESSAGE),
                    "description": "Were its pictures kept before?",
                }
            ],
        },
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": {**address, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **address},
            "org_deploy_enabled": False,
            "socket_mode_enabled": variant is Variant.SOCKET,
            "token_rotation_enabled": variant is Variant.OAUTH,
        },
    }


def written(source: Mapping[str, Any]) -> str:
    """Write a manifest as YAML: block style for what holds more, JSON for the single values, which YAML reads too."""
    return "\n".join(_lines(source, "")) + "\n"


def _lines(value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _entry(f"{indent}{name}:", inner, f"{indent}  ")
    else:
        for inner in value:
            held = isinstance(inner, Mapping | list) and inner
            lines = list(_lines(inner, f"{indent}  ")) if held else [json.dumps(inner)]
            yield f"{indent}- {lines[0].lstrip()}"
            yield from lines[1:]


def _entry(name: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, Mapping | list) and value:
        yield name
        yield from _lines(value, indent)
    else:
        yield f"{name} {json.dumps(value)}"


def write(folder: Path) -> None:
    """Write every variant into its file."""
    for variant in Variant:
        (folder / variant).write_text(written(manifest(variant)), encoding="utf-8")


if __name__ == "__main__":
    write(Path.cwd())
