"""When watches and digests are due: frozen values and pure functions, with no clock of their own.

A schedule is an `Interval` in real time, or a `Calendar` of times of day in a zone. A due time is an aware UTC instant,
and that instant is its name: what was fired is noted by it, so that it never fires again, whatever the machine's clock
does in between.

Clock changes: a local time that does not exist is due at the moment the gap ends; a local time that exists twice is due
the first time. Two times of one schedule that fall on one instant (both inside a gap) are one due time. Intervals are
not moved by clock changes.
"""

from __future__ import annotations

from calendar import monthrange
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import count
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from storage.errors import DatelineError

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Where an interval counts from when nobody says it: full hours and quarters in UTC."""
FASTEST: Final = timedelta(minutes=1)
SLOWEST: Final = timedelta(days=31)
"""The limits of an interval: the pace of the tick, and the longest month."""
MOST_TIMES: Final = 48
"""Times of day in one schedule; more is an interval."""
LATE_AFTER: Final = timedelta(minutes=5)
"""How long after its due time a run is still in time: a restart or a busy queue costs that, and nobody need be told."""
LAST: Final = -1
"""The number of the last day, or of the last such weekday, of a month."""
WEEK: Final = frozenset(range(7))
"""Every day of the week; 0 is Monday, as in `date.weekday`."""


class ScheduleRefused(DatelineError):
    """The words name no schedule, or one outside the limits; the message holds an example of what would do."""

    code = "schedule_refused"


@cache
def zone_names() -> dict[str, str]:
    """Give every IANA zone of this machine's time zone data by its name in lower case."""
    return {name.lower(): name for name in available_timezones() if name != "localtime"}


def checked_zone(name: str) -> None:
    """Refuse what is no IANA zone, letter by letter."""
    if zone_names().get(name.lower()) != name:
        raise ScheduleRefused(f"“{name[:60]}” is no time zone; write for example Europe/Oslo or UTC.")


def _checked_days(numbers: frozenset[int]) -> None:
    if not numbers or not numbers <= WEEK:
        raise ScheduleRefused("Name at least one day of the week, for example Monday.")


@dataclass(frozen=True, slots=True)
class Weekdays:
    """Days of the week.

    Attributes:
        numbers: 0 is Monday, 6 is Sunday.
    """

    numbers: frozenset[int] = WEEK

    def __post_init__(self) -> None:
        _checked_days(self.numbers)

    def since(self, first: date) -> Iterator[date]:
        """Give these days in order, from a day on, without end."""
        for ahead in count():
            day = first + timedelta(days=ahead)
            if day.weekday() in self.numbers:
                yield day


@dataclass(frozen=True, slots=True)
class MonthDays:
    """Days of the month by number; a month that lacks one passes it over.

    Attributes:
        numbers: 1 to 31, or `LAST` for the last day.
    """

    numbers: frozenset[int]

    def __post_init__(self) -> None:
        if not self.numbers or not self.numbers <= {LAST, *range(1, 32)}:
            raise ScheduleRefused(
                "A day of the month is 1st to 31st, or the last day, for example “on the 1st at 09:00”."
            )

    def since(self, first: date) -> Iterator[date]:
        """Give these days in order, from a day on, without end."""
        for month, length in _months(first):
            numbers = {length if number == LAST else number for number in self.numbers}
            days = (month.replace(day=number) for number in sorted(numbers) if number <= length)
            yield from (day for day in days if day >= first)


@dataclass(frozen=True, slots=True)
class MonthWeekdays:
    """Such days as the first Monday of the month; a month without a fifth passes it over.

    Attributes:
        places: pairs of which one (1 to 5, or `LAST`) and which day of the week (0 is Monday).
    """

    places: frozenset[tuple[int, int]]

    def __post_init__(self) -> None:
        _checked_days(frozenset(weekday for _, weekday in self.places))
        if not {which for which, _ in self.places} <= {LAST, 1, 2, 3, 4, 5}:
            raise ScheduleRefused(
                "A month has at most five of each weekday; write for example “first Monday of the month at 09:00”."
            )

    def since(self, first: date) -> Iterator[date]:
        """Give these days in order, from a day on, without end."""
        for month, length in _months(first):
            numbers: set[int] = set()
            for which, weekday in self.places:
                of_kind = range(1 + (weekday - month.weekday()) % 7, length + 1, 7)
                if which <= len(of_kind):
                    numbers.add(of_kind[which if which == LAST else which - 1])
            days = (month.replace(day=number) for number in sorted(numbers))
            yield from (day for day in days if day >= first)


def _months(first: date) -> Iterator[tuple[date, int]]:
    """Give the first day and the length of each month, from the month of a day on."""
    month = first.replace(day=1)
    while True:
        length = monthrange(month.year, month.month)[1]
        yield month, length
        month += timedelta(days=length)


@dataclass(frozen=True, slots=True)
class Interval:
    """Every so often in real time, whatever the clocks on the wall do.

    Attributes:
        every: whole minutes, from `FASTEST` to `SLOWEST`.
        anchor: the first due time, a whole minute in UTC.
    """

    every: timedelta
    anchor: datetime = EPOCH

    def __post_init__(self) -> None:
        if self.every < FASTEST:
            raise ScheduleRefused("A schedule runs no faster than every minute; write for example “every 15 minutes”.")
        if self.every > SLOWEST:
            raise ScheduleRefused(
                "An interval is no slower than every 31 days; "
                "for a day of each month write for example “on the 1st at 09:00”."
            )
        if self.every % FASTEST:
            raise ScheduleRefused("An interval is counted in whole minutes; write for example “every 90 minutes”.")
        if self.anchor.tzinfo is not UTC or self.anchor.second or self.anchor.microsecond:
            raise ScheduleRefused("An interval starts at a whole minute, for example “starting 2016-03-01 09:30 UTC”.")


@dataclass(frozen=True, slots=True)
class Calendar:
    """At times of day on certain days, by the clocks of a zone.

    Attributes:
        times: whole minutes, in order, each once; at most `MOST_TIMES`.
        days: on which days.
        zone: IANA name.
    """

    times: tuple[time, ...]
    days: Weekdays | MonthDays | MonthWeekdays
    zone: str

    def __post_init__(self) -> None:
        checked_zone(self.zone)
        if not self.times or self.times != tuple(sorted(set(self.times))):
            raise ScheduleRefused("Name the times of day in order and each once, for example “at 09:00 and 18:00”.")
        if len(self.times) > MOST_TIMES:
            raise ScheduleRefused(
                f"A schedule has at most {MOST_TIMES} times of day; for more write for example “every 15 minutes”."
            )
        for clock in self.times:
            checked_clock(clock)


Schedule = Interval | Calendar


def checked_clock(clock: time) -> None:
    """Refuse what is no whole minute of a day."""
    if clock.tzinfo is not None or clock.second or clock.microsecond or clock.fold:
        raise ScheduleRefused("A time of day is a whole minute, for example 09:30.")


def utc(moment: datetime) -> datetime:
    """Give an aware moment in UTC; a naive one is a mistake of the caller, a ValueError."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone is no instant")
    return moment.astimezone(UTC)


def _offset(local: datetime) -> timedelta:
    offset = local.utcoffset()
    assert offset is not None
    return offset


def instant(day: date, clock: time, zone: ZoneInfo, *, fold: int = 0) -> datetime:
    """Give the UTC instant of a local time: the end of the gap where it does not exist.

    Attributes:
        fold: where it exists twice, 0 means the first time and 1 the second.
    """
    local = datetime.combine(day, clock, zone)
    before, after = _offset(local), _offset(local.replace(fold=1))
    if after > before:
        return _gap_end(local.replace(tzinfo=UTC) - after, local.replace(tzinfo=UTC) - before, zone)
    return local.replace(fold=fold).astimezone(UTC)


def _gap_end(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """Find the second at which the zone's clocks leap, after one instant and not after another."""
    before = _offset(low.astimezone(zone))
    short, enough = 0, int((high - low).total_seconds())
    while enough - short > 1:
        middle = (short + enough) // 2
        if _offset((low + timedelta(seconds=middle)).astimezone(zone)) == before:
            short = middle
        else:
            enough = middle
    return low + timedelta(seconds=enough)


def next_due(schedule: Schedule, after: datetime) -> datetime:
    """Give the first due time strictly after an aware moment, in UTC."""
    after = utc(after)
    if isinstance(schedule, Interval):
        return schedule.anchor + max(0, (after - schedule.anchor) // schedule.every + 1) * schedule.every
    zone = ZoneInfo(schedule.zone)
    days = schedule.days.since(after.astimezone(zone).date())
    instants = (instant(day, clock, zone) for day in days for clock in schedule.times)
    return next(due for due in instants if due > after)


def due_between(schedule: Schedule, since: datetime, now: datetime) -> Iterator[datetime]:
    """Give in order the due times after `since` and not after `now`; none when the clock went back behind `since`."""
    now = utc(now)
    due = next_due(schedule, since)
    while due <= now:
        yield due
        due = next_due(schedule, due)


@dataclass(frozen=True, slots=True)
class Due:
    """One run that stands for everything that has come due.

    Attributes:
        at: the latest due time, by whose instant the run is claimed.
        missed: how many due times were not run in time: the earlier ones that this run stands for, and `at` if late.
        late: `at` is longer ago than the grace allows.
    """

    at: datetime
    missed: int
    late: bool


def coalesced(schedule: Schedule, last: datetime, now: datetime, grace: timedelta = LATE_AFTER) -> Due | None:
    """Fold all that came due since the last run into one, or None when nothing is due.

    Attributes:
        last: the latest due time already fired that is *not after now*, or else since when the schedule runs. A due
            time fired by a clock that ran ahead must not be given: it would silence the schedule until then. For the
            same reason whoever keeps since when it runs moves that back to `now` on finding it after `now`.
        now: the machine's clock.
        grace: how long after its due time a run is in time.
    """
    last, now = utc(last), utc(now)
    if isinstance(schedule, Interval):
        first = next_due(schedule, last)
        if first > now:
            return None
        earlier = (now - first) // schedule.every
        at = first + earlier * schedule.every
    else:
        counted = deque(enumerate(due_between(schedule, last, now)), maxlen=1)
        if not counted:
            return None
        earlier, at = counted[0]
    late = now - at > grace
    return Due(at, earlier + late, late)
