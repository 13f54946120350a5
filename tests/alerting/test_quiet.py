"""What keeps an alert from a channel, or late: snoozes, quiet hours, floods; and sources that fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.alerting import flood
from bot.alerting.sources import source_fails, source_works
from bot.sample import pictures
from commands.alerts import alert_finding, roll_finding, told
from storage import alerts, outbox, rolls, snoozes, watches
from storage.alerts import AlertKind, TriageState
from storage.outbox import Kind
from storage.records import utc
from storage.snoozes import Scope, Snooze
from storage.watches import SourceState
from tests.alerting.rooms import NOON, PERSON, PUBLIC, TEAM, Room
from tests.alerting.rooms import room as opened

ALEPPO = "Qassem Soleimani arrived in Aleppo today."
SYRIA = "Qassem Soleimani is in Syria."
DENIED = "Iran denied that Qassem Soleimani is in Aleppo."
QUIET = "22:00 to 07:00 daily UTC"
AN_HOUR = timedelta(hours=1)


def snooze(room: Room, scope: Scope, subject: str, channel: str = "C1", hours: float = 1) -> None:
    """Leave a channel in peace about something."""
    until = utc(room.clock() + timedelta(hours=hours))
    with room.desk.db.write() as tx:
        snoozes.put(tx, Snooze(f"s-{scope}-{channel}", TEAM, channel, scope, subject, "it", until, "U1", room.now))


def due(room: Room) -> dict[str, str]:
    """When each message of the channel is due."""
    with room.desk.db.read() as tx:
        return {row["id"]: row["due_at"] for row in tx.rows("SELECT id, due_at FROM outbox")}


@pytest.mark.parametrize(
    ("scope", "subject"),
    [(Scope.PERSON, PERSON), (Scope.AUTHOR, "x:@weather"), (Scope.WATCH, f"w-person-{PERSON}-C1")],
)
def test_what_is_snoozed_is_kept_and_not_told(room: Room, scope: Scope, subject: str) -> None:
    """In the channel that snoozed it, and in no other, the alert is kept under the snooze without a message."""
    room.follow("C1", "C2")
    snooze(room, scope, subject)
    room.post("1", ALEPPO)
    [alert] = room.told("C1")
    assert (alert.state, alert.snooze) == (TriageState.SNOOZED, f"s-{scope}-C1")
    assert room.rows("C1") == []
    assert [one.state for one in room.told("C2")] == [TriageState.OPEN]


def test_a_snooze_is_over_at_its_time(room: Room) -> None:
    """What comes then is told, though nobody has ended the snooze yet."""
    room.follow()
    snooze(room, Scope.PERSON, PERSON, hours=1)
    room.clock.move(hours=1)
    room.post("1", ALEPPO)
    assert [alert.state for alert in room.told()] == [TriageState.OPEN]


def test_what_was_told_in_silence_begins_no_thread(room: Room) -> None:
    """The next alert of the case stands in the channel itself."""
    room.follow()
    snooze(room, Scope.PERSON, PERSON)
    room.post("1", ALEPPO)
    room.clock.move(hours=2)
    room.post("2", SYRIA)
    assert [alert.root for alert in room.told()] == ["", ""]


def test_quiet_hours_hold_a_message_back_to_their_end(room: Room) -> None:
    """It is due when they are over, and goes then."""
    room.follow(quiet=QUIET)
    room.clock.move(hours=11)
    room.post("1", ALEPPO)
    [alert] = room.told()
    assert due(room) == {f"alert:{alert.id}": "2026-03-05T07:00:00.000Z"}
    assert room.sent() == 0
    room.clock.move(hours=8)
    assert room.sent() == 1


@pytest.mark.parametrize(("bypass", "at"), [(True, "2026-03-04T23:00:00.000Z"), (False, "2026-03-05T07:00:00.000Z")])
def test_a_contradiction_breaks_quiet_hours_where_the_watch_says_so(room: Room, bypass: bool, at: str) -> None:
    """It does not wait for the thread that is held back."""
    room.follow(quiet=QUIET, bypass=bypass)
    room.clock.move(hours=11)
    room.post("1", ALEPPO)
    room.post("2", DENIED)
    sighting, denial = room.told()
    assert due(room)[f"alert:{denial.id}"] == at
    assert denial.root == ("" if bypass else sighting.id)
    assert room.sent() == int(bypass)


def test_a_channel_with_another_reason_is_told_at_once(room: Room) -> None:
    """The quiet hours of one watch do not silence another."""
    room.follow(quiet=QUIET)
    room.watch(watches.WatchKind.ACCOUNT, "x:@weather")
    room.clock.move(hours=11)
    room.post("1", ALEPPO)
    assert set(due(room).values()) == {room.now}


PLACES = (
    "Aleppo", "Homs", "Hama", "Damascus", "Latakia", "Tartus", "Palmyra", "Raqqa", "Daraa", "Idlib", "Baghdad", "Basra",
    "Mosul", "Kirkuk", "Erbil", "Tehran", "Isfahan", "Shiraz", "Tabriz", "Mashhad", "Beirut", "Cairo", "Amman", "Doha",
)  # fmt: skip


def flood_of(room: Room, count: int, first: int = 0) -> None:
    """Let so many posts show one picture."""
    for number in range(first, first + count):
        room.post(f"f{number}", f"Post {number}.", pictures.picture("harbour"))


def test_exactly_twenty_are_no_flood(room: Room) -> None:
    """Each of twenty alerts of one case has a message of its own."""
    room.subscribe()
    flood_of(room, 1 + flood.MOST)
    assert len(room.told()) == flood.MOST
    assert {alert.roll for alert in room.told()} == {""}
    assert [row.kind for row in room.rows()].count(Kind.MESSAGE) == flood.MOST


def test_one_more_becomes_one_rolling_message(room: Room) -> None:
    """The alerts whose messages wait are told by it; it has one message, and counts all of them."""
    room.subscribe()
    flood_of(room, 2 + flood.MOST)
    held = room.told()
    [roll_id] = {alert.roll for alert in held}
    [row] = room.rows()
    assert (row.kind, row.body, row.id) == (Kind.MESSAGE, {"roll": roll_id}, f"roll:{roll_id}")
    finding = roll_finding(room.desk, roll_id)
    assert (finding.total, finding.open, len(finding.alerts)) == (flood.MOST + 1, flood.MOST + 1, 5)
    assert [one.id for one in finding.alerts] == [alert.id for alert in held[:-6:-1]]


def test_what_stands_in_slack_stays_and_the_rest_rolls(room: Room) -> None:
    """What was sent is not taken back; the rolling message changes at most every five seconds."""
    room.subscribe()
    flood_of(room, 1 + flood.MOST)
    assert room.sent() == flood.MOST
    flood_of(room, 1, first=100)
    assert room.sent() == 1
    for number in range(101, 111):
        flood_of(room, 1, first=number)
    assert room.sent() == 0
    room.clock.move(seconds=5)
    assert room.sent() == 1
    [roll_id] = {alert.roll for alert in room.told()} - {""}
    assert roll_finding(room.desk, roll_id).total == 11


def test_a_rolling_message_is_closed_after_ten_minutes_of_silence(room: Room) -> None:
    """Then the picture is told one by one again."""
    room.subscribe()
    flood_of(room, 2 + flood.MOST)
    room.clock.move(minutes=10.1)
    flood_of(room, 1, first=200)
    assert room.told()[-1].roll == ""


def test_a_backlog_of_one_watch_becomes_one_rolling_message(room: Room) -> None:
    """Different cases of a watch that catches up are one flood, in its channel; they are none in another channel."""
    room.follow("C1", "C2")
    catching_up = replace(PUBLIC, watch=f"w-person-{PERSON}-C1", backlog=True)
    for number, place in enumerate(PLACES):
        room.post(f"p{number}", f"Qassem Soleimani is in {place}.", to=catching_up)
    assert {(alert.late, alert.roll) for alert in room.told("C2")} == {(False, "")}
    assert {alert.late for alert in room.told("C1")} == {False}
    [roll_id] = {alert.roll for alert in room.told("C1")}
    with room.desk.db.read() as tx:
        assert rolls.get(tx, roll_id).scope == f"watch/w-person-{PERSON}-C1"
    assert roll_finding(room.desk, roll_id).watch == PERSON


def test_a_contradiction_hastens_a_rolling_message_that_waits_for_the_morning(room: Room) -> None:
    """A flood within quiet hours waits; what breaks them does not wait with it."""
    room.follow(quiet=QUIET)
    room.clock.move(hours=11)
    late = replace(PUBLIC, watch=f"w-person-{PERSON}-C1", late=True)
    for number, place in enumerate(PLACES[:22]):
        room.post(f"p{number}", f"Qassem Soleimani is in {place}.", to=late)
    assert {alert.late for alert in room.told()} == {True}
    [roll_id] = {alert.roll for alert in room.told()}
    assert due(room)[f"roll:{roll_id}"] == "2026-03-05T07:00:00.000Z"
    room.post("d", DENIED, to=late)
    assert due(room)[f"roll:{roll_id}"] == room.now


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(4)), twice=st.lists(st.integers(0, 3), max_size=4))
def test_feeding_again_in_any_order_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], twice: list[int]
) -> None:
    """Whatever is fed again, and whenever, each matter is told once."""
    texts = (ALEPPO, SYRIA, DENIED, "Qassem Soleimani arrived in Caracas today.")
    with opened(tmp_path_factory.mktemp("again")) as room:
        room.follow()
        for number in (*order, *twice):
            room.post(str(number), texts[number])
        before = room.told(), [row.id for row in room.rows()]
        for number in twice:
            room.post(str(number), texts[number])
        assert (room.told(), [row.id for row in room.rows()]) == before
        assert len({alert.subject for alert in room.told()}) == len(room.told())
        assert {alert.kind for alert in room.told()} == {AlertKind.SIGHTING, AlertKind.DENIAL, AlertKind.TRAVEL}


def fails(room: Room, hours: float, failures: int, since: str) -> SourceState:
    """How a source fares that has failed."""
    room.clock.now = NOON + timedelta(hours=hours)
    return SourceState("rss:https://a.example", failing_since=since, failures=failures, problem="it does not answer")


def test_a_source_is_told_of_when_it_has_failed_for_long_and_often(room: Room) -> None:
    """Once an episode; when it answers again the message says so, and time acknowledges it."""
    watch = room.watch(watches.WatchKind.PERSON, PERSON, sources=("rss:https://a.example",))
    since = room.now
    with room.desk.db.write() as tx:
        assert source_fails(tx, watch, fails(room, 0.9, 9, since), room.now) is None
        assert source_fails(tx, watch, fails(room, 1, 2, since), room.now) is None
        state = fails(room, 1, 3, since)
        watches.fare(tx, watch.id, state)
        alert = source_fails(tx, watch, state, room.now)
        assert alert is not None
        assert source_fails(tx, watch, fails(room, 2, 4, since), room.now) is None
    finding = alert_finding(room.desk, alert.id)
    assert (finding.kind, finding.post) == (AlertKind.SOURCE, None)
    assert "it does not answer" in finding.problem
    room.sent()
    with room.desk.db.write() as tx:
        watches.fare(tx, watch.id, SourceState(state.source, last_ok=room.now))
        source_works(tx, watch, state, room.now)
    finding = alert_finding(room.desk, alert.id)
    assert (finding.problem, finding.state) == ("", TriageState.ACKNOWLEDGED)
    assert [row.kind for row in room.rows()] == [Kind.UPDATE]


def test_a_source_that_was_not_told_of_is_not_told_of_when_it_works(room: Room) -> None:
    """A short fault passes without a word."""
    watch = room.watch(watches.WatchKind.PERSON, PERSON)
    with room.desk.db.write() as tx:
        source_works(tx, watch, fails(room, 0.1, 1, room.now), room.now)
        source_works(tx, watch, SourceState("rss:https://a.example"), room.now)
    assert not room.rows()
    assert not room.told()


def test_warnings_are_listed_for_the_operator(room: Room) -> None:
    """Of one channel or all, the newest first, open ones alone where that is asked."""
    room.follow("C1", "C2")
    room.post("1", ALEPPO)
    room.post("2", DENIED)
    assert [one.alert.channel for one in told(room.desk).alerts] == ["C2", "C1", "C2", "C1"]
    assert len(told(room.desk, "C1").alerts) == len(told(room.desk, f"{TEAM}/C1").alerts) == 2
    assert told(room.desk, "T9/C1").alerts == ()
    [alert, _] = room.told("C1")
    with room.desk.db.write() as tx:
        step = alerts.Triage(alerts.Act.ACKNOWLEDGE, TriageState.ACKNOWLEDGED, "U1", room.now)
        assert alerts.decide(tx, alert.id, step)
        assert outbox.get(tx, "nothing") is None
    assert [one.kind for one in told(room.desk, "C1", only_open=True).alerts] == [AlertKind.DENIAL]
