"""Full-text search over every archived text, in its folded form."""

from __future__ import annotations

from storage import posts
from storage.database import Transaction
from storage.folding import fold
from storage.grants import visible
from storage.records import Post, Viewer

__all__ = ["find", "fold", "query"]

COMMON = 5_000
"""A query that so many texts match is tried on the newest posts first: matching and sorting so many takes 15 ms."""

RECENT = 1_000
"""How many of the newest posts a common query is tried on: 25 ms, and enough for a page if 1 text in 50 matches."""

# the two lines that depend on the engine; CROSS JOIN keeps SQLite from asking the index before it has a text
_TEXTS = "SELECT t.sha256 FROM texts_fts JOIN texts t ON t.seq = texts_fts.rowid WHERE texts_fts MATCH :wanted"
_OCCURS = (
    "EXISTS (SELECT 1 FROM captures c CROSS JOIN texts t ON t.sha256 = c.text_sha256"
    " CROSS JOIN texts_fts ON texts_fts.rowid = t.seq WHERE c.post_id = p.id AND texts_fts MATCH :wanted)"
)
_NEWEST_FIRST = "ORDER BY p.sort_at DESC, p.id DESC LIMIT :limit"


def query(text: str) -> str | None:
    """Turn what somebody typed into a full-text query, None where nothing in it can be searched for.

    Every word must occur. What was typed without a space between is searched as a phrase: the characters of a
    Chinese word, the halves of a hyphenated one. Nothing typed is ever read as an operator.
    """
    phrases = [folded for piece in text.split() if (folded := fold(piece))]
    return " ".join(f'"{phrase}"' for phrase in phrases) or None


def find(tx: Transaction, text: str, viewer: Viewer, limit: int) -> list[Post]:
    """Return the posts in which every word of `text` occurs, the newest post first."""
    wanted = query(text)
    if wanted is None:
        return []
    condition, params = visible(viewer, "p.id")
    params |= {"wanted": wanted, "limit": limit}
    # common words first: sorting all their posts takes seconds where looking through the newest takes milliseconds
    if len(tx.tuples(f"{_TEXTS} LIMIT {COMMON}", params)) == COMMON:
        newest = f"SELECT * FROM posts p WHERE {condition} ORDER BY p.sort_at DESC, p.id DESC LIMIT {RECENT}"  # noqa: S608
        rows = tx.rows(f"SELECT {posts.COLUMNS} FROM ({newest}) p WHERE {_OCCURS} {_NEWEST_FIRST}", params)  # noqa: S608
        if len(rows) == limit:
            return posts.of_rows(tx, rows)
    matching = f"SELECT c.post_id FROM captures c WHERE c.text_sha256 IN ({_TEXTS})"  # noqa: S608
    rows = tx.rows(
        f"SELECT {posts.COLUMNS} FROM posts p WHERE p.id IN ({matching}) AND {condition} {_NEWEST_FIRST}",  # noqa: S608
        params,
    )
    return posts.of_rows(tx, rows)
