"""The days that the words of a schedule name, gathered word by word."""

from __future__ import annotations

from bot.schedules.due import LAST, WEEK, MonthDays, MonthWeekdays, ScheduleRefused, Weekdays


class DaysRead:
    """What the words have said of days so far."""

    def __init__(self) -> None:
        self.daily = False
        self.period = ""
        self.weekdays: set[int] = set()
        self._numbers: set[int] = set()
        self._places: set[tuple[int, int]] = set()
        self._ordinals: list[tuple[int, bool]] = []
        self._two_ways = False

    def has_ordinals(self) -> bool:
        """Say whether ordinals wait for what they count: “first” and “third” before “Monday”."""
        return bool(self._ordinals)

    def ordinal(self, number: int, *, in_digits: bool, after_every: bool) -> None:
        """Note an ordinal; “every second Monday” or “day” could mean every other one, unless a month is named."""
        self._two_ways |= after_every and number not in {1, LAST}
        self._ordinals.append((number, in_digits))

    def nth(self, weekday: int) -> None:
        """Let the ordinals that wait count a day of the week."""
        if len({in_digits for _, in_digits in self._ordinals}) > 1:
            raise ScheduleRefused(
                "Days of the month and such days as “last Friday” need a schedule each, "
                "for example “last Friday of the month at 09:00”."
            )
        self._places |= {(number, weekday) for number, _ in self._ordinals}
        self._ordinals.clear()

    def settle(self, *, before_noun: bool = False) -> None:
        """Let the ordinals that wait count days of the month."""
        numbers = {number for number, _ in self._ordinals}
        if LAST in numbers and not before_noun:
            raise ScheduleRefused(
                "“last” needs its day, for example “last day of the month at 09:00” or “last Friday at 09:00”."
            )
        self._numbers |= numbers
        self._ordinals.clear()

    def read(self) -> Weekdays | MonthDays | MonthWeekdays:
        """Give the days, all of the week when none were named."""
        self.settle()
        if (self.daily + bool(self.weekdays) + bool(self._numbers) + bool(self._places)) > 1:
            raise ScheduleRefused(
                "Name days of the week or days of the month, in a schedule each, "
                "for example “Mondays at 09:00” or “on the 1st at 09:00”."
            )
        if self._two_ways and self.period != "month":
            raise ScheduleRefused(
                "An ordinal behind “every” can be read in two ways; "
                "write for example “second Monday of the month at 09:00” or “every 2 days”."
            )
        of_month = bool(self._numbers or self._places)
        if self.period == "month" and not of_month:
            raise ScheduleRefused(
                "A schedule by the month needs its day; "
                "write for example “on the 1st at 09:00” or “first Monday of the month at 09:00”."
            )
        if self.period == "week" and not (self.weekdays or self.daily):
            raise ScheduleRefused("A schedule by the week needs its day; write for example “Mondays at 09:00”.")
        if self._places:
            return MonthWeekdays(frozenset(self._places))
        return MonthDays(frozenset(self._numbers)) if of_month else Weekdays(frozenset(self.weekdays or WEEK))
