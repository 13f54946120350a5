"""The real `dateline serve` in a process of its own, talking to the stand-in for Slack, by HTTP and by Socket Mode."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.slack.bodies import REPEAT
from bot.slack.manifest import EVENTS_PATH, Variant
from tests.front_live.children import (
    READY,
    SERVE,
    Child,
    by_http,
    by_socket,
    free_port,
    running,
    variables,
)
from tests.front_live.rooms import Room, fill, newsroom, x_link, x_number, x_on_loopback, x_variables
from tests.loopback import Loopback
from tests.workspace.loops import run

DOORS = pytest.mark.parametrize("variant", [Variant.HTTP, Variant.SOCKET])


@asynccontextmanager
async def bot(room: Room, home: Path, x: Loopback, port: int, **more: str) -> AsyncIterator[Child]:
    """The bot of a newsroom, ready for its requests; `more` are further variables of its environment."""
    workspace, slack = room.workspace, room.slack
    socket_mode = workspace.manifest.socket_mode
    how = by_socket(workspace, slack) if socket_mode else by_http(workspace, slack, port)
    async with running(home.parent, variables(home, **{**how, **x_variables(x), **more})) as child:
        await child.says(*READY)
        room.slack.request_url = f"http://127.0.0.1:{port}{EVENTS_PATH}"
        yield child


def captures_of(home: Path, number: int) -> int:
    """How many captures of the n-th post on X the store holds."""
    with sqlite3.connect(home / "dateline.db") as connection:
        found = connection.execute("SELECT count(*) FROM captures WHERE post_id = ?", (f"x:{x_number(number)}",))
        count = int(found.fetchone()[0])
    connection.close()
    return count


@DOORS
def test_it_answers_and_warns_and_ends_in_peace(variant: Variant, tmp_path: Path) -> None:
    """Commands are answered to the one who asked, a mention in its thread, reuse is warned of, SIGTERM ends it all."""
    home = tmp_path / "store"
    fill(home)

    async def work() -> None:
        with x_on_loopback() as x:
            async with newsroom(variant) as room, bot(room, home, x, free_port()) as child:
                people, told = room.slack.people, room.workspace.transcript
                assert (await people.command(room.erik.id, room.desk.id, "/dateline alerts here")).ok
                await told.wait_for(lambda: room.alone(room.erik))
                assert (await people.command(room.rana.id, room.desk.id, f"/trace {x_link(1)}")).ok
                assert (await people.command(room.oda.id, room.desk.id, "/whereis Guaidó")).ok
                asked = people.say(room.erik.id, room.desk.id, "@dateline whereis Maduro")
                [traced] = await told.wait_for(lambda: room.alone(room.rana), 30)
                [where] = await told.wait_for(lambda: room.alone(room.oda), 30)
                assert "seen before" in traced.text.lower()
                assert "Juan Guaidó" in where.text
                [warning] = await told.wait_for(
                    lambda: [one for one in room.posted() if one.text.startswith("Warning")], 30
                )
                assert warning.files or "slack_file" in str(warning.blocks)
                await told.wait_for(lambda: [one for one in room.posted() if one.thread_ts == asked.ts], 30)
                await child.ends_in_peace()
                assert [call.error for call in told.calls() if not call.ok] == []
                assert [one.problem for one in told.deliveries() if one.problem] == []
                assert REPEAT not in str(told.entries)

    run(work(), 120)
    assert captures_of(home, 1) == 1


@DOORS
def test_nothing_asked_is_lost_over_an_ending_and_a_start(variant: Variant, tmp_path: Path) -> None:
    """Of twelve traces that X answers slowly, those under way at SIGTERM are answered before it ends or by the next."""
    home = tmp_path / "store"
    fill(home)

    async def work() -> None:
        port = free_port()
        with x_on_loopback(slow=1.0) as x:
            async with newsroom(variant) as room:
                people, told = room.slack.people, room.workspace.transcript
                asking = [room.rana, room.erik, room.oda]
                async with bot(room, home, x, port) as child:
                    went = await asyncio.gather(
                        *(people.command(asking[n % 3].id, room.desk.id, f"/trace {x_link(n)}") for n in range(12))
                    )
                    assert all(one.ok for one in went)
                    people.say(room.erik.id, room.desk.id, f"@dateline trace {x_link(20)}")
                    await room.slack.settle()
                    began = asyncio.get_running_loop().time()
                    await child.ends_in_peace(25)
                    assert asyncio.get_running_loop().time() - began < 25
                async with bot(room, home, x, port) as child:
                    # twelve answers to those who asked, and what follows a mention in its thread
                    await told.wait_for(lambda: sum(map(len, map(room.alone, asking))) >= 12 and room.posted(), 60)
                    await child.ends_in_peace()
                assert [len(room.alone(one)) for one in asking] == [4, 4, 4]
                assert REPEAT not in str(told.entries)
                names = [str(one.metadata) for one in room.posted()]
                assert len(names) == len(set(names))

    run(work(), 150)
    assert [captures_of(home, number) for number in range(12)] == [1] * 12


def test_half_a_request_does_not_hold_up_the_end(tmp_path: Path) -> None:
    """A caller that sends half a body and waits is told so, and the bot ends when it is told to."""

    async def work() -> None:
        port = free_port()
        with x_on_loopback() as x:
            async with newsroom() as room, bot(room, tmp_path / "store", x, port) as child:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                async with closing(writer):
                    writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
                    await writer.drain()
                    assert await _status(port, b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n") == 200  # it has taken both
                    await child.ends_in_peace(10)
                    assert b" 408 " in await reader.readline()

    run(work(), 60)


def test_what_cannot_be_slacks_is_refused_at_once(tmp_path: Path) -> None:
    """A body of unknown or absurd length, a caller that hangs up, and a forged signature change nothing."""

    async def work() -> None:
        port = free_port()
        start = b"POST /slack/events HTTP/1.1\r\nHost: x\r\n"
        with x_on_loopback() as x:
            async with newsroom() as room, bot(room, tmp_path / "store", x, port) as child:
                assert await _status(port, start + b"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n") == 411
                assert await _status(port, start + b"Content-Length: 99999999999\r\n\r\n") == 413
                assert await _status(port, start + b"Content-Length: 4\r\n\r\nhalf") == 401
                assert await _status(port, start + b"Content-Length: 9\r\n\r\nhalf", hang_up=True) is None
                await child.ends_in_peace(10)

    run(work(), 60)


async def _status(port: int, request: bytes, *, hang_up: bool = False) -> int | None:
    """Send these bytes, and read the status of the answer, or hang up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    async with closing(writer):
        writer.write(request)
        await writer.drain()
        return None if hang_up else int((await reader.readline()).split()[1])


@asynccontextmanager
async def closing(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    """Close a connection at the end of the block."""
    try:
        yield
    finally:
        writer.close()
        await writer.wait_closed()


async def _refused(folder: Path, environment: dict[str, str]) -> str:
    """What a bot says that does not start: one line."""
    async with running(folder, environment, SERVE) as child:
        assert await child.ended() == 1, child.text
        lines = [line for line in child.said if line.strip()]
        assert len(lines) == 1, child.text
        return lines[0]


def test_without_tokens_it_names_the_demo(tmp_path: Path) -> None:
    """No tokens: one line with what is missing and how to try it without, and the exit status 1."""
    line = run(_refused(tmp_path, variables(tmp_path / "store")), 60)
    assert "SLACK_BOT_TOKEN" in line
    assert "dateline demo" in line


@pytest.mark.parametrize(
    ("name", "value"),
    [("DATELINE_SLACK_SPEED", "fast"), ("DATELINE_SLACK_PACE", "fast"), ("PORT", "0"), ("SLACK_API_URL", "slack.com")],
)
def test_a_setting_that_is_not_understood_is_named(name: str, value: str, tmp_path: Path) -> None:
    """An unknown setting or a value that is none is refused in one line that names it, with the exit status 1."""
    assert name in run(_refused(tmp_path, {**variables(tmp_path / "store"), name: value}), 60)


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    """A port that somebody else listens on: one line that names it, with the exit status 1."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        tokens = {"SLACK_BOT_TOKEN": "xoxb-1-a", "SLACK_SIGNING_SECRET": "s", "SLACK_API_URL": "http://127.0.0.1:9/api"}
        line = run(_refused(tmp_path, {**variables(tmp_path / "store"), **tokens, "PORT": port}), 60)
    assert port in line
    assert "PORT" in line


def test_a_token_that_slack_refuses_is_told(tmp_path: Path) -> None:
    """Socket Mode with a token that Slack does not take: one line that names the setting, and the exit status 1."""

    async def work() -> str:
        async with newsroom(Variant.SOCKET) as room:
            how = by_socket(room.workspace, room.slack) | {"SLACK_APP_TOKEN": "xapp-1-A0-0-wrong"}
            return await _refused(tmp_path, variables(tmp_path / "store", **how))

    assert "SLACK_APP_TOKEN" in run(work(), 60)


def test_a_slack_that_is_not_there_yet_is_waited_for_and_not_for_ever(tmp_path: Path) -> None:
    """Socket Mode without a Slack: it says so and goes on trying, and ends at once when it is told to."""

    async def work() -> None:
        async with newsroom(Variant.SOCKET) as room:
            how = by_socket(room.workspace, room.slack)
            how["SLACK_API_URL"] = f"http://127.0.0.1:{free_port()}/api/"
            async with running(tmp_path, variables(tmp_path / "store", **how)) as child:
                await child.says("Slack cannot be reached")
                await child.ends_in_peace(5)

    run(work(), 60)


def test_ctrl_c_ends_it_too(tmp_path: Path) -> None:
    """Ctrl-C in a terminal goes to all of its processes; it ends as by SIGTERM, even while work is under way.

    What it has begun it answers before it ends; what a busy machine leaves of that, the next process does.
    """

    async def work() -> None:
        with x_on_loopback(slow=0.5) as x:
            async with newsroom() as room:
                async with bot(room, tmp_path / "store", x, free_port()) as child:
                    await room.slack.people.command(room.rana.id, room.desk.id, f"/trace {x_link(2)}")
                    await asyncio.gather(
                        *(
                            room.slack.people.command(room.rana.id, room.desk.id, f"/trace {x_link(number)}")
                            for number in range(3, 8)
                        )
                    )
                    for pid in child.count():
                        os.kill(pid, signal.SIGINT)
                    assert await child.ended(25) == 0
                    child.is_sound()
                    assert len(room.alone(room.rana)) >= 1
                async with bot(room, tmp_path / "store", x, free_port()):
                    await room.workspace.transcript.wait_for(lambda: len(room.alone(room.rana)) == 6, 40)

    run(work(), 120)
