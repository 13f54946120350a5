"""Socket Mode: the WebSockets that the bot opens, and envelopes through one of them at a time."""

from __future__ import annotations

import asyncio
import json
from itertools import count

from aiohttp import WSMsgType, web

from bot.workspace.sending import Parcel, Receipt
from bot.workspace.state import Workspace

MOST = 10
"""Sockets an app may hold (issue 1654 of node-slack-sdk)."""


class SocketTransport:
    """Envelopes to whichever of the bot's sockets is next; each must come back by its id."""

    name = "socket"

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._open: list[web.WebSocketResponse] = []
        self._leaving: list[web.WebSocketResponse] = []
        self._waiting: dict[str, tuple[web.WebSocketResponse, asyncio.Future[Receipt]]] = {}
        self._turn = count()

    @property
    def connections(self) -> int:
        """How many sockets take envelopes."""
        return len(self._open)

    async def answer(self, http: web.Request) -> web.StreamResponse:
        """The handler of `/link/`: one socket for one ticket of `apps.connections.open`."""
        ticket = http.query.get("ticket", "")
        if ticket not in self._workspace.socket_tickets or len(self._open) >= MOST:
            return web.Response(status=404 if len(self._open) < MOST else 429)
        self._workspace.socket_tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(http)
        self._open.append(socket)
        try:
            await socket.send_json(
                {
                    "type": "hello",
                    "num_connections": len(self._open),
                    "connection_info": {"app_id": self._workspace.app},
                    "debug_info": {"host": "local-workspace", "approximate_connection_time": 18060},
                }
            )
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    self._acknowledged(message.data)
        finally:
            (self._open if socket in self._open else self._leaving).remove(socket)
            for name, (through, future) in list(self._waiting.items()):
                if through is socket and not future.done():
                    self._waiting.pop(name)
                    future.set_result(Receipt(None, "connection_failed"))
        return socket

    def _acknowledged(self, text: str) -> None:
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            return
        name = message.get("envelope_id") if isinstance(message, dict) else None
        if isinstance(name, str) and name in self._waiting:
            future = self._waiting.pop(name)[1]
            if not future.done():
                future.set_result(Receipt(200, "", message.get("payload")))

    async def send(self, parcel: Parcel, seconds: float, attempt: int, reason: str) -> Receipt:
        """Send a parcel in an envelope and wait until it is acknowledged."""
        if not self._open:
            return Receipt(None, "connection_failed")
        socket = self._open[next(self._turn) % len(self._open)]
        name = self._workspace.new_id("", 32)
        future: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._waiting[name] = (socket, future)
        envelope = {
            "envelope_id": name,
            "type": parcel.family,
            "payload": parcel.payload,
            "accepts_response_payload": parcel.family != "events_api",
        }
        if parcel.family == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        try:
            await socket.send_json(envelope)
            return await asyncio.wait_for(future, seconds)
        except TimeoutError:
            return Receipt(None, "http_timeout")
        except ConnectionError:
            return Receipt(None, "connection_failed")
        finally:
            self._waiting.pop(name, None)

    async def refresh(self) -> None:
        """Ask the bot to come back on new sockets, as Slack does every few hours; the old ones get nothing more.

        They stay open for the acknowledgements that are still due, until the bot closes them.
        """
        self._leaving += self._open
        self._open = []
        for socket in list(self._leaving):
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}})

    async def close(self) -> None:
        """Close every socket."""
        for socket in [*self._open, *self._leaving]:
            await socket.close()
