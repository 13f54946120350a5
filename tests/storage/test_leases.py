"""Leases: one holder at a time, until it gives up, or its time is over."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import leases
from storage.database import DATABASE_FILE, Database

STEPS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 2), st.sampled_from([0, 1, 5])), max_size=20)
"""Who tries, so many seconds after the one before, to hold it for so many seconds."""


def second(number: int) -> str:
    """The time so many seconds after noon."""
    return f"2016-03-01T12:00:{number:02}.000Z"


@pytest.fixture(name="other")
def fixture_other(db: Database, tmp_path: Path) -> Iterator[Database]:
    """A second connection to the same store."""
    with Database.open(tmp_path / DATABASE_FILE) as other:
        yield other


def take(db: Database, owner: str, now: int, until: int, name: str = "outbox") -> bool:
    """Try to take a lease in a transaction of its own."""
    with db.write() as tx:
        return leases.take(tx, name, owner, second(now), second(until))


def alive(db: Database, now: int) -> set[str]:
    """Who is alive."""
    with db.read() as tx:
        return leases.alive(tx, second(now))


def test_a_lease_is_taken_and_renewed_by_its_holder(db: Database) -> None:
    """The holder may take it as often as it likes, and holds it until the last end that it named."""
    assert take(db, "one", 0, 6)
    assert take(db, "one", 2, 8)
    assert alive(db, 8) == {"one"}
    assert alive(db, 9) == set()


def test_a_lease_that_somebody_holds_is_refused(db: Database, other: Database) -> None:
    """Nobody else gets it while it lasts, its last moment included, and a refusal changes nothing."""
    assert take(db, "one", 0, 6)
    for now in (0, 3, 6):
        assert not take(other, "two", now, now + 6)
    assert alive(other, 6) == {"one"}
    assert alive(other, 7) == set()


def test_a_lease_is_taken_over_after_its_end(db: Database, other: Database) -> None:
    """Who comes after its end has it, and who held it before is refused."""
    assert take(db, "one", 0, 6)
    assert take(other, "two", 7, 13)
    assert not take(db, "one", 8, 14)
    assert alive(db, 8) == {"two"}


def test_a_released_lease_is_free_at_once(db: Database, other: Database) -> None:
    """The next one need not wait; only the holder's release counts."""
    assert take(db, "one", 0, 6)
    with other.write() as tx:
        leases.release(tx, "outbox", "two")
    assert not take(other, "two", 1, 7)
    with db.write() as tx:
        leases.release(tx, "outbox", "one")
    assert take(other, "two", 1, 7)


def test_leases_of_other_names_are_other_leases(db: Database) -> None:
    """One process may hold several, and is alive while any of them lasts."""
    assert take(db, "one", 0, 6, "process:one")
    assert take(db, "two", 0, 3, "process:two")
    assert take(db, "two", 0, 8, "outbox")
    assert alive(db, 5) == {"one", "two"}
    assert alive(db, 7) == {"two"}


def test_of_many_connections_at_once_one_gets_it(tmp_path: Path) -> None:
    """Threads with a connection each try at the same moment: exactly one has it."""
    path = tmp_path / DATABASE_FILE
    Database.open(path).close()
    start = threading.Barrier(6)
    took: list[str] = []

    def try_it(owner: str) -> None:
        with Database.open(path) as db:
            start.wait()
            if take(db, owner, 0, 6):
                took.append(owner)

    threads = [threading.Thread(target=try_it, args=(f"process {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(took) == 1
    with Database.open(path) as db:
        assert alive(db, 6) == set(took)


@pytest.fixture(scope="module", name="store")
def fixture_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One store for all the examples of a property."""
    with Database.open(tmp_path_factory.mktemp("leases") / DATABASE_FILE) as db:
        yield db


@given(STEPS)
def test_never_two_holders(store: Database, steps: list[tuple[str, int, int]]) -> None:
    """However takings and pauses follow one another, who is told that it has the lease is its only holder."""
    with store.write() as tx:
        tx.execute("DELETE FROM leases")
        now, holder, until = 0, "", -1
        for owner, pause, length in steps:
            now += pause
            free = holder in {"", owner} or until < now
            assert leases.take(tx, "outbox", owner, second(now), second(now + length)) == free
            if free:
                holder, until = owner, now + length
            assert leases.alive(tx, second(now)) == ({holder} if until >= now else set())


def test_a_lease_that_holds_for_too_long_is_noticed(db: Database) -> None:
    """One that nobody could have taken by the clock as it is tells that a clock was ahead."""
    take(db, "ahead", 50, 59, "process:ahead")
    with db.read() as tx:
        assert leases.beyond(tx, second(58))
        assert not leases.beyond(tx, second(59))


def test_a_clock_that_went_back_lets_no_lease_hold_for_long(db: Database) -> None:
    """What was taken by a clock that was ahead ends with the latest time that a fresh lease would hold to."""
    take(db, "ahead", 50, 59, "process:ahead")
    take(db, "fresh", 0, 5, "process:fresh")
    with db.write() as tx:
        leases.turn_back(tx, second(6))
    assert alive(db, 5) == {"ahead", "fresh"}
    assert alive(db, 6) == {"ahead"}
    assert alive(db, 7) == set()
