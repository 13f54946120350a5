"""The command, the buttons and the modal of watches, heard: each becomes a request, and a modal opens at once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers import NotUnderstood, SlackFailed
from bot.desk import Desk
from bot.runner import Runner
from bot.slack.cards.watch_modal import PARTS, edit_view, new_view, parts_of
from bot.slack.ids import Action, BadValue, Callback, Field, action_pattern, watch_draft, watch_ref
from bot.slack.incoming import click_request, command_request, id_of, team_of
from bot.slack.outbox import Clients
from bot.slack.request import Door, Request, typed
from bot.slack.watch_refs import WatchDraft, WatchRef
from bot.slack.zones import zone_of
from bot.surfaces.home_tab import show_home
from bot.surfaces.watch_places import place_of
from bot.watch_parts import WatchRefused, read_parts
from commands import watch as verbs
from commands.watch_asked import Place
from storage.errors import NotFound
from storage.watches import Watch, WatchKind

Json = Mapping[str, Any]

_QUICKLY: Final = 1.5
"""Seconds for what Slack has to be asked while a modal waits: it is shown as broken after three."""
_FIELDS: Final = {**{part: field for field, part in PARTS.items()}, "subject": Field.SUBJECT, "channel": Field.CHANNEL}


class WatchListening:
    """What people do about watches, over one runner."""

    def __init__(self, desk: Desk, clients: Clients, runner: Runner) -> None:
        self._desk = desk
        self._clients = clients
        self._runner = runner

    def register(self, app: AsyncApp) -> None:
        """Listen to all of it."""
        app.command("/watch")(self._command)
        app.action(action_pattern(Action.WATCH))(self._do)
        app.action(action_pattern(Action.WATCH_ADD))(self._add)
        app.action(action_pattern(Action.WATCH_NEW))(self._new)
        app.action(action_pattern(Action.WATCH_EDIT))(self._edit)
        app.view(str(Callback.WATCH))(self._submitted)

    async def _command(self, ack: AsyncAck, body: Json) -> None:
        text = typed(str(body.get("text", "")))
        match text.lower().split():
            case ["new"]:
                await ack()
                await self._open(body, new_view(WatchDraft(), str(body["channel_id"])))
                return
            case ["edit", name]:
                reach = verbs.Reach(team_of(body), str(body["channel_id"]), str(body["user_id"]))
                try:
                    held = await self._desk.db.reading(lambda tx: verbs.find(tx, reach, name))
                except (NotFound, WatchRefused):
                    pass  # the answer says what is wrong
                else:
                    await ack()
                    await self._open(body, edit_view(held, reach.channel))
                    return
        await self._runner.accept(command_request(body, "watch", text, {}))
        await ack()

    async def _do(self, ack: AsyncAck, body: Json, action: Json) -> None:
        ref = watch_ref(str(action.get("value", "")))
        request = click_request(body, action, "watch", f"{ref.what} {ref.watch}", {})
        await self._runner.accept(request)
        await ack()
        if not request.channel:  # pressed in Home, which is to show how it stands now
            await self._show_home(request)

    async def _add(self, ack: AsyncAck, body: Json, action: Json) -> None:
        draft = watch_draft(str(action.get("value", "")))
        said = {**draft.parts, "subject": draft.subjects[0] if draft.subjects else ""}
        detail = {"parts": said, "public": draft.public}
        await self._runner.accept(click_request(body, action, "watch", "add", detail))
        await ack()

    async def _new(self, ack: AsyncAck, body: Json, action: Json) -> None:
        await ack()
        draft = watch_draft(str(action.get("value", "")))
        await self._open(body, new_view(draft, id_of(body.get("channel"))))

    async def _edit(self, ack: AsyncAck, body: Json, action: Json) -> None:
        await ack()
        ref, here = watch_ref(str(action.get("value", ""))), id_of(body.get("channel"))
        reach = verbs.Reach(team_of(body), here, str(body["user"]["id"]))
        held = await self._desk.db.reading(lambda tx: verbs.find(tx, reach, ref.watch))
        await self._open(body, edit_view(held, here))

    async def _open(self, body: Json, view: dict[str, Any]) -> None:
        client = await self._clients.client(team_of(body))
        await client.views_open(trigger_id=str(body["trigger_id"]), view=view)

    async def _submitted(self, ack: AsyncAck, body: Json, view: Json) -> None:
        """Say at each field what is wrong with it; else note the request, and let the modal close."""
        draft, ref = _carried(str(view["private_metadata"]))
        said = parts_of(view, draft)
        team, user = team_of(body), str(body["user"]["id"])
        held = None
        if ref is not None:
            reach = verbs.Reach(team, ref.channel, user)
            try:
                held = await self._desk.db.reading(lambda tx: verbs.find(tx, reach, ref.watch))
            except NotFound as gone:  # removed while the modal was open
                await ack(response_action="errors", errors={str(Field.CHANNEL): str(gone)})
                return
        request = Request(
            id=f"view:{team}:{view['id']}:{view['hash']}",
            verb="watch",
            subject=f"edit {ref.watch}" if ref else "add",
            workspace=team,
            user=user,
            channel=ref.channel if ref else "",
            private=True,
            door=Door.COMMAND,
            detail={"parts": said},
        )
        errors, place = await self._looked_at(request, said, held)
        if errors:
            await ack(response_action="errors", errors={str(name): why for name, why in errors.items()})
            return
        request = request if ref or place is None else _told_in(request, place)
        await self._runner.accept(request)
        await ack()
        if ref is None or not ref.channel:  # begun in Home, perhaps
            await self._show_home(request)

    async def _show_home(self, request: Request) -> None:
        await self._runner.answered(request)
        await show_home(self._desk, self._clients, request.workspace, request.user)

    async def _looked_at(
        self, request: Request, said: Mapping[str, str], held: Watch | None
    ) -> tuple[dict[Field, str], Place | None]:
        """Find what is wrong with the parts of a modal, and the place it is told in, where Slack says it in time."""
        zone = held.zone if held else await zone_of(self._clients, request.workspace, request.user) or "UTC"
        errors: dict[Field, str] = {}
        for part, text in {"subject": "", **said}.items() if held is None else said.items():
            try:
                read_parts({part: text}, zone)
            except WatchRefused as refused:
                errors[_FIELDS[refused.part]] = str(refused)
        if _kind(said, held) in {WatchKind.PERSON, WatchKind.PICTURE} and "schedule" in said and _unsourced(said, held):
            errors.setdefault(Field.SOURCES, "A schedule needs sources to ask, like x:@handle; or leave it out.")
        place = None
        if Field.CHANNEL not in errors and (held is None or said["channel"] != held.channel):
            try:
                place = await asyncio.wait_for(place_of(self._clients, request, said["channel"]), _QUICKLY)
            except NotUnderstood as refused:
                errors[Field.CHANNEL] = str(refused)
            except (SlackFailed, TimeoutError):
                place = None  # the answer will tell
        return errors, place


def _carried(written: str) -> tuple[WatchDraft | None, WatchRef | None]:
    """Return what the modal was opened with: a new watch, or the one that is changed."""
    try:
        return None, watch_ref(written)
    except BadValue:
        return watch_draft(written), None


def _kind(said: Mapping[str, str], held: Watch | None) -> WatchKind | None:
    if held is not None:
        return held.kind
    try:
        kind = read_parts({"subject": said.get("subject", "")}, "UTC")["kind"]
    except WatchRefused:
        return None
    return kind if isinstance(kind, WatchKind) else None


def _unsourced(said: Mapping[str, str], held: Watch | None) -> bool:
    return said.get("sources", "nothing" if held is None else "") == "nothing"


def _told_in(request: Request, place: Place) -> Request:
    """Let the answer stand in the channel that was chosen, for the one who asked alone."""
    return replace(request, channel=place.channel, private=place.private)
