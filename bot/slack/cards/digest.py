"""What changed for a channel: conflicts and denials first, then sightings by person, reuse by certainty, the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from bot import wording
from bot.findings import AlertFinding, DigestFinding
from bot.slack.blocks import Block, Card, context, header, heading, line, message, messages, packed, rich, words
from bot.slack.cards import parts
from bot.slack.cards.alert_told import summary
from storage.alerts import AlertKind, TriageState
from storage.digests import Section
from storage.records import ArchivedSighting, utc

FIRST: Final = 5
"""Items of each section on the first screen; the others stand in the thread."""
PEOPLE: Final = 8
"""People who are named with the number of their new sightings."""
PREVIEW: Final = "A preview: nothing of this is noted as told."
QUIET: Final = "Nothing new in this time."
NAMES: Final = {
    Section.CONFLICTS: "Conflicts and denials",
    Section.SIGHTINGS: "New sightings",
    Section.REUSE: "Pictures seen before",
    Section.OPEN: "Still open",
    Section.SNOOZED: "Snoozed meanwhile",
    Section.SOURCES: "Sources that failed",
}
"""What each section is called, in the order in which they stand."""
_WHERE_MORE: Final = {
    Section.SIGHTINGS: "/whereis NAME tells all of a person.",
    Section.OPEN: "See Home for all of them.",
}


class _Part(NamedTuple):
    """A section: what is shown of it one by one, how much it holds in all, and how much of that is only in `lead`."""

    section: Section
    atoms: Sequence[parts.Atom]
    total: int
    lead: Sequence[parts.Atom]
    in_lead: int


def digest_card(finding: DigestFinding, *, preview: bool = False) -> Card:
    """Show what changed; long sections go on in the thread, and everything is counted. Nothing new is one line."""
    days = f"{_local(finding.since, finding.zone)[0]} to {_local(finding.until, finding.zone)[0]}"
    title = f"Digest: {days}"
    sections = [part for part in _sections(finding) if part.total]
    span = _span(finding)
    late = [_late(finding)] if finding.late else []
    if finding.empty:
        still = [f"Still open: {part.total:,}." for part in sections]
        told = " ".join([QUIET, f"{span}.", *still, *late])
        return Card(message([rich(line(words("Digest: ", bold=True), words(told)))], [f"Digest: {told}"]))
    counts = ", ".join(f"{NAMES[part.section]}: {part.total:,}" for part in sections)
    opening = [f"{span}. {counts}", *late]
    atoms: list[parts.Atom] = [(line(words(text)),) for text in opening]
    rest: list[parts.Atom] = []
    for part in sections:
        atoms += _beginning(part)
        rest += _end(part)
    told_flat = [_flat(atom) for part in sections for atom in part.atoms[:FIRST]]
    thread = messages(packed(rest), lambda number: [f"{title}, part {number} of its thread."])
    small = [PREVIEW] * preview
    blocks = [header(title), context(*small, wording.NEVER_FACT), *packed(atoms)]
    first = message(blocks, [f"{title}.", *small, *opening, *told_flat])
    return Card(first, thread)


def _beginning(part: _Part) -> Iterator[parts.Atom]:
    """Give what the first screen shows of a section."""
    shown = [*part.lead, *part.atoms[:FIRST]]
    yield (heading(NAMES[part.section]), *(shown[0] if shown else ()))
    yield from shown[1:]
    left = part.total - part.in_lead - len(part.atoms[:FIRST])
    if left > 0:
        yield (line(words(f"and {left:,} more{': see the thread' if len(part.atoms) > FIRST else ''}")),)


def _end(part: _Part) -> Iterator[parts.Atom]:
    """Give what the thread shows of a section: the rest, and how much is only counted."""
    rest = part.atoms[FIRST:]
    if not rest:
        return
    yield (heading(NAMES[part.section]), *rest[0])
    yield from rest[1:]
    left = part.total - part.in_lead - len(part.atoms)
    if left > 0:
        yield (line(words(f"and {left:,} more, counted only. {_WHERE_MORE.get(part.section, '')}".strip())),)


def _sections(finding: DigestFinding) -> Iterator[_Part]:
    reuse = sorted(finding.reuse, key=_surest)
    failing = [f"{parts.short(name)}: {parts.short(how, 300)}" for name, how in finding.failing]
    snoozed = wording.count(finding.silent, "new sighting has", "new sightings have")
    atoms: dict[Section, list[parts.Atom]] = {
        Section.CONFLICTS: [
            *map(_warning, finding.warnings),
            *map(parts.conflict_line, finding.conflicts),
            *map(parts.placed_claim, finding.denials),
        ],
        Section.SIGHTINGS: [*_by_person(finding.sightings), *map(_warning, finding.newly_seen)],
        Section.REUSE: list(map(_warning, reuse)),
        Section.OPEN: list(map(_warning, finding.still_open)),
        Section.SNOOZED: list(map(_warning, finding.snoozed)),
        Section.SOURCES: [*((line(words(text)),) for text in failing), *map(_warning, finding.recovered)],
    }
    lead: dict[Section, list[parts.Atom]] = {
        Section.SIGHTINGS: [(line(words(_people(finding))),)] if len(finding.people) > 1 else [],
        Section.SNOOZED: [(line(words(f"{snoozed} joined what is snoozed.")),)] if finding.silent else [],
    }
    for section, shown in atoms.items():
        in_lead = finding.silent if section is Section.SNOOZED else 0
        total = max(len(shown) + in_lead, finding.totals.get(section, 0))
        yield _Part(section, shown, total, lead.get(section, ()), in_lead)


def _surest(alert: AlertFinding) -> tuple[bool, float]:
    return alert.state is TriageState.DISMISSED, -alert.match.reuse.score if alert.match else 0.0


def _people(finding: DigestFinding) -> str:
    named = [f"{parts.short(person.name)} {person.total:,}" for person in finding.people[:PEOPLE]]
    more = len(finding.people) - PEOPLE
    return ", ".join(named) + (f" and {wording.count(more, 'more person', 'more people')}" if more > 0 else "") + "."


def _by_person(sightings: Sequence[ArchivedSighting]) -> Iterator[parts.Atom]:
    people: dict[str, list[ArchivedSighting]] = {}
    for found in sightings:
        people.setdefault(found.sighting.person_id, []).append(found)
    for about in people.values():
        yield from map(parts.placed_claim, about)


def _warning(alert: AlertFinding) -> parts.Atom:
    """One alert of whatever kind, with what is in conflict, and what was decided about it."""
    lines: list[Block] = list(summary(alert))
    if alert.kind is AlertKind.CAPTION_CONFLICT:
        lines += [block for atom in parts.conflict_lines(alert.conflicts, 1) for block in atom]
    if alert.state is not TriageState.OPEN:
        lines.append(line(words(f"{str(alert.state).capitalize()}.", italic=True)))
    return tuple(lines)


def _span(finding: DigestFinding) -> str:
    since, until = (" ".join(_local(at, finding.zone)) for at in (finding.since, finding.until))
    if finding.zone == "UTC":
        return f"{since} UTC to {until} UTC"
    return f"{since} to {until}, {finding.zone} time"


def _late(finding: DigestFinding) -> str:
    if finding.due_at is None:
        return "Late: it should have gone out earlier."
    told = f"Late: it should have gone out on {' at '.join(_local(finding.due_at, finding.zone))}."
    return f"{told} It stands for {finding.missed:,} that were missed." if finding.missed > 1 else told


def _local(instant: str, zone: str) -> tuple[str, str]:
    """Give the day and the time of day of an instant by the clocks of a zone."""
    local = utc(datetime.fromisoformat(instant).astimezone(ZoneInfo(zone)).replace(tzinfo=ZoneInfo("UTC")))
    return wording.day(local), local[11:16]


def _flat(atom: parts.Atom) -> str:
    return " ".join("".join(element.get("text", "") for element in part["elements"]) for part in atom)
