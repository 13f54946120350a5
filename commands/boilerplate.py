"""Pictures marked as boilerplate, and marks taken back: each with its row in the custody log."""

from __future__ import annotations

from bot.alerting.memory import KINDS
from storage import boilerplate, custody, images
from storage.boilerplate import Kind, Mark
from storage.database import Transaction
from storage.errors import DatelineError, NotFound
from storage.records import EVERYWHERE, Viewer, short_id


class MarkedAlready(DatelineError):
    """A mark of that picture stands already."""

    code = "marked_already"


def put_mark(
    tx: Transaction, workspace: str, sha256: str, kind: Kind, note: str, *, by: str, now: str, alert_id: str = ""
) -> Mark | None:
    """Mark a stored picture: it and the copies of all of it never warn there again; None where it is marked already."""
    key = short_id("boilerplate", workspace, sha256, now)
    mark = Mark(key, workspace, sha256, kind, " ".join(note.split()), by, now, alert_id)
    if not boilerplate.put(tx, mark):
        return None
    detail = {"image": sha256, "kind": str(kind), "note": mark.note, "workspace": workspace, "alert": alert_id}
    custody.append(tx, at=now, actor=_actor(workspace, by), action="boilerplate", subject=key, detail=detail)
    return mark


def mark(
    tx: Transaction, workspace: str, sha256: str, kind: Kind, note: str, viewer: Viewer, *, by: str, now: str
) -> Mark:
    """Mark a picture that the viewer may know of.

    Raises:
        NotFound: there is no such picture for them.
        MarkedAlready: it is marked already; nothing was changed.
    """
    if images.get(tx, sha256) is None or not images.seen_by(tx, [sha256], viewer):
        raise NotFound("This picture is not in the archive; keep it first, then mark it.")
    made = put_mark(tx, workspace, sha256, kind, note, by=by, now=now)
    if made is None:
        raise MarkedAlready("This picture is marked as boilerplate already; see the list of what is silenced.")
    return made


def take_back(tx: Transaction, held: Mark, *, by: str, now: str) -> bool:
    """Let a marked picture warn again, the next time that it comes in; False where that was done already."""
    if not boilerplate.undo(tx, held.id, by, now):
        return False
    detail = {"image": held.image_sha256, "workspace": held.workspace, "alert": held.alert_id}
    actor = _actor(held.workspace, by)
    custody.append(tx, at=now, actor=actor, action="boilerplate undone", subject=held.id, detail=detail)
    return True


def reason_of(kind: Kind, note: str) -> str:
    """Say what a picture is marked as, as the card of a warning shows it."""
    words = KINDS[kind].capitalize()
    return f"{words}: {' '.join(note.split())}" if note.strip() else words


def _actor(workspace: str, by: str) -> str:
    return by if workspace == EVERYWHERE or by == "operator" else f"{workspace}/{by}"
