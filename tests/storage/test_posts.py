"""Posts: what is archived stays, what was unknown is filled in."""

from __future__ import annotations

from dataclasses import replace

from storage import posts
from storage.database import Database
from storage.records import OPERATOR, PostStatus, TimeBasis
from tests.storage.makers import post


def test_a_post_comes_back_as_it_went_in(db: Database) -> None:
    """Every field of a post survives, and putting it again changes nothing."""
    made = post(text="line\r\nline\u2028\ud83d end\0of it\n", utc_offset=-240, publisher="The Gazette")
    with db.write() as tx:
        assert posts.put(tx, made)
        assert not posts.put(tx, made)
    with db.read() as tx:
        assert made == posts.get(tx, made.id, OPERATOR)
        assert posts.count(tx) == 1


def test_a_deleted_post_keeps_what_was_archived(db: Database) -> None:
    """A capture that finds the post gone changes its status and nothing else."""
    made = post()
    gone = post(text="", author=None, posted_at=None, status=PostStatus.DELETED, status_reason="by its author")
    with db.write() as tx:
        posts.put(tx, made)
        posts.put(tx, gone)
        held = posts.get(tx, made.id, OPERATOR)
    assert replace(made, status=PostStatus.DELETED, status_reason="by its author") == held


def test_a_live_capture_fills_in_what_was_unknown(db: Database) -> None:
    """A post first met when it was withheld gets its words later, and keeps when it was first seen."""
    withheld = post(text="", author=None, posted_at=None, posted_at_basis=TimeBasis.UNKNOWN, status=PostStatus.WITHHELD)
    later = post(first_seen_at="2016-04-01T00:00:00.000Z")
    with db.write() as tx:
        posts.put(tx, withheld)
        posts.put(tx, later)
        held = posts.get(tx, later.id, OPERATOR)
    assert replace(later, first_seen_at=withheld.first_seen_at) == held


def test_a_status_for_a_post_that_is_not_there_changes_nothing(db: Database) -> None:
    """Neither a status nor new fields make a post."""
    with db.write() as tx:
        posts.fill(tx, post())
        posts.update_status(tx, "x:1", PostStatus.DELETED, "")
        assert posts.count(tx) == 0


def test_newest_orders_by_the_time_posted(db: Database) -> None:
    """The list goes by the time of posting, not by the order of arrival."""
    with db.write() as tx:
        for key, when in (("x:1", "2016-01-03"), ("x:2", "2016-01-01"), ("x:3", "2016-01-02")):
            posts.put(tx, post(key, posted_at=when + "T00:00:00.000Z"))
    with db.read() as tx:
        assert [found.id for found in posts.newest(tx, OPERATOR, 2)] == ["x:1", "x:3"]
