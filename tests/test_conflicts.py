"""What cannot both be true: statements and their denials."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conflicts import denials
from storage.records import (
    ArchivedSighting,
    Capture,
    ConflictKind,
    Interval,
    Place,
    PlacePrecision,
    Post,
    PostStatus,
    Sighting,
    Speaker,
    SpeakerKind,
    Stance,
    TimeBasis,
    TimePrecision,
)

COUNTRY = Place("Utopia", "UT", None, None, PlacePrecision.COUNTRY, "country:UT")
NORTH = Place("Northtown", "UT", 10.0, 10.0, PlacePrecision.CITY, "test:north")
SOUTH = Place("Southtown", "UT", 0.0, 10.0, PlacePrecision.CITY, "test:south")
ABROAD = Place("Farport", "AB", 50.0, 50.0, PlacePrecision.CITY, "test:abroad")


def compatible(a: Place, b: Place) -> bool:
    """The rule of the reading room in miniature: the same place, or a country and something in it."""
    if a.key == b.key:
        return True
    return a.country == b.country and PlacePrecision.COUNTRY in (a.precision, b.precision)


def post(key: str, posted_at: str | None) -> Post:
    """A post of that day."""
    basis = TimeBasis.STATED if posted_at else TimeBasis.UNKNOWN
    at = f"{posted_at}T12:00:00.000Z" if posted_at else None
    return Post(key, "x", None, None, key, None, None, at, basis, None, "", None, PostStatus.LIVE, "", "2026")


def day(date: str, precision: TimePrecision = TimePrecision.DAY) -> Interval:
    """A claimed time."""
    return Interval(date, date, precision, "stated")


def said(key: str, stance: Stance, place: Place, time: Interval, person: str = "p") -> ArchivedSighting:
    """A sighting in a post of its own."""
    sighting = Sighting(person, "P", place, stance, Speaker(key, SpeakerKind.PERSON), time, "", 0, 0, "r/1", 1.0)
    capture = Capture(key, key, "", "", "", "", None, "")
    return ArchivedSighting(key, sighting, post(key, "2020-06-01"), capture)


OPEN = Interval(None, "2020-06-01", TimePrecision.ON_OR_BEFORE, "post date")


def test_a_denial_stands_beside_what_it_denies() -> None:
    """A denial is paired with each statement of the same person, place and time, whichever way round they come."""
    claim, denial = said("claim", Stance.RUMORED, NORTH, OPEN), said("denial", Stance.DENIED, NORTH, OPEN)
    for order in ([claim, denial], [denial, claim]):
        [found] = denials(order, compatible)
        assert found.kind is ConflictKind.DENIAL
        assert found.sightings == ("claim", "denial")
        assert "rumored in Northtown" in found.why


@pytest.mark.parametrize(
    "other",
    [
        said("other", Stance.ASSERTED, ABROAD, OPEN),
        said("other", Stance.ASSERTED, COUNTRY, OPEN),
        said("other", Stance.ASSERTED, NORTH, day("2020-07-01")),
        said("other", Stance.PAST, NORTH, OPEN),
        said("other", Stance.DENIED, NORTH, OPEN),
        said("other", Stance.ASSERTED, NORTH, OPEN, person="q"),
    ],
)
def test_a_denial_covers_no_more_than_it_says(other: ArchivedSighting) -> None:
    """Another place, the country at large, a later time, the past, another denial or person is not denied by it."""
    denial = said("denial", Stance.DENIED, NORTH, replace(OPEN, end="2020-06-01"))
    assert denials([denial, other], compatible) == []


@pytest.mark.parametrize(
    ("claimed", "met"),
    [
        (day("2020-05-28"), True),
        (day("2020-05-01"), False),
        (Interval(None, "2020-05-01", TimePrecision.ON_OR_BEFORE, "post date"), False),
        (Interval(None, "2020-06-01", TimePrecision.RECENT_PAST, "recently"), True),
        (Interval(None, None, TimePrecision.UNKNOWN, "unknown"), True),
        (Interval("2020-05-30", None, TimePrecision.INTERVAL, "since"), True),
    ],
)
def test_a_denial_without_a_time_speaks_of_its_own_days(claimed: Interval, met: bool) -> None:
    """That somebody is not there denies what is said of these days, not what was said of last month."""
    denial = said("denial", Stance.NEGATED, NORTH, OPEN)
    assert len(denials([said("claim", Stance.ASSERTED, NORTH, claimed), denial], compatible)) == int(met)


@pytest.mark.parametrize("end", ["0001-01-01", "0001-01-03"])
def test_a_denial_at_the_start_of_the_calendar_is_held_like_any_other(end: str) -> None:
    """What a denial speaks of reaches back no further than the calendar goes."""
    time = replace(OPEN, end=end)
    denial, claim = said("denial", Stance.DENIED, NORTH, time), said("claim", Stance.ASSERTED, NORTH, time)
    assert len(denials([denial, claim], compatible)) == 1


def test_a_denied_country_covers_its_cities() -> None:
    """Whoever is said not to be in a country is said not to be in its city either."""
    denial = said("denial", Stance.NEGATED, COUNTRY, OPEN)
    assert len(denials([denial, said("claim", Stance.ASSERTED, NORTH, OPEN)], compatible)) == 1
