"""`alerts` on the command line, for `bot.cli`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bot.arguments import json_option
from bot.front import answer

if TYPE_CHECKING:
    from bot.desk import Desk


@click.command()
@click.option("--channel", default="", metavar="ID", help="Of this channel only, as ID or TEAM/ID.")
@click.option("--open", "only_open", is_flag=True, help="Only what nobody has decided upon.")
@click.option("--limit", type=click.IntRange(1), default=200, show_default=True, help="The newest so many.")
@json_option
@click.pass_context
def alerts(context: click.Context, channel: str, only_open: bool, limit: int, as_json: bool) -> None:
    """List what channels were warned of, the newest first."""

    async def work(desk: Desk) -> Any:
        from commands.alerts import told

        return await desk.work(told, channel, only_open=only_open, limit=limit)

    answer(context, as_json, work, asked=("alerts", channel or "all"), makes_store=False)
