"""Whether a picture was kept before: candidates by hash and by local features, confirmed on the pixels.

Every verb, sweep and the intake ask here. Hashes find what was done to the whole picture, at once; local features find
its parts: crops, screenshots, collages, photographs of screens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from bot.images import confirm
from bot.images import features as local
from bot.images.confirm import Shown
from bot.images.decode import DEFAULT, Limits, Picture, decode
from bot.images.difference import Side, differences
from bot.images.fingerprint import VERSION as FINGERPRINT_VERSION
from bot.images.fingerprint import distance
from bot.images.geometry import Matrix
from bot.images.index import HashIndex
from bot.images.judgement import ENOUGH_CHANCE
from bot.images.local import Candidate, LocalIndex
from bot.images.orientation import Orientation
from bot.images.prepared import Prepared
from bot.images.sight import Sight, sight
from bot.images.view import View, agreement, laid, view
from storage.errors import DatelineError
from storage.records import Certainty, Polygon, Relation, Reuse

VERSION: Final = f"{FINGERPRINT_VERSION}+blocks/2+{local.VERSION}+parts/4"
"""Stored with every verdict."""

RADIUS: Final = 64
"""Bits of 256 within which a stored picture is a candidate. Of 58,610 pairs of scenes from different photographs and
desktop pictures, tried in all 8 orientations, none lay within 64, 3 within 72, 10 within 80; changes of size, colour,
sharpness or compression (quality 30) of those scenes stayed within 64 in 99 of 100. On the photographs of
docs/benchmarks-reuse.md, 72 found two points more of the hardest edits, and 80 raised the first wrong match."""

THRESHOLD: Final = 0.55
"""Agreement of the pixels from which two pictures are a match. Among the candidates of those scenes the highest of two
pictures that only look alike (parts of one round frame) was 0.48; nearly all copies score above 0.8. What is found by
local features is a share too (`bot.images.judgement`): unrelated pictures have 0.44 at most, in one template."""

POSSIBLE: Final = 0.35
"""Agreement below which a candidate is not mentioned at all; unrelated pictures with near hashes stay below 0.3."""

_BELOW: Final = 0.5
"""The score that two views of one scene are given at most: below the threshold."""

MOST: Final = 20
"""Candidates confirmed for one query, nearest first; each costs the decoding of a stored file."""

RESEMBLING: Final = 16
"""Most candidates by local features whose points are compared with the query's: about 5 ms each."""

LAID: Final = 4
"""Of those, how many are laid over the query point by point, most likely first: about 50 ms each."""

_PROVABLE: Final = POSSIBLE * ENOUGH_CHANCE
"""Chance score below which nothing that is seen on the pixels can make two pictures possible."""

ENLARGED: Final = 480
"""Pixels of the shorter edge at which a stored picture is decoded to be laid over another."""


@dataclass(frozen=True, slots=True)
class NoReuse:
    """Two pictures that are not found to be one, and why, in one sentence.

    `distance` is the smallest of the hash distances over the orientations, None where a hash is unusable.
    """

    reason: str
    distance: int | None


def compare(query: Prepared, match: Prepared) -> Reuse | NoReuse:
    """Say why two pictures are one, or why they are not found to be."""
    if query.sha256 == match.sha256:
        return identical(query)
    for side, name in ((query, "first"), (match, "second")):
        if side.phash is None:
            return NoReuse(f"only the very same file would be recognised: of the {name}, {side.why_not}", None)
    stored = _Stored.of(match)
    near = [(distance(packed, match.phash or b""), orientation) for orientation, packed in query.variants]
    bits = min(near, key=lambda pair: pair[0])[0]
    verdicts = (
        [_confirm(query, [orientation for far, orientation in near if far <= RADIUS], stored)] if bits <= RADIUS else []
    )
    certain = any(one is not None and one.certainty is Certainty.MATCH for one in verdicts)
    if not certain and query.sought is not None and match.sought is not None:
        verdicts.append(_located(query, stored, _proposals(query.sought, match.sought.upright, (False, True))))
    best = max((one for one in verdicts if one is not None), key=lambda one: one.score, default=None)
    if best is not None and best.score >= POSSIBLE:
        return best
    if bits > RADIUS:
        return NoReuse(
            f"their fingerprints differ in {bits} of 256 bits, where up to {RADIUS} would be looked at closer, and no "
            "part of one is found in the other",
            bits,
        )
    return NoReuse(f"their fingerprints are near ({bits} of 256 bits), but too little of their detail agrees", bits)


class Matcher:
    """Looks pictures up in a store.

    Args:
        index: the hashes of the store; the caller keeps it fresh.
        load: gives the bytes of a stored picture by its SHA-256; may raise a `DatelineError`.
        limits: of decoding.
        parts: the postings of the store, kept fresh by the caller too; None looks up by hash alone.
        points: gives the stored features of pictures, as far as there are any; may raise a `DatelineError`.
    """

    def __init__(
        self,
        index: HashIndex,
        load: Callable[[str], bytes],
        limits: Limits = DEFAULT,
        parts: LocalIndex | None = None,
        points: Callable[[Sequence[str]], Mapping[str, local.Features]] = lambda _shas: {},
    ) -> None:
        self._index = index
        self._load = load
        self._limits = limits
        self._parts = parts
        self._points = points

    def look_up(self, query: Prepared, exclude: frozenset[str] = frozenset(), above: int = 0) -> list[Reuse]:
        """Find the stored pictures that this one is a copy of, best first, those in `exclude` left out.

        Of a picture that holds too little to be recognised only the very same file is found. Pictures up to the
        sequence number `above` are passed over, but for the very same file: an earlier search has seen them.
        """
        found = []
        if query.sha256 in self._index and query.sha256 not in exclude:
            found.append(identical(query))
        exclude |= {query.sha256}
        copies = self._copies(query, exclude, above)
        found += copies
        certain = {one.match_sha256 for one in copies if one.certainty is Certainty.MATCH}
        parts = {one.match_sha256: one for one in self._partial(query, exclude | certain, above)}
        found = [one for one in found if one.certainty is Certainty.MATCH or one.match_sha256 not in parts]
        return sorted([*found, *parts.values()], key=lambda one: (-one.score, one.match_sha256))

    def _copies(self, query: Prepared, exclude: frozenset[str], above: int) -> list[Reuse]:
        """Find copies of the whole picture, by hash."""
        orientations = [orientation for orientation, _ in query.variants]
        hits = self._index.search([packed for _, packed in query.variants], RADIUS, above)
        near: dict[str, list[Orientation]] = {}
        for hit in hits:
            if hit.sha256 not in exclude and (hit.sha256 in near or len(near) < MOST):
                near.setdefault(hit.sha256, []).append(orientations[hit.variant])
        verdicts = (self._verdict(query, sha256, candidates) for sha256, candidates in near.items())
        return [verdict for verdict in verdicts if verdict is not None and verdict.score >= POSSIBLE]

    def _verdict(self, query: Prepared, sha256: str, orientations: Sequence[Orientation]) -> Reuse | None:
        try:
            picture = decode(self._load(sha256), self._limits, draft=ENLARGED)
        except DatelineError:
            return _unconfirmed(query, sha256, orientations[0])
        return _confirm(query, orientations, _Stored.shown(picture))

    def _partial(self, query: Prepared, exclude: frozenset[str], above: int) -> list[Reuse]:
        """Find pictures that share a part with this one, by local features."""
        if query.sought is None or self._parts is None:
            return []
        resembling: dict[str, list[Candidate]] = {}
        for candidate in self._parts.candidates(query.sought.upright, query.sought.mirrored, RESEMBLING, above):
            if candidate.sha256 not in exclude:
                resembling.setdefault(candidate.sha256, []).append(candidate)
        points = self._points(list(resembling))
        likely = []
        for sha256, features in points.items():
            flips = tuple(candidate.flipped for candidate in resembling[sha256])
            tried = [one for one in _proposals(query.sought, features, flips) if one.laid.score >= _PROVABLE]
            if tried:
                likely.append((tried, sha256))
        likely.sort(key=lambda pair: (-pair[0][0].laid.score, pair[1]))
        found = (self._part(query, sha256, tried) for tried, sha256 in likely[:LAID])
        return [verdict for verdict in found if verdict is not None and verdict.score >= POSSIBLE]

    def _part(self, query: Prepared, sha256: str, tried: list[confirm.Proposal]) -> Reuse | None:
        try:
            picture = decode(self._load(sha256), self._limits, draft=ENLARGED)
        except DatelineError:
            return None
        return _located(query, _Stored.shown(picture), tried)


@dataclass(frozen=True, slots=True)
class _Stored:
    """What confirming needs to know of the stored picture."""

    sha256: str
    media_type: str
    byte_size: int
    width: int
    height: int
    view: View
    sight: Sight

    @classmethod
    def of(cls, side: Prepared) -> _Stored:
        return cls(side.sha256, side.media_type, side.byte_size, side.width, side.height, side.view, side.sight)

    @classmethod
    def shown(cls, picture: Picture) -> _Stored:
        return cls(
            picture.sha256,
            picture.media_type,
            picture.byte_size,
            picture.width,
            picture.height,
            view(picture),
            sight(picture),
        )


def identical(query: Prepared) -> Reuse:
    """Return the verdict on a picture and the very same file."""
    frame = Orientation.UPRIGHT.corners(query.width, query.height)
    return _reuse(query, query.sha256, Relation.IDENTICAL, "the same file, byte for byte", 1.0, frame)


def _unconfirmed(query: Prepared, sha256: str, orientation: Orientation) -> Reuse:
    """Report a candidate whose stored file cannot be opened: possible, and said so."""
    words = "its fingerprint is near, but the stored file could not be opened to compare the pictures themselves"
    return _reuse(query, sha256, orientation.relation, words, POSSIBLE, ())


def _proposals(query: local.Sought, stored: local.Features, flips: Iterable[bool]) -> list[confirm.Proposal]:
    found = [proposal for flipped in flips for proposal in confirm.proposals(query, stored, flipped)]
    return sorted(found, key=lambda proposal: -proposal.laid.score)


def _located(query: Prepared, match: _Stored, tried: list[confirm.Proposal]) -> Reuse | None:
    """Judge two pictures that share a part; None where they do not after all."""
    found = confirm.confirmed(
        Shown(query.sight, query.media_type, query.byte_size),
        Shown(match.sight, match.media_type, match.byte_size),
        tried,
    )
    if found is None:
        return None
    score = min(round(found.score, 4), _BELOW) if found.same_scene else round(found.score, 4)
    return Reuse(
        query_sha256=query.sha256,
        match_sha256=match.sha256,
        relation=found.relation,
        transform=found.transform,
        region_query=found.region_query,
        region_match=found.region_match,
        score=score,
        threshold=THRESHOLD,
        certainty=Certainty.MATCH if score >= THRESHOLD else Certainty.POSSIBLE,
        version=VERSION,
    )


def _map(orientation: Orientation, query: Prepared, match: _Stored) -> tuple[Matrix, bool]:
    """Return the map that an orientation stands for, from the stored picture to the query, mirrored or not."""
    corners = np.array(orientation.corners(match.width, match.height), np.float32)
    ours = np.array(Orientation.UPRIGHT.corners(query.width, query.height), np.float32)
    mirrored, _ = orientation.value
    if mirrored:
        ours[:, 0] = query.width - ours[:, 0]
    return np.asarray(cv2.getPerspectiveTransform(corners, ours), np.float64), mirrored


def _confirm(query: Prepared, orientations: Sequence[Orientation], match: _Stored) -> Reuse | None:
    """Lay the query over a stored picture in each orientation and judge the best."""
    theirs = match.view.image()
    tried = [(agreement(laid(query.view, orientation), theirs), orientation) for orientation in orientations]
    best, orientation = max(tried, key=lambda pair: pair[0].score)
    if best.score >= THRESHOLD and confirm.vetoed(query.sight, match.sight, *_map(orientation, query, match)):
        return None
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
