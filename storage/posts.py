"""Posts: one published item each, with the text it was first archived with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from storage import texts
from storage.database import Transaction
from storage.grants import visible
from storage.records import OPERATOR, Post, PostStatus, TimeBasis, Viewer

_FIELDS = (
    "id", "platform", "native_id", "url", "author", "author_name", "publisher", "posted_at", "posted_at_basis",
    "utc_offset", "lang", "status", "status_reason", "first_seen_at",
)  # fmt: skip

COLUMNS = ", ".join(f"p.{name} AS p_{name}" for name in (*_FIELDS, "text_sha256"))
"""What `of_row` reads from the table `posts p`; the text itself comes from `storage.texts`."""


def of_row(row: Mapping[str, Any], held_texts: Mapping[str, str]) -> Post:
    """Make the record of a row that was read with `COLUMNS`."""
    values = {name: row[f"p_{name}"] for name in _FIELDS}
    values["posted_at_basis"] = TimeBasis(values["posted_at_basis"])
    values["status"] = PostStatus(values["status"])
    return Post(text=held_texts[row["p_text_sha256"]], **values)


def of_rows(tx: Transaction, rows: Iterable[Mapping[str, Any]]) -> list[Post]:
    """Make the records of rows that were read with `COLUMNS`, fetching each text once."""
    rows = list(rows)
    held = texts.of(tx, (row["p_text_sha256"] for row in rows))
    return [of_row(row, held) for row in rows]


def put(tx: Transaction, post: Post) -> bool:
    """Keep a post; True if it is new.

    Of a post that is there already, nothing archived is replaced: a capture that says it is gone changes the status
    alone (`update_status`), one that shows it fills in what was unknown (`fill`).
    """
    values = _values(tx, post)
    new = tx.execute(
        "INSERT INTO posts (id, platform, native_id, url, author, author_name, publisher, posted_at,"
        " posted_at_basis, utc_offset, text_sha256, lang, status, status_reason, first_seen_at, sort_at)"
        " VALUES (:id, :platform, :native_id, :url, :author, :author_name, :publisher, :posted_at,"
        " :posted_at_basis, :utc_offset, :text_sha256, :lang, :status, :status_reason, :first_seen_at, :sort_at)"
        " ON CONFLICT (id) DO NOTHING",
        values,
    )
    if new:
        return True
    if post.status is PostStatus.LIVE:
        fill(tx, post)
    else:
        update_status(tx, post.id, post.status, post.status_reason)
    return False


def correct(tx: Transaction, post: Post) -> None:
    """Let what the platform itself tells of a post take the place of what a file has said of it.

    What the file said stays in its capture. When the post was first seen stays, and a text or a field that the platform
    does not give.
    """
    held = _one(tx, post.id, OPERATOR)
    if held is None:
        return
    dated = post if post.posted_at is not None else held
    corrected = replace(
        post,
        native_id=post.native_id or held.native_id,
        url=post.url or held.url,
        author=post.author or held.author,
        author_name=post.author_name or held.author_name,
        publisher=post.publisher or held.publisher,
        posted_at=dated.posted_at,
        posted_at_basis=dated.posted_at_basis,
        utc_offset=dated.utc_offset,
        text=post.text or held.text,
        lang=post.lang or held.lang,
        first_seen_at=held.first_seen_at,
    )
    _update(tx, held, corrected)


def update_status(tx: Transaction, post_id: str, status: PostStatus, reason: str) -> None:
    """Note what became of a post at its source; all that was archived of it stays."""
    tx.execute(
        "UPDATE posts SET status = :status, status_reason = :reason WHERE id = :post_id",
        {"status": str(status), "reason": reason, "post_id": post_id},
    )


def fill(tx: Transaction, post: Post) -> None:
    """Fill in what a kept post has not known so far, and take over the status.

    A field that is known stays as it was archived; so does a text that is not empty. When it was first seen stays.
    """
    held = _one(tx, post.id, OPERATOR)
    if held is None:
        return
    dated = held if held.posted_at is not None else post
    filled = replace(
        held,
        native_id=held.native_id or post.native_id,
        url=held.url or post.url,
        author=held.author or post.author,
        author_name=held.author_name or post.author_name,
        publisher=held.publisher or post.publisher,
        posted_at=dated.posted_at,
        posted_at_basis=dated.posted_at_basis,
        utc_offset=held.utc_offset if held.utc_offset is not None else post.utc_offset,
        text=held.text or post.text,
        lang=held.lang or post.lang,
        status=post.status,
        status_reason=post.status_reason,
    )
    _update(tx, held, filled)


def _update(tx: Transaction, held: Post, changed: Post) -> None:
    if changed == held:
        return
    tx.execute(
        "UPDATE posts SET native_id = :native_id, url = :url, author = :author, author_name = :author_name,"
        " publisher = :publisher, posted_at = :posted_at, posted_at_basis = :posted_at_basis,"
        " utc_offset = :utc_offset, text_sha256 = :text_sha256, lang = :lang, status = :status,"
        " status_reason = :status_reason, sort_at = :sort_at WHERE id = :id",
        {name: value for name, value in _values(tx, changed).items() if name not in {"platform", "first_seen_at"}},
    )


def get(tx: Transaction, post_id: str, viewer: Viewer) -> Post | None:
    """Return a post; None where it is not there or not for this viewer, which look the same."""
    return _one(tx, post_id, viewer)


def newest(tx: Transaction, viewer: Viewer, limit: int) -> list[Post]:
    """Return the newest posts, by the time they were posted or else first seen."""
    condition, params = visible(viewer, "p.id")
    rows = tx.rows(
        f"SELECT {COLUMNS} FROM posts p WHERE {condition} ORDER BY p.sort_at DESC, p.id DESC LIMIT :limit",  # noqa: S608
        {**params, "limit": limit},
    )
    return of_rows(tx, rows)


def count(tx: Transaction, viewer: Viewer = OPERATOR) -> int:
    """Count the posts that the viewer may see."""
    condition, params = visible(viewer, "p.id")
    row = tx.row(f"SELECT count(*) AS posts FROM posts p WHERE {condition}", params)  # noqa: S608
    return int(row["posts"]) if row else 0


def _one(tx: Transaction, post_id: str, viewer: Viewer) -> Post | None:
    condition, params = visible(viewer, "p.id")
    rows = tx.rows(
        f"SELECT {COLUMNS} FROM posts p WHERE p.id = :post_id AND {condition}",  # noqa: S608
        {**params, "post_id": post_id},
    )
    found = of_rows(tx, rows)
    return found[0] if found else None


def _values(tx: Transaction, post: Post) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(post, name) for name in _FIELDS}
    values["posted_at_basis"] = str(post.posted_at_basis)
    values["status"] = str(post.status)
    values["text_sha256"] = texts.put(tx, post.text)
    values["sort_at"] = post.posted_at or post.first_seen_at
    return values
