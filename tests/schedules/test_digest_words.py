"""What is typed to set up a digest: time, days and zone, then sections and what becomes of an empty one."""

from __future__ import annotations

from datetime import time
from itertools import permutations

import pytest

from bot.schedules.digest_words import parse_digest
from bot.schedules.due import Calendar, ScheduleRefused, Weekdays
from storage.digests import Section

WEEKDAYS = Calendar((time(8, 30),), Weekdays(frozenset(range(5))), "Europe/Oslo")


@pytest.mark.parametrize("clauses", list(permutations(["sections sightings, denials and still open", "silent"])))
def test_the_clauses_come_in_any_order(clauses: tuple[str, ...]) -> None:
    """Sections under any of their names, in the digest's own order; silence before or after them."""
    asked = parse_digest(" ".join(["at 08:30 weekdays", *clauses]), "Europe/Oslo")
    assert asked.schedule == WEEKDAYS
    assert asked.sections == (Section.CONFLICTS, Section.SIGHTINGS, Section.OPEN)
    assert asked.silent


@pytest.mark.parametrize(
    "typed",
    [
        "weekdays at 08:30 Europe/Oslo",
        "at 8:30 weekdays Europe/Oslo say so when empty",
        "08:30 weekdays europe/oslo sections all",
        "Weekdays 8:30 am Europe/Oslo.",
    ],
)
def test_what_is_not_said_is_everything_in_one_line_at_least(typed: str) -> None:
    """Without clauses all sections are told, and an empty digest says so."""
    asked = parse_digest(typed, "UTC")
    assert (asked.schedule, asked.sections, asked.silent) == (WEEKDAYS, tuple(Section), False)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "every 15 minutes",
        "hourly silent",
        "at 9 daily sections weather",
        "at 9 daily sections",
        "silent",
        "at 9 daily with",
        "at 9 daily Mars/Phobos",
    ],
)
def test_anything_else_is_refused_with_an_example(typed: str) -> None:
    """A sentence says what was not understood."""
    with pytest.raises(ScheduleRefused):
        parse_digest(typed, "UTC")
