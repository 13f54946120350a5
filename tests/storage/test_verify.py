"""Checking a whole store: what was changed is named, by Dateline and by the script that shares nothing with it."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from storage import captures, custody, images, posts
from storage.database import DATABASE_FILE, Database
from storage.vault import VAULT_FOLDER, Vault
from storage.verify import Fault, verify
from tests.storage.makers import AT, capture, image, post
from tests.storage.plain_user import everything, open_folder, who_may_only_read

SCRIPT = Path(__file__).with_name("independent_verify.py")


@pytest.fixture(name="home")
def fixture_home(tmp_path: Path) -> Path:
    """A store of three posts with their raw files, and an image; closed again."""
    vault = Vault(tmp_path / VAULT_FOLDER)
    with Database.open(tmp_path / DATABASE_FILE) as db, db.write() as tx:
        for number in range(3):
            made = post(f"x:{number}", text=f"text {number}\0\ud800\r\n", url="https://example.org/\udfff")
            copy = replace(capture(made), sha256=vault.put(f"raw {number}".encode()))
            posts.put(tx, made)
            captures.put(tx, copy, made.text)
            custody.append(
                tx,
                at=AT,
                actor="test",
                action=captures.CUSTODY_ACTION,
                subject=copy.id,
                detail={**captures.custody_detail(copy), "more": [1, 2]},
            )
        images.put(tx, image(sha256=vault.put(b"pixels")))
    return tmp_path


def faults(home: Path) -> list[Fault]:
    """What Dateline names."""
    with Database.open(home / DATABASE_FILE) as db:
        return verify(db, Vault(home / VAULT_FOLDER))


def script(home: Path) -> tuple[int, str]:
    """What the independent script says."""
    done = subprocess.run([sys.executable, str(SCRIPT), str(home)], capture_output=True, text=True, check=False)
    assert not done.stderr
    return done.returncode, done.stdout


def tamper(home: Path, *statements: str) -> None:
    """Change the database behind Dateline's back."""
    connection = sqlite3.connect(home / DATABASE_FILE)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_an_honest_store_holds(home: Path) -> None:
    """Neither finds anything, and the progress reaches the number of files."""
    told: list[tuple[int, int]] = []
    with Database.open(home / DATABASE_FILE) as db:
        assert verify(db, Vault(home / VAULT_FOLDER), lambda done, total: told.append((done, total))) == []
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert script(home) == (0, "everything holds\n")


def test_an_empty_store_holds(tmp_path: Path) -> None:
    """There is nothing wrong with a store that has nothing in it."""
    assert faults(tmp_path) == []
    assert script(tmp_path) == (0, "everything holds\n")


def test_every_flipped_byte_of_a_file_is_named(home: Path) -> None:
    """Whichever byte of an archived file is changed, the file is named."""
    path = next(path for path in (home / VAULT_FOLDER).rglob("*") if path.is_file())
    data = path.read_bytes()
    for place in range(len(data)):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x20]) + data[place + 1 :])
        assert [("vault", path.name)] == [(fault.kind, fault.subject) for fault in faults(home)]
    assert script(home)[0] == 1
    assert path.name in script(home)[1]


def test_a_missing_and_a_foreign_file_are_named(home: Path) -> None:
    """A file taken away and one slipped in are both named."""
    path = next(path for path in (home / VAULT_FOLDER).rglob("*") if path.is_file())
    path.rename(home / VAULT_FOLDER / "holiday.jpg")
    assert {"holiday.jpg", path.name} == {fault.subject for fault in faults(home)}
    status, said = script(home)
    assert status == 1
    assert "holiday.jpg" in said
    assert path.name in said


def test_whatever_stands_in_the_way_of_a_file_is_named_and_stops_nothing(home: Path) -> None:
    """A missing file, a folder or a closed folder in its place, a file nobody may read: each is named, by its name."""
    with open_folder() as copy:
        shutil.copytree(home, copy, dirs_exist_ok=True)
        missing, folder, unreadable, unreachable = files = [
            path for path in sorted((copy / VAULT_FOLDER).rglob("*")) if path.is_file()
        ]
        missing.unlink()
        folder.unlink()
        folder.mkdir()
        (folder / "inside").write_bytes(b"raw 0")
        closed = [unreadable, unreachable.parent]
        readable = [path for path in everything(copy) if path not in [*closed, unreachable]]
        for each in closed:
            each.chmod(0)
        with who_may_only_read(*readable):
            found = {fault.subject: fault.why for fault in faults(copy)}
        for each in closed:
            each.chmod(0o700)
    assert set(found) == {path.name for path in files} | {"inside"}
    assert "missing" in found[missing.name]
    assert "a folder stands in the place of the file" in found[folder.name]
    assert "cannot be read (Permission denied)" in found[unreadable.name]
    assert "cannot be reached (Permission denied)" in found[unreachable.name]


@pytest.mark.parametrize("column", ["at", "actor", "action", "subject", "detail", "previous", "hash"])
def test_a_changed_custody_row_is_named(home: Path, column: str) -> None:
    """One letter of any column of the log."""
    tamper(home, f"UPDATE custody SET {column} = 'X' || substr({column}, 2) WHERE seq = 2")
    assert ("custody", "2") in {(fault.kind, fault.subject) for fault in faults(home)}
    status, said = script(home)
    assert status == 1
    assert "custody row 2 " in said


def test_a_deleted_end_of_the_log_is_named(home: Path) -> None:
    """Rows taken from the end are missed, even by somebody who mends the head."""
    tamper(
        home,
        "DELETE FROM custody WHERE seq = 3",
        "UPDATE custody_head SET seq = 2, hash = (SELECT hash FROM custody WHERE seq = 2)",
    )
    assert [(fault.kind, fault.subject) for fault in faults(home)] == [("capture", "c-x:2")]
    status, said = script(home)
    assert status == 1
    assert "c-x:2" in said
    tamper(home, "DELETE FROM custody WHERE seq = 2")
    assert ("custody", "2") in {(fault.kind, fault.subject) for fault in faults(home)}
    assert "the end of the custody log" in script(home)[1]


@pytest.mark.parametrize(
    ("column", "value"),
    [("captured_at", "1999"), ("route", "hearsay"), ("source_url", "x"), ("sha256", "0" * 64), ("media_type", "x")],
)
def test_a_changed_capture_is_named(home: Path, column: str, value: str) -> None:
    """The record of a capture cannot be changed without the log's contradicting it."""
    tamper(home, f"UPDATE captures SET {column} = '{value}' WHERE id = 'c-x:1'")
    assert ("capture", "c-x:1") in {(fault.kind, fault.subject) for fault in faults(home)}
    assert "capture c-x:1 " in script(home)[1]


def test_a_deleted_capture_and_a_changed_text_are_named(home: Path) -> None:
    """The log remembers a capture that is gone; a text answers to its digest; a post that is gone is missed."""
    tamper(
        home,
        "DELETE FROM captures WHERE id = 'c-x:0'",
        "UPDATE texts SET text = CAST('other' AS BLOB) WHERE seq = 2",
        "DELETE FROM posts WHERE id = 'x:2'",
    )
    assert {"capture", "post", "text", "database"} == {fault.kind for fault in faults(home)}
    assert "capture c-x:0 " in script(home)[1]
    assert "text " in script(home)[1]


def test_an_index_that_lost_an_entry_is_named(home: Path) -> None:
    """An index that no longer has every row would hide evidence from whoever searches."""
    tamper(
        home,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = sql || ' WHERE id <> ''x:1''' WHERE name = 'posts_newest'",
    )
    tamper(home, "REINDEX posts_newest")
    tamper(
        home,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, ' WHERE id <> ''x:1''', '') WHERE name = 'posts_newest'",
    )
    assert any(fault.kind == "database" and "posts_newest" in fault.why for fault in faults(home))


def test_a_garbled_page_of_the_database_is_named(home: Path) -> None:
    """Where SQLite cannot read on, that is a fault like any other, and the files are checked all the same."""
    connection = sqlite3.connect(home / DATABASE_FILE)
    (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'custody'").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    with (home / DATABASE_FILE).open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    (home / VAULT_FOLDER / "stray").touch()
    assert {"database", "vault"} == {fault.kind for fault in faults(home)}
