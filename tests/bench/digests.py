"""How long a digest over a hundred thousand new things takes to build, from the store to the messages."""

from __future__ import annotations

import random
import time
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from bot.desk import Desk
from bot.schedules.digest_words import parse_digest
from bot.slack.blocks import Card
from bot.slack.cards.digest import digest_card
from commands.digest import digest, plan_for
from storage import watches
from storage.alerts import AlertKind, TriageState
from storage.database import Transaction
from storage.records import Stance, utc
from tests.desks import NOW, open_desk
from tests.newsmakers import DESK, TEAM, clash, say, stands_on, warn, watch_for

SEED = 20260302
BATCH = 2_000
PEOPLE = 300


def bench_digests(home: Path, count: int = 100_000) -> Iterator[tuple[str, str, str, str]]:
    """Build the digest of a channel that watches half of the people, and of one that is told of everybody."""
    rng = random.Random(SEED)
    with open_desk(home) as desk:
        asked = parse_digest("at 08:30 daily Europe/Oslo", "UTC")
        with desk.db.write() as tx:
            plan_for(tx, TEAM, DESK, asked.schedule, owner="U1", now=NOW - timedelta(days=1))
        sightings = count * 8 // 10
        conflicts = alerts = count // 10
        _fill(desk, rng, sightings, conflicts, alerts)
        everybody, size = _built(desk)
        with desk.db.write() as tx:
            for number in range(PEOPLE // 2):
                watches.put(tx, watch_for(f"person-{number:03}"))
        some, _ = _built(desk)
        memory = _memory(desk)
    yield (
        f"a digest over {count:,} new things, built and laid out as messages",
        "≤ 3 s",
        f"{everybody:.1f} s where the channel is told of everybody, {some:.1f} s where it watches {PEOPLE // 2} people",
        f"processor time, the slowest of 3; {sightings:,} sightings of {PEOPLE} people, {conflicts:,} conflicts, "
        f"{alerts:,} alerts; {size} messages; Python's own memory grows by at most {memory:.0f} MB",
    )


def _built(desk: Desk) -> tuple[float, int]:
    """Return the processor seconds of the slowest of three, and how many messages were made.

    Nothing but this process's own work is counted: the machine is shared, and all of it is in memory by then.
    """
    times, made = [], 0
    for _ in range(3):
        began = time.process_time()
        card = _card(desk)
        times.append(time.process_time() - began)
        made = 1 + len(card.thread)
    return max(times), made


def _card(desk: Desk) -> Card:
    return digest_card(digest(desk, TEAM, DESK, until=utc(NOW)))


def _memory(desk: Desk) -> float:
    """Return the highest growth of Python's memory while it is built, in MB."""
    tracemalloc.start()
    _card(desk)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1e6


def _fill(desk: Desk, rng: random.Random, sightings: int, conflicts: int, alerts: int) -> None:
    held: list[str] = []
    for first in range(0, sightings, BATCH):
        with desk.db.write() as tx:
            for number in range(first, min(first + BATCH, sightings)):
                stance = Stance.DENIED if number % 50 == 0 else Stance.ASSERTED
                person = "Person 000" if number % 5 == 0 else f"Person {rng.randrange(PEOPLE):03}"
                held.append(say(tx, number, person=person, stance=stance))
    for first in range(0, conflicts, BATCH):
        with desk.db.write() as tx:
            for number in range(first, min(first + BATCH, conflicts)):
                clash(tx, number, number + 1, f"{number:064x}")
    for first in range(0, alerts, BATCH):
        with desk.db.write() as tx:
            for number in range(first, min(first + BATCH, alerts)):
                _warn(tx, rng, number, held)


def _warn(tx: Transaction, rng: random.Random, number: int, held: list[str]) -> None:
    kind = rng.choice([AlertKind.DELETED, AlertKind.SIGHTING, AlertKind.DENIAL, AlertKind.SIGHTING])
    made = warn(tx, f"alert-{number}", kind, post_id=f"x:{number}", person=f"person-{number % PEOPLE:03}",
                state=TriageState.SNOOZED if number % 20 == 0 else TriageState.OPEN)  # fmt: skip
    if made.kind is not AlertKind.DELETED:
        stands_on(tx, made.id, held[number], number)
