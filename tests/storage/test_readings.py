"""Readings: which archived texts have to be read again."""

from __future__ import annotations

from storage import captures, readings
from storage.database import Database
from storage.records import text_digest
from tests.storage.makers import AT, archive, capture, post


def test_each_text_is_stale_until_it_was_read_with_this_version(db: Database) -> None:
    """Every text of every post is visited once, as a post with that text, page by page."""
    with db.write() as tx:
        for number in range(5):
            readings.put(tx, archive(tx, post(f"x:{number}")), "1")
        edited = capture(post("x:1"), id="edited", text_sha256=text_digest("Other words"))
        captures.put(tx, edited, "Other words")
        assert not readings.known(tx, edited)
        readings.put(tx, edited, "1")
        assert readings.known(tx, edited)
        assert readings.count_stale(tx, "1") == 0
        assert readings.count_stale(tx, "2") == 6
        seen = []
        while page := readings.stale(tx, "2", 4):
            for found, copy, _ in page:
                seen.append((found.id, copy.id, found.text))
                readings.put(tx, copy, "2")
        expected = [(f"x:{number}", f"c-x:{number}", f"Words of x:{number}") for number in range(5)]
        assert sorted(seen) == sorted([*expected, ("x:1", "edited", "Other words")])
        readings.clear(tx)
        assert readings.count_stale(tx, "2") == 6


def test_the_first_capture_stands_for_a_text(db: Database) -> None:
    """A later capture of the same words is read as the first one."""
    made = post()
    with db.write() as tx:
        first = archive(tx, made)
        readings.put(tx, first, "1")
        again = capture(made, id="again", captured_at="2017-01-01T00:00:00.000Z")
        captures.put(tx, again, made.text)
        readings.put(tx, again, "2")
        assert [copy for _, copy, _ in readings.stale(tx, "1", 10)] == [first]


def test_captures_are_known_by_id(db: Database) -> None:
    """Which captures are there, and when the newest was made, also when there is none."""
    with db.write() as tx:
        assert captures.last_captured_at(tx) is None
        assert captures.known(tx, []) == set()
        archive(tx, post())
        assert captures.known(tx, ["c-x:1", "c-x:2"]) == {"c-x:1"}
        assert captures.last_captured_at(tx) == AT
