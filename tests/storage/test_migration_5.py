"""A store of the fourth version, which has no local features of pictures, becomes one of the fifth."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from storage import features, images
from storage.database import DATABASE_FILE, Database
from storage.schema import SCHEMA_VERSION
from tests.storage.makers import image


def test_pictures_are_kept_and_can_be_given_features(tmp_path: Path) -> None:
    """Pictures of the fourth version stay, without features; those that are made for them later are kept."""
    path = tmp_path / DATABASE_FILE
    kept = image("one")
    with Database.open(path) as db, db.write() as tx:
        images.put(tx, kept)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("DROP TABLE features")
    connection.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '5 %'")
    connection.execute("PRAGMA user_version = 4")
    connection.close()
    with Database.open(path) as db:
        with db.read() as tx:
            assert tx.row("PRAGMA user_version") == {"user_version": SCHEMA_VERSION}
            assert [kept.sha256] == images.all_shas(tx)
            assert features.newest(tx) == 0
        with db.write() as tx:
            images.set_fingerprint(
                tx, kept.sha256, kept.phash, kept.fingerprint_version, True, None, b"points", "made/1"
            )
        with db.read() as tx:
            seq = features.newest(tx)
            assert features.between(tx, 0, seq, "made/1", 9) == [(seq, kept.sha256, b"points")]
