"""Gaps: pictures of archived posts that could not be fetched yet, kept so that they are told of and asked for again."""

from __future__ import annotations

from collections.abc import Iterable

from storage.database import Transaction
from storage.records import Gap


def settle(tx: Transaction, post_id: str, missing: Iterable[Gap]) -> None:
    """Replace what is known to be missing of a post; a picture archived at its place before is not missing."""
    tx.execute("DELETE FROM gaps WHERE post_id = :post_id", {"post_id": post_id})
    tx.many(
        "INSERT INTO gaps (post_id, position, url, why) SELECT :post_id, :position, :url, :why"
        " WHERE NOT EXISTS (SELECT 1 FROM appearances a WHERE a.post_id = :post_id AND a.position = :position)",
        ({"post_id": gap.post_id, "position": gap.position, "url": gap.url, "why": gap.why} for gap in missing),
    )


def of_post(tx: Transaction, post_id: str) -> list[Gap]:
    """Return what is missing of a post, in order; the caller has read the post on the viewer's behalf."""
    rows = tx.rows(
        "SELECT post_id, position, url, why FROM gaps WHERE post_id = :post_id ORDER BY position", {"post_id": post_id}
    )
    return [Gap(**row) for row in rows]
