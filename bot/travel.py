"""Journeys that nobody can make: one person, said to be in two places that are too far apart for the time between.

Nothing here decides which of the two is right, or whether either is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Final

from storage.records import (
    ArchivedSighting,
    Conflict,
    ConflictKind,
    Interval,
    Place,
    PlacePrecision,
    Sighting,
    Stance,
    TimePrecision,
)

EARTH_RADIUS_KM: Final = 6371.0088
"""Mean radius (IUGG)."""

NEAREST_KM: Final = 50.0
"""Nearer than this a place is known no finer than by the middle of its city."""

ROAD_KMH: Final = 100.0
AIR_KMH: Final = 900.0
"""How fast somebody gets from one place to another at best: a good road, and what an airliner flies."""

AIRPORTS: Final = timedelta(hours=2)
"""What a flight costs besides, at best: to the airport, off the ground, down and out again."""

ROUNDED: Final = timedelta(minutes=15)
"""Times that are told are rounded."""

WITHIN_A_DAY: Final = timedelta(hours=8)
"""What one day leaves for a journey to somebody who is said to have been at both its ends that day: the rest of it
they slept or were there. Chosen, not measured: it makes some 5,400 km of flight on one day the most."""

CLAIMS: Final = frozenset({Stance.ASSERTED, Stance.ALLEGED, Stance.PAST})
"""What says that somebody was somewhere: neither a rumour, nor a plan, nor a denial."""

DATED: Final = frozenset({TimePrecision.MINUTE, TimePrecision.DAY})
SPOTS: Final = frozenset({PlacePrecision.POINT, PlacePrecision.CITY})

REACH_DAYS: Final = 1
"""Days before and after a claim beyond which every place on Earth can be reached from it."""


def distance_km(a: Place, b: Place) -> float | None:
    """Return the great-circle distance between two places; None where one of them is not on the map."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    north, east = radians(b.lat - a.lat), radians(b.lon - a.lon)
    chord = sin(north / 2) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, chord)))


def claims_presence(sighting: Sighting) -> bool:
    """Tell whether a sighting says of one spot and one day or minute that somebody was there."""
    return (
        sighting.stance in CLAIMS
        and sighting.time.precision in DATED
        and sighting.time.start is not None
        and sighting.place.precision in SPOTS
        and sighting.place.lat is not None
    )


def day_of(time: Interval) -> date:
    """Return the day on which a dated time begins."""
    assert time.start is not None
    return date.fromisoformat(time.start[:10])


def impossible_journey(one: ArchivedSighting, other: ArchivedSighting) -> Conflict | None:
    """Tell why nobody can have been at both places when two sources say; None where somebody can."""
    a, b = one.sighting, other.sighting
    if a.person_id != b.person_id or not (claims_presence(a) and claims_presence(b)):
        return None
    apart = distance_km(a.place, b.place)
    if apart is None or apart < NEAREST_KM:
        return None
    between = time_between(a.time, b.time)
    if between is None or needed(apart) <= between:
        return None
    first, second = sorted((one, other), key=lambda each: (each.sighting.time.start or "", each.id))
    why = (
        f"Two places, {apart:,.0f} km apart: {_says(first)}; {_says(second)}. "
        f"The journey takes {_hours(needed(apart))} at least."
    )
    return Conflict(ConflictKind.TRAVEL, why, posts=_posts(one, other), sightings=(first.id, second.id))


def first_impossible(
    one: ArchivedSighting, others: Iterable[ArchivedSighting]
) -> tuple[ArchivedSighting, Conflict] | None:
    """Return the first of several sightings that cannot be true together with one, and why."""
    for other in others:
        why = impossible_journey(one, other)
        if why is not None:
            return other, why
    return None


def needed(apart_km: float) -> timedelta:
    """Return how long a journey takes at least, by road or by air."""
    return min(timedelta(hours=apart_km / ROAD_KMH), AIRPORTS + timedelta(hours=apart_km / AIR_KMH))


def time_between(a: Interval, b: Interval) -> timedelta | None:
    """Return the most time that two dated times leave for a journey; None where one of them is not dated."""
    if a.start is None or b.start is None:
        return None
    if a.precision is TimePrecision.MINUTE is b.precision:
        return abs(datetime.fromisoformat(a.start) - datetime.fromisoformat(b.start)) + ROUNDED
    return abs(day_of(a) - day_of(b)) + WITHIN_A_DAY


def _posts(one: ArchivedSighting, other: ArchivedSighting) -> tuple[str, ...]:
    return tuple(sorted({one.post.id, other.post.id}))


def _says(found: ArchivedSighting) -> str:
    said = found.sighting
    start = said.time.start or ""
    when = f"{start[:10]} {start[11:16]} UTC" if said.time.precision is TimePrecision.MINUTE else start[:10]
    return f"{said.speaker.name} says {said.place.name} on {when} ({said.stance})"


def _hours(time: timedelta) -> str:
    minutes = round(time / timedelta(minutes=1))
    return f"{minutes // 60} h {minutes % 60:02} min"
