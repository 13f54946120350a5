"""Digests that are due: each is built off the loop and claimed with its messages, so that it goes out once.

Nothing is remembered between two calls. That a clock was ahead is seen by what was planned after now; a digest that
went out then is never sent again, since its due time is taken.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from bot.desk import Desk
from bot.schedules.due import Due, ScheduleRefused, coalesced
from bot.schedules.words import parse
from bot.slack.blocks import Card
from bot.slack.bodies import rows_of
from bot.slack.cards.digest import digest_card
from commands.digest import digest, next_of, run_of
from storage import digests, outbox
from storage.database import Transaction
from storage.digests import DigestPlan, DigestRun
from storage.errors import DatelineError
from storage.outbox import Lane
from storage.records import utc

log = logging.getLogger("dateline.digests")

AGAIN: Final = timedelta(minutes=1)
"""How long a digest that could not be built waits for the next try."""


async def send_due(desk: Desk, now: datetime) -> int:
    """Send every digest that is due, each once for all that it stands for; return how many were claimed.

    One that cannot be built is tried again in a minute, and keeps no other one waiting.
    """
    sent = 0
    try:
        waiting = await desk.db.reading(lambda tx: digests.due(tx, utc(now)))
    except DatelineError as failed:
        log.warning("the digests that are due cannot be read: %s", failed)
        return 0
    for plan in waiting:
        try:
            sent += await _send(desk, plan, now)
        except ScheduleRefused as refused:
            log.error("digest of %s/%s: %s; set it anew", plan.workspace, plan.channel, refused)
            await _postpone(desk, plan, None, now)
        except DatelineError as failed:
            log.warning("digest of %s/%s: %s", plan.workspace, plan.channel, failed)
            await _postpone(desk, plan, utc(now + AGAIN), now)
    return sent


def tell(tx: Transaction, workspace: str, run: DigestRun, card: Card | None) -> bool:
    """Claim a digest together with its messages, none where it is silent; False where another one was first."""
    if not digests.claim(tx, run):
        return False
    if card is not None:
        job = f"digest:{workspace}:{run.channel}:{run.due_at}"
        for row in rows_of(card, job, workspace, run.channel, lane=Lane.DIGEST):
            outbox.put(tx, row, run.at)
    return True


async def _send(desk: Desk, plan: DigestPlan, now: datetime) -> bool:
    due = await desk.db.reading(lambda tx: _due(tx, plan, now))
    if due is None:
        await desk.db.writing(lambda tx: _plan_anew(tx, plan, now))
        return False
    card, run = await desk.work(_built, plan, due, utc(now))

    def settle(tx: Transaction) -> bool:
        if digests.plan_of(tx, plan.workspace, plan.channel) != plan:
            return False  # somebody has changed or sent it meanwhile: it is looked at again
        digests.schedule(tx, plan, next_of(plan, now), utc(now))
        return tell(tx, plan.workspace, run, card)

    return await desk.db.writing(settle)


def _due(tx: Transaction, plan: DigestPlan, now: datetime) -> Due | None:
    """Return what is due; None where nothing is, since the clock that it was planned or told by was ahead."""
    at = utc(now)
    if plan.next_due is None or max(plan.next_due, plan.since) > at:
        return None
    last = max(digests.last_fired(tx, plan, at) or plan.since, plan.since)
    return coalesced(parse(plan.schedule, plan.zone), datetime.fromisoformat(last), now)


def _plan_anew(tx: Transaction, plan: DigestPlan, now: datetime) -> None:
    """Plan a digest by the clock as it is now; what was missed while it was ahead has been told by then."""
    if digests.plan_of(tx, plan.workspace, plan.channel) == plan:
        digests.schedule(tx, plan, next_of(plan, now), utc(now))


def _built(desk: Desk, plan: DigestPlan, due: Due, at: str) -> tuple[Card | None, DigestRun]:
    """Build a digest: as work that another process can do."""
    finding = digest(desk, plan.workspace, plan.channel, due, until=at)
    card = None if plan.silent and finding.empty else digest_card(finding)
    return card, run_of(finding, plan.workspace, utc(due.at))


async def _postpone(desk: Desk, plan: DigestPlan, until: str | None, now: datetime) -> None:
    try:
        await desk.db.writing(lambda tx: digests.schedule(tx, plan, until, utc(now)))
    except DatelineError as failed:
        log.warning("digest of %s/%s: %s", plan.workspace, plan.channel, failed)
