"""When a snooze ends, of what a member has chosen."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.schedules.due import instant
from bot.slack.ids import Until

MORNING: Final = time(9)
_SPANS: Final = {Until.HOUR: timedelta(hours=1), Until.HOURS: timedelta(hours=4), Until.WEEK: timedelta(weeks=1)}


def ends_at(choice: Until, now: datetime, zone: str | None, moment: int | None) -> datetime:
    """Return the end of a snooze that begins now.

    Args:
        choice: what was chosen.
        now: aware.
        zone: the IANA name of the member's zone; None where nobody knows it: UTC.
        moment: Unix seconds, of `Until.MOMENT`.

    Raises:
        ValueError: a moment was chosen, and none is given, or none that a calendar has.
    """
    if choice in _SPANS:
        return now + _SPANS[choice]
    if choice is Until.TOMORROW:
        where = ZoneInfo(zone or "UTC")
        return instant(now.astimezone(where).date() + timedelta(days=1), MORNING, where)
    if moment is None:
        raise ValueError("no date and time was picked")
    try:
        return datetime.fromtimestamp(moment, UTC)
    except (OverflowError, OSError) as error:
        raise ValueError("no calendar has that time") from error
