"""The runner: each request is answered once, whatever happens, in turn by who asks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.desk import Desk
from bot.runner import Answer, Reply, Runner
from bot.slack.blocks import Card
from bot.slack.cards.error import error_message
from bot.slack.outbox import LEASE
from bot.slack.request import Door, Request
from storage import jobs, outbox, traced
from storage.database import Transaction
from storage.errors import NotFound
from storage.outbox import Claimed, Kind
from tests.desks import Clock, open_desk
from tests.storage.makers import archive, post

FAR = "2030-01-01T00:00:00.000Z"
ASKED = Request("command:T1:1", "trace", "x.com/i/status/1", "T1", "U1", "C1", False, Door.COMMAND, "https://r.example")


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk over an empty store, with a clock that is moved by hand."""
    with open_desk(tmp_path / "store", Clock()) as desk:
        yield desk


def card(text: str, *more: str) -> Card:
    """A card that says something."""
    first, *rest = (error_message(each, "Next.") for each in (text, *more))
    return Card(first, tuple(rest))


def runner(desk: Desk, answer: Answer, owner: str = "one", at_once: int = 8) -> Runner:
    """A runner that answers a trace in one way."""
    return Runner(desk, {"trace": answer}, owner=owner, sent=lambda: None, at_once=at_once)


def waiting(desk: Desk) -> list[Claimed]:
    """What is to be sent, in the order in which it was decided."""
    found: list[Claimed] = []
    with desk.db.write() as tx:
        while claimed := outbox.claim(tx, "test", FAR, "2020-01-01T00:00:00.000Z"):
            for one in claimed:
                outbox.sent(tx, one, "1.1")
            found += claimed
    return sorted(found, key=lambda one: one.seq)


def left(desk: Desk) -> int:
    """How many requests are not answered."""
    with desk.db.read() as tx:
        return jobs.waiting(tx)


def text(one: Claimed) -> str:
    """What a message says, blocks and all."""
    return json.dumps(one.message.body, ensure_ascii=False)


def play(run: Coroutine[Any, Any, None]) -> None:
    """Run a test's coroutine, for so long at most."""

    async def bounded() -> None:
        async with asyncio.timeout(20):
            await run

    asyncio.run(bounded())


async def answer(request: Request) -> Reply:
    """Answer with the subject."""
    return Reply(card(f"About {request.subject}"))


class Gate:
    """An answer that waits until it is let through, and tells who came."""

    def __init__(self) -> None:
        self.came: list[str] = []
        self.here = asyncio.Event()
        self.open = asyncio.Event()

    async def answer(self, request: Request) -> Reply:
        """Wait for the gate."""
        self.came.append(request.user)
        self.here.set()
        await self.open.wait()
        return Reply(card("Through"))


def test_a_request_that_is_brought_three_times_is_answered_once(desk: Desk) -> None:
    """Only the first delivery is accepted: while it waits, while it is answered, and after."""

    async def run() -> None:
        gate = Gate()
        one = runner(desk, gate.answer)
        assert await one.accept(ASKED) == 0
        assert await one.accept(ASKED) is None
        gate.open.set()
        await one.idle()
        assert await one.accept(ASKED) is None
        assert await runner(desk, gate.answer, "two").accept(ASKED) is None
        assert gate.came == ["U1"]

    play(run())
    [message] = waiting(desk)
    assert (message.message.kind, message.message.target) == (Kind.RESPOND, "https://r.example")
    assert left(desk) == 0


def test_a_runner_stopped_in_mid_answer_leaves_the_request_to_the_next(desk: Desk) -> None:
    """The next one may begin at once, and its answer is the only one."""

    async def run() -> None:
        gate = Gate()
        one = runner(desk, gate.answer)
        await one.accept(ASKED)
        await gate.here.wait()
        await one.stop(timedelta(0))
        assert left(desk) == 1
        two = runner(desk, answer, "two")
        assert await two.resume() == 1
        await two.idle()
        assert await one.resume() == 0

    play(run())
    [message] = waiting(desk)
    assert "About x.com" in text(message)


def test_stop_waits_for_what_is_under_way(desk: Desk) -> None:
    """What ends within the patience is answered by the one that is stopped."""

    async def run() -> None:
        gate = Gate()
        one = runner(desk, gate.answer)
        await one.accept(ASKED)
        stopping = asyncio.create_task(one.stop(timedelta(seconds=10)))
        await gate.here.wait()
        gate.open.set()
        await stopping

    play(run())
    assert "Through" in text(waiting(desk)[0])
    assert left(desk) == 0


def test_the_request_of_a_living_runner_is_not_taken_over(desk: Desk) -> None:
    """It is, when that one has not said for long enough that it lives; its late answer is then none."""
    clock = desk.clock
    assert isinstance(clock, Clock)

    async def run() -> None:
        gate = Gate()
        slow, quick = runner(desk, gate.answer), runner(desk, answer, "two")
        await slow.accept(ASKED)
        await gate.here.wait()
        clock.move(seconds=LEASE.total_seconds() - 1)
        assert await quick.resume() == 0
        await slow.resume()
        clock.move(seconds=LEASE.total_seconds() - 1)
        assert await quick.resume() == 0
        clock.move(seconds=2)
        assert await quick.resume() == 1
        await quick.idle()
        gate.open.set()
        await slow.idle()

    play(run())
    [message] = waiting(desk)
    assert "About x.com" in text(message)


def test_a_request_of_which_every_process_dies_is_given_up_in_words(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """After so many tries it is not begun again, and the one who asked is told."""

    async def run() -> None:
        gate = Gate()
        dying = runner(desk, gate.answer, "0")
        await dying.accept(ASKED)
        for number in range(1, jobs.TRIES + 1):
            await gate.here.wait()
            gate.here.clear()
            await dying.stop(timedelta(0))
            dying = runner(desk, gate.answer, str(number))
            await dying.resume()
        await dying.idle()
        assert len(gate.came) == jobs.TRIES

    play(run())
    [message] = waiting(desk)
    assert "This could not be answered." in text(message)
    assert any("never ended" in record.getMessage() for record in caplog.records)


def trace_noted(desk: Desk) -> bool:
    """Whether the trace of the test's user is noted."""
    with desk.db.read() as tx:
        return bool(tx.rows("SELECT 1 AS held FROM traced"))


@pytest.mark.parametrize("broken", [False, True])
def test_what_settles_an_answer_is_written_with_it_or_not_at_all(desk: Desk, broken: bool) -> None:
    """Where settling fails nothing of it is kept, and the one who asked is told what went wrong."""
    with desk.db.write() as tx:
        archive(tx, post("x:1"))

    def settle(tx: Transaction) -> Card:
        traced.note(tx, "T1", "U1", "x:1", FAR)
        assert jobs.waiting(tx) == 0, "the end of the request is in the same transaction"
        if broken:
            raise NotFound("This warning is gone; trace the post.")
        return card("Settled")

    async def settled(_request: Request) -> Reply:
        return Reply(card("Not settled"), settle=settle)

    async def run() -> None:
        one = runner(desk, settled)
        await one.accept(ASKED)
        await one.idle()

    play(run())
    [message] = waiting(desk)
    assert ("This warning is gone." if broken else "Settled") in text(message)
    assert trace_noted(desk) != broken
    assert left(desk) == 0


def test_what_was_taken_over_is_not_settled_twice(desk: Desk) -> None:
    """Of two processes that have answered one request, one settles it."""
    settled: list[str] = []

    def settling(name: str) -> Mapping[str, Answer]:
        async def settle(_request: Request) -> Reply:
            return Reply(card(name), settle=lambda _tx: settled.append(name))

        return {"trace": settle}

    async def run() -> None:
        gate = Gate()
        slow = runner(desk, gate.answer, "slow")
        await slow.accept(ASKED)
        await gate.here.wait()
        quick = Runner(desk, settling("quick"), owner="quick", sent=lambda: None)
        clock = desk.clock
        assert isinstance(clock, Clock)
        clock.move(seconds=LEASE.total_seconds() + 1)
        assert await quick.resume() == 1
        await quick.idle()
        gate.open.set()
        await slow.idle()

    play(run())
    assert settled == ["quick"]
    assert len(waiting(desk)) == 1


def test_the_order_is_fair_among_askers(desk: Desk) -> None:
    """A colleague's many questions do not stand before a reporter's one, who is told their place."""

    async def run() -> None:
        gate = Gate()
        one = runner(desk, gate.answer, at_once=1)
        places = []
        for number, user in enumerate(["colleague"] * 5 + ["reporter"]):
            places.append(await one.accept(replace(ASKED, id=str(number), user=user)))
            await gate.here.wait()
        assert places == [0, 0, 1, 2, 3, 1]
        gate.open.set()
        await one.idle()
        assert gate.came == ["colleague", "colleague", "reporter", "colleague", "colleague", "colleague"]

    play(run())
    assert left(desk) == 0
