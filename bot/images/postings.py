"""An inverted file over the features of pictures: which pictures have points in the cells that a query's points have.

A block holds the postings of some pictures, sorted by cell, and never changes; it can be written to a file and mapped
back, so that several processes share one copy of it. Which pictures a query resembles is decided by votes: a posting
in the cell of a query's point votes for its picture where the signatures are near, less where many pictures have one.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from bot.images.vocabulary import Coded

RADIUS: Final = 20
"""Bits of a 64-bit signature that may differ."""

_SPREAD: Final = 12.0
"""Bits over which a vote falls off."""

_COMMON: Final = 4000
"""Postings of one block in one cell from which the cell says nothing (letters, foliage)."""

_MAGIC: Final = b"DTLNPOST"
_HEADER: Final = struct.Struct("<8sIQQ")
_START: Final = 64
"""Bytes before the first column, which is aligned to 8."""

_FORMAT: Final = 1


class Unreadable(ValueError):
    """A file of postings is of another version, cut short, or none."""


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes of a query's points: for which picture, from which point, how near the signatures are in bits."""

    picture: npt.NDArray[np.int64]
    point: npt.NDArray[np.int64]
    bits: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Block:
    """The postings of some pictures.

    Attributes:
        names: (pictures,) digests, 32 bytes each.
        seqs: (pictures,) their sequence numbers, rising.
        cells: (postings,) rising.
        pictures: (postings,) by their place in `names`.
        signatures: (postings,).
    """

    names: npt.NDArray[np.void]
    seqs: npt.NDArray[np.int64]
    cells: npt.NDArray[np.uint32]
    pictures: npt.NDArray[np.uint32]
    signatures: npt.NDArray[np.uint64]

    def __len__(self) -> int:
        """How many pictures."""
        return len(self.names)

    def votes(self, query: Coded) -> Votes:
        """Return the postings that lie in the cells of the query's points and have signatures near theirs."""
        points = np.repeat(np.arange(query.cells.shape[0]), query.cells.shape[1])
        low = np.searchsorted(self.cells, query.cells.reshape(-1), "left")
        count = np.searchsorted(self.cells, query.cells.reshape(-1), "right") - low
        count[count > _COMMON] = 0
        ends = np.cumsum(count)
        rows = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(low - (ends - count), count)
        bits = np.bitwise_count(self.signatures[rows] ^ np.repeat(query.signatures.reshape(-1), count))
        near = np.flatnonzero(bits <= RADIUS)
        return Votes(
            self.pictures[rows[near]].astype(np.int64), np.repeat(points, count)[near], np.asarray(bits[near], np.uint8)
        )

    def write(self, path: Path) -> None:
        """Write it to a file, whole."""
        with path.open("wb") as file:
            file.write(_HEADER.pack(_MAGIC, _FORMAT, len(self.names), len(self.cells)).ljust(_START, b"\0"))
            for column in (self.signatures, self.seqs, self.names, self.cells, self.pictures):
                file.write(np.ascontiguousarray(column).tobytes())
            file.flush()

    @classmethod
    def mapped(cls, path: Path) -> Block:
        """Map a file that `write` has made; pages are read when they are needed, and shared between processes.

        Raises:
            Unreadable: the file is none, or not whole.
            OSError: it cannot be opened.
        """
        data = np.memmap(path, np.uint8, "r") if path.stat().st_size else np.zeros(0, np.uint8)
        if len(data) < _START:
            raise Unreadable(str(path))
        magic, version, pictures, postings = _HEADER.unpack(data[: _HEADER.size].tobytes())
        if magic != _MAGIC or version != _FORMAT or len(data) != _START + 40 * pictures + 16 * postings:
            raise Unreadable(str(path))
        at = _START
        columns = []
        kinds = (("<u8", postings), ("<i8", pictures), ("V32", pictures), ("<u4", postings), ("<u4", postings))
        for kind, number in kinds:
            size = np.dtype(kind).itemsize
            columns.append(data[at : at + size * number].view(kind))
            at += size * number
        signatures, seqs, names, cells, numbers = columns
        return cls(names, seqs, cells, numbers, signatures)


def block(rows: Sequence[tuple[int, str, Coded]]) -> Block:
    """Make a block of pictures: (sequence number, digest in hexadecimal, cells and signatures of its points)."""
    names = np.array([bytes.fromhex(sha256) for _, sha256, _ in rows], "V32")
    seqs = np.array([seq for seq, _, _ in rows], np.int64)
    cells = np.concatenate([coded.cells[:, 0] for _, _, coded in rows] or [np.zeros(0, np.uint32)])
    signatures = np.concatenate([coded.signatures[:, 0] for _, _, coded in rows] or [np.zeros(0, np.uint64)])
    pictures = np.repeat(np.arange(len(rows), dtype=np.uint32), [len(coded.cells) for _, _, coded in rows])
    return _sorted(names, seqs, cells, pictures, signatures)


def merged(blocks: Sequence[Block]) -> Block:
    """Make one block of several, in their order."""
    starts = np.cumsum([0, *(len(one) for one in blocks)])[:-1]
    return _sorted(
        np.concatenate([one.names for one in blocks]),
        np.concatenate([one.seqs for one in blocks]),
        np.concatenate([one.cells for one in blocks]),
        np.concatenate([one.pictures + np.uint32(start) for one, start in zip(blocks, starts, strict=True)]),
        np.concatenate([one.signatures for one in blocks]),
    )


def _sorted(
    names: npt.NDArray[np.void],
    seqs: npt.NDArray[np.int64],
    cells: npt.NDArray[np.uint32],
    pictures: npt.NDArray[np.uint32],
    signatures: npt.NDArray[np.uint64],
) -> Block:
    order = np.argsort(cells, kind="stable")
    return Block(names, seqs, cells[order], pictures[order], signatures[order])


def ranked(votes: Votes, pictures: int, most: int) -> list[tuple[int, float]]:
    """Return the pictures with most votes, and their votes; a point votes once for a picture, and shares its vote.

    A point that is like points of many pictures (a window, a letter) says little about each of them.
    """
    if not len(votes.picture):
        return []
    key = votes.point * pictures + votes.picture
    order = np.lexsort((votes.bits, key))
    first = order[np.r_[True, np.diff(key[order]) > 0]]
    point, picture = votes.point[first], votes.picture[first]
    weight = np.exp(-((votes.bits[first] / _SPREAD) ** 2)) / np.sqrt(np.bincount(point)[point])
    total = np.bincount(picture, weight, pictures)
    best = np.argpartition(-total, min(most, pictures - 1))[:most]
    best = best[np.argsort(-total[best], kind="stable")]
    return [(int(place), float(total[place])) for place in best if total[place] > 0]
