"""Warnings through the real intake: who is told, of what, and never half."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.alerting.telling import message_of, update_of
from bot.desk import Desk
from bot.intake import Audience
from bot.sample import pictures
from storage import alerts, outbox, posts, subscriptions
from storage.alerts import Act, Alert, AlertKind, Triage, TriageState
from storage.errors import StoreError
from storage.outbox import Kind, Lane
from storage.records import EVERYONE, OPERATOR
from storage.subscriptions import Subscription
from tests.desks import open_desk
from tests.test_intake import AT as POSTED
from tests.test_intake import captured

AT = "2026-01-02T03:04:05.000Z"
AN_HOUR_BEFORE = POSTED - timedelta(hours=1)
PICTURE = pictures.picture("harbour")
MIRRORED = pictures.mirrored_copy("harbour")
SMALLER = pictures.smaller_copy("harbour")
PUBLIC = Audience("T1", EVERYONE, "T1/U1")
DESK = Audience("T1", "channel:C1", "T1/U1")
"""The first of the two channels that are warned, and what is seen in it alone."""


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk that warns two channels of one workspace and one of another."""
    with open_desk(tmp_path / "store") as desk:
        with desk.db.write() as tx:
            for workspace, channel in (("T1", "C1"), ("T1", "C2"), ("T2", "C3")):
                subscriptions.subscribe(tx, Subscription(workspace, channel, "U1", AT))
        yield desk


def told(desk: Desk) -> dict[str, list[Alert]]:
    """What each channel is to be told; the messages in the outbox are the same."""
    channels = (("T1", "C1"), ("T1", "C2"), ("T2", "C3"))
    with desk.db.read() as tx:
        raised = {channel: alerts.of_channel(tx, workspace, channel, 50) for workspace, channel in channels}
        waiting = outbox.by_state(tx).get("waiting", 0)
    assert waiting == sum(map(len, raised.values()))
    return {channel: held for channel, held in raised.items() if held}


def test_a_copy_is_told_to_every_channel_that_may_see_both_posts(desk: Desk) -> None:
    """Public posts of a workspace are told in it, and not in another; the first picture warns of nothing."""
    desk.intake.take(captured("1", "First.", PICTURE), PUBLIC)
    assert told(desk) == {}
    desk.intake.take(captured("2", "Second.", MIRRORED), PUBLIC)
    raised = told(desk)
    assert sorted(raised) == ["C1", "C2"]
    [alert] = raised["C1"]
    assert (alert.post_id, alert.match_post_id, alert.kind) == ("x:2", "x:1", AlertKind.REUSE)


def test_what_every_workspace_may_see_is_told_in_every_one(desk: Desk) -> None:
    """Posts that the operator took in are for all of them."""
    desk.intake.take(captured("1", "First.", PICTURE))
    desk.intake.take(captured("2", "Second.", PICTURE))
    assert sorted(told(desk)) == ["C1", "C2", "C3"]


@pytest.mark.parametrize("copy", [PICTURE, MIRRORED])
def test_the_same_post_again_tells_nothing_more(desk: Desk, copy: bytes) -> None:
    """A subject is told once a channel, whoever brings it again, from wherever."""
    desk.intake.take(captured("1", "First.", PICTURE), PUBLIC)
    desk.intake.take(captured("2", "Second.", copy), PUBLIC)
    before = told(desk)
    desk.intake.take(captured("2", "Second.", copy), PUBLIC)
    desk.intake.take(captured("2", "Second, captured anew.", copy), DESK)
    assert told(desk) == before


def test_a_private_post_is_told_in_its_channel_alone(desk: Desk) -> None:
    """What was dropped into a private channel warns nobody else."""
    desk.intake.take(captured("1", "First.", PICTURE), PUBLIC)
    desk.intake.take(captured("2", "Second.", MIRRORED), DESK)
    assert sorted(told(desk)) == ["C1"]


def test_a_match_in_a_private_post_is_told_in_its_channel_alone(desk: Desk) -> None:
    """That a picture stands in a post of a private channel is not for others to know."""
    desk.intake.take(captured("1", "First.", PICTURE), DESK)
    desk.intake.take(captured("2", "Second.", MIRRORED), PUBLIC)
    assert sorted(told(desk)) == ["C1"]


@pytest.mark.parametrize("private", [PICTURE, MIRRORED])
def test_a_private_match_does_not_take_the_place_of_a_public_one(desk: Desk, private: bytes) -> None:
    """Each channel is told of a copy that it may see, though another one is older or more alike."""
    desk.intake.take(captured("1", "Private.", private), DESK)
    desk.intake.take(captured("2", "Public.", SMALLER), PUBLIC)
    before = {alert.post_id for alert in told(desk).get("C2", ())}
    assert before == set()
    desk.intake.take(captured("3", "New.", PICTURE), PUBLIC)
    raised = {channel: held[-1] for channel, held in told(desk).items()}
    assert raised["C2"].match_post_id == "x:2"
    assert raised["C1"].match_post_id in {"x:1", "x:2"}


def test_a_conflict_is_a_warning_of_its_own_kind(desk: Desk) -> None:
    """Two captions that cannot both be true make the warning a conflict of captions."""
    desk.intake.take(captured("1", "Soldiers gather in Homs.", PICTURE), PUBLIC)
    desk.intake.take(captured("2", "Soldiers gather in Latakia.", MIRRORED), PUBLIC)
    assert {held[0].kind for held in told(desk).values()} == {AlertKind.CAPTION_CONFLICT}


def test_a_conflict_with_a_private_post_is_told_in_its_channel_alone(desk: Desk) -> None:
    """Where the post in conflict may not be seen the copy is told, and the conflict is not."""
    desk.intake.take(captured("1", "A harbour.", PICTURE), PUBLIC)
    desk.intake.take(captured("2", "The harbour of Homs.", PICTURE), DESK)
    desk.intake.take(captured("3", "The harbour of Latakia.", MIRRORED), PUBLIC)
    kinds = {channel: {one.post_id: one.kind for one in held}["x:3"] for channel, held in told(desk).items()}
    assert kinds == {"C1": AlertKind.CAPTION_CONFLICT, "C2": AlertKind.REUSE}


def test_a_dismissed_pair_is_not_told_again_until_it_is_undone(desk: Desk) -> None:
    """When the two files come again in other posts nobody is warned of them, whatever else is told."""
    desk.intake.take(captured("1", "First.", PICTURE, posted_at=AN_HOUR_BEFORE), PUBLIC)
    desk.intake.take(captured("2", "Second.", MIRRORED), PUBLIC)
    [alert] = told(desk)["C1"]

    def told_of_the_pair() -> set[str | None]:
        return {one.post_id for held in told(desk).values() for one in held if one.pair == alert.pair}

    with desk.db.write() as tx:
        alerts.decide(tx, alert.id, Triage(Act.DISMISS, TriageState.DISMISSED, "U1", AT, "one event"))
    desk.intake.take(captured("3", "Third.", MIRRORED), PUBLIC)
    assert told_of_the_pair() == {"x:2"}
    with desk.db.write() as tx:
        alerts.decide(tx, alert.id, Triage(Act.UNDO, TriageState.OPEN, "U2", AT))
    desk.intake.take(captured("4", "Fourth.", MIRRORED), PUBLIC)
    assert told_of_the_pair() == {"x:2", "x:4"}


@pytest.mark.parametrize("table", ["custody", "outbox"])
def test_a_post_and_its_warnings_are_archived_together_or_not_at_all(desk: Desk, table: str) -> None:
    """Where the last row of the post, or the message of the warning, is refused there is neither post nor warning."""
    desk.intake.take(captured("1", "First.", PICTURE), PUBLIC)
    with desk.db.write() as tx:
        tx.execute(f"CREATE TRIGGER full BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no room'); END")
    post = captured("2", "Second.", MIRRORED)
    with pytest.raises(StoreError, match="no room"):
        desk.intake.take(post, PUBLIC)
    with desk.db.write() as tx:
        tx.execute("DROP TRIGGER full")
        assert posts.get(tx, post.post_id, OPERATOR) is None
    assert told(desk) == {}
    assert desk.intake.take(post, PUBLIC).new
    assert sorted(told(desk)) == ["C1", "C2"]


def test_the_rows_of_a_warning_are_named_after_it(desk: Desk) -> None:
    """The message waits among warnings, what changes it goes before everything, and both carry the warning's id."""
    desk.intake.take(captured("1", "First.", PICTURE), PUBLIC)
    desk.intake.take(captured("2", "Second.", MIRRORED), PUBLIC)
    [alert] = told(desk)["C2"]
    message, update = message_of(alert), update_of(alert)
    assert (message.lane, message.kind, message.channel, message.workspace) == (Lane.ALERT, Kind.MESSAGE, "C2", "T1")
    assert (update.lane, update.kind, update.root) == (Lane.CHANGE, Kind.UPDATE, message.id)
    assert message.body == update.body == {"alert": alert.id}
