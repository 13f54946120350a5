"""Hours in which a watch or a channel is left in peace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.schedules.due import WEEK, ScheduleRefused, Weekdays, checked_clock, checked_zone, instant, utc


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one time of day to another, the start within and the end without, by the clocks of a zone.

    Clock changes are read in favour of quiet: a start that exists twice counts the first time, an end the second, so
    that nothing is ever posted while the clock on the wall stands within the hours. A start or end that does not exist
    is the moment the gap ends.

    Attributes:
        start: whole minute; quiet begins.
        end: whole minute; quiet is over. Not later than `start`: on the day after. The same: a whole day long.
        zone: IANA name.
        days: the days on which quiet begins.
    """

    start: time
    end: time
    zone: str
    days: Weekdays = Weekdays()  # noqa: RUF009 - a frozen value

    def __post_init__(self) -> None:
        checked_zone(self.zone)
        checked_clock(self.start)
        checked_clock(self.end)
        if self.start == self.end and self.days.numbers == WEEK:
            raise ScheduleRefused("Quiet hours that never end would silence everything; pause it instead.")

    def holds(self, at: datetime) -> bool:
        """Say whether an aware moment lies in quiet hours."""
        at = utc(at)
        return any(start <= at < end for start, end in self._near(at))

    def next_end(self, at: datetime) -> datetime | None:
        """Give in UTC the first moment after `at` that is not quiet, or None when `at` is not quiet itself.

        Quiet that goes over into the next day's quiet without a break ends where the last of it ends.
        """
        moment = utc(at)
        while ends := [end for start, end in self._near(moment) if start <= moment < end]:
            moment = max(ends)
        return moment if self.holds(at) else None

    def _near(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Give the stretches that can hold a moment: begun the day before or that day.

        Or the day after: where clocks go back over midnight, it has begun once before the day is over.
        """
        zone = ZoneInfo(self.zone)
        today = at.astimezone(zone).date()
        for ahead in (-1, 0, 1):
            day = today + timedelta(days=ahead)
            if day.weekday() in self.days.numbers:
                until = day if self.start < self.end else day + timedelta(days=1)
                yield instant(day, self.start, zone), instant(until, self.end, zone, fold=1)
