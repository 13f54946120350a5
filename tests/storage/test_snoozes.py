"""Snoozes as they are kept: what holds, what is over, and what of an alert can be snoozed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import snoozes, watches
from storage.alerts import Alert, AlertKind
from storage.database import Database
from storage.errors import NotFound
from storage.snoozes import Scope, Snooze
from tests.storage.makers import AT

NOON, EVENING = "2016-03-01T12:00:00.000Z", "2016-03-01T18:00:00.000Z"
ONE = Snooze("z1", "T1", "C1", Scope.PERSON, "amina", "Amina", EVENING, "U1", AT)
ALERT = Alert("a1", "T1", "C1", AlertKind.REUSE, "s", "case/1", AT, AT, watch="w1", person="amina", author="x:me",
              image_sha256="0" * 64)  # fmt: skip


def test_a_snooze_holds_until_it_is_ended(db: Database) -> None:
    """Its time alone does not end it: what time does is done once, by who ends it."""
    with db.write() as tx:
        snoozes.put(tx, ONE)
        assert snoozes.holding(tx) == [ONE]
        assert snoozes.over(tx, NOON) == []
        assert snoozes.over(tx, EVENING) == [ONE]
        assert snoozes.end(tx, "z1", EVENING)
        assert not snoozes.end(tx, "z1", EVENING)
        assert (snoozes.holding(tx), snoozes.over(tx, EVENING)) == ([], [])
        assert snoozes.get(tx, "z1") == replace(ONE, ended_at=EVENING)


def test_those_that_end_first_come_first(db: Database) -> None:
    """The list is in the order in which they end."""
    later = replace(ONE, id="z0", until="2016-03-02T18:00:00.000Z")
    with db.write() as tx:
        for one in (later, ONE):
            snoozes.put(tx, one)
        assert snoozes.holding(tx) == [ONE, later]


def test_who_caches_snoozes_learns_of_each_change(db: Database) -> None:
    """A new one, and the end of one, advance the revision that alerting looks at."""
    with db.write() as tx:
        seen = [watches.revision(tx)]
        snoozes.put(tx, ONE)
        seen.append(watches.revision(tx))
        snoozes.end(tx, "z1", EVENING)
        seen.append(watches.revision(tx))
        snoozes.end(tx, "z1", EVENING)
    assert len(set(seen)) == 3
    assert seen == sorted(seen)


def test_an_alert_can_be_snoozed_by_what_it_is_about() -> None:
    """Each scope that it has a key for; without a picture its case is no picture's."""
    assert snoozes.keys(ALERT) == {
        Scope.PICTURE: "case/1", Scope.PERSON: "amina", Scope.AUTHOR: "x:me", Scope.WATCH: "w1",
    }  # fmt: skip
    assert snoozes.keys(replace(ALERT, image_sha256=None, watch="", author="")) == {Scope.PERSON: "amina"}


def test_a_snooze_that_is_not_there_is_told_in_words(db: Database) -> None:
    """Who asks for it learns where to look."""
    with db.write() as tx, pytest.raises(NotFound, match="list of snoozes"):
        snoozes.get(tx, "nothing")
