"""How what two captions claim of one picture relates: the same, less specific, near, unclear, or against each other.

Everything here is symmetric but `impossible`, which holds a claimed date against a post that was there before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import product

from bot.claims.disputes import is_disputed
from bot.claims.model import Claims, EventClaim, EventGroup, PersonClaim, PlaceClaim, Spot, TimeClaim
from bot.reading.places.relations import distance_km, same_or_compatible
from storage.records import PlacePrecision
from storage.relations import ClaimRelation

ZONE_SLACK = timedelta(days=1)
"""A day of tolerance between a claimed date and a post's UTC time: local dates run up to 14 hours apart from UTC."""

_AGREE = (ClaimRelation.SAME, ClaimRelation.LESS_SPECIFIC, ClaimRelation.NEAR, ClaimRelation.UNCLEAR)
"""From the closest to the loosest."""
_AREAS = frozenset({PlacePrecision.PROVINCE, PlacePrecision.COUNTRY, PlacePrecision.REGION})


@dataclass(frozen=True, slots=True)
class Related:
    """How two captions relate in one thing, and the two claims by which they do; `one` is the first caption's."""

    relation: ClaimRelation
    one: PlaceClaim | TimeClaim | EventClaim | PersonClaim
    other: PlaceClaim | TimeClaim | EventClaim | PersonClaim
    why: str = ""


def by_place(one: Claims, other: Claims) -> Related | None:
    """Hold the places of two captions against each other; None where one of them claims no place.

    They contradict each other only where nothing that the names may mean can be one place, or a part of one, or near
    by, and where each caption claims its place surely: of several places that it names, none is sure, only the one
    country that they all lie in.
    """
    if not one.places or not other.places:
        return None
    found = [(_spots(a, b), a, b) for a, b in product(one.places, other.places)]
    relation, a, b = min(found, key=lambda pair: _rank(pair[0]))
    if relation is not ClaimRelation.CONTRADICTS:
        if relation is ClaimRelation.SAME and (one.spread or other.spread):
            relation = ClaimRelation.LESS_SPECIFIC
        why = "the names may mean one place" if relation is ClaimRelation.UNCLEAR else ""
        return Related(relation, a, b, why)
    if not _surely_apart(one, other):
        return Related(ClaimRelation.UNCLEAR, a, b, "one of them names several places")
    return Related(ClaimRelation.CONTRADICTS, a, b)


def _rank(relation: ClaimRelation) -> int:
    return _AGREE.index(relation) if relation in _AGREE else len(_AGREE)


def _surely_apart(one: Claims, other: Claims) -> bool:
    if not one.spread and not other.spread:
        return True
    wide = [len(claims.countries) == 1 and None not in claims.countries for claims in (one, other)]
    return all(wide) and not one.countries & other.countries


def _spots(one: PlaceClaim, other: PlaceClaim) -> ClaimRelation:
    """Relate two names by their likeliest meanings; where only less likely ones agree, that is unclear."""
    likeliest = relate(one.spots[0], other.spots[0])
    if likeliest is not ClaimRelation.CONTRADICTS:
        return likeliest
    rest = (relate(a, b) for a, b in product(one.spots, other.spots))
    return ClaimRelation.UNCLEAR if any(found is not ClaimRelation.CONTRADICTS for found in rest) else likeliest


@lru_cache(maxsize=65536)
def relate(one: Spot, other: Spot) -> ClaimRelation:
    """Relate two places: the same, one around the other, near each other, of disputed belonging, or apart."""
    a, b = one.place, other.place
    if a.key == b.key:
        return ClaimRelation.SAME
    if same_or_compatible(a, b):
        areas = {a.precision in _AREAS, b.precision in _AREAS}
        return ClaimRelation.LESS_SPECIFIC if areas != {False} else ClaimRelation.NEAR
    distance = distance_km(a, b)
    if distance is not None and one.reach_km and other.reach_km and distance <= one.reach_km + other.reach_km:
        return ClaimRelation.NEAR
    if is_disputed(a, b) or is_disputed(b, a):
        return ClaimRelation.UNCLEAR
    return ClaimRelation.CONTRADICTS


def by_time(one: Claims, other: Claims) -> Related | None:
    """Hold the dates that two captions give against each other; None where one of them gives none.

    Dates that do not meet contradict each other, a day of zones allowed for; a caption that gives several dates gives
    none of them surely.
    """
    pairs = list(product(one.times, other.times))
    if not pairs:
        return None
    for a, b in pairs:
        if a.first == b.first and a.last == b.last:
            return Related(ClaimRelation.SAME, a, b)
    for a, b in pairs:
        if a.first - b.last <= ZONE_SLACK and b.first - a.last <= ZONE_SLACK:
            return Related(ClaimRelation.LESS_SPECIFIC, a, b)
    if len(pairs) > 1:
        return Related(ClaimRelation.UNCLEAR, *pairs[0], "one of them gives several dates")
    return Related(ClaimRelation.CONTRADICTS, *pairs[0])


def impossible(claimed: Claims, seen: date | None) -> TimeClaim | None:
    """Return the date that a caption cannot be right about, since its picture was seen before; None where it can.

    A caption may name several dates; it is impossible only if the picture was out before all of them.
    """
    if seen is None or not claimed.times:
        return None
    first = min(claimed.times, key=lambda claim: claim.first)
    return first if first.first - seen > ZONE_SLACK else None


def by_event(one: Claims, other: Claims) -> Related | None:
    """Hold the sorts of events that two captions name against each other; None where one of them names none.

    What comes together (an air strike and an explosion, a flood and a storm) agrees. Only sorts that cannot be one
    contradict each other: a disaster of nature, an attack, and what is staged.
    """
    if not one.events or not other.events:
        return None
    kinds = {claim.kind for claim in one.events} & {claim.kind for claim in other.events}
    a, b = _leading(one.events), _leading(other.events)
    if kinds:
        a = next(claim for claim in one.events if claim.kind in kinds)
        b = next(claim for claim in other.events if claim.kind == a.kind)
        return Related(ClaimRelation.SAME, a, b)
    groups = [{claim.group for claim in claims.events} - {EventGroup.OPEN} for claims in (one, other)]
    if groups[0] and groups[1] and not groups[0] & groups[1] and all(len(group) == 1 for group in groups):
        return Related(ClaimRelation.CONTRADICTS, a, b)
    if groups[0] & groups[1]:
        return None
    return Related(ClaimRelation.UNCLEAR, a, b, "they name different events")


def _leading(events: Sequence[EventClaim]) -> EventClaim:
    """Return the event that says most: one that excludes others before one that comes with anything."""
    return min(events, key=lambda claim: (claim.group is EventGroup.OPEN, claim.span.start))


def by_person(one: Claims, other: Claims) -> Related | None:
    """Hold the one person that each of two captions says it shows against the other's; None where one shows none.

    Two people may both be in a picture, so two names never contradict each other.
    """
    if len(one.people) != 1 or len(other.people) != 1:
        return None
    a, b = one.people[0], other.people[0]
    if a.person_id == b.person_id:
        return Related(ClaimRelation.SAME, a, b)
    return Related(ClaimRelation.UNCLEAR, a, b, "they name different people")
