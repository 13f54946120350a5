"""The service behind HTTP or on Socket Mode, until it is told to end."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.service import Service
from bot.settings import Settings
from bot.slack.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH

HEALTH_PATH = "/health"
"""Answers 200 while the process takes requests."""


def asgi(service: Service) -> Starlette:
    """Return the ASGI application over a service that is running."""
    handler = AsyncSlackRequestHandler(service.app)

    async def slack(request: Request) -> Response:
        return await handler.handle(request)

    async def health(_request: Request) -> Response:
        return JSONResponse({"ok": True})

    return Starlette(
        routes=[
            Route(EVENTS_PATH, slack, methods=["POST"]),
            Route(INSTALL_PATH, slack, methods=["GET"]),
            Route(REDIRECT_PATH, slack, methods=["GET"]),
            Route(HEALTH_PATH, health, methods=["GET"]),
        ]
    )


@asynccontextmanager
async def listening(service: Service, host: str, port: int) -> AsyncIterator[int]:
    """Serve a running service by HTTP within the block; gives the port, of 0 the one that was free.

    Raises:
        OSError: the address is taken or not ours.
    """
    bound = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    config = uvicorn.Config(asgi(service), lifespan="off", log_config=None, access_log=False)
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        await server.ready.wait()
        yield int(bound.getsockname()[1])
    finally:
        server.should_exit = True
        await serving
        bound.close()


class _Server(uvicorn.Server):
    """A server that tells when it is ready, and leaves signals to whoever runs it."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say so."""
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def until_ended() -> asyncio.Event:
    """Return what is set when the process is told to end, by SIGTERM or Ctrl-C."""
    ended = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, ended.set)
    return ended


async def serve(settings: Settings, tell: Callable[[str], None]) -> None:
    """Run the bot until SIGTERM or Ctrl-C: then take nothing more, finish what was begun, and leave the rest noted.

    Raises:
        NoTokens: the settings do not say how to talk to Slack.
        OSError: the port is taken.
    """
    ended = until_ended()
    async with Service(settings) as service:
        if settings.slack_app_token:
            handler = AsyncSocketModeHandler(service.app, settings.slack_app_token)
            await handler.connect_async()  # type: ignore[no-untyped-call]
            tell("Connected to Slack by Socket Mode; Ctrl-C ends it.")
            await ended.wait()
            await handler.close_async()  # type: ignore[no-untyped-call]
        else:
            async with listening(service, settings.host, settings.port) as port:
                tell(f"Listening for Slack on {settings.host}:{port}{EVENTS_PATH}; Ctrl-C ends it.")
                await ended.wait()
