"""Nothing on an evidence picture stands on anything else, and regions are where they belong, for any two pictures."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.images.arrangement import HALF, TALLEST, Box, cut, joined, panes, places
from bot.images.geometry import Matrix, mapped
from bot.images.page import MARGIN, WIDTH
from storage.records import Polygon

SIDES = st.integers(1, 9_000)
SHAPES = st.tuples(st.tuples(SIDES, SIDES), st.tuples(SIDES, SIDES))
HEIGHTS = st.integers(0, 400)
SHARES = st.floats(0, 1)


def apart(one: Box, other: Box) -> bool:
    """Whether two boxes share no pixel."""
    return one.right <= other.left or other.right <= one.left or one.bottom <= other.top or other.bottom <= one.top


@given(SHAPES, HEIGHTS, st.tuples(HEIGHTS, HEIGHTS), st.none() | st.tuples(HEIGHTS, st.tuples(SIDES, SIDES)))
def test_nothing_stands_on_anything_else(
    shapes: tuple[tuple[int, int], tuple[int, int]],
    heading: int,
    captions: tuple[int, int],
    cuts: tuple[int, tuple[int, int]] | None,
) -> None:
    """Words never run into pictures or into other words, and all of it is on the sheet, whatever the shapes."""
    shown = panes(shapes, above_cuts=cuts is not None)
    if cuts is not None:
        cuts = (cuts[0], (min(cuts[1][0], HALF), min(cuts[1][1], 240)))
    at = places(shown, heading, captions, cuts)
    boxes = [at.heading, *at.panes, *at.captions, *(at.cuts or ()), *([at.over_cuts] if at.over_cuts else [])]
    filled = [box for box in boxes if box.height > 0]
    for box in filled:
        assert box.left >= MARGIN
        assert box.right <= WIDTH - MARGIN
        assert box.top >= MARGIN
        assert box.bottom <= at.height - MARGIN
    assert all(apart(one, other) for one, other in combinations(filled, 2))
    assert all(box.width == shown.column for box in at.captions)


@given(SHAPES, st.booleans())
def test_pictures_keep_their_shape(shapes: tuple[tuple[int, int], tuple[int, int]], above_cuts: bool) -> None:
    """Each picture is as large as its column and the greatest height allow, not stretched."""
    shown = panes(shapes, above_cuts=above_cuts)
    for (width, height), (wide, high) in zip(shapes, shown.sizes, strict=True):
        assert 1 <= wide <= shown.column
        assert 1 <= high <= TALLEST
        assert abs(wide - high * width / height) <= max(1.0, width / height) + 1e-6


@given(SHAPES, st.booleans())
def test_a_sheet_stays_wider_than_tall(shapes: tuple[tuple[int, int], tuple[int, int]], above_cuts: bool) -> None:
    """With a heading of four lines and captions of three, Slack does not make it narrow for its height."""
    cuts = (39, (400, 240)) if above_cuts else None
    assert places(panes(shapes, above_cuts=above_cuts), 174, (115, 115), cuts).height <= WIDTH


def test_wide_pictures_stand_one_above_the_other() -> None:
    """Two panoramas would be slivers side by side; two photographs stand side by side."""
    assert panes(((3_000, 800), (3_000, 800)), above_cuts=False).stacked
    assert not panes(((960, 640), (960, 640)), above_cuts=False).stacked


@given(SHAPES, st.lists(st.tuples(SHARES, SHARES), min_size=3, max_size=8))
def test_a_region_stays_in_its_picture(
    shapes: tuple[tuple[int, int], tuple[int, int]], shares: list[tuple[float, float]]
) -> None:
    """Corners within a picture are shown within its box, at the same shares of it."""
    box = places(panes(shapes, above_cuts=False), 80, (90, 90), None).panes[0]
    width, height = shapes[0]
    for (across, down), (x, y) in zip(
        shares, box.shows(shapes[0], [(u * width, v * height) for u, v in shares]), strict=True
    ):
        assert x == pytest.approx(box.left + across * box.width)
        assert y == pytest.approx(box.top + down * box.height)


def laid(angle: float, zoom: float, *, mirrored: bool, tilt: float = 0.0) -> Matrix:
    """A map from a stored picture of 900 by 600 to a query of 2,000 by 2,000, into its middle."""
    turn = np.array(
        [[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [tilt / 1_000, 0, 1]], np.float64
    )
    centred = np.array([[-1.0 if mirrored else 1.0, 0, 450 if mirrored else -450], [0, 1, -300], [0, 0, 1]])
    moved = np.array([[zoom, 0, 1_000], [0, zoom, 1_000], [0, 0, 1]])
    return np.asarray(moved @ turn @ centred)


def polygon(points: Matrix) -> Polygon:
    """Points as a region."""
    return tuple((float(x), float(y)) for x, y in points)


@given(
    st.floats(-3.1, 3.1),
    st.floats(0.4, 1.1),
    st.booleans(),
    st.floats(0, 0.2),
    st.floats(0, 0.5),
    st.floats(0, 0.5),
    st.floats(0.15, 0.5),
)
def test_both_parts_are_laid_alike(
    angle: float, zoom: float, mirrored: bool, tilt: float, left: float, top: float, wide: float
) -> None:
    """Whatever was done to the part, every point of the cut-outs shows the same place of both pictures."""
    matrix = laid(angle, zoom, mirrored=mirrored, tilt=tilt)
    corners = np.array([[left, top], [left + wide, top], [left + wide, top + wide], [left, top + wide]]) * (900, 600)
    found = cut(((2_000, 2_000), (900, 600)), (polygon(mapped(matrix, corners)), polygon(corners)))
    assert found is not None
    assert found.mirrored is mirrored
    wide_cut, tall_cut = found.size
    assert wide_cut <= HALF
    spots = np.array([[0, 0], [wide_cut, tall_cut], [wide_cut / 3, tall_cut / 2]], np.float64)
    at_match = mapped(found.match, spots)
    assert mapped(found.query, spots) == pytest.approx(mapped(matrix, at_match), abs=0.5)
    assert np.array(found.outline).min() == pytest.approx(0, abs=0.6)


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), max_size=8), st.data())
def test_any_two_regions(points: list[tuple[float, float]], data: st.DataObject) -> None:
    """Regions that lie on a line, fold over or do not fit each other give a bounded cut-out or none, never an error."""
    other = data.draw(st.lists(st.tuples(SHARES, SHARES), min_size=len(points), max_size=len(points)))
    found = cut(((100, 100), (1, 1)), (tuple(points), tuple(other)))
    assert found is None or max(found.size) <= 464
    large = tuple((x * 100, y * 100) for x, y in other)
    found = cut(((100, 100), (100, 100)), (tuple(points), large))
    assert found is None or (max(found.size) <= 464 and np.isfinite(found.query).all())


def test_what_shows_itself_is_not_cut_out() -> None:
    """A whole picture that is not mirrored or turned needs no cut-out; a mirrored one does."""
    frame: Polygon = ((0, 0), (900, 0), (900, 600), (0, 600))
    flipped: Polygon = ((900, 0), (0, 0), (0, 600), (900, 600))
    assert cut(((900, 600), (900, 600)), (frame, frame)) is None
    found = cut(((900, 600), (900, 600)), (flipped, frame))
    assert found is not None
    assert (found.mirrored, found.turned) == (True, False)


@given(st.lists(st.tuples(SHARES, SHARES), min_size=3, max_size=8, unique=True))
def test_few_corners_are_joined(region: list[tuple[float, float]]) -> None:
    """Four lines at most, each from another corner."""
    chosen = joined(tuple(region))
    assert len(set(chosen)) == len(chosen) <= 4
    assert set(chosen) <= set(range(len(region)))
