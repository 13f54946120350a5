"""What a caption claims its picture shows: where, when, what happened, who; each with its exact words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from storage.records import Interval, Place, Span


class EventGroup(StrEnum):
    """What sort of thing is seen, as far as sorts exclude each other; `docs/captions.md` has the table."""

    NATURE = "nature"
    """A disaster that nobody made."""
    ATTACK = "attack"
    """Weapons that somebody used."""
    STAGED = "staged"
    """Nothing that happened: a film, a game, an exercise, a made picture."""
    OPEN = "open"
    """What comes with any of the others: a fire, an explosion, a crowd, a funeral."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One place that a name may mean, and how far around its point people still call it by that name.

    Attributes:
        reach_km: kilometres around the point; nothing for what has an area of its own (a province, a country).
    """

    place: Place
    reach_km: float


@dataclass(frozen=True, slots=True)
class PlaceClaim:
    """A place that a caption gives its picture.

    Attributes:
        span: its words, with the place around it that is named right behind ("Tripoli, Lebanon").
        quote: the exact words under the span.
        spots: every place that the words may mean, the likeliest first.
    """

    span: Span
    quote: str
    spots: tuple[Spot, ...]

    @property
    def place(self) -> Place:
        """The likeliest place."""
        return self.spots[0].place


@dataclass(frozen=True, slots=True)
class TimeClaim:
    """A time that a caption gives its picture.

    Attributes:
        first: the first day that it may mean, in the zone of the post.
        last: the last one.
        present: True where it says that this is now, by the date of its post ("today", "breaking").
        interval: as the reader resolved it.
    """

    span: Span
    quote: str
    first: date
    last: date
    present: bool
    interval: Interval


@dataclass(frozen=True, slots=True)
class EventClaim:
    """A sort of event that a caption names."""

    span: Span
    quote: str
    kind: str
    group: EventGroup


@dataclass(frozen=True, slots=True)
class PersonClaim:
    """A watched person whom a caption says the picture shows ("pictured: …")."""

    span: Span
    quote: str
    person_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Claims:
    """Everything that one caption claims of its picture, in the order of the text, each once.

    Attributes:
        old: the words by which the caption says itself that the picture is not of its day ("archive photo"); None
            where it does not.
        corrects: True where the caption tells that a claim is false: then only what it says instead is claimed here.
    """

    places: tuple[PlaceClaim, ...] = ()
    times: tuple[TimeClaim, ...] = ()
    events: tuple[EventClaim, ...] = ()
    people: tuple[PersonClaim, ...] = ()
    old: Span | None = None
    corrects: bool = False

    @property
    def spread(self) -> bool:
        """Whether it names several places apart, so that it claims none of them surely."""
        return len(self.places) > 1

    @property
    def countries(self) -> frozenset[str | None]:
        """The countries of the places, by their likeliest meaning; a region of several counts where it stands alone."""
        named = frozenset(claim.place.country for claim in self.places)
        return named - {None} or named
