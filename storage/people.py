"""The people whose whereabouts are followed, with the spellings of their names as they were typed."""

from __future__ import annotations

from collections.abc import Iterable

from storage.counters import advance, current
from storage.database import Transaction, plain
from storage.errors import NotFound
from storage.folding import fold
from storage.records import Person, short_id

_COUNTER = "people"


def person_id(name: str) -> str:
    """Return the id that a name gives: its words where they fold to plain letters, else a digest of its fold.

    Raises:
        ValueError: there is no letter or digit in it.
    """
    folded = fold(name)
    if not folded:
        raise ValueError("a person's name needs at least one letter")
    return folded.replace(" ", "-") if folded.isascii() else f"person-{short_id(folded)[:12]}"


def add(tx: Transaction, name: str, aliases: Iterable[str] = (), role: str = "") -> Person:
    """Put a person on the list, or give the one of that name more aliases and, where one is told, another role.

    Raises:
        ValueError: the name, or an alias, has no letter or digit.
    """
    name, role = plain(name.strip()), plain(role.strip())
    names = [name, *(plain(alias.strip()) for alias in aliases)]
    if "" in map(fold, names):
        raise ValueError("a person's name or alias needs at least one letter")
    key = person_id(name)
    held = _held(tx, key)
    if held is None:
        tx.execute(
            "INSERT INTO persons (id, name, role) VALUES (:id, :name, :role)", {"id": key, "name": name, "role": role}
        )
        advance(tx, _COUNTER)
    elif role and role != held.role:
        tx.execute("UPDATE persons SET role = :role WHERE id = :id", {"id": key, "role": role})
        advance(tx, _COUNTER)
    new = [_add_name(tx, key, each) for each in names]
    if any(new):
        advance(tx, _COUNTER)
    return get(tx, key)


def all(tx: Transaction) -> list[Person]:  # noqa: A001
    """Return everybody on the list, by name."""
    names: dict[str, list[str]] = {}
    for row in tx.rows("SELECT person_id, name FROM person_names ORDER BY person_id, position"):
        names.setdefault(row["person_id"], []).append(row["name"])
    return [
        Person(row["id"], row["name"], row["role"], _aliases(row["name"], names.get(row["id"], [])))
        for row in tx.rows("SELECT id, name, role FROM persons ORDER BY name, id")
    ]


def get(tx: Transaction, key: str) -> Person:
    """Return the person with that id.

    Raises:
        NotFound: nobody on the list has it.
    """
    held = _held(tx, key)
    if held is None:
        raise NotFound(f"nobody on the watch-list has the id {key}; `dateline people list` shows who is there")
    return held


def find_exact(tx: Transaction, name: str) -> list[Person]:
    """Return the people with that id, name or alias; case, accents and spacing do not matter."""
    rows = tx.rows(
        "SELECT DISTINCT person_id FROM person_names WHERE fold = :fold AND fold <> '' OR person_id = :name"
        " ORDER BY person_id",
        {"fold": fold(name), "name": name},
    )
    return [get(tx, row["person_id"]) for row in rows]


def merge(tx: Transaction, keep_id: str, gone_id: str) -> Person:
    """Make two entries one: the names of the one that goes become aliases of the one that stays.

    The caller has the archive read again for them.

    Raises:
        NotFound: one of them is not on the list.
        ValueError: they are the same entry.
    """
    kept, gone = get(tx, keep_id), get(tx, gone_id)
    if keep_id == gone_id:
        raise ValueError("a person cannot be merged with themselves")
    _delete(tx, gone_id)
    for name in (gone.name, *gone.aliases):
        _add_name(tx, keep_id, name)
    if gone.role and not kept.role:
        tx.execute("UPDATE persons SET role = :role WHERE id = :id", {"id": keep_id, "role": gone.role})
    advance(tx, _COUNTER)
    return get(tx, keep_id)


def remove(tx: Transaction, key: str) -> None:
    """Take somebody off the list; the caller drops their sightings (`sightings.clear_person`).

    Raises:
        NotFound: nobody on the list has that id.
    """
    get(tx, key)
    _delete(tx, key)
    advance(tx, _COUNTER)


def revision(tx: Transaction) -> int:
    """Return a number that rises with every change of the list, by whichever process."""
    return current(tx, _COUNTER)


def _held(tx: Transaction, key: str) -> Person | None:
    row = tx.row("SELECT name, role FROM persons WHERE id = :id", {"id": key})
    if row is None:
        return None
    names = tx.rows("SELECT name FROM person_names WHERE person_id = :id ORDER BY position", {"id": key})
    return Person(key, row["name"], row["role"], _aliases(row["name"], [each["name"] for each in names]))


def _aliases(name: str, names: list[str]) -> tuple[str, ...]:
    return tuple(each for each in names if each != name)


def _add_name(tx: Transaction, key: str, name: str) -> bool:
    return bool(
        tx.execute(
            "INSERT INTO person_names (person_id, name, fold, position) VALUES (:id, :name, :fold,"
            " (SELECT count(*) FROM person_names WHERE person_id = :id)) ON CONFLICT DO NOTHING",
            {"id": key, "name": name, "fold": fold(name)},
        )
    )


def _delete(tx: Transaction, key: str) -> None:
    tx.execute("DELETE FROM person_names WHERE person_id = :id", {"id": key})
    tx.execute("DELETE FROM persons WHERE id = :id", {"id": key})
