"""The custody log: any change to any row is named, by Dateline and by the independent script."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import custody
from storage.database import DATABASE_FILE, Database
from tests.storage.makers import AT

ROWS = 6
COLUMNS = ("seq", "at", "actor", "action", "subject", "detail", "previous", "hash")


@pytest.fixture(scope="module", name="log")
def fixture_log(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A store whose log has a few rows; each test undoes what it did to it."""
    db = Database.open(tmp_path_factory.mktemp("log") / DATABASE_FILE)
    with db.write() as tx:
        for number in range(ROWS):
            custody.append(tx, at=AT, actor="a", action="note", subject=f"s{number}", detail={"n": number, "é": None})
    return db


class Undo(Exception):
    """Raised to roll a tampering back."""


def faults_after(db: Database, sql: str, params: dict[str, Any]) -> list[custody.CustodyFault]:
    """Return what the walk names after a change that is then undone."""
    found: list[custody.CustodyFault] = []
    try:
        with db.write() as tx:
            assert tx.execute(sql, params)
            found = list(custody.walk(tx))
            raise Undo
    except Undo:
        return found


def test_a_log_that_was_only_appended_to_holds(log: Database) -> None:
    """Nothing is named in an honest log, and its head names its last row."""
    with log.read() as tx:
        assert list(custody.walk(tx)) == []
        rows = custody.rows(tx)
        assert (ROWS, rows[-1].hash) == custody.head(tx)
        assert rows[0].previous == custody.GENESIS
        assert rows[2:3] == custody.rows(tx, "s2")


@given(
    seq=st.integers(1, ROWS),
    column=st.sampled_from(COLUMNS[1:]),
    value=st.text(max_size=8) | st.binary(max_size=8) | st.integers(-9, 9),
)
def test_a_changed_column_is_named(log: Database, seq: int, column: str, value: object) -> None:
    """Whatever is written into whichever column of whichever row, that row is named."""
    with log.read() as tx:
        was = tx.row(f"SELECT {column} AS value FROM custody WHERE seq = :seq", {"seq": seq})
    assert was is not None
    if was["value"] == str(value):
        return
    found = faults_after(log, f"UPDATE custody SET {column} = :value WHERE seq = :seq", {"value": value, "seq": seq})
    assert seq in {fault.seq for fault in found}


@given(seq=st.integers(1, ROWS), column=st.sampled_from(COLUMNS[1:]), place=st.integers(0, 500), data=st.data())
def test_a_flipped_bit_is_named(log: Database, seq: int, column: str, place: int, data: st.DataObject) -> None:
    """One bit of one byte is enough, also where the text is no longer valid UTF-8."""
    with log.read() as tx:
        was = tx.row(f"SELECT CAST({column} AS BLOB) AS value FROM custody WHERE seq = :seq", {"seq": seq})
    assert was is not None
    changed = bytearray(was["value"])
    changed[place % len(changed)] ^= 1 << data.draw(st.integers(0, 7))
    sql = f"UPDATE custody SET {column} = CAST(:value AS TEXT) WHERE seq = :seq"
    assert seq in {fault.seq for fault in faults_after(log, sql, {"value": bytes(changed), "seq": seq})}


@pytest.mark.parametrize("seq", range(1, ROWS + 1))
def test_a_missing_row_is_named(log: Database, seq: int) -> None:
    """A row taken out is named, also at either end."""
    found = faults_after(log, "DELETE FROM custody WHERE seq = :seq", {"seq": seq})
    assert seq in {fault.seq for fault in found}


@pytest.mark.parametrize("to", [-3, 0, ROWS + 1, ROWS + 5])
def test_a_renumbered_row_is_named(log: Database, to: int) -> None:
    """A row moved elsewhere is missed where it was and named where it is."""
    found = faults_after(log, "UPDATE custody SET seq = :to WHERE seq = 3", {"to": to})
    assert {3, to} <= {fault.seq for fault in found} or to < 1


def test_swapped_rows_are_named(log: Database) -> None:
    """Two rows that changed places, numbers fitting, do not hold."""
    sql = (
        "UPDATE custody SET (subject, detail, hash) ="
        " (SELECT o.subject, o.detail, o.hash FROM custody o WHERE o.seq = 5 - custody.seq) WHERE seq IN (2, 3)"
    )
    assert {2, 3} <= {fault.seq for fault in faults_after(log, sql, {})}


def test_detail_in_another_spelling_is_named(log: Database) -> None:
    """The same JSON written with a space is a change all the same."""
    found = faults_after(log, "UPDATE custody SET detail = replace(detail, ',', ', ') WHERE seq = 2", {})
    assert [fault.seq for fault in found] == [2]


@given(
    texts=st.lists(st.text(st.characters(codec=None), max_size=5), min_size=3, max_size=3),
    value=st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
                       | st.text(), lambda inner: st.lists(inner, max_size=3), max_leaves=5),
)  # fmt: skip
def test_any_values_can_be_logged(log: Database, texts: list[str], value: object) -> None:
    """Surrogates, NULs, numbers and nesting are logged in a form that holds."""
    actor, action, subject = texts
    try:
        with log.write() as tx:
            row = custody.append(tx, at=AT, actor=actor, action=action, subject=subject, detail={"value": value})
            assert list(custody.walk(tx)) == []
            assert row == custody.rows(tx)[-1]
            raise Undo
    except Undo:
        pass


def test_the_page_gives_the_format(log: Database) -> None:
    """The example row of docs/custody.md has the hash that the page says."""
    page = (Path(__file__).parents[2] / "docs" / "custody.md").read_text()
    found = re.search(r"^    (\[1,.*\])\n\nhas the hash `([0-9a-f]{64})`", page, re.MULTILINE)
    assert found
    example = found[1]
    seq, at, actor, action, subject, detail, previous = json.loads(example)
    assert example == custody.canonical([seq, at, actor, action, subject, detail, previous])
    assert found[2] == custody.row_hash(seq, at, actor, action, subject, detail, previous)
