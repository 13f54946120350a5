"""The pictures of X's posts, in the best size that its servers give."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

from bot.sources.base import Captured, CaptureFailed, FetchRefused, Media
from bot.sources.http import Fetcher

MEDIA_URL = "https://pbs.twimg.com"
MEDIA_LIMIT = 32 * 2**20
"""Bytes of one picture."""

_MEDIA_HOST = "pbs.twimg.com"
_SIZES = ("orig", "4096x4096", "large", "medium", "small")
"""X's names for a picture's sizes, best first; `orig` is the upload, up to 4,096 pixels."""


class XPictures:
    """Fetches what posts of X name as their pictures.

    Args:
        fetcher: the guarded client.
        media_url: the base address of X's picture host, without a slash at the end.
        max_bytes: the largest picture that is fetched.
    """

    def __init__(self, fetcher: Fetcher, media_url: str = MEDIA_URL, max_bytes: int = MEDIA_LIMIT) -> None:
        self._fetcher = fetcher
        self._media_url = media_url.rstrip("/")
        self._max_bytes = max_bytes

    async def fetch(self, post: Captured) -> Captured:
        """Return the post with the bytes of its pictures and of those in posts inside it.

        A picture that cannot be fetched is a `Media` with a problem, never a failure.
        """
        media = await asyncio.gather(*(self._picture(item) for item in post.media))
        quoted = await asyncio.gather(*(self.fetch(item) for item in post.quoted))
        return replace(post, media=tuple(media), quoted=tuple(quoted))

    async def _picture(self, item: Media) -> Media:
        """Fetch a picture in the best size there is; what it is worth is for the decoder to say."""
        url, problem = item.url or "", ""
        for candidate in _sizes(url):
            try:
                fetched = await self._fetcher.get(
                    self._media_address(candidate), accept="media", max_bytes=self._max_bytes
                )
            except (CaptureFailed, FetchRefused) as error:
                return replace(item, url=candidate, problem=str(error))
            if fetched.status == 200:
                problem = _not_a_picture(fetched.body)
                return replace(item, url=candidate, data=None if problem else fetched.body, problem=problem)
            problem = problem or f"The picture could not be fetched: its server answered {fetched.status}."
            if fetched.status != 404:
                break
        return replace(item, problem=problem)

    def _media_address(self, url: str) -> str:
        """Point X's picture host at the configured one; every other host stays what it is."""
        parts = urlsplit(url)
        if parts.hostname != _MEDIA_HOST or parts.port:
            return url
        return self._media_url + parts.path + (f"?{parts.query}" if parts.query else "")


def _sizes(url: str) -> list[str]:
    """List the addresses of one picture, best first, the given one last; off X's own host it is the only one."""
    parts = urlsplit(url)
    if parts.hostname != _MEDIA_HOST:
        return [url]
    path, _, _ = parts.path.partition(":")
    stem, dot, extension = path.rpartition(".")
    if not dot or "/" in extension:
        stem, extension = path, (parse_qs(parts.query).get("format") or ["jpg"])[0]
    return [*(f"{MEDIA_URL}{stem}?{urlencode({'format': extension, 'name': size})}" for size in _SIZES), url]


def _not_a_picture(body: bytes) -> str:
    """Say why bytes that came as a picture are none: empty, or markup, which a viewer could be made to run."""
    if not body:
        return "The picture's server sent an empty file."
    if body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        return "The picture's server sent a page or a drawing in markup, which is not archived as a picture."
    return ""
