"""Triage: what people do about warnings in the sight of everybody in the channel, and what time does about them."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.alerting.telling import update_of
from bot.desk import Desk
from commands import duty, snoozes
from storage import alerts, custody, outbox
from storage import snoozes as kept
from storage.alerts import Act, Alert, Triage, TriageState
from storage.database import Transaction
from storage.errors import DatelineError, StoreError
from storage.outbox import Kind, Lane, Message
from storage.records import utc
from storage.snoozes import Scope

log = logging.getLogger("dateline.triage")

TOGETHER: Final = 3
"""Warnings of one channel that go to those on call at one time, each in its thread; more of them in one message."""


class NobodyOnCall(DatelineError):
    """Nobody is on call in the workspace."""

    code = "nobody_on_call"


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a step about a warning.

    Attributes:
        made: whether it was made; not, where somebody else was first or it cannot be done now.
        by: the last step that was made about the warning, this one or somebody else's; None where there is none.
        alert: the warning as it stands now.
    """

    made: bool
    by: Triage | None
    alert: Alert


def decide(tx: Transaction, alert_id: str, step: Triage, now: str, seen: int | None = None) -> Decision:
    """Do something about a warning; its message changes for everybody. Of two people at once the first decides.

    `seen` is how many steps the card showed on which somebody clicked; whoever clicked on an outdated one is shown it
    anew. An assignment tells the member by direct message, once; an escalation, those on call. To take a snooze back
    is to end it.

    Raises:
        NotFound: there is no such warning.
        NobodyOnCall: it is to be escalated, and there is nobody to tell.
    """
    before = alerts.get(tx, alert_id)
    group = _on_call(tx, before.workspace) if step.act is Act.ESCALATE else ""
    stood = alerts.standing(alerts.steps(tx, alert_id))[-1]
    if not alerts.decide(tx, alert_id, step, seen):
        snoozes.show(tx, before, now)
        return _decision(tx, alert_id, made=False)
    _log(tx, before, step, now)
    if step.act is Act.ASSIGN and step.assignee != step.by:
        outbox.put(tx, _assigned(before, step), now)
    elif step.act is Act.ESCALATE:
        outbox.put(tx, _escalated(before, step, group), now)
    elif step.act is Act.UNDO:
        _after_undo(tx, alert_id, stood, step, now)
    snoozes.show(tx, alerts.get(tx, alert_id), now)
    return _decision(tx, alert_id, made=True)


def snooze(
    tx: Transaction, alert_id: str, scope: Scope, until: str, *, by: str, now: str, seen: int | None = None
) -> Decision:
    """Leave a warning's channel in peace about something of it until a time.

    Raises:
        NotFound: there is no such warning, or it is about nothing of that scope.
    """
    wanted = snoozes.made_of(tx, alerts.get(tx, alert_id), scope, until, by, now)
    step = Triage(Act.SNOOZE, TriageState.SNOOZED, by, now, f"{wanted.label}.", until=wanted.until)
    decision = decide(tx, alert_id, step, now, seen)
    if not decision.made:
        return decision
    kept.put(tx, wanted)
    alerts.silence(tx, alert_id, wanted.id)
    return replace(decision, alert=alerts.get(tx, alert_id))


async def overdue(desk: Desk, now: datetime) -> int:
    """Do what time does: tell what came during snoozes that are over, and escalate what nobody has acknowledged.

    Returns:
        how many snoozes and warnings that were.
    """
    try:
        if not await desk.db.reading(lambda tx: bool(kept.over(tx, utc(now)) or duty.unattended(tx, now))):
            return 0
        return await desk.db.writing(lambda tx: settle_overdue(tx, now))
    except StoreError as failed:
        log.warning("what is overdue waits for the next turn: %s", failed)
        return 0


def settle_overdue(tx: Transaction, now: datetime) -> int:
    """Do what time does about warnings in a transaction of one's own; return how many snoozes and warnings it was."""
    over = kept.over(tx, utc(now))
    for one in over:
        snoozes.end(tx, one.id, by="", now=utc(now))
    waiting = duty.unattended(tx, now)
    for settings, due in waiting:
        _escalate(tx, settings.escalate_after or 0, due, now)
    return len(over) + sum(len(due) for _, due in waiting)


def _escalate(tx: Transaction, minutes: int, due: list[Alert], now: datetime) -> None:
    """Escalate what has waited too long: in the thread of each warning, or in one message where a channel has many."""
    at = utc(now)
    by_channel: dict[str, list[Alert]] = {}
    for alert in due:
        by_channel.setdefault(alert.channel, []).append(alert)
    for channel, waiting in by_channel.items():
        group = _on_call(tx, waiting[0].workspace)
        reason = f"Nobody had acknowledged it for {minutes:,} minutes"
        for alert in waiting:
            step = Triage(Act.ESCALATE, alert.state, "", at, reason)
            if alerts.decide(tx, alert.id, step):
                _log(tx, alert, step, at)
                snoozes.show(tx, alert, at)
                if len(waiting) <= TOGETHER:
                    outbox.put(tx, _escalated(alert, step, group), at)
        if len(waiting) > TOGETHER:
            body = {"escalations": [alert.id for alert in waiting], "group": group, "minutes": minutes}
            first = waiting[0]
            row = Message(f"escalations:{channel}:{at}", Kind.MESSAGE, Lane.ANSWER, first.workspace, channel, body)
            outbox.put(tx, row, at)


def _after_undo(tx: Transaction, alert_id: str, stood: Triage, undone: Triage, now: str) -> None:
    """End the snooze that was taken back; wake a warning that has come back under a snooze that is over."""
    alert = alerts.get(tx, alert_id)
    if stood.act is Act.SNOOZE and alert.snooze:
        snoozes.end(tx, alert.snooze, by=undone.by, now=now)
    elif alert.state is TriageState.SNOOZED and alert.snooze and kept.get(tx, alert.snooze).ended_at:
        snoozes.come_back(tx, alert, now)


def _decision(tx: Transaction, alert_id: str, *, made: bool) -> Decision:
    done = alerts.steps(tx, alert_id)
    return Decision(made, done[-1] if done else None, alerts.get(tx, alert_id))


def _log(tx: Transaction, alert: Alert, step: Triage, now: str) -> None:
    detail = {
        "act": str(step.act), "reason": step.reason, "channel": alert.channel, "pair": alert.pair,
        "assignee": step.assignee, "until": step.until,
    }  # fmt: skip
    actor = f"{alert.workspace}/{step.by}" if step.by else "time"
    custody.append(tx, at=now, actor=actor, action="triage", subject=alert.id, detail=detail)


def _on_call(tx: Transaction, workspace: str) -> str:
    group = duty.on_call(tx, workspace).duty_group
    if not group:
        raise NobodyOnCall("Nobody is on call; set it with /dateline oncall @GROUP after 30m, then escalate again.")
    return group


def _assigned(alert: Alert, step: Triage) -> Message:
    body = {"assigned": alert.id, "by": step.by, "at": step.at, "note": step.reason}
    row = f"assigned:{alert.id}:{step.assignee}"
    return Message(row, Kind.MESSAGE, Lane.ANSWER, alert.workspace, step.assignee, body)


def _escalated(alert: Alert, step: Triage, group: str) -> Message:
    """The message to those on call, in the thread of the warning; its id lets it be sent once."""
    body = {"escalation": alert.id, "group": group, "by": step.by, "reason": step.reason}
    row = f"alert:{alert.id}:escalated"
    return Message(row, Kind.MESSAGE, Lane.ANSWER, alert.workspace, alert.channel, body, root=update_of(alert).root)
