"""RSS and Atom feeds: a search gives the entries that are new since the cursor, each a post of its own."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from bot.sources.articles import given_link
from bot.sources.base import POSTER_FRAME, Captured, CaptureFailed, Link, LinkRefused
from bot.sources.batch import Batch, Document, Throttled
from bot.sources.dates import DISAGREEMENT, read_date, settle
from bot.sources.enclosures import Enclosures
from bot.sources.entries import Entry, FeedDocument, read_feed
from bot.sources.feed_cursor import FeedCursor, Mark
from bot.sources.http import Fetched, Fetcher
from bot.sources.throttle import Throttle, host_of, retry_after
from storage.records import digest

ROUTE = "feed"
FEED_LIMIT = 8 * 2**20
"""Bytes of a feed; the longest podcasts' stay under it."""
ENTRIES_LIMIT = 2000
"""Entries of one document that are looked at, the newest; a larger one is an archive, not news."""
BATCH_LIMIT = 100
"""Entries given by one search; those after them are given by the next."""
BATCH_BYTES = 64 * 2**20
"""Bytes of pictures held for one search, give or take a few entries'."""
_TOGETHER = 8
"""Entries whose pictures are fetched side by side."""
_NAMED_ZONE = re.compile(r":\d\d(?:\.\d+)?\s+\(?[A-Za-z]{2,5}\)?$")
"""A time of day followed by the name of a zone."""

Reading = Callable[[bytes, str, str], Awaitable[FeedDocument]]
"""`read_feed`, called off the loop: in a thread, or better in another process."""


@dataclass(frozen=True, slots=True)
class _Fresh:
    """An entry that is new, with the post it makes, still without its pictures."""

    entry: Entry
    mark: Mark
    captured: Captured


class Feed:
    """Feeds by their addresses. One entry alone cannot be asked for.

    Args:
        fetcher: the guarded client.
        clock: the time of a capture, aware.
        reading: how a document is read off the loop, where not in a thread; a large one takes a second of a processor.
        throttle: how often a host is asked for its feeds; their pictures are fetched as they come.
        max_media_bytes: the largest picture that is fetched.
        batch: how many entries one search gives at most.
    """

    name = "feed"

    def __init__(
        self,
        fetcher: Fetcher,
        clock: Callable[[], datetime],
        *,
        reading: Reading | None = None,
        throttle: Throttle | None = None,
        max_media_bytes: int = 16 * 2**20,
        batch: int = BATCH_LIMIT,
    ) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._reading = reading or _in_thread
        self._throttle = throttle or Throttle()
        self._max_media_bytes = max_media_bytes
        self._batch = batch

    async def capture(self, link: Link) -> Captured:
        """Refuse: a feed is searched.

        Raises:
            CaptureFailed: always.
        """
        raise CaptureFailed("A feed gives what is new in it, not one page; give the page's link to trace it.")

    async def search(self, query: str, since: str | None) -> Batch:
        """Find the entries that are new since the cursor, oldest first, each with its pictures.

        An entry comes once, wherever in the feed it stands and whatever its date. It comes once more when its headline
        changes, or when its text does and the feed dates the change: as a later capture of the same post.

        Args:
            query: the feed's address.
            since: the cursor that the last search gave; None for everything in the feed; or a time in ISO 8601, aware,
                for what is dated after it and what is not dated.

        Raises:
            CaptureFailed: nobody answered, or not with a feed.
            Throttled: the server asks to be left alone.
            FetchRefused: the guarded client will not go there.
        """
        cursor, problem = FeedCursor.read(since, query)
        async with self._throttle.turn(host_of(query)):
            fetched = await self._fetcher.get(query, accept="feed", max_bytes=FEED_LIMIT, headers=cursor.condition())
            if fetched.status == 304 and cursor.condition():
                return Batch((), cursor.text())
            _check(fetched, self._clock())
        content_type = fetched.headers.get("content-type", "")
        feed = await self._reading(fetched.body, content_type, fetched.url)
        fresh, notes = await asyncio.to_thread(_fresh, feed, fetched, query, cursor, self._clock())
        given = await self._with_pictures(fresh[: self._batch])
        more = len(given) < len(fresh)
        cursor = cursor.after(
            [one.mark for one in fresh[: len(given)]],
            size=len(feed.entries),
            etag=None if more else fetched.headers.get("etag"),
            modified=None if more else fetched.headers.get("last-modified"),
        )
        return Batch(
            tuple(given),
            cursor.text(),
            more=more,
            notes=(*problem, *notes),
            document=Document(fetched.url, fetched.body, fetched.media_type or "application/xml"),
        )

    async def _with_pictures(self, fresh: Sequence[_Fresh]) -> list[Captured]:
        """Fetch the pictures of entries in order, and stop where enough is held."""
        enclosures = Enclosures(self._fetcher, self._max_media_bytes)
        given: list[Captured] = []
        held = 0
        for first in range(0, len(fresh), _TOGETHER):
            if held >= BATCH_BYTES:
                break
            group = fresh[first : first + _TOGETHER]
            fetched = await asyncio.gather(*(enclosures.fetch(one.entry.pictures) for one in group))
            given += [replace(one.captured, media=media) for one, media in zip(group, fetched, strict=True)]
            held += sum(len(item.data or b"") for media in fetched for item in media)
        return given


def _fresh(
    feed: FeedDocument, fetched: Fetched, query: str, cursor: FeedCursor, now: datetime
) -> tuple[list[_Fresh], list[str]]:
    """Make posts of the entries that are new to the cursor, oldest first."""
    notes = [*feed.notes, *_moved(fetched, query)]
    worth = [entry for entry in feed.entries if _says_something(entry)]
    posts = _in_order([(entry, _post(entry, feed, fetched, query, now)) for entry in worth])
    if len(posts) > ENTRIES_LIMIT:
        notes.append(f"The feed lists {len(posts)} entries; the newest {ENTRIES_LIMIT} of them are looked at.")
    found: list[_Fresh] = []
    seen: set[str] = set()
    for entry, post in posts[-ENTRIES_LIMIT:]:
        mark = Mark.of(entry, post.post_id)
        if mark.key in seen or cursor.knows(mark) or cursor.is_before(post.posted_at):
            continue
        seen.add(mark.key)
        if cursor.knows_earlier(mark):
            post = replace(post, notes=(*post.notes, "The feed has changed this entry since it was first seen."))
        found.append(_Fresh(entry, mark, post))
    return found, notes


async def _in_thread(data: bytes, content_type: str, url: str) -> FeedDocument:
    return await asyncio.to_thread(read_feed, data, content_type, url)


def _check(fetched: Fetched, now: datetime) -> None:
    """Refuse an answer that is no document, in words for the person who set up the watch."""
    host = urlsplit(fetched.url).hostname or "The address"
    if fetched.status == 200:
        return
    wait = retry_after(fetched.headers.get("retry-after", ""), now)
    if fetched.status == 429 or (fetched.status == 503 and wait is not None):
        asked = f" for {wait:.0f} s" if wait is not None else ""
        raise Throttled(f"{host} answered {fetched.status} and asks not to be asked again{asked}.", wait)
    if fetched.status in (404, 410):
        raise CaptureFailed(f"{host} has no feed at this address ({fetched.status}); look for its new address.")
    if fetched.status in (401, 403):
        raise CaptureFailed(f"{host} does not let Dateline read this feed ({fetched.status}); ask its publisher.")
    raise CaptureFailed(f"{host} answered {fetched.status} instead of the feed; try again later.")


def _moved(fetched: Fetched, query: str) -> list[str]:
    if not fetched.redirects:
        return []
    return [f"The feed's address leads on to {fetched.url[:500]}; if it has moved for good, watch that one."]


def _in_order(posts: list[tuple[Entry, Captured]]) -> list[tuple[Entry, Captured]]:
    """Order entries oldest first by their dates; one without a date stays beside the one it stands next to.

    Feeds put the newest first, so that among equals the last in the document is the oldest.
    """
    last = datetime.min.replace(tzinfo=UTC)
    dated = []
    for pair in reversed(posts):
        last = pair[1].posted_at or last
        dated.append((last, pair))
    return [pair for _, pair in sorted(dated, key=lambda one: one[0])]


def _post(entry: Entry, feed: FeedDocument, fetched: Fetched, query: str, now: datetime) -> Captured:
    link, notes = _link(entry)
    stated = _stated(entry, now, notes)
    posted_at, basis, disagreement = settle(link, stated)
    if link is not None and _site(link.url) != _site(fetched.url):
        notes.append(f"This is what the feed of {_site(fetched.url)} says of a page of {_site(link.url)}.")
    paragraphs = entry.body if entry.title in ("", entry.body.partition("\n")[0]) else f"{entry.title}\n\n{entry.body}"
    poster = [POSTER_FRAME] if any(picture.kind == "video-poster" for picture in entry.pictures) else []
    return Captured(
        post_id=link.post_id if link else f"feed:{digest(_identity(entry, query))[:20]}",
        platform=link.platform if link else "feed",
        native_id=link.native_id if link else None,
        url=link.url if link else None,
        raw=entry.raw,
        media_type="application/xml" if entry.cut else fetched.media_type or "application/xml",
        route=ROUTE,
        captured_at=now,
        source_url=fetched.url,
        author_name=entry.author or None,
        publisher=feed.title or None,
        posted_at=posted_at,
        posted_at_basis=basis,
        text=paragraphs.strip(),
        lang=entry.lang,
        notes=(*notes, *disagreement, *poster),
    )


def _says_something(entry: Entry) -> bool:
    """Whether there is anything in an entry to archive; some feeds have empty ones."""
    return bool(entry.title or entry.body or entry.link or entry.pictures)


def _link(entry: Entry) -> tuple[Link | None, list[str]]:
    if not entry.link:
        return None, []
    try:
        return given_link(entry.link), []
    except LinkRefused as error:
        return None, [f"The entry's link is not kept: {error}"]


def _identity(entry: Entry, query: str) -> bytes:
    """What an entry without a usable link is known by: its id within this feed, else what it says."""
    return "\0".join((query, entry.guid or f"{entry.title}\0{entry.body}")).encode()


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _stated(entry: Entry, now: datetime, notes: list[str]) -> datetime | None:
    """Read the date of an entry; one that cannot be read or believed is unknown, and a note says what is written."""
    written = entry.published or entry.updated
    if not written:
        return None
    read = read_date(written)
    if read is None:
        notes.append(f"The feed's date cannot be read: {written[:60]!r}.")
        return None
    if read[1] and _NAMED_ZONE.search(written):
        notes.append(f"The feed's date {written[:60]!r} is in a zone whose name is not known; it is not taken.")
        return None
    if read[0] - now > DISAGREEMENT:
        notes.append(f"The feed dates this in the future, {written[:60]!r}; the date is not taken.")
        return None
    if read[1]:
        notes.append(read[1])
    if not entry.published:
        notes.append("The feed tells only when this was last changed; that is taken as its date.")
    return read[0]
