"""What cannot both be true: pictures with two places or impossible dates, statements and their denials."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conflicts import Showing, denials, picture_conflicts
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
PICTURE = "ab" * 32


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


def showing(key: str, posted_at: str | None, *places: Place, times: tuple[Interval, ...] = ()) -> Showing:
    """A post that shows the picture."""
    return Showing(post(key, posted_at), places, times)


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ((NORTH,), (ABROAD,), True),
        ((NORTH,), (SOUTH,), True),
        ((NORTH,), (NORTH,), False),
        ((NORTH,), (COUNTRY,), False),
        ((COUNTRY,), (ABROAD,), True),
        ((), (ABROAD,), False),
        ((NORTH, ABROAD), (ABROAD,), False),
    ],
)
def test_two_places_of_one_picture_conflict_unless_one_may_be_the_other(
    one: tuple[Place, ...], other: tuple[Place, ...], clash: bool
) -> None:
    """Another place is a conflict; the same, a less specific or no place is none."""
    found = picture_conflicts(
        PICTURE, showing("a", "2020-01-01", *one), [showing("b", "2020-01-02", *other)], compatible
    )
    assert [conflict.kind for conflict in found] == ([ConflictKind.PLACE] if clash else [])


def test_a_conflict_names_both_sides_with_the_basis_of_their_dates() -> None:
    """The sentence says who says what, dated by its basis, and takes no side."""
    [found] = picture_conflicts(PICTURE, showing("a", "2020-01-01", NORTH), [showing("b", None, ABROAD)], compatible)
    assert found.posts == ("a", "b")
    assert found.image_sha256 == PICTURE
    for words in ("@a (2020-01-01, stated) says Northtown", "@b (date unknown) says Farport"):
        assert words in found.why


@pytest.mark.parametrize(
    ("claimed", "seen", "clash"),
    [
        (day("2020-05-10"), "2018-01-01", True),
        (day("2020-05-10"), "2020-05-10", False),
        (day("2020-05-10"), "2020-05-09", False),
        (day("2020-05-10"), "2020-05-08", True),
        (day("2020-05-01", TimePrecision.MONTH), "2020-04-30", False),
        (day("2020-01-01", TimePrecision.YEAR), "2019-06-01", True),
        (day("2020-05-10", TimePrecision.ON_OR_BEFORE), "2018-01-01", False),
        (day("2020-05-10"), None, False),
    ],
)
def test_a_picture_cannot_show_a_day_after_it_was_first_seen(claimed: Interval, seen: str | None, clash: bool) -> None:
    """A claimed date is impossible where the picture was out before it, a day of zones allowed for."""
    new = showing("new", "2021-01-01", times=(claimed,))
    found = picture_conflicts(PICTURE, new, [showing("old", seen)], compatible)
    assert [conflict.kind for conflict in found] == ([ConflictKind.DATE] if clash else [])


def test_an_earlier_post_taken_in_later_reveals_the_same_conflict() -> None:
    """The order of intake does not matter: an old post that comes in late makes the newer claim impossible."""
    claim = showing("claim", "2021-01-01", times=(day("2020-05-10"),))
    [found] = picture_conflicts(PICTURE, showing("old", "2018-01-01"), [claim], compatible)
    assert found.kind is ConflictKind.DATE
    assert "@claim" in found.why.split("but")[0]


def test_a_caption_with_several_dates_is_judged_by_the_earliest() -> None:
    """A picture out between two dates that a caption names is possible."""
    new = showing("new", "2021-01-01", times=(day("2017-01-01"), day("2020-05-10")))
    assert picture_conflicts(PICTURE, new, [showing("old", "2018-01-01")], compatible) == []


def test_of_many_posts_with_one_claim_the_earliest_stands_for_all() -> None:
    """A hundred posts that say the same of a picture make one conflict with a new one; so do a hundred early ones."""
    others = [showing(f"o{number:03}", f"2018-01-{1 + number // 10:02}", NORTH) for number in range(100)]
    new = showing("new", "2021-01-01", ABROAD, times=(day("2020-05-10"),))
    found = picture_conflicts(PICTURE, new, others, compatible)
    assert [(conflict.kind, conflict.posts) for conflict in found] == [
        (ConflictKind.PLACE, ("new", "o000")),
        (ConflictKind.DATE, ("new", "o000")),
    ]


def test_a_picture_with_a_hundred_places_is_held_against_the_earliest_five() -> None:
    """The list of conflicts of one post stays one that can be read."""
    elsewhere = [replace(ABROAD, name=f"Port {number}", key=f"test:{number}") for number in range(100)]
    others = [showing(f"o{number:03}", "2018-01-01", place) for number, place in enumerate(elsewhere)]
    found = picture_conflicts(PICTURE, showing("new", "2021-01-01", NORTH), others, compatible)
    assert [conflict.posts[1] for conflict in found] == ["o000", "o001", "o002", "o003", "o004"]


@given(st.lists(st.sampled_from([NORTH, SOUTH, ABROAD, COUNTRY]), max_size=3), st.sampled_from(["a", "b"]))
def test_a_post_never_conflicts_with_itself(places: list[Place], key: str) -> None:
    """Whatever a post claims, held against itself nothing is in conflict."""
    one = showing(key, "2020-01-01", *places)
    assert picture_conflicts(PICTURE, one, [one], compatible) == []


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


def test_a_date_at_the_start_of_the_calendar_is_possible() -> None:
    """A claimed first day of the calendar is held against an earlier post without counting beyond it."""
    new = showing("new", "2021-01-01", times=(day("0001-01-01"),))
    assert picture_conflicts(PICTURE, new, [showing("old", "2018-01-01")], compatible) == []


@pytest.mark.parametrize(
    ("who", "named"),
    [
        ({"platform": "x", "author": "quay"}, "quay"),
        ({"platform": "x", "author": None, "author_name": "AgencyX"}, None),
        ({"platform": "picture", "author": None, "author_name": "AgencyX"}, None),
        ({"platform": "web", "author": "Quay", "publisher": None}, None),
    ],
)
def test_only_a_handle_is_written_with_its_sign(who: dict[str, str], named: str | None) -> None:
    """A conflict names an account with @ where its platform has handles, and a name as it is."""
    one = Showing(replace(post("a", "2020-01-01"), **who), (NORTH,), ())  # type: ignore[arg-type]
    [found] = picture_conflicts(PICTURE, one, [showing("b", None, ABROAD)], compatible)
    assert ("@quay (" in found.why) == (named is not None)
    assert ("@Agency" in found.why, "@Quay" in found.why) == (False, False)


def test_a_denied_country_covers_its_cities() -> None:
    """Whoever is said not to be in a country is said not to be in its city either."""
    denial = said("denial", Stance.NEGATED, COUNTRY, OPEN)
    assert len(denials([denial, said("claim", Stance.ASSERTED, NORTH, OPEN)], compatible)) == 1
