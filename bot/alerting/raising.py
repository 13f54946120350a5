"""Alerts, raised in the transaction that archives what they tell of: each matter once a channel, later evidence joined.

Who is told: subscribed channels of reused pictures and of captions in conflict; watches of their person, picture,
account or link; and whoever traced a picture that turns out to be older. Whatever is told twice, or is fed again after
a kill, changes nothing: ids come from what is told, never from when.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.alerting import flood
from bot.alerting.earlier import correction, earlier
from bot.alerting.gone import gone
from bot.alerting.matter import EPISODE, Matter, ago
from bot.alerting.pictures import reused
from bot.alerting.sayings import said
from bot.alerting.taken import Sight, Taken
from bot.alerting.targets import Targets
from bot.alerting.telling import message_of, row_of, show_again, update_of
from storage import alerts, cases, outbox
from storage.alerts import CONTRADICTIONS, Alert, AlertKind, TriageState
from storage.database import Transaction
from storage.outbox import Message


def raise_alerts(tx: Transaction, taken: Taken, targets: Targets, now: str) -> list[Alert]:
    """Tell what a post has brought to every channel that asked and may see all of it; return what is new there."""
    if not taken.is_news:
        return []
    raised = []
    for matter in _matters(tx, taken, targets, Sight(tx, taken), now):
        alert = tell(tx, matter, targets, now, catching_up=taken.catches_up(matter.alert.watch))
        if alert is not None:
            raised.append(alert)
    return raised


def _matters(tx: Transaction, taken: Taken, targets: Targets, sight: Sight, now: str) -> Iterator[Matter]:
    yield from gone(tx, taken, targets, sight, now)
    yield from reused(tx, taken, targets, sight, now)
    yield from said(tx, taken, targets, sight, now)
    yield from earlier(tx, taken, sight, now)


def tell(tx: Transaction, matter: Matter, targets: Targets, now: str, *, catching_up: bool = False) -> Alert | None:
    """Raise an alert for a matter; None where it joins one that is alive, or must not be raised.

    `catching_up` is whether it came with much else for its watch.
    """
    new = matter.alert
    held = cases.newest_of_subject(tx, new.workspace, new.channel, new.subject, matter.alive_since(now))
    if held is not None:
        _join(tx, held, matter, now)
        return None
    if not alerts.is_new(tx, new):
        return None
    _correct(tx, matter, now)
    snooze = targets.snooze_of(new, matter.listener.asked, now)
    if snooze is not None:
        return _noted(tx, replace(new, state=TriageState.SNOOZED, snooze=snooze.id), matter)
    due_at = matter.listener.due_at(now, urgent=new.kind in CONTRADICTIONS)
    roll = flood.roll_for(tx, new, catching_up=catching_up, now=now)
    if roll is not None:
        alert = _noted(tx, replace(new, roll=roll.id), matter)
        flood.tell(tx, roll, due_at, now)
        return alert
    root = None if matter.card else _root(tx, new, due_at, now)
    alert = _noted(tx, replace(new, root=root.id if root else ""), matter)
    outbox.put(tx, _message(alert, matter), now, due_at)
    if root is not None:
        show_again(tx, root, now)  # it says how many more stand in its thread
    return alert


def _message(alert: Alert, matter: Matter) -> Message:
    message = message_of(alert)
    if not matter.card:
        return message
    return replace(message, root=None if matter.target else matter.card, target=matter.target)


def _noted(tx: Transaction, alert: Alert, matter: Matter) -> Alert:
    alerts.raise_once(tx, alert)
    for each in matter.evidence:
        alerts.add_evidence(tx, alert.id, each)
    return alert


def _join(tx: Transaction, held: Alert, matter: Matter, now: str) -> None:
    """Let what is new of a matter join an alert, and the message of that show it."""
    new = [alerts.add_evidence(tx, held.id, each) for each in matter.evidence]
    turned = held.kind is AlertKind.REUSE and matter.alert.kind is AlertKind.CAPTION_CONFLICT
    if turned:
        cases.turn(tx, held.id, matter.alert.kind)
    if matter.retold:
        cases.retell(tx, held.id, matter.alert)
        _correct(tx, replace(matter, alert=replace(matter.alert, id=held.id)), now)
    if any(new) or turned:
        show_again(tx, held, now)
        if held.state is TriageState.OPEN:  # a message that was given up is tried again
            due_at = matter.listener.due_at(now, urgent=matter.alert.kind in CONTRADICTIONS)
            outbox.resend(tx, update_of(held).root or "", due_at)


def _root(tx: Transaction, alert: Alert, due_at: str, now: str) -> Alert | None:
    """Return the alert in whose thread another of its case belongs: its message stands in the channel, or will in time.

    What must be told at once does not wait for one that is held back until quiet hours are over.
    """
    for root in cases.threads(tx, alert.workspace, alert.channel, alert.case, ago(now, EPISODE)):
        told = outbox.standing(tx, row_of(root.id))
        if told is not None and not (told.unsaid and told.due_at > due_at):
            return root
    return None


def _correct(tx: Transaction, matter: Matter, now: str) -> None:
    if matter.card:
        outbox.put_again(tx, correction(matter, matter.card), now)
