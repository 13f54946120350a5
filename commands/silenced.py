"""What never warns until it is undone: listed for those who may know of it, marked on a warning, and taken back."""

from __future__ import annotations

from typing import Final

from bot.alerting.memory import dismissed, silence_of
from bot.silence_findings import SilencedFinding, SilencedLine
from commands import triage
from commands.boilerplate import put_mark, reason_of, take_back
from commands.triage import Decision
from storage import alerts, boilerplate, dismissals, images, posts
from storage.alerts import Act, Triage, TriageState
from storage.boilerplate import Kind, Mark
from storage.database import Transaction
from storage.dismissals import Dismissal
from storage.errors import DatelineError, NotFound
from storage.records import EVERYWHERE, OPERATOR, Post, Viewer

PAGE: Final = 10
"""Lines of one list in Slack; a button brings the next ones."""


class NotHere(DatelineError):
    """What somebody wants to undo holds in every workspace, which is not for one of them to change."""

    code = "not_here"


def listing(
    tx: Transaction, workspace: str, viewer: Viewer = OPERATOR, start: int = 0, most: int | None = PAGE
) -> SilencedFinding:
    """List what is silenced in a workspace, or in all of them where that is empty; `most` None: all of it."""
    pairs, marks = dismissals.standing(tx, workspace, viewer), boilerplate.standing(tx, workspace, viewer)
    held: list[Dismissal | Mark] = sorted([*pairs, *marks], key=lambda one: one.at, reverse=True)
    shown = held[start:] if most is None else held[start : start + most]
    lines = tuple(_pair(tx, one, viewer) if isinstance(one, Dismissal) else _mark(tx, one, viewer) for one in shown)
    return SilencedFinding(lines, len(pairs), len(marks), start)


def mark_on_alert(
    tx: Transaction, alert_id: str, sha256: str, kind: Kind, note: str, *, by: str, now: str, seen: int | None = None
) -> Decision:
    """Mark a picture of a warning as boilerplate, which settles the warning; of two people at once the first decides.

    Raises:
        NotFound: there is no such warning, or it is not about that picture.
    """
    alert = alerts.get(tx, alert_id)
    if sha256 not in {alert.image_sha256, alert.match_sha256}:
        raise NotFound("This warning is not about that picture; look at the warning again.")
    step = Triage(Act.MARK, TriageState.DISMISSED, by, now, reason_of(kind, note))
    decision = triage.decide(tx, alert_id, step, now, seen)
    if decision.made:
        put_mark(tx, alert.workspace, sha256, kind, note, by=by, now=now, alert_id=alert_id)
    return decision


def undo(tx: Transaction, workspace: str, ref: str, viewer: Viewer = OPERATOR, *, by: str, now: str) -> SilencedLine:
    """Take a dismissal or a mark back, by its reference in the list; return what it was.

    A warning that was settled by it is open again, and says so. `workspace` empty: whichever it holds in.

    Raises:
        NotFound: there is none of that reference for the viewer, or it was taken back already.
        NotHere: it is a mark for all workspaces, and one of them asks.
    """
    for one in boilerplate.standing(tx, workspace, viewer):
        if one.id == ref:
            if workspace and one.workspace == EVERYWHERE:
                raise NotHere("This mark is the operator's, for every workspace; ask whoever runs Dateline to undo it.")
            line = _mark(tx, one, viewer)
            _undo_mark(tx, one, by, now)
            return line
    for pair in dismissals.standing(tx, workspace, viewer):
        if pair.alert_id == ref:
            line = _pair(tx, pair, viewer)
            for each in dismissals.of_pair(tx, pair.workspace, pair.pair, viewer):
                _open_again(tx, each.alert_id, by, now)
            return line
    raise NotFound("This is not silenced any more; see the list of what is.")


def _undo_mark(tx: Transaction, held: Mark, by: str, now: str) -> None:
    if held.alert_id:
        _open_again(tx, held.alert_id, by, now)
    take_back(tx, held, by=by, now=now)


def _open_again(tx: Transaction, alert_id: str, by: str, now: str) -> None:
    triage.decide(tx, alert_id, Triage(Act.UNDO, TriageState.OPEN, by, now), now)


def _mark(tx: Transaction, held: Mark, viewer: Viewer) -> SilencedLine:
    shown = images.appearances_of(tx, [held.image_sha256], viewer, 1)
    post = shown[0][1] if shown else None
    return SilencedLine(silence_of(held), held.workspace, (held.image_sha256,), (post,))


def _pair(tx: Transaction, held: Dismissal, viewer: Viewer) -> SilencedLine:
    about: tuple[Post | None, ...] = tuple(posts.get(tx, each, viewer) for each in (held.post_id, held.match_post_id))
    return SilencedLine(dismissed(held), held.workspace, (held.image_sha256, held.match_sha256), about)
