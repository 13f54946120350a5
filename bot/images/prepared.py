"""A picture made ready to be looked up: opened, fingerprinted, its points found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.images import features as local
from bot.images.decode import DEFAULT, Limits, decode
from bot.images.fingerprint import fingerprint
from bot.images.orientation import Orientation
from bot.images.recent import Recent
from bot.images.sight import Sight, sight
from bot.images.view import View, view
from storage.records import Image, digest


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that looking a picture up needs, small enough to cross between processes.

    Attributes:
        sha256: digest of the bytes.
        media_type: by content.
        byte_size: length of the bytes.
        width: pixels across, upright.
        height: pixels down, upright.
        frames: frames in the file; the first is what is compared.
        usable: False where the picture holds too little to be recognised: only the same bytes are found then.
        why_not: the reason in one sentence, None where usable.
        phash: 32 bytes, None where unusable.
        fingerprint_version: what made the hash.
        variants: the hash for each orientation, empty where unusable.
        view: a small copy to compare pixels with.
        sight: a working copy to find points on and to lay over others.
        sought: its points; none where unusable.
    """

    sha256: str
    media_type: str
    byte_size: int
    width: int
    height: int
    frames: int
    usable: bool
    why_not: str | None
    phash: bytes | None
    fingerprint_version: str
    variants: tuple[tuple[Orientation, bytes], ...]
    view: View
    sight: Sight
    sought: local.Sought | None

    @property
    def points(self) -> bytes | None:
        """The packed features to be kept with the picture."""
        return self.sought.stored() if self.sought is not None else None

    @property
    def points_version(self) -> str:
        """What made them."""
        return local.VERSION if self.sought is not None else ""

    def record(self, first_seen_at: str) -> Image:
        """Return the picture as the store keeps it."""
        return Image(
            self.sha256,
            self.media_type,
            self.byte_size,
            self.width,
            self.height,
            self.usable,
            self.why_not,
            self.phash,
            self.fingerprint_version,
            first_seen_at,
            self.points,
            self.points_version,
        )


_RECENT: Final[Recent[tuple[str, Limits], Prepared]] = Recent(12)
"""Of a megabyte each: posts that pass one file on come in together."""


def prepare(data: bytes, limits: Limits = DEFAULT) -> Prepared:
    """Decode and fingerprint a picture.

    Raises:
        PictureRefused: the bytes cannot be decoded. A picture that holds too little is not refused: see `usable`.
    """
    return _RECENT.get((digest(data), limits), lambda: _prepared(data, limits))


def _prepared(data: bytes, limits: Limits) -> Prepared:
    picture = decode(data, limits)
    found = fingerprint(picture)
    copy = sight(picture)
    return Prepared(
        picture.sha256,
        picture.media_type,
        picture.byte_size,
        picture.width,
        picture.height,
        picture.frames,
        found.usable,
        found.why_not,
        found.phash if found.usable else None,
        found.version,
        found.variants if found.usable else (),
        view(picture),
        copy,
        local.features(copy) if found.usable else None,
    )
