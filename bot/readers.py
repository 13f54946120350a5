"""Reading for the store: the watch-list compiled once, kept in step with the store, and the archive read with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING

from storage import captures, judging, people, people_changes, readings, sightings
from storage.database import Database, Transaction
from storage.records import Capture, Place, Post, Sighting, TimeBasis

if TYPE_CHECKING:
    from bot.claims.model import Claims
    from bot.reading.model import Context
    from bot.reading.names.watchlist import WatchList

PAGE = 200
"""Texts read again between two commits, at most."""

SKIMMED_PAGE = 2_000
"""Texts looked through between two commits, at most, where only some of the people have changed."""

PAGE_CHARACTERS = 200_000
"""Code points read again between two commits, give or take one text: a killed rebuild loses about a second's work."""


Read = list[tuple[Capture, tuple[Sighting, ...]]]
"""Texts that were read, each by the capture that stands for it, with what was found."""
Same = list[tuple[Capture, str]]
"""Texts that need not be read again, each with the version that it was read with."""


@dataclass(frozen=True, slots=True)
class Reader:
    """The rules and the watched people as of one moment.

    Attributes:
        watchlist: the people, compiled.
        version: what a reading is marked with, so that stale ones are known after any change of people or rules.
    """

    watchlist: WatchList
    version: str

    def read(self, post: Post) -> tuple[Sighting, ...]:
        """Read a post's text for the watched people."""
        from bot.reading.reader import read

        return read(post.text, self.watchlist, context_of(post)).sightings

    def keep(self, tx: Transaction, capture: Capture, found: tuple[Sighting, ...]) -> list[Sighting]:
        """Store what was read in one text, and with what; return the sightings that are new.

        Nobody is held to words that a file gives and the platform of the post does not: nothing is told of those.
        """
        readings.put(tx, capture, self.version)
        if found and captures.contradicted(tx, capture):
            found = ()
        new = [sighting for sighting in found if sightings.put(tx, capture.post_id, capture, sighting)]
        judging.relink(tx, capture.post_id)
        return new


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """How many texts were read again, how many sightings they gave, and how many texts are left.

    `passed` counts those that speak of nobody whose names have changed, and so were not read again.
    """

    texts: int
    sightings: int
    left: int
    passed: int = 0

    @property
    def moved(self) -> bool:
        """Whether any text is stale no more."""
        return bool(self.texts or self.passed)


class Readers:
    """Gives the reader for the store's people, who may change at any time and in any process."""

    def __init__(self) -> None:
        self._current: tuple[int, Reader] | None = None
        self._changed: tuple[str, dict[str, WatchList | None]] = ("", {})

    def current(self, tx: Transaction) -> Reader:
        """Return the reader for the people as they are in this transaction, compiled anew only if they changed."""
        revision = people.revision(tx)
        held = self._current
        if held is None or held[0] != revision:
            from bot.reading.names.watchlist import WatchList

            held = revision, Reader(WatchList(people.all(tx)), _version(revision))
            self._current = held
        return held[1]

    def unread(self, tx: Transaction) -> int:
        """Count the archived texts that are not read yet with the rules and the people of now."""
        return readings.count_stale(tx, _version(people.revision(tx)))

    def claims(self, caption: str, post: Post, watched: WatchList | None = None) -> Claims:
        """What a caption claims its picture shows; who is in it as well, where the watched people are given."""
        if watched is not None and (people := watched.find(caption)):
            from bot.claims.read import claims

            return claims(caption, _surely_published(post), post.lang, people=people)
        return _claims(caption, _surely_published(post), post.lang)

    def compatible(self, a: Place, b: Place) -> bool:
        """Whether two places can both be right of one picture."""
        from bot.reading.places.finder import same_or_compatible

        return same_or_compatible(a, b)

    def catch_up(
        self, db: Database, progress: Callable[[int, int], None] | None = None, *, pages: int | None = None
    ) -> CaughtUp:
        """Read again every archived text whose reading is stale, or so many pages of them.

        Where it is stale because people were added, renamed, merged or the like, only texts that may name these
        people are read. Texts are read while the store is free for others; each page commits by itself, and its rows
        are marked with what read them: killed at any moment, the next call goes on where this one stopped.
        """
        texts = told = passed = done = 0
        while True:
            with db.read() as tx:
                reader = self.current(tx)
                left = readings.count_stale(tx, reader.version)
                page = readings.stale(tx, reader.version, PAGE) if left else []
                changed = {version: self._changed_since(tx, reader, version) for version in {one[2] for one in page}}
                if page and None not in changed.values() and len(page) == PAGE:
                    page = readings.stale(tx, reader.version, SKIMMED_PAGE)
                    changed |= {one[2]: self._changed_since(tx, reader, one[2]) for one in page}
            if not page or db.read_only or done == pages:
                return CaughtUp(texts, told, left, passed)
            found, same = _read_page(reader, page, changed)
            new = self._keep_page(db, reader, found, same)
            if new is None:
                continue
            told += new
            texts += len(found)
            passed += len(same)
            done += 1
            if progress:
                progress(len(found) + len(same), texts + passed + left - len(found) - len(same))

    def _changed_since(self, tx: Transaction, reader: Reader, version: str) -> WatchList | None:
        """Return whoever has changed since a reading, as they were and as they are; None where all may have changed."""
        if self._changed[0] != reader.version:
            self._changed = reader.version, {}
        known = self._changed[1]
        if version not in known:
            rules, _, revision = version.rpartition("/")
            same_rules = rules == reader.version.rpartition("/")[0] and revision.isdecimal()
            people_changed = people_changes.since(tx, int(revision)) if same_rules else None
            if people_changed is None:
                known[version] = None
            else:
                from bot.reading.names.watchlist import WatchList

                known[version] = WatchList(people_changed)
        return known[version]

    def _keep_page(self, db: Database, reader: Reader, found: Read, same: Same) -> int | None:
        """Store what was read anew; None where the people changed meanwhile: it would be stale again at once."""
        with db.write() as tx:
            if self.current(tx) is not reader:
                return None
            for capture, _ in found:
                sightings.clear_text(tx, capture)
            readings.mark(tx, same, reader.version)
            return sum(len(reader.keep(tx, capture, sighted)) for capture, sighted in found)


def _version(revision: int) -> str:
    from bot.reading.model import RULES_VERSION

    return f"{RULES_VERSION}/{revision}"


def _read_page(
    reader: Reader, page: list[tuple[Post, Capture, str]], changed: Mapping[str, WatchList | None]
) -> tuple[Read, Same]:
    """Read the texts that may have changed; the others are only counted as read."""
    found: Read = []
    same: Same = []
    characters = 0
    for post, capture, version in page:
        if characters >= PAGE_CHARACTERS:
            break
        people_changed = changed[version]
        if people_changed is not None and not people_changed.touches(post.text):
            same.append((capture, version))
            continue
        found.append((capture, reader.read(post)))
        characters += len(post.text)
    return found, same


@lru_cache(maxsize=4096)
def _claims(caption: str, published: datetime | None, lang: str | None) -> Claims:
    """Read a caption once: a picture that goes round is held against the same captions again and again."""
    from bot.claims.read import claims

    return claims(caption, published, lang)


def _surely_published(post: Post) -> datetime | None:
    """When a post was published; None where its date is only when somebody saw it, so that "today" is no day."""
    return published_of(post) if post.posted_at_basis in {TimeBasis.DECODED_ID, TimeBasis.STATED} else None


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
        author=post.author,
        author_name=post.author_name,
        platform=post.platform,
        lang=post.lang,
    )
