"""How the matcher grows: recall lost, time, memory and disk from 1,000 stored pictures to 100,000.

The first pictures are real ones or cut from real ones; the pieces are made once and kept in the cache folder. The rest
is synthetic, because making 80,000 more would take hours: each has the features of three real pictures mixed, a third
of the points of each, every descriptor disturbed, a hash of its own, and a real picture's file with a comment of its
own. To the index they look like other pictures of the same world.
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from bot.images.features import POINT
from commands.check import check
from storage.records import digest
from tests.bench.reuse.answers import Share, percentile
from tests.bench.reuse.cuts import Piece, cuts
from tests.bench.reuse.families import FAMILIES, PAGE_AGAINST_PAGE
from tests.bench.reuse.measure import PRODUCT, Run, Size
from tests.bench.reuse.scenes import saved
from tests.bench.reuse.tally import STRANGERS, TRAPS, Tally

FIRST = 1_000
"""Pictures stored when it is asked for the first time."""

SIZE = Size(queries=30, stored=FIRST, strangers=300, traps=60, peers=False, segments=0)

TAKEN_IN = 200
CHECKED = 100
"""Pictures that the verbs `ingest` and `check` are given when all are stored."""

_WORKERS = 2
"""Processes that take pictures in at the same time, as Dateline has them."""

_DISTURBANCE = 4.0
"""Standard deviation added to each of a descriptor's numbers, which lie within ±127."""

_MIXED = 1_000
"""Real pictures that synthetic ones are made of, each from another three of them."""

_AT_ONCE = 1_000
"""Synthetic pictures that are committed together."""

_FLIPPED = 40
"""Bits of 256 in which a synthetic hash differs from a real one's."""


@dataclass(frozen=True, slots=True)
class Step:
    """What was measured with so many pictures stored."""

    stored: int
    recall: Share
    strangers: Share
    traps: Share
    p50: float
    p95: float
    disk: float
    probe: dict[str, Any]


def measured(run: Run, home: Path, real: int, total: int, processes: int) -> dict[str, Any]:
    """Fill the store step by step, asking the same questions at each, and return the figures.

    Args:
        run: the corpus over an empty store; its size says how much is asked, and holds `FIRST` stored.
        home: the store's folder.
        real: pictures that are real or cut from real ones.
        total: pictures in the end.
        processes: that cut pieces.
    """
    empty = _probe(home, saved(run.corpus.plain[0].image, 70))
    run.store()
    steps = [_asked(run, home)]
    kept = _put_cuts(run, real - run.engine.stored, processes)
    steps.append(_asked(run, home))
    if total > run.engine.stored:
        for batch in _synthetic(kept, total - run.engine.stored, run.corpus.seed):
            run.engine.put([record for _, record in batch], [data for data, _ in batch])
        steps.append(_asked(run, home))
    told = {
        "half": run.corpus.half.value,
        "real": real,
        "total": total,
        "empty": empty,
        "steps": [_plain(step) for step in steps],
        **_verbs(run, home),
    }
    last, first = steps[-1], steps[0]
    told["recall_lost"] = first.recall.value - last.recall.value
    told["memory_bytes_a_picture"] = (_held(last.probe) - _held(empty)) / last.stored
    return told


def _put_cuts(run: Run, count: int, processes: int) -> list[Piece]:
    """Store pieces of photographs, and return some of them to make synthetic pictures of."""
    kept: list[Piece] = []
    for part in cuts(run.corpus.filling, count, run.corpus.seed, run.corpus.half.value, processes):
        run.engine.put([record for _, record in part], [data for data, _ in part])
        kept += part[: -(-_MIXED * len(part) // count)]
    return kept


def _synthetic(real: list[Piece], count: int, seed: int) -> Iterator[list[Piece]]:
    """Give synthetic pictures, some at a time."""
    rng = np.random.default_rng((seed, 6))
    for start in range(0, count, _AT_ONCE):
        yield [_mixed(real, number, rng) for number in range(start, min(count, start + _AT_ONCE))]


def _mixed(real: list[Piece], number: int, rng: np.random.Generator) -> Piece:
    chosen = [real[int(place)] for place in rng.integers(len(real), size=3)]
    parts = []
    for _, record in chosen:
        points = np.frombuffer(record.points or b"", POINT)
        parts.append(points[rng.random(len(points)) < 1 / 3])
    points = np.concatenate(parts)
    rng.shuffle(points)
    noise = rng.normal(0, _DISTURBANCE, points["descriptor"].shape)
    points["descriptor"] = np.clip(np.rint(points["descriptor"] + noise), -127, 127)
    data, record = chosen[0]
    comment = f"synthetic {number}".encode()
    data = data[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + data[2:]
    bits = np.unpackbits(np.frombuffer(record.phash or bytes(32), np.uint8))
    bits[rng.permutation(256)[:_FLIPPED]] ^= 1
    made = replace(
        record,
        sha256=digest(data),
        byte_size=len(data),
        phash=np.packbits(bits).tobytes(),
        points=points.tobytes(),
    )
    return data, made


def _asked(run: Run, home: Path) -> Step:
    """Ask everything with the store as it is."""
    print(f"{run.engine.stored:,} stored", file=sys.stderr)
    run.engine.refresh()
    run.tallies[PRODUCT] = tally = Tally()
    run.ask()
    kinds = (*(family.name for family in FAMILIES), PAGE_AGAINST_PAGE)
    return Step(
        run.engine.stored,
        Share(sum(tally.right[kind] for kind in kinds), sum(tally.asked[kind] for kind in kinds)),
        tally.alarms(STRANGERS),
        tally.alarms(TRAPS),
        percentile(tally.seconds, 0.5),
        percentile(tally.seconds, 0.95),
        run.engine.disk() / run.engine.stored,
        _probe(home, saved(run.corpus.plain[0].image, 70)),
    )


def _verbs(run: Run, home: Path) -> dict[str, float]:
    """Time the verbs themselves on the full store."""
    folder = home.parent / f"{home.name}-new"
    folder.mkdir()
    files = []
    for number, scene in enumerate(run.corpus.strangers * -(-TAKEN_IN // max(1, len(run.corpus.strangers)))):
        family = FAMILIES[number % len(FAMILIES)]
        path = folder / f"{number}.jpg"
        path.write_bytes(family.query(scene, 10_000 + number, run.corpus.world, run.corpus.seed))
        files.append(path)
    times, spent = [], []
    for path in files[:CHECKED]:
        began, used = time.perf_counter(), time.process_time()
        asyncio.run(check(run.engine.desk, [str(path)]))
        times.append(time.perf_counter() - began)
        spent.append(time.process_time() - used)
    began, used = time.perf_counter(), _children_seconds()
    ingests = [
        subprocess.Popen(
            [sys.executable, "-m", "bot", "--home", str(home), "ingest", "--json", *map(str, files[place::_WORKERS])],
            stdout=subprocess.DEVNULL,
        )
        for place in range(_WORKERS)
    ]
    for one in ingests:
        if one.wait():
            raise RuntimeError("an ingest has failed")
    seconds, used = time.perf_counter() - began, _children_seconds() - used
    for path in files:
        path.unlink()
    folder.rmdir()
    return {
        "check_p50_seconds": percentile(times, 0.5),
        "check_p95_seconds": percentile(times, 0.95),
        "check_p95_processor_seconds": percentile(spent, 0.95),
        "ingest_a_second": len(files) / seconds,
        "ingest_processor_seconds": used / len(files),
    }


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _probe(home: Path, data: bytes) -> dict[str, Any]:
    """Start a fresh process on the store and let it answer once."""
    query = home.parent / f"{home.name}-query.jpg"
    query.write_bytes(data)
    command = [sys.executable, "-m", "tests.bench.reuse.probe", str(home), str(query)]
    try:
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    finally:
        query.unlink()
    answer: dict[str, Any] = json.loads(told)
    return answer


def _held(probe: dict[str, Any]) -> int:
    return int(probe["memory_after"])


def _plain(step: Step) -> dict[str, Any]:
    return {
        "stored": step.stored,
        "recall": [step.recall.hits, step.recall.total],
        "strangers": [step.strangers.hits, step.strangers.total],
        "traps": [step.traps.hits, step.traps.total],
        "p50_seconds": step.p50,
        "p95_seconds": step.p95,
        "disk_bytes_a_picture": step.disk,
        **step.probe,
    }


def tables(told: dict[str, Any]) -> Iterator[str]:
    """Write the figures in Markdown."""
    yield f"Half: **{told['half']}**. {told['real']:,} pictures are real or cut from real ones, the rest is synthetic."
    yield ""
    yield (
        "| stored | recall@1 | strangers raised | traps raised | query, middle | 95 % within "
        "| start to first answer | memory of the process | disk a picture |"
    )
    yield "|" + "---|" * 9
    for step in told["steps"]:
        (hits, total), (raised, strangers) = step["recall"], step["strangers"]
        yield (
            f"| {step['stored']:,} | {hits}/{total} = {hits / total:.1%} | {raised}/{strangers} "
            f"| {step['traps'][0]}/{step['traps'][1]} | {1000 * step['p50_seconds']:.0f} ms "
            f"| {1000 * step['p95_seconds']:.0f} ms | {step['first_answer_seconds']:.1f} s "
            f"| {step['memory_after'] / 1e6:,.0f} MB | {step['disk_bytes_a_picture'] / 1024:.1f} KB |"
        )
    yield ""
    yield "| with all of them stored | target | measured |"
    yield "|---|---|---|"
    yield f"| recall lost against {told['steps'][0]['stored']:,} | ≤ 1 point | {100 * told['recall_lost']:.1f} points |"
    yield (
        f"| `check` of one file, 95 % within (middle) | ≤ 1 s | {told['check_p95_seconds']:.2f} s "
        f"({told['check_p50_seconds']:.2f} s) |"
    )
    yield f"| the same in processor seconds | | {told['check_p95_processor_seconds']:.2f} s |"
    yield f"| `ingest` by two processes | ≥ 12 a second | {told['ingest_a_second']:.1f} a second |"
    yield f"| processor seconds a picture of that | ≤ 0.167 s | {told['ingest_processor_seconds']:.3f} s |"
    disk = told["steps"][-1]["disk_bytes_a_picture"] / 1024
    yield f"| disk a picture, without the file itself | ≤ 32 KB | {disk:.1f} KB |"
    yield f"| memory a picture | ≤ 6 KB | {told['memory_bytes_a_picture'] / 1024:.1f} KB |"
    yield f"| start to first answer | ≤ 10 s | {told['steps'][-1]['first_answer_seconds']:.1f} s |"
