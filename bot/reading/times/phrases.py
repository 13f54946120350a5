"""Time in Arabic, Persian, Hebrew, Russian, Turkish and Ukrainian: words looked up one by one, no long patterns."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from bot.reading.model import TimeMention
from bot.reading.names.compare import WORD
from bot.reading.names.letters import fold
from bot.reading.particles import readings
from bot.reading.times.calendars import from_persian, persian_year_of
from bot.reading.times.rules import AHEAD_DAYS, AS_WRITTEN, FROM_POST, YEAR_FROM_POST
from storage.records import Interval, Span, TimePrecision

LANGUAGES = frozenset({"ar", "fa", "he", "ru", "tr", "uk"})
_DATA = Path(__file__).parent / "data"
_PIECE = re.compile(rf"\d{{1,4}}(?!\d)|{WORD.pattern}|[^\w\s]")
_ISO = re.compile(r"(?<![\d-])(\d{4})-(\d\d)-(\d\d)(?![\d-])")
_DOTTED = re.compile(r"(?<![\d./])(\d{1,2})[./](\d{1,2})[./]((?:19|20)\d\d)(?![\d/])")
_SLASH = re.compile(r"[/()،,]")
_PERSIAN_YEARS = range(1280, 1450)
_YEARS = range(1900, 2100)
_WEEK = 7
_DAYS_OF = {"day": 1, "week": 7, "month": 30, "year": 365}


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    forms: tuple[str, ...]
    start: int
    end: int

    @property
    def number(self) -> int | None:
        return int(self.text) if self.text.isdecimal() else None


@dataclass(slots=True)
class _Listed:
    """The expressions of one language, by the first letters of their first word."""

    lang: str
    by_first: dict[str, list[tuple[tuple[str, ...], str, str]]] = field(default_factory=dict)

    def at(self, words: Sequence[_Word], index: int, *kinds: str) -> tuple[str, int] | None:
        """Return (value, number of words) of the longest expression of these kinds that begins at a word."""
        best: tuple[str, int] | None = None
        if not 0 <= index < len(words):
            return None
        for form in words[index].forms:
            for pattern, kind, value in self.by_first.get(form[:2], ()):
                if kind not in kinds or (best and len(pattern) <= best[1]):
                    continue
                if index + len(pattern) <= len(words) and all(
                    any(_fits(part, f) for f in words[index + at].forms) for at, part in enumerate(pattern)
                ):
                    best = value, len(pattern)
        return best


def _fits(part: str, form: str) -> bool:
    return form.startswith(part[:-1]) if part.endswith("*") else form == part


@cache
def _listed(lang: str) -> _Listed:
    made = _Listed(lang)
    for line in (_DATA / f"{lang}.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        kind, value, listed = line.split("|")
        for expression in filter(None, listed.split(";")):
            pattern = tuple(fold(word) for word in expression.split())
            made.by_first.setdefault(pattern[0].rstrip("*")[:2], []).append((pattern, kind, value))
    return made


def find(text: str, published: datetime | None, lang: str) -> list[TimeMention]:
    """Find the time expressions of a text in one of LANGUAGES, in order; spans never overlap.

    Relative words count from the time of the post. A date that does not exist is no time.
    """
    day = published.date() if published else None
    found = [m for pattern in (_ISO, _DOTTED) for m in _written(text, pattern)]
    taken = [(m.span.start, m.span.end) for m in found]
    words = [
        _Word(m.group(), tuple(readings(fold(m.group()), lang)[0]), m.start(), m.end())
        for m in _PIECE.finditer(text)
        if not any(s < m.end() and m.start() < e for s, e in taken)
    ]
    listed = _listed(lang)
    index = 0
    while index < len(words):
        made = _read(words, index, listed, day)
        if made is None:
            index += 1
            continue
        interval, length = made
        start, end = words[index].start, words[index + length - 1].end
        words_of = " ".join(text[start:end].split())
        basis = f'"{words_of}" {interval.basis}'
        if interval.precision is TimePrecision.UNKNOWN:
            basis = f'"{words_of}", but the post has no date'
        found.append(TimeMention(Span(start, end), Interval(interval.start, interval.end, interval.precision, basis)))
        index += length
    return sorted(found, key=lambda m: m.span.start)


def _written(text: str, pattern: re.Pattern[str]) -> list[TimeMention]:
    found = []
    for match in pattern.finditer(text):
        numbers = [int(group) for group in match.groups()]
        year, month, number = numbers if pattern is _ISO else reversed(numbers)
        day = _day(year, month, number)
        if day is not None:
            found.append(TimeMention(Span(*match.span()), _one(day, f'"{match.group()}" {AS_WRITTEN}')))
    return found


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:  # the thirtieth of February
        return None


def _one(day: date, basis: str) -> Interval:
    return Interval(day.isoformat(), day.isoformat(), TimePrecision.DAY, basis)


_NO_DATE = Interval(None, None, TimePrecision.UNKNOWN, "")


def _read(words: Sequence[_Word], at: int, listed: _Listed, day: date | None) -> tuple[Interval, int] | None:
    for rule in (_date, _ago, _period, _relative, _weekday, _year, _month_alone):
        made = rule(words, at, listed, day)
        if made is not None:
            return made
    return None


def _relative(words: Sequence[_Word], at: int, listed: _Listed, day: date | None) -> tuple[Interval, int] | None:
    if (found := listed.at(words, at, "today")) is not None:
        if day is None:
            return _NO_DATE, found[1]
        return _one(day + timedelta(days=int(found[0])), FROM_POST), found[1]
    if (found := listed.at(words, at, "recent")) is not None:
        end = day.isoformat() if day else None
        return Interval(None, end, TimePrecision.RECENT_PAST, "before the post date"), found[1]
    if (found := listed.at(words, at, "long")) is not None:
        end = day.isoformat() if day else None
        return Interval(None, end, TimePrecision.UNBOUNDED_PAST, "before the post date"), found[1]
    return None


def _period(words: Sequence[_Word], at: int, listed: _Listed, day: date | None) -> tuple[Interval, int] | None:
    found = listed.at(words, at, "period")
    if found is None:
        return None
    if day is None:
        return _NO_DATE, found[1]
    step, unit = found[0].split()
    away = int(step)
    if unit == "week":
        start = day - timedelta(days=day.weekday()) + timedelta(weeks=away)
        end = start + timedelta(days=6)
        return Interval(start.isoformat(), end.isoformat(), TimePrecision.INTERVAL, FROM_POST), found[1]
    if unit == "month":
        months = day.year * 12 + day.month - 1 + away
        return _month(months // 12, months % 12 + 1, FROM_POST), found[1]
    return _whole_year(day.year + away, FROM_POST), found[1]


def _month(year: int, month: int, basis: str) -> Interval:
    first = date(year, month, 1)
    last = first.replace(day=monthrange(year, month)[1])
    return Interval(first.isoformat(), last.isoformat(), TimePrecision.MONTH, basis)


def _whole_year(year: int, basis: str) -> Interval:
    return Interval(f"{year:04}-01-01", f"{year:04}-12-31", TimePrecision.YEAR, basis)


def _weekday(words: Sequence[_Word], at: int, listed: _Listed, day: date | None) -> tuple[Interval, int] | None:
    lead = 0
    step = 0
    for kind, value in (("last", -1), ("next", 1)):
        if (marker := listed.at(words, at, kind)) is not None:
            step, lead = value, marker[1]
    if not lead and (marker := listed.at(words, at, "day_word")) is not None:
        lead = marker[1]
    found = listed.at(words, at + lead, "weekday")
    if found is None:
        return None
    length = lead + found[1]
    for kind, value in (("last", -1), ("next", 1), ("day_after", 0)):
        if (marker := listed.at(words, at + length, kind)) is not None:
            step, length = value or step, length + marker[1]
    if day is None:
        return _NO_DATE, length
    back = (day.weekday() - int(found[0])) % 7
    if step < 0:
        back = back or 7
    elif step > 0:
        back -= 7
    return _one(day - timedelta(days=back), FROM_POST), length


def _date(words: Sequence[_Word], at: int, listed: _Listed, day: date | None) -> tuple[Interval, int] | None:
    number = words[at].number
    if number is None or not 1 <= number <= 31 or len(words[at].text) > 2:
        return None
    month = listed.at(words, at + 1, "month")
    persian = listed.at(words, at + 1, "jalali") if month is None else None
    chosen = month or persian
    if chosen is None:
        return None
    length = 1 + chosen[1]
    if at + length < len(words) and _SLASH.fullmatch(words[at + length].text):  # "13 May / Ayyar 2024"
        again = listed.at(words, at + length + 1, "month")
        if again is not None and again[0] == chosen[0]:
            length += 1 + again[1]
    year = words[at + length].number if at + length < len(words) else None
    dated = year is not None and (year in _YEARS or (persian is not None and year in _PERSIAN_YEARS))
    if dated:
        length += 1
        if listed.at(words, at + length, "year_after") is not None and listed.lang in {"ru", "uk"}:
            length += 1
    if persian is not None:
        if not dated and day is None:
            return _NO_DATE, length
        found = from_persian(year if dated and year else persian_year_of(day or date.min), int(chosen[0]), number)
    elif dated and year:
        found = _day(year, int(chosen[0]), number)
    elif day is None:
        return _NO_DATE, length
    else:
        found = _day(day.year, int(chosen[0]), number)
    if found is None:
        return None
    if not dated and day is not None and found > day + timedelta(days=AHEAD_DAYS):
        earlier = _day(found.year - 1, found.month, found.day)
        found = earlier or found
    return _one(found, AS_WRITTEN if dated else YEAR_FROM_POST), length


def _month_alone(words: Sequence[_Word], at: int, listed: _Listed, day: date | None) -> tuple[Interval, int] | None:
    found = listed.at(words, at, "month")
    if found is None:
        return None
    after = words[at + found[1]].number if at + found[1] < len(words) else None
    if after is not None and after in _YEARS:
        return _month(after, int(found[0]), AS_WRITTEN), found[1] + 1
    attached = found[1] == 1 and any(len(form) < len(words[at].forms[0]) for form in words[at].forms[1:])
    stated = attached or listed.at(words, at - 1, "before") is not None or listed.lang == "tr"
    if not stated or (listed.lang == "tr" and words[at].text[0].isupper() and at == 0):
        return None
    if day is None:
        return _NO_DATE, found[1]
    year = day.year - (int(found[0]) > day.month)
    return _month(year, int(found[0]), YEAR_FROM_POST), found[1]


def _year(words: Sequence[_Word], at: int, listed: _Listed, day: date | None) -> tuple[Interval, int] | None:
    number = words[at].number
    if number is None:
        return None
    after = listed.at(words, at + 1, "year_after")
    if after is None and listed.lang == "tr" and at + 2 < len(words) and words[at + 1].text in "'’":
        after = listed.at(words, at + 2, "year_after")
        after = (after[0], after[1] + 1) if after else None
    before = listed.at(words, at - 1, "year_before") or (
        listed.at(words, at - 2, "year_before") if at > 1 and words[at - 1].text in {"-", "־", "–"} else None
    )
    if after is None and before is None:
        return None
    if number in _YEARS:
        return _whole_year(number, AS_WRITTEN), 1 + (after[1] if after else 0)
    if listed.lang == "fa" and number in _PERSIAN_YEARS:
        first, last = from_persian(number, 1, 1), from_persian(number, 12, 29)
        if first is None or last is None:
            return None
        return Interval(first.isoformat(), last.isoformat(), TimePrecision.YEAR, AS_WRITTEN), 1
    return None


def _ago(words: Sequence[_Word], at: int, listed: _Listed, day: date | None) -> tuple[Interval, int] | None:
    lead = listed.at(words, at, "ago_before", "in_before")
    sign = 1 if lead is not None and listed.at(words, at, "ago_before") is None else -1
    here = at + (lead[1] if lead else 0)
    pair = listed.at(words, here, "unit2")
    if pair is not None and lead is not None:
        return _away(day, 2 * sign, pair[0]), lead[1] + pair[1]
    count, length = 1, 0
    number = words[here].number if here < len(words) else None
    spelled = listed.at(words, here, "number")
    if number is not None:
        count, length = number, 1
    elif spelled is not None:
        count, length = int(spelled[0]), spelled[1]
    unit = listed.at(words, here + length, "unit")
    if unit is None:
        return None
    length += unit[1]
    if lead is not None:
        return _away(day, count * sign, unit[0]), lead[1] + length
    after = listed.at(words, here + length, "ago_after")
    return (_away(day, -count, unit[0]), length + after[1]) if after is not None else None


def ahead(interval: Interval, published: datetime | None) -> Interval:
    """Move a weekday, a month or a date without a year past the post: what is planned has not been."""
    if published is None or interval.start is None or interval.end is None:
        return interval
    start, end = date.fromisoformat(interval.start[:10]), date.fromisoformat(interval.end[:10])
    if end >= published.date() or not interval.basis.endswith((FROM_POST, YEAR_FROM_POST)):
        return interval
    if interval.basis.endswith(YEAR_FROM_POST):
        if interval.precision is TimePrecision.MONTH:
            return _month(start.year + 1, start.month, interval.basis)
        later = _day(start.year + 1, start.month, start.day)
        return _one(later, interval.basis) if later else interval
    if interval.precision is TimePrecision.DAY and (published.date() - start).days < _WEEK:
        return _one(start + timedelta(days=_WEEK), interval.basis)
    return interval


def _away(day: date | None, count: int, unit: str) -> Interval:
    """Count from the day of the post: days are a day, weeks and months a stretch around, years a year."""
    if day is None:
        return _NO_DATE
    if unit == "hour":
        return _one(day, FROM_POST) if abs(count) < 24 else _away(day, count // 24, "day")
    if abs(count) * _DAYS_OF[unit] > 365 * 200:
        return Interval(None, day.isoformat(), TimePrecision.UNBOUNDED_PAST, FROM_POST)
    if unit == "year":
        return _whole_year(day.year + count, FROM_POST)
    if unit == "month":
        months = day.year * 12 + day.month - 1 + count
        return _month(months // 12, months % 12 + 1, FROM_POST)
    if unit == "week":
        middle = day + timedelta(weeks=count)
        start, end = middle - timedelta(days=3), middle + timedelta(days=3)
        return Interval(start.isoformat(), end.isoformat(), TimePrecision.INTERVAL, FROM_POST)
    return _one(day + timedelta(days=count), FROM_POST)
