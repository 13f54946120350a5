"""The timeline: any times at all, open ends, and what is denied told apart without colour."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import wording
from bot.maps.paper import DENIAL, SAID
from bot.maps.timeline import timeline_sheet
from storage.records import Stance
from tests.maps.drawings import near, pixels, row, timeline

DAYS = st.dates().map(lambda day: day.isoformat())
INSTANTS = st.datetimes().map(lambda moment: f"{moment.isoformat(timespec='milliseconds')}Z")
TIMES = st.none() | DAYS | INSTANTS


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(Stance), TIMES, TIMES, st.none() | INSTANTS), min_size=1, max_size=5), DAYS)
def test_any_times_make_a_picture(told: list[tuple[Stance, str | None, str | None, str | None]], first: str) -> None:
    """From year 1 to 9999, open, unknown, ends before beginnings: a picture 1000 pixels wide."""
    rows = [row(stance, start, end, posted) for stance, start, end, posted in told]
    assert pixels(timeline_sheet(timeline(row(start=first), *rows), wording.day)).shape[1] == 1000


def test_the_same_answer_is_the_same_picture() -> None:
    """Drawn twice, the bytes are the same."""
    shown = timeline(row(), row(Stance.DENIED, denies=True))
    assert timeline_sheet(shown, wording.day) == timeline_sheet(shown, wording.day)


def test_the_bar_of_a_denial_is_hollow() -> None:
    """Of equal times, what is said fills its bar and what denies it only outlines it."""
    said, denied = (
        pixels(timeline_sheet(timeline(row(stance, "2015-07-01", "2015-09-30")), wording.day))
        for stance in (Stance.ASSERTED, Stance.DENIED)
    )
    assert near(said, SAID).sum() > 3 * near(denied, DENIAL).sum()


@pytest.mark.parametrize(
    ("start", "end", "firm", "faded"), [(None, "2015-08-15", 470, 120), ("2015-08-15", None, 540, 940)]
)
def test_a_bar_with_an_open_end_fades(start: str | None, end: str | None, firm: int, faded: int) -> None:
    """A time "on or before" a day is firm at that day and fades towards what is not known."""
    whole = row(Stance.DENIED, "2015-07-01", "2015-09-30", None)
    picture = pixels(timeline_sheet(timeline(whole, row(start=start, end=end, posted=None)), wording.day))
    blue = near(picture, SAID)
    assert blue[:, firm].any()
    assert not blue[:, faded].any()


def test_marks_tell_days_months_or_years() -> None:
    """Days of a week, months of a summer, years of a decade: the words come from the vocabulary that is given."""
    asked: list[str] = []

    def day(iso: str) -> str:
        asked.append(iso)
        return wording.day(iso)

    for start in ("2015-10-10", "2015-07-01", "2009-01-01"):
        timeline_sheet(timeline(row(start=start)), day)
    assert asked[0].startswith("2015-10-")
    assert "2015-08-01" in asked
    assert not any(iso.startswith("2009") for iso in asked)
