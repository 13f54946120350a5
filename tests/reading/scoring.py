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
    for may in row.get("optional", ()):
        wanted = any(w["person"] == may["person"] and w["place"] == may["place"] for w in row["expected"])
        same = [s for s in left if s.person_name == may["person"] and _same_place(s, may, row["text"])]
        spared = [s for s in same if not wanted or _stance_fits(s, may)]
        left = [s for s in left if s not in spared]
    total.found += len(left)
    total.expected += len(row["expected"])
    total.traps += bool(row["trap"])
    for want in row["expected"]:
        same = [s for s in left if s.person_name == want["person"] and _same_place(s, want, row["text"])]
        same.sort(key=lambda s: (not _stance_fits(s, want), not _speaker_fits(s, want), not _time_fits(s, want)))
        if not same:
            total.faults.append(f"missed {want['person']} in {want['place']} ({want['stance']}): {row['text']}")
            continue
        got = same[0]
        left.remove(got)
        total.right += 1
        if _stance_fits(got, want):
            total.stances += 1
        else:
            total.faults.append(f"stance {got.stance} for {want['stance']}: {got.quote}")
        if want.get("speaker"):
            total.speakers_of += 1
            if _speaker_fits(got, want):
                total.speakers += 1
            else:
                total.faults.append(f"speaker {got.speaker} for {want['speaker']}: {got.quote}")
        if want.get("time"):
            total.times_of += 1
            if _time_fits(got, want):
                total.times += 1
            else:
                total.faults.append(f"time {got.time} for {want['time']}: {got.quote}")
    total.traps_fallen += bool(row["trap"] and left)
    total.faults.extend(f"false {s.person_name} in {s.place.name} ({s.rule}, {s.stance}): {s.quote}" for s in left)


def _same_place(got: Sighting, want: dict[str, Any], text: str) -> bool:
    """Compare by name; a place that is called otherwise in the text counts only in the country the label names."""
    if want.get("country") and got.place.country != want["country"]:
        return False
    if got.place.name == want["place"]:
        return True
    written = got.place_span is not None and got.place_span.of(text).lstrip("#") == want["place"]
    return written and bool(want.get("country"))


def _stance_fits(got: Sighting, want: dict[str, Any]) -> bool:
    wanted = want["stance"]
    best = wanted if isinstance(wanted, list) else [wanted]
    return wanted is None or got.stance in {*best, *want.get("accept_stances", ())}


def _speaker_fits(got: Sighting, want: dict[str, Any]) -> bool:
    return got.speaker.kind in {want.get("speaker"), *want.get("accept_speakers", ())}


def _time_fits(got: Sighting, want: dict[str, Any]) -> bool:
    found = [got.time.start, got.time.end, str(got.time.precision)]
    return found == want.get("time") or found in want.get("accept_times", ())


def by_trap(path: Path) -> dict[str, list[str]]:
    """Give each kind of trap of a labelled file with the texts in which something was asserted that is not expected."""
    found: dict[str, list[str]] = {}
    for row in rows(path):
        if not row["trap"]:
            continue
        fallen = found.setdefault(row["trap"], [])
        expected = {(w["person"], w["place"]) for w in row["expected"] if w["stance"] == "asserted"}
        if any(s.stance == "asserted" and (s.person_name, s.place.name) not in expected for s in sightings_of(row)):
            fallen.append(row["text"])
    return found
