"""Measure what the desk promises of its speed, and write docs/benchmarks.md: `python -m tests.bench`."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from bot.desk import Desk
from bot.images.index import HashIndex
from bot.images.prepared import prepare
from bot.images.reuse import Matcher
from bot.sample import pictures
from commands.ingest import ingest
from commands.whereis import whereis
from storage import captures, custody, grants, people, posts, readings, sightings
from storage.records import (
    EVERYONE,
    EVERYWHERE,
    Capture,
    Grant,
    Interval,
    Person,
    Place,
    PlacePrecision,
    Post,
    PostStatus,
    Sighting,
    Speaker,
    SpeakerKind,
    Stance,
    TimeBasis,
    TimePrecision,
    short_id,
    text_digest,
    utc,
)
from tests.bench.alerting import bench_alerts
from tests.bench.digests import bench_digests
from tests.bench.front import bench_front
from tests.bench.maps import bench_maps
from tests.bench.reading import bench_reading
from tests.bench.sweeps import bench_sweeps
from tests.desks import open_desk

ROOT = Path(__file__).resolve().parents[2]
SEED = 20151013
SYLLABLES = ("ba", "de", "gi", "ko", "lu", "ma", "ne", "pi", "ro", "su", "ta", "ve", "wi", "zo", "ka", "me", "li", "no")


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the page."""

    what: str
    target: str
    measured: str
    how: str


def main() -> None:
    """Measure everything and write the page."""
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
        home = Path(folder)
        figures = [
            *bench_whereis(home / "whereis"),
            *bench_scan(),
            *bench_ingest(home / "ingest"),
            *bench_help(),
            *bench_memory(home / "memory"),
            *(Figure(*row) for row in bench_reading()),
            *(Figure(*row) for row in bench_maps()),
            *(Figure(*row) for row in bench_alerts(home / "alerts")),
            *(Figure(*row) for row in bench_digests(home / "digests")),
            *(Figure(*row) for row in bench_sweeps(home / "sweeps")),
            *(Figure(*row) for row in bench_front(home / "front")),
        ]
    page = ROOT / "docs" / "benchmarks.md"
    page.write_text(render(figures), encoding="utf-8")
    print(page.read_text(encoding="utf-8"))


def render(figures: list[Figure]) -> str:
    """Write the page's Markdown."""
    day = datetime.now(UTC).date().isoformat()
    lines = [
        "# Measured speed",
        "",
        f"`make bench` measures and writes this page. Last run {day}: Python {platform.python_version()}, "
        f"{os.cpu_count()} processors, {platform.system()}, a shared machine: read the times against the targets.",
        "",
        "| what | target | measured | how |",
        "|---|---|---|---|",
        *(f"| {one.what} | {one.target} | {one.measured} | {one.how} |" for one in figures),
        "",
        "Measured by commands of their own: [pictures found again](benchmarks-reuse.md), "
        "[damaged pictures and archives of pictures](benchmarks-pictures.md), "
        "[names and places](benchmarks-reading.md).",
        "",
    ]
    return "\n".join(lines)


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that one call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def percentile(values: list[float], share: float) -> float:
    """Return the value below which that share lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def bench_whereis(home: Path, count: int = 100_000) -> Iterator[Figure]:
    """Ask for watched people in a store of `count` sightings, of which one person has a fifth."""
    rng = random.Random(SEED)
    with open_desk(home) as desk:
        everybody = _people(desk, rng, 300)
        _fill(desk, rng, everybody, count)
        names = [everybody[0].name] * 40 + [rng.choice(everybody).name for _ in range(160)]
        asyncio.run(whereis(desk, names[0]))
        times = [timed(lambda name=name: asyncio.run(whereis(desk, name))) for name in names]  # type: ignore[misc]
        famous, others = times[:40], times[40:]
    yield Figure(
        f"`whereis`, {count:,} sightings of 300 people, warm",
        "p95 ≤ 150 ms",
        f"p50 {statistics.median(times) * 1e3:.0f} ms, p95 {percentile(times, 0.95) * 1e3:.0f} ms",
        f"200 questions; the one person with {count // 5:,} sightings: p95 {percentile(famous, 0.95) * 1e3:.0f} ms "
        f"(answers hold the newest 500), the others: p95 {percentile(others, 0.95) * 1e3:.0f} ms",
    )


def bench_scan(count: int = 100_000) -> Iterator[Figure]:
    """Look a prepared picture up among `count` stored hashes."""
    rng = np.random.default_rng(SEED)
    index = HashIndex()
    index.add((seq, f"{seq:064x}", rng.bytes(32)) for seq in range(1, count + 1))

    def never(_sha256: str) -> bytes:
        raise AssertionError("random hashes match nothing")

    matcher = Matcher(index, never)
    queries = [prepare(pictures.picture(name)) for name in pictures.SCENES]
    decode = [timed(lambda name=name: prepare(pictures.picture(name))) for name in pictures.SCENES]  # type: ignore[misc]
    matcher.look_up(queries[0])
    times = [timed(lambda query=query: matcher.look_up(query)) for _ in range(25) for query in queries]  # type: ignore[misc]
    yield Figure(
        f"a picture against {count:,} stored hashes, 8 orientations",
        "≤ 5 ms apart from decoding",
        f"p50 {statistics.median(times) * 1e3:.1f} ms, p95 {percentile(times, 0.95) * 1e3:.1f} ms",
        f"{len(times)} look-ups, exact scan, no stored copy; decoding and fingerprinting a 960×640 JPEG takes "
        f"{statistics.median(decode) * 1e3:.0f} ms",
    )


def bench_ingest(home: Path, count: int = 20_000) -> Iterator[Figure]:
    """Take in posts of about 200 characters that name nobody who is watched, through the verb itself."""
    rng = random.Random(SEED)
    home.mkdir(parents=True)
    path = home / "posts.jsonl"
    with path.open("w", encoding="utf-8") as lines:
        for number in range(count):
            at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
            words = " ".join(_word(rng) for _ in range(30))
            url = f"https://example.org/posts/{number}"
            lines.write(json.dumps({"url": url, "text": words.capitalize(), "posted_at": at.isoformat()}) + "\n")
    with open_desk(home / "store") as desk:
        _people(desk, rng, 200)
        seconds = timed(lambda: asyncio.run(ingest(desk, [path])))
        again = timed(lambda: asyncio.run(ingest(desk, [path])))
    yield Figure(
        "`ingest` of text posts, 200 people watched, none named",
        "≥ 1,000 a second",
        f"{count / seconds:,.0f} a second",
        f"{count:,} lines of about 200 characters, each with its vault file, full sync; the same file again: "
        f"{count / again:,.0f} a second",
    )


def bench_help() -> Iterator[Figure]:
    """Start the command line for its help."""
    command = [sys.executable, "-m", "bot", "--help"]
    times = [timed(lambda: subprocess.run(command, cwd=ROOT, check=True, capture_output=True)) for _ in range(11)]
    yield Figure("`dateline --help`", "≤ 0.3 s", f"{statistics.median(times):.2f} s", "median of 11 fresh processes")


MEMORY_PROBE = """
import asyncio, sys
from pathlib import Path
from commands.whereis import whereis
from tests.bench.front import bench_front
from tests.desks import open_desk
with open_desk(Path(sys.argv[1])) as desk:
    asyncio.run(whereis(desk, "Nobody"))
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    print(int(line.split()[1]) / 1024)
"""


def bench_memory(home: Path) -> Iterator[Figure]:
    """Measure a process that has an empty store open and has answered a question."""
    run = subprocess.run(
        [sys.executable, "-c", MEMORY_PROBE, str(home)], cwd=ROOT, check=True, capture_output=True, text=True
    )
    yield Figure(
        "a warm process with an empty store, no picture asked for",
        "≤ 150 MB",
        f"{float(run.stdout):.0f} MB",
        "resident memory after one `whereis`",
    )


def _word(rng: random.Random) -> str:
    return "".join(rng.choice(SYLLABLES) for _ in range(rng.randint(1, 4)))


def _people(desk: Desk, rng: random.Random, count: int) -> list[Person]:
    names: set[str] = set()
    while len(names) < count:
        names.add(f"{_word(rng).capitalize()} {(_word(rng) + _word(rng)).capitalize()}sson")
    with desk.db.write() as tx:
        return [people.add(tx, name) for name in sorted(names)]


def _fill(desk: Desk, rng: random.Random, everybody: list[Person], count: int) -> None:
    with desk.db.write() as tx:
        reader = desk.readers.current(tx)
    for first in range(0, count, 1000):
        with desk.db.write() as tx:
            for number in range(first, min(first + 1000, count)):
                person = everybody[0] if number % 5 == 0 else rng.choice(everybody)
                place_number = rng.randrange(500)
                place = Place(
                    f"Place {place_number}", "ZZ", place_number / 10, 0.0, PlacePrecision.CITY, f"b:{place_number}"
                )
                at = utc(datetime(2015, 1, 1, tzinfo=UTC) + timedelta(minutes=number * 7))
                text = f"{person.name} was seen in {place.name}, report {number}."
                post = Post(f"b:{number}", "text", None, None, None, None, "Bench", at, TimeBasis.STATED, 0, text, "en",
                            PostStatus.LIVE, "", at)  # fmt: skip
                capture = Capture(
                    short_id(post.id), post.id, f"{number:064x}", "text/plain", at, "file", None, text_digest(text)
                )
                stance = Stance.DENIED if number % 50 == 0 else Stance.ASSERTED
                time_said = Interval(at[:10], at[:10], TimePrecision.DAY, "post date")
                speaker = Speaker("Bench", SpeakerKind.OUTLET)
                posts.put(tx, post)
                captures.put(tx, capture, text)
                grants.put(tx, Grant(post.id, EVERYWHERE, EVERYONE))
                readings.put(tx, capture, reader.version)
                custody.append(tx, at=at, actor="bench", action=captures.CUSTODY_ACTION, subject=capture.id, detail={})
                sightings.put(
                    tx,
                    post.id,
                    capture,
                    Sighting(person.id, person.name, place, stance, speaker, time_said, text, 0, len(text), "b/1", 1.0),
                )


if __name__ == "__main__":
    main()
