"""A desk with watches, and sources that give what a test says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

from bot.desk import Desk
from bot.intake import Audience
from bot.sources.base import Captured
from bot.sources.batch import Batch
from bot.sources.refs import SourceRef
from bot.sweeps.tick import Errand, Sweeps
from storage import runs, watches
from storage.database import Transaction
from storage.records import TimeBasis, utc
from storage.runs import Run
from storage.watches import SourceState, Watch
from tests.desks import NOW, Clock, open_desk
from tests.storage.makers import watch as made

FEED: Final = "rss:https://wire.example/feed"
OTHER: Final = "rss:https://other.example/feed"
SEARCH: Final = "x:@alihashem_tv"

T = TypeVar("T")


def post(number: int, source: str = "wire") -> Captured:
    """The n-th post of a source."""
    text = f"Post {number} of {source}."
    return Captured(
        post_id=f"feed:{source}-{number}", platform="feed", native_id=None, url=f"https://{source}.example/{number}",
        raw=text.encode(), media_type="text/plain", route="feed", captured_at=NOW, source_url=f"https://{source}.example/",
        posted_at=NOW - timedelta(days=1), posted_at_basis=TimeBasis.STATED, text=text,
    )  # fmt: skip


@dataclass
class Source:
    """A source with posts that come one after the other; the cursor says how many were given.

    Attributes:
        posts: how many it has.
        page: how many one search gives at most.
        cost: what it bills for each post.
        fails: what the next searches raise, one each.
        before: awaited before each answer.
        asked: the cursors it was asked with.
    """

    posts: int = 0
    page: int = 10
    cost: int = 0
    name: str = "wire"
    fails: list[Exception] = field(default_factory=list)
    before: Callable[[], Awaitable[Any]] | None = None
    asked: list[str | None] = field(default_factory=list)

    async def search(self, _query: str, since: str | None) -> Batch:
        """Give the next page."""
        self.asked.append(since)
        if self.before is not None:
            await self.before()
        if self.fails:
            raise self.fails.pop(0)
        given = int(since or 0)
        until = min(self.posts, given + self.page)
        items = tuple(post(number, self.name) for number in range(given, until))
        return Batch(items, str(until), more=until < self.posts, cost=self.cost * len(items))


class Hands:
    """Does the heavy work in a thread; fails where a test says so, before or after it is done."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.fails: list[Exception] = []
        self.after: Callable[[], Awaitable[Any]] | None = None
        self.audiences: list[Audience] = []

    async def run(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Call a function with the desk."""
        if self.fails:
            raise self.fails.pop(0)
        self.audiences += [arg for arg in args if isinstance(arg, Audience)]
        found = await asyncio.to_thread(function, self._desk, *args, **kwargs)
        if self.after is not None:
            await self.after()
        return found


@dataclass
class Room:
    """A desk whose sources are these, by their written forms, at a simulated time."""

    desk: Desk
    clock: Clock
    sources: dict[str, Source]
    hands: Hands
    told: list[tuple[str, Run]] = field(default_factory=list)

    def searcher(self, ref: SourceRef) -> Source:
        """What a sweep asks a source with."""
        return self.sources[str(ref)]

    def sweeps(self, owner: str = "p", *errands: Errand, hands: int = 8, only: str | None = None) -> Sweeps:
        """A process that sweeps."""
        return Sweeps(
            self.desk, owner=owner, searcher=self.searcher, errands=errands, chance=lambda: 1.0, hands=hands, only=only,
            told=lambda watch, run: self.told.append((watch.id, run)),
        )  # fmt: skip

    def put(self, key: str = "a", **changes: Any) -> Watch:
        """Keep a watch of the feed, every 15 minutes, which came due four minutes ago."""
        since = utc(self.clock.now - timedelta(minutes=10))
        wanted = made(key, **{"sources": (FEED,), "since": since, "next_due": utc(self.clock.now), **changes})
        self.writing(lambda tx: watches.put(tx, wanted))
        return wanted

    def writing(self, work: Callable[[Transaction], Any]) -> Any:
        """Write."""
        with self.desk.db.write() as tx:
            return work(tx)

    def runs(self, key: str = "a") -> list[Run]:
        """Every run of a watch, by its due time."""
        with self.desk.db.read() as tx:
            rows = tx.rows("SELECT due_at FROM watch_runs WHERE watch_id = :id ORDER BY due_at", {"id": key})
            return [run for row in rows if (run := runs.get(tx, key, row["due_at"]))]

    def state(self, key: str = "a", source: str = FEED) -> SourceState:
        """How a source of a watch fares."""
        with self.desk.db.read() as tx:
            state = watches.source(tx, key, source)
        assert state is not None
        return state

    def watch(self, key: str = "a") -> Watch:
        """A watch as it is kept."""
        with self.desk.db.read() as tx:
            return watches.get(tx, key)

    def posts(self) -> int:
        """How many posts are archived."""
        with self.desk.db.read() as tx:
            row = tx.row("SELECT count(*) AS held FROM posts")
        return int(row["held"]) if row else 0

    def seen_again(self) -> int:
        """How often a known post came again."""
        with self.desk.db.read() as tx:
            row = tx.row("SELECT count(*) AS held FROM custody WHERE action = 'seen again'")
        return int(row["held"]) if row else 0


@contextmanager
def room(folder: Path, now: datetime = NOW) -> Iterator[Room]:
    """A desk with a feed of three posts."""
    clock = Clock(now)
    with open_desk(folder, clock) as desk:
        desk.hands = hands = Hands(desk)
        yield Room(desk, clock, {FEED: Source(3)}, hands)


def run(story: Coroutine[Any, Any, None], seconds: float = 20.0) -> None:
    """Live through a story, within so many seconds."""

    async def timed() -> None:
        async with asyncio.timeout(seconds):
            await story

    asyncio.run(timed())


async def until(condition: Callable[[], object]) -> None:
    """Wait until something holds.

    Raises:
        AssertionError: it does not within ten seconds.
    """
    for _ in range(2_000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came true")
