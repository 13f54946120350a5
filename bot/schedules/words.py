"""Schedules in the words editors type, and said back in one canonical form that is read as the same schedule.

Read are intervals (“every 15m”, “every 1 hour 30 minutes”, “hourly”, “every 2 days starting 2016-03-01 09:30”), and
times of day on days of the week (“daily at 9”, “mon, wed and fri at 17:00”, “monday to thursday at 6pm”) or of the
month (“on the 1st and the last day at 9:00”, “first monday of the month at 9”), each with an IANA zone at its end where
that is not the reader's own. What could be read in two ways is refused, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Final, NoReturn
from zoneinfo import ZoneInfo

from bot.schedules.days_read import DaysRead
from bot.schedules.due import (
    EPOCH,
    LAST,
    SLOWEST,
    WEEK,
    Calendar,
    Interval,
    MonthDays,
    MonthWeekdays,
    Schedule,
    ScheduleRefused,
    Weekdays,
    checked_zone,
    instant,
    zone_names,
)

LONGEST: Final = 1500
"""Characters of a schedule that are read; the longest canonical form has some 1,200."""
_MOST_QUOTED: Final = 60
"""Characters of what was typed that a refusal repeats."""
_EXAMPLES: Final = "write for example “every 15 minutes”, “weekdays at 07:45” or “on the 1st at 09:00”."
_NAMES: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKDAY: Final = {
    **{name.lower() + plural: number for number, name in enumerate(_NAMES) for plural in ("", "s")},
    **{
        "mon": 0,
        "tue": 1,
        "tues": 1,
        "wed": 2,
        "weds": 2,
        "thu": 3,
        "thur": 3,
        "thurs": 3,
        "fri": 4,
        "sat": 5,
        "sun": 6,
    },
}
_GROUP: Final = {
    name + plural: days for name, days in {"weekday": range(5), "weekend": range(5, 7)}.items() for plural in ("", "s")
}
_ORDINAL: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": LAST}
_NUMBER: Final = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 1
    )
} | {"a": 1, "an": 1, "fifteen": 15, "twenty": 20, "thirty": 30}
_HOUR, _DAY, _WEEK = 60, 24 * 60, 7 * 24 * 60
_MINUTES: Final = {
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 1),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), _HOUR),
    **dict.fromkeys(("d", "day", "days"), _DAY),
    **dict.fromkeys(("w", "week", "weeks"), _WEEK),
}
_SECONDS: Final = {"s", "sec", "secs", "second", "seconds"}
_MONTHS: Final = {"month", "months", "year", "years"}
_EVERY: Final = {"every", "each"}
_JOINS: Final = {",", ";", "&", "+", "/", "and"}
_TO: Final = {"to", "-", "through", "thru", "until", "till"}
_TOKEN: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[:.][0-9]{2}(?![0-9])|[0-9]+(?:st|nd|rd|th)\b|[0-9]+|[^\W\d_]+|\S"
)
_ZONE_BEHIND: Final = re.compile(r"(.*?)[\s,]+(?:in\s+)?\(?([a-z][a-z0-9_+/-]*)\)?", re.IGNORECASE | re.DOTALL)


def parse(typed: str, zone: str) -> Schedule:
    """Read a schedule; times are by the clocks of `zone` unless the words name another.

    Raises:
        ScheduleRefused: what was not understood in one sentence, with an example of what is.
    """
    checked_zone(zone)
    if len(typed) > LONGEST:
        raise ScheduleRefused(f"A schedule has at most {LONGEST} characters; {_EXAMPLES}")
    rest, zone = _zone_behind(" ".join(typed.split()).strip(" ."), zone)
    rest = re.sub(r"\b([ap])\.\s?m\b\.?", r"\1m", rest.lower().replace("–", "-").replace("—", "-"))
    reader = _Reader(re.sub(r"\s?o['’]clock\b", "", rest), zone)
    return reader.interval() or reader.calendar()


def _zone_behind(typed: str, zone: str) -> tuple[str, str]:
    """Split off the zone that the words end in, if they do."""
    found = _ZONE_BEHIND.fullmatch(typed)
    if not found:
        return typed, zone
    name = found[2].lower()
    if known := zone_names().get(name):
        return found[1], known
    if "/" in name and not set(name.split("/")) <= _WEEKDAY.keys() | _GROUP.keys():
        checked_zone(found[2])
    return typed, zone


class _Reader:
    """The words of one schedule, read from left to right."""

    def __init__(self, typed: str, zone: str) -> None:
        self._typed, self._zone = typed, zone
        self._words: list[str] = _TOKEN.findall(typed)
        self._at = 0

    def _word(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._words[at] if 0 <= at < len(self._words) else ""

    def _take(self, *choices: str) -> bool:
        taken = self._word() in choices
        self._at += taken
        return taken

    def _refuse(self, why: str = "") -> NoReturn:
        if not why and self._word():
            why = f"“{_cut(self._word())}” is not understood in “{_cut(self._typed)}”"
        raise ScheduleRefused(f"{why or 'The schedule breaks off'}; {_EXAMPLES}")

    # Intervals

    def interval(self) -> Interval | None:
        """Read an interval; None, and nothing read, when the words begin otherwise."""
        if self._take("hourly"):
            minutes: int | None = _HOUR
        elif self._take(*_EVERY):
            minutes = self._amount()
        else:
            return None
        if minutes is None:
            self._at = 0
            return None
        every = timedelta(minutes=min(minutes, SLOWEST // timedelta(minutes=1) + 1))
        if not self._take("starting", "from"):
            if self._word():
                self._refuse(f"“{_cut(self._word())}” cannot follow an interval, which runs round the clock")
            return Interval(every)
        self._take("at") or self._take("on")
        try:
            day = date.fromisoformat(self._word())
        except ValueError:
            raise ScheduleRefused("An interval starts at a date, for example “starting 2016-03-01 09:30”.") from None
        self._at += 1
        self._take("at") or self._take("t")
        clock = self._clock() if self._word() else time()
        if self._word():
            self._refuse()
        if not EPOCH.year < day.year < 2100:
            raise ScheduleRefused("An interval starts between 1971 and 2099, for example “starting 2016-03-01 09:30”.")
        return Interval(every, instant(day, clock, ZoneInfo(self._zone)))

    def _amount(self) -> int | None:
        """Read “15 minutes” or “1h30m” behind “every”, as minutes; None when days or ordinals follow instead."""
        if self._take("other"):
            if self._word() not in _MINUTES:
                self._refuse("“every other” goes with minutes, hours or days only")
            self._at += 1
            return 2 * _MINUTES[self._word(-1)]
        if self._take("half"):
            self._take("a", "an")
            if not self._take("hour"):
                self._refuse()
            return _HOUR // 2
        if self._word() in _SECONDS and not self._word(1):
            self._at += 1
            return 0
        if _MINUTES.get(self._word(), _DAY) < _DAY:  # “every hour”; “every day” and “every week” want a time of day
            self._at += 1
            return _MINUTES[self._word(-1)]
        total: int | None = None
        while (number := self._number()) is not None:
            unit = self._word()
            if unit in _SECONDS:
                raise ScheduleRefused(
                    "A schedule counts in whole minutes and runs no faster than every minute; "
                    "write for example “every 15 minutes”."
                )
            if unit in _MONTHS:
                number, unit = SLOWEST // timedelta(minutes=1) + 1, "minutes"
            elif unit not in _MINUTES:
                self._refuse(f"“every {_cut(self._word(-1))}” needs minutes, hours or days behind the number")
            self._at += 1
            total = (total or 0) + number * _MINUTES[unit]
            if self._word() == "and" and (self._word(1).isdigit() or self._word(1) in _NUMBER):
                self._at += 1
        return total

    def _number(self) -> int | None:
        word = self._word()
        number = int(word) if re.fullmatch("[0-9]+", word) else _NUMBER.get(word)
        self._at += number is not None
        return number

    # Times of day on days

    def calendar(self) -> Calendar:
        """Read times of day and days, in either order."""
        days, times = DaysRead(), set[time]()
        order: list[str] = []
        hour_may_follow = False
        while word := self._word():
            if word in _JOINS:
                self._at += 1
            elif self._take("at", "@"):
                hour_may_follow = True
            elif self._take("on", "the", "of", "from", *_EVERY):
                hour_may_follow = False
            elif self._take("week", "weekly", "month", "monthly"):
                days.period = word.removesuffix("ly")
                hour_may_follow = True
            elif self._begins_time(hour_may_follow):
                times.add(self._clock())
                order = order if order[-1:] == ["times"] else [*order, "times"]
                days.settle()
                hour_may_follow = True
            else:
                hour_may_follow = self._days(days)
                order = order if order[-1:] == ["days"] else [*order, "days"]
        if not times:
            self._refuse("A schedule on days needs a time of day" if order or days.period else "")
        if len(order) > 2:
            self._refuse("One schedule has the same times on all its days, so make two of this")
        return Calendar(tuple(sorted(times)), days.read(), self._zone)

    def _begins_time(self, hour_may_follow: bool) -> bool:
        """Say whether a time of day stands here; a mere number is an hour only where nothing else could be meant."""
        word = self._word()
        if re.fullmatch("[0-9]+", word):
            return hour_may_follow or self._word(1) in {"am", "pm"}
        return word in {"noon", "midnight"} or bool(re.fullmatch("[0-9]+[:.][0-9]+", word))

    def _clock(self) -> time:
        """Read “9”, “9:30”, “0930”, “6pm” or “noon”."""
        word = self._word()
        found = re.fullmatch("([0-9]{1,2})(?:[:.]?([0-9]{2}))?", word)
        if word in {"noon", "midnight"}:
            self._at += 1
            return time(12 if word == "noon" else 0)
        if not found:
            self._refuse()
        hour, minute, half = int(found[1]), int(found[2] or 0), self._word(1)
        if half in {"am", "pm"}:
            word += half
            hour = hour % 12 + 12 * (half == "pm") if 1 <= hour <= 12 else 99
            self._at += 1
        if hour > 23 or minute > 59:
            raise ScheduleRefused(f"“{_cut(word)}” is no time of day; write for example 00:00, 09:30 or 6pm.")
        self._at += 1
        return time(hour, minute)

    def _days(self, days: DaysRead) -> bool:
        """Read one word of days, or a range of weekdays; say whether a bare hour may follow it."""
        word, before = self._word(), self._word(-1)
        ordinal = re.fullmatch("([0-9]+)[a-z]+", word)
        if ordinal or word in _ORDINAL:
            number = int(ordinal[1]) if ordinal else _ORDINAL[word]
            days.ordinal(number, in_digits=bool(ordinal), after_every=before in _EVERY)
        elif word in {"day", "days"} and days.has_ordinals():
            days.settle(before_noun=True)
        elif word == "daily" or (word == "day" and before in _EVERY):
            days.daily = True
        elif word in _WEEKDAY and days.has_ordinals():
            days.nth(_WEEKDAY[word])
        elif word in _WEEKDAY:
            first = last = _WEEKDAY[word]
            self._at += self._word(1) == "."
            if self._word(1) in _TO and self._word(2) in _WEEKDAY:
                self._at += 2
                last = _WEEKDAY[self._word()]
            days.weekdays.update((first + ahead) % 7 for ahead in range((last - first) % 7 + 1))
        elif word in _GROUP and not days.has_ordinals():
            days.weekdays.update(_GROUP[word])
        else:
            self._refuse()
        self._at += 1
        return not days.has_ordinals()


def _cut(typed: str) -> str:
    return typed if len(typed) <= _MOST_QUOTED else f"{typed[: _MOST_QUOTED - 1]}…"


def words(schedule: Schedule) -> str:
    """Say a schedule in its canonical form: `parse` reads it as an equal schedule, whatever zone it is given."""
    if isinstance(schedule, Interval):
        started = "" if schedule.anchor == EPOCH else f" starting {schedule.anchor:%Y-%m-%d %H:%M} UTC"
        return f"every {_amount_in_words(schedule.every // timedelta(minutes=1))}{started}"
    times = _listed(f"{clock:%H:%M}" for clock in schedule.times)
    return f"{_days_in_words(schedule.days)} at {times} {schedule.zone}"


def _amount_in_words(minutes: int) -> str:
    for size, unit in ((_DAY, "days"), (_HOUR, "hours"), (1, "minutes")):
        number = minutes // size
        if minutes % size == 0 and (size, number) != (_DAY, 1):  # “every day” would want a time of day
            return unit.removesuffix("s") if number == 1 else f"{number} {unit}"
    raise AssertionError("every whole number of minutes is said")


def _days_in_words(days: Weekdays | MonthDays | MonthWeekdays) -> str:
    if isinstance(days, MonthDays):
        numbers = sorted(days.numbers - {LAST})
        return f"on the {_listed([*map(_nth, numbers), *(['last day'] if LAST in days.numbers else [])])} of the month"
    if isinstance(days, MonthWeekdays):
        ordinals = {number: word for word, number in _ORDINAL.items()}
        places = sorted(days.places, key=lambda place: (place[0] % 7, place[1]))  # the last after the fifth
        return f"on the {_listed(f'{ordinals[which]} {_NAMES[weekday]}' for which, weekday in places)} of the month"
    numbers = sorted(days.numbers)
    for known, name in ((WEEK, "daily"), (frozenset(range(5)), "weekdays"), (frozenset({5, 6}), "weekends")):
        if days.numbers == known:
            return name
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{_NAMES[numbers[0]]} to {_NAMES[numbers[-1]]}"
    return _listed(f"{_NAMES[number]}s" for number in numbers)


def _nth(number: int) -> str:
    ending = "th" if number // 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _listed(parts: Iterable[str]) -> str:
    *rest, last = parts
    return f"{', '.join(rest)} and {last}" if rest else last
