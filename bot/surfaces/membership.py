"""Whether somebody may see what stands in a channel."""

from __future__ import annotations

from bot.answers import SlackFailed
from bot.slack.faults import FAULTS, sort
from bot.slack.outbox import Clients


async def may_see(clients: Clients, workspace: str, channel: str, user: str) -> bool:
    """Tell whether a member may see what stands in a channel: everybody in a public one, its members in a private one.

    Raises:
        SlackFailed: Slack does not answer.
    """
    if channel.startswith(("U", "W")):  # told by direct message to one who had traced it
        return user == channel
    try:
        client = await clients.client(workspace)
        info = (await client.conversations_info(channel=channel)).get("channel") or {}
        if not (info.get("is_private") or info.get("is_im") or info.get("is_mpim")):
            return True
        cursor = None
        while True:
            page = await client.conversations_members(channel=channel, limit=1000, cursor=cursor)
            if user in (page.get("members") or ()):
                return True
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return False
    except FAULTS as error:
        problem = sort(error).problem
        raise SlackFailed(f"Slack does not answer ({problem}); try again in a few minutes.") from error
