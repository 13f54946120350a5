"""`dateline serve` really killed between a request and its answer loses nothing, and says nothing twice."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from tests.front_live.killing import NEVER, Moment, Told, prepare, tell

SEEDED = {"main": 2, "worker": 1, "slack": 2}
"""Seeded moments of each kind in one test run; `make drill` goes through every one."""

AT_ONCE = 3
"""Stories of the drill that are told side by side: most of their time they wait."""


@pytest.fixture(scope="module", name="prepared")
def fixture_prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the sample's posts, and a channel that is warned."""
    home = tmp_path_factory.mktemp("prepared") / "store"
    prepare(home)
    return home


@pytest.fixture(scope="module", name="whole")
def fixture_whole(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The story told to a bot that nobody kills."""
    told = asyncio.run(tell(prepared, tmp_path_factory.mktemp("whole"), NEVER))
    assert (told.killed, told.repeats) == (False, 0)
    assert told.pages >= 1
    assert all(count > 10 for count in told.moments.values()), told.moments
    return told


@pytest.mark.parametrize(("where", "seed"), [(where, seed) for where, many in SEEDED.items() for seed in range(many)])
def test_a_killed_bot_goes_on_where_it_stopped(
    where: str, seed: int, prepared: Path, whole: Told, tmp_path: Path
) -> None:
    """Killed at a seeded moment and started again: each answer once, or marked as a repeat; one warning and archive."""
    number = random.Random(f"{where} {seed}").randrange(1, whole.moments[where] + 1)
    told = asyncio.run(tell(prepared, tmp_path, Moment(where, number)))
    assert told.pages == whole.pages


@pytest.mark.drill
def test_every_moment_may_be_the_last(prepared: Path, whole: Told, tmp_path: Path) -> None:
    """The same at each and every moment; tells how many of them made an answer come marked as a repeat."""
    moments = [Moment(where, number) for where, many in whole.moments.items() for number in range(1, many + 1)]

    async def all_of_them() -> list[Told]:
        free = asyncio.Semaphore(AT_ONCE)

        async def one(moment: Moment) -> Told:
            async with free:
                folder = tmp_path / str(moment).replace(" ", "-")
                folder.mkdir()
                try:
                    told = await tell(prepared, folder, moment)
                except (AssertionError, TimeoutError) as failed:
                    raise AssertionError(f"killed at {moment}: {failed}") from failed
                assert told.pages == whole.pages, f"killed at {moment}"
                return told

        return await asyncio.gather(*map(one, moments))

    every = asyncio.run(all_of_them())
    killed = [told for told in every if told.killed]
    repeats = [told for told in killed if told.repeats]
    print(f"killed at {len(killed)} of {len(every)} moments; at {len(repeats)} an answer came marked as a repeat")
    assert len(killed) > 0.8 * len(every)
