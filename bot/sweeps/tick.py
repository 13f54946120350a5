"""What time asks for, looked at once a second: clocks, dead processes, due watches, and errands of other rooms.

Every process with sweeps on ticks; due rows and claims in the store decide which of them works.
"""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.desk import Desk
from bot.sources.batch import Searcher
from bot.sources.refs import SourceRef
from bot.sweeps import plan
from bot.sweeps.clock import WatchedClock
from bot.sweeps.plan import KEPT, LEASE, Key, key_of
from bot.sweeps.sweep import Means, Sweep
from bot.sweeps.ticker import TICK, Ticker
from storage import leases, runs
from storage.database import Transaction
from storage.errors import StoreError
from storage.records import utc
from storage.runs import Run, RunState
from storage.watches import Watch

log = logging.getLogger("dateline.sweeps")

HANDS: Final = 8
"""Watches that one process sweeps at once; most of the time they wait for their sources."""
SEARCHES: Final = 16
"""Searches of one process at once: each may hold some 64 MiB of pictures."""
PRUNE: Final = timedelta(hours=1)

Errand = Callable[[Desk, datetime], Awaitable[object]]
"""Something else that time asks for; it raises no error of Dateline's, and is cheap when nothing is due."""


class Sweeps:
    """Sweeps what is due, for as long as it is begun and not stopped."""

    def __init__(
        self,
        desk: Desk,
        *,
        owner: str | None = None,
        searcher: Callable[[SourceRef], Searcher] | None = None,
        errands: Sequence[Errand] = (),
        noted: Callable[[Transaction, Run], None] = lambda _tx, _run: None,
        told: Callable[[Watch, Run], None] = lambda _watch, _run: None,
        chance: Callable[[], float] = random.random,
        hands: int = HANDS,
        only: str | None = None,
    ) -> None:
        """Put it together; nothing runs yet.

        Args:
            desk: the store, the pipeline and the sources.
            owner: names this process in the store; not given, a name of its own.
            searcher: what a source is asked with; not given, the desk's own.
            errands: what else is done at each tick.
            noted: called in each transaction that notes how far a run has come.
            told: called after it.
            chance: 0 to 1, for the pauses after failures.
            hands: how many watches are swept at once.
            only: the request whose runs alone are begun here; not given, everything that waits or is due.
        """
        self._desk = desk
        self._owner = owner or secrets.token_hex(8)
        self._errands = errands
        self._means = Means(desk, searcher or desk.searcher, asyncio.Semaphore(SEARCHES), chance, noted, told)
        self._hands = hands
        self._only = only
        self._tasks: dict[Key, asyncio.Task[None]] = {}
        self._turn = asyncio.Lock()
        self._watched = WatchedClock()
        self._lived: datetime | None = None
        self._pruned: datetime | None = None
        self._ticker: Ticker | None = None
        self._ending = False

    def begin(self) -> None:
        """Tick from now on, on the running loop."""
        self._ticker = Ticker([self.tick, self.errands])

    async def stop(self, patience: timedelta = timedelta()) -> None:
        """Begin nothing more, wait for what is under way for so long, and leave the rest to the next process."""
        self._ending = True
        async with self._turn:
            if self._ticker is not None:
                await self._ticker.stop()
            if self._tasks:
                await asyncio.wait(self._tasks.values(), timeout=patience.total_seconds())
            for task in self._tasks.values():
                task.cancel()
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)
            await self._desk.db.writing(self._leave)

    async def tick(self) -> int:
        """Look at the clock, and begin what is to be done; return how many runs were begun."""
        async with self._turn:
            if self._ending:
                return 0
            try:
                return await self._look(self._desk.clock())
            except StoreError as error:
                log.warning("what is due cannot be read: %s", error)
                return 0

    async def errands(self) -> None:
        """Do what else time asks for; one that breaks keeps no other waiting."""
        for errand in self._errands:
            try:
                await errand(self._desk, self._desk.clock())
            except Exception:
                log.exception("errand %s", errand)

    async def idle(self) -> None:
        """Wait until nothing that was begun here is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks.values())

    async def drain(self) -> None:
        """Tick until nothing is left that could be begun here."""
        while await self.tick() or self._tasks:
            if self._tasks:
                await asyncio.wait(self._tasks.values(), timeout=TICK, return_when=asyncio.FIRST_COMPLETED)

    async def _look(self, now: datetime) -> int:
        db = self._desk.db
        if self._watched.went_back(now) or await db.reading(lambda tx: plan.was_ahead(tx, now)):
            self._lived = self._pruned = None
            await db.writing(lambda tx: plan.plan_anew(tx, now))
        self._watched.seen(now)
        await self._stop_what_is_over()
        taken: list[tuple[Watch, Run]] = []
        if self._must_live(now) or await db.reading(lambda tx: self._anything(tx, now)):
            taken = await db.writing(lambda tx: self._claim(tx, now))
            self._lived = now
        self._begin(taken)
        if self._pruned is None or now - self._pruned >= PRUNE:
            self._pruned = now
            await db.writing(lambda tx: runs.prune(tx, utc(now - KEPT), utc(now)))
        return len(taken)

    def _must_live(self, now: datetime) -> bool:
        """Whether it is time to say again that this process lives: it does so while it has something under way."""
        return bool(self._tasks) and (self._lived is None or now - self._lived >= LEASE / 3)

    def _anything(self, tx: Transaction, now: datetime) -> bool:
        if plan.orphans(tx, self._owner, self._tasks, now):
            return True
        return len(self._tasks) < self._hands and plan.anything(tx, now, self._only)

    def _claim(self, tx: Transaction, now: datetime) -> list[tuple[Watch, Run]]:
        plan.live(tx, self._owner, now)
        for run in plan.orphans(tx, self._owner, self._tasks, now):
            log.warning("a sweep of watch %s that a process has left is taken over", run.watch_id)
            runs.leave(tx, run)
        return plan.claim(tx, self._owner, now, self._hands - len(self._tasks), self._only)

    def _begin(self, taken: Iterable[tuple[Watch, Run]]) -> None:
        for watch, run in taken:
            key = key_of(run)
            self._tasks[key] = asyncio.create_task(self._run(watch, run), name=f"sweep {watch.id}")

    async def _run(self, watch: Watch, run: Run) -> None:
        try:
            await Sweep(self._means, watch, run).go()
        except StoreError as error:
            log.warning("the sweep of watch %s cannot be ended yet: %s", watch.id, error)
        except Exception:
            log.exception("sweep of watch %s", watch.id)
            await self._give_up(run)
        finally:
            if self._tasks.get(key_of(run)) is asyncio.current_task():  # else it was begun here once more meanwhile
                del self._tasks[key_of(run)]

    async def _give_up(self, run: Run) -> None:
        """End a run that nobody could do: begun again it would fail again, and ask its sources each time."""
        failed = replace(run, problem="Something went wrong here; whoever runs Dateline finds it in the log.")
        at = utc(self._desk.clock())
        try:
            await self._desk.db.writing(lambda tx: runs.end(tx, failed, RunState.FAILED, at))
        except StoreError as error:
            log.warning("the sweep of watch %s cannot be ended yet: %s", run.watch_id, error)

    async def _stop_what_is_over(self) -> None:
        """Stop what was cancelled, or is another process's by now."""
        if not self._tasks:
            return
        doing = list(self._tasks)
        found = await self._desk.db.reading(lambda tx: {key: runs.get(tx, *key) for key in doing})
        for key, run in found.items():
            ends = run is not None and run.state in {RunState.DONE, RunState.FAILED}
            ours = run is not None and run.state is RunState.RUNNING and run.owner == self._owner
            if not (ends or ours) and key in self._tasks:
                self._tasks[key].cancel()

    def _leave(self, tx: Transaction) -> None:
        for run in runs.running(tx):
            if run.owner == self._owner:
                runs.leave(tx, run)
        leases.release(tx, f"process:{self._owner}", self._owner)
