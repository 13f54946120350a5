"""Local features of a picture: points that are found again after cropping, turning, mirroring and pasting.

SIFT (Lowe 2004) as RootSIFT (Arandjelović and Zisserman 2012), shortened to 64 numbers by the vocabulary. Points are
spread over the picture and taken first where it is photographic, because the letters of a page would crowd out the
photograph in it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from bot.images import vocabulary
from bot.images.sight import Sight, letters

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]

VERSION: Final = f"sift64/1+{vocabulary.VERSION}"
"""Stored with every set of features; a change of anything that changes them changes this."""

MOST_STORED: Final = 320
"""Points kept of a stored picture: 70 bytes each are 22 KB."""

MOST_SOUGHT: Final = 900
"""Points that a picture is looked up with; one page can hold several pictures."""

_DETECTED: Final = 2000
_CONTRAST: Final = 0.005
"""A tenth of the usual threshold: points are ranked anyway, and soft pictures (bokeh, mist) have few above it."""

_CELLS: Final = 12
"""The picture is divided in so many columns and rows; each gives its best points in turn."""

_LETTERS: Final = 0.1
"""Worth of a point in a drawn part, against one in a photograph."""

_MIRROR: Final = (
    np.arange(128).reshape(4, 4, 8)[::-1][..., (-np.arange(8)) % 8].reshape(-1)
)  # the cells of a descriptor change sides across its direction, and turns change their sense

POINT: Final = np.dtype(
    [("x", "<u2"), ("y", "<u2"), ("size", "u1"), ("angle", "u1"), ("descriptor", "i1", (vocabulary.DIMENSIONS,))]
)
"""One point as it is stored: place as a share of the sides in 65,535ths, diameter in sixteenths of an octave from a
thousandth of the longer side, direction in 256ths of a turn, the shortened descriptor."""


@dataclass(frozen=True, slots=True)
class Features:
    """The points of one picture.

    Attributes:
        width: of the picture, in pixels, upright.
        height: likewise.
        places: (points, 2) pixels of the picture.
        sizes: (points,) diameters in pixels.
        angles: (points,) radians, counted from right to down.
        descriptors: (points, 64).
    """

    width: int
    height: int
    places: Floats
    sizes: Floats
    angles: Floats
    descriptors: npt.NDArray[np.int8]

    def __len__(self) -> int:
        """How many points."""
        return len(self.places)

    def packed(self) -> bytes:
        """Return what the store keeps."""
        return self.points().tobytes()

    def points(self) -> npt.NDArray[np.void]:
        """Return the points as they are stored, (points,) of `POINT`."""
        points = np.zeros(len(self), POINT)
        longer = max(self.width, self.height)
        points["x"] = np.clip(np.rint(self.places[:, 0] / self.width * 65535), 0, 65535)
        points["y"] = np.clip(np.rint(self.places[:, 1] / self.height * 65535), 0, 65535)
        points["size"] = np.clip(np.rint(16 * np.log2(self.sizes / longer * 1000)), 0, 255)
        points["angle"] = np.rint(self.angles / (2 * np.pi) * 256).astype(np.int64) % 256
        points["descriptor"] = self.descriptors
        return points

    @classmethod
    def unpacked(cls, data: bytes, width: int, height: int) -> Features:
        """Read what `packed` has made."""
        points = np.frombuffer(data, POINT)
        places = np.stack([points["x"] / 65535 * width, points["y"] / 65535 * height], axis=1).astype(np.float32)
        sizes = (np.exp2(points["size"] / 16) / 1000 * max(width, height)).astype(np.float32)
        angles = (points["angle"] * (2 * np.pi / 256)).astype(np.float32)
        return cls(width, height, places, sizes, angles, points["descriptor"])


@dataclass(frozen=True, slots=True)
class Sought:
    """The points of a picture that is looked up, as it is and mirrored left to right."""

    upright: Features
    mirrored: Features

    def stored(self) -> bytes:
        """Return the best points, as the store keeps them."""
        best = self.upright
        chosen = slice(0, MOST_STORED)
        return Features(
            best.width, best.height, best.places[chosen], best.sizes[chosen], best.angles[chosen],
            best.descriptors[chosen],
        ).packed()  # fmt: skip


def described(greys: Bytes, letters: Bytes) -> tuple[list[cv2.KeyPoint], Floats]:
    """Find the points of a grey picture, the best first, and their SIFT descriptors, (points, 128).

    Args:
        greys: the picture.
        letters: 255 where it is drawn, 0 elsewhere.
    """
    cv2.setNumThreads(1)  # the workers are processes, one for each core
    sift = cv2.SIFT.create(nfeatures=_DETECTED, contrastThreshold=_CONTRAST)
    found = sift.detect(greys, None)
    chosen, raw = sift.compute(greys, [found[place] for place in _spread(found, letters)]) if found else ((), None)
    return list(chosen), np.zeros((0, 128), np.float32) if raw is None else np.asarray(raw, np.float32)


def mirrored(raw: Floats) -> Floats:
    """Return the descriptors that the points would have in the picture mirrored left to right."""
    return raw[:, _MIRROR]


def features(of: Sight) -> Sought:
    """Find the points of a picture, the best first."""
    chosen, raw = described(of.greys(), letters(of))
    across, down = of.scale
    places = np.array([point.pt for point in chosen], np.float32).reshape(-1, 2) * np.array([across, down], np.float32)
    sizes = np.array([point.size for point in chosen], np.float32) * np.float32(math.sqrt(across * down))
    angles = np.deg2rad(np.array([point.angle for point in chosen], np.float32))
    upright = Features(of.full_width, of.full_height, places, sizes, angles, vocabulary.shortened(raw))
    flipped = Features(
        of.full_width,
        of.full_height,
        np.stack([of.full_width - places[:, 0], places[:, 1]], axis=1),
        sizes,
        ((np.pi - angles) % (2 * np.pi)).astype(np.float32),
        vocabulary.shortened(mirrored(raw)),
    )
    return Sought(upright, flipped)


def _spread(found: Sequence[cv2.KeyPoint], letters: Bytes) -> npt.NDArray[np.intp]:
    """Choose points, best first: strong and large ones, the next of a cell after the first of others, letters last."""
    places = np.array([point.pt for point in found])
    worth = np.array([point.response * point.size**0.5 for point in found])
    height, width = letters.shape
    cell = _within(places[:, 1], height, _CELLS) * _CELLS + _within(places[:, 0], width, _CELLS)
    order = np.lexsort((-worth, cell))
    starts = np.r_[0, np.flatnonzero(np.diff(cell[order])) + 1]
    rank = np.empty(len(found))
    rank[order] = np.arange(len(order)) - np.repeat(starts, np.diff(np.r_[starts, len(order)]))
    lettered = letters[places[:, 1].astype(np.intp), places[:, 0].astype(np.intp)] > 0
    return np.argsort(-worth / (1 + rank) * np.where(lettered, _LETTERS, 1.0), kind="stable")[:MOST_SOUGHT]


def _within(place: npt.NDArray[np.float64], length: int, cells: int) -> npt.NDArray[np.intp]:
    return np.clip((place * cells / length).astype(np.intp), 0, cells - 1)
