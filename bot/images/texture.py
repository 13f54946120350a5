"""Which parts of a picture are content and which are page: letters, lines and icons on a flat ground.

Two screenshots of one app share their page; only what stands in their photographs can show that one picture is reused.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

_WINDOW: Final = 21
"""Pixels of the window in which a part is judged, on the working copy: a line of letters with its leading."""

_GROUND: Final = 8
"""Levels of 255 within which a tone belongs to the ground, the window's median; compression rings around letters."""

_SHARP: Final = 45
"""Levels that the tones next to a letter's edge span."""

_MOSTLY: Final = 0.42
"""Share of the window that is ground where letters stand on one."""

_EDGES: Final = 0.04
"""Share of it that is edge."""


def ground(greys: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return the tone that prevails around each point of a grey picture."""
    return np.asarray(cv2.medianBlur(greys, _WINDOW), np.uint8)


def drawn(greys: npt.NDArray[np.uint8], ground: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Mark the drawn points of a grey picture with 255, others with 0; `ground` as the function of that name says.

    A drawn part is mostly one flat tone and has sharp edges all the same. Soft parts of a photograph have no such
    edges, and textured ones no such ground.
    """
    flat = cv2.boxFilter((cv2.absdiff(greys, ground) <= _GROUND).astype(np.float32), -1, (_WINDOW, _WINDOW))
    kernel = np.ones((3, 3), np.uint8)
    span = cv2.subtract(cv2.dilate(greys, kernel), cv2.erode(greys, kernel))
    edges = cv2.boxFilter((span >= _SHARP).astype(np.float32), -1, (_WINDOW, _WINDOW))
    return np.where((flat >= _MOSTLY) & (edges >= _EDGES), 255, 0).astype(np.uint8)


_EVEN: Final = 15
"""Pixels of the window that is of one tone where there is nothing but ground."""

_NOISE: Final = 5
"""Levels that such a window may span; compression alone makes 2 to 4."""

_TONE: Final = 0.015
"""Share of the picture from which an even tone is a ground that letters can stand on."""

_THIN: Final = 25
"""Pixels: what is nowhere so wide (icons, frames, rules) is no photograph."""

_SMALL: Final = 0.35
"""Share of the largest photograph below which another one belongs to the page (an avatar, a logo, a list of other
articles)."""


def content(
    greys: npt.NDArray[np.uint8], ground: npt.NDArray[np.uint8], letters: npt.NDArray[np.uint8]
) -> npt.NDArray[np.uint8]:
    """Mark the points of a grey picture that belong to a photograph with 255, those of a page around it with 0.

    A page that holds no photograph at all is content as a whole, since its letters are all that it has.

    Args:
        greys: the picture.
        ground: the tone around each point, as the function of that name says.
        letters: what `drawn` marks in it.
    """
    if min(greys.shape) < 2 * _THIN:
        return np.full(greys.shape, 255, np.uint8)
    kernel = np.ones((_EVEN, _EVEN), np.uint8)
    even = cv2.subtract(cv2.dilate(greys, kernel), cv2.erode(greys, kernel)) <= _NOISE
    tones = np.bincount(greys[even], minlength=256) / greys.size
    near = np.convolve(tones, np.ones(2 * _NOISE + 1), "same")
    common = near >= _TONE
    if not common.any():
        return np.full(greys.shape, 255, np.uint8)
    grounded = common[ground]
    kernel = np.ones((_EVEN, _EVEN), np.uint8)
    even = cv2.dilate(even.astype(np.uint8), kernel) > 0
    page = even | ((letters > 0) & grounded)
    photographs = cv2.morphologyEx(
        np.where(page, 0, 255).astype(np.uint8), cv2.MORPH_OPEN, np.ones((_THIN, _THIN), np.uint8)
    )
    _, _, found, _ = cv2.connectedComponentsWithStats(photographs)
    areas = found[1:, cv2.CC_STAT_AREA]
    if not len(areas) or areas.max() < _TONE * greys.size:
        return np.full(greys.shape, 255, np.uint8)
    marks = np.zeros(greys.shape, np.uint8)
    for left, top, width, height, area in found[1:].tolist():
        if area >= _SMALL * areas.max():
            marks[top : top + height, left : left + width] = 255  # a photograph has corners, its sky and its glare too
    return marks
