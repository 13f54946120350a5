"""The Persian (solar Hijri) calendar, by the 33-year rule of its arithmetic form; exact for 1900-2100."""

from __future__ import annotations

from datetime import date, timedelta

_EPOCH_YEAR = 979
"""The Persian year from which days are counted."""
_EPOCH = date(1600, 3, 20)
"""Its first day."""
_LONG_MONTHS = 6
"""The first six months have 31 days, the others 30, the last 29 or 30."""


def from_persian(year: int, month: int, day: int) -> date | None:
    """Turn a day of the Persian calendar into a Gregorian one; None for a day that does not exist."""
    if not (1 <= month <= 12 and 1 <= day <= (31 if month <= _LONG_MONTHS else 30)) or year < _EPOCH_YEAR:
        return None
    since = year - _EPOCH_YEAR
    days = 365 * since + since // 33 * 8 + (since % 33 + 3) // 4
    days += (month - 1) * 31 - max(0, month - 1 - _LONG_MONTHS) + day - 1
    try:
        return _EPOCH + timedelta(days=days)
    except OverflowError:
        return None


def persian_year_of(day: date) -> int:
    """Give the Persian year that a Gregorian day lies in."""
    guess = max(day.year - 621, _EPOCH_YEAR)
    first = from_persian(guess, 1, 1)
    return guess if first is not None and day >= first else guess - 1
