"""Runs `dateline worker` by a clock that a file shifts: `python -m tests.front_live.shifted_worker FILE`.

The file holds seconds to add to this machine's time; it is read at every look at the clock.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.service import Service
from bot.settings import read_settings
from bot.web import until_ended


async def work(shift: Path) -> None:
    """Work until SIGTERM."""
    ended = until_ended()

    def clock() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(shift.read_text() or 0))

    async with Service(read_settings(), clock, listens=False):
        print("Sweeping by a shifted clock.", file=sys.stderr, flush=True)
        await ended.wait()


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1])))
