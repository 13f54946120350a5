"""A store of an earlier version, whose conflicts have no words of captions, becomes one of the seventh."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from storage import conflicts, posts
from storage.database import DATABASE_FILE, Database
from storage.records import OPERATOR, Conflict, ConflictKind
from storage.relations import ClaimRelation, Quote
from storage.schema import SCHEMA_VERSION
from tests.storage.makers import post


def test_conflicts_stay_and_new_ones_keep_their_words(tmp_path: Path) -> None:
    """A conflict of an earlier version contradicts, without words; one of this version gives back what was kept."""
    path = tmp_path / DATABASE_FILE
    old = Conflict(ConflictKind.PLACE, "One picture, two places.", posts=("x:1",), image_sha256="a" * 64)
    with Database.open(path) as db, db.write() as tx:
        posts.put(tx, post("x:1"))
        conflicts.put(tx, old)
    connection = sqlite3.connect(path, isolation_level=None)
    for column in ("relation", "quotes"):
        connection.execute(f"ALTER TABLE conflicts DROP COLUMN {column}")
    connection.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '7 %'")
    connection.execute("PRAGMA user_version = 6")
    connection.close()
    new = Conflict(
        ConflictKind.DATE,
        "Impossible date.",
        posts=("x:1",),
        image_sha256="b" * 64,
        relation=ClaimRelation.IMPOSSIBLE,
        quotes=(Quote("x:1", "сегодня", 4, 11),),
    )
    with Database.open(path) as db:
        with db.write() as tx:
            assert tx.row("PRAGMA user_version") == {"user_version": SCHEMA_VERSION}
            conflicts.put(tx, new)
        with db.read() as tx:
            assert {old, new} == set(conflicts.of_post(tx, "x:1", OPERATOR))


def test_what_may_both_be_true_is_not_kept(tmp_path: Path) -> None:
    """Only conflicts are kept, so that everything that is kept may warn."""
    near = Conflict(ConflictKind.PLACE, "Near.", posts=("x:1",), relation=ClaimRelation.NEAR)
    with (
        Database.open(tmp_path / DATABASE_FILE) as db,
        db.write() as tx,
        pytest.raises(ValueError, match="no conflict"),
    ):
        conflicts.put(tx, near)
