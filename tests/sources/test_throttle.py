"""Hosts are asked as often as they bear, side by side, on a clock that the tests move."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from itertools import count, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.batch import Throttled
from bot.sources.throttle import LIMITS, WAIT_LIMIT, Limit, Throttle, host_of, retry_after


class Time:
    """A clock that jumps to the next sleeper as soon as nothing else can run."""

    def __init__(self) -> None:
        self.now = 0.0
        self._order = count()
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []

    def __call__(self) -> float:
        """Seconds now."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Wait on this clock."""
        event = asyncio.Event()
        heapq.heappush(self._sleepers, (self.now + seconds, next(self._order), event))
        await event.wait()

    async def run(self, *tasks: Awaitable[object]) -> list[object]:
        """Run tasks to their end, moving the clock whenever all of them wait."""
        running = asyncio.gather(*tasks, return_exceptions=True)
        while not running.done():
            for _ in range(10 + 4 * len(tasks)):
                await asyncio.sleep(0)
            if self._sleepers:
                self.now, _, event = heapq.heappop(self._sleepers)
                event.set()
        return list(await running)


def asked(
    hosts: list[str],
    limits: dict[str, Limit],
    takes: float,
    failing: Callable[[int], Throttled | None] = lambda _: None,
) -> tuple[list[tuple[str, float]], list[object], int]:
    """Ask all of these hosts at once: when each was asked, what each came to, and how many were asked together."""
    time = Time()
    throttle = Throttle(limits, Limit(1.0, 2), clock=time, sleep=time.sleep)
    log: list[tuple[str, float]] = []
    inside: dict[str, int] = {}
    most = [0]

    async def one(number: int, host: str) -> None:
        async with throttle.turn(host):
            inside[host] = inside.get(host, 0) + 1
            most.append(inside[host])
            log.append((host, time.now))
            if takes:
                await time.sleep(takes)
            inside[host] -= 1
            failure = failing(number)
            if failure:
                raise failure

    results = asyncio.run(time.run(*(one(number, host) for number, host in enumerate(hosts))))
    return log, results, max(most)


def test_spacing() -> None:
    """Two requests to a host are at least its spacing apart, and hosts do not wait for each other."""
    log, _, _ = asked(["a", "a", "a", "b", "c", "c"], {"c": Limit(4.0, 1)}, 0.0)
    assert sorted(log) == [("a", 0.0), ("a", 1.0), ("a", 2.0), ("b", 0.0), ("c", 0.0), ("c", 4.0)]


def test_together() -> None:
    """No more requests are at a host at once than it bears, however long each takes."""
    log, _, most = asked(["a"] * 5, {}, 10.0)
    assert most == 2
    assert [moment for _, moment in log] == [0.0, 1.0, 10.0, 11.0, 20.0]


@given(
    st.lists(st.sampled_from("abc"), max_size=12), st.sampled_from([0.0, 0.5, 3.0]), st.sampled_from([0.0, 1.0, 2.5])
)
def test_any_crowd(hosts: list[str], takes: float, spacing: float) -> None:
    """Whoever comes is let through once, never sooner after another one than the spacing."""
    log, results, most = asked(hosts, dict.fromkeys("abc", Limit(spacing, 2)), takes)
    assert sorted(host for host, _ in log) == sorted(hosts)
    assert results == [None] * len(hosts)
    assert most <= 2
    for host in "abc":
        moments = [moment for name, moment in log if name == host]
        assert all(later - sooner >= spacing for sooner, later in pairwise(moments))


def test_left_alone() -> None:
    """Once a host asks to be left alone, whoever waits for it is told for how long, and it is not asked; others are."""
    log, results, _ = asked(["a", "a", "a", "b"], {}, 0.5, lambda number: None if number else Throttled("Busy.", 90.0))
    assert log == [("a", 0.0), ("b", 0.0)]
    waits = [result.retry_after for result in results if isinstance(result, Throttled)]
    assert waits == [90.0, 89.5, 90.0]
    assert "left alone for another 90 s" in str(results[1])


def test_left_alone_for_a_while() -> None:
    """When the time is over the host is asked again; a refusal without a time closes nothing."""
    time = Time()
    throttle = Throttle({}, Limit(0.0, 1), clock=time, sleep=time.sleep)

    async def ask(failure: Throttled | None) -> None:
        async with throttle.turn("a"):
            if failure:
                raise failure

    for failure in (Throttled("Busy."), Throttled("Busy.", 5.0)):
        with pytest.raises(Throttled, match="Busy"):
            asyncio.run(ask(failure))
    time.now = 4.9
    with pytest.raises(Throttled, match="left alone"):
        asyncio.run(ask(None))
    time.now = 5.0
    asyncio.run(ask(None))


def test_cancelled() -> None:
    """A request that is given up while it waits takes nobody's place."""

    async def run() -> None:
        throttle = Throttle({}, Limit(0.0, 1))
        async with throttle.turn("a"):
            waiting = asyncio.create_task(throttle.turn("a").__aenter__())
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
        async with asyncio.timeout(5), throttle.turn("a"):
            pass

    asyncio.run(run())


def test_another_loop() -> None:
    """A throttle serves one event loop after the other, with a crowd in each."""
    throttle = Throttle({}, Limit(0.0, 1))

    async def crowd() -> int:
        async def one() -> int:
            async with throttle.turn("a"):
                await asyncio.sleep(0)
                return 1

        return sum(await asyncio.gather(*(one() for _ in range(3))))

    assert [asyncio.run(crowd()) for _ in range(2)] == [3, 3]


def test_x_limit() -> None:
    """X's API is asked no more often than the 450 times in 15 minutes that it allows an app."""
    assert 15 * 60 / LIMITS["api.x.com"].spacing <= 450


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://API.X.com/2", "api.x.com"),
        ("https://api.x.com:443/2", "api.x.com"),
        ("http://127.0.0.1:8080/feed", "127.0.0.1:8080"),
        ("http://[::1", ""),
    ],
)
def test_hosts(url: str, host: str) -> None:
    """A host has one name, whatever way its address is written."""
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("120", 120.0),
        ("Sun, 01 Nov 2026 12:01:00 GMT", 60.0),
        ("Sun, 01 Nov 2026 11:00:00 GMT", 0.0),
        ("999999999999", WAIT_LIMIT),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after(written: str, seconds: float | None) -> None:
    """Retry-After is seconds or a date; what is neither says nothing."""
    assert retry_after(written, datetime(2026, 11, 1, 12, 0, tzinfo=UTC)) == seconds
