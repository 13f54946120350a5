"""A manifest for the small bots of these tests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

SCOPES = (
    "app_mentions:read channels:history channels:join channels:read chat:write commands files:read files:write "
    "groups:history groups:read im:history im:read im:write links:read links:write metadata.message:read "
    "reactions:read reactions:write team:read usergroups:read users:read"
)
EVENTS = (
    "app_home_opened app_mention app_uninstalled channel_archive file_shared link_shared member_joined_channel "
    "message.channels message.groups message.im reaction_added tokens_revoked"
)


def manifest(
    *,
    scopes: Iterable[str] = SCOPES.split(),
    events: Iterable[str] = EVENTS.split(),
    socket_mode: bool = False,
    rotation: bool = False,
) -> dict[str, Any]:
    """A manifest with two commands, a message shortcut and a global one."""
    return {
        "display_information": {"name": "Test desk"},
        "features": {
            "bot_user": {"display_name": "desk"},
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "slash_commands": [
                {"command": "/trace", "description": "Trace a link", "should_escape": False},
                {"command": "/escaped", "description": "Takes ids", "should_escape": True},
            ],
            "shortcuts": [
                {"name": "Check", "type": "message", "callback_id": "check_message", "description": "Check it"},
                {"name": "Anywhere", "type": "global", "callback_id": "anywhere", "description": "From anywhere"},
            ],
            "unfurl_domains": ["example.org"],
        },
        "oauth_config": {"redirect_urls": ["http://127.0.0.1/oauth"], "scopes": {"bot": list(scopes)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(events)},
            "interactivity": {"is_enabled": True},
            "socket_mode_enabled": socket_mode,
            "token_rotation_enabled": rotation,
        },
    }
