"""Where everything stands on an evidence picture, and how the parts that two pictures share are laid alike: no pixels.

All boxes are in pixels of the sheet; shapes are (width, height) of the pictures themselves, which regions refer to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from bot.images.geometry import Matrix, mapped
from bot.images.page import MARGIN, ROOM
from storage.records import Polygon

GAP: Final = 20

_BETWEEN: Final = 46
"""Pixels between the two pictures: the marks at their corners stand in it."""

HALF: Final = (ROOM - _BETWEEN) // 2
"""Pixels that one of two things side by side may take."""

TALLEST: Final = 400
"""Pixels of the taller picture. Slack makes what is taller than about 360 of its own pixels narrower, and with it every
letter: the whole sheet has to stay wider than tall."""

_ABOVE_CUTS: Final = 260
_CUT: Final = (HALF, 240)
"""Pixels of the taller picture, and width and height of a cut-out, where parts are cut out."""

_STACKED: Final = 1.3
"""Times as large that both pictures must be one above the other to stand so."""

_ENLARGED: Final = 6.0
"""Times that a cut-out is enlarged at most: beyond it there is nothing more to see."""

_SMALL: Final = 0.55
"""Share of a picture under which the part that both show is cut out and enlarged."""

_TURNED: Final = 20.0
"""Degrees from which a turned part is laid upright beside the other for the reader."""

_LEAST: Final = 12.0
"""Pixels of a region's narrowest side below which there is nothing to cut out."""

_STRAYS: Final = 0.06
"""Share of a region's extent by which its corners may miss the map between the two; clipping at an edge moves some."""

Shape = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle of the sheet."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column after it."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The first row after it."""
        return self.top + self.height

    def shows(self, shape: Shape, region: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        """Return where points of a picture of this shape are when the picture fills the box."""
        across, down = self.width / shape[0], self.height / shape[1]
        return [(self.left + x * across, self.top + y * down) for x, y in region]


@dataclass(frozen=True, slots=True)
class Panes:
    """The sizes at which two pictures are shown.

    Attributes:
        sizes: of each.
        stacked: one above the other, not side by side.
    """

    sizes: tuple[Shape, Shape]
    stacked: bool

    @property
    def column(self) -> int:
        """Width that the words at each may take."""
        return ROOM if self.stacked else HALF


def panes(shapes: tuple[Shape, Shape], *, above_cuts: bool) -> Panes:
    """Scale two pictures to be seen side by side, or one above the other where that makes both clearly larger.

    Over cut-outs, which show the same again, they always stand side by side.
    """
    tallest = _ABOVE_CUTS if above_cuts else TALLEST
    beside, over = ([_fitted(shape, room) for shape in shapes] for room in ((HALF, tallest), (ROOM, tallest // 2)))
    stacked = not above_cuts and all(high > _STACKED * low for (_, low), (_, high) in zip(beside, over, strict=True))
    first, second = over if stacked else beside
    return Panes((first, second), stacked)


def _fitted(shape: Shape, room: Shape) -> Shape:
    scale = min(room[0] / shape[0], room[1] / shape[1])
    return max(1, round(shape[0] * scale)), max(1, round(shape[1] * scale))


@dataclass(frozen=True, slots=True)
class Cut:
    """The part that two pictures share, cut out of both and laid like the stored one.

    Attributes:
        size: of either cut-out, in pixels of the sheet.
        query: from pixels of the cut-out to pixels of the query.
        match: from pixels of the cut-out to pixels of the stored picture.
        outline: the part within the cut-outs, where it is not all of them.
        mirrored: the query's was mirrored back.
        turned: the query's was turned back.
    """

    size: Shape
    query: Matrix
    match: Matrix
    outline: Polygon
    mirrored: bool
    turned: bool


def cut(shapes: tuple[Shape, Shape], regions: tuple[Polygon, Polygon]) -> Cut | None:
    """Say how to lay the shared part of both alike.

    None where the pictures show it well enough themselves, or where the regions do not map onto each other.
    """
    ours, theirs = (np.array(region, np.float64).reshape(-1, 2) for region in regions)
    if len(ours) != len(theirs) or len(ours) < 3 or min(_narrowest(ours), _narrowest(theirs)) < _LEAST:
        return None
    mapping = _mapping(theirs, ours)
    if mapping is None:
        return None
    turn, mirrored = _turn(mapping, theirs)
    shares = [_area(region) / (w * h) for region, (w, h) in zip((ours, theirs), shapes, strict=True)]
    if min(shares) >= _SMALL and not mirrored and turn < _TURNED:
        return None
    low, high = theirs.min(axis=0), theirs.max(axis=0)
    wide, tall = (float(side) for side in high - low)
    scale = min(_CUT[0] / wide, _CUT[1] / tall, _ENLARGED)
    size = (max(1, round(wide * scale)), max(1, round(tall * scale)))
    match = np.array([[wide / size[0], 0, low[0]], [0, tall / size[1], low[1]], [0, 0, 1]], np.float64)
    outline = mapped(np.asarray(np.linalg.inv(match), np.float64), theirs)
    return Cut(size, mapping @ match, match, tuple((float(x), float(y)) for x, y in outline), mirrored, turn >= _TURNED)


def _mapping(theirs: Matrix, ours: Matrix) -> Matrix | None:
    """Fit the map from corners of the stored picture to the query's; None where there is none that fits them."""
    if len(theirs) == 3:
        affine = cv2.getAffineTransform(theirs.astype(np.float32), ours.astype(np.float32))
        found = np.vstack([affine, [0.0, 0.0, 1.0]])
    else:
        fitted, _ = cv2.findHomography(theirs, ours, 0)
        found = np.asarray(fitted, np.float64)
        if found.shape != (3, 3):  # corners that lie on one line have no map, and OpenCV gives none
            return None
    depth = theirs @ found[2, :2] + found[2, 2]
    if not np.isfinite(found).all() or depth.min() <= 0.2 * depth.max() or abs(np.linalg.det(found)) < 1e-9:
        return None
    strays = np.abs(mapped(found, theirs) - ours).max()
    return found if strays <= _STRAYS * max(np.ptp(ours, axis=0)) else None


def _turn(mapping: Matrix, theirs: Matrix) -> tuple[float, bool]:
    """Return by how many degrees the query's part is turned, without its mirroring, and whether it is mirrored."""
    middle = theirs.mean(axis=0)
    centre, across, down = mapped(mapping, middle + np.array([[0, 0], [1, 0], [0, 1]]))
    (a, c), (b, d) = across - centre, down - centre
    mirrored = bool(a * d - b * c < 0)
    if mirrored:
        a, c = -a, -c
    angle = abs(float(np.degrees(np.arctan2(c - b, a + d))))
    return angle, mirrored


def _area(region: Matrix) -> float:
    x, y = region.T
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2


def _narrowest(region: Matrix) -> float:
    """Return about how wide a region is where it is narrowest: its area over its extent."""
    return _area(region) / max(float(np.hypot(*np.ptp(region, axis=0))), 1e-6)


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything stands; `cuts` and what is over them are None where nothing is cut out."""

    height: int
    heading: Box
    panes: tuple[Box, Box]
    captions: tuple[Box, Box]
    over_cuts: Box | None
    cuts: tuple[Box, Box] | None


def places(shown: Panes, heading: int, captions: tuple[int, int], cuts: tuple[int, Shape] | None) -> Places:
    """Give everything its place, from above to below, nothing on anything else.

    Args:
        shown: the pictures.
        heading: height of the words above them.
        captions: heights of the words at each: under each where they stand side by side; else over the upper one and
            under the lower one, so that nothing stands between the pictures and the lines that join them.
        cuts: height of the words over the cut-outs, and the cut-outs' size.
    """
    top = MARGIN + heading + (GAP if heading else 0)
    column, right = shown.column, MARGIN + HALF + _BETWEEN
    if shown.stacked:
        words = Box(MARGIN, top, column, captions[0])
        upper = Box(MARGIN, words.bottom + GAP, *shown.sizes[0])
        lower = Box(MARGIN, upper.bottom + _BETWEEN, *shown.sizes[1])
        said = Box(MARGIN, lower.bottom + GAP, column, captions[1])
    else:
        upper, lower = Box(MARGIN, top, *shown.sizes[0]), Box(right, top, *shown.sizes[1])
        under = max(upper.bottom, lower.bottom) + GAP
        words, said = Box(MARGIN, under, column, captions[0]), Box(right, under, column, captions[1])
    last = max(words.bottom, said.bottom, lower.bottom)
    over = both = None
    if cuts is not None:
        over = Box(MARGIN, last + GAP, ROOM, cuts[0])
        both = (Box(MARGIN, over.bottom + GAP // 2, *cuts[1]), Box(right, over.bottom + GAP // 2, *cuts[1]))
        last = both[0].bottom
    return Places(last + MARGIN, Box(MARGIN, MARGIN, ROOM, heading), (upper, lower), (words, said), over, both)


def joined(region: Polygon) -> list[int]:
    """Return the corners of a region that are joined with the other picture's: four at most, far from each other."""
    if len(region) <= 4:
        return list(range(len(region)))
    x, y = np.array(region, np.float64).T
    far = (int((x + y).argmin()), int((x - y).argmax()), int((x + y).argmax()), int((x - y).argmin()))
    return list(dict.fromkeys(far))
