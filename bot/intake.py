"""The one pipeline: a post comes in, is archived, its pictures are looked up, its text is read, conflicts are found.

`trace`, `check --keep`, `ingest`, sweeps and channel events all come through here. The bytes go into the vault
first; then all rows of one post commit together or not at all. The same post fed twice changes nothing but a
`seen again` row in the custody log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.captions import caption_conflicts, copies_of
from bot.pictures import PictureSet, image_record
from bot.readers import Readers
from bot.sources.base import Captured
from storage import captures, conflicts, custody, grants, images, posts, readings, reuse
from storage.database import Database, Transaction
from storage.records import (
    EVERYONE,
    EVERYWHERE,
    OPERATOR,
    Appearance,
    Capture,
    Conflict,
    Grant,
    Image,
    Post,
    Reuse,
    Sighting,
    TimeBasis,
    digest,
    short_id,
    text_digest,
    utc,
)
from storage.vault import Vault

if TYPE_CHECKING:
    from bot.images.reuse import Prepared

BATCH = 200
"""Posts without pictures committed together: one full sync costs as much as some forty posts' rows."""

CAPTION_LENGTH = 1000
"""Code points: a longer text is an article about many things, not the caption of its pictures."""


@dataclass(frozen=True, slots=True)
class Audience:
    """To whom a post is granted, and on whose behalf it is taken in (for the custody log)."""

    workspace: str = EVERYWHERE
    audience: str = EVERYONE
    actor: str = "operator"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one post.

    `new` is False where the same capture was archived before. `reuse` and `conflicts` are those found now.
    """

    post_id: str
    new: bool
    pictures: int = 0
    sightings: int = 0
    reuse: tuple[Reuse, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Picture:
    image: Image
    prepared: Prepared | None
    caption: str
    source_url: str | None

    @property
    def searchable(self) -> bool:
        """Whether copies are searched for: a picture of too little information would match strangers."""
        return self.image.usable


@dataclass(frozen=True, slots=True)
class _Ready:
    """One post ready to be committed: bytes in the vault, pictures prepared, text read with one watch-list."""

    captured: Captured
    post: Post
    capture: Capture
    pictures: tuple[_Picture, ...]
    missing: tuple[str, ...]
    sightings: tuple[Sighting, ...]
    read_as: str


class Intake:
    """The pipeline over one store. Blocking: call it from a worker thread where a loop is running."""

    def __init__(
        self, db: Database, vault: Vault, pictures: PictureSet, readers: Readers, clock: Callable[[], datetime]
    ) -> None:
        self._db = db
        self._vault = vault
        self._pictures = pictures
        self._readers = readers
        self._clock = clock

    def take(self, captured: Captured, to: Audience = Audience()) -> Receipt:
        """Take in one post with the posts it quotes.

        Raises:
            StoreError, VaultError: it could not be archived; nothing of it is in the tables.
        """
        return self.take_all([captured], to)[0]

    def take_all(self, batch: Sequence[Captured], to: Audience = Audience()) -> list[Receipt]:
        """Take in posts in order, one receipt each; posts without pictures are committed up to `BATCH` at a time."""
        receipts: list[Receipt] = []
        for group in _groups(batch):
            family = [one for captured in group for one in (captured, *_quoted(captured))]
            found = dict(zip(map(id, family), self._take_group(family, to), strict=True))
            receipts += (found[id(captured)] for captured in group)
        return receipts

    def _take_group(self, family: Sequence[Captured], to: Audience) -> list[Receipt]:
        names = [digest(captured.raw) for captured in family]
        ids = [short_id(captured.post_id, name) for captured, name in zip(family, names, strict=True)]
        with self._db.read() as tx:
            known = captures.known(tx, ids)
            self._readers.refresh(tx)
        fresh = [place for place, capture_id in enumerate(ids) if capture_id not in known]
        self._vault.put_many([data for place in fresh for data in _files(family[place])])
        ready = {place: self._prepare(family[place], names[place], ids[place]) for place in fresh}
        candidates = self._look_up([picture for one in ready.values() for picture in one.pictures])
        try:
            with self._db.write() as tx:
                return [
                    self._admit(tx, ready[place], candidates, to)
                    if place in ready
                    else self._see_again(tx, captured, ids[place], to)
                    for place, captured in enumerate(family)
                ]
        except BaseException:
            # What the index learnt inside the transaction did not happen.
            self._pictures.forget()
            raise

    def _prepare(self, captured: Captured, raw_sha256: str, capture_id: str) -> _Ready:
        now = utc(self._clock())
        pictures = tuple(
            self._picture(media.data, media.caption, media.url, now) for media in captured.media if media.data
        )
        captured = self._with_file_facts(captured)
        text_sha256 = text_digest(captured.text)
        offset = captured.posted_at.utcoffset() if captured.posted_at else None
        post = Post(
            id=captured.post_id,
            platform=captured.platform,
            native_id=captured.native_id,
            url=captured.url,
            author=captured.author,
            author_name=captured.author_name,
            publisher=captured.publisher,
            posted_at=utc(captured.posted_at) if captured.posted_at else None,
            posted_at_basis=captured.posted_at_basis if captured.posted_at else TimeBasis.UNKNOWN,
            utc_offset=int(offset.total_seconds() // 60) if offset is not None else None,
            text=captured.text,
            lang=captured.lang,
            status=captured.status,
            status_reason=captured.status_reason,
            first_seen_at=now,
        )
        capture = Capture(
            id=capture_id,
            post_id=post.id,
            sha256=raw_sha256,
            media_type=captured.media_type,
            captured_at=utc(captured.captured_at),
            route=captured.route,
            source_url=captured.source_url,
            text_sha256=text_sha256,
        )
        return _Ready(
            captured=captured,
            post=post,
            capture=capture,
            pictures=pictures,
            missing=tuple(media.problem for media in captured.media if media.data is None and media.problem),
            sightings=self._readers.read(post),
            read_as=self._readers.version,
        )

    def _picture(self, data: bytes, caption: str, url: str | None, now: str) -> _Picture:
        prepared, why_not = self._pictures.prepare(data)
        return _Picture(image_record(data, prepared, why_not, now), prepared, caption, url)

    def _with_file_facts(self, captured: Captured) -> Captured:
        """Fill in what a picture file states of itself (IPTC date and caption) where the post states nothing.

        Only for pictures taken in as files: a camera's clock never dates somebody's post.
        """
        if captured.platform != "picture" or not captured.media or captured.media[0].data is None:
            return captured
        stated = self._pictures.metadata(captured.media[0].data)
        if not captured.text and stated.caption:
            captured = replace(captured, text=stated.caption)
        if captured.posted_at is None and stated.iptc_date is not None:
            captured = replace(captured, posted_at=stated.iptc_date, posted_at_basis=TimeBasis.STATED)
        if captured.author_name is None and stated.credit:
            captured = replace(captured, author_name=stated.credit)
        return captured

    def _look_up(self, pictures: Sequence[_Picture]) -> dict[str, list[Reuse]]:
        """Search for copies before the write lock is taken: confirming one can take milliseconds."""
        usable = {picture.image.sha256: picture.prepared for picture in pictures if picture.searchable}
        if not usable:
            return {}
        with self._db.read() as tx:
            self._pictures.refresh(tx)
        return {sha: self._pictures.look_up(prepared) for sha, prepared in usable.items() if prepared}

    def _admit(self, tx: Transaction, ready: _Ready, candidates: dict[str, list[Reuse]], to: Audience) -> Receipt:
        if captures.known(tx, [ready.capture.id]):
            return self._see_again(tx, ready.captured, ready.capture.id, to)
        post, capture = ready.post, ready.capture
        posts.put(tx, post)
        captures.put(tx, capture, post.text)
        grants.put(tx, Grant(post.id, to.workspace, to.audience))
        found = self._admit_pictures(tx, ready, candidates)
        told = self._admit_reading(tx, ready)
        clashes = self._find_conflicts(tx, ready, found)
        custody.append(
            tx,
            at=utc(self._clock()),
            actor=to.actor,
            action=captures.CUSTODY_ACTION,
            subject=capture.id,
            detail=captures.custody_detail(capture)
            | {
                "status": post.status,
                "images": [picture.image.sha256 for picture in ready.pictures],
                "missing": list(ready.missing),
                "notes": list(ready.captured.notes),
                "granted": [to.workspace, to.audience],
            },
        )
        notes = (*ready.captured.notes, *ready.missing)
        return Receipt(post.id, True, len(ready.pictures), told, tuple(found), tuple(clashes), notes)

    def _see_again(self, tx: Transaction, captured: Captured, capture_id: str, to: Audience) -> Receipt:
        granted = grants.put(tx, Grant(captured.post_id, to.workspace, to.audience))
        detail: dict[str, object] = {"post": captured.post_id, "route": captured.route}
        if granted:
            detail["granted"] = [to.workspace, to.audience]
        custody.append(
            tx, at=utc(self._clock()), actor=to.actor, action="seen again", subject=capture_id, detail=detail
        )
        return Receipt(captured.post_id, False)

    def _admit_pictures(self, tx: Transaction, ready: _Ready, candidates: dict[str, list[Reuse]]) -> list[Reuse]:
        if not ready.pictures:
            return []
        # Another process may have added pictures since the search: then this one is searched once more.
        grown = self._pictures.refresh(tx) > 0
        found: list[Reuse] = []
        for position, picture in enumerate(ready.pictures):
            sha = picture.image.sha256
            matches = candidates.get(sha, [])
            if grown and picture.searchable and picture.prepared:
                matches = self._pictures.look_up(picture.prepared)
            matches = [match for match in matches if self._stands_elsewhere(tx, match, ready.post.id)]
            images.put(tx, picture.image)
            images.put_appearance(
                tx,
                Appearance(
                    image_sha256=sha,
                    post_id=ready.post.id,
                    capture_id=ready.capture.id,
                    position=position,
                    caption=_caption(picture.caption, ready.post.text),
                    source_url=picture.source_url,
                ),
            )
            for match in matches:
                if match.match_sha256 != sha:  # the same file in two posts is told by its appearances
                    reuse.put(tx, match)
            found += matches
        self._pictures.refresh(tx)
        return found

    def _stands_elsewhere(self, tx: Transaction, match: Reuse, post_id: str) -> bool:
        """Whether the matched image stands in another post: a post captured anew does not reuse its own pictures."""
        return any(post.id != post_id for _, post in images.appearances_of(tx, [match.match_sha256], OPERATOR))

    def _admit_reading(self, tx: Transaction, ready: _Ready) -> int:
        """Store what the text says; read it once more if the watch-list changed since."""
        if readings.known(tx, ready.capture):
            return 0
        found = ready.sightings
        if self._readers.refresh(tx) or ready.read_as != self._readers.version:
            found = self._readers.read(ready.post)
        return self._readers.keep(tx, ready.capture, found)

    def _find_conflicts(self, tx: Transaction, ready: _Ready, found: Iterable[Reuse]) -> list[Conflict]:
        """Hold this post's captions against those of every other post that shows one of its pictures."""
        clashes = [
            clash
            for sha, copies in copies_of((picture.image.sha256 for picture in ready.pictures), found).items()
            for clash in caption_conflicts(tx, self._readers, sha, copies, ready.post.id)
        ]
        for clash in clashes:
            conflicts.put(tx, clash)
        return clashes


def _groups(batch: Sequence[Captured]) -> Iterable[list[Captured]]:
    """Cut a batch so that a post with pictures stands alone: its search must see every picture before it."""
    group: list[Captured] = []
    for captured in batch:
        pictured = any(media.data for one in (captured, *_quoted(captured)) for media in one.media)
        if group and (pictured or len(group) == BATCH):
            yield group
            group = []
        group.append(captured)
        if pictured:
            yield group
            group = []
    if group:
        yield group


def _quoted(captured: Captured) -> list[Captured]:
    return [inner for quoted in captured.quoted for inner in (quoted, *_quoted(quoted))]


def _files(captured: Captured) -> list[bytes]:
    return [captured.raw, *(media.data for media in captured.media if media.data)]


def _caption(own: str, text: str) -> str:
    if own:
        return own
    return text if len(text) <= CAPTION_LENGTH else ""
