"""The newsroom's pictures as one searchable set: the index in memory, kept in step with the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from storage import boilerplate, features, images
from storage.database import Transaction
from storage.records import Certainty, Image, Reuse, digest
from storage.reuse import WHOLE
from storage.vault import Vault

if TYPE_CHECKING:
    from bot.images.features import Features
    from bot.images.index import HashIndex
    from bot.images.iptc import Filed
    from bot.images.local import LocalIndex
    from bot.images.metadata import Metadata
    from bot.images.prepared import Prepared

INDEX_FOLDER = "index"
"""The name of the folder, beside the vault, of what is derived for searching; it can be deleted at any time."""


class PictureSet:
    """Every usable picture ever kept, ready to be searched; image code is imported when a picture is first asked for.

    The index is derived: it is read from the store at first use, refreshed before each question with the rows
    that any process has added since; it is never fed what is not committed.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._index: HashIndex | None = None
        self._parts: LocalIndex | None = None
        self._store: Path | None = None
        self._marked: HashIndex | None = None
        self._marked_at = (0, 0)

    @property
    def index(self) -> HashIndex:
        """The hashes in memory."""
        if self._index is None:
            from bot.images.index import HashIndex

            self._index = HashIndex()
        return self._index

    @property
    def parts(self) -> LocalIndex:
        """The postings of the pictures' points, in files beside the vault."""
        if self._parts is None:
            from bot.images.local import LocalIndex

            self._parts = LocalIndex(self._vault.root.parent / INDEX_FOLDER)
        return self._parts

    def refresh(self, tx: Transaction) -> int:
        """Take in what was added or changed since the last look; return the sequence number it is complete up to."""
        index = self.index
        rows: list[tuple[int, str, bytes | None]] = [*images.hashes_since(tx, index.last_seq)]
        rows += ((seq, sha256, None) for seq, sha256 in images.withdrawn_since(tx, index.last_seq))
        index.add(sorted(rows, key=lambda row: row[0]))
        self.parts.refresh(_Rows(tx))
        self._store = tx.path
        self._refresh_marked(tx)
        return index.last_seq

    def _refresh_marked(self, tx: Transaction) -> None:
        """Gather the pictures that are marked as boilerplate, if any mark or any fingerprint has changed."""
        now = (boilerplate.revision(tx), self.index.last_seq)
        if now[0] and now != self._marked_at:
            from bot.images.index import HashIndex

            marked = HashIndex()
            marked.add(boilerplate.hashes(tx))
            self._marked, self._marked_at = marked, now

    def _points(self, shas: Sequence[str]) -> dict[str, Features]:
        """Read the stored features of pictures, as they are committed."""
        from bot.images.features import VERSION, Features

        found = features.committed(self._store, shas) if self._store is not None and shas else []
        return {
            one.sha256: Features.unpacked(one.packed, one.width, one.height) for one in found if one.version == VERSION
        }

    def look_up(self, query: Prepared, above: int = 0) -> list[Reuse]:
        """Find the stored pictures that this one is a copy of, best first, among those taken in by `refresh`.

        Those up to the sequence number `above` are passed over, but for the very same file and for pictures that are
        marked as boilerplate, which are found however many nearer copies of them are stored.
        """
        from bot.images.reuse import Matcher

        found = Matcher(self.index, self._vault.get, parts=self.parts, points=self._points).look_up(query, above=above)
        if not self._marked:
            return found
        known = {one.match_sha256 for one in found if one.relation in WHOLE and one.certainty is Certainty.MATCH}
        marked = Matcher(self._marked, self._vault.get).look_up(query, frozenset(known))
        sure = {one.match_sha256: one for one in marked if one.certainty is Certainty.MATCH}
        rest = [one for one in found if one.match_sha256 not in sure]
        return sorted([*rest, *sure.values()], key=lambda one: (-one.score, one.match_sha256))

    def itself(self, query: Prepared) -> Reuse:
        """Return the verdict on a picture and its own stored file: identical, if it is stored at all."""
        from bot.images.reuse import identical

        return identical(query)

    def compared(self, query: Prepared, match: Prepared) -> Reuse | None:
        """Return the verdict on two pictures, the one as a copy of the other; None where they are not one."""
        return self.judged(query, match)[0]

    def judged(self, query: Prepared, match: Prepared) -> tuple[Reuse | None, str]:
        """Return the verdict on two pictures, or None and why they are not found to be one."""
        from bot.images.reuse import NoReuse, compare

        found = compare(query, match)
        return (None, found.reason) if isinstance(found, NoReuse) else (found, "")

    def apart(self, query: Prepared, match: Prepared) -> int | None:
        """Return the smallest hash distance over the orientations, in bits of 256; None where a hash is unusable."""
        from bot.images.fingerprint import distance

        theirs = match.phash
        if theirs is None or not query.variants:
            return None
        return min(distance(packed, theirs) for _, packed in query.variants)

    def prepare(self, data: bytes) -> tuple[Prepared | None, str]:
        """Decode and fingerprint a picture; None and the reason where its bytes cannot be opened safely."""
        from bot.images.decode import PictureRefused
        from bot.images.prepared import prepare

        try:
            return prepare(data), ""
        except PictureRefused as refused:
            return None, str(refused)

    def metadata(self, data: bytes) -> Metadata:
        """Return what the file says of itself: camera clocks and captions, which prove nothing."""
        from bot.images.metadata import metadata

        return metadata(data)

    def filed(self, data: bytes) -> Filed:
        """Return what was filed with a picture: caption, place, maker and date, as whoever filed it wrote them."""
        from bot.images.iptc import filed

        return filed(data)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The features in the store, as one transaction sees them."""

    tx: Transaction

    def newest(self) -> int:
        return features.newest(self.tx)

    def names(self, above: int, upto: int) -> list[tuple[int, str]]:
        from bot.images.features import VERSION

        return features.names_between(self.tx, above, upto, VERSION)

    def points(self, above: int, upto: int, limit: int) -> list[tuple[int, str, bytes]]:
        from bot.images.features import VERSION

        return features.between(self.tx, above, upto, VERSION, limit)


def image_record(data: bytes, prepared: Prepared | None, why_not: str, now: str) -> Image:
    """Make the stored record of a picture; `prepared` is None where its bytes could not be opened."""
    if prepared is None:
        return Image(digest(data), "application/octet-stream", len(data), 0, 0, False, why_not, None, "", now)
    return prepared.record(now)
