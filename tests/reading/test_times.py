"""Times: expressions become intervals relative to the post, in the zone of the post, and never today."""

from __future__ import annotations

from bot.reading import times
from storage.records import TimePrecision


def test_a_claim_without_a_time_is_on_or_before_the_post_and_unknown_without_one() -> None:
    """The default time never is today's date."""
    assert times.default_interval(None).precision is TimePrecision.UNKNOWN
