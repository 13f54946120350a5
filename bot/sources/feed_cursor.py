"""Where a reader of a feed stands: what it has been given, never up to which date.

Dates of feeds are out of order, missing, wrong or all alike, and entries come late: a date as the cursor would skip
some and repeat others. So the cursor names what was given, by short digests: the entries that stand in the feed, and
some that stood in it before.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.sources.entries import Entry

REMEMBERED = 3
"""Entries remembered for each one in the feed: those that drop out of it and return (feeds served by several machines
do that) are known."""
REMEMBERED_LEAST = 300


@dataclass(frozen=True, slots=True)
class Mark:
    """One entry in short: `key` tells it from every other one, `version` when it says it was changed, `words` its text.

    The key is made of the feed's id, the post and the headline: ids alone repeat in broken feeds, links in others.
    """

    key: str
    version: str
    words: str

    @classmethod
    def of(cls, entry: Entry, post_id: str) -> Mark:
        """Make the mark of an entry that became this post."""
        headline = entry.title or entry.body
        return cls(
            _short(11, entry.guid, post_id, headline), _short(4, entry.updated), _short(6, entry.title, entry.body)
        )


@dataclass(frozen=True, slots=True)
class FeedCursor:
    """What was given of one feed, and what its server named its last answer.

    Attributes:
        feed: the digest of the feed's address, so that the cursor of another one is not taken for this one's.
        etag, modified: to be handed back to the server; empty where the whole feed is wanted.
        given: version and words of each entry by key, those remembered longest first.
        after_time: what is dated up to then is not wanted; set where a watch begins.
    """

    feed: str
    etag: str = ""
    modified: str = ""
    given: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    after_time: datetime | None = None

    @classmethod
    def read(cls, since: str | None, url: str) -> tuple[FeedCursor, tuple[str, ...]]:
        """Read a cursor, a time, or nothing; what is none of them starts over, and a note says so."""
        fresh = cls(_short(11, url))
        if not since:
            return fresh, ()
        try:
            value = json.loads(since)
            given = {key: (version, words) for key, version, words in value["given"]}
            until = datetime.fromisoformat(value["after"]) if value["after"] else None
            found = cls(value["feed"], value["etag"], value["modified"], given, until)
        except (ValueError, TypeError, KeyError, RecursionError):
            start = _time(since)
            if start is not None:
                return cls(fresh.feed, after_time=start), ()
            return fresh, ("Where the last sweep stopped cannot be read; the feed is read from its start.",)
        return (found, ()) if found.feed == fresh.feed else (fresh, ())

    def text(self) -> str:
        """Write the cursor; the same one always reads the same."""
        value = {
            "feed": self.feed,
            "etag": self.etag,
            "modified": self.modified,
            "after": self.after_time.isoformat() if self.after_time else "",
            "given": [[key, *rest] for key, rest in self.given.items()],
        }
        return json.dumps(value, separators=(",", ":"))

    def condition(self) -> dict[str, str]:
        """Return the headers that ask for the feed only if it has changed (RFC 9110, 13.1)."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in headers.items() if value}

    def knows(self, mark: Mark) -> bool:
        """Whether the entry was given as it is now.

        Many feeds put words into a text that change at every look ("29 minutes ago"), others write a new date at
        every look: only where both changed did somebody change the entry.
        """
        held = self.given.get(mark.key)
        return held is not None and (held[0] == mark.version or held[1] == mark.words)

    def knows_earlier(self, mark: Mark) -> bool:
        """Whether the entry was given as it was before."""
        return mark.key in self.given and not self.knows(mark)

    def is_before(self, posted_at: datetime | None) -> bool:
        """Whether an entry of this date was there before the watch began."""
        return self.after_time is not None and posted_at is not None and posted_at <= self.after_time

    def after(self, marks: Sequence[Mark], *, size: int, etag: str | None, modified: str | None) -> FeedCursor:
        """Return the cursor once these entries are given, of a feed with `size` entries."""
        given = dict(self.given)
        for mark in marks:
            given.pop(mark.key, None)
            given[mark.key] = (mark.version, mark.words)
        kept = max(REMEMBERED * size, REMEMBERED_LEAST)
        return FeedCursor(
            self.feed, _header(etag), _header(modified), dict(list(given.items())[-kept:]), self.after_time
        )


def _short(length: int, *parts: str) -> str:
    """Return the first characters of a digest, six bits each."""
    whole = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    return base64.urlsafe_b64encode(whole).decode()[:length]


def _time(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _header(value: str | None) -> str:
    """Keep what a server may be sent back: a line of printable characters, not too long."""
    value = (value or "").strip()
    return value if value.isascii() and value.isprintable() and len(value) <= 500 else ""
