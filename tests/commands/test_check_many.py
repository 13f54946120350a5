"""A check of many files: answers in order as they come, one bad file among them, and others get their turn."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.desk import Desk
from bot.front import Bar
from bot.workers import Turns, asker, in_order
from commands.check import NothingChecked, check, checked
from commands.ingest import ingest
from tests.desks import open_desk
from tests.images.filing import quick
from tests.terminals import ROOT, Terminal


class Hands:
    """Two places for work in this process, taken in turn by who asks, as the worker processes are."""

    def __init__(self, desk: Desk) -> None:
        self.turns = Turns(2)
        self.desk = desk
        self.done: list[str] = []
        self.most = 0
        self._doing = 0

    async def run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Do the work when there is a place."""
        async with self.turns.taken(asker.get()):
            self._doing += 1
            self.most = max(self.most, self._doing)
            await asyncio.sleep(0)
            self._doing -= 1
            self.done.append(asker.get())
            return function(self.desk, *args, **kwargs)


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk whose store holds four pictures."""
    folder = tmp_path / "held"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.jpg").write_bytes(quick(number, 320, 240))
    with open_desk(tmp_path / "home") as desk:
        asyncio.run(ingest(desk, [folder]))
        yield desk


def folder_of(path: Path, count: int) -> Path:
    """A folder of pictures: every other one is held, one is damaged, one is empty."""
    path.mkdir()
    for number in range(count):
        (path / f"{number:02}.jpg").write_bytes(quick(number % 4 if number % 2 else 50 + number, 320, 240))
    (path / "03.jpg").write_bytes(quick(3, 320, 240)[:700])
    (path / "04.jpg").write_bytes(b"")
    return path


def test_answers_come_in_order_whatever_is_worked_on_beside(desk: Desk, tmp_path: Path) -> None:
    """Two are looked up at a time, each answer stands in its place, and a bad file is an answer too."""
    folder = folder_of(tmp_path / "in", 12)
    desk.hands = hands = Hands(desk)
    told: list[tuple[int, int]] = []
    found = asyncio.run(check(desk, [str(folder)], progress=lambda steps, total: told.append((steps, total))))
    assert [Path(one.input).name for one in found] == [f"{number:02}.jpg" for number in range(12)]
    assert [number for number, one in enumerate(found) if one.matches] == [1, 5, 7, 9, 11]
    assert (found[3].why_not, found[4].why_not) == ("the picture is cut short", "the file is empty")
    assert hands.most == 2
    assert told == [(1, 12)] * 12


def test_an_answer_is_told_before_the_rest_is_asked_for(desk: Desk, tmp_path: Path) -> None:
    """The first answer does not wait for the last; who stops listening stops the work."""
    folder = folder_of(tmp_path / "in", 12)
    desk.hands = hands = Hands(desk)

    async def first() -> str:
        answers = checked(desk, [str(folder)])
        try:
            return (await anext(answers)).input
        finally:
            await answers.aclose()  # type: ignore[attr-defined]

    assert Path(asyncio.run(first())).name == "00.jpg"
    assert len(hands.done) <= 6


def test_nothing_opened_is_a_failure_and_no_answer(desk: Desk, tmp_path: Path) -> None:
    """Where nothing at all can be opened nothing is answered before the failure is told."""
    names = [str(tmp_path / f"none{number}.jpg") for number in range(7)]
    desk.hands = Hands(desk)
    heard = []

    async def listen() -> None:
        async for one in checked(desk, names):
            heard.append(one)  # noqa: PERF401 - what was heard before the failure counts

    with pytest.raises(NothingChecked, match=r"none0\.jpg: It does not exist\. \(6 more like it\)"):
        asyncio.run(listen())
    assert heard == []


def test_who_asks_for_one_does_not_wait_for_who_asks_for_many(desk: Desk, tmp_path: Path) -> None:
    """While a colleague's folder is checked, another's one picture has the second free place after it is read."""
    folder = folder_of(tmp_path / "in", 30)
    desk.hands = hands = Hands(desk)

    async def asked(who: str, what: str) -> None:
        asker.set(who)
        await check(desk, [what])

    async def both() -> int:
        many = asyncio.create_task(asked("many", str(folder)))
        while len(hands.done) < 3:  # noqa: ASYNC110 - the work goes on in this loop
            await asyncio.sleep(0)
        before = len(hands.done)
        await asyncio.create_task(asked("one", str(folder / "00.jpg")))
        waited = hands.done.index("one") - before
        await many
        return waited

    assert asyncio.run(both()) <= 8  # a few more are done while the one file is read
    assert hands.done.count("many") == 30


def test_in_order_ends_what_it_began() -> None:
    """Work that fails is raised in its place, and what comes after it is ended, or never begun."""
    ended = []

    async def work(name: str) -> str:
        try:
            if name == "b":
                raise ValueError(name)
            if name > "b":
                await asyncio.sleep(60)
            return name
        finally:
            ended.append(name)

    async def listen() -> list[str]:
        return [one async for one in in_order(work, "abcdef", 3)]

    with pytest.raises(ValueError, match="b"):
        asyncio.run(listen())
    assert sorted(ended) == ["a", "b", "c"]


@pytest.fixture(name="terminal")
def fixture_terminal(tmp_path: Path) -> Terminal:
    """A terminal whose store holds four pictures."""
    folder = tmp_path / "held"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.jpg").write_bytes(quick(number, 320, 240))
    terminal = Terminal(tmp_path / "store")
    terminal.run("ingest", str(folder))
    return terminal


def test_text_and_json_say_the_same(terminal: Terminal, tmp_path: Path) -> None:
    """Through real processes: a block of text an input, in order, or one JSON list; nothing on standard error."""
    folder = folder_of(tmp_path / "in", 8)
    done = terminal.run("check", str(folder))
    named = [line.split(" (")[0] for line in done.stdout.splitlines() if line.startswith(str(folder))]
    found = terminal.run("check", str(folder), "--json")
    assert named == [one["input"] for one in json.loads(found.stdout)]
    assert len(named) == 8
    assert (done.stderr, found.stderr) == ("", "")


def test_ctrl_c_ends_it_at_once(terminal: Terminal, tmp_path: Path) -> None:
    """Stopped in the middle it says so in one sentence, and the answers that were given stay on the screen."""
    folder = folder_of(tmp_path / "in", 8)
    command = [sys.executable, "-m", "bot", "--home", str(terminal.home), "check", *[str(folder)] * 50]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    first = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    out, error = process.communicate(timeout=30)
    assert time.monotonic() - began < 20
    assert first.startswith(f"{folder}/00.jpg")
    assert (process.returncode, error) == (130, "Stopped; what was archived stays archived.\n")
    assert (first + out).count(str(folder)) < 400


def test_a_log_is_told_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody sees a bar a counted line comes every 15 seconds; a hidden one says nothing at all."""
    now = [0.0]
    for hidden in (False, True):
        with Bar(None, "checking", hidden=hidden, clock=lambda: now[0]) as advance:
            for _ in range(40):
                now[0] += 1.0
                advance(100, 4_000)
    assert capsys.readouterr().err == "checking: 1,500 of 4,000\nchecking: 3,000 of 4,000\n"


def test_a_person_sees_a_bar(terminal: Terminal, tmp_path: Path) -> None:
    """At a terminal the progress is drawn on standard error, and the answers go where they always go."""
    folder = folder_of(tmp_path / "in", 8)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "bot", "--home", str(terminal.home), "check", str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    out, _ = process.communicate(timeout=60)
    drawn = os.read(ours, 100_000).decode()
    os.close(ours)
    assert process.returncode == 0
    assert "checking" in drawn
    assert "100%" in drawn
    assert b"\x1b" not in out
