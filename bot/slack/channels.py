"""What Slack knows of channels and their members, asked when it is needed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

PAGE: Final = 999
"""Entries of a page; Slack takes at most 1,000 (conversations.list, conversations.members)."""
PAGES: Final = 100
"""Pages that are read: a hundred thousand channels, or members of one."""

_UNSEEN: Final = frozenset({"channel_not_found", "not_in_channel"})


@dataclass(frozen=True, slots=True)
class SlackChannel:
    """One channel.

    Attributes:
        private: whether it is for its members alone.
        is_in: whether the app is a member.
    """

    id: str
    name: str
    private: bool
    is_in: bool


async def channel_of(client: AsyncWebClient, written: str) -> SlackChannel | None:
    """Find a channel by its id, or by its name with `#`; None where the app cannot see one.

    Raises:
        SlackApiError, OSError: Slack does not answer, or does not let us ask.
    """
    if not written.startswith("#"):
        try:
            info = await client.conversations_info(channel=written)
        except SlackApiError as error:
            if error.response.get("error") in _UNSEEN:
                return None
            raise
        return _channel(info["channel"])
    wanted = written[1:].lower()
    async for page in _pages(client.conversations_list, types="public_channel,private_channel", exclude_archived=True):
        for one in page.get("channels", []):
            if str(one.get("name", "")).lower() == wanted:
                return _channel(one)
    return None


async def has_member(client: AsyncWebClient, channel: str, user: str) -> bool:
    """Tell whether somebody is in a channel that the app can see.

    Raises:
        SlackApiError, OSError: Slack does not answer, or does not let us ask.
    """
    async for page in _pages(client.conversations_members, channel=channel):
        if user in page.get("members", []):
            return True
    return False


async def members_among(client: AsyncWebClient, ids: Collection[str]) -> frozenset[str]:
    """Return the members that ids stand for: those of people stay, those of user groups become their members.

    Raises:
        SlackApiError, OSError: Slack does not answer, or does not let us ask.
    """
    found = {one for one in ids if not one.startswith("S")}
    for group in sorted(set(ids) - found):
        answer = await client.usergroups_users_list(usergroup=group)
        found.update(answer.get("users", []))
    return frozenset(found)


async def _pages(method: Any, **asked: Any) -> AsyncIterator[Any]:
    cursor = ""
    for _ in range(PAGES):
        page = await method(limit=PAGE, **asked, **({"cursor": cursor} if cursor else {}))
        yield page
        cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return


def _channel(told: Any) -> SlackChannel:
    direct = bool(told.get("is_im"))
    return SlackChannel(
        str(told["id"]),
        str(told.get("name", "")),
        bool(told.get("is_private") or direct or told.get("is_mpim")),
        bool(told.get("is_member", direct)) or direct,
    )
