"""Pictures that a feed's entries name, fetched through the guarded client under limits."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from urllib.parse import urlsplit

from bot.sources.base import CaptureFailed, FetchRefused, Media
from bot.sources.entries import Picture
from bot.sources.http import Fetcher

PICTURES_LIMIT = 10
"""Pictures of one entry that are fetched; a gallery's page shows the rest."""
_AT_ONCE = 4


class Enclosures:
    """Fetches pictures for one search. A host that did not answer once is not waited for again.

    Args:
        fetcher: the guarded client.
        max_bytes: the largest picture that is fetched.
    """

    def __init__(self, fetcher: Fetcher, max_bytes: int) -> None:
        self._fetcher = fetcher
        self._max_bytes = max_bytes
        self._silent: set[str | None] = set()
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def fetch(self, pictures: Sequence[Picture]) -> tuple[Media, ...]:
        """Fetch the pictures of one entry; one that cannot be had is a `Media` with a problem."""
        return tuple(await asyncio.gather(*(self._one(place, item) for place, item in enumerate(pictures))))

    async def _one(self, place: int, picture: Picture) -> Media:
        if place >= PICTURES_LIMIT:
            return _missing(picture, f"Only the first {PICTURES_LIMIT} pictures of an entry are fetched.")
        async with self._turns:
            host = urlsplit(picture.url).hostname
            if host in self._silent:
                return _missing(picture, f"{host} did not answer for another picture; this one was not asked for.")
            try:
                fetched = await self._fetcher.get(picture.url, accept="media", max_bytes=self._max_bytes)
            except CaptureFailed as error:
                self._silent.add(host)
                return _missing(picture, str(error))
            except FetchRefused as error:
                return _missing(picture, str(error))
        if fetched.status != 200:
            return _missing(picture, f"The picture could not be fetched: its server answered {fetched.status}.")
        if not fetched.body:
            return _missing(picture, "The picture's server sent an empty file.")
        if fetched.body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
            return _missing(picture, "The picture's server sent a page or a drawing in markup, which is not archived.")
        return Media(picture.url, fetched.body, picture.kind)


def _missing(picture: Picture, problem: str) -> Media:
    return Media(picture.url, None, picture.kind, problem=problem)
