"""The order in which sightings are read: what is denied first, with its denial beneath it, then the rest by place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot import wording
from bot.findings import WhereisFinding
from bot.slack.cards import parts
from bot.whereabouts import Denials, denials
from storage.records import ArchivedSighting


@dataclass(frozen=True, slots=True)
class Entry:
    """A sighting where it is shown: first of its place or not, denying what stands before it, denied by these.

    `elsewhere` is a denial that names another place than what it denies, the country for the city, say.
    """

    found: ArchivedSighting
    opens: bool
    denies: bool
    elsewhere: bool = False
    denied_by: tuple[ArchivedSighting, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceSummary:
    """What is said of one place, in one line.

    Attributes:
        place: its name, as it is shown.
        told: how many sightings, the newest of them, and who denies one.
    """

    place: str
    told: str


def laid_out(finding: WhereisFinding) -> list[Entry]:
    """Order the sightings for reading; each stands once."""
    pairs = denials(finding)
    denying = _denying(pairs)
    said = [found for group in wording.by_place(finding.sightings) for found in group if found.id not in denying]
    # sorting keeps the order by place within both halves
    said.sort(key=lambda found: found.id not in pairs)
    entries: list[Entry] = []
    placed: set[str] = set()
    for found in said:
        against = pairs.get(found.id, ())
        opens = not entries or _shown_place(entries) != found.sighting.place.key
        entries.append(Entry(found, opens, denies=False, denied_by=tuple(against)))
        for denial in against:
            if denial.id not in placed:
                placed.add(denial.id)
                elsewhere = denial.sighting.place.key != found.sighting.place.key
                entries.append(Entry(denial, opens=False, denies=True, elsewhere=elsewhere))
    # A denial whose pair is itself a denial of something else is still somewhere in the list.
    rest = [found for found in finding.sightings if found.id in denying and found.id not in placed]
    return entries + [Entry(found, opens=True, denies=False) for found in rest]


def place_summaries(finding: WhereisFinding) -> list[PlaceSummary]:
    """Tell of each place how often it is named, by whom last, and who denies it."""
    pairs = denials(finding)
    denying = _denying(pairs)
    return [_summary(group, pairs, denying) for group in wording.by_place(finding.sightings)]


def _summary(group: Sequence[ArchivedSighting], pairs: Denials, denying: set[str]) -> PlaceSummary:
    said = [found for found in group if found.sighting.stance not in wording.DENIALS]
    newest = (said or group)[0]
    against = {denial.id: denial for found in group for denial in pairs.get(found.id, ())}
    # a denial that names this place, but is paired with what is said of another one, is told there
    against |= {
        found.id: found
        for found in group
        if found.sighting.stance in wording.DENIALS and found.id not in denying and found.id != newest.id
    }
    counted = f"{wording.count(len(group), 'sighting')}, newest " if len(group) > 1 else ""
    told = f"{counted}{parts.said(newest.sighting)}, {parts.short(wording.when(newest.sighting.time), 200)}"
    if against:
        more = f" and {wording.count(len(against) - 1, 'other')}" if len(against) > 1 else ""
        told += f"; {parts.said(next(iter(against.values())).sighting)}{more}"
    return PlaceSummary(parts.short(wording.place_words(newest.sighting.place)), f"{told}.")


def _denying(pairs: Denials) -> set[str]:
    return {denial.id for against in pairs.values() for denial in against}


def _shown_place(entries: Sequence[Entry]) -> str:
    """The place that the last title names."""
    return next(entry.found.sighting.place.key for entry in reversed(entries) if not entry.denies)
