"""Labelled sentences read and scored: what should come out, what did, and how far they agree."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.reading.model import Context
from bot.reading.names.watchlist import WatchList
from bot.reading.reader import read
from storage.records import Person, Sighting


@dataclass
class Score:
    """Counts over a labelled file; `faults` says in words what went wrong."""

    expected: int = 0
    found: int = 0
    right: int = 0
    stances: int = 0
    speakers: int = 0
    speakers_of: int = 0
    times: int = 0
    times_of: int = 0
    traps: int = 0
    traps_fallen: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """The share of what was found that was expected."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The share of what was expected that was found."""
        return self.right / self.expected if self.expected else 1.0

    def __str__(self) -> str:
        return (
            f"P {self.precision:.2f} R {self.recall:.2f} stance {self.stances}/{self.right} "
            f"speaker {self.speakers}/{self.speakers_of} time {self.times}/{self.times_of} "
            f"traps fallen for {self.traps_fallen}/{self.traps}"
        )


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Read a labelled file, one JSON object a line."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def sightings_of(row: dict[str, Any]) -> tuple[Sighting, ...]:
    """Read one labelled text with its own watch-list."""
    people = [Person(f"p{at}", name) for at, name in enumerate(row["people"])]
    context = Context(
        datetime.fromisoformat(row["published"]), row.get("publisher"), row.get("author"), row.get("platform", "text")
    )
    return read(row["text"], WatchList(people), context).sightings


def score(path: Path) -> Score:
    """Read every text of a labelled file and compare by person and place."""
    total = Score()
    for row in rows(path):
        _score_row(row, total)
    return total


def _score_row(row: dict[str, Any], total: Score) -> None:
    left = list(sightings_of(row))
    total.found += len(left)
    total.expected += len(row["expected"])
    total.traps += bool(row["trap"])
    for want in row["expected"]:
        same = [s for s in left if s.person_name == want["person"] and _same_place(s, want["place"], row["text"])]
        same.sort(key=lambda s: not _matches(s, want))
        if not same:
            total.faults.append(f"missed {want['person']} in {want['place']}: {row['text']}")
            continue
        got = same[0]
        left.remove(got)
        total.right += 1
        if _stance_fits(got, want):
            total.stances += 1
        else:
            total.faults.append(f"stance {got.stance} for {want['stance']}: {row['text']}")
        if want.get("speaker"):
            total.speakers_of += 1
            if got.speaker.kind == want["speaker"]:
                total.speakers += 1
            else:
                total.faults.append(f"speaker {got.speaker} for {want['speaker']}: {row['text']}")
        if want.get("time"):
            total.times_of += 1
            if [got.time.start, got.time.end, str(got.time.precision)] == want["time"]:
                total.times += 1
            else:
                total.faults.append(f"time {got.time} for {want['time']}: {row['text']}")
    total.traps_fallen += bool(row["trap"] and left)
    total.faults.extend(f"false {s.person_name} in {s.place.name} ({s.rule}): {row['text']}" for s in left)


def _same_place(got: Sighting, name: str, text: str) -> bool:
    return got.place.name == name or (got.place_span is not None and got.place_span.of(text).lstrip("#") == name)


def _stance_fits(got: Sighting, want: dict[str, Any]) -> bool:
    wanted = want["stance"]
    return wanted is None or got.stance == wanted or got.stance in wanted


def _matches(got: Sighting, want: dict[str, Any]) -> bool:
    return _stance_fits(got, want)
