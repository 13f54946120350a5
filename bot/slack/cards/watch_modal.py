"""The modal that builds a watch, or changes one: a field for each part, in the words of `bot.watch_words`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.schedules.words import parse
from bot.slack.blocks import Block
from bot.slack.ids import Callback, Field, encode
from bot.slack.modals import field, modal, option
from bot.slack.watch_refs import WatchDraft, WatchRef
from bot.watch_words import schedule_part
from storage.watches import Watch

INPUT: Final = 3_000
"""Characters of a text input (Block Kit reference)."""
PARTS: Final = {
    Field.SCHEDULE: "schedule",
    Field.SOURCES: "sources",
    Field.QUIET: "quiet",
    Field.BUDGET: "budget",
    Field.REASON: "reason",
}
"""The fields that hold one part each."""

_HINTS: Final = {
    Field.SUBJECT: "A name, @handle, account x:@handle, picture LINK, or the link of a post",
    Field.SOURCES: 'x:@handle, x:"some words", rss:LINK; none: whatever comes in by other doors',
    Field.SCHEDULE: "Every 15 minutes unless you say otherwise, like: weekdays at 07:45",
    Field.QUIET: "Like 22:00 to 07:00 weekdays; conflicts are told all the same unless you add: even for conflicts",
    Field.BUDGET: "Billed posts, like: 500 a day",
    Field.REASON: "Needed for a private individual; an editor has to agree",
}
_LABELS: Final = {
    Field.SUBJECT: "What is watched?",
    Field.SOURCES: "From which sources?",
    Field.SCHEDULE: "How often?",
    Field.QUIET: "Quiet hours",
    Field.BUDGET: "Budget",
    Field.REASON: "Reason",
}
_LONG: Final = frozenset({Field.SOURCES, Field.REASON})
_TAKEN_AWAY: Final = {"sources": "nothing", "quiet": "off", "budget": "off"}
"""What an emptied field says of a watch that is changed."""


def new_view(draft: WatchDraft, channel: str) -> dict[str, Any]:
    """The modal for a new watch, filled in with what is known; told in `channel` unless another is chosen."""
    only = draft.subjects[0] if len(draft.subjects) == 1 else ""
    subject = _choice(draft.subjects) if len(draft.subjects) > 1 else _text(Field.SUBJECT, only, needed=True)
    said = draft.parts
    blocks = [
        subject,
        _channel(said.get("channel") or channel),
        *(_text(name, said.get(part, "")) for name, part in PARTS.items()),
    ]
    return modal(Callback.WATCH, encode(WatchDraft(draft.subjects)), "New watch", "Watch", blocks)


def edit_view(watch: Watch, here: str) -> dict[str, Any]:
    """The modal that changes a watch; a field whose words are too long for it is left out, and so unchanged."""
    schedule = schedule_part(parse(watch.schedule, watch.zone), anchored=False) if watch.schedule else ""
    held = {
        Field.SCHEDULE: schedule,
        Field.SOURCES: ", ".join(watch.sources),
        Field.QUIET: f"{watch.quiet}{'' if watch.bypass else ' even for conflicts'}" if watch.quiet else "",
        Field.BUDGET: str(watch.budget) if watch.budget is not None else "",
        Field.REASON: watch.reason,
    }
    blocks = [_text(name, said) for name, said in held.items() if len(said) <= INPUT]
    return modal(
        Callback.WATCH,
        encode(WatchRef("edit", watch.id, here)),
        "Change the watch",
        "Change",
        [_channel(watch.channel), *blocks],
    )


def parts_of(view: Mapping[str, Any], draft: WatchDraft | None) -> dict[str, str]:
    """Return the parts that a submitted modal says, by their names; `draft` is None where a watch is changed."""
    values: Mapping[str, Any] = view["state"]["values"]
    said: dict[str, str] = {}
    for name, part in PARTS.items():
        text = str(((values.get(name) or {}).get(name) or {}).get("value") or "").strip()
        if text:
            said[part] = text
        elif draft is None and name in values and part in _TAKEN_AWAY:
            said[part] = _TAKEN_AWAY[part]
    said["channel"] = str(values[Field.CHANNEL][Field.CHANNEL].get("selected_conversation") or "")
    if draft is not None:
        chosen = values[Field.SUBJECT][Field.SUBJECT]
        if "value" in chosen:
            said["subject"] = str(chosen["value"] or "").strip()
        else:
            said["subject"] = draft.subjects[int(chosen["selected_option"]["value"])]
    return said


def _choice(subjects: tuple[str, ...]) -> Block:
    options = [option(_offered(one), str(at)) for at, one in enumerate(subjects)]
    element = {"type": "radio_buttons", "options": options, "initial_option": options[0]}
    return field(Field.SUBJECT, _LABELS[Field.SUBJECT], element)


def _offered(subject: str) -> str:
    kind, _, rest = subject.partition(" ")
    return f"This {kind}: {rest.partition('://')[2] or rest}"


def _channel(channel: str) -> Block:
    element: Block = {
        "type": "conversations_select",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    if channel.startswith(("C", "G")):
        element["initial_conversation"] = channel
    return field(Field.CHANNEL, "Told in which channel?", element)


def _text(name: Field, value: str, *, needed: bool = False) -> Block:
    element: Block = {"type": "plain_text_input", "max_length": INPUT}
    if value:
        element["initial_value"] = value
    if name in _LONG:
        element["multiline"] = True
    return field(name, _LABELS[name], element, optional=not needed, hint=_HINTS.get(name, ""))
