"""What the reader finds in a text: mentions with exact spans, and the sightings made of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from storage.records import Interval, Person, Place, Sighting, Span

RULES_VERSION = "seven/3"
"""Version of the rules and word lists: texts that were read under another version are read again."""


@dataclass(frozen=True, slots=True)
class PersonMention:
    """A watched person's name in a text.

    Attributes:
        matched_as: the spelling of the watch-list entry that it was matched to.
        how: `full`, `alias`, `surname`, `given` (the given name of somebody named in full in the same text) or
            `skeleton` (a spelling that is not on the list).
        score: 0..1, 1 for a listed spelling.
    """

    span: Span
    person: Person
    matched_as: str
    how: str
    score: float


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place name in a text.

    Attributes:
        kind: `place`, `demonym` ("Syrian") or `metonym` ("the Kremlin"); the last two never place a person by
            themselves.
        candidates: every place of that name, the chosen one first.
        reason: why the chosen one won (`only`, `container`, `context`, `population`).
    """

    span: Span
    kind: str
    place: Place
    candidates: tuple[Place, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class TimeMention:
    """A time expression in a text, resolved against the time of the post."""

    span: Span
    interval: Interval


_M = TypeVar("_M", PersonMention, PlaceMention, TimeMention)


def within(mentions: Sequence[_M], span: Span) -> list[_M]:
    """Give the mentions that lie in a span, of mentions that are in the order of the text."""
    first = bisect_left(mentions, span.start, key=lambda mention: mention.span.start)
    last = bisect_left(mentions, span.end, key=lambda mention: mention.span.start)
    return [mention for mention in mentions[first:last] if mention.span.end <= span.end]


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of a text from outside it.

    Attributes:
        published: when it was published, in the zone of publication; None where unknown.
        publisher: the outlet, where there is one.
        author: the account that a post speaks with: a handle on platforms that have them.
        author_name: the name that the account or the post gives itself, for where there is no account.
        platform: `x`, `telegram`, …; `text` or `web` for articles.
        lang: ISO 639-1 code where the source told it.
    """

    published: datetime | None = None
    publisher: str | None = None
    author: str | None = None
    platform: str = "text"
    lang: str | None = None
    author_name: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """Something the reader saw, for `dateline read`: kind is person, place, time, cue or speaker.

    Attributes:
        resolved: what it was taken for.
        why: what made it so: the spelling that matched, the reason that chose a place, the basis of a time.
    """

    kind: str
    start: int
    end: int
    text: str
    resolved: str | None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything found in one text."""

    lang: str | None
    mentions: tuple[Mention, ...]
    sightings: tuple[Sighting, ...]
