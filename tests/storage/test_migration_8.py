"""A store of an earlier version, which has no journal of its watch-list, becomes one of the eighth."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from storage import people, people_changes, sightings
from storage.database import DATABASE_FILE, Database
from storage.records import OPERATOR
from storage.schema import SCHEMA_VERSION
from tests.storage.makers import archive, post, sighting


def test_people_and_sightings_stay_and_changes_are_noted_from_now_on(tmp_path: Path) -> None:
    """Of the list as it was nothing can be undone; sightings say nothing of a surname; the next change is number 1."""
    path = tmp_path / DATABASE_FILE
    with Database.open(path) as db, db.write() as tx:
        people.add(tx, "Ann Example", ["Annie"])
        made = post("x:1")
        sightings.put(tx, made.id, archive(tx, made), sighting(made.text, "Words"))
        held = sightings.for_person(tx, "ann-example", OPERATOR)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(
        "DROP TABLE people_changed; DROP TABLE people_changes; DROP INDEX alert_evidence_of_ref;"
        "DELETE FROM counters WHERE name = 'people_changes'; ALTER TABLE sightings DROP COLUMN linked;"
        "DELETE FROM _sqlite_migrations WHERE name LIKE '8 %'; PRAGMA user_version = 7;"
    )
    connection.close()
    with Database.open(path) as db, db.write() as tx:
        assert tx.row("PRAGMA user_version") == {"user_version": SCHEMA_VERSION}
        assert sightings.for_person(tx, "ann-example", OPERATOR) == held != []
        assert people_changes.newest(tx, 10) == []
        assert people_changes.since(tx, people.revision(tx) - 1) is None
        with people_changes.noting(tx, "rename", "operator", "2026-01-01T00:00:00.000Z", ["ann-example"]) as made_now:
            people.rename(tx, "ann-example", "Anne Example")
        assert made_now.number == 1
        assert people_changes.since(tx, people.revision(tx)) == []
