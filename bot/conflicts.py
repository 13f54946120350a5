"""What cannot both be true: one picture with two places or an impossible date, one statement and its denial.

Nothing here decides who is right. A conflict names both sides, each with its source and the basis of its date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product

from bot.handles import written
from storage.records import (
    ArchivedSighting,
    Conflict,
    ConflictKind,
    Interval,
    Place,
    PlacePrecision,
    Post,
    Stance,
    TimePrecision,
)

ZONE_SLACK = timedelta(days=1)
"""A day of tolerance between a claimed date and a post's UTC time: local dates run up to 14 hours apart from UTC."""

SPOKEN_OF = {TimePrecision.ON_OR_BEFORE: timedelta(days=7), TimePrecision.RECENT_PAST: timedelta(days=60)}
"""How far back a statement reaches that names no time, or says "recently": "he is not there" speaks of these days,
not of last month. Chosen, not measured; a statement about the past at large reaches back without end."""

_DATED = (TimePrecision.MINUTE, TimePrecision.DAY, TimePrecision.MONTH, TimePrecision.YEAR)
_DENIALS = (Stance.DENIED, Stance.NEGATED)

Days = tuple[date, date]

Compatible = Callable[[Place, Place], bool]
"""Whether two places can both be right of one picture: the same, or one within the other."""


@dataclass(frozen=True, slots=True)
class Showing:
    """One post that shows a picture, and what its caption claims: places, and dated times."""

    post: Post
    places: tuple[Place, ...]
    times: tuple[Interval, ...]


CLAIMS = 5
"""Other places that one post of a picture is held against, the earliest claim of each: a picture that went round the
world has as many captions, and every pair of them would be a list that nobody reads."""


def picture_conflicts(
    image_sha256: str, new: Showing, others: Iterable[Showing], compatible: Compatible
) -> list[Conflict]:
    """Hold a new showing of a picture against the other showings of it, which come earliest first.

    Of several posts that claim the same places, the earliest stands for all; of several that were out before a claimed
    date, the earliest again. A less specific place ("Kenya" after "Kisumu") is no conflict; neither is a caption
    without a place or a date.
    """
    rest = [other for other in others if other.post.id != new.post.id]
    return [*_place_conflicts(image_sha256, new, rest, compatible), *_date_conflicts(image_sha256, new, rest)]


def _place_conflicts(
    image_sha256: str, new: Showing, rest: Sequence[Showing], compatible: Compatible
) -> Iterator[Conflict]:
    met: set[frozenset[str]] = set()
    for other in rest:
        claim = frozenset(place.key for place in other.places)
        why = _places_apart(new, other, compatible) if claim not in met else None
        if why:
            met.add(claim)
            yield _between(ConflictKind.PLACE, image_sha256, new, other, why)
        if len(met) == CLAIMS:
            return


def _date_conflicts(image_sha256: str, new: Showing, rest: Sequence[Showing]) -> Iterator[Conflict]:
    earliest = next((other for other in rest if other.post.posted_at is not None), None)
    if earliest is None:
        return
    why = _impossible_date(new, earliest)
    if why:
        yield _between(ConflictKind.DATE, image_sha256, new, earliest, why)
    for other in rest:
        why = _impossible_date(other, new)
        if why and (other is earliest or not _impossible_date(other, earliest)):  # else it is told already
            yield _between(ConflictKind.DATE, image_sha256, new, other, why)


def _between(kind: ConflictKind, image_sha256: str, one: Showing, other: Showing, why: str) -> Conflict:
    return Conflict(kind, why, posts=tuple(sorted((one.post.id, other.post.id))), image_sha256=image_sha256)


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


def _names(places: Sequence[Place]) -> str:
    return ", ".join(dict.fromkeys(place.name for place in places))


def _source(post: Post) -> str:
    who = written(post.author, post.platform) or post.publisher or post.author_name or post.id
    when = f"{post.posted_at[:10]}, {post.posted_at_basis}" if post.posted_at else "date unknown"
    return f"{who} ({when})"


def _places_apart(new: Showing, other: Showing, compatible: Compatible) -> str | None:
    if not new.places or not other.places:
        return None
    if any(compatible(a, b) for a in new.places for b in other.places):
        return None
    return (
        f"One picture, two places: {_source(new.post)} says {_names(new.places)}; "
        f"{_source(other.post)} says {_names(other.places)}."
    )


def _impossible_date(claimed: Showing, earlier: Showing) -> str | None:
    if earlier.post.posted_at is None:
        return None
    seen = datetime.fromisoformat(earlier.post.posted_at).date()
    starts = [
        (date.fromisoformat(time.start[:10]), time)
        for time in claimed.times
        if time.start is not None and time.precision in _DATED
    ]
    # A caption may name several dates; it is impossible only if the picture was out before all of them.
    if not starts or any(start - seen <= ZONE_SLACK for start, _ in starts):
        return None
    start, time = min(starts, key=lambda item: item[0])
    return (
        f"Impossible date: {_source(claimed.post)} says {_said(start, time)}, "
        f"but the picture stands already in {_source(earlier.post)}."
    )


def _said(start: date, time: Interval) -> str:
    match time.precision:
        case TimePrecision.YEAR:
            return start.strftime("%Y")
        case TimePrecision.MONTH:
            return start.strftime("%Y-%m")
        case _:
            return start.isoformat()
