"""A source of a watch that fails for long: told once an episode, and told again when it is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.alerting.matter import Matter, ago
from bot.alerting.raising import tell
from bot.alerting.targets import Asked, Listener, Targets
from bot.alerting.telling import show_again
from storage import alerts, cases
from storage.alerts import Act, Alert, AlertKind, Triage, TriageState
from storage.database import Transaction
from storage.records import Place, short_id
from storage.watches import SourceState, Watch

LONG: Final = timedelta(hours=1)
OFTEN: Final = 3
"""How long, and how often in a row, a source fails before people are told: most faults are over sooner."""


def source_fails(tx: Transaction, watch: Watch, state: SourceState, now: str) -> Alert | None:
    """Tell the channel of a watch that a source has failed for long; None where it has not, or was told."""
    since = state.failing_since
    if since is None or since > ago(now, LONG) or state.failures < OFTEN:
        return None
    subject = _subject(watch, state)
    held = cases.newest_of_subject(tx, watch.workspace, watch.channel, subject, "")
    if held is not None:
        return None
    alert = Alert(
        id=short_id(watch.workspace, watch.channel, subject),
        workspace=watch.workspace,
        channel=watch.channel,
        kind=AlertKind.SOURCE,
        subject=subject,
        case=f"source/{watch.id}/{state.source}",
        raised_at=now,
        evidence_at=now,
        watch=watch.id,
    )
    asked = Asked(watch.workspace, watch.channel, watch)
    listener = Listener(watch.workspace, watch.channel, watch, (asked,))
    return tell(tx, Matter(alert, listener, forever=True), Targets.read(tx, _same_place), now)


def source_works(tx: Transaction, watch: Watch, before: SourceState, now: str) -> None:
    """Let the message about a source that failed say that it answers again; `before` is how it fared until now.

    Nobody needs to look into it any more: where nobody has, time acknowledges it.
    """
    if before.failing_since is None:
        return
    held = cases.newest_of_subject(tx, watch.workspace, watch.channel, _subject(watch, before), "")
    if held is None:
        return
    if held.state is TriageState.OPEN:
        step = Triage(Act.ACKNOWLEDGE, TriageState.ACKNOWLEDGED, "", now, "the source answers again")
        alerts.decide(tx, held.id, step)
    show_again(tx, held, now)


def _subject(watch: Watch, state: SourceState) -> str:
    return f"source/{watch.id}/{state.source}/{state.failing_since}"


def _same_place(a: Place, b: Place) -> bool:
    return a.key == b.key
