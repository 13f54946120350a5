"""A story told to a bot that is killed in the middle of it and started again, and what must be true of it then."""

from __future__ import annotations

import asyncio
import re
import shutil
import signal
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from aiohttp import web

from bot.slack.bodies import REPEAT
from bot.slack.manifest import EVENTS_PATH
from bot.workspace.interactions import Outcome
from bot.workspace.values import Message
from commands.verify import verify
from tests.desks import open_desk, quiet
from tests.front_live.children import READY, Child, by_http, free_port, running, variables
from tests.front_live.rooms import TIMING, Room, fill, newsroom, x_link, x_number, x_on_loopback, x_variables
from tests.loopback import Loopback

KILLED: Final = replace(TIMING, retries=(2.0, 2.0, 5.0))
"""An event that nobody acknowledged comes again when the bot has had the time to start."""

EXPECTED: Final = {"rana": 1, "oda": 1}
"""Answers that one person sees."""


@dataclass(frozen=True)
class Moment:
    """When the bot is killed: at its n-th write (`main`, `worker`), or at a request that it makes of Slack.

    Of the n-th request of Slack it is killed before it is done where n is odd, and before it is answered where even.
    """

    where: str
    number: int

    def __str__(self) -> str:
        return f"{self.where} {self.number}"


NEVER: Final = Moment("main", 0)


@dataclass(frozen=True)
class Told:
    """What became of a story: how many moments there were of each kind, and which answers were marked as repeats."""

    moments: dict[str, int]
    killed: bool
    repeats: int
    pages: int


class Requests:
    """Counts what the bot asks of Slack, and kills it at one of those requests."""

    def __init__(self, moment: Moment) -> None:
        self.count = 0
        self._at = moment.number if moment.where == "slack" else 0
        self.child: Child | None = None

    def _note(self) -> None:
        if self.child is None:
            return
        self.count += 1
        if self.count == self._at:
            self.child.signal(signal.SIGKILL)

    @web.middleware
    async def around(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Count a request before it is done and before it is answered."""
        self._note()
        response = await handler(request)
        self._note()
        return response


def prepare(home: Path) -> None:
    """Make the store that every story begins with, its channel subscribed to warnings."""
    fill(home)

    async def subscribe() -> None:
        with x_on_loopback() as x:
            async with newsroom() as room:
                port = free_port()
                environment = _environment(room, home, x, port)
                async with running(home.parent, environment) as child:
                    await _ready(room, child, port)
                    assert (await room.slack.people.command(room.erik.id, room.desk.id, "/dateline alerts here")).ok
                    await room.workspace.transcript.wait_for(lambda: room.alone(room.erik), 20)
                    await child.ends_in_peace()

    asyncio.run(subscribe())


async def tell(prepared: Path, folder: Path, moment: Moment) -> Told:
    """Tell the story to a bot that is killed at a moment and started again.

    Raises:
        AssertionError: something was lost, or done twice.
    """
    home = folder / "store"
    shutil.copytree(prepared, home)
    port = free_port()
    requests = Requests(moment)
    with x_on_loopback() as x:
        async with newsroom(timing=KILLED, around=requests.around) as room:
            environment = _environment(room, home, x, port)
            program = ("-m", "tests.front_live.killed_child", *_point(moment))
            async with running(folder, environment, program) as child:
                await _ready(room, child, port)
                requests.child = child
                child.process.send_signal(signal.SIGUSR1)
                asked, traced, where = await _story(room)
                killed = await _killed_or_done(room, child, home) or await _killed_at_its_end(child)
            said = child.text
            if killed:
                _age_leases(home)
                async with running(folder, environment) as second:
                    await _ready(room, second, port)
                    await room.slack.settle()
                    await _done(room, home)
                    await second.ends_in_peace()
            repeats = _check_answers(room, {"rana": traced, "oda": where})
            pages = _check_posted(room, asked, traced)
    assert _captures(home) == 1 or not traced.ok
    with open_desk(home) as desk:
        assert (await verify(desk, progress=quiet)).clean
    moments = {name: max(map(int, re.findall(rf"^{name}=(\d+)", said, re.M)), default=0) for name in ("main", "worker")}
    return Told({**moments, "slack": requests.count}, killed, repeats, pages)


async def _story(room: Room) -> tuple[Message, Outcome, Outcome]:
    """A post is traced whose picture was seen before, somebody is asked for, and somebody else for all to see."""
    people = room.slack.people
    asked = people.say(room.erik.id, room.desk.id, "@dateline whereis Maduro")
    traced, where = await asyncio.gather(
        people.command(room.rana.id, room.desk.id, f"/trace {x_link(1)}"),
        people.command(room.oda.id, room.desk.id, "/whereis Guaidó"),
    )
    return asked, traced, where


def _point(moment: Moment) -> tuple[str, str]:
    return ("main", "0") if moment.where == "slack" else (moment.where, str(moment.number))


def _environment(room: Room, home: Path, x: Loopback, port: int) -> dict[str, str]:
    return variables(home, **by_http(room.workspace, room.slack, port), **x_variables(x))


async def _ready(room: Room, child: Child, port: int) -> None:
    await child.says(*READY)
    room.slack.request_url = f"http://127.0.0.1:{port}{EVENTS_PATH}"


async def _killed_or_done(room: Room, child: Child, home: Path) -> bool:
    """Wait until the bot is dead or has done everything; whether it is dead."""
    done = asyncio.create_task(_done(room, home))
    dead = asyncio.create_task(child.process.wait())
    while not (done.done() or dead.done()):
        child.count()
        await asyncio.wait({done, dead}, timeout=0.05, return_when=asyncio.FIRST_COMPLETED)
    killed = dead.done()
    if killed:
        assert dead.result() == -signal.SIGKILL, child.text
    else:
        await done
    for task in (done, dead):
        task.cancel()
    await asyncio.gather(done, dead, return_exceptions=True)
    return killed


async def _killed_at_its_end(child: Child) -> bool:
    """End a bot that has done everything; whether it was killed even then."""
    child.signal(signal.SIGTERM)
    if await child.ended() == -signal.SIGKILL:
        return True
    assert child.process.returncode == 0, child.text
    child.is_sound()
    return False


async def _done(room: Room, home: Path, seconds: float = 40.0) -> None:
    """Wait until nothing is on its way to the bot, no request waits for its answer and no message to be sent."""
    deadline = asyncio.get_running_loop().time() + seconds
    await room.slack.settle()
    while left := _unfinished(home):
        assert asyncio.get_running_loop().time() < deadline, f"never done: {left}"
        await asyncio.sleep(0.05)


def _unfinished(home: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(home / "dateline.db")) as connection:
        rows = connection.execute(
            "SELECT id, state FROM jobs WHERE state = 'waiting'"
            " UNION ALL SELECT id, state FROM outbox WHERE state IN ('waiting', 'preparing', 'unsure', 'sending')"
        )
        return [(str(name), str(state)) for name, state in rows]


def _age_leases(home: Path) -> None:
    """Let the time pass for which a dead process is believed to be alive."""
    with closing(sqlite3.connect(home / "dateline.db", timeout=10)) as connection, connection:
        connection.execute("UPDATE leases SET until = '2000-01-01T00:00:00Z'")


def _captures(home: Path) -> int:
    with closing(sqlite3.connect(home / "dateline.db")) as connection:
        found = connection.execute("SELECT count(*) FROM captures WHERE post_id = ?", (f"x:{x_number(1)}",))
        return int(found.fetchone()[0])


def _check_answers(room: Room, asked: dict[str, Outcome]) -> int:
    """Make sure that each person saw their answer, once or then marked as a possible repeat; how many were marked."""
    repeats = 0
    for user, went in ((room.rana, asked["rana"]), (room.oda, asked["oda"])):
        answers = [message.text for message in room.alone(user)]
        marked = [text for text in answers if REPEAT in text]
        repeats += len(marked)
        assert len(answers) - len(marked) <= EXPECTED[user.name], answers
        assert len(marked) <= EXPECTED[user.name], answers
        assert answers or not went.ok, f"{user.name} was never answered"
        assert not [text for text in answers if "could not be answered" in text or "went wrong" in text], answers
    return repeats


def _check_posted(room: Room, asked: Message, traced: Outcome) -> int:
    """Make sure that what all can see stands there once; how many messages answer the mention."""
    names = [str((message.metadata or {}).get("event_payload")) for message in room.posted()]
    assert len(names) == len(set(names)), names
    assert REPEAT not in str(room.posted())
    warnings = [message for message in room.posted() if message.text.startswith("Warning")]
    assert len(warnings) == 1 or (not traced.ok and not warnings), [message.text for message in room.posted()]
    return len([message for message in room.posted() if message.thread_ts == asked.ts])
