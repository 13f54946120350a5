"""The captions of one picture against each other: what cannot both be true, what only differs, and in which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.claims.clashes import MOST, Showing, differences, picture_conflicts
from bot.claims.model import Claims, EventClaim, EventGroup, PersonClaim, PlaceClaim, Spot, TimeClaim
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
from storage.relations import ClaimRelation

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


def event(kind: str, group: EventGroup) -> EventClaim:
    """A named sort of event."""
    return EventClaim(Span(0, len(kind)), kind, kind, group)


QUAKE, STRIKE = event("earthquake", EventGroup.NATURE), event("airstrike", EventGroup.ATTACK)
FIRE, CROWD = event("fire", EventGroup.OPEN), event("protest", EventGroup.OPEN)
FLOOD, GAME = event("flood", EventGroup.NATURE), event("game", EventGroup.STAGED)


@pytest.mark.parametrize(
    ("one", "other", "warns", "told"),
    [
        ((QUAKE,), (STRIKE,), True, False),
        ((GAME,), (STRIKE,), True, False),
        ((QUAKE,), (QUAKE,), False, False),
        ((QUAKE,), (FLOOD,), False, False),
        ((QUAKE,), (FIRE,), False, True),
        ((FIRE,), (CROWD,), False, True),
        ((QUAKE, STRIKE), (STRIKE,), False, False),
        ((QUAKE,), (), False, False),
    ],
)
def test_only_events_that_exclude_each_other_warn(
    one: tuple[EventClaim, ...], other: tuple[EventClaim, ...], warns: bool, told: bool
) -> None:
    """Nature, weapons and what is staged exclude each other; anything else that differs is only told."""
    new, old = Showing(post("a", None), Claims(events=one)), Showing(post("b", None), Claims(events=other))
    assert [c.kind for c in picture_conflicts(PICTURE, new, [old])] == ([ConflictKind.EVENT] if warns else [])
    found = [(c.kind, c.relation) for c in differences(PICTURE, new, [old])]
    assert found == ([(ConflictKind.EVENT, ClaimRelation.UNCLEAR)] if told else [])


def test_a_conflict_of_places_names_the_events_that_differ() -> None:
    """Where the places contradict each other, other events stand in the same sentence."""
    new = Showing(post("a", None), Claims(at(NORTH), events=(FIRE,)))
    [found] = picture_conflicts(PICTURE, new, [Showing(post("b", None), Claims(at(ABROAD), events=(CROWD,)))])
    assert "different events: fire and protest" in found.why


def test_two_people_are_told_and_never_warned_of() -> None:
    """Both may be in the picture."""
    ann, bob = (PersonClaim(Span(0, 3), name, name, name) for name in ("Ann", "Bob"))
    new, old = Showing(post("a", None), Claims(people=(ann,))), Showing(post("b", None), Claims(people=(bob,)))
    assert picture_conflicts(PICTURE, new, [old]) == []
    [told] = differences(PICTURE, new, [old])
    assert (told.kind, told.relation) == (ConflictKind.PERSON, ClaimRelation.UNCLEAR)
    assert "says Ann" in told.why
    assert "says Bob" in told.why


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        (day("2020-05-10"), day("2020-05-12"), ClaimRelation.CONTRADICTS),
        (day("2020-05-10"), day("2020-05-11"), ClaimRelation.LESS_SPECIFIC),
        (day("2020-05-10"), day("2020-01-01", TimePrecision.YEAR, "2020-12-31"), ClaimRelation.LESS_SPECIFIC),
        (day("2020-05-10"), day("2018-01-01", TimePrecision.YEAR, "2018-12-31"), ClaimRelation.CONTRADICTS),
    ],
)
def test_two_dates_that_do_not_meet_contradict_each_other(
    one: TimeClaim, other: TimeClaim, relation: ClaimRelation
) -> None:
    """A day of zones is allowed for, and a day within a year is only more specific."""
    new, old = showing("a", "2022-01-01", times=(one,)), showing("b", "2022-02-01", times=(other,))
    for a, b in ((new, old), (old, new)):
        told = [*picture_conflicts(PICTURE, a, [b]), *differences(PICTURE, a, [b])]
        assert [(c.kind, c.relation) for c in told] == [(ConflictKind.DATE, relation)]


def test_a_caption_with_several_dates_gives_none_of_them_surely() -> None:
    """What names two dates may be of either, so that a third is only told."""
    new = showing("a", "2022-01-01", times=(day("2020-05-10"), day("2020-07-10")))
    old = showing("b", "2022-02-01", times=(day("2021-05-10"),))
    assert picture_conflicts(PICTURE, new, [old]) == []
    assert [c.relation for c in differences(PICTURE, new, [old])] == [ClaimRelation.UNCLEAR]


@pytest.mark.parametrize(
    ("seen", "claims", "told"),
    [
        ("2018-01-01", Claims(at(NORTH)), True),
        ("2020-12-20", Claims(at(NORTH)), False),
        ("2018-01-01", Claims(), False),
        ("2018-01-01", Claims(at(NORTH), old=Span(0, 4)), False),
        ("2018-01-01", Claims(at(NORTH), corrects=True), False),
    ],
)
def test_an_old_picture_without_a_time_is_told_with_care(seen: str, claims: Claims, told: bool) -> None:
    """A caption that gives no time claims none: that the picture is much older is told, and no conflict."""
    new, old = Showing(post("a", "2021-01-01"), claims), Showing(post("b", seen), Claims(at(NORTH)))
    assert picture_conflicts(PICTURE, new, [old]) == []
    found = differences(PICTURE, new, [old])
    assert [c.kind for c in found] == ([ConflictKind.DATE] if told else [])
    assert all("does not say when" in c.why for c in found)


def test_an_impossible_date_is_not_told_again_as_two_dates() -> None:
    """What an earlier post makes impossible is one conflict, however many other dates there are."""
    new = showing("a", "2022-01-01", times=(day("2021-12-31"),))
    others = [showing("b", "2018-01-01"), showing("c", "2019-01-01", times=(day("2018-12-31"),))]
    assert [(c.relation, c.posts) for c in picture_conflicts(PICTURE, new, others)] == [
        (ClaimRelation.IMPOSSIBLE, ("a", "b"))
    ]


def test_the_differences_of_a_picture_are_few() -> None:
    """A picture with a hundred less specific captions is told of five."""
    inside = [replace(NORTH, name=f"Town {n}", key=f"test:{n}", lat=float(n % 80)) for n in range(100)]
    others = [showing(f"o{n:03}", "2021-01-01", place) for n, place in enumerate(inside)]
    told = differences(PICTURE, showing("new", "2021-01-01", COUNTRY), others)
    assert [c.relation for c in told] == [ClaimRelation.LESS_SPECIFIC] * MOST
    assert told[0].why.startswith("Less specific, no conflict: @new (2021-01-01, stated) says Utopia; @o000")
