"""The tick: what is due is swept once, late where it was missed, by whichever process is free."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sources.base import CaptureFailed
from bot.sweeps.plan import LEASE
from bot.sweeps.tick import Sweeps
from commands.sweep import ask, cancel
from storage import desks, leases, watches
from storage.desks import DeskSettings
from storage.records import utc
from storage.runs import Run, RunState
from storage.watches import WatchState
from tests.desks import NOW
from tests.sweeps.desks import FEED, OTHER, Room, Source, room, run, until


def at(**by: float) -> str:
    """An instant, counted from 03:00 of the day."""
    return utc(NOW.replace(minute=0, second=0) + timedelta(**by))


async def until_asked(source: Source, times: int = 1) -> None:
    """Wait until a source was asked so often."""
    await until(lambda: len(source.asked) >= times)


def test_what_is_due_is_swept_and_planned_anew(tmp_path: Path) -> None:
    """A watch runs at its due times, neither before nor twice, and its list shows the next one."""
    with room(tmp_path) as here:
        here.put()
        run(here.sweeps().drain())
        assert [one.due_at for one in here.runs()] == [at()]
        assert here.watch().next_due == at(minutes=15)
        run(here.sweeps().drain())
        here.clock.move(minutes=10)
        run(here.sweeps().drain())
        assert len(here.runs()) == 1
        here.clock.move(minutes=1)
        run(here.sweeps().drain())
        assert [(one.due_at, one.late, one.missed) for one in here.runs()] == [
            (at(), False, 0), (at(minutes=15), False, 0),
        ]  # fmt: skip


def test_what_was_missed_is_one_late_run(tmp_path: Path) -> None:
    """After a night without any process the watch runs once for all that it missed, and says that it is late."""
    with room(tmp_path) as here:
        here.put()
        run(here.sweeps().drain())
        here.clock.move(hours=8, minutes=2)
        run(here.sweeps().drain())
        last = here.runs()[-1]
        assert (last.due_at, last.late, last.missed) == (at(hours=8), True, 32)
        assert len(here.runs()) == 2


@pytest.mark.parametrize("state", [WatchState.PAUSED, WatchState.PENDING, WatchState.REFUSED])
def test_a_watch_that_rests_is_not_swept(tmp_path: Path, state: WatchState) -> None:
    """Whatever its next due time says."""
    with room(tmp_path) as here:
        here.put(state=state)
        run(here.sweeps().drain())
        assert here.runs() == []


def test_pause_all_stops_every_claim(tmp_path: Path) -> None:
    """Nothing is swept in a workspace that is paused, save what somebody asks for; afterwards it goes on at once."""
    with room(tmp_path) as here:
        here.put()
        watch = here.put("b", next_due=None, schedule="daily at 01:00 UTC")
        here.writing(lambda tx: desks.put(tx, DeskSettings("T1", "U1", utc(NOW))))
        run(here.sweeps().drain())
        assert here.runs() == []
        here.writing(lambda tx: ask(tx, [watch], "r1", "T1/U1", utc(NOW)))
        run(here.sweeps().drain())
        assert [one.state for one in here.runs("b")] == [RunState.DONE]
        here.writing(lambda tx: desks.put(tx, DeskSettings("T1")))
        run(here.sweeps().drain())
        assert len(here.runs()) == 1


def test_a_process_takes_no_more_than_its_hands(tmp_path: Path) -> None:
    """Of three due watches two are begun; the third when one has ended."""
    with room(tmp_path) as here:
        gate = asyncio.Event()
        feed = here.sources[FEED] = Source(0, before=gate.wait)
        for key in "abc":
            here.put(key)

        async def story() -> None:
            sweeps = here.sweeps(hands=2)
            assert await sweeps.tick() == 2
            await until_asked(feed, 2)
            assert await sweeps.tick() == 0
            gate.set()
            await sweeps.idle()
            assert await sweeps.tick() == 1
            await sweeps.stop(timedelta(seconds=5))

        run(story())
        assert [len(here.runs(key)) for key in "abc"] == [1, 1, 1]


def test_two_processes_share_what_is_due(tmp_path: Path) -> None:
    """Twenty watches, two processes: each due time is swept by one of them."""
    with room(tmp_path) as here:
        for number in range(20):
            here.put(f"w{number:02}")

        async def story() -> None:
            first, second = here.sweeps("p", hands=3), here.sweeps("q", hands=3)
            await asyncio.gather(first.drain(), second.drain())

        run(story())
        owners = [one.owner for number in range(20) for one in here.runs(f"w{number:02}")]
        assert len(owners) == 20
        assert set(owners) == {"p", "q"}


def test_what_a_dead_process_was_at_is_taken_over(tmp_path: Path) -> None:
    """Once its lease is over another one does its run from where the cursors stand; before that nobody touches it."""
    with room(tmp_path) as here:
        here.put()
        hang = asyncio.Event()
        feed = here.sources[FEED] = Source(25)

        async def third_page() -> None:
            if len(feed.asked) == 3:
                await hang.wait()

        feed.before = third_page

        async def story() -> None:
            dead, living = here.sweeps("dead"), here.sweeps("living")
            await dead.tick()
            await until_asked(feed, 3)  # from now on it is never heard of again
            assert await living.tick() == 0
            here.clock.move(seconds=LEASE.total_seconds() + 1)
            assert await living.tick() == 1
            await living.idle()
            [only] = here.runs()
            assert (only.state, only.owner, only.posts) == (RunState.DONE, "living", 25)
            hang.set()  # it was not dead after all: it stops, and changes nothing
            await dead.idle()
            assert here.runs() == [only]

        run(story())
        assert feed.asked == [None, "10", "20", "20"]
        assert (here.posts(), here.state().cursor) == (25, "25")


def test_a_living_process_keeps_its_run(tmp_path: Path) -> None:
    """However long a sweep takes, its process says that it lives, and nobody takes it over."""
    with room(tmp_path) as here:
        here.put()
        gate = asyncio.Event()
        feed = here.sources[FEED] = Source(3, before=gate.wait)

        async def story() -> None:
            busy, other = here.sweeps("busy"), here.sweeps("other")
            await busy.tick()
            await until_asked(feed)
            for _ in range(30):
                here.clock.move(seconds=2)
                await busy.tick()
                assert await other.tick() == 0
            gate.set()
            await busy.idle()

        run(story())
        assert [(one.owner, one.state) for one in here.runs()] == [("busy", RunState.DONE)]


def test_a_process_that_ends_leaves_its_runs_to_the_next(tmp_path: Path) -> None:
    """Stopped, it neither finishes nor keeps what it was at; the next one begins it at once, not after the lease."""
    with room(tmp_path) as here:
        here.put()
        feed = here.sources[FEED] = Source(3, before=asyncio.Event().wait)

        async def story() -> None:
            first, second = here.sweeps("first"), here.sweeps("second")
            await first.tick()
            await until_asked(feed)
            await first.stop()
            assert [one.state for one in here.runs()] == [RunState.WAITING]
            assert await first.tick() == 0
            feed.before = None
            assert await second.tick() == 1
            await second.idle()

        run(story())
        assert [(one.owner, one.state) for one in here.runs()] == [("second", RunState.DONE)]
        with here.desk.db.read() as tx:
            assert "first" not in leases.alive(tx, utc(NOW))


def test_a_process_that_ends_finishes_what_it_can(tmp_path: Path) -> None:
    """What ends within its patience is done, and nothing is begun any more."""
    with room(tmp_path) as here:
        here.put()

        async def story() -> None:
            sweeps = here.sweeps()
            await sweeps.tick()
            await sweeps.stop(timedelta(seconds=10))

        run(story())
        assert [one.state for one in here.runs()] == [RunState.DONE]


def test_a_cancelled_run_stops_where_it_is(tmp_path: Path) -> None:
    """Within a tick, also in the middle of a search; what was found before is kept."""
    with room(tmp_path) as here:
        here.put(next_due=None, schedule="daily at 01:00 UTC")
        asked = here.writing(lambda tx: ask(tx, [watches.get(tx, "a")], "r1", "T1/U1", utc(NOW)))
        feed = here.sources[FEED] = Source(25)
        forever = asyncio.Event()

        async def second_page() -> None:
            if len(feed.asked) == 2:
                await forever.wait()

        feed.before = second_page

        async def story() -> None:
            sweeps = here.sweeps()
            await sweeps.tick()
            await until_asked(feed, 2)
            assert here.writing(lambda tx: cancel(tx, asked, "T1/U1", utc(NOW))) == 1
            await sweeps.tick()
            await sweeps.idle()

        run(story())
        assert [(one.state, one.posts) for one in here.runs()] == [(RunState.CANCELLED, 10)]
        assert (here.posts(), here.state().cursor) == (10, "10")


def test_what_comes_due_during_a_sweep_waits_for_its_end(tmp_path: Path) -> None:
    """A sweep that takes longer than its schedule is followed by one that is late, and never stands beside itself."""
    with room(tmp_path) as here:
        here.put()
        gate = asyncio.Event()
        feed = here.sources[FEED] = Source(3, before=gate.wait)

        async def story() -> None:
            sweeps = here.sweeps()
            await sweeps.tick()
            await until_asked(feed)
            here.clock.move(minutes=52)
            assert await sweeps.tick() == 0
            gate.set()
            await sweeps.idle()
            assert await sweeps.tick() == 1
            await sweeps.idle()

        run(story())
        assert [(one.due_at, one.late, one.missed) for one in here.runs()] == [
            (at(), False, 0), (at(minutes=45), True, 3),
        ]  # fmt: skip


def test_a_clock_that_was_ahead_silences_nothing(tmp_path: Path) -> None:
    """Set back after a sweep in the far future, the watch goes on by the clock as it is; what was fired stays fired."""
    with room(tmp_path) as here:
        here.put()
        sweeps: list[Sweeps] = []

        async def live(ticks: int) -> None:
            if not sweeps:
                sweeps.append(here.sweeps())
            for _ in range(ticks):
                await sweeps[0].tick()
                await sweeps[0].idle()
                here.clock.move(minutes=5)

        async def story() -> None:
            await live(1)
            here.clock.move(days=400)
            await live(1)
            here.clock.move(days=-400, minutes=-10)
            await live(7)

        run(story())
        fired = [one.due_at for one in here.runs()]
        assert fired[:3] == [at(), at(minutes=15), at(minutes=30)]
        assert fired[3:] == [at(days=400, minutes=0)]


def test_a_clock_set_back_while_no_process_ran_silences_nothing(tmp_path: Path) -> None:
    """The next process plans everything by the clock that it finds."""
    with room(tmp_path) as here:
        here.put(since=at(days=30), next_due=at(days=30, minutes=15))
        here.writing(lambda tx: watches.fare(tx, "a", replace(watches.sources(tx, "a")[0], not_before=at(days=30))))
        run(here.sweeps().drain())
        assert here.watch().since == utc(NOW)
        assert here.watch().next_due == at(minutes=15)
        here.clock.move(minutes=15)
        run(here.sweeps().drain())
        assert [one.due_at for one in here.runs()] == [at(minutes=15)]


def test_leases_of_the_dead_end_also_when_the_clock_goes_back(tmp_path: Path) -> None:
    """A run whose process died by a clock that was a day ahead is taken over within a lease, not a day later."""
    with room(tmp_path) as here:
        here.put()
        feed = here.sources[FEED] = Source(3, before=asyncio.Event().wait)

        async def story() -> None:
            here.clock.move(days=1)
            dead = here.sweeps("dead")
            await dead.tick()
            await until_asked(feed)
            feed.before = None
            here.clock.move(days=-1)
            living = here.sweeps("living")
            await living.tick()
            here.clock.move(seconds=LEASE.total_seconds() + 1)
            await living.tick()
            await living.idle()

        run(story())
        assert all(one.owner == "living" for one in here.runs())
        assert all(one.state is RunState.DONE for one in here.runs())


def test_a_schedule_that_is_none_is_told_and_stops_nobody_else(tmp_path: Path) -> None:
    """Its run has failed with the reason, it is not tried again each second, and the next watch is swept."""
    with room(tmp_path) as here:
        here.put("a", schedule="whenever it suits")
        here.put("b")
        run(here.sweeps().drain())
        [refused] = here.runs("a")
        assert refused.state is RunState.FAILED
        assert "whenever" in refused.problem
        assert here.watch("a").next_due is None
        assert [one.state for one in here.runs("b")] == [RunState.DONE]


def test_what_was_long_ago_is_forgotten(tmp_path: Path) -> None:
    """Runs are kept for three days; the next due time is counted all the same."""
    with room(tmp_path) as here:
        here.put(schedule="every hour")
        for _ in range(6):
            run(here.sweeps().drain())
            here.clock.move(days=1)
        assert [one.due_at for one in here.runs()] == [at(days=day) for day in (2, 3, 4, 5)]


def test_errands_are_run(tmp_path: Path) -> None:
    """What else time asks for is called with the desk and the time."""
    called = []

    async def errand(desk: object, now: object) -> None:
        called.append((desk, now))

    with room(tmp_path) as here:
        run(here.sweeps("p", errand, errand).errands())
        assert called == [(here.desk, NOW)] * 2


def test_a_defect_ends_its_run_alone(tmp_path: Path) -> None:
    """A run that breaks in the middle has failed, says so, and is not begun again and again."""
    with room(tmp_path) as here:
        here.put()
        here.put("b")

        def broken(_tx: object, changed: Run) -> None:
            if changed.watch_id == "a":
                raise ZeroDivisionError

        sweeps = Sweeps(here.desk, searcher=here.searcher, noted=broken)
        run(sweeps.drain())
        assert [(one.state, "log" in one.problem) for one in here.runs()] == [(RunState.FAILED, True)]
        assert [one.state for one in here.runs("b")] == [RunState.DONE]


def test_only_what_was_asked_for_is_done_where_that_is_wanted(tmp_path: Path) -> None:
    """On the command line a named watch is swept, and what else is due is left to others."""
    with room(tmp_path) as here:
        here.put()
        watch = here.put("b", sources=(OTHER,), next_due=None)
        here.sources[OTHER] = Source(1, name="other", fails=[CaptureFailed("No.")])
        asked = here.writing(lambda tx: ask(tx, [watch], "r1", "operator", utc(NOW)))
        run(here.sweeps(only=asked).drain())
        assert here.runs() == []
        assert [(one.due_at, one.state) for one in here.runs("b")] == [(asked, RunState.FAILED)]


def test_it_ticks_by_itself(tmp_path: Path) -> None:
    """Begun, it sweeps what is due and runs its errands without being told to; stopped, it does no more."""
    called = asyncio.Event()

    async def errand(_desk: object, _now: object) -> None:
        called.set()

    async def story(here: Room) -> None:
        sweeps = here.sweeps("p", errand)
        sweeps.begin()
        await called.wait()
        await until(lambda: here.told and here.told[-1][1].state is RunState.DONE)
        await sweeps.stop(timedelta(seconds=5))
        here.clock.move(hours=1)
        assert await sweeps.tick() == 0

    with room(tmp_path) as here:
        here.put()
        run(story(here))
        assert len(here.runs()) == 1
