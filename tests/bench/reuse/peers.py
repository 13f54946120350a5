"""The open peers, asked the same questions: whole-image hashes at the thresholds that their users set."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import imagehash
import numpy as np
import numpy.typing as npt
import pdqhash
from PIL import Image

from tests.bench.reuse.answers import Answer, Found

Bits = npt.NDArray[np.uint8]


def _phash(image: Image.Image) -> Bits:
    return np.packbits(imagehash.phash(image).hash.reshape(-1))


def _dhash(image: Image.Image) -> Bits:
    return np.packbits(imagehash.dhash(image).hash.reshape(-1))


def _pdq(image: Image.Image) -> Bits:
    bits, _quality = pdqhash.compute(np.asarray(image.convert("RGB")))
    return np.packbits(np.asarray(bits, np.uint8))


HASHES: dict[str, Callable[[Image.Image], Bits]] = {"phash": _phash, "dhash": _dhash, "pdq": _pdq}


@dataclass(frozen=True, slots=True)
class Rule:
    """A peer as people use it.

    Attributes:
        name: as it stands in the table.
        hash: which of `HASHES`.
        within: bits up to which two pictures are taken to be one.
    """

    name: str
    hash: str
    within: int


RULES = (
    Rule("imagehash phash ≤ 5", "phash", 5),
    Rule("imagehash dhash ≤ 5", "dhash", 5),
    Rule("PDQ ≤ 31", "pdq", 31),
    Rule("Alegre phash ≥ 0.9", "phash", 6),
    Rule("Alegre PDQ ≥ 0.9", "pdq", 25),
)
"""imagehash's own documentation compares with 5 of 64 bits; PDQ's authors and hasher-matcher-actioner use 31 of 256;
Alegre asks for a similarity of 0.9, which is 6 of 64 and 25 of 256 bits."""

CROP_RESISTANT = "imagehash crop_resistant_hash"


@dataclass
class HashPeer:
    """All stored pictures under one hash.

    Attributes:
        hash: which of `HASHES`.
        seconds: spent on hashing and searching queries.
    """

    hash: str
    seconds: float = 0.0
    _names: list[str] = field(default_factory=list)
    _rows: list[Bits] = field(default_factory=list)
    _table: Bits | None = None

    def store(self, sha256: str, image: Image.Image) -> None:
        """Take in a picture."""
        self._names.append(sha256)
        self._rows.append(HASHES[self.hash](image))
        self._table = None

    def ask(self, image: Image.Image) -> list[tuple[str, int]]:
        """Return the ten nearest with their distances in bits, nearest first."""
        began = time.perf_counter()
        if self._table is None:
            self._table = np.stack(self._rows)
        bits = np.bitwise_count(self._table ^ HASHES[self.hash](image)).sum(axis=1, dtype=np.int64)
        nearest = np.argpartition(bits, min(10, len(bits) - 1))[:10]
        nearest = nearest[np.argsort(bits[nearest], kind="stable")]
        self.seconds += time.perf_counter() - began
        return [(self._names[place], int(bits[place])) for place in nearest]


def judged(rule: Rule, nearest: list[tuple[str, int]], seconds: float) -> Answer:
    """Turn the nearest into an answer: those within the rule's threshold are matches."""
    return Answer(tuple(Found(name, -float(bits), bits <= rule.within) for name, bits in nearest), seconds)


class CropResistant:
    """imagehash's hash of segments, as its `matches` compares it: one region within a quarter of its bits is enough."""

    def __init__(self) -> None:
        self._stored: list[tuple[str, imagehash.ImageMultiHash]] = []
        self.seconds = 0.0

    def store(self, sha256: str, image: Image.Image) -> None:
        """Take in a picture."""
        self._stored.append((sha256, self._hash(image)))

    def ask(self, image: Image.Image) -> Answer:
        """Compare with every stored picture."""
        began = time.perf_counter()
        query = self._hash(image)
        found = []
        for name, other in self._stored:
            regions, bits = query.hash_diff(other)
            if regions:
                found.append(Found(name, regions - bits / (regions * 64), query.matches(other)))
        seconds = time.perf_counter() - began
        self.seconds += seconds
        return Answer(tuple(sorted(found, key=lambda one: -one.score)), seconds)

    def _hash(self, image: Image.Image) -> imagehash.ImageMultiHash:
        return imagehash.crop_resistant_hash(image, min_segment_size=500, segmentation_image_size=300)


def pixels(data: bytes) -> Image.Image:
    """Decode a query once for all peers."""
    return Image.open(io.BytesIO(data)).convert("RGB")
