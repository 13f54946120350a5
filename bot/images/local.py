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

from bot.images import vocabulary
from bot.images.features import VERSION, Features
from bot.images.postings import Block, Unreadable, Votes, block, merged, ranked

SMALL: Final = 2048
"""Pictures of a small range: at most so many are coded anew when a process starts, in about two seconds."""

LARGE: Final = 16 * SMALL

PROBES: Final = 4
"""Cells in which each point of a query is looked for."""

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
            above = max(self.last_seq, self._open_from)
            while page := rows.points(above, newest, _PAGE):
                self._open = _tiered([*self._open, _coded(page)])
                above = page[-1][0]
            self.last_seq = newest

    def candidates(self, upright: Features, mirrored: Features, most: int) -> list[Candidate]:
        """Return the pictures that share most with a query, as it is and mirrored."""
        blocks = [*self._closed.values(), *self._open]
        starts = np.cumsum([0, *(len(one) for one in blocks)])
        found: list[Candidate] = []
        for flipped, side in ((False, upright), (True, mirrored)):
            if not len(side) or not blocks:
                continue
            coded = vocabulary.coded(side.descriptors, PROBES)
            votes = [one.votes(coded) for one in blocks]
            together = Votes(
                np.concatenate([one.picture + start for one, start in zip(votes, starts, strict=False)]),
                np.concatenate([one.point for one in votes]),
                np.concatenate([one.bits for one in votes]),
            )
            for place, total in ranked(together, int(starts[-1]), most):
                which = int(np.searchsorted(starts, place, "right")) - 1
                name = blocks[which].names[place - starts[which]].tobytes().hex()
                found.append(Candidate(name, total, flipped))
        return sorted(found, key=lambda one: -one.votes)[:most]

    def _close(self, rows: Rows, edge: int) -> None:
        """Have one block for each closed range below `edge`."""
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
        if size == SMALL:
            made = block([])
            above, parts = start, []
            while page := rows.points(above, start + size, _PAGE):
                parts.append(_coded(page))
                above = page[-1][0]
            made = merged(parts) if parts else made
        else:
            steps = range(start, start + size, SMALL)
            made = merged([self._closed.get((one, SMALL)) or self._block(rows, one, SMALL) for one in steps])
        return self._kept(made, start, size)

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
            if size == LARGE:
                for one in range(start, start + size, SMALL):
                    smaller = self._path(one, SMALL)
                    if smaller is not None:
                        smaller.unlink(missing_ok=True)
            return Block.mapped(path)
        except (OSError, Unreadable):
            with suppress(OSError):
                half.unlink(missing_ok=True)
            return made


def _coded(page: Sequence[tuple[int, str, bytes]]) -> Block:
    """Code the points of some pictures, all at once."""
    points = [Features.unpacked(packed, 1, 1).descriptors for _, _, packed in page]
    coded = vocabulary.coded(np.concatenate(points))
    ends = np.cumsum([len(one) for one in points])
    parts = [
        vocabulary.Coded(coded.cells[end - len(one) : end], coded.signatures[end - len(one) : end])
        for one, end in zip(points, ends, strict=True)
    ]
    return block([(seq, sha256, part) for (seq, sha256, _), part in zip(page, parts, strict=True)])


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
