"""The one pipeline: a post comes in, is archived, its pictures are looked up, its text is read, conflicts are found.

`trace`, `check --keep`, `ingest`, sweeps and channel events all come through here. The bytes go into the vault
first; then all rows of one post commit together or not at all. The same post fed twice changes nothing but a
`seen again` row in the custody log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.captions import caption_conflicts, copies_of
from bot.pictures import PictureSet
from bot.prepare import Preparer, Ready, ReadyPicture
from bot.readers import Readers
from bot.sources.base import Captured
from storage import captures, conflicts, custody, grants, images, posts, readings, reuse
from storage.database import Database, Transaction
from storage.records import (
    EVERYONE,
    EVERYWHERE,
    OPERATOR,
    Conflict,
    Grant,
    Reuse,
    digest,
    short_id,
    utc,
)
from storage.vault import Vault

BATCH = 200
"""Posts without pictures committed together: one full sync costs as much as some forty posts' rows."""


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
        self._preparer = Preparer(pictures, readers, clock)

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
        ready = {place: self._preparer.ready(family[place], names[place], ids[place]) for place in fresh}
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

    def _look_up(self, pictures: Sequence[ReadyPicture]) -> dict[str, list[Reuse]]:
        """Search for copies before the write lock is taken: confirming one can take milliseconds."""
        searched = {picture.image.sha256: picture.searched for picture in pictures if picture.searched}
        if not searched:
            return {}
        with self._db.read() as tx:
            self._pictures.refresh(tx)
        return {sha256: self._pictures.look_up(prepared) for sha256, prepared in searched.items()}

    def _admit(self, tx: Transaction, ready: Ready, candidates: dict[str, list[Reuse]], to: Audience) -> Receipt:
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
        return Receipt(post.id, True, len(ready.pictures), told, tuple(found), tuple(clashes), ready.notes)

    def _see_again(self, tx: Transaction, captured: Captured, capture_id: str, to: Audience) -> Receipt:
        granted = grants.put(tx, Grant(captured.post_id, to.workspace, to.audience))
        detail: dict[str, object] = {"post": captured.post_id, "route": captured.route}
        if granted:
            detail["granted"] = [to.workspace, to.audience]
        custody.append(
            tx, at=utc(self._clock()), actor=to.actor, action="seen again", subject=capture_id, detail=detail
        )
        return Receipt(captured.post_id, False)

    def _admit_pictures(self, tx: Transaction, ready: Ready, candidates: dict[str, list[Reuse]]) -> list[Reuse]:
        if not ready.pictures:
            return []
        # Another process may have added pictures since the search: then this one is searched once more.
        grown = self._pictures.refresh(tx) > 0
        found: list[Reuse] = []
        for picture in ready.pictures:
            sha = picture.image.sha256
            matches = candidates.get(sha, [])
            if grown and picture.searched:
                matches = self._pictures.look_up(picture.searched)
            matches = [match for match in matches if self._stands_elsewhere(tx, match, ready.post.id)]
            images.put(tx, picture.image)
            images.put_appearance(tx, picture.appearance)
            for match in matches:
                if match.match_sha256 != sha:  # the same file in two posts is told by its appearances
                    reuse.put(tx, match)
            found += matches
        self._pictures.refresh(tx)
        return found

    def _stands_elsewhere(self, tx: Transaction, match: Reuse, post_id: str) -> bool:
        """Whether the matched image stands in another post: a post captured anew does not reuse its own pictures."""
        return any(post.id != post_id for _, post in images.appearances_of(tx, [match.match_sha256], OPERATOR))

    def _admit_reading(self, tx: Transaction, ready: Ready) -> int:
        """Store what the text says; read it once more if the watch-list changed since."""
        if readings.known(tx, ready.capture):
            return 0
        found = ready.sightings
        if self._readers.refresh(tx) or ready.read_as != self._readers.version:
            found = self._readers.read(ready.post)
        return self._readers.keep(tx, ready.capture, found)

    def _find_conflicts(self, tx: Transaction, ready: Ready, found: Iterable[Reuse]) -> list[Conflict]:
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
