"""The watch-list."""

from __future__ import annotations

from bot import wording
from bot.findings import PeopleFinding
from bot.slack.blocks import Card, context, header, line, message, messages, packed, words
from bot.slack.cards import parts
from storage.records import Person

FEW = 30
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
    blocks += packed(_atom(person) for person in finding.people[:FEW]) or [context(EMPTY)]
    told = [f"{title}.", *changed, *(_sentence(person) for person in finding.people)] if finding.people else [EMPTY]
    rest = packed(_atom(person) for person in finding.people[FEW:])
    return Card(message(blocks, told), messages(rest, lambda number: [f"More of the watch-list, part {number}."]))


def _atom(person: Person) -> parts.Atom:
    return (line(words(parts.short(person.name), bold=True), words(_about(person))),)


def _sentence(person: Person) -> str:
    return f"{parts.short(person.name)}{_about(person)}"


def _about(person: Person) -> str:
    role = f", {parts.short(person.role)}" if person.role else ""
    return f"{role} (also {parts.short(', '.join(person.aliases), 300)})" if person.aliases else role
