"""`whereis NAME`: who says that a person is where, since when, how surely, and who denies it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.conflicts import denials
from bot.desk import Desk
from bot.findings import NameMatch, WhereisFinding
from bot.narrowed import EVERYTHING, Narrowed
from bot.reading.names.compare import POSSIBLE, THRESHOLD
from bot.whereabouts import drawn
from storage import sightings, verdicts
from storage.database import Transaction
from storage.folding import fold
from storage.records import OPERATOR, ArchivedSighting, Place, Viewer

LIMIT = 500
"""How many sightings an answer holds unless asked otherwise: more than anybody reads on deadline."""

OFFERED = 3
"""How many people are offered who may be meant: a choice, not a list to be read."""


async def whereis(
    desk: Desk,
    name: str,
    *,
    viewer: Viewer = OPERATOR,
    on: str | None = None,
    known_on: str | None = None,
    limit: int = LIMIT,
    patient: bool = True,
    narrowed: Narrowed = EVERYTHING,
    maps: Path | None = None,
    timelines: Path | None = None,
) -> WhereisFinding:
    """Answer for one name in any spelling or script, newest first.

    Args:
        desk: the store.
        name: as typed.
        viewer: on whose behalf it is asked: only posts granted to them are told of.
        on: a day; only what is said of a time that covers it.
        known_on: a day; only what had been published by its end.
        limit: the newest so many.
        patient: whether to read everything first that the watch-list has changed for; else the answer says how many
            texts are not read again yet.
        narrowed: only what was published since a day, is said of a place, or is said so surely; and of what is left
            what it denies, and what denies it.
        maps: the file to draw the map into, or the folder for maps; None: no map is drawn.
        timelines: likewise for the timeline.

    Raises:
        DatelineError: a picture cannot be written.
    """
    asked = (viewer, on, known_on, limit, narrowed)
    return await desk.work(_answer, name, *asked, patient, maps, timelines)


def _answer(
    desk: Desk,
    name: str,
    viewer: Viewer,
    on: str | None,
    known_on: str | None,
    limit: int,
    narrowed: Narrowed,
    patient: bool,
    maps: Path | None,
    timelines: Path | None,
) -> WhereisFinding:
    finding = _finding(desk, name, viewer, on, known_on, limit, narrowed, patient)
    return drawn(finding, maps, timelines) if maps or timelines else finding


def _finding(
    desk: Desk,
    name: str,
    viewer: Viewer,
    on: str | None,
    known_on: str | None,
    limit: int,
    narrowed: Narrowed,
    patient: bool,
) -> WhereisFinding:
    unread = desk.readers.catch_up(desk.db, pages=None if patient else 1).left
    with desk.db.read() as tx:
        watchlist = desk.readers.current(tx).watchlist
        ranked = [
            NameMatch(candidate.person, candidate.matched_as, candidate.score) for candidate in watchlist.rank(name)
        ]
        best = watchlist.resolve(name)
        if best is None:
            close = tuple(candidate for candidate in ranked if candidate.score >= POSSIBLE)[:OFFERED]
            return WhereisFinding(name, on, known_on, None, close, (), (), 0, unread, THRESHOLD, narrowed)
        person = NameMatch(best.person, best.matched_as, best.score)
        found = sightings.for_person(tx, best.person.id, viewer, on=on, known_on=known_on, limit=limit)
        others = tuple(other for other in ranked if other.person.id != best.person.id and other.score >= POSSIBLE)
        others = others[:OFFERED]
        clashes = denials(found, desk.readers.compatible)
        rejected = verdicts.count_rejected(tx, best.person.id, viewer)
        if narrowed == EVERYTHING:
            total = len(found)
            if total == limit:
                total = sightings.count_for_person(tx, best.person.id, viewer, on=on, known_on=known_on)
            return WhereisFinding(
                name,
                on,
                known_on,
                person,
                others,
                tuple(found),
                tuple(clashes),
                total,
                unread,
                THRESHOLD,
                rejected=rejected,
            )
        only = _only(tx, best.person.id, viewer, narrowed)
        kept = sightings.for_person(tx, best.person.id, viewer, on=on, known_on=known_on, only=only, limit=limit)
        total = sightings.count_for_person(tx, best.person.id, viewer, on=on, known_on=known_on, only=only)
        whole = _merged(kept, found)
        clashes = denials(whole, desk.readers.compatible)
        ids = {one.id for one in kept}
        clashes = [clash for clash in clashes if ids & set(clash.sightings)]
        ids |= {one for clash in clashes for one in clash.sightings}
        shown = tuple(one for one in whole if one.id in ids)
        total += len(shown) - len(kept)
        return WhereisFinding(
            name,
            on,
            known_on,
            person,
            others,
            shown,
            tuple(clashes),
            total,
            unread,
            THRESHOLD,
            narrowed,
            rejected=rejected,
        )


def _merged(kept: list[ArchivedSighting], newest: list[ArchivedSighting]) -> list[ArchivedSighting]:
    """Join two lists that are in one order, the newest first, each sighting once.

    Both are parts of the same list, the second its beginning, so what it does not hold of the first is older.
    """
    known = {one.id for one in newest}
    return [*newest, *(one for one in kept if one.id not in known)]


def _only(tx: Transaction, person_id: str, viewer: Viewer, narrowed: Narrowed) -> sightings.Only:
    """Put what an answer is narrowed to into the store's terms."""
    places = None
    if narrowed.place is not None:
        named = _named(narrowed.place)
        said = (*sightings.places_of(tx, person_id, viewer), *verdicts.places_of(tx, person_id, viewer))
        places = tuple(dict.fromkeys(place.key for place in said if named(place)))
    return sightings.Only(narrowed.since, narrowed.stance, places)


def _named(name: str) -> Callable[[Place], bool]:
    """Say of a place whether it is meant by a name: it is called so, or lies in something that is."""
    from bot.reading.places import within
    from bot.reading.places.named import named

    meant = named(name)
    return lambda place: fold(place.name) == fold(name) or any(within(place, one) for one in meant)
