"""What people say of sightings, as plain values: their verdicts, and why a sighting was read as it is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.findings import WhereisFinding
from storage.records import ArchivedSighting, Place, Stance
from storage.verdicts import Judgement, Verdict


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of a sighting; place and stance where they are others than it is told with.

    Attributes:
        note: why, in their words.
        seen: the id of the verdict that they knew of, empty for none; None where they were shown nothing.
    """

    judgement: Judgement
    place: Place | None = None
    stance: Stance | None = None
    note: str = ""
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class VerdictsFinding:
    """Verdicts that stand, a page of them, the newest first: each as the sighting was when it was judged.

    Attributes:
        lines: from the `start`-th on; each is `judged`.
        total: how many there are in all.
        changed: what was changed just now, in a sentence; empty where nothing was.
    """

    lines: tuple[ArchivedSighting, ...]
    total: int
    start: int = 0
    changed: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of how a sighting was read: what is told of, and what is told, in a sentence or two."""

    about: str
    told: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a sighting was read as it is.

    Attributes:
        found: the sighting, with the verdict on it.
        steps: from the words to the time.
        fresh: whether it was read with the rules and the watch-list of now; else what only reading again could tell is
            left out.
        verdicts: every verdict on it that the viewer may know of, also those that were undone, the oldest first.
    """

    found: ArchivedSighting
    steps: tuple[Step, ...]
    fresh: bool
    verdicts: tuple[Verdict, ...] = ()


def unnamed(finding: WhereisFinding) -> WhereisFinding:
    """Return an answer as a channel reads it: it does not say who has judged its sightings."""
    return replace(finding, sightings=tuple(map(_unnamed, finding.sightings)))


def _unnamed(found: ArchivedSighting) -> ArchivedSighting:
    judged = found.judged
    return replace(found, judged=replace(judged, verdict=replace(judged.verdict, actor=""))) if judged else found
