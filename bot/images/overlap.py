"""Two pictures laid over each other by a map, and compared block by block: what agrees, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from bot.images.geometry import Matrix, mapped
from bot.images.sight import Sight, letters, photographs

Pixels = npt.NDArray[np.uint8]
Blocks = npt.NDArray[np.bool_]

SPAN: Final = 320
"""Pixels of the longer side of the common frame in which both are compared."""

BLOCK: Final = 16
"""Pixels of a block's side there."""

_SLACK: Final = 3
"""Pixels by which a block may lie elsewhere: maps fitted on points are that exact, and lenses bend."""

_NOISE: Final = 0.8
_SLOPE: Final = 6.0
"""Pixels of the finest and of the coarsest detail that is compared, as the spreads of Gaussian filters."""

_TEXTURE: Final = 2.0
"""Standard deviation, in levels of 255, from which a block holds something to compare."""

_ENOUGH: Final = 8
"""Agreeing blocks from which a map can be made finer."""

_CRISP: Final = 0.3
"""Fall of the correlation a few pixels away, across and down, from which a block's place can be told."""

AGREES: Final = 0.6
"""Correlation from which a block shows the same."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """What the common frame shows, one entry a block, rows by columns.

    Attributes:
        map: from the stored picture to the query, in full pixels.
        left: where the frame begins in the stored picture, in its full pixels.
        top: likewise.
        steps: full pixels of the stored picture for one pixel of the frame, across and down.
        inside: blocks that both pictures cover.
        textured: blocks with something to compare.
        correlation: -1..1 where `inside`.
        ours_drawn: blocks that are drawn in the query.
        theirs_drawn: blocks that are drawn in the stored picture.
        crisp: blocks with detail both across and down, whose place can be told.
        shift: (rows, columns, 2) pixels of the frame by which the best agreement lies elsewhere.
        ours: the query in the frame, RGB.
        theirs: the stored picture in the frame, RGB.
    """

    map: Matrix
    left: float
    top: float
    steps: tuple[float, float]
    inside: Blocks
    textured: Blocks
    correlation: npt.NDArray[np.float32]
    ours_drawn: Blocks
    theirs_drawn: Blocks
    ours_content: Blocks
    theirs_content: Blocks
    crisp: Blocks
    shift: npt.NDArray[np.float32]
    ours: Pixels
    theirs: Pixels

    @property
    def agreeing(self) -> Blocks:
        """Blocks with something to compare that show the same."""
        return self.textured & (self.correlation >= AGREES)


def overlap(query: Sight, stored: Sight, matrix: Matrix, flipped: bool) -> Overlap | None:
    """Compare two pictures where a map lays one over the other; None where they hardly overlap.

    The map is made finer once: where blocks agree but lie a little off, it follows them.

    Args:
        query: the picture that is looked up.
        stored: the one that was kept.
        matrix: from the stored picture's full pixels to the query's.
        flipped: whether `matrix` is meant for the query mirrored left to right.
    """
    first = _overlap(query, stored, matrix, flipped)
    finer = None if first is None else _finer(first)
    second = None if finer is None else _overlap(query, stored, finer, flipped)
    if first is None or second is None:
        return first
    return second if second.agreeing.sum() >= first.agreeing.sum() else first


def _overlap(query: Sight, stored: Sight, matrix: Matrix, flipped: bool) -> Overlap | None:
    way = np.s_[:, ::-1] if flipped else np.s_[:, :]
    ours, theirs = query.pixels()[way], stored.pixels()
    # in pixels of the working copies
    to_query = np.diag([1 / query.scale[0], 1 / query.scale[1], 1.0])
    from_stored = np.diag([stored.scale[0], stored.scale[1], 1.0])
    small = to_query @ matrix @ from_stored
    box = _common(small, stored, query)
    if box is None:
        return None
    left, top, right, bottom = box
    grain = max(right - left, bottom - top) / SPAN
    width = max(BLOCK, round((right - left) / grain / BLOCK) * BLOCK)
    height = max(BLOCK, round((bottom - top) / grain / BLOCK) * BLOCK)
    place = np.array([[(right - left) / width, 0, left], [0, (bottom - top) / height, top], [0, 0, 1.0]])
    first = _laid(ours, small @ place, width, height)
    second = _laid(theirs, place, width, height)
    covered = _covered(ours.shape, small @ place, width, height) & _covered(theirs.shape, place, width, height)
    rows, columns = height // BLOCK, width // BLOCK
    inside = covered.reshape(rows, BLOCK, columns, BLOCK).mean(axis=(1, 3)) > 0.9
    correlation, shift, spread, crisp = _compared(first, second, inside)
    return Overlap(
        matrix,
        left * stored.scale[0],
        top * stored.scale[1],
        ((right - left) / width * stored.scale[0], (bottom - top) / height * stored.scale[1]),
        inside,
        inside & (spread >= _TEXTURE),
        correlation,
        _marked(letters(query)[way], small @ place, rows, columns),
        _marked(letters(stored), place, rows, columns),
        _marked(photographs(query)[way], small @ place, rows, columns),
        _marked(photographs(stored), place, rows, columns),
        crisp,
        shift,
        first,
        second,
    )


def _finer(laid: Overlap) -> Matrix | None:
    """Correct a map by the shifts of the blocks that agree; None where they are too few to tell."""
    rows, columns = np.nonzero(laid.agreeing)
    if len(rows) < _ENOUGH:
        return None
    at = (np.column_stack([columns, rows]) + 0.5) * BLOCK
    off = laid.shift[rows, columns]
    bend, kept = cv2.estimateAffine2D(at, at + off, method=cv2.LMEDS, confidence=0.99, refineIters=10)
    if bend is None or kept.sum() < _ENOUGH:
        return None
    steps = laid.steps
    frame = np.array([[steps[0], 0, laid.left], [0, steps[1], laid.top], [0, 0, 1.0]])
    # a block of the stored picture at `at` is found in the query where the map takes `at + off`
    moved = np.vstack([bend, [0.0, 0.0, 1.0]])
    finer: Matrix = laid.map @ frame @ moved @ np.linalg.inv(frame)
    return finer


def _common(small: Matrix, stored: Sight, query: Sight) -> tuple[float, float, float, float] | None:
    """Return the box of the stored copy that the query covers: left, top, right, bottom."""
    frame = np.array([[0, 0], [stored.width, 0], [stored.width, stored.height], [0, stored.height]], np.float32)
    corners = np.array([[0, 0], [query.width, 0], [query.width, query.height], [0, query.height]], np.float64)
    try:
        covered = mapped(np.asarray(np.linalg.inv(small), np.float64), corners).astype(np.float32)
    except np.linalg.LinAlgError:
        return None
    if not np.isfinite(covered).all():
        return None
    area, shared = cv2.intersectConvexConvex(frame, cv2.convexHull(covered))
    if area < 0.004 * stored.width * stored.height or shared is None:
        return None
    low, high = shared.reshape(-1, 2).min(axis=0), shared.reshape(-1, 2).max(axis=0)
    if (high - low).min() < 8:
        return None
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _laid(pixels: Pixels, matrix: Matrix, width: int, height: int) -> Pixels:
    """Sample a picture through a map from the frame to it, smoothed first where the frame is coarser."""
    zoom = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
    if zoom > 1.2:
        pixels = np.asarray(cv2.GaussianBlur(pixels, (0, 0), 0.45 * zoom), np.uint8)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(
        cv2.warpPerspective(pixels, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def _covered(shape: tuple[int, ...], matrix: Matrix, width: int, height: int) -> Blocks:
    ones = np.ones(shape[:2], np.uint8)
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpPerspective(ones, matrix, (width, height), flags=flags)) > 0


def _marked(points: Pixels, matrix: Matrix, rows: int, columns: int) -> Blocks:
    """Mark the blocks of the frame as a picture is marked at its own size, where its letters can still be seen."""
    laid = _laid(points, matrix, columns * BLOCK, rows * BLOCK)
    return np.asarray(laid.reshape(rows, BLOCK, columns, BLOCK).mean(axis=(1, 3)) > 110)


def _compared(
    ours: Pixels, theirs: Pixels, inside: Blocks
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], npt.NDArray[np.float32], Blocks]:
    """Correlate each block with its like; return correlations, shifts, the greater spread of the two, and crispness."""
    first, second = fine(ours), fine(theirs)
    response = _responses(first, second)
    middle = response.shape[0] // 2
    own, other = (np.sqrt(np.maximum(_means(side * side) - _means(side) ** 2, 0)) for side in (first, second))
    spread = np.where(inside, np.maximum(own, other), 0)
    kept = inside & (spread >= _TEXTURE)
    row, column = np.nonzero(kept)
    found = response[:, :, row, column]
    y, x = np.unravel_index(found.reshape(-1, len(row)).argmax(axis=0), response.shape[:2])
    each = np.arange(len(row))
    highest = found[y, x, each]
    correlation = np.zeros(inside.shape, np.float32)
    correlation[row, column] = highest
    shift = np.zeros((*inside.shape, 2), np.float32)
    shift[row, column, 0] = _between(found[y, :, each], x) - middle
    shift[row, column, 1] = _between(found[:, x, each].T, y) - middle
    away = (np.where(at >= middle, at - middle, at + middle) for at in (y, x))
    off_y, off_x = away
    crisp = np.zeros(inside.shape, bool)
    crisp[row, column] = np.maximum(found[off_y, x, each], found[y, off_x, each]) < highest - _CRISP
    return correlation, shift, spread.astype(np.float32), crisp


def _responses(first: npt.NDArray[np.float32], second: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Correlate each block of the second with the first, shifted by up to `_SLACK`: (down, across, rows, columns)."""
    edges = (_SLACK, _SLACK, _SLACK, _SLACK)
    padded = np.asarray(cv2.copyMakeBorder(first, *edges, borderType=cv2.BORDER_REFLECT), np.float32)
    height, width = second.shape
    steps = 2 * _SLACK + 1
    mean = _means(second)
    spread = np.sqrt(np.maximum(_means(second * second) - mean**2, 0))
    # means of the windows that begin at each pixel
    windows, squares = (
        np.asarray(cv2.boxFilter(side, cv2.CV_32F, (BLOCK, BLOCK), anchor=(0, 0)), np.float64)
        for side in (padded, padded * padded)
    )
    response = np.zeros((steps, steps, height // BLOCK, width // BLOCK))
    for down in range(steps):
        for across in range(steps):
            moved = np.s_[down : down + height, across : across + width]
            middle, square = windows[moved][::BLOCK, ::BLOCK], squares[moved][::BLOCK, ::BLOCK]
            along = _means(padded[moved] * second) - middle * mean
            most = np.sqrt(np.maximum(square - middle**2, 0)) * spread
            sound = np.abs(along) < 1.125 * most  # else one of them is as good as flat
            response[down, across] = np.clip(np.divide(along, most, out=np.zeros_like(along), where=sound), -1, 1)
    return response


def _means(of: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Return the mean of each block."""
    size = (of.shape[1] // BLOCK, of.shape[0] // BLOCK)
    return np.asarray(cv2.resize(of, size, interpolation=cv2.INTER_AREA), np.float64).reshape(size[::-1])


def fine(pixels: Pixels) -> npt.NDArray[np.float32]:
    """Return the greys without their slow slopes, which any two soft pictures share, and without the finest noise."""
    greys = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(greys, (0, 0), _NOISE) - cv2.GaussianBlur(greys, (0, 0), _SLOPE))


def _between(line: npt.NDArray[np.float64], at: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    """Return where lines, one a row, are highest near `at`, between pixels by a parabola through the neighbours."""
    each, last = np.arange(len(at)), line.shape[1] - 1
    low, top, high = (line[each, np.clip(at + step, 0, last)] for step in (-1, 0, 1))
    curve = low - 2 * top + high
    bent = (at > 0) & (at < last) & (curve < -1e-6)
    return np.asarray(at + np.divide(low - high, 2 * curve, out=np.zeros_like(top), where=bent), np.float64)
