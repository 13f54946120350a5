"""Triage: what people do about warnings in the sight of everybody in the channel, and what time does about them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from bot import wording
from bot.alerting.telling import update_of
from bot.desk import Desk
from commands import duty, snoozes
from commands.boilerplate import take_back
from storage import alerts, boilerplate, custody, outbox
from storage import snoozes as kept
from storage.alerts import Act, Alert, Triage, TriageState
from storage.database import Transaction
from storage.desks import DeskSettings
from storage.errors import DatelineError, StoreError
from storage.outbox import Kind, Lane, Message
from storage.records import utc
from storage.snoozes import Scope

log = logging.getLogger("dateline.triage")

TOGETHER: Final = 3
"""Warnings of one channel that go to those on call at one time, each in its thread; more of them in one message."""

NAMED: Final = 5
"""Warnings that such a message names; the rest is a count."""

AT_A_TIME: Final = 500
"""Warnings that are escalated in one transaction: a third of a second, measured with 10,000 on two cores."""


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
        outbox.put(tx, _escalated(tx, before, step, group), now)
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

    In transactions short enough for whoever clicks meanwhile.

    Returns:
        how many snoozes and warnings that were.
    """
    done = 0
    try:
        for one in await desk.db.reading(lambda tx: kept.over(tx, utc(now))):
            done += await desk.db.writing(partial(_end, snooze=one.id, now=utc(now)))
        while await desk.db.reading(lambda tx: duty.unattended(tx, now)):
            went = await desk.db.writing(lambda tx: escalate_unattended(tx, now))
            done += went
            if not went:
                break
    except StoreError as failed:
        log.warning("what is overdue waits for the next turn: %s", failed)
    return done


def escalate_unattended(tx: Transaction, now: datetime, most: int = AT_A_TIME) -> int:
    """Escalate what has waited too long in one channel, up to so many warnings; return how many went.

    In the thread of each warning or, where a channel has many, by one message. The oldest goes last and names that
    message, so that whoever goes on with the rest, after a kill or beside us, sends no second one.
    """
    found = duty.unattended(tx, now)
    if not found:
        return 0
    settings, due = found[0]
    waiting = [alert for alert in due if alert.channel == due[0].channel]
    at, minutes = utc(now), settings.escalate_after or 0
    together = _called_together(waiting, settings, minutes)
    alone = len(waiting) <= TOGETHER and not outbox.is_known(tx, together.id)
    if not alone:
        outbox.put(tx, together, at)
    went = 0
    for alert in waiting[-most:]:
        reason = f"Nobody had acknowledged it for {wording.count(minutes, 'minute')}"
        step = Triage(Act.ESCALATE, alert.state, "", at, reason)
        if alerts.decide(tx, alert.id, step):
            went += 1
            _log(tx, alert, step, at)
            snoozes.show(tx, alert, at)
            if alone:
                outbox.put(tx, _escalated(tx, alert, step, settings.duty_group), at)
    return went


def _end(tx: Transaction, snooze: str, now: str) -> bool:
    return snoozes.end(tx, snooze, by="", now=now)


def _called_together(waiting: Sequence[Alert], settings: DeskSettings, minutes: int) -> Message:
    """The one message to those on call about many warnings of a channel: the newest are named."""
    oldest = waiting[0]
    body = {
        "escalations": [alert.id for alert in waiting[: -NAMED - 1 : -1]],
        "total": len(waiting),
        "group": settings.duty_group,
        "minutes": minutes,
    }
    row = f"escalations:{oldest.id}"
    return Message(row, Kind.MESSAGE, Lane.ANSWER, oldest.workspace, oldest.channel, body)


def _after_undo(tx: Transaction, alert_id: str, stood: Triage, undone: Triage, now: str) -> None:
    """End the snooze or the mark that was taken back; wake a warning that is back under a snooze that is over."""
    alert = alerts.get(tx, alert_id)
    marked = boilerplate.of_alert(tx, alert_id) if stood.act is Act.MARK else None
    if marked is not None:
        take_back(tx, marked, by=undone.by, now=now)
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
        "assignee": step.assignee, "until": step.until, "why": step.why,
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


def _escalated(tx: Transaction, alert: Alert, step: Triage, group: str) -> Message:
    """The message to those on call, in the thread of the warning if that was told; its id lets it be sent once."""
    body = {"escalation": alert.id, "group": group, "by": step.by, "reason": step.reason}
    row = f"alert:{alert.id}:escalated"
    root = update_of(alert).root
    root = root if root and outbox.is_known(tx, root) else None
    return Message(row, Kind.MESSAGE, Lane.ANSWER, alert.workspace, alert.channel, body, root=root)
