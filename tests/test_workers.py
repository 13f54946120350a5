"""Work in processes of its own: it comes back, is raised through, and survives a death."""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import pickle
import pkgutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

import bot
import commands
import storage
from bot.desk import Desk
from bot.slack.faults import ResponseRefused
from bot.workers import WorkerDied, Workers, asker
from storage.errors import DatelineError, NotFound
from tests.desks import settings_for


def where(desk: Desk, *, half: int) -> tuple[str, int, int]:
    """Work that tells whose store it has, and where it was done."""
    return str(desk.settings.home), os.getpid(), 2 * half


def refuse(_desk: Desk, sentence: str) -> None:
    """Work that ends with one of our errors."""
    raise NotFound(sentence)


def break_down(_desk: Desk) -> None:
    """Work that ends with an error of somebody else's."""
    raise ZeroDivisionError("by nothing")


def die(_desk: Desk, folder: Path, times: int) -> int:
    """Work of which its process dies so many times, by marker files; then the number of the attempt."""
    attempt = len(list(folder.iterdir())) + 1
    (folder / str(attempt)).touch()
    if attempt <= times:
        os.kill(os.getpid(), signal.SIGKILL)
    return attempt


def wait_for(_desk: Desk, marker: Path) -> float:
    """Work that waits until a file is there; then the time."""
    deadline = time.monotonic() + 20
    while not marker.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return time.monotonic()


def at_work(home: Path, play: Callable[[Workers], Coroutine[Any, Any, None]], processes: int = 1) -> None:
    """Play with workers over a store, and close them."""

    async def run() -> None:
        workers = Workers(settings_for(home), processes)
        try:
            await play(workers)
        finally:
            await workers.close()

    asyncio.run(run())


def test_a_worker_works_on_the_same_store_in_a_process_of_its_own(tmp_path: Path) -> None:
    """The result comes back from another process; what it raises is raised here; it goes on working after."""

    async def play(workers: Workers) -> None:
        home, process, double = await workers.run(where, half=21)
        assert (home, double) == (str(tmp_path), 42)
        assert process != os.getpid()
        with pytest.raises(NotFound, match="There is nothing here; look elsewhere"):
            await workers.run(refuse, "There is nothing here; look elsewhere.")
        with pytest.raises(ZeroDivisionError):
            await workers.run(break_down)
        assert await workers.run(where, half=21) == (home, process, double)

    at_work(tmp_path, play)


def test_a_worker_that_is_killed_once_is_survived(tmp_path: Path) -> None:
    """The work is done by the next process, and nobody notices."""

    async def play(workers: Workers) -> None:
        (tmp_path / "marks").mkdir()
        assert await workers.run(die, tmp_path / "marks", 1) == 2

    at_work(tmp_path / "store", play)


def test_work_that_kills_its_process_twice_is_given_up_and_hurts_nobody_else(tmp_path: Path) -> None:
    """Who asked is told what to do; what the other process does meanwhile goes on, and later work is done."""

    async def play(workers: Workers) -> None:
        marks, marker = tmp_path / "marks", tmp_path / "marker"
        marks.mkdir()
        innocent = asyncio.create_task(workers.run(wait_for, marker))
        with pytest.raises(WorkerDied, match="fewer or smaller pictures"):
            await workers.run(die, marks, 2)
        assert not innocent.done()
        marker.touch()
        assert await innocent
        assert len(list(marks.iterdir())) == 2
        assert await workers.run(die, marks, 2) == 3

    at_work(tmp_path / "store", play, 2)


def test_work_goes_round_among_askers(tmp_path: Path) -> None:
    """With one process, somebody's second piece of work waits for another's first."""

    async def play(workers: Workers) -> None:
        done: list[str] = []

        async def ask(who: str, name: str) -> None:
            asker.set(who)
            await workers.run(where, half=1)
            done.append(name)

        names = [("colleague", "c1"), ("colleague", "c2"), ("colleague", "c3"), ("reporter", "r1")]
        await asyncio.gather(*(asyncio.create_task(ask(who, name)) for who, name in names))
        assert done == ["c1", "c2", "r1", "c3"]

    at_work(tmp_path, play)


def _errors(kind: type[DatelineError]) -> list[type[DatelineError]]:
    """An error and all that are derived from it."""
    return [kind, *(inner for each in kind.__subclasses__() for inner in _errors(each))]


def test_every_error_of_ours_comes_back_from_a_process() -> None:
    """An error that cannot be sent from process to process would look like a death of the worker."""
    for package in (bot, commands, storage):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    ours = [kind for kind in _errors(DatelineError) if kind.__module__.startswith(("bot.", "commands.", "storage."))]
    for kind in ours:
        if kind is not ResponseRefused:  # raised in the loop only
            raised = kind("One sentence; and the next step.")
            back = pickle.loads(pickle.dumps(raised))
            assert (type(back), str(back), back.code) == (kind, str(raised), raised.code)
    assert {NotFound, WorkerDied, ResponseRefused} <= set(ours)


PARENT = """
import asyncio, json, os, sys
from pathlib import Path
from bot.workers import Workers
from tests.desks import settings_for
from tests.test_workers import where

async def main():
    workers = Workers(settings_for(Path(sys.argv[1])), 2)
    done = await asyncio.gather(workers.run(where, half=1), workers.run(where, half=2))
    print(json.dumps([process for _, process, _ in done]), flush=True)
    await asyncio.sleep(60)

if __name__ == "__main__":
    asyncio.run(main())
"""


def alive(process: int) -> bool:
    """Whether a process is there."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    """Nobody has to look for what a killed bot has left running."""
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    root = str(Path(__file__).resolve().parents[1])
    parent = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "store")],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": root},
    )
    try:
        assert parent.stdout is not None
        workers = json.loads(parent.stdout.readline())
        assert len(set(workers)) == 2
        assert all(map(alive, workers))
    finally:
        parent.kill()
        parent.wait()
        assert parent.stdout is not None
        parent.stdout.close()
    deadline = time.monotonic() + 20
    while any(map(alive, workers)):
        assert time.monotonic() < deadline, "the workers live on"
        time.sleep(0.05)
