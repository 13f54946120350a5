"""The digest of a channel: set up, shown beforehand, sent at once, turned off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot import wording
from bot.answers import need_to_be_in
from bot.runner import Answer, Reply, Runner
from bot.schedules.digest_words import parse_digest
from bot.schedules.due import ScheduleRefused, checked_zone
from bot.slack.blocks import Card
from bot.slack.cards.digest import digest_card
from bot.slack.cards.digest_plan import plan_message, plan_typed, plan_view
from bot.slack.cards.error import error_message
from bot.slack.ids import Action, Callback, Field, action_pattern, digest_ref
from bot.slack.incoming import click_request, team_of
from bot.slack.request import Door, Request, read_alone
from bot.slack.zones import zone_of
from bot.surfaces.surface import Tools
from bot.sweeps.digests import tell
from commands.digest import digest, plan_for, remove, run_of
from storage import digests
from storage.database import Transaction

_OTHER_ZONE: Final = "Asia/Tokyo"
"""A zone to read words by a second time: where that changes nothing they name their own."""


class DigestSurface:
    """`/dateline digest`, its buttons and its modal."""

    verbs = frozenset({"digest"})

    def __init__(self, tools: Tools) -> None:
        self._desk = tools.desk
        self._clients = tools.clients

    def answers(self) -> Mapping[str, Answer]:
        """Return what answers each verb."""
        return {"digest": self.digest}

    def listen(self, app: AsyncApp, runner: Runner) -> None:
        """Listen to the buttons and to the modal."""

        async def clicked(ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any]) -> None:
            what = digest_ref(str(action.get("value", ""))).what
            await runner.accept(click_request(body, action, "digest", what, {}))
            await ack()

        async def change(ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any]) -> None:
            await ack()
            team, channel = team_of(body), digest_ref(str(action.get("value", ""))).channel
            plan = await self._desk.db.reading(lambda tx: digests.plan_of(tx, team, channel))
            zone = plan.zone if plan else await zone_of(self._clients, team, str(body["user"]["id"]))
            client = await self._clients.client(team)
            await client.views_open(trigger_id=str(body["trigger_id"]), view=plan_view(plan, channel, zone or "UTC"))

        async def chosen(ack: AsyncAck, body: Mapping[str, Any], view: Mapping[str, Any]) -> None:
            values = view["state"]["values"]
            problem = _problem(values)
            if problem:
                await ack(response_action="errors", errors=problem)
                return
            request = Request(
                id=f"view:{team_of(body)}:{view['id']}:{view['hash']}",
                verb="digest",
                subject=plan_typed(values),
                workspace=team_of(body),
                user=str(body["user"]["id"]),
                channel=digest_ref(str(view["private_metadata"])).channel,
                private=True,
                door=Door.COMMAND,
            )
            await runner.accept(request)
            await ack()

        app.action(action_pattern(Action.DIGEST))(clicked)
        app.action(action_pattern(Action.DIGEST_SETTINGS))(change)
        app.view(str(Callback.DIGEST_PLAN))(chosen)

    async def digest(self, request: Request) -> Reply:
        """Do what the words after `/dateline digest` say."""
        match request.subject.lower().split():
            case [] | ["preview"]:
                return await self._preview(request)
            case ["now"]:
                return await self._now(request)
            case ["off"]:
                return await self._off(request)
            case ["settings"]:
                plan = await self._desk.db.reading(lambda tx: digests.plan_of(tx, request.workspace, request.channel))
                return Reply(Card(plan_message(plan, request.channel, named=read_alone(request))))
        return await self._set(request)

    async def _preview(self, request: Request) -> Reply:
        """Show what the next digest would tell as things are; nothing is noted as told."""
        finding = await self._desk.work(digest, request.workspace, request.channel)
        return Reply(digest_card(finding, preview=True), whole=True)

    async def _now(self, request: Request) -> Reply:
        """Post in the channel what is new since its last digest; the next one begins there."""
        await need_to_be_in(self._clients, request)
        finding = await self._desk.work(digest, request.workspace, request.channel)
        if finding.empty:
            since = f"Nothing is new since {wording.at(finding.since)}."
            return Reply(Card(error_message(since, "So nothing was posted. /whereis NAME asks the whole archive.")))
        card = digest_card(finding)
        run = run_of(finding, request.workspace, request.id)

        def settle(tx: Transaction) -> Card:
            if tell(tx, request.workspace, run, card):
                return Card(error_message("The digest is on its way into the channel.", "The next one begins here."))
            return Card(error_message("A digest of this channel has just gone out.", "Look at the channel."))

        return Reply(settle=settle)

    async def _off(self, request: Request) -> Reply:
        now = self._desk.clock()

        def settle(tx: Transaction) -> Card:
            removed = remove(tx, request.workspace, request.channel, by=request.user, now=now)
            told = "This channel gets no digest any more." if removed else "This channel gets no digest as it is."
            return Card(plan_message(None, request.channel, told))

        return Reply(settle=settle)

    async def _set(self, request: Request) -> Reply:
        zone = await zone_of(self._clients, request.workspace, request.user)
        asked = parse_digest(request.subject, zone or "UTC")
        named = parse_digest(request.subject, _OTHER_ZONE).schedule.zone == asked.schedule.zone
        await need_to_be_in(self._clients, request)
        now = self._desk.clock()
        note = ""
        if not named or (asked.schedule.zone == _OTHER_ZONE == zone):
            note = f"No zone was named, so the times are by yours: {zone}." if zone else _NO_ZONE

        def settle(tx: Transaction) -> Card:
            plan = plan_for(
                tx,
                request.workspace,
                request.channel,
                asked.schedule,
                owner=request.user,
                now=now,
                sections=asked.sections,
                silent=asked.silent,
            )
            return Card(
                plan_message(
                    plan, request.channel, "The digest of this channel is set.", note, named=read_alone(request)
                )
            )

        return Reply(settle=settle)


_NO_ZONE: Final = (
    "Slack does not tell your zone, so the times are UTC; to name one: /dateline digest at 08:30 Europe/Oslo"
)


def _problem(values: Mapping[str, Any]) -> dict[str, str]:
    """Say what in the modal cannot be kept, by the input it stands in."""
    problems: dict[str, str] = {}
    zone = str(values[Field.ZONE][Field.ZONE].get("value") or "").strip()
    try:
        checked_zone(zone)
    except ScheduleRefused as refused:
        problems[str(Field.ZONE)] = str(refused)
    for field, what in ((Field.DAYS, "day"), (Field.SECTIONS, "section")):
        if not values[field][field].get("selected_options"):
            problems[str(field)] = f"Choose at least one {what}."
    return problems
