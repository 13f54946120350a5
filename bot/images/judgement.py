"""From two pictures laid over each other to a score: how much of what both show is the same, pages left out.

Only what lies in the photographs of both pictures counts (`bot.images.texture.content`), and of that not what is drawn
in both: the page of an app, a channel's frame, a caption or a watermark says nothing, however well it agrees. All the
rest of what is laid over each other counts against it: two pages whose photographs differ are two pages, even where
small pictures beside those agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from bot.images.overlap import BLOCK, Overlap, fine

Blocks = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]

ENOUGH_BLOCKS: Final = 10
"""Agreeing blocks from which the share of agreement counts in full."""

ENOUGH_CHANCE: Final = 8.0
"""-log10 of the expectation by chance from which it does: the best of unrelated pairs reached 6, nine in ten edited
copies have more than 25."""

_CORNERS: Final = 8
"""Agreeing blocks with detail both across and down, from which a picture is more than straight lines."""

_LINES: Final = 0.6
"""What agreement counts where there is none of those: lines agree anywhere along themselves, so nearly all must."""

_OVERLAID: Final = 0.7
"""Weight of a block that differs where one picture alone is drawn: letters and emoji are put over copies. With these
weights 1,049 pairs of different photographs (many of them in one page or frame) scored 0.44 at most, and 98 in 100 of
663 edited copies 0.55 and more."""

_LETTERED: Final = 0.25
"""Weight of a block that agrees where both are drawn: drawings are reused too, but letters agree between templates."""

_FURNITURE: Final = 20
"""Agreeing drawn blocks outside the photographs of both from which two pictures are pages of one template."""

_SAME_PAGE: Final = 4.0
"""Weight of what differs in the photographs of such pages: where the page lies on itself, so does a reused photograph.
Of 340 pairs of different photographs in pages of random templates 16 were raised without it, and 2 with it."""

_TONE: Final = 25.0
"""Levels of 255 from which the tones of two even blocks differ, after the tones of one picture are fitted to those of
the other on the blocks that agree."""

_STIFF: Final = (5.0, 5.0, 5.0, 0.01)
"""How firmly that fit is held to no change, for each colour and for the offset, as a share of its evidence."""

_BENT: Final = 0.25
"""Pixels of the frame by which a quarter of the crisp blocks lie off one smooth map, from which it is asked whether
they agree on that map all the same: blocks of one repeated pattern agree in several places."""

_LOST: Final = 0.05
"""Correlation that a tenth of the crisp blocks lose on the smooth map, from which two pictures are views of one scene.
Copies lose 0.02, photographs of screens 0.04; stereo pairs and frames of a moving camera 0.075 and more."""

_SOFTER: Final = 0.7
"""Ratio of the finest detail of two pictures below which one is blurred."""

_SHARP: Final = 0.9
"""Correlation from which a block's shift is exact enough to tell."""

_SURE: Final = 32
"""Blocks that are needed to tell."""

_STRONG: Final = 4.0
"""Spread of a block's detail, in levels of 255, from which it is looked for elsewhere."""

_REACH: Final = 48
"""Pixels of the frame within which something that moved is looked for."""

_FOUND: Final = 0.8
"""Correlation from which it is found."""

_ALIKE: Final = 3
"""Pixels of the frame by which two ways differ at most that are one."""

_APART: Final = 8
_FALL: Final = 0.15
"""Pixels up, down and to both sides of where it is found, and the fall of the correlation there from which it is found
in one place alone. Straight lines are found all along themselves."""

_MOVED: Final = 3
"""Blocks that are found one way off from which things have moved."""


@dataclass(frozen=True, slots=True)
class Judged:
    """How two pictures agree.

    Attributes:
        score: 0..1, the share of what both show that is the same.
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
    both = laid.ours_content & laid.theirs_content
    telling = ~(laid.ours_drawn & laid.theirs_drawn)
    alike = laid.agreeing & (laid.ours_content | laid.theirs_content) & telling
    differ = laid.textured & ~laid.agreeing & telling
    unlike = differ & (laid.ours_content | laid.theirs_content)
    overlaid = unlike & (laid.ours_drawn ^ laid.theirs_drawn)
    lettered = float((laid.agreeing & both & ~telling).sum())
    count = float(alike.sum())
    count += min(_LETTERED * lettered, 0.5 * count)
    against = float(unlike.sum()) - (1 - _OVERLAID) * float(overlaid.sum())
    shown = laid.ours_content | laid.theirs_content
    if int((laid.agreeing & ~shown & ~telling).sum()) >= _FURNITURE:
        against = _SAME_PAGE * float((unlike | (shown & laid.inside & ~laid.agreeing & _toned(laid))).sum())
    evidence = min(1.0, float(alike.sum()) / ENOUGH_BLOCKS, max(0.0, chance) / ENOUGH_CHANCE)
    evidence *= _LINES + (1 - _LINES) * min(1.0, float((alike & laid.crisp).sum()) / _CORNERS)
    part = _heaviest(
        1.0 * (laid.agreeing & both)
        + 0.1 * (laid.agreeing & ~both)
        - 1.0 * (unlike & both & ~overlaid)
        - 0.3 * (overlaid & both)
        - 0.1 * (unlike & ~both)
        - 0.1 * (laid.textured & ~laid.agreeing & ~laid.ours_content & ~laid.theirs_content)
        + 0.02 * (laid.inside & ~laid.textured)
        - 0.5 * ~laid.inside
    )
    inner = np.s_[part[0] : part[1], part[2] : part[3]]
    whole = bool(laid.inside[inner].sum() >= 0.8 * laid.inside.sum())
    return Judged(count / max(1.0, count + against) * evidence, part, whole, _bent(laid, both) or _moved(laid, both))


def _toned(laid: Overlap) -> Blocks:
    """Mark the blocks whose mean colours differ, apart from what a change of brightness or colour explains."""
    ours, theirs = (_blocks(side.astype(np.float32)).mean(axis=2).reshape(-1, 3) for side in (laid.ours, laid.theirs))
    kept = laid.agreeing.ravel()
    known = np.column_stack([theirs, np.ones(len(theirs))])
    held = np.diag(_STIFF) * kept.sum()
    usual = np.vstack([np.eye(3), np.zeros(3)])
    fit = np.linalg.solve(known[kept].T @ known[kept] + held, known[kept].T @ ours[kept] + held @ usual)
    return np.asarray((np.abs(ours - known @ fit).max(axis=1) > _TONE).reshape(laid.inside.shape))


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


def _bent(laid: Overlap, both: Blocks) -> bool:
    """Whether sharp blocks lie off every smooth map: things at different distances, seen from two places."""
    rows, columns = np.nonzero(laid.agreeing & both & (laid.correlation >= _SHARP) & laid.crisp)
    if len(rows) < _SURE or not _sharp(laid):
        return False
    off = laid.shift[rows, columns].astype(np.float64)
    at = _powers(np.asarray(columns + 0.5, np.float64), np.asarray(rows + 0.5, np.float64))
    kept = np.ones(len(rows), bool)
    for _ in range(4):
        solved = np.asarray(np.linalg.lstsq(at[kept], off[kept], rcond=None)[0], np.float64)
        rest = np.hypot(*(off - at @ solved).T)
        kept = rest <= 2.0 * np.median(rest) + 0.1
    if np.quantile(rest, 0.75) <= _BENT:
        return False
    smooth = _correlated(_remapped(laid.ours, solved), laid.theirs)[rows, columns]
    return bool(np.quantile(laid.correlation[rows, columns] - smooth, 0.9) > _LOST)


def _powers(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the terms of a map as smooth as any lens or perspective, at places in blocks of the frame."""
    x, y = x / 20, y / 20
    return np.stack([x * x, x * y, y * y, x, y, np.ones_like(x)], axis=-1)


def _remapped(pixels: Pixels, solved: npt.NDArray[np.float64]) -> Pixels:
    """Move every point of the frame as the smooth map says."""
    down, across = np.mgrid[0 : pixels.shape[0], 0 : pixels.shape[1]].astype(np.float64)
    moved = _powers((across + 0.5) / BLOCK, (down + 0.5) / BLOCK) @ solved
    x, y = (across + moved[..., 0]).astype(np.float32), (down + moved[..., 1]).astype(np.float32)
    return np.asarray(cv2.remap(pixels, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT), np.uint8)


def _correlated(ours: Pixels, theirs: Pixels) -> npt.NDArray[np.float32]:
    """Correlate each block with the one at its own place."""
    first, second = (_blocks(fine(side)) for side in (ours, theirs))
    first, second = first - first.mean(-1, keepdims=True), second - second.mean(-1, keepdims=True)
    power = np.sqrt((first * first).sum(-1) * (second * second).sum(-1))
    return np.asarray((first * second).sum(-1) / np.maximum(power, 1e-6), np.float32)


def _blocks(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the frame as (rows, columns, values of a block), or (rows, columns, values, colours)."""
    rows, columns, *colours = values.shape[0] // BLOCK, values.shape[1] // BLOCK, *values.shape[2:]
    return values.reshape(rows, BLOCK, columns, BLOCK, *colours).swapaxes(1, 2).reshape(rows, columns, -1, *colours)


def _moved(laid: Overlap, both: Blocks) -> bool:
    """Whether something stands elsewhere in the other picture: a person who walked on while the camera stood still.

    What is put over a copy hides what was there, and that is nowhere else in the picture. Blocks count that are found
    in one direction and distance, in a place that has changed as well. A logo or a caption may stand elsewhere in a
    copy: of what moved, something must not be drawn.
    """
    changed = laid.inside & laid.textured & ~laid.agreeing & both
    drawn = laid.ours_drawn | laid.theirs_drawn
    ours, theirs = fine(laid.ours), fine(laid.theirs)
    strong = np.minimum(_blocks(ours).std(-1), _blocks(theirs).std(-1)) >= _STRONG
    ways: list[tuple[int, int]] = []
    photographed: list[bool] = []
    for row, column in np.argwhere(changed & strong).tolist():
        y, x = row * BLOCK, column * BLOCK
        top, left = max(0, y - _REACH), max(0, x - _REACH)
        window = ours[top : y + BLOCK + _REACH, left : x + BLOCK + _REACH]
        found = cv2.matchTemplate(window, theirs[y : y + BLOCK, x : x + BLOCK], cv2.TM_CCOEFF_NORMED)
        response = np.asarray(np.nan_to_num(found), np.float32)
        best, most = (int(place) for place in np.unravel_index(int(response.argmax()), response.shape))
        there = (top + best + BLOCK // 2) // BLOCK, (left + most + BLOCK // 2) // BLOCK
        if response[best, most] >= _FOUND and changed[there] and _alone(response, best, most):
            ways.append((top + best - y, left + most - x))
            photographed.append(not drawn[row, column])
    if len(ways) < _MOVED:
        return False
    far = np.array(ways)
    near = np.abs(far[:, None] - far[None, :]).max(axis=-1) <= _ALIKE
    return bool(((near.sum(axis=1) >= _MOVED) & (near @ np.array(photographed))).any())


def _alone(response: npt.NDArray[np.float32], row: int, column: int) -> bool:
    """Whether a block is found in one place, and not all along a line."""
    down, across = (
        np.clip([at - _APART, at + _APART], 0, size - 1) for at, size in zip((row, column), response.shape, strict=True)
    )
    beside = [response[other, column] for other in down if other != row]
    beside += [response[row, other] for other in across if other != column]
    return bool(max(beside) < response[row, column] - _FALL)


def _sharp(laid: Overlap) -> bool:
    """Whether both pictures show detail of one fineness."""
    first, second = _detail(laid.ours), _detail(laid.theirs)
    return min(first, second) >= _SOFTER * max(first, second)


def _detail(pixels: Pixels) -> float:
    """Measure the finest detail against all of it."""
    greys = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return float(np.abs(cv2.Laplacian(greys, cv2.CV_32F)).mean()) / max(float(greys.std()), 1e-6)
