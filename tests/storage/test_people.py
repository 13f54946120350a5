"""The watch-list: names as they were typed, found however they are typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import people
from storage.database import DATABASE_FILE, Database
from storage.errors import NotFound
from storage.folding import fold
from storage.records import Person


@pytest.fixture(scope="module", name="listed")
def fixture_listed(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A store that the examples of one property share."""
    return Database.open(tmp_path_factory.mktemp("people") / DATABASE_FILE)


def test_adding_again_merges(db: Database) -> None:
    """The same name, however spelled, is the same person; aliases add up in order, a role told later counts."""
    with db.write() as tx:
        people.add(tx, "José  Example", ["Pepe", "P. Example"], "minister")
        held = people.add(tx, "jose example", ["Pepe", "خوسيه"])
        assert held == Person(
            "jose-example", "José  Example", "minister", ("Pepe", "P. Example", "jose example", "خوسيه")
        )
        assert people.add(tx, "José Example", role="former minister").role == "former minister"
        assert [person.id for person in people.all(tx)] == ["jose-example"]


@given(st.text(min_size=1), st.lists(st.text(), max_size=3))
def test_any_name_can_be_followed_or_is_refused(listed: Database, name: str, aliases: list[str]) -> None:
    """A name with a letter is found again by itself and by each alias; one without is a ValueError."""
    with listed.write() as tx:
        before = people.revision(tx)
        if not all(fold(spelling) for spelling in (name, *aliases)):
            with pytest.raises(ValueError, match="at least one letter"):
                people.add(tx, name, aliases)
            assert people.revision(tx) == before
            return
        person = people.add(tx, name, aliases)
        for spelling in (name, *aliases, person.id):
            assert person in people.find_exact(tx, spelling)


def test_names_of_other_scripts_stay_apart(db: Database) -> None:
    """Two people whose names have no Latin letter get two ids."""
    with db.write() as tx:
        one, other = people.add(tx, "سليماني"), people.add(tx, "همداني")
        assert one.id != other.id
        assert people.find_exact(tx, "سلیمانی") == [one]


def test_merging_moves_the_names(db: Database) -> None:
    """All the names of the one that goes are aliases of the one that stays."""
    with db.write() as tx:
        people.add(tx, "Ann Example", ["Annie"])
        people.add(tx, "A. N. Other", ["Annie", "Nan"], "pilot")
        merged = people.merge(tx, "ann-example", "a-n-other")
        assert merged == Person("ann-example", "Ann Example", "pilot", ("Annie", "A. N. Other", "Nan"))
        assert people.all(tx) == [merged]
        assert people.find_exact(tx, "nan") == [merged]
        with pytest.raises(ValueError, match="themselves"):
            people.merge(tx, "ann-example", "ann-example")
        with pytest.raises(NotFound):
            people.merge(tx, "ann-example", "a-n-other")


def test_removing_forgets_the_names(db: Database) -> None:
    """Nobody is found by the names of somebody who was removed."""
    with db.write() as tx:
        people.add(tx, "Ann Example", ["Annie"])
        people.remove(tx, "ann-example")
        assert people.all(tx) == people.find_exact(tx, "Annie") == []
        with pytest.raises(NotFound, match="people list"):
            people.remove(tx, "ann-example")


def test_renaming_keeps_the_id_and_the_old_name(db: Database) -> None:
    """Somebody renamed is found by the old name and by the new; a newcomer by the freed id's name gets another id."""
    with db.write() as tx:
        people.add(tx, "Ann Exampel", ["Annie"])
        renamed = people.rename(tx, "ann-exampel", " Ann Example ")
        assert renamed == Person("ann-exampel", "Ann Example", "", ("Ann Exampel", "Annie"))
        assert people.add(tx, "ann example") == people.get(tx, "ann-exampel")
        for name, why in (("Ann Example", "already"), ("...", "letter")):
            with pytest.raises(ValueError, match=why):
                people.rename(tx, "ann-exampel", name)
        people.add(tx, "Bob Example")
        with pytest.raises(ValueError, match="merge"):
            people.rename(tx, "ann-exampel", "BOB  example")


def test_splitting_takes_the_spellings_along(db: Database) -> None:
    """The spellings that are named, and the new name where it is one, go; the person's own name cannot."""
    with db.write() as tx:
        people.add(tx, "Ann Example", ["Annie", "Nan Other", "N. Other"], "pilot")
        left, new, went = people.split(tx, "ann-example", "Nan Other", ["n. other"])
        assert left == Person("ann-example", "Ann Example", "pilot", ("Annie",))
        assert new == Person("nan-other", "Nan Other", "", ("N. Other",))
        assert went == ("Nan Other", "N. Other")
        for name, spellings, why in (
            ("Cid Other", ["Nobody"], "no spelling"),
            ("Cid Other", [], "was named"),
            ("Ann Example", [], "rename them first"),
            ("...", ["Annie"], "letter"),
        ):
            with pytest.raises(ValueError, match=why):
                people.split(tx, "ann-example", name, spellings)
        assert people.split(tx, "ann-example", "Nan Other", ["Annie"])[1].aliases == ("N. Other", "Annie")


def test_an_old_name_can_become_somebody_else(db: Database) -> None:
    """Where the old name of a renamed person is split off, its bearer gets an id of their own."""
    with db.write() as tx:
        people.add(tx, "Ann Exampel")
        people.rename(tx, "ann-exampel", "Ann Example")
        _, new, _ = people.split(tx, "ann-exampel", "Ann Exampel", [])
        assert new == Person("ann-exampel-2", "Ann Exampel")
        assert people.add(tx, "ann exampel", role="nurse").id == new.id


def test_the_revision_tells_other_processes(db: Database) -> None:
    """It changes with every change of the list, and with nothing else."""
    seen: list[int] = []

    def changed() -> bool:
        with Database.open(db.path) as other, other.read() as tx:
            seen.append(people.revision(tx))
        return len(seen) < 2 or seen[-1] > seen[-2]

    changed()
    for change, expected in (
        (lambda tx: people.add(tx, "Ann Example"), True),
        (lambda tx: people.add(tx, "Ann Example"), False),
        (lambda tx: people.add(tx, "Ann Example", ["Annie"]), True),
        (lambda tx: people.add(tx, "Ann Example", [], "pilot"), True),
        (lambda tx: people.add(tx, "Bob Example"), True),
        (lambda tx: people.find_exact(tx, "Bob Example"), False),
        (lambda tx: people.merge(tx, "ann-example", "bob-example"), True),
        (lambda tx: people.remove(tx, "ann-example"), True),
    ):
        with db.write() as tx:
            change(tx)
        assert changed() is expected
