"""Times in Arabic, Persian, Hebrew, Russian, Turkish and Ukrainian, counted from a Wednesday in May 2024."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.times.calendars import from_persian, persian_year_of
from bot.reading.times.finder import find
from bot.reading.times.phrases import LANGUAGES, ahead

POSTED = datetime(2024, 5, 15, 12, tzinfo=UTC)
CASES = [
    ("ru", "прилетел во вторник", "2024-05-14", "2024-05-14"),
    ("ru", "13 мая 2024 года", "2024-05-13", "2024-05-13"),
    ("ru", "в 2009 году", "2009-01-01", "2009-12-31"),
    ("ru", "три дня назад", "2024-05-12", "2024-05-12"),
    ("ru", "на прошлой неделе", "2024-05-06", "2024-05-12"),
    ("ru", "12 октября", "2023-10-12", "2023-10-12"),
    ("ru", "02.03.2021", "2021-03-02", "2021-03-02"),
    ("uk", "у середу", "2024-05-15", "2024-05-15"),
    ("uk", "п'ять днів тому", "2024-05-10", "2024-05-10"),
    ("uk", "наступного тижня", "2024-05-20", "2024-05-26"),
    ("ar", "13 أيار/مايو 2024", "2024-05-13", "2024-05-13"),
    ("ar", "في 3 تشرين الثاني", "2023-11-03", "2023-11-03"),
    ("ar", "قبل يومين", "2024-05-13", "2024-05-13"),
    ("ar", "يوم الجمعة الماضي", "2024-05-10", "2024-05-10"),
    ("ar", "عام 2005", "2005-01-01", "2005-12-31"),
    ("fa", "۱۳ مهر ۱۴۰۲", "2023-10-05", "2023-10-05"),
    ("fa", "در سال ۱۳۷۵", "1996-03-20", "1997-03-19"),
    ("fa", "روز سه‌شنبه", "2024-05-14", "2024-05-14"),
    ("fa", "سه روز پیش", "2024-05-12", "2024-05-12"),
    ("tr", "pazartesi günü", "2024-05-13", "2024-05-13"),
    ("tr", "1970'te", "1970-01-01", "1970-12-31"),
    ("tr", "üç gün önce", "2024-05-12", "2024-05-12"),
    ("he", "ביום שני", "2024-05-13", "2024-05-13"),
    ("he", "לפני יומיים", "2024-05-13", "2024-05-13"),
    ("he", "בשבוע הבא", "2024-05-20", "2024-05-26"),
    ("he", "13 במאי 2024", "2024-05-13", "2024-05-13"),
]


@pytest.mark.parametrize(("lang", "text", "start", "end"), CASES)
def test_times_are_intervals(lang: str, text: str, start: str, end: str) -> None:
    """Each expression gives one interval, counted from the post or as written."""
    (found,) = find(text, POSTED, lang)
    assert (found.interval.start, found.interval.end) == (start, end)
    assert found.interval.basis.startswith(f'"{" ".join(found.span.of(text).split())}"')


@pytest.mark.parametrize(("lang", "text"), [("ru", "31 июня"), ("ar", "30 فبراير 2024"), ("ru", "31.02.2024")])
def test_dates_that_do_not_exist_are_no_times(lang: str, text: str) -> None:
    """The thirty-first of June is no day and no month either."""
    assert not [m for m in find(text, POSTED, lang) if m.interval.precision == "day"]


def test_without_a_date_of_the_post_nothing_is_guessed() -> None:
    """Yesterday of an undated post is unknown; a date that carries its year still stands."""
    (vague,) = find("вчера", None, "ru")
    assert vague.interval.start is None
    assert vague.interval.precision == "unknown"
    (full,) = find("13 мая 2024", None, "ru")
    assert full.interval.start == "2024-05-13"


def test_what_is_planned_lies_ahead() -> None:
    """A weekday, a month and a date without a year move past the post; what is as written stays."""
    for text, start in (("в четверг", "2024-05-16"), ("в апреле", "2025-04-01"), ("12 марта", "2025-03-12")):
        (found,) = find(text, POSTED, "ru")
        assert ahead(found.interval, POSTED).start == start
    (written,) = find("12 марта 2021", POSTED, "ru")
    assert ahead(written.interval, POSTED) == written.interval


@given(st.dates(date(1900, 3, 21), date(2099, 12, 31)))
def test_every_day_has_one_place_in_the_persian_calendar(day: date) -> None:
    """Some day of the Persian year that a Gregorian day lies in is that day."""
    year = persian_year_of(day)
    assert any(from_persian(year, month, number) == day for month in range(1, 13) for number in range(1, 32))


@given(st.sampled_from(sorted(LANGUAGES)), st.text(alphabet="0123456789 ./-'вчера годуقبليومسالפניdün\n", max_size=60))
def test_any_text_is_read_without_overlap(lang: str, text: str) -> None:
    """Nothing raises, spans lie in the text, in order, and never overlap."""
    found = find(text, POSTED, lang)
    assert all(0 <= m.span.start < m.span.end <= len(text) for m in found)
    assert all(one.span.end <= other.span.start for one, other in itertools.pairwise(found))
