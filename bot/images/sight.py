"""A working copy of a picture, bounded in area: what features are found on and what two pictures are compared by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from bot.images.decode import Picture
from bot.images.texture import content, drawn, ground

Pixels = npt.NDArray[np.uint8]

AREA: Final = 300_000
"""Pixels of the copy: features take 60 ms of one core whatever the shape of the picture. A phone's screenshot keeps its
photograph legible at that, where a bound on the longer side would leave a third of it."""


@dataclass(frozen=True, slots=True)
class Sight:
    """The copy.

    Attributes:
        full_width: of the picture itself, in pixels, upright.
        full_height: likewise.
        width: of the copy.
        height: likewise.
        rgb: its pixels, row by row.
    """

    full_width: int
    full_height: int
    width: int
    height: int
    rgb: bytes

    def pixels(self) -> Pixels:
        """Return the copy as (height, width, 3)."""
        return np.frombuffer(self.rgb, np.uint8).reshape(self.height, self.width, 3)

    def greys(self) -> Pixels:
        """Return its greys as (height, width)."""
        return np.asarray(cv2.cvtColor(self.pixels(), cv2.COLOR_RGB2GRAY), np.uint8)

    def image(self) -> Image.Image:
        """Return it as a Pillow image."""
        return Image.frombytes("RGB", (self.width, self.height), self.rgb)

    @property
    def scale(self) -> tuple[float, float]:
        """Pixels of the picture for one of the copy, across and down."""
        return self.full_width / self.width, self.full_height / self.height


def sight(picture: Picture) -> Sight:
    """Make the working copy of a picture."""
    pixels = picture.pixels
    scale = min(1.0, (AREA / (pixels.width * pixels.height)) ** 0.5)
    size = (max(1, round(pixels.width * scale)), max(1, round(pixels.height * scale)))
    if size != pixels.size:
        pixels = pixels.resize(size, Image.Resampling.BILINEAR, reducing_gap=3.0)
    return Sight(picture.width, picture.height, *size, pixels.tobytes())


# A query is marked once for all that it is laid over, and each of those once for all the ways in which it is laid.
_KEPT: Final = 16


@lru_cache(maxsize=_KEPT)
def _ground(of: Sight) -> Pixels:
    return ground(of.greys())


@lru_cache(maxsize=_KEPT)
def letters(of: Sight) -> Pixels:
    """Return 255 for the points of a copy that are drawn, 0 for others, (height, width), not to be written to."""
    found = drawn(of.greys(), _ground(of))
    found.setflags(write=False)
    return found


@lru_cache(maxsize=_KEPT)
def photographs(of: Sight) -> Pixels:
    """Return 255 for the points of a copy that are photograph, 0 for the page around, likewise."""
    found = content(of.greys(), _ground(of), letters(of))
    found.setflags(write=False)
    return found
