"""A stand-in for X's API v2 on loopback: recent search over posts that a test writes, and a desk to ask it with."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.sources.batch import Batch
from bot.sources.http import Fetcher, Timeouts
from bot.sources.throttle import Limit, Throttle
from bot.sources.x_cursor import number_at
from bot.sources.x_pictures import XPictures
from bot.sources.x_search import XSearch
from tests.loopback import Loopback, Reply, Request

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
TOKEN = "AAAA%3Dtoken"
PICTURE = b"\xff\xd8\xff\xe0 a picture"
PATH = "GET /2/tweets/search/recent"
UNHURRIED = Limit(0.0, 8)


def number(**ago: float) -> str:
    """The number of a post made so long before now, by timedelta's keywords."""
    return str(number_at(NOW - timedelta(**ago)))


def post(native_id: str, **changed: object) -> dict[str, Any]:
    """A post as the API writes it, with some fields changed."""
    return {"id": native_id, "text": f"Post {native_id}", "author_id": "7", "lang": "en", **changed}


AUTHOR = {"id": "7", "name": "Harbour Desk", "username": "harbourdesk"}


@dataclass
class Api:
    """What X has: posts by number, what is included with every page, and answers that stand in for the next ones."""

    posts: dict[int, dict[str, Any]] = field(default_factory=dict)
    includes: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)
    instead: list[Reply | None] = field(default_factory=list)
    """Answers given in place of the next ones, in order; None lets one through."""
    page: int = 100

    def add(self, *posts: dict[str, Any]) -> None:
        """Let posts be found."""
        self.posts |= {int(one["id"]): one for one in posts}

    def answer(self, request: Request) -> Reply:
        """Answer one search as X does: the newest first, a page at a time, nothing from before the window."""
        replaced = self.instead.pop(0) if self.instead else None
        if replaced is not None:
            return replaced
        asked = request.params
        since, until = int(asked.get("since_id", "0")), int(asked.get("until_id", str(2**64)))
        window = number_at(NOW - timedelta(days=7))
        if 0 < since < window or until < window:
            return problem(400, "Invalid Request", f"since_id must be a tweet id created after {window}")
        start = int(asked.get("next_token", "t0")[1:])
        every = [self.posts[one] for one in sorted(self.posts, reverse=True) if max(since, window) < one < until]
        data, left = every[start : start + self.page], every[start + self.page :]
        meta: dict[str, Any] = {"result_count": len(data)} | ({"next_token": f"t{start + self.page}"} if left else {})
        body: dict[str, Any] = {"meta": meta} | ({"data": data} if data else {})
        body |= {"includes": {"users": [AUTHOR], **self.includes}} if data else {}
        return as_json(body | ({"errors": self.errors} if self.errors else {}))

    def served(self) -> Loopback:
        """A server of these posts; every picture is there."""
        return Loopback({PATH: self.answer}, default=Reply(PICTURE, headers={"Content-Type": "image/jpeg"}))


def as_json(value: object, status: int = 200, **headers: str) -> Reply:
    """A JSON answer; underscores in the names of headers become hyphens."""
    named = {name.replace("_", "-"): told for name, told in headers.items()}
    return Reply(json.dumps(value).encode(), status, {"Content-Type": "application/json", **named})


def problem(status: int, title: str, detail: str, **headers: str) -> Reply:
    """A refusal as X writes it (RFC 9457)."""
    value = {"title": title, "detail": detail, "type": "about:blank", "status": status}
    return as_json(value, status, **headers)


def search(
    server: Loopback,
    since: str | None = None,
    query: str = "@harbourdesk",
    now: datetime = NOW,
    *,
    throttle: Throttle | None = None,
    **options: int,
) -> Batch:
    """Search once."""

    async def run() -> Batch:
        async with Fetcher(frozenset({server.pair}), timeouts=Timeouts(total=5)) as fetcher:
            pictures = XPictures(fetcher, server.url)
            pace = throttle or Throttle(default=UNHURRIED)
            source = XSearch(fetcher, lambda: now, TOKEN, pictures, api_url=server.url, throttle=pace, **options)
            return await source.search(query, since)

    return asyncio.run(run())


def numbers(batches: Iterable[Batch]) -> list[int]:
    """The numbers of the posts of batches, in their order."""
    return [int(one.native_id or 0) for batch in batches for one in batch]
