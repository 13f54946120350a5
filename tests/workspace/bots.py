"""A small real bot, Bolt under Starlette and uvicorn, for what the workspace delivers."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.workspace.fixtures import Newsroom


def bolt(room: Newsroom) -> AsyncApp:
    """A Bolt app with the workspace's token and secret, and no listener yet."""
    tokens = room.workspace.tokens
    client = AsyncWebClient(tokens.bot, base_url=room.slack.api_url)
    return AsyncApp(token=tokens.bot, signing_secret=tokens.signing_secret, client=client)


@asynccontextmanager
async def running(room: Newsroom, app: AsyncApp) -> AsyncIterator[None]:
    """Serve a Bolt app on a free port and let the workspace know where."""
    handler = AsyncSlackRequestHandler(app)

    async def answer(request: Request) -> Response:
        return await handler.handle(request)

    web = Starlette(routes=[Route("/slack/events", answer, methods=["POST"])])
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(web, log_level="critical", lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        while not server.started:  # noqa: ASYNC110  (uvicorn tells in no other way)
            await asyncio.sleep(0.005)
        room.slack.request_url = f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events"
        yield
    finally:
        server.should_exit = True
        await serving
        listening.close()
