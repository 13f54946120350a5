"""Verdicts on sightings in Slack: the modal under each sighting, "Why?", `/dateline verdicts`, and taking one back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers import NotUnderstood
from bot.runner import Answer, Reply, Runner
from bot.slack.blocks import Card
from bot.slack.cards.verdicts import UNDONE, explanation_message, noted_message, verdict_view, verdicts_message
from bot.slack.cards.whereis import whereis_card
from bot.slack.ids import Action, Callback, Field, action_pattern
from bot.slack.incoming import Json, click_request, is_private, team_of
from bot.slack.request import Door, Request, read_alone
from bot.slack.verdict_refs import VerdictDraft
from bot.slack.verdict_values import sighting_ref, verdict_draft, verdict_ref
from bot.surfaces.surface import Tools
from bot.verdict_findings import Said, VerdictsFinding
from commands import verdicts
from commands.explain import explain
from commands.whereis import whereis
from storage import sightings
from storage.database import Transaction
from storage.errors import NotFound
from storage.records import Stance, utc
from storage.verdicts import Judgement

JUDGED = "It is noted."
GONE = "This sighting is not in the store any more, or not for you; ask with /whereis again."


class VerdictSurface:
    """The modal, the explanation, and the list of verdicts."""

    verbs = frozenset({"verdicts"})

    def __init__(self, tools: Tools) -> None:
        self._desk = tools.desk
        self._clients = tools.clients

    def answers(self) -> Mapping[str, Answer]:
        """Return what answers each verb."""
        return {
            "verdicts": self.listed,
            "judge": self.judge,
            "explain": self.explain,
            "undo verdict": self.undo,
        }

    def listen(self, app: AsyncApp, runner: Runner) -> None:
        """Listen to the buttons and the modal."""

        async def opens(ack: AsyncAck, body: Json, action: Json) -> None:
            await ack()
            ref = sighting_ref(str(action.get("value", "")))
            asked = click_request(body, action, "judge", ref.sighting, {})
            alone = bool((body.get("container") or {}).get("is_ephemeral"))
            url = asked.response_url if alone else ""
            draft = VerdictDraft(ref.sighting, ref.again if url else "", channel=asked.channel, url=url)
            view = await self._desk.db.reading(lambda tx: _view(tx, draft, asked))
            client = await self._clients.client(team_of(body))
            await client.views_open(trigger_id=str(body["trigger_id"]), view=view)

        async def judges(ack: AsyncAck, body: Json, view: Json) -> None:
            detail = _read(view["state"]["values"])
            if "errors" in detail:
                await ack(response_action="errors", errors=detail["errors"])
                return
            draft = verdict_draft(str(view["private_metadata"]))
            request = Request(
                id=f"view:{team_of(body)}:{view['id']}:{view['hash']}",
                verb="judge",
                subject=draft.sighting,
                workspace=team_of(body),
                user=str(body["user"]["id"]),
                channel=draft.channel,
                private=is_private(draft.channel, ""),
                door=Door.COMMAND,
                response_url=draft.url,
                detail={**detail, "seen": draft.seen, "again": draft.again},
            )
            await runner.accept(request)
            await ack()

        async def explains(ack: AsyncAck, body: Json, action: Json) -> None:
            ref = sighting_ref(str(action.get("value", "")))
            await runner.accept(click_request(body, action, "explain", ref.sighting, {}))
            await ack()

        async def more(ack: AsyncAck, body: Json, action: Json) -> None:
            start = verdict_ref(str(action.get("value", ""))).start
            await runner.accept(click_request(body, action, "verdicts", "", {"start": start}))
            await ack()

        async def undoes(ack: AsyncAck, body: Json, action: Json) -> None:
            ref = verdict_ref(str(action.get("value", "")))
            await runner.accept(click_request(body, action, "undo verdict", ref.verdict, {}))
            await ack()

        app.action(action_pattern(Action.JUDGE))(opens)
        app.view(str(Callback.VERDICT))(judges)
        app.action(action_pattern(Action.EXPLAIN))(explains)
        app.action(action_pattern(Action.VERDICTS))(more)
        app.action(action_pattern(Action.UNDO_VERDICT))(undoes)

    async def listed(self, request: Request) -> Reply:
        """List the verdicts that stand in the workspace, as far as whoever reads the answer may know of them."""
        if request.subject.strip():
            raise NotUnderstood("That is not understood; type /dateline verdicts.")
        start = int((request.detail or {}).get("start", 0))
        found = await self._desk.db.reading(lambda tx: verdicts.listing(tx, request.workspace, request.viewer, start))
        return Reply(Card(verdicts_message(found, named=read_alone(request))))

    async def judge(self, request: Request) -> Reply:
        """Judge a sighting, show how it is told now and, where the card is that person's alone, the card again."""
        detail, now = request.detail or {}, utc(self._desk.clock())
        place = await self._desk.work(verdicts.place_named, str(detail["place"])) if detail["place"] else None
        stance = Stance(detail["stance"]) if detail["stance"] else None
        said = Said(Judgement(str(detail["kind"])), place, stance, str(detail["note"]), str(detail["seen"]))

        def keep(tx: Transaction) -> VerdictsFinding:
            viewer, team = request.viewer, request.workspace
            verdicts.give(tx, request.subject, said, viewer, workspace=team, by=request.user, now=now)
            return verdicts.judged(tx, request.subject, viewer, JUDGED)

        noted = noted_message(await self._desk.db.writing(keep))
        if not detail["again"]:
            return Reply(Card(noted))
        again = await whereis(self._desk, str(detail["again"]), viewer=request.viewer, patient=False)
        return Reply(Card(whereis_card(again).first, (noted,)), whole=True, replaces=True)

    async def explain(self, request: Request) -> Reply:
        """Tell why a sighting was read as it is."""
        found = await explain(self._desk, request.subject, viewer=request.viewer)
        return Reply(Card(explanation_message(found)))

    async def undo(self, request: Request) -> Reply:
        """Take a verdict back."""
        now = utc(self._desk.clock())

        def settle(tx: Transaction) -> Card:
            viewer, team = request.viewer, request.workspace
            back = verdicts.undo(tx, request.subject, viewer, workspace=team, by=request.user, now=now)
            return Card(noted_message(verdicts.as_it_was(tx, back, viewer, UNDONE)))

        return Reply(settle=settle)


def _view(tx: Transaction, draft: VerdictDraft, asked: Request) -> dict[str, Any]:
    """Make the modal.

    Raises:
        NotFound: the sighting is not there, for whoever asks.
    """
    found = sightings.get(tx, draft.sighting, asked.viewer)
    if found is None:
        raise NotFound(GONE)
    held = verdicts.standing_here(tx, draft.sighting, asked.workspace)
    return verdict_view(found, replace(draft, seen=held.id if held else ""))


def _read(values: dict[str, Any]) -> dict[str, Any]:
    def chosen(name: Field) -> str:
        option = values[name][name].get("selected_option") or {}
        return str(option.get("value", ""))

    def typed(name: Field) -> str:
        return str(values[name][name].get("value") or "").strip()

    kind, place, stance = chosen(Field.KIND), typed(Field.PLACE), chosen(Field.STANCE)
    if kind not in list(Judgement):
        return {"errors": {str(Field.KIND): "Choose what you say of it."}}
    if kind == Judgement.CORRECTED and not (place or stance):
        return {"errors": {str(Field.PLACE): "Say which place or which stance it is instead."}}
    if kind == Judgement.REJECTED and (place or stance):
        return {"errors": {str(Field.KIND): "What is rejected has no other place or stance; choose one of the two."}}
    if stance and stance not in list(Stance):
        return {"errors": {str(Field.STANCE): "Choose one of the list."}}
    return {"kind": kind, "place": place, "stance": stance, "note": typed(Field.NOTE)}
