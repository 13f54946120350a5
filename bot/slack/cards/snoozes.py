"""What a channel is not told of for a while, each with a button that ends it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot import wording
from bot.slack.blocks import Block, Message, actions, button, context, header, line, message, rich, user, words
from bot.slack.cards import parts
from bot.slack.ids import Action, SnoozeRef
from storage.snoozes import Snooze

SHOWN: Final = 15
"""Snoozes of one list, the first to end first; the rest is a count."""
NONE: Final = "Nothing is snoozed in this channel."


def snoozes_message(held: Sequence[Snooze], *, named: bool = True) -> Message:
    """List the snoozes of a channel; `named`: with who asked for each."""
    if not held:
        step = "Snooze… on a warning leaves the channel in peace about its picture, person, author or watch."
        return message([rich(line(words(NONE, bold=True)), line(words(step)))], [NONE, step])
    title = f"Snoozed in this channel: {len(held):,}"
    blocks: list[Block] = [header(title)]
    for number, snooze in enumerate(held[:SHOWN], 1):
        by = (words(", by "), user(snooze.actor)) if named else ()
        about = (words(f" until {wording.at(snooze.until)}"), *by)
        blocks += [rich(line(words(parts.short(snooze.label), bold=True), *about, words(".")))]
        blocks += actions(button("End now", Action.END_SNOOZE, SnoozeRef(snooze.id), number=number))
    left = [context(f"and {len(held) - SHOWN:,} more")] if len(held) > SHOWN else []
    told = [f"{parts.short(one.label)} until {wording.at(one.until)}." for one in held[:SHOWN]]
    return message(blocks, [f"{title}.", *told], last=left)


def ended_message(snooze: Snooze, *, ended: bool) -> Message:
    """Tell who ended a snooze that it is over."""
    what = f"{parts.short(snooze.label)}: the snooze is over{'' if ended else ' already'}."
    step = "What came meanwhile, if anything did, is told in the channel in one message."
    return message([rich(line(words(what, bold=True)), line(words(step)))], [what, step])
