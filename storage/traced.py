"""Who traced which post, last when: for "my traces", and for telling them when an answer has to be corrected."""

from __future__ import annotations

from storage import posts
from storage.database import Transaction
from storage.grants import visible
from storage.records import Post, Viewer


def note(tx: Transaction, workspace: str, user_id: str, post_id: str, at: str) -> None:
    """Note that somebody traced a post."""
    tx.execute(
        "INSERT INTO traced (workspace, user_id, post_id, at) VALUES (:workspace, :user_id, :post_id, :at)"
        " ON CONFLICT (workspace, user_id, post_id) DO UPDATE SET at = :at",
        {"workspace": workspace, "user_id": user_id, "post_id": post_id, "at": at},
    )


def newest(tx: Transaction, workspace: str, user_id: str, viewer: Viewer, limit: int) -> list[tuple[str, Post]]:
    """Return when somebody traced what, the newest first, as far as they may still see it."""
    condition, params = visible(viewer, "t.post_id")
    rows = tx.rows(
        f"SELECT t.at AS at, {posts.COLUMNS} FROM traced t JOIN posts p ON p.id = t.post_id"  # noqa: S608
        f" WHERE t.workspace = :workspace AND t.user_id = :user_id AND {condition}"
        " ORDER BY t.at DESC, t.post_id LIMIT :limit",
        {"workspace": workspace, "user_id": user_id, "limit": limit, **params},
    )
    return list(zip((row["at"] for row in rows), posts.of_rows(tx, rows), strict=True))
