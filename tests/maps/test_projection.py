"""Which part of the world is shown: every place is on the map, wherever on Earth it lies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.maps.projection import SMALLEST_KM, Mark, view

WIDTH, HEIGHT = 952, 500
POSITIONS = st.builds(Mark, st.floats(-90, 90), st.floats(-180, 180), st.sampled_from([0.0, 100.0, 150.0]))


@given(st.lists(POSITIONS, min_size=1, max_size=12))
def test_every_place_is_on_the_map(marks: list[Mark]) -> None:
    """Poles, both sides of the antimeridian, places opposite to each other: each lies inside the frame."""
    shown = view(marks, WIDTH, HEIGHT)
    for mark in marks:
        x, y = shown.pixel(mark.lat, mark.lon)
        assert -1 <= x <= WIDTH + 1
        # the whole world does not fit into the height: its poles are left out where places are told of at both
        assert -1 <= y <= HEIGHT + 1 or (shown.whole and max(m.lat for m in marks) - min(m.lat for m in marks) > 150)


def test_two_islands_on_both_sides_of_the_antimeridian_are_neighbours() -> None:
    """Fiji and Samoa are shown as near as they are, in a part of the world and not around all of it."""
    shown = view([Mark(-17.8, 178.0), Mark(-13.8, -171.8)], WIDTH, HEIGHT)
    assert not shown.whole
    (west, _), (east, _) = shown.pixel(-17.8, 178.0), shown.pixel(-13.8, -171.8)
    assert west < east
    assert "176° W" in shown.told or "177° W" in shown.told


def test_one_place_alone_has_its_surroundings() -> None:
    """A single town is in the middle, with as many kilometres around it as tell where it is."""
    shown = view([Mark(33.5, 36.3)], WIDTH, HEIGHT)
    assert shown.pixel(33.5, 36.3) == pytest.approx((WIDTH / 2, HEIGHT / 2), abs=1)
    assert HEIGHT / shown.km == pytest.approx(SMALLEST_KM, rel=0.01)


def test_ten_places_in_one_town_do_not_push_another_off_the_map() -> None:
    """The middle is that of the outermost places, not where most of them are."""
    marks = [*[Mark(33.5, 36.3)] * 10, Mark(55.7, 37.6)]
    shown = view(marks, WIDTH, HEIGHT)
    assert shown.lat == pytest.approx(44.6, abs=1)


def test_places_on_all_sides_of_the_earth_are_shown_on_the_whole_of_it() -> None:
    """London, Tokyo, Sydney and New York need the whole world, cut where nothing is told of."""
    shown = view([Mark(51, 0), Mark(35, 139), Mark(-33, 151), Mark(40, -74)], WIDTH, HEIGHT)
    assert shown.whole
    assert shown.told == "Equirectangular, centre 110° W"


@given(st.floats(-80, 80), st.floats(-179, 179))
def test_kilometres_are_kilometres_in_the_middle(lat: float, lon: float) -> None:
    """Two places 100 km apart stand as far apart as the scale bar says, within a fiftieth."""
    shown = view([Mark(lat, lon)], WIDTH, HEIGHT)
    north = 100 / 111.195
    (_, here), (_, there) = shown.pixel(lat, lon), shown.pixel(lat + north, lon)
    assert here - there == pytest.approx(100 * shown.km, rel=0.02)


def test_without_places_it_is_the_world() -> None:
    """Nothing to show is shown on everything."""
    assert view([], WIDTH, HEIGHT).whole
