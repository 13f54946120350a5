"""The perceptual hash of a picture, in the eight ways it can be laid down, and whether it can be relied on.

The hash is `imagehash.phash` of 256 bits, by definition and by call: the signs, around their median, of the 16 by 16
lowest frequencies of the picture brought to 64 by 64 greys. The greys are made once; turning those and hashing again
gives the hash of the turned picture (Pillow's reduction treats left and right, up and down alike, to a rounding).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import imagehash
import numpy as np
from PIL import Image

from bot.images.decode import Picture
from bot.images.orientation import Orientation
from bot.images.view import BLOCKS, TEXTURE, Greys

VERSION: Final = "phash256/2"
"""Stored with every hash; a change of anything here that changes a hash or a refusal changes this."""

HASH_BYTES: Final = 32

_HASH_SIZE: Final = 16
_GREYS: Final = 64
"""imagehash's `hash_size` and its `highfreq_factor` (4) times that."""

SMALLEST_EDGE: Final = 32
"""Pixels. Sixteen frequencies need two samples a half-wave; below that the hash describes the enlargement."""

SMALLEST_CONTRAST: Final = 4.0
"""Standard deviation of the 64 by 64 greys, in levels of 255. Of 384 scenes cut from 62 photographs and desktop
pictures, 6 lay below: skies and walls, which recompression made unrecognisable."""

SMALLEST_TEXTURE: Final = 8
"""Of 64 blocks, how many must hold something to compare. Dark frames with one bright corner hold 3, and agree with each
other fully; the emptiest of those scenes that could be told apart held 8."""

LARGEST_CHANGE: Final = 64
"""Bits of 256 that may change under slight noise. Of scenes with something in them at most 42 changed; of gradients and
chessboards, most of whose frequencies are zero, at least 95. Soft skies and bare boards lie between."""

_NOISE: Final = 1.5
"""Standard deviation, in levels of 255, of the noise that the hash must survive."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The hash of one picture.

    Attributes:
        phash: 32 bytes, most significant bit first, row by row of the frequencies.
        variants: for each orientation, the hash of the picture that this one would be a so-oriented copy of.
        usable: False where the picture holds too little to be told from others.
        why_not: one sentence with the figure, None where usable.
        version: `VERSION`.
    """

    phash: bytes
    variants: tuple[tuple[Orientation, bytes], ...]
    usable: bool
    why_not: str | None
    version: str = VERSION


def fingerprint(picture: Picture) -> Fingerprint:
    """Hash a picture and judge whether it holds enough to be recognised."""
    greys = picture.pixels.convert("L").resize((_GREYS, _GREYS), Image.Resampling.LANCZOS)
    variants = tuple((orientation, _phash(orientation.undo(greys))) for orientation in Orientation)
    upright = variants[0][1]
    why_not = _why_not(picture, greys, upright)
    return Fingerprint(upright, variants, why_not is None, why_not)


def distance(one: bytes, other: bytes) -> int:
    """Count the bits in which two hashes differ."""
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()


def _textured_blocks(greys: Greys) -> int:
    """Count the blocks of a 64 by 64 grey picture that hold something to compare."""
    side = _GREYS // BLOCKS
    return int((greys.reshape(BLOCKS, side, BLOCKS, side).std(axis=(1, 3)) >= TEXTURE).sum())


def _phash(greys: Image.Image) -> bytes:
    return np.packbits(imagehash.phash(greys, hash_size=_HASH_SIZE).hash).tobytes()


def _why_not(picture: Picture, greys: Image.Image, upright: bytes) -> str | None:
    edge = min(picture.width, picture.height)
    if edge < SMALLEST_EDGE:
        return f"the picture is too small to be recognised: {edge} pixels on its shorter side, {SMALLEST_EDGE} needed"
    values = np.asarray(greys, dtype=np.float32)
    contrast = float(values.std())
    if contrast < SMALLEST_CONTRAST:
        return (
            f"the picture is almost one flat tone: a contrast of {contrast:.1f} in 255, {SMALLEST_CONTRAST:.0f} needed"
        )
    texture = _textured_blocks(values)
    if texture < SMALLEST_TEXTURE:
        return f"the picture is empty but for {texture} of 64 parts of it, {SMALLEST_TEXTURE} are needed"
    noise = np.random.default_rng(0).normal(0.0, _NOISE, values.shape)
    noisy = Image.fromarray(np.clip(np.rint(values + noise), 0, 255).astype(np.uint8))
    change = distance(upright, _phash(noisy))
    if change > LARGEST_CHANGE:
        return (
            f"the picture holds too little detail to be recognised: slight noise changes {change} of its 256 "
            f"fingerprint bits, at most {LARGEST_CHANGE} may"
        )
    return None
