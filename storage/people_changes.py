"""The journal of the watch-list: who changed which entries, when, and how they were before, so that it can be undone.

Each change also names the revisions of the list that it led from and to (`people.revision`), so that whoever has read
texts with an earlier list can tell whose names have changed since.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from storage import people
from storage.counters import advance
from storage.database import Transaction
from storage.errors import DatelineError, NotFound
from storage.following import Move, carry, sighted
from storage.records import Person

TABLES = """
CREATE TABLE people_changes (
    number INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    what TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    moves TEXT NOT NULL,
    first_revision INTEGER NOT NULL,
    last_revision INTEGER NOT NULL,
    undoes INTEGER,
    undone_by INTEGER,
    request TEXT UNIQUE
);
CREATE INDEX people_changes_by_revision ON people_changes (last_revision);
CREATE TABLE people_changed (
    person_id TEXT NOT NULL,
    number INTEGER NOT NULL REFERENCES people_changes (number),
    PRIMARY KEY (person_id, number)
);
INSERT INTO counters (name, value) VALUES ('people_changes', 0);
CREATE INDEX alert_evidence_of_ref ON alert_evidence (ref);
ALTER TABLE sightings ADD COLUMN linked TEXT NOT NULL DEFAULT '';
"""

_COLUMNS = "number, at, actor, act, what, before, after, moves, undoes, undone_by"


class CannotUndo(DatelineError):
    """A change of the watch-list cannot be taken back: it was already, or what it made has changed since."""

    code = "cannot_undo"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the watch-list.

    Attributes:
        number: counts from 1.
        at: when, UTC ISO 8601.
        actor: `operator`, or `workspace/user`.
        act: add, remove, merge, rename, split, undo.
        what: in one sentence.
        before, after: the entries that it concerns, by id; None where there was, or is, none.
        moves: what else was handed from one person to another.
        undoes: the number of the change that it takes back, of an undo.
        undone_by: the number of the undo that has taken it back; None while it stands.
    """

    number: int
    at: str
    actor: str
    act: str
    what: str
    before: Mapping[str, Person | None]
    after: Mapping[str, Person | None]
    moves: tuple[Move, ...] = ()
    undoes: int | None = None
    undone_by: int | None = None


@dataclass(slots=True)
class Noting:
    """A change while it is made: whoever makes it says what it is; its number is known when it is done."""

    what: str = ""
    moves: list[Move] = field(default_factory=list)
    undoes: int | None = None
    number: int | None = None


@contextmanager
def noting(
    tx: Transaction, act: str, actor: str, at: str, ids: Iterable[str], request: str | None = None
) -> Iterator[Noting]:
    """Note the change that is made meanwhile; one that changes nothing is not noted, and has no number.

    `request` is the id of what somebody asked, where it may come again (`of_request`).
    """
    concerned = tuple(dict.fromkeys(ids))
    first = people.revision(tx)
    before = {key: people.find(tx, key) for key in concerned}
    made = Noting()
    yield made
    after = {key: people.find(tx, key) for key in concerned}
    if before == after:
        return
    made.number = advance(tx, "people_changes")
    tx.execute(
        "INSERT INTO people_changes (number, at, actor, act, what, before, after, moves, first_revision, last_revision,"
        " undoes, request) VALUES (:number, :at, :actor, :act, :what, :before, :after, :moves, :first, :last, :undoes,"
        " :request)",
        {
            "number": made.number, "at": at, "actor": actor, "act": act, "what": made.what,
            "before": _written(before), "after": _written(after),
            "moves": json.dumps([[one.what, one.id, one.before, one.after] for one in made.moves]),
            "first": first, "last": people.revision(tx), "undoes": made.undoes,
            "request": request,
        },
    )  # fmt: skip
    tx.many(
        "INSERT INTO people_changed (person_id, number) VALUES (:id, :number)",
        ({"id": key, "number": made.number} for key in concerned if before[key] != after[key]),
    )


def get(tx: Transaction, number: int) -> Change:
    """Return a change.

    Raises:
        NotFound: there is none of that number.
    """
    found = _where(tx, "number = :number", {"number": number})
    if not found:
        raise NotFound(f"There is no change {number} of the watch-list; 'people history' lists them.")
    return found[0]


def of_request(tx: Transaction, request: str) -> Change | None:
    """Return the change that a request has made already; None where it has made none."""
    found = _where(tx, "request = :request", {"request": request})
    return found[0] if found else None


def root(tx: Transaction, change: Change) -> Change:
    """Return the change that an undo, or the undo of an undo, is about in the end; any other is its own."""
    while change.undoes is not None:
        change = get(tx, change.undoes)
    return change


def newest(tx: Transaction, limit: int, person_id: str | None = None) -> list[Change]:
    """Return the newest changes, of one person or of all, the newest first."""
    which = "1 = 1" if person_id is None else "number IN (SELECT number FROM people_changed WHERE person_id = :id)"
    return _where(tx, f"{which} ORDER BY number DESC LIMIT :limit", {"id": person_id, "limit": limit})


def last_standing(tx: Transaction) -> Change | None:
    """Return the newest change that stands and is no undo; None where there is none."""
    found = _where(tx, "undone_by IS NULL AND undoes IS NULL ORDER BY number DESC LIMIT 1", {})
    return found[0] if found else None


def since(tx: Transaction, revision: int) -> list[Person] | None:
    """Return everybody whose entry has changed since a revision of the list, as they were and as they became.

    None where the journal does not know all that has changed since then.
    """
    rows = tx.rows(
        "SELECT before, after, first_revision, last_revision FROM people_changes WHERE last_revision > :revision"
        " ORDER BY number",
        {"revision": revision},
    )
    found: list[Person] = []
    reached = revision
    for row in rows:
        if row["first_revision"] != reached:
            return None
        reached = row["last_revision"]
        found += [one for states in (row["before"], row["after"]) for one in _read(states).values() if one]
    return list(dict.fromkeys(found)) if reached == people.revision(tx) else None


def undo(tx: Transaction, change: Change, actor: str, at: str, request: str | None = None) -> int:
    """Take a change back, and return the number of the undo; what was changed since stays, or the undo is refused.

    Raises:
        CannotUndo: it was undone before, or a later change has to be undone first.
    """
    if change.undone_by is not None:
        raise CannotUndo(f"Change {change.number} was undone already, by change {change.undone_by}.")
    ids = list(dict.fromkeys((*change.before, *change.after)))
    with noting(tx, "undo", actor, at, ids, request) as made:
        made.undoes, made.what = change.number, f"Undone: {change.what}"
        for key in ids:
            if not _revert(tx, key, change.before.get(key), change.after.get(key)):
                raise CannotUndo(_changed_since(tx, change))
        sighted(tx, ids)
        made.moves += carry(tx, [one.back for one in reversed(change.moves)])
    if made.number is None:
        raise CannotUndo(_changed_since(tx, change))
    tx.execute("UPDATE people_changes SET undone_by = :by WHERE number = :n", {"by": made.number, "n": change.number})
    if change.undoes is not None:
        tx.execute("UPDATE people_changes SET undone_by = NULL WHERE number = :number", {"number": change.undoes})
    return made.number


def _revert(tx: Transaction, key: str, before: Person | None, after: Person | None) -> bool:
    """Make an entry what it was before a change; False where that would take back what came after it."""
    held = people.find(tx, key)
    if before is None or after is None:
        if held != after:
            return False
        if before is not None:
            people.put(tx, before)
        elif after is not None:
            people.remove(tx, key)
        return True
    if held is None or (before.name != after.name and held.name != after.name):
        return False
    old, new, now = ((one.name, *one.aliases) for one in (before, after, held))
    came = set(new) - set(old)
    if not came <= set(now):
        return False
    name = before.name if before.name != after.name else held.name
    role = before.role if held.role == after.role else held.role
    kept = dict.fromkeys((*(one for one in old if one in now or one not in new), *now))
    names = tuple(one for one in kept if one not in came and one != name)
    if held.name in came and name == held.name:
        return False
    people.put(tx, Person(key, name, role, names))
    return True


def _changed_since(tx: Transaction, change: Change) -> str:
    later = tx.row(
        "SELECT c.number, c.what FROM people_changes c WHERE c.number > :number AND c.undone_by IS NULL"
        " AND EXISTS (SELECT 1 FROM people_changed d JOIN people_changed e ON e.person_id = d.person_id"
        " WHERE d.number = c.number AND e.number = :number) ORDER BY c.number DESC LIMIT 1",
        {"number": change.number},
    )
    if later is None:
        return f"The watch-list has changed since change {change.number}; it cannot be undone any more."
    return f"The same people were changed later: {later['what']} Undo change {later['number']} first."


def _where(tx: Transaction, condition: str, params: Mapping[str, Any]) -> list[Change]:
    rows = tx.rows(f"SELECT {_COLUMNS} FROM people_changes WHERE {condition}", params)  # noqa: S608
    return [
        Change(
            **{
                **row,
                "before": _read(row["before"]),
                "after": _read(row["after"]),
                "moves": tuple(Move(*one) for one in json.loads(row["moves"])),
            }
        )
        for row in rows
    ]


def _written(states: Mapping[str, Person | None]) -> str:
    return json.dumps({key: one and [one.name, one.role, *one.aliases] for key, one in states.items()})


def _read(written: str) -> dict[str, Person | None]:
    states: Mapping[str, Sequence[str] | None] = json.loads(written)
    return {key: Person(key, one[0], one[1], tuple(one[2:])) if one else None for key, one in states.items()}
