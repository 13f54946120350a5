"""Posts of X by the two ways that need no key: the data behind its embeds, and oEmbed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qs, urlencode, urlsplit

from bot.sources import oembed, syndication
from bot.sources.base import Captured, CaptureFailed, FetchRefused, Link, Media, NotConfigured
from bot.sources.http import Fetched, Fetcher
from bot.sources.payload import read_object
from bot.sources.syndication import Answer
from storage.records import PostStatus

SYNDICATION_URL = "https://cdn.syndication.twimg.com"
OEMBED_URL = "https://publish.x.com"
MEDIA_URL = "https://pbs.twimg.com"
ROUTES = (syndication.ROUTE, oembed.ROUTE)

_MEDIA_HOST = "pbs.twimg.com"
_SIZES = ("orig", "4096x4096", "large", "medium", "small")
"""X's names for a picture's sizes, best first; `orig` is the upload, up to 4,096 pixels."""
_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})


class X:
    """The platform X. `search` needs a key, which these routes do without.

    Args:
        fetcher: the guarded client.
        clock: the time of a capture, aware.
        syndication_url, oembed_url, media_url: base addresses, without a slash at the end.
        routes: which ways to ask, in order; empty where all are switched off.
        max_media_bytes: the largest picture that is fetched.

    Raises:
        ValueError: a route that does not exist.
    """

    name = "x"

    def __init__(
        self,
        fetcher: Fetcher,
        clock: Callable[[], datetime],
        syndication_url: str = SYNDICATION_URL,
        oembed_url: str = OEMBED_URL,
        media_url: str = MEDIA_URL,
        routes: tuple[str, ...] = ROUTES,
        max_media_bytes: int = 32 * 2**20,
    ) -> None:
        unknown = [route for route in routes if route not in ROUTES]
        if unknown:
            raise ValueError(f"no such route to X: {', '.join(unknown)}; there are {', '.join(ROUTES)}")
        self._fetcher = fetcher
        self._clock = clock
        self._bases = {
            syndication.ROUTE: syndication_url.rstrip("/"),
            oembed.ROUTE: oembed_url.rstrip("/"),
        }
        self._media_url = media_url.rstrip("/")
        self._routes = routes
        self._max_media_bytes = max_media_bytes

    async def capture(self, link: Link) -> Captured:
        """Fetch one post with its pictures, by the first route that knows it.

        What X says of a post that cannot be seen is final; "not found" and an oEmbed refusal are checked with the
        routes that are left. A picture that cannot be fetched is a `Media` with a problem, never a failed capture.

        Raises:
            CaptureFailed: no route gave an answer that can be archived.
            NotConfigured: every route is switched off.
        """
        if link.platform != self.name:
            raise CaptureFailed(f"{link.url} is not a post of X; give an X link.")
        if not self._routes:
            raise NotConfigured("Every route to X is switched off; name one in DATELINE_X_ROUTES.")
        tentative: list[Captured] = []
        failures: list[str] = []
        for route in self._routes:
            try:
                found = await self._ask(route, link)
            except (CaptureFailed, FetchRefused) as error:
                failures.append(f"{route}: {error}")
                continue
            if not _tentative(found):
                notes = tuple(f"By {other.route} the post was {other.status}." for other in tentative)
                return replace(await self._with_media(found), notes=found.notes + notes)
            tentative.append(found)
        if not tentative:
            raise CaptureFailed(f"X answered on no route ({' '.join(failures)}) Try again later.")
        return _weigh(tentative, failures)

    async def search(self, query: str, since: str | None) -> Sequence[Captured]:
        """Refuse: neither route can search.

        Raises:
            NotConfigured: always.
        """
        raise NotConfigured("X cannot be searched without a key for its API; links of X work all the same.")

    async def _ask(self, route: str, link: Link) -> Captured:
        base = self._bases[route]
        if route == syndication.ROUTE:
            asked = {"id": link.native_id, "lang": "en", "token": syndication.token(link.native_id)}
            url = f"{base}/tweet-result?{urlencode(asked)}"
        else:
            asked = {"url": link.url, "omit_script": "1", "dnt": "true", "hide_thread": "1", "lang": "en"}
            url = f"{base}/oembed?{urlencode(asked)}"
        fetched = await self._fetcher.get(url, accept="json", max_bytes=4 * 2**20)
        answer = Answer(fetched.body, fetched.media_type or "application/json", fetched.url, self._clock())
        if fetched.status == 404:
            return syndication.unseen(link, answer, PostStatus.NOT_FOUND, f"X's {route} knows no such post.", route)
        if fetched.status == 403 and route == oembed.ROUTE:
            reason = "X's oEmbed refuses to show the post, as it does for protected accounts; unconfirmed."
            return syndication.unseen(link, answer, PostStatus.PROTECTED, reason, route)
        if fetched.status != 200:
            raise CaptureFailed(f"X answered {fetched.status}{_wait(fetched)}.")
        payload = None if fetched.media_type in _PAGE_TYPES else read_object(fetched.body)
        if payload is None:
            raise CaptureFailed("X answered with something that is not a post's data.")
        reader = syndication.read if route == syndication.ROUTE else oembed.read
        return reader(payload, link, answer)

    async def _with_media(self, post: Captured) -> Captured:
        media = await asyncio.gather(*(self._picture(item) for item in post.media))
        quoted = await asyncio.gather(*(self._with_media(item) for item in post.quoted))
        return replace(post, media=tuple(media), quoted=tuple(quoted))

    async def _picture(self, item: Media) -> Media:
        """Fetch a picture in the best size there is; what it is worth is for the decoder to say."""
        url, problem = item.url or "", ""
        for candidate in _sizes(url):
            try:
                fetched = await self._fetcher.get(
                    self._media_address(candidate), accept="media", max_bytes=self._max_media_bytes
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


def _tentative(found: Captured) -> bool:
    """Whether another route should be heard: "not found" is said of more than missing posts, and 403 by more than X."""
    return found.status is PostStatus.NOT_FOUND or (
        found.route == oembed.ROUTE and found.status is PostStatus.PROTECTED
    )


def _weigh(tentative: list[Captured], failures: list[str]) -> Captured:
    """Choose among answers none of which shows the post: the first that says it is not there, with who agrees."""
    missing = [found for found in tentative if found.status is PostStatus.NOT_FOUND]
    best = (missing or tentative)[0]
    others = [f"By {other.route} it is {other.status}." for other in tentative if other is not best]
    unheard = [f"Not confirmed by {failure}" for failure in failures]
    return replace(best, status_reason=" ".join([best.status_reason, *others, *unheard]))


def _wait(fetched: Fetched) -> str:
    delay = fetched.headers.get("retry-after", "")
    return f" and asks to wait {delay} s" if delay.isdecimal() and len(delay) < 6 else ""


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
