"""Measure alerts: sightings of many cases fed in one sweep, until every alert is in the outbox."""

from __future__ import annotations

import itertools
import json
import random
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.desk import Desk
from bot.intake import Audience
from bot.sources.base import Captured
from storage import outbox, people, watches
from storage.records import EVERYONE, Person, TimeBasis, utc
from storage.watches import Watch, WatchKind
from tests.desks import Clock, open_desk

SEED: Final = 20160301
SIGHTINGS: Final = 10_000
CASES: Final = 1_000
CHANNELS: Final = 50
BATCH: Final = 100
"""Posts that a source gives at once."""

NOON: Final = datetime(2026, 3, 4, 12, tzinfo=UTC)
PLACES: Final = ("Aleppo", "Homs", "Damascus", "Latakia", "Baghdad", "Basra", "Mosul", "Tehran", "Isfahan", "Beirut")
SAID: Final = ("{} arrived in {} today.", "{} is in {}.", "{} was seen in {} today.", "{} landed in {} today.")
SYLLABLES: Final = ("ba", "de", "gi", "ko", "lu", "ma", "ne", "pi", "ro", "su", "ta", "ve", "wi", "zo", "ka", "me")


def bench_alerts(home: Path) -> Iterator[tuple[str, str, str, str]]:
    """Feed sightings of 1,000 people, 20 watched in each of 50 channels, as one sweep brings them."""
    rng = random.Random(SEED)
    clock = Clock(NOON)
    with open_desk(home, clock) as desk:
        everybody = _people(desk, rng)
        for number, person in enumerate(everybody):
            _watch(desk, person, f"C{number % CHANNELS}")
        posts = _posts(rng, everybody)
        desk.intake.take_all(
            list(itertools.islice(_posts(rng, everybody, "warm"), BATCH)), Audience()
        )  # what is read once, is read before
        half = 0.0
        fed = alerts = 0
        began = time.perf_counter()
        while batch := list(itertools.islice(posts, BATCH)):
            clock.move(seconds=0.5)
            alerts += sum(
                receipt.alerts for receipt in desk.intake.take_all(batch, Audience("T1", EVERYONE, "sweep:w"))
            )
            fed += len(batch)
            half = half or (_resident() if fed >= SIGHTINGS // 2 else 0.0)
        seconds = time.perf_counter() - began
        grown = _resident() - half
        with desk.db.read() as tx:
            waiting = outbox.by_state(tx)["waiting"]
        assert waiting == CASES, waiting
        before = _resident()
        again = _unwatched(desk, everybody, rng)
        again_grown = _resident() - before
    yield (
        f"alerts for {SIGHTINGS:,} sightings of {CASES:,} cases over {CHANNELS} channels, fed in one sweep",
        "all in the outbox ≤ 60 s, memory flat",
        f"{seconds:.1f} s; {grown:+.1f} MB over the second half",
        f"{fed:,} posts in batches of {BATCH} through intake, archived and read for {CASES:,} watched people; "
        f"{waiting:,} messages wait, the rest joined them; as many posts again with nobody watching: {again:.1f} s and "
        f"{again_grown / 2:+.1f} MB a half: what grows is bounded: SQLite's page cache, 64 MB, and the reader's words",
    )


def _unwatched(desk: Desk, everybody: list[Person], rng: random.Random) -> float:
    """Seconds that as many other posts take where nobody is to be told."""
    with desk.db.write() as tx:
        for watch in watches.all(tx):
            watches.remove(tx, watch.id)
    posts = _posts(rng, everybody, "again")
    began = time.perf_counter()
    while batch := list(itertools.islice(posts, BATCH)):
        desk.intake.take_all(batch, Audience("T1", EVERYONE, "sweep:w"))
    return time.perf_counter() - began


def _people(desk: Desk, rng: random.Random) -> list[Person]:
    names: set[str] = set()
    while len(names) < CASES:
        first, last = ("".join(rng.choice(SYLLABLES) for _ in range(rng.randint(2, 3))) for _ in range(2))
        names.add(f"{first.capitalize()} {last.capitalize()}sson")
    with desk.db.write() as tx:
        return [people.add(tx, name) for name in sorted(names)]


def _watch(desk: Desk, person: Person, channel: str) -> None:
    with desk.db.write() as tx:
        watches.put(
            tx,
            Watch(f"w-{person.id}", "T1", channel, False, WatchKind.PERSON, person.id, person.name, (), "", "UTC", "U1",
                  utc(NOON)),
        )  # fmt: skip


def _posts(rng: random.Random, everybody: list[Person], key: str = "first") -> Iterator[Captured]:
    """Give ten posts about everybody, the first of each first, that say they are in one place."""
    for number in range(SIGHTINGS):
        person = everybody[number % CASES]
        place = PLACES[(number % CASES) % len(PLACES)]
        text = f"{rng.choice(SAID).format(person.name, place)} Report {number}."
        raw = json.dumps([key, number, text]).encode()
        yield Captured(
            post_id=f"x:{key}{number}", platform="x", native_id=f"{key}{number}", url=f"https://x.com/i/status/{number}",
            raw=raw, media_type="application/json", route="bench", captured_at=NOON, author=f"reporter{number % 97}",
            posted_at=NOON - timedelta(minutes=number % 600), posted_at_basis=TimeBasis.DECODED_ID, text=text,
            lang="en",
        )  # fmt: skip


def _resident() -> float:
    """Megabytes of this process."""
    told = Path("/proc/self/smaps_rollup").read_text()
    return sum(int(size) for size in re.findall(r"^Rss:\s+(\d+)", told, re.M)) / 1024
