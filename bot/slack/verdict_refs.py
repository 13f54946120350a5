"""What the buttons about verdicts on sightings carry: which sighting, which verdict, and what a modal must remember."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SightingRef:
    """A sighting, on a card; `again` is the name that the whole card can be asked for with, empty where it cannot."""

    sighting: str
    again: str = ""


@dataclass(frozen=True, slots=True)
class VerdictDraft:
    """A sighting that somebody is judging.

    Attributes:
        seen: the id of the verdict that they were shown; empty where there was none.
        channel: where they began.
        url: the response address of the card, where it may be replaced.
    """

    sighting: str
    again: str = ""
    seen: str = ""
    channel: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class VerdictRef:
    """The list of verdicts, from a line on; or one of them, by its id."""

    verdict: str = ""
    start: int = 0
