"""How the desk fares, and trying once more what could not be delivered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.runner import Answer, Reply, Runner
from bot.slack.blocks import Card
from bot.slack.cards.error import error_message
from bot.slack.cards.status import status_message
from bot.slack.ids import Action, action_pattern, letter_ref
from bot.slack.incoming import click_request
from bot.slack.request import Request
from bot.surfaces.surface import Tools
from commands.health import health_of, resend
from commands.status import status
from storage.database import Transaction
from storage.records import utc


class StatusSurface:
    """`/dateline status` and the buttons of its dead letters."""

    verbs = frozenset({"status"})

    def __init__(self, tools: Tools) -> None:
        self._desk = tools.desk

    def answers(self) -> Mapping[str, Answer]:
        """Return what answers each verb."""
        return {"status": self.status, "resend": self.resend}

    def listen(self, app: AsyncApp, runner: Runner) -> None:
        """Listen to the buttons."""

        async def again(ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any]) -> None:
            letter = letter_ref(str(action.get("value", ""))).letter
            await runner.accept(click_request(body, action, "resend", letter, {}))
            await ack()

        app.action(action_pattern(Action.RESEND))(again)

    async def status(self, request: Request) -> Reply:
        """Tell the state of the store, of the sources and of the desk."""
        found = await status(self._desk, viewer=request.viewer)
        waiting = max(0, found.health.requests_waiting - 1)  # the one that asks waits, too
        return Reply(Card(status_message(replace(found, health=replace(found.health, requests_waiting=waiting)))))

    async def resend(self, request: Request) -> Reply:
        """Try once more one message that was given up, or all that are shown."""
        now, actor = self._desk.clock(), f"{request.workspace}/{request.user}"

        def settle(tx: Transaction) -> Card:
            shown = [letter.id for letter in health_of(tx, now, request.viewer).dead]
            wanted = [letter for letter in shown if request.subject in {"", letter}]
            tried = sum(resend(tx, letter, actor, utc(now)) for letter in wanted)
            if not tried:
                return Card(error_message("This was sent again already.", "See /dateline status for what is left."))
            what = "One message is" if tried == 1 else f"{tried:,} messages are"
            return Card(error_message(f"{what} being sent again.", "See /dateline status for what becomes of it."))

        return Reply(settle=settle)
