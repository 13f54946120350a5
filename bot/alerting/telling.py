"""How an alert gets to its channel: the rows of the outbox that tell it, and that show what became of it."""

from __future__ import annotations

from storage.alerts import Alert
from storage.outbox import Kind, Lane, Message


def message_of(alert: Alert) -> Message:
    """Return the outbox row of an alert; its words are made when it is sent."""
    return Message(f"alert:{alert.id}", Kind.MESSAGE, Lane.ALERT, alert.workspace, alert.channel, {"alert": alert.id})


def update_of(alert: Alert) -> Message:
    """Return the outbox row that shows what was decided about an alert in the message that raised it."""
    told = message_of(alert)
    return Message(f"{told.id}:update", Kind.UPDATE, Lane.ANSWER, told.workspace, told.channel, told.body, root=told.id)
