"""Digests when they are due: each due time once, each thing once, over clock changes, jumps, races and restarts."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.desk import Desk
from bot.schedules.digest_words import parse_digest
from bot.schedules.due import Calendar, Weekdays, due_between
from bot.slack.cards.digest import digest_card
from bot.sweeps.digests import send_due, tell
from commands.digest import digest, plan_for, run_of
from storage import desks, digests, news, outbox
from storage.database import Transaction
from storage.desks import DeskSettings
from storage.digests import DigestPlan, DigestRun
from storage.outbox import Lane
from storage.records import utc
from tests.desks import Clock, open_desk
from tests.newsmakers import DESK, TEAM, say
from tests.schedules.schedules import ODD_ZONES, TIMES, WEEKDAYS, changes

MORNING = datetime(2026, 1, 2, 6, 0, tzinfo=UTC)


@contextmanager
def planned(home: Path, typed: str, clock: Clock) -> Iterator[Desk]:
    """A desk with one channel whose digest is set up by words."""
    with open_desk(home, clock) as desk:
        asked = parse_digest(typed, "UTC")
        with desk.db.write() as tx:
            plan_for(tx, TEAM, DESK, asked.schedule, owner="U1", now=clock.now, silent=asked.silent)
        yield desk


def due_digests(desk: Desk) -> int:
    """Do what a tick does."""
    return asyncio.run(send_due(desk, desk.clock()))


def posted(desk: Desk) -> list[dict[str, Any]]:
    """What was decided to be said in the channel, in order."""
    with desk.db.read() as tx:
        return tx.rows(
            "SELECT id, lane, root, body FROM outbox WHERE channel = :channel ORDER BY seq", {"channel": DESK}
        )


def firsts(desk: Desk) -> list[str]:
    """The fallback texts of the digests' first messages."""
    return [json.loads(row["body"])["text"] for row in posted(desk) if row["root"] is None]


def runs_of(desk: Desk) -> list[DigestRun]:
    """The digests that went out."""
    with desk.db.read() as tx:
        return digests.runs(tx, TEAM, DESK)


def plan_of(desk: Desk) -> DigestPlan:
    """What is set for the channel."""
    with desk.db.read() as tx:
        found = digests.plan_of(tx, TEAM, DESK)
    assert found is not None
    return found


def test_a_digest_goes_out_when_it_is_due_and_not_before(tmp_path: Path) -> None:
    """Not a minute early; at its time in the digests' lane; and the next one is planned for the next day."""
    clock = Clock(MORNING)
    with planned(tmp_path, "at 08:30 daily Europe/Oslo", clock) as desk:
        with desk.db.write() as tx:
            say(tx, 1)
        clock.now = datetime(2026, 1, 2, 7, 29, tzinfo=UTC)
        assert due_digests(desk) == 0
        clock.now = datetime(2026, 1, 2, 7, 30, tzinfo=UTC)
        assert [due_digests(desk), due_digests(desk)] == [1, 0]
        assert {row["lane"] for row in posted(desk)} == {int(Lane.DIGEST)}
        [text] = firsts(desk)
        assert "2 Jan 2026 07:00 to 2 Jan 2026 08:30, Europe/Oslo time" in text
        assert "Ann Example" in text
        assert "Late" not in text
        assert plan_of(desk).next_due == "2026-01-03T07:30:00.000Z"


def test_missed_digests_are_one_that_says_it_is_late(tmp_path: Path) -> None:
    """After three days without a process one digest tells all of it, with the time it should have gone out."""
    clock = Clock(MORNING)
    with planned(tmp_path, "at 08:30 daily", clock) as desk:
        with desk.db.write() as tx:
            say(tx, 1)
        clock.move(days=3)
        clock.move(hours=4)
        assert [due_digests(desk), due_digests(desk)] == [1, 0]
        [text] = firsts(desk)
        assert "Late: it should have gone out on 5 Jan 2026 at 08:30. It stands for 4 that were missed." in text
        [run] = runs_of(desk)
        assert (run.late, run.due_at) == (True, "2026-01-05T08:30:00.000Z")


@pytest.mark.parametrize(("typed", "lines"), [("at 08:30 daily silent", 0), ("at 08:30 daily say so when empty", 1)])
def test_an_empty_day_is_one_line_or_silence(tmp_path: Path, typed: str, lines: int) -> None:
    """As it was set; either way the due time is taken."""
    clock = Clock(MORNING)
    with planned(tmp_path, typed, clock) as desk:
        clock.move(hours=3)
        assert due_digests(desk) == 1
        assert len(posted(desk)) == lines
        assert all(text.startswith("Digest: Nothing new in this time.") for text in firsts(desk))
        assert len(runs_of(desk)) == 1


def test_a_long_digest_goes_on_in_its_own_thread(tmp_path: Path) -> None:
    """Two hundred sightings: one message in the channel, the others under it, and each sighting once."""
    clock = Clock(MORNING)
    with planned(tmp_path, "at 08:30 daily", clock) as desk:
        with desk.db.write() as tx:
            for number in range(200):
                say(tx, number, person=f"Person {'abcdefghij'[number % 10]}")
        clock.move(hours=3)
        due_digests(desk)
        [first, *rest] = posted(desk)
        assert first["root"] is None
        assert rest
        assert {row["root"] for row in rest} == {first["id"]}
        assert reports(desk) == Counter(range(200))


def test_a_paused_workspace_gets_none_and_then_one(tmp_path: Path) -> None:
    """While everything is paused nothing goes out; resumed, what was missed is one late digest."""
    clock = Clock(MORNING)
    with planned(tmp_path, "at 08:30 daily", clock) as desk:
        with desk.db.write() as tx:
            desks.put(tx, DeskSettings(TEAM, "U1", utc(clock.now)))
        clock.move(days=2)
        assert due_digests(desk) == 0
        with desk.db.write() as tx:
            desks.put(tx, DeskSettings(TEAM))
        assert due_digests(desk) == 1


def test_one_that_cannot_be_built_keeps_no_other_waiting(tmp_path: Path) -> None:
    """A schedule that is no longer understood is logged and left; the other channel's digest goes out."""
    clock = Clock(MORNING)
    with planned(tmp_path, "at 08:30 daily", clock) as desk:
        with desk.db.write() as tx:
            held = digests.plan_of(tx, TEAM, DESK)
            assert held
            tx.execute("UPDATE digest_plans SET schedule = 'whenever', channel = 'C0AAA', next_due = since")
            digests.put(tx, held)
        clock.move(hours=3)
        assert due_digests(desk) == 1
        assert due_digests(desk) == 0
        assert len(runs_of(desk)) == 1


def test_a_digest_asked_for_counts_as_one(tmp_path: Path) -> None:
    """What was sent at once is not in the digest that is due later; a second one at the same time is refused."""
    clock = Clock(MORNING)
    with planned(tmp_path, "at 08:30 daily", clock) as desk:
        with desk.db.write() as tx:
            say(tx, 1)
        finding = digest(desk, TEAM, DESK)
        for request, sent in (("command:T1:a", True), ("command:T1:b", False)):
            with desk.db.write() as tx:
                assert tell(tx, TEAM, run_of(finding, TEAM, request), digest_card(finding)) is sent
        clock.move(hours=3)
        assert due_digests(desk) == 1
        assert reports(desk) == Counter([1])


def test_a_digest_asked_for_in_the_future_silences_none(tmp_path: Path) -> None:
    """A request noted by a machine whose clock is seconds ahead: the digest that is due meanwhile goes out."""
    clock = Clock(datetime(2026, 1, 2, 8, 30, 2, tzinfo=UTC))
    with planned(tmp_path, "at 08:30 daily", Clock(MORNING)) as desk:
        finding = digest(desk, TEAM, DESK, until=utc(clock.now))
        with desk.db.write() as tx:
            assert tell(tx, TEAM, run_of(finding, TEAM, "command:T1:a"), None)
        assert asyncio.run(send_due(desk, clock.now - timedelta(seconds=2))) == 1
        assert sorted(run.due_at for run in runs_of(desk)) == ["2026-01-02T08:30:00.000Z", "command:T1:a"]


def reports(desk: Desk) -> Counter[int]:
    """How often each made-up report stands in what was posted."""
    said = [json.dumps(json.loads(row["body"])["blocks"]) for row in posted(desk)]
    return Counter(int(number) for body in said for number in re.findall(r"Report (\d+):", body))


STEPS = st.lists(
    st.sampled_from(["minute", "hour", "day", "week", "back", "year", "year back", "news", "restart", "race", "now"]),
    min_size=5,
    max_size=30,
)
STEP = {
    "minute": timedelta(minutes=1), "hour": timedelta(minutes=61), "day": timedelta(hours=23, minutes=30),
    "week": timedelta(days=9), "back": -timedelta(hours=5), "year": timedelta(days=365),
    "year back": -timedelta(days=365),
}  # fmt: skip


@st.composite
def beginnings(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    """A schedule, and a moment near a change of its zone's clocks, or any."""
    zone = draw(st.sampled_from(ODD_ZONES))
    schedule = Calendar(draw(TIMES), draw(WEEKDAYS), zone)
    near = changes(zone, draw(st.sampled_from([2005, 2010, 2014, 2018])))
    start = draw(st.sampled_from(near)) if near else datetime(2014, 3, 1, tzinfo=UTC)
    return schedule, start - draw(st.sampled_from([timedelta(hours=1), timedelta(hours=20), timedelta(minutes=3)]))


MONDAYS = Calendar((time(0),), Weekdays(frozenset({0})), "Europe/Oslo")


@given(beginnings(), STEPS)
@example((MONDAYS, datetime(2005, 3, 27, tzinfo=UTC)), ["minute", "day", "year back", "year", "year back"])
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_each_due_time_fires_once_and_each_thing_is_told_once(
    beginning: tuple[Calendar, datetime], steps: list[str]
) -> None:
    """Whatever the schedule, the zone and the clock: no due time twice, none missed, and each thing in one digest.

    The clock goes on, leaps and goes back, two processes look at it at once, a process dies and another one begins.
    """
    schedule, start = beginning
    clock = Clock(start)
    with TemporaryDirectory() as folder:
        asyncio.run(_lived(Path(folder), schedule, clock, steps))


async def _lived(home: Path, schedule: Calendar, clock: Clock, steps: list[str]) -> None:
    one, other = open_desk(home, clock), open_desk(home, clock)
    with one.db.write() as tx:
        plan_for(tx, TEAM, DESK, schedule, owner="U1", now=clock.now)
    came, looked = 0, [clock.now]
    for step in [*steps, "news", "week", "week"]:
        if step == "news":
            with one.db.write() as tx:
                say(tx, came, person="Person abc"[: 8 + came % 3])
            came += 1
        elif step == "restart":
            one.close()
            one = open_desk(home, clock)
        elif step == "race":
            await asyncio.gather(send_due(one, clock.now), send_due(other, clock.now))
        elif step == "now":
            finding = digest(one, TEAM, DESK)
            with one.db.write() as tx:
                tell(tx, TEAM, run_of(finding, TEAM, f"command:{len(looked)}"), digest_card(finding))
        else:
            clock.now += STEP[step]
        looked.append(clock.now)
        await send_due(one, clock.now)
        with one.db.read() as tx:
            _nothing_is_due(tx, clock.now)
    _each_due_time_once(one, schedule, looked)
    assert reports(one) == Counter(range(came))
    told = [(run.first_seq, run.last_seq) for run in runs_of(one)]
    with one.db.read() as tx:
        assert [last + 1 for _, last in told[:-1]] == [first for first, _ in told[1:]]
        assert told[-1][1] == news.head(tx)
    one.close()
    other.close()


def _nothing_is_due(tx: Transaction, now: datetime) -> None:
    """After a tick nothing is due, and the next digest is planned for the very next due time that was not taken."""
    assert digests.due(tx, utc(now)) == []


def _each_due_time_once(desk: Desk, schedule: Calendar, looked: list[datetime]) -> None:
    """Hold what fired against the plainest reading of the schedule."""
    fired = [run.due_at for run in runs_of(desk) if not run.due_at.startswith("command")]
    assert len(fired) == len(set(fired))
    sent = [row["id"] for row in posted(desk) if row["root"] is None]
    assert len(sent) == len(set(sent))
    for before, after in pairwise(looked):
        due = [utc(moment) for moment in due_between(schedule, before, after)]
        if due:  # of all that came due in one leap, the last one fired then, or when it first came
            assert due[-1] in fired
    possible = {utc(due) for before, after in pairwise(looked) for due in due_between(schedule, before, after)}
    assert set(fired) <= possible


def test_outbox_rows_and_the_claim_are_one_transaction(tmp_path: Path) -> None:
    """Where the messages cannot be written, the digest is not claimed, and goes out at the next look."""
    clock = Clock(MORNING)
    with planned(tmp_path, "at 08:30 daily", clock) as desk:
        with desk.db.write() as tx:
            say(tx, 1)
            tx.execute("CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'disk full'); END")
        clock.move(hours=3)
        assert due_digests(desk) == 0
        assert runs_of(desk) == []
        with desk.db.write() as tx:
            tx.execute("DROP TRIGGER full")
        clock.move(minutes=2)
        assert due_digests(desk) == 1
        assert reports(desk) == Counter([1])
        with desk.db.read() as tx:
            assert outbox.unfinished(tx)
