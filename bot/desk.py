"""The desk: everything a verb needs, built once from the settings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, Self, TypeVar

from bot.intake import Audience, Intake, Receipt
from bot.pictures import PictureSet
from bot.readers import CaughtUp, Readers
from bot.settings import Settings
from bot.sources.base import Captured, NotConfigured, Source
from storage.database import DATABASE_FILE, Database
from storage.vault import VAULT_FOLDER, Vault

if TYPE_CHECKING:
    from bot.sources.batch import Searcher
    from bot.sources.entries import FeedDocument
    from bot.sources.http import Fetcher
    from bot.sources.refs import SourceRef
    from bot.sources.throttle import Throttle

P = ParamSpec("P")
T = TypeVar("T")

PLATFORM_NAMES = {
    "bluesky": "Bluesky",
    "mastodon": "Mastodon",
    "telegram": "Telegram",
    "youtube": "YouTube",
    "web": "Web pages",
    "x": "X",
}


class Hands(Protocol):
    """Processes that work for a desk."""

    async def run(self, function: Callable[Concatenate[Desk, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function with a desk of theirs."""
        ...


class Desk:
    """The store, the pipeline into it, and the sources, for whoever asks.

    Attributes:
        settings: as read at the start.
        clock: the time now, aware.
        db: the tables.
        vault: the files.
        pictures: the searchable set of stored pictures.
        readers: the reader with the watched people.
        intake: the one pipeline.
        hands: the processes that do the heavy work, None where this process does it itself.
    """

    def __init__(self, settings: Settings, db: Database, vault: Vault, clock: Callable[[], datetime]) -> None:
        self.settings = settings
        self.clock = clock
        self.db = db
        self.vault = vault
        self.pictures = PictureSet(vault)
        self.readers = Readers()
        self.intake = Intake(db, vault, self.pictures, self.readers, clock)
        self.hands: Hands | None = None
        self._fetcher: Fetcher | None = None
        self._throttle: Throttle | None = None

    @classmethod
    def open(
        cls, settings: Settings, clock: Callable[[], datetime] | None = None, *, folder: Path | None = None
    ) -> Desk:
        """Open the store in `folder`, the settings' own if not given, making it where it is missing.

        Raises:
            StoreError: the store cannot be used.
        """
        clock = clock or (lambda: datetime.now(UTC))
        folder = folder or settings.home
        db = Database.open(folder / DATABASE_FILE, clock)
        return cls(settings, db, Vault(folder / VAULT_FOLDER, read_only=db.read_only), clock)

    def close(self) -> None:
        """Close the store."""
        self.db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @asynccontextmanager
    async def online(self) -> AsyncIterator[None]:
        """Let the sources be asked within the block; connections opened there are closed at its end."""
        try:
            yield
        finally:
            if self._fetcher is not None:
                await self._fetcher.aclose()
                self._fetcher = None

    @property
    def fetcher(self) -> Fetcher:
        """The one guarded client, made when something is first fetched."""
        if self._fetcher is None:
            from bot.sources.http import Fetcher

            settings = self.settings
            self._fetcher = Fetcher(
                allowed_private=settings.allowed_private,
                proxy=settings.proxy,
                ca_bundle=str(settings.ca_bundle) if settings.ca_bundle else None,
            )
        return self._fetcher

    def source(self, platform: str) -> Source:
        """Return the source that captures posts of a platform.

        Raises:
            NotConfigured: there is none, or it is turned off.
        """
        if platform == "x" and self.settings.x_routes:
            from bot.sources.x import X

            settings = self.settings
            return X(
                self.fetcher,
                self.clock,
                syndication_url=settings.x_syndication_url,
                oembed_url=settings.x_oembed_url,
                media_url=settings.x_media_url,
                routes=settings.x_routes,
            )
        name = PLATFORM_NAMES.get(platform, platform)
        if platform == "x":
            raise NotConfigured(f"{name}: not configured, since DATELINE_X_ROUTES is off; name a route to turn it on.")
        raise NotConfigured(
            f"{name}: not configured, this version cannot fetch from there; save the page and take it in with "
            "'dateline ingest FILE --url LINK'."
        )

    @property
    def throttle(self) -> Throttle:
        """How often sweeps ask a host, the same for all of their sources."""
        if self._throttle is None:
            from bot.sources.throttle import POLITE, Throttle

            self._throttle = Throttle(default=replace(POLITE, spacing=self.settings.source_pace))
        return self._throttle

    def searcher(self, ref: SourceRef) -> Searcher:
        """Return what a sweep asks one source of a watch with; it is asked for `ref.query`.

        Raises:
            NotConfigured: the source needs a key or a setting that is not there; the sentence names it.
        """
        settings = self.settings
        if ref.kind == "x":
            from bot.sources.x import NO_KEY
            from bot.sources.x_pictures import XPictures
            from bot.sources.x_search import XSearch

            if not settings.x_bearer_token:
                raise NotConfigured(NO_KEY)
            pictures = XPictures(self.fetcher, settings.x_media_url)
            token, url = settings.x_bearer_token, settings.x_api_url
            return XSearch(self.fetcher, self.clock, token, pictures, api_url=url, throttle=self.throttle)
        if ref.kind == "rss":
            from bot.sources.feeds import Feed

            async def reading(data: bytes, content_type: str, url: str) -> FeedDocument:
                return await self.work(read_document, data, content_type, url)

            return Feed(self.fetcher, self.clock, reading=reading, throttle=self.throttle)
        if ref.kind == "folder":
            from bot.sources.folder import Folder

            if not settings.folders:
                raise NotConfigured("Folders: none may be watched; name those that may in DATELINE_FOLDERS.")
            return Folder(settings.folders, self.clock)
        from bot.sources import links
        from bot.sources.again import Again

        link = links.normalise(ref.query)
        if not links.is_short(link):
            self.source(link.platform)
        return Again(
            lambda text: links.resolve(text, self.fetcher, settings.x_shortener_url),
            lambda found: self.source(found.platform).capture(found),
            throttle=self.throttle,
        )

    async def work(self, function: Callable[Concatenate[Desk, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function of a module with a desk over this store, off the loop, in another process if there are any.

        What goes in and out must be plain values; that desk's files and tables are this one's.
        """
        if self.hands is None:
            return await asyncio.to_thread(function, self, *args, **kwargs)
        return await self.hands.run(function, *args, **kwargs)

    async def aside(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call anything that waits for the disk or takes its time in a thread of this process."""
        return await asyncio.to_thread(function, *args, **kwargs)


def take(desk: Desk, captured: Captured, to: Audience) -> Receipt:
    """Take in one post: the pipeline as work that another process can do."""
    return desk.intake.take(captured, to)


def read_document(desk: Desk, data: bytes, content_type: str, url: str) -> FeedDocument:
    """Read a feed: as work that another process can do; a large one takes a second of a processor."""
    from bot.sources.entries import read_feed

    return read_feed(data, content_type, url)


def catch_up(desk: Desk) -> CaughtUp:
    """Read a page of what is stale: as work that another process can do, and that lets others have their turn."""
    return desk.readers.catch_up(desk.db, pages=1)
