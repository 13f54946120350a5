"""The Web API at `/api/<method>`: reads arguments in every form Slack takes, checks the token, and answers."""

from __future__ import annotations

import binascii
import json
from base64 import b64decode
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from bot.workspace.errors import Refused
from bot.workspace.faults import Faults
from bot.workspace.methods import apps, chat, conversations, files, people, views
from bot.workspace.methods.request import Method, Request
from bot.workspace.state import Workspace
from bot.workspace.tokens import Token
from bot.workspace.values import Json

METHODS: Mapping[str, Method] = {
    **apps.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **people.METHODS,
    **views.METHODS,
}
"""Every method that the stand-in knows; any other is `unknown_method`."""

SECRET = frozenset({"token", "client_secret", "refresh_token", "code"})
"""Arguments that the transcript leaves out."""


class WebApi:
    """Answers the calls of the bot."""

    def __init__(self, workspace: Workspace, faults: Faults, pause: Callable[[float], Awaitable[None]]) -> None:
        self._workspace, self._faults, self._pause = workspace, faults, pause

    async def answer(self, http: web.Request) -> web.StreamResponse:
        """The handler of `/api/{method}`, for GET and POST."""
        name = http.match_info["method"]
        arguments: Mapping[str, Any] = {}
        token: Token | None = None
        if self._faults.slow:
            await self._pause(self._faults.slow)
        try:
            arguments = await read_arguments(http)
            self._faults.before(name, str(arguments.get("channel", "")))
            method = METHODS.get(name)
            if method is None:
                raise Refused("unknown_method", req_method=name)
            token = self._token(http, arguments, method)
            request = Request(self._workspace, arguments, token, _basic(http))
            if method.tier and (wait := self._workspace.rates.call(name, method.tier)):
                raise Refused("ratelimited", status=429, headers={"Retry-After": str(wait)})
            request.require(*method.scopes)
            answer, status, headers = {"ok": True, **method.run(request)}, 200, {}
        except Refused as refusal:
            answer, status, headers = refusal.to_json(), refusal.status, refusal.headers
        told = {key: value for key, value in arguments.items() if key not in SECRET}
        lost = self._faults.loses(name)
        self._workspace.transcript.call(name, told, answer, status, lost=lost)
        if lost and http.transport is not None:
            http.transport.abort()
        if token is not None:
            headers = {**headers, "x-oauth-scopes": ",".join(sorted(token.scopes))}
        return web.json_response(answer, status=status, headers=headers)

    def _token(self, http: web.Request, arguments: Mapping[str, Any], method: Method) -> Token | None:
        if method.opened_by == "anyone":
            return None
        token = self._workspace.tokens.check(bearer(http) or str(arguments.get("token") or ""))
        if token.kind != method.opened_by:
            raise Refused("not_allowed_token_type")
        return token


async def read_arguments(http: web.Request) -> Json:
    """The arguments of a call, from its query and its body. Raises `Refused` for a body that is none."""
    arguments: Json = dict(http.query)
    if http.method != "POST" or not http.can_read_body:
        return arguments
    match http.content_type:
        case "application/json":
            given = read_object(await http.read())
        case "application/x-www-form-urlencoded" | "multipart/form-data":
            try:
                given = {name: value for name, value in (await http.post()).items() if isinstance(value, str)}
            except (ValueError, LookupError):
                raise Refused("invalid_form_data") from None
        case _:
            raise Refused("invalid_post_type")
    return {**arguments, **given}


def read_object(body: bytes) -> Json:
    """The JSON object in a body. Raises `Refused` when it holds something else."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused("invalid_json") from None
    if not isinstance(value, dict):
        raise Refused("json_not_object")
    return value


def _basic(http: web.Request) -> tuple[str, str]:
    scheme, _, value = http.headers.get("Authorization", "").partition(" ")
    if scheme != "Basic":
        return "", ""
    try:
        user, _, secret = b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote(user), unquote(secret)


def bearer(http: web.Request) -> str:
    """The token in a request's header, empty without one."""
    scheme, _, value = http.headers.get("Authorization", "").partition(" ")
    return value if scheme == "Bearer" else ""
