"""Watches of many channels, swept by two workers that are killed: each case is told once to its channel."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random

import pytest

from tests.front_live.cases import desks, is_sound, killed_now_and_then


async def _fed_twice(folder: Path, channels: int, cases: int, kills: int, seed: int) -> int:
    async with desks(folder, channels, cases) as desk:
        feeds = ("2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z")
        killed = await killed_now_and_then(desk, folder, Random(seed), kills, feeds)
        await is_sound(desk)
    return killed


def test_a_case_is_told_once_though_a_worker_is_killed(tmp_path: Path) -> None:
    """Three channels with four cases each, fed twice, one worker killed once in each round: twelve alerts."""
    assert asyncio.run(_fed_twice(tmp_path, 3, 4, 2, seed=1)) == 2


@pytest.mark.drill
def test_a_thousand_cases_are_told_once_though_workers_are_killed(tmp_path: Path) -> None:
    """1,000 cases over 50 channels, fed twice, killed at 20 seeded moments, two workers: 1,000 alerts."""
    assert asyncio.run(_fed_twice(tmp_path, 50, 20, 20, seed=20151013)) == 20
