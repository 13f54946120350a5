"""How well captions are held against each other: warnings right and wrong, by language, over a labelled file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.claims.clashes import Showing, differences, picture_conflicts
from bot.claims.compare import by_event, by_place, by_time
from bot.claims.read import claims
from storage.records import ConflictKind, Post, PostStatus, TimeBasis
from storage.relations import ClaimRelation

Told = frozenset[tuple[ConflictKind, ClaimRelation]]


@dataclass(frozen=True, slots=True)
class Line:
    """A labelled pair as written: what holds, and each caption with the day of its post, the newer post first."""

    number: int
    langs: str
    expected: Told
    at: str
    one: str
    before: str
    other: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two captions of one picture, the newer post first, and what is said to hold between them."""

    number: int
    langs: str
    expected: Told
    one: Showing
    other: Showing


@dataclass(slots=True)
class Score:
    """Warnings that are right, wrong and missing, and told relations that are not as labelled."""

    right: int = 0
    wrong: list[int] = field(default_factory=list)
    missed: list[int] = field(default_factory=list)
    otherwise: list[int] = field(default_factory=list)
    told: int = 0

    @property
    def precision(self) -> float:
        """Of the warnings, those that are right."""
        return self.right / ((self.right + len(self.wrong)) or 1)

    @property
    def recall(self) -> float:
        """Of what should warn, what did."""
        return self.right / ((self.right + len(self.missed)) or 1)


def lines(file: Path) -> Iterator[Line]:
    """Parse a labelled file, without reading its captions."""
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line and not line.startswith("#"):
            langs, expected, *rest = line.split("\t")
            held = frozenset(
                (ConflictKind(kind), ClaimRelation(relation))
                for kind, relation in (each.split(":") for each in expected.split(",") if each != "-")
            )
            yield Line(number, langs, held, *rest)


def pairs(file: Path) -> Iterator[Pair]:
    """Read the captions of a labelled file."""
    for line in lines(file):
        one, other = showing("new", line.at, line.one), showing("old", line.before, line.other)
        yield Pair(line.number, line.langs, line.expected, one, other)


def showing(key: str, day: str, caption: str) -> Showing:
    """A post of noon of that day with a caption, its language unstated."""
    at = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    post = Post(
        key, "x", None, None, key, None, None, f"{day}T12:00:00.000Z", TimeBasis.STATED, None, caption, None,
        PostStatus.LIVE, "", "2026",
    )  # fmt: skip
    return Showing(post, claims(caption, at.astimezone(UTC)))


def found(pair: Pair) -> Told:
    """What is told of a pair: conflicts, and differences, and what is the same."""
    told = [*picture_conflicts("", pair.one, [pair.other]), *differences("", pair.one, [pair.other])]
    same = set()
    for kind, relate in ((ConflictKind.PLACE, by_place), (ConflictKind.DATE, by_time), (ConflictKind.EVENT, by_event)):
        related = relate(pair.one.claims, pair.other.claims)
        if related is not None and related.relation is ClaimRelation.SAME:
            same.add((kind, related.relation))
    return frozenset({(each.kind, each.relation) for each in told} | same)


def score(file: Path) -> dict[str, Score]:
    """Score a labelled file by language; `all` is the sum."""
    scores: dict[str, Score] = {"all": Score()}
    for pair in pairs(file):
        told = found(pair)
        warned = {each for each in told if each[1].warns}
        due = {each for each in pair.expected if each[1].warns}
        for one in (scores["all"], scores.setdefault(pair.langs, Score())):
            one.right += len(warned & due)
            one.wrong += [pair.number] * len(warned - due)
            one.missed += [pair.number] * len(due - warned)
            one.told += len(pair.expected - due)
            one.otherwise += [pair.number] * len(pair.expected - due - told)
    return scores
