"""Due times: each exactly once, in order, over clock changes of the zone and jumps of the machine's clock."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.schedules.due import (
    EPOCH,
    LAST,
    LATE_AFTER,
    Calendar,
    Due,
    Interval,
    MonthDays,
    MonthWeekdays,
    Schedule,
    ScheduleRefused,
    Weekdays,
    coalesced,
    due_between,
    next_due,
)
from tests.schedules.schedules import DAY, MINUTE, MOMENTS, SCHEDULES, calendars, minute_by_minute, near_changes

QUARTER = Interval(15 * MINUTE)
JUMPS = st.lists(
    st.integers(0, 180).map(lambda minutes: minutes * MINUTE)
    | st.integers(-3000, 3000).map(lambda hours: timedelta(hours=hours)),
    min_size=1,
    max_size=30,
)
"""By how much the machine's clock has moved from one look to the next; mostly forward, and now and then far off."""


def at(text: str) -> datetime:
    """A moment in UTC, from “2016-03-01 12:00”."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def daily(*clocks: str, zone: str = "UTC") -> Calendar:
    """Every day at these times."""
    return Calendar(tuple(time.fromisoformat(clock) for clock in clocks), Weekdays(), zone)


def last_of(fired: list[datetime], start: datetime, now: datetime) -> datetime:
    """The latest due time fired that is not after now, as a store would look it up."""
    return max(due for due in (start, *fired) if due <= now)


def dues(schedule: Schedule, since: str, until: str) -> list[str]:
    """The due times after a moment, up to another, as text in UTC."""
    return [f"{due:%Y-%m-%d %H:%M}" for due in due_between(schedule, at(since), at(until))]


@settings(deadline=None)
@given(st.data())
def test_due_times_are_those_of_a_clock_watched_minute_by_minute(data: st.DataObject) -> None:
    """Around clock changes of any zone nothing is skipped, doubled or moved, compared with the plainest reading."""
    schedule = data.draw(calendars())
    since = data.draw(near_changes(schedule.zone))
    until = since + 4 * DAY
    assert list(minute_by_minute(schedule, since, until)) == list(due_between(schedule, since, until))


@given(SCHEDULES, MOMENTS)
def test_due_times_increase_strictly(schedule: Schedule, since: datetime) -> None:
    """Each next due time lies after the one before, in UTC, and no moment between two of them has another next one."""
    found = [since]
    for _ in range(10):
        found.append(next_due(schedule, found[-1]))
    assert all(before < after for before, after in pairwise(found))
    assert {UTC} == {due.tzinfo for due in found}
    for before, after in pairwise(found):
        assert after == next_due(schedule, before + (after - before) / 2)
        assert after == next_due(schedule, after - timedelta(microseconds=1))


@given(SCHEDULES, MOMENTS, st.lists(st.integers(0, 10000), max_size=6))
def test_looking_often_or_seldom_gives_the_same_due_times(schedule: Schedule, since: datetime, cuts: list[int]) -> None:
    """A stretch cut anywhere has the due times of its parts, none lost or doubled at a cut."""
    moments = [since, *(since + cut * MINUTE for cut in sorted(cuts)), since + 10001 * MINUTE]
    parts = [due for start, end in pairwise(moments) for due in due_between(schedule, start, end)]
    assert parts == list(due_between(schedule, since, moments[-1]))


@given(SCHEDULES, MOMENTS, st.integers(0, 20000), st.integers(0, 600))
def test_what_was_missed_is_one_run(schedule: Schedule, last: datetime, minutes: int, grace: int) -> None:
    """It stands at the latest due time, counts all that were not in time, and says when it is itself late."""
    now = last + minutes * MINUTE
    found = list(due_between(schedule, last, now))
    due = coalesced(schedule, last, now, grace * MINUTE)
    if not found:
        assert due is None
    else:
        late = now - found[-1] > grace * MINUTE
        assert Due(found[-1], len(found) - 1 + late, late) == due


@given(SCHEDULES, MOMENTS, JUMPS)
def test_nothing_fires_twice_and_nothing_starves_when_the_clock_jumps(
    schedule: Schedule, start: datetime, jumps: list[timedelta]
) -> None:
    """Whatever way the machine's clock leaps, a due time is fired once, and none that has come stays unserved."""
    fired: list[datetime] = []
    now = start
    for jump in jumps:
        now += jump
        start = min(start, now)  # the clock had run ahead when the schedule was made
        if due := coalesced(schedule, last_of(fired, start, now), now):
            fired.append(due.at)
        assert coalesced(schedule, last_of(fired, start, now), now) is None
        due_next = next_due(schedule, now)
        assert coalesced(schedule, last_of(fired, start, due_next), due_next) or due_next in fired
    assert len(fired) == len(set(fired))


def test_an_interval_is_not_moved_by_clock_changes() -> None:
    """It is counted in real time from its anchor, and is first due at the anchor."""
    schedule = Interval(timedelta(hours=5), at("2016-03-26 20:00"))
    expected = ["2016-03-26 20:00", "2016-03-27 01:00", "2016-03-27 06:00"]
    assert expected == dues(schedule, "2015-01-01 00:00", "2016-03-27 06:00")


@pytest.mark.parametrize(
    ("schedule", "since", "until", "expected"),
    [
        (  # Oslo, forward from 02:00 to 03:00 on 27 March 2016
            daily("02:30", zone="Europe/Oslo"),
            "2016-03-25 12:00",
            "2016-03-28 12:00",
            ["2016-03-26 01:30", "2016-03-27 01:00", "2016-03-28 00:30"],
        ),
        (  # two times in the gap and one at its end are one instant
            daily("02:00", "02:45", "03:00", "03:01", zone="Europe/Oslo"),
            "2016-03-26 12:00",
            "2016-03-27 12:00",
            ["2016-03-27 01:00", "2016-03-27 01:01"],
        ),
        (  # Oslo, back from 03:00 to 02:00 on 30 October 2016
            daily("02:30", zone="Europe/Oslo"),
            "2016-10-29 12:00",
            "2016-10-31 12:00",
            ["2016-10-30 00:30", "2016-10-31 01:30"],
        ),
        (  # São Paulo, forward at midnight on 4 November 2018
            daily("00:00", zone="America/Sao_Paulo"),
            "2018-11-03 12:00",
            "2018-11-05 12:00",
            ["2018-11-04 03:00", "2018-11-05 02:00"],
        ),
        (  # Beirut, back from midnight to 23:00 on 29 October 2016: 23:30 comes twice on the 29th
            daily("00:00", "23:30", zone="Asia/Beirut"),
            "2016-10-29 12:00",
            "2016-10-30 12:00",
            ["2016-10-29 20:30", "2016-10-29 22:00"],
        ),
        (  # Samoa left out 30 December 2011
            daily("09:00", zone="Pacific/Apia"),
            "2011-12-29 12:00",
            "2011-12-31 12:00",
            ["2011-12-29 19:00", "2011-12-30 10:00", "2011-12-30 19:00"],
        ),
        (  # Lord Howe, forward by half an hour from 02:00 on 2 October 2016
            daily("02:15", "02:30", zone="Australia/Lord_Howe"),
            "2016-10-01 00:00",
            "2016-10-02 00:00",
            ["2016-10-01 15:30"],
        ),
    ],
)
def test_clock_changes_that_are_known(schedule: Calendar, since: str, until: str, expected: list[str]) -> None:
    """What does not exist is due at the end of the gap, what exists twice the first time."""
    assert expected == dues(schedule, since, until)


def test_days_that_a_month_lacks_are_passed_over() -> None:
    """The 31st is due in long months only, the last day in all, leap years included."""
    noon = (time(12),)
    long = Calendar(noon, MonthDays(frozenset({31})), "UTC")
    last = Calendar(noon, MonthDays(frozenset({LAST, 29})), "UTC")
    expected = ["2016-01-31 12:00", "2016-03-31 12:00"]
    assert expected == dues(long, "2016-01-05 00:00", "2016-05-01 00:00")
    expected = ["2016-02-29 12:00", "2016-03-29 12:00", "2016-03-31 12:00", "2016-04-29 12:00", "2016-04-30 12:00"]
    assert expected == dues(last, "2016-02-01 00:00", "2016-05-01 00:00")


def test_weekdays_of_a_month_are_counted_from_its_first_day() -> None:
    """The first and the last Tuesday of March 2016 are the 1st and the 29th, and the fifth is the last."""
    places = MonthWeekdays(frozenset({(1, 1), (LAST, 1), (5, 1)}))
    expected = ["2016-03-01 12:00", "2016-03-29 12:00", "2016-04-05 12:00"]
    assert expected == dues(Calendar((time(12),), places, "UTC"), "2016-03-01 00:00", "2016-04-25 00:00")


def test_a_moment_of_any_zone_will_do_but_a_naive_one_is_a_mistake() -> None:
    """The same instant has the same next due time however it is written; without a zone it is none."""
    oslo = datetime.fromisoformat("2016-03-01T01:05+01:00")
    assert at("2016-03-01 00:15") == next_due(QUARTER, oslo) == next_due(QUARTER, oslo.astimezone(UTC))
    with pytest.raises(ValueError, match="no instant"):
        next_due(QUARTER, oslo.replace(tzinfo=None))


def test_a_run_is_late_only_beyond_the_grace() -> None:
    """At the end of the grace it is still in time; what came before it was missed all the same."""
    noon = at("2016-03-01 12:00")
    assert Due(noon, 0, late=False) == coalesced(QUARTER, noon - 15 * MINUTE, noon)
    assert Due(noon, 3, late=False) == coalesced(QUARTER, noon - 60 * MINUTE, noon + LATE_AFTER)
    assert Due(noon, 4, late=True) == coalesced(QUARTER, noon - 60 * MINUTE, noon + LATE_AFTER + MINUTE)
    assert coalesced(QUARTER, noon, noon - DAY) is None


def test_an_outage_of_a_century_is_counted_without_walking_through_it() -> None:
    """An interval's missed runs are reckoned, so that a clock set wrong does not stop the tick."""
    due = coalesced(Interval(MINUTE), EPOCH, at("2070-01-01 00:00"))
    assert due == Due(at("2070-01-01 00:00"), (at("2070-01-01 00:00") - EPOCH) // MINUTE - 1, late=False)


@pytest.mark.parametrize(
    "every", [59 * timedelta(seconds=1), timedelta(0), -MINUTE, 90 * timedelta(seconds=1), 31 * DAY + MINUTE]
)
def test_intervals_outside_the_limits_are_refused(every: timedelta) -> None:
    """Faster than a minute, slower than 31 days, or no whole minutes: each is refused with an example."""
    with pytest.raises(ScheduleRefused, match="for example"):
        Interval(every)


def test_values_that_are_no_schedule_are_refused() -> None:
    """No day, a day that no month has, times out of order or not whole, a zone nobody knows: none can be built."""
    with pytest.raises(ScheduleRefused, match="day of the week"):
        Weekdays(frozenset())
    with pytest.raises(ScheduleRefused, match="day of the week"):
        MonthWeekdays(frozenset({(1, 7)}))
    with pytest.raises(ScheduleRefused, match="at most five"):
        MonthWeekdays(frozenset({(6, 0)}))
    with pytest.raises(ScheduleRefused, match="1st to 31st"):
        MonthDays(frozenset({0}))
    with pytest.raises(ScheduleRefused, match="in order"):
        daily("10:00", "09:00")
    with pytest.raises(ScheduleRefused, match="in order"):
        daily()
    with pytest.raises(ScheduleRefused, match="whole minute"):
        daily("09:00:30")
    with pytest.raises(ScheduleRefused, match="whole minute"):
        Interval(MINUTE, EPOCH + timedelta(seconds=1))
    for zone in ("Europe/Atlantis", "europe/oslo", "../etc/passwd", ""):
        with pytest.raises(ScheduleRefused, match="no time zone"):
            daily("09:00", zone=zone)
