"""The outlines of the world: whole, without leaps, and true in size."""

from __future__ import annotations

import numpy as np
import pytest

from bot.maps.outlines import outlines, unrolled


@pytest.mark.parametrize(
    ("lat", "lon", "country"),
    [
        (33.5, 36.3, "Syria"),
        (-54.8, -68.3, "Argentina"),
        (67.0, -179.5, "Russia"),
        (68.0, 179.0, "Russia"),
        (-85.0, 0.0, "Antarctica"),
        (0.0, 0.0, None),
        (45.0, -40.0, None),
    ],
)
def test_a_position_lies_in_its_country(lat: float, lon: float, country: str | None) -> None:
    """Land is known by its country on both sides of the antimeridian and at the pole; the sea has none."""
    found = outlines().around(lat, lon)
    assert country == (None if found is None else outlines().names[found])


@pytest.mark.parametrize(
    ("name", "km2"),
    [("Syria", 185_180), ("Belarus", 207_600), ("Chile", 756_100), ("Antarctica", 12.3e6), ("Russia", 17.1e6)],
)
def test_a_country_is_as_large_as_it_is(name: str, km2: float) -> None:
    """The area inside the outline is within a tenth of an almanac's figure (Antarctica: without ice shelves)."""
    world = outlines()
    assert world.area_km2(world.names.index(name)) == pytest.approx(km2, rel=0.1)


def test_a_ring_that_goes_around_the_world_is_closed_along_the_pole() -> None:
    """Unrolled, no ring leaps; Antarctica's reaches the pole, so that it can be filled."""
    world = outlines()
    for ring in world.rings:
        x, _ = unrolled(world.points[ring]).T
        assert np.abs(np.diff(x[:-2])).max() < 180
    antarctica = max((ring for ring, own in zip(world.rings, world.country, strict=True)
                      if world.names[own] == "Antarctica"), key=len)  # fmt: skip
    assert unrolled(world.points[antarctica])[:, 1].min() == -90


def test_the_extent_of_each_ring_is_that_of_its_points() -> None:
    """What is computed of all rings at once is the same as ring by ring."""
    world = outlines()
    low, high = world.low, world.high
    for number in range(0, len(world.rings), 97):
        ring = world.points[world.rings[number]]
        assert low[number].tolist() == ring.min(axis=0).tolist()
        assert high[number].tolist() == ring.max(axis=0).tolist()
