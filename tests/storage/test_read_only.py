"""A store that may only be read: asked and verified all the same, and never half-read."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from storage import people
from storage.database import DATABASE_FILE, Database
from storage.errors import StoreBusy, StoreError, StoreReadOnly
from storage.schema import SCHEMA_VERSION
from storage.vault import VAULT_FOLDER, Vault
from storage.verify import verify
from tests.storage.makers import archive, post
from tests.storage.plain_user import everything, open_folder, own_mounts, who_may_only_read

ROOT = Path(__file__).parents[2]

MOUNTED = """
import sys
from pathlib import Path
from storage import people
from storage.database import DATABASE_FILE, Database
from storage.errors import StoreReadOnly
from storage.vault import VAULT_FOLDER, Vault
from storage.verify import verify
home = Path(sys.argv[1])
with Database.open(home / DATABASE_FILE) as db:
    with db.read() as tx:
        print(*[person.name for person in people.all(tx)])
    print(*verify(db, Vault(home / VAULT_FOLDER)))
    try:
        with db.write() as tx:
            people.add(tx, "Bob Example")
    except StoreReadOnly as refused:
        print(refused)
    try:
        Vault(home / VAULT_FOLDER, read_only=True).put(b"more")
    except StoreReadOnly as refused:
        print(refused)
"""


@pytest.fixture(name="home")
def fixture_home() -> Iterator[Path]:
    """A store with a person and a post, closed as it should be."""
    with open_folder() as folder:
        Vault(folder / VAULT_FOLDER).put(b"raw")
        with Database.open(folder / DATABASE_FILE) as db, db.write() as tx:
            people.add(tx, "Ann Example")
            archive(tx, post(), raw=b"raw")
        yield folder


def names(db: Database) -> list[str]:
    """Who is in the store."""
    with db.read() as tx:
        return [person.name for person in people.all(tx)]


def add(path: Path, name: str) -> None:
    """Write to the store as another process would, and close it."""
    with Database.open(path) as db, db.write() as tx:
        people.add(tx, name)


def test_a_store_that_may_only_be_read_is_asked_and_verified(home: Path) -> None:
    """Neither needs to write, and nothing new appears in the folder."""
    before = sorted(everything(home))
    with who_may_only_read(*before), Database.open(home / DATABASE_FILE) as db:
        assert db.read_only
        assert names(db) == ["Ann Example"]
        assert verify(db, Vault(home / VAULT_FOLDER)) == []
        assert sorted(everything(home)) == before


def test_writing_to_it_is_refused_in_one_sentence(home: Path) -> None:
    """Before anything is done; reading goes on after."""
    with who_may_only_read(*everything(home)), Database.open(home / DATABASE_FILE) as db:
        with pytest.raises(StoreReadOnly, match=r"may only be read.*give this user write permission"), db.write():
            pytest.fail("the block must not be entered")
        assert names(db) == ["Ann Example"]


@pytest.mark.parametrize("kept", [".", DATABASE_FILE])
def test_either_the_file_or_its_folder_is_enough(home: Path, kept: str) -> None:
    """A file alone, or a folder alone, that cannot be written to makes a store that can be read, and nothing else."""
    if kept == DATABASE_FILE:
        home.chmod(0o777)
    else:
        (home / DATABASE_FILE).chmod(0o666)
    before = sorted(home.iterdir())
    with who_may_only_read(home / kept), Database.open(home / DATABASE_FILE) as db:
        assert names(db) == ["Ann Example"]
        assert sorted(home.iterdir()) == before  # a reader's files would lock the owner out
        with pytest.raises(StoreReadOnly), db.write() as tx:
            people.add(tx, "Bob Example")


def test_a_store_that_others_write_to_is_read_as_it_is(home: Path) -> None:
    """With a writer at work, every transaction sees what is committed, and nothing that changes meanwhile."""
    path = home / DATABASE_FILE
    with Database.open(path) as writer:
        with writer.write() as tx:
            people.add(tx, "Bob Example")
        with who_may_only_read(*everything(home)):
            reader = Database.open(path)
        with reader:
            with reader.read() as seen:
                with writer.write() as tx:
                    people.add(tx, "Cyd Example")
                assert len(people.all(seen)) == 2
            assert names(reader) == ["Ann Example", "Bob Example", "Cyd Example"]


def test_a_writer_that_comes_later_is_noticed(home: Path) -> None:
    """What was opened as unchanging is opened anew; what changes during a read makes the read be asked again."""
    path = home / DATABASE_FILE
    with who_may_only_read(*everything(home)):
        reader = Database.open(path)
    with reader:
        add(path, "Bob Example")
        with who_may_only_read(*everything(home)):
            assert names(reader) == ["Ann Example", "Bob Example"]
        with pytest.raises(StoreBusy, match="ask again"):
            read_while_it_changes(reader, everything(home))
        assert names(reader) == ["Ann Example", "Bob Example", "Cyd Example"]


def read_while_it_changes(reader: Database, paths: list[Path]) -> None:
    """Begin to read a store that nobody changes, and let somebody change it then."""
    with ExitStack() as while_it_may_only_be_read:
        while_it_may_only_be_read.enter_context(who_may_only_read(*paths))
        with reader.read() as tx:
            people.all(tx)
            while_it_may_only_be_read.close()
            add(reader.path, "Cyd Example")


@pytest.mark.parametrize("left", ["-wal", "-journal"])
def test_changes_that_are_not_merged_are_never_ignored(home: Path, left: str) -> None:
    """Copied while it was written to: without its `-shm` the `-wal` file cannot be read, and the store says so."""
    with open_folder() as copy:
        with Database.open(home / DATABASE_FILE) as db, db.write() as tx:
            people.add(tx, "Bob Example")
            shutil.copy(home / DATABASE_FILE, copy)
            shutil.copyfile(home / f"{DATABASE_FILE}-wal", copy / f"{DATABASE_FILE}{left}")
            (copy / f"{DATABASE_FILE}{left}").write_bytes(b"changes")
        with (
            who_may_only_read(*everything(copy)),
            pytest.raises(StoreReadOnly, match=f"{DATABASE_FILE}{left} holds changes.*copy the whole folder"),
        ):
            Database.open(copy / DATABASE_FILE)


def test_what_a_killed_writer_left_is_read_with_the_rest(home: Path) -> None:
    """Where the `-shm` file is there too, SQLite reads the unmerged commits."""
    with open_folder() as copy:
        with Database.open(home / DATABASE_FILE) as db:
            with db.write() as tx:
                people.add(tx, "Bob Example")
            for suffix in ("", "-wal", "-shm"):
                shutil.copy(home / f"{DATABASE_FILE}{suffix}", copy)
        with who_may_only_read(*everything(copy)), Database.open(copy / DATABASE_FILE) as held:
            assert names(held) == ["Ann Example", "Bob Example"]


def test_an_older_store_that_may_only_be_read_is_one_sentence(home: Path) -> None:
    """It would have to be brought up to date first."""
    connection = sqlite3.connect(home / DATABASE_FILE)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION - 1}")
    connection.close()
    with who_may_only_read(*everything(home)), pytest.raises(StoreReadOnly, match=r"older Dateline.*copy"):
        Database.open(home / DATABASE_FILE)


def test_a_folder_without_permission_is_one_sentence() -> None:
    """Where there is no store and none can be made, the user is told what to change."""
    with open_folder() as locked, who_may_only_read(locked):
        with pytest.raises(StoreReadOnly, match="permission"):
            Database.open(locked / "home" / DATABASE_FILE)
        with pytest.raises(StoreError, match="cannot be opened"):
            Database.open(locked / DATABASE_FILE)


def test_a_disk_that_may_only_be_read(home: Path) -> None:
    """The store of a disk mounted read-only is asked and verified, even by root."""
    mount = f'mount --bind "{home}" "{home}" && mount -o remount,bind,ro "{home}" && exec "$@"'
    done = subprocess.run(
        [*own_mounts(), "sh", "-c", mount, "sh", sys.executable, "-c", MOUNTED, str(home)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert not done.stderr
    listed, faults, refused, no_file = done.stdout.splitlines()
    assert (listed, faults) == ("Ann Example", "")
    assert "may only be read" in refused
    assert "cannot be written to" in no_file
