"""Pictures that are watched, posts that are gone, earlier appearances of what was traced, and later grants."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.sample import pictures
from commands.alerts import alert_finding
from storage import alerts, cases, outbox, traced
from storage.alerts import Alert, AlertKind
from storage.outbox import Kind, Lane, Message
from storage.records import PostStatus, Relation, digest, utc
from storage.watches import WatchKind
from tests.alerting.rooms import NOON, PERSON, TEAM, Room, private

PICTURE = pictures.picture("harbour")
MIRRORED = pictures.mirrored_copy("harbour")
SMALLER = pictures.smaller_copy("harbour")
OTHER = pictures.picture(next(name for name in pictures.SCENES if name != "harbour"))
ALEPPO = "Qassem Soleimani arrived in Aleppo today."
A_DAY = timedelta(days=1)


def test_a_watched_picture_is_told_of_in_its_channel(room: Room) -> None:
    """Reuse of that picture is told, whatever copy of it comes; reuse of another is not."""
    room.post("1", "First.", PICTURE)
    room.watch(WatchKind.PICTURE, digest(PICTURE))
    room.post("2", "Second.", MIRRORED)
    room.post("3", "Third.", OTHER)
    room.post("4", "Fourth.", OTHER)
    assert [alert.post_id for alert in room.told()] == ["x:2"]


def test_all_copies_of_a_picture_are_one_case(room: Room) -> None:
    """The first stands in the channel, the rest in its thread, by the picture that was kept first."""
    room.subscribe()
    room.post("1", "First.", PICTURE)
    for key, copy in (("2", MIRRORED), ("3", SMALLER), ("4", PICTURE), ("5", MIRRORED)):
        room.post(key, f"Post {key}.", copy)
    told = room.told()
    assert {alert.case for alert in told} == {f"picture/{digest(PICTURE)}"}
    assert [alert.root for alert in told] == ["", *[told[0].id] * 3]


def test_a_conflict_that_comes_to_light_turns_the_warning(room: Room) -> None:
    """A post that is captured anew with other words changes the warning that stands, and raises none."""
    room.subscribe()
    room.post("1", "Soldiers gather in Homs.", PICTURE)
    room.post("2", "Soldiers gather.", MIRRORED)
    room.sent()
    assert [alert.kind for alert in room.told()] == [AlertKind.REUSE]
    assert room.post("2", "Soldiers gather in Latakia.", MIRRORED).alerts == 0
    assert [alert.kind for alert in room.told()] == [AlertKind.CAPTION_CONFLICT]
    assert [row.kind for row in room.rows()] == [Kind.UPDATE]


def test_a_link_is_told_of_when_its_post_is_gone_or_its_picture_comes_again(room: Room) -> None:
    """Both are told once; the second telling of the same changes nothing."""
    room.post("1", "First.", PICTURE)
    room.watch(WatchKind.LINK, "x:1")
    room.post("2", "Second.", MIRRORED)
    room.gone("1")
    room.clock.move(minutes=1)
    room.gone("1")
    reuse, gone = room.told()
    assert (reuse.kind, reuse.post_id) == (AlertKind.REUSE, "x:2")
    assert (gone.kind, gone.post_id) == (AlertKind.DELETED, "x:1")
    assert len(room.refs(gone)) == 1


@pytest.mark.parametrize(
    ("status", "told"),
    [(PostStatus.DELETED, 1), (PostStatus.SUSPENDED, 1), (PostStatus.UNAVAILABLE, 0), (PostStatus.AGE_GATED, 0)],
)
def test_what_may_be_over_tomorrow_is_not_gone(room: Room, status: PostStatus, told: int) -> None:
    """A source that does not answer, or asks for an age, has deleted nothing."""
    room.post("1", "First.")
    room.watch(WatchKind.LINK, "x:1")
    room.gone("1", status)
    assert len(room.told()) == told


def test_a_post_that_was_gone_when_it_was_first_seen_is_no_news(room: Room) -> None:
    """Only what was there can be taken away."""
    room.watch(WatchKind.LINK, "x:1")
    room.gone("1")
    assert room.told() == []


def test_a_post_that_spoke_of_a_watched_person_is_told_when_it_is_gone(room: Room) -> None:
    """It stands in the thread of what it said, in the channel too, and its finding holds the words."""
    room.follow()
    room.post("1", ALEPPO)
    room.sent()
    room.gone("1")
    sighting, gone = room.told()
    assert (gone.kind, gone.root, gone.case, gone.person) == (AlertKind.DELETED, sighting.id, sighting.case, PERSON)
    assert room.rows()[0].body["broadcast"] is True
    finding = alert_finding(room.desk, gone.id)
    assert finding.post is not None
    assert finding.post.status is PostStatus.DELETED
    assert [one.post.id for one in finding.sightings] == ["x:1"]


def test_a_new_grant_tells_of_the_older_post_to_whom_it_is_new(room: Room) -> None:
    """A private post that becomes public is a reuse to the others, though it came first, in words that fit."""
    room.subscribe("C1", "C2")
    room.post("1", "First.", PICTURE, to=private("C1"))
    room.post("2", "Second.", SMALLER)
    assert (len(room.told("C1")), len(room.told("C2"))) == (1, 0)
    room.post("1", "First.", PICTURE)
    [alert] = room.told("C2")
    assert (alert.post_id, alert.match_post_id, len(room.told("C1"))) == ("x:1", "x:2", 1)
    finding = alert_finding(room.desk, alert.id)
    assert finding.match is not None
    assert finding.match.reuse.query_sha256 == digest(PICTURE)
    assert finding.match.reuse.relation in {Relation.NEAR, Relation.IDENTICAL}


def trace(room: Room, key: str, user: str, card: Message | None = None) -> None:
    """Note that somebody traced a post and was told of nothing earlier than it."""
    with room.desk.db.write() as tx:
        if card:
            outbox.put(tx, card, room.now)
        traced.note(tx, TEAM, user, f"x:{key}", room.now, message=card.id if card else "", earliest=utc(NOON))


def card_in(channel: str, thread: str = "") -> Message:
    """The card of an answer that a channel saw."""
    return Message(
        f"job-{channel}:0", Kind.MESSAGE, Lane.ANSWER, TEAM, channel, {"text": "A card.", "blocks": []}, thread
    )


def earlier(room: Room, channel: str) -> list[Alert]:
    """What was told of earlier appearances."""
    return room.told(channel, AlertKind.EARLIER)


def test_an_earlier_appearance_is_told_to_everybody_who_traced(room: Room) -> None:
    """In the thread of the card where a channel saw it, by direct message else; the card is corrected."""
    room.post("1", "First.", PICTURE)
    trace(room, "1", "U1", card_in("C1"))
    trace(room, "1", "U2")
    room.sent()
    assert room.post("2", "Older.", MIRRORED, posted_at=NOON - A_DAY).alerts == 2
    [alert] = earlier(room, "C1")
    assert (alert.post_id, alert.match_post_id, alert.image_sha256) == ("x:2", "x:1", digest(MIRRORED))
    corrected, told = room.rows("C1")
    assert (told.kind, told.root, told.body) == (Kind.MESSAGE, "job-C1:0", {"alert": alert.id})
    assert (corrected.kind, corrected.root) == (Kind.UPDATE, "job-C1:0")
    assert corrected.body == {"corrected": {"post": "x:1", "alert": alert.id}}
    assert [row.kind for row in room.rows("U2")] == [Kind.MESSAGE]
    finding = alert_finding(room.desk, alert.id)
    assert finding.match is not None
    assert [post.id for _, post in finding.match.appearances] == ["x:1"]


def test_a_later_or_undated_appearance_corrects_nothing(room: Room) -> None:
    """Only what is dated before the earliest that was told."""
    room.post("1", "First.", PICTURE)
    trace(room, "1", "U1")
    room.post("2", "Later.", MIRRORED, posted_at=NOON + A_DAY)
    room.post("3", "Undated.", SMALLER, posted_at=None)
    assert earlier(room, "U1") == []


def test_what_is_earlier_still_joins_and_what_is_less_early_is_no_news(room: Room) -> None:
    """The warning then tells of the earliest."""
    room.post("1", "First.", PICTURE)
    trace(room, "1", "U1", card_in("C1"))
    room.post("2", "Older.", MIRRORED, posted_at=NOON - 2 * A_DAY)
    room.post("3", "Less old.", SMALLER, posted_at=NOON - A_DAY)
    assert [alert.post_id for alert in earlier(room, "C1")] == ["x:2"]
    assert room.post("4", "Oldest.", PICTURE, posted_at=NOON - 3 * A_DAY).alerts == 0
    [alert] = earlier(room, "C1")
    assert (alert.post_id, alert.image_sha256) == ("x:4", digest(PICTURE))
    assert len(room.refs(alert)) == 2


def test_an_earlier_appearance_that_may_not_be_seen_is_not_told(room: Room) -> None:
    """It was found in another private channel; when it becomes public it is told."""
    room.post("1", "First.", PICTURE)
    trace(room, "1", "U1", card_in("C1"))
    room.post("2", "Older.", MIRRORED, posted_at=NOON - A_DAY, to=private("C9"))
    assert earlier(room, "C1") == []
    room.post("2", "Older.", MIRRORED, posted_at=NOON - A_DAY)
    assert [alert.post_id for alert in earlier(room, "C1")] == ["x:2"]


def test_a_card_within_a_thread_is_answered_there(room: Room) -> None:
    """Slack has no thread in a thread."""
    room.post("1", "First.", PICTURE)
    trace(room, "1", "U1", card_in("C1", "17.1"))
    room.post("2", "Older.", MIRRORED, posted_at=NOON - A_DAY)
    told = next(row for row in room.rows("C1") if "alert" in row.body)
    assert (told.target, told.root) == ("17.1", None)


def test_a_warning_of_a_private_watch_is_listed_to_its_members_alone(room: Room) -> None:
    """On the list of open warnings nobody else learns what is watched there, though the post is public."""
    room.follow("C1", private=True)
    room.post("1", ALEPPO)
    [alert] = room.told()
    with room.desk.db.read() as tx:
        outsider = alerts.channel_viewer(TEAM, "C2")
        assert cases.open_for(tx, TEAM, outsider, 10) == []
        assert [one.id for one in cases.open_for(tx, TEAM, alert.viewer, 10)] == [alert.id]
