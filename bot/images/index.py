"""All stored hashes in memory, searched exactly: no approximation, nothing on disk, nothing that can be corrupted.

Hashes of 256 bits stand as four columns of 64-bit words. A chunk of rows is compared in its first words; only rows that
are within the radius there are compared in the others. That is exact, because a part of a distance never exceeds the
whole.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from bot.images.fingerprint import HASH_BYTES

Words = npt.NDArray[np.uint64]

_CHUNK: Final = 65_536
"""Rows compared at a time, so that the buffers stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A stored picture within the radius of a query.

    Attributes:
        sha256: the stored picture.
        distance: bits of 256 that differ.
        variant: which of the query's hashes it was, by its place in the search's argument.
    """

    sha256: str
    distance: int
    variant: int


@dataclass
class _Buffers(threading.local):
    """Working space of one searching thread."""

    xor: Words = field(default_factory=lambda: np.empty(_CHUNK, np.uint64))
    word: npt.NDArray[np.uint8] = field(default_factory=lambda: np.empty(_CHUNK, np.uint8))
    partial: npt.NDArray[np.uint8] = field(default_factory=lambda: np.empty(_CHUNK, np.uint8))


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows as one reader sees them: `count` of them are filled."""

    columns: tuple[Words, Words, Words, Words]
    names: npt.NDArray[np.void]
    seqs: npt.NDArray[np.int64]
    count: int


class HashIndex:
    """The hashes of a store, for one writer and any number of readers in the same process.

    Rows are only ever appended, and published after they are filled; a picture whose hash changes gets a new row, and
    its old one is passed over. A reader therefore sees each picture with its old hash or its new one, never a mixture.

    Attributes:
        last_seq: the highest sequence number taken in, 0 at first; ask the store for what is newer.
    """

    def __init__(self) -> None:
        self.last_seq = 0
        self._row_of: dict[bytes, int] = {}
        self._hashed = 0
        self._table = _empty(1024)
        self._buffers = _Buffers()
        self._writing = threading.Lock()

    def __len__(self) -> int:
        """How many pictures can be searched for."""
        return self._hashed

    def __contains__(self, sha256: str) -> bool:
        """Whether a picture is known, with or without a usable hash."""
        return bytes.fromhex(sha256) in self._row_of

    def add(self, rows: Iterable[tuple[int, str, bytes | None]]) -> None:
        """Take in rows of (sequence number, SHA-256 in hexadecimal, packed hash or None where it is unusable), rising.

        A picture that comes again replaces what was known of it.

        Raises:
            ValueError: a hash is not 32 bytes long.
        """
        with self._writing:
            for seq, sha256, packed in rows:
                name = bytes.fromhex(sha256)
                if packed is not None and len(packed) != HASH_BYTES:
                    raise ValueError(f"a hash of {len(packed)} bytes where {HASH_BYTES} are needed")
                row = -1 if packed is None else self._append(seq, name, packed)
                self._hashed += (row >= 0) - (self._row_of.get(name, -1) >= 0)
                self._row_of[name] = row
                self.last_seq = max(self.last_seq, seq)

    def search(self, hashes: Sequence[bytes], radius: int, above: int = 0) -> list[Hit]:
        """Find every stored picture within `radius` bits of any of the hashes, nearest first.

        A picture is given once for each hash that it is near to; those up to the sequence number `above` are not.
        """
        table = self._table
        fresh = int(np.searchsorted(table.seqs[: table.count], above, "right"))
        queries = [np.frombuffer(packed, np.uint64) for packed in hashes]
        hits = []
        for start in range(fresh, table.count, _CHUNK):
            stop = min(start + _CHUNK, table.count)
            for variant, query in enumerate(queries):
                for row, bits in self._within(table, query, start, stop, radius):
                    name = table.names[row].tobytes()
                    if self._row_of.get(name) == row:
                        hits.append(Hit(name.hex(), bits, variant))
        return sorted(hits, key=lambda hit: (hit.distance, hit.variant, hit.sha256))

    def _within(self, table: _Table, query: Words, start: int, stop: int, radius: int) -> list[tuple[int, int]]:
        """Return (row, distance) of the rows in a chunk that are within the radius of one hash."""
        size = stop - start
        xor, word_bits, bits = (part[:size] for part in (self._buffers.xor, self._buffers.word, self._buffers.partial))
        first = _first_words(radius)
        bits.fill(0)
        for column, word in zip(table.columns[:first], query[:first], strict=True):
            np.bitwise_xor(column[start:stop], word, out=xor)
            np.bitwise_count(xor, out=word_bits)
            np.add(bits, word_bits, out=bits)
        near = np.flatnonzero(bits <= radius)
        if not near.size:
            return []
        whole = bits[near].astype(np.int64)
        near += start
        for column, word in zip(table.columns[first:], query[first:], strict=True):
            whole += np.bitwise_count(column[near] ^ word)
        kept = whole <= radius
        return list(zip(near[kept].tolist(), whole[kept].tolist(), strict=True))

    def _append(self, seq: int, name: bytes, packed: bytes) -> int:
        table = self._table
        row = table.count
        if row == len(table.names):
            table = _grown(table)
        for column, word in zip(table.columns, np.frombuffer(packed, np.uint64), strict=True):
            column[row] = word
        table.names[row] = np.void(name)
        table.seqs[row] = seq
        self._table = _Table(table.columns, table.names, table.seqs, row + 1)
        return row


def _first_words(radius: int) -> int:
    """Say how many words the first comparison takes: as few as leave almost no unrelated row over.

    Of unrelated hashes each word differs in 32 bits on average, with a variance of 16; the radius should lie three
    standard deviations below the sum, which two words give up to 47 bits. Three never exceed what a byte can count.
    """
    return 2 if radius <= 47 else 3


def _empty(room: int) -> _Table:
    a, b, c, d = (np.zeros(room, np.uint64) for _ in range(4))
    return _Table((a, b, c, d), np.zeros(room, "V32"), np.zeros(room, np.int64), 0)


def _grown(table: _Table) -> _Table:
    larger = _empty(2 * len(table.names))
    old_columns, new_columns = ((*one.columns, one.names, one.seqs) for one in (table, larger))
    for old, new in zip(old_columns, new_columns, strict=True):
        new[: table.count] = old[: table.count]
    return _Table(larger.columns, larger.names, larger.seqs, table.count)
