"""Turns go round among those who ask: nobody is overtaken twice, no slot is lost."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.workers import Turns

WHO = st.sampled_from("abcd")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), WHO),
        st.tuples(st.just("ask"), WHO),
        st.tuples(st.just("ask"), WHO),
        st.tuples(st.just("end"), st.integers(0, 3)),
        st.tuples(st.just("leave"), st.integers(0, 20)),
        st.tuples(st.just("end and leave"), st.integers(0, 20)),
    ),
    max_size=60,
)


@dataclass
class Queue:
    """Askers at the turns, each a task that holds its turn until it is told to end.

    Attributes:
        served: who had a turn, in order.
        holding: what lets go of each turn that is held.
        waiting: the tasks that wait, each with its asker and how many had been served when it came.
    """

    turns: Turns
    served: list[str] = field(default_factory=list)
    holding: deque[asyncio.Event] = field(default_factory=deque)
    waiting: list[tuple[str, int, asyncio.Task[None]]] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def _ask(self, who: str) -> None:
        async with self.turns.taken(who):
            self.served.append(who)
            self.waiting = [one for one in self.waiting if one[2] is not asyncio.current_task()]
            end = asyncio.Event()
            self.holding.append(end)
            await end.wait()

    async def ask(self, who: str) -> None:
        """Let somebody ask for a turn."""
        task = asyncio.create_task(self._ask(who))
        self.tasks.append(task)
        self.waiting.append((who, len(self.served), task))
        await settle()

    def end(self, number: int) -> None:
        """Let one who holds a turn end."""
        if self.holding:
            self.holding.rotate(-number)
            self.holding.popleft().set()

    def leave(self, number: int) -> None:
        """Let one who waits give up."""
        if self.waiting:
            _, _, task = self.waiting.pop(number % len(self.waiting))
            task.cancel()

    async def close(self) -> None:
        """Let everybody have their turn, and end."""
        while self.holding:
            self.end(0)
            await settle()
        await asyncio.gather(*self.tasks, return_exceptions=True)


async def settle() -> None:
    """Let every task go as far as it can."""
    for _ in range(6):
        await asyncio.sleep(0)


async def played(slots: int, steps: list[tuple[str, object]]) -> Queue:
    """Play a schedule, and hold after every step what must always hold."""
    queue = Queue(Turns(slots))
    for step in steps:
        match step:
            case ("ask", str(who)):
                await queue.ask(who)
            case ("end", int(number)):
                queue.end(number)
            case ("leave", int(number)):
                queue.leave(number)
            case ("end and leave", int(number)):
                queue.end(0)
                queue.leave(number)
        await settle()
        assert len(queue.holding) <= slots
        assert not queue.waiting or len(queue.holding) == slots, "somebody waits though there is room"
        assert queue.turns.full == (len(queue.holding) == slots)
        for who, since, _ in first_of_each(queue):
            others = Counter(name for name in queue.served[since:] if name != who)
            assert all(times < 2 for times in others.values()), f"{who} waited while somebody was served twice"
    return queue


def first_of_each(queue: Queue) -> list[tuple[str, int, asyncio.Task[None]]]:
    """The first waiting one of each asker, and how many had been served when it came to be the first."""
    first: dict[str, tuple[str, int, asyncio.Task[None]]] = {}
    for who, since, task in queue.waiting:
        served = [place for place, name in enumerate(queue.served, 1) if name == who]
        first.setdefault(who, (who, max(since, *served[-1:], 0), task))
    return list(first.values())


@given(st.integers(1, 3), STEPS)
def test_nobody_waits_while_somebody_else_is_served_twice(slots: int, steps: list[tuple[str, object]]) -> None:
    """However they come, end and give up: turns go round, no slot is lost, and everybody is served at last."""

    async def play() -> None:
        queue = await played(slots, steps)
        waited = Counter(who for who, _, _ in queue.waiting)
        before = Counter(queue.served)
        await queue.close()
        assert Counter(queue.served) == before + waited
        assert queue.turns.before("a") == 0
        async with asyncio.timeout(1):
            for _ in range(slots):
                await queue.turns.taken("a").__aenter__()
        assert queue.turns.full

    asyncio.run(play())


@given(st.lists(WHO, max_size=15), WHO)
def test_who_asks_is_told_exactly_how_many_come_first(asked: list[str], who: str) -> None:
    """Of those who wait when somebody asks, as many are served before as was said."""

    async def play() -> None:
        queue = Queue(Turns(1))
        await queue.ask("first")
        for name in asked:
            await queue.ask(name)
        said = queue.turns.before(who)
        await queue.ask(who)
        mine = Counter(queue.served)[who] + Counter(name for name, _, _ in queue.waiting)[who]
        await queue.close()
        place = [number for number, name in enumerate(queue.served) if name == who][mine - 1]
        assert place - 1 == said

    asyncio.run(play())


def test_a_thousand_of_one_asker_do_not_stand_before_one_of_another() -> None:
    """A colleague's many files wait; the one question is next."""

    async def play() -> None:
        queue = Queue(Turns(2))
        for _ in range(50):
            await queue.ask("colleague")
        assert queue.turns.before("reporter") == 1
        assert queue.turns.before("colleague") == 48
        await queue.ask("reporter")
        queue.end(0)
        await settle()
        queue.end(0)
        await settle()
        assert queue.served == ["colleague"] * 3 + ["reporter"]
        await queue.close()

    asyncio.run(play())


@pytest.mark.parametrize("given_first", [False, True])
def test_who_gives_up_loses_no_slot(given_first: bool) -> None:
    """One that is cancelled while it waits, or just as its turn comes, leaves the turn to the next."""

    async def play() -> None:
        queue = Queue(Turns(1))
        for who in ("a", "b", "c"):
            await queue.ask(who)
        if given_first:
            queue.end(0)
            await asyncio.sleep(0)  # the holder ends, and b is given the turn but has not run yet
            queue.leave(0)
        else:
            queue.leave(0)
            queue.end(0)
        await settle()
        assert queue.served == ["a", "c"]
        await queue.close()

    asyncio.run(play())


def test_who_gives_up_takes_no_turn_from_who_asks_for_the_same_asker() -> None:
    """A question that is taken back just as a turn is free leaves the asker's next question in its place."""

    async def play() -> None:
        queue = Queue(Turns(1))
        for who in ("first", "b", "a", "a", "b"):
            await queue.ask(who)
        queue.end(0)
        await settle()
        queue.end(0)
        queue.leave(0)
        await settle()
        assert queue.served == ["first", "b", "a"]
        await queue.close()

    asyncio.run(play())


def test_a_turn_is_passed_on_by_who_fails() -> None:
    """An error within the block is raised, and the slot is free again."""

    async def play() -> None:
        turns = Turns(1)
        with pytest.raises(KeyError):
            async with turns.taken("a"):
                raise KeyError("broken")
        assert not turns.full

    asyncio.run(play())
