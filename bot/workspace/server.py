"""The workspace as a server on this machine: the Web API, uploads, response addresses, sockets, and people who act."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.workspace.acts import Acts
from bot.workspace.api import WebApi, bearer, read_object
from bot.workspace.deliver import Deliveries
from bot.workspace.errors import Refused
from bot.workspace.faults import Faults
from bot.workspace.respond import respond
from bot.workspace.sending import HttpTransport, Parcel, Receipt
from bot.workspace.sockets import SocketTransport
from bot.workspace.state import Workspace

REFUSED_WHEN_DOWN = ("/api/", "/upload/", "/hooks/", "/files-pri/", "/link/")
"""Paths that are Slack's; a page beside them goes on working."""

LARGEST_BODY = 64 * 2**20
"""Bytes of one request; an upload is one."""


class WorkspaceServer:
    """Serves a workspace for as long as the `async with` block runs, on a loopback address.

    Attributes:
        workspace: its state and transcript.
        people: what people do.
        faults: what goes wrong.
        request_url: where the bot takes Slack's requests; set it once the bot listens. Not used in Socket Mode.
        app: the aiohttp application, for a page to add its routes to before the block is entered.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        port: int = 0,
        request_url: str = "",
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.workspace = workspace
        self.request_url = request_url
        self.faults = Faults()
        self.sockets = SocketTransport(workspace)
        self._http = HttpTransport(lambda: self.request_url, lambda: workspace.tokens.signing_secret)
        transport = self.sockets if workspace.manifest.socket_mode else self._http
        self.deliveries = Deliveries(workspace, transport, self.faults, pause)
        self.people = Acts(workspace, self.deliveries)
        self._port = port
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        api = WebApi(workspace, self.faults, pause)
        self.app = web.Application(client_max_size=LARGEST_BODY, middlewares=[self._available])
        self.app.add_routes(
            [
                web.route("*", "/api/{method}", api.answer),
                web.post("/upload/v1/{file}", self._upload),
                web.get("/files-pri/{file}/{name}", self._download),
                web.post("/hooks/{hook}", self._hook),
                web.get("/oauth/v2/authorize", self._authorize),
                web.get("/link/", self.sockets.answer),
            ]
        )

    @property
    def api_url(self) -> str:
        """What `SLACK_API_URL` is set to, with its slash at the end."""
        return f"{self.workspace.base_url}/api/"

    async def __aenter__(self) -> WorkspaceServer:
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await self.up()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.deliveries.close()
        await self._http.close()
        await self.sockets.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def up(self) -> None:
        """Listen; on the same port as before after `down`."""
        assert self._runner is not None, "the server runs inside its `async with` block"
        self._site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await self._site.start()
        self._port = self._runner.addresses[0][1]
        self.workspace.base_url = f"http://127.0.0.1:{self._port}"

    async def down(self) -> None:
        """Stop listening: the bot's calls are refused until `up` (`faults.unavailable` answers 503 instead)."""
        if self._site is not None and self._runner is not None and self._runner.server is not None:
            self._runner.server.pre_shutdown()
            await self._site.stop()
            self._site = None

    async def verify_request_url(self) -> bool:
        """Send the bot `url_verification`, as Slack does when a request address is entered; whether it answers well."""
        challenge = self.workspace.new_id("", 40)
        payload = {"token": self.workspace.tokens.verification, "challenge": challenge, "type": "url_verification"}
        receipt = await self.deliveries.bring(Parcel("url_verification", "", payload), self.workspace.timing.event)
        answer = receipt.answer.get("challenge") if isinstance(receipt.answer, dict) else receipt.answer
        return not receipt.problem and answer == challenge

    async def forge(self, body: bytes, headers: Mapping[str, str]) -> Receipt:
        """Post these bytes with these headers to the bot, as a stranger could; what came back."""
        return await self._http.post(body, headers, self.workspace.timing.event)

    async def settle(self) -> None:
        """Wait until no event is on its way to the bot."""
        await self.deliveries.settle()

    @web.middleware
    async def _available(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if self.faults.unavailable and request.path.startswith(
            ("/api/", "/upload/", "/hooks/", "/files-pri/", "/link/")
        ):
            return web.Response(status=503, text="service unavailable")
        return await handler(request)

    async def _upload(self, request: web.Request) -> web.Response:
        """Step two of an upload: the bytes, as the body or as the file of a form."""
        files, name = self.workspace.files, request.match_info["file"]
        if request.content_type == "multipart/form-data":
            parts = [part.file.read() for part in (await request.post()).values() if isinstance(part, web.FileField)]
            content = parts[0] if parts else b""
        else:
            content = await request.read()
        file = files.get(name)
        known = file is not None and file.content is None
        good = file is not None and known and len(content) == file.length
        if file is not None and good:
            files[name] = replace(file, content=content)
        status = 200 if good else 400 if known else 404
        answer = {"ok": True} if good else {"ok": False, "error": "length_mismatch" if known else "invalid_upload_url"}
        self.workspace.transcript.call("upload", {"file": name, "bytes": len(content)}, answer, status)
        return web.Response(status=status, text=f"OK - {len(content)}" if good else str(answer["error"]))

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """A private file: its bytes for a token with `files:read`, a sign-in page for anybody else, as Slack does."""
        name = request.match_info["file"].partition("-")[2]
        file = self.workspace.files.get(name)
        try:
            allowed = "files:read" in self.workspace.tokens.check(bearer(request)).scopes
        except Refused:
            allowed = False
        if not allowed:
            return web.Response(text="<!DOCTYPE html><title>Sign in</title>", content_type="text/html")
        if file is None or file.content is None:
            raise web.HTTPNotFound
        return web.Response(body=file.content, content_type=file.mimetype)

    async def _hook(self, request: web.Request) -> web.Response:
        """A `response_url`."""
        arguments: dict[str, Any] = {}
        try:
            hook = self.workspace.hooks.spend(request.match_info["hook"])
            arguments = read_object(await request.read())
            respond(self.workspace, hook, arguments)
            answer, status = {"ok": True}, 200
        except Refused as refusal:
            answer, status = refusal.to_json(), refusal.status if refusal.status != 200 else 400
        self.workspace.transcript.call("response_url", arguments, answer, status)
        return web.Response(text="ok") if status == 200 else web.json_response(answer, status=status)

    async def _authorize(self, request: web.Request) -> web.StreamResponse:
        """The page on which a person agrees to the install; here they have agreed already."""
        redirect = request.query.get("redirect_uri", "") or next(iter(self.workspace.manifest.redirect_urls), "")
        allowed = any(redirect.startswith(known) for known in self.workspace.manifest.redirect_urls)
        if request.query.get("client_id") != self.workspace.tokens.client_id or not allowed:
            return web.Response(status=400, text="invalid_client_id or bad_redirect_uri")
        code = self.workspace.tokens.grant_code(request.query.get("redirect_uri", ""))
        query = urlencode({"code": code, "state": request.query.get("state", "")})
        raise web.HTTPFound(f"{redirect}?{query}")
