"""`sweep` and `worker` on the command line, for `bot.cli`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import click

from bot.arguments import json_option
from bot.front import answer, guard, settings_of

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.sweep_findings import SweepFinding
    from storage.runs import Run
    from storage.watches import Watch

LOOK: Final = 0.25
"""Seconds between two looks at what another process sweeps for us."""


@click.command()
@click.argument("watch", required=False)
@json_option
@click.pass_context
def sweep(context: click.Context, watch: str | None, as_json: bool) -> None:
    """Sweep WATCH now, or everything that is due; what it finds is told as ever.

    WATCH is its short name, or its subject where that is plain. Warnings are sent by a running bot or worker.
    """

    async def work(desk: Desk) -> Any:
        return await (_due(desk) if watch is None else _asked(desk, watch))

    answer(context, as_json, work, asked=("sweep", *([watch] if watch else [])), makes_store=False)


@click.command()
@click.pass_context
def worker(context: click.Context) -> None:
    """Run sweeps, digests and deliveries, and listen to nobody: beside 'dateline serve', or several side by side."""

    def work() -> None:
        from bot.web import worker as run

        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
        asyncio.run(run(settings_of(context.obj), lambda line: click.echo(line, err=True)))

    guard(False, work)


async def _due(desk: Desk) -> SweepFinding:
    """Sweep everything that is due, here."""
    from bot.sweep_findings import SweepFinding
    from bot.sweeps.tick import Sweeps
    from storage.runs import RunState

    swept: list[tuple[Watch, Run]] = []

    def told(watch: Watch, run: Run) -> None:
        _tell()(watch, run)
        if run.state is not RunState.RUNNING:
            swept.append((watch, run))

    sweeps = Sweeps(desk, told=told)
    try:
        await sweeps.drain()
    finally:
        await sweeps.stop()
    return SweepFinding(tuple(swept))


async def _asked(desk: Desk, typed: str) -> SweepFinding:
    """Sweep one watch, here; where another process was first, wait until it has."""
    from bot.sweeps.tick import Sweeps
    from commands.sweep import ask, cancel, choose, finding
    from commands.watch import Reach
    from storage.database import Transaction
    from storage.records import utc

    now = utc(desk.clock())

    def begin(tx: Transaction) -> str:
        return ask(tx, choose(tx, Reach(), typed), f"operator/{now}", "operator", now)

    asked = await desk.db.writing(begin)
    sweeps = Sweeps(desk, told=_tell(), only=asked)
    try:
        while True:
            await sweeps.drain()
            found = await desk.db.reading(lambda tx: finding(tx, asked))
            if found.over:
                return found
            await asyncio.sleep(LOOK)
    finally:
        await desk.db.writing(lambda tx: cancel(tx, asked, "operator", utc(desk.clock())))
        await sweeps.stop()


def _tell() -> Callable[[Watch, Run], None]:
    """Make what tells on standard error how far a sweep has come."""
    from bot.terminal.sweeps import sweep_line

    return lambda watch, run: click.echo(sweep_line(watch, run), err=True)
