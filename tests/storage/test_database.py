"""The database: opened safely, all or nothing, and every failure one sentence."""

from __future__ import annotations

import asyncio
import errno
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import failures, people
from storage.database import DATABASE_FILE, Database, Transaction
from storage.errors import DiskFull, StoreBusy, StoreDamaged, StoreError, StoreReadOnly, StoreTooNew
from storage.schema import SCHEMA_VERSION
from tests.storage.plain_user import own_mounts

ROOT = Path(__file__).parents[2]

START = """
import sys
from pathlib import Path
from storage import people
from storage.database import Database
sys.stdin.read(1)
with Database.open(Path(sys.argv[1])) as db, db.write() as tx:
    people.add(tx, f"Person {sys.argv[2]}")
"""


def test_many_processes_start_at_once_on_an_empty_folder(tmp_path: Path) -> None:
    """Each of them opens the store and writes; none fails, nothing is lost."""
    path = tmp_path / "new" / "folder" / DATABASE_FILE
    started = [
        subprocess.Popen(
            [sys.executable, "-c", START, str(path), str(number)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
        )
        for number in range(6)
    ]
    for process in started:
        assert process.stdin
        process.stdin.write(b"g")
        process.stdin.flush()
    assert [process.communicate()[1] for process in started] == [b""] * 6
    with Database.open(path) as db, db.read() as tx:
        assert len(people.all(tx)) == 6
        assert tx.integrity() == []


def test_every_connection_is_durable_and_strict(db: Database) -> None:
    """Full sync, foreign keys, WAL and a page cache are set; text search and versions are there."""
    with db.read() as tx:
        settings = {
            name: next(iter((tx.row(f"PRAGMA {name}") or {}).values()))
            for name in ("journal_mode", "synchronous", "foreign_keys", "cache_size", "busy_timeout", "user_version")
        }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "cache_size": -65536,
        "busy_timeout": 5000,
        "user_version": SCHEMA_VERSION,
    }


def test_a_failed_write_leaves_nothing(db: Database) -> None:
    """An exception undoes all of the transaction, and the next one works."""
    with pytest.raises(ValueError, match="at least one letter"), db.write() as tx:
        people.add(tx, "Ann Example", aliases=["?"])
    with db.write() as tx:
        assert people.all(tx) == []
        people.add(tx, "Bob Example")
    with db.read() as tx:
        assert [person.name for person in people.all(tx)] == ["Bob Example"]


def test_reading_cannot_write_and_transactions_do_not_nest(db: Database) -> None:
    """Mistakes in the program are told at once."""
    with db.read() as tx, pytest.raises(RuntimeError, match="cannot write"):
        people.add(tx, "Ann Example")
    with db.read(), pytest.raises(RuntimeError, match="do not nest"), db.write():
        pass


def test_a_reader_sees_one_state(db: Database) -> None:
    """What another process commits meanwhile is not seen until the next transaction."""
    with Database.open(db.path) as other, db.read() as tx:
        assert people.all(tx) == []
        with other.write() as theirs:
            people.add(theirs, "Ann Example")
        assert people.all(tx) == []
    with db.read() as tx:
        assert len(people.all(tx)) == 1


def test_threads_take_turns(db: Database) -> None:
    """Many threads write through one database and nothing is lost."""

    def write(number: int) -> None:
        for step in range(10):
            with db.write() as tx:
                people.add(tx, f"Person {number} {step}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.read() as tx:
        assert len(people.all(tx)) == 80


def test_the_loop_uses_one_storage_thread(db: Database) -> None:
    """Work handed over from the event loop runs, in turn, on the storage thread."""

    async def work() -> set[str]:
        await asyncio.gather(
            *(db.writing(lambda tx, n=number: people.add(tx, f"Person {n}")) for number in range(5))  # type: ignore[misc]
        )
        names = await asyncio.gather(*(db.reading(lambda tx: threading.current_thread().name) for _ in range(5)))
        assert len(await db.reading(people.all)) == 5
        return set(names)

    assert asyncio.run(work()) == {"storage_0"}


def test_a_newer_store_is_refused(tmp_path: Path) -> None:
    """The sentence names the version and what to do, on opening and when it was migrated meanwhile."""
    path = tmp_path / DATABASE_FILE
    with Database.open(path) as db:
        connection = sqlite3.connect(path)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 6}")
        connection.close()
        with pytest.raises(StoreTooNew, match=f"version {SCHEMA_VERSION + 6}.*upgrade"), db.write():
            pass
        with pytest.raises(StoreTooNew, match=f"version {SCHEMA_VERSION + 6}.*upgrade"), db.read():
            pass
    with pytest.raises(StoreTooNew, match=f"version {SCHEMA_VERSION + 6}.*upgrade"):
        Database.open(path)


def test_what_is_no_store_is_refused(tmp_path: Path) -> None:
    """Garbage, another program's database and a folder are told apart, and left as they are."""
    garbage = tmp_path / "garbage.db"
    garbage.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreDamaged, match="not a Dateline store"):
        Database.open(garbage)
    other = tmp_path / "other.db"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.close()
    with pytest.raises(StoreDamaged, match="another program"):
        Database.open(other)
    with pytest.raises(StoreError, match="cannot be opened"):
        Database.open(tmp_path)
    with pytest.raises(StoreError, match="not a folder"):
        Database.open(garbage / "home" / DATABASE_FILE)
    assert garbage.read_bytes() == b"not a database at all" * 100


def test_a_locked_store_is_busy(db: Database) -> None:
    """Who cannot get the write lock is told after the waiting time."""
    with (
        Database.open(db.path, patience=0.01) as other,
        db.write(),
        pytest.raises(StoreBusy, match="another process"),
        other.write(),
    ):
        pass


def test_a_full_disk_loses_only_what_was_being_written(db: Database) -> None:
    """SQLite's own refusal to grow becomes one sentence; the store stays as it was and usable."""
    with db.write() as tx:
        people.add(tx, "Ann Example")
        pages = (tx.row("PRAGMA page_count") or {})["page_count"]
        tx.row(f"PRAGMA max_page_count = {pages + 5}")
    with pytest.raises(DiskFull, match="make room"), db.write() as tx:
        people.add(tx, "Bob Example", [f"Alias {number}" for number in range(10_000)])
    with db.read() as tx:
        assert [person.name for person in people.all(tx)] == ["Ann Example"]
        assert tx.integrity() == []
    with db.write() as tx:
        people.add(tx, "Bob Example")


OPEN = """
import resource, sys
from pathlib import Path
from storage.database import Database
from storage.errors import DatelineError
if sys.argv[2:]:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    Database.open(Path(sys.argv[1]))
except DatelineError as error:
    print(error.code)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
"""


@pytest.mark.parametrize("most", [0, 4_096, 20_480, 40_000, 150_000])
def test_a_disk_that_is_full_from_the_start_is_told_as_such(tmp_path: Path, most: int) -> None:
    """At whichever of its files a store cannot grow, the code is that of a full disk; with room it opens after all."""
    path = tmp_path / "home" / DATABASE_FILE
    done = subprocess.run(
        [sys.executable, "-c", OPEN, str(path), str(most)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("disk_full\n", "")
    with Database.open(path) as db, db.read() as tx:
        assert tx.integrity() == []


@pytest.mark.parametrize("room", ["size=4k", "size=16k", "size=64k", "size=10m,nr_inodes=2", "size=10m,nr_inodes=4"])
def test_a_disk_without_room_or_inodes_is_full(tmp_path: Path, room: str) -> None:
    """What the file system itself refuses while a store is made is a full disk as well."""
    mount = f'mount -t tmpfs -o {room} tmpfs "{tmp_path}" && exec "$@"'
    done = subprocess.run(
        [*own_mounts(), "sh", "-c", mount, "sh", sys.executable, "-c", OPEN, str(tmp_path / "home" / DATABASE_FILE)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("disk_full\n", "")


def test_a_row_that_does_not_fit_is_refused(db: Database) -> None:
    """A row that names another one that is not there is a StoreError, not SQLite's."""
    with pytest.raises(StoreError, match="does not fit"), db.write() as tx:
        tx.execute("INSERT INTO grants (post_id, workspace, audience) VALUES ('none', '*', 'everyone')")


def test_no_error_of_the_engine_leaves_the_room(db: Database) -> None:
    """Whatever SQLite says comes out as a StoreError with a next step."""
    asked: list[Callable[[Transaction], object]] = [
        lambda tx: tx.rows("nonsense"),
        lambda tx: tx.tuples("nonsense"),
        lambda tx: tx.many("nonsense", [{}]),
    ]
    for ask in asked:
        with pytest.raises(StoreError, match="dateline verify"), db.write() as tx:
            ask(tx)


@pytest.mark.parametrize(
    ("number", "kind", "said"),
    [
        (errno.ENOSPC, DiskFull, "make room"),
        (errno.EDQUOT, DiskFull, "make room"),
        (errno.EFBIG, DiskFull, "make room"),
        (errno.EACCES, StoreReadOnly, "permission"),
        (errno.EROFS, StoreReadOnly, "permission"),
        (errno.EIO, StoreError, "check the disk"),
    ],
)
def test_system_errors_have_a_next_step(number: int, kind: type[StoreError], said: str) -> None:
    """What the operating system refuses is said with what to do about it."""
    error = failures.of_system(OSError(number, os.strerror(number)), Path("place"))
    assert type(error) is kind
    assert said in str(error)


def test_now_is_the_clock_it_was_given(db: Database) -> None:
    """Times in rows come from the injected clock."""
    assert db.now() == "2016-03-01T12:00:00.000Z"
