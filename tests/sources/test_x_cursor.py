"""Where a search of X stands: written and read back, and what the window leaves of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.dates import decode_time
from bot.sources.x_cursor import WINDOW, Span, XCursor, number_at

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
NUMBERS = st.integers(0, 2**64 - 1)


@given(
    st.lists(st.builds(Span, NUMBERS, NUMBERS), max_size=3),
    NUMBERS,
    st.none() | st.integers(0, 2**33).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
)
def test_round_trip(left: list[Span], above: int, looked: datetime | None) -> None:
    """A cursor that was written reads as the same one."""
    cursor = XCursor((*left, Span(above)), looked)
    assert XCursor.read(cursor.text()) == (cursor, ())


@given(st.text(max_size=30))
def test_any_text(since: str) -> None:
    """Any text is a cursor, or starts over with a note."""
    cursor, notes = XCursor.read(since)
    assert cursor.spans[-1].below is None
    assert len(notes) <= 1


def test_number_of_a_post() -> None:
    """The number of a post is a cursor: what is newer is still to be read."""
    assert XCursor.read("1641086480675225601") == (XCursor((Span(1641086480675225601),)), ())
    assert Span(5, 9).holds(6)
    assert not any(Span(5, 9).holds(number) for number in (5, 9))


@given(st.integers(1_300_000_000_000_000, 3_400_000_000_000_000))
def test_number_at(microseconds: int) -> None:
    """The lowest number of a moment decodes to that moment's millisecond."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    decoded = decode_time(number_at(moment))
    assert decoded is not None
    assert timedelta(0) <= moment - decoded < timedelta(milliseconds=1)


def test_number_before_times() -> None:
    """Before numbers encoded times there is no lowest one."""
    assert number_at(datetime(2006, 3, 21, tzinfo=UTC)) == 0


@pytest.mark.parametrize(
    ("age", "looked", "noted"),
    [(6.9, None, False), (8.0, None, True), (80.0, 1.0, False), (80.0, 8.0, True), (1.0, 8.0, False)],
)
def test_window(age: float, looked: float | None, noted: bool) -> None:
    """Something may be missing only where neither the last post nor the last look lies in the window."""
    seen = NOW - timedelta(days=looked) if looked else None
    cursor = XCursor((Span(number_at(NOW - timedelta(days=age))),), seen)
    assert bool(cursor.within(NOW)[1]) is noted
    assert cursor.within(NOW)[0] == cursor
    assert timedelta(days=7) == WINDOW


def test_first_search() -> None:
    """A watch that begins misses nothing, and one that found nothing at first only what it did not look for."""
    assert XCursor().within(NOW) == (XCursor(), ())
    idle = XCursor(looked=NOW - timedelta(days=9))
    assert len(idle.within(NOW)[1]) == 1
