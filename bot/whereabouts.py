"""Where and when somebody is said to have been, made ready for a map and a timeline, and told in sentences as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot import wording
from bot.evidence import kept_as
from bot.findings import WhereisFinding
from bot.narrowed import Narrowed
from storage.records import (
    ArchivedSighting,
    ConflictKind,
    Place,
    PlacePrecision,
    TimePrecision,
    digest,
)

if TYPE_CHECKING:
    from bot.maps.model import Map, Row, Spot, Timeline

Denials = Mapping[str, Sequence[ArchivedSighting]]
"""By the id of a sighting, those that deny it, the newest first."""

NO_MAP: Final = "No place of this answer has a known position, so there is no map."
ROWS: Final = 7
"""Statements on a timeline: as many as leave it about as wide as tall."""
_UNPLACED: Final = 6
_NAME: Final = 60


def denials(finding: WhereisFinding) -> Denials:
    """Pair what is said with what denies it, among the sightings of an answer."""
    known = {found.id: found for found in finding.sightings}
    pairs: dict[str, dict[str, ArchivedSighting]] = {}
    for conflict in finding.conflicts:
        if conflict.kind is ConflictKind.DENIAL and len(conflict.sightings) == 2:
            said, denial = conflict.sightings
            if said in known and denial in known and said != denial:
                pairs.setdefault(said, {})[denial] = known[denial]
    return {said: list(against.values()) for said, against in pairs.items()}


def narrowed_words(narrowed: Narrowed) -> str:
    """Say what an answer is narrowed to, as it follows a name; empty where it is not."""
    stance = f", {narrowed.stance} only" if narrowed.stance else ""
    place = f", in {wording.plain(narrowed.place)}" if narrowed.place else ""
    since = f", published since {wording.day(narrowed.since)}" if narrowed.since else ""
    return f"{stance}{place}{since}"


def drawn(finding: WhereisFinding, maps: Path | None, timelines: Path | None) -> WhereisFinding:
    """Draw the map and the timeline of an answer into two files, or, where a folder is given, under names of their own.

    Either is left out where nothing is to be seen on it. Names of our own are those of what is drawn, so that what one
    person may see is never shown to another.

    Raises:
        DatelineError: a picture cannot be written.
    """
    from bot.maps.chart import map_sheet
    from bot.maps.timeline import timeline_sheet

    chart, rows = map_of(finding), timeline_of(finding)
    if maps and chart:
        finding = replace(finding, map=_kept(maps, "map", map_sheet(chart)))
    if timelines and rows:
        finding = replace(finding, timeline=_kept(timelines, "timeline", timeline_sheet(rows, wording.day)))
    return finding


def _kept(target: Path, kind: str, sheet: bytes) -> str:
    if target.suffix.lower() == ".png":
        return kept_as(target.parent, target.name, sheet)
    return kept_as(target, f"{kind}-{digest(sheet)[:24]}.png", sheet)


def map_of(finding: WhereisFinding) -> Map | None:
    """Make an answer ready for the map; None where no place of it has a position."""
    from bot.maps.model import Map

    spots = list(_spots(finding))
    if not spots:
        return None
    unplaced = _unplaced(finding)
    more = f" and {len(unplaced) - _UNPLACED} more" if len(unplaced) > _UNPLACED else ""
    notes = [f"Not on the map, no position known: {'; '.join(unplaced[:_UNPLACED])}{more}."] if unplaced else []
    return Map(_title(finding), _under_title(finding), tuple(spots), tuple(notes))


def _title(finding: WhereisFinding) -> str:
    return f"Who says where: {wording.plain(finding.person.person.name) if finding.person else ''}"


def _under_title(finding: WhereisFinding) -> tuple[str, ...]:
    shown = len(finding.sightings)
    counted = wording.count(finding.total, "statement")
    newest = f", the newest {shown} of them here" if finding.total > shown else ""
    on = f", of {wording.day(finding.on)}" if finding.on else ""
    known = f", as known on {wording.day(finding.known_on)}" if finding.known_on else ""
    return (f"{counted}{newest}{on}{known}{narrowed_words(finding.narrowed)}. Nothing here is stated as fact.",)


def _spots(finding: WhereisFinding) -> Iterator[Spot]:
    """Give the places with a position, in the order of the answer; a denial stands with what it denies."""
    from bot.maps.model import KEY, Spot

    for place, said, against in _told_places(finding):
        if place.lat is None or place.lon is None:
            continue
        stances = {found.sighting.stance for found in (*said, *against)}
        shapes = tuple(stance for stance in KEY if stance in stances)
        yield Spot(name_of(place), place.lat, place.lon, place.precision, shapes, _told(said, against))


def _told_places(
    finding: WhereisFinding,
) -> Iterator[tuple[Place, Sequence[ArchivedSighting], Sequence[ArchivedSighting]]]:
    """Give each place with what is said of it and what denies that, the newest first.

    A denial that names another place than what it denies stands there, and a place of which there is no more is none.
    """
    pairs = denials(finding)
    paired = {denial.id for against in pairs.values() for denial in against}
    for group in wording.by_place(finding.sightings):
        said = [found for found in group if found.sighting.stance not in wording.DENIALS]
        own = [found for found in group if found.sighting.stance in wording.DENIALS]
        against = {denial.id: denial for found in group for denial in pairs.get(found.id, ())}
        against |= {found.id: found for found in own if said or found.id not in paired}
        if said or against:
            yield group[0].sighting.place, said, list(against.values())


def _told(said: Sequence[ArchivedSighting], against: Sequence[ArchivedSighting]) -> str:
    """Say when, how surely and by whom: the newest, and who denies it."""
    parts = []
    for found, one in ((said, "statement"), (against, "denial")):
        if found:
            counted = f"{wording.count(len(found), one)}, newest " if len(found) > 1 else ""
            parts.append(f"{counted}{wording.span(found[0].sighting.time)}: {wording.said(found[0].sighting)}")
    return "; ".join(parts)


def _unplaced(finding: WhereisFinding) -> list[str]:
    return [name_of(place) for place, _, _ in _told_places(finding) if place.lat is None or place.lon is None]


def name_of(place: Place) -> str:
    """Name a place as shortly as it can be: a country alone, anything else with its country."""
    name = wording.plain(place.name)
    name = name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"
    return name if place.precision is PlacePrecision.COUNTRY or not place.country else f"{name}, {place.country}"


def timeline_of(finding: WhereisFinding) -> Timeline | None:
    """Make the newest statements ready for the timeline, the oldest post first, denials under what they deny.

    None where there are fewer than two, or none has a date.
    """
    from bot.maps.model import Timeline

    groups = _ordered(finding)
    rows = [row for group in groups for row in group]
    if len(rows) < 2 or not any(row.start or row.end or row.posted for row in rows):
        return None
    left = len(finding.sightings) - len(rows)
    notes = (f"{wording.count(left, 'more statement')} not shown here.",) if left > 0 else ()
    title = _title(finding).replace("Who says where:", "Who says when:", 1)
    return Timeline(title, _under_title(finding), tuple(rows), notes)


def _ordered(finding: WhereisFinding) -> list[list[Row]]:
    """Choose statements, what is denied first, then the newest; a denied one never stands without a denial."""
    pairs = denials(finding)
    paired = {denial.id for against in pairs.values() for denial in against}
    chosen: list[list[ArchivedSighting]] = []
    stands: set[str] = set()
    for found in sorted(finding.sightings, key=lambda one: one.id not in pairs):
        against = [denial for denial in pairs.get(found.id, ()) if denial.id not in stands]
        group = [found, *against][: ROWS - len(stands)]
        if (
            found.id in stands
            or (found.id in paired and found.id not in pairs)
            or len(group) < min(2, 1 + len(against))
        ):
            continue
        stands |= {one.id for one in group}
        chosen.append(group)
    chosen.sort(key=lambda group: group[0].post.posted_at or "")
    return [[_row(one, denies=place > 0) for place, one in enumerate(group)] for group in chosen]


def _row(found: ArchivedSighting, *, denies: bool) -> Row:
    from bot.maps.model import Row

    sighting, post = found.sighting, found.post
    known = sighting.time.precision is not TimePrecision.UNKNOWN
    told = wording.span(sighting.time) if known else "none"
    posted = wording.at(post.posted_at) if post.posted_at else "unknown"
    return Row(
        sighting.stance,
        f"{name_of(sighting.place)}: {wording.said(sighting)}",
        f"time told: {told} · posted {posted}",
        sighting.time.start if known else None,
        sighting.time.end if known else None,
        post.posted_at,
        denies,
    )


def map_told(finding: WhereisFinding) -> str:
    """Say in sentences what the map shows, the most important first."""
    chart = map_of(finding)
    if chart is None:
        return NO_MAP
    from bot.maps.model import NUMBERED

    places = wording.count(len(chart.spots), "place")
    name = finding.person.person.name if finding.person else ""
    sentences = [f"A map of {places} where somebody says that {wording.plain(name)} is, was or will be, or denies it."]
    for number, spot in enumerate(chart.spots, 1):
        numbered = f"Number {number}" if number <= NUMBERED else "Without a number"
        sentences.append(f"{numbered}, {spot.label}: {spot.told}.")
    return " ".join([*sentences[:1], "Nothing on it is stated as fact.", *sentences[1:], *chart.notes])


def timeline_told(finding: WhereisFinding) -> str:
    """Say in sentences what the timeline shows."""
    shown = timeline_of(finding)
    if shown is None:
        return ""
    name = wording.plain(finding.person.person.name) if finding.person else ""
    first = f"A timeline of {wording.count(len(shown.rows), 'statement')} about where {name} was: of when each speaks, "
    sentences = [f"{first}and when it was posted. Nothing on it is stated as fact."]
    for row in shown.rows:
        against = "Against that, " if row.denies else ""
        sentences.append(f"{against}{row.told}, {row.dated.replace(' · ', ', ')}.")
    return " ".join([*sentences, *shown.notes])
