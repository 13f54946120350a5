"""The one pipeline: a post comes in, is archived, its pictures are looked up, its text is read, conflicts are found.

`trace`, `check --keep`, `ingest`, sweeps and channel events all come through here. The bytes go into the vault
first; then all rows of one post commit together or not at all. The same post fed twice changes nothing but a
`seen again` row in the custody log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from bot.ahead import Ahead, quoted
from bot.alerting.announce import Announcer, Door
from bot.captions import caption_conflicts, copies_of
from bot.pictures import PictureSet
from bot.prepare import Preparer, Ready, ReadyPicture
from bot.readers import Readers, context_of
from bot.sources.base import Captured
from storage import attest, captures, conflicts, custody, gaps, grants, images, posts, readings, reuse
from storage.database import Database, Transaction
from storage.records import (
    EVERYONE,
    EVERYWHERE,
    HANDED_IN,
    OPERATOR,
    ArchivedSighting,
    Conflict,
    Grant,
    PostStatus,
    Reuse,
    Sighting,
    digest,
    short_id,
    utc,
)
from storage.sightings import sighting_id
from storage.vault import Vault

BATCH = 200
"""Posts without pictures committed together: one full sync costs as much as some forty posts' rows."""


@dataclass(frozen=True, slots=True)
class Audience:
    """To whom a post is granted, on whose behalf it is taken in (for the custody log), and by which door it came.

    Attributes:
        watch: the watch whose sweep brought it; empty for any other door.
        late: whether that sweep should have run earlier.
        backlog: whether it came with what had piled up at a source: it failed, or was never asked before.
    """

    workspace: str = EVERYWHERE
    audience: str = EVERYONE
    actor: str = "operator"
    watch: str = ""
    late: bool = False
    backlog: bool = False

    @property
    def door(self) -> Door:
        """By which door the post came."""
        return Door(self.watch, self.late, self.backlog)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one post.

    `new` is False where the same capture was archived before. `reuse` and `conflicts` are those found now; `alerts`
    is how many were raised.
    """

    post_id: str
    new: bool
    pictures: int = 0
    sightings: int = 0
    reuse: tuple[Reuse, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    notes: tuple[str, ...] = ()
    alerts: int = 0


@dataclass(frozen=True, slots=True)
class _Search:
    """What was found among the pictures up to a sequence number, by the picture that was looked up."""

    seq: int
    found: Mapping[str, list[Reuse]]


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
        self._preparer = Preparer(pictures, clock)
        self._announcer = Announcer(readers.compatible)

    def take(self, captured: Captured, to: Audience = Audience()) -> Receipt:
        """Take in one post with the posts it quotes.

        Raises:
            StoreError, VaultError: it could not be archived; nothing of it is in the tables.
        """
        return self.take_all([captured], to)[0]

    def take_all(
        self, batch: Sequence[Captured], to: Audience = Audience(), ahead: Ahead = MappingProxyType({})
    ) -> list[Receipt]:
        """Take in posts in order, one receipt each; posts without pictures are committed up to `BATCH` at a time.

        `ahead` are pictures that were prepared elsewhere, by the digest of their bytes; others are prepared here.
        """
        family = [one for captured in batch for one in (*quoted(captured), captured)]
        receipts = [receipt for group in _groups(family) for receipt in self._take_group(group, to, ahead)]
        found = dict(zip(map(id, family), receipts, strict=True))
        return [found[id(captured)] for captured in batch]

    def _take_group(self, group: Sequence[Captured], to: Audience, ahead: Ahead) -> list[Receipt]:
        names = [digest(captured.raw) for captured in group]
        ids = [short_id(captured.post_id, name) for captured, name in zip(group, names, strict=True)]
        with self._db.read() as tx:
            reader = self._readers.current(tx)
            known = captures.known(tx, ids)
            fresh = [
                place
                for place, captured in enumerate(group)
                if ids[place] not in known or _brings_pictures(tx, captured)
            ]
        self._keep_files(group, {names[place] for place in fresh})
        ready = {place: self._preparer.ready(group[place], names[place], ids[place], reader, ahead) for place in fresh}
        search = self._search([picture for one in ready.values() for picture in one.pictures])
        with self._db.write() as tx:
            return [
                self._admit(tx, ready[place], search, to)
                if place in ready
                else self._see_again(tx, captured, ids[place], to)
                for place, captured in enumerate(group)
            ]

    def _keep_files(self, group: Sequence[Captured], fresh: set[str]) -> None:
        """Put the bytes of new captures into the vault, and of known ones those that got lost there."""
        wanted = []
        for captured in group:
            is_new = digest(captured.raw) in fresh
            wanted += [data for data in _files(captured) if is_new or not self._vault.path(digest(data)).exists()]
        self._vault.put_many(wanted)

    def _search(self, pictures: Sequence[ReadyPicture]) -> _Search:
        """Search for copies before the write lock is taken: confirming one can take milliseconds."""
        searched = {picture.image.sha256: picture.searched for picture in pictures if picture.searched}
        if not searched:
            return _Search(0, {})
        with self._db.read() as tx:
            seq = self._pictures.refresh(tx)
        return _Search(seq, {sha256: self._pictures.look_up(prepared) for sha256, prepared in searched.items()})

    def _admit(self, tx: Transaction, ready: Ready, search: _Search, to: Audience) -> Receipt:
        post, capture = ready.post, ready.capture
        if captures.known(tx, [capture.id]):
            return self._complete(tx, ready, search, to)
        change = attest.Change.begin(tx, post.id)
        before = self._put_post(tx, ready)
        captures.put(tx, capture, post.text)
        alerts = self._grant(tx, post.id, to, known=before is not None)
        found = self._admit_pictures(tx, ready, search)
        self._settle_gaps(tx, ready)
        told = self._admit_reading(tx, ready)
        clashes = self._find_conflicts(tx, ready, found)
        alerts += self._announce(tx, ready, before, found, clashes, told, to)
        detail = captures.custody_detail(capture) | {
            "status": post.status,
            "images": [picture.image.sha256 for picture in ready.pictures],
            "missing": [gap.why for gap in ready.missing],
            "notes": list(ready.captured.notes),
            "granted": [to.workspace, to.audience],
        }
        self._log(tx, to, captures.CUSTODY_ACTION, capture.id, detail | change.detail(tx))
        return Receipt(post.id, True, len(ready.pictures), len(told), tuple(found), tuple(clashes), ready.notes, alerts)

    def _grant(self, tx: Transaction, post_id: str, to: Audience, *, known: bool) -> int:
        """Grant a post; of one that was known already, tell those who see it from now on; return of how many alerts."""
        grant = Grant(post_id, to.workspace, to.audience)
        if not grants.put(tx, grant) or not known:
            return 0
        return len(self._announcer.granted(tx, grant, to.door, utc(self._clock())))

    def _announce(
        self,
        tx: Transaction,
        ready: Ready,
        before: PostStatus | None,
        found: Iterable[Reuse],
        clashes: Iterable[Conflict],
        told: Iterable[Sighting],
        to: Audience,
    ) -> int:
        """Tell what a capture has brought to whoever asked; return how many alerts that raised."""
        post, capture = ready.post, ready.capture
        said = [ArchivedSighting(sighting_id(post.id, capture.text_sha256, one), one, post, capture) for one in told]
        now = utc(self._clock())
        return len(self._announcer.new(tx, post.id, capture, before, found, clashes, said, to.door, now))

    def _put_post(self, tx: Transaction, ready: Ready) -> PostStatus | None:
        """Keep the post, and return how it stood before, None where it was unknown.

        Of one that is held, a platform's word replaces a file's, and never the other way round.
        """
        held = posts.get(tx, ready.post.id, OPERATOR)
        if held is None:
            posts.put(tx, ready.post)
            return None
        told, from_platform = captures.told(tx, held.id), ready.capture.route != HANDED_IN
        if from_platform and not told:
            posts.correct(tx, ready.post)
        elif from_platform:
            posts.put(tx, ready.post)
        elif not told:  # a file fills in what is unknown; whether a post is gone is for its platform to say
            posts.fill(tx, replace(ready.post, status=held.status, status_reason=held.status_reason))
        now = posts.get(tx, held.id, OPERATOR) or held
        if (from_platform and not told) or context_of(held) != context_of(now):
            readings.clear_post(tx, held.id)
        return held.status

    def _complete(self, tx: Transaction, ready: Ready, search: _Search, to: Audience) -> Receipt:
        """Take in the pictures of a capture that is archived, but whose pictures could not be fetched then."""
        change = attest.Change.begin(tx, ready.post.id)
        held = {image.sha256 for _, image in images.of_post(tx, ready.post.id)}
        late = [picture.image.sha256 for picture in ready.pictures if picture.image.sha256 not in held]
        found = self._admit_pictures(tx, ready, search)
        self._settle_gaps(tx, ready)
        clashes = self._find_conflicts(tx, ready, found)
        alerts = self._announce(tx, ready, None, found, clashes, (), to)
        receipt = self._see_again(tx, ready.captured, ready.capture.id, to, {"images": late} if late else {}, change)
        return replace(
            receipt,
            pictures=len(late),
            reuse=tuple(found),
            conflicts=tuple(clashes),
            notes=ready.notes if late else (),
            alerts=receipt.alerts + alerts,
        )

    def _see_again(
        self,
        tx: Transaction,
        captured: Captured,
        capture_id: str,
        to: Audience,
        more: Mapping[str, object] = {},
        change: attest.Change | None = None,
    ) -> Receipt:
        change = change or attest.Change.begin(tx, captured.post_id)
        grant = Grant(captured.post_id, to.workspace, to.audience)
        granted = grants.put(tx, grant)
        detail = {"post": captured.post_id, "route": captured.route, **more}
        if granted:
            detail["granted"] = [to.workspace, to.audience]
        self._log(tx, to, "seen again", capture_id, detail | change.detail(tx))
        raised = self._announcer.granted(tx, grant, to.door, utc(self._clock())) if granted else []
        return Receipt(captured.post_id, False, alerts=len(raised))

    def _log(self, tx: Transaction, to: Audience, action: str, subject: str, detail: Mapping[str, object]) -> None:
        custody.append(tx, at=utc(self._clock()), actor=to.actor, action=action, subject=subject, detail=detail)

    def _admit_pictures(self, tx: Transaction, ready: Ready, search: _Search) -> list[Reuse]:
        found: list[Reuse] = []
        # Pictures added since the search, by any thread or process, are searched too. Within the write lock the index
        # learns of nothing but what is committed, so that a roll-back has nothing to undo there.
        grown = bool(ready.pictures) and self._pictures.refresh(tx) > search.seq
        for picture in ready.pictures:
            sha = picture.image.sha256
            matches = search.found.get(sha, [])
            if grown and picture.searched:
                matches = _completed(matches, self._pictures.look_up(picture.searched, above=search.seq))
            matches = [match for match in matches if self._stands_elsewhere(tx, match, ready.post.id)]
            images.put(tx, picture.image)
            images.put_appearance(tx, picture.appearance)
            for match in matches:
                if match.match_sha256 != sha:  # the same file in two posts is told by its appearances
                    reuse.put(tx, match)
            found += matches
        return found

    def _settle_gaps(self, tx: Transaction, ready: Ready) -> None:
        """Note which pictures are missing, as told last; a file knows less than a platform."""
        if ready.post.status is not PostStatus.LIVE:
            return
        routes = {capture.route for capture in captures.of_post(tx, ready.post.id)}
        if ready.capture.route != HANDED_IN or routes == {HANDED_IN}:
            gaps.settle(tx, ready.post.id, ready.missing)

    def _stands_elsewhere(self, tx: Transaction, match: Reuse, post_id: str) -> bool:
        """Whether the matched image stands in another post: a post captured anew does not reuse its own pictures."""
        return any(post.id != post_id for _, post in images.appearances_of(tx, [match.match_sha256], OPERATOR))

    def _admit_reading(self, tx: Transaction, ready: Ready) -> list[Sighting]:
        """Store what the text says, read once more if the watch-list changed since; return what is new."""
        if readings.known(tx, ready.capture):
            return []
        reader = self._readers.current(tx)
        found = ready.sightings if reader.version == ready.read_as else reader.read(ready.post)
        return reader.keep(tx, ready.capture, found)

    def _find_conflicts(self, tx: Transaction, ready: Ready, found: Iterable[Reuse]) -> list[Conflict]:
        """Hold this post's captions against those of the other posts that show one of its pictures."""
        copies = copies_of((picture.image.sha256 for picture in ready.pictures), found)
        clashes = [
            clash
            for picture in ready.pictures
            for clash in caption_conflicts(
                tx, self._readers, picture.appearance, ready.post, copies[picture.image.sha256]
            )
        ]
        return [clash for clash in clashes if conflicts.put(tx, clash)]


def _groups(family: Sequence[Captured]) -> Iterable[list[Captured]]:
    """Cut a batch so that a post with pictures stands alone: its search must see every picture before it."""
    group: list[Captured] = []
    for captured in family:
        pictured = any(media.data for media in captured.media)
        if group and (pictured or len(group) == BATCH):
            yield group
            group = []
        group.append(captured)
        if pictured:
            yield group
            group = []
    if group:
        yield group


def _completed(found: Sequence[Reuse], since: Iterable[Reuse]) -> list[Reuse]:
    """Return what a search has found with what came since, best first."""
    known = {match.match_sha256 for match in found}
    more = [match for match in since if match.match_sha256 not in known]
    return sorted([*found, *more], key=lambda match: (-match.score, match.match_sha256))


def _brings_pictures(tx: Transaction, captured: Captured) -> bool:
    """Whether an archived post comes with a picture that could not be fetched before."""
    brought = {digest(media.data) for media in captured.media if media.data}
    return bool(brought) and not brought <= {image.sha256 for _, image in images.of_post(tx, captured.post_id)}


def _files(captured: Captured) -> list[bytes]:
    return [captured.raw, *(media.data for media in captured.media if media.data)]
