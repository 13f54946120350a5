"""The captions of one picture against each other: what cannot both be true, what only differs, and in which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.claims.clashes import Showing, picture_conflicts
from bot.claims.model import Claims, PlaceClaim, Spot, TimeClaim
from storage.records import (
    ConflictKind,
    Interval,
    Place,
    PlacePrecision,
    Post,
    PostStatus,
    Span,
    TimeBasis,
    TimePrecision,
)

COUNTRY = Place("Utopia", "UT", None, None, PlacePrecision.COUNTRY, "country:UT")
NORTH = Place("Northtown", "UT", 10.0, 10.0, PlacePrecision.CITY, "test:north")
SOUTH = Place("Southtown", "UT", 0.0, 10.0, PlacePrecision.CITY, "test:south")
ABROAD = Place("Farport", "AB", 50.0, 50.0, PlacePrecision.CITY, "test:abroad")
PICTURE = "ab" * 32


def post(key: str, posted_at: str | None) -> Post:
    """A post of that day."""
    basis = TimeBasis.STATED if posted_at else TimeBasis.UNKNOWN
    at = f"{posted_at}T12:00:00.000Z" if posted_at else None
    return Post(key, "x", None, None, key, None, None, at, basis, None, "", None, PostStatus.LIVE, "", "2026")


def day(first: str, precision: TimePrecision = TimePrecision.DAY, last: str = "") -> TimeClaim:
    """A claimed time."""
    interval = Interval(first, last or first, precision, "stated")
    return TimeClaim(Span(0, 10), first, date.fromisoformat(first), date.fromisoformat(last or first), False, interval)


def at(*places: Place) -> tuple[PlaceClaim, ...]:
    """Claims of places, each by its own name."""
    return tuple(PlaceClaim(Span(0, len(one.name)), one.name, (Spot(one, 5.0),)) for one in places)


def showing(key: str, posted_at: str | None, *places: Place, times: tuple[TimeClaim, ...] = ()) -> Showing:
    """A post that shows the picture."""
    return Showing(post(key, posted_at), Claims(at(*places), times))


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
    found = picture_conflicts(PICTURE, showing("a", "2020-01-01", *one), [showing("b", "2020-01-02", *other)])
    assert [conflict.kind for conflict in found] == ([ConflictKind.PLACE] if clash else [])


def test_a_conflict_names_both_sides_with_the_basis_of_their_dates() -> None:
    """The sentence says who says what, dated by its basis, and takes no side."""
    [found] = picture_conflicts(PICTURE, showing("a", "2020-01-01", NORTH), [showing("b", None, ABROAD)])
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
        (day("2020-05-10"), None, False),
    ],
)
def test_a_picture_cannot_show_a_day_after_it_was_first_seen(claimed: TimeClaim, seen: str | None, clash: bool) -> None:
    """A claimed date is impossible where the picture was out before it, a day of zones allowed for."""
    new = showing("new", "2021-01-01", times=(claimed,))
    found = picture_conflicts(PICTURE, new, [showing("old", seen)])
    assert [conflict.kind for conflict in found] == ([ConflictKind.DATE] if clash else [])


def test_an_earlier_post_taken_in_later_reveals_the_same_conflict() -> None:
    """The order of intake does not matter: an old post that comes in late makes the newer claim impossible."""
    claim = showing("claim", "2021-01-01", times=(day("2020-05-10"),))
    [found] = picture_conflicts(PICTURE, showing("old", "2018-01-01"), [claim])
    assert found.kind is ConflictKind.DATE
    assert "@claim" in found.why.split("but")[0]


def test_a_caption_with_several_dates_is_judged_by_the_earliest() -> None:
    """A picture out between two dates that a caption names is possible."""
    new = showing("new", "2021-01-01", times=(day("2017-01-01"), day("2020-05-10")))
    assert picture_conflicts(PICTURE, new, [showing("old", "2018-01-01")]) == []


def test_of_many_posts_with_one_claim_the_earliest_stands_for_all() -> None:
    """A hundred posts that say the same of a picture make one conflict with a new one; so do a hundred early ones."""
    others = [showing(f"o{number:03}", f"2018-01-{1 + number // 10:02}", NORTH) for number in range(100)]
    new = showing("new", "2021-01-01", ABROAD, times=(day("2020-05-10"),))
    found = picture_conflicts(PICTURE, new, others)
    assert [(conflict.kind, conflict.posts) for conflict in found] == [
        (ConflictKind.PLACE, ("new", "o000")),
        (ConflictKind.DATE, ("new", "o000")),
    ]


def test_a_picture_with_a_hundred_places_is_held_against_the_earliest_five() -> None:
    """The list of conflicts of one post stays one that can be read."""
    elsewhere = [replace(ABROAD, name=f"Port {number}", key=f"test:{number}") for number in range(100)]
    others = [showing(f"o{number:03}", "2018-01-01", place) for number, place in enumerate(elsewhere)]
    found = picture_conflicts(PICTURE, showing("new", "2021-01-01", NORTH), others)
    assert [conflict.posts[1] for conflict in found] == ["o000", "o001", "o002", "o003", "o004"]


@given(st.lists(st.sampled_from([NORTH, SOUTH, ABROAD, COUNTRY]), max_size=3), st.sampled_from(["a", "b"]))
def test_a_post_never_conflicts_with_itself(places: list[Place], key: str) -> None:
    """Whatever a post claims, held against itself nothing is in conflict."""
    one = showing(key, "2020-01-01", *places)
    assert picture_conflicts(PICTURE, one, [one]) == []


def test_a_date_at_the_start_of_the_calendar_is_possible() -> None:
    """A claimed first day of the calendar is held against an earlier post without counting beyond it."""
    new = showing("new", "2021-01-01", times=(day("0001-01-01"),))
    assert picture_conflicts(PICTURE, new, [showing("old", "2018-01-01")]) == []


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
    one = Showing(replace(post("a", "2020-01-01"), **who), Claims(at(NORTH)))  # type: ignore[arg-type]
    [found] = picture_conflicts(PICTURE, one, [showing("b", None, ABROAD)])
    assert ("@quay (" in found.why) == (named is not None)
    assert ("@Agency" in found.why, "@Quay" in found.why) == (False, False)
