"""How an alert gets to its channel: the rows of the outbox that tell it, and that show what became of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from storage import outbox
from storage.alerts import CONTRADICTIONS, Alert, AlertKind
from storage.database import Transaction
from storage.outbox import Kind, Lane, Message
from storage.records import utc
from storage.rolls import Roll

SETTLED: Final = timedelta(seconds=2)
"""Evidence that follows within this time changes a message once."""

ROLLING: Final = timedelta(seconds=5)
"""The same of a rolling message, which a flood would change without end."""

BROADCAST: Final = CONTRADICTIONS | {AlertKind.DELETED}
"""What is shown in the channel, too, where it stands in a thread: somebody may have trusted what it contradicts."""


def message_of(alert: Alert) -> Message:
    """Return the outbox row of an alert, in its thread if it has one; its words are made when it is sent."""
    body = {"alert": alert.id} | ({"broadcast": True} if alert.root and alert.kind in BROADCAST else {})
    root = row_of(alert.root) if alert.root else None
    return Message(row_of(alert.id), Kind.MESSAGE, Lane.ALERT, alert.workspace, alert.channel, body, root=root)


def update_of(alert: Alert) -> Message:
    """Return the outbox row that shows what was decided about an alert in the message that tells it."""
    if alert.roll:
        return _roll_update(alert.roll, alert.workspace, alert.channel, Lane.CHANGE)
    root = row_of(alert.id)
    body = {"alert": alert.id}
    return Message(f"{root}:update", Kind.UPDATE, Lane.CHANGE, alert.workspace, alert.channel, body, root=root)


def roll_message_of(roll: Roll) -> Message:
    """Return the outbox row of a rolling message."""
    return Message(roll_row(roll.id), Kind.MESSAGE, Lane.ALERT, roll.workspace, roll.channel, {"roll": roll.id})


def roll_update_of(roll: Roll) -> Message:
    """Return the outbox row that shows how a rolling message has grown."""
    return _roll_update(roll.id, roll.workspace, roll.channel, Lane.ALERT)


def row_of(alert_id: str) -> str:
    """Return the id of the outbox row of an alert."""
    return f"alert:{alert_id}"


def roll_row(roll_id: str) -> str:
    """Return the id of the outbox row of a rolling message."""
    return f"roll:{roll_id}"


def show_again(tx: Transaction, alert: Alert, now: str) -> None:
    """Let the message of an alert show what has joined it; several changes that follow one another go as one.

    Nothing is done for a message that is still to be made, nor where none tells the alert.
    """
    if alert.roll:
        _change(tx, update_of(alert), now, ROLLING)
    else:
        _change(tx, replace(update_of(alert), lane=Lane.ALERT), now, SETTLED)


def show_roll_again(tx: Transaction, roll: Roll, now: str) -> None:
    """Let a rolling message show how it has grown."""
    _change(tx, roll_update_of(roll), now, ROLLING)


def _change(tx: Transaction, update: Message, now: str, after: timedelta) -> None:
    told = outbox.standing(tx, update.root or "")
    if told is not None and not told.unsaid:
        outbox.put_again(tx, update, now, utc(datetime.fromisoformat(now) + after))


def _roll_update(roll_id: str, workspace: str, channel: str, lane: Lane) -> Message:
    root = roll_row(roll_id)
    return Message(f"{root}:update", Kind.UPDATE, lane, workspace, channel, {"roll": roll_id}, root=root)
