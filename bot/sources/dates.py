"""When a post was published: decoded from its number where the platform encodes it, else what somebody states."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from bot.sources.base import Link
from storage.records import TimeBasis

SNOWFLAKE_EPOCH_MS = 1_288_834_974_657
"""Milliseconds since 1970 at which X's numbers begin to count (X's published snowflake format)."""
FIRST_SNOWFLAKE = 29_700_859_247
"""X's numbers up to about this one were handed out in sequence, before 2010-11-04: they encode no time."""
DISAGREEMENT = timedelta(days=1)
"""A stated date that differs from the decoded one by more than this is worth a note; less is a matter of zones."""


def decode_time(native_id: int) -> datetime | None:
    """Return the UTC time at which X made this number, exact to the millisecond; None where it encodes none."""
    if not FIRST_SNOWFLAKE < native_id < 2**64:
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=(native_id >> 22) + SNOWFLAKE_EPOCH_MS)


def read_date(written: str) -> tuple[datetime, str] | None:
    """Read an ISO 8601 or RFC 5322 date; return the aware time and a note, empty where nothing was assumed.

    The zone is kept as told. None where the date cannot be read, or lies outside the years that can be archived.
    """
    written = written.strip()
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        try:
            moment = parsedate_to_datetime(written)
        except (ValueError, IndexError, TypeError, OverflowError):
            return None
    note = ""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
        only_day = "T" not in written and ":" not in written
        note = f"The date {written!r} names no {'time' if only_day else 'zone'}; it is read as UTC."
    try:
        moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return moment, note


def settle(link: Link | None, stated: datetime | None) -> tuple[datetime | None, TimeBasis, tuple[str, ...]]:
    """Decide the time of a post: the time in an X number wins over a stated one, and a disagreement is noted."""
    decoded = decode_time(int(link.native_id)) if link is not None and link.platform == "x" else None
    if decoded is None:
        return stated, TimeBasis.STATED if stated else TimeBasis.UNKNOWN, ()
    if stated is not None and abs(stated - decoded) > DISAGREEMENT:
        note = (
            f"The stated date {stated.isoformat()} disagrees with the time in the post's number, {decoded.isoformat()}."
        )
        return decoded, TimeBasis.DECODED_ID, (note,)
    return decoded, TimeBasis.DECODED_ID, ()
