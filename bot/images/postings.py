"""An inverted file over the features of pictures: which pictures have points in the cells that a query's points have.

A block holds the postings of some pictures, by cell, and never changes; it can be written to a file and mapped back, so
that several processes share one copy of it. Which pictures a query resembles is decided by votes: a posting in the cell
of a query's point votes for its picture where the signatures are near, less where many pictures have one. Votes of one
copy agree on how far it is turned and how much larger it is (weak geometric consistency, Jégou, Douze and Schmid 2008).
"""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from bot.images.features import POINT
from bot.images.vocabulary import CELLS, Coded

RADIUS: Final = 18
"""Bits of a 64-bit signature that may differ. Of 336 edited copies among 2,783 stored pictures of the tuning half the
right one stood among the first four for 98.2 % with 20 and 22 as well, and for 98.5 % with 18."""

MOST: Final = 65_536
"""Pictures that a block can hold."""

_SPREAD: Final = 12.0
"""Bits over which a vote falls off."""

_COMMON: Final = 4000
"""Postings of one block in one cell from which the cell says nothing (letters, foliage)."""

_MAGIC: Final = b"DTLNPOST"
_HEADER: Final = struct.Struct("<8sIQQ")
_START: Final = 64
"""Bytes before the first column, which is aligned to 8."""

_FORMAT: Final = 2

POSTING: Final = np.dtype([("picture", "<u2"), ("turn", "u1"), ("size", "u1")])
"""One posting beside its signature: the picture by its place in the block, and the point's direction and size as
`bot.images.features.POINT` has them."""


class Unreadable(ValueError):
    """A file of postings is of another version, cut short, or none."""


class Asked(NamedTuple):
    """The points of a query: cells and signatures, (points, probes), and directions and sizes, (points,)."""

    coded: Coded
    turns: npt.NDArray[np.uint8]
    sizes: npt.NDArray[np.uint8]


def asked(points: npt.NDArray[np.void], coded: Coded) -> Asked:
    """Put together what is asked with: points as they are stored, and what they are coded to."""
    return Asked(coded, points["angle"], points["size"])


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes of a query's points, one entry each.

    Attributes:
        picture: for which picture.
        point: from which point of the query.
        bits: how far the signatures differ.
        turn: direction of the query's point less that of the stored one, in 256ths of a turn.
        growth: size of the query's point over that of the stored one, in sixteenths of an octave above 2 ** -8.
    """

    picture: npt.NDArray[np.int64]
    point: npt.NDArray[np.int64]
    bits: npt.NDArray[np.uint8]
    turn: npt.NDArray[np.uint8]
    growth: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Block:
    """The postings of some pictures.

    Attributes:
        names: (pictures,) digests, 32 bytes each.
        seqs: (pictures,) their sequence numbers, rising.
        starts: (cells + 1,) where the postings of each cell begin.
        signatures: (postings,).
        postings: (postings,) of `POSTING`.
    """

    names: npt.NDArray[np.void]
    seqs: npt.NDArray[np.int64]
    starts: npt.NDArray[np.uint32]
    signatures: npt.NDArray[np.uint64]
    postings: npt.NDArray[np.void]

    def __len__(self) -> int:
        """How many pictures."""
        return len(self.names)

    def votes(self, query: Asked) -> Votes:
        """Return the postings that lie in the cells of the query's points and have signatures near theirs."""
        cells, signatures = (column.reshape(-1) for column in query.coded)
        low = self.starts[cells].astype(np.int64)
        count = self.starts[cells + np.uint32(1)] - low
        count[count > _COMMON] = 0
        ends = np.cumsum(count)
        rows = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(low - (ends - count), count)
        bits = np.bitwise_count(self.signatures[rows] ^ np.repeat(signatures, count))
        near = np.flatnonzero(bits <= RADIUS)
        found = self.postings[rows[near]]
        point = np.searchsorted(ends, near, "right") // query.coded.cells.shape[1]
        growth = np.clip(query.sizes[point].astype(np.int16) - found["size"] + 128, 0, 255).astype(np.uint8)
        return Votes(found["picture"].astype(np.int64), point, bits[near], query.turns[point] - found["turn"], growth)

    def write(self, path: Path) -> None:
        """Write it to a file, whole, so that it is on the medium when this returns."""
        with path.open("wb") as file:
            file.write(_HEADER.pack(_MAGIC, _FORMAT, len(self.names), len(self.signatures)).ljust(_START, b"\0"))
            for column in (self.signatures, self.seqs, self.names, self.postings, self.starts):
                file.write(np.ascontiguousarray(column).tobytes())
            file.flush()
            os.fsync(file.fileno())

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
        kinds = (
            (np.dtype("<u8"), postings),
            (np.dtype("<i8"), pictures),
            (np.dtype("V32"), pictures),
            (POSTING, postings),
            (np.dtype("<u4"), CELLS + 1),
        )
        size = _START + sum(kind.itemsize * number for kind, number in kinds)
        if magic != _MAGIC or version != _FORMAT or len(data) != size:
            raise Unreadable(str(path))
        at = _START
        columns = []
        for kind, number in kinds:
            columns.append(data[at : at + kind.itemsize * number].view(np.ndarray).view(kind))
            at += kind.itemsize * number
        signatures, seqs, names, found, starts = columns
        return cls(names, seqs, starts, signatures, found)


class Row(NamedTuple):
    """A picture to be put into a block: sequence number, digest in hexadecimal, points, and what they are coded to."""

    seq: int
    sha256: str
    points: npt.NDArray[np.void]
    coded: Coded


def block(rows: Sequence[Row]) -> Block:
    """Make a block of pictures, at most `MOST`."""
    points = np.concatenate([np.zeros(0, POINT), *(row.points for row in rows)])
    cells = np.concatenate([np.zeros(0, np.uint32), *(row.coded.cells[:, 0] for row in rows)])
    signatures = np.concatenate([np.zeros(0, np.uint64), *(row.coded.signatures[:, 0] for row in rows)])
    postings = np.zeros(len(points), POSTING)
    postings["picture"] = np.repeat(np.arange(len(rows)), [len(row.points) for row in rows])
    postings["turn"], postings["size"] = points["angle"], points["size"]
    order = np.argsort(cells, kind="stable")
    return Block(
        np.array([bytes.fromhex(row.sha256) for row in rows], "V32"),
        np.array([row.seq for row in rows], np.int64),
        _starts(np.bincount(cells, minlength=CELLS)),
        signatures[order],
        postings[order],
    )


def merged(blocks: Sequence[Block]) -> Block:
    """Make one block of several, in their order; together they hold at most `MOST` pictures."""
    counts = [np.diff(one.starts) for one in blocks]
    starts = _starts(np.sum(counts, axis=0))
    signatures = np.empty(int(starts[-1]), np.uint64)
    postings = np.empty(int(starts[-1]), POSTING)
    to = starts[:-1].astype(np.int64)
    pictures = 0
    for one, count in zip(blocks, counts, strict=True):
        places = np.repeat(to - one.starts[:-1], count) + np.arange(len(one.signatures))
        signatures[places] = one.signatures
        moved = np.array(one.postings)
        moved["picture"] += np.uint16(pictures)
        postings[places] = moved
        to += count
        pictures += len(one)
    names, seqs = (np.concatenate(columns) for columns in zip(*((one.names, one.seqs) for one in blocks), strict=True))
    return Block(names, seqs, starts, signatures, postings)


def _starts(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.uint32]:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.uint32)


_SHORTLIST: Final = 256
"""Pictures with most votes whose votes are held against each other: they agree for copies, and for others by chance."""

_TURNS, _GROWTHS = 16, 16
"""Classes of turns, and of growths (an octave each), of which two that are next to each other count together: a point
that lies near a border falls on either side."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """The pictures with most votes that agree.

    Attributes:
        best: the pictures, and their votes, most first.
        chance: what a picture gets without any likeness: the middle of the shortlist; 0 where few got any.
    """

    best: list[tuple[int, float]]
    chance: float


def ranked(votes: Votes, pictures: int, most: int) -> Ranked:
    """Rank pictures by the votes that agree.

    A point votes once for a picture, and shares its vote: one that is like points of many pictures (a window, a letter)
    says little about each of them.
    """
    if not len(votes.picture):
        return Ranked([], 0.0)
    # sorted as one number each: by point and picture, the nearest first
    key = (votes.point * pictures + votes.picture) << 22 | votes.bits.astype(np.int64) << 16
    key |= votes.turn.astype(np.int64) << 8 | votes.growth
    key.sort()
    whose = key >> 22
    first = np.concatenate([[True], whose[1:] != whose[:-1]])
    key, (point, picture) = key[first], np.divmod(whose[first], pictures)
    weight = np.exp(-((((key >> 16) & 63) / _SPREAD) ** 2)) / np.sqrt(np.bincount(point))[point]
    total = np.bincount(picture, weight, pictures)
    few = min(_SHORTLIST, pictures)
    short = np.argpartition(-total, few - 1)[:few]
    place = np.full(pictures, -1)
    place[short] = np.arange(few)
    kept = np.flatnonzero(place[picture] >= 0)
    turn, growth = (key[kept] >> 8 & 255) * _TURNS >> 8, (key[kept] & 255) * _GROWTHS >> 8
    classes = np.bincount(
        (place[picture[kept]] * _TURNS + turn) * _GROWTHS + growth, weight[kept], few * _TURNS * _GROWTHS
    ).reshape(few, _TURNS, _GROWTHS)
    classes += np.roll(classes, -1, axis=1)
    agreeing = (classes[:, :, 1:] + classes[:, :, :-1]).max(axis=(1, 2))
    best = np.argsort(-agreeing, kind="stable")[:most]
    found = [(int(short[one]), float(agreeing[one])) for one in best if agreeing[one] > 0]
    return Ranked(found, float(np.median(agreeing)))
