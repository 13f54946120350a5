"""Captures: the archived copies of a post, each with the digest of its raw bytes and of the text in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storage import custody, texts
from storage.database import Transaction, plain
from storage.grants import visible
from storage.records import HANDED_IN, OPERATOR, Capture, Viewer, text_digest

CUSTODY_ACTION = "capture"
"""The action of the custody row that every capture has; its subject is the capture's id."""

_AT_ONCE = 500
_FIELDS = ("id", "post_id", "sha256", "media_type", "captured_at", "route", "source_url", "text_sha256")

COLUMNS = ", ".join(f"c.{name} AS c_{name}" for name in _FIELDS)
"""What `of_row` reads from the table `captures c`."""


def of_row(row: Mapping[str, Any]) -> Capture:
    """Make the record of a row that was read with `COLUMNS`."""
    return Capture(**{name: row[f"c_{name}"] for name in _FIELDS})


def custody_detail(capture: Capture) -> dict[str, Any]:
    """Return what the custody row of a capture says of it, so that `verify` sees a change of the capture's row."""
    values = {name: getattr(capture, name) for name in _FIELDS if name != "id"}
    return {name: value if value is None else plain(value) for name, value in values.items()}


def put(tx: Transaction, capture: Capture, text: str) -> bool:
    """Keep a capture of a post that is in the store, with its text; False if that id is there.

    Raises:
        ValueError: the capture names another text.
    """
    if texts.put(tx, text) != capture.text_sha256:
        raise ValueError("the capture's text_sha256 is not that of the text it comes with")
    return bool(
        tx.execute(
            "INSERT INTO captures (id, post_id, sha256, media_type, captured_at, route, source_url, text_sha256)"
            " VALUES (:id, :post_id, :sha256, :media_type, :captured_at, :route, :source_url, :text_sha256)"
            " ON CONFLICT (id) DO NOTHING",
            {name: getattr(capture, name) for name in _FIELDS},
        )
    )


def of_post(tx: Transaction, post_id: str) -> list[Capture]:
    """Return the captures of a post, oldest first."""
    rows = tx.rows(
        f"SELECT {COLUMNS} FROM captures c WHERE c.post_id = :post_id ORDER BY c.captured_at, c.id",  # noqa: S608
        {"post_id": post_id},
    )
    return [of_row(row) for row in rows]


def noted(tx: Transaction, capture: Capture) -> list[str]:
    """Return what a person must be told of a capture, as it was noted in the custody log when it was made."""
    rows = (row for row in custody.rows(tx, capture.id) if row.action == CUSTODY_ACTION)
    return [note for row in rows for note in row.detail.get("notes", ())]


def told(tx: Transaction, post_id: str) -> list[Capture]:
    """Return the captures in which a platform itself showed the post: no files handed in, no notices of its absence.

    A notice that a post is gone has neither text nor pictures.
    """
    rows = tx.rows(
        f"SELECT {COLUMNS} FROM captures c WHERE c.post_id = :post_id AND c.route <> :file"  # noqa: S608
        " AND (c.text_sha256 <> :nothing OR EXISTS (SELECT 1 FROM appearances a WHERE a.capture_id = c.id))"
        " ORDER BY c.captured_at, c.id",
        {"post_id": post_id, "file": HANDED_IN, "nothing": text_digest("")},
    )
    return [of_row(row) for row in rows]


def contradicted(tx: Transaction, capture: Capture) -> bool:
    """Tell whether a file that was handed in gives a post other words than its platform does."""
    if capture.route != HANDED_IN:
        return False
    heard = {one.text_sha256 for one in told(tx, capture.post_id)}
    return bool(heard) and capture.text_sha256 not in heard


def count(tx: Transaction, viewer: Viewer = OPERATOR) -> int:
    """Count the captures of posts that the viewer may see."""
    condition, params = visible(viewer, "c.post_id")
    row = tx.row(f"SELECT count(*) AS captures FROM captures c WHERE {condition}", params)  # noqa: S608
    return int(row["captures"]) if row else 0


def known(tx: Transaction, ids: Sequence[str]) -> set[str]:
    """Return those of the capture ids that are in the store."""
    held: set[str] = set()
    for first in range(0, len(ids), _AT_ONCE):
        params = {f"id_{index}": name for index, name in enumerate(ids[first : first + _AT_ONCE])}
        marks = ", ".join(f":{name}" for name in params)
        rows = tx.rows(f"SELECT c.id FROM captures c WHERE c.id IN ({marks})", params)  # noqa: S608
        held.update(row["id"] for row in rows)
    return held


def last_captured_at(tx: Transaction, viewer: Viewer = OPERATOR) -> str | None:
    """Return when the newest capture was made of a post that the viewer may see, None where there is none."""
    condition, params = visible(viewer, "c.post_id")
    row = tx.row(f"SELECT max(c.captured_at) AS captured_at FROM captures c WHERE {condition}", params)  # noqa: S608
    return row["captured_at"] if row else None
