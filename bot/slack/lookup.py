"""Whether a message of the outbox stands in Slack already: each carries the id of its row in its metadata."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from storage.outbox import Claimed

METADATA: Final = "dateline_message"
"""The type of the metadata under which a message carries the id of its row."""

_LOOK_BACK: Final = 60.0
"""Seconds before a row's making from which its channel is searched: clocks differ."""

_PAGES: Final = 5
"""Pages of 100 messages that are searched for one."""


async def stands(client: AsyncWebClient, claimed: Claimed) -> str | None:
    """Look in the channel, or in the thread, for the message of a row; return its `ts`, None where it is not there.

    Raises:
        SlackApiError: nobody lets us look.
    """
    row = claimed.message
    thread = row.target or claimed.root_ts
    made = datetime.fromisoformat(claimed.created_at).timestamp()
    how: dict[str, Any] = {"channel": row.channel, "oldest": f"{made - _LOOK_BACK:.6f}", "limit": 100}
    how["include_all_metadata"] = True
    for _ in range(_PAGES):
        if thread:
            page = await client.conversations_replies(ts=thread, **how)
        else:
            page = await client.conversations_history(**how)
        shown: list[dict[str, Any]] = page.get("messages", [])
        for message in shown:
            metadata = message.get("metadata") or {}
            payload = metadata.get("event_payload") or {}
            if metadata.get("event_type") == METADATA and payload.get("id") == row.id:
                return str(message["ts"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            break
        how["cursor"] = cursor
    return None
