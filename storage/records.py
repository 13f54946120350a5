"""The shared vocabulary: frozen values that every floor speaks in.

Times are UTC in ISO 8601 with milliseconds (`2015-10-13T21:38:00.000Z`), so that their text order is their time
order; a day is `YYYY-MM-DD`. Offsets are Unicode code points into the text as archived. Digests are lower-case
hexadecimal SHA-256. Countries are ISO 3166-1 alpha-2 codes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from storage.relations import ClaimRelation, Quote
from storage.relations import ConflictKind as ConflictKind

if TYPE_CHECKING:
    from storage.verdicts import Judged

Point = tuple[float, float]
Polygon = tuple[Point, ...]

EVERYWHERE = "*"
"""The workspace of a grant that holds in every workspace served by this store."""

HANDED_IN = "file"
"""The route of a capture that came as a file: nobody but whoever made the file vouches for what it says."""

EVERYONE = "everyone"
"""The audience of a grant that holds for everybody in its workspace."""


class Stance(StrEnum):
    """How surely a speaker says it; the order of the lattice is kept by the reader."""

    ASSERTED = "asserted"
    ALLEGED = "alleged"
    RUMORED = "rumored"
    DENIED = "denied"
    NEGATED = "negated"
    PLANNED = "planned"
    PAST = "past"
    UNCLASSIFIED = "unclassified"


class SpeakerKind(StrEnum):
    """What sort of voice a speaker is."""

    OUTLET = "outlet"
    OFFICIAL = "official"
    PERSON = "person"
    ORGANISATION = "organisation"
    CROWD = "crowd"
    TWEET = "tweet"
    RUMOR = "rumor"
    UNNAMED = "unnamed"


class TimePrecision(StrEnum):
    """How finely a time is known."""

    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    INTERVAL = "interval"
    ON_OR_BEFORE = "on_or_before"
    RECENT_PAST = "recent_past"
    UNBOUNDED_PAST = "unbounded_past"
    UNKNOWN = "unknown"


class PlacePrecision(StrEnum):
    """How finely a place is known."""

    POINT = "point"
    CITY = "city"
    PROVINCE = "province"
    COUNTRY = "country"
    REGION = "region"


class TimeBasis(StrEnum):
    """Where the time of a post comes from: every date is shown with its basis."""

    DECODED_ID = "decoded-id"
    STATED = "stated"
    CRAWLED = "crawled"
    CAPTURED = "captured"
    UNKNOWN = "unknown"


class PostStatus(StrEnum):
    """Whether a post can be seen at its source, and if not, why: never guessed beyond what the source said."""

    LIVE = "live"
    DELETED = "deleted"
    SUSPENDED = "suspended"
    PROTECTED = "protected"
    WITHHELD = "withheld"
    AGE_GATED = "age-gated"
    NOT_FOUND = "not-found"
    UNAVAILABLE = "unavailable"


class Certainty(StrEnum):
    """A *match* may warn; a *possible* match is shown when asked for."""

    MATCH = "match"
    POSSIBLE = "possible"


class Relation(StrEnum):
    """How two images that are one picture relate, read from the query to the stored image."""

    IDENTICAL = "identical"
    NEAR = "near"
    MIRRORED = "mirrored"
    ROTATED = "rotated"
    CROP = "crop"
    CONTAINS = "contains"
    SCREENSHOT = "screenshot"
    PARTIAL = "partial"
    SAME_SCENE = "same-scene"


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere on Earth, no finer than it was said.

    `lat` and `lon` are WGS 84 degrees and None where only the name is known; `key` identifies the place across
    spellings (`geonames:170063`, `country:SY`, `supplement:...`).
    """

    name: str
    country: str | None
    lat: float | None
    lon: float | None
    precision: PlacePrecision
    key: str
    province: str | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says so. The name is for people to read; `kind` is for grouping."""

    name: str
    kind: SpeakerKind


@dataclass(frozen=True, slots=True)
class Interval:
    """When something is said to have been so: days or instants, None where open, and why this interval."""

    start: str | None
    end: str | None
    precision: TimePrecision
    basis: str


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points in an archived text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the exact words under the span."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Sighting:
    """Someone says that a person is, was or will be at a place, as the reader found it in one text.

    `quote == text[start:end]` always holds. `person_span` and `place_span` are None where they come from an
    antecedent ("such a visit"). `rule` names the rule and version that made it; `score` is 0..1. `linked` is by what a
    surname alone is that person's (`bot.reading.names.linking`); empty where more than a surname names them.
    """

    person_id: str
    person_name: str
    place: Place
    stance: Stance
    speaker: Speaker
    time: Interval
    quote: str
    start: int
    end: int
    rule: str
    score: float
    person_span: Span | None = None
    place_span: Span | None = None
    cue_spans: tuple[Span, ...] = ()
    matched_as: str = ""
    note: str = ""
    linked: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose whereabouts the newsroom follows."""

    id: str
    name: str
    role: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Post:
    """One published item. `text` is as it came; `utc_offset` is minutes east of Greenwich where the source told it."""

    id: str
    platform: str
    native_id: str | None
    url: str | None
    author: str | None
    author_name: str | None
    publisher: str | None
    posted_at: str | None
    posted_at_basis: TimeBasis
    utc_offset: int | None
    text: str
    lang: str | None
    status: PostStatus
    status_reason: str
    first_seen_at: str


@dataclass(frozen=True, slots=True)
class Capture:
    """An archived copy of a post: the raw bytes by digest, when and by which route they came, and the text in them."""

    id: str
    post_id: str
    sha256: str
    media_type: str
    captured_at: str
    route: str
    source_url: str | None
    text_sha256: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture by the digest of its bytes; `phash` is the packed perceptual hash, None where it is unusable.

    `points` are its packed local features, made by `points_version`; they are kept with it, and not read back with it.
    """

    sha256: str
    media_type: str
    byte_size: int
    width: int
    height: int
    usable: bool
    why_not: str | None
    phash: bytes | None
    fingerprint_version: str
    first_seen_at: str
    points: bytes | None = field(default=None, compare=False, repr=False)
    points_version: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Appearance:
    """An image in a post, with what the post says about it."""

    image_sha256: str
    post_id: str
    capture_id: str
    position: int
    caption: str
    source_url: str | None


@dataclass(frozen=True, slots=True)
class Gap:
    """A picture of a post that is not archived: its place in the post, its address, and why, in one sentence."""

    post_id: str
    position: int
    url: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Reuse:
    """Two images found to be one picture, and why: `query` was looked up, `match` is the one that was found.

    Regions are polygons in pixels of each picture after its EXIF orientation. `score >= threshold` for a match.
    """

    query_sha256: str
    match_sha256: str
    relation: Relation
    transform: str
    region_query: Polygon
    region_match: Polygon
    score: float
    threshold: float
    certainty: Certainty
    version: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two things that cannot both be true: ids of the posts, sightings or images concerned, and why in words.

    `relation` says how two captions relate; what only differs (`ClaimRelation.warns` is false) is told and never kept.
    `quotes` are the captions' words, one of each side that has words for it.
    """

    kind: ConflictKind
    why: str
    posts: tuple[str, ...] = ()
    sightings: tuple[str, ...] = ()
    image_sha256: str | None = None
    relation: ClaimRelation = ClaimRelation.CONTRADICTS
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class ArchivedSighting:
    """A sighting with the post it stands in, the capture that proves its words, and what an editor says of it."""

    id: str
    sighting: Sighting
    post: Post
    capture: Capture
    judged: Judged | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """Who may see a post: everybody in `workspace` (`*` = any) who belongs to `audience`."""

    post_id: str
    workspace: str
    audience: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """On whose behalf a question is asked; what they may see is decided in the query, never after it.

    Attributes:
        workspace: the workspace asked from.
        audiences: the audiences the viewer belongs to there (`everyone` is always among them).
        operator: True for the command line, which sees every grant; the custody log says so.
    """

    workspace: str = EVERYWHERE
    audiences: frozenset[str] = field(default_factory=lambda: frozenset({EVERYONE}))
    operator: bool = False


OPERATOR = Viewer(operator=True)


@dataclass(frozen=True, slots=True)
class CustodyRow:
    """One link of the custody chain; `hash` covers every other field, `previous` is the hash of the row before."""

    seq: int
    at: str
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Any]
    previous: str
    hash: str


def utc(moment: datetime) -> str:
    """Write an aware time as UTC ISO 8601 with milliseconds."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be archived")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def digest(data: bytes) -> str:
    """Name bytes by their SHA-256."""
    return hashlib.sha256(data).hexdigest()


def text_digest(text: str) -> str:
    """Name a text by the SHA-256 of its UTF-8 form; lone surrogates are kept as they came."""
    return digest(text.encode("utf-8", "surrogatepass"))


def short_id(*parts: str) -> str:
    """Make a stable 20-character id from its parts, so that the same thing fed twice gets the same id."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:20]
