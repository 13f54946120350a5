"""Faults that a desk survives, with real workers: the judge is what the stand-in for Slack has taken.

An hour is told as some seconds: what is to be shown is that nothing is lost and nothing comes twice.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from tests.front_live.cases import MANY, WORKER, Desks, backlog, desks, is_sound
from tests.front_live.children import Child, running
from tests.loopback import Loopback, Reply

pytestmark = pytest.mark.drill

Fault = Callable[[Desks], Awaitable[None]]


@asynccontextmanager
async def two_workers(desk: Desks, folder: Path) -> AsyncIterator[list[Child]]:
    """Two workers for as long as the block runs, which end in peace."""
    async with AsyncExitStack() as stack:
        workers = [await stack.enter_async_context(running(folder, desk.environment, WORKER)) for _ in range(2)]
        yield workers
        for worker in workers:
            await worker.ends_in_peace(30)


async def some(desk: Desks, number: int, seconds: float = 60.0) -> None:
    """Wait until so many messages stand in Slack."""
    deadline = time.monotonic() + seconds
    while sum(map(len, desk.told().values())) < number:
        assert time.monotonic() < deadline, "nothing comes"
        await asyncio.sleep(0.05)


async def survives(folder: Path, fault: Fault, but: int | None = None) -> None:
    """Feed eight channels with five cases each, let something go wrong in the middle, and judge."""
    async with desks(folder, 8, 5) as desk:
        desk.feed("2026-01-01T00:00:00Z")
        async with two_workers(desk, folder):
            await some(desk, 5)
            await fault(desk)
            await desk.done(1, 120)
        desk.check(but=desk.channels[but] if but is not None else "")
        await is_sound(desk)


def test_slack_is_down_for_an_hour(tmp_path: Path) -> None:
    """What came in meanwhile is told when Slack is back, each case once."""

    async def down(desk: Desks) -> None:
        await desk.slack.down()
        await asyncio.sleep(8)
        await desk.slack.up()
        desk.later()

    asyncio.run(survives(tmp_path, down))


def test_slack_answers_503_and_loses_answers(tmp_path: Path) -> None:
    """Messages that may have been taken are looked for before they are sent again."""

    async def unavailable(desk: Desks) -> None:
        for nth in (1, 2, 5):
            desk.slack.faults.lose_answer_of("chat.postMessage", nth)
        desk.slack.faults.unavailable = True
        await asyncio.sleep(3)
        desk.slack.faults.unavailable = False

    asyncio.run(survives(tmp_path, unavailable))


def test_a_storm_of_429(tmp_path: Path) -> None:
    """Every channel is limited again and again: each waits as it is told to, and gets each case once."""

    async def storm(desk: Desks) -> None:
        for channel in desk.channels:
            desk.slack.faults.rate_limit(channel, 6)

    asyncio.run(survives(tmp_path, storm))


def test_a_channel_is_archived(tmp_path: Path) -> None:
    """What was for it is given up and listed; every other channel gets everything."""

    async def archive(desk: Desks) -> None:
        desk.slack.people.archive(desk.channels[3])

    asyncio.run(survives(tmp_path, archive, but=3))


def test_the_token_is_revoked_and_given_back(tmp_path: Path) -> None:
    """While Slack refuses the token everything waits; when it takes it again each case is told once."""

    async def revoked(desk: Desks) -> None:
        desk.slack.faults.fail("chat.postMessage", "token_revoked", times=12)
        await asyncio.sleep(3)
        for _ in range(4):
            desk.later()
            await asyncio.sleep(1)

    asyncio.run(survives(tmp_path, revoked))


def test_the_disk_is_full_and_then_free(tmp_path: Path) -> None:
    """Nothing can be written for a while: workers live on, and go on when there is room."""
    if shutil.which("mount") is None:
        pytest.skip("there is no mount here")
    store = tmp_path / "store"
    store.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(store)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("this user may not mount a small disk")

    async def full(desk: Desks) -> None:
        ballast = desk.home / "ballast"
        with ballast.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(65_536))
            except OSError:
                pass
        await asyncio.sleep(6)
        ballast.unlink()

    try:
        asyncio.run(survives(tmp_path, full))
    finally:
        subprocess.run(["umount", str(store)], check=False)


def test_the_clock_jumps_both_ways(tmp_path: Path) -> None:
    """A clock that goes a day ahead and two hours back: each case is told once, and sweeps go on."""
    shift = tmp_path / "shift"
    shift.write_text("0")
    program = ("-m", "tests.front_live.shifted_worker", str(shift))

    async def story() -> None:
        async with desks(tmp_path, 8, 5) as desk, AsyncExitStack() as stack:
            desk.feed("2026-01-01T00:00:00Z")
            workers = [await stack.enter_async_context(running(tmp_path, desk.environment, program)) for _ in range(2)]
            await some(desk, 5)
            for seconds in (86_400, -7_200, 86_400, 0):
                _put(shift, seconds)
                await asyncio.sleep(4)
            desk.later()
            desk.feed("2026-01-01T01:00:00Z")
            await desk.done(2, 120)
            for worker in workers:
                await worker.ends_in_peace(30)
            desk.check()
            await is_sound(desk)

    asyncio.run(story())


def test_a_source_is_down_for_a_day_and_then_has_a_backlog(tmp_path: Path) -> None:
    """One warning that it fails, in time; then one rolling message for more than twenty alerts, and that it answers."""
    feed = Loopback({"GET /feed.xml": Reply(b"no", 503)})

    async def story() -> None:
        with feed:
            async with desks(tmp_path, 1, 1) as desk:
                desk.read_feed(f"{feed.url}/feed.xml", feed.pair)
                async with two_workers(desk, tmp_path):
                    desk.ask("first")
                    await _until(lambda: desk.rows("SELECT 1 FROM watch_sources WHERE failures > 0"))
                    desk.a_day_passes()
                    desk.ask("second")
                    await some(desk, 1)
                    [warned] = desk.told()[desk.channels[0]]
                    assert "A source fails" in warned.text
                    feed.routes["GET /feed.xml"] = Reply(backlog(0), 200, {"Content-Type": "application/rss+xml"})
                    desk.a_day_passes()
                    desk.ask("third")
                    await _until(lambda: desk.rows("SELECT 1 FROM watch_runs WHERE posts > 20 AND state = 'done'"))
                    await desk.done(1, 60)
                said = desk.told()[desk.channels[0]]
                alerts = desk.rows("SELECT count(*) FROM alerts WHERE kind = 'new-sighting'")
                assert alerts == [(len(MANY),)]
                assert len(said) == 2, [message.text for message in said]
                assert f"{len(MANY)} " in said[1].text.partition("\n")[0]
                shown = desk.slack.workspace.messages[warned.ts]
                assert "answers again" in shown.text
                await is_sound(desk)

    asyncio.run(story())


def _put(file: Path, seconds: int) -> None:
    file.write_text(str(seconds))


async def _until(seen: Callable[[], object], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < deadline, "it does not happen"
        await asyncio.sleep(0.1)
