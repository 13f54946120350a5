"""Turns what SQLite and the operating system report into one sentence with the next step."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

from storage.errors import DiskFull, StoreBusy, StoreDamaged, StoreError, StoreReadOnly

FULL = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT})
"""No space, a file larger than allowed, and a used-up quota: to whoever is writing they are the same thing."""

SENTENCES: dict[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_FULL: (DiskFull, "the disk of {path} is full; make room and do it again, what was stored is safe"),
    sqlite3.SQLITE_BUSY: (StoreBusy, "another process is writing to {path} for too long; wait for it or stop it"),
    sqlite3.SQLITE_LOCKED: (StoreBusy, "another process is writing to {path} for too long; wait for it or stop it"),
    sqlite3.SQLITE_NOTADB: (StoreDamaged, "{path} is not a Dateline store; name another folder or restore a backup"),
    sqlite3.SQLITE_CORRUPT: (StoreDamaged, "{path} is damaged; keep the file and restore a backup beside it"),
    sqlite3.SQLITE_READONLY: (
        StoreReadOnly,
        "{path} may only be read, nothing can be added to it; "
        "give this user write permission for it and its folder, or name another folder",
    ),
    sqlite3.SQLITE_PERM: (StoreError, "{path} cannot be opened; give this user permission to read and write it"),
    sqlite3.SQLITE_CANTOPEN: (StoreError, "{path} cannot be opened; check that it is a file this user may write"),
}
"""By SQLite's primary result code (https://www.sqlite.org/rescode.html)."""


CANNOT_GROW = frozenset({sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE})
"""What SQLite makes of EFBIG and EDQUOT, and of ENOSPC in the `-shm` file; elsewhere ENOSPC is SQLITE_FULL."""


def primary_code(error: sqlite3.Error) -> int | None:
    """Return SQLite's primary result code, None of an error that Python itself found."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def of_sqlite(error: sqlite3.Error, path: Path) -> StoreError:
    """Explain an error of SQLite; `path` is the database file."""
    if getattr(error, "sqlite_errorcode", None) in CANNOT_GROW:
        return DiskFull(f"{path} cannot grow; check the disk's space, quota and health, what was stored is safe")
    if known := SENTENCES.get(primary_code(error) or 0):
        kind, sentence = known
        return kind(sentence.format(path=path))
    if isinstance(error, sqlite3.IntegrityError):
        return StoreError(f"the store refused a row that does not fit what it holds ({error}); run `dateline verify`")
    return StoreError(f"{path} cannot be used ({error}); check the disk, then run `dateline verify`")


def of_system(error: OSError, path: Path) -> StoreError:
    """Explain an error of the operating system met while working on `path`."""
    if error.errno in FULL:
        return DiskFull(f"the disk of {path} is full; make room and do it again, what was stored is safe")
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return StoreReadOnly(f"{path} cannot be written to; give this user write permission or name another folder")
    if error.errno in {errno.EEXIST, errno.ENOTDIR}:
        return StoreError(f"{path} lies under something that is not a folder; name another folder")
    return StoreError(f"{path} cannot be used ({error.strerror or error}); check the disk or name another folder")
