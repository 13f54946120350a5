"""A store of an earlier version, whose sightings nobody could judge, becomes one of the ninth."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from storage import sightings, verdicts
from storage.database import DATABASE_FILE, Database
from storage.records import OPERATOR
from storage.schema import SCHEMA_VERSION
from tests.storage.makers import archive, post, sighting


def test_sightings_stay_and_can_be_judged(tmp_path: Path) -> None:
    """What was read before is told as it was; no verdict stands on it."""
    path = tmp_path / DATABASE_FILE
    said = post("x:1", text="Ann Example arrived in Portville.")
    with Database.open(path) as db, db.write() as tx:
        sightings.put(tx, said.id, archive(tx, said), sighting(said.text, said.text))
        before = sightings.of_post(tx, said.id, OPERATOR)
    connection = sqlite3.connect(path, isolation_level=None)
    for table in ("verdict_sightings", "verdicts"):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("DROP INDEX sightings_lost")
    connection.execute("ALTER TABLE sightings DROP COLUMN lost")
    connection.execute("DELETE FROM counters WHERE name = 'verdicts'")
    connection.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '9 %'")
    connection.execute("PRAGMA user_version = 8")
    connection.close()
    with Database.open(path) as db, db.write() as tx:
        assert tx.row("PRAGMA user_version") == {"user_version": SCHEMA_VERSION}
        assert sightings.of_post(tx, said.id, OPERATOR) == before != []
        assert verdicts.standing(tx, "") == []
