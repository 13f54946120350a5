"""Who is on call, what is paused, and the messages to those on call."""

from __future__ import annotations

from collections.abc import Sequence

from bot import wording
from bot.findings import AlertFinding
from bot.slack.blocks import Block, Message, line, message, rich, user, usergroup, words
from bot.slack.cards import parts
from bot.slack.cards.alert_told import summary, title
from storage.desks import DeskSettings

HOW: str = "To set who is on call: /dateline oncall @GROUP after 30m. To end it: /dateline oncall off"


def escalation_message(alert: AlertFinding, group: str, by: str, reason: str) -> Message:
    """Call those on call to a warning, in its thread."""
    why = line(words("Escalated by "), user(by), words(".")) if by else line(words(f"{parts.short(reason, 200)}."))
    name = f"{title(alert)}."
    calls = line(usergroup(group), words(" This warning needs you: "), words(name, bold=True))
    return message([rich(calls, why)], ["This warning needs somebody on call.", name])


def escalations_message(alerts: Sequence[AlertFinding], total: int, group: str, minutes: int) -> Message:
    """Call those on call to many warnings of a channel at once."""
    what = f"{total:,} warnings in this channel were not acknowledged for {wording.count(minutes, 'minute')}."
    left = total - len(alerts)
    more = [line(words(f"and {left:,} more"))] if left > 0 else []
    calls = line(usergroup(group), words(f" {what}", bold=True))
    listed: list[Block] = [rich(*summary(alert)) for alert in alerts]
    return message([rich(calls), *listed, *([rich(*more)] if more else [])], [what, *map(title, alerts)])


def on_call_message(settings: DeskSettings, group_name: str = "") -> Message:
    """Tell who is on call, and what goes to them by itself."""
    if not settings.duty_group:
        return message(
            [rich(line(words("Nobody is on call.", bold=True)), line(words(HOW)))], ["Nobody is on call.", HOW]
        )
    after = settings.escalate_after
    by_itself = (
        f"A warning that nobody acknowledges for {wording.count(after, 'minute')} goes to them by itself."
        if after
        else "Only what somebody escalates goes to them."
    )
    name = parts.short(group_name) or settings.duty_group
    told = line(words(f"On call: {name}.", bold=True))  # named, not mentioned: nobody is to be called by it
    return message([rich(told, line(words(by_itself)), line(words(HOW)))], [f"On call: {name}.", by_itself, HOW])


def paused_message(settings: DeskSettings, *, changed: bool, named: bool = True) -> Message:
    """Tell whether sweeps and digests are paused; `named`: and by whom."""
    again = "" if changed else " It was so already."
    if settings.paused_at is None:
        what, step = f"Sweeps and digests run.{again}", "To pause them all: /dateline pause all"
        return message([rich(line(words(what, bold=True)), line(words(step)))], [what, step])
    what = f"All sweeps and digests are paused.{again}"
    step = "What is asked for by hand still works. To let them run again: /dateline resume all"
    who = (words(", by "), user(settings.paused_by)) if named else ()
    by = line(words(f"Since {wording.at(settings.paused_at)}"), *who, words("."))
    return message([rich(line(words(what, bold=True)), by, line(words(step)))], [what, step])
