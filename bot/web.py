"""The service behind HTTP or on Socket Mode, until it is told to end."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final, TypeVar

import uvicorn
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.service import Service
from bot.settings import Settings
from bot.slack.faults import FAULTS, Remedy, sort
from bot.slack.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH
from storage.errors import DatelineError

T = TypeVar("T")

HEALTH_PATH = "/health"
"""Answers 200 while the process takes requests."""

REQUEST: Final = 3.0
"""Seconds within which a request has to have come whole: Slack itself waits no longer for its answer."""

LARGEST: Final = 2**22
"""Bytes of one request: Slack's hold a message at most, whose blocks it limits to a fraction of that."""

KEEP_OPEN: Final = 90
"""Seconds that an idle connection stays open. A caller that keeps connections loses the request that it sends just when
we close one, so they must be the ones who close: load balancers do so after 60 to 75 seconds."""

LAST_REQUESTS: Final = 7
"""Seconds that requests under way have when the service ends: to come whole and to be acknowledged, and some more."""

ASK_AGAIN: Final = 5.0
"""Seconds between two attempts to reach Slack when the service begins."""


class AddressTaken(DatelineError):
    """Nothing can listen on that address and port."""

    code = "address_taken"


class SlackRefused(DatelineError):
    """Slack does not let the app in."""

    code = "slack_refused"


def asgi(service: Service) -> Starlette:
    """Return the ASGI application over a service that is running."""
    handler = AsyncSlackRequestHandler(service.app)

    async def slack(request: Request) -> Response:
        refused = await _refused(request)
        return await handler.handle(request) if refused is None else refused

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


async def _refused(request: Request) -> Response | None:
    """Read the body; answer at once what cannot be Slack's: too large, or not brought within Slack's own time."""
    length = request.headers.get("content-length", "0" if request.method == "GET" else "")
    if not length.isdecimal():
        return Response(status_code=411)
    if int(length) > LARGEST:
        return Response(status_code=413)
    try:
        async with asyncio.timeout(REQUEST):
            await request.body()
    except TimeoutError:
        return Response(status_code=408)
    except ClientDisconnect:
        return Response(status_code=400)
    return None


@asynccontextmanager
async def listening(service: Service, host: str, port: int) -> AsyncIterator[int]:
    """Serve a running service by HTTP within the block; gives the port, of 0 the one that was free.

    Raises:
        AddressTaken: somebody else listens there, or the address is not ours.
    """
    try:
        bound = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        why = str(error.strerror).partition(" (")[0]  # Python repeats the address in brackets
        raise AddressTaken(
            f"Nothing can listen on {host}:{port} ({why}); choose others with DATELINE_HOST and PORT."
        ) from error
    config = uvicorn.Config(
        asgi(service),
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_keep_alive=KEEP_OPEN,
        timeout_graceful_shutdown=LAST_REQUESTS,
    )
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


async def serve(settings: Settings, tell: Callable[[str], None], *, sweeps: bool = True) -> None:
    """Run the bot until SIGTERM or Ctrl-C: then take nothing more, finish what was begun, and leave the rest noted.

    Without `sweeps` it only answers: what time asks for is left to a worker.

    Raises:
        NoTokens: the settings do not say how to talk to Slack.
        AddressTaken: the port is taken.
        SlackRefused: Slack does not take the app-level token.
    """
    ended = until_ended()
    async with Service(settings, sweeps=sweeps) as service:
        if settings.slack_app_token:
            await _on_socket(service, settings.slack_app_token, tell, ended)
        else:
            async with listening(service, settings.host, settings.port) as port:
                tell(f"Listening for Slack on {settings.host}:{port}{EVENTS_PATH}; Ctrl-C ends it.")
                await ended.wait()


async def worker(settings: Settings, tell: Callable[[str], None]) -> None:
    """Run sweeps, digests and deliveries until SIGTERM or Ctrl-C, and listen to nobody.

    Raises:
        NoTokens: the settings do not say how to talk to Slack.
    """
    ended = until_ended()
    async with Service(settings, listens=False):
        tell("Sweeping, and sending what is to be sent; Ctrl-C ends it.")
        await ended.wait()


async def _on_socket(service: Service, token: str, tell: Callable[[str], None], ended: asyncio.Event) -> None:
    """Take requests by Socket Mode until the end."""
    address = await _unless(ended, _address(service.app.client, token, tell))
    if address is None:
        return
    handler = AsyncSocketModeHandler(service.app, token)
    handler.client.wss_uri = address
    try:
        if await _unless(ended, _connected(handler)):
            tell("Connected to Slack by Socket Mode; Ctrl-C ends it.")
            await ended.wait()
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


async def _address(client: AsyncWebClient, token: str, tell: Callable[[str], None]) -> str:
    """Ask Slack where to connect, until it can be reached: Bolt itself would try a refused token for ever."""
    while True:
        try:
            return str((await client.apps_connections_open(app_token=token))["url"])
        except FAULTS as error:
            fault = sort(error)
            if isinstance(error, SlackApiError) and fault.remedy is not Remedy.LOOK and fault.wait is None:
                raise SlackRefused(
                    f"Slack refuses SLACK_APP_TOKEN ({fault.problem}); make an app-level token with the scope "
                    "connections:write in the app's settings, and set it."
                ) from error
            tell(f"Slack cannot be reached at {client.base_url} ({fault.problem}); trying again. Ctrl-C ends it.")
            await asyncio.sleep(ASK_AGAIN if fault.wait is None else fault.wait)


async def _connected(handler: AsyncSocketModeHandler) -> bool:
    await handler.connect_async()  # type: ignore[no-untyped-call]
    return True


async def _unless(ended: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """Do something, and give it up with None when the end comes first."""
    doing, ending = asyncio.create_task(work), asyncio.create_task(ended.wait())
    try:
        await asyncio.wait({doing, ending}, return_when=asyncio.FIRST_COMPLETED)
        return await doing if doing.done() else None
    finally:
        for task in (doing, ending):
            task.cancel()
        await asyncio.gather(doing, ending, return_exceptions=True)
