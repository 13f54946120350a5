"""Quiet hours as editors type them, said back in one form, or refused with an example."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.schedules.due import WEEK, ScheduleRefused, Weekdays
from bot.schedules.quiet import QuietHours
from bot.schedules.quiet_words import LONGEST, parse_quiet, quiet_words
from tests.schedules.schedules import ZONES

CLOCKS = st.builds(time, st.integers(0, 23), st.integers(0, 59))
DAYS = st.frozensets(st.integers(0, 6), min_size=1).map(Weekdays)
VOCABULARY = (
    "22:00 07:00 9 6pm noon midnight to until - and from between weekdays mon Europe/Oslo on 1st at 25:00 <!here> ٣"
)


@given(CLOCKS, CLOCKS, DAYS, ZONES, ZONES)
def test_what_is_said_back_is_read_as_the_same_hours(
    start: time, end: time, days: Weekdays, zone: str, reader: str
) -> None:
    """Whatever zone the reader lives in."""
    assume(start != end or days.numbers != WEEK)
    hours = QuietHours(start, end, zone, days)
    assert hours == parse_quiet(quiet_words(hours), reader)


@given(st.lists(st.sampled_from(VOCABULARY.split()), max_size=10).map(" ".join) | st.text(max_size=60))
@example("22 to 7 " * 60)
@example("9" * 300 + " to 7")
def test_any_words_are_quiet_hours_or_refused_in_a_sentence(typed: str) -> None:
    """Nothing typed breaks the reader, and what it accepts has a canonical form."""
    try:
        hours = parse_quiet(typed, "Europe/Oslo")
    except ScheduleRefused as refusal:
        why = str(refusal)
    else:
        assert hours == parse_quiet(quiet_words(hours), "UTC")
        return
    assert why.endswith(".")
    assert len(why) < 350


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("22:00 to 07:00", "22:00 to 07:00 daily Europe/Oslo"),
        ("22-7 on weekdays", "22:00 to 07:00 weekdays Europe/Oslo"),
        ("weekends from 10pm until 9 a.m.", "22:00 to 09:00 weekends Europe/Oslo"),
        ("between 2200 and 0630 in Asia/Beirut", "22:00 to 06:30 daily Asia/Beirut"),
        ("midnight–noon, sat and sun", "00:00 to 12:00 weekends Europe/Oslo"),
    ],
)
def test_the_ways_in_which_hours_are_typed(typed: str, expected: str) -> None:
    """Dashes and words, hours of either clock, days before or behind, a zone of its own."""
    assert quiet_words(parse_quiet(typed, "Europe/Oslo")) == expected


@pytest.mark.parametrize("typed", ["", "22:00", "at night", "22:00 to 07:00 at 9", "22 to 7 on the 1st", "x" * LONGEST])
def test_what_is_no_quiet_hours_is_refused_with_an_example(typed: str) -> None:
    """Half of it, a third time, or days of the month."""
    with pytest.raises(ScheduleRefused, match="for example"):
        parse_quiet(typed, "UTC")
