"""`check`, `compare` and `ingest` on the command line: the verbs that are given pictures."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.arguments import Folder, Given, Moment, json_option
from bot.front import Bar, answer, has_store

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.findings import CheckFinding

FEW = 5
"""Inputs below which neither a bar nor processes are worth their while: a process takes a second to begin."""

NAMED = 20
"""Inputs of one check that the custody log names."""


@asynccontextmanager
async def working(desk: Desk) -> AsyncIterator[None]:
    """Give the desk processes for the heavy work within the block; each begins when it first has something to do."""
    from bot.workers import Workers

    desk.hands = workers = Workers(desk.settings)
    try:
        yield
    finally:
        desk.hands = None
        await workers.close()


@click.command()
@click.argument("inputs", metavar="FILE_OR_LINK...", nargs=-1, required=True, type=Given())
@click.option("--keep", is_flag=True, help="Keep the pictures in the archive.")
@click.option("--evidence", type=Folder(), help="Write side-by-side pictures here.")
@json_option
@click.pass_context
def check(context: click.Context, inputs: tuple[str, ...], keep: bool, evidence: Path | None, as_json: bool) -> None:
    """Tell whether pictures were kept before, without storing them unless asked to."""

    async def work(desk: Desk) -> list[CheckFinding] | None:
        from bot.terminal.text import show
        from commands.check import checked

        many = len(inputs) >= FEW or any(os.path.isdir(one) for one in inputs)  # noqa: PTH112, ASYNC240 - it never raises
        bar = Bar(None, "checking", hidden=as_json or not many)
        # without a store there is nothing to compare with, and nothing that a process of its own could open
        hands = working(desk) if many and has_store(desk.settings) else nullcontext()
        async with hands:
            with bar as advance:
                answers = checked(desk, inputs, keep=keep, evidence=evidence, progress=advance)
                if as_json:
                    return [one async for one in answers]
                by_hand = set()
                async for one in answers:
                    bar.aside(show(one))
                    by_hand |= {picture.by_hand for picture in one.pictures or (one,)}
                for told in sorted(filter(None, by_hand)):
                    bar.aside(told)
        return None

    named = inputs if len(inputs) <= NAMED else (*inputs[:NAMED], f"and {len(inputs) - NAMED} more")
    answer(context, as_json, work, asked=("check", *named), makes_store=keep)


@click.command()
@click.argument("first", metavar="A", type=Given())
@click.argument("second", metavar="B", type=Given())
@click.option(
    "--out", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="Write a match side by side: a JPEG."
)
@json_option
@click.pass_context
def compare(context: click.Context, first: str, second: str, out: Path | None, as_json: bool) -> None:
    """Tell why two pictures match or do not: files, SHA-256 of stored ones, or links of archived posts."""

    async def work(desk: Desk) -> Any:
        from commands.compare import compare as verb

        return await verb(desk, first, second, out=out)

    answer(context, as_json, work, asked=("compare", first, second), makes_store=False)


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=Given())
@click.option("--published", type=Moment(), help="When the one text was published.")
@click.option("--publisher", metavar="NAME", help="Who published the one text.")
@click.option("--url", metavar="URL", help="Where the one text was published.")
@json_option
@click.pass_context
def ingest(
    context: click.Context,
    paths: tuple[str, ...],
    published: datetime | None,
    publisher: str | None,
    url: str | None,
    as_json: bool,
) -> None:
    """Take posts (.jsonl), texts (.txt, .html), pictures and folders of pictures into the archive."""

    async def work(desk: Desk) -> Any:
        from commands.ingest import Stated, size_of
        from commands.ingest import ingest as verb

        given = [Path(path) for path in paths]
        total = sum(size_of(path) for path in given)
        async with working(desk):
            with Bar(total, "ingesting", hidden=as_json, scale=10**6, unit=" MB") as advance:
                return await verb(desk, given, Stated(published, publisher, url), progress=advance)

    answer(context, as_json, work, makes_store=True)
