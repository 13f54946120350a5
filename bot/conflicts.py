"""What cannot both be true: one statement and its denial.

Nothing here decides who is right. A conflict names both sides, each with its source and the basis of its date.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import product

from storage.records import (
    ArchivedSighting,
    Conflict,
    ConflictKind,
    Interval,
    Place,
    PlacePrecision,
    Stance,
    TimePrecision,
)

SPOKEN_OF = {TimePrecision.ON_OR_BEFORE: timedelta(days=7), TimePrecision.RECENT_PAST: timedelta(days=60)}
"""How far back a statement reaches that names no time, or says "recently": "he is not there" speaks of these days,
not of last month. Chosen, not measured; a statement about the past at large reaches back without end."""

_DENIALS = (Stance.DENIED, Stance.NEGATED)

Days = tuple[date, date]

Compatible = Callable[[Place, Place], bool]
"""Whether two places can both be right: the same, or one within the other."""


def denials(sightings: Sequence[ArchivedSighting], compatible: Compatible) -> list[Conflict]:
    """Pair each denial with what it denies: the same person, a compatible place, times that can meet."""
    found = []
    dated = [(one, _days(one.sighting.time)) for one in sightings]
    denied_ones = [pair for pair in dated if pair[0].sighting.stance in _DENIALS]
    said_ones = [pair for pair in dated if pair[0].sighting.stance not in {*_DENIALS, Stance.PAST}]
    for (denied, denied_days), (said, said_days) in product(denied_ones, said_ones):
        # The times first: they are compared in no time, and tell most pairs of a long list apart.
        if not _meet(denied_days, said_days) or not _denial_covers(denied, said, compatible):
            continue
        why = (
            f"{_who(said)}: {said.sighting.stance} in {said.sighting.place.name}; "
            f"{_who(denied)}: {denied.sighting.stance}."
        )
        found.append(Conflict(ConflictKind.DENIAL, why, sightings=(said.id, denied.id)))
    return found


def _denial_covers(denied: ArchivedSighting, said: ArchivedSighting, compatible: Compatible) -> bool:
    """Whether the denial speaks of the place where somebody was said to be.

    A denial of a city says nothing of its country at large, so the denied place must not be the finer of the two.
    """
    d, s = denied.sighting, said.sighting
    if s.place.precision is PlacePrecision.COUNTRY and d.place.precision is not PlacePrecision.COUNTRY:
        return False
    return d.person_id == s.person_id and compatible(d.place, s.place)


def _meet(a: Days, b: Days) -> bool:
    return a[0] <= b[1] and b[0] <= a[1]


def _days(time: Interval) -> Days:
    """Return the first and last day that a time may mean; what is unknown may be any day."""
    end = date.fromisoformat(time.end[:10]) if time.end else date.max
    if time.start:
        return date.fromisoformat(time.start[:10]), end
    reach = SPOKEN_OF.get(time.precision)
    if reach is None or time.end is None:
        return date.min, end
    return end - min(reach, end - date.min), end  # no further than the calendar goes


def _who(found: ArchivedSighting) -> str:
    at = found.post.posted_at
    when = f"{at[:10]}, {found.post.posted_at_basis}" if at else "date unknown"
    return f"{found.sighting.speaker.name} ({when})"
