"""What never warns: pictures marked as boilerplate by a modal, `/dateline silenced`, and undoing either."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers import NotUnderstood
from bot.runner import Answer, Reply, Runner
from bot.slack.blocks import Card
from bot.slack.cards.alert import already_message
from bot.slack.cards.silenced import boilerplate_view, marked_message, silenced_message, undone_message
from bot.slack.ids import Action, Callback, Field, action_pattern, boilerplate_ref, silence_ref
from bot.slack.incoming import Json, click_request, is_private, team_of
from bot.slack.request import Door, Request, read_alone
from bot.slack.silence_refs import BoilerplateRef
from bot.surfaces.home_tab import show_home
from bot.surfaces.surface import Tools
from bot.surfaces.triage_modals import OUTDATED
from commands import boilerplate, silenced
from storage import alerts, images
from storage.boilerplate import Kind
from storage.database import Transaction
from storage.errors import NotFound
from storage.records import OPERATOR, utc

CAME_IN: Final = "The picture that came in"
HELD: Final = "The picture that we hold"


class SilenceSurface:
    """The modal of boilerplate, and the list of what is silenced."""

    verbs = frozenset({"silenced"})

    def __init__(self, tools: Tools) -> None:
        self._desk = tools.desk
        self._clients = tools.clients

    def answers(self) -> Mapping[str, Answer]:
        """Return what answers each verb."""
        return {"silenced": self.silenced, "mark boilerplate": self.mark, "unsilence": self.undo}

    def listen(self, app: AsyncApp, runner: Runner) -> None:
        """Listen to the buttons and the modal."""

        async def opens(ack: AsyncAck, body: Json, action: Json) -> None:
            await ack()
            ref = boilerplate_ref(str(action.get("value", "")))
            asked = click_request(body, action, OUTDATED, ref.alert, {})
            view = await self._desk.db.reading(lambda tx: _view(tx, ref, asked))
            if view is None:
                await runner.accept(asked)
                return
            client = await self._clients.client(team_of(body))
            await client.views_open(trigger_id=str(body["trigger_id"]), view=view)

        async def marks(ack: AsyncAck, body: Json, view: Json) -> None:
            detail = _read(view["state"]["values"])
            if "errors" in detail:
                await ack(response_action="errors", errors=detail["errors"])
                return
            ref = boilerplate_ref(str(view["private_metadata"]))
            request = Request(
                id=f"view:{team_of(body)}:{view['id']}:{view['hash']}",
                verb="mark boilerplate",
                subject=detail["picture"] or ref.pictures[0],
                workspace=team_of(body),
                user=str(body["user"]["id"]),
                channel=ref.channel,
                private=is_private(ref.channel, ""),
                door=Door.COMMAND,
                detail={**detail, "alert": ref.alert, "seen": ref.seen},
            )
            await runner.accept(request)
            await ack()

        async def more(ack: AsyncAck, body: Json, action: Json) -> None:
            start = silence_ref(str(action.get("value", ""))).start
            await runner.accept(click_request(body, action, "silenced", "", {"start": start}))
            await ack()

        async def undoes(ack: AsyncAck, body: Json, action: Json) -> None:
            ref = silence_ref(str(action.get("value", "")))
            request = click_request(body, action, "unsilence", ref.silence, {})
            await runner.accept(request)
            await ack()
            await runner.answered(request)
            await show_home(self._desk, self._clients, request.workspace, request.user)

        app.action(action_pattern(Action.BOILERPLATE))(opens)
        app.view(str(Callback.BOILERPLATE))(marks)
        app.action(action_pattern(Action.SILENCED))(more)
        app.action(action_pattern(Action.UNSILENCE))(undoes)

    async def silenced(self, request: Request) -> Reply:
        """List what is silenced in the workspace, as far as whoever reads the answer may know of it."""
        if request.subject.strip():
            raise NotUnderstood("That is not understood; type /dateline silenced.")
        start = int((request.detail or {}).get("start", 0))
        found = await self._desk.db.reading(lambda tx: silenced.listing(tx, request.workspace, request.viewer, start))
        return Reply(Card(silenced_message(found, named=read_alone(request))))

    async def mark(self, request: Request) -> Reply:
        """Mark a picture; on a warning that settles the warning for everybody."""
        detail, now = request.detail or {}, utc(self._desk.clock())
        kind, note = Kind(str(detail["kind"])), str(detail["note"])

        def settle(tx: Transaction) -> Card | None:
            if not detail["alert"]:
                # what may be marked was looked up when the modal opened, for where it was opened
                boilerplate.mark(tx, request.workspace, request.subject, kind, note, OPERATOR, by=request.user, now=now)
                return Card(marked_message(kind))
            decision = silenced.mark_on_alert(
                tx, str(detail["alert"]), request.subject, kind, note, by=request.user, now=now, seen=detail["seen"]
            )
            return None if decision.made else Card(already_message(decision.by))

        return Reply(settle=settle)

    async def undo(self, request: Request) -> Reply:
        """Let a pair or a picture warn again."""
        now = utc(self._desk.clock())

        def settle(tx: Transaction) -> Card:
            undone = silenced.undo(tx, request.workspace, request.subject, request.viewer, by=request.user, now=now)
            return Card(undone_message(undone))

        return Reply(settle=settle)


def _view(tx: Transaction, ref: BoilerplateRef, asked: Request) -> dict[str, Any] | None:
    """Make the modal; None where more was done about the warning than the card showed.

    Raises:
        NotFound: no picture of the card is in the archive, for whoever asks.
    """
    if not ref.alert:
        seen = images.seen_by(tx, ref.pictures, asked.viewer)
        shown = tuple(sha256 for sha256 in ref.pictures if sha256 in seen)
        if not shown:
            raise NotFound("This picture is not in the archive; keep it first, then mark it.")
        labels = [f"Picture {number} of {len(shown)}" for number in range(1, len(shown) + 1)]
        return boilerplate_view(replace(ref, pictures=shown, channel=asked.channel), labels)
    alert = alerts.get(tx, ref.alert)
    if ref.seen is not None and ref.seen != len(alerts.steps(tx, ref.alert)):
        return None
    named = {alert.image_sha256: CAME_IN, alert.match_sha256: HELD}
    pictures = {sha256: label for sha256, label in named.items() if sha256}
    return boilerplate_view(replace(ref, pictures=tuple(pictures)), list(pictures.values()))


def _read(values: dict[str, Any]) -> dict[str, Any]:
    kind = (values[Field.KIND][Field.KIND].get("selected_option") or {}).get("value", "")
    if kind not in list(Kind):
        return {"errors": {str(Field.KIND): "Choose what it is."}}
    note = str(values[Field.NOTE][Field.NOTE].get("value") or "")
    if Kind(kind) is Kind.OTHER and not note.strip():
        return {"errors": {str(Field.NOTE): "Say why, so that others can judge it."}}
    picture = values.get(Field.PICTURE, {}).get(Field.PICTURE, {}).get("selected_option") or {}
    return {"picture": str(picture.get("value", "")), "kind": kind, "note": note}
