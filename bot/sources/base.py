"""The protocol every source fits: a link is captured, a question is searched, and both give `Captured` values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from storage.errors import DatelineError
from storage.records import PostStatus, TimeBasis


class LinkRefused(DatelineError):
    """The link is dead, a look-alike, or of a kind that Dateline does not know."""

    code = "link_refused"


class FetchRefused(DatelineError):
    """The guarded client will not go there (a private address, a bad scheme, too large, a poisoned answer)."""

    code = "fetch_refused"


class CaptureFailed(DatelineError):
    """No route gave an answer that could be archived; nothing was stored."""

    code = "capture_failed"


class Unreadable(DatelineError):
    """A file or a text handed in cannot be read as what it is said to be."""

    code = "unreadable"


class NotConfigured(DatelineError):
    """The source needs a key or a setting that is not there; the rest works."""

    code = "not_configured"


@dataclass(frozen=True, slots=True)
class Link:
    """One link, normalised: every form of one post's address gives the same `post_id` and `url`.

    Attributes:
        platform: `x`, `bluesky`, `mastodon`, `telegram`, `youtube`, `web`.
        native_id: the platform's own id (for X the number; for Telegram `name/123`; for the web the URL itself).
        url: the canonical address.
        post_id: the id of the post in the store, `platform:native_id` (for the web a digest of the URL).
        archive_url: the address of the archived copy, where the link was one (web.archive.org, archive.ph).
    """

    platform: str
    native_id: str
    url: str
    post_id: str
    archive_url: str | None = None


POSTER_FRAME = (
    "The post shows a video or moving picture: what is archived and compared is its poster frame, a single still."
)
"""What must be told of a post with a medium of the kind `video-poster`."""


@dataclass(frozen=True, slots=True)
class Media:
    """One picture of a post. `data` is None where it could not be fetched, and `problem` says why in one sentence."""

    url: str | None
    data: bytes | None
    kind: str = "photo"
    """`photo`, or `video-poster` for the still of a video."""
    caption: str = ""
    """The picture's own caption or alternative text; empty where only the post's text speaks of it."""
    credit_url: str | None = None
    """The post that the picture belongs to, where it is another account's."""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Captured:
    """One post as a source gave it, with its raw bytes; the value that intake takes in.

    `posted_at` is aware and keeps the zone the source told. `quoted` is a quoted or replied-to post found in the
    same answer, to be archived as a post of its own.
    """

    post_id: str
    platform: str
    native_id: str | None
    url: str | None
    raw: bytes
    media_type: str
    route: str
    captured_at: datetime
    source_url: str | None = None
    status: PostStatus = PostStatus.LIVE
    status_reason: str = ""
    author: str | None = None
    author_name: str | None = None
    publisher: str | None = None
    posted_at: datetime | None = None
    posted_at_basis: TimeBasis = TimeBasis.UNKNOWN
    text: str = ""
    lang: str | None = None
    media: tuple[Media, ...] = ()
    quoted: tuple[Captured, ...] = ()
    notes: tuple[str, ...] = ()
    """What a reader must be told of the capture itself ("the text is cut at 280 characters")."""


class Source(Protocol):
    """Somewhere posts come from."""

    name: str

    async def capture(self, link: Link) -> Captured:
        """Fetch one post.

        A post that the platform says is deleted, withheld, … is an answer (a `Captured` with that status).

        Raises:
            CaptureFailed: no route answered.
            NotConfigured: the source needs a key.
        """
        ...

    async def search(self, query: str, since: str | None) -> Sequence[Captured]:
        """Find posts newer than the id or time `since`, oldest first.

        Raises:
            NotConfigured: the source cannot be searched with what it has.
        """
        ...
