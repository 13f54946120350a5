"""Sweeps one watch and kills its own process at a named point: `python -m tests.sweeps.killed_child FOLDER POINT`.

Points: `searched`, when the second page was given; `taken`, when it is archived and its cursor has not moved yet;
`moving`, in the transaction that moves it; `moved`, after that.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from bot.sweeps.tick import Sweeps
from storage.database import Transaction
from storage.runs import Run
from tests.sweeps.desks import FEED, Source, room

PAGE = 10


def die() -> None:
    """End this process as the system would: at once, with nothing said."""
    os.kill(os.getpid(), signal.SIGKILL)


async def main(folder: Path, point: str) -> None:
    """Sweep, as far as it goes."""
    with room(folder) as here:
        feed = here.sources[FEED] = Source(25, page=PAGE)
        taken = 0

        async def searched() -> None:
            if point == "searched" and len(feed.asked) == 2:
                die()

        async def archived() -> None:
            nonlocal taken
            taken += 1
            if point == "taken" and taken == 2:
                die()

        def told(_watch: Any, run: Run) -> None:
            if point == "moved" and run.posts == 2 * PAGE:
                die()

        def noted(_tx: Transaction, run: Run) -> None:
            if point == "moving" and run.posts == 2 * PAGE:
                die()

        feed.before = searched
        here.hands.after = archived
        await Sweeps(here.desk, owner="child", searcher=here.searcher, noted=noted, told=told).drain()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
