"""The postings of a store, in blocks by sequence number: derived from the rows, kept in files, refreshed as they come.

Sequence numbers are cut into ranges of `SMALL`, and those again into ranges of `LARGE`. A range is closed once a higher
number was given: from then on rows can only leave it. A closed range is one block in one file, which whichever process
comes first writes under another name and renames; what a killed process leaves is never read. The open range is kept
in memory alone. No verdict rests on the files: candidates are judged by the features in the store, and a file that does
not hold what the store has is made anew.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from bot.images import vocabulary
from bot.images.features import POINT, VERSION, Features
from bot.images.postings import Block, Row, Unreadable, Votes, asked, block, merged, ranked

SMALL: Final = 1024
"""Pictures of a small range: at most so many are coded anew when a process starts, in about a second."""

LARGE: Final = 16 * SMALL

PROBES: Final = 3
"""Cells in which each point of a query is looked for. With four instead of three no more of 336 edited copies of the
tuning half stood among the first sixteen, and one more among the first four."""

IN_ANY_CASE: Final = 4
"""Pictures with most votes that are candidates however few those are."""

VOTED: Final = 5.0
"""Votes, as a multiple of what any picture gets by chance, from which others are candidates too. Of 336 edited copies
among 8,235 stored pictures of the tuning half 99 in 100 had 6.5 or more; a stranger gives seven others as many."""

_PAGE: Final = 256


class Rows(Protocol):
    """The features that the store has, between two sequence numbers: the first exclusive, the second inclusive."""

    def newest(self) -> int:
        """Return the highest sequence number."""
        ...

    def names(self, above: int, upto: int) -> list[tuple[int, str]]:
        """Return (seq, digest), in order."""
        ...

    def points(self, above: int, upto: int, limit: int) -> list[tuple[int, str, bytes]]:
        """Return (seq, digest, packed features), in order, the first `limit`."""
        ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A picture that resembles a query: its digest, and its votes for the query as it is or mirrored."""

    sha256: str
    votes: float
    flipped: bool


@dataclass
class LocalIndex:
    """The blocks of a store, for one process.

    Attributes:
        folder: where blocks are kept; None keeps all of them in memory.
        last_seq: the highest sequence number taken in.
    """

    folder: Path | None = None
    last_seq: int = 0
    _closed: dict[tuple[int, int], Block] = field(default_factory=dict)
    _open: list[Block] = field(default_factory=list)
    _open_from: int = 0
    _writing: threading.Lock = field(default_factory=threading.Lock)

    def refresh(self, rows: Rows) -> None:
        """Take in what is new in the store."""
        with self._writing:
            newest = rows.newest()
            if newest <= self.last_seq:
                return
            edge = (newest - 1) // SMALL * SMALL
            if edge > self._open_from:
                self._close(rows, edge)
            self._take_in(rows, newest)

    def candidates(self, upright: Features, mirrored: Features, most: int, above: int = 0) -> list[Candidate]:
        """Return the pictures that share most with a query, as it is and mirrored, and stand out by that.

        Args:
            upright: the points of the query.
            mirrored: the points of the query mirrored left to right, as many.
            most: how many are returned at most.
            above: leaves out pictures up to this sequence number, so that a search can be completed by what came since.
        """
        blocks = [one for one in (*self._closed.values(), *self._open) if len(one) and one.seqs[-1] > above]
        if not len(upright) or not blocks:
            return []
        sides = (upright, mirrored)
        coded = vocabulary.coded(np.concatenate([side.descriptors for side in sides]), PROBES)
        query = asked(np.concatenate([side.points() for side in sides]), coded)
        starts = np.cumsum([0, *(len(one) for one in blocks)])
        votes = _together([one.votes(query) for one in blocks], starts)
        if above:
            votes = _of(votes, (np.concatenate([one.seqs for one in blocks]) > above)[votes.picture])
        found: list[Candidate] = []
        chance = 0.0  # of both ways round, since the votes of one are held against those of the other
        for flipped in (False, True):
            side = ranked(_of(votes, (votes.point >= len(upright)) == flipped), int(starts[-1]), most)
            chance = max(chance, side.chance)
            for place, total in side.best:
                which = int(np.searchsorted(starts, place, "right")) - 1
                name = blocks[which].names[place - starts[which]].tobytes().hex()
                found.append(Candidate(name, total, flipped))
        found.sort(key=lambda one: -one.votes)
        return [one for place, one in enumerate(found[:most]) if place < IN_ANY_CASE or one.votes >= VOTED * chance]

    def _take_in(self, rows: Rows, upto: int) -> None:
        """Have what the store has up to a number of the open range."""
        above = max(self.last_seq, self._open_from)
        while page := rows.points(above, upto, _PAGE):
            self._open = _tiered([*self._open, _coded(page)])
            above = page[-1][0]
        self.last_seq = max(self.last_seq, upto)

    def _close(self, rows: Rows, edge: int) -> None:
        """Have one block for each closed range below `edge`."""
        if self._open and edge == self._open_from + SMALL:
            self._take_in(rows, edge)
            self._closed[self._open_from, SMALL] = self._kept(merged(self._open), self._open_from, SMALL)
        closed: dict[tuple[int, int], Block] = {}
        start = 0
        while start < edge:
            size = LARGE if start % LARGE == 0 and start + LARGE <= edge else SMALL
            closed[start, size] = self._closed.get((start, size)) or self._block(rows, start, size)
            start += size
        self._closed, self._open, self._open_from = closed, [], edge

    def _block(self, rows: Rows, start: int, size: int) -> Block:
        names = rows.names(start, start + size)
        kept = self._mapped(start, size)
        if kept is not None and _holds(kept, names):
            return kept
        if size == LARGE:
            steps = range(start, start + size, SMALL)
            made = merged([self._closed.get((one, SMALL)) or self._block(rows, one, SMALL) for one in steps])
            return self._kept(made, start, size)
        above, parts = start, [block([])]
        while page := rows.points(above, start + size, _PAGE):
            parts.append(_coded(page))
            above = page[-1][0]
        return self._kept(merged(parts), start, size)

    def _path(self, start: int, size: int) -> Path | None:
        return None if self.folder is None else self.folder / f"{VERSION.replace('/', '-')}.{start}-{size}"

    def _mapped(self, start: int, size: int) -> Block | None:
        path = self._path(start, size)
        if path is None:
            return None
        try:
            return Block.mapped(path)
        except (OSError, Unreadable):
            return None

    def _kept(self, made: Block, start: int, size: int) -> Block:
        """Write a block to its file and map it; where that fails it stays in memory."""
        path = self._path(start, size)
        if path is None:
            return made
        half = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            made.write(half)
            half.replace(path)
            self._sweep(start, size)
            return Block.mapped(path)
        except (OSError, Unreadable):
            with suppress(OSError):
                half.unlink(missing_ok=True)
            return made

    def _sweep(self, start: int, size: int) -> None:
        """Remove what a range's file replaces: those of smaller ranges, and what killed processes began to write.

        A process that writes the same block at this moment loses its half-written file, and keeps its block in memory.
        """
        ours = self._path(start, size)
        if ours is None:
            return
        for left in ours.parent.glob(f".{ours.name}.*"):
            left.unlink(missing_ok=True)
        if size == LARGE:
            for one in range(start, start + size, SMALL):
                smaller = self._path(one, SMALL)
                if smaller is not None:
                    smaller.unlink(missing_ok=True)


def _together(votes: Sequence[Votes], starts: npt.NDArray[np.int64]) -> Votes:
    """Put the votes of blocks together; a picture is named by its place in all of them."""
    return Votes(
        np.concatenate([one.picture + start for one, start in zip(votes, starts, strict=False)]),
        np.concatenate([one.point for one in votes]),
        np.concatenate([one.bits for one in votes]),
        np.concatenate([one.turn for one in votes]),
        np.concatenate([one.growth for one in votes]),
    )


def _of(votes: Votes, which: npt.NDArray[np.bool_]) -> Votes:
    return Votes(votes.picture[which], votes.point[which], votes.bits[which], votes.turn[which], votes.growth[which])


def _coded(page: Sequence[tuple[int, str, bytes]]) -> Block:
    """Code the points of some pictures, all at once."""
    points = [np.frombuffer(packed, POINT) for _, _, packed in page]
    coded = vocabulary.coded(np.concatenate(points)["descriptor"])
    ends = np.cumsum([len(one) for one in points])
    rows = []
    for (seq, sha256, _), one, end in zip(page, points, ends, strict=True):
        part = np.s_[end - len(one) : end]
        rows.append(Row(seq, sha256, one, vocabulary.Coded(coded.cells[part], coded.signatures[part])))
    return block(rows)


def _tiered(blocks: list[Block]) -> list[Block]:
    """Merge the last blocks while the one before is not twice as large, so there are few and each moves seldom."""
    while len(blocks) > 1 and len(blocks[-2]) < 2 * len(blocks[-1]):
        blocks = [*blocks[:-2], merged(blocks[-2:])]
    return blocks


def _holds(kept: Block, names: Sequence[tuple[int, str]]) -> bool:
    """Whether a block has every picture that the store has in its range, and not twice as many."""
    if len(kept) > 2 * len(names) + SMALL // 8:
        return False
    have = dict(zip(kept.seqs.tolist(), (name.tobytes() for name in kept.names), strict=True))
    return all(have.get(seq) == bytes.fromhex(sha256) for seq, sha256 in names)
