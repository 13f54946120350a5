"""`watch` on the command line, for `bot.cli`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from bot.arguments import json_option
from bot.front import answer

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.watch_findings import WatchesFinding
    from commands.watch_asked import Place
    from storage.database import Transaction
    from storage.watches import Watch

workspace_option = click.option(
    "--workspace", metavar="T", help="The team it is for; needed where the store serves several."
)


_KINDS = frozenset({"person", "picture", "image", "photo", "account", "link"})


@click.group()
def watch() -> None:
    """Keep saved questions: who or what is watched, where, how often and for which channel."""


@watch.command("add")
@click.argument("words", nargs=-1, required=True)
@click.option("--public-figure", is_flag=True, help="Put a name that is not on the watch-list there.")
@workspace_option
@json_option
@click.pass_context
def watch_add(
    context: click.Context, words: tuple[str, ...], public_figure: bool, workspace: str | None, as_json: bool
) -> None:
    """Watch what WORDS say, as after /watch: NAME in '#channel' every 15m from x:@handle, rss:URL."""

    async def work(desk: Desk) -> Any:
        from bot.watch_parts import refused_at
        from bot.watch_words import parse_watch
        from commands.watch import add, line_of
        from commands.watch_asked import prepare

        asked = parse_watch(_sentence(words), "UTC")
        if not asked.channel:
            raise refused_at("channel", "Name the channel that is told; write for example “in #syria-desk”.")
        made = await prepare(desk, asked, await _place(desk, asked.channel, workspace), public=public_figure)

        def keep(tx: Transaction) -> WatchesFinding:
            kept = add(tx, made, "operator", desk.db.now())
            waits = " once an editor has agreed: dateline watch approve " + kept.id if kept.state == "pending" else ""
            return _finding(f"{kept.label} is watched{waits}.", line_of(tx, kept, desk.clock()))

        return await desk.db.writing(keep)

    answer(context, as_json, work, makes_store=True)


@watch.command("list")
@workspace_option
@json_option
@click.pass_context
def watch_list(context: click.Context, workspace: str | None, as_json: bool) -> None:
    """List the watches: next run, last result, sources that fail, owner and cost."""

    async def work(desk: Desk) -> Any:
        from bot.watch_findings import WatchesFinding
        from commands.watch import Reach, listing
        from storage.records import EVERYWHERE

        found = await desk.db.reading(lambda tx: listing(tx, Reach(), desk.clock()))
        wanted = {workspace, EVERYWHERE} if workspace else None
        return WatchesFinding(tuple(one for one in found.watches if not wanted or one.watch.workspace in wanted))

    answer(context, as_json, work, makes_store=False)


@watch.command("edit")
@click.argument("name")
@click.argument("words", nargs=-1, required=True)
@json_option
@click.pass_context
def watch_edit(context: click.Context, name: str, words: tuple[str, ...], as_json: bool) -> None:
    """Change of the watch NAME what WORDS say: every 30m budget 100, quiet off, from x:@handle."""

    async def work(desk: Desk) -> Any:
        from bot.watch_words import parse_changes
        from commands.watch import Reach, edit, find, line_of

        held = await desk.db.reading(lambda tx: find(tx, Reach(), name))
        changes = parse_changes(" ".join(words), held.zone)
        place = await _place(desk, changes["channel"], held.workspace) if changes.get("channel") else None

        def change(tx: Transaction) -> WatchesFinding:
            changed = edit(tx, find(tx, Reach(), held.id), changes, "operator", desk.clock(), place)
            return _finding(f"{changed.label} is changed.", line_of(tx, changed, desk.clock()))

        return await desk.db.writing(change)

    answer(context, as_json, work, makes_store=True)


@watch.command("pause")
@click.argument("name")
@json_option
@click.pass_context
def watch_pause(context: click.Context, name: str, as_json: bool) -> None:
    """Let the watch NAME rest."""
    from commands.watch import pause

    _change(
        context, as_json, name, "is paused", lambda desk: lambda tx, held: pause(tx, held, "operator", desk.db.now())
    )


@watch.command("resume")
@click.argument("name")
@json_option
@click.pass_context
def watch_resume(context: click.Context, name: str, as_json: bool) -> None:
    """Let the watch NAME go on."""
    from commands.watch import resume

    _change(context, as_json, name, "goes on", lambda desk: lambda tx, held: resume(tx, held, "operator", desk.clock()))


@watch.command("refuse")
@click.argument("name")
@json_option
@click.pass_context
def watch_refuse(context: click.Context, name: str, as_json: bool) -> None:
    """Decide that the private individual of the watch NAME is not watched."""
    from commands.watch import refuse

    _change(
        context,
        as_json,
        name,
        "is not watched",
        lambda desk: lambda tx, held: refuse(tx, held, "operator", desk.db.now()),
    )


@watch.command("approve")
@click.argument("name")
@json_option
@click.pass_context
def watch_approve(context: click.Context, name: str, as_json: bool) -> None:
    """Agree, as an editor, to the watch NAME of a private individual."""

    async def work(desk: Desk) -> Any:
        from commands.watch import Reach, approve, find, line_of

        held = await desk.db.reading(lambda tx: find(tx, Reach(), name))
        change = await approve(desk, held, "operator")

        def keep(tx: Transaction) -> WatchesFinding:
            return _finding(f"{held.label} is watched.", line_of(tx, change(tx), desk.clock()))

        return await desk.db.writing(keep)

    answer(context, as_json, work, makes_store=True)


@watch.command("remove")
@click.argument("name")
@json_option
@click.pass_context
def watch_remove(context: click.Context, name: str, as_json: bool) -> None:
    """Forget the watch NAME; what it has found stays."""

    async def work(desk: Desk) -> Any:
        from commands.watch import Reach, find, remove

        def forget(tx: Transaction) -> WatchesFinding:
            held = find(tx, Reach(), name)
            remove(tx, held, "operator", desk.db.now())
            return _finding(f"{held.label} is no longer watched in {held.channel}.")

        return await desk.db.writing(forget)

    answer(context, as_json, work, makes_store=True)


def _change(
    context: click.Context,
    as_json: bool,
    name: str,
    now_so: str,
    change: Callable[[Desk], Callable[[Transaction, Watch], Watch]],
) -> None:
    async def work(desk: Desk) -> Any:
        from commands.watch import Reach, find, line_of

        def keep(tx: Transaction) -> WatchesFinding:
            changed = change(desk)(tx, find(tx, Reach(), name))
            return _finding(f"{changed.label} {now_so}.", line_of(tx, changed, desk.clock()))

        return await desk.db.writing(keep)

    answer(context, as_json, work, makes_store=True)


def _finding(changed: str, *lines: Any) -> WatchesFinding:
    from bot.watch_findings import WatchesFinding

    return WatchesFinding(lines, changed)


def _sentence(words: tuple[str, ...]) -> str:
    """Join words as a shell gives them: a name that was quoted for the shell stays one."""
    first, *rest = words
    quoted = rest and " " in first.strip() and first[0] not in '"“„«' and first.split()[0].lower() not in _KINDS
    return " ".join([f'"{first}"' if quoted else first, *rest])


async def _place(desk: Desk, written: str, workspace: str | None) -> Place:
    """Return where a watch is told: with the channel's id where Slack can be asked, else as it was written."""
    from commands.watch_asked import Place
    from storage import workspaces

    found = await _asked_of_slack(desk, written) if desk.settings.slack_bot_token else None
    if found is not None:
        return found
    team = await desk.db.reading(lambda tx: workspaces.meant(tx, workspace))
    return Place(team, written, True, "operator")  # nobody can tell whether it is public


async def _asked_of_slack(desk: Desk, written: str) -> Place | None:
    """Ask Slack for the channel; None, said on standard error, where it does not answer."""
    from bot.slack.channels import channel_of
    from bot.slack.clients import made_client
    from bot.slack.faults import FAULTS, sort
    from commands.watch_asked import Place
    from storage.errors import NotFound

    client = made_client(desk.settings.slack_api_url, desk.settings.slack_bot_token)
    try:
        team = str((await client.auth_test())["team_id"])
        channel = await channel_of(client, written)
    except FAULTS as error:
        click.echo(
            f"dateline: Slack does not answer ({sort(error).problem}); the channel is kept by its name.", err=True
        )
        return None
    if channel is None or not channel.is_in:
        raise NotFound(f"Dateline is in no channel {written}; invite it there with /invite @dateline.")
    return Place(team, channel.id, channel.private, "operator")
