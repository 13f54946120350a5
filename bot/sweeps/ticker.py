"""What is done once a second, on APScheduler, whatever the clock on the wall does."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it warns of each tick that a longer one has swallowed

TICK: Final = 1
"""Seconds between two ticks."""

Work = Callable[[], Awaitable[object]]


class Ticker:
    """Calls each of several works once a second on the running loop, never one beside itself.

    Attributes:
        scheduler: what calls them.
    """

    def __init__(self, works: Iterable[Work]) -> None:
        """Begin at once."""
        self.scheduler = AsyncIOScheduler(timezone=UTC)
        for work in works:
            self.scheduler.add_job(
                _unless_cancelled, "interval", args=[work], seconds=TICK, coalesce=True, max_instances=1,
                misfire_grace_time=None, next_run_time=datetime.now(UTC),
            )  # fmt: skip
        self.scheduler.start()
        self._guard = asyncio.create_task(self._keep_going())

    async def stop(self) -> None:
        """Call nothing more, and cut off what is under way."""
        self._guard.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._guard
        self.scheduler.shutdown(wait=False)
        await asyncio.sleep(0)  # it does so when the loop next comes round

    async def _keep_going(self) -> None:
        """Plan the next calls anew where they are too far ahead.

        APScheduler waits until a time of day: when the clock is set back by an hour, it would call nothing for an hour.
        """
        while True:
            await asyncio.sleep(TICK)  # by the loop's clock, which nobody sets
            now = datetime.now(UTC)
            for job in self.scheduler.get_jobs():
                if job.next_run_time > now + timedelta(seconds=2 * TICK):
                    job.modify(next_run_time=now)


async def _unless_cancelled(work: Work) -> None:
    """Do something that may be cut off when the process ends, of which there is nothing to be said."""
    with contextlib.suppress(asyncio.CancelledError):
        await work()
