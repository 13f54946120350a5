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


def id_for(tx: Transaction, name: str, apart_from: str = "") -> str:
    """Return the id of whoever is called so, else the first free one that the name gives.

    A renamed person keeps the id of the old name; whoever comes to bear that name later gets another one, and so does
    whoever is split off from the person `apart_from`.

    Raises:
        ValueError: there is no letter or digit in it.
    """
    base, folded = person_id(name), fold(name)
    called = tx.rows(
        "SELECT p.id FROM persons p JOIN person_names n ON n.person_id = p.id AND n.name = p.name"
        " WHERE n.fold = :fold ORDER BY p.id",
        {"fold": folded},
    )
    ids = [row["id"] for row in called]
    if ids:
        return base if base in ids else str(ids[0])
    key, number = base, 1
    while (held := _held(tx, key)) is not None and (
        key == apart_from or folded not in map(fold, (held.name, *held.aliases))
    ):
        number += 1
        key = f"{base}-{number}"
    return key


def find(tx: Transaction, key: str) -> Person | None:
    """Return the person with that id, None where nobody on the list has it."""
    return _held(tx, key)


def add(tx: Transaction, name: str, aliases: Iterable[str] = (), role: str = "") -> Person:
    """Put a person on the list, or give the one of that name more aliases and, where one is told, another role.

    Raises:
        ValueError: the name, or an alias, has no letter or digit.
    """
    name, role = plain(name.strip()), plain(role.strip())
    names = [name, *(plain(alias.strip()) for alias in aliases)]
    if "" in map(fold, names):
        raise ValueError("a person's name or alias needs at least one letter")
    key = id_for(tx, name)
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


def rename(tx: Transaction, key: str, name: str) -> Person:
    """Call a person otherwise; the id stays, and the name they had is another spelling of theirs from now on.

    Raises:
        NotFound: nobody on the list has that id.
        ValueError: the name has no letter or digit, or is what they, or somebody else, are called already.
    """
    held, name = get(tx, key), plain(name.strip())
    if not fold(name):
        raise ValueError("a person's name needs at least one letter")
    if name == held.name:
        raise ValueError(f"{held.name} is called that already")
    other = _held(tx, id_for(tx, name))
    if other is not None and other.id != key and fold(other.name) == fold(name):
        raise ValueError(f"{other.name} is on the list already; merge the two if they are one person")
    tx.execute("UPDATE persons SET name = :name WHERE id = :id", {"id": key, "name": name})
    _add_name(tx, key, name)
    advance(tx, _COUNTER)
    return get(tx, key)


def split(tx: Transaction, key: str, name: str, spellings: Iterable[str]) -> tuple[Person, Person, tuple[str, ...]]:
    """Take some spellings from a person and give them to somebody called `name`, new on the list or not.

    `name` itself goes too, where it is one of the spellings. Returned are the person, the other one, and what went.

    Raises:
        NotFound: nobody on the list has that id.
        ValueError: a spelling is none of that person's, or is what they are called; or there is nothing to take.
    """
    held, name = get(tx, key), plain(name.strip())
    if not fold(name):
        raise ValueError("a person's name needs at least one letter")
    names = {each: fold(each) for each in (held.name, *held.aliases)}
    wanted = {fold(plain(each.strip())): each for each in spellings}
    for folded, each in wanted.items():
        if folded not in names.values():
            raise ValueError(f"{each!r} is no spelling of {held.name}")
    going = tuple(each for each, folded in names.items() if folded in wanted or folded == fold(name))
    if held.name in going:
        raise ValueError(f"{held.name} is what they are called; rename them first, then split")
    if not going:
        raise ValueError(f"no spelling of {held.name} was named that is to go to {name}")
    for each in going:
        tx.execute("DELETE FROM person_names WHERE person_id = :id AND name = :name", {"id": key, "name": each})
    return get(tx, key), add(tx, name, going), going


def put(tx: Transaction, person: Person) -> None:
    """Make the entry of an id exactly this, whatever it was; for what takes a change back."""
    _delete(tx, person.id)
    tx.execute(
        "INSERT INTO persons (id, name, role) VALUES (:id, :name, :role)",
        {"id": person.id, "name": person.name, "role": person.role},
    )
    for name in (person.name, *person.aliases):
        _add_name(tx, person.id, name)
    advance(tx, _COUNTER)


def remove(tx: Transaction, key: str) -> None:
    """Take somebody off the list; the caller drops their sightings (`following.sighted`).

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
            " (SELECT COALESCE(max(position) + 1, 0) FROM person_names WHERE person_id = :id)) ON CONFLICT DO NOTHING",
            {"id": key, "name": name, "fold": fold(name)},
        )
    )


def _delete(tx: Transaction, key: str) -> None:
    tx.execute("DELETE FROM person_names WHERE person_id = :id", {"id": key})
    tx.execute("DELETE FROM persons WHERE id = :id", {"id": key})
