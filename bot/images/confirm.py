"""The verdict on two pictures from their local features: relation, transform in words, regions, score."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from bot.images.difference import Side, differences
from bot.images.features import Features, Sought
from bot.images.geometry import Laid, Matrix, lay, mapped, paired
from bot.images.judgement import Judged, judged
from bot.images.overlap import BLOCK, Overlap, overlap
from bot.images.sight import Sight, photographs
from bot.images.view import EDGE, agreement
from storage.records import Polygon, Relation

LIKELY: Final = 2.5
"""Chance score (-log10) from which two pictures are laid over each other; unrelated ones hardly ever reach it."""

_TRIED: Final = 3
"""Maps that are tried for one pair, surest first."""

_PLAIN: Final = 0.8
"""Score from which no other map is tried."""

_WHOLE: Final = 0.92
"""Share of a picture's area that counts as all of it; a turn by a few degrees or a border's shadow takes some."""

_TURN: Final = 2.0
"""Degrees from which a picture is called turned."""

_STRETCH: Final = 1.06
"""Ratio of the stretch one way to that across, from which its shape has changed."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One of the two pictures.

    Attributes:
        sight: its working copy.
        media_type: by content.
        byte_size: of its file.
    """

    sight: Sight
    media_type: str
    byte_size: int


@dataclass(frozen=True, slots=True)
class Confirmed:
    """How two pictures are one."""

    relation: Relation
    transform: str
    region_query: Polygon
    region_match: Polygon
    score: float
    same_scene: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """A map worth trying: from the stored picture to the query, mirrored where `flipped`."""

    laid: Laid
    flipped: bool


def proposals(query: Sought, stored: Features, flipped: bool) -> list[Proposal]:
    """Return the ways in which points of a stored picture agree with the query's, surest first."""
    side = query.mirrored if flipped else query.upright
    found = lay(paired(stored, side), stored, side)
    return [Proposal(laid, flipped) for laid in found[:_TRIED] if laid.score >= LIKELY]


def confirmed(query: Shown, stored: Shown, tried: list[Proposal]) -> Confirmed | None:
    """Lay the pictures over each other in each proposed way and tell of the best; None where nothing can be laid."""
    best: tuple[Judged, Overlap, bool] | None = None
    ours, theirs = (_Marked(side.sight, photographs(side.sight)) for side in (query, stored))
    for proposal in tried:
        laid = overlap(query.sight, stored.sight, proposal.laid.map, proposal.flipped)
        if laid is None:
            continue
        found = judged(laid, proposal.laid.score * _telling(proposal.laid.places, ours, theirs, flips=proposal.flipped))
        if best is None or found.score > best[0].score:
            best = (found, laid, proposal.flipped)
        if found.score >= _PLAIN:
            break
    if best is None:
        return None
    found, laid, flipped = best
    region_query, region_match = _regions(laid, found, query.sight, stored.sight, flipped)
    share_query = _area(region_query) / (query.sight.full_width * query.sight.full_height)
    share_match = _area(region_match) / (stored.sight.full_width * stored.sight.full_height)
    angle, stretch, bent = _shape(laid.map, region_match)
    relation = _relation(query.sight, region_query, share_query, share_match, angle, flipped)
    if found.same_scene:
        relation = Relation.SAME_SCENE
    words = _words(share_query, share_match, angle, stretch, bent, flipped)
    words += _differences(query, stored, laid, found)
    return Confirmed(
        relation, ", ".join(words) or "the same picture in another file", region_query, region_match, found.score,
        found.same_scene,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Marked:
    """A picture with its photographs marked."""

    sight: Sight
    marks: npt.NDArray[np.uint8]

    def inside(self, places: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
        """Whether points of the picture, (n, 2) in its pixels, lie in a photograph."""
        column, row = (places / np.array(self.sight.scale)).astype(np.intp).T
        height, width = self.marks.shape
        return np.asarray(self.marks[np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)] > 0)


def _telling(places: npt.NDArray[np.float32], ours: _Marked, theirs: _Marked, *, flips: bool) -> float:
    """Return the share of agreeing points that lie in the photographs of both: the chance score goes with their number.

    The points that two pages of one app share are many, and agree perfectly.
    """
    at_query = places[:, 2:].copy()
    if flips:
        at_query[:, 0] = ours.sight.full_width - at_query[:, 0]
    return float((ours.inside(at_query) & theirs.inside(places[:, :2])).mean())


def vetoed(query: Sight, stored: Sight, matrix: Matrix, flipped: bool) -> bool:
    """Whether two pictures whose hashes are near differ in their photographs, or are two views of one scene."""
    laid = overlap(query, stored, matrix, flipped)
    if laid is None:
        return False
    if judged(laid, math.inf).same_scene:
        return True
    shown = laid.ours_content & laid.theirs_content
    both = laid.textured & shown
    paged = float(shown[laid.inside].mean()) < _PAGED
    return paged and int(both.sum()) >= BLOCK and float(laid.agreeing[both].mean()) < _TOO_LITTLE


_PAGED: Final = 0.85
"""Share of photograph in what both show below which there is a page that could be all that they have in common."""

_TOO_LITTLE: Final = 0.4
"""Share of agreeing blocks in the photographs of two pictures below which only their pages are alike."""


def _regions(laid: Overlap, found: Judged, query: Sight, stored: Sight, flipped: bool) -> tuple[Polygon, Polygon]:
    """Return the region in the query and in the stored picture, the n-th corner of one on the n-th of the other."""
    width, height = stored.full_width, stored.full_height
    if found.whole:
        frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        far = [[0, 0], [query.full_width, 0], [query.full_width, query.full_height], [0, query.full_height]]
        covered = mapped(np.asarray(np.linalg.inv(laid.map), np.float64), far).astype(np.float32)
        _, shared = cv2.intersectConvexConvex(frame, cv2.convexHull(covered))
        corners = np.asarray(shared, np.float64).reshape(-1, 2)
    else:
        top, bottom, left, right = (place * BLOCK for place in found.part)
        corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)
        corners = corners * laid.steps + (laid.left, laid.top)
    corners = np.clip(corners, 0, (width, height))
    ours = np.clip(mapped(laid.map, corners), 0, (query.full_width, query.full_height))
    if flipped:
        ours[:, 0] = query.full_width - ours[:, 0]
    first = int(ours.sum(axis=1).argmin())  # the query's corner nearest its top left
    return _polygon(np.roll(ours, -first, axis=0)), _polygon(np.roll(corners, -first, axis=0))


def _polygon(corners: Matrix) -> Polygon:
    return tuple((round(float(x), 1), round(float(y), 1)) for x, y in corners)


def _area(polygon: Polygon) -> float:
    """Return the area of a polygon (the shoelace formula)."""
    x, y = np.array(polygon, np.float64).T
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2


def _shape(matrix: Matrix, region: Polygon) -> tuple[float, float, bool]:
    """Return the turn in degrees clockwise, the stretch across over that down, and whether there is perspective."""
    x, y = np.array(region, np.float64).mean(axis=0)
    depth = matrix[2, 0] * x + matrix[2, 1] * y + matrix[2, 2]
    u, v = mapped(matrix, [[x, y]])[0]
    local = (matrix[:2, :2] - np.outer([u, v], matrix[2, :2])) / depth
    angle = math.degrees(math.atan2(local[1, 0] - local[0, 1], local[0, 0] + local[1, 1]))
    across, down = math.hypot(local[0, 0], local[1, 0]), math.hypot(local[0, 1], local[1, 1])
    depths = [matrix[2, 0] * x + matrix[2, 1] * y + matrix[2, 2] for x, y in region]
    return angle, across / max(down, 1e-6), max(depths) > 1.03 * min(depths)


def _relation(
    query: Sight, region: Polygon, share_query: float, share_match: float, angle: float, flipped: bool
) -> Relation:
    if share_query < _WHOLE and share_match >= _WHOLE:
        return Relation.SCREENSHOT if _on_a_page(query, region) else Relation.CONTAINS
    if share_query >= _WHOLE and share_match < _WHOLE:
        return Relation.CROP
    if share_query < _WHOLE:
        if abs(angle) >= _TURN and min(share_query, share_match) >= 0.75:
            return Relation.ROTATED
        return Relation.SCREENSHOT if _on_a_page(query, region) else Relation.PARTIAL
    if abs(abs(angle) - 180) < _TURN and flipped:
        return Relation.MIRRORED
    if abs(angle) >= _TURN:
        return Relation.ROTATED
    return Relation.MIRRORED if flipped else Relation.NEAR


def _on_a_page(query: Sight, region: Polygon) -> bool:
    """Whether what surrounds the region in the query is mostly a page."""
    marks = photographs(query)
    around = np.full(marks.shape, 1, np.uint8)
    corners = np.array(region, np.float64) / query.scale
    cv2.fillPoly(around, [np.rint(corners).astype(np.int32)], 0)
    outside = around > 0
    return bool(outside.any() and (marks[outside] == 0).mean() >= 0.5)


def _words(
    share_query: float, share_match: float, angle: float, stretch: float, bent: bool, flipped: bool
) -> list[str]:
    words = []
    if flipped:
        words.append("mirrored top to bottom" if abs(abs(angle) - 180) < _TURN else "mirrored left to right")
        angle = 0.0 if abs(abs(angle) - 180) < _TURN else -angle
    if abs(abs(angle) - 180) < _TURN:
        words.append("turned upside down")
    elif abs(angle) >= _TURN:
        words.append(f"turned {abs(angle):.0f}° {'clockwise' if angle > 0 else 'counter-clockwise'}")
    if bent:
        words.append("in perspective, as when a screen or a print is photographed")
    elif not 1 / _STRETCH < stretch < _STRETCH and abs(abs(angle) - 90) > 45:
        words.append("stretched to another shape")
    if share_match < _WHOLE:
        words.append(f"{100 * share_match:.0f} % of the stored picture")
    if share_query < _WHOLE:
        words.append(f"filling {100 * share_query:.0f} % of this one")
    return words


def _differences(query: Shown, stored: Shown, laid: Overlap, found: Judged) -> list[str]:
    """Say how the region differs in tone, colour and detail, and where something else is to be seen in it."""
    top, bottom, left, right = (place * BLOCK for place in found.part)
    ours, theirs = (
        Image.fromarray(np.ascontiguousarray(side[top:bottom, left:right])).resize(
            (EDGE, EDGE), Image.Resampling.BILINEAR
        )
        for side in (laid.ours, laid.theirs)
    )
    sides = []
    for image, side in ((ours, query), (theirs, stored)):
        # as many bytes as a picture of the view's size would have at its density, since sizes are told as shares
        dense = side.byte_size / (side.sight.full_width * side.sight.full_height) * EDGE * EDGE
        sides.append(Side(image, EDGE, EDGE, False, side.media_type, round(dense)))
    return differences(sides[0], sides[1], agreement(ours, theirs).differing)
