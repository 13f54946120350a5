"""Boilerplate: pictures that say nothing by coming in again (a logo, an avatar, a stock header), as people have marked.

A mark holds in one workspace, or in all of them (`EVERYWHERE`), until it is undone. It is a person's word and not
derived: rebuilding the index leaves it as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from storage.counters import advance, current
from storage.database import Transaction
from storage.errors import NotFound
from storage.images import seen_by
from storage.records import EVERYWHERE, OPERATOR, Viewer
from storage.reuse import WHOLE

TABLES = """
CREATE TABLE boilerplate (
    id TEXT PRIMARY KEY,
    workspace TEXT NOT NULL,
    image_sha256 TEXT NOT NULL REFERENCES images (sha256),
    kind TEXT NOT NULL,
    note TEXT NOT NULL,
    actor TEXT NOT NULL,
    at TEXT NOT NULL,
    alert_id TEXT NOT NULL,
    undone_by TEXT NOT NULL,
    undone_at TEXT
);
CREATE UNIQUE INDEX boilerplate_standing ON boilerplate (workspace, image_sha256) WHERE undone_at IS NULL;
CREATE INDEX boilerplate_of_alert ON boilerplate (alert_id);
INSERT INTO counters (name, value) VALUES ('boilerplate', 0);
ALTER TABLE triage ADD COLUMN why TEXT NOT NULL DEFAULT '';
UPDATE triage SET why = CASE
    WHEN reason LIKE 'The same event, rightly shown again%' THEN 'same-event'
    WHEN reason LIKE 'Not the same picture%' THEN 'not-the-same-picture'
    WHEN reason LIKE 'Known already%' THEN 'known-already'
    ELSE 'other' END
    WHERE act = 'dismiss';
CREATE INDEX alerts_of_pictures ON alerts (state, image_sha256, match_sha256);
"""
"""The migration's tables; see `storage.schema`. Dismissals from before say in words alone which reason was chosen."""


class Kind(StrEnum):
    """What a picture is that says nothing by coming in again."""

    LOGO = "logo"
    AVATAR = "avatar"
    HEADER = "stock-header"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Mark:
    """A picture that somebody has marked as boilerplate.

    Attributes:
        workspace: where it holds; `EVERYWHERE` for a mark of the operator that holds in all of them.
        kind, note: why, and in whose words.
        actor: the member's id, or `operator`.
        alert_id: the alert on which it was marked; empty where it was marked elsewhere.
        undone_by, undone_at: who took it back, and when; None while it holds.
    """

    id: str
    workspace: str
    image_sha256: str
    kind: Kind
    note: str
    actor: str
    at: str
    alert_id: str = ""
    undone_by: str = ""
    undone_at: str | None = None


_FIELDS = tuple(Mark.__dataclass_fields__)
_COLUMNS = ", ".join(_FIELDS)
_RELATIONS = ", ".join(f"'{relation}'" for relation in sorted(WHOLE))
_STANDING = "undone_at IS NULL AND (:workspace = '' OR workspace IN (:workspace, :everywhere))"

COVERED = (
    "SELECT image_sha256 FROM boilerplate WHERE undone_at IS NULL AND workspace IN (:workspace, :everywhere)"  # noqa: S608
    " UNION SELECT r.query_sha256 FROM boilerplate b JOIN reuses r ON r.match_sha256 = b.image_sha256"
    f" WHERE b.undone_at IS NULL AND b.workspace IN (:workspace, :everywhere) AND r.relation IN ({_RELATIONS})"
    " AND r.certainty = 'match'"
    " UNION SELECT r.match_sha256 FROM boilerplate b JOIN reuses r ON r.query_sha256 = b.image_sha256"
    f" WHERE b.undone_at IS NULL AND b.workspace IN (:workspace, :everywhere) AND r.relation IN ({_RELATIONS})"
    " AND r.certainty = 'match'"
)
"""The query for every picture that a standing mark of a workspace covers: the marked one and the copies of all of it.

For the files of this room; it names `workspace` and `everywhere`.
"""


def put(tx: Transaction, mark: Mark) -> bool:
    """Keep a mark; False where one of that picture stands in that workspace already."""
    kept = tx.execute(
        f"INSERT INTO boilerplate ({_COLUMNS}) VALUES ({', '.join(f':{name}' for name in _FIELDS)})"  # noqa: S608
        " ON CONFLICT DO NOTHING",
        {**{name: getattr(mark, name) for name in _FIELDS}, "kind": str(mark.kind)},
    )
    if kept:
        advance(tx, "boilerplate")
    return bool(kept)


def get(tx: Transaction, mark_id: str) -> Mark:
    """Return a mark, whether or not it still holds.

    Raises:
        NotFound: there is none of that id.
    """
    found = _where(tx, "id = :id", {"id": mark_id})
    if not found:
        raise NotFound("This mark is not in the store; see the list of what is silenced.")
    return found[0]


def undo(tx: Transaction, mark_id: str, by: str, now: str) -> bool:
    """Take a mark back; False where that was done already."""
    undone = tx.execute(
        "UPDATE boilerplate SET undone_by = :by, undone_at = :now WHERE id = :id AND undone_at IS NULL",
        {"id": mark_id, "by": by, "now": now},
    )
    if undone:
        advance(tx, "boilerplate")
    return bool(undone)


def of_alert(tx: Transaction, alert_id: str) -> Mark | None:
    """Return the standing mark that was made on an alert."""
    return next(iter(_where(tx, "alert_id = :id AND undone_at IS NULL", {"id": alert_id})), None)


def of_images(tx: Transaction, workspace: str, shas: Iterable[str]) -> list[Mark]:
    """Return the standing marks of some pictures, the oldest first; of every workspace where `workspace` is empty."""
    names = {f"sha_{index}": name for index, name in enumerate(sorted(set(shas)))}
    marks = ", ".join(f":{name}" for name in names)
    condition = f"image_sha256 IN ({marks}) AND {_STANDING} ORDER BY at, id"
    return _where(tx, condition, {**names, "workspace": workspace, "everywhere": EVERYWHERE})


def standing(tx: Transaction, workspace: str, viewer: Viewer = OPERATOR) -> list[Mark]:
    """Return the standing marks of pictures that the viewer may know of, the newest first; `workspace` as above."""
    condition = f"{_STANDING} ORDER BY at DESC, id"
    found = _where(tx, condition, {"workspace": workspace, "everywhere": EVERYWHERE})
    seen = seen_by(tx, (mark.image_sha256 for mark in found), viewer)
    return [mark for mark in found if mark.image_sha256 in seen]


def revision(tx: Transaction) -> int:
    """Return a number that rises whenever a mark is made or taken back."""
    return current(tx, "boilerplate")


def hashes(tx: Transaction) -> list[tuple[int, str, bytes]]:
    """Return (seq, SHA-256, perceptual hash) of every usable picture with a standing mark, of whatever workspace."""
    return tx.tuples(
        "SELECT seq, sha256, phash FROM images WHERE usable = 1 AND phash IS NOT NULL"
        " AND sha256 IN (SELECT image_sha256 FROM boilerplate WHERE undone_at IS NULL) ORDER BY seq",
        {},
    )


def _where(tx: Transaction, condition: str, params: Mapping[str, Any]) -> list[Mark]:
    rows = tx.rows(f"SELECT {_COLUMNS} FROM boilerplate WHERE {condition}", params)  # noqa: S608
    return [Mark(**{**row, "kind": Kind(row["kind"])}) for row in rows]
