"""From a captured post to records that are ready to be committed: everything that needs no lock on the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.ahead import Ahead
from bot.pictures import PictureSet, image_record
from bot.readers import Reader
from bot.sources.base import Captured
from storage.records import Appearance, Capture, Gap, Image, Post, Sighting, TimeBasis, digest, text_digest, utc

if TYPE_CHECKING:
    from bot.images.prepared import Prepared

CAPTION_LENGTH = 1000
"""Code points: a longer text is an article about many things, not the caption of its pictures."""


@dataclass(frozen=True, slots=True)
class ReadyPicture:
    """One picture of a post: its record, what searching for its copies needs, and where it stands in the post."""

    image: Image
    prepared: Prepared | None
    appearance: Appearance

    @property
    def searched(self) -> Prepared | None:
        """What copies are searched with; None for a picture of too little information, which would match strangers."""
        return self.prepared if self.image.usable else None


@dataclass(frozen=True, slots=True)
class Ready:
    """One post ready to be committed: bytes in the vault, pictures prepared, text read with one watch-list."""

    captured: Captured
    post: Post
    capture: Capture
    pictures: tuple[ReadyPicture, ...]
    missing: tuple[Gap, ...]
    sightings: tuple[Sighting, ...]
    read_as: str

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be told of this capture: of the post, of a picture that is missing or cannot be looked up."""
        unusable = (
            f"Picture {place} cannot be looked up: {picture.image.why_not}."
            for place, picture in ((picture.appearance.position + 1, picture) for picture in self.pictures)
            if not picture.image.usable
        )
        return (*self.captured.notes, *dict.fromkeys(gap.why for gap in self.missing), *unusable)


class Preparer:
    """Turns captured posts into records: pictures decoded and fingerprinted, text read with the watch-list as it is."""

    def __init__(self, pictures: PictureSet, clock: Callable[[], datetime]) -> None:
        self._pictures = pictures
        self._clock = clock

    def ready(self, captured: Captured, raw_sha256: str, capture_id: str, reader: Reader, ahead: Ahead) -> Ready:
        """Prepare one post, its text read by `reader`; `ahead` are pictures that are prepared already."""
        captured = self._with_file_facts(captured)
        post = self._post(captured)
        capture = Capture(
            id=capture_id,
            post_id=post.id,
            sha256=raw_sha256,
            media_type=captured.media_type,
            captured_at=utc(captured.captured_at),
            route=captured.route,
            source_url=captured.source_url,
            text_sha256=text_digest(captured.text),
        )
        pictures = tuple(self._ready_pictures(captured, post, capture, ahead))
        return Ready(
            captured=captured,
            post=post,
            capture=capture,
            pictures=pictures,
            missing=tuple(gaps_of(captured)),
            sightings=reader.read(post),
            read_as=reader.version,
        )

    def _post(self, captured: Captured) -> Post:
        offset = captured.posted_at.utcoffset() if captured.posted_at else None
        return Post(
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
            first_seen_at=utc(self._clock()),
        )

    def _ready_pictures(self, captured: Captured, post: Post, capture: Capture, ahead: Ahead) -> Iterator[ReadyPicture]:
        for position, media in enumerate(captured.media):
            if not media.data:
                continue
            prepared, why_not = ahead.get(digest(media.data)) or self._pictures.prepare(media.data)
            image = image_record(media.data, prepared, why_not, post.first_seen_at)
            appearance = Appearance(
                image_sha256=image.sha256,
                post_id=post.id,
                capture_id=capture.id,
                position=position,
                caption=media.caption or (post.text if len(post.text) <= CAPTION_LENGTH else ""),
                source_url=media.url,
            )
            yield ReadyPicture(image, prepared, appearance)

    def _with_file_facts(self, captured: Captured) -> Captured:
        """Fill in what was filed with a picture (IPTC caption, date, maker) where nothing is stated beside it.

        Only for pictures taken in as files: a camera's clock never dates somebody's post.
        """
        if captured.platform != "picture" or not captured.media or captured.media[0].data is None:
            return captured
        filed = self._pictures.filed(captured.media[0].data)
        if not captured.text and filed.text:
            captured = replace(captured, text=filed.text)
        if captured.posted_at is None:
            notes = (*captured.notes, filed.date_note) if filed.date_note else captured.notes
            basis = TimeBasis.STATED if filed.created else TimeBasis.UNKNOWN
            captured = replace(captured, posted_at=filed.created, posted_at_basis=basis, notes=notes)
        if captured.author_name is None and (filed.byline or filed.credit):
            publisher = filed.credit if filed.byline and filed.credit else captured.publisher
            captured = replace(captured, author_name=filed.byline or filed.credit, publisher=publisher)
        return captured


def gaps_of(captured: Captured) -> Iterator[Gap]:
    """Name the pictures of a post that could not be fetched."""
    for position, media in enumerate(captured.media):
        if not media.data:
            yield Gap(captured.post_id, position, media.url, media.problem or "The picture could not be fetched.")
