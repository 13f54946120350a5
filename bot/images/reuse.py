"""Whether a picture was kept before: candidates by hash, confirmed on the pixels, with a verdict that explains itself.

Every verb, sweep and the intake ask here. The matcher by local features and geometry will stand behind the same two
calls, `prepare` and `Matcher.look_up`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.images.decode import DEFAULT, Limits, Picture, decode
from bot.images.difference import Side, differences
from bot.images.fingerprint import VERSION as FINGERPRINT_VERSION
from bot.images.fingerprint import distance, fingerprint
from bot.images.index import HashIndex
from bot.images.orientation import Orientation
from bot.images.view import EDGE, View, agreement, laid, view
from storage.errors import DatelineError
from storage.records import Certainty, Image, Polygon, Relation, Reuse

VERSION: Final = f"{FINGERPRINT_VERSION}+blocks/2"
"""Stored with every verdict."""

RADIUS: Final = 64
"""Bits of 256 within which a stored picture is a candidate. Of 58,610 pairs of scenes from different photographs and
desktop pictures, tried in all 8 orientations, none lay within 64, 3 within 72, 10 within 80; changes of size, colour,
sharpness or compression (quality 30) of those scenes stayed within 64 in 99 of 100. On the photographs of
docs/benchmarks-reuse.md, 72 found two points more of the hardest edits, and 80 raised the first wrong match."""

THRESHOLD: Final = 0.55
"""Agreement of the pixels from which two pictures are a match. Among the candidates of those scenes the highest of two
pictures that only look alike (parts of one round frame) was 0.48; nearly all copies score above 0.8."""

POSSIBLE: Final = 0.35
"""Agreement below which a candidate is not mentioned at all; unrelated pictures with near hashes stay below 0.3."""

MOST: Final = 20
"""Candidates confirmed for one query, nearest first; each costs the decoding of a stored file."""


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
        )


@dataclass(frozen=True, slots=True)
class NoReuse:
    """Two pictures that are not found to be one, and why, in one sentence.

    `distance` is the smallest of the hash distances over the orientations, None where a hash is unusable.
    """

    reason: str
    distance: int | None


def prepare(data: bytes, limits: Limits = DEFAULT) -> Prepared:
    """Decode and fingerprint a picture.

    Raises:
        PictureRefused: the bytes cannot be decoded. A picture that holds too little is not refused: see `usable`.
    """
    picture = decode(data, limits)
    found = fingerprint(picture)
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
    )


def compare(query: Prepared, match: Prepared) -> Reuse | NoReuse:
    """Say why two pictures are one, or why they are not found to be."""
    if query.sha256 == match.sha256:
        return identical(query)
    for side, name in ((query, "first"), (match, "second")):
        if side.phash is None:
            return NoReuse(f"only the very same file would be recognised: of the {name}, {side.why_not}", None)
    near = [(distance(packed, match.phash or b""), orientation) for orientation, packed in query.variants]
    bits = min(near, key=lambda pair: pair[0])[0]
    if bits > RADIUS:
        return NoReuse(
            f"their fingerprints differ in {bits} of 256 bits; up to {RADIUS} would be looked at closer", bits
        )
    best = _confirm(query, [orientation for far, orientation in near if far <= RADIUS], _Stored.of(match))
    if best.score < POSSIBLE:
        return NoReuse(
            f"their fingerprints are near ({bits} of 256 bits), but only {best.score:.0%} of their detail agrees", bits
        )
    return best


class Matcher:
    """Looks pictures up in a store.

    Args:
        index: the hashes of the store; the caller keeps it fresh.
        load: gives the bytes of a stored picture by its SHA-256; may raise a `DatelineError`.
        limits: of decoding.
    """

    def __init__(self, index: HashIndex, load: Callable[[str], bytes], limits: Limits = DEFAULT) -> None:
        self._index = index
        self._load = load
        self._limits = limits

    def look_up(self, query: Prepared, exclude: frozenset[str] = frozenset()) -> list[Reuse]:
        """Find the stored pictures that this one is a copy of, best first, those in `exclude` left out.

        Of a picture that holds too little to be recognised only the very same file is found.
        """
        found = []
        if query.sha256 in self._index and query.sha256 not in exclude:
            found.append(identical(query))
        found += self._copies(query, exclude | {query.sha256})
        return sorted(found, key=lambda reuse: (-reuse.score, reuse.match_sha256))

    def _copies(self, query: Prepared, exclude: frozenset[str]) -> list[Reuse]:
        orientations = [orientation for orientation, _ in query.variants]
        hits = self._index.search([packed for _, packed in query.variants], RADIUS)
        near: dict[str, list[Orientation]] = {}
        for hit in hits:
            if hit.sha256 not in exclude and (hit.sha256 in near or len(near) < MOST):
                near.setdefault(hit.sha256, []).append(orientations[hit.variant])
        verdicts = (self._verdict(query, sha256, candidates) for sha256, candidates in near.items())
        return [verdict for verdict in verdicts if verdict.score >= POSSIBLE]

    def _verdict(self, query: Prepared, sha256: str, orientations: Sequence[Orientation]) -> Reuse:
        try:
            picture = decode(self._load(sha256), self._limits, draft=2 * EDGE)
        except DatelineError:
            return _unconfirmed(query, sha256, orientations[0])
        return _confirm(query, orientations, _Stored.shown(picture))


@dataclass(frozen=True, slots=True)
class _Stored:
    """What confirming needs to know of the stored picture."""

    sha256: str
    media_type: str
    byte_size: int
    width: int
    height: int
    view: View

    @classmethod
    def of(cls, side: Prepared) -> _Stored:
        return cls(side.sha256, side.media_type, side.byte_size, side.width, side.height, side.view)

    @classmethod
    def shown(cls, picture: Picture) -> _Stored:
        return cls(picture.sha256, picture.media_type, picture.byte_size, picture.width, picture.height, view(picture))


def identical(query: Prepared) -> Reuse:
    """Return the verdict on a picture and the very same file."""
    frame = Orientation.UPRIGHT.corners(query.width, query.height)
    return _reuse(query, query.sha256, Relation.IDENTICAL, "the same file, byte for byte", 1.0, frame)


def _unconfirmed(query: Prepared, sha256: str, orientation: Orientation) -> Reuse:
    """Report a candidate whose stored file cannot be opened: possible, and said so."""
    words = "its fingerprint is near, but the stored file could not be opened to compare the pictures themselves"
    return _reuse(query, sha256, orientation.relation, words, POSSIBLE, ())


def _confirm(query: Prepared, orientations: Sequence[Orientation], match: _Stored) -> Reuse:
    """Lay the query over a stored picture in each orientation and judge the best."""
    theirs = match.view.image()
    tried = [(agreement(laid(query.view, orientation), theirs), orientation) for orientation in orientations]
    best, orientation = max(tried, key=lambda pair: pair[0].score)
    ours = laid(query.view, orientation)
    words = [orientation.words] if orientation.words else []
    words += differences(
        Side(ours, query.width, query.height, orientation.swaps_sides, query.media_type, query.byte_size),
        Side(theirs, match.width, match.height, False, match.media_type, match.byte_size),
        best.differing,
    )
    transform = ", ".join(words) or "the same picture in another file"
    region = orientation.corners(match.width, match.height)
    return _reuse(query, match.sha256, orientation.relation, transform, best.score, region)


def _reuse(query: Prepared, sha256: str, relation: Relation, transform: str, score: float, region: Polygon) -> Reuse:
    score = round(score, 4)  # before it is judged, so that what is shown and what is concluded never disagree
    return Reuse(
        query_sha256=query.sha256,
        match_sha256=sha256,
        relation=relation,
        transform=transform,
        region_query=Orientation.UPRIGHT.corners(query.width, query.height),
        region_match=region,
        score=score,
        threshold=THRESHOLD,
        certainty=Certainty.MATCH if score >= THRESHOLD else Certainty.POSSIBLE,
        version=VERSION,
    )
