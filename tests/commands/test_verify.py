"""`verify` as it is asked for: what it found is told however damaged the store is."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

from commands.verify import verify
from storage import custody
from storage.database import DATABASE_FILE
from tests.desks import open_desk, quiet


def test_a_log_that_cannot_be_read_does_not_keep_the_answer_back(tmp_path: Path) -> None:
    """The rows cannot be counted, and the answer says what is wrong all the same."""
    with open_desk(tmp_path) as desk, desk.db.write() as tx:
        custody.append(tx, at=desk.db.now(), actor="t", action="asked", subject="s", detail={})
    connection = sqlite3.connect(tmp_path / DATABASE_FILE)
    pages = connection.execute("SELECT rootpage FROM sqlite_master WHERE tbl_name LIKE 'custody%'").fetchall()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    with (tmp_path / DATABASE_FILE).open("r+b") as file:
        for (page,) in pages:
            file.seek((page - 1) * size)
            file.write(b"\xff" * size)
    with open_desk(tmp_path) as desk:
        finding = asyncio.run(verify(desk, progress=quiet))
    assert not finding.clean
    assert finding.custody_rows == 0
    assert {kind for kind, _, _ in finding.faults} == {"database"}
