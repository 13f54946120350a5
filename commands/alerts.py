"""Warnings: shown with what they stand on, and decided upon in the sight of everybody in the channel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.alerting.telling import update_of
from bot.desk import Desk
from bot.findings import AlertFinding, Match
from commands.check import side_by_side
from storage import alerts, captures, conflicts, custody, images, outbox, posts, reuse
from storage.alerts import Alert, Subscription, Triage
from storage.database import Transaction
from storage.errors import NotFound
from storage.records import EVERYONE, OPERATOR, Conflict, Reuse, Viewer

SHOWN = 200
"""Open warnings that are looked at for one Home tab."""


def viewer_of(workspace: str, channel: str) -> Viewer:
    """What everybody in a channel may see: what is public in the workspace, and what was seen in the channel."""
    return Viewer(workspace, frozenset({EVERYONE, f"channel:{channel}"}))


def alert_finding(desk: Desk, alert_id: str, evidence: Path | None = None) -> AlertFinding:
    """Gather what a warning stands on, as the channel that is told may see it.

    The two pictures are written side by side into the folder `evidence`, where one is given.

    Raises:
        NotFound: the warning, or one of its posts, is not there or not for the channel any more.
    """
    with desk.db.read() as tx:
        alert = alerts.get(tx, alert_id)
        viewer = viewer_of(alert.workspace, alert.channel)
        post = posts.get(tx, alert.post_id, viewer)
        if post is None:
            raise NotFound("The post of this warning is not for this channel to see; trace its link.")
        copies = tuple(captures.of_post(tx, post.id))
        shown = images.appearances_of(tx, [alert.match_sha256], viewer, 50)
        stands = tuple(one for one in shown if one[1].id != post.id)
        found = _reuse(desk, tx, alert)
        clashes = tuple(one for one in conflicts.of_post(tx, post.id, viewer) if _concerns(one, alert))
        steps = tuple(alerts.steps(tx, alert_id))
    sheet = None
    if evidence and stands:
        sheet = side_by_side(desk, desk.vault.get(alert.image_sha256), found, stands, post, evidence)
    match = Match(found, str(desk.vault.path(alert.match_sha256)), stands, sheet)
    return AlertFinding(alert, post, copies, match, clashes, triage=steps)


def open_alerts(desk: Desk, workspace: str, viewer: Viewer) -> list[AlertFinding]:
    """Return the open warnings of a workspace that somebody may see, the newest first."""
    with desk.db.read() as tx:
        held = alerts.open_for(tx, workspace, viewer, SHOWN)
    # one and the same picture may be told to several channels: one line is enough here
    once: dict[tuple[str, str], Alert] = {}
    for alert in held:
        once.setdefault((alert.post_id, alert.image_sha256), alert)
    return [alert_finding(desk, alert.id) for alert in once.values()]


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that was made, or the one that somebody else had made before."""

    made: bool
    by: Triage | None


def decide(tx: Transaction, alert_id: str, step: Triage, now: str) -> Decision:
    """Decide upon a warning; its message changes for everybody. Of two people at once the first decides.

    Raises:
        NotFound: there is no such warning.
    """
    alert = alerts.get(tx, alert_id)
    if not alerts.decide(tx, alert_id, step):
        held = alerts.steps(tx, alert_id)
        return Decision(False, held[-1] if held else None)
    outbox.put_again(tx, update_of(alert), now)
    detail = {"state": str(step.state), "reason": step.reason, "channel": alert.channel, "pair": alert.pair}
    actor = f"{alert.workspace}/{step.by}"
    custody.append(tx, at=now, actor=actor, action="triage", subject=alert_id, detail=detail)
    return Decision(True, step)


def subscribe(tx: Transaction, workspace: str, channel: str, actor: str, now: str, *, on: bool) -> bool:
    """Let a channel be warned, or no more; False where that is so already."""
    if on:
        changed = alerts.subscribe(tx, Subscription(workspace, channel, actor, now))
    else:
        changed = alerts.unsubscribe(tx, workspace, channel)
    if changed:
        action = "warnings on" if on else "warnings off"
        subject = f"{workspace}/{channel}"
        custody.append(tx, at=now, actor=f"{workspace}/{actor}", action=action, subject=subject, detail={})
    return changed


def _reuse(desk: Desk, tx: Transaction, alert: Alert) -> Reuse:
    """Find the verdict that a warning was raised for; on one and the same file it is known without looking."""
    for found in reuse.of_image(tx, alert.image_sha256, OPERATOR):
        if (found.query_sha256, found.match_sha256) == (alert.image_sha256, alert.match_sha256):
            return found
    if alert.image_sha256 != alert.match_sha256:
        raise NotFound("The pictures of this warning are not found to be one any more; trace the post again.")
    prepared, why_not = desk.pictures.prepare(desk.vault.get(alert.image_sha256))
    if prepared is None:
        raise NotFound(f"The picture of this warning cannot be opened any more: {why_not}.")
    return desk.pictures.itself(prepared)


def _concerns(conflict: Conflict, alert: Alert) -> bool:
    return conflict.image_sha256 in {alert.image_sha256, alert.match_sha256}
