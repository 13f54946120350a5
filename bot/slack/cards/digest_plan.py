"""When a channel gets its digest, and the modal that sets it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from bot import wording
from bot.schedules.due import Calendar, Weekdays
from bot.schedules.words import parse
from bot.slack.blocks import (
    Block,
    Message,
    actions,
    button,
    heading,
    line,
    message,
    packed,
    plain_text,
    user,
    words,
)
from bot.slack.cards import parts
from bot.slack.cards.digest import NAMES
from bot.slack.ids import Action, Callback, DigestRef, Field, encode
from bot.slack.modals import field, modal, option
from storage.digests import DigestPlan, Section

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MORNING: Final = "08:30"
"""What the modal proposes where nothing is set."""
SILENT: Final = "silent"
SAY_SO: Final = "say so"


def plan_message(
    plan: DigestPlan | None, channel: str, told: str = "", note: str = "", *, named: bool = True
) -> Message:
    """Show when a channel gets its digest and what that tells.

    `told` says first what was changed; `named`: with who set it up.
    """
    said = [each for each in (told, note) if each]
    if plan is None:
        title = told or "This channel gets no digest."
        lines = [note] if note else []
        lines.append("To set one up: /dateline digest at 08:30 weekdays")
        buttons = actions(_settings("Set up…", channel), _do("Preview", "preview", channel, 1))
        blocks = packed([(heading(title), *(line(words(each)) for each in lines))])
        return message([*blocks, *buttons], [title, *lines])
    lines = list(_lines(plan))
    title = said[0] if said else "The digest of this channel"
    shown = [*said[1:], *lines]
    owner = [line(words("Set up by "), user(plan.owner), words("."))] if named else []
    blocks = packed([(heading(title), *(line(words(each)) for each in shown), *owner)])
    buttons = actions(
        _settings("Change…", channel),
        _do("Preview", "preview", channel, 1),
        _do("Send now", "now", channel, 2),
        _do("Turn off", "off", channel, 3),
    )
    return message([*blocks, *buttons], [title, *shown])


def _lines(plan: DigestPlan) -> Iterator[str]:
    yield f"When: {plan.schedule}."
    if plan.next_due:
        local = datetime.fromisoformat(plan.next_due).astimezone(_zone(plan))
        yield f"Next: {wording.day(local.date().isoformat())} at {local:%H:%M} ({wording.at(plan.next_due)})."
    yield f"Sections: {', '.join(NAMES[section] for section in plan.sections)}."
    yield f"When nothing is new: {'nothing is sent' if plan.silent else 'one line'}."


def _zone(plan: DigestPlan) -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo(plan.zone)


def _settings(text: str, channel: str) -> Block | None:
    return button(text, Action.DIGEST_SETTINGS, DigestRef("settings", channel), style="primary")


def _do(text: str, what: str, channel: str, number: int) -> Block | None:
    return button(text, Action.DIGEST, DigestRef(what, channel), number=number)


def plan_view(plan: DigestPlan | None, channel: str, zone: str) -> dict[str, Any]:
    """The modal that sets a digest up, filled in with what is set, or with `zone`; its metadata carries the channel."""
    clock, days, kept = MORNING, frozenset(range(5)), True
    if plan is not None:
        schedule = parse(plan.schedule, plan.zone)
        kept = isinstance(schedule, Calendar) and isinstance(schedule.days, Weekdays) and len(schedule.times) == 1
        if isinstance(schedule, Calendar):
            clock = f"{schedule.times[0]:%H:%M}"
            days = schedule.days.numbers if isinstance(schedule.days, Weekdays) else days
    chosen = plan.sections if plan else tuple(Section)
    named = [option(name, str(number)) for number, name in enumerate(DAYS)]
    sections = [option(NAMES[section], str(section)) for section in Section]
    empty = [option("Say so in one line", SAY_SO), option("Send nothing", SILENT)]
    note = [] if kept else [_note(f"Now: {plan.schedule if plan else ''}. What is chosen here takes its place.")]
    blocks = [
        *note,
        field(Field.TIME, "At", {"type": "timepicker", "initial_time": clock}),
        field(
            Field.DAYS,
            "On",
            {"type": "checkboxes", "options": named, "initial_options": [named[day] for day in sorted(days)]},
        ),
        field(
            Field.ZONE,
            "By the clocks of (for example Europe/Oslo)",
            {"type": "plain_text_input", "initial_value": plan.zone if plan else zone, "max_length": 60},
        ),
        field(
            Field.SECTIONS,
            "Sections",
            {
                "type": "checkboxes",
                "options": sections,
                "initial_options": [option(NAMES[section], str(section)) for section in chosen],
            },
        ),
        field(
            Field.EMPTY,
            "When nothing is new",
            {"type": "radio_buttons", "options": empty, "initial_option": empty[bool(plan and plan.silent)]},
        ),
    ]
    return modal(Callback.DIGEST_PLAN, encode(DigestRef("settings", channel)), "Digest of this channel", "Save", blocks)


def plan_typed(values: dict[str, Any]) -> str:
    """Return what the modal's inputs say, in the words that `/dateline digest` takes."""

    def chosen(field: Field) -> list[str]:
        return [str(option["value"]) for option in values[field][field].get("selected_options") or ()]

    days = " ".join(DAYS[int(day)] for day in chosen(Field.DAYS))
    clock = values[Field.TIME][Field.TIME].get("selected_time") or MORNING
    zone = parts.short(str(values[Field.ZONE][Field.ZONE].get("value") or "UTC"))
    empty = (values[Field.EMPTY][Field.EMPTY].get("selected_option") or {}).get("value", SAY_SO)
    return f"{days} at {clock} {zone} sections {', '.join(chosen(Field.SECTIONS))} {empty}"


def _note(text: str) -> Block:
    return {"type": "context", "elements": [plain_text(text, 300)]}
