"""`people` on the command line, for `bot.cli`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bot.arguments import Name, json_option, watched
from bot.front import Bar, answer

if TYPE_CHECKING:
    from bot.desk import Desk


@click.group()
def people() -> None:
    """Keep the watch-list; a change re-reads the archive for whom it concerns, and can be undone."""


@people.command("add")
@click.argument("name", type=Name())
@click.option(
    "--alias", "aliases", type=Name(), multiple=True, metavar="A", help="Another spelling; may be given often."
)
@click.option("--role", default="", metavar="TEXT", help="What the person is known as.")
@json_option
@click.pass_context
def people_add(context: click.Context, name: str, aliases: tuple[str, ...], role: str, as_json: bool) -> None:
    """Watch NAME, or add to what is known of a person already watched."""

    async def work(desk: Desk) -> Any:
        from commands.people import add

        with Bar(None, "reading the archive") as advance:
            return await add(desk, name, aliases, role, progress=advance)

    answer(context, as_json, work, makes_store=True)


@people.command("list")
@json_option
@click.pass_context
def people_list(context: click.Context, as_json: bool) -> None:
    """List the watched people."""

    async def work(desk: Desk) -> Any:
        from commands.people import listing

        return await listing(desk)

    answer(context, as_json, work, makes_store=False)


@people.command("merge")
@click.argument("keep", shell_complete=watched)
@click.argument("gone", shell_complete=watched)
@json_option
@click.pass_context
def people_merge(context: click.Context, keep: str, gone: str, as_json: bool) -> None:
    """Make GONE another spelling of KEEP: they are one person."""

    async def work(desk: Desk) -> Any:
        from commands.people import merge

        with Bar(None, "reading the archive") as advance:
            return await merge(desk, keep, gone, progress=advance)

    answer(context, as_json, work, makes_store=True)


@people.command("rename")
@click.argument("old", shell_complete=watched)
@click.argument("new", type=Name())
@json_option
@click.pass_context
def people_rename(context: click.Context, old: str, new: str, as_json: bool) -> None:
    """Call OLD by the name NEW; OLD stays as another spelling."""

    async def work(desk: Desk) -> Any:
        from commands.people import rename

        with Bar(None, "reading the archive") as advance:
            return await rename(desk, old, new, progress=advance)

    answer(context, as_json, work, makes_store=True)


@people.command("split")
@click.argument("person", shell_complete=watched)
@click.argument("new", type=Name())
@click.option(
    "--alias", "aliases", type=Name(), multiple=True, metavar="A", help="A spelling that is NEW's; may be given often."
)
@json_option
@click.pass_context
def people_split(context: click.Context, person: str, new: str, aliases: tuple[str, ...], as_json: bool) -> None:
    """Make some spellings of PERSON those of NEW, who is somebody else; sightings by these spellings follow."""

    async def work(desk: Desk) -> Any:
        from commands.people import split

        with Bar(None, "reading the archive") as advance:
            return await split(desk, person, new, aliases, progress=advance)

    answer(context, as_json, work, makes_store=True)


@people.command("undo")
@click.argument("number", type=click.IntRange(1), required=False)
@json_option
@click.pass_context
def people_undo(context: click.Context, number: int | None, as_json: bool) -> None:
    """Undo change NUMBER of the watch-list, or the newest that stands; an undo can be undone, too."""

    async def work(desk: Desk) -> Any:
        from commands.people import undo

        with Bar(None, "reading the archive") as advance:
            return await undo(desk, number, progress=advance)

    answer(context, as_json, work, makes_store=True)


@people.command("history")
@click.argument("name", shell_complete=watched, required=False)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many changes, at most.")
@json_option
@click.pass_context
def people_history(context: click.Context, name: str | None, limit: int, as_json: bool) -> None:
    """List who changed the watch-list when, or the entry of NAME; the newest first."""

    async def work(desk: Desk) -> Any:
        from commands.people import history

        return await history(desk, name, limit=limit)

    answer(context, as_json, work, makes_store=False)


@people.command("remove")
@click.argument("name", shell_complete=watched)
@json_option
@click.pass_context
def people_remove(context: click.Context, name: str, as_json: bool) -> None:
    """Stop watching NAME; the archive keeps its posts."""

    async def work(desk: Desk) -> Any:
        from commands.people import remove

        with Bar(None, "reading the archive") as advance:
            return await remove(desk, name, progress=advance)

    answer(context, as_json, work, makes_store=True)
