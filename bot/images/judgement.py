"""From two pictures laid over each other to a score: how much of what both show is the same, pages left out.

Only what lies in the photographs of both pictures counts (`bot.images.texture.content`), so that the page of an app,
a channel's frame or a caption says nothing. Where two pictures agree in one part alone and go on differently around it,
that part must be framed (by a page, a gutter, the border of an inset), or they are two views of one scene.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from bot.images.overlap import BLOCK, Overlap

Marks = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]

ENOUGH_BLOCKS: Final = 10
"""Agreeing blocks from which the share of agreement counts in full."""

ENOUGH_CHANCE: Final = 15.0
"""-log10 of the expectation by chance from which it does. Neighbouring scenes of one sculpture reached 10 with long
soft lines that agree wherever they are laid; nine in ten edited copies have more than 25."""

_OVERLAID: Final = 0.3
"""Weight of a block that differs where one picture is drawn: letters and emoji are put over copies."""

_BESIDE: Final = 0.1
"""Weight of a block where one picture has its page: around a cropped photograph there is always one."""

_FRAMED: Final = 0.85
"""Share of a side along which there must be an edge for it to count as a frame."""

_EDGE: Final = 10
"""Levels of 255 that tones differ by across a frame."""

_PART: Final = 24
"""Agreeing blocks that a part must have to be found in pictures that differ around it."""

_PART_SHARE: Final = 0.85

_BENT: Final = 0.35
"""Pixels of the frame by which a quarter of the crisp blocks lie off one smooth map, from which two pictures are views
of one scene and not copies. Copies stay below 0.25, stereo pairs and frames of a moving camera above 0.37."""

_BENT_SOFT: Final = 0.9
"""The same where one picture is blurred or pixelated, which moves blocks by itself (up to 0.7)."""

_SOFTER: Final = 0.7
"""Ratio of the finest detail of two pictures below which one is blurred."""

_SHARP: Final = 0.9
"""Correlation from which a block's shift is exact enough to tell."""

_CHANGED: Final = 0.18
"""Differing blocks against agreeing ones from which things have moved between two sharp frames; what is
put over a copy is drawn, or takes less."""

_SURE: Final = 32
"""Blocks that are needed to tell."""


@dataclass(frozen=True, slots=True)
class Judged:
    """How two pictures agree.

    Attributes:
        score: 0..1.
        part: the blocks that agree, as top, bottom, left, right (rows and columns, the second of each exclusive).
        whole: whether that is nearly all that both show.
        same_scene: whether they look like two views of one scene rather than copies.
    """

    score: float
    part: tuple[int, int, int, int]
    whole: bool
    same_scene: bool


def judged(laid: Overlap, chance: float) -> Judged:
    """Judge two pictures that agree on a map by `chance` (-log10 of how often that is expected by chance)."""
    agree = laid.agreeing
    both = laid.ours_content & laid.theirs_content
    differ = laid.textured & ~agree
    either_drawn = laid.ours_drawn | laid.theirs_drawn
    alike = agree & both
    unlike = differ & both & ~either_drawn
    overlaid = differ & both & either_drawn
    beside = differ & (laid.ours_content ^ laid.theirs_content)
    weight = (
        alike
        + 0.1 * (agree & ~both)
        - 1.0 * unlike
        - _OVERLAID * overlaid
        - _BESIDE * beside
        - 0.1 * (differ & ~laid.ours_content & ~laid.theirs_content)
        + 0.02 * (laid.inside & ~laid.textured)
        - 0.5 * ~laid.inside
    )
    part = _heaviest(weight)
    inner = np.s_[part[0] : part[1], part[2] : part[3]]
    share = _share(alike, unlike, overlaid, beside)
    count = int(alike.sum())
    if share < _PART_SHARE and int(alike[inner].sum()) >= _PART and _framed(laid, part, both):
        within = _share(alike[inner], unlike[inner], overlaid[inner], beside[inner])
        if within >= _PART_SHARE and 0.9 * within > share:
            share, count = 0.9 * within, int(alike[inner].sum())
    evidence = min(1.0, count / ENOUGH_BLOCKS, max(0.0, chance) / ENOUGH_CHANCE)
    whole = laid.inside[inner].sum() >= 0.8 * laid.inside.sum()
    moved = bool(whole) and int(unlike.sum()) >= max(_PART, _CHANGED * int(alike.sum())) and _sharp(laid)
    return Judged(share * evidence, part, bool(whole), moved or _bent(laid, both))


def _share(alike: Marks, unlike: Marks, overlaid: Marks, beside: Marks) -> float:
    against = float(unlike.sum() + _OVERLAID * overlaid.sum() + _BESIDE * beside.sum())
    return float(alike.sum()) / max(float(alike.sum()) + against, 1.0)


def _heaviest(weight: npt.NDArray[np.float64]) -> tuple[int, int, int, int]:
    """Find the rectangle of the greatest sum: top, bottom, left, right."""
    rows, columns = weight.shape
    sums = np.zeros((rows + 1, columns + 1))
    sums[1:, 1:] = weight.cumsum(axis=0).cumsum(axis=1)
    best, part = -np.inf, (0, rows, 0, columns)
    for top in range(rows):
        for bottom in range(top + 1, rows + 1):
            line = sums[bottom] - sums[top]
            gain = line[1:] - np.minimum.accumulate(line)[:-1]
            right = int(gain.argmax()) + 1
            if gain[right - 1] > best:
                best, part = float(gain[right - 1]), (top, bottom, int(line[:right].argmin()), right)
    return part


def _framed(laid: Overlap, part: tuple[int, int, int, int], both: Marks) -> bool:
    """Whether each side of a part is the border of what both show, or lies next to a page, or along a straight edge."""
    top, bottom, left, right = part
    rows, columns = both.shape
    beyond = (
        both[max(0, top - 1), left:right] if top > 1 else None,
        both[min(rows - 1, bottom), left:right] if bottom < rows - 1 else None,
        both[top:bottom, max(0, left - 1)] if left > 1 else None,
        both[top:bottom, min(columns - 1, right)] if right < columns - 1 else None,
    )
    lines = (
        (top * BLOCK, np.s_[left * BLOCK : right * BLOCK], True),
        (bottom * BLOCK, np.s_[left * BLOCK : right * BLOCK], True),
        (left * BLOCK, np.s_[top * BLOCK : bottom * BLOCK], False),
        (right * BLOCK, np.s_[top * BLOCK : bottom * BLOCK], False),
    )
    return all(
        next_to is None or next_to.mean() < 0.5 or any(_edge(side, *line) for side in (laid.ours, laid.theirs))
        for next_to, line in zip(beyond, lines, strict=True)
    )


def _edge(pixels: Pixels, at: int, along: slice, level: bool) -> bool:
    """Whether a straight edge runs along a line of the frame, within a block of it."""
    greys = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.int16)
    band = greys if level else greys.T
    band = band[max(0, at - BLOCK) : at + BLOCK, along]
    if band.shape[0] < 4:
        return True
    steps = np.abs(band[3:] - band[:-3]) >= _EDGE
    return bool(steps.mean(axis=1).max() >= _FRAMED)


def _bent(laid: Overlap, both: Marks) -> bool:
    """Whether sharp blocks lie off every smooth map: things at different distances, seen from two places."""
    rows, columns = np.nonzero(laid.agreeing & both & (laid.correlation >= _SHARP) & laid.crisp)
    if len(rows) < _SURE:
        return False
    off = laid.shift[rows, columns].astype(np.float64)
    x, y = columns.astype(np.float64), rows.astype(np.float64)
    at = np.column_stack([x * x, x * y, y * y, x, y, np.ones(len(rows))])  # as smooth as any lens or perspective
    kept = np.ones(len(rows), bool)
    for _ in range(4):
        solved, *_ = np.linalg.lstsq(at[kept], off[kept], rcond=None)
        rest = np.hypot(*(off - at @ solved).T)
        kept = rest <= 2.0 * np.median(rest) + 0.1
    return bool(np.quantile(rest, 0.75) > (_BENT if _sharp(laid) else _BENT_SOFT))


def _sharp(laid: Overlap) -> bool:
    """Whether both pictures show detail of one fineness."""
    first, second = _detail(laid.ours), _detail(laid.theirs)
    return min(first, second) >= _SOFTER * max(first, second)


def _detail(pixels: Pixels) -> float:
    """Measure the finest detail against all of it."""
    greys = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return float(np.abs(cv2.Laplacian(greys, cv2.CV_32F)).mean()) / max(float(greys.std()), 1e-6)
