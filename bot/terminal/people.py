"""The watch-list and its history as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from bot.findings import PeopleFinding
from bot.people_findings import PeopleHistory
from bot.reading.linked import parts, told
from bot.wording import at, plain
from storage.records import Person


def people_shape(finding: PeopleFinding) -> dict[str, Any]:
    """Give the watch-list as JSON values, with what was changed and the number that undoes it."""
    return asdict(finding) | {"people": [_person(person) for person in finding.people]}


def history_shape(finding: PeopleHistory) -> dict[str, Any]:
    """Give changes as JSON values; the entries that each concerns as they were before and as it made them."""
    return {
        "changes": [
            {
                "number": change.number,
                "at": change.at,
                "actor": change.actor,
                "act": change.act,
                "what": change.what,
                "before": {key: one and _person(one) for key, one in change.before.items()},
                "after": {key: one and _person(one) for key, one in change.after.items()},
                "undoes": change.undoes,
                "undone_by": change.undone_by,
            }
            for change in finding.changes
        ]
    }


def people_lines(finding: PeopleFinding) -> Iterator[str]:
    """Show the watch-list as text, after a change what was changed and how to undo it."""
    if finding.changed:
        yield plain(finding.changed)
        yield f"{finding.reread} archived texts read again, {finding.sightings} sightings"
    if finding.change:
        yield f"To undo it: dateline people undo {finding.change}"
    for person in finding.people:
        also = f" (also {', '.join(map(plain, person.aliases))})" if person.aliases else ""
        role = f", {plain(person.role)}" if person.role else ""
        yield f"{person.id}: {plain(person.name)}{role}{also}"
    if not finding.people:
        yield "Nobody is watched yet. Add a person with: dateline people add NAME"


def history_lines(finding: PeopleHistory) -> Iterator[str]:
    """Show changes as text, a line each."""
    for change in finding.changes:
        undone = f" (undone by change {change.undone_by})" if change.undone_by else ""
        yield f"{change.number}: {at(change.at)}, by {plain(change.actor)}: {plain(change.what)}{undone}"
    if not finding.changes:
        yield "No change of the watch-list is noted."
    elif any(change.undone_by is None for change in finding.changes):
        yield "To undo one: dateline people undo NUMBER"


def linked_shape(linked: str) -> dict[str, str] | None:
    """Give by what a part of a name alone is somebody's: the reason, the word that it rests on, and a sentence."""
    found = parts(linked)
    return {"because": found[0], "word": found[1], "told": told(linked)} if found else None


def _person(person: Person) -> dict[str, Any]:
    return {"id": person.id, "name": person.name, "role": person.role, "aliases": list(person.aliases)}
