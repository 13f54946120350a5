"""Where many alerts would flood a channel, one rolling message with a count tells them."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.alerting.matter import ago
from bot.alerting.telling import roll_message_of, roll_row, row_of, show_again, show_roll_again
from storage import alerts, cases, outbox, rolls
from storage.alerts import Alert
from storage.database import Transaction
from storage.records import short_id
from storage.rolls import Roll

MOST: Final = 20
"""Alerts of one case, or of one watch that catches up, that a channel is told one by one."""

WINDOW: Final = timedelta(minutes=10)
"""The time within which they are counted, and after which a rolling message that nothing has joined is closed."""


def roll_for(tx: Transaction, alert: Alert, *, catching_up: bool, now: str) -> Roll | None:
    """Return the rolling message that an alert belongs to, opened where it is one too many; None where it is not.

    Alerts that it takes over, and whose own messages nobody has begun to send, are told by it instead.
    """
    since = ago(now, WINDOW)
    for scope in _scopes(alert, catching_up=catching_up):
        held = rolls.rolling(tx, alert.workspace, alert.channel, scope, since)
        if held is not None and outbox.standing(tx, roll_row(held.id)) is not None:
            return _joined(tx, held, now)
    for scope in _scopes(alert, catching_up=catching_up):
        if _count(tx, alert, scope, since) >= MOST:
            return _opened(tx, alert, scope, since, now)
    return None


def tell(tx: Transaction, roll: Roll, due_at: str, now: str) -> None:
    """Let a rolling message tell what has joined it; it goes out when the first that may goes."""
    if outbox.put(tx, roll_message_of(roll), now, due_at):
        return
    outbox.hasten(tx, roll_message_of(roll).id, due_at)
    show_roll_again(tx, roll, now)


def _scopes(alert: Alert, *, catching_up: bool) -> list[str]:
    return [*([f"watch/{alert.watch}"] if catching_up and alert.watch else []), alert.case]


def _count(tx: Transaction, alert: Alert, scope: str, since: str) -> int:
    if scope == alert.case:
        return cases.count_of_case(tx, alert.workspace, alert.channel, scope, since)
    return cases.count_of_watch(tx, alert.watch, alert.channel, since)


def _joined(tx: Transaction, roll: Roll, now: str) -> Roll:
    joined = Roll(roll.id, roll.workspace, roll.channel, roll.scope, roll.why, roll.opened_at, now)
    rolls.put(tx, joined)
    return joined


def _opened(tx: Transaction, alert: Alert, scope: str, since: str, now: str) -> Roll:
    if scope == alert.case:
        why = f"More than {MOST} warnings of one case within {WINDOW // timedelta(minutes=1)} minutes."
        before = cases.of_case(tx, alert.workspace, alert.channel, scope, since)
    else:
        why = f"More than {MOST} warnings of one watch that catches up on what it missed."
        before = cases.of_watch(tx, alert.watch, alert.channel, since)
    roll_id = short_id(alert.workspace, alert.channel, scope, alert.id)
    roll = Roll(roll_id, alert.workspace, alert.channel, scope, why, now, now)
    rolls.put(tx, roll)
    roots: set[str] = set()
    for one in before:
        if not one.roll and outbox.withdraw(tx, row_of(one.id)):
            alerts.move(tx, one.id, roll=roll.id)
            cases.uproot(tx, one.id)
            if one.root:
                roots.add(one.root)
    for root in sorted(roots):
        show_again(tx, alerts.get(tx, root), now)  # it says how many stand in its thread
    return roll
