"""Dismissed pairs: found in either order, by whom and why, for those who may know; and which copies stand for which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import alerts, dismissals, images, reuse
from storage.alerts import Act, Alert, Triage, TriageState
from storage.database import Database, Transaction
from storage.dismissals import Reason
from storage.records import Certainty, Relation, Reuse, Viewer
from storage.reuse import WHOLE, Copies
from tests.commands.alerted import TEAM, after, alert, archived
from tests.storage.makers import archive, image, post

ONE, OTHER = image("one").sha256, image("other").sha256
FRAME = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
SHAS = st.sampled_from("abcdef")


def verdict(query: str, match: str, relation: Relation = Relation.NEAR, score: float = 0.9) -> Reuse:
    """A sure verdict on two pictures."""
    return Reuse(query, match, relation, "", FRAME, FRAME, score, 0.55, Certainty.MATCH, "test/1")


def dismiss(tx: Transaction, told: Alert, why: Reason = Reason.KNOWN, at: str = after(1)) -> None:
    """Raise a warning, and let a member dismiss it."""
    alerts.raise_once(tx, told)
    alerts.decide(tx, told.id, Triage(Act.DISMISS, TriageState.DISMISSED, "U1", at, f"because {why}", why=why))


@pytest.fixture(name="tx")
def fixture_tx(db: Database) -> Iterator[Transaction]:
    """A transaction on a store with posts that everybody may see, and two pictures."""
    with db.write() as tx:
        archived(tx)
        yield tx


def test_a_dismissal_is_found_in_either_order_until_it_is_undone(tx: Transaction) -> None:
    """With who said what, and why; another workspace knows nothing of it."""
    assert not dismissals.exist(tx, TEAM)
    dismiss(tx, alert(1), Reason.SAME_SCENE)
    assert dismissals.exist(tx, TEAM)
    [held] = dismissals.between(tx, TEAM, {ONE}, {OTHER})
    assert dismissals.between(tx, TEAM, {OTHER, "x"}, {ONE}) == [held]
    assert (held.why, held.reason, held.actor, held.at) == (Reason.SAME_SCENE, "because same-scene", "U1", after(1))
    assert (held.alert_id, held.post_id, held.match_post_id) == (alert(1).id, "x:1", "x:2")
    assert dismissals.between(tx, "", {ONE}, {OTHER}) == [held]
    assert dismissals.between(tx, "T2", {ONE}, {OTHER}) == []
    assert dismissals.between(tx, TEAM, {ONE}, {ONE}) == []
    alerts.decide(tx, alert(1).id, Triage(Act.UNDO, TriageState.OPEN, "U2", after(2)))
    assert dismissals.between(tx, TEAM, {ONE}, {OTHER}) == dismissals.standing(tx, TEAM) == []
    assert not dismissals.exist(tx, TEAM)


def test_one_file_in_two_posts_is_not_a_pair_of_pictures(tx: Transaction) -> None:
    """It is found by the name of the pair, which is that of the posts."""
    dismiss(tx, replace(alert(1), match_sha256=ONE))
    assert dismissals.between(tx, TEAM, {ONE, OTHER}, {ONE, OTHER}) == []
    assert len(dismissals.of_pair(tx, TEAM, "pair-1")) == 1


def test_what_was_marked_is_not_listed_as_a_dismissed_pair(tx: Transaction) -> None:
    """A mark settles a warning too, and stands in the list of marks."""
    alerts.raise_once(tx, alert(1))
    alerts.decide(tx, alert(1).id, Triage(Act.MARK, TriageState.DISMISSED, "U1", after(1), "Logo"))
    assert alerts.is_dismissed(tx, TEAM, "pair-1")
    assert dismissals.standing(tx, TEAM) == []


def test_a_pair_is_listed_once_the_newest_first(tx: Transaction) -> None:
    """Though two channels were warned of it, and both warnings dismissed."""
    alerts.raise_once(tx, alert(1, channel="C2"))
    dismiss(tx, alert(1), at=after(1))
    dismiss(tx, alert(1, channel="C2"), at=after(2))
    dismiss(tx, alert(3), at=after(3))
    assert [(one.pair, one.channel) for one in dismissals.standing(tx, TEAM)] == [("pair-3", "C1"), ("pair-1", "C2")]


def test_nobody_is_told_of_a_dismissal_about_a_post_that_they_may_not_see(tx: Transaction) -> None:
    """Who dismissed it and why is for those who may see both posts."""
    archive(tx, post("x:90"), workspace=TEAM, audience="channel:C9")
    dismiss(tx, replace(alert(1), match_post_id="x:90"))
    outsider, member = Viewer(TEAM), Viewer(TEAM, frozenset({"everyone", "channel:C9"}))
    for found in (dismissals.standing, lambda tx, team, who: dismissals.of_pair(tx, team, "pair-1", who)):
        assert (len(found(tx, TEAM, outsider)), len(found(tx, TEAM, member))) == (0, 1)


@given(st.lists(st.tuples(SHAS, st.sampled_from(Relation), st.floats(0.55, 1.0)), max_size=8), SHAS, SHAS)
def test_a_picture_never_stands_for_both_of_two(found: list[tuple[str, Relation, float]], one: str, other: str) -> None:
    """So of a dismissed pair that a copy is near to, it still warns of the one that it is surely nearer to."""
    copies = Copies.of("x", [verdict("x", sha256, relation, score) for sha256, relation, score in found])
    assert copies.whole == {"x", *(sha256 for sha256, relation, _ in found if relation in WHOLE)}
    if one != other:
        assert not (copies.stands_for(one, other) and copies.stands_for(other, one))
    if copies.stands_for(one, other):
        assert one in copies.whole
    assert copies.stands_for("x", one)
    assert not copies.stands_for(one, "x")


def test_what_a_stored_picture_is_a_copy_of_is_read_from_both_sides(tx: Transaction) -> None:
    """A verdict stands under whichever of the two came later."""
    images.put(tx, image("third"))
    third = image("third").sha256
    reuse.put(tx, verdict(ONE, OTHER, Relation.CROP, 0.8))
    reuse.put(tx, verdict(third, ONE, Relation.NEAR, 0.95))
    copies = reuse.copies_of(tx, ONE)
    assert copies.scores == {OTHER: 0.8, third: 0.95}
    assert copies.whole == {ONE, third}
    assert copies.stands_for(third, OTHER)
    assert not copies.stands_for(OTHER, third)
