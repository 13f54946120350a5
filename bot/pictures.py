"""The newsroom's pictures as one searchable set: the index in memory, kept in step with the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage import images
from storage.database import Transaction
from storage.records import Image, Reuse, digest
from storage.vault import Vault

if TYPE_CHECKING:
    from bot.images.index import HashIndex
    from bot.images.metadata import Metadata
    from bot.images.reuse import Prepared


class PictureSet:
    """Every usable picture ever kept, ready to be searched; image code is imported when a picture is first asked for.

    The index is derived: it is read from the store at first use, refreshed before each question with the rows
    that any process has added since; it is never fed what is not committed.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._index: HashIndex | None = None

    @property
    def index(self) -> HashIndex:
        """The hashes in memory."""
        if self._index is None:
            from bot.images.index import HashIndex

            self._index = HashIndex()
        return self._index

    def refresh(self, tx: Transaction) -> int:
        """Take in what was added or changed since the last look; return the sequence number it is complete up to."""
        index = self.index
        rows: list[tuple[int, str, bytes | None]] = [*images.hashes_since(tx, index.last_seq)]
        rows += ((seq, sha256, None) for seq, sha256 in images.withdrawn_since(tx, index.last_seq))
        index.add(sorted(rows, key=lambda row: row[0]))
        return index.last_seq

    def look_up(self, query: Prepared) -> list[Reuse]:
        """Find the stored pictures that this one is a copy of, best first, among those taken in by `refresh`."""
        from bot.images.reuse import Matcher

        return Matcher(self.index, self._vault.get).look_up(query)

    def itself(self, query: Prepared) -> Reuse:
        """Return the verdict on a picture and its own stored file: identical, if it is stored at all."""
        from bot.images.reuse import identical

        return identical(query)

    def compared(self, query: Prepared, match: Prepared) -> Reuse | None:
        """Return the verdict on two pictures, the one as a copy of the other; None where they are not one."""
        from bot.images.reuse import NoReuse, compare

        found = compare(query, match)
        return None if isinstance(found, NoReuse) else found

    def prepare(self, data: bytes) -> tuple[Prepared | None, str]:
        """Decode and fingerprint a picture; None and the reason where its bytes cannot be opened safely."""
        from bot.images.decode import PictureRefused
        from bot.images.reuse import prepare

        try:
            return prepare(data), ""
        except PictureRefused as refused:
            return None, str(refused)

    def metadata(self, data: bytes) -> Metadata:
        """Return what the file says of itself: camera clocks and captions, which prove nothing."""
        from bot.images.metadata import metadata

        return metadata(data)


def image_record(data: bytes, prepared: Prepared | None, why_not: str, now: str) -> Image:
    """Make the stored record of a picture; `prepared` is None where its bytes could not be opened."""
    if prepared is None:
        return Image(digest(data), "application/octet-stream", len(data), 0, 0, False, why_not, None, "", now)
    return prepared.record(now)
