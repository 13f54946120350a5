"""The times that a caption gives its picture: days, months and years of the scene, and words that say it is now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

from bot.claims import scope
from bot.claims.lexicon import Lexicon
from bot.claims.model import PlaceClaim, TimeClaim
from bot.reading import times
from bot.reading.times.calendars import from_persian
from storage.records import Interval, Span, TimePrecision

PRESENT_DAYS = 3
"""How far back "now" or "breaking" may speak of: news goes round for days. Chosen, not measured."""
AHEAD = timedelta(days=1)
"""A date later than this behind its own post is a plan, or another thing's."""
NEAR_MARK = 30
"""Characters between "archive photo" and the date that is the picture's: "archive photo, May 2016"."""
_DATED = frozenset({TimePrecision.MINUTE, TimePrecision.DAY, TimePrecision.MONTH, TimePrecision.YEAR})
_YEAR_BEHIND = re.compile(r"\w{0,8}[\s,،(\[_-]{0,3}(?P<y>(?:19|20|۱۹|۲۰|١٩|٢٠)\d\d)(?!\w|[-–/.:]\d)")
_YEAR_ALONE = re.compile(
    r"(?:(?<=[(\[])|\A)(?P<y>(?:19|20|۱۹|۲۰|١٩|٢٠)\d\d)(?=[)\]]|\s*[:–—-]\s)|(?<=,\s)(?P<z>(?:19|20|۱۹|۲۰|١٩|٢٠)\d\d)(?=\s*[.!]?\s*\Z)"
)
_YEAR_FIRST = re.compile(r"(?<![\d/.])(?P<y>\d{4})[/.](?P<m>\d{1,2})[/.](?P<d>\d{1,2})(?![\d/]|\.\d)")
_PERSIAN_YEARS = range(1300, 1500)
_YEARS = range(1900, 2100)
_PERSIAN_YEAR = re.compile(r"(?<!\w)(?P<y>(?:13|14|۱۳|۱۴)\d\d)(?!\w|[-–/.:]\d)")


def claimed(
    text: str,
    lang: str | None,
    words: Lexicon,
    published: datetime | None,
    named: Sequence[PlaceClaim],
    silent: Sequence[Span],
    old: Span | None,
) -> tuple[TimeClaim, ...]:
    """Read the times of a caption.

    Of a caption that says itself that its picture is old, only a date beside those words is the picture's.

    Attributes:
        published: when it was published, in the zone of publication; None where that is not surely known, and then
            words like "today" claim nothing.
        named: the places that it claims: a bare year behind one is the picture's.
        old: the words by which it says that the picture is old.
    """
    found: dict[tuple[date, date], TimeClaim] = {}
    for claim in sorted(_all(text, lang, words, published, named), key=lambda one: (one.present, one.span.start)):
        if scope.inside(claim.span, silent) or scope.denied(text, claim.span, words):
            continue
        if old is not None and (claim.present or not _beside(claim.span, old)):
            continue
        if published is not None and claim.first > published.date() + AHEAD:
            continue
        if not any(span.start <= claim.span.start < span.end for span in (one.span for one in found.values())):
            found.setdefault((claim.first, claim.last), claim)
    return tuple(found.values())


def _all(
    text: str, lang: str | None, words: Lexicon, published: datetime | None, named: Sequence[PlaceClaim]
) -> Iterator[TimeClaim]:
    for mention in times.find(text, published, lang):
        interval = mention.interval
        if interval.precision not in _DATED or interval.start is None:
            continue
        if words.anywhere["present"].fullmatch(mention.span.of(text)):
            continue  # "now" speaks of more than the post's own day
        before, after = text[max(0, mention.span.start - 60) : mention.span.start], mention.span.end
        if words.before["timeless"].search(before) or words.after["timeless_after"].match(text, after):
            continue
        yield _claim(text, mention.span, interval, published)
    for match in _years(text, lang, named):
        year = int(match.group("y") or match.group("z"))
        start = match.start("y") if match.group("y") else match.start("z")
        before = text[max(0, start - 60) : start]
        if words.before["timeless"].search(before):
            continue
        first, last = date(year, 1, 1), date(year, 12, 31)
        interval = Interval(first.isoformat(), last.isoformat(), TimePrecision.YEAR, "as written")
        span = Span(start, start + 4)
        yield TimeClaim(span, span.of(text), first, last, False, interval)
    yield from _persian_years(text, lang, words)
    yield from _year_first(text)
    if published is not None:
        yield from _present(text, words, published)


def _years(text: str, lang: str | None, named: Sequence[PlaceClaim]) -> Iterator[re.Match[str]]:
    """Find bare years that can only be the picture's: behind its place, in brackets, or alone at either end."""
    yield from _YEAR_ALONE.finditer(text)
    for claim in named:
        if match := _YEAR_BEHIND.match(text, claim.span.end):
            yield match


def _persian_years(text: str, lang: str | None, words: Lexicon) -> Iterator[TimeClaim]:
    """Read bare years of the Persian calendar: in a Persian text, or in the digits that only Persian writes."""
    for match in _PERSIAN_YEAR.finditer(text):
        if lang != "fa" and match["y"].isascii():
            continue
        year = int(match["y"])
        if words.before["timeless"].search(text[max(0, match.start() - 60) : match.start()]):
            continue
        first, following = from_persian(year, 1, 1), from_persian(year + 1, 1, 1)
        if first is None or following is None:
            continue
        last = following - timedelta(days=1)
        interval = Interval(first.isoformat(), last.isoformat(), TimePrecision.YEAR, "as written")
        yield TimeClaim(Span(*match.span()), match.group(), first, last, False, interval)


def _year_first(text: str) -> Iterator[TimeClaim]:
    """Read days written with the year first, of either calendar: 2018/4/14, ۱۳۹۶/۸/۲۱."""
    for match in _YEAR_FIRST.finditer(text):
        year, month, number = (int(match[part]) for part in ("y", "m", "d"))
        day = from_persian(year, month, number) if year in _PERSIAN_YEARS else None
        if year in _YEARS:
            with suppress(ValueError):  # the thirtieth of February
                day = date(year, month, number)
        if day is not None:
            interval = Interval(day.isoformat(), day.isoformat(), TimePrecision.DAY, "as written")
            yield TimeClaim(Span(*match.span()), match.group(), day, day, False, interval)


def _present(text: str, words: Lexicon, published: datetime) -> Iterator[TimeClaim]:
    day = published.date()
    first = day - timedelta(days=min(PRESENT_DAYS, (day - date.min).days))
    interval = Interval(first.isoformat(), day.isoformat(), TimePrecision.INTERVAL, "the time of the post")
    for match in words.anywhere["present"].finditer(text):
        yield TimeClaim(Span(*match.span()), match.group(), first, day, True, interval)


def _claim(text: str, span: Span, interval: Interval, published: datetime | None) -> TimeClaim:
    first = date.fromisoformat((interval.start or "")[:10])
    last = date.fromisoformat(interval.end[:10]) if interval.end else first
    quote = span.of(text)
    relative = published is not None and not any(character.isdigit() for character in quote)
    present = relative and published is not None and abs((published.date() - first).days) <= 1 and first == last
    return TimeClaim(span, quote, first, last, present, interval)


def _beside(span: Span, mark: Span) -> bool:
    return (
        (0 <= span.start - mark.end <= NEAR_MARK)
        or (0 <= mark.start - span.end <= NEAR_MARK)
        or (span.start < mark.end and mark.start < span.end)
    )
