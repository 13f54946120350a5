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

VERSION: Final = "words512/1"
DIMENSIONS: Final = 64
WORDS: Final = 512
CELLS: Final = WORDS * WORDS

_HALF: Final = DIMENSIONS // 2
SCALE: Final = 320.0
"""A shortened descriptor's numbers are kept in 320ths: of RootSIFT's unit length no component exceeds 0.4."""


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


def shortened(raw: Floats) -> npt.NDArray[np.int8]:
    """Shorten SIFT descriptors, (n, 128), to (n, 64)."""
    tables = _tables()
    root = np.sqrt(raw / np.maximum(raw.sum(axis=1, keepdims=True), 1e-6))
    short: npt.NDArray[np.int8] = np.clip(np.rint((root - tables.mean) @ tables.axes * SCALE), -127, 127).astype(
        np.int8
    )
    return short


class Coded(NamedTuple):
    """Cells and signatures of descriptors, each (descriptors, probes)."""

    cells: npt.NDArray[np.uint32]
    signatures: npt.NDArray[np.uint64]


def coded(descriptors: npt.NDArray[np.int8], probes: int = 1) -> Coded:
    """Return the nearest cells of each descriptor, nearest first, and its signature in each."""
    tables = _tables()
    values = descriptors.astype(np.float32)
    halves = (values[:, :_HALF], values[:, _HALF:])
    each = max(1, min(probes, 8))
    near, far = [], []
    for half, words in zip(halves, tables.words, strict=True):
        distance = (words * words).sum(axis=1) - 2 * (half @ words.T)
        best = np.argpartition(distance, each - 1, axis=1)[:, :each] if each > 1 else distance.argmin(axis=1)[:, None]
        cost = np.take_along_axis(distance, best, axis=1)
        order = np.argsort(cost, axis=1)
        near.append(np.take_along_axis(best, order, axis=1))
        far.append(np.take_along_axis(cost, order, axis=1))
    both = (far[0][:, :, None] + far[1][:, None, :]).reshape(len(values), each * each)
    pick = np.argsort(both, axis=1)[:, :probes]
    first = np.take_along_axis(near[0], pick // each, axis=1)
    second = np.take_along_axis(near[1], pick % each, axis=1)
    residual = (values @ tables.turn)[:, None, :] - tables.turned[0][first] - tables.turned[1][second]
    bits = np.packbits(residual > 0, axis=2)
    signatures = np.ascontiguousarray(bits).view(np.uint64)[:, :, 0]
    return Coded((first * WORDS + second).astype(np.uint32), signatures)
