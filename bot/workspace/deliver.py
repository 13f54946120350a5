"""Brings events and interactions to the bot, by either transport, again where Slack would, and notes each attempt."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from bot.workspace.events import events_of
from bot.workspace.faults import Faults
from bot.workspace.sending import Parcel, Receipt, Transport
from bot.workspace.state import Workspace
from bot.workspace.transcript import Call, Change, Delivery
from bot.workspace.values import Json


class Deliveries:
    """Everything that goes to the bot goes through here."""

    def __init__(
        self,
        workspace: Workspace,
        transport: Transport,
        faults: Faults,
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        self._workspace, self._transport, self._faults, self._pause = workspace, transport, faults, pause
        self._tasks: set[asyncio.Task[None]] = set()
        workspace.transcript.listeners.append(self._noticed)

    def _noticed(self, entry: Call | Delivery | Change) -> None:
        if not isinstance(entry, Change):
            return
        for subscription, event in list(events_of(self._workspace, entry)):
            self.event(subscription, event)

    def event(self, subscription: str, event: Json) -> None:
        """Start delivering an event, if the app is installed and has subscribed to it."""
        workspace = self._workspace
        farewell = subscription in ("app_uninstalled", "tokens_revoked")
        if not workspace.manifest.delivers(subscription) or not (workspace.installed or farewell):
            return
        payload = {
            "token": workspace.tokens.verification,
            "team_id": workspace.team,
            "api_app_id": workspace.app,
            "event": event,
            "type": "event_callback",
            "event_id": workspace.new_id("Ev"),
            "event_time": int(workspace.clock()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": workspace.team,
                    "user_id": workspace.bot.id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
        }
        self.start(self._with_retries(Parcel("event", str(event["type"]), payload)))

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something beside, until it is done or the server closes."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _with_retries(self, parcel: Parcel) -> None:
        reason = ""
        repeats = self._faults.repeats
        for attempt, pause in enumerate((0.0, *self._workspace.timing.retries)):
            if attempt:
                await self._pause(pause)
            receipt = await self.bring(parcel, self._workspace.timing.event, attempt, reason)
            if receipt.problem:
                if receipt.no_retry:
                    return
                reason = receipt.problem
            elif repeats == 0:
                return
            else:
                repeats, reason = repeats - 1, "http_timeout"

    async def bring(self, parcel: Parcel, seconds: float, attempt: int = 0, reason: str = "") -> Receipt:
        """One attempt: bring a parcel, wait for its acknowledgement, note what came of it."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        receipt = await self._transport.send(parcel, seconds, attempt, reason)
        self._workspace.transcript.delivery(
            kind=parcel.kind,
            name=parcel.name,
            payload=parcel.payload,
            transport=self._transport.name,
            attempt=attempt,
            status=receipt.status,
            problem=receipt.problem,
            seconds=loop.time() - began,
            answer=receipt.answer,
        )
        return receipt

    async def interaction(self, parcel: Parcel) -> Receipt:
        """Bring what a person did; Slack tries this once and waits three seconds."""
        return await self.bring(parcel, self._workspace.timing.acknowledge)

    async def again(self, delivery: Delivery, reason: str = "http_timeout") -> Receipt:
        """Bring the very payload of an earlier delivery once more, marked as a retry."""
        parcel = Parcel(delivery.kind, delivery.name, delivery.payload)
        return await self.bring(parcel, self._workspace.timing.event, delivery.attempt + 1, reason)

    async def settle(self) -> None:
        """Wait until nothing is on its way to the bot."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def close(self) -> None:
        """Give up what is on its way."""
        self._workspace.transcript.listeners.remove(self._noticed)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
