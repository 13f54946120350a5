"""Archived texts, each once by the SHA-256 of its UTF-8 form, with the folded form that is searched.

A text is stored as bytes so that it comes back exactly as it went in: line ends, NULs and all. A lone surrogate,
which no UTF-8 has a place for, is written in the three bytes of Python's `surrogatepass`.
"""

from __future__ import annotations

from collections.abc import Iterable

from storage.database import Transaction
from storage.folding import fold
from storage.records import text_digest

_AT_ONCE = 500
"""How many texts one query asks for: well below SQLite's and PostgreSQL's limits on parameters."""


def encode(text: str) -> bytes:
    """Return the bytes a text is stored as; their SHA-256 is its name."""
    return text.encode("utf-8", "surrogatepass")


def decode(data: bytes) -> str:
    """Return the text that `encode` wrote."""
    return data.decode("utf-8", "surrogatepass")


def put(tx: Transaction, text: str) -> str:
    """Keep a text and return its name; keeping it again changes nothing."""
    sha256 = text_digest(text)
    if tx.row("SELECT seq FROM texts WHERE sha256 = :sha256", {"sha256": sha256}) is None:
        tx.execute(
            "INSERT INTO texts (sha256, text, fold) VALUES (:sha256, :text, :fold)",
            {"sha256": sha256, "text": encode(text), "fold": fold(text)},
        )
    return sha256


def of(tx: Transaction, names: Iterable[str]) -> dict[str, str]:
    """Return texts by name; a name that is not there is left out."""
    wanted = sorted(set(names))
    found: dict[str, str] = {}
    for first in range(0, len(wanted), _AT_ONCE):
        params = {f"t{index}": name for index, name in enumerate(wanted[first : first + _AT_ONCE])}
        marks = ", ".join(f":{name}" for name in params)
        for row in tx.rows(f"SELECT sha256, text FROM texts WHERE sha256 IN ({marks})", params):  # noqa: S608
            found[row["sha256"]] = decode(row["text"])
    return found
