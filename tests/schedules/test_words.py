"""Schedules as editors type them, said back in one form, or refused with an example."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.schedules.due import LAST, Calendar, Interval, MonthWeekdays, Schedule, ScheduleRefused, Weekdays
from bot.schedules.words import LONGEST, parse, words
from tests.schedules.schedules import SCHEDULES, ZONES

VOCABULARY = """
    every each hourly daily weekly monthly weekdays weekend mon tuesdays wednesday thu. first second 3rd last
    31st 0th day days week month of the on at @ and , - to from starting 2016-03-01 9 09:30 25:00 6 pm a.m.
    noon 15 m minutes hours 30s half an other UTC Europe/Oslo (Asia/Tokyo) Nowhere/None <!channel> ünlü ٣ ' ’
    99999999999999999999
"""


def said(typed: str) -> str:
    """What is said back to an editor in Oslo, without the zone."""
    return words(parse(typed, "Europe/Oslo")).removesuffix(" Europe/Oslo")


def refused(typed: str) -> str:
    """Why words are refused."""
    with pytest.raises(ScheduleRefused) as why:
        parse(typed, "Europe/Oslo")
    return str(why.value)


@given(SCHEDULES, ZONES)
def test_what_is_said_back_is_read_as_the_same_schedule(schedule: Schedule, zone: str) -> None:
    """Whatever zone the reader lives in, and however the canonical form is capitalised."""
    assert schedule == parse(words(schedule), zone)
    assert schedule == parse(words(schedule).upper(), zone)


@given(st.lists(st.sampled_from(VOCABULARY.split()), max_size=12).map(" ".join) | st.text(max_size=100))
@example("İstanbul’da every 15m")
@example("at " + "9" * 1400)
@example("daily at 9" + " ," * 700)
@example("mon " * 400)
def test_any_words_are_a_schedule_or_refused_in_a_sentence_with_an_example(typed: str) -> None:
    """Nothing typed breaks the reader, and what it accepts has a canonical form."""
    try:
        schedule = parse(typed, "Europe/Oslo")
    except ScheduleRefused as refusal:
        why = str(refusal)
    else:
        assert schedule == parse(words(schedule), "UTC")
        return
    assert "for example" in why
    assert why.endswith(".")
    assert len(why) < 350


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("every 15m", "every 15 minutes"),
        ("Every 15 minutes.", "every 15 minutes"),
        ("each minute", "every minute"),
        ("hourly", "every hour"),
        ("every hour", "every hour"),
        ("every two hours", "every 2 hours"),
        ("every half an hour", "every 30 minutes"),
        ("every 1h30m", "every 90 minutes"),
        ("every 1 hour and 30 minutes", "every 90 minutes"),
        ("every 60 min", "every hour"),
        ("every other day", "every 2 days"),
        ("every 1 day", "every 24 hours"),
        ("every 4 weeks", "every 28 days"),
        ("every 31 days", "every 31 days"),
        ("every 2 hours starting 2016-03-01 09:30", "every 2 hours starting 2016-03-01 08:30 UTC"),
        ("every 2 days from 2016-07-01T00:00", "every 2 days starting 2016-06-30 22:00 UTC"),
        ("every 2 days starting on 2016-07-01 at 9pm UTC", "every 2 days starting 2016-07-01 21:00 UTC"),
        ("every 2 days starting 2016-07-01", "every 2 days starting 2016-06-30 22:00 UTC"),
    ],
)
def test_intervals(typed: str, expected: str) -> None:
    """Minutes, hours, days and weeks in figures, short forms and words."""
    assert expected == said(typed)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("daily at 9", "daily at 09:00"),
        ("every day at 08:30", "daily at 08:30"),
        ("at 9 and 18", "daily at 09:00 and 18:00"),
        ("at 18, 9 and 12:15", "daily at 09:00, 12:15 and 18:00"),
        ("at 9 and at 9:00", "daily at 09:00"),
        ("9am and 6pm daily", "daily at 09:00 and 18:00"),
        ("every day of the week at 0930", "daily at 09:30"),
        ("weekdays at 7:45", "weekdays at 07:45"),
        ("weekdays 7.45", "weekdays at 07:45"),
        ("every weekday at noon", "weekdays at 12:00"),
        ("weekends at 10", "weekends at 10:00"),
        ("sat and sun at midnight", "weekends at 00:00"),
        ("mon, wed and fri at 17:00", "Mondays, Wednesdays and Fridays at 17:00"),
        ("Mon/Wed/Fri 17", "Mondays, Wednesdays and Fridays at 17:00"),
        ("at 17 mon/wed/fri", "Mondays, Wednesdays and Fridays at 17:00"),
        ("weekdays and saturday at 8", "Monday to Saturday at 08:00"),
        ("monday to thursday at 6pm", "Monday to Thursday at 18:00"),
        ("from monday through thursday, 6 p.m.", "Monday to Thursday at 18:00"),
        ("mon–fri @ 9", "weekdays at 09:00"),
        ("friday to monday at 9", "Mondays, Fridays, Saturdays and Sundays at 09:00"),
        ("every tue. and every thurs. at 12am", "Tuesdays and Thursdays at 00:00"),
        ("weekly on mondays at 9 o'clock", "Mondays at 09:00"),
        ("9:00 every Sunday", "Sundays at 09:00"),
        ("on the 1st at 9:00", "on the 1st of the month at 09:00"),
        ("monthly on the 22nd, 3rd and 11th at 12pm", "on the 3rd, 11th and 22nd of the month at 12:00"),
        ("the 15th and last day of every month at 9", "on the 15th and last day of the month at 09:00"),
        ("first day of the month at 9", "on the 1st of the month at 09:00"),
        ("every 15th of the month at 9", "on the 15th of the month at 09:00"),
        ("first monday of the month at 9", "on the first Monday of the month at 09:00"),
        ("every second monday of the month at 9", "on the second Monday of the month at 09:00"),
        ("1st and 3rd tue at 9", "on the first Tuesday and third Tuesday of the month at 09:00"),
        ("last friday and first monday at 9:00", "on the first Monday and last Friday of the month at 09:00"),
    ],
)
def test_times_of_day(typed: str, expected: str) -> None:
    """On days of the week or of the month, the time before or behind, as people write them."""
    assert expected == said(typed)


@pytest.mark.parametrize(
    "typed",
    ["mondays 9:00 Asia/Tokyo", "mondays at 9 in asia/tokyo", "at 9:00 mondays, (Asia/Tokyo)", "mondays 9 Asia/Tokyo."],
)
def test_a_zone_may_be_named_behind(typed: str) -> None:
    """It counts instead of the reader's own, however its letters are written."""
    assert Calendar((time(9),), Weekdays(frozenset({0})), "Asia/Tokyo") == parse(typed, "Europe/Oslo")


def test_the_values_behind_the_words() -> None:
    """An interval counts from its start in UTC; a calendar keeps the reader's zone."""
    started = datetime(2016, 3, 1, 8, 30, tzinfo=UTC)
    assert Interval(timedelta(hours=2), started) == parse("every 2h starting 2016-03-01 09:30", "Europe/Oslo")
    assert Calendar((time(9), time(18)), Weekdays(), "Europe/Oslo") == parse("at 9 and 18", "Europe/Oslo")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "breaks off"),
        ("every", "breaks off"),
        ("fortnightly", "“fortnightly” is not understood"),
        ("daily except sundays at 9", "“except” is not understood"),
        ("mondays at 9 Oslo", "“oslo” is not understood"),
        ("mondays at 9 Europe/Olso", "“Europe/Olso” is no time zone"),
        ("every 15", "“every 15” needs minutes, hours or days"),
        ("every 1.5 hours", "“every 1” needs minutes, hours or days"),
        ("every 30s", "no faster than every minute"),
        ("every second", "no faster than every minute"),
        ("every 0 minutes", "no faster than every minute"),
        ("every 32 days", "no slower than every 31 days"),
        ("every 2 months", "no slower than every 31 days"),
        ("every 99999999999999999999 hours", "no slower than every 31 days"),
        ("every 15 minutes on weekdays", "cannot follow an interval"),
        ("every 15m starting tomorrow", "starts at a date"),
        ("every 15m starting 2016-02-30", "starts at a date"),
        ("every 15m starting 0001-01-01", "between 1971 and 2099"),
        ("every 15m starting 2016-03-01 09:30 and so on", "“and” is not understood"),
        ("daily", "needs a time of day"),
        ("mondays", "needs a time of day"),
        ("at 25", "“25” is no time of day"),
        ("at 24:00", "“24:00” is no time of day"),
        ("at 13pm", "“13pm” is no time of day"),
        ("at 0am", "“0am” is no time of day"),
        ("at 9:75", "“9:75” is no time of day"),
        ("weekly at 9", "needs its day"),
        ("every month at 9", "needs its day"),
        ("mondays of the month at 9", "needs its day"),
        ("last at 9", "“last” needs its day"),
        ("32nd at 9", "1st to 31st"),
        ("6th monday at 9", "at most five"),
        ("first weekday of the month at 9", "“weekday” is not understood"),
    ],
)
def test_what_is_refused_and_why(typed: str, why: str) -> None:
    """Each refusal names what was not understood, or the limit."""
    assert why in refused(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "every second monday at 9",
        "every 2nd day at 9",
        "every other monday at 9",
        "the 1st and the last friday at 9",
        "mondays and the 1st at 9",
        "daily on mondays at 9",
        "mondays at 9 and tuesdays at 10",
        "at 9 on mondays and 10 on tuesdays",
        "on 1 at 9",
        "1, 15 at 9",
        "day 1 of every month at 9",
        "9",
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(typed: str) -> None:
    """A schedule that might be another than the editor meant is never guessed."""
    assert "for example" in refused(typed)


def test_the_longest_schedule_is_said_and_read() -> None:
    """Every such weekday of a month at the most times there may be; one time more is refused."""
    times = tuple(time(hour, minute) for hour in range(24) for minute in (0, 30))
    places = MonthWeekdays(frozenset((which, day) for which in (1, 2, 3, 4, 5, LAST) for day in range(7)))
    schedule = Calendar(times, places, "America/Argentina/ComodRivadavia")
    assert schedule == parse(words(schedule), "UTC")
    assert "at most 48 times" in refused("at " + ", ".join(f"{clock:%H:%M}" for clock in times) + ", 23:59")
    assert f"at most {LONGEST} characters" in refused("mon " * 400)


def test_the_readers_zone_must_be_one() -> None:
    """A zone that nobody knows is refused before anything is read."""
    with pytest.raises(ScheduleRefused, match="no time zone"):
        parse("daily at 9", "Oslo")
