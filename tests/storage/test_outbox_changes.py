"""Messages that wait for their time, that are taken back, and changes that go as one."""

from __future__ import annotations

from storage import outbox
from storage.database import Database, Transaction
from storage.outbox import Kind, Lane, Message

NOW, SOON, LATER = "2016-03-01T12:00:00.000Z", "2016-03-01T12:00:02.000Z", "2016-03-01T19:00:00.000Z"


def row(key: str, kind: Kind = Kind.MESSAGE, root: str | None = None, lane: Lane = Lane.ALERT) -> Message:
    """A message to one channel."""
    return Message(key, kind, lane, "T1", "C1", {"key": key}, root=root)


def sent(tx: Transaction, now: str) -> list[str]:
    """Send everything that is due; the ids of it, in order."""
    gone: list[str] = []
    while claimed := outbox.claim(tx, "me", now, now):
        for one in claimed:
            outbox.begin(tx, one)
            outbox.sent(tx, one, f"{len(gone)}.1" if one.message.kind is Kind.MESSAGE else None)
            gone.append(one.message.id)
    return gone


def test_a_message_goes_at_its_time(db: Database) -> None:
    """Before it is due it is not sent, and holds nothing else up."""
    with db.write() as tx:
        outbox.put(tx, row("quiet"), NOW, LATER)
        outbox.put(tx, row("loud"), NOW)
        assert outbox.any_due(tx, NOW)
        assert sent(tx, NOW) == ["loud"]
        assert not outbox.any_due(tx, NOW)
        assert outbox.unfinished(tx)
        assert sent(tx, LATER) == ["quiet"]


def test_a_message_can_be_hastened_and_never_slowed(db: Database) -> None:
    """Only to an earlier time."""
    with db.write() as tx:
        outbox.put(tx, row("quiet"), NOW, SOON)
        outbox.hasten(tx, "quiet", LATER)
        assert outbox.standing(tx, "quiet") == outbox.Standing(True, SOON)
        outbox.hasten(tx, "quiet", NOW)
        assert sent(tx, NOW) == ["quiet"]


def test_changes_that_follow_one_another_go_as_one(db: Database) -> None:
    """The first sets the time; one that cannot wait brings it forward, in its lane; a later one does not put it off."""
    with db.write() as tx:
        outbox.put(tx, row("root"), NOW)
        sent(tx, NOW)
        change = row("root:update", Kind.UPDATE, "root")
        outbox.put_again(tx, change, NOW, SOON)
        outbox.put_again(tx, change, NOW, LATER)
        assert sent(tx, NOW) == []
        assert sent(tx, SOON) == ["root:update"]
        outbox.put_again(tx, change, SOON, LATER)
        outbox.put_again(tx, row("root:update", Kind.UPDATE, "root", Lane.CHANGE), SOON)
        outbox.put_again(tx, change, SOON, LATER)
        [claimed] = outbox.claim(tx, "me", SOON, SOON)
        assert claimed.message.lane is Lane.CHANGE


def test_only_what_nobody_has_begun_to_send_is_taken_back(db: Database) -> None:
    """What is being sent, was sent or may have been is not; what followed it goes to the channel itself."""
    with db.write() as tx:
        outbox.put(tx, row("root"), NOW)
        outbox.put(tx, row("reply", root="root"), NOW)
        outbox.put_again(tx, row("root:update", Kind.UPDATE, "root"), NOW)
        assert outbox.withdraw(tx, "root")
        assert not outbox.withdraw(tx, "root")
        assert outbox.get(tx, "root:update") is None
        reply = outbox.get(tx, "reply")
        assert reply is not None
        assert reply.root is None
        [claimed] = outbox.claim(tx, "me", NOW, NOW)
        assert not outbox.withdraw(tx, "reply")
        outbox.begin(tx, claimed)
        outbox.failed(tx, claimed, "lost", NOW, unsure=True)
        assert not outbox.withdraw(tx, "reply")
        assert sent(tx, NOW) == ["reply"]
        assert not outbox.withdraw(tx, "reply")


def test_a_warning_outlives_the_message_that_it_should_have_followed(db: Database) -> None:
    """Where the first of a thread is given up, warnings go to the channel, and whatever else followed is given up."""
    with db.write() as tx:
        outbox.put(tx, row("root"), NOW)
        outbox.put(tx, row("warning", root="root"), NOW)
        outbox.put(tx, row("page", root="root", lane=Lane.ANSWER), NOW)
        [claimed] = outbox.claim(tx, "me", NOW, NOW)
        outbox.bury(tx, claimed, "refused")
        outbox.put(tx, row("second", root="root"), NOW)
        assert outbox.standing(tx, "root") is None
        assert outbox.standing(tx, "page") is None
        assert sent(tx, NOW) == ["warning", "second"]


def test_how_a_message_stands(db: Database) -> None:
    """Its words are still to be made while it waits for the first time; afterwards they are said."""
    with db.write() as tx:
        assert outbox.standing(tx, "root") is None
        outbox.put(tx, row("root"), NOW)
        assert outbox.standing(tx, "root") == outbox.Standing(True, NOW)
        [claimed] = outbox.claim(tx, "me", NOW, NOW)
        assert outbox.standing(tx, "root") == outbox.Standing(False, NOW)
        outbox.sent(tx, claimed, "1.1")
        assert outbox.standing(tx, "root") == outbox.Standing(False, NOW)
