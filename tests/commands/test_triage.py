"""Triage on the store: the first of two wins, each step is logged, and time does its part once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from commands import duty, snoozes, triage
from storage import alerts, custody, outbox, rolls
from storage import snoozes as kept
from storage.alerts import Act, Alert, Triage, TriageState
from storage.database import Database, Transaction
from storage.errors import NotFound
from storage.outbox import Kind
from storage.records import utc
from storage.snoozes import Scope
from tests.commands.alerted import CHANNEL, GROUP, START, TEAM, after, alert, archived, stands, tell
from tests.storage.conftest import fixture_db  # noqa: F401 - the fixture `db`

OPEN, ACKNOWLEDGED, SNOOZED = TriageState.OPEN, TriageState.ACKNOWLEDGED, TriageState.SNOOZED


@pytest.fixture(name="tx")
def fixture_tx(db: Database) -> Iterator[Transaction]:
    """A transaction on a store with one warning that stands in Slack."""
    with db.write() as tx:
        archived(tx)
        tell(tx, alert(0))
        yield tx


def do(
    tx: Transaction, act: Act, *, seen: int | None = None, by: str = "U1", minutes: float = 1, **more: str
) -> triage.Decision:
    """Let somebody do something about the warning."""
    step = Triage(act, ACKNOWLEDGED if act is Act.ACKNOWLEDGE else OPEN, by, after(minutes), **more)
    return triage.decide(tx, "alert-C1-0", step, step.at, seen)


def rows(tx: Transaction, kind: Kind | None = None) -> dict[str, dict[str, object]]:
    """The rows of the outbox that wait, by id."""
    found = tx.rows("SELECT id FROM outbox WHERE state = 'waiting' ORDER BY seq")
    made = {row["id"]: outbox.get(tx, row["id"]) for row in found}
    return {key: dict(row.body) for key, row in made.items() if row and kind in {None, row.kind}}


def test_of_two_at_once_the_first_wins_and_the_second_is_told(tx: Transaction) -> None:
    """Both looked at a card without steps; the second changes nothing, learns who was first, and the card is shown."""
    assert do(tx, Act.ACKNOWLEDGE, seen=0).made
    tx.execute("DELETE FROM outbox WHERE kind = 'update'")
    second = do(tx, Act.ASSIGN, seen=0, by="U2", assignee="U2")
    assert (second.made, second.by.by if second.by else "", second.alert.assignee) == (False, "U1", "")
    assert list(rows(tx, Kind.UPDATE)) == ["alert:alert-C1-0:update"]


def test_every_step_stands_in_the_custody_log(tx: Transaction) -> None:
    """Who did what to which warning, and why; what was refused is no step."""
    do(tx, Act.ASSIGN, assignee="U2", reason="you know the square")
    do(tx, Act.ACKNOWLEDGE, by="U2", minutes=2, seen=0)
    do(tx, Act.ACKNOWLEDGE, by="U2", minutes=2, seen=1)
    logged = [row for row in custody.rows(tx, "alert-C1-0") if row.action == "triage"]
    assert [(row.actor, row.detail["act"]) for row in logged] == [("T1/U1", "assign"), ("T1/U2", "acknowledge")]
    assert (logged[0].detail["assignee"], logged[0].detail["reason"]) == ("U2", "you know the square")


def test_the_assignee_is_told_once(tx: Transaction) -> None:
    """By direct message; not again when the same is done once more, and never who takes it themself."""
    do(tx, Act.ASSIGN, assignee="U2")
    do(tx, Act.UNDO)
    do(tx, Act.ASSIGN, assignee="U2", by="U3")
    do(tx, Act.ASSIGN, assignee="U3", by="U3")
    told = [key for key in rows(tx, Kind.MESSAGE) if key.startswith("assigned:")]
    assert told == ["assigned:alert-C1-0:U2"]
    assert alerts.get(tx, "alert-C1-0").assignee == "U3"


def test_a_warning_is_escalated_to_those_on_call_once(tx: Transaction) -> None:
    """In its thread; without a rota it says how to set one, and nothing is done."""
    with pytest.raises(triage.NobodyOnCall, match="/dateline oncall @GROUP after 30m"):
        do(tx, Act.ESCALATE)
    assert alerts.steps(tx, "alert-C1-0") == []
    duty.put_on_call(tx, TEAM, GROUP, None, by="U1", now=after(0))
    assert do(tx, Act.ESCALATE).made
    do(tx, Act.UNDO)
    do(tx, Act.ESCALATE, by="U2")
    told = {key: body for key, body in rows(tx, Kind.MESSAGE).items() if "escalat" in key}
    assert list(told) == ["alert:alert-C1-0:escalated"]
    assert told["alert:alert-C1-0:escalated"]["group"] == GROUP


def late(tx: Transaction, now: datetime) -> int:
    """Do what time does, and return how many snoozes and warnings it was."""
    over = [snoozes.end(tx, one.id, by="", now=utc(now)) for one in kept.over(tx, utc(now))]
    return sum(over) + triage.escalate_unattended(tx, now)


def snoozed(tx: Transaction, scope: Scope = Scope.PICTURE, until: float = 60, of: Alert | None = None) -> str:
    """Snooze something of a warning, and return the snooze."""
    made = triage.snooze(tx, (of or alert(0)).id, scope, after(until), by="U1", now=after(1))
    assert made.made
    return made.alert.snooze


def test_what_came_during_a_snooze_is_told_in_one_message(tx: Transaction) -> None:
    """When its time is over the warning is open again, and what was kept silent is told together, once."""
    snooze = snoozed(tx)
    assert alerts.get(tx, "alert-C1-0").state is SNOOZED
    for number in (1, 2, 3):
        tell(tx, replace(alert(number, 10), state=SNOOZED, snooze=snooze))
    assert late(tx, START + timedelta(minutes=59)) == 0
    assert late(tx, START + timedelta(minutes=60)) == 1
    assert late(tx, START + timedelta(minutes=61)) == 0
    assert {alerts.get(tx, f"alert-C1-{number}").state for number in range(4)} == {OPEN}
    [roll] = {alerts.get(tx, f"alert-C1-{number}").roll for number in (1, 2, 3)}
    assert alerts.get(tx, "alert-C1-0").roll == ""
    assert "Came while this was snoozed here: The picture in a post by @author_0." in rolls.get(tx, roll).why
    assert [f"roll:{roll}"] == list(rows(tx, Kind.MESSAGE))


def test_a_snooze_in_which_nothing_came_is_over_in_silence(tx: Transaction) -> None:
    """Only the message of the warning itself changes."""
    snooze = snoozed(tx)
    assert snoozes.end(tx, snooze, by="U2", now=after(5))
    assert not snoozes.end(tx, snooze, by="U2", now=after(6))
    assert rows(tx, Kind.MESSAGE) == {}
    assert [row.actor for row in custody.rows(tx, snooze)] == ["T1/U2"]


def test_what_another_snooze_concerns_stays_silent(tx: Transaction) -> None:
    """Of two snoozes that concern a warning the later one keeps it."""
    first = snoozed(tx, until=60)
    tell(tx, alert(1, picture=9))
    second = snoozed(tx, Scope.AUTHOR, 120, alert(1))
    tell(tx, replace(alert(3, 10), state=SNOOZED, snooze=first))
    late(tx, START + timedelta(minutes=60))
    assert (alerts.get(tx, "alert-C1-3").state, alerts.get(tx, "alert-C1-3").snooze) == (SNOOZED, second)
    late(tx, START + timedelta(minutes=120))
    assert alerts.get(tx, "alert-C1-3").state is OPEN


def test_the_same_is_snoozed_once_and_never_for_shorter(tx: Transaction) -> None:
    """Somebody who snoozes what is snoozed makes it last, not end earlier."""
    tell(tx, alert(1))
    one = snoozed(tx, until=240)
    assert snoozed(tx, until=60, of=alert(1)) == one
    [held] = snoozes.holding_in(tx, TEAM, CHANNEL)
    assert (held.until, held.label) == (after(240), "The picture in a post by @author_0")


def test_to_take_a_snooze_back_is_to_end_it(tx: Transaction) -> None:
    """Undo opens the warning and tells what came meanwhile."""
    snooze = snoozed(tx)
    tell(tx, replace(alert(2, 10), state=SNOOZED, snooze=snooze))
    do(tx, Act.UNDO, minutes=20)
    assert {alerts.get(tx, f"alert-C1-{number}").state for number in (0, 2)} == {OPEN}
    assert kept.get(tx, snooze).ended_at == after(20)
    assert len(rows(tx, Kind.MESSAGE)) == 1


def test_a_warning_never_comes_back_under_a_snooze_that_is_over(tx: Transaction) -> None:
    """Acknowledged while it was snoozed, and undone after the snooze: it is open, as if it had waked with the rest."""
    snooze = snoozed(tx)
    do(tx, Act.ACKNOWLEDGE, minutes=10)
    late(tx, START + timedelta(minutes=60))
    assert alerts.get(tx, "alert-C1-0").state is ACKNOWLEDGED
    do(tx, Act.UNDO, minutes=70)
    assert alerts.get(tx, "alert-C1-0").state is OPEN
    assert not do(tx, Act.UNDO, minutes=71).made
    assert kept.get(tx, snooze).ended_at == after(60)


def test_a_warning_without_the_scope_cannot_be_snoozed_by_it(tx: Transaction) -> None:
    """A warning that no watch asked for has none to snooze."""
    with pytest.raises(NotFound, match="no watch to snooze"):
        triage.snooze(tx, "alert-C1-0", Scope.WATCH, after(9), by="U1", now=after(1))
    assert [scope for scope, _ in snoozes.choices(tx, alert(0))] == [Scope.PICTURE, Scope.AUTHOR]


@pytest.mark.parametrize(("minutes", "goes"), [(29.9, 0), (30, 1)])
def test_what_nobody_acknowledges_goes_to_those_on_call(tx: Transaction, minutes: float, goes: int) -> None:
    """After so many minutes since it was told, once; what was raised before there was a rota does not."""
    duty.put_on_call(tx, TEAM, GROUP, 30, by="U1", now=after(-1))
    assert late(tx, START + timedelta(minutes=minutes)) == goes
    assert late(tx, START + timedelta(minutes=minutes)) == 0
    assert len([key for key in rows(tx) if key.endswith(":escalated")]) == goes
    assert [one.by for one in alerts.steps(tx, "alert-C1-0")] == [""] * goes


def test_what_was_raised_before_the_rota_waits_for_a_person(tx: Transaction) -> None:
    """Setting who is on call does not bring a week of old warnings upon them."""
    duty.put_on_call(tx, TEAM, GROUP, 30, by="U1", now=after(5))
    assert late(tx, START + timedelta(days=7)) == 0


def test_what_is_not_told_yet_is_not_escalated(tx: Transaction) -> None:
    """A warning that quiet hours hold back counts from when it stands in Slack."""
    duty.put_on_call(tx, TEAM, GROUP, 30, by="U1", now=after(-1))
    stands(tx, "alert:alert-C1-0", after(480))
    assert late(tx, START + timedelta(minutes=509)) == 0
    assert late(tx, START + timedelta(minutes=510)) == 1


@pytest.mark.parametrize(("act", "state"), [(Act.ACKNOWLEDGE, ACKNOWLEDGED), (Act.DISMISS, TriageState.DISMISSED)])
def test_what_somebody_has_decided_is_not_escalated(tx: Transaction, act: Act, state: TriageState) -> None:
    """Acknowledged or dismissed in time, it goes to nobody."""
    duty.put_on_call(tx, TEAM, GROUP, 30, by="U1", now=after(-1))
    triage.decide(tx, "alert-C1-0", Triage(act, state, "U1", after(2)), after(2))
    assert late(tx, START + timedelta(minutes=60)) == 0


def test_many_at_once_call_those_on_call_once(tx: Transaction) -> None:
    """Where a channel has many that wait, one message calls them and says how many, in however many transactions."""
    duty.put_on_call(tx, TEAM, GROUP, 30, by="U1", now=after(-1))
    for number in range(1, 6):
        tell(tx, alert(number))
    assert [triage.escalate_unattended(tx, START + timedelta(minutes=31), most=4) for _ in range(3)] == [4, 2, 0]
    [called] = [body for body in rows(tx, Kind.MESSAGE).values() if "group" in body]
    assert called["total"] == 6
    assert called["escalations"] == [f"alert-C1-{number}" for number in (5, 4, 3, 2, 1)]


def test_pause_and_resume_are_logged_and_said_once(tx: Transaction) -> None:
    """Whoever pauses everything is named; to do it twice changes nothing."""
    held = duty.pause(tx, TEAM, by="U1", now=after(1), on=True)
    assert held is not None
    assert (held.paused_by, held.paused_at) == ("U1", after(1))
    assert duty.pause(tx, TEAM, by="U2", now=after(2), on=True) is None
    assert duty.pause(tx, TEAM, by="U2", now=after(3), on=False) is not None
    assert [(row.actor, row.action) for row in custody.rows(tx, TEAM)] == [
        ("T1/U1", "pause all"),
        ("T1/U2", "resume all"),
    ]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("@desk after 30m", ("@desk", 30)), ("<!subteam^S1|@d> after 2 hours", ("<!subteam^S1|@d>", 120)),
     ("@desk", ("@desk", None)), ("@desk after 1 minute", ("@desk", 1))],
)  # fmt: skip
def test_a_rota_is_read(typed: str, expected: tuple[str, int | None]) -> None:
    """A group, and after how long."""
    assert duty.read_rota(typed) == expected


@pytest.mark.parametrize("typed", ["@desk after", "@desk after 30", "@desk after 0m", "@desk after 9 weeks", "@a @b"])
def test_a_rota_that_is_not_understood_says_how_to_write_one(typed: str) -> None:
    """One sentence with an example."""
    with pytest.raises(duty.NotARota, match="/dateline oncall @GROUP after 30m"):
        duty.read_rota(typed)
