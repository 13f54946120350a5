"""The outbox: what goes when, to one channel one at a time, and what becomes of it when something breaks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storage import outbox
from storage.database import DATABASE_FILE, Database, Transaction
from storage.errors import StoreError
from storage.outbox import Claimed, Kind, Lane, Message


def second(number: float) -> str:
    """The time so many seconds after noon."""
    return f"2016-03-01T12:{int(number // 60):02}:{number % 60:06.3f}Z"


def message(name: str, channel: str = "C1", lane: Lane = Lane.ANSWER, **changes: Any) -> Message:
    """A message of a name."""
    values: dict[str, Any] = {"kind": Kind.MESSAGE, "workspace": "T1", "body": {"text": name}, **changes}
    return Message(id=name, channel=channel, lane=lane, **values)


def claim(tx: Transaction, now: float, owner: str = "one", pace: float = 1.0) -> list[Claimed]:
    """Take what may be sent now."""
    return outbox.claim(tx, owner, second(now), second(now + pace))


def names(claimed: list[Claimed]) -> list[str]:
    """The names of what was taken."""
    return [one.message.id for one in claimed]


def sent_in_order(tx: Transaction, start: float = 0) -> list[str]:
    """Send everything, a second at a time, and return the names in the order in which they left."""
    order, now = [], start
    while outbox.unfinished(tx):
        for one in claim(tx, now):
            order.append(one.message.id)
            outbox.sent(tx, one, f"{now}")
        now += 1
        assert now < start + 100, outbox.by_state(tx)
    return order


@pytest.fixture(name="tx")
def fixture_tx(db: Database) -> Iterator[Transaction]:
    """A transaction on an empty store."""
    with db.write() as tx:
        yield tx


def test_a_channel_gets_answers_first_and_each_lane_in_order(tx: Transaction) -> None:
    """What is urgent overtakes what is not; within a lane the order is that of the decisions."""
    lanes = {
        "d1": Lane.DIGEST,
        "a1": Lane.ALERT,
        "d2": Lane.DIGEST,
        "n1": Lane.ANSWER,
        "a2": Lane.ALERT,
        "n2": Lane.ANSWER,
    }
    for name, lane in lanes.items():
        outbox.put(tx, message(name, lane=lane), second(0))
    assert sent_in_order(tx) == ["n1", "n2", "a1", "a2", "d1", "d2"]


def test_one_message_a_channel_is_under_way(tx: Transaction) -> None:
    """Each channel gets one, and nothing more until that one has ended, however long it takes."""
    for name, channel in (("a", "C1"), ("b", "C1"), ("c", "C2")):
        outbox.put(tx, message(name, channel), second(0))
    first = claim(tx, 0)
    assert sorted(names(first)) == ["a", "c"]
    assert claim(tx, 50) == claim(tx, 50, owner="two") == []
    outbox.sent(tx, next(one for one in first if one.message.id == "a"), "1.1")
    assert names(claim(tx, 50)) == ["b"]


def test_a_channel_of_another_workspace_is_another_channel(tx: Transaction) -> None:
    """The same channel id in two workspaces is two channels."""
    for team in ("T1", "T2"):
        outbox.put(tx, message(team, workspace=team), second(0))
    assert sorted(names(claim(tx, 0))) == ["T1", "T2"]


def test_pacing_holds_over_processes(db: Database, tmp_path: Path) -> None:
    """Two processes with a connection each leave the pause between two messages of a channel."""
    with db.write() as tx:
        for name in "abc":
            outbox.put(tx, message(name), second(0))
    with Database.open(tmp_path / DATABASE_FILE) as other:
        left: list[tuple[float, str]] = []
        for step in range(12):
            now = step / 4
            for connection, owner in ((db, "one"), (other, "two")):
                with connection.write() as tx:
                    for one in claim(tx, now, owner):
                        left.append((now, one.message.id))
                        outbox.sent(tx, one, str(now))
    assert left == [(0, "a"), (1, "b"), (2, "c")]


def test_a_held_channel_waits_and_a_shorter_hold_does_not_free_it(tx: Transaction) -> None:
    """What Slack asked for (wait so long) holds against the usual pace."""
    outbox.put(tx, message("a"), second(0))
    outbox.hold(tx, "T1/C1", second(30))
    outbox.hold(tx, "T1/C1", second(1))
    assert claim(tx, 29) == []
    assert names(claim(tx, 30)) == ["a"]


def test_channels_that_are_busy_are_left_alone(tx: Transaction) -> None:
    """A process that still sends to a channel may say so."""
    outbox.put(tx, message("a"), second(0))
    assert outbox.claim(tx, "one", second(0), second(1), ["T1/C1"]) == []
    assert names(claim(tx, 0)) == ["a"]


def test_a_message_decided_twice_is_one(tx: Transaction) -> None:
    """The first decision stands, before it is sent and after."""
    assert outbox.put(tx, message("a"), second(0))
    assert not outbox.put(tx, message("a", body={"text": "other"}), second(1))
    [one] = claim(tx, 1)
    assert one.message.body == {"text": "a"}
    outbox.sent(tx, one, "1.1")
    assert not outbox.put(tx, message("a"), second(2))
    assert not outbox.unfinished(tx)
    assert outbox.ts_of(tx, "a") == "1.1"


def test_a_message_decided_again_is_sent_with_its_newest_words(tx: Transaction) -> None:
    """Before it is sent it is sent once; after it was sent it is sent once more."""
    outbox.put_again(tx, message("a"), second(0))
    outbox.put_again(tx, message("a", body={"text": "second"}), second(0))
    [one] = claim(tx, 0)
    assert one.message.body == {"text": "second"}
    outbox.sent(tx, one, "1.1")
    assert claim(tx, 5) == []
    outbox.put_again(tx, message("a", body={"text": "third"}), second(5))
    [again] = claim(tx, 5)
    assert (again.message.body, again.ts, again.unsure) == ({"text": "third"}, "1.1", False)


@pytest.mark.parametrize("end", ["sent", "failed", "buried"])
def test_a_message_decided_again_while_it_is_sent_is_sent_once_more(tx: Transaction, end: str) -> None:
    """However the first sending ends, the new words follow, and not before it has ended."""
    outbox.put(tx, message("a"), second(0))
    [one] = claim(tx, 0)
    outbox.put_again(tx, message("a", body={"text": "second"}), second(1))
    assert claim(tx, 9) == claim(tx, 9, "two") == []
    match end:
        case "sent":
            outbox.sent(tx, one, "1.1")
        case "failed":
            outbox.failed(tx, one, "broke", second(9), unsure=True)
        case _:
            outbox.bury(tx, one, "no such channel")
    [again] = claim(tx, 9)
    assert (again.message.body, again.seq > one.seq) == ({"text": "second"}, True)
    outbox.sent(tx, again, "1.2")
    assert not outbox.unfinished(tx)


def test_replies_wait_for_their_root(tx: Transaction) -> None:
    """What stands in a thread is sent when its root stands, and is told where and what that said."""
    outbox.put(tx, message("root", lane=Lane.DIGEST), second(0))
    outbox.put(tx, message("reply", root="root"), second(0))
    outbox.put(tx, message("change", kind=Kind.UPDATE, root="root"), second(0))
    [root] = claim(tx, 0)
    assert (root.message.id, root.root_ts, root.root_body) == ("root", None, None)
    outbox.sent(tx, root, "1.1")
    [reply] = claim(tx, 1)
    assert (reply.message.id, reply.root_ts, reply.root_body) == ("reply", "1.1", {"text": "root"})
    outbox.sent(tx, reply, "1.2")
    [change] = claim(tx, 2)
    assert (change.message.id, change.message.kind, change.root_ts) == ("change", Kind.UPDATE, "1.1")


def test_a_reply_needs_a_root_that_is_there(tx: Transaction) -> None:
    """A row cannot follow what nobody decided: the store itself refuses it."""
    with pytest.raises(StoreError):
        outbox.put(tx, message("reply", root="nothing"), second(0))


def test_what_failed_is_tried_again_when_it_is_due(tx: Transaction) -> None:
    """Tries are counted, the problem is kept, and the time of the first decision stays."""
    outbox.put(tx, message("a"), second(0))
    [one] = claim(tx, 0)
    outbox.failed(tx, one, "Slack cannot be reached", second(8), unsure=False)
    assert claim(tx, 7) == []
    [again] = claim(tx, 8)
    assert (again.tries, again.unsure, again.created_at) == (1, False, second(0))


def test_what_may_have_been_sent_goes_first(tx: Transaction) -> None:
    """An unsure row is looked after before anything that waits, more urgent lanes included."""
    outbox.put(tx, message("digest", lane=Lane.DIGEST), second(0))
    [one] = claim(tx, 0)
    outbox.begin(tx, one)
    outbox.put(tx, message("answer"), second(0))
    outbox.failed(tx, one, "the answer was lost", second(1), unsure=True)
    [again] = claim(tx, 1)
    assert (again.message.id, again.unsure) == ("digest", True)


def test_adopt_makes_unsure_what_the_dead_were_sending(tx: Transaction) -> None:
    """The living keep what they send; what the dead had only begun to prepare is not in doubt."""
    for name, channel, owner in (("a", "C1", "dead"), ("b", "C2", "alive"), ("c", "C3", "dead")):
        outbox.put(tx, message(name, channel), second(0))
        [one] = claim(tx, 0, owner)
        if name != "c":
            outbox.begin(tx, one)
    assert outbox.adopt(tx, {"alive"}) == 2
    assert outbox.adopt(tx, {"alive"}) == 0
    assert outbox.by_state(tx) == {"sending": 1, "unsure": 1, "waiting": 1}
    assert [(one.message.id, one.unsure) for one in claim(tx, 1, "alive")] == [("a", True), ("c", False)]


def test_a_fault_before_the_sending_leaves_no_doubt(tx: Transaction) -> None:
    """An upload that broke off is no reason to look for a message, or to mark it as a possible repeat."""
    outbox.put(tx, message("a"), second(0))
    [one] = claim(tx, 0)
    outbox.failed(tx, one, "the upload broke", second(0), unsure=True)
    [again] = claim(tx, 1)
    assert not again.unsure


def test_who_only_seemed_dead_may_still_say_that_it_was_sent(tx: Transaction) -> None:
    """Its word ends the row, so that nobody sends it again."""
    outbox.put(tx, message("a"), second(0))
    [one] = claim(tx, 0, "slow")
    outbox.adopt(tx, ())
    outbox.sent(tx, one, "1.1")
    assert not outbox.unfinished(tx)


def test_bury_takes_along_what_follows(tx: Transaction) -> None:
    """The replies of what was given up are given up with it, those that are decided later too; the rest goes on."""
    outbox.put(tx, message("root"), second(0))
    outbox.put(tx, message("reply", root="root"), second(0))
    outbox.put(tx, message("other"), second(0))
    [root] = claim(tx, 0)
    outbox.bury(tx, root, "is_archived")
    outbox.put(tx, message("late", root="root"), second(0))
    outbox.put_again(tx, message("change", kind=Kind.UPDATE, root="root"), second(0))
    dead = outbox.dead(tx)
    assert [(row.id, problem) for row, problem in dead[:2]] == [("root", "is_archived"), ("reply", "is_archived")]
    assert [row.id for row, _ in dead[2:]] == ["late", "change"]
    assert sent_in_order(tx, 1) == ["other"]


def test_what_was_learnt_on_the_way_is_kept(tx: Transaction) -> None:
    """A rewritten body is there at the next try, unless newer words were decided meanwhile."""
    outbox.put(tx, message("a"), second(0))
    [one] = claim(tx, 0)
    outbox.rewrite(tx, one, {"text": "a", "files": {"k": "F1"}})
    outbox.failed(tx, one, "broke", second(1), unsure=False)
    [one] = claim(tx, 1)
    assert one.message.body == {"text": "a", "files": {"k": "F1"}}
    outbox.put_again(tx, message("a", body={"text": "new"}), second(1))
    outbox.rewrite(tx, one, {"text": "old"})
    outbox.sent(tx, one, "1.1")
    [one] = claim(tx, 2)
    assert one.message.body == {"text": "new"}


def test_what_a_living_process_could_not_note_is_taken_up_again(tx: Transaction) -> None:
    """A row that its own living process is no longer at would hold its channel for ever: it is looked for again."""
    for name, channel in (("a", "C1"), ("b", "C2")):
        outbox.put(tx, message(name, channel), second(0))
    one, other = claim(tx, 0, "alive")
    outbox.begin(tx, one)
    outbox.begin(tx, other)
    assert outbox.adopt(tx, {"alive"}, "alive", {one.message.id, other.message.id}) == 0
    assert outbox.adopt(tx, {"alive"}, "alive", {other.message.id}) == 1
    assert outbox.adopt(tx, {"alive"}, "another") == 0
    [again] = claim(tx, 2, "alive")
    assert (again.message.id, again.unsure) == (one.message.id, True)
