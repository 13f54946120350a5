"""The watch-list."""

from __future__ import annotations

from bot import wording
from bot.findings import PeopleFinding
from bot.people_findings import PeopleHistory
from bot.slack.blocks import (
    Block,
    Card,
    actions,
    button,
    context,
    header,
    line,
    message,
    messages,
    packed,
    user,
    words,
)
from bot.slack.cards import parts
from bot.slack.ids import Action, Question, Verb
from storage.people_changes import Change
from storage.records import Person

FEW = 30
UNDOABLE = 5
"""Changes in a history that have a button of their own."""
EMPTY = "Nobody is watched yet. Next step: /dateline people add NAME"


def people_card(finding: PeopleFinding) -> Card:
    """Show who is watched, after a change what changed; a long list goes on in the thread.

    How many texts were read for it, and what they told, is not said: those of other channels are among them.
    """
    title = f"Watched: {wording.count(len(finding.people), 'person', 'people')}"
    changed = [parts.short(finding.changed, 300)] if finding.changed else []
    if changed:
        changed.append("The archive was read again for it.")
    blocks = [header(title), *packed((line(words(text)),) for text in changed)]
    if finding.change is not None:
        blocks += actions(_undo("Undo", finding.change))
    blocks += packed(_atom(person) for person in finding.people[:FEW]) or [context(EMPTY)]
    told = [f"{title}.", *changed, *(_sentence(person) for person in finding.people)] if finding.people else [EMPTY]
    rest = packed(_atom(person) for person in finding.people[FEW:])
    return Card(message(blocks, told), messages(rest, lambda number: [f"More of the watch-list, part {number}."]))


def history_card(finding: PeopleHistory, workspace: str, *, named: bool) -> Card:
    """Show who changed the watch-list when, with a button to undo each of the newest changes that stand.

    `named`: by whom, which calls them where others read it; members of other workspaces are never named.
    """
    title = "Changes of the watch-list"
    if not finding.changes:
        return Card(message([header(title), context("None is noted.")], [f"{title}: none is noted."]))
    standing = [change for change in finding.changes if change.undone_by is None][:UNDOABLE]
    pages = packed(_change(change, workspace, named) for change in finding.changes)
    rest = [f"{change.number}: {parts.short(change.what, parts.SENTENCE)}" for change in finding.changes]
    undo = actions(*(_undo(f"Undo {one.number}", one.number, number) for number, one in enumerate(standing, 1)))
    return Card(message([header(title), *pages, *undo], [f"{title}.", *rest]))


def _change(change: Change, workspace: str, named: bool) -> parts.Atom:
    team, _, member = change.actor.partition("/")
    who = words("on the command line")
    if member:
        who = user(member) if named and team == workspace else words("a member")
    undone = f" Undone by change {change.undone_by}." if change.undone_by else ""
    told = parts.short(f"{change.what}{undone}", parts.SENTENCE)
    return (line(words(str(change.number), bold=True), words(f", {wording.at(change.at)}, "), who, words(f": {told}")),)


def _undo(text: str, change: int, number: int | None = None) -> Block | None:
    return button(text, Action.ASK, Question(Verb.PEOPLE, f"undo {change}"), number=number)


def _atom(person: Person) -> parts.Atom:
    return (line(words(parts.short(person.name), bold=True), words(_about(person))),)


def _sentence(person: Person) -> str:
    return f"{parts.short(person.name)}{_about(person)}"


def _about(person: Person) -> str:
    role = f", {parts.short(person.role)}" if person.role else ""
    return f"{role} (also {parts.short(', '.join(person.aliases), 300)})" if person.aliases else role
