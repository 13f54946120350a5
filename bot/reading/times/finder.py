"""When: time expressions of a text as intervals, each with its precision and the reason for it.

Relative words count from the time of the post, in the zone of the post, and never from today. Nothing is guessed: a
date that does not exist, or that could be read in two ways, is no time.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.reading.model import TimeMention
from bot.reading.times import phrases
from bot.reading.times.language import Language, S, english
from bot.reading.times.rules import Stretch, resolve
from storage.records import Interval, Span, TimePrecision

_CLOCK = re.compile(
    rf"(?:,?{S}(?:at{S})?|,?{S}around{S})(?P<h>[01]?\d|2[0-3])(?:[:.](?P<min>[0-5]\d))?"
    r"(?:[ \u00a0]?(?P<half>[aApP])\.?[mM]\b\.?)?(?:[ \u00a0](?P<zone>UTC|GMT)\b)?"
)
_SENTENCE_BREAK = re.compile(r"[.!?…](?=\s)|[;\n]")
_BETWEEN = re.compile(r"\s{1,2}(?:and|to|until|till|through)\s{1,2}(?:the\s)?\Z|\s?[–—-]\s?\Z")
_OPENS_RANGE = re.compile(r"(?:between|from)\s\w{3,10}\s(?:and|to|until)\s\Z")
_MOVED = re.compile(r"\b(?:postponed|delayed|deferred|adjourned|put off|pushed back|moved)\s\Z")
_PRIORITY = (
    "iso", "dotted", "slashed", "short_slashed", "month_day", "day_month", "month_year", "season", "decade", "ago",
    "last_n", "month_step", "weekday_step", "step", "weekend", "in_n", "today", "recent", "overnight", "long",
    "weekday", "weekday_short", "weekday_lower", "month", "year",
)  # fmt: skip
_WHOLE = frozenset({"iso", "dotted", "slashed", "short_slashed", "month_day", "day_month"})
_NEEDS_MODIFIER = frozenset({"month", "year", "decade"})
_WINDOW = 24
_Atom = tuple[int, int, Stretch, str]
"""An expression without its preposition: start, end, meaning, kind of pattern."""


def default_interval(published: datetime | None) -> Interval:
    """Give the time of a claim that names none: on or before the post's day, or unknown. Never today."""
    if published is None:
        return Interval(None, None, TimePrecision.UNKNOWN, "no time is named and the post has no date")
    return Interval(None, published.date().isoformat(), TimePrecision.ON_OR_BEFORE, "post date")


def find(text: str, published: datetime | None, lang: str | None = None) -> list[TimeMention]:
    """Find the time expressions of a text, in order; spans hold the preposition and never overlap.

    Attributes:
        published: when the text was published, in the zone of publication. Without it relative expressions come out
            as `unknown` with open bounds; dates that carry their year still resolve.
        lang: ISO 639-1 code; words are read as English where it is none of `phrases.LANGUAGES`.
    """
    if lang in phrases.LANGUAGES:
        return phrases.find(text, published, lang)
    language = english()
    day = published.date() if published else None
    taken = bytearray(len(text))
    atoms: list[_Atom] = []
    ends: dict[int, _Atom] = {}

    def take(start: int, end: int) -> None:
        taken[start:end] = b"\1" * (end - start)

    for match in language.never.finditer(text):
        take(*match.span())
    for kind in _PRIORITY:
        for match in language.patterns[kind].finditer(text):
            start, end = match.span()
            if taken.find(1, start, end) >= 0:
                continue
            if (
                kind in _NEEDS_MODIFIER
                and not _modifier(text, start, language)
                and not _closes_range(text, start, ends)
            ):
                continue
            anchor = _anchor(start, ends) if kind == "ago" else None
            stretch = resolve(kind, match, language, day, _future(text, start, language), anchor)
            if stretch is None:
                if kind in _WHOLE:
                    take(start, end)  # the thirtieth of February is not a month either
                continue
            take(start, end)
            atoms.append((start, end, stretch, kind))
            ends[end] = atoms[-1]
    return list(_modified(text, sorted(atoms, key=lambda a: a[0]), language, published))


def _modifier(text: str, start: int, language: Language) -> re.Match[str] | None:
    return language.before.search(text[max(0, start - _WINDOW) : start])


def _closes_range(text: str, start: int, ends: dict[int, _Atom]) -> bool:
    """Say whether a bare month or year follows "between 2011 and" or "from March to"."""
    near = (end for end in range(max(0, start - _WINDOW), start) if end in ends)
    return any(_BETWEEN.fullmatch(text[end:start]) for end in near) or bool(
        _OPENS_RANGE.search(text[max(0, start - 30) : start])
    )


def _anchor(start: int, ends: dict[int, _Atom]) -> Stretch | None:
    """Give the nearest date before an expression like "two days earlier", within three hundred characters."""
    return next((ends[end][2] for end in range(start, max(-1, start - 300), -1) if end in ends), None)


def _future(text: str, start: int, language: Language) -> bool:
    """Say whether the clause before an expression speaks of what is to come."""
    clause = text[max(0, start - 120) : start]
    if language.past.search(clause):
        return False
    breaks = list(_SENTENCE_BREAK.finditer(clause))
    return bool(language.future.search(clause, breaks[-1].end() if breaks else 0))


def _modified(text: str, atoms: list[_Atom], language: Language, published: datetime | None) -> Iterator[TimeMention]:
    index = 0
    while index < len(atoms):
        start, end, stretch, kind = atoms[index]
        index += 1
        mod = _modifier(text, start, language)
        word = " ".join(mod["mod"].lower().split()) if mod else ""
        if mod:
            start -= len(mod.group())
        if word in {"until", "till"} and _MOVED.search(text, max(0, start - _WINDOW), start):
            word = ""  # "postponed until March": March is when it will be
        if (
            index < len(atoms)
            and _BETWEEN.fullmatch(text[end : atoms[index][0]])
            and _ranged(text, end, atoms[index][0], word)
        ):
            other = atoms[index]
            joined_up = _span_of(stretch, other[2])
            if joined_up is not None:
                stretch, end, word, kind = joined_up, other[1], "", "range"
                index += 1
        clock = _CLOCK.match(text, end) if _takes_clock(stretch, kind, word) else None
        minute = _minute(clock) if clock else None
        if clock and minute:
            end = clock.end()
        interval = _interval(text[start:end], _apply(word, stretch, published), minute, published)
        yield TimeMention(Span(start, end), interval)


def _ranged(text: str, end: int, start: int, word: str) -> bool:
    return word in {"between", "from"} or text[end:start].strip() in {"–", "—", "-"} or "to" in text[end:start].split()


def _span_of(first: Stretch, second: Stretch) -> Stretch | None:
    if first.start is None or second.end is None:
        return None
    start = first.start
    if start > second.end and first.yearless:
        start = start.replace(year=start.year - 1) if (start.month, start.day) != (2, 29) else start
    if start > second.end:
        return None
    return Stretch(start, second.end, TimePrecision.INTERVAL, first.why if first.why == second.why else "")


def _takes_clock(stretch: Stretch, kind: str, word: str) -> bool:
    whole_day = stretch.precision is TimePrecision.DAY and stretch.start is not None and stretch.clock is None
    return whole_day and kind not in {"ago", "overnight"} and word in {"", "on"}


def _minute(match: re.Match[str]) -> str | None:
    """Read a clock time that follows a day; a bare number needs a.m., p.m. or minutes to be one."""
    hour, half = int(match["h"]), (match["half"] or "").lower()
    if not half and not match["min"]:
        return None
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02}:{match['min'] or '00'}" + ("Z" if match["zone"] else "")


def _apply(word: str, stretch: Stretch, published: datetime | None) -> Stretch:
    """Widen or narrow a stretch by the modifier before it."""
    words = word.split()
    start, end = stretch.start, stretch.end
    if start is not None and end is not None and words:
        piece = {"start": "early", "end": "late"}.get(words[-2], "") if words[-1] == "of" and words[1:] else words[-1]
        if piece in {"early", "late", "mid"}:
            start, end = _third(start, end, piece)
            stretch = Stretch(start, end, TimePrecision.INTERVAL, stretch.why)
    if not words or (start is None and end is None):
        return stretch
    today = published.date() if published else None
    if words[0] == "since" or word in {"as early as"}:
        until = today if today and start and today >= start else None
        return Stretch(start, until, TimePrecision.INTERVAL, stretch.why)
    if words[0] in {"until", "till", "up", "by"} or words[-2:] == ["later", "than"]:
        return Stretch(None, end, TimePrecision.ON_OR_BEFORE, stretch.why)
    if words[0] in {"before", "prior", "ahead"} and start is not None:
        return Stretch(None, start - timedelta(days=1), TimePrecision.ON_OR_BEFORE, stretch.why)
    if words[0] == "after" and end is not None:
        until = today if today and today >= end else None
        return Stretch(end, until, TimePrecision.INTERVAL, stretch.why)
    return stretch


def _third(start: date, end: date, piece: str) -> tuple[date, date]:
    """Cut a month into 1-10, 11-20 and the rest, any longer stretch into three equal parts."""
    days = (end - start).days + 1
    if days <= 31:
        low, high = {"early": (0, 9), "mid": (10, 19), "late": (20, days - 1)}[piece]
        return start + timedelta(days=low), start + timedelta(days=high)
    if days <= 366 and (start.month, end.month) == (1, 12):
        first, last = {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}[piece]
        return start.replace(month=first), end.replace(month=last, day=monthrange(end.year, last)[1])
    low, high = {"early": (0, days // 3), "mid": (days // 3, 2 * days // 3), "late": (2 * days // 3, days - 1)}[piece]
    return start + timedelta(days=low), start + timedelta(days=high)


def _interval(words: str, stretch: Stretch, minute: str | None, published: datetime | None) -> Interval:
    words = " ".join(words.split())
    if stretch.precision is TimePrecision.UNKNOWN:
        return Interval(None, None, TimePrecision.UNKNOWN, f'"{words}", but the post has no date')
    basis = f'"{words}" {stretch.why}'.strip()
    minute = minute or stretch.clock
    if minute and stretch.start is not None:
        moment = f"{stretch.start.isoformat()}T{minute}"
        return Interval(moment, moment, TimePrecision.MINUTE, basis)
    return Interval(
        stretch.start.isoformat() if stretch.start else None,
        stretch.end.isoformat() if stretch.end else None,
        stretch.precision,
        basis,
    )
