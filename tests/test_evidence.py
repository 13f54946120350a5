"""The words of the evidence picture: sentences that stand alone, and a score that is never flattered."""

from __future__ import annotations

import pytest

from bot import evidence, wording
from storage.records import Certainty, Relation, Reuse

FRAME = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))


def reuse(score: float, certainty: Certainty, relation: Relation = Relation.MIRRORED) -> Reuse:
    """A verdict."""
    words = "mirrored left to right, 29 % of the stored picture"
    return Reuse("a" * 64, "b" * 64, relation, words, FRAME, FRAME, score, 0.55, certainty, "1")


def test_a_match_is_told_in_sentences() -> None:
    """Which pictures, the verdict, what differs, how far they agree, and what is drawn."""
    assert evidence.told(reuse(0.874, Certainty.MATCH), "this post's, by @one", "held from @two, captioned “Dusk”") == (
        "Two pictures side by side. The first is this post's, by @one. The second is held from @two, captioned “Dusk”. "
        "This is a match. Mirrored left to right, 29 % of the stored picture. "
        "They agree by 0.87 of 1; from 0.55 it counts as a match. "
        "The part that both show is outlined in each, and its corners are joined."
    )


def test_a_possible_one_is_said_to_be_no_more() -> None:
    """It is not called a match, and the figure stays under what is needed; two views of one scene are told as such."""
    told = evidence.told(reuse(0.5463, Certainty.POSSIBLE), "a", "b")
    assert "Possible, not confirmed." in told
    assert "They agree by 0.54 of 1; from 0.55 it would count as a match." in told
    assert "perhaps one scene" in evidence.told(reuse(0.5, Certainty.POSSIBLE, Relation.SAME_SCENE), "a", "b")


@pytest.mark.parametrize(("score", "shown"), [(0.5463, "0.54"), (0.5499999, "0.54"), (0.55, "0.55"), (1.0, "1.00")])
def test_a_score_is_never_rounded_up_to_the_threshold(score: float, shown: str) -> None:
    """What stays under the threshold is shown under it, wherever it is told."""
    found = reuse(score, Certainty.POSSIBLE)
    assert wording.score(found) == shown
    assert f"score {shown}" in wording.certainty(found)
    assert f"score {shown}" in wording.verdict(found)
