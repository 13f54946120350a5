"""What went wrong: one sentence, and the next step."""

from __future__ import annotations

from bot.slack.blocks import Message, actions, button, line, message, packed, words
from bot.slack.cards import parts
from bot.slack.ids import Action, Question


def error_message(what: str, next_step: str, again: Question | None = None) -> Message:
    """Tell somebody what went wrong and what to do next; with a button where asking again may help."""
    told, step = parts.short(what, 500), parts.short(next_step, 500)
    blocks = packed([(line(words(told, bold=True)), line(words(step)))])
    retry = button("Try again", Action.RETRY, again) if again else None
    return message([*blocks, *actions(retry)], [told, step])
