"""What is being worked on, and its place in the queue."""

from __future__ import annotations

from bot.slack.blocks import Message, context, message
from bot.slack.cards import parts
from bot.slack.ids import Verb

_DOING = {Verb.TRACE: "Tracing", Verb.WHEREIS: "Looking for", Verb.CHECK: "Checking"}


def progress_message(verb: Verb, subject: str, *, place: int = 0, step: str = "") -> Message:
    """Tell how far a question has come.

    Args:
        verb: what is being done.
        subject: the link, name or file.
        place: the place in the queue from 1, 0 when it is being worked on.
        step: what is being done just now, in words of ours.
    """
    where = f" Place {place:,} in the queue." if place > 0 else f" {step}" if step else ""
    told = f"{_DOING[verb]} {parts.short(subject, 300)} …{where}"
    return message([context(told)], [told])
