"""Posts of X by the two ways that need no key: the data behind its embeds, and oEmbed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

from bot.sources import oembed, syndication
from bot.sources.base import Captured, CaptureFailed, FetchRefused, Link, NotConfigured
from bot.sources.batch import Throttled
from bot.sources.http import Fetcher
from bot.sources.payload import read_object
from bot.sources.syndication import Answer
from bot.sources.throttle import retry_after
from bot.sources.x_pictures import MEDIA_LIMIT, MEDIA_URL, XPictures
from storage.records import PostStatus

SYNDICATION_URL = "https://cdn.syndication.twimg.com"
OEMBED_URL = "https://publish.x.com"
ROUTES = (syndication.ROUTE, oembed.ROUTE)
NO_KEY = (
    "X: searching needs X_BEARER_TOKEN, the bearer token of an app at developer.x.com; set it, or watch single posts "
    "by their links, which need no key."
)

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
        max_media_bytes: int = MEDIA_LIMIT,
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
        self._routes = routes
        self._pictures = XPictures(fetcher, media_url, max_media_bytes)

    async def capture(self, link: Link) -> Captured:
        """Fetch one post with its pictures, by the first route that knows it.

        What X says of a post that cannot be seen is final; "not found" and an oEmbed refusal are checked with the
        routes that are left. A picture that cannot be fetched is a `Media` with a problem, never a failed capture.

        Raises:
            CaptureFailed: no route gave an answer that can be archived.
            Throttled: that was because X asks to be left alone.
            NotConfigured: every route is switched off.
        """
        if link.platform != self.name:
            raise CaptureFailed(f"{link.url} is not a post of X; give an X link.")
        if not self._routes:
            raise NotConfigured("Every route to X is switched off; name one in DATELINE_X_ROUTES.")
        tentative: list[Captured] = []
        failures: list[str] = []
        asked_to_wait: list[float | None] = []
        for route in self._routes:
            try:
                found = await self._ask(route, link)
            except (CaptureFailed, FetchRefused) as error:
                failures.append(f"{route}: {error}")
                if isinstance(error, Throttled):
                    asked_to_wait.append(error.retry_after)
                continue
            if not _tentative(found):
                notes = tuple(f"By {other.route} the post was {other.status}." for other in tentative)
                return replace(await self._pictures.fetch(found), notes=found.notes + notes)
            tentative.append(found)
        if not tentative:
            said = f"X answered on no route ({' '.join(failures)}) Try again later."
            if asked_to_wait:
                raise Throttled(said, max((wait for wait in asked_to_wait if wait is not None), default=None))
            raise CaptureFailed(said)
        return _weigh(tentative, failures)

    async def search(self, query: str, since: str | None) -> Sequence[Captured]:
        """Refuse: neither route can search.

        Raises:
            NotConfigured: always.
        """
        raise NotConfigured(NO_KEY)

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
        if fetched.status == 429:
            wait = retry_after(fetched.headers.get("retry-after", ""), self._clock())
            asks = f" and asks to wait {wait:.0f} s" if wait is not None else ""
            raise Throttled(f"X answered {fetched.status}{asks}.", wait)
        if fetched.status != 200:
            raise CaptureFailed(f"X answered {fetched.status}.")
        payload = None if fetched.media_type in _PAGE_TYPES else read_object(fetched.body)
        if payload is None:
            raise CaptureFailed("X answered with something that is not a post's data.")
        reader = syndication.read if route == syndication.ROUTE else oembed.read
        return reader(payload, link, answer)


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
