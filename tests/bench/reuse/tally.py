"""Counting what methods say to queries."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.bench.reuse.answers import Answer, Share

STRANGERS, TRAPS, PAIRS = "strangers", "page-template traps", "same scene"
"""Kinds of queries besides the families: pictures that are not stored, such in a page that is, and second takes."""


@dataclass(frozen=True, slots=True)
class Query:
    """One file that is looked up.

    Attributes:
        kind: the family, or `STRANGERS`, `TRAPS`, `PAIRS`.
        name: names it in the list of misses.
        data: its bytes.
        truth: what the right answer is, None where there is none.
        photo: the photograph that it shows, "" of none that is stored.
    """

    kind: str
    name: str
    data: bytes
    truth: str | None
    photo: str


@dataclass
class Tally:
    """The answers of one method.

    Attributes:
        asked: queries of each kind.
        right: those whose first match is the truth.
        possible: those whose truth stands among what is only possible.
        wrong: those with a match that shows another photograph.
        unsure: those of strangers, traps and pairs that have something possible, and no match.
        neighbours: those with a match to another part of the same photograph.
        first: score of each query's best answer, and whether it is right.
        seconds: what each query took.
        faults: kind, query and what it matched instead, for those that were missed or raised wrongly.
    """

    asked: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    possible: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    unsure: Counter[str] = field(default_factory=Counter)
    neighbours: Counter[str] = field(default_factory=Counter)
    first: list[tuple[float, bool]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    faults: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, query: Query, answer: Answer, photo_of: dict[str, str]) -> None:
        """Count one answer."""
        kind, matches = query.kind, answer.matches
        self.asked[kind] += 1
        self.seconds.append(answer.seconds)
        right = bool(matches) and matches[0].sha256 == query.truth
        others = [one for one in matches if one.sha256 != query.truth]
        same = [one for one in others if query.photo and photo_of.get(one.sha256) == query.photo]
        self.right[kind] += right
        self.possible[kind] += not right and any(one.sha256 == query.truth for one in answer.found)
        self.wrong[kind] += len(others) > len(same)
        self.unsure[kind] += bool(answer.found) and not matches
        self.neighbours[kind] += bool(same)
        if answer.found:
            self.first.append((answer.found[0].score, answer.found[0].sha256 == query.truth))
        if (query.truth and not right) or len(others) > len(same):
            said = ", ".join(f"{one.sha256[:12]} {one.score:.3g}" for one in answer.found[:2]) or "nothing"
            self.faults.append((kind, query.name, said))

    def recall(self, kind: str) -> Share:
        """The share of right answers."""
        return Share(self.right[kind], self.asked[kind])

    def alarms(self, kind: str) -> Share:
        """The share of queries that raised a wrong match."""
        return Share(self.wrong[kind], self.asked[kind])
