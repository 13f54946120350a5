"""Whether points of two pictures agree on one way to lay one over the other, and how likely that would be by chance.

Every pair of like points proposes a similarity by itself, since a point has a place, a size and a direction; nothing is
drawn at random. The best proposals are refined to an affine map and then to a homography. The chance score follows the
a contrario reasoning of Moisan and Stival (2004): the expected number of so large an agreement among unrelated points.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot, lgamma, log
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from bot.images.features import Features

Floats = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float64]
"""3 by 3: from pixels of the stored picture to pixels of the query."""

RATIO: Final = 0.9
"""Distance to the nearest point over that to the next but apart in place, up to which a pair is considered."""

_FARTHEST: Final = 240.0
_LOOSE: Final = 0.06
_TIGHT: Final = 0.008
"""Tolerances, as shares of the longer side of the stored picture: for the first look, and for the refined map."""

_PROPOSALS: Final = 8
"""Best proposals that are refined."""

_STEEPEST: Final = 3.0
"""Ratio of the larger to the smaller stretch up to which a map is one that people make of pictures."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Like points of two pictures, (n, 2) pixels each, with how size and direction change from stored to query."""

    stored: Floats
    query: Floats
    zoom: Floats
    turn: Floats
    tested: int


@dataclass(frozen=True, slots=True)
class Laid:
    """One way to lay the stored picture over the query.

    Attributes:
        map: from the stored picture to the query.
        inliers: which of the pairs agree.
        score: -log10 of the number of such agreements expected by chance; below 0 it means nothing.
        places: (agreeing, 4) pixels of the pairs that agree, in the stored picture and in the query.
    """

    map: Matrix
    inliers: npt.NDArray[np.bool_]
    score: float
    places: Floats


def paired(stored: Features, query: Features) -> Pairs:
    """Find for each point of the query the point of the stored picture that is like it, and like no other."""
    if len(stored) < 2 or len(query) < 2:
        none = np.zeros((0, 2), np.float32)
        return Pairs(none, none, none[:, 0], none[:, 0], 0)
    ours, theirs = query.descriptors.astype(np.float32), stored.descriptors.astype(np.float32)
    far = (ours * ours).sum(axis=1)[:, None] + (theirs * theirs).sum(axis=1)[None, :] - 2 * (ours @ theirs.T)
    rows = np.arange(len(far))
    nearest = far.argmin(axis=1)
    best = far[rows, nearest]
    far[rows, nearest] = np.inf
    # the next nearest at another place: one place often carries two points of different directions
    close = 0.01 * max(stored.width, stored.height)
    following = far.argmin(axis=1)
    beside = np.abs(stored.places[following] - stored.places[nearest]).max(axis=1) < close
    far[rows[beside], following[beside]] = np.inf
    following[beside] = far[beside].argmin(axis=1)
    ratio = np.sqrt(np.maximum(best, 0) / np.maximum(far[rows, following], 1e-6))
    kept = np.flatnonzero((ratio < RATIO) & (best < _FARTHEST**2))
    # of several query points for one stored point the surest two stay
    order = kept[np.lexsort((ratio[kept], nearest[kept]))]
    place = nearest[order]
    third = np.r_[np.zeros(min(2, len(place)), bool), place[2:] == place[:-2]]
    order, place = order[~third], place[~third]
    return Pairs(
        stored.places[place],
        query.places[order],
        query.sizes[order] / np.maximum(stored.sizes[place], 1e-6),
        query.angles[order] - stored.angles[place],
        len(stored),
    )


def lay(pairs: Pairs, stored: Features, query: Features) -> list[Laid]:
    """Find the maps on which pairs agree, the least likely by chance first.

    There are several where a page and a photograph in it were moved against each other, or in two grids.
    """
    count = len(pairs.stored)
    if count < 4:
        return []
    longer = max(stored.width, stored.height)
    cos, sin = pairs.zoom * np.cos(pairs.turn), pairs.zoom * np.sin(pairs.turn)
    # proposal i: x -> S_i (x - stored_i) + query_i; errors are taken in the stored picture's pixels
    dx = pairs.stored[None, :, 0] - pairs.stored[:, None, 0]
    dy = pairs.stored[None, :, 1] - pairs.stored[:, None, 1]
    ex = cos[:, None] * dx - sin[:, None] * dy + pairs.query[:, None, 0] - pairs.query[None, :, 0]
    ey = sin[:, None] * dx + cos[:, None] * dy + pairs.query[:, None, 1] - pairs.query[None, :, 1]
    error = np.hypot(ex, ey) / pairs.zoom[:, None]
    reach = np.hypot(dx, dy)
    near = error < 0.02 * longer + 0.12 * reach
    turn = np.abs((pairs.turn[None, :] - pairs.turn[:, None] + np.pi) % (2 * np.pi) - np.pi)
    zoom = np.abs(np.log2(pairs.zoom[None, :] / pairs.zoom[:, None]))
    near &= (turn < 0.6) & (zoom < 0.8)
    support = near.sum(axis=1)
    found: list[Laid] = []
    taken = np.zeros(count, bool)
    tried = 0
    for place in np.argsort(-support, kind="stable"):
        if support[place] < 4 or tried == _PROPOSALS:
            break
        if taken[place]:
            continue
        taken |= near[place]
        tried += 1
        laid = _refined(pairs, near[place], stored, query)
        if laid is not None:
            found.append(laid)
    return _distinct(found)


def _distinct(found: list[Laid]) -> list[Laid]:
    """Return the maps, surest first, without those that rest on the same points as a surer one."""
    kept: list[Laid] = []
    for laid in sorted(found, key=lambda one: -one.score):
        shared = [np.count_nonzero(laid.inliers & other.inliers) for other in kept]
        if all(2 * count <= np.count_nonzero(laid.inliers) for count in shared):
            kept.append(laid)
    return kept


def _refined(pairs: Pairs, start: npt.NDArray[np.bool_], stored: Features, query: Features) -> Laid | None:
    longer = max(stored.width, stored.height)
    inliers = start
    matrix: Matrix | None = None
    for tolerance in (0.04, 0.02, 0.012, _TIGHT, _TIGHT):
        fitted = _affine(pairs.stored[inliers], pairs.query[inliers]) if np.count_nonzero(inliers) >= 4 else None
        if fitted is None or not plausible(fitted, stored.width, stored.height):
            return None
        matrix, inliers = fitted, _agree(pairs, fitted, tolerance * longer)
    if matrix is None:
        return None
    best = _scored(pairs, matrix, inliers, stored, query)
    if np.count_nonzero(inliers) < 8:
        return best
    wider = _agree(pairs, matrix, 0.025 * longer)
    found, _ = cv2.findHomography(
        pairs.stored[wider].astype(np.float64),
        pairs.query[wider].astype(np.float64),
        cv2.USAC_MAGSAC,
        _TIGHT * longer * _zoom(matrix),
        maxIters=500,
    )
    homography = np.asarray(found, np.float64)  # nothing found gives no matrix
    if homography.shape == (3, 3) and plausible(homography, stored.width, stored.height):
        bent = _scored(pairs, homography, _agree(pairs, homography, _TIGHT * longer), stored, query)
        if bent.score > best.score + 3:
            return bent
    return best


def _affine(source: Floats, target: Floats) -> Matrix | None:
    """Fit an affine map by least squares."""
    homogeneous = np.column_stack([source, np.ones(len(source))]).astype(np.float64)
    if np.linalg.matrix_rank(homogeneous, tol=1e-3) < 3:
        return None
    solved, *_ = np.linalg.lstsq(homogeneous, target.astype(np.float64), rcond=None)
    return np.vstack([solved.T, [0.0, 0.0, 1.0]])


def mapped(matrix: Matrix, points: npt.ArrayLike) -> Matrix:
    """Apply a map to (n, 2) points."""
    points = np.asarray(points, np.float64)
    moved = points @ matrix[:2, :2].T + matrix[:2, 2]
    depth = points @ matrix[2, :2] + matrix[2, 2]
    return np.asarray(moved / depth[:, None])


def _zoom(matrix: Matrix) -> float:
    return float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))


def _agree(pairs: Pairs, matrix: Matrix, tolerance: float) -> npt.NDArray[np.bool_]:
    error = np.hypot(*(mapped(matrix, pairs.stored) - pairs.query).T) / max(_zoom(matrix), 1e-6)
    expected = np.arctan2(matrix[1, 0] - matrix[0, 1], matrix[0, 0] + matrix[1, 1])
    turn = np.abs((pairs.turn - expected + np.pi) % (2 * np.pi) - np.pi)
    zoom = np.abs(np.log2(np.maximum(pairs.zoom, 1e-6) / max(_zoom(matrix), 1e-6)))
    return np.asarray((error < tolerance) & (turn < 0.6) & (zoom < 0.8))


def plausible(matrix: Matrix, width: int, height: int) -> bool:
    """Whether a map is one that people make of pictures: not folded, not mirrored, hardly stretched one way."""
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    depth = corners @ matrix[2, :2] + matrix[2, 2]
    if not np.isfinite(matrix).all() or depth.min() <= 0.4 * depth.max():
        return False
    for x, y in (*corners, (width / 2, height / 2)):
        w = matrix[2, 0] * x + matrix[2, 1] * y + matrix[2, 2]
        u, v = mapped(matrix, [[x, y]])[0]
        local = (matrix[:2, :2] - np.outer([u, v], matrix[2, :2])) / w
        across, slanted, tilted, down = local.ravel().tolist()
        # singular values of two by two, in closed form: numpy's general way takes ten times as long
        turned = hypot((across + down) / 2, (tilted - slanted) / 2)
        skewed = hypot((across - down) / 2, (tilted + slanted) / 2)
        most, least = turned + skewed, turned - skewed  # least is negative where the map mirrors
        if least < 0.03 or most > 30 or most / least > _STEEPEST:
            return False
    return True


def _scored(pairs: Pairs, matrix: Matrix, inliers: npt.NDArray[np.bool_], stored: Features, query: Features) -> Laid:
    """Count what agrees, points of one place once, and say how likely that is by chance."""
    grain = 0.02 * max(stored.width, stored.height)
    zoom = _zoom(matrix)
    kept = np.flatnonzero(inliers)
    places = np.hstack([pairs.stored[kept], pairs.query[kept]])
    spots = {
        (int(x // grain), int(y // grain), int(u // (grain * zoom)), int(v // (grain * zoom)))
        for (x, y), (u, v) in zip(pairs.stored[kept], pairs.query[kept], strict=True)
    }
    agreeing = min(len({spot[:2] for spot in spots}), len({spot[2:] for spot in spots}))
    total = max(len(pairs.stored), agreeing)
    # a wrong pair agrees where its place (within the tolerance), direction and size happen to
    radius = _TIGHT * max(stored.width, stored.height)
    area = min(stored.width * stored.height, query.width * query.height / zoom**2)
    chance = min(0.5, np.pi * radius**2 / area * (1.2 / (2 * np.pi)) * 0.4)
    chance = max(chance, 1e-5)
    used = 3
    if agreeing <= used:
        return Laid(matrix, inliers, -1.0, places)
    free, hits = total - used, agreeing - used
    log_tests = np.log10(total) + np.log10(_PROPOSALS)
    log_choose = (lgamma(free + 1) - lgamma(hits + 1) - lgamma(free - hits + 1)) / log(10)
    score = -(log_tests + log_choose + hits * np.log10(chance) + np.log10(total + 1))
    return Laid(matrix, inliers, float(score), places)
