"""Who traced which post, last when: for "my traces", and for telling them when an answer has to be corrected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from storage import posts
from storage.database import Transaction
from storage.grants import visible
from storage.records import EVERYONE, Post, Viewer


@dataclass(frozen=True, slots=True)
class Traced:
    """One answer to a trace.

    Attributes:
        audience: to whom what they traced is granted.
        message: the outbox row of the card that a channel saw; empty where one person alone saw it.
        earliest: the earliest appearance that was told, an instant; empty where none was dated.
    """

    workspace: str
    user_id: str
    post_id: str
    at: str
    audience: str = EVERYONE
    message: str = ""
    earliest: str = ""


_FIELDS = tuple(Traced.__dataclass_fields__)


def note(
    tx: Transaction,
    workspace: str,
    user_id: str,
    post_id: str,
    at: str,
    *,
    audience: str = EVERYONE,
    message: str = "",
    earliest: str = "",
) -> None:
    """Note that somebody traced a post, and what they were told (see `Traced`): what a channel saw stays its own."""
    traced = Traced(workspace, user_id, post_id, at, audience, message, earliest)
    changes = (
        "at = :at, audience = :audience, earliest = :earliest,"
        " message = CASE :message WHEN '' THEN traced.message ELSE :message END"
    )
    tx.execute(
        f"INSERT INTO traced ({', '.join(_FIELDS)}) VALUES ({', '.join(f':{name}' for name in _FIELDS)})"  # noqa: S608
        f" ON CONFLICT (workspace, user_id, post_id) DO UPDATE SET {changes}",
        {name: getattr(traced, name) for name in _FIELDS},
    )


def later_than(tx: Transaction, shas: Iterable[str], at: str) -> list[Traced]:
    """Return the answers about posts that show one of some pictures, and that told of no appearance before a time."""
    names = {f"sha_{index}": name for index, name in enumerate(sorted(set(shas)))}
    marks = ", ".join(f":{name}" for name in names)
    rows = tx.rows(
        f"SELECT DISTINCT {', '.join(f't.{name}' for name in _FIELDS)} FROM traced t"  # noqa: S608
        f" JOIN appearances a ON a.post_id = t.post_id WHERE a.image_sha256 IN ({marks}) AND t.earliest > :at"
        " ORDER BY t.at, t.workspace, t.user_id, t.post_id",
        {**names, "at": at},
    )
    return [Traced(**row) for row in rows]


def told_earlier(tx: Transaction, traced: Traced, at: str) -> None:
    """Note that an earlier appearance was told since."""
    tx.execute(
        "UPDATE traced SET earliest = :at WHERE workspace = :workspace AND user_id = :user_id AND post_id = :post_id"
        " AND earliest > :at",
        {"at": at, "workspace": traced.workspace, "user_id": traced.user_id, "post_id": traced.post_id},
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
