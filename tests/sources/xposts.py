"""A post of X written for the tests, in the shape of its embed service, and a desk to capture it with."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.sources.base import Captured, Link
from bot.sources.http import Fetcher, Timeouts
from bot.sources.links import normalise
from bot.sources.x import ROUTES, X
from tests.loopback import Loopback, Reply

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
POST_ID = "1700000000000000001"
QUOTED_ID = "1690000000000000002"
PICTURE = b"\xff\xd8\xff\xe0 a picture"


def link(native_id: str = POST_ID) -> Link:
    """The link of a post."""
    return normalise(f"https://x.com/i/status/{native_id}")


def payload() -> dict[str, Any]:
    """A post with a picture, a video, a picture of somebody else's, a quote and a parent; made anew at each call."""
    return {
        "__typename": "Tweet",
        "id_str": POST_ID,
        "created_at": "2023-09-08T04:13:19.000Z",
        "lang": "en",
        "text": "Bread &amp; salt at the market, he said &lt;twice&gt; &amp;amp; left https://t.co/abcdefghij",
        "user": {"id_str": "1", "name": "Harbour Desk", "screen_name": "harbourdesk"},
        "entities": {"hashtags": [], "urls": [], "user_mentions": [], "symbols": []},
        "edit_control": {"edit_tweet_ids": [POST_ID]},
        "isEdited": False,
        "isStaleEdit": False,
        "possibly_sensitive": False,
        "mediaDetails": [
            {
                "type": "photo",
                "media_url_https": "https://pbs.twimg.com/media/AAA.jpg",
                "expanded_url": f"https://x.com/harbourdesk/status/{POST_ID}/photo/1",
                "ext_alt_text": "A stall with loaves",
            },
            {
                "type": "video",
                "media_url_https": "https://pbs.twimg.com/amplify_video_thumb/7/img/BBB.jpg",
                "expanded_url": "https://x.com/otherdesk/status/1680000000000000003/video/1",
            },
        ],
        "quoted_tweet": {
            "id_str": QUOTED_ID,
            "created_at": "2023-08-11T13:56:37.000Z",
            "lang": "fr",
            "text": "Le marché ouvre demain",
            "user": {"name": "Quai", "screen_name": "quai"},
            "photos": [{"url": "https://pbs.twimg.com/media/CCC.png"}],
        },
        "parent": {
            "id_str": "1680000000000000009",
            "text": "Who saw him?",
            "user": {"name": "Asker", "screen_name": "asker"},
        },
    }


def oembed(**changed: object) -> dict[str, Any]:
    """The same post as oEmbed gives it, with some fields changed."""
    address = f"https://twitter.com/harbourdesk/status/{POST_ID}"
    return {
        "url": address,
        "author_name": "Harbour Desk",
        "author_url": "https://twitter.com/harbourdesk",
        "html": '<blockquote class="twitter-tweet"><p lang="en" dir="ltr">Bread &amp; salt<br>at the '
        '<a href="https://twitter.com/hashtag/market?src=hash">#market</a> <a href="https://t.co/abc">https://t.co/abc</a>'
        f'</p>&mdash; Harbour Desk (@harbourdesk) <a href="{address}?ref_src=twsrc">September 8, 2023</a></blockquote>'
        '<script async src="https://platform.x.com/widgets.js"></script>',
        "type": "rich",
        **changed,
    }


def as_json(value: object, status: int = 200) -> Reply:
    """A JSON answer."""
    return Reply(json.dumps(value).encode(), status, {"Content-Type": "application/json; charset=utf-8"})


def page(status: int = 404) -> Reply:
    """An answer in HTML, as X gives for what is missing or refused."""
    return Reply(b"<!DOCTYPE html><html>no</html>", status, {"Content-Type": "text/html"})


def capture(server: Loopback, asked: Link | None = None, routes: tuple[str, ...] = ROUTES) -> Captured:
    """Capture one post from a server that stands in for all of X's hosts."""

    async def run() -> Captured:
        async with Fetcher(frozenset({server.pair}), timeouts=Timeouts(total=5)) as fetcher:
            source = X(fetcher, lambda: NOW, server.url, server.url, server.url + "/pbs", routes)
            return await source.capture(asked or link())

    return asyncio.run(run())


def server_with(post: object, more: Mapping[str, Reply] | None = None) -> Loopback:
    """A server whose embed service gives this answer, and whose pictures are all there."""
    answer = post if isinstance(post, Reply) else as_json(post)
    picture = Reply(PICTURE, headers={"Content-Type": "image/jpeg"})
    pictures = {f"GET /pbs/media/{name}": picture for name in ("AAA", "CCC")}
    pictures["GET /pbs/amplify_video_thumb/7/img/BBB"] = picture
    return Loopback({"GET /tweet-result": answer, **pictures, **(more or {})})
