"""Answers to queries, and the figures that are made of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z = 1.959964
"""Of the normal distribution, for 95 %."""


@dataclass(frozen=True, slots=True)
class Found:
    """A stored picture in an answer.

    Attributes:
        sha256: which.
        score: higher is surer; compared only within one method.
        match: whether the method raises it; what is only possible warns nobody.
    """

    sha256: str
    score: float
    match: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What a method says to one query, best first, and how long it took, decoding included."""

    found: tuple[Found, ...]
    seconds: float

    @property
    def matches(self) -> tuple[Found, ...]:
        """Those that are raised."""
        return tuple(one for one in self.found if one.match)


@dataclass(frozen=True, slots=True)
class Share:
    """Hits of tries, with the ends of the 95 % interval after Wilson (1927)."""

    hits: int
    total: int

    @property
    def value(self) -> float:
        """The share itself, 0 of none."""
        return self.hits / self.total if self.total else 0.0

    @property
    def lower(self) -> float:
        """The lower end."""
        return max(0.0, self._end(-1)) if self.total else 0.0

    @property
    def upper(self) -> float:
        """The upper end."""
        return min(1.0, self._end(1)) if self.total else 1.0

    def _end(self, sign: int) -> float:
        total, share = self.total, self.value
        spread: float = Z * (share * (1 - share) / total + Z * Z / (4 * total * total)) ** 0.5
        return (share + Z * Z / (2 * total) + sign * spread) / (1 + Z * Z / total)


def micro_average_precision(first: Sequence[tuple[float, bool]], positives: int) -> float:
    """Average precision over the first answers of all queries together, ranked by score (µAP, as in DISC21).

    Args:
        first: score of each query's best answer and whether it is right; queries without an answer are left out. Equal
            scores are ranked together, so that their order does not matter.
        positives: how many queries have a right answer.
    """
    ranked = sorted(first, key=lambda one: -one[0])
    right, area, place = 0, 0.0, 0
    while place < len(ranked):
        end = place
        while end < len(ranked) and ranked[end][0] == ranked[place][0]:
            end += 1
        gained = sum(hit for _, hit in ranked[place:end])
        right += gained
        area += gained * right / end
        place = end
    return area / positives if positives else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of them lies (nearest rank); 0 of none."""
    return sorted(values)[math.ceil(share * len(values)) - 1] if values else 0.0
