"""Snoozes: what a channel is not told of for a while, and what it is told when that is over."""

from __future__ import annotations

from dataclasses import replace

from bot import wording
from bot.alerting.targets import after_quiet
from bot.alerting.telling import roll_message_of, update_of
from bot.handles import written
from storage import alerts, custody, outbox, people, posts, rolls, snoozes, watches
from storage.alerts import CONTRADICTIONS, Act, Alert, Triage, TriageState
from storage.database import Transaction
from storage.errors import NotFound
from storage.records import short_id
from storage.rolls import Roll
from storage.snoozes import Scope, Snooze


def choices(tx: Transaction, alert: Alert) -> list[tuple[Scope, str]]:
    """Return what of a warning can be snoozed, with its name in words."""
    return [(scope, _label(tx, scope, key, alert)) for scope, key in snoozes.keys(alert).items()]


def made_of(tx: Transaction, alert: Alert, scope: Scope, until: str, by: str, now: str) -> Snooze:
    """Make the snooze that somebody wants; one that holds for the same is made longer, never shorter.

    Raises:
        NotFound: the warning is about nothing of that scope.
    """
    subject = snoozes.keys(alert).get(scope)
    if subject is None:
        raise NotFound(f"This warning has no {scope} to snooze; choose something else.")
    for held in holding_in(tx, alert.workspace, alert.channel):
        if (held.scope, held.subject) == (scope, subject):
            return replace(held, until=max(held.until, until))
    key = short_id(alert.workspace, alert.channel, scope, subject, now)
    label = _label(tx, scope, subject, alert)
    return Snooze(key, alert.workspace, alert.channel, scope, subject, label, until, by, now)


def holding_in(tx: Transaction, workspace: str, channel: str) -> list[Snooze]:
    """Return the snoozes that hold in a channel, the first to end first."""
    return [one for one in snoozes.holding(tx) if (one.workspace, one.channel) == (workspace, channel)]


def end(tx: Transaction, snooze_id: str, *, by: str, now: str) -> bool:
    """End a snooze, by somebody's hand or by time (`by` empty), and tell in one message what came meanwhile.

    A warning that another snooze of the channel concerns as well stays silent under that one.

    Returns:
        False where it was over already, or somebody has made it longer before time could end it.
    """
    snooze = snoozes.get(tx, snooze_id)
    if not by and snooze.until > now:
        return False
    if not snoozes.end(tx, snooze_id, now):
        return False
    actor = f"{snooze.workspace}/{by}" if by else "time"
    detail = {"scope": str(snooze.scope), "subject": snooze.subject, "channel": snooze.channel, "until": snooze.until}
    custody.append(tx, at=now, actor=actor, action="snooze ended", subject=snooze_id, detail=detail)
    others = holding_in(tx, snooze.workspace, snooze.channel)
    came = []
    for alert in alerts.of_snooze(tx, snooze_id):
        own = snoozes.keys(alert)
        under = next((one for one in others if own.get(one.scope) == one.subject), None)
        if under is not None:
            alerts.silence(tx, alert.id, under.id)
        elif wake(tx, alert, by=by, now=now):
            came.append(alert)
    if came:
        _tell(tx, snooze, came, now)
    return True


def wake(tx: Transaction, alert: Alert, *, by: str, now: str) -> bool:
    """Open a warning again that was silent; True where it has no message of its own yet."""
    if alerts.decide(tx, alert.id, Triage(Act.WAKE, TriageState.OPEN, by, now)):
        show(tx, alert, now)
    return not outbox.is_known(tx, str(update_of(alert).root))


def come_back(tx: Transaction, alert: Alert, now: str) -> None:
    """Open a warning that has come back under its snooze, which is over meanwhile; tell it if that was never done."""
    if wake(tx, alert, by="", now=now):
        _tell(tx, snoozes.get(tx, alert.snooze), [alert], now)


def show(tx: Transaction, alert: Alert, now: str) -> None:
    """Show a warning as it stands now in the message that tells it.

    Nothing is done where none does yet: what is still to be sent gets the words of the moment at which it is sent.
    """
    update = update_of(alert)
    told = outbox.standing(tx, str(update.root))
    if told is not None and not told.unsaid:
        outbox.put_again(tx, update, now)


def _tell(tx: Transaction, snooze: Snooze, came: list[Alert], now: str) -> None:
    """Tell what came during a snooze in one rolling message."""
    why = f"Came while this was snoozed here: {snooze.label}."
    roll = Roll(
        short_id("snooze", snooze.id, now), snooze.workspace, snooze.channel, f"snooze/{snooze.id}", why, now, now
    )
    rolls.put(tx, roll)
    for alert in came:
        alerts.move(tx, alert.id, roll=roll.id)
    outbox.put(tx, roll_message_of(roll), now, min(_may_be_told(tx, alert, now) for alert in came))


def _may_be_told(tx: Transaction, alert: Alert, now: str) -> str:
    """Return when a warning may be told: not within the quiet hours of the watch that asked for it."""
    watch = next((watch for watch in watches.all(tx) if watch.id == alert.watch), None)
    return after_quiet(watch, now, urgent=alert.kind in CONTRADICTIONS)


def _label(tx: Transaction, scope: Scope, key: str, alert: Alert) -> str:
    match scope:
        case Scope.PICTURE:
            post = posts.get(tx, alert.post_id, alert.viewer) if alert.post_id else None
            return f"The picture in a post by {wording.handle(post)}" if post else "This picture"
        case Scope.AUTHOR:
            platform, _, handle = key.partition(":")
            return f"Posts by {written(handle, platform)}"
        case Scope.PERSON:
            return next((person.name for person in people.all(tx) if person.id == key), key)
        case Scope.WATCH:
            label = next((watch.label for watch in watches.all(tx) if watch.id == key), key)
            return f"All of the watch “{label}”"
