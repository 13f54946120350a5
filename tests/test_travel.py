"""Journeys that nobody can make: how far, how fast, and of what kinds of claims."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.travel import AIRPORTS, NEAREST_KM, distance_km, first_impossible, impossible_journey, needed
from storage.records import ArchivedSighting, ConflictKind, Interval, Place, PlacePrecision, Stance, TimePrecision
from tests.storage.makers import capture, post, sighting

DAMASCUS = Place("Damascus", "SY", 33.5102, 36.29128, PlacePrecision.CITY, "geonames:170654")
MOSCOW = Place("Moscow", "RU", 55.75204, 37.61781, PlacePrecision.CITY, "geonames:524901")
CARACAS = Place("Caracas", "VE", 10.48801, -66.87919, PlacePrecision.CITY, "geonames:3646738")
DUMA = Place("Duma", "SY", 33.5718, 36.4027, PlacePrecision.CITY, "geonames:172349")
LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)


def said(
    key: str, where: Place, start: str, precision: TimePrecision = TimePrecision.DAY, **changes: Any
) -> ArchivedSighting:
    """Somebody says that the person was at a place."""
    of = post(key)
    time = Interval(start, start, precision, "stated")
    claim = replace(sighting(of.text, of.text, place=where, time=time), **changes)
    return ArchivedSighting(f"s-{key}", claim, of, capture(of))


def at(key: str, place: Place, clock: str, **changes: Any) -> ArchivedSighting:
    """The same, to the minute, on one day."""
    return said(key, place, f"2015-10-13T{clock}:00.000Z", TimePrecision.MINUTE, **changes)


def test_distances_are_those_of_the_globe() -> None:
    """Damascus and Moscow are some 2,475 km apart (the great circle); what is not on the map has no distance."""
    assert distance_km(DAMASCUS, MOSCOW) == pytest.approx(2475, abs=10)
    assert distance_km(DAMASCUS, replace(MOSCOW, lat=None)) is None


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_a_distance_is_the_same_both_ways_and_never_beyond_the_antipode(a: float, b: float, c: float, d: float) -> None:
    """No place is farther than half the way round."""
    one, other = replace(DAMASCUS, lat=a, lon=b), replace(MOSCOW, lat=c, lon=d)
    there, back = distance_km(one, other), distance_km(other, one)
    assert there is not None
    assert there == pytest.approx(back, abs=1e-6)
    assert 0 <= there <= 20_016


@given(st.floats(0, 20_000), st.floats(0, 20_000))
def test_a_longer_way_never_takes_less_time(one: float, other: float) -> None:
    """By road where it is near, else by air with two hours for the airports."""
    near, far = sorted((one, other))
    assert needed(near) <= needed(far)
    assert needed(9_000) == AIRPORTS + timedelta(hours=10)
    assert needed(50) == timedelta(minutes=30)


@pytest.mark.parametrize(
    ("clock", "impossible"), [("10:00", True), ("14:00", True), ("14:31", False), ("23:00", False)]
)
def test_to_the_minute_a_flight_decides(clock: str, impossible: bool) -> None:
    """Damascus at 10:00 and Moscow before about 14:30 is no journey that anybody makes."""
    one, other = at("1", DAMASCUS, "10:00"), at("2", MOSCOW, clock)
    assert (impossible_journey(one, other) is not None) is impossible
    assert (impossible_journey(other, one) is not None) is impossible


@pytest.mark.parametrize(
    ("place", "day", "impossible"),
    [(MOSCOW, "2015-10-13", False), (CARACAS, "2015-10-13", True), (CARACAS, "2015-10-14", False)],
)
def test_one_day_leaves_eight_hours_for_the_way(place: Place, day: str, impossible: bool) -> None:
    """A flight of some 5,400 km can be made on the day; on the next day anybody can be anywhere."""
    found = impossible_journey(said("1", DAMASCUS, "2015-10-13"), said("2", place, day))
    assert (found is not None) is impossible


@pytest.mark.parametrize(
    "changes",
    [
        {"stance": Stance.RUMORED},
        {"stance": Stance.PLANNED},
        {"stance": Stance.DENIED},
        {"person_id": "somebody-else"},
        {"place": replace(CARACAS, precision=PlacePrecision.COUNTRY)},
        {"place": replace(CARACAS, lat=None, lon=None)},
        {"time": Interval(None, "2015-10-13", TimePrecision.ON_OR_BEFORE, "post date")},
        {"time": Interval("2015-10-01", "2015-10-31", TimePrecision.MONTH, "stated")},
    ],
)
def test_only_claims_of_a_spot_and_a_day_are_held_against_each_other(changes: dict[str, Any]) -> None:
    """Neither rumours, plans and denials, nor countries, nor vague times."""
    assert impossible_journey(said("1", DAMASCUS, "2015-10-13"), said("2", CARACAS, "2015-10-13", **changes)) is None


def test_a_suburb_is_no_journey() -> None:
    """Nearer than the size of a city nothing is impossible."""
    apart = distance_km(DAMASCUS, DUMA)
    assert apart is not None
    assert apart < NEAREST_KM
    assert impossible_journey(at("1", DAMASCUS, "10:00"), at("2", DUMA, "10:00")) is None


def test_both_sides_are_named_and_neither_is_believed() -> None:
    """The words hold who says which place of when and how surely, in order of time, and how long the way takes."""
    late, early = at("2", CARACAS, "12:30"), at("1", DAMASCUS, "10:00", stance=Stance.ALLEGED)
    found = impossible_journey(late, early)
    assert found is not None
    assert (found.kind, found.sightings, found.posts) == (ConflictKind.TRAVEL, ("s-1", "s-2"), ("1", "2"))
    assert "A Reporter says Damascus on 2015-10-13 10:00 UTC (alleged); A Reporter says Caracas" in found.why
    assert "The journey takes 13 h " in found.why


def test_the_first_that_cannot_be_is_named() -> None:
    """Of several others the first in their order that is too far."""
    one = said("1", DAMASCUS, "2015-10-13")
    others = [said("2", MOSCOW, "2015-10-13"), said("3", CARACAS, "2015-10-13"), said("4", CARACAS, "2015-10-13")]
    found = first_impossible(one, others)
    assert found is not None
    assert found[0].id == "s-3"
    assert first_impossible(one, others[:1]) is None
