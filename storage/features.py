"""The local features of images: what copies are found by when a picture was cropped, pasted or photographed.

Derived data, made anew by `rebuild`. A row carries its image's `seq`, so that a process that has read up to a number
asks for what is above it, as for the hashes in `storage.images`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from storage import failures
from storage.database import Transaction

TABLES = """
CREATE TABLE features (
    image_sha256 TEXT PRIMARY KEY REFERENCES images (sha256),
    seq INTEGER NOT NULL UNIQUE,
    version TEXT NOT NULL,
    points BLOB NOT NULL
);
"""
"""The migration's tables; see `storage.schema`."""

_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Points:
    """The packed features of an image, with what is needed to read them: its sides in pixels."""

    sha256: str
    version: str
    width: int
    height: int
    packed: bytes


def put(tx: Transaction, sha256: str, seq: int, version: str, points: bytes | None) -> None:
    """Keep an image's features under the image's own `seq`, in the place of older ones; None takes them away."""
    if points is None:
        tx.execute("DELETE FROM features WHERE image_sha256 = :sha256", {"sha256": sha256})
        return
    tx.execute(
        "INSERT INTO features (image_sha256, seq, version, points) VALUES (:sha256, :seq, :version, :points)"
        " ON CONFLICT (image_sha256) DO UPDATE SET seq = :seq, version = :version, points = :points",
        {"sha256": sha256, "seq": seq, "version": version, "points": points},
    )


def between(tx: Transaction, above: int, upto: int, version: str, limit: int) -> list[tuple[int, str, bytes]]:
    """Return (seq, SHA-256, packed features) of one version, `above` < seq <= `upto`, the first `limit` in order."""
    return tx.tuples(
        "SELECT seq, image_sha256, points FROM features WHERE seq > :above AND seq <= :upto AND version = :version"
        " ORDER BY seq LIMIT :limit",
        {"above": above, "upto": upto, "version": version, "limit": limit},
    )


def names_between(tx: Transaction, above: int, upto: int, version: str) -> list[tuple[int, str]]:
    """Return (seq, SHA-256) of one version with `above` < seq <= `upto`, in order."""
    return tx.tuples(
        "SELECT seq, image_sha256 FROM features WHERE seq > :above AND seq <= :upto AND version = :version"
        " ORDER BY seq",
        {"above": above, "upto": upto, "version": version},
    )


def newest(tx: Transaction) -> int:
    """Return the highest `seq` of any features, 0 where there are none."""
    row = tx.row("SELECT max(seq) AS seq FROM features")
    return int(row["seq"] or 0) if row else 0


def committed(store: Path, shas: Sequence[str]) -> list[Points]:
    """Read the features of some images as they are committed, by a connection of its own.

    For look-ups in the middle of another transaction: what that has not committed yet is not to be seen.

    Raises:
        StoreError: the store cannot be read.
    """
    found: list[Points] = []
    try:
        with closing(_reading(store)) as connection:
            for first in range(0, len(shas), _AT_ONCE):
                some = shas[first : first + _AT_ONCE]
                rows = connection.execute(
                    "SELECT f.image_sha256, f.version, i.width, i.height, f.points FROM features f"  # noqa: S608
                    " JOIN images i ON i.sha256 = f.image_sha256 AND i.usable = 1"
                    f" WHERE f.image_sha256 IN ({', '.join('?' * len(some))})",
                    some,
                )
                found += [Points(*row) for row in rows]
    except sqlite3.Error as error:
        raise failures.of_sqlite(error, store) from error
    return found


def _reading(store: Path) -> sqlite3.Connection:
    """Open the store to be read; on a medium where not even that is possible in the common way, as one at rest."""
    address = store.absolute().as_uri()
    connection = sqlite3.connect(f"{address}?mode=ro", uri=True, timeout=5.0)
    try:
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        connection = sqlite3.connect(f"{address}?mode=ro&immutable=1", uri=True)
    return connection
