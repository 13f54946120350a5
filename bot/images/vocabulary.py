"""The shipped vocabulary: how a descriptor is shortened, which of the cells it falls into, and its signature there.

A descriptor (RootSIFT, 128 numbers) is projected onto its 64 principal components. The two halves of those are
quantised by `WORDS` centroids each (an inverted multi-index, Babenko and Lempitsky 2012): `WORDS` squared cells.
Within its cell a descriptor is described by the signs of its turned residual: 64 bits (Hamming embedding, Jégou, Douze
and Schmid 2008).
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from io import BytesIO
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

VERSION: Final = "words512/2"
DIMENSIONS: Final = 64
WORDS: Final = 512
CELLS: Final = WORDS * WORDS

_HALF: Final = DIMENSIONS // 2
SCALE: Final = 320.0
"""A shortened descriptor's numbers are kept in 320ths: of RootSIFT's unit length no component exceeds 0.4."""

_AT_ONCE: Final = 4096
"""Descriptors whose distances to all words are held at once: 8 MB."""


class _Tables(NamedTuple):
    mean: Floats
    axes: Floats
    words: tuple[Floats, Floats]
    turn: Floats
    turned: tuple[Floats, Floats]


@cache
def _tables() -> _Tables:
    with np.load(BytesIO(resources.files("bot.images").joinpath("vocabulary.npz").read_bytes())) as data:
        mean, axes = data["mean"].astype(np.float32), data["axes"].astype(np.float32)
        words = data["words"].astype(np.float32)
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(DIMENSIONS, DIMENSIONS)))[0].astype(np.float32)
    turned = (words[0] @ turn[:_HALF], words[1] @ turn[_HALF:])
    return _Tables(mean, axes, (words[0], words[1]), turn, turned)


def rooted(raw: Floats) -> Floats:
    """Return RootSIFT of SIFT descriptors, (n, 128) each: of length 1, their distances those of Hellinger."""
    root: Floats = np.sqrt(raw / np.maximum(raw.sum(axis=1, keepdims=True), np.float32(1e-6)))
    return root


def shortened(raw: Floats) -> npt.NDArray[np.int8]:
    """Shorten SIFT descriptors, (n, 128), to (n, 64)."""
    tables = _tables()
    short: npt.NDArray[np.int8] = np.clip(np.rint((rooted(raw) - tables.mean) @ tables.axes * SCALE), -127, 127).astype(
        np.int8
    )
    return short


class Coded(NamedTuple):
    """Cells and signatures of descriptors, each (descriptors, probes)."""

    cells: npt.NDArray[np.uint32]
    signatures: npt.NDArray[np.uint64]


def coded(descriptors: npt.NDArray[np.int8], probes: int = 1) -> Coded:
    """Return the nearest cells of each descriptor, nearest first, and its signature in each."""
    parts = [
        _coded(descriptors[start : start + _AT_ONCE], probes) for start in range(0, len(descriptors) or 1, _AT_ONCE)
    ]
    return Coded(np.concatenate([part.cells for part in parts]), np.concatenate([part.signatures for part in parts]))


def _coded(descriptors: npt.NDArray[np.int8], probes: int) -> Coded:
    tables = _tables()
    values = descriptors.astype(np.float32)
    halves = (values[:, :_HALF], values[:, _HALF:])
    (near, far), (near_too, far_too) = (
        _nearest(half, words, probes) for half, words in zip(halves, tables.words, strict=True)
    )
    both = (far[:, :, None] + far_too[:, None, :]).reshape(len(values), probes * probes)
    pick = np.argsort(both, axis=1)[:, :probes]
    first = np.take_along_axis(near, pick // probes, axis=1)
    second = np.take_along_axis(near_too, pick % probes, axis=1)
    residual = (values @ tables.turn)[:, None, :] - tables.turned[0][first] - tables.turned[1][second]
    bits = np.packbits(residual > 0, axis=2)
    signatures = np.ascontiguousarray(bits).view(np.uint64)[:, :, 0]
    return Coded((first * WORDS + second).astype(np.uint32), signatures)


def _nearest(half: Floats, words: Floats, count: int) -> tuple[npt.NDArray[np.intp], Floats]:
    """Return the nearest words of each half descriptor, nearest first, and their distances but for a constant."""
    # squared distances but for the half's own length, in one product
    ones = np.ones((len(half), 1), np.float32)
    lengths = (words * words).sum(axis=1)[:, None]
    distance = np.hstack([half, ones]) @ np.hstack([-2 * words, lengths]).T
    rows = np.arange(len(half))
    near, far = np.empty((len(half), count), np.intp), np.empty((len(half), count), np.float32)
    for place in range(count):  # a few passes for the smallest are faster than a partition
        near[:, place] = distance.argmin(axis=1)
        far[:, place] = distance[rows, near[:, place]]
        distance[rows, near[:, place]] = np.inf
    return near, far
