"""Who traced what: the newest first, each post once, and only what they may still see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import traced
from storage.database import DATABASE_FILE, Database, Transaction
from storage.errors import StoreError
from storage.records import EVERYONE, OPERATOR, Viewer
from tests.storage.makers import archive, post

KEYS = [f"x:{number}" for number in range(4)]
MEMBER = Viewer("T1", frozenset({EVERYONE, "channel:C9"}))


def at(minute: int) -> str:
    """The time so many minutes after noon."""
    return f"2016-03-01T12:{minute:02}:00.000Z"


def newest(tx: Transaction, viewer: Viewer = OPERATOR, limit: int = 10, user: str = "U1") -> list[tuple[str, str]]:
    """When somebody traced what, by the ids of the posts."""
    return [(moment, held.id) for moment, held in traced.newest(tx, "T1", user, viewer, limit)]


@pytest.fixture(scope="module", name="store")
def fixture_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One store with four posts; the last one was seen in a private channel."""
    with Database.open(tmp_path_factory.mktemp("traced") / DATABASE_FILE) as db:
        with db.write() as tx:
            for key in KEYS[:-1]:
                archive(tx, post(key), workspace="T1")
            archive(tx, post(KEYS[-1]), workspace="T1", audience="channel:C9")
        yield db


@pytest.fixture(name="tx")
def fixture_tx(store: Database) -> Iterator[Transaction]:
    """A transaction in which nobody has traced anything yet."""
    with store.write() as tx:
        tx.execute("DELETE FROM traced")
        yield tx


def test_the_newest_trace_stands_first_and_each_post_once(tx: Transaction) -> None:
    """A post that is traced again moves to the front, with its newest time."""
    for minute, key in enumerate(["x:0", "x:1", "x:2", "x:0"]):
        traced.note(tx, "T1", "U1", key, at(minute))
    assert newest(tx) == [(at(3), "x:0"), (at(2), "x:2"), (at(1), "x:1")]
    assert newest(tx, limit=1) == [(at(3), "x:0")]


def test_the_posts_come_whole(tx: Transaction) -> None:
    """What is returned is the archived post."""
    traced.note(tx, "T1", "U1", "x:1", at(0))
    [(_, held)] = traced.newest(tx, "T1", "U1", MEMBER, 10)
    assert held == post("x:1")


def test_everybody_has_traces_of_their_own(tx: Transaction) -> None:
    """A user id of another workspace is somebody else."""
    traced.note(tx, "T1", "U1", "x:0", at(0))
    traced.note(tx, "T1", "U2", "x:1", at(1))
    traced.note(tx, "T2", "U1", "x:2", at(2))
    assert newest(tx) == [(at(0), "x:0")]
    assert newest(tx, user="U2") == [(at(1), "x:1")]


def test_only_what_may_still_be_seen_is_listed(tx: Transaction) -> None:
    """A post traced in a private channel is listed there alone, and does not use up the limit elsewhere."""
    traced.note(tx, "T1", "U1", "x:3", at(1))
    traced.note(tx, "T1", "U1", "x:0", at(0))
    assert newest(tx, MEMBER) == [(at(1), "x:3"), (at(0), "x:0")]
    assert newest(tx, Viewer("T1"), limit=1) == [(at(0), "x:0")]
    assert newest(tx, Viewer("T2")) == []


def test_a_post_that_is_not_archived_cannot_be_noted(tx: Transaction) -> None:
    """The store itself refuses a trace of nothing."""
    with pytest.raises(StoreError):
        traced.note(tx, "T1", "U1", "x:9", at(0))


@given(st.lists(st.tuples(st.sampled_from(["U1", "U2"]), st.sampled_from(KEYS)), max_size=12), st.integers(1, 5))
def test_the_list_is_what_a_simple_model_says(store: Database, notes: list[tuple[str, str]], limit: int) -> None:
    """For any notes of any people, in order of time, the list is the newest of each post, cut to the limit."""
    with store.write() as tx:
        tx.execute("DELETE FROM traced")
        last: dict[str, str] = {}
        for minute, (user, key) in enumerate(notes):
            traced.note(tx, "T1", user, key, at(minute))
            if user == "U1":
                last[key] = at(minute)
        model = sorted(((moment, key) for key, moment in last.items()), reverse=True)
        assert newest(tx, MEMBER, limit) == model[:limit]
        public = [(moment, key) for moment, key in model if key != KEYS[-1]]
        assert newest(tx, Viewer("T1"), limit) == public[:limit]
