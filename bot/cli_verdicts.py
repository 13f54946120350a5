"""`verdict`, `verdicts` and `explain` on the command line, for `bot.cli`: sightings judged and explained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bot.arguments import json_option
from bot.front import answer

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.verdict_findings import VerdictsFinding
    from storage.database import Transaction

ACTS = ("confirm", "reject", "place", "stance")

STANCES = ("asserted", "alleged", "rumored", "denied", "negated", "planned", "past", "unclassified")
"""As `storage.records.Stance`, which is imported only when something is judged."""


@click.command()
@click.argument("sighting", metavar="SIGHTING")
@click.argument("act", metavar="[confirm|reject|place|stance]", type=click.Choice(ACTS), required=False)
@click.argument("value", metavar="[VALUE]", required=False)
@click.option("--undo", is_flag=True, help="Take the verdict back.")
@click.option("--note", default="", metavar="TEXT", help="Why, in your words.")
@click.option("--workspace", metavar="T", help="The team it holds for; needed where the store serves several.")
@json_option
@click.pass_context
def verdict(
    context: click.Context,
    sighting: str,
    act: str | None,
    value: str | None,
    undo: bool,
    note: str,
    workspace: str | None,
    as_json: bool,
) -> None:
    """Judge the sighting with the id SIGHTING: confirm it, reject it, or correct its place or stance to VALUE.

    It holds until --undo, also when the post is read again with newer rules.
    """
    _check(act, value, undo)

    async def work(desk: Desk) -> Any:
        from bot.verdict_findings import Said
        from commands import verdicts as verbs
        from storage import workspaces
        from storage.records import OPERATOR, Stance
        from storage.verdicts import Judgement

        place = await desk.work(verbs.place_named, value or "") if act == "place" else None
        stance = Stance(value) if act == "stance" and value else None
        judgement = {"confirm": Judgement.CONFIRMED, "reject": Judgement.REJECTED}.get(act or "", Judgement.CORRECTED)

        def keep(tx: Transaction) -> VerdictsFinding:
            now = desk.db.now()
            if undo:
                back = verbs.undo(tx, sighting, workspace=workspace or "", by="operator", now=now)
                told = "The verdict is taken back; the reader's own reading stands."
                return verbs.as_it_was(tx, back, OPERATOR, told)
            team = workspaces.meant(tx, workspace)
            said = Said(judgement, place, stance, note)
            verbs.give(tx, sighting, said, OPERATOR, workspace=team, by="operator", now=now)
            return verbs.judged(tx, sighting, OPERATOR, f"It is noted; to undo it: dateline verdict {sighting} --undo")

        return await desk.db.writing(keep)

    answer(context, as_json, work, makes_store=True)


@click.command()
@click.option("--workspace", metavar="T", help="Of this team only.")
@json_option
@click.pass_context
def verdicts(context: click.Context, workspace: str | None, as_json: bool) -> None:
    """List the verdicts that stand, the newest first, each with the sighting as it was when it was judged."""

    async def work(desk: Desk) -> Any:
        from commands.verdicts import listing

        return await desk.db.reading(lambda tx: listing(tx, workspace or "", most=None))

    answer(context, as_json, work, asked=("verdicts", workspace or "all"), makes_store=False)


@click.command()
@click.argument("sighting", metavar="SIGHTING")
@json_option
@click.pass_context
def explain(context: click.Context, sighting: str, as_json: bool) -> None:
    """Tell why the sighting with the id SIGHTING was read as it is: words, speaker, rule, cue, name, place, time."""

    async def work(desk: Desk) -> Any:
        from commands.explain import explain as verb

        return await verb(desk, sighting)

    answer(context, as_json, work, asked=("explain", sighting), makes_store=False)


def _check(act: str | None, value: str | None, undo: bool) -> None:
    """Refuse what cannot be meant, as wrong usage."""
    if undo == (act is not None):
        raise click.UsageError("Say confirm, reject, place or stance; or --undo and nothing else.")
    if (act in {"place", "stance"}) != (value is not None):
        raise click.UsageError("place and stance take what it is instead; confirm and reject take nothing more.")
    if act == "stance" and value not in STANCES:
        raise click.UsageError(f"There is no stance {value!r}; it is one of {', '.join(STANCES)}.")
    if act == "place" and not (value or "").strip():
        raise click.UsageError("Name the place, like 'Homs, Syria'.")
