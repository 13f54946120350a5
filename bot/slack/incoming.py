"""What Slack sends, read: who asks where, with which files and links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from bot.slack.request import Door, Request
from bot.sources import links
from storage.errors import DatelineError

Json = Mapping[str, Any]
"""A body or a part of one, as Slack sends it."""

_PRIVATE_NAMES: Final = re.compile(r"\A(?:directmessage|privategroup|mpdm-.*|)\Z", re.S)
_PRIVATE_IDS: Final = ("D", "G")
"""How the ids of direct messages begin, and of the private channels and groups of older workspaces.
https://docs.slack.dev/apis/web-api/using-the-conversations-api"""
FILE: Final = re.compile(r"\((F[A-Z0-9]{5,})\)\Z")
"""How a file of Slack is named among the inputs of a check: its name, and its id in brackets."""
LINK: Final = re.compile(r"https?://[^\s<>|]+")
"""A web address within a text."""


def id_of(value: object) -> str:
    """Return the id of a user or channel, which commands give bare and clicks within an object."""
    return str(value.get("id", "") if isinstance(value, Mapping) else value or "")


def team_of(body: Json) -> str:
    """Return the id of the workspace that a request comes from; empty where it names none."""
    team = body.get("team") or {}
    return str(body.get("team_id") or (team.get("id") if isinstance(team, Mapping) else team) or "")


def is_private(channel: str, name: str) -> bool:
    """Whether what stands in a channel is for its members alone, by its id and the name that Slack gives it.

    Slack names every private channel `privategroup` in a command or a click; what has no name is taken for private.
    """
    return channel.startswith(_PRIVATE_IDS) or bool(_PRIVATE_NAMES.match(name))


def command_request(body: Json, verb: str, subject: str, detail: dict[str, Any]) -> Request:
    """Read who asked where by a slash command, and what makes a repeated delivery the same one."""
    return Request(
        id=f"command:{team_of(body)}:{body['trigger_id']}",
        verb=verb,
        subject=subject,
        workspace=team_of(body),
        user=str(body["user_id"]),
        channel=str(body["channel_id"]),
        private=is_private(str(body["channel_id"]), str(body.get("channel_name") or "")),
        door=Door.COMMAND,
        response_url=str(body.get("response_url", "")),
        detail=detail,
    )


def click_request(body: Json, action: Json, verb: str, subject: str, detail: dict[str, Any]) -> Request:
    """Read who pressed a button or used a shortcut where; without a channel it was in Home."""
    channel = body.get("channel") or {}
    return Request(
        id=f"click:{team_of(body)}:{body['trigger_id']}:{action.get('action_id', '')}",
        verb=verb,
        subject=subject,
        workspace=team_of(body),
        user=str(body["user"]["id"]),
        channel=str(channel.get("id", "")),
        private=is_private(str(channel.get("id", "")), str(channel.get("name") or "")),
        door=Door.COMMAND,
        response_url=str(body.get("response_url", "")),
        detail=detail,
    )


def named_files(message: Json) -> list[tuple[str, Json]]:
    """Name the files of a message as a check takes them: the name, and the id in brackets."""
    return [
        (" ".join(f"{str(file.get('name') or 'file')[:200]} ({file['id']})".split()), file)
        for file in message.get("files") or ()
        if isinstance(file, Mapping) and file.get("id")
    ]


def files_of(message: Json) -> list[str]:
    """Return the names of the files of a message, as a check takes them."""
    return [name for name, _ in named_files(message)]


def post_links(text: str) -> list[str]:
    """Find the links in a message that lead to posts; for a link to anything else there is `/check`."""
    found = []
    for link in dict.fromkeys(LINK.findall(text)):
        try:
            if links.normalise(link).platform != "web":
                found.append(link)
        except DatelineError:
            continue  # not a link that could be asked about
    return found
