"""A store of the third version, with warnings and what was decided about them, becomes one of the fourth."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

from bot.desk import Desk
from commands.verify import verify
from storage import alerts, images, news
from storage.alerts import Act, AlertKind, TriageState
from storage.database import DATABASE_FILE, Database
from storage.first_tables import DESK_TABLES
from storage.schema import SCHEMA_VERSION
from tests.desks import quiet, settings_for
from tests.storage.makers import archive, image, post

AT = [f"2016-03-01T1{hour}:00:00.000Z" for hour in range(5)]
NEW_TABLES = (
    "watches", "watch_sources", "watch_runs", "watch_costs", "channel_settings", "workspace_settings", "snoozes",
    "rolls", "news", "digest_plans", "digest_runs", "alert_evidence", "triage", "alerts", "traced",
)  # fmt: skip


def third_version(folder: Path) -> None:
    """Make a store as the third version left it: three warnings, one of them dismissed, one undone."""
    with Database.open(folder / DATABASE_FILE) as db, db.write() as tx:
        for key in ("x:0", "x:1", "x:2"):
            archive(tx, post(key), raw=key.encode())
        images.put(tx, image("one"))
        images.put(tx, image("other"))
    connection = sqlite3.connect(folder / DATABASE_FILE, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = OFF")
    for table in (*NEW_TABLES, "boilerplate"):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("DELETE FROM counters WHERE name IN ('news', 'watches', 'boilerplate')")
    old = {name: DESK_TABLES[DESK_TABLES.index(f"CREATE TABLE {name} (") :].split(";")[0]
           for name in ("alerts", "triage", "traced")}  # fmt: skip
    for statement in old.values():
        connection.execute(statement)
    for name, columns in (
        ("alerts_of_channel", "workspace, channel, raised_at"),
        ("alerts_of_pair", "workspace, pair, state"),
    ):
        connection.execute(f"CREATE INDEX {name} ON alerts ({columns})")
    one, other = image("one").sha256, image("other").sha256
    rows = [
        ("a", "C1", "image-reuse", "x:1", "dismissed", AT[1]),
        ("b", "C1", "caption-conflict", "x:2", "open", AT[2]),
        ("c", "C2", "image-reuse", "x:1", "acknowledged", AT[1]),
    ]
    for alert, channel, kind, post_id, state, at in rows:
        connection.execute(
            "INSERT INTO alerts (id, workspace, channel, kind, pair, post_id, image_sha256, match_sha256,"
            " match_post_id, state, raised_at) VALUES (?, 'T1', ?, ?, 'pair', ?, ?, ?, 'x:0', ?, ?)",
            (alert, channel, kind, post_id, one, other, state, at),
        )
    steps = [("a", 0, "dismissed", "U1", "known"), ("b", 0, "acknowledged", "U1", ""), ("b", 1, "open", "U2", ""),
             ("c", 0, "acknowledged", "U3", "")]  # fmt: skip
    connection.executemany(
        "INSERT INTO triage (alert_id, step, state, actor, at, reason)"
        " VALUES (?, ?, ?, ?, '2016-03-01T13:00:00.000Z', ?)",
        steps,
    )
    connection.execute("INSERT INTO traced (workspace, user_id, post_id, at) VALUES ('T1', 'U1', 'x:1', ?)", (AT[0],))
    connection.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '4 %' OR name LIKE '6 %'")
    connection.execute("PRAGMA user_version = 3")
    connection.close()


def test_warnings_and_decisions_are_kept(tmp_path: Path) -> None:
    """Ids, kinds, states and steps stay; each warning is news in the order in which it was raised; verify is clean."""
    third_version(tmp_path)
    with Desk.open(settings_for(tmp_path)) as desk:
        with desk.db.read() as tx:
            held = {each: alerts.get(tx, each) for each in "abc"}
            assert tx.row("PRAGMA user_version") == {"user_version": SCHEMA_VERSION}
            assert news.head(tx) == 3
            assert tx.rows("SELECT seq, ref FROM news ORDER BY seq") == [
                {"seq": 1, "ref": "a"}, {"seq": 2, "ref": "c"}, {"seq": 3, "ref": "b"}
            ]  # fmt: skip
            assert [(step.act, step.state, step.by, step.reason) for step in alerts.steps(tx, "a")] == [
                (Act.DISMISS, TriageState.DISMISSED, "U1", "known")
            ]
            assert [step.act for step in alerts.steps(tx, "b")] == [Act.ACKNOWLEDGE, Act.UNDO]
            assert alerts.is_dismissed(tx, "T1", "pair")
            assert tx.row("SELECT audience, message, earliest FROM traced") == {
                "audience": "everyone", "message": "", "earliest": ""
            }  # fmt: skip
            assert tx.rows("PRAGMA foreign_key_check") == []
        assert (held["a"].kind, held["b"].kind) == (AlertKind.REUSE, AlertKind.CAPTION_CONFLICT)
        assert held["a"].subject == f"picture/x:1/{image('one').sha256}"
        assert held["a"].case == held["b"].case == f"picture/{image('other').sha256}"
        assert [held[each].state for each in "abc"] == [
            TriageState.DISMISSED, TriageState.OPEN, TriageState.ACKNOWLEDGED
        ]  # fmt: skip
        desk.vault.put_many([key.encode() for key in ("x:0", "x:1", "x:2", "one", "other")])
        assert asyncio.run(verify(desk, progress=quiet)).clean


def test_what_was_decided_can_be_undone_afterwards(tmp_path: Path) -> None:
    """A dismissal of the third version is taken back in the fourth."""
    third_version(tmp_path)
    with Database.open(tmp_path / DATABASE_FILE) as db, db.write() as tx:
        undo = alerts.Triage(Act.UNDO, TriageState.OPEN, "U9", AT[4])
        assert alerts.decide(tx, "a", undo)
        assert alerts.get(tx, "a").state is TriageState.OPEN
        assert not alerts.is_dismissed(tx, "T1", "pair")
        assert not alerts.decide(tx, "a", undo)
