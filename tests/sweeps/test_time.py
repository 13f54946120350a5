"""Time as it may go wrong: whatever clocks, processes and kills do, each due time is fired exactly once.

The store is real; what a process does between two looks is left out, so that hundreds of histories fit into a test.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.schedules.due import Calendar, Interval, Schedule, Weekdays, due_between
from bot.schedules.words import words
from bot.sweeps import plan
from bot.sweeps.clock import WatchedClock
from storage import leases, runs, watches
from storage.database import DATABASE_FILE, Database, Transaction
from storage.records import utc
from storage.runs import Run, RunState
from tests.storage.makers import watch

START = datetime(2026, 3, 27, 12, tzinfo=UTC)
"""Two days before clocks change in Europe; histories are long enough to cross that."""
NAMES = count()

SCHEDULES: st.SearchStrategy[Schedule] = st.one_of(
    st.sampled_from([5, 15, 60, 97, 24 * 60]).map(lambda minutes: Interval(timedelta(minutes=minutes))),
    st.builds(
        lambda clocks, days, zone: Calendar(tuple(sorted(clocks)), Weekdays(days), zone),
        st.sets(st.sampled_from([time(0), time(1, 30), time(2, 30), time(2, 45), time(9)]), min_size=1),
        st.frozensets(st.integers(0, 6), min_size=1),
        st.sampled_from(["UTC", "Europe/Oslo", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"]),
    ),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.sampled_from([0, 1, 7, 60, 600, 1_000, 4_000, 40_000, 200_000])),
        st.tuples(st.just("look"), st.sampled_from("pq")),
        st.tuples(st.just("end"), st.sampled_from("pq")),
        st.tuples(st.just("die"), st.sampled_from("pq")),
    ),
    min_size=10,
    max_size=40,
)
"""A history: so many seconds pass; a process looks, ends what it is at, or is killed and begun anew."""
JUMPS = st.lists(
    st.one_of(STEPS.map(lambda steps: steps[0]), st.tuples(st.just("jump"), st.integers(-90_000, 90_000))),
    min_size=10,
    max_size=40,
).flatmap(lambda jumps: STEPS.map(lambda steps: [step for pair in zip(jumps, steps, strict=False) for step in pair]))
"""The same, with a clock that is set forward and back by up to a day."""


@dataclass
class Process:
    """One process: its name in the store, and what it is at."""

    owner: str
    doing: dict[plan.Key, Run] = field(default_factory=dict)
    watched: WatchedClock = field(default_factory=WatchedClock)


class World:
    """A store with one watch, a clock, and two processes that may die."""

    def __init__(self, db: Database, schedule: Schedule) -> None:
        self.db = db
        self.now = START
        self.key = f"w{next(NAMES)}"
        self.schedule = schedule
        self.processes = {name: self._born(name) for name in "pq"}
        self.fired: list[tuple[datetime, Run]] = []
        with db.write() as tx:
            watches.put(tx, watch(self.key, schedule=words(schedule), since=utc(START), next_due=None))

    def live(self, steps: list[tuple[str, int | str]]) -> None:
        """Live through a history."""
        for what, value in steps:
            if isinstance(value, int):
                self.now += timedelta(seconds=value)
            elif what == "look":
                self._look(self.processes[value])
            elif what == "end":
                self._end(self.processes[value])
            else:
                self.processes[value] = self._born(value)

    def settle(self) -> None:
        """Let one process work until nothing is left to be done."""
        last = self.processes["p"]
        for _ in range(4):
            self.now += plan.LEASE
            self._look(last)
            self._end(last)

    def due_times(self) -> list[datetime]:
        """The due times that were claimed, in the order of their claims."""
        return [datetime.fromisoformat(run.due_at) for _, run in self.fired]

    def _born(self, name: str) -> Process:
        return Process(f"{name}{next(NAMES)}")

    def _look(self, process: Process) -> None:
        """What `Sweeps` does once a second."""
        with self.db.write() as tx:
            if process.watched.went_back(self.now) or plan.was_ahead(tx, self.now):
                plan.plan_anew(tx, self.now)
            process.watched.seen(self.now)
            plan.live(tx, process.owner, self.now)
            for run in plan.orphans(tx, process.owner, process.doing, self.now):
                runs.leave(tx, run)
            before = {run.due_at for run in self._all(tx)}
            for _, run in plan.claim(tx, process.owner, self.now, 8 - len(process.doing), None):
                process.doing[plan.key_of(run)] = run
                if run.due_at not in before:
                    self.fired.append((self.now, run))

    def _end(self, process: Process) -> None:
        with self.db.write() as tx:
            plan.live(tx, process.owner, self.now)
            for run in process.doing.values():
                runs.end(tx, run, RunState.DONE, utc(self.now))
        process.doing.clear()

    def _all(self, tx: Transaction) -> Iterator[Run]:
        rows = tx.rows("SELECT due_at FROM watch_runs WHERE watch_id = :id", {"id": self.key})
        yield from (run for row in rows if (run := runs.get(tx, self.key, row["due_at"])))


@pytest.fixture(scope="module", name="db")
def fixture_db() -> Iterator[Database]:
    """One store for all histories; each has a watch of its own."""
    with TemporaryDirectory() as folder, Database.open(Path(folder) / DATABASE_FILE) as db:
        yield db


@contextmanager
def world(db: Database, schedule: Schedule) -> Iterator[World]:
    """A world whose watch and processes are gone afterwards."""
    made = World(db, schedule)
    try:
        yield made
    finally:
        with db.write() as tx:
            watches.remove(tx, made.key)
            tx.execute("DELETE FROM leases")


@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SCHEDULES, STEPS)
def test_every_due_time_is_run_once_or_counted_as_missed(
    db: Database, schedule: Schedule, steps: list[tuple[str, int | str]]
) -> None:
    """With a sound clock: no due time is claimed twice, each is a run or stands in one, and all runs are ended."""
    with world(db, schedule) as here:
        here.live(steps)
        here.settle()
        due = list(due_between(schedule, START, here.now - 3 * plan.LEASE))
        fired = here.due_times()
        assert fired == sorted(set(fired))
        assert set(fired) <= set(due_between(schedule, START, here.now))
        stood_for = 0
        for begun, run in here.fired:
            at = datetime.fromisoformat(run.due_at)
            assert at <= begun
            assert run.late == (begun - at > timedelta(minutes=5))
            stood_for += 1 + run.missed - run.late
        assert stood_for == len(list(due_between(schedule, START, fired[-1]))) if fired else not due
        assert not due or fired[-1] >= due[-1]
        with db.read() as tx:
            assert all(run.state is RunState.DONE for run in here._all(tx))
            assert watches.get(tx, here.key).next_due == utc(next(_after(schedule, here.now)))


def _after(schedule: Schedule, now: datetime) -> Iterator[datetime]:
    yield from due_between(schedule, now, now + timedelta(days=40))


@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SCHEDULES, JUMPS)
def test_no_due_time_is_run_twice_and_none_is_silenced_by_a_clock_that_jumps(
    db: Database, schedule: Schedule, steps: list[tuple[str, int | str]]
) -> None:
    """Set forward and back by up to a day: each instant is claimed once; soon after, what is due is claimed again."""
    with world(db, schedule) as here:
        here.live(steps)
        here.settle()
        fired = here.due_times()
        assert len(fired) == len(set(fired))
        assert all(at <= begun for begun, run in here.fired for at in [datetime.fromisoformat(run.due_at)])
        with db.read() as tx:
            assert all(run.state is RunState.DONE for run in here._all(tx))
        known = set(fired)
        first = next(at for at in _after(schedule, here.now) if at not in known)
        here.now = first + timedelta(seconds=30)
        here.settle()
        assert first in here.due_times()


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_a_run_is_one_process_at_a_time(db: Database, steps: list[tuple[str, int | str]]) -> None:
    """Whoever looks when, a living process that holds its lease keeps its run; what the dead left is done by one."""
    with world(db, Interval(timedelta(minutes=5))) as here:
        for step in steps:
            here.live([step])
            with db.read() as tx:
                alive = leases.alive(tx, utc(here.now))
                held = {
                    process.owner: [run for run in process.doing.values() if _is_its(tx, run, process.owner)]
                    for process in here.processes.values()
                }
                under_way = {run.owner for run in runs.running(tx) if run.owner in alive}
            assert under_way <= {owner for owner, doing in held.items() if doing} | (alive - held.keys())


def _is_its(tx: Transaction, run: Run, owner: str) -> bool:
    found = runs.get(tx, run.watch_id, run.due_at)
    return found is not None and found.owner == owner and found.state is RunState.RUNNING
