"""`people add|list|merge|remove`: the watch-list; changing it re-reads the archive."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from bot.desk import Desk, catch_up
from bot.findings import PeopleFinding
from storage import custody, people, sightings, snoozes, watches
from storage.database import Transaction
from storage.errors import DatelineError, NotFound
from storage.records import Person

T = TypeVar("T")
Progress = Callable[[int, int | None], None]


class NameRefused(DatelineError):
    """A name without a letter, or a merge of a person with themselves."""

    code = "name_refused"


async def add(
    desk: Desk,
    name: str,
    aliases: Sequence[str],
    role: str,
    *,
    actor: str = "operator",
    progress: Progress | None = None,
) -> PeopleFinding:
    """Watch a person, or add to what is known of one already watched."""

    def change(tx: Transaction) -> Person:
        person = people.add(tx, name, aliases, role)
        _note(desk, tx, actor, "person added", person, {"aliases": list(aliases), "role": role})
        return person

    person = await _change(desk, change)
    return await _reread(desk, f"{person.name} is watched.", progress)


async def listing(desk: Desk) -> PeopleFinding:
    """Return everybody on the list."""
    return PeopleFinding(tuple(await desk.db.reading(people.all)))


async def names(desk: Desk) -> list[str]:
    """Return every name on the list, for completion."""
    return [name for person in await desk.db.reading(people.all) for name in (person.name, *person.aliases)]


async def merge(
    desk: Desk, keep: str, gone: str, *, actor: str = "operator", progress: Progress | None = None
) -> PeopleFinding:
    """Make one person of two; their sightings are read again under the one that stays."""

    def change(tx: Transaction) -> str:
        kept, merged = _one(tx, keep), _one(tx, gone)
        people.merge(tx, kept.id, merged.id)
        sightings.clear_person(tx, merged.id)
        watches.follow(tx, merged.id, kept.id)
        snoozes.follow(tx, merged.id, kept.id)
        _note(desk, tx, actor, "person merged", merged, {"into": kept.id})
        return f"{merged.name} is now another name of {kept.name}."

    return await _reread(desk, await _change(desk, change), progress)


async def remove(desk: Desk, name: str, *, actor: str = "operator", progress: Progress | None = None) -> PeopleFinding:
    """Stop watching a person; the posts stay in the archive."""

    def change(tx: Transaction) -> str:
        person = _one(tx, name)
        people.remove(tx, person.id)
        sightings.clear_person(tx, person.id)
        _note(desk, tx, actor, "person removed", person, {})
        return f"{person.name} is no longer watched."

    return await _reread(desk, await _change(desk, change), progress)


async def _change(desk: Desk, change: Callable[[Transaction], T]) -> T:
    try:
        return await desk.db.writing(change)
    except ValueError as refused:
        raise NameRefused(f"{refused}.") from refused


def _one(tx: Transaction, name: str) -> Person:
    found = people.find_exact(tx, name)
    if not found:
        raise NotFound(f"Nobody watched is called {name!r}; 'dateline people list' shows who is.")
    if len(found) > 1:
        ids = ", ".join(person.id for person in found)
        raise NameRefused(f"{name!r} names several people; use one of these ids: {ids}.")
    return found[0]


def _note(desk: Desk, tx: Transaction, actor: str, action: str, person: Person, detail: Mapping[str, Any]) -> None:
    custody.append(tx, at=desk.db.now(), actor=actor, action=action, subject=person.id, detail=detail)


async def _reread(desk: Desk, changed: str, progress: Progress | None = None) -> PeopleFinding:
    texts = told = 0
    if progress is None:
        while True:
            done = await desk.work(catch_up)
            texts, told = texts + done.texts, told + done.sightings
            if not done.left or not done.texts:
                break
    else:
        whole = await desk.aside(desk.readers.catch_up, desk.db, progress)
        texts, told = whole.texts, whole.sightings
    everybody = await desk.db.reading(people.all)
    return PeopleFinding(tuple(everybody), changed, texts, told)
