"""Searches of X by its API v2, which needs a key: an account's posts, or whatever a query finds."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from bot.sources.base import Captured, CaptureFailed, FetchRefused, NotConfigured
from bot.sources.batch import Batch, Document
from bot.sources.http import Fetched, Fetcher
from bot.sources.payload import read_object
from bot.sources.refs import SourceRef
from bot.sources.syndication import Answer
from bot.sources.throttle import Throttle, host_of
from bot.sources.x_api import FIELDS, read_page, read_post
from bot.sources.x_cursor import Span, XCursor, oldest_searched
from bot.sources.x_pictures import XPictures
from bot.sources.x_refusals import refusal

API_URL = "https://api.x.com"
PAGE = 100
"""Posts of one page, the most that X gives (docs of its API)."""
PAGES = 3
"""Pages read by one search; a larger backlog comes with the next ones, so that a budget can stop it."""
ANSWER_LIMIT = 16 * 2**20
"""Bytes of one page; a hundred posts with what they refer to take half a million."""
BATCH_BYTES = 64 * 2**20
"""Bytes of pictures held for one search."""
_TOGETHER = 8
"""Posts whose pictures are fetched side by side."""


@dataclass(slots=True)
class _Found:
    """What one search was answered: posts by number, documents, what X bills, and whether that was all."""

    posts: dict[int, Captured] = field(default_factory=dict)
    refused: list[tuple[str, str]] = field(default_factory=list)
    answers: list[Fetched] = field(default_factory=list)
    billed: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    whole: bool = False

    def document(self) -> Document | None:
        """The pages as they came, one after the other."""
        if not self.answers:
            return None
        kind = "application/json" if len(self.answers) == 1 else "application/x-ndjson"
        return Document(self.answers[0].url, b"\n".join(answer.body for answer in self.answers), kind)


class XSearch:
    """Searches of X.

    Args:
        fetcher: the guarded client.
        clock: the time of a capture, aware.
        token: the bearer token of an app.
        pictures: fetches the pictures of posts.
        api_url: the base address of the API, without a slash at the end.
        throttle: how often the API is asked.
        pages: how many pages one search reads at most.
        batch_bytes: how many bytes of pictures one search holds, give or take a few posts'; the posts that do not go in
            are found, and billed, again.

    Raises:
        NotConfigured: there is no token, or it cannot be one.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        clock: Callable[[], datetime],
        token: str,
        pictures: XPictures,
        *,
        api_url: str = API_URL,
        throttle: Throttle | None = None,
        pages: int = PAGES,
        batch_bytes: int = BATCH_BYTES,
    ) -> None:
        if not re.fullmatch(r"[!-~]+", token):
            raise NotConfigured("X_BEARER_TOKEN holds characters that no token has; copy it anew from developer.x.com.")
        self._fetcher = fetcher
        self._clock = clock
        self._token = token
        self._pictures = pictures
        self._url = f"{api_url.rstrip('/')}/2/tweets/search/recent"
        self._throttle = throttle or Throttle()
        self._pages = pages
        self._batch_bytes = batch_bytes

    async def search(self, query: str, since: str | None) -> Batch:
        """Find posts of the last seven days that are new since the cursor, oldest first, each with its pictures.

        X answers with the newest first: where a backlog is larger than one search reads, its newest part comes first,
        and what lies before it with the next searches. What X bills is the batch's `cost`, in posts.

        Args:
            query: `@handle` for an account's posts, or a query in X's own terms. Reposts are left out unless it
                speaks of them (`is:retweet`).
            since: the cursor that the last search gave; the number of a post, or an aware time in ISO 8601, for what
                is newer; None for the last seven days.

        Raises:
            CaptureFailed: nobody answered, or X refuses the search; the sentence says why.
            Throttled: X asks to be left alone.
        """
        read, unread = XCursor.read(since)
        cursor, aged = read.within(self._clock())
        span = cursor.spans[0]
        found = await self._read(query, span)
        posts = [found.posts[number] for number in sorted(found.posts)]
        given = await self._with_pictures(posts)
        left = _left(span, sorted(found.posts), len(given), whole=found.whole)
        ended = span.below is None and found.whole and len(given) == len(posts)
        return Batch(
            tuple(given),
            cursor.after(left, self._clock() if ended else None).text(),
            more=not ended and bool(found.whole or posts),
            notes=(*unread, *aged, *found.notes),
            refused=tuple(found.refused),
            document=found.document(),
            cost=len(found.billed),
        )

    async def _read(self, query: str, span: Span) -> _Found:
        """Read the pages of a span, newest first, until it ends or enough is read.

        A page that cannot be had ends it as well, once there is one: what was paid for is given.
        """
        found = _Found()
        asked = self._question(query, span)
        while len(found.answers) < self._pages and not found.whole:
            try:
                fetched = await self._ask(asked)
                asked["next_token"] = await asyncio.to_thread(_take, fetched, span, self._clock(), found)
            except (CaptureFailed, FetchRefused) as error:
                if not found.answers:
                    raise
                found.notes.append(f"X broke off after {len(found.answers)} pages: {error}")
                break
            found.whole = not asked["next_token"]
        if not found.whole and not found.posts:
            found.notes.append("X answered with other posts than were asked for; none of them is taken.")
        return found

    def _question(self, query: str, span: Span) -> dict[str, str]:
        asked = {"query": asked_of_x(query), "max_results": str(PAGE), "sort_order": "recency", **FIELDS}
        if span.above > oldest_searched(self._clock()):
            asked["since_id"] = str(span.above)
        if span.below is not None:
            asked["until_id"] = str(span.below)
        return asked

    async def _ask(self, asked: Mapping[str, str]) -> Fetched:
        """Ask the API once, under the throttle, which learns of a wish to be left alone.

        Raises:
            Throttled: that wish, now or from before.
            CaptureFailed: nobody answered.
        """
        async with self._throttle.turn(host_of(self._url)):
            fetched = await self._fetcher.get(
                f"{self._url}?{urlencode(asked)}",
                accept="json",
                max_bytes=ANSWER_LIMIT,
                headers={"Authorization": f"Bearer {self._token}"},
                max_redirects=0,
            )
            if fetched.status == 429:
                raise refusal(fetched, self._clock())
        return fetched

    async def _with_pictures(self, posts: Sequence[Captured]) -> list[Captured]:
        """Fetch the pictures of posts in order, and stop where enough is held."""
        given: list[Captured] = []
        held = 0
        for first in range(0, len(posts), _TOGETHER):
            if held >= self._batch_bytes:
                break
            group = await asyncio.gather(*(self._pictures.fetch(post) for post in posts[first : first + _TOGETHER]))
            given += group
            held += sum(_held(post) for post in group)
        return given


def asked_of_x(query: str) -> str:
    """Write a source's query as X's: `from:` for an account, and without reposts unless it speaks of them."""
    account = SourceRef("x", query).account
    query = f"from:{account}" if account else query
    plain = re.sub(r'"[^"]*"', "", query)
    if re.search(r"\bis:retweet\b", plain, re.IGNORECASE):
        return query
    return f"({query}) -is:retweet" if re.search(r"\bOR\b", plain) else f"{query} -is:retweet"


def _take(fetched: Fetched, span: Span, now: datetime, found: _Found) -> str:
    """Take the posts of one page that lie in the span; return what asks for the next page, empty where none is due.

    Raises:
        CaptureFailed: it is no page of posts.
    """
    payload = read_object(fetched.body) if fetched.status == 200 else None
    page = read_page(payload) if payload is not None else None
    if page is None:
        raise refusal(fetched, now)
    found.answers.append(fetched)
    found.billed |= {number or f"{len(found.answers)}, {at}" for at, number in enumerate(page.billed)}
    answer = Answer(fetched.body, fetched.media_type or "application/json", fetched.url, now)
    ended = not page.next_token
    for at, item in enumerate(page.found, 1):
        post = read_post(item, page, answer)
        number = int(post.native_id or 0) if post else 0
        if post is None:
            found.refused.append((f"post {at} of X's answer", "It has no number that a post can have."))
        elif span.holds(number):
            found.posts.setdefault(number, post)
        ended |= post is not None and number <= span.above
    return "" if ended else page.next_token


def _left(span: Span, numbers: Sequence[int], given: int, *, whole: bool) -> list[Span]:
    """Return what is left of a span once the first of these posts, which are its newest, are given."""
    if not numbers:
        return [] if whole and span.below is not None else [span]
    left = [] if whole else [Span(span.above, numbers[0])]
    if given < len(numbers):
        left.append(Span(numbers[given - 1], span.below))
    elif span.below is None:
        left.append(Span(numbers[-1]))
    return left


def _held(post: Captured) -> int:
    return sum(len(item.data or b"") for item in post.media) + sum(_held(inner) for inner in post.quoted)
