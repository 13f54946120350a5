"""The modals of a warning: why it is dismissed, who is to look into it, what is snoozed and until when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.slack.ids import AlertRef, Callback, Field, Until, encode
from bot.slack.modals import field, modal, option
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
    options = [option(REASONS[reason], reason) for reason in reasons]
    label = "Why? This pair of pictures will not warn again." if pair else "Why?"
    return modal(
        Callback.DISMISS_REASON,
        encode(alert),
        "Dismiss the warning",
        "Dismiss",
        [
            field(Field.REASON, label, {"type": "radio_buttons", "options": options}),
            field(Field.NOTE, "In your words", {"type": "plain_text_input", "max_length": 200}, optional=True),
        ],
    )


def assign_view(alert: AlertRef) -> dict[str, Any]:
    """The modal that asks who is to look into a warning."""
    return modal(
        Callback.ASSIGN,
        encode(alert),
        "Assign the warning",
        "Assign",
        [
            field(Field.ASSIGNEE, "Who looks into it? They are told by direct message.", {"type": "users_select"}),
            field(Field.NOTE, "What should they know?", {"type": "plain_text_input", "max_length": 200}, optional=True),
        ],
    )


def snooze_view(alert: AlertRef, choices: Sequence[tuple[Scope, str]]) -> dict[str, Any]:
    """The modal that asks what is snoozed in the channel, of what this warning allows, and until when."""
    scopes = [option(label, scope) for scope, label in choices]
    until = [option(label, choice) for choice, label in UNTIL.items()]
    return modal(
        Callback.SNOOZE,
        encode(alert),
        "Snooze in this channel",
        "Snooze",
        [
            field(Field.SCOPE, "What?", {"type": "radio_buttons", "options": scopes, "initial_option": scopes[0]}),
            field(Field.UNTIL, "Until when?", {"type": "radio_buttons", "options": until, "initial_option": until[0]}),
            field(Field.MOMENT, "Date and time, where you are", {"type": "datetimepicker"}, optional=True),
        ],
    )


def dismiss_reason(reason: Reason, note: str) -> str:
    """The reason as it is kept and shown, of what the modal gave."""
    text = REASONS[reason].partition(" (")[0]
    return f"{text}: {note.strip()}" if note.strip() else text
