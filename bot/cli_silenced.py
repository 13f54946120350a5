"""`silenced` on the command line, for `bot.cli`: what never warns, marked, listed and undone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.arguments import Given, json_option
from bot.front import answer

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.silence_findings import SilencedFinding
    from storage.database import Transaction

KINDS = ("logo", "avatar", "stock-header", "other")
"""As `storage.boilerplate.Kind`, which is imported only when a picture is marked."""

_DIGEST = 64
"""Hexadecimal digits of a SHA-256."""


@click.group()
def silenced() -> None:
    """See and undo what never warns: dismissed pairs of pictures, and boilerplate."""


@silenced.command("list")
@click.option("--workspace", metavar="T", help="Of this team only.")
@json_option
@click.pass_context
def silenced_list(context: click.Context, workspace: str | None, as_json: bool) -> None:
    """List dismissed pairs and boilerplate pictures, the newest first, each with its id."""

    async def work(desk: Desk) -> Any:
        from commands.silenced import listing

        return await desk.db.reading(lambda tx: listing(tx, workspace or "", most=None))

    answer(context, as_json, work, asked=("silenced", workspace or "all"), makes_store=False)


@silenced.command("mark")
@click.argument("picture", type=Given())
@click.option("--as", "kind", type=click.Choice(KINDS), required=True, help="What it is.")
@click.option("--note", default="", metavar="TEXT", help="Why, in your words.")
@click.option("--workspace", metavar="T", help="The team it holds for; needed where the store serves several.")
@json_option
@click.pass_context
def silenced_mark(
    context: click.Context, picture: str, kind: str, note: str, workspace: str | None, as_json: bool
) -> None:
    """Mark an archived PICTURE, a file or its SHA-256, as boilerplate: it and its copies never warn again."""

    async def work(desk: Desk) -> Any:
        from commands.boilerplate import mark
        from storage import workspaces
        from storage.boilerplate import Kind
        from storage.records import OPERATOR

        sha256 = await desk.aside(_sha256, picture)

        def keep(tx: Transaction) -> SilencedFinding:
            team = workspaces.meant(tx, workspace)
            made = mark(tx, team, sha256, Kind(kind), note, OPERATOR, by="operator", now=desk.db.now())
            return _only(tx, made.id, "The picture is marked as boilerplate; to undo it: dateline silenced undo ID")

        return await desk.db.writing(keep)

    answer(context, as_json, work, makes_store=True)


@silenced.command("undo")
@click.argument("silence", metavar="ID", type=Given())
@json_option
@click.pass_context
def silenced_undo(context: click.Context, silence: str, as_json: bool) -> None:
    """Let the pair or the picture with this ID warn again, the next time that it comes in."""

    async def work(desk: Desk) -> Any:
        from bot.silence_findings import SilencedFinding
        from commands.silenced import undo

        def take_back(tx: Transaction) -> SilencedFinding:
            line = undo(tx, "", silence, by="operator", now=desk.db.now())
            return SilencedFinding((line,), 0, 0, changed="It warns again the next time that it comes in.")

        return await desk.db.writing(take_back)

    answer(context, as_json, work, makes_store=True)


def _only(tx: Transaction, silence: str, changed: str) -> SilencedFinding:
    from bot.silence_findings import SilencedFinding
    from commands.silenced import listing

    held = listing(tx, "", most=None)
    lines = tuple(line for line in held.lines if line.silence.ref == silence)
    return SilencedFinding(lines, held.pairs, held.marks, changed=changed)


def _sha256(picture: str) -> str:
    """Return the SHA-256 of a file, or what was given as one."""
    from bot.sources.local import PICTURE_LIMIT, read_file
    from storage.records import digest

    if len(picture) == _DIGEST and set(picture.lower()) <= set("0123456789abcdef"):
        return picture.lower()
    return digest(read_file(Path(picture), PICTURE_LIMIT))
