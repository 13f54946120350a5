"""Posts: what is archived stays, what was unknown is filled in."""

from __future__ import annotations

from dataclasses import replace

from storage import captures, posts
from storage.database import Database
from storage.records import OPERATOR, PostStatus, TimeBasis, text_digest
from tests.storage.makers import archive, capture, post


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


def test_newest_orders_by_the_time_posted(db: Database) -> None:
    """The list goes by the time of posting, not by the order of arrival."""
    with db.write() as tx:
        for key, when in (("x:1", "2016-01-03"), ("x:2", "2016-01-01"), ("x:3", "2016-01-02")):
            posts.put(tx, post(key, posted_at=when + "T00:00:00.000Z"))
    with db.read() as tx:
        assert [found.id for found in posts.newest(tx, OPERATOR, 2)] == ["x:1", "x:3"]


def test_texts_for_reading_gives_each_text_of_a_post_once(db: Database) -> None:
    """Paging visits every distinct text of every post with the capture that first had it."""
    with db.write() as tx:
        for number in range(7):
            archive(tx, post(f"x:{number}"))
        edited = capture(post("x:1"), id="c-edited", text_sha256=text_digest("Other words"))
        captures.put(tx, edited, "Other words")
        captures.put(tx, capture(post("x:2"), id="c-again", captured_at="2016-05-01T00:00:00.000Z"), post("x:2").text)
    seen: list[tuple[str, str, str]] = []
    after = None
    with db.read() as tx:
        while page := posts.texts_for_reading(tx, after, 3):
            seen += [(found.id, copy.id, found.text) for found, copy in page]
            after = page[-1][1].id
    expected = [(f"x:{number}", f"c-x:{number}", f"Words of x:{number}") for number in range(7)]
    assert sorted([*expected, ("x:1", "c-edited", "Other words")]) == sorted(seen)
