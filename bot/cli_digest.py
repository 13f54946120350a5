"""`digest` on the command line, for `bot.cli`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bot.arguments import json_option
from bot.front import answer
from storage.errors import DatelineError, NotFound

if TYPE_CHECKING:
    from bot.desk import Desk
    from storage.database import Transaction


class NothingNew(DatelineError):
    """A digest that was to be sent has nothing to tell, or was sent a moment ago."""

    code = "nothing_new"


@click.command()
@click.argument("channel", required=False)
@click.option("--preview/--now", "preview", default=True, help="Show it, or post it in the channel; shown by default.")
@click.option("--workspace", metavar="T", help="The team of the channel; needed where the store serves several.")
@json_option
@click.pass_context
def digest(context: click.Context, channel: str | None, preview: bool, workspace: str | None, as_json: bool) -> None:
    """Tell what is new for CHANNEL since its last digest; without CHANNEL, which channels get one and when.

    CHANNEL is an id (C0123ABCD), or a #name where Slack can be asked. With --now the running bot posts it, and it
    counts as one: the next digest begins there.
    """
    if channel is None and not preview:
        raise click.UsageError("Name the channel whose digest is to be sent.", context)

    async def work(desk: Desk) -> Any:
        from bot.findings import DigestPlansFinding
        from storage import digests

        if channel is None:
            held = await desk.db.reading(digests.plans)
            return DigestPlansFinding(tuple(held))
        team, place = await _place(desk, channel, workspace)
        return _preview(desk, team, place) if preview else await _now(desk, team, place)

    answer(context, as_json, work, asked=("digest", channel) if channel else (), makes_store=not preview)


def _preview(desk: Desk, team: str, channel: str) -> Any:
    from commands.digest import digest as verb

    return verb(desk, team, channel)


async def _now(desk: Desk, team: str, channel: str) -> Any:
    from bot.slack.cards.digest import digest_card
    from bot.sweeps.digests import tell
    from commands.digest import digest as verb
    from commands.digest import run_of

    finding = verb(desk, team, channel)
    if finding.empty:
        raise NothingNew(f"Nothing is new for {channel} since {finding.since}, so nothing was posted.")
    run, card = run_of(finding, team, f"operator:{finding.until}"), digest_card(finding)

    def keep(tx: Transaction) -> bool:
        return tell(tx, team, run, card)

    if not await desk.db.writing(keep):
        raise NothingNew(f"A digest of {channel} has just gone out; ask for what is new since then.")
    return finding


async def _place(desk: Desk, written: str, workspace: str | None) -> tuple[str, str]:
    """Return the team and the id of a channel; of one that has a digest or is written `T/C` its own team.

    Raises:
        NotFound: a name that nobody can look up.
        WorkspaceNeeded: the team cannot be told.
    """
    from storage import digests, workspaces

    team, slash, channel = written.partition("/")
    if slash:
        return team, channel
    if written.startswith("#"):
        written = await _id_of(desk, written)
    plans = await desk.db.reading(digests.plans)
    teams = {plan.workspace for plan in plans if plan.channel == written}
    known = [workspace] if workspace else sorted(teams) or await desk.db.reading(workspaces.known)
    return workspaces.only(known), written


async def _id_of(desk: Desk, name: str) -> str:
    from bot.slack.channels import channel_of
    from bot.slack.clients import made_client
    from bot.slack.faults import FAULTS, sort

    how = "give its id, which stands at the end of what Slack's “About” of the channel shows"
    if not desk.settings.slack_bot_token:
        raise NotFound(f"The channel {name} cannot be looked up without SLACK_BOT_TOKEN; {how}.")
    try:
        found = await channel_of(made_client(desk.settings.slack_api_url, desk.settings.slack_bot_token), name)
    except FAULTS as error:
        raise NotFound(
            f"Slack does not answer ({sort(error).problem}), so {name} cannot be looked up; {how}."
        ) from error
    if found is None:
        raise NotFound(f"Dateline is in no channel {name}; invite it there with /invite @dateline.")
    return found.id
