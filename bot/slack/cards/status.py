"""The state of the store and of the sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot import wording
from bot.findings import StatusFinding
from bot.health import Health
from bot.slack.blocks import Block, Message, actions, button, header, heading, line, message, packed, rich, words
from bot.slack.cards import parts
from bot.slack.cards.silenced import counted
from bot.slack.ids import Action, LetterRef

LAG: Final = 60.0
"""Seconds beyond its time after which somebody should know of a sweep that waits."""

LISTED: Final = 8
"""Of failing sources, budgets and dead letters; the whole list is on the command line."""


def status_message(finding: StatusFinding) -> Message:
    """Show what a channel may see of the store, and which sources are ready.

    No path of the machine is told in Slack, nor the size of the store and of its log: they grow with what is private.
    """
    last = wording.at(finding.last_captured_at) if finding.last_captured_at else "never"
    lines = [
        f"Last captured: {last}.",
        f"{wording.count(finding.posts, 'post')}, {wording.count(finding.captures, 'capture')}, "
        f"{wording.count(finding.images, 'picture')}, {wording.count(finding.sightings, 'sighting')}, "
        f"{wording.count(finding.people, 'watched person', 'watched people')}, "
        f"{wording.count(finding.conflicts, 'conflict')}.",
    ]
    if any(finding.silenced):
        lines.append(f"Silenced: {counted(*finding.silenced)}. /dateline silenced")
    if finding.unread:
        lines.append("Archived texts are still being read again.")
    lines += [f"Source {parts.short(name)}: {parts.short(state)}" for name, state in list(finding.sources.items())[:30]]
    title = f"Dateline {parts.short(finding.version, 40)}"
    health = list(_health(finding.health))
    blocks = [header(title), *packed((line(words(text)),) for text in [*health, *lines])]
    return message([*blocks, *_letters(finding.health)], [title, *health, *lines])


def _health(health: Health) -> Iterator[str]:
    """Tell how the desk fares: what somebody on call looks for, so it stands first."""
    if health.paused_at:
        yield f"Paused since {wording.at(health.paused_at)}: no sweep and no digest runs. /dateline resume all"
    counts = ", ".join(f"{number:,} {state}" for state, number in sorted(health.watches.items())) or "none"
    yield f"Watches: {counts}; {wording.count(health.sweeping, 'sweep')} under way."
    good = wording.at(health.last_good_sweep) if health.last_good_sweep else "never"
    late = f" Lag: the longest waits {health.lag_seconds:,.0f} s beyond its time." if health.lag_seconds >= LAG else ""
    yield f"Last good sweep: {good}.{late}"
    messages = ", ".join(f"{number:,} {state}" for state, number in sorted(health.messages.items())) or "none"
    yield f"Queue: {wording.count(health.requests_waiting, 'request')}; messages not sent: {messages}."
    for source in health.failing[:LISTED]:
        yield (
            f"Failing since {wording.at(source.since)}: {parts.short(source.source, 200)} of the watch"
            f" {parts.short(source.label)}. {parts.short(source.problem, 300)}"
        )
    if len(health.failing) > LISTED:
        yield f"and {len(health.failing) - LISTED:,} more failing sources"
    for budget in health.budgets[:LISTED]:
        yield f"Budget of {parts.short(budget.label)}: {budget.spent:,} of {budget.limit:,} billed posts today."


def _letters(health: Health) -> list[Block]:
    """List what was given up, each with a button that tries it again."""
    if not health.dead:
        return []
    blocks = [rich(heading(f"Not delivered: {len(health.dead):,}"))]
    for number, letter in enumerate(health.dead[:LISTED], 1):
        told = f"{letter.what}, {wording.at(letter.created_at)}: {parts.short(letter.problem, 200)}"
        blocks += [rich(line(words(told)))]
        blocks += actions(button("Send again", Action.RESEND, LetterRef(letter.id), number=number))
    if len(health.dead) > 1:
        blocks += actions(button("Send all of them again", Action.RESEND, LetterRef("")))
    return blocks
