"""The time zone of a member, as Slack knows it."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from bot.schedules.due import zone_names
from bot.slack.faults import FAULTS
from bot.slack.outbox import Clients

log = logging.getLogger("dateline.zones")

_QUICKLY: Final = 1.0
"""Seconds that somebody waits for the answer; a modal has to be opened within three."""


async def zone_of(clients: Clients, workspace: str, user: str) -> str | None:
    """Return the IANA name of a member's zone; None where Slack does not tell it, or names none that we know."""
    try:
        client = await clients.client(workspace)
        info = await asyncio.wait_for(client.users_info(user=user), _QUICKLY)
    except FAULTS as failed:
        log.info("the zone of %s/%s is not known: %s", workspace, user, failed)
        return None
    told = info.get("user")
    name = str(told.get("tz") or "") if isinstance(told, dict) else ""
    return zone_names().get(name.lower())
