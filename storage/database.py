"""One SQLite file, opened safely, read and written in transactions.

All SQL of the families of tables stays in the subset that SQLite and PostgreSQL share: `:name` parameters, text
keys, `ON CONFLICT`, no `rowid`, no `json_*`, and no colon inside a literal.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from storage import failures, opening, schema
from storage.errors import StoreBusy, StoreError, StoreReadOnly
from storage.records import utc

T = TypeVar("T")

DATABASE_FILE = "dateline.db"
"""The name of the database in the folder that holds a store; `storage.vault.VAULT_FOLDER` stands beside it."""

PATIENCE = 5.0
"""Seconds to wait for another process's write lock before giving up with `StoreBusy`."""


def plain(value: str) -> str:
    """Make a string storable in a text column on every engine.

    A lone surrogate has no UTF-8 form and PostgreSQL refuses NUL: each becomes U+FFFD. Archived texts do not pass
    through here, they are kept exactly (`storage.texts`); the raw capture keeps everything else as it came.
    """
    if "\0" in value:
        value = value.replace("\0", "\ufffd")
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in value)
    return value


def _plain_params(params: Mapping[str, Any] | None) -> dict[str, Any]:
    if not params:
        return {}
    return {name: plain(value) if isinstance(value, str) else value for name, value in params.items()}


class Transaction:
    """A consistent view of the store, and in `Database.write` the right to change it; all or nothing."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, writable: bool) -> None:
        self._connection = connection
        self._path = path
        self._writable = writable

    @property
    def path(self) -> Path:
        """The file that is read or changed."""
        return self._path

    def execute(self, sql: str, params: Mapping[str, Any] | None = None) -> int:
        """Run one statement that changes rows and return how many it touched.

        Raises:
            StoreError: the store refused it.
        """
        self._check_writable()
        try:
            return self._connection.execute(sql, _plain_params(params)).rowcount
        except sqlite3.Error as error:
            raise failures.of_sqlite(error, self._path) from error

    def many(self, sql: str, params: Iterable[Mapping[str, Any]]) -> int:
        """Run one statement for each set of parameters and return how many rows were touched in all."""
        self._check_writable()
        try:
            return self._connection.executemany(sql, map(_plain_params, params)).rowcount
        except sqlite3.Error as error:
            raise failures.of_sqlite(error, self._path) from error

    def rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return the rows of a query, each by column name."""
        try:
            cursor = self._connection.execute(sql, _plain_params(params))
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]
        except sqlite3.Error as error:
            raise failures.of_sqlite(error, self._path) from error

    def tuples(self, sql: str, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of a query as bare tuples: for the few reads of a hundred thousand rows and more."""
        try:
            return self._connection.execute(sql, _plain_params(params)).fetchall()
        except sqlite3.Error as error:
            raise failures.of_sqlite(error, self._path) from error

    def row(self, sql: str, params: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
        """Return the first row of a query, None where there is none."""
        found = self.rows(sql, params)
        return found[0] if found else None

    @contextmanager
    def lenient(self) -> Iterator[None]:
        r"""Within the block, text that is no longer valid UTF-8 is read with its bad bytes written as `\xNN`.

        For `verify` alone: a flipped byte is to be named, not to stop the reading.
        """
        self._connection.text_factory = lambda data: data.decode("utf-8", "backslashreplace")
        try:
            yield
        finally:
            self._connection.text_factory = str

    def integrity(self) -> list[str]:
        """Ask the engine itself what is wrong with the file, its indexes included; an empty list where nothing is."""
        problems = [str(row["integrity_check"]) for row in self.rows("PRAGMA integrity_check")]
        dangling = {(row["table"], row["parent"]) for row in self.rows("PRAGMA foreign_key_check")}
        return [line for line in problems if line != "ok"] + [
            f"a row of {table} names a row of {parent} that is not there" for table, parent in sorted(dangling)
        ]

    def _check_writable(self) -> None:
        if not self._writable:
            raise RuntimeError("a reading transaction cannot write: use Database.write")


class Database:
    """The evidence store's tables. One connection, one transaction at a time, usable from any thread.

    Every commit is synced fully, so that a power cut loses nothing that was committed. Transactions do not nest.
    """

    def __init__(self, path: Path, opened: opening.Opened, clock: Callable[[], datetime], patience: float) -> None:
        self.path = path
        self._opened = opened
        self._clock = clock
        self._patience = patience
        self._lock = threading.RLock()
        self._busy = False
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="storage")

    @classmethod
    def open(cls, path: Path, clock: Callable[[], datetime] | None = None, *, patience: float = PATIENCE) -> Database:
        """Open the database file at `path`, making it and its folders where they are missing, and bring it up to date.

        Safe when several processes do so at once on an empty folder. A store that this user may only read is opened
        to be read (`read_only`).

        Raises:
            StoreTooNew: the store was written by a newer version.
            StoreDamaged: the file is not a Dateline store, or is damaged.
            StoreBusy: another process held the write lock for longer than `patience` seconds.
            StoreReadOnly: it can neither be written nor read without writing.
            DiskFull, StoreError: it cannot be used.
        """
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise failures.of_system(error, path.parent) from error
        return cls(path, opening.open_store(path, patience), clock or (lambda: datetime.now(UTC)), patience)

    @property
    def read_only(self) -> bool:
        """Whether this user may only read the store: every `write` raises `StoreReadOnly`."""
        return self._opened.read_only

    def now(self) -> str:
        """Return the time by this store's clock, as it is written in rows."""
        return utc(self._clock())

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Read one consistent snapshot of the store.

        Raises:
            StoreTooNew: a newer version has migrated the store since it was opened.
            StoreBusy: a store that may only be read was written to meanwhile: what was read may be of two states.
        """
        with self._held():
            try:
                self._renew()
                self._connection.execute("BEGIN")
                schema.check_version(self._connection, self.path)
                yield Transaction(self._connection, self.path, writable=False)
            except sqlite3.Error as error:
                raise failures.of_sqlite(error, self.path) from error
            except StoreError as error:
                self._check_unchanged(error)
                raise
            finally:
                self._rollback()
            self._check_unchanged()

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Change the store: everything in the block is committed together, or nothing when it raises.

        Raises:
            StoreBusy: another process held the write lock for too long.
            StoreReadOnly: this user may only read the store.
            DiskFull: nothing more can be written.
            StoreTooNew: a newer version has migrated the store since it was opened.
        """
        with self._held():
            if self.read_only:  # SQLite would begin, and refuse only the first change
                raise StoreReadOnly(failures.SENTENCES[sqlite3.SQLITE_READONLY][1].format(path=self.path))
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                schema.check_version(self._connection, self.path)
                yield Transaction(self._connection, self.path, writable=True)
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                self._rollback()
                raise failures.of_sqlite(error, self.path) from error
            except BaseException:
                self._rollback()
                raise

    async def reading(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in a reading transaction on the storage thread."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, self._read_with, work)

    async def writing(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in a writing transaction on the storage thread."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, self._write_with, work)

    def close(self) -> None:
        """Finish the storage thread's work and close the file."""
        self._worker.shutdown()
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read_with(self, work: Callable[[Transaction], T]) -> T:
        with self.read() as tx:
            return work(tx)

    def _write_with(self, work: Callable[[Transaction], T]) -> T:
        with self.write() as tx:
            return work(tx)

    @contextmanager
    def _held(self) -> Iterator[None]:
        with self._lock:
            if self._busy:
                raise RuntimeError("transactions do not nest: pass the open one on")
            self._busy = True
            try:
                yield
            finally:
                self._busy = False

    @property
    def _connection(self) -> sqlite3.Connection:
        return self._opened.connection

    def _rollback(self) -> None:
        if self._connection.in_transaction:  # a full disk can have ended it already
            self._connection.execute("ROLLBACK")

    def _renew(self) -> None:
        """Open a store anew that was opened as one that nobody changes, if somebody did."""
        if self._opened.outdated(self.path):
            opened = opening.open_store(self.path, self._patience)
            self._connection.close()
            self._opened = opened

    def _check_unchanged(self, cause: StoreError | None = None) -> None:
        if self._opened.changed(self.path):
            raise StoreBusy(f"{self.path} was written to while it was being read; ask again") from cause
