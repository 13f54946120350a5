"""Changing the watch-list: whatever belongs to a person goes where the person goes, and comes back with an undo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from commands import people as verbs
from commands.alerts import alert_finding
from commands.people import Asker, NameRefused
from commands.whereis import whereis
from storage import custody, people, sightings, snoozes, watches
from storage.errors import NotFound
from storage.people_changes import CannotUndo
from storage.records import OPERATOR
from storage.snoozes import Scope, Snooze
from storage.watches import WatchKind
from tests.alerting.rooms import TEAM, Room
from tests.alerting.rooms import room as opened
from tests.workspace.loops import run

AMINA, MINA = "amina-njoroge", "mina-otieno"


@pytest.fixture(name="room")
def fixture_room(tmp_path: Path) -> Iterator[Room]:
    """A desk that watches two names, which a channel each follows and one channel has snoozed, and a post of each."""
    with opened(tmp_path / "store") as room:
        with room.desk.db.write() as tx:
            people.add(tx, "Amina Njoroge", ["A. Njoroge"])
            people.add(tx, "Mina Otieno", ["Minah Otieno"])
            snoozes.put(
                tx, Snooze("s1", TEAM, "C9", Scope.PERSON, MINA, "Mina Otieno", "2027-01-01", "U1", "2026-01-01")
            )
        room.watch(WatchKind.PERSON, AMINA, "C1", label="Amina Njoroge")
        room.watch(WatchKind.PERSON, MINA, "C2", label="Mina Otieno")
        room.post("1", "Amina Njoroge arrived in Suva today.")
        room.post("2", "Mina Otieno arrived in Apia today.")
        room.post("3", "Minah Otieno arrived in Suva today.")
        yield room


def everything(room: Room) -> dict[str, object]:
    """All that is held of people, in a form that can be compared."""
    told = [*room.told("C1"), *room.told("C2")]
    held = {"alerts": {(one.id, one.person, one.subject, *room.refs(one)) for one in told}}
    with room.desk.db.read() as tx:
        return held | {
            "people": {(one.id, one.name, one.role, frozenset(one.aliases)) for one in people.all(tx)},
            "sightings": {
                (one.id, one.sighting.person_name, one.post.id)
                for person in people.all(tx)
                for one in sightings.for_person(tx, person.id, OPERATOR)
            },
            "watches": {(one.id, one.subject, one.label) for one in watches.all(tx)},
            "snoozes": {(one.id, one.subject) for one in snoozes.holding(tx)},
            "news": {(row["seq"], row["ref"]) for row in tx.rows("SELECT seq, ref FROM news")},
        }


def test_all_of_a_merged_person_goes_along_and_comes_back(room: Room) -> None:
    """Sightings, watches, snoozes, alerts and news are the other one's; an undo gives every one of them back."""
    before = everything(room)
    done = run(verbs.merge(room.desk, "Amina Njoroge", "Mina Otieno", by=Asker("T1/U1")))
    assert done.changed == "Mina Otieno is now another name of Amina Njoroge."
    found = run(whereis(room.desk, "Mina Otieno"))
    assert found.person is not None
    assert found.person.person.id == AMINA
    assert {one.post.id for one in found.sightings} == {"x:1", "x:2", "x:3"}
    with room.desk.db.read() as tx:
        assert {(one.subject, one.label) for one in watches.all(tx)} == {
            (AMINA, "Amina Njoroge"),
            (AMINA, "Mina Otieno"),
        }
        assert [one.subject for one in snoozes.holding(tx)] == [AMINA]
        noted = {row["ref"] for row in tx.rows("SELECT ref FROM news WHERE kind = 'sighting'")}
    assert noted == {one.id for one in found.sightings}
    for alert in room.told("C2"):
        assert alert.person == AMINA
        assert alert.subject.startswith(f"sighting/{AMINA}/")
        assert len(alert_finding(room.desk, alert.id).sightings) == 1
    undone = run(verbs.undo(room.desk, done.change, by=Asker("T1/U2")))
    assert undone.changed == "Undone: Mina Otieno is now another name of Amina Njoroge."
    assert everything(room) == before


def test_a_watch_on_a_merged_person_goes_on(room: Room) -> None:
    """The channel that followed the name that went is told of the one person there is now, in the alert it has."""
    run(verbs.merge(room.desk, AMINA, MINA))
    told = room.told("C2")
    room.post("4", "Amina Njoroge is in Apia.")
    assert [one.id for one in room.told("C2")] == [one.id for one in told]
    held = [one.post.id for alert in told for one in alert_finding(room.desk, alert.id).sightings]
    assert "x:4" in held
    room.post("5", "Minah Otieno will arrive in Nairobi tomorrow.")
    for channel in ("C1", "C2"):
        assert room.told(channel)[-1].post_id == "x:5"


def test_spellings_that_are_somebody_else_take_their_sightings(room: Room) -> None:
    """Split off, a spelling has the sightings and alerts it was found by; the watches stay, an undo brings all back."""
    before = everything(room)
    done = run(verbs.split(room.desk, "Mina Otieno", "Minah Otieno", []))
    assert done.changed == "Minah Otieno is now somebody else than Mina Otieno."
    with room.desk.db.read() as tx:
        assert {one.post.id for one in sightings.for_person(tx, MINA, OPERATOR)} == {"x:2"}
        assert {one.post.id for one in sightings.for_person(tx, "minah-otieno", OPERATOR)} == {"x:3"}
        assert {one.subject for one in watches.all(tx)} == {AMINA, MINA}
    assert {alert.person for alert in room.told("C2")} == {MINA, "minah-otieno"}
    run(verbs.undo(room.desk, done.change))
    assert everything(room) == before


def test_a_merge_that_is_split_again_gives_the_watch_back(room: Room) -> None:
    """A watch made under one of the spellings that are split off goes with them."""
    run(verbs.merge(room.desk, AMINA, MINA))
    done = run(verbs.split(room.desk, AMINA, "Mina Otieno", ["Minah Otieno"]))
    assert done.changed == "Mina Otieno, with the spellings “Minah Otieno”, is now somebody else than Amina Njoroge."
    with room.desk.db.read() as tx:
        assert {(one.subject, one.label) for one in watches.all(tx)} == {
            (AMINA, "Amina Njoroge"),
            (MINA, "Mina Otieno"),
        }
        assert {one.post.id for one in sightings.for_person(tx, MINA, OPERATOR)} == {"x:2", "x:3"}


def test_a_renamed_person_is_shown_by_the_new_name(room: Room) -> None:
    """Sightings and labels of watches bear the new name, the old one still finds them, and an undo restores it."""
    before = everything(room)
    done = run(verbs.rename(room.desk, "Mina Otieno", "Wilhelmina Otieno"))
    assert done.changed == "Mina Otieno is now called Wilhelmina Otieno. The old name stays as another spelling."
    found = run(whereis(room.desk, "Mina Otieno"))
    assert {one.sighting.person_name for one in found.sightings} == {"Wilhelmina Otieno"}
    with room.desk.db.read() as tx:
        assert {one.label for one in watches.all(tx)} == {"Amina Njoroge", "Wilhelmina Otieno"}
    run(verbs.undo(room.desk))
    assert everything(room) == before


def test_removing_and_adding_are_undone_too(room: Room) -> None:
    """Somebody removed by mistake is back with all sightings; an alias given by mistake is gone."""
    before = everything(room)
    removed = run(verbs.remove(room.desk, MINA))
    assert removed.changed == "Mina Otieno is no longer watched."
    added = run(verbs.add(room.desk, "Amina Njoroge", ["Mina"], ""))
    assert added.changed == "Amina Njoroge is watched, now also as “Mina”."
    assert run(verbs.add(room.desk, "Amina Njoroge", ["Mina"], "")).change is None
    run(verbs.undo(room.desk, removed.change))
    run(verbs.undo(room.desk))
    assert everything(room) == before


def test_an_undo_can_be_undone(room: Room) -> None:
    """The answer to an undo has a number of its own; undone, the change holds again."""
    done = run(verbs.merge(room.desk, AMINA, MINA))
    merged = everything(room)
    undone = run(verbs.undo(room.desk))
    again = run(verbs.undo(room.desk, undone.change))
    assert everything(room) == merged
    assert (done.change, undone.change, again.change) == (1, 2, 3)
    with pytest.raises(CannotUndo, match="undone already, by change 3"):
        run(verbs.undo(room.desk, 2))


def test_a_request_that_comes_again_changes_nothing_more(room: Room) -> None:
    """Asked twice, as after a killed process, an undo takes back one change and a merge is done once; told alike."""
    run(verbs.rename(room.desk, AMINA, "Amina N. Njoroge"))
    merged = [run(verbs.merge(room.desk, AMINA, MINA, by=Asker("T1/U1", "request 1"))) for _ in range(2)]
    undone = [run(verbs.undo(room.desk, by=Asker("T1/U1", "request 2"))) for _ in range(2)]
    for first, second in (merged, undone):
        assert (first.changed, first.change, first.people) == (second.changed, second.change, second.people)
    assert [one.act for one in run(verbs.history(room.desk)).changes] == ["undo", "merge", "rename"]


def test_the_history_tells_who_did_what(room: Room) -> None:
    """The newest first, of all or of one person, also of one who is gone; custody has a row for each."""
    run(verbs.rename(room.desk, AMINA, "Amina N. Njoroge", by=Asker("T1/U1")))
    run(verbs.merge(room.desk, AMINA, MINA, by=Asker("T1/U2")))
    run(verbs.undo(room.desk, by=Asker("operator")))
    told = [(one.number, one.actor, one.act, one.undone_by) for one in run(verbs.history(room.desk)).changes]
    assert told == [(3, "operator", "undo", None), (2, "T1/U2", "merge", 3), (1, "T1/U1", "rename", None)]
    assert [one.number for one in run(verbs.history(room.desk, "Mina Otieno")).changes] == [3, 2]
    assert [one.number for one in run(verbs.history(room.desk, limit=1)).changes] == [3]
    run(verbs.remove(room.desk, MINA))
    assert [one.act for one in run(verbs.history(room.desk, "Mina Otieno")).changes] == ["remove", "undo", "merge"]
    with pytest.raises(NotFound, match="Nobody watched"):
        run(verbs.history(room.desk, "Zbigniew Quux"))
    with room.desk.db.read() as tx:
        actions = [row.action for row in custody.rows(tx) if row.action.startswith(("person", "people"))]
    assert actions == ["person renamed", "person merged", "people change undone", "person removed"]


def test_what_cannot_be_is_refused_in_a_sentence(room: Room) -> None:
    """A name that is nobody's, or somebody else's, a spelling that is not theirs, nothing to undo: nothing changes."""
    before = everything(room)
    with pytest.raises(NotFound, match="Nobody watched is called 'Zbigniew'"):
        run(verbs.rename(room.desk, "Zbigniew", "Quux"))
    with pytest.raises(NameRefused, match=r"^Amina Njoroge is on the list already; merge"):
        run(verbs.rename(room.desk, MINA, "amina njoroge"))
    with pytest.raises(NameRefused, match=r"^'Amina' is no spelling of Mina Otieno\."):
        run(verbs.split(room.desk, MINA, "Amina Otieno", ["Amina"]))
    with pytest.raises(NameRefused, match=r"^A person cannot be merged with themselves\."):
        run(verbs.merge(room.desk, MINA, "Minah Otieno"))
    with pytest.raises(NotFound, match="no change of the watch-list to undo"):
        run(verbs.undo(room.desk))
    with pytest.raises(NotFound, match="no change 7"):
        run(verbs.undo(room.desk, 7))
    assert everything(room) == before
