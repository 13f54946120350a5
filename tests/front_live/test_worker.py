"""The real `dateline worker` and `dateline sweep`, and `serve --no-sweeps`, in processes of their own."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.workspace.server import WorkspaceServer
from bot.workspace.state import Workspace
from storage import runs, watches
from storage.database import DATABASE_FILE, Database
from storage.records import utc
from storage.runs import Run, RunState
from tests.desks import open_desk
from tests.front_live.children import ROOT, by_http, by_socket, free_port, running, variables
from tests.front_live.rooms import newsroom
from tests.loopback import Loopback, Reply
from tests.storage.makers import watch
from tests.workspace.loops import run

FEED = (
    b'<rss version="2.0"><channel><title>Wire</title>'
    b"<item><title>Harbour closed</title><link>https://wire.example/1</link></item></channel></rss>"
)


def fill(home: Path, wire: Loopback, *names: str) -> None:
    """Make a store with watches of a feed on loopback that came due a minute ago."""
    now = datetime.now(UTC)
    with open_desk(home, lambda: now) as desk, desk.db.write() as tx:
        for name in names:
            feed = f"rss:{wire.url}/{name}"
            schedule = f"every 15 minutes starting {now - timedelta(minutes=1):%Y-%m-%d %H:%M} UTC"
            since = utc(now - timedelta(minutes=2))
            watches.put(tx, watch(name, sources=(feed,), schedule=schedule, since=since, next_due=since))


def swept(home: Path, name: str) -> Run | None:
    """The newest run of a watch."""
    with Database.open(home / DATABASE_FILE) as db, db.read() as tx:
        return runs.newest(tx, name)


@pytest.fixture(name="wire")
def fixture_wire() -> Loopback:
    """A host whose every page is one feed."""
    return Loopback(default=Reply(FEED, headers={"Content-Type": "application/rss+xml"}))


def reaching(wire: Loopback) -> dict[str, str]:
    """The settings that let a host on loopback be asked."""
    host, port = wire.pair
    return {"DATELINE_ALLOWED_PRIVATE": f"{host}:{port}", "DATELINE_SOURCE_PACE": "0"}


async def until_swept(home: Path, name: str, seconds: float = 20.0) -> Run:
    """Wait until a watch was swept.

    Raises:
        AssertionError: it is not within so many seconds.
    """
    for _ in range(int(seconds * 10)):
        found = await asyncio.to_thread(swept, home, name)
        if found is not None and found.state is RunState.DONE:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError("it was never swept")


def test_a_worker_sweeps_and_listens_to_nobody(wire: Loopback, tmp_path: Path) -> None:
    """Beside a bot that leaves sweeps to it, it sweeps what is due; the bot token is all it needs; it ends in peace."""
    home = tmp_path / "store"

    async def work(slack: WorkspaceServer, workspace: Workspace) -> None:
        port = free_port()
        serve = ("-m", "bot", "serve", "--no-sweeps")
        environment = variables(home, **by_http(workspace, slack, port), **reaching(wire))
        async with running(tmp_path, environment, serve) as bot:
            await bot.says("Listening for Slack on")
            with pytest.raises(AssertionError, match="never swept"):
                await until_swept(home, "a", seconds=3.0)
            alone = {name: value for name, value in environment.items() if name not in {"SLACK_SIGNING_SECRET", "PORT"}}
            async with running(tmp_path, alone, ("-m", "bot", "worker")) as worker:
                await worker.says("Sweeping")
                assert (await until_swept(home, "a")).posts == 1
                await worker.ends_in_peace()
            await bot.ends_in_peace()

    async def story() -> None:
        async with newsroom() as room:
            await work(room.slack, room.workspace)

    with wire:
        fill(home, wire, "a")
        run(story(), 90)


def test_two_workers_share_one_store(wire: Loopback, tmp_path: Path) -> None:
    """Each of many due watches is swept by one of them, once; they end while sweeps go on."""
    home = tmp_path / "store"
    names = [f"w{number}" for number in range(12)]

    async def story() -> None:
        async with newsroom() as room:
            environment = variables(home, **by_socket(room.workspace, room.slack), **reaching(wire))
            command = ("-m", "bot", "worker")
            async with running(tmp_path, environment, command) as one, running(tmp_path, environment, command) as two:
                await asyncio.gather(one.says("Sweeping"), two.says("Sweeping"))
                for name in names:
                    await until_swept(home, name)
                await asyncio.gather(one.ends_in_peace(), two.ends_in_peace())

    with wire:
        fill(home, wire, *names)
        run(story(), 120)
        assert sorted(request.path for request in wire.requests) == sorted(f"/{name}" for name in names)


def sweep(home: Path, wire: Loopback, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the verb."""
    command = [sys.executable, "-m", "bot", "sweep", *arguments]
    environment = variables(home, **reaching(wire))
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_the_verb_sweeps_what_is_due(wire: Loopback, tmp_path: Path) -> None:
    """On standard output the result, on standard error how far it has come; a second time nothing is due."""
    with wire:
        fill(tmp_path, wire, "a", "b")
        first = sweep(tmp_path, wire)
        assert first.returncode == 0, first.stderr
        assert "@a (a): done, 1 post" in first.stdout
        assert "@b (b): done, 1 post" in first.stdout
        assert "running" in first.stderr
        again = sweep(tmp_path, wire, "--json")
        assert json.loads(again.stdout) == {"swept": [], "posts": 0, "new": 0, "alerts": 0}


def test_the_verb_sweeps_one_watch_at_once(wire: Loopback, tmp_path: Path) -> None:
    """By its name, due or not, and no other; a name that is none ends with one line."""
    with wire:
        fill(tmp_path, wire, "a", "b")
        done = sweep(tmp_path, wire, "b", "--json")
        assert done.returncode == 0, done.stderr
        [only] = json.loads(done.stdout)["swept"]
        assert (only["watch"], only["state"], only["new"], only["asked_by"]) == ("b", "done", 1, "operator")
        assert swept(tmp_path, "a") is None
        none = sweep(tmp_path, wire, "c", "--json")
        assert none.returncode == 1
        assert json.loads(none.stdout)["error"]["code"] == "not_found"
