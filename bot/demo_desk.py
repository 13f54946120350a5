"""What has happened at the demo's desk before a newcomer comes in: people at work, each by what they click and type."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from aiohttp import web

from bot.sample import wire
from bot.service import Service
from bot.slack.ids import Action, Field, Until
from bot.workspace.server import WorkspaceServer
from bot.workspace.values import Channel, Message, User, View
from storage.snoozes import Scope

GROWS: Final = 20.0
"""Seconds after the feed was first read until its second item is there: while a newcomer looks."""

PATIENCE: Final = 30.0
"""Seconds to wait for something on a busy machine."""


def serve_wire(app: web.Application) -> None:
    """Serve the sample feed from the stand-in's own address; its second item comes a little later."""
    first: list[float] = []

    async def feed(_request: web.Request) -> web.Response:
        now = asyncio.get_running_loop().time()
        first.append(now)
        items = 2 if now - first[0] >= GROWS else 1
        return web.Response(body=wire.wire(items), content_type="application/rss+xml")

    app.router.add_get(wire.PATH, feed)


class DemoDesk:
    """An editor and somebody on call, at work in the channels of the demo."""

    def __init__(self, server: WorkspaceServer, service: Service, editor: User, on_call: User) -> None:
        self._server = server
        self._service = service
        self._people = server.people
        self._editor = editor
        self._on_call = on_call

    async def quiet(self) -> None:
        """Wait until nothing is on its way."""
        for _ in range(2):
            await self._server.settle()
            await self._service.runner.idle()
            await self._service.outbox.empty()

    async def types(self, channel: Channel, line: str) -> None:
        """Let the editor type a command."""
        await self._people.command(self._editor.id, channel.id, line)
        await self.quiet()

    async def watches(self, channel: Channel) -> None:
        """Let the editor watch somebody by the sample feed, and wait for what the first sweep tells."""
        feed = f"{self._server.workspace.base_url}{wire.PATH}"
        await self.types(channel, f"/watch {wire.WATCHED} in #{channel.name} every 1m from rss:{feed}")
        await self._happens(lambda: self._warnings(channel))
        await self.quiet()

    async def snoozes(self, warning: Message) -> None:
        """Let the editor hear nothing more of a warning's author until tomorrow."""
        await self._people.click(self._editor.id, warning, Action.SNOOZE)
        modal = await self._happens(lambda: self._server.workspace.modal(self._editor.id))
        await self._submit(modal, {str(Field.SCOPE): str(Scope.AUTHOR), str(Field.UNTIL): str(Until.TOMORROW)})

    async def both_acknowledge(self, warning: Message) -> None:
        """Let two people acknowledge a warning at once: the first one does, the other one is told who it was."""
        await asyncio.gather(
            self._people.click(self._on_call.id, warning, Action.ACKNOWLEDGE),
            self._people.click(self._editor.id, warning, Action.ACKNOWLEDGE),
        )
        await self.quiet()

    def warning_about(self, channel: Channel, words: str) -> Message:
        """Return the newest warning in a channel, its threads included, whose text holds these words.

        Raises:
            LookupError: there is none.
        """
        found = [message for message in self._warnings(channel) if words in message.text]
        if not found:
            raise LookupError(words)
        return found[-1]

    def _warnings(self, channel: Channel) -> list[Message]:
        said = [one for one in self._server.workspace.messages.values() if one.channel == channel.id and one.bot_id]
        return [one for one in said if Action.ACKNOWLEDGE in str(one.blocks)]

    async def _submit(self, modal: View, values: dict[str, Any]) -> None:
        await self._people.submit_view(self._editor.id, modal, values)
        await self.quiet()

    async def _happens(self, seen: Callable[[], Any]) -> Any:
        return await self._server.workspace.transcript.wait_for(seen, PATIENCE)
