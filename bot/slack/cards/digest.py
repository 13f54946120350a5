"""What changed for a channel: conflicts first, then sightings by person, reuse by certainty, what is still open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from bot import wording
from bot.findings import AlertFinding, DigestFinding
from bot.slack.blocks import Card, context, header, line, link, message, messages, packed, words
from bot.slack.cards import parts
from bot.slack.cards.alert import title
from storage.records import ArchivedSighting

FIRST: Final = 5
"""Items of each section on the first screen."""
LISTED: Final = 60
"""Items of each section in the thread."""
QUIET: Final = "Nothing new in this time."


def digest_card(finding: DigestFinding) -> Card:
    """Show what changed; long sections go on in the thread, and everything is counted."""
    heading = f"Digest: {wording.day(finding.since)} to {wording.day(finding.until)}"
    sections = _sections(finding)
    counts = ", ".join(f"{name}: {len(atoms):,}" for name, atoms in sections) or QUIET
    late = ["Late: it should have gone out earlier."] if finding.late else []
    opening = [f"{wording.at(finding.since)} to {wording.at(finding.until)}. {counts}", *late]
    atoms: list[parts.Atom] = [(line(words(text)),) for text in opening]
    for name, items in sections:
        atoms += parts.listed(name, items, FIRST)
    claims = [context(wording.NEVER_FACT)] if sections else []
    told = [f"{heading}.", *opening, *(_flat(atom) for _, items in sections for atom in items[:FIRST])]
    rest = [atom for name, items in sections for atom in parts.listed(name, items[FIRST:], LISTED)]
    thread = messages(packed(rest), lambda number: [f"{heading}, part {number} of its thread."])
    return Card(message([header(heading), *claims, *packed(atoms)], told), thread)


def _sections(finding: DigestFinding) -> list[tuple[str, list[parts.Atom]]]:
    reuse = sorted(finding.reuse, key=lambda alert: -alert.match.reuse.score if alert.match else 0.0)
    failing = [f"{parts.short(name)}: {parts.short(how, 300)}" for name, how in finding.failing]
    sections: list[tuple[str, list[parts.Atom]]] = [
        ("Conflicts and denials", [parts.conflict_line(conflict) for conflict in finding.conflicts]),
        ("New sightings", list(_by_person(finding.sightings))),
        ("Pictures seen before", [_warning(alert) for alert in reuse]),
        ("Still open", [_warning(alert) for alert in finding.still_open]),
        ("Sources that failed", [(line(words(text)),) for text in failing]),
    ]
    return [(name, atoms) for name, atoms in sections if atoms]


def _by_person(sightings: Sequence[ArchivedSighting]) -> Iterator[parts.Atom]:
    people: dict[str, list[ArchivedSighting]] = {}
    for found in sightings:
        people.setdefault(found.sighting.person_id, []).append(found)
    for about in people.values():
        yield from map(parts.placed_claim, about)


def _warning(alert: AlertFinding) -> parts.Atom:
    """One alert of whatever kind: what happened, why it is told, and where it stands."""
    why = parts.short(wording.why(alert.match.reuse), 300) if alert.match else parts.short(alert.problem, 300)
    lines = [line(words(f"{title(alert)}. ", bold=True), words(f"{why}." if why else ""))]
    if alert.post is not None:
        who = f"{parts.short(wording.who(alert.post))}, {wording.posted(alert.post)} · "
        lines.append(line(words(who), link(alert.post.url)))
    return tuple(lines)


def _flat(atom: parts.Atom) -> str:
    return " ".join("".join(element.get("text", "") for element in part["elements"]) for part in atom)
