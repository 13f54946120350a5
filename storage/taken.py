"""Which files of this machine were taken in, so that an ingest which is run again need not read them again.

A file of lines beside the vault, derived and deletable: without it, or without a line that was lost with the power,
files are read once more and found to be archived. It is held against the tables each time it is believed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

FILE = "taken"
"""Its name within the folder of what is derived."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A file as it was found: a file with the same stamp is taken to hold the same bytes.

    Attributes:
        path: absolute.
        size: in bytes.
        changed: when its bytes were last changed, in nanoseconds.
        said: what was said of it beside its bytes.
    """

    path: Path
    size: int
    changed: int
    said: str = ""

    def key(self) -> str:
        """Return 32 hexadecimal digits that stand for all of it; a path may hold bytes that are no text."""
        words = (
            os.fsencode(self.path),
            b"%d %d" % (self.size, self.changed),
            self.said.encode("utf-8", "surrogatepass"),
        )
        return hashlib.blake2b(b"\0".join(words), digest_size=16).hexdigest()


class Taken:
    """The files that were taken in, by stamp, with the digest of their bytes."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._digests: dict[bytes, bytes] | None = None

    def digest_of(self, stamp: Stamp) -> str | None:
        """Return the SHA-256 of the bytes that a file had when it was taken in; None where it was not, or changed."""
        if self._digests is None:
            self._digests = self._read()
        found = self._digests.get(bytes.fromhex(stamp.key()))
        return found.hex() if found else None

    def add(self, taken: Iterable[tuple[Stamp, str]]) -> None:
        """Note files that are archived, with the SHA-256 of their bytes.

        A disk that is full, or a store that can only be read, takes nothing from what is archived: those files are
        read again another time.
        """
        lines = b"".join(f"{stamp.key()} {sha256}\n".encode("ascii") for stamp, sha256 in taken)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # unbuffered, and opened to append: the lines of two processes do not run into each other
            with self._path.open("ab", buffering=0) as file:
                file.write(lines)
        except OSError:
            return

    def _read(self) -> dict[bytes, bytes]:
        digests: dict[bytes, bytes] = {}
        try:
            with self._path.open("rb") as file:
                for line in file:
                    try:
                        key, _, sha256 = line.decode("ascii").rstrip("\n").partition(" ")
                        pair = bytes.fromhex(key), bytes.fromhex(sha256)
                    except ValueError:
                        continue  # a line that was cut short, or run into
                    if (len(pair[0]), len(pair[1])) == (16, 32):
                        digests[pair[0]] = pair[1]
        except OSError:
            return {}
        return digests
