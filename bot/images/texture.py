"""Which parts of a picture are drawn (letters, lines, flat colour) rather than photographed."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

GRAIN: Final = 16
"""Pixels of a block's side."""

_FLAT: Final = 3
"""Levels of 255 that the tones around a point may span for it to count as flat; compression alone makes 2 or 3."""

_SHARP: Final = 40
"""Levels that they span at a letter's or a line's edge."""

_MOSTLY: Final = 0.4
"""Share of flat points from which a block that has such an edge is drawn."""


def drawn(pixels: npt.NDArray[np.uint8], side: int = GRAIN) -> npt.NDArray[np.bool_]:
    """Say for each block of `side` pixels of an RGB or grey picture whether it is drawn: mostly flat, with sharp edges."""
    greys = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    kernel = np.ones((3, 3), np.uint8)
    span = cv2.subtract(cv2.dilate(greys, kernel), cv2.erode(greys, kernel))
    size = (max(1, greys.shape[1] // side), max(1, greys.shape[0] // side))
    flat = cv2.resize((span <= _FLAT).astype(np.float32), size, interpolation=cv2.INTER_AREA)
    sharp = cv2.resize((span >= _SHARP).astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return np.asarray((flat >= _MOSTLY) & (sharp > 0.01))
