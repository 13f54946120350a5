"""`people`: the watch-list; changing it re-reads the archive for what has changed, and every change can be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from bot.desk import Desk, catch_up
from bot.findings import PeopleFinding
from bot.people_findings import PeopleHistory
from storage import custody, following, people, people_changes
from storage.database import Transaction
from storage.errors import DatelineError, NotFound
from storage.following import Move
from storage.people_changes import Noting
from storage.records import Person, utc

Progress = Callable[[int, int | None], None]

RECENT = 50
"""How many changes the history shows unless asked otherwise."""


class NameRefused(DatelineError):
    """A name that cannot be given or taken: without a letter, borne by somebody else, and the like."""

    code = "name_refused"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for a change: `operator` or `workspace/user`, and the id of the request where it may come again.

    What a request has changed already is not changed again.
    """

    actor: str = "operator"
    request: str | None = None


OPERATOR_ASKS = Asker()


@dataclass(frozen=True, slots=True)
class _Done:
    """What was done, in a sentence, and the number under which it can be undone; None where nothing changed."""

    what: str
    number: int | None


async def add(
    desk: Desk,
    name: str,
    aliases: Sequence[str],
    role: str,
    *,
    by: Asker = OPERATOR_ASKS,
    progress: Progress | None = None,
) -> PeopleFinding:
    """Watch a person, or add to what is known of one already watched."""

    def change(tx: Transaction) -> _Done:
        key = people.id_for(tx, name)
        known = people.find(tx, key)
        with _noting(desk, tx, by, "add", key) as made:
            person = people.add(tx, name, aliases, role)
            also = [each for each in (person.name, *person.aliases) if known and each not in _names(known)]
            made.what = f"{person.name} is watched{f', now also as {_listed(also)}' if also else ''}."
        _note(desk, tx, by, "person added", person, {"aliases": list(aliases), "role": role})
        return _Done(made.what, made.number)

    return await _reread(desk, await _change(desk, by, change), progress)


async def listing(desk: Desk) -> PeopleFinding:
    """Return everybody on the list."""
    return PeopleFinding(tuple(await desk.db.reading(people.all)))


async def names(desk: Desk) -> list[str]:
    """Return every name on the list, for completion."""
    return [name for person in await desk.db.reading(people.all) for name in (person.name, *person.aliases)]


async def history(desk: Desk, name: str | None = None, *, limit: int = RECENT) -> PeopleHistory:
    """Return the newest changes of the list, or of one person's entry, the newest first.

    Raises:
        NotFound: nobody of that name is, or was, on the list.
    """

    def read(tx: Transaction) -> PeopleHistory:
        key = None if name is None else _whoever(tx, name)
        return PeopleHistory(tuple(people_changes.newest(tx, limit, key)))

    return await desk.db.reading(read)


async def merge(
    desk: Desk, keep: str, gone: str, *, by: Asker = OPERATOR_ASKS, progress: Progress | None = None
) -> PeopleFinding:
    """Make one person of two: sightings, watches, snoozes and alerts of the one that goes are the other one's."""

    def change(tx: Transaction) -> _Done:
        kept, merged = _one(tx, keep), _one(tx, gone)
        with _noting(desk, tx, by, "merge", kept.id, merged.id) as made:
            people.merge(tx, kept.id, merged.id)
            _follow(tx, made, (kept.id, merged.id), following.everything_of(tx, merged.id, kept.id))
            made.what = f"{merged.name} is now another name of {kept.name}."
        _note(desk, tx, by, "person merged", merged, {"into": kept.id, "change": made.number})
        return _Done(made.what, made.number)

    return await _reread(desk, await _change(desk, by, change), progress)


async def rename(
    desk: Desk, old: str, new: str, *, by: Asker = OPERATOR_ASKS, progress: Progress | None = None
) -> PeopleFinding:
    """Call a person otherwise; the name they had stays as another spelling."""

    def change(tx: Transaction) -> _Done:
        held = _one(tx, old)
        with _noting(desk, tx, by, "rename", held.id) as made:
            renamed = people.rename(tx, held.id, new)
            _follow(tx, made, (held.id,), following.relabelled(tx, held.id, held.name, renamed.name))
            made.what = f"{held.name} is now called {renamed.name}. The old name stays as another spelling."
        _note(desk, tx, by, "person renamed", renamed, {"from": held.name, "change": made.number})
        return _Done(made.what, made.number)

    return await _reread(desk, await _change(desk, by, change), progress)


async def split(
    desk: Desk,
    person: str,
    new: str,
    aliases: Sequence[str],
    *,
    by: Asker = OPERATOR_ASKS,
    progress: Progress | None = None,
) -> PeopleFinding:
    """Make some spellings of a person somebody else's; what was found by these spellings goes with them."""

    def change(tx: Transaction) -> _Done:
        held = _one(tx, person)
        key = people.id_for(tx, new, apart_from=held.id)
        with _noting(desk, tx, by, "split", held.id, key) as made:
            left, other, went = people.split(tx, held.id, new, aliases)
            named = following.named_so(tx, left.id, other.id, (*went, new))
            _follow(tx, made, (left.id, other.id), named)
            made.moves += following.carry(tx, following.alerts_told(tx, left.id, other.id))
            spelled = [each for each in went if each != other.name]
            told = f"{other.name}{f', with the spellings {_listed(spelled)},' if spelled else ''}"
            made.what = f"{told} is now somebody else than {left.name}."
        _note(desk, tx, by, "person split", left, {"into": other.id, "names": list(went), "change": made.number})
        return _Done(made.what, made.number)

    return await _reread(desk, await _change(desk, by, change), progress)


async def remove(
    desk: Desk, name: str, *, by: Asker = OPERATOR_ASKS, progress: Progress | None = None
) -> PeopleFinding:
    """Stop watching a person; the posts stay in the archive."""

    def change(tx: Transaction) -> _Done:
        person = _one(tx, name)
        with _noting(desk, tx, by, "remove", person.id) as made:
            people.remove(tx, person.id)
            _follow(tx, made, (person.id,), ())
            made.what = f"{person.name} is no longer watched."
        _note(desk, tx, by, "person removed", person, {"change": made.number})
        return _Done(made.what, made.number)

    return await _reread(desk, await _change(desk, by, change), progress)


async def act_of(desk: Desk, number: int | None) -> str:
    """Return what an undo is about: the act of the change that it, or an undo of an undo, takes back or restores.

    Empty where there is nothing to undo.

    Raises:
        NotFound: there is no change of that number.
    """

    def read(tx: Transaction) -> str:
        found = people_changes.last_standing(tx) if number is None else people_changes.get(tx, number)
        return people_changes.root(tx, found).act if found else ""

    return await desk.db.reading(read)


async def undo(
    desk: Desk, number: int | None = None, *, by: Asker = OPERATOR_ASKS, progress: Progress | None = None
) -> PeopleFinding:
    """Take a change of the list back, the newest one that stands unless another is named; an undo is a change, too.

    Raises:
        NotFound: there is no such change, or none to take back.
        CannotUndo: it was undone before, or a later change has to be undone first.
    """

    def change(tx: Transaction) -> _Done:
        found = people_changes.last_standing(tx) if number is None else people_changes.get(tx, number)
        if found is None:
            raise NotFound("There is no change of the watch-list to undo.")
        own = people_changes.undo(tx, found, by.actor, utc(desk.clock()), by.request)
        custody.append(
            tx, at=desk.db.now(), actor=by.actor, action="people change undone", subject=f"change {found.number}",
            detail={"change": own},
        )  # fmt: skip
        return _Done(f"Undone: {found.what}", own)

    return await _reread(desk, await _change(desk, by, change), progress)


async def _change(desk: Desk, by: Asker, change: Callable[[Transaction], _Done]) -> _Done:
    def once(tx: Transaction) -> _Done:
        made = people_changes.of_request(tx, by.request) if by.request else None
        return _Done(made.what, made.number) if made else change(tx)

    try:
        return await desk.db.writing(once)
    except ValueError as refused:
        told = str(refused)
        raise NameRefused(f"{told[:1].upper()}{told[1:]}.") from refused


def _one(tx: Transaction, name: str) -> Person:
    found = people.find_exact(tx, name)
    if not found:
        raise NotFound(f"Nobody watched is called {name!r}; 'people list' shows who is.")
    if len(found) > 1:
        ids = ", ".join(person.id for person in found)
        raise NameRefused(f"{name!r} names several people; use one of these ids: {ids}.")
    return found[0]


def _whoever(tx: Transaction, name: str) -> str:
    """Return the id of somebody on the list, or of somebody who was."""
    if not people.find_exact(tx, name):
        try:
            key = people.person_id(name)
        except ValueError:
            key = name
        if people_changes.newest(tx, 1, key):
            return key
    return _one(tx, name).id


def _noting(desk: Desk, tx: Transaction, by: Asker, act: str, *ids: str) -> AbstractContextManager[Noting]:
    return people_changes.noting(tx, act, by.actor, utc(desk.clock()), ids, by.request)


def _follow(tx: Transaction, made: Noting, ids: Sequence[str], moves: Sequence[Move]) -> None:
    """Let what belongs to these people go where it belongs now, and note what was handed over."""
    following.sighted(tx, ids)
    made.moves += following.carry(tx, moves)


def _names(person: Person) -> tuple[str, ...]:
    return (person.name, *person.aliases)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def _note(desk: Desk, tx: Transaction, by: Asker, action: str, person: Person, detail: Mapping[str, Any]) -> None:
    custody.append(tx, at=desk.db.now(), actor=by.actor, action=action, subject=person.id, detail=detail)


async def _reread(desk: Desk, changed: _Done, progress: Progress | None = None) -> PeopleFinding:
    texts = told = 0
    if progress is None:
        while True:
            done = await desk.work(catch_up)
            texts, told = texts + done.texts, told + done.sightings
            if not done.left or not done.moved:
                break
    else:
        whole = await desk.aside(desk.readers.catch_up, desk.db, progress)
        texts, told = whole.texts, whole.sightings
    everybody = await desk.db.reading(people.all)
    return PeopleFinding(tuple(everybody), changed.what, texts, told, changed.number)
