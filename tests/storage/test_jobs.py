"""Jobs: a request is one row however often it is brought, and one process's at a time until it is ended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import jobs
from storage.database import DATABASE_FILE, Database
from storage.jobs import Job

AT = "2016-03-01T12:00:00.000Z"
TRACE = Job("command:T1:1", "trace", {"subject": "x.com/i/status/1", "private": False, "detail": None}, "T1/U1")

REQUESTS = st.dictionaries(
    st.text(),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=5,
    ),
    max_size=4,
)


@pytest.fixture(scope="module", name="store")
def fixture_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One store for all the examples of a property."""
    with Database.open(tmp_path_factory.mktemp("jobs") / DATABASE_FILE) as db:
        yield db


def accepted(db: Database, *ids: str, owner: str = "one", at: str = AT) -> None:
    """Accept requests one after another."""
    with db.write() as tx:
        for job_id in ids:
            assert jobs.accept(tx, Job(job_id, "trace", {}, "T1/U1"), owner, at)


def test_a_repeated_accept_is_one_row(db: Database) -> None:
    """The first delivery counts; what a repetition brings changes neither its words nor whose it is."""
    again = Job(TRACE.id, "whereis", {"subject": "another"}, "T1/U2")
    with db.write() as tx:
        assert jobs.accept(tx, TRACE, "one", AT)
        assert not jobs.accept(tx, again, "two", AT)
    with db.write() as tx:
        assert not jobs.accept(tx, again, "one", AT)
        assert jobs.waiting(tx) == 1
        assert jobs.begin(tx, TRACE.id, "two") is None
        assert jobs.begin(tx, TRACE.id, "one") == Job(TRACE.id, "trace", TRACE.request, "T1/U1", tries=1)


def test_a_request_that_was_answered_is_not_accepted_again(db: Database) -> None:
    """A delivery that comes after the answer makes nothing."""
    accepted(db, "a")
    with db.write() as tx:
        jobs.end(tx, "a", "done", AT)
        assert not jobs.accept(tx, Job("a", "trace", {}, "T1/U1"), "two", AT)
        assert jobs.waiting(tx) == 0


def test_begin_counts_tries(db: Database) -> None:
    """Each beginning is one more, and is kept by the row."""
    accepted(db, "a")
    for tries in range(1, jobs.TRIES + 2):
        with db.write() as tx:
            begun = jobs.begin(tx, "a", "one")
        assert begun is not None
        assert begun.tries == tries


@pytest.mark.parametrize("state", ["done", "failed"])
def test_what_is_ended_cannot_be_begun_ended_or_adopted(db: Database, state: str) -> None:
    """An end is for good."""
    accepted(db, "a")
    with db.write() as tx:
        assert jobs.end(tx, "a", state, AT)
    with db.write() as tx:
        assert jobs.begin(tx, "a", "one") is None
        assert not jobs.end(tx, "a", "done", AT)
        assert jobs.adopt(tx, "two", []) == []
        assert jobs.waiting(tx) == 0


def test_what_is_not_there_is_neither_begun_nor_ended(db: Database) -> None:
    """An unknown id is refused without an error."""
    with db.write() as tx:
        assert jobs.begin(tx, "a", "one") is None
        assert not jobs.end(tx, "a", "done", AT)


def test_adopt_takes_only_what_dead_owners_left_the_oldest_first(db: Database) -> None:
    """The jobs of the living stay theirs; the others are the adopter's, in the order in which they came."""
    accepted(db, "late", owner="dead", at="2016-03-01T12:00:03.000Z")
    accepted(db, "theirs", owner="alive", at="2016-03-01T12:00:00.000Z")
    accepted(db, "early", owner="dead too", at="2016-03-01T12:00:01.000Z")
    accepted(db, "ours", owner="me", at="2016-03-01T12:00:02.000Z")
    with db.write() as tx:
        assert [job.id for job in jobs.adopt(tx, "me", {"alive", "me"})] == ["early", "late"]
    with db.write() as tx:
        assert jobs.adopt(tx, "me", {"alive", "me"}) == []
        assert [job_id for job_id in ("early", "late", "ours", "theirs") if jobs.begin(tx, job_id, "me")] == [
            "early", "late", "ours",
        ]  # fmt: skip
        assert jobs.begin(tx, "theirs", "alive") is not None


def test_who_was_robbed_cannot_begin_any_more(db: Database) -> None:
    """A process that only seemed dead finds its job to be another's; adopting does not count as a try."""
    accepted(db, "a", owner="slow")
    with db.write() as tx:
        [taken] = jobs.adopt(tx, "quick", {"quick"})
        assert taken.tries == 0
        assert jobs.begin(tx, "a", "slow") is None
        assert jobs.begin(tx, "a", "quick") == Job("a", "trace", {}, "T1/U1", tries=1)


def test_tries_go_on_counting_from_process_to_process(db: Database) -> None:
    """A job that kills whoever begins it shows by its tries that it did, however often it changes hands."""
    accepted(db, "a", owner="process 0")
    for number in range(1, jobs.TRIES + 2):
        with db.write() as tx:
            assert jobs.begin(tx, "a", f"process {number - 1}") is not None
        with db.write() as tx:
            [left] = jobs.adopt(tx, f"process {number}", {f"process {number}"})
            assert left.tries == number
    assert left.tries > jobs.TRIES


@given(REQUESTS)
def test_a_request_comes_back_as_it_was_noted(store: Database, request: dict[str, object]) -> None:
    """Whatever JSON a request holds is read back equal."""
    with store.write() as tx:
        tx.execute("DELETE FROM jobs")
        jobs.accept(tx, Job("a", "trace", request, "T1/U1"), "one", AT)
        begun = jobs.begin(tx, "a", "one")
        [adopted] = jobs.adopt(tx, "two", ["two"])
    assert begun is not None
    assert begun.request == adopted.request == request


def test_of_two_connections_one_accepts(tmp_path: Path) -> None:
    """The same delivery that reaches two processes is accepted by one of them."""
    path = tmp_path / DATABASE_FILE
    with Database.open(path) as one, Database.open(path) as other:
        took = []
        for db, owner in ((one, "one"), (other, "other")):
            with db.write() as tx:
                took.append(jobs.accept(tx, TRACE, owner, AT))
        assert took == [True, False]


def test_what_a_living_process_could_not_end_is_begun_again(db: Database) -> None:
    """A job that its own living process is no longer at is its own again; those that it is at are left alone."""
    for name in ("left", "at work"):
        accepted(db, name, owner="me")
    with db.write() as tx:
        assert [one.id for one in jobs.adopt(tx, "me", {"me"}, {"at work"})] == ["left"]
        assert jobs.adopt(tx, "me", {"me"}, {"left", "at work"}) == []
        assert jobs.adopt(tx, "another", {"me", "another"}, ()) == []
