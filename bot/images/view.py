"""A small copy of a picture for looking at two of them point by point, and how far they agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from bot.images.decode import Picture
from bot.images.orientation import Orientation

Greys = npt.NDArray[np.float32]

EDGE: Final = 128
"""Pixels of a view's side. Both pictures are squeezed into this square, so that a change of shape does not matter."""

BLOCKS: Final = 8
"""Blocks along a side of the square in which agreement is measured."""

_SIDE: Final = 64
"""Pixels of the side of that square: blocks of 8 by 8."""

TEXTURE: Final = 1.5
"""Standard deviation, in levels of 255, above which a block holds something to compare."""

AGREES: Final = 0.5
"""Correlation from which a block is taken to show the same."""


@dataclass(frozen=True, slots=True)
class View:
    """A picture in `EDGE` by `EDGE` pixels of 8-bit RGB, row by row."""

    rgb: bytes

    def image(self) -> Image.Image:
        """Return it as a Pillow image."""
        return Image.frombytes("RGB", (EDGE, EDGE), self.rgb)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two views show the same.

    Attributes:
        score: 0..1, the mean correlation of the blocks in which either view has texture; negative ones count as 0.
        compared: how many of the `BLOCKS` squared blocks had texture.
        differing: `BLOCKS` by `BLOCKS`, True where a block has texture and does not agree.
    """

    score: float
    compared: int
    differing: npt.NDArray[np.bool_]


def view(picture: Picture) -> View:
    """Squeeze a picture into a view."""
    return View(picture.pixels.resize((EDGE, EDGE), Image.Resampling.BILINEAR, reducing_gap=3.0).tobytes())


def laid(of: View, orientation: Orientation) -> Image.Image:
    """Lay a view like the picture that it would be a so-oriented copy of."""
    return orientation.undo(of.image())


def agreement(one: Image.Image, other: Image.Image) -> Agreement:
    """Compare two views block by block, each block in its own brightness and contrast.

    A change of tone, of sharpness or of compression leaves the pattern within most blocks; another picture does not
    share it, even where hashes are near because both are, say, bright above and dark below.
    """
    first, second = _blocks(one), _blocks(other)
    spread_one, spread_other = first.std(axis=1), second.std(axis=1)
    textured = np.maximum(spread_one, spread_other) >= TEXTURE
    product = (first * second).mean(axis=1)
    scale = np.maximum(spread_one * spread_other, 1e-6)
    correlation = np.clip(product / scale, 0.0, 1.0)
    compared = int(textured.sum())
    score = float(correlation[textured].mean()) if compared else 0.0
    differing = (textured & (correlation < AGREES)).reshape(BLOCKS, BLOCKS)
    return Agreement(min(score, 1.0), compared, differing)


def _blocks(image: Image.Image) -> Greys:
    """Return the blocks of a view's greys, one a row, each with its own mean taken away."""
    greys = np.asarray(image.convert("L").reduce(EDGE // _SIDE), dtype=np.float32)
    side = _SIDE // BLOCKS
    rows: Greys = greys.reshape(BLOCKS, side, BLOCKS, side).swapaxes(1, 2).reshape(BLOCKS * BLOCKS, side * side)
    means: Greys = rows.mean(axis=1, keepdims=True)
    return rows - means
