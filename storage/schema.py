"""The tables, as migrations: each step is applied once, in order, inside one transaction that holds the write lock."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from storage.errors import StoreDamaged, StoreTooNew
from storage.first_tables import DESK_TABLES, FIRST_TABLES, GAPS
from storage.watch_tables import WATCH_TABLES

if TYPE_CHECKING:
    from sqlite_utils import Database as Tables

SCHEMA_VERSION = 9
"""The number of migrations; kept in the file as SQLite's `user_version`."""

APPLICATION_ID = 0x44544C4E
"""`DTLN`, kept in the file as SQLite's `application_id`, tells a Dateline store from any other SQLite file."""

TOKENIZE = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'"
"""The column is folded already, so the tokenizer only splits; marks count as letters, or Hindi and Thai words break."""


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the file up to `SCHEMA_VERSION`.

    Raises:
        StoreTooNew: it is beyond that already.
        StoreDamaged: it is another program's file.
        sqlite3.Error: it cannot be read or written.
    """
    if check_version(connection, path) == SCHEMA_VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        if check_version(connection, path) < SCHEMA_VERSION:  # another process may have been here first
            _apply(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def check_version(connection: sqlite3.Connection, path: Path) -> int:
    """Return the version of the schema in the file, 0 for an empty file.

    Raises:
        StoreTooNew: a newer version of Dateline has written it.
        StoreDamaged: it is another program's file.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version == SCHEMA_VERSION:
        return version
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] or version:
            raise StoreDamaged(f"{path} belongs to another program; name another folder for the store")
        return 0
    if version > SCHEMA_VERSION:
        raise StoreTooNew(
            f"{path} was written by a newer Dateline (store version {version}, this one knows {SCHEMA_VERSION}); "
            "upgrade Dateline to open it"
        )
    return version


def _apply(connection: sqlite3.Connection) -> None:
    # imported here because it takes 150 ms, and a store is migrated once
    from sqlite_utils import Database as Tables
    from sqlite_utils.migrations import Migrations

    steps = Migrations("dateline")

    @steps(name="1 first tables")
    def first_tables(tables: Tables) -> None:
        tables.executescript(FIRST_TABLES)
        tables.table("texts").enable_fts(["fold"], create_triggers=True, tokenize=TOKENIZE)

    @steps(name="2 pictures that could not be fetched")
    def gaps(tables: Tables) -> None:
        tables.executescript(GAPS)

    @steps(name="3 requests, messages and alerts of the Slack front")
    def desk_tables(tables: Tables) -> None:
        tables.executescript(DESK_TABLES)

    @steps(name="4 watches, alerts of every kind, digests")
    def watch_tables(tables: Tables) -> None:
        tables.executescript(WATCH_TABLES)

    @steps(name="5 local features of pictures")
    def features(tables: Tables) -> None:
        from storage.features import TABLES

        tables.executescript(TABLES)

    @steps(name="6 what never warns again")
    def memory(tables: Tables) -> None:
        from storage.boilerplate import TABLES

        tables.executescript(TABLES)

    @steps(name="7 words of captions in conflict")
    def quotes(tables: Tables) -> None:
        from storage.conflicts import QUOTES

        tables.executescript(QUOTES)

    @steps(name="8 changes of the watch-list")
    def people_changes(tables: Tables) -> None:
        from storage.people_changes import TABLES

        tables.executescript(TABLES)

    @steps(name="9 verdicts on sightings")
    def verdicts(tables: Tables) -> None:
        from storage.verdicts import TABLES

        tables.executescript(TABLES)

    steps.apply(Tables(connection, execute_plugins=False))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
