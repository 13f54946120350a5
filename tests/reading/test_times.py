"""Times: expressions become intervals relative to the post, in the zone of the post, and never today."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading import times
from storage.records import TimePrecision

POST = datetime(2021, 8, 19, 22, 30, tzinfo=timezone(timedelta(hours=-5)))
"""A Thursday evening, already Friday in UTC."""

Row = tuple[str, str, str | None, str | None, str]

RESOLVED: list[Row] = [
    ("He left on Thursday.", "on Thursday", "2021-08-19", "2021-08-19", "day"),
    ("He left last Thursday.", "last Thursday", "2021-08-12", "2021-08-12", "day"),
    ("She spoke Wednesday night", "Wednesday night", "2021-08-18", "2021-08-18", "day"),
    ("It opens next Monday", "next Monday", "2021-08-23", "2021-08-23", "day"),
    ("They will arrive on Monday", "on Monday", "2021-08-23", "2021-08-23", "day"),
    ("They will come, he said on Monday", "on Monday", "2021-08-16", "2021-08-16", "day"),
    ("They arrived on Monday", "on Monday", "2021-08-16", "2021-08-16", "day"),
    ("seen on Sat near the gate", "on Sat", "2021-08-14", "2021-08-14", "day"),
    ("He is in Quito today", "today", "2021-08-19", "2021-08-19", "day"),
    ("shots were heard last night", "last night", "2021-08-18", "2021-08-18", "day"),
    ("the day before yesterday", "the day before yesterday", "2021-08-17", "2021-08-17", "day"),
    ("he lands tomorrow", "tomorrow", "2021-08-20", "2021-08-20", "day"),
    ("three days ago", "three days ago", "2021-08-16", "2021-08-16", "day"),
    ("about two weeks ago", "about two weeks ago", "2021-08-02", "2021-08-08", "interval"),
    ("a month ago", "a month ago", "2021-07-01", "2021-07-31", "month"),
    ("10 years ago", "10 years ago", "2011-01-01", "2011-12-31", "year"),
    ("a few days ago", "a few days ago", "2021-08-12", "2021-08-17", "interval"),
    ("last week", "last week", "2021-08-09", "2021-08-15", "interval"),
    ("next month", "next month", "2021-09-01", "2021-09-30", "month"),
    ("last year", "last year", "2020-01-01", "2020-12-31", "year"),
    ("earlier this week", "earlier this week", "2021-08-16", "2021-08-19", "interval"),
    ("over the past two weeks", "over the past two weeks", "2021-08-05", "2021-08-19", "interval"),
    ("on Aug 3", "on Aug 3", "2021-08-03", "2021-08-03", "day"),
    ("on 3 August", "on 3 August", "2021-08-03", "2021-08-03", "day"),
    ("on Dec. 30", "on Dec. 30", "2020-12-30", "2020-12-30", "day"),
    ("He will fly on January 5", "on January 5", "2022-01-05", "2022-01-05", "day"),
    ("August 3, 1998", "August 3, 1998", "1998-08-03", "1998-08-03", "day"),
    ("the 3rd of August 1998", "the 3rd of August 1998", "1998-08-03", "1998-08-03", "day"),
    ("on Tuesday, August 3, 2021", "on Tuesday, August 3, 2021", "2021-08-03", "2021-08-03", "day"),
    ("3.8.1998", "3.8.1998", "1998-08-03", "1998-08-03", "day"),
    ("1998-08-03", "1998-08-03", "1998-08-03", "1998-08-03", "day"),
    ("23/08/1998", "23/08/1998", "1998-08-23", "1998-08-23", "day"),
    ("Aug 3-5", "Aug 3-5", "2021-08-03", "2021-08-05", "interval"),
    ("in September", "in September", "2020-09-01", "2020-09-30", "month"),
    ("in May", "in May", "2021-05-01", "2021-05-31", "month"),
    ("in March 2011", "in March 2011", "2011-03-01", "2011-03-31", "month"),
    ("in 2013", "in 2013", "2013-01-01", "2013-12-31", "year"),
    ("since Monday", "since Monday", "2021-08-16", "2021-08-19", "interval"),
    ("since 2011", "since 2011", "2011-01-01", "2021-08-19", "interval"),
    ("between 2011 and 2013", "between 2011 and 2013", "2011-01-01", "2013-12-31", "interval"),
    ("from March to May", "from March to May", "2021-03-01", "2021-05-31", "interval"),
    ("in early July", "in early July", "2021-07-01", "2021-07-10", "interval"),
    ("late 2020", "late 2020", "2020-09-01", "2020-12-31", "interval"),
    ("in the 1990s", "in the 1990s", "1990-01-01", "1999-12-31", "interval"),
    ("in the summer of 2014", "in the summer of 2014", "2014-06-01", "2014-08-31", "interval"),
    ("until Sunday", "until Sunday", None, "2021-08-15", "on_or_before"),
    ("He was recently seen", "recently", None, "2021-08-19", "recent_past"),
    ("in recent weeks", "in recent weeks", None, "2021-08-19", "recent_past"),
    ("They have long sent aid", "long", None, "2021-08-19", "unbounded_past"),
    ("for years", "for years", None, "2021-08-19", "unbounded_past"),
    ("on Tuesday at 9:15 p.m.", "on Tuesday at 9:15 p.m.", "2021-08-17T21:15", "2021-08-17T21:15", "minute"),
]


@pytest.mark.parametrize(("text", "words", "start", "end", "precision"), RESOLVED)
def test_an_expression_resolves_against_the_post(
    text: str, words: str, start: str | None, end: str | None, precision: str
) -> None:
    """The span holds preposition and expression, the interval counts from the post's own day, the basis quotes it."""
    (mention,) = times.find(text, POST)
    interval = mention.interval
    assert mention.span.of(text) == words
    assert (interval.start, interval.end, interval.precision.value) == (start, end, precision)
    assert f'"{words}"' in interval.basis


@pytest.mark.parametrize(
    "text",
    [
        "Feb 30; 31 April 2020", "2021-13-40", "31/02/2020", "10/8 or 10/08/2015", "24/7 and 9/11",
        "May I march on? He may. Sat down second.", "the Sun and the Mar tin", "USA Today and the Sunday Times",
        "2014 soldiers", "version 3.8.1998.2", "It took place in two days", "May said so", "flight 2013",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_time_is_none(text: str) -> None:
    """Dates that do not exist, could be read two ways, or are words of another kind are left alone."""
    assert times.find(text, POST) == []


def test_without_a_post_date_relative_times_are_unknown_and_full_dates_stand() -> None:
    """Nothing is counted from today."""
    relative, absolute, yearless = times.find("on Tuesday; 3 August 1998; on Aug 3", None)
    for mention in (relative, yearless):
        assert (mention.interval.start, mention.interval.end) == (None, None)
        assert mention.interval.precision is TimePrecision.UNKNOWN
    assert absolute.interval.start == "1998-08-03"


def test_earlier_counts_from_the_date_before_it() -> None:
    """The words "two days earlier" after a date counts from that date."""
    _, earlier = times.find("He died on 10 May 1998. Two days earlier he was in Rome.", POST)
    assert earlier.interval.start == "1998-05-08"


def test_a_claim_without_a_time_is_on_or_before_the_post_and_unknown_without_one() -> None:
    """The default is open at its start, ends on the post's own day, and never is today's date."""
    default = times.default_interval(POST)
    assert (default.start, default.end, default.precision) == (None, "2021-08-19", TimePrecision.ON_OR_BEFORE)
    unknown = times.default_interval(None)
    assert (unknown.start, unknown.end, unknown.precision) == (None, None, TimePrecision.UNKNOWN)


EARLY, LATE = datetime.fromisoformat("1970-01-01"), datetime.fromisoformat("2090-01-01")
PIECES = [
    "on",
    "Oct",
    "8",
    ",",
    "2015",
    "May",
    "since",
    "between",
    "and",
    "last",
    "week",
    "two",
    "days",
    "ago",
    "-",
    "/",
    ".",
]


@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join)))
@settings(max_examples=300, deadline=None)
def test_any_text_gives_ordered_spans_and_intervals(text: str) -> None:
    """Nothing raises; spans lie in order inside the text; no interval ends before it starts."""
    last = 0
    for mention in times.find(text, POST):
        assert last <= mention.span.start < mention.span.end <= len(text)
        last = mention.span.end
        interval = mention.interval
        assert interval.start is None or interval.end is None or interval.start <= interval.end


@given(st.datetimes(min_value=EARLY, max_value=LATE, timezones=st.just(UTC)))
@settings(max_examples=100, deadline=None)
def test_a_past_weekday_is_within_the_last_week(moment: datetime) -> None:
    """Whatever the day of the post, "on Friday" is that day or one of the six before it."""
    (mention,) = times.find("He was there on Friday.", moment)
    day = datetime.fromisoformat(mention.interval.start or "")
    assert day.weekday() == 4
    assert 0 <= (moment.date() - day.date()).days < 7


@pytest.mark.parametrize(
    "text", ["on " * 30000, "Oct 8 " * 10000, "two days " * 10000, "1" * 100000, "in the early " * 8000, "." * 100000]
)
def test_long_texts_are_read_in_time(text: str) -> None:
    """A hundred thousand characters of the worst repetition take seconds at most."""
    began = time.perf_counter()
    times.find(text, POST)
    assert time.perf_counter() - began < 10
