"""A rolling message: one message with a count where many warnings would flood a channel, and all of it on demand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot import wording
from bot.findings import AlertFinding, RollFinding
from bot.slack.blocks import Block, Message, actions, button, context, header, line, message, rich, words
from bot.slack.cards import parts
from bot.slack.cards.alert_told import summary
from bot.slack.ids import Action, AlertRef, RollRef
from storage.alerts import TriageState

PAGE: Final = 12
"""Warnings of one message that shows them with a button each: that many rows of three blocks fit."""


def roll_message(finding: RollFinding) -> Message:
    """Tell how many warnings there are, why they stand in one message, and the most serious of them."""
    title = f"{wording.count(finding.total, 'warning')} in one message"
    counts = [wording.count(finding.contradictions, "contradiction")] if finding.contradictions else []
    counts += [f"{finding.open:,} open"]
    since, newest = wording.at(finding.roll.opened_at), wording.at(finding.roll.last_at)
    told = [
        parts.short(finding.roll.why, parts.SENTENCE),
        *([f"Watch: {parts.short(finding.watch)}."] if finding.watch else []),
        f"{', '.join(counts)}. Since {since}, the last {newest}.",
    ]
    blocks = [header(title), rich(*(line(words(text)) for text in told))]
    blocks += [rich(*summary(alert)) for alert in finding.alerts]
    left = finding.total - len(finding.alerts)
    last = [context(f"and {wording.count(left, 'more warning')}")] if left > 0 else []
    last += actions(button("Show all", Action.SHOW_ROLL, RollRef(finding.roll.id)))
    return message(blocks, [f"{title}.", *told, *(_flat(alert) for alert in finding.alerts)], last=last)


def rolled_message(finding: RollFinding, start: int) -> Message:
    """Show a page of what a rolling message tells, a button for each warning; a button brings the next page."""
    shown = finding.alerts[start : start + PAGE]
    title = f"Warnings {start + 1:,} to {start + len(shown):,} of {finding.total:,}"
    blocks: list[Block] = [header(title)]
    for number, alert in enumerate(shown, 1):
        blocks += [rich(*summary(alert), line(words(_stands(alert), italic=True)))]
        blocks += actions(button("Show", Action.SHOW_ALERT, AlertRef(alert.id), number=number))
    left = finding.total - start - len(shown)
    more = RollRef(finding.roll.id, start + len(shown))
    last = actions(button(f"Show {min(left, PAGE):,} more", Action.SHOW_ROLL, more)) if left > 0 else []
    return message(blocks, [f"{title}.", *_flats(shown)], last=last)


def _stands(alert: AlertFinding) -> str:
    state = "open" if alert.state is TriageState.OPEN else str(alert.state)
    return f"Raised {wording.at(alert.raised_at)}; {state}."


def _flats(alerts: Sequence[AlertFinding]) -> list[str]:
    return [_flat(alert) for alert in alerts]


def _flat(alert: AlertFinding) -> str:
    return " ".join("".join(element.get("text", "") for element in part["elements"]) for part in summary(alert))
