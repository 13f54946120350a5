"""Which run of which watch is this process's to do: decided in one write transaction, before any work.

A due time is claimed by its instant, so that it runs once whatever clocks and processes do; what was missed is folded
into one run that is said to be late.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Final

from bot.schedules.due import ScheduleRefused, coalesced, next_due
from bot.schedules.words import parse
from bot.sources.throttle import WAIT_LIMIT
from storage import leases, runs, watches
from storage.database import Transaction
from storage.errors import NotFound
from storage.records import utc
from storage.runs import Run, RunState
from storage.watches import Watch

log = logging.getLogger("dateline.sweeps")

LEASE: Final = timedelta(seconds=6)
"""How long a process is believed to be alive after it last said so, as for the outbox."""

KEPT: Final = timedelta(days=3)
"""How long runs that are over are kept: a weekend, for whoever asks on Monday what happened."""

Key = tuple[str, str]
"""What names a run: its watch, and its due time or the request that asked for it."""


def key_of(run: Run) -> Key:
    """Name a run."""
    return run.watch_id, run.due_at


def live(tx: Transaction, owner: str, now: datetime) -> None:
    """Say that a process lives, and for how long it may be believed."""
    leases.take(tx, f"process:{owner}", owner, utc(now), utc(now + LEASE))


def orphans(tx: Transaction, owner: str, doing: Collection[Key], now: datetime) -> list[Run]:
    """Return the runs that nobody does: of processes that are gone, and those that this one could not end."""
    under_way = runs.running(tx)
    if not under_way:
        return []
    alive = leases.alive(tx, utc(now))
    return [run for run in under_way if (key_of(run) not in doing if run.owner == owner else run.owner not in alive)]


def was_ahead(tx: Transaction, now: datetime) -> bool:
    """Tell whether another process has worked by a clock that was ahead of this time."""
    return leases.beyond(tx, utc(now + 2 * LEASE))


def plan_anew(tx: Transaction, now: datetime) -> None:
    """Plan everything by the clock as it is now, and correct what one that was ahead has noted.

    A due time that was fired is not fired again; those that were not, though the clock had passed them, are.
    """
    at = utc(now)
    watches.turn_back(tx, at, utc(now + timedelta(seconds=WAIT_LIMIT)))
    runs.turn_back(tx, at)
    leases.turn_back(tx, utc(now + LEASE))
    for watch in watches.scheduled(tx):
        try:
            due = utc(next_due(parse(watch.schedule, watch.zone), _last(tx, watch, now)))
        except ScheduleRefused:
            continue  # told where it is due
        if due != watch.next_due:
            watches.schedule(tx, watch.id, due)


def anything(tx: Transaction, now: datetime, only: str | None) -> bool:
    """Tell whether there is a run to be taken; `only` those that one request has asked for, where it is given."""
    return bool(_waiting(tx, only) or (only is None and watches.due(tx, utc(now), 1)))


def claim(tx: Transaction, owner: str, now: datetime, hands: int, only: str | None) -> list[tuple[Watch, Run]]:
    """Take up to so many runs: those that wait first, then what is due."""
    taken = [found for run in _waiting(tx, only)[:hands] if (found := _take(tx, run, owner))]
    while only is None and len(taken) < hands and (due := watches.due(tx, utc(now), hands - len(taken))):
        taken += [(watch, run) for watch in due for run in _claimed(tx, watch, owner, now)]
    return taken


def _waiting(tx: Transaction, only: str | None) -> list[Run]:
    return [run for run in runs.waiting(tx) if only in {None, run.due_at}]


def _take(tx: Transaction, run: Run, owner: str) -> tuple[Watch, Run] | None:
    try:
        watch = watches.get(tx, run.watch_id)
    except NotFound:
        runs.cancel(tx, run.watch_id, run.due_at, run.begun_at)
        return None
    runs.take(tx, run, owner)
    taken = runs.get(tx, run.watch_id, run.due_at)
    return (watch, taken) if taken and taken.state is RunState.RUNNING and taken.owner == owner else None


def _claimed(tx: Transaction, watch: Watch, owner: str, now: datetime) -> Iterator[Run]:
    """Claim what is due of a watch, and plan its next run; gives none where nothing is, or somebody was first."""
    try:
        schedule = parse(watch.schedule, watch.zone)
    except ScheduleRefused as refused:
        log.error("watch %s is not swept any more: %s", watch.id, refused)
        at, problem = utc(now), str(refused)
        runs.claim(tx, Run(watch.id, watch.next_due or at, at, state=RunState.FAILED, ended_at=at, problem=problem))
        watches.schedule(tx, watch.id, None)
        return
    watches.schedule(tx, watch.id, utc(next_due(schedule, now)))
    due = coalesced(schedule, _last(tx, watch, now), now)
    if due is not None:
        run = Run(watch.id, utc(due.at), utc(now), owner=owner, late=due.late, missed=due.missed)
        if runs.claim(tx, run):
            yield run


def _last(tx: Transaction, watch: Watch, now: datetime) -> datetime:
    """Return the latest due time that was fired and is not after now, or since when the schedule counts."""
    fired = runs.last_fired(tx, watch.id, utc(now))
    since = min(watch.since, utc(now))
    return datetime.fromisoformat(max(fired, since) if fired else since)
