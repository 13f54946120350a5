"""Reading for the store: the watch-list compiled once, kept in step with the store, and the archive read with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from storage import people, readings, sightings
from storage.database import Database, Transaction
from storage.records import Capture, Place, Post, Sighting

if TYPE_CHECKING:
    from bot.reading.captions import CaptionClaims
    from bot.reading.model import Context
    from bot.reading.names.watchlist import WatchList

PAGE = 200
"""Texts read again between two commits: a killed rebuild loses at most so many."""


class Readers:
    """The reader with the store's people, who may change at any time and in any process."""

    def __init__(self) -> None:
        self._revision = -1
        self._watchlist: WatchList | None = None

    @property
    def version(self) -> str:
        """What a reading is marked with, so that stale ones are known after any change of people or rules."""
        from bot.reading.reader import RULES_VERSION

        return f"{RULES_VERSION}/{self._revision}"

    @property
    def watchlist(self) -> WatchList:
        """The people that are watched, as of the last `refresh`."""
        assert self._watchlist is not None, "refresh first"
        return self._watchlist

    def refresh(self, tx: Transaction) -> bool:
        """Compile the watch-list anew where the people have changed; tell whether they had."""
        revision = people.revision(tx)
        if revision == self._revision:
            return False
        from bot.reading.names.watchlist import WatchList

        self._watchlist = WatchList(people.all(tx))
        self._revision = revision
        return True

    def read(self, post: Post) -> tuple[Sighting, ...]:
        """Read a post's text for the watched people."""
        from bot.reading.reader import read

        return read(post.text, self.watchlist, context_of(post)).sightings

    def keep(self, tx: Transaction, capture: Capture, found: tuple[Sighting, ...]) -> int:
        """Store what was read in one text, and with what; return how many sightings are new."""
        readings.put(tx, capture, self.version)
        return sum(sightings.put(tx, capture.post_id, capture, sighting) for sighting in found)

    def claims(self, caption: str, post: Post) -> CaptionClaims:
        """What a caption claims its picture shows."""
        from bot.reading.captions import claims

        return claims(caption, published_of(post))

    def compatible(self, a: Place, b: Place) -> bool:
        """Whether two places can both be right of one picture."""
        from bot.reading.places.finder import same_or_compatible

        return same_or_compatible(a, b)

    def catch_up(self, db: Database, progress: Callable[[int, int], None] | None = None) -> tuple[int, int]:
        """Read again every archived text whose reading is stale; return how many texts, and how many sightings.

        Each page commits by itself, and its rows are marked with what read them: killed at any moment, the next
        call goes on where this one stopped.
        """
        texts = told = 0
        with db.read() as tx:
            self.refresh(tx)
            if not readings.count_stale(tx, self.version):
                return 0, 0
        while True:
            with db.write() as tx:
                self.refresh(tx)
                page = readings.stale(tx, self.version, PAGE)
                for post, capture in page:
                    sightings.clear_text(tx, capture)
                    told += self.keep(tx, capture, self.read(post))
                left = readings.count_stale(tx, self.version)
            texts += len(page)
            if progress:
                progress(len(page), texts + left)
            if not left:
                return texts, told


def published_of(post: Post) -> datetime | None:
    """When a post was published, in the zone that its source told."""
    if post.posted_at is None:
        return None
    zone = UTC if post.utc_offset is None else timezone(timedelta(minutes=post.utc_offset))
    return datetime.fromisoformat(post.posted_at).astimezone(zone)


def context_of(post: Post) -> Context:
    """What is known of a post's text from outside it."""
    from bot.reading.model import Context

    return Context(
        published=published_of(post),
        publisher=post.publisher,
        author=post.author or post.author_name,
        platform=post.platform,
        lang=post.lang,
    )
