"""Full-text search over every archived text, in its folded form."""

from __future__ import annotations

from storage import posts
from storage.database import Transaction
from storage.folding import fold
from storage.grants import visible
from storage.records import Post, Viewer

__all__ = ["find", "fold", "query"]


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
    rows = tx.rows(
        f"SELECT {posts.COLUMNS} FROM posts p WHERE p.id IN ("  # noqa: S608
        "SELECT c.post_id FROM texts_fts JOIN texts t ON t.seq = texts_fts.rowid"
        " JOIN captures c ON c.text_sha256 = t.sha256 WHERE texts_fts MATCH :wanted)"
        f" AND {condition} ORDER BY p.sort_at DESC, p.id DESC LIMIT :limit",
        {**params, "wanted": wanted, "limit": limit},
    )
    return posts.of_rows(tx, rows)
