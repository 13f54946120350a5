"""What one time expression means: a stretch of days, counted from the day of the post where it is relative."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.reading.times.language import Language
from storage.records import TimePrecision

AS_WRITTEN = "as written"
FROM_POST = "relative to the post date"
YEAR_FROM_POST = "with the year of the post date"
AHEAD_DAYS = 3
"""How far a date without a year may lie after the post (zones, late edits) before it is taken for last year's."""
_FEW = (2, 7)
"""What "a few" and "several" may stand for."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days from `start` to `end`, both included, None where open.

    Attributes:
        why: the second half of the basis ("relative to the post date").
        yearless: True where the year was taken from the post.
        clock: `HH:MM` of the day, where it was written with the date.
    """

    start: date | None
    end: date | None
    precision: TimePrecision
    why: str = ""
    yearless: bool = False
    clock: str | None = None


UNKNOWN = Stretch(None, None, TimePrecision.UNKNOWN)


@dataclass(frozen=True, slots=True)
class _Case:
    match: re.Match[str]
    language: Language
    day: date | None
    future: bool
    anchor: Stretch | None

    def get(self, group: str) -> str:
        found = self.match.groupdict().get(group)
        return " ".join(found.lower().split()) if found else ""


def resolve(
    kind: str, match: re.Match[str], language: Language, day: date | None, future: bool, anchor: Stretch | None
) -> Stretch | None:
    """Say what a match of one pattern means; None where it is no time after all."""
    try:
        return _RULES[kind](_Case(match, language, day, future, anchor))
    except (ValueError, OverflowError):  # the thirtieth of February; a thousand years before the first
        return None


def _one(day: date, why: str, *, yearless: bool = False, clock: str | None = None) -> Stretch:
    return Stretch(day, day, TimePrecision.DAY, why, yearless, clock)


def _month(year: int, month: int, why: str, *, yearless: bool = False) -> Stretch:
    last = monthrange(year, month)[1]
    return Stretch(date(year, month, 1), date(year, month, last), TimePrecision.MONTH, why, yearless)


def _year(year: int, why: str) -> Stretch:
    return Stretch(date(year, 1, 1), date(year, 12, 31), TimePrecision.YEAR, why)


def _shift_months(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _full(case: _Case) -> Stretch:
    zone = "Z" if case.get("zone") else ""
    clock = case.get("clock")
    if clock and clock > "23:59":
        return _one(date(int(case.get("y")), int(case.get("m")), int(case.get("d"))), AS_WRITTEN)
    return _one(
        date(int(case.get("y")), int(case.get("m")), int(case.get("d"))),
        AS_WRITTEN,
        clock=clock + zone if clock else None,
    )


def _slashed(case: _Case) -> Stretch | None:
    a, b = int(case.get("a")), int(case.get("b"))
    if a <= 12 and b <= 12 and a != b:
        return None  # 10/8 is October in one country and August in another
    month, number = (b, a) if a > 12 else (a, b)
    if case.get("y"):
        return _one(date(int(case.get("y")), month, number), AS_WRITTEN)
    return _yearless(case, month, number, number)


def _day_of_month(case: _Case) -> Stretch | None:
    month = case.language.months[case.get("mo")]
    first = int(case.get("d"))
    last = int(case.get("d2") or first)
    if last < first:
        return None
    if case.get("y"):
        year = int(case.get("y"))
        if last == first:
            return _one(date(year, month, first), AS_WRITTEN)
        return Stretch(date(year, month, first), date(year, month, last), TimePrecision.INTERVAL, AS_WRITTEN)
    return _yearless(case, month, first, last)


def _yearless(case: _Case, month: int, first: int, last: int) -> Stretch | None:
    date(2000, month, last)  # raises where the day exists in no year
    if case.day is None:
        return UNKNOWN
    for year in _years(case.day, month, first, case.future):
        if last <= monthrange(year, month)[1]:
            start, end = date(year, month, first), date(year, month, last)
            precision = TimePrecision.DAY if start == end else TimePrecision.INTERVAL
            return Stretch(start, end, precision, YEAR_FROM_POST, True)
    return None


def _years(day: date, month: int, number: int, future: bool) -> tuple[int, ...]:
    """Give the year that a date without one most likely has."""
    ahead = date(day.year, month, min(number, monthrange(day.year, month)[1])) - day
    if future:
        return (day.year + 1,) if ahead.days < -180 else (day.year,)
    return (day.year - 1,) if ahead.days > AHEAD_DAYS else (day.year,)


def _month_year(case: _Case) -> Stretch:
    return _month(int(case.get("y")), case.language.months[case.get("mo")], AS_WRITTEN)


def _month_alone(case: _Case) -> Stretch:
    month = case.language.months[case.get("mo")]
    if case.day is None:
        return UNKNOWN
    year = case.day.year
    if case.future:
        year += month < case.day.month
    else:
        year -= month > case.day.month
    return _month(year, month, YEAR_FROM_POST, yearless=True)


def _month_step(case: _Case) -> Stretch:
    month = case.language.months[case.get("mo")]
    if case.day is None:
        return UNKNOWN
    step = case.get("step")
    year = case.day.year
    if step in {"next", "coming", "following"}:
        year += month <= case.day.month
    elif step != "this":
        year -= month >= case.day.month
    return _month(year, month, FROM_POST)


def _season(case: _Case) -> Stretch:
    first = case.language.seasons[case.get("s") or case.get("s2")]
    if case.get("y"):
        year, why = int(case.get("y")), AS_WRITTEN
    elif case.day is None:
        return UNKNOWN
    else:
        year, why = case.day.year, FROM_POST
        if _shift_months(date(year, first, 1), 3) > case.day:
            year -= 1
    start = date(year, first, 1)
    return Stretch(start, _shift_months(start, 3) - timedelta(days=1), TimePrecision.INTERVAL, why)


def _decade(case: _Case) -> Stretch:
    year = int(case.get("y")) * 10
    return Stretch(date(year, 1, 1), date(year + 9, 12, 31), TimePrecision.INTERVAL, AS_WRITTEN)


def _weekday(case: _Case) -> Stretch:
    if case.day is None:
        return UNKNOWN
    wanted = case.language.weekdays[case.get("wd")]
    back = (case.day.weekday() - wanted) % 7
    step = case.get("step")
    if step in {"last", "past", "previous"}:
        back = back or 7
    elif step in {"next", "coming", "following"}:
        back = back - 7
    elif step == "this":
        back = case.day.weekday() - wanted
    elif case.future:
        back = back - 7 if back else 0
    return _one(case.day - timedelta(days=back), FROM_POST)


def _today(case: _Case) -> Stretch:
    if case.day is None:
        return UNKNOWN
    return _one(case.day + timedelta(days=case.language.days[_words(case)]), FROM_POST)


def _words(case: _Case) -> str:
    return " ".join(case.match.group().lower().replace("\u00a0", " ").split())


def _recent(case: _Case) -> Stretch:
    if case.day is None:
        return UNKNOWN
    return Stretch(None, case.day, TimePrecision.RECENT_PAST, "before the post date")


def _long(case: _Case) -> Stretch:
    return Stretch(None, case.day, TimePrecision.UNBOUNDED_PAST, "before the post date")


def _overnight(case: _Case) -> Stretch:
    if case.day is None:
        return UNKNOWN
    return Stretch(case.day - timedelta(days=1), case.day, TimePrecision.INTERVAL, FROM_POST)


def _weekend(case: _Case) -> Stretch:
    if case.day is None:
        return UNKNOWN
    saturday = case.day - timedelta(days=(case.day.weekday() - 5) % 7)
    if case.future and case.day.weekday() < 5:
        saturday += timedelta(days=7)
    return Stretch(saturday, saturday + timedelta(days=1), TimePrecision.INTERVAL, FROM_POST)


def _step(case: _Case) -> Stretch:
    """Read "last week", "this month", "earlier this year"."""
    if case.day is None:
        return UNKNOWN
    unit, step, part = case.get("unit"), case.get("step"), case.get("part")
    move = {"last": -1, "past": -1, "previous": -1, "this": 0}.get(step, 1)
    if unit == "weekend":
        saturday = case.day - timedelta(days=case.day.weekday() - 5) + timedelta(days=7 * move)
        if move == -1 and case.day.weekday() >= 5:
            saturday = case.day - timedelta(days=case.day.weekday() - 5 + 7)
        return Stretch(saturday, saturday + timedelta(days=1), TimePrecision.INTERVAL, FROM_POST)
    if unit == "week":
        start = case.day - timedelta(days=case.day.weekday()) + timedelta(days=7 * move)
        found = Stretch(start, start + timedelta(days=6), TimePrecision.INTERVAL, FROM_POST)
    elif unit == "month":
        first = _shift_months(case.day.replace(day=1), move)
        found = _month(first.year, first.month, FROM_POST)
    else:
        found = _year(case.day.year + move, FROM_POST)
    if move == 0 and part == "earlier":
        return Stretch(found.start, case.day, TimePrecision.INTERVAL, FROM_POST)
    if move == 0 and part == "later":
        return Stretch(case.day, found.end, TimePrecision.INTERVAL, FROM_POST)
    return found


def _count(case: _Case) -> int:
    words = case.get("n")
    return int(words) if words.isdigit() else case.language.numbers[words]


def _ago(case: _Case) -> Stretch:
    unit, way, count = case.language.units[case.get("unit")], case.get("way"), _count(case)
    base, why = case.day, FROM_POST
    if way != "ago" and case.anchor and case.anchor.start:
        base, why = case.anchor.start, "relative to the date before it"
    if base is None or (way == "later" and why == FROM_POST):
        return UNKNOWN
    return _away(base, count, unit, 1 if way == "later" else -1, why)


def _away(base: date, count: int, unit: str, sign: int, why: str) -> Stretch:
    """Give the day, month or year so many units from a day; "a few" is an interval."""
    if count == 0:
        near, far = (_ends(base, n, unit, sign) for n in _FEW)
        return Stretch(min(near, far), max(near, far), TimePrecision.INTERVAL, why)
    there = _ends(base, count, unit, sign)
    if unit in {"minute", "hour"}:
        days = count / (1440 if unit == "minute" else 24)
        start = base + timedelta(days=sign * max(1, round(days))) if days >= 0.5 else base
        return _one(start, why)
    if unit == "day":
        return _one(there, why)
    if unit == "week":
        return Stretch(there - timedelta(days=3), there + timedelta(days=3), TimePrecision.INTERVAL, why)
    if unit == "month":
        return _month(there.year, there.month, why)
    if unit == "year":
        return _year(there.year, why)
    return Stretch(_year(there.year - 2, why).start, _year(there.year + 2, why).end, TimePrecision.INTERVAL, why)


def _ends(base: date, count: int, unit: str, sign: int) -> date:
    if unit in {"minute", "hour"}:
        return base + timedelta(days=sign * (count // 24 if unit == "hour" else count // 1440))
    if unit in {"day", "week"}:
        return base + timedelta(days=sign * count * (7 if unit == "week" else 1))
    return _shift_months(base, sign * count * {"month": 1, "year": 12}.get(unit, 120))


def _last_n(case: _Case) -> Stretch:
    if case.day is None:
        return UNKNOWN
    count = _count(case) if case.get("n") else 1
    start = _ends(case.day, count or _FEW[1], case.language.units[case.get("unit")], -1)
    return Stretch(start, case.day, TimePrecision.INTERVAL, FROM_POST)


def _in_n(case: _Case) -> Stretch | None:
    if not case.future:
        return None  # "in two days" is how long something took
    if case.day is None:
        return UNKNOWN
    return _away(case.day, _count(case), case.language.units[case.get("unit")], 1, FROM_POST)


_RULES: dict[str, Callable[[_Case], Stretch | None]] = {
    "iso": _full,
    "dotted": _full,
    "slashed": _slashed,
    "short_slashed": _slashed,
    "month_day": _day_of_month,
    "day_month": _day_of_month,
    "month_year": _month_year,
    "season": _season,
    "decade": _decade,
    "ago": _ago,
    "last_n": _last_n,
    "month_step": _month_step,
    "weekday_step": _weekday,
    "step": _step,
    "weekend": _weekend,
    "in_n": _in_n,
    "today": _today,
    "recent": _recent,
    "overnight": _overnight,
    "long": _long,
    "weekday": _weekday,
    "weekday_short": _weekday,
    "weekday_lower": _weekday,
    "month": _month_alone,
    "year": lambda case: _year(int(case.get("y")), AS_WRITTEN),
}
