"""Times decoded from numbers, and dates read from what people write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.dates import FIRST_SNOWFLAKE, SNOWFLAKE_EPOCH_MS, decode_time, read_date, settle
from bot.sources.links import normalise
from storage.records import TimeBasis


def test_decoded() -> None:
    """A recorded number gives its recorded time, to the millisecond."""
    assert decode_time(1641086480675225601) == datetime(2023, 3, 29, 14, 34, 41, 562000, tzinfo=UTC)
    assert decode_time(1170420726400212997) == datetime(2019, 9, 7, 19, 37, 1, 196000, tzinfo=UTC)


@pytest.mark.parametrize("native_id", [0, 20, FIRST_SNOWFLAKE, -1, 2**64])
def test_not_encoded(native_id: int) -> None:
    """Early, sequential and impossible numbers encode no time."""
    assert decode_time(native_id) is None


@given(st.integers(10**9, 2**41), st.integers(0, 2**22 - 1))
def test_inverse(milliseconds: int, rest: int) -> None:
    """The time is the number's upper bits, whatever the lower ones are."""
    decoded = decode_time((milliseconds << 22) + rest)
    assert decoded is not None
    expected = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds + SNOWFLAKE_EPOCH_MS)
    assert decoded == expected


def test_zone_kept() -> None:
    """A stated zone is kept, and nothing is noted."""
    read = read_date("2015-10-13T17:38:00-04:00")
    assert read is not None
    assert read == (datetime(2015, 10, 13, 17, 38, tzinfo=timezone(timedelta(hours=-4))), "")
    assert read[0].utcoffset() == timedelta(hours=-4)


@pytest.mark.parametrize("written", ["2015-10-13", "2015-10-13T17:38:00", "2015-10-13 17:38"])
def test_naive(written: str) -> None:
    """A date without a zone is read as UTC, and that is noted."""
    read = read_date(written)
    assert read is not None
    assert read[0].tzinfo is UTC
    assert written in read[1]


@pytest.mark.parametrize("written", ["", "yesterday", "13/10/2015", "0001-01-01T00:00:00+14:00", "\ud800", "9" * 500])
def test_unreadable(written: str) -> None:
    """What is no date, or none that can be archived, is None."""
    assert read_date(written) is None


def test_mail_date() -> None:
    """Dates as mail and feeds write them are read as well."""
    read = read_date("Tue, 13 Oct 2015 17:38:00 -0400")
    assert read is not None
    assert read[0].isoformat() == "2015-10-13T17:38:00-04:00"


@given(st.text(max_size=60))
def test_any_text(written: str) -> None:
    """Any text is a date with a zone, or none."""
    read = read_date(written)
    assert read is None or read[0].tzinfo is not None


def test_settle() -> None:
    """The number's time wins over a stated one; only a disagreement of more than a day is noted."""
    link = normalise("https://x.com/a/status/1641086480675225601")
    decoded = datetime(2023, 3, 29, 14, 34, 41, 562000, tzinfo=UTC)
    assert settle(link, None) == (decoded, TimeBasis.DECODED_ID, ())
    assert settle(link, decoded + timedelta(hours=20)) == (decoded, TimeBasis.DECODED_ID, ())
    posted_at, basis, notes = settle(link, decoded - timedelta(days=2))
    assert (posted_at, basis, len(notes)) == (decoded, TimeBasis.DECODED_ID, 1)
    assert settle(normalise("https://x.com/a/status/20"), decoded) == (decoded, TimeBasis.STATED, ())
    assert settle(None, None) == (None, TimeBasis.UNKNOWN, ())
