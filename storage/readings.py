"""What each archived text was last read with, so that any process can tell which readings are stale.

A change of the watch-list or of the reader's rules makes readings stale; reading them again marks them page by page,
and a process that is killed between two pages leaves a list that the next one goes on with.
"""

from __future__ import annotations

from collections.abc import Iterable

from storage import captures, posts, texts
from storage.database import Transaction
from storage.records import Capture, Post

# Two ranges instead of `<>`: the index finds the stale rows without walking the fresh ones.
_STALE = "(r.read_with < :version OR r.read_with > :version)"


def put(tx: Transaction, capture: Capture, version: str) -> None:
    """Mark a capture's text as read with `version`; the first capture of a text stands for it."""
    tx.execute(
        "INSERT INTO readings (post_id, text_sha256, capture_id, read_with)"
        " VALUES (:post_id, :text_sha256, :capture_id, :version)"
        " ON CONFLICT (post_id, text_sha256) DO UPDATE SET read_with = :version",
        {
            "post_id": capture.post_id,
            "text_sha256": capture.text_sha256,
            "capture_id": capture.id,
            "version": version,
        },
    )


def mark(tx: Transaction, read: Iterable[tuple[Capture, str]], version: str) -> None:
    """Mark texts as read with `version`, because reading them again would change nothing.

    Each comes with the version that it was read with; one that became stale in another way meanwhile stays stale.
    """
    tx.many(
        "UPDATE readings SET read_with = :version WHERE post_id = :post_id AND text_sha256 = :text_sha256"
        " AND read_with = :was",
        ({"post_id": one.post_id, "text_sha256": one.text_sha256, "was": was, "version": version} for one, was in read),
    )


def known(tx: Transaction, capture: Capture) -> bool:
    """Tell whether this post was archived with this very text before."""
    row = tx.row(
        "SELECT 1 AS held FROM readings r WHERE r.post_id = :post_id AND r.text_sha256 = :text_sha256",
        {"post_id": capture.post_id, "text_sha256": capture.text_sha256},
    )
    return row is not None


def read_with(tx: Transaction, capture: Capture) -> str:
    """Return the version that a capture's text was read with last; empty where it is to be read again."""
    row = tx.row(
        "SELECT r.read_with FROM readings r WHERE r.post_id = :post_id AND r.text_sha256 = :text_sha256",
        {"post_id": capture.post_id, "text_sha256": capture.text_sha256},
    )
    return str(row["read_with"]) if row else ""


def stale(tx: Transaction, version: str, limit: int) -> list[tuple[Post, Capture, str]]:
    """Return texts that were read with another version: a post with that text, the capture it stands in, the version.

    That version is empty where the text has to be read again whatever has changed.
    """
    rows = tx.rows(
        f"SELECT {posts.COLUMNS}, {captures.COLUMNS}, r.read_with FROM readings r JOIN posts p ON p.id = r.post_id"  # noqa: S608
        f" JOIN captures c ON c.id = r.capture_id WHERE {_STALE} LIMIT :limit",
        {"version": version, "limit": limit},
    )
    held = texts.of(tx, (row["c_text_sha256"] for row in rows))
    return [
        (posts.of_row({**row, "p_text_sha256": row["c_text_sha256"]}, held), captures.of_row(row), row["read_with"])
        for row in rows
    ]


def count_stale(tx: Transaction, version: str) -> int:
    """Count the texts that were read with another version."""
    row = tx.row(f"SELECT count(*) AS texts FROM readings r WHERE {_STALE}", {"version": version})  # noqa: S608
    return int(row["texts"]) if row else 0


def clear_post(tx: Transaction, post_id: str) -> None:
    """Make the readings of one post stale: what is known of it has changed, and with it the times it tells of."""
    tx.execute("UPDATE readings SET read_with = '' WHERE post_id = :post_id", {"post_id": post_id})


def clear(tx: Transaction) -> None:
    """Make every reading stale, so that the whole archive is read again."""
    tx.execute("UPDATE readings SET read_with = ''")
