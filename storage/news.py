"""News: what a digest may tell, each thing once, numbered in the order in which it was committed.

Derived rows may be made anew (a text is read again), so what is news is noted by the id of the thing when a post is
taken in, and never again. Kinds: `alert`, `sighting`, `conflict`.
"""

from __future__ import annotations

from storage.counters import advance, current
from storage.database import Transaction


def note(tx: Transaction, kind: str, ref: str, at: str) -> bool:
    """Note something as news; False where it was noted before."""
    if tx.row("SELECT 1 AS held FROM news WHERE kind = :kind AND ref = :ref", {"kind": kind, "ref": ref}):
        return False
    tx.execute(
        "INSERT INTO news (seq, kind, ref, at) VALUES (:seq, :kind, :ref, :at)",
        {"seq": advance(tx, "news"), "kind": kind, "ref": ref, "at": at},
    )
    return True


def head(tx: Transaction) -> int:
    """Return the number of the newest."""
    return current(tx, "news")
