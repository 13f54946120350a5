"""Quiet hours in the words editors type, and said back in one canonical form that is read as the same hours."""

from __future__ import annotations

import re
from datetime import time
from typing import Final

from bot.schedules.due import Calendar, ScheduleRefused, Weekdays
from bot.schedules.quiet import QuietHours
from bot.schedules.words import parse, words

LONGEST: Final = 300
"""Characters of quiet hours that are read."""

_EXAMPLE: Final = "write for example “22:00 to 07:00”, or “22:00 to 07:00 on weekdays”."
_CLOCK: Final = r"(?:noon|midnight|[0-9]{1,2}(?:[:.]?[0-9]{2})?(?:\s?[ap]\.?\s?m\b\.?)?)"
_HOURS: Final = re.compile(
    rf"(?:\b(?:from|between)\s+)?(?<![0-9:.])(?P<start>{_CLOCK})\s*(?:\bto\b|\buntil\b|\btill\b|\band\b|[-–—])\s*"
    rf"(?P<end>{_CLOCK})(?![0-9:.]*[0-9])",
    re.IGNORECASE,
)


def parse_quiet(typed: str, zone: str) -> QuietHours:
    """Read quiet hours; their times are by the clocks of `zone` unless the words name another.

    Raises:
        ScheduleRefused: what was not understood in one sentence, with an example of what is.
    """
    said = " ".join(typed[: LONGEST + 1].split())
    found = _HOURS.search(said)
    if len(said) > LONGEST or not found:
        raise ScheduleRefused(f"Quiet hours need a beginning and an end; {_EXAMPLE}")
    days = " ".join(part for part in (said[: found.start()], said[found.end() :]) if part.strip(" ,"))
    begins = _daily(f"at {found['start']} {days}", zone)
    ends = _daily(f"at {found['end']}", zone)
    if not isinstance(begins.days, Weekdays):
        raise ScheduleRefused(f"Quiet hours go by days of the week; {_EXAMPLE}")
    return QuietHours(_only(begins), _only(ends), begins.zone, begins.days)


def quiet_words(hours: QuietHours) -> str:
    """Say quiet hours in their canonical form: `parse_quiet` reads it as equal hours, whatever zone it is given."""
    days = words(Calendar((hours.start,), hours.days, hours.zone)).partition(" at ")[0]
    return f"{hours.start:%H:%M} to {hours.end:%H:%M} {days} {hours.zone}"


def _daily(typed: str, zone: str) -> Calendar:
    read = parse(typed, zone)
    if not isinstance(read, Calendar):
        raise ScheduleRefused(f"Quiet hours are times of day; {_EXAMPLE}")
    return read


def _only(calendar: Calendar) -> time:
    if len(calendar.times) != 1:
        raise ScheduleRefused(f"Quiet hours have one beginning and one end; {_EXAMPLE}")
    return calendar.times[0]
