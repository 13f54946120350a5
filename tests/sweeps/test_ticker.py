"""The ticker: once a second, never beside itself, and on when the clock on the wall is set back."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from bot.sweeps.ticker import Ticker
from tests.sweeps.desks import run, until


def test_each_work_is_called_again_and_again() -> None:
    """Begun it calls all of them at once and then once a second; stopped, nothing."""
    called: list[str] = []

    async def one() -> None:
        called.append("one")

    async def two() -> None:
        called.append("two")

    async def story() -> None:
        ticker = Ticker([one, two])
        await until(lambda: called.count("one") >= 2 and called.count("two") >= 2)
        await ticker.stop()
        assert not ticker.scheduler.running

    run(story())


def test_a_work_is_never_beside_itself() -> None:
    """One that takes longer than a second is called when it has ended; the others do not wait for it."""
    under_way, most, called = 0, 0, 0

    async def slow() -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.Event().wait()

    async def quick() -> None:
        nonlocal called
        called += 1

    async def story() -> None:
        ticker = Ticker([slow, quick])
        await until(lambda: called >= 3)
        await ticker.stop()

    run(story())
    assert most == 1


def test_a_clock_that_is_set_back_stops_no_tick() -> None:
    """Where the next call is planned for an hour from now, as a clock set back leaves it, it comes all the same."""
    called = 0

    async def work() -> None:
        nonlocal called
        called += 1

    async def story() -> None:
        ticker = Ticker([work])
        await until(lambda: called)
        for job in ticker.scheduler.get_jobs():
            job.modify(next_run_time=datetime.now(UTC) + timedelta(hours=1))
        before = called
        await until(lambda: called > before)
        await ticker.stop()

    run(story())
