"""What the desk answers: findings as plain values, shown by cards in Slack and as text or JSON on the command line.

A finding never states a claim without its speaker and stance; it carries the records that prove each line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.reading.model import Mention
from bot.health import Health
from storage.alerts import Alert, AlertKind, Triage, TriageState
from storage.records import (
    Appearance,
    ArchivedSighting,
    Capture,
    Conflict,
    Person,
    Post,
    Reuse,
    Sighting,
    TimeBasis,
)


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A watched person found for a name: the spelling it was matched to, and how well (0..1)."""

    person: Person
    matched_as: str
    score: float


@dataclass(frozen=True, slots=True)
class WhereisFinding:
    """Who says that a person is where, newest first. `person` is None where nobody of that name is watched."""

    query: str
    on: str | None
    known_on: str | None
    person: NameMatch | None
    did_you_mean: tuple[NameMatch, ...]
    sightings: tuple[ArchivedSighting, ...]
    conflicts: tuple[Conflict, ...]
    total: int
    """How many sightings the store holds for the question, of which `sightings` may be the newest part."""
    unread: int = 0
    """How many archived texts are not read again yet for the watch-list as it is now."""


@dataclass(frozen=True, slots=True)
class Match:
    """One stored image found to be the same picture, with the posts it stands in."""

    reuse: Reuse
    file: str
    appearances: tuple[tuple[Appearance, Post], ...]
    evidence: str | None = None
    """The path of the evidence picture, where one was asked for."""


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """What is known of one picture: its matches, best first; `why_not` where it cannot be matched.

    Of a post it is what is known of the first of its `pictures`, with the matches of all of them.
    """

    input: str
    sha256: str | None
    width: int | None
    height: int | None
    usable: bool
    why_not: str | None
    matches: tuple[Match, ...]
    kept_as: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    pictures: tuple[CheckFinding, ...] = ()


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One appearance of a picture of the traced post, dated by its basis."""

    at: str | None
    basis: TimeBasis
    post: str
    url: str | None
    caption: str
    place: str | None


@dataclass(frozen=True, slots=True)
class TraceFinding:
    """Where a post's pictures appeared before, and what its text says."""

    post: Post
    captures: tuple[Capture, ...]
    images: tuple[CheckFinding, ...]
    sightings: tuple[ArchivedSighting, ...]
    conflicts: tuple[Conflict, ...]
    timeline: tuple[TimelineEntry, ...]
    elsewhere: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    already_archived: bool


@dataclass(frozen=True, slots=True)
class ReadFinding:
    """Everything the reader finds in a text."""

    lang: str | None
    text: str
    mentions: tuple[Mention, ...]
    sightings: tuple[Sighting, ...]


@dataclass(frozen=True, slots=True)
class IngestFinding:
    """What an ingest did: counts, and each thing that could not be taken, with its reason."""

    files: int
    archived: int
    seen_again: int
    sightings: int
    pictures: int
    reuse: int
    conflicts: int
    refused: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str, str], ...]
    """What must be told of posts that were taken in, with their id and where they stand among what was given: a
    picture that is missing, a date that could not be read."""


@dataclass(frozen=True, slots=True)
class PeopleFinding:
    """The watch-list after a change, with what was changed in words and how many texts were read again."""

    people: tuple[Person, ...]
    changed: str = ""
    reread: int = 0
    sightings: int = 0


@dataclass(frozen=True, slots=True)
class StatusFinding:
    """The state of the store.

    `conflicts` are those of pictures, which are kept; denials are paired when somebody is asked for.
    """

    version: str
    home: str
    posts: int
    captures: int
    images: int
    sightings: int
    people: int
    conflicts: int
    custody_rows: int
    unread: int
    database_bytes: int
    vault_bytes: int
    last_captured_at: str | None
    sources: Mapping[str, str]
    health: Health = field(default_factory=Health)


@dataclass(frozen=True, slots=True)
class VerifyFinding:
    """Whether the archive is what it was: every fault is named."""

    files: int
    custody_rows: int
    faults: tuple[tuple[str, str, str], ...]

    @property
    def clean(self) -> bool:
        """Whether nothing was found amiss."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class RebuildFinding:
    """How much derived data was made anew, and the pictures that could not be: their digest and why."""

    images: int
    texts: int
    sightings: int
    refused: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AlertFinding:
    """An alert with what it stands on, as the channel that is told may see it.

    Attributes:
        alert: as it is kept.
        post: the post that raised it; None where no post did (a source that fails).
        captures: that post's archived copies.
        match: of a picture: the pair of pictures, and the posts that the stored one stands in.
        conflicts: what cannot both be true.
        sightings: of a person: what is said, the newest first, as much of it as a card may need.
        total: how many sightings or posts it stands on.
        others: how many more alerts of its case stand in its thread.
        triage: everything that was done about it, oldest first.
        blurred: whether the channel wants its pictures blurred until somebody clicks.
        watch: what the watch that asked for it is called; empty where the channel is told of everything.
        problem: of a source: why it fails, in a sentence.
    """

    alert: Alert
    post: Post | None = None
    captures: tuple[Capture, ...] = ()
    match: Match | None = None
    conflicts: tuple[Conflict, ...] = ()
    sightings: tuple[ArchivedSighting, ...] = ()
    total: int = 1
    others: int = 0
    triage: tuple[Triage, ...] = ()
    blurred: bool = False
    watch: str = ""
    problem: str = ""

    @property
    def id(self) -> str:
        """Which alert."""
        return self.alert.id

    @property
    def kind(self) -> AlertKind:
        """What it is about."""
        return self.alert.kind

    @property
    def raised_at(self) -> str:
        """When it was raised."""
        return self.alert.raised_at

    @property
    def state(self) -> TriageState:
        """Where the warning stands now."""
        return self.triage[-1].state if self.triage else self.alert.state


@dataclass(frozen=True, slots=True)
class DigestFinding:
    """What changed for a channel since its last digest: each thing once.

    Attributes:
        since: instants; from the one digest to the other.
        conflicts: conflicts and denials that are new.
        sightings: new ones, newest first.
        reuse: new warnings, surest first.
        still_open: warnings from before that nobody has triaged.
        failing: sources that fail, and how, in words.
        late: the digest should have gone out earlier.
    """

    channel: str
    since: str
    until: str
    conflicts: tuple[Conflict, ...]
    sightings: tuple[ArchivedSighting, ...]
    reuse: tuple[AlertFinding, ...]
    still_open: tuple[AlertFinding, ...]
    failing: tuple[tuple[str, str], ...] = ()
    late: bool = False


@dataclass(frozen=True, slots=True)
class TracedPost:
    """One post that a reporter had traced, for their Home."""

    post: Post
    traced_at: str
    copies: int
    """How many other posts that we hold show its pictures."""
