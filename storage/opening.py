"""How the database file is connected to: to write, or, where this user may only read it, to read.

A store in WAL mode needs its `-shm` file even to be read. Where that can be neither used nor made (a read-only disk, a
folder of somebody else's), SQLite reads the file only if it is told that nobody can change it (`immutable=1`), and
then it neither locks nor looks at a `-wal` file (https://www.sqlite.org/wal.html#readonly). So that way is taken only
where no `-wal` file holds changes: then nobody is writing. Since somebody may begin to, every read makes sure that the
file has stayed as it was (`Opened.changed`). Whoever may only read makes no `-wal` and no `-shm` file either, even
where the folder would let them: those files would be theirs, and the store's owner could not write to them.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from storage import failures, schema
from storage.errors import DiskFull, StoreReadOnly

_MAY_BE_READABLE = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM})
"""How SQLite refuses (primary result codes) what it may still be able to read."""

Stamp = tuple[int, int, int]
"""Inode, bytes, and nanoseconds of the last change: another one means that the file was written to."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection, and what may be done with it.

    Attributes:
        connection: in autocommit mode, usable from any thread.
        read_only: nothing can be written.
        frozen: what the file was when it was opened as one that nobody changes; None where SQLite's locks hold.
    """

    connection: sqlite3.Connection
    read_only: bool
    frozen: Stamp | None = None

    def changed(self, path: Path) -> bool:
        """Tell whether the file was written to since it was opened as one that nobody changes."""
        return self.frozen is not None and self.frozen != _stamp(path)

    def outdated(self, path: Path) -> bool:
        """Tell whether the file has changed, or somebody has begun to write to it, so that it must be opened anew."""
        return self.frozen is not None and (self.frozen != _stamp(path) or _unmerged(path) is not None)


def to_write(path: Path, patience: float) -> sqlite3.Connection:
    """Connect to a store, made where it is missing, and bring its tables up to date.

    Raises:
        sqlite3.Error: it cannot be opened or written.
        StoreTooNew, StoreDamaged: see `schema.migrate`.
    """
    connection = _connect(path, "rwc", patience)
    try:
        connection.execute("PRAGMA synchronous = FULL")
        _prepare(connection)
        _turn_on_wal(connection, patience)
        schema.migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def to_read(path: Path, patience: float) -> Opened:
    """Connect to a store that this user may only read.

    Raises:
        StoreReadOnly: it cannot be read without writing to it.
        StoreTooNew, StoreDamaged: see `schema.check_version`.
        sqlite3.Error: it cannot be read at all.
    """
    if all(beside.exists() for beside in _beside(path, "-wal", "-shm")):
        try:
            return Opened(_reader(path, "ro", patience), read_only=True)
        except sqlite3.Error as error:
            if failures.primary_code(error) not in _MAY_BE_READABLE:
                raise
    stamp = _stamp(path)
    if unmerged := _unmerged(path):
        raise StoreReadOnly(
            f"{unmerged} holds changes that only somebody who may write can read; "
            "copy the whole folder to where this user may write, and open that"
        )
    return Opened(_reader(path, "ro&immutable=1", patience), read_only=True, frozen=stamp)


def open_store(path: Path, patience: float) -> Opened:
    """Connect to a store to write, and where that is not allowed, to read.

    Raises:
        StoreError: neither is possible.
    """
    try:
        if path.is_file() and not _may_write(path):
            return to_read(path, patience)
        try:
            return Opened(to_write(path, patience), read_only=False)
        except sqlite3.Error as error:
            if failures.primary_code(error) not in _MAY_BE_READABLE:
                raise
            _check_room(path.parent)
            if not path.is_file():
                raise
            return to_read(path, patience)
    except sqlite3.Error as error:
        raise failures.of_sqlite(error, path) from error


def _connect(path: Path, mode: str, patience: float) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=512,
    )


def _reader(path: Path, mode: str, patience: float) -> sqlite3.Connection:
    connection = _connect(path, mode, patience)
    try:
        _prepare(connection)
        if schema.check_version(connection, path) < schema.SCHEMA_VERSION:
            raise StoreReadOnly(
                f"{path} was written by an older Dateline and may only be read; "
                "copy the whole folder to where this user may write, and open that"
            )
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    """Set what SQLite does not remember in the file; 64 MB of page cache keep an index of a million rows warm."""
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cache_size = -65536")


def _turn_on_wal(connection: sqlite3.Connection, patience: float) -> None:
    deadline = time.monotonic() + patience
    while True:  # SQLite does not wait for the exclusive lock that turning on WAL needs
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if failures.primary_code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _may_write(path: Path) -> bool:
    """Whether the system lets this process write to a file; SQLite would silently open it to read."""
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _check_room(folder: Path) -> None:
    """Make sure that a file can be made in the folder as far as room goes: SQLite does not say why it could not."""
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"\0")
    except OSError as error:
        if isinstance(reason := failures.of_system(error, folder), DiskFull):
            raise reason from error


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def _unmerged(path: Path) -> Path | None:
    """Return the file beside the database that holds changes not yet in it, None where there is none."""
    for beside in _beside(path, "-wal", "-journal"):
        try:
            if beside.stat().st_size:
                return beside
        except FileNotFoundError:
            continue
    return None


def _beside(path: Path, *suffixes: str) -> list[Path]:
    target = path.resolve()  # SQLite, too, looks beside the file that a link leads to
    return [target.with_name(target.name + suffix) for suffix in suffixes]
