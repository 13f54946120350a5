"""Runs: claimed once by their due time, taken over from the dead, forgotten only when nothing counts by them."""

from __future__ import annotations

import threading
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import desks, runs, watches
from storage.database import DATABASE_FILE, Database
from storage.desks import DeskSettings
from storage.runs import Run, RunState
from tests.storage.makers import watch

NOON = "2016-03-01T12:00:00.000Z"


def at(minute: int) -> str:
    """The time so many minutes after noon."""
    return f"2016-03-01T{12 + minute // 60:02}:{minute % 60:02}:00.000Z"


def claim(db: Database, *those: Run) -> list[bool]:
    """Claim runs, one after the other."""
    with db.write() as tx:
        return [runs.claim(tx, run) for run in those]


def test_a_due_time_is_claimed_once(db: Database) -> None:
    """Whoever comes second is told so, and the first one's row stays as it is."""
    first = Run("a", NOON, NOON, owner="p", late=True, missed=2)
    assert claim(db, first, Run("a", NOON, at(1), owner="q"), Run("b", NOON, at(1))) == [True, False, True]
    with db.read() as tx:
        assert runs.get(tx, "a", NOON) == first


def test_of_many_that_claim_at_once_one_has_it(db: Database, tmp_path: Path) -> None:
    """Threads with connections of their own race for thirty due times; each is claimed by exactly one."""
    won: list[list[bool]] = [[] for _ in range(3)]

    def race(place: int) -> None:
        with Database.open(tmp_path / DATABASE_FILE) as own:
            for minute in range(30):
                won[place] += claim(own, Run("a", at(minute), NOON, owner=str(place)))

    racers = [threading.Thread(target=race, args=(place,)) for place in range(3)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert [sum(row) for row in zip(*won, strict=True)] == [1] * 30


def test_a_run_that_waits_is_begun_once(db: Database) -> None:
    """Of two processes that take a waiting run, the first has it."""
    run = Run("a", "asked:1", NOON, "T1/U1", RunState.WAITING)
    claim(db, run)
    with db.write() as tx:
        assert runs.take(tx, run, "p")
        assert not runs.take(tx, run, "q")
        held = runs.get(tx, "a", "asked:1")
    assert held is not None
    assert (held.state, held.owner) == (RunState.RUNNING, "p")


def test_progress_is_noted_by_its_owner_alone(db: Database) -> None:
    """Once it is cancelled, ended or another process's, a run has to stop, and notes nothing any more."""
    mine, other = Run("a", NOON, NOON, owner="p", posts=3), Run("a", NOON, NOON, owner="q", posts=9)
    claim(db, Run("a", NOON, NOON, owner="p"))
    with db.write() as tx:
        assert runs.progress(tx, mine)
        assert not runs.progress(tx, other)
        assert runs.get(tx, "a", NOON) == mine
        assert runs.cancel(tx, "a", NOON, at(1))
        assert not runs.progress(tx, mine)
        assert not runs.end(tx, mine, RunState.DONE, at(2))
        assert not runs.cancel(tx, "a", NOON, at(3))
        held = runs.get(tx, "a", NOON)
    assert held is not None
    assert (held.state, held.ended_at) == (RunState.CANCELLED, at(1))


def test_a_run_ends_with_what_it_found(db: Database) -> None:
    """Its last numbers and its end are noted together, once."""
    run = Run("a", NOON, NOON, owner="p", posts=4, fresh=2, alerts=1, problem="One source is down.")
    claim(db, Run("a", NOON, NOON, owner="p"))
    with db.write() as tx:
        assert runs.end(tx, run, RunState.DONE, at(1))
        assert not runs.end(tx, run, RunState.FAILED, at(2))
        held = runs.newest(tx, "a")
        assert runs.last_good(tx) == at(1)
    assert held is not None
    assert (held.posts, held.fresh, held.alerts, held.problem) == (4, 2, 1, "One source is down.")
    assert (held.state, held.ended_at) == (RunState.DONE, at(1))


def test_what_a_process_leaves_waits_for_another(db: Database) -> None:
    """A run under way is put back once, by the owner it was read with; a run that is over stays over."""
    running, over = Run("a", NOON, NOON, owner="p"), Run("b", NOON, NOON, owner="p")
    claim(db, running, over)
    with db.write() as tx:
        runs.end(tx, over, RunState.DONE, at(1))
        assert [runs.leave(tx, run) for run in (running, over, running)] == [True, False, False]
        assert [(run.watch_id, run.owner) for run in runs.waiting(tx)] == [("a", "")]
        assert runs.running(tx) == []


def test_one_run_of_a_watch_at_a_time(db: Database) -> None:
    """Of several that wait the oldest may begin; none may while another one of the watch is under way."""
    claim(
        db,
        Run("a", "asked:2", at(2), "u", RunState.WAITING), Run("a", "asked:1", at(1), "u", RunState.WAITING),
        Run("b", NOON, NOON, owner="p"), Run("b", "asked:1", at(1), "u", RunState.WAITING),
    )  # fmt: skip
    with db.read() as tx:
        assert [(run.watch_id, run.due_at) for run in runs.waiting(tx)] == [("a", "asked:1")]
        assert [run.watch_id for run in runs.of_sweep(tx, "asked:1")] == ["a", "b"]


def test_what_was_due_waits_where_all_is_paused(db: Database) -> None:
    """What a dead process has left in a workspace that is paused goes on waiting; what somebody asked for does not."""
    asked = Run("b", "asked:1", at(1), "T1/U1", RunState.WAITING)
    claim(db, Run("a", NOON, NOON, state=RunState.WAITING), asked)
    with db.write() as tx:
        for name in ("a", "b"):
            watches.put(tx, watch(name, workspace="T1"))
        desks.put(tx, DeskSettings("T1", "T1/U1", NOON))
        assert runs.waiting(tx) == [asked]
        desks.put(tx, DeskSettings("T1"))
        assert [run.watch_id for run in runs.waiting(tx)] == ["a", "b"]


def test_the_last_due_time_is_no_later_than_now(db: Database) -> None:
    """Runs that were asked for do not count, nor do due times that a clock which was ahead has fired."""
    claim(
        db,
        Run("a", NOON, NOON), Run("a", at(15), at(15)), Run("a", "2017-01-01T00:00:00.000Z", at(16)),
        Run("a", "asked:1", at(17), "u"), Run("b", at(29), at(29)),
    )  # fmt: skip
    with db.read() as tx:
        assert runs.last_fired(tx, "a", at(30)) == at(15)
        assert runs.last_fired(tx, "a", at(14)) == NOON
        assert runs.last_fired(tx, "c", at(30)) is None


def test_a_clock_that_was_ahead_leaves_no_run_in_the_future(db: Database) -> None:
    """Turned back, nothing has begun or ended after now; due times stay what they are."""
    claim(db, Run("a", at(40), at(41), state=RunState.DONE, ended_at=at(42)), Run("a", NOON, NOON, ended_at=NOON))
    with db.write() as tx:
        runs.turn_back(tx, at(10))
        newest = runs.newest(tx, "a")
        assert newest is not None
        assert (newest.due_at, newest.begun_at, newest.ended_at) == (at(40), at(10), at(10))
        held = runs.get(tx, "a", NOON)
    assert held is not None
    assert (held.begun_at, held.ended_at) == (NOON, NOON)


ENDED = st.tuples(st.integers(0, 200), st.booleans(), st.booleans())
"""A run: its minute, whether somebody asked for it, whether it is over."""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(ENDED, unique_by=lambda one: one[0], max_size=12), st.integers(0, 240), st.integers(0, 60))
def test_forgetting_changes_nothing_that_is_counted_by(
    db: Database, made: list[tuple[int, bool, bool]], now: int, age: int
) -> None:
    """The newest run and the last due time are the same as before; all else that is old enough and over is gone."""
    with db.write() as tx:
        for minute, asked, over in made:
            due_at, who = (f"asked:{minute}", "u") if asked else (at(minute), "")
            state, ended = (RunState.DONE, at(minute)) if over else (RunState.RUNNING, None)
            runs.claim(tx, Run("a", due_at, at(minute), who, state, ended_at=ended))
        before = (runs.newest(tx, "a"), runs.last_fired(tx, "a", at(now)))
        old = at(max(0, now - age))
        runs.prune(tx, old, at(now))
        assert (runs.newest(tx, "a"), runs.last_fired(tx, "a", at(now))) == before
        due_now = [minute for minute, asked, _ in made if not asked and minute <= now]
        kept = {max(due_now, default=-1), max((minute for minute, *_ in made), default=-1)}
        left = {
            minute
            for minute, asked, over in made
            if runs.get(tx, "a", f"asked:{minute}" if asked else at(minute)) is not None
        }
        expected = {
            minute
            for minute, asked, over in made
            if minute in kept or not over or at(minute) >= old or (not asked and minute > max(due_now, default=-1))
        }
        assert left == expected
        tx.execute("DELETE FROM watch_runs")
