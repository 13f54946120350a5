"""The figures of the benchmark of picture reuse."""

from __future__ import annotations

import pytest

from tests.bench.reuse.answers import Answer, Found, Share, micro_average_precision, percentile
from tests.bench.reuse.tally import STRANGERS, Query, Tally


def test_the_interval_is_wilsons() -> None:
    """Eight of ten lie between 49.0 % and 94.3 %, as in the literature."""
    share = Share(8, 10)
    assert [share.lower, share.upper] == pytest.approx([0.4902, 0.9433], abs=1e-4)


def test_nothing_asked_tells_nothing() -> None:
    """Without a query the interval is everything."""
    assert (Share(0, 0).value, Share(0, 0).lower, Share(0, 0).upper) == (0.0, 0.0, 1.0)


def test_the_bound_that_is_promised_can_be_reached_with_the_queries_of_a_full_run() -> None:
    """253 hits of 253 are the fewest that give 98.5 % at the lower end."""
    assert Share(253, 253).lower >= 0.985 > Share(252, 252).lower


def test_average_precision_counts_wrong_answers_by_their_rank() -> None:
    """Right, wrong, right of four positives: (1/1 + 2/3) / 4."""
    first = [(0.9, True), (0.8, False), (0.7, True)]
    assert micro_average_precision(first, 4) == pytest.approx((1 + 2 / 3) / 4)


def test_average_precision_does_not_depend_on_the_order_of_equal_scores() -> None:
    """A right and a wrong answer of one score count as ranked together, whichever comes first."""
    pair = [(0.5, True), (0.5, False)]
    assert micro_average_precision(pair, 1) == micro_average_precision(pair[::-1], 1) == 0.5


@pytest.mark.parametrize(("share", "value"), [(0.5, 2), (0.95, 4), (1.0, 4), (0.01, 1)])
def test_percentiles_are_values_that_were_measured(share: float, value: int) -> None:
    """The nearest rank is taken, nothing between."""
    assert percentile([4, 1, 3, 2], share) == value


def _answer(*found: tuple[str, bool]) -> Answer:
    return Answer(tuple(Found(name, 1.0, match) for name, match in found), 0.01)


PHOTO_OF = {"right": "one", "beside": "one", "other": "two"}


def test_only_the_first_match_is_a_hit() -> None:
    """A right picture behind a wrong one is no recall@1, and the wrong one is an alarm."""
    tally = Tally()
    tally.add(Query("family", "q", b"", "right", "one"), _answer(("other", True), ("right", True)), PHOTO_OF)
    assert (tally.recall("family").hits, tally.alarms("family").hits) == (0, 1)


def test_what_is_possible_is_no_hit_and_no_alarm() -> None:
    """Only a match warns; the right picture among what is possible is counted apart."""
    tally = Tally()
    tally.add(Query("family", "q", b"", "right", "one"), _answer(("right", False), ("other", False)), PHOTO_OF)
    assert (tally.right["family"], tally.possible["family"], tally.wrong["family"]) == (0, 1, 0)


def test_another_part_of_the_same_photograph_is_a_neighbour() -> None:
    """It is listed by itself, and is not a false alarm."""
    tally = Tally()
    tally.add(Query("family", "q", b"", "right", "one"), _answer(("right", True), ("beside", True)), PHOTO_OF)
    assert (tally.right["family"], tally.neighbours["family"], tally.wrong["family"]) == (1, 1, 0)


def test_any_match_of_a_stranger_is_an_alarm() -> None:
    """A picture that is not stored has no right answer."""
    tally = Tally()
    tally.add(Query(STRANGERS, "q", b"", None, ""), _answer(("other", True)), PHOTO_OF)
    tally.add(Query(STRANGERS, "q", b"", None, ""), _answer(("other", False)), PHOTO_OF)
    assert (tally.alarms(STRANGERS).hits, tally.unsure[STRANGERS], len(tally.faults)) == (1, 1, 1)
