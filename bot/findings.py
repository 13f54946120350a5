"""What the desk answers: findings as plain values, shown by cards in Slack and as text or JSON on the command line.

A finding never states a claim without its speaker and stance; it carries the records that prove each line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.alerting.memory import Silence
from bot.elsewhere import Page
from bot.health import Health
from bot.narrowed import EVERYTHING, Narrowed
from bot.reading.model import Mention
from storage.alerts import Alert, AlertKind, Triage, TriageState
from storage.digest_items import PersonNews
from storage.digests import DigestPlan, Section
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
from storage.rolls import Roll


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A watched person found for a name: the spelling it was matched to, and how well (0..1)."""

    person: Person
    matched_as: str
    score: float


@dataclass(frozen=True, slots=True)
class WhereisFinding:
    """Who says that a person is where, newest first. `person` is None where nobody of that name is surely watched.

    `did_you_mean` are the likeliest few who may be meant (instead); nobody is answered for whose score is below
    `threshold`, nor where several reach it.
    """

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
    threshold: float = 0.0
    narrowed: Narrowed = EVERYTHING
    map: str | None = None
    timeline: str | None = None
    """The paths of the pictures, where they were asked for; of the map, where some place has a position, too."""
    rejected: int = 0
    """How many sightings of the person are left out because somebody has rejected them, whatever was asked."""


@dataclass(frozen=True, slots=True)
class Match:
    """One stored image found to be the same picture, with the posts it stands in."""

    reuse: Reuse
    file: str
    appearances: tuple[tuple[Appearance, Post], ...]
    evidence: str | None = None
    """The path of the evidence picture, where one was asked for."""
    silence: Silence | None = None
    """What was said of the pair, or of one of the two, so that it never warns."""

    @property
    def counts(self) -> bool:
        """Whether it tells of another use of the picture: not where somebody said that it is none, or boilerplate."""
        return self.silence is None or self.silence.copies


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """What is known of one picture: its matches, best first; `why_not` where it cannot be matched.

    Of a post it is what is known of the first of its `pictures`, with the matches of all of them. `marked` is set where
    the picture is boilerplate, or a copy of such a picture.
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
    notes: tuple[str, ...] = ()
    """What must be told of what was compared: one frame of many, the still of a video."""
    elsewhere: tuple[Page, ...] = ()
    """Where a person may search for the picture by its public address."""
    by_hand: str = ""
    """How to search for it where it has none, in a sentence."""
    marked: Silence | None = None


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
    """Where a post's pictures appeared before, and what its text says.

    `differences` are what other captions of its pictures say otherwise where both may be true: told, never warned of.
    """

    post: Post
    captures: tuple[Capture, ...]
    images: tuple[CheckFinding, ...]
    sightings: tuple[ArchivedSighting, ...]
    conflicts: tuple[Conflict, ...]
    timeline: tuple[TimelineEntry, ...]
    elsewhere: tuple[Page, ...]
    notes: tuple[str, ...]
    already_archived: bool
    differences: tuple[Conflict, ...] = ()


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
    unchanged: int = 0
    """How many of those seen again are files that have not changed since, and were not read another time."""


@dataclass(frozen=True, slots=True)
class PeopleFinding:
    """The watch-list after a change, with what was changed in words and how many texts were read again."""

    people: tuple[Person, ...]
    changed: str = ""
    reread: int = 0
    sightings: int = 0
    change: int | None = None
    """The number of the change, by which it can be undone; None where nothing changed."""


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
    silenced: tuple[int, int] = (0, 0)
    """Dismissed pairs and marked pictures, which never warn."""


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
        problem: of a source: why it fails, in a sentence; empty where it works again.
        due_at: when the sweep should have run that found it, where that was earlier; else empty.
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
    due_at: str = ""

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
class RollFinding:
    """A rolling message: what it counts, and some of it.

    Attributes:
        roll: as it is kept.
        alerts: what it tells, contradictions first, then the newest; as many as were asked for.
        total: how many alerts it tells.
        contradictions: how many of them say that something told is not so.
        open: how many of them nobody has decided upon.
        watch: what the watch is called that it counts for; empty where it counts a case.
    """

    roll: Roll
    alerts: tuple[AlertFinding, ...]
    total: int
    contradictions: int = 0
    open: int = 0
    watch: str = ""


@dataclass(frozen=True, slots=True)
class AlertsFinding:
    """Warnings of a channel or of all, the newest first."""

    alerts: tuple[AlertFinding, ...]
    channel: str = ""


@dataclass(frozen=True, slots=True)
class DigestFinding:
    """What changed for a channel since its last digest: each thing once, the first of each section.

    Attributes:
        since, until: instants; from the one digest to the other.
        conflicts: new ones that no alert of the channel tells.
        sightings: new ones, the newest of each person first; no denials.
        reuse: new alerts about pictures that were seen before, surest first.
        still_open: alerts from before that nobody has triaged.
        failing: sources that fail, and how, in words.
        late: whether it should have gone out earlier.
        warnings: new alerts that say that something told is not so, or that its source is gone.
        denials: new ones that no alert of the channel tells.
        newly_seen: new alerts about sightings that were known before, but not to this channel.
        snoozed: new alerts that a snooze has kept silent.
        recovered: new alerts about sources that failed and answer again.
        totals: how much each section holds in all; a section that is left out is not there.
        people: how many new sightings there are of each person, whoever has the newest first.
        silent: how many new sightings have joined alerts that a snooze keeps silent; counted with what is snoozed.
        news: the numbers of the first and of the last news that it tells; none where the last is smaller.
        zone: the zone of the channel's digest (IANA).
        due_at: the due time it stands for; None for one that somebody asked for.
        missed: how many due times it stands for that no digest was sent for in time.
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
    warnings: tuple[AlertFinding, ...] = ()
    denials: tuple[ArchivedSighting, ...] = ()
    newly_seen: tuple[AlertFinding, ...] = ()
    snoozed: tuple[AlertFinding, ...] = ()
    recovered: tuple[AlertFinding, ...] = ()
    totals: Mapping[Section, int] = field(default_factory=dict)
    people: tuple[PersonNews, ...] = ()
    silent: int = 0
    news: tuple[int, int] = (1, 0)
    zone: str = "UTC"
    due_at: str | None = None
    missed: int = 0

    @property
    def empty(self) -> bool:
        """Whether nothing is new: what was open before, and still is, does not count."""
        counted = any(number for section, number in self.totals.items() if section is not Section.OPEN)
        shown = (self.conflicts, self.sightings, self.reuse, self.failing, self.warnings, self.denials)
        return not counted and not any((*shown, self.newly_seen, self.snoozed, self.recovered))


@dataclass(frozen=True, slots=True)
class DigestPlansFinding:
    """What is set about the digests of channels, or what has just been set; one channel or all of them.

    Attributes:
        plans: what is set.
        channel: the one channel that was asked about; empty for all.
        told: what has changed, in a sentence; empty where nothing has.
    """

    plans: tuple[DigestPlan, ...]
    channel: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class TracedPost:
    """One post that a reporter had traced, for their Home."""

    post: Post
    traced_at: str
    copies: int
    """How many other posts that we hold show its pictures."""
