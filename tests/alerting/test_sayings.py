"""Sightings, denials and journeys of a watched person: one alert a subject and channel, evidence joined, one thread."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from commands.alerts import alert_finding
from storage import alerts, people
from storage.alerts import Act, AlertKind, Triage, TriageState
from storage.outbox import Kind
from storage.records import ConflictKind
from storage.watches import WatchKind, WatchState
from tests.alerting.rooms import NOON, PERSON, PUBLIC, Room, private

ALEPPO = "Qassem Soleimani arrived in Aleppo today."
STILL = "Qassem Soleimani is in Aleppo."
TEHRAN = "Qassem Soleimani arrived in Tehran today."
DENIED = "Iran denied that Qassem Soleimani is in Aleppo."
SYRIA = "Qassem Soleimani is in Syria."


def test_a_new_sighting_is_told_where_the_person_is_watched(room: Room) -> None:
    """The channel that watches them is told; one that does not, and one whose watch is paused, are not."""
    room.follow("C1")
    room.follow("C2", state=WatchState.PAUSED)
    room.subscribe("C3")
    assert room.post("1", ALEPPO).alerts == 1
    [alert] = room.told("C1")
    assert (alert.kind, alert.person, alert.post_id, alert.watch) == (
        AlertKind.SIGHTING, PERSON, "x:1", f"w-person-{PERSON}-C1"
    )  # fmt: skip
    assert alert.subject.startswith(f"sighting/{PERSON}/")
    assert room.told("C2") == room.told("C3") == []
    [row] = room.rows()
    assert (row.kind, row.body, row.root) == (Kind.MESSAGE, {"alert": alert.id}, None)


def test_later_evidence_joins_the_alert_and_its_message_is_changed_once(room: Room) -> None:
    """More posts that say so are no new alert; what stands in Slack already changes, two seconds later, in one go."""
    room.follow()
    room.post("1", ALEPPO)
    room.post("2", STILL)
    [alert] = room.told()
    assert len(room.refs(alert)) == 2
    assert [row.kind for row in room.rows()] == [Kind.MESSAGE]  # it is still to be made
    assert room.sent() == 1
    for key in "345":
        room.post(key, f"{STILL} {key}")
    assert room.sent() == 0
    room.clock.move(seconds=2)
    assert room.sent() == 1
    finding = alert_finding(room.desk, alert.id)
    assert (finding.total, len(finding.sightings)) == (5, 5)


def test_the_same_post_again_changes_nothing(room: Room) -> None:
    """Fed twice, or by another door, a post raises nothing and changes no message."""
    room.follow()
    room.post("1", ALEPPO)
    room.sent()
    before = room.told(), room.refs(room.told()[0])
    assert room.post("1", ALEPPO).alerts == 0
    assert room.post("1", ALEPPO, to=private("C1")).alerts == 0
    room.clock.move(seconds=10)
    assert room.sent() == 0
    assert (room.told(), room.refs(room.told()[0])) == before


@pytest.mark.parametrize(("days", "count"), [(6.9, 1), (7.1, 2)])
def test_an_episode_is_over_after_seven_days_without_evidence(room: Room, days: float, count: int) -> None:
    """What is said of the same place after a week of silence is told anew, in a thread of its own."""
    room.follow()
    room.post("1", ALEPPO)
    room.clock.move(days=days)
    room.post("2", STILL, posted_at=room.clock())
    assert len(room.told()) == count
    assert {alert.root for alert in room.told()} == {""}


def test_another_place_is_a_case_of_its_own_and_a_compatible_one_is_not(room: Room) -> None:
    """A city and its country go into one thread; another country does not."""
    room.follow()
    room.post("1", ALEPPO)
    room.post("2", SYRIA)
    room.post("3", "Qassem Soleimani is in Iraq.")
    first, syria, iraq = room.told()
    assert first.case == syria.case != iraq.case
    assert (first.root, syria.root, iraq.root) == ("", first.id, "")
    assert [row.root for row in room.rows()] == [None, f"alert:{first.id}", None]
    assert alert_finding(room.desk, first.id).others == 1


def test_a_denial_stands_in_the_thread_of_what_it_denies_and_in_the_channel(room: Room) -> None:
    """It is a subject of its own, broadcast, and its finding holds both sides; the first message counts it."""
    room.follow()
    room.post("1", ALEPPO)
    room.sent()
    room.post("2", DENIED)
    sighting, denial = room.told()
    assert (denial.kind, denial.root, denial.match_post_id) == (AlertKind.DENIAL, sighting.id, "x:1")
    message, update = room.rows()
    assert message.body == {"alert": denial.id, "broadcast": True}
    assert (update.kind, update.root) == (Kind.UPDATE, f"alert:{sighting.id}")
    finding = alert_finding(room.desk, denial.id)
    assert [clash.kind for clash in finding.conflicts] == [ConflictKind.DENIAL]
    assert {one.post.id for one in finding.sightings} == {"x:1", "x:2"}


def test_a_denial_of_a_hidden_sighting_is_told_without_it(room: Room) -> None:
    """A channel that may not see what is denied is told of the denial, and of no more."""
    room.follow("C1", "C2")
    room.post("1", ALEPPO, to=private("C2"))
    room.post("2", DENIED)
    [denial] = room.told("C1")
    assert (denial.kind, denial.match_post_id) == (AlertKind.DENIAL, None)
    assert {one.post.id for one in alert_finding(room.desk, denial.id).sightings} == {"x:2"}
    assert [alert.kind for alert in room.told("C2")] == [AlertKind.SIGHTING, AlertKind.DENIAL]


def test_a_private_post_is_told_in_its_channel_alone_until_others_may_see_it(room: Room) -> None:
    """By a new grant those who did not see the post are told, and those who did are not told again."""
    room.follow("C1", "C2")
    room.post("1", ALEPPO, to=private("C1"))
    assert (len(room.told("C1")), len(room.told("C2"))) == (1, 0)
    assert room.post("1", ALEPPO).alerts == 1
    assert (len(room.told("C1")), len(room.told("C2"))) == (1, 1)


def test_an_account_is_told_of_whoever_it_speaks_of(room: Room) -> None:
    """Sightings of any watched person in a watched account's posts are told, however the handle is written."""
    room.watch(WatchKind.ACCOUNT, "x:@weather")
    room.post("1", ALEPPO, author="Weather")
    room.post("2", TEHRAN, author="another")
    [alert] = room.told()
    assert (alert.kind, alert.post_id, alert.author) == (AlertKind.SIGHTING, "x:1", "x:@weather")


def test_one_channel_with_several_reasons_is_told_once(room: Room) -> None:
    """The watch whose sweep brought the post is the one that is named."""
    room.follow()
    account = room.watch(WatchKind.ACCOUNT, "x:@weather")
    room.post("1", ALEPPO, to=replace(PUBLIC, watch=account.id))
    [alert] = room.told()
    assert alert.watch == account.id


def test_a_journey_that_nobody_can_make_is_told(room: Room) -> None:
    """Two far places on one day are a matter of their own, in the thread of the person's case."""
    room.follow()
    room.post("1", ALEPPO)
    room.post("2", "Qassem Soleimani arrived in Caracas today.")
    kinds = [alert.kind for alert in room.told()]
    assert sorted(kinds) == [AlertKind.TRAVEL, AlertKind.SIGHTING, AlertKind.SIGHTING]
    [travel] = room.told(kind=AlertKind.TRAVEL)
    assert (travel.post_id, travel.match_post_id) == ("x:2", "x:1")
    finding = alert_finding(room.desk, travel.id)
    [clash] = finding.conflicts
    assert clash.kind is ConflictKind.TRAVEL
    assert "Aleppo" in clash.why
    assert "Caracas" in clash.why
    assert len(finding.sightings) == 2


def test_a_journey_with_an_end_that_is_hidden_is_not_told(room: Room) -> None:
    """The channel that may not see the other post hears of its own sighting alone."""
    room.follow("C1", "C2")
    room.post("1", ALEPPO, to=private("C2"))
    room.post("2", "Qassem Soleimani arrived in Caracas today.")
    assert [alert.kind for alert in room.told("C1")] == [AlertKind.SIGHTING]
    assert AlertKind.TRAVEL in {alert.kind for alert in room.told("C2")}


def test_a_thread_is_not_begun_by_what_was_given_up(room: Room) -> None:
    """Where the first message of a case never came to stand in Slack, the next one stands in the channel itself."""
    room.follow()
    room.post("1", ALEPPO)
    with room.desk.db.write() as tx:
        tx.execute("UPDATE outbox SET state = 'dead'")
    room.post("2", SYRIA)
    assert [alert.root for alert in room.told()] == ["", ""]


def test_a_dismissed_sighting_stays_silent_for_its_episode(room: Room) -> None:
    """Later evidence joins it without another alert."""
    room.follow()
    room.post("1", ALEPPO)
    [alert] = room.told()
    with room.desk.db.write() as tx:
        assert alerts.decide(tx, alert.id, Triage(Act.DISMISS, TriageState.DISMISSED, "U1", room.now))
    assert room.post("2", STILL).alerts == 0
    assert len(room.refs(alert)) == 2


def test_what_is_read_again_is_no_news(room: Room) -> None:
    """A person who is put on the list later is told of by what comes in from then on, not by the archive."""
    room.post("1", "Amina Njoroge arrived in Aleppo today.")
    room.watch(WatchKind.PERSON, "amina-njoroge")
    with room.desk.db.write() as tx:
        people.add(tx, "Amina Njoroge")
    assert room.desk.readers.catch_up(room.desk.db).sightings == 1
    assert room.told() == []
    room.clock.move(minutes=5)
    assert room.post("2", "Amina Njoroge is in Aleppo.", posted_at=NOON + timedelta(minutes=5)).alerts == 1
