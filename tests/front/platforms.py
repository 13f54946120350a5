"""X on loopback: posts written for a test, and the pictures in them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bot.sources.base import Captured, Media
from bot.sources.links import normalise
from storage.records import TimeBasis
from tests.loopback import Loopback, Reply, Request

POST = "1641086480675225601"
LINK = f"https://x.com/harbour_watch/status/{POST}"
OLDER = str(int(POST) - (10**9 << 22))
"""A post of some eleven days before."""
OLDER_LINK = f"https://x.com/harbour_watch/status/{OLDER}"


class Platform:
    """X: what each post answers, and the picture host. What was not written answers 404, as a deleted post does."""

    def __init__(self) -> None:
        self.posts: dict[str, Reply] = {}
        self.down = False
        """Whether it answers 503 to everything but pictures."""
        self.server = Loopback({"GET /tweet-result": self._answer, "GET /oembed": self._oembed})

    def writes(self, native_id: str, text: str, *pictures: bytes, author: str = "harbour_watch", **more: Any) -> None:
        """Let a post be there, with its pictures on the picture host."""
        media = []
        for number, data in enumerate(pictures):
            name = f"p{native_id}n{number}"
            self.server.routes[f"GET /media/{name}"] = Reply(data, 200, {"Content-Type": "image/jpeg"})
            media.append({"type": "photo", "media_url_https": f"https://pbs.twimg.com/media/{name}.jpg"})
        self.answers(
            native_id,
            {
                "__typename": "Tweet",
                "id_str": native_id,
                "lang": "en",
                "created_at": "2023-03-29T14:34:41.000Z",
                "text": text,
                "user": {"id_str": "7", "name": author.replace("_", " ").title(), "screen_name": author},
                "entities": {},
                "mediaDetails": media,
                **more,
            },
        )

    def answers(self, native_id: str, value: object, status: int = 200) -> None:
        """Let a post answer with a JSON value."""
        self.posts[native_id] = Reply(json.dumps(value).encode(), status, {"Content-Type": "application/json"})

    def asked(self) -> int:
        """Count the posts that were asked for."""
        return sum(request.path == "/tweet-result" for request in self.server.requests)

    def _oembed(self, request: Request) -> Reply:
        return Reply(b"{}", 503 if self.down else 404)

    def _answer(self, request: Request) -> Reply:
        if self.down:
            return Reply(b"down", 503)
        return self.posts.get(request.params["id"], Reply(b"<html>none</html>", 404, {"Content-Type": "text/html"}))


def brought(native_id: str, text: str, pictures: Sequence[bytes] = (), **changes: Any) -> Captured:
    """The same kind of post as a source would bring it, for what is taken in without anybody asking."""
    from dataclasses import replace
    from datetime import UTC, datetime

    link = normalise(f"https://x.com/i/status/{native_id}")
    posted = datetime.fromtimestamp(((int(native_id) >> 22) + 1288834974657) / 1000, UTC)
    made = Captured(
        post_id=link.post_id,
        platform=link.platform,
        native_id=link.native_id,
        url=link.url,
        raw=json.dumps({"id": native_id, "text": text}).encode(),
        media_type="application/json",
        route="syndication",
        captured_at=posted,
        author="harbour_watch",
        author_name="Harbour Watch",
        posted_at=posted,
        posted_at_basis=TimeBasis.DECODED_ID,
        text=text,
        lang="en",
        media=tuple(Media(f"https://sample.example/{native_id}-{at}.jpg", data) for at, data in enumerate(pictures)),
    )
    return replace(made, **changes)
