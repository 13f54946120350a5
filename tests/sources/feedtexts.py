"""Feeds written for the tests, and a search of one over a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape

from bot.sources.batch import Batch
from bot.sources.feeds import Feed
from bot.sources.http import Fetcher, Timeouts
from tests.loopback import Handler, Loopback, Reply

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
PICTURE = b"\x89PNG\r\n\x1a\nbytes of a picture"
RSS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<channel><title>Harbour &amp; Post</title><language>en-GB</language>"
)


def item(title: str = "", more: str = "", **fields: str) -> str:
    """One item of RSS: a title, escaped fields by the name of their element, and markup of its own."""
    elements = {"title": title, **fields} if title else fields
    return (
        "<item>" + "".join(f"<{name}>{escape(value)}</{name}>" for name, value in elements.items()) + more + "</item>"
    )


def rss(*items: str) -> bytes:
    """A feed of these items, in this order."""
    return f"{RSS_HEAD}{''.join(items)}</channel></rss>".encode()


def atom(*entries: str) -> bytes:
    """An Atom feed of these entries, in this order."""
    head = '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr-FR"><title>Quai</title>'
    return f"{head}{''.join(entries)}</feed>".encode()


def feed(body: bytes, **headers: str) -> Reply:
    """A feed as a server sends it; `_` in the names of headers stands for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(body, headers={"Content-Type": "application/rss+xml"} | named)


def search(server: Loopback, since: str | None = None, *, path: str = "/feed", batch: int = 100) -> Batch:
    """Search the feed of a server."""

    async def run() -> Batch:
        async with Fetcher(frozenset({server.pair}), timeouts=Timeouts(total=5)) as fetcher:
            return await Feed(fetcher, lambda: NOW, batch=batch, max_media_bytes=4096).search(server.url + path, since)

    return asyncio.run(run())


def served(answer: bytes | Handler, more: Mapping[str, Handler] | None = None) -> Loopback:
    """A server with a feed and a picture."""
    handler = feed(answer) if isinstance(answer, bytes) else answer
    return Loopback({"GET /feed": handler, "GET /a.png": Reply(PICTURE), **(more or {})})


def found(answer: bytes | Handler, more: Mapping[str, Handler] | None = None) -> Batch:
    """Search a feed once, from its start."""
    with served(answer, more) as server:
        return search(server)
