"""Watches: one with its buttons, the list of them, a name that is nobody's, and what an editor has to agree to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot import watch_told, wording
from bot.slack.blocks import (
    Block,
    Card,
    Message,
    actions,
    button,
    context,
    header,
    heading,
    line,
    message,
    messages,
    plain_text,
    rich,
    user,
    words,
)
from bot.slack.cards import parts
from bot.slack.ids import Action
from bot.slack.watch_refs import WatchDraft, WatchRef
from bot.watch_findings import PersonUnknown, WatchesFinding, WatchLine
from storage.watches import Watch, WatchState

NONE: Final = "Nothing is watched here yet. Next step: /watch NAME every 15m from x:@handle"
HOW: Final = (
    ("/watch NAME in #channel every 15m from x:@handle, rss:LINK", "a person, wherever the sources say something"),
    ("/watch picture LINK", "the first picture of a post, wherever it comes in again"),
    ("/watch @handle", "what an account on X posts"),
    ("/watch LINK", "whether a post is still there, every hour"),
    ("quiet 22:00 to 07:00 weekdays", "nothing is told in these hours, but conflicts"),
    ("budget 500 a day", "no more billed posts than that"),
    ("reason WHY", "to watch a private individual; an editor has to agree"),
    ("/watch list", "all of them, or list #channel; pause, resume, edit, remove NAME"),
)
"""Each form with what it does."""
_HELP: Final = "Meant something else? /watch help shows what can be typed, /watch list what is watched."
SUGGESTIONS: Final = 5
_EACH: Final = 10
"""Numbers that the buttons of one watch may have in a list."""


def watch_card(found: WatchLine, title: str, here: str, note: str = "", *, named: bool = True) -> Message:
    """Show one watch, after something was done about it or asked for it; `named`: with who set it up."""
    notes = [note] if note else []
    told = [f"{title}.", *notes, *_sentences(found)]
    blocks = [header(title), *map(context, notes), _whole(found, here, named=named)]
    return message([*blocks, *_buttons(found.watch, 0, here)], told)


def gone_card(watch: Watch) -> Message:
    """Tell that a watch is no more."""
    title = f"{parts.short(watch.label)} is no longer watched"
    return message([header(title), context("What it has found stays in the archive.")], [f"{title}."])


def watches_card(finding: WatchesFinding, here: str, *, alone: bool = True) -> Card:
    """List watches, those of the channel first; a long list goes on in more messages.

    Who set them up is named where one person reads it `alone`: in a channel the names would call them.
    """
    title = f"Watches: {len(finding.watches):,}"
    new = button("New watch…", Action.WATCH_NEW, WatchDraft())
    if not finding.watches:
        return Card(message([header(title), context(NONE), *actions(new)], [f"{title}. {NONE}"]))
    blocks = [header(title)]
    for number, found in enumerate(finding.watches):
        blocks += [_whole(found, here, named=alone), *_buttons(found.watch, number * _EACH, here)]
    labels = [f"{parts.short(one.watch.label)}: {parts.short(watch_told.runs(one), 300)}" for one in finding.watches]
    first, *rest = messages(
        [*blocks, *actions(new)], lambda number: [title, *labels] if number == 1 else [f"{title}, part {number}."]
    )
    return Card(first, tuple(rest))


def own_blocks(lines: Sequence[WatchLine]) -> list[Block]:
    """List the watches of one member in their Home, each with its buttons; others agree to one that is asked for."""
    blocks: list[Block] = []
    for number, found in enumerate(lines):
        blocks += [_whole(found, "", named=False), *_changes(found.watch, number * _EACH, "")]
    return [*blocks, *actions(button("New watch…", Action.WATCH_NEW, WatchDraft()))]


def help_card() -> Message:
    """Show what can be watched, and how it is said."""
    title = "What can be watched"
    lines = [line(words(form, bold=True), words(f": {what}")) for form, what in HOW]
    new = button("New watch…", Action.WATCH_NEW, WatchDraft())
    return message(
        [header(title), rich(*lines), *actions(new)], [f"{title}.", *(f"{form}: {what}" for form, what in HOW)]
    )


def unknown_card(unknown: PersonUnknown, rest: Mapping[str, str]) -> Message:
    """Ask who somebody is that the watch-list does not know; `rest` is what else was asked for."""
    asked = parts.short(unknown.name)
    title = f"Nobody watched is called “{asked}”"
    close = unknown.close[:SUGGESTIONS]
    blocks = [header(title)]
    if close:
        meant = [
            button(parts.short(one.person.name, 70), Action.WATCH_ADD, _draft(one.person.name, rest), number=number)
            for number, one in enumerate(close)
        ]
        blocks += [rich(heading("Did you mean:")), *actions(*meant)]
    told = "Somebody else? A public figure is put on the watch-list at once; to watch a private individual needs a "
    told += "reason and an editor."
    public = WatchDraft((_quoted(unknown.name),), rest, public=True)
    blocks += [
        rich(line(words(told))),
        *actions(
            button("A public figure", Action.WATCH_ADD, public, number=SUGGESTIONS),
            button("A private individual…", Action.WATCH_NEW, _draft(unknown.name, rest)),
        ),
        context(_HELP),
    ]
    names = ", ".join(parts.short(one.person.name) for one in close)
    return message(blocks, [f"{title}.", *([f"Did you mean: {names}?"] if names else []), told, _HELP])


def approval_card(watch: Watch, decided_by: str = "", at: str = "") -> Message:
    """Ask the editors in its channel whether a private individual may be watched; after it, say who decided what."""
    title = f"To be watched, a private individual: {parts.short(watch.label)}"
    asked = line(words("Asked for by "), user(watch.owner), words(f". Reason: “{parts.short(watch.reason, 500)}”"))
    about = f"{parts.short(watch_told.schedule_and_sources(watch), parts.SENTENCE)} It is told in this channel."
    wait = "Nothing is read or swept for it until an editor agrees."
    decided = "Agreed to by " if watch.state is not WatchState.REFUSED else "Refused by "
    if decided_by:
        last = line(words(decided, bold=True), user(decided_by), words(f", {wording.at(at)}."))
        return message(
            [header(title), rich(asked, line(words(about)), last)],
            [f"{title}.", f"{decided}an editor, {wording.at(at)}."],
        )
    blocks = [header(title), rich(asked, line(words(f"{about} {wait}"))), *_approval(watch, 0, "")]
    return message(blocks, [f"{title}.", f"Reason: “{parts.short(watch.reason, 500)}”", about, wait])


def decided_card(watch: Watch, by: str) -> Message:
    """Tell who asked what an editor has decided."""
    what = "is not watched: it was refused by " if watch.state is WatchState.REFUSED else "is watched: agreed to by "
    label = parts.short(watch.label)
    return message([rich(line(words(f"{label} {what}"), user(by), words(".")))], [f"{label} {what}an editor."])


def _whole(found: WatchLine, here: str, *, named: bool = True) -> Block:
    """What is watched and where, when, how it fares, who set it up and what it costs."""
    costs = watch_told.cost(found)
    owner = (words("Set up by "), user(found.watch.owner), words(". " if costs else ".")) if named else ()
    last = [line(*owner, words(costs))] if owner or costs else []
    return rich(_about(found.watch, here), *(line(words(said)) for said in _sentences(found)), *last)


def _about(watch: Watch, here: str) -> Block:
    where: tuple[Block, ...] = (words("in this channel"),)
    if watch.channel != here:
        known = not watch.channel.startswith("#")
        where = (words("in "), {"type": "channel", "channel_id": watch.channel} if known else words(watch.channel))
    name = parts.short(watch.label)
    return line(words(name, bold=True), words(f" · {watch.kind} · "), *where, words(f" · {watch.id}"))


def _sentences(found: WatchLine) -> list[str]:
    told = [parts.short(watch_told.asks(found.watch), 900), parts.short(watch_told.runs(found), 600)]
    told += [parts.short(said, parts.SENTENCE) for said in list(watch_told.failing(found))[:3]]
    return [said for said in told if said]


def _buttons(watch: Watch, first: int, here: str) -> list[Block]:
    if watch.state is WatchState.PENDING:
        return [*_approval(watch, first, here), *_changes(watch, first, here)]
    return _changes(watch, first, here)


def _changes(watch: Watch, first: int, here: str) -> list[Block]:
    rest = {WatchState.ACTIVE: ("Pause", "pause"), WatchState.PAUSED: ("Resume", "resume")}.get(watch.state)
    row = [
        button(rest[0], Action.WATCH, WatchRef(rest[1], watch.id), number=first) if rest else None,
        button("Edit…", Action.WATCH_EDIT, WatchRef("edit", watch.id, here), number=first + 1) if rest else None,
        _sure(button("Remove", Action.WATCH, WatchRef("remove", watch.id), number=first + 2), watch),
    ]
    return actions(*row)


def _approval(watch: Watch, first: int, here: str) -> list[Block]:
    row = [
        button("Agree", Action.WATCH, WatchRef("approve", watch.id, here), number=first, style="primary"),
        button("Refuse", Action.WATCH, WatchRef("refuse", watch.id, here), number=first + 1, style="danger"),
    ]
    return actions(*row)


def _sure(made: Block | None, watch: Watch) -> Block | None:
    """Let Slack ask once more before a watch is removed."""
    if made is None:
        return None
    ask = {
        "title": plain_text("Remove this watch?", 100),
        "text": plain_text(f"{parts.short(watch.label)}: what it has found stays in the archive.", 300),
        "confirm": plain_text("Remove", 30),
        "deny": plain_text("Keep", 30),
    }
    return {**made, "confirm": ask}


def _draft(name: str, rest: Mapping[str, str]) -> WatchDraft:
    return WatchDraft((_quoted(name),), rest)


def _quoted(name: str) -> str:
    return f'"{name}"'


def drafts(*subjects: str | None) -> WatchDraft:
    """Offer what may be watched of what a card shows."""
    wanted: Sequence[str] = [subject for subject in subjects if subject]
    return WatchDraft(tuple(wanted))
