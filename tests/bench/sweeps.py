"""What thousands of watches cost while none of them is due."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.sweeps.digests import send_due
from bot.sweeps.tick import Sweeps
from commands.triage import overdue
from storage import watches
from storage.records import utc
from tests.desks import open_desk
from tests.storage.makers import watch

WATCHES: Final = 5_000
SECONDS: Final = 30
"""How long the ticks are measured."""


def bench_sweeps(home: Path) -> Iterator[tuple[str, str, str, str]]:
    """Let a process tick with watches that are due later."""
    now = datetime.now(UTC)
    later = utc(now + timedelta(days=1))
    with open_desk(home, lambda: datetime.now(UTC)) as desk:
        with desk.db.write() as tx:
            for number in range(WATCHES):
                feeds = tuple(f"rss:https://wire-{number}-{each}.example/feed" for each in range(2))
                made = watch(f"w{number}", sources=feeds, schedule="daily at 08:00 UTC", since=utc(now), next_due=later)
                watches.put(tx, made)

        async def rest() -> tuple[float, float]:
            sweeps = Sweeps(desk, errands=(send_due, overdue))
            before = time.process_time()
            await sweeps.tick()
            planned = time.process_time() - before
            sweeps.begin()
            await asyncio.sleep(2)
            before = time.process_time()
            await asyncio.sleep(SECONDS)
            spent = time.process_time() - before
            await sweeps.stop()
            return planned, spent / SECONDS

        planned, share = asyncio.run(rest())
    yield (
        f"{WATCHES:,} watches scheduled, none due: the cost of ticking once a second",
        "≤ 1 % of a core",
        f"{share * 100:.2f} %",
        f"processor time of the process over {SECONDS} s, digests and overdue warnings looked for as well; the first "
        f"look after the start, which plans all of them by the clock, costs {planned:.1f} s once",
    )
