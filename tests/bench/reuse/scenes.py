"""From photographs to scenes: which half each belongs to, what it is used for, and how it is cut."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import imagehash
import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

TILE = 512
"""Pixels that a side of a scene aims at; a photograph is cut into as many columns and rows as come nearest to it."""

SMALLEST = 240
"""Pixels of the shorter side below which a file is too small to be a scene."""

LARGEST = 1024
"""Pixels of the longer side of a scene."""

DISTINCT = 10
"""Bits of imagehash's 64-bit phash within which two files show one motif."""

TEXTURED_SHARE = 0.25
TEXTURED = 4.0
"""A scene counts where a quarter of its 8-pixel blocks, at 512 pixels a side, deviate by four grey levels: it shows
something, and is no piece of a blurred background. Decided here and not by the matcher under test: a scene that counts
and that the matcher refuses is a miss."""


class Half(StrEnum):
    """The two halves of the photographs, by the first digit of the SHA-256 of the original file."""

    TUNING = "tuning"
    REPORT = "report"


class Role(StrEnum):
    """What a photograph serves for, by the second digit.

    Ten in sixteen are asked for, three are strangers whose scenes are never stored, three are cut up to fill the store.
    """

    ASKED = "asked"
    STRANGER = "stranger"
    FILLER = "filler"


@dataclass(frozen=True, slots=True)
class Photograph:
    """One original file.

    Attributes:
        sha256: of its bytes.
        path: where it lies.
        half: by the first digit of `sha256`.
        role: by the second.
    """

    sha256: str
    path: Path

    @property
    def half(self) -> Half:
        """Which half it belongs to."""
        return Half.TUNING if int(self.sha256[0], 16) % 2 == 0 else Half.REPORT

    @property
    def role(self) -> Role:
        """What it serves for."""
        digit = int(self.sha256[1], 16)
        return Role.ASKED if digit < 10 else Role.STRANGER if digit < 13 else Role.FILLER


@dataclass(frozen=True, slots=True)
class Scene:
    """A part of a photograph, at most `LARGEST` pixels; parts of one photograph do not overlap.

    Attributes:
        photo: SHA-256 of the photograph.
        number: which part.
        image: its pixels, RGB.
    """

    photo: str
    number: int
    image: Image.Image

    @property
    def name(self) -> str:
        """Names it in results and seeds."""
        return f"{self.photo[:12]}-{self.number}"


def opened(path: Path) -> Image.Image | None:
    """Open a picture upright in RGB, transparent parts on grey; None where it cannot be opened."""
    try:
        with Image.open(path) as file:
            image = ImageOps.exif_transpose(file)
            if "A" in image.getbands() or "transparency" in image.info:
                image = image.convert("RGBA")
                ground = Image.new("RGBA", image.size, "#808080")
                image = Image.alpha_composite(ground, image)
            return image.convert("RGB")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return None


def photograph(path: Path) -> Photograph:
    """Name a file by its digest."""
    return Photograph(hashlib.sha256(path.read_bytes()).hexdigest(), path)


def distinct(paths: Iterable[Path]) -> list[Photograph]:
    """Keep of every motif the largest file, those of no motif's size and what cannot be opened left out."""
    kept: list[tuple[imagehash.ImageHash, Photograph]] = []
    sized = []
    for path in paths:
        image = opened(path)
        if image is not None and min(image.size) >= SMALLEST:
            sized.append((-image.width * image.height, path.name, path, imagehash.phash(image)))
    for _, _, path, motif in sorted(sized, key=lambda entry: entry[:2]):
        if all(motif - other > DISTINCT for other, _ in kept):
            kept.append((motif, photograph(path)))
    return sorted((photo for _, photo in kept), key=lambda photo: photo.sha256)


def cut(photo: Photograph) -> Iterator[Scene]:
    """Cut a photograph into its scenes; those that show nothing are left out, and keep their number."""
    whole = opened(photo.path)
    if whole is None:
        return
    columns, rows = (max(1, min(6, round(side / TILE))) for side in whole.size)
    wide, high = whole.width // columns, whole.height // rows
    for number in range(columns * rows):
        left, top = number % columns * wide, number // columns * high
        image = fitted(whole.crop((left, top, left + wide, top + high)), LARGEST)
        if min(image.size) >= SMALLEST and textured(image):
            yield Scene(photo.sha256, number, image)


def crops(photos: list[Photograph], count: int, rng: np.random.Generator) -> Iterator[Image.Image]:
    """Cut `count` pieces of any place, size and shape out of the photographs: they overlap one another."""
    share = -(-count // max(1, len(photos)))
    given = 0
    for photo in photos:
        whole = opened(photo.path)
        for _ in range(share):
            if whole is None or given == count:
                break
            yield piece(whole, rng)
            given += 1


def piece(whole: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Cut one piece: a side of 15 to 70 % of the picture's, of a shape between 3:4 and 16:9, sometimes mirrored."""
    side = max(SMALLEST, float(rng.uniform(0.15, 0.7)) * min(whole.size))
    shape = float(rng.uniform(0.75, 1.78))
    wide, high = min(whole.width, round(side * shape**0.5)), min(whole.height, round(side / shape**0.5))
    left, top = int(rng.integers(whole.width - wide + 1)), int(rng.integers(whole.height - high + 1))
    image = fitted(whole.crop((left, top, left + wide, top + high)), int(rng.integers(400, 801)))
    return ImageOps.mirror(image) if rng.random() < 0.5 else image


def fitted(image: Image.Image, longest: int) -> Image.Image:
    """Make a picture no longer than this, keeping its shape."""
    scale = min(1.0, longest / max(image.size))
    if scale == 1.0:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS)


def textured(image: Image.Image) -> bool:
    """Whether a scene shows enough to be asked for."""
    greys = np.asarray(image.convert("L").resize((512, 512), Image.Resampling.BOX), np.float32)
    blocks = greys.reshape(64, 8, 64, 8).swapaxes(1, 2).reshape(-1, 64)
    return bool((blocks.std(axis=1) >= TEXTURED).mean() >= TEXTURED_SHARE)


def saved(image: Image.Image, quality: int = 90, kind: str = "JPEG") -> bytes:
    """Return the bytes of a file."""
    file = io.BytesIO()
    image.save(file, kind, quality=quality)
    return file.getvalue()
