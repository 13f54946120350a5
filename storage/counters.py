"""Counters that only rise; the row of a counter stays locked until the write that advanced it has ended."""

from __future__ import annotations

from storage.database import Transaction


def advance(tx: Transaction, name: str) -> int:
    """Raise a counter by one and return its new value."""
    tx.execute("UPDATE counters SET value = value + 1 WHERE name = :name", {"name": name})
    return current(tx, name)


def current(tx: Transaction, name: str) -> int:
    """Return the value of a counter."""
    row = tx.row("SELECT value FROM counters WHERE name = :name", {"name": name})
    if row is None:
        raise KeyError(name)
    return int(row["value"])
