"""How something reaches the bot by HTTP: signed as Slack signs, form or JSON as Slack sends it."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

import aiohttp

from bot.workspace.values import Json


@dataclass(frozen=True)
class Parcel:
    """One thing to bring to the bot; `kind` and `name` as in `Delivery`."""

    kind: str
    name: str
    payload: Json

    @property
    def family(self) -> str:
        """Slack's word for the kind of envelope: `events_api`, `slash_commands` or `interactive`."""
        families = {"event": "events_api", "url_verification": "events_api", "command": "slash_commands"}
        return families.get(self.kind, "interactive")


@dataclass(frozen=True)
class Receipt:
    """What came back: see `Delivery`. `no_retry` is the bot's wish not to be asked again."""

    status: int | None
    problem: str = ""
    answer: Any = None
    no_retry: bool = False


class Transport(Protocol):
    """A way to the bot."""

    name: str

    async def send(self, parcel: Parcel, seconds: float, attempt: int, reason: str) -> Receipt:
        """Bring a parcel and wait for its acknowledgement, at most `seconds`; never raises for the bot's faults."""
        ...


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The `X-Slack-Signature` of a body: HMAC-SHA256 over `v0:timestamp:body` (documented)."""
    return "v0=" + hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()


def encode(parcel: Parcel) -> tuple[bytes, str]:
    """The body of a parcel and its content type."""
    match parcel.family:
        case "events_api":
            return json.dumps(parcel.payload).encode(), "application/json"
        case "slash_commands":
            return urlencode(parcel.payload).encode(), "application/x-www-form-urlencoded"
        case _:
            return urlencode({"payload": json.dumps(parcel.payload)}).encode(), "application/x-www-form-urlencoded"


class HttpTransport:
    """Signed posts to the bot's request address."""

    name = "http"

    def __init__(
        self, address: Callable[[], str], secret: Callable[[], str], now: Callable[[], float] = time.time
    ) -> None:
        self._address, self._secret, self._now = address, secret, now
        self._session: aiohttp.ClientSession | None = None

    async def send(self, parcel: Parcel, seconds: float, attempt: int, reason: str) -> Receipt:
        """Post a parcel and wait for the answer."""
        body, content_type = encode(parcel)
        timestamp = str(int(self._now()))
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret(), timestamp, body),
            "User-Agent": "Slackbot 1.0 (local workspace)",
        }
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        return await self.post(body, headers, seconds)

    async def post(self, body: bytes, headers: Mapping[str, str], seconds: float) -> Receipt:
        """Post these very bytes with these very headers, as a forger would; what came back."""
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        limit = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._session.post(
                self._address(), data=body, headers=headers, timeout=limit, allow_redirects=False
            ) as response:
                text = await response.text(errors="replace")
        except TimeoutError:
            return Receipt(None, "http_timeout")
        except (aiohttp.ClientError, OSError, ValueError):
            return Receipt(None, "connection_failed")
        problem = "" if 200 <= response.status < 300 else "http_error"
        no_retry = response.headers.get("X-Slack-No-Retry") == "1"
        return Receipt(response.status, problem, _read(text, response.content_type), no_retry)

    async def close(self) -> None:
        """Let the connections go."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def _read(text: str, content_type: str) -> Any:
    if content_type != "application/json" or not text:
        return text or None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
