"""What a map and a timeline show, as plain values: positions, instants, stances, and words that were made already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from storage.records import PlacePrecision, Stance

KEY: Final = {
    Stance.ASSERTED: "asserted",
    Stance.ALLEGED: "alleged",
    Stance.RUMORED: "rumored",
    Stance.PLANNED: "planned",
    Stance.PAST: "past",
    Stance.UNCLASSIFIED: "unclassified",
    Stance.DENIED: "denied",
    Stance.NEGATED: "said not to be there",
}
"""The word beside the shape of each stance; what denies stands last."""

AREAS: Final = frozenset({PlacePrecision.PROVINCE, PlacePrecision.REGION, PlacePrecision.COUNTRY})
"""Precisions that tell no point: such a place is drawn as a shaded circle."""

NUMBERED: Final = 6
"""Places with a number on a map: as many lines under it as leave the picture about as wide as tall."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that something is said of.

    Attributes:
        name: the place, as short as it can be; from whomever.
        lat: degrees (WGS 84), of the point, or of some middle of an area.
        lon: likewise.
        precision: how finely it was told, which is how large it is drawn.
        stances: which kinds of statement there are of it, what is said first, then what denies it.
        told: who says so and when, in words.
    """

    name: str
    lat: float
    lon: float
    precision: PlacePrecision
    stances: tuple[Stance, ...]
    told: str

    @property
    def label(self) -> str:
        """Name the place as it may be labelled: what is no point is somewhere in it."""
        return f"somewhere in {self.name}" if self.precision in AREAS else self.name


@dataclass(frozen=True, slots=True)
class Map:
    """All that a map shows.

    Attributes:
        title: written large.
        lines: under the title, a line each.
        spots: the places, the most important first: these get numbers, as many as there is room for.
        notes: under the legend: what is not on the map, and why.
    """

    title: str
    lines: tuple[str, ...]
    spots: tuple[Spot, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A statement on a timeline.

    Attributes:
        stance: how surely.
        told: place, stance and speaker, in words.
        dated: the time that is spoken of and the time of the post, in words.
        start: the first day or instant spoken of, ISO 8601; None where open.
        end: the last; None where open. Both None where no time is known.
        posted: when it was published; None where that is unknown.
        denies: whether it denies the row that it stands under.
    """

    stance: Stance
    told: str
    dated: str
    start: str | None
    end: str | None
    posted: str | None
    denies: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """All that a timeline shows: the rows in the order in which they stand, as many as there is room for."""

    title: str
    lines: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
