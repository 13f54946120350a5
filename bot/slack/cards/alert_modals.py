"""The modals of a warning: why it is dismissed, who is to look into it, what is snoozed and until when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.slack.blocks import MODAL_TITLE, OPTION, Block, plain_text
from bot.slack.ids import AlertRef, Callback, Field, Until, encode
from storage.dismissals import Reason
from storage.snoozes import Scope

REASONS: Final = {
    Reason.SAME_EVENT: "The same event, rightly shown again",
    Reason.NOT_SAME_PICTURE: "Not the same picture",
    Reason.SAME_SCENE: "The same scene, but another picture",
    Reason.KNOWN: "Known already",
    Reason.NOT_RELEVANT: "Of no interest here",
    Reason.OTHER: "Another reason (say which)",
}
"""Why a warning about a picture is dismissed, as the modal asks and as the card then says."""

UNTIL: Final = {
    Until.HOUR: "One hour",
    Until.HOURS: "Four hours",
    Until.TOMORROW: "Tomorrow at 9:00, your time",
    Until.WEEK: "A week",
    Until.MOMENT: "Until the date and time below",
}


def dismiss_view(alert: AlertRef, *, pair: bool = True) -> dict[str, Any]:
    """The modal that asks why a warning is dismissed; `pair`: whether that holds for a pair of pictures.

    The `private_metadata` of it, and of the other modals, carries the warning.
    """
    reasons = [one for one in REASONS if pair or one in {Reason.KNOWN, Reason.NOT_RELEVANT, Reason.OTHER}]
    options = [_option(REASONS[reason], reason) for reason in reasons]
    label = "Why? This pair of pictures will not warn again." if pair else "Why?"
    return _view(
        Callback.DISMISS_REASON,
        alert,
        "Dismiss the warning",
        "Dismiss",
        _input(Field.REASON, label, {"type": "radio_buttons", "options": options}),
        _input(Field.NOTE, "In your words", {"type": "plain_text_input", "max_length": 200}, optional=True),
    )


def assign_view(alert: AlertRef) -> dict[str, Any]:
    """The modal that asks who is to look into a warning."""
    return _view(
        Callback.ASSIGN,
        alert,
        "Assign the warning",
        "Assign",
        _input(Field.ASSIGNEE, "Who looks into it? They are told by direct message.", {"type": "users_select"}),
        _input(Field.NOTE, "What should they know?", {"type": "plain_text_input", "max_length": 200}, optional=True),
    )


def snooze_view(alert: AlertRef, choices: Sequence[tuple[Scope, str]]) -> dict[str, Any]:
    """The modal that asks what is snoozed in the channel, of what this warning allows, and until when."""
    scopes = [_option(label, scope) for scope, label in choices]
    until = [_option(label, choice) for choice, label in UNTIL.items()]
    return _view(
        Callback.SNOOZE,
        alert,
        "Snooze in this channel",
        "Snooze",
        _input(Field.SCOPE, "What?", {"type": "radio_buttons", "options": scopes, "initial_option": scopes[0]}),
        _input(Field.UNTIL, "Until when?", {"type": "radio_buttons", "options": until, "initial_option": until[0]}),
        _input(Field.MOMENT, "Date and time, where you are", {"type": "datetimepicker"}, optional=True),
    )


def dismiss_reason(reason: Reason, note: str) -> str:
    """The reason as it is kept and shown, of what the modal gave."""
    text = REASONS[reason].partition(" (")[0]
    return f"{text}: {note.strip()}" if note.strip() else text


def _view(callback: Callback, alert: AlertRef, title: str, submit: str, *blocks: Block) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": encode(alert) or "",
        "title": plain_text(title, MODAL_TITLE),
        "submit": plain_text(submit, MODAL_TITLE),
        "close": plain_text("Cancel", MODAL_TITLE),
        "blocks": list(blocks),
    }


def _input(field: Field, label: str, element: Block, *, optional: bool = False) -> Block:
    made: Block = {"type": "input", "block_id": field}
    if optional:
        made["optional"] = True
    return {**made, "label": plain_text(label, 150), "element": {**element, "action_id": field}}


def _option(text: str, value: str) -> Block:
    return {"text": plain_text(text, OPTION), "value": str(value)}
