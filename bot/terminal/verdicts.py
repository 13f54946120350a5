"""Verdicts on sightings, and why a sighting was read as it is, as lines of text and as JSON values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from bot.terminal.evidence import sighting_lines
from bot.verdict_findings import Explanation, VerdictsFinding
from bot.wording import judged_by, place_words, plain
from storage.records import ArchivedSighting
from storage.verdicts import Judged, Verdict

Archived = Callable[[ArchivedSighting], Any]
"""Gives the JSON value of a sighting."""


def judged_shape(judged: Judged | None) -> dict[str, Any] | None:
    """Return what an editor says of a sighting, with the reader's place and stance; None where nobody says anything."""
    if judged is None:
        return None
    read = {"place": {"name": judged.place.name, "key": judged.place.key}, "stance": judged.stance}
    return {**verdict_shape(judged.verdict), "read": read, "lost": judged.lost}


def verdict_shape(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as docs/command-line.md promises it."""
    place = verdict.place
    return {
        "id": verdict.id,
        "judgement": verdict.judgement,
        "place": place and {"name": place.name, "key": place.key},
        "stance": verdict.stance,
        "note": verdict.note,
        "by": verdict.actor,
        "at": verdict.at,
        "workspace": verdict.workspace,
        "undone_by": verdict.undone_by or None,
        "undone_at": verdict.undone_at,
    }


def verdicts_lines(finding: VerdictsFinding) -> Iterator[str]:
    """Tell of verdicts, each with the sighting that it is about."""
    if finding.changed:
        yield plain(finding.changed)
    elif not finding.lines:
        yield "Nothing is judged."
    for found in finding.lines:
        sighting = found.sighting
        yield f"{plain(sighting.person_name)}: {place_words(sighting.place)}"
        yield from sighting_lines(found)
        if found.judged:
            yield f"    verdict {found.judged.verdict.id}, workspace {plain(found.judged.verdict.workspace)}"


def explanation_lines(finding: Explanation) -> Iterator[str]:
    """Tell why a sighting was read as it is, a step a line."""
    sighting = finding.found.sighting
    yield f"{plain(sighting.person_name)}: {place_words(sighting.place)}"
    for step in finding.steps:
        yield f"  {step.about}: {plain(step.told)}"
    for verdict in finding.verdicts:
        yield f"  Verdict: {_told(finding.found, verdict)}"


def verdicts_shape(finding: VerdictsFinding, archived: Archived) -> dict[str, Any]:
    """Return verdicts, each within the sighting that it is about; `archived` gives the value of one of those."""
    lines = [archived(found) for found in finding.lines]
    return {"verdicts": lines, "total": finding.total, "changed": finding.changed}


def explanation_shape(finding: Explanation, archived: Archived) -> dict[str, Any]:
    """Return why a sighting was read as it is, and what was ever said of it."""
    return {
        "sighting": archived(finding.found),
        "steps": [{"about": step.about, "told": step.told} for step in finding.steps],
        "fresh": finding.fresh,
        "verdicts": [verdict_shape(verdict) for verdict in finding.verdicts],
    }


def _told(found: ArchivedSighting, verdict: Verdict) -> str:
    read = found.judged
    place, stance = (read.place, read.stance) if read else (found.sighting.place, found.sighting.stance)
    return judged_by(Judged(verdict, place, stance))
