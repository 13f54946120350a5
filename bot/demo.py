"""The demo: a store of its own, seeded with sample evidence through intake, and the three answers on it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from bot.desk import Desk
from bot.settings import read_settings
from bot.terminal.text import show
from commands.check import check
from commands.people import add
from commands.trace import trace
from commands.whereis import whereis

INTRODUCTION = """Dateline is a newsroom's verification desk: it archives posts once, with proof, and answers from them.
Everything below is sample evidence, written and drawn for this demo, and came in through the one pipeline."""


async def tour(echo: Callable[[str], None], folder: Path) -> None:
    """Seed a store in `folder` (emptied first) and print the guided tour."""
    from bot.sample import posts as sample

    shutil.rmtree(folder, ignore_errors=True)
    store, evidence = folder / "store", folder / "evidence"
    with Desk.open(read_settings(home=store)) as desk:
        async with desk.online():
            for person in sample.people():
                await add(desk, person.name, person.aliases, person.role, progress=_silent)
            receipts = await desk.aside(desk.intake.take_all, sample.posts())
            echo(INTRODUCTION)
            echo(f"{len(receipts)} sample posts are archived in {store}")
            _step(echo, 1, f"trace {sample.TRACE_LINK}", "Where did this post's picture appear before?")
            echo(show(await trace(desk, sample.TRACE_LINK, evidence=evidence)))
            _step(echo, 2, f"whereis {sample.WHEREIS_NAME}", "Who says he is where, how surely, and who denies it?")
            echo(show(await whereis(desk, sample.WHEREIS_NAME)))
            picture = evidence / "picture-to-check.jpg"
            picture.parent.mkdir(parents=True, exist_ok=True)
            picture.write_bytes(sample.picture_to_check())
            _step(echo, 3, f"check {picture}", "Have we kept this picture before?")
            for finding in await check(desk, [str(picture)], evidence=evidence):
                echo(show(finding))
    echo("")
    echo("Ask it yourself:")
    for verb in ("whereis Guaidó", "whereis Prigozhin --known-on 2023-06-30", "status", "verify"):
        echo(f"  dateline --home {store} {verb}")


def _silent(_steps: int, _total: int | None) -> None:
    """Show no progress: the sample is small."""


def _step(echo: Callable[[str], None], number: int, command: str, question: str) -> None:
    echo("")
    echo(f"=== {number}. dateline {command}")
    echo(f"    {question}")
    echo("")
