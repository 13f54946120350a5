"""The journal of the watch-list: what was changed by whom, and how it is taken back."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import people, people_changes
from storage.database import DATABASE_FILE, Database, Transaction
from storage.errors import NotFound
from storage.people_changes import CannotUndo, Change
from storage.records import Person
from tests.storage.makers import AT

ANN, NAN = "ann-example", "nan-other"


def merge(tx: Transaction, keep: str = ANN, gone: str = NAN) -> Change:
    """Merge two people, noted."""
    with people_changes.noting(tx, "merge", "T1/U1", AT, [keep, gone]) as made:
        people.merge(tx, keep, gone)
        made.what = f"{gone} is {keep}."
    assert made.number is not None
    return people_changes.get(tx, made.number)


def add(tx: Transaction, name: str, aliases: Sequence[str] = ()) -> int | None:
    """Add somebody, noted."""
    with people_changes.noting(tx, "add", "operator", AT, [people.id_for(tx, name)]) as made:
        people.add(tx, name, aliases)
        made.what = f"{name} is watched."
    return made.number


def undo(tx: Transaction, number: int) -> int:
    """Take a change back."""
    return people_changes.undo(tx, people_changes.get(tx, number), "T1/U2", AT)


def test_who_did_what_when_is_written_down(db: Database) -> None:
    """A change tells who, when, what and how it was before; one that changes nothing is none."""
    with db.write() as tx:
        assert add(tx, "Ann Example", ["Annie"]) == 1
        assert add(tx, "Ann Example", ["Annie"]) is None
        assert add(tx, "Nan Other") == 2
        assert merge(tx) == Change(
            3, AT, "T1/U1", "merge", "nan-other is ann-example.",
            {ANN: Person(ANN, "Ann Example", "", ("Annie",)), NAN: Person(NAN, "Nan Other")},
            {ANN: Person(ANN, "Ann Example", "", ("Annie", "Nan Other")), NAN: None},
        )  # fmt: skip
        assert [one.number for one in people_changes.newest(tx, 2)] == [3, 2]
        assert [one.number for one in people_changes.newest(tx, 9, NAN)] == [3, 2]
        with pytest.raises(NotFound, match="no change 9"):
            people_changes.get(tx, 9)


def test_a_merge_is_taken_back_and_done_again(db: Database) -> None:
    """After an undo both stand as before; the undo can itself be undone; nothing is undone twice."""
    with db.write() as tx:
        add(tx, "Ann Example", ["Annie"])
        add(tx, "Nan Other", ["Nan"])
        before = people.all(tx)
        merge(tx)
        after = people.all(tx)
        assert undo(tx, 3) == 4
        assert people.all(tx) == before
        assert [people_changes.get(tx, n).undone_by for n in (3, 4)] == [4, None]
        with pytest.raises(CannotUndo, match="undone already, by change 4"):
            undo(tx, 3)
        last = people_changes.last_standing(tx)
        assert last is not None
        assert last.number == 2
        assert undo(tx, 4) == 5
        assert people.all(tx) == after
        assert [people_changes.get(tx, n).undone_by for n in (3, 4)] == [None, 5]


def test_what_came_later_stays(db: Database) -> None:
    """An undo takes back only what its change did: a spelling added later stays with who got it."""
    with db.write() as tx:
        add(tx, "Ann Example")
        add(tx, "Nan Other")
        merge(tx)
        add(tx, "Ann Example", ["Annie"])
        undo(tx, 3)
        assert people.all(tx) == [Person(ANN, "Ann Example", "", ("Annie",)), Person(NAN, "Nan Other")]


def test_a_later_change_of_the_same_is_undone_first(db: Database) -> None:
    """Where a later change stands on this one, the undo is refused, says which, and changes nothing."""
    with db.write() as tx:
        add(tx, "Ann Example")
        add(tx, "Nan Other")
        merge(tx)
        with people_changes.noting(tx, "split", "operator", AT, [ANN, "nan"]) as made:
            people.split(tx, ANN, "Nan", ["Nan Other"])
            made.what = "Nan Other became Nan."
    with pytest.raises(CannotUndo, match=r"later: Nan Other became Nan. Undo change 4 first."), db.write() as tx:
        undo(tx, 3)
    with db.write() as tx:
        assert [one.name for one in people.all(tx)] == ["Ann Example", "Nan"]
        undo(tx, 4)
        undo(tx, 3)
        assert [one.name for one in people.all(tx)] == ["Ann Example", "Nan Other"]


def test_whose_names_changed_since_a_revision(db: Database) -> None:
    """Everybody as they were and as they became; None where something changed that the journal does not know."""
    with db.write() as tx:
        add(tx, "Ann Example")
        first = people.revision(tx)
        add(tx, "Nan Other")
        merge(tx)
        assert people_changes.since(tx, first) == [
            Person(NAN, "Nan Other"),
            Person(ANN, "Ann Example"),
            Person(ANN, "Ann Example", "", ("Nan Other",)),
        ]
        assert people_changes.since(tx, people.revision(tx)) == []
        people.add(tx, "Somebody Else")
        assert people_changes.since(tx, first) is None


@pytest.fixture(scope="module", name="listed")
def fixture_listed(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A store that the examples of one property share."""
    return Database.open(tmp_path_factory.mktemp("changes") / DATABASE_FILE)


NAMES = ("Ann Example", "Nan Other", "Cid Third", "Annie", "N. Other", "سليماني")


@given(st.lists(st.tuples(st.sampled_from(["add", "merge", "rename", "split", "remove"]),
                          st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=8))  # fmt: skip
def test_undoing_everything_from_the_end_gives_the_list_as_it_was(
    listed: Database, asked: list[tuple[str, str, str]]
) -> None:
    """Whatever was changed, undone from the newest to the oldest the list is what it was at every step."""
    with listed.write() as tx:
        for person in people.all(tx):
            people.remove(tx, person.id)
        steps: list[tuple[int, list[Person]]] = []
        for act, one, other in asked:
            was = people.all(tx)
            ids = [*(person.id for person in was), *(people.id_for(tx, name) for name in (one, other, f"New {other}"))]
            try:
                with people_changes.noting(tx, act, "operator", AT, ids) as made:
                    match act:
                        case "add":
                            people.add(tx, one, [other])
                        case "merge":
                            people.merge(tx, people.id_for(tx, one), people.id_for(tx, other))
                        case "rename":
                            people.rename(tx, people.id_for(tx, one), other)
                        case "split":
                            people.split(tx, people.id_for(tx, one), f"New {other}", [other])
                        case _:
                            people.remove(tx, people.id_for(tx, one))
            except (ValueError, NotFound):
                continue
            if made.number is not None:
                steps.append((made.number, was))
        for number, was in reversed(steps):
            undo(tx, number)
            assert {(one.id, one.name, one.role, frozenset(one.aliases)) for one in people.all(tx)} == {
                (one.id, one.name, one.role, frozenset(one.aliases)) for one in was
            }
