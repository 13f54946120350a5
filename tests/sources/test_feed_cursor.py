"""The cursor of a feed, for any order in which entries arrive."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.entries import Entry
from bot.sources.feed_cursor import REMEMBERED_LEAST, FeedCursor, Mark

URL = "https://harbour.example/feed"


def mark(number: int, words: str = "", updated: str = "") -> Mark:
    """The mark of an entry that is told by its number."""
    entry = Entry(b"", True, str(number), "", f"Entry {number}", words, "", updated, "", None, ())
    return Mark.of(entry, f"web:{number}")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.lists(st.integers(0, 60), max_size=25), st.integers(0, 30), st.booleans()), min_size=1, max_size=25
    )
)
def test_nothing_skipped_nothing_twice(sweeps: list[tuple[list[int], int, bool]]) -> None:
    """Whatever stands in the feed in whatever order, each entry is given once in what is committed.

    Each sweep sees some entries, gives at most so many, and its batch is committed or lost.
    """
    since: str | None = None
    committed: list[int] = []
    for standing, most, commits in sweeps:
        cursor, problems = FeedCursor.read(since, URL)
        assert problems == ()
        new = [number for number in dict.fromkeys(standing) if not cursor.knows(mark(number))]
        assert set(new) == set(standing) - set(committed)
        given_now = new[:most]
        after = cursor.after([mark(n) for n in given_now], size=len(standing), etag="e", modified=None)
        if commits:
            committed += given_now
            since = after.text()
    assert len(committed) == len(set(committed))


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_is_a_cursor_or_none(since: str, header: str) -> None:
    """No text breaks the reading of a cursor, and what a server named its answer comes back as one header line."""
    cursor, _ = FeedCursor.read(since, URL)
    cursor = cursor.after([mark(1)], size=1, etag=header, modified=header)
    again, problems = FeedCursor.read(cursor.text(), URL)
    assert (again, problems) == (cursor, ())
    assert all("\n" not in value and "\r" not in value for value in again.condition().values())


def test_bounded() -> None:
    """The cursor of a feed that runs for years stays small: what left the feed long ago is forgotten, oldest first."""
    cursor, _ = FeedCursor.read(None, URL)
    for number in range(3 * REMEMBERED_LEAST):
        changed = mark(-1, f"words {number}", f"day {number}")
        cursor = cursor.after([changed, mark(number)], size=1, etag=None, modified=None)
    assert len(cursor.given) == REMEMBERED_LEAST
    assert cursor.knows(mark(3 * REMEMBERED_LEAST - 1))
    assert cursor.knows(changed), "what was given anew is not forgotten as the oldest"
    assert not cursor.knows(mark(0))
    assert len(cursor.text()) < 40 * REMEMBERED_LEAST


def test_begins_at_a_time() -> None:
    """A time is kept through every later cursor; one without a zone is no time."""
    cursor, _ = FeedCursor.read("2022-03-02T00:00:00+00:00", URL)
    cursor, _ = FeedCursor.read(cursor.after([], size=0, etag=None, modified=None).text(), URL)
    assert cursor.is_before(datetime(2022, 3, 1, tzinfo=UTC))
    assert not cursor.is_before(datetime(2022, 3, 3, tzinfo=UTC))
    assert not cursor.is_before(None)
    assert FeedCursor.read("2022-03-02", URL)[1] != ()
