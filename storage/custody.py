"""The custody log: who did what to which piece of evidence, each row carrying the hash of the one before.

`docs/custody.md` gives the format exactly, so that anybody can check a store without this program.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from storage.database import Transaction, plain
from storage.errors import StoreDamaged
from storage.records import CustodyRow

GENESIS = "0" * 64
"""What the first row has for the hash of the row before."""

_HEAD = "custody"
_PAGE = 5_000
_COLUMNS = "seq, at, actor, action, subject, detail, previous, hash"


@dataclass(frozen=True, slots=True)
class CustodyFault:
    """A row of the log that does not hold, and why."""

    seq: int
    why: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be written down: `at` UTC ISO 8601, `actor` who, `action` what, `subject` the id it was done to."""

    at: str
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Any]


def canonical(value: object) -> str:
    """Write a value as the one JSON text that is hashed: keys sorted, no spaces, ASCII only, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def row_hash(seq: int, at: str, actor: str, action: str, subject: str, detail: Mapping[str, Any], previous: str) -> str:
    """Return the SHA-256 of a row's other fields as canonical JSON."""
    text = canonical([seq, at, actor, action, subject, detail, previous])
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def append(tx: Transaction, *, at: str, actor: str, action: str, subject: str, detail: Mapping[str, Any]) -> CustodyRow:
    """Write one row at the end of the log."""
    return append_many(tx, [Entry(at, actor, action, subject, detail)])[0]


def append_many(tx: Transaction, entries: Iterable[Entry]) -> list[CustodyRow]:
    """Write rows at the end of the log, in order; cheaper than one at a time."""
    seq, previous = head(tx)
    rows: list[CustodyRow] = []
    for entry in entries:
        seq += 1
        # what the database stores is what must be hashed, and what JSON reads back is what must be returned
        at, actor, action, subject = map(plain, (entry.at, entry.actor, entry.action, entry.subject))
        detail: dict[str, Any] = json.loads(canonical(dict(entry.detail)))
        own = row_hash(seq, at, actor, action, subject, detail, previous)
        rows.append(CustodyRow(seq, at, actor, action, subject, detail, previous, own))
        previous = own
    tx.many(
        "INSERT INTO custody (seq, at, actor, action, subject, detail, previous, hash)"
        " VALUES (:seq, :at, :actor, :action, :subject, :detail, :previous, :hash)",
        (
            {
                "seq": row.seq, "at": row.at, "actor": row.actor, "action": row.action, "subject": row.subject,
                "detail": canonical(row.detail), "previous": row.previous, "hash": row.hash,
            }
            for row in rows
        ),
    )  # fmt: skip
    tx.execute(
        "INSERT INTO custody_head (name, seq, hash) VALUES (:name, :seq, :hash)"
        " ON CONFLICT (name) DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
        {"name": _HEAD, "seq": seq, "hash": previous},
    )
    return rows


def head(tx: Transaction) -> tuple[int, str]:
    """Return the number and hash of the last row, (0, zeros) of an empty log.

    Whoever writes these two down elsewhere can later prove that the log was not rewritten as a whole.
    """
    row = tx.row("SELECT seq, hash FROM custody_head WHERE name = :name", {"name": _HEAD})
    return (row["seq"], row["hash"]) if row else (0, GENESIS)


def count(tx: Transaction) -> int:
    """Count the rows of the log that are there."""
    row = tx.row("SELECT count(*) AS logged FROM custody")
    return int(row["logged"]) if row else 0


def rows(tx: Transaction, subject: str | None = None) -> list[CustodyRow]:
    """Return the log, or what it says of one subject, oldest first.

    Raises:
        StoreDamaged: a row is not what was written.
    """
    condition, params = ("", {}) if subject is None else (" WHERE subject = :subject", {"subject": subject})
    found = tx.rows(f"SELECT {_COLUMNS} FROM custody{condition} ORDER BY seq", params)  # noqa: S608
    try:
        return [CustodyRow(**{**row, "detail": json.loads(row["detail"])}) for row in found]
    except (TypeError, ValueError, RecursionError) as error:
        raise StoreDamaged("a row of the custody log cannot be read; run `dateline verify` to see which") from error


def walk(tx: Transaction) -> Iterator[CustodyFault]:
    """Name every row that was changed, is missing, or does not follow the row before it."""
    expected, previous = 1, GENESIS
    for row in _every_row(tx):
        if row["seq"] > expected:
            yield CustodyFault(expected, _missing(expected, row["seq"] - 1))
        elif row["seq"] < expected:
            yield CustodyFault(row["seq"], "it stands before the first row")
        elif row["previous"] != previous:
            yield CustodyFault(row["seq"], "it does not follow the row before it")
        if why := _fault(row):
            yield CustodyFault(row["seq"], why)
        expected, previous = row["seq"] + 1, row["hash"]
    with tx.lenient():
        last, last_hash = head(tx)
    if not isinstance(last, int) or last < expected - 1:
        yield CustodyFault(expected - 1, "the log's head does not name it as the last row")
    elif last > expected - 1:
        yield CustodyFault(expected, _missing(expected, last) + " at the end of the log")
    elif last_hash != previous:
        yield CustodyFault(last, "the log's head names another hash for it")


def _every_row(tx: Transaction) -> Iterator[dict[str, Any]]:
    above = -(2**63)
    while True:
        with tx.lenient():
            found = tx.rows(
                f"SELECT {_COLUMNS} FROM custody WHERE seq > :above ORDER BY seq LIMIT :page",  # noqa: S608
                {"above": above, "page": _PAGE},
            )
        yield from found
        if len(found) < _PAGE:
            return
        above = found[-1]["seq"]


def _missing(first: int, last: int) -> str:
    return "the row is missing" if first == last else f"rows {first} to {last} are missing"


def _fault(row: Mapping[str, Any]) -> str:
    """Say what is wrong with a row by itself; empty where nothing is."""
    try:
        detail = json.loads(row["detail"])
        own = row_hash(row["seq"], row["at"], row["actor"], row["action"], row["subject"], detail, row["previous"])
        if canonical(detail) != row["detail"]:
            return "its detail is not in canonical form"
    except (TypeError, ValueError, RecursionError):
        return "it cannot be read as a custody row"
    return "" if own == row["hash"] else "its hash is not that of its fields"
