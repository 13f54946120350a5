"""Work that burns processor time, in processes of its own: an acknowledgement never waits for a picture.

Threads that hold the interpreter's lock would starve the loop; two processes, each with a desk of its own over the same
store, do not. Whose turn it is goes round among those who ask, so that a colleague's thousand files never stand before
a reporter's one.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
import time
from collections import OrderedDict, deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from itertools import islice
from typing import Any, Concatenate, Final, ParamSpec, TypeVar, cast

from bot.desk import Desk
from bot.settings import Settings
from storage.errors import DatelineError

P = ParamSpec("P")
T = TypeVar("T")

PROCESSES: Final = 2

asker: ContextVar[str] = ContextVar("asker", default="")
"""On whose behalf the current task works; the queue goes round among askers."""


class WorkerDied(DatelineError):
    """The process that did the work was killed by it, twice."""

    code = "worker_died"


class Turns:
    """Lets so many at a time through, in turn by who asks."""

    def __init__(self, slots: int) -> None:
        self._free = slots
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @asynccontextmanager
    async def taken(self, who: str) -> AsyncIterator[None]:
        """Wait for one's turn, and hold it for the block."""
        if self._free:
            self._free -= 1
        else:
            turn = asyncio.get_running_loop().create_future()
            self._waiting.setdefault(who, deque()).append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                self._withdraw(who, turn)
                raise
        try:
            yield
        finally:
            self._pass_on()

    @property
    def full(self) -> bool:
        """Whether whoever comes now has to wait."""
        return not self._free

    def before(self, who: str) -> int:
        """Count those who would have their turn before one more of this asker.

        Exact, where those who wait now go on waiting: who gives up makes it fewer; who comes later makes it more only
        where this asker waits already.
        """
        own = len(self._waiting.get(who, ()))
        count, turns = own, own + 1  # who comes before this asker in the round has one turn more than who comes after
        for name, others in self._waiting.items():
            if name == who:
                turns = own
            else:
                count += min(len(others), turns)
        return count

    def _withdraw(self, who: str, turn: asyncio.Future[None]) -> None:
        if turn.done() and not turn.cancelled():
            self._pass_on()  # it had just become ours
            return
        waiting = self._waiting.get(who)
        if waiting and turn in waiting:
            waiting.remove(turn)
            if not waiting:
                del self._waiting[who]

    def _pass_on(self) -> None:
        while self._waiting:
            who, waiting = next(iter(self._waiting.items()))
            turn = waiting.popleft()
            given = not turn.done()  # else it was cancelled, and is no turn of this asker
            if not waiting:
                del self._waiting[who]
            elif given:
                self._waiting.move_to_end(who)
            if given:
                turn.set_result(None)
                return
        self._free += 1


class Workers:
    """Processes that work on the store of the settings; closed at the end of the `async with` block."""

    def __init__(self, settings: Settings, processes: int = PROCESSES) -> None:
        self._settings = settings
        self._turns = Turns(processes)
        # a pool of one for each turn: a process that dies takes nobody else's work along
        self._pools = [self._made() for _ in range(processes)]
        self._idle = deque(range(processes))

    async def run(self, function: Callable[Concatenate[Desk, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function of a module with a worker's desk, and return or raise what it does.

        Raises:
            WorkerDied: the process ended under it, and another one again.
        """
        async with self._turns.taken(asker.get()):
            place = self._idle.popleft()
            try:
                try:
                    return await self._try(place, function, args, kwargs)
                except BrokenProcessPool:
                    return await self._try(place, function, args, kwargs)
            except BrokenProcessPool as broken:
                raise WorkerDied(
                    "The work was stopped twice, perhaps because it needed too much memory; "
                    "try it with fewer or smaller pictures."
                ) from broken
            finally:
                self._idle.append(place)

    async def close(self) -> None:
        """End the processes when what they do is done."""
        await asyncio.gather(
            *(asyncio.to_thread(pool.shutdown, wait=True, cancel_futures=True) for pool in self._pools)
        )

    async def _try(self, place: int, function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
        """Let the process in a place do it; one that dies of it is replaced."""
        try:
            with _without_ctrl_c():
                doing = self._pools[place].submit(_call, function, args, kwargs)
            return cast(T, await asyncio.wrap_future(doing))
        except BrokenProcessPool:
            self._pools[place] = self._made()
            raise

    def _made(self) -> ProcessPoolExecutor:
        # spawned, not forked: the parent has threads, a loop and an open database
        return ProcessPoolExecutor(
            max_workers=1,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(self._settings, os.getpid()),
        )


async def in_order(work: Callable[[str], Awaitable[T]], names: Sequence[str], at_once: int) -> AsyncGenerator[T, None]:
    """Let some be worked on at a time, and yield what comes of them in their order."""
    doing: deque[asyncio.Future[T]] = deque()
    left = iter(names)
    try:
        while True:
            doing.extend(asyncio.ensure_future(work(name)) for name in islice(left, at_once - len(doing)))
            if not doing:
                return
            yield await doing[0]
            doing.popleft()
    finally:
        for one in doing:
            one.cancel()
        await asyncio.gather(*doing, return_exceptions=True)


@contextmanager
def _without_ctrl_c() -> Iterator[None]:
    """Hold Ctrl-C back within the block: a process begun in it never hears of it, not even before it can ignore it."""
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


_desk: Desk | None = None


def _begin(settings: Settings, parent: int) -> None:
    """Open the worker's desk, and end when the parent is gone; Ctrl-C is the parent's."""
    global _desk
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _desk = Desk.open(settings)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _call(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    assert _desk is not None
    return function(_desk, *args, **kwargs)
