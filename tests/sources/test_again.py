"""One post looked at again: it is given when something of it is new, above all when it goes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.sources.again import Again
from bot.sources.base import CaptureFailed, LinkRefused
from bot.sources.batch import Batch, Searcher, Throttled
from bot.sources.http import Fetcher, Timeouts
from bot.sources.links import resolve
from bot.sources.throttle import Limit, Throttle
from bot.sources.x import X
from storage.records import PostStatus
from tests.loopback import Loopback, Reply
from tests.sources.xposts import NOW, POST_ID, as_json, page, payload, server_with

URL = f"https://x.com/i/status/{POST_ID}"
GONE: dict[str, Any] = {
    "__typename": "TweetTombstone",
    "tombstone": {"text": {"text": "This Post was deleted by the Post author."}},
}


def look(server: Loopback, since: str | None = None, query: str = URL, throttle: Throttle | None = None) -> Batch:
    """Look once at a post of a server that stands in for X."""

    async def run() -> Batch:
        async with Fetcher(frozenset({server.pair}), timeouts=Timeouts(total=5)) as fetcher:
            source = X(fetcher, lambda: NOW, server.url, server.url, server.url + "/pbs", ("syndication",))
            again: Searcher = Again(
                lambda text: resolve(text, fetcher, server.url),
                source.capture,
                throttle=throttle or Throttle(default=Limit(0.0, 1)),
            )
            return await again.search(query, since)

    return asyncio.run(run())


def test_only_what_is_new() -> None:
    """The first look gives the post, the next one only what a reader would see changed; counts of likes are none."""
    with server_with(payload()) as server:
        first = look(server)
        server.routes["GET /tweet-result"] = as_json({**payload(), "favorite_count": 7, "conversation_count": 2})
        liked = look(server, first.cursor)
        server.routes["GET /tweet-result"] = as_json({**payload(), "text": "Bread"})
        changed = look(server, first.cursor)
    assert [post.post_id for post in first] == [f"x:{POST_ID}"]
    assert (len(liked), liked.cursor, liked.more, liked.cost) == (0, first.cursor, False, 0)
    assert [post.text for post in changed] == ["Bread"]


def test_gone_and_back() -> None:
    """A post that goes is given once as gone, and once more when it is back."""
    with server_with(payload()) as server:
        first = look(server)
        server.routes["GET /tweet-result"] = as_json(GONE)
        gone = look(server, first.cursor)
        still = look(server, gone.cursor)
        server.routes["GET /tweet-result"] = as_json(payload())
        back = look(server, still.cursor)
    assert [post.status for post in gone] == [PostStatus.DELETED]
    assert len(still) == 0
    assert [post.status for post in back] == [PostStatus.LIVE]


def test_why_it_is_gone() -> None:
    """That a missing post was deleted is new, though nothing of it could be seen before either."""
    with server_with(page(404)) as server:
        missing = look(server)
        server.routes["GET /tweet-result"] = as_json(GONE)
        deleted = look(server, missing.cursor)
    assert [post.status for post in (*missing, *deleted)] == [PostStatus.NOT_FOUND, PostStatus.DELETED]


def test_pictures_and_quotes() -> None:
    """A picture that changes is new, and so is a quoted post that goes."""
    without = {key: value for key, value in payload().items() if key != "quoted_tweet"}
    with server_with(payload()) as server:
        first = look(server)
        server.routes["GET /pbs/media/AAA"] = Reply(b"\xff\xd8another", headers={"Content-Type": "image/jpeg"})
        assert len(look(server, first.cursor)) == 1
        picture = look(server, first.cursor)
        server.routes["GET /tweet-result"] = as_json(without)
        assert len(look(server, picture.cursor)) == 1


def test_not_kept() -> None:
    """Asked again with the old cursor, the same comes again."""
    with server_with(GONE) as server:
        first, again = look(server), look(server)
    assert [replace(post, source_url=None) for post in first] == [replace(post, source_url=None) for post in again]
    assert first.cursor == again.cursor


def test_shortened() -> None:
    """A shortened link is followed at each look."""
    with server_with(payload()) as server:
        server.routes["GET /abc"] = Reply(status=301, headers={"Location": URL})
        assert [post.post_id for post in look(server, query="https://t.co/abc")] == [f"x:{POST_ID}"]


def test_failures() -> None:
    """A failure is raised as it is, and a wish to be left alone is kept for all posts of that platform."""
    throttle = Throttle(default=Limit(0.0, 1), clock=lambda: 0.0)
    with server_with(page(500)) as server:
        with pytest.raises(CaptureFailed, match="500"):
            look(server)
        with pytest.raises(LinkRefused):
            look(server, query="https://x.com.evil.example/a/status/1")
        server.routes["GET /tweet-result"] = Reply(status=429, headers={"Retry-After": "40"})
        with pytest.raises(Throttled) as busy:
            look(server, throttle=throttle)
        assert busy.value.retry_after == 40.0
        asked = len(server.requests)
        with pytest.raises(Throttled, match="left alone"):
            look(server, throttle=throttle, query="https://x.com/i/status/1700000000000000009")
        assert len(server.requests) == asked
