"""Conflicts: what cannot both be true, shown only to those who may see every post concerned."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from storage.database import Transaction
from storage.grants import visible
from storage.records import OPERATOR, Conflict, ConflictKind, Viewer, short_id
from storage.relations import ClaimRelation, Quote

QUOTES = """
ALTER TABLE conflicts ADD COLUMN relation TEXT NOT NULL DEFAULT 'contradicts';
ALTER TABLE conflicts ADD COLUMN quotes TEXT NOT NULL DEFAULT '[]';
"""
"""How the captions of a conflict relate, and their words: a list of [post, text, start, end]."""


def conflict_id(conflict: Conflict) -> str:
    """Return the stable id of a conflict: its kind and what it is between, in whatever order and words."""
    return short_id(
        conflict.kind,
        conflict.image_sha256 or "",
        ",".join(sorted(conflict.posts)),
        ",".join(sorted(conflict.sightings)),
    )


def put(tx: Transaction, conflict: Conflict) -> bool:
    """Keep a conflict; False if it is there already.

    Raises:
        ValueError: it names no post, so nobody could be allowed to see it, or it is none.
    """
    if not conflict.posts:
        raise ValueError("a conflict must name every post it is between")
    if not conflict.relation.warns:
        raise ValueError("claims that may both be true are no conflict")
    key = conflict_id(conflict)
    new = tx.execute(
        "INSERT INTO conflicts (id, kind, why, image_sha256, relation, quotes)"
        " VALUES (:id, :kind, :why, :image_sha256, :relation, :quotes) ON CONFLICT (id) DO NOTHING",
        {
            "id": key,
            "kind": str(conflict.kind),
            "why": conflict.why,
            "image_sha256": conflict.image_sha256,
            "relation": str(conflict.relation),
            "quotes": json.dumps([[q.post_id, q.text, q.start, q.end] for q in conflict.quotes]),
        },
    )
    if not new:
        return False
    tx.many(
        "INSERT INTO conflict_posts (conflict_id, post_id, position) VALUES (:id, :other, :position)"
        " ON CONFLICT DO NOTHING",
        ({"id": key, "other": other, "position": index} for index, other in enumerate(conflict.posts)),
    )
    tx.many(
        "INSERT INTO conflict_sightings (conflict_id, sighting_id, position) VALUES (:id, :other, :position)"
        " ON CONFLICT DO NOTHING",
        ({"id": key, "other": other, "position": index} for index, other in enumerate(conflict.sightings)),
    )
    return True


def of_post(tx: Transaction, post_id: str, viewer: Viewer) -> list[Conflict]:
    """Return the conflicts a post is part of."""
    return _found(
        tx,
        "EXISTS (SELECT 1 FROM conflict_posts o WHERE o.conflict_id = k.id AND o.post_id = :wanted)",
        {"wanted": post_id},
        viewer,
    )


def of_image(tx: Transaction, sha256: str, viewer: Viewer) -> list[Conflict]:
    """Return the conflicts about an image."""
    return _found(tx, "k.image_sha256 = :wanted", {"wanted": sha256}, viewer)


def of_ids(tx: Transaction, ids: Sequence[str], viewer: Viewer) -> list[Conflict]:
    """Return conflicts by their ids, in the order of these; what is not there or not for the viewer is left out."""
    return [each for one in ids for each in _found(tx, "k.id = :wanted", {"wanted": one}, viewer)]


def clear_image(tx: Transaction, sha256: str) -> None:
    """Drop the conflicts found when an image was taken in, before they are found anew."""
    for table in ("conflict_sightings", "conflict_posts"):
        tx.execute(
            f"DELETE FROM {table} WHERE conflict_id IN (SELECT id FROM conflicts WHERE image_sha256 = :sha256)",  # noqa: S608
            {"sha256": sha256},
        )
    tx.execute("DELETE FROM conflicts WHERE image_sha256 = :sha256", {"sha256": sha256})


def count(tx: Transaction, viewer: Viewer = OPERATOR) -> int:
    """Count the conflicts that the viewer may see."""
    condition, params = _visible(viewer)
    row = tx.row(f"SELECT count(*) AS conflicts FROM conflicts k WHERE {condition}", params)  # noqa: S608
    return int(row["conflicts"]) if row else 0


def _visible(viewer: Viewer) -> tuple[str, dict[str, Any]]:
    """Return the condition that every post concerned is for the viewer to see."""
    condition, params = visible(viewer, "v.post_id")
    return (
        f"NOT EXISTS (SELECT 1 FROM conflict_posts v WHERE v.conflict_id = k.id AND NOT {condition})",  # noqa: S608
        params,
    )


def _found(tx: Transaction, which: str, params: dict[str, Any], viewer: Viewer) -> list[Conflict]:
    condition, viewer_params = _visible(viewer)
    rows = tx.rows(
        f"SELECT k.id, k.kind, k.why, k.image_sha256, k.relation, k.quotes FROM conflicts k"  # noqa: S608
        f" WHERE {which} AND {condition} ORDER BY k.id",
        {**params, **viewer_params},
    )
    return [_conflict(tx, row) for row in rows]


def _conflict(tx: Transaction, row: dict[str, Any]) -> Conflict:
    params = {"id": row["id"]}
    concerned = tx.rows("SELECT post_id FROM conflict_posts WHERE conflict_id = :id ORDER BY position", params)
    sightings = tx.rows("SELECT sighting_id FROM conflict_sightings WHERE conflict_id = :id ORDER BY position", params)
    return Conflict(
        kind=ConflictKind(row["kind"]),
        why=row["why"],
        posts=tuple(each["post_id"] for each in concerned),
        sightings=tuple(each["sighting_id"] for each in sightings),
        image_sha256=row["image_sha256"],
        relation=ClaimRelation(row["relation"]),
        quotes=tuple(Quote(*quote) for quote in json.loads(row["quotes"])),
    )
