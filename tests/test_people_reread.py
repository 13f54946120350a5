"""The archive is read again for what a change of the watch-list changes, and for nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.readers import CaughtUp
from storage import people, people_changes, readings, sightings
from storage.database import Transaction
from storage.records import OPERATOR
from tests.desks import open_desk
from tests.test_intake import captured

AT = "2026-01-01T00:00:00.000Z"
TEXTS = (
    "Amina Njoroge arrived in Suva.",
    "Sefo Tui arrived in Apia.",
    "#AminaNjoroge arrived in Apia.",
    "Амина Нджороге прибыла в Сува.",
    "Follow @amina_n for more. She arrived in Suva.",
    "Somebody arrived in Apia.",
)


def noted(tx: Transaction, name: str, *aliases: str) -> None:
    """Add somebody, noted."""
    with people_changes.noting(tx, "add", "operator", AT, [people.id_for(tx, name)]):
        people.add(tx, name, aliases)


def test_only_texts_that_may_name_them_are_read(tmp_path: Path) -> None:
    """Texts in any script, hashtag or handle that may name the one who was added are read, the others are passed."""
    with open_desk(tmp_path / "store") as desk:
        for number, text in enumerate(TEXTS):
            desk.intake.take(captured(str(number), text))
        with desk.db.write() as tx:
            noted(tx, "Sefo Tui")
        assert desk.readers.catch_up(desk.db) == CaughtUp(1, 1, 0, 5)
        with desk.db.write() as tx:
            noted(tx, "Amina Njoroge", "@amina_n")
        done = desk.readers.catch_up(desk.db)
        assert (done.texts, done.left, done.passed) == (4, 0, 2)
        with desk.db.read() as tx:
            assert {one.post.id for one in sightings.for_person(tx, "amina-njoroge", OPERATOR)} >= {"x:0", "x:2", "x:3"}
            assert desk.readers.unread(tx) == 0


def test_a_change_that_nobody_noted_has_everything_read(tmp_path: Path) -> None:
    """Where the journal does not know what changed, no text is passed over."""
    with open_desk(tmp_path / "store") as desk:
        for number, text in enumerate(TEXTS):
            desk.intake.take(captured(str(number), text))
        with desk.db.write() as tx:
            people.add(tx, "Sefo Tui")
        assert desk.readers.catch_up(desk.db) == CaughtUp(6, 1, 0)


def test_what_is_stale_in_another_way_stays_stale(tmp_path: Path) -> None:
    """A text that has to be read again whatever changed is not marked as read when it is passed."""
    with open_desk(tmp_path / "store") as desk:
        receipt = desk.intake.take(captured("1", TEXTS[5]))
        with desk.db.write() as tx:
            [(_, capture, version)] = readings.stale(tx, "other", 9)
            readings.clear_post(tx, receipt.post_id)
            readings.mark(tx, [(capture, version)], "other")
            assert readings.count_stale(tx, "other") == 1


@pytest.mark.parametrize("second", ["Rashid Tui", "Tui Rashid Malo"])
def test_a_namesake_changes_what_a_surname_alone_says(tmp_path: Path, second: str) -> None:
    """Passing texts over or reading all of them gives the same sightings, also where the newcomer shares a surname."""
    texts = [*TEXTS, "Tui arrived in Apia on Monday.", "Tui arrived in Suva. Sefo Tui said so."]
    found = []
    for journal in (True, False):
        with open_desk(tmp_path / f"store {journal}") as desk:
            for number, text in enumerate(texts):
                desk.intake.take(captured(str(number), text))
            for name in ("Sefo Tui", second):
                with desk.db.write() as tx:
                    noted(tx, name) if journal else people.add(tx, name)
                desk.readers.catch_up(desk.db)
            with desk.db.read() as tx:
                told = [sightings.of_post(tx, f"x:{number}", OPERATOR) for number in range(len(texts))]
            found.append([(one.id, one.sighting) for each in told for one in each])
    assert found[0] == found[1]
