"""When a snooze ends, of what a member has chosen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.slack.ids import Until
from bot.surfaces.until import ends_at

NOW = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)
"""In Oslo half past eleven of the evening before the clocks go forward."""


@pytest.mark.parametrize(
    ("choice", "span"),
    [(Until.HOUR, timedelta(hours=1)), (Until.HOURS, timedelta(hours=4)), (Until.WEEK, timedelta(weeks=1))],
)
def test_a_span_is_as_long_as_it_says(choice: Until, span: timedelta) -> None:
    """Whatever the clocks do meanwhile."""
    assert ends_at(choice, NOW, "Europe/Oslo", None) - NOW == span


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("Europe/Oslo", "2026-03-29T07:00"), ("Asia/Beirut", "2026-03-30T06:00"), ("America/New_York", "2026-03-29T13:00"),
     (None, "2026-03-29T09:00")],
)  # fmt: skip
def test_tomorrow_is_nine_in_the_morning_there(zone: str | None, expected: str) -> None:
    """The day after theirs, by their clock, over a change of the clocks too; UTC where nobody knows the zone."""
    end = ends_at(Until.TOMORROW, NOW, zone, None)
    assert end.astimezone(UTC).isoformat()[:16] == expected


def test_a_moment_is_taken_as_it_was_picked() -> None:
    """Slack gives Unix seconds."""
    assert ends_at(Until.MOMENT, NOW, None, 1_800_000_000) == datetime(2027, 1, 15, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("moment", [None, 10**18])
def test_a_moment_that_is_none_is_refused(moment: int | None) -> None:
    """Nothing picked, and what no calendar has."""
    with pytest.raises(ValueError, match=r"picked|calendar|year"):
        ends_at(Until.MOMENT, NOW, None, moment)
