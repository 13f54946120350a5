"""Random schedules and moments, and the plainest possible reading of when a schedule is due."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.schedules.due import (
    EPOCH,
    LAST,
    Calendar,
    Interval,
    MonthDays,
    MonthWeekdays,
    Schedule,
    Weekdays,
    zone_names,
)

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
ODD_ZONES = (
    "Europe/Oslo",  # an hour, at 02:00
    "America/Sao_Paulo",  # until 2018 at midnight, forward: days without 00:00
    "Asia/Beirut",  # at midnight both ways
    "America/Havana",  # at midnight forward, at 01:00 back
    "Africa/Cairo",  # at midnight, on Fridays
    "America/Scoresbysund",  # back from midnight
    "America/St_Johns",  # until 2011 at a minute past midnight, so that a day began twice
    "Australia/Lord_Howe",  # half an hour
    "Antarctica/Troll",  # two hours
    "Asia/Kathmandu",  # five hours and three quarters, moved by a quarter in 1986
    "Asia/Pyongyang",  # half an hour at once in 2015 and 2018
    "America/Caracas",
    "Pacific/Chatham",
    "Pacific/Apia",  # a day left out in 2011
    "Pacific/Kwajalein",  # a day left out in 1993
    "Africa/Casablanca",  # summer time below standard time, off in Ramadan
    "Europe/Dublin",
)
YEARS = (1980, 2045)
"""Within these years every zone is whole minutes away from UTC; later ones come from rules, not from tables."""


@cache
def changes(zone: str, year: int) -> tuple[datetime, ...]:
    """Give the instants, to the minute, at which a zone's clocks are changed in a year."""
    clocks, found = ZoneInfo(zone), []
    before = datetime(year, 1, 1, tzinfo=UTC)
    while before.year == year:
        after = before + timedelta(hours=12)
        if before.astimezone(clocks).utcoffset() != after.astimezone(clocks).utcoffset():
            minutes = (before + n * MINUTE for n in range(1, 721))
            found.append(
                next(m for m in minutes if m.astimezone(clocks).utcoffset() != before.astimezone(clocks).utcoffset())
            )
        before = after
    return tuple(found)


ZONES = st.sampled_from(ODD_ZONES) | st.sampled_from(sorted(zone_names().values()))
CLOCKS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]) | st.integers(0, 59))
NIGHTS = st.builds(time, st.sampled_from([23, 0, 1, 2, 3]), st.integers(0, 59))
"""Times of day at which clocks are changed nearly everywhere."""
TIMES = st.sets(CLOCKS | NIGHTS, min_size=1, max_size=5).map(lambda times: tuple(sorted(times)))
WEEKDAYS = st.frozensets(st.integers(0, 6), min_size=1).map(Weekdays)
MONTH_DAYS = st.frozensets(st.just(LAST) | st.integers(1, 31), min_size=1).map(MonthDays)
MONTH_WEEKDAYS = st.frozensets(
    st.tuples(st.sampled_from([1, 2, 3, 4, 5, LAST]), st.integers(0, 6)), min_size=1, max_size=10
).map(MonthWeekdays)
DAYS = st.just(Weekdays()) | WEEKDAYS | MONTH_DAYS | MONTH_WEEKDAYS
MOMENTS = st.datetimes(datetime(YEARS[0], 1, 1), datetime(YEARS[1], 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
ANCHORS = st.just(EPOCH) | MOMENTS.map(lambda moment: moment.replace(second=0, microsecond=0))
INTERVALS = st.builds(Interval, st.integers(1, 31 * 24 * 60).map(lambda minutes: minutes * MINUTE), ANCHORS)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any calendar schedule, in any zone."""
    return Calendar(draw(TIMES), draw(DAYS), draw(ZONES))


SCHEDULES: st.SearchStrategy[Schedule] = INTERVALS | calendars()


@st.composite
def near_changes(draw: st.DrawFn, zone: str) -> datetime:
    """A moment within two days of a clock change where the zone has one in the year, else any."""
    year = draw(st.integers(YEARS[0], YEARS[1] - 1))
    found = changes(zone, year)
    moment = draw(st.sampled_from(found)) if found else draw(MOMENTS)
    return moment + timedelta(seconds=draw(st.integers(-2 * 86400, 2 * 86400)))


def is_on(days: Weekdays | MonthDays | MonthWeekdays, day: date) -> bool:
    """Say whether a day is among these."""
    length = monthrange(day.year, day.month)[1]
    if isinstance(days, Weekdays):
        return day.weekday() in days.numbers
    if isinstance(days, MonthDays):
        return day.day in days.numbers or (day.day == length and LAST in days.numbers)
    which = {(day.day - 1) // 7 + 1, LAST if day.day + 7 > length else 0}
    return any((one, day.weekday()) in days.places for one in which)


def minute_by_minute(schedule: Calendar, since: datetime, until: datetime) -> Iterator[datetime]:
    """Watch a wall clock minute by minute: due is each minute at which it first reaches, or leaps over, a due time.

    Whatever the clock has shown once is past; so what exists twice is due the first time, and what is leapt over at the
    leap. It is watched from two days before `since`, to know what it has shown already.
    """
    zone = ZoneInfo(schedule.zone)
    moment = since.replace(second=0, microsecond=0) - 2 * DAY
    shown = moment.astimezone(zone).replace(tzinfo=None)
    while (moment := moment + MINUTE) <= until:
        wall = moment.astimezone(zone).replace(tzinfo=None)
        reached = (shown + ahead * MINUTE for ahead in range(1, (wall - shown) // MINUTE + 1))
        due = any(clock.time() in schedule.times and is_on(schedule.days, clock.date()) for clock in reached)
        shown = max(shown, wall)
        if due and moment > since:
            yield moment
