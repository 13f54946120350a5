"""Quiet hours: by the clock on the wall, over midnight and over clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.schedules.due import WEEK, ScheduleRefused, Weekdays
from bot.schedules.quiet import QuietHours
from tests.schedules.schedules import CLOCKS, DAY, MINUTE, NIGHTS, WEEKDAYS, ZONES, near_changes


@st.composite
def quiet_hours(draw: st.DrawFn) -> QuietHours:
    """Any quiet hours that end, in any zone."""
    start, end, days = draw(CLOCKS | NIGHTS), draw(CLOCKS | NIGHTS), draw(st.just(Weekdays()) | WEEKDAYS)
    assume(start != end or days.numbers != WEEK)
    return QuietHours(start, end, draw(ZONES), days)


def on_the_wall(quiet: QuietHours, wall: datetime) -> bool:
    """Say whether a clock on the wall stands within the hours of its day, or of the night begun the day before."""
    today, yesterday = ((wall - ago * DAY).weekday() in quiet.days.numbers for ago in (0, 1))
    if quiet.start < quiet.end:
        return today and quiet.start <= wall.time() < quiet.end
    return (today and wall.time() >= quiet.start) or (yesterday and wall.time() < quiet.end)


def at(text: str) -> datetime:
    """A moment in UTC, from “2016-03-01 12:00”."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def hours(start: str, end: str, zone: str = "UTC", days: frozenset[int] = WEEK) -> QuietHours:
    """Quiet hours from text."""
    return QuietHours(time.fromisoformat(start), time.fromisoformat(end), zone, Weekdays(days))


@settings(deadline=None)
@given(st.data())
def test_it_is_quiet_whenever_the_clock_on_the_wall_stands_within_the_hours(data: st.DataObject) -> None:
    """And at no other time, but where clocks go back within or beside the hours: there quiet has no hole."""
    quiet = data.draw(quiet_hours())
    zone = ZoneInfo(quiet.zone)
    first = data.draw(near_changes(quiet.zone)).replace(second=0, microsecond=0)
    for moment in (first + n * MINUTE for n in range(0, 1440, 7)):
        wall = moment.astimezone(zone)
        if on_the_wall(quiet, wall.replace(tzinfo=None)):
            assert quiet.holds(moment)
        elif quiet.holds(moment):
            back = (wall + (ahead * DAY) for ahead in (-1, 1))
            assert any(other.utcoffset() != wall.utcoffset() for other in back)


@settings(deadline=None)
@given(st.data())
def test_quiet_ends_at_the_first_moment_that_is_not_quiet(data: st.DataObject) -> None:
    """Until the end it is quiet without a break, at the end it is not; where it is not quiet there is no end."""
    quiet = data.draw(quiet_hours())
    moment = data.draw(near_changes(quiet.zone))
    end = quiet.next_end(moment)
    assert (end is not None) == quiet.holds(moment)
    if end is not None:
        assert end > moment
        assert not quiet.holds(end)
        steps = min((end - moment) // MINUTE, 3000)
        assert all(quiet.holds(moment + n * MINUTE) for n in range(0, steps, 17))
        assert quiet.holds(end - timedelta(microseconds=1))


def test_a_night_goes_over_midnight_and_belongs_to_the_day_it_began() -> None:
    """Friday's night lasts into Saturday morning; Saturday's own night is not quiet."""
    quiet = hours("22:00", "07:00", days=frozenset({4}))  # 4 March 2016 is a Friday
    assert not quiet.holds(at("2016-03-04 06:59"))
    assert not quiet.holds(at("2016-03-04 21:59"))
    assert quiet.holds(at("2016-03-04 22:00"))
    assert quiet.holds(at("2016-03-05 06:59"))
    assert not quiet.holds(at("2016-03-05 07:00"))
    assert not quiet.holds(at("2016-03-05 22:00"))
    assert at("2016-03-05 07:00") == quiet.next_end(at("2016-03-04 23:00"))


def test_days_that_are_quiet_as_a_whole_end_together() -> None:
    """From midnight to midnight on both days of a weekend, quiet ends on Monday."""
    quiet = hours("00:00", "00:00", days=frozenset({5, 6}))
    assert at("2016-03-07 00:00") == quiet.next_end(at("2016-03-05 00:00"))
    assert quiet.next_end(at("2016-03-04 23:59")) is None


def test_an_hour_that_comes_twice_is_quiet_both_times() -> None:
    """In Oslo 02:30 came at 00:30 and 01:30 UTC on 30 October 2016: quiet begins with the first, ends with the last."""
    assert at("2016-10-30 01:30") == hours("22:00", "02:30", "Europe/Oslo").next_end(at("2016-10-29 23:00"))
    assert hours("02:30", "07:00", "Europe/Oslo").holds(at("2016-10-30 00:30"))
    assert at("2016-10-30 01:15") == hours("02:10", "02:15", "Europe/Oslo").next_end(at("2016-10-30 00:40"))


def test_quiet_that_has_begun_is_not_broken_when_the_day_before_comes_back() -> None:
    """In St. John's the clock went back from 00:01 on Sunday 7 November 2010 to 23:01 on Saturday, at 02:31 UTC."""
    quiet = hours("00:00", "07:00", "America/St_Johns", days=frozenset({6}))
    assert not quiet.holds(at("2010-11-07 02:29"))
    assert quiet.holds(at("2010-11-07 02:30"))
    assert quiet.holds(at("2010-11-07 02:45"))
    assert at("2010-11-07 10:30") == quiet.next_end(at("2010-11-07 02:45"))


def test_hours_that_do_not_exist_end_with_the_gap() -> None:
    """In Oslo the clock leapt from 02:00 to 03:00 at 01:00 UTC on 27 March 2016."""
    assert at("2016-03-27 01:00") == hours("22:00", "02:30", "Europe/Oslo").next_end(at("2016-03-27 00:59"))
    assert not hours("02:10", "02:50", "Europe/Oslo").holds(at("2016-03-27 01:00"))


def test_quiet_without_end_is_refused() -> None:
    """All day on all days is a pause; a start between two minutes or in a zone nobody knows is refused as well."""
    with pytest.raises(ScheduleRefused, match="pause"):
        hours("09:00", "09:00")
    with pytest.raises(ScheduleRefused, match="whole minute"):
        hours("09:00:30", "10:00")
    with pytest.raises(ScheduleRefused, match="no time zone"):
        hours("09:00", "10:00", "Mars/Olympus")


def test_a_naive_moment_is_a_mistake() -> None:
    """A moment without a zone is no instant."""
    with pytest.raises(ValueError, match="no instant"):
        hours("09:00", "10:00").holds(datetime(2016, 3, 1))  # noqa: DTZ001
