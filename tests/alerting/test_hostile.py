"""What happens to alerts when several things go wrong, or change, at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerting import flood
from bot.sample import pictures
from bot.slack.cards.alert import alert_message
from commands import duty, triage
from commands import people as people_verbs
from commands import snoozes as snooze_verbs
from commands.alerts import alert_finding
from storage import cases, outbox, runs, snoozes, watches
from storage.alerts import Act, AlertKind, Triage, TriageState
from storage.records import HANDED_IN, utc
from storage.runs import Run
from storage.snoozes import Scope, Snooze
from storage.watches import WatchKind
from tests.alerting.rooms import PERSON, PUBLIC, TEAM, Room

ALEPPO = "Qassem Soleimani arrived in Aleppo today."


def snoozed(room: Room, scope: Scope, subject: str, until: timedelta = timedelta(hours=1)) -> Snooze:
    """Leave the channel in peace about something."""
    one = Snooze("s1", TEAM, "C1", scope, subject, "it", utc(room.clock() + until), "U1", room.now)
    with room.desk.db.write() as tx:
        snoozes.put(tx, one)
    return one


def given_up(room: Room) -> int:
    """Let Slack refuse for good whatever is due; return how many messages that were."""
    count = 0
    while True:
        with room.desk.db.write() as tx:
            claimed = outbox.claim(tx, "me", room.now, room.now)
            for one in claimed:
                outbox.bury(tx, one, "is_archived")
                count += 1
        if not claimed:
            return count


@pytest.mark.parametrize("other", ["watch", "subscription"])
def test_a_snoozed_watch_does_not_silence_what_was_asked_for_otherwise(room: Room, other: str) -> None:
    """A channel that wants to hear of it for another reason, too, is told."""
    account = room.watch(WatchKind.ACCOUNT, "x:@weather")
    if other == "watch":
        room.follow()
    else:
        room.subscribe()
    snoozed(room, Scope.WATCH, account.id)
    to = replace(PUBLIC, watch=account.id)
    room.post("1", ALEPPO if other == "watch" else "One.", pictures.picture("harbour"), to=to)
    room.post("2", "Two.", pictures.picture("harbour"), to=to)
    kind = AlertKind.SIGHTING if other == "watch" else AlertKind.REUSE
    assert [one.state for one in room.told("C1", kind)] == [TriageState.OPEN]


def test_only_the_watch_that_was_late_is_said_to_be_late(room: Room) -> None:
    """Another watch that hears of the same post is not: its own last sweep has nothing to do with it."""
    room.follow("C1", "C2")
    sweeping, other = f"w-person-{PERSON}-C1", f"w-person-{PERSON}-C2"
    with room.desk.db.write() as tx:
        runs.claim(tx, Run(other, "2026-03-01T00:00:00.000Z", utc(room.clock() - timedelta(days=1)), late=True))
        runs.claim(tx, Run(sweeping, "2026-03-04T11:00:00.000Z", room.now, late=True))
    room.post("1", ALEPPO, to=replace(PUBLIC, watch=sweeping, late=True))
    [one], [two] = room.told("C1"), room.told("C2")
    assert alert_finding(room.desk, one.id).due_at == "2026-03-04T11:00:00.000Z"
    assert alert_finding(room.desk, two.id).due_at == ""


def test_a_card_stands_though_its_sightings_are_gone(room: Room) -> None:
    """What a file told is corrected by the platform, or the person is taken off the list, before the card is made."""
    room.follow()
    room.post("1", ALEPPO, route=HANDED_IN)
    [alert] = room.told()
    room.post("1", "It rains in Oslo.", raw=b"as the platform has it")
    assert alert_message(alert_finding(room.desk, alert.id))
    asyncio.run(people_verbs.remove(room.desk, "Qassem Soleimani"))
    assert alert_message(alert_finding(room.desk, alert.id))


def test_a_watch_goes_on_for_a_person_who_was_merged(room: Room) -> None:
    """Whoever watches somebody who turns out to be another one hears of that one from now on."""
    asyncio.run(people_verbs.add(room.desk, "Qasem Sulaimani", (), ""))
    room.watch(WatchKind.PERSON, "qasem-sulaimani")
    asyncio.run(people_verbs.merge(room.desk, "Qassem Soleimani", "Qasem Sulaimani"))
    room.post("1", ALEPPO)
    assert [one.person for one in room.told()] == [PERSON]


@pytest.mark.parametrize("change", ["removed", "moved"])
def test_what_a_private_channel_watched_stays_its_own(room: Room, change: str) -> None:
    """Also when the watch is removed, or told elsewhere, others are not shown what it has found."""
    watch = room.watch(WatchKind.PERSON, PERSON, private=True)
    room.post("1", ALEPPO)
    with room.desk.db.write() as tx:
        if change == "removed":
            watches.remove(tx, watch.id)
        else:
            watches.put(tx, replace(watch, private=False, channel="C2"))
        everybody = replace(watch, channel="C9").viewer
        assert len(cases.open_for(tx, TEAM, watch.viewer, 10)) == 1
        assert cases.open_for(tx, TEAM, everybody, 10) == []


def test_what_rolls_does_not_count_as_standing_in_a_thread(room: Room) -> None:
    """The message that begins a thread counts what stands there, not what a rolling message has taken over."""
    room.subscribe()
    for number in range(2):
        room.post(f"r{number}", f"Root {number}.", pictures.picture("harbour"))
    assert room.sent() == 1
    [root] = room.told()
    for number in range(flood.MOST):
        room.post(f"f{number}", f"Post {number}.", pictures.picture("harbour"))
    assert [one.roll != "" for one in room.told()] == [False] + [True] * flood.MOST
    with room.desk.db.read() as tx:
        assert cases.under(tx, root.id) == 0
    assert f"alert:{root.id}:update" in [row.id for row in room.rows()]


def test_a_flood_does_not_vanish_in_a_message_that_was_given_up(room: Room) -> None:
    """What comes after the rolling message was given up is told by another one."""
    room.subscribe()
    for number in range(2 + flood.MOST):
        room.post(f"f{number}", f"Post {number}.", pictures.picture("harbour"))
    assert given_up(room) == 1
    room.post("more", "More.", pictures.picture("harbour"))
    first, last = room.told()[0], room.told()[-1]
    assert last.roll != first.roll
    assert [row.body for row in room.rows()] == [{"roll": last.roll}]


def test_evidence_wakes_an_alert_whose_message_was_given_up(room: Room) -> None:
    """A matter that goes on is not lost for as long as it goes on, because its first message was."""
    room.follow()
    room.post("1", ALEPPO)
    assert given_up(room) == 1
    room.post("2", "Qassem Soleimani arrived in Aleppo this morning.")
    [alert] = room.told()
    assert len(room.refs(alert)) == 2
    assert room.sent() == 1


def test_time_ends_no_snooze_that_was_made_longer_meanwhile(room: Room) -> None:
    """Whoever found it over before somebody made it longer ends nothing."""
    one = snoozed(room, Scope.PERSON, PERSON)
    with room.desk.db.write() as tx:
        assert not snooze_verbs.end(tx, one.id, by="", now=room.now)
        assert snooze_verbs.end(tx, one.id, by="U2", now=room.now)


def test_what_was_never_told_is_escalated_in_the_channel(room: Room) -> None:
    """A warning that a snooze kept silent, and that somebody took up, has no thread in which those on call are told."""
    room.follow()
    snoozed(room, Scope.PERSON, PERSON)
    room.post("1", ALEPPO)
    [alert] = room.told()
    with room.desk.db.write() as tx:
        duty.put_on_call(tx, TEAM, "S1", None, by="U1", now=room.now)
        for act in (Act.ACKNOWLEDGE, Act.ESCALATE):
            assert triage.decide(tx, alert.id, Triage(act, TriageState.ACKNOWLEDGED, "U1", room.now), room.now).made
    assert room.sent() == 1
