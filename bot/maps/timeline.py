"""The timeline of an answer: of when each statement speaks, against when it was published.

A bar is the time that is spoken of, fading where it is open; a flag is the publication. Rows stand in the order in
which they come, a denial under what it denies, its bar hollow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bot.images import lettering
from bot.images.page import MARGIN, ROOM
from bot.maps.model import KEY, Row, Timeline
from bot.maps.paper import BOLD, DENIAL, DENIES, INK, QUIET, SAID, SMALL, Canvas, Paper, heading, key, small

_TRACK: Final = 30
"""Pixels of the line on which a row's bar and flag stand."""

_INDENT: Final = 30
_BAR: Final = 14
_LEAST: Final = 8.0
"""Pixels of a bar at least: a day may be less than one."""

_FADE: Final = 24
"""Steps in which a bar with an open end fades."""

_GRID, _LINE = "#e3e3e3", "#c4c4c4"
_TICKS: Final = 6
_DAY: Final = 86_400.0
_SPANS: Final = (1, 2, 7, 14)
"""Days from one tick to the next, before it is months."""
_MONTHS: Final = (1, 3, 6, 12, 24, 60, 120, 300, 600, 1_200)

Span = tuple[float, float]


def timeline_sheet(shown: Timeline, day: Callable[[str], str]) -> bytes:
    """Draw a timeline as a PNG of `bot.images.page.WIDTH` pixels across; the same input gives the same bytes.

    Args:
        shown: what stands on it.
        day: gives a day, ISO 8601, as it is shown ("13 Oct 2015"), for the marks along the top.
    """
    stances = [stance for stance in KEY if any(row.stance is stance for row in shown.rows)]
    above = sum(lettering.height(rows) for rows, _ in heading(shown.title, shown.lines)) + MARGIN // 2
    row = BOLD.line + SMALL.line + _TRACK + 8
    body = SMALL.line + 10 + row * len(shown.rows)
    below = SMALL.line * (1 + len(key(stances))) + sum(map(lettering.height, small(shown.notes))) + 2 * MARGIN
    paper = Paper(above + body + below)
    top = paper.heading(shown.title, shown.lines) + 4
    extent = _extent(shown.rows)
    _ticks(paper, extent, top, above + body, day)
    top += SMALL.line + 10
    for one in shown.rows:
        _row(paper, one, extent, top)
        top += row
    top = _signs(paper, top + MARGIN // 2)
    paper.small(shown.notes, paper.key(top, stances))
    return paper.png()


def _row(paper: Canvas, row: Row, extent: Span, top: int) -> None:
    left = MARGIN + (_INDENT if row.denies else 0)
    if row.denies:
        paper.line([(left - 18, top), (left - 18, top + BOLD.line / 2), (left - 5, top + BOLD.line / 2)], INK, 2)
    paper.shape(row.stance, (left + 11, top + BOLD.line / 2 + 1), 10)
    room = ROOM - (left - MARGIN) - 30
    paper.write(left + 30, top, lettering.lines(row.told, BOLD, room, 1), INK)
    paper.write(left + 30, top + BOLD.line, lettering.lines(row.dated, SMALL, room, 1), QUIET)
    middle = top + BOLD.line + SMALL.line + _TRACK / 2
    paper.line([(MARGIN, middle), (MARGIN + ROOM, middle)], _LINE, 1)
    if row.start or row.end:
        start = _x(_second(row.start), extent) if row.start else None
        end = _x(_second(row.end, last=True), extent) if row.end else None
        _bar(paper, start, end, middle, hollow=row.stance in DENIES)
    if row.posted:
        _flag(paper, _x(_second(row.posted), extent), middle)


def _bar(paper: Canvas, start: float | None, end: float | None, middle: float, *, hollow: bool) -> None:
    """Draw the time that is spoken of; where it is open, from its known end on until it has faded."""
    colour = DENIAL if hollow else SAID
    upper, lower = middle - _BAR / 2, middle + _BAR / 2
    if start is not None and end is not None:
        short = max(0.0, _LEAST - (end - start)) / 2
        paper.box((start - short, upper, end + short, lower), "#ffffff" if hollow else colour, colour, 3)
        return
    edge, open_end = (start, MARGIN + ROOM) if start is not None else (end or 0.0, MARGIN)
    step = (open_end - edge) / _FADE
    for number in range(_FADE):
        faded = f"{colour}{round(255 * (1 - number / _FADE) ** 1.5):02x}"
        left, right = sorted((edge + number * step, edge + (number + 1) * step))
        if hollow:
            paper.line([(left, upper), (right, upper)], faded, 2)
            paper.line([(left, lower), (right, lower)], faded, 2)
        else:
            paper.box((left, upper, right - 0.5, lower), faded)  # a box holds its edges: none is drawn over twice
    paper.line([(edge, upper - 4), (edge, lower + 4)], colour, 4)


def _flag(paper: Canvas, x: float, middle: float) -> None:
    """Draw the sign of a publication."""
    side = -1 if x > MARGIN + ROOM - 20 else 1
    paper.line([(x, middle - 14), (x, middle + 13)], INK, 3)
    paper.polygon([(x, middle - 15), (x + 16 * side, middle - 9), (x, middle - 3)], INK)


def _signs(paper: Canvas, top: int) -> int:
    """Name the signs in a line; return where it ends."""
    middle = top + SMALL.line / 2 + 1
    x = float(MARGIN)
    paper.box((x, middle - _BAR / 2, x + 40, middle + _BAR / 2), SAID, SAID, 3)
    for told, sign in (("time told", 50), ("the same, denied", 50), ("published", 22)):
        if told == "the same, denied":
            paper.box((x, middle - _BAR / 2, x + 40, middle + _BAR / 2), "#ffffff", DENIAL, 3)
        elif told == "published":
            _flag(paper, x, middle)
        rows = lettering.lines(told, SMALL, ROOM, 1)
        paper.write(x + sign, top, rows, INK)
        x += sign + sum(map(lettering.length, rows)) + 30
    paper.write(x, top, lettering.lines("fading: open", SMALL, ROOM, 1), QUIET)
    return top + SMALL.line


def _extent(rows: Sequence[Row]) -> Span:
    """Return the first and the last second that is shown, with some room on either side."""
    instants = [_second(one) for row in rows for one in (row.start, row.posted) if one]
    instants += [_second(row.end, last=True) for row in rows if row.end]
    low, high = min(instants), max(instants)
    room = max((high - low) * 0.04, _DAY)
    return low - room, high + room


def _x(second: float, extent: Span) -> float:
    return MARGIN + ROOM * (second - extent[0]) / (extent[1] - extent[0])


def _second(iso: str, *, last: bool = False) -> float:
    """Return seconds since 1970 of a day or an instant; of a day its end where it is the `last` one spoken of."""
    if len(iso) > 10:
        return datetime.fromisoformat(iso).replace(tzinfo=UTC).timestamp()
    begun = datetime.combine(date.fromisoformat(iso), datetime.min.time(), UTC).timestamp()
    return begun + _DAY if last else begun


def _ticks(paper: Canvas, extent: Span, top: int, bottom: int, day: Callable[[str], str]) -> None:
    """Mark days, months or years along the top, as many as have room, each with a line down the sheet."""
    free = 0.0
    for at, told in _marks(extent, day):
        x = _x(_second(at.isoformat()), extent)
        rows = lettering.lines(told, SMALL, ROOM, 1)
        width = sum(map(lettering.length, rows))
        if x < max(MARGIN, free) or x + width > MARGIN + ROOM:
            continue
        paper.line([(x, top + SMALL.line), (x, bottom)], _GRID, 2)
        paper.write(x, top, rows, QUIET)
        free = x + width + 16


def _marks(extent: Span, day: Callable[[str], str]) -> Iterator[tuple[date, str]]:
    """Give days at which marks stand, with their words: no finer than tells them apart."""
    first, last = (_date(second) for second in extent)
    days = (last - first).days
    step = next((step for step in _SPANS if days / step <= _TICKS), None)
    if step:
        yield from ((at, day(at.isoformat())) for at in _days(first, last, step))
        return
    months = days / 30.4
    apart = next((step for step in _MONTHS if months / step <= _TICKS), _MONTHS[-1])
    for month in range(first.year * 12 + first.month, last.year * 12 + last.month):
        if month % apart == 0:
            at = date(month // 12, month % 12 + 1, 1)
            yield at, str(at.year) if apart >= 12 else day(at.isoformat()).partition(" ")[2]


def _days(first: date, last: date, step: int) -> Iterator[date]:
    at = first + timedelta(days=1)
    while at <= last:
        yield at
        at += timedelta(days=step)


def _date(second: float) -> date:
    """Return the day of a second, no further than the calendar goes."""
    low, high = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    if second <= (low - epoch).total_seconds():
        return date.min
    return date.max if second >= (high - epoch).total_seconds() else (epoch + timedelta(seconds=second)).date()
