"""The Home tab of a member, made anew at each opening and after each decision in it."""

from __future__ import annotations

import logging

from bot.desk import Desk
from bot.slack.cards.home import home_view
from bot.slack.faults import FAULTS
from bot.slack.outbox import Clients
from commands.home import home
from storage.errors import DatelineError

log = logging.getLogger("dateline.home")


async def show_home(desk: Desk, clients: Clients, team: str, user: str) -> None:
    """Publish the Home tab; a failure is logged, and mended by the next opening."""
    try:
        found = await desk.work(home, team, user)
        client = await clients.client(team)
        await client.views_publish(user_id=user, view=home_view(found))
    except (*FAULTS, DatelineError):
        log.exception("Home of %s/%s", team, user)
