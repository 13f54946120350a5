"""`whereis NAME`: who says that a person is where, since when, how surely, and who denies it."""

from __future__ import annotations

from bot.conflicts import denials
from bot.desk import Desk
from bot.findings import NameMatch, WhereisFinding
from bot.reading.names.compare import POSSIBLE
from storage import sightings, verdicts
from storage.records import OPERATOR, Viewer

LIMIT = 500
"""How many sightings an answer holds unless asked otherwise: more than anybody reads on deadline."""


async def whereis(
    desk: Desk,
    name: str,
    *,
    viewer: Viewer = OPERATOR,
    on: str | None = None,
    known_on: str | None = None,
    limit: int = LIMIT,
    patient: bool = True,
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
    """
    return await desk.work(_answer, name, viewer, on, known_on, limit, patient)


def _answer(
    desk: Desk, name: str, viewer: Viewer, on: str | None, known_on: str | None, limit: int, patient: bool
) -> WhereisFinding:
    unread = desk.readers.catch_up(desk.db, pages=None if patient else 1).left
    with desk.db.read() as tx:
        watchlist = desk.readers.current(tx).watchlist
        ranked = [
            NameMatch(candidate.person, candidate.matched_as, candidate.score) for candidate in watchlist.rank(name)
        ]
        best = watchlist.resolve(name)
        if best is None:
            close = tuple(candidate for candidate in ranked if candidate.score >= POSSIBLE)
            return WhereisFinding(name, on, known_on, None, close, (), (), 0, unread)
        person = NameMatch(best.person, best.matched_as, best.score)
        found = sightings.for_person(tx, best.person.id, viewer, on=on, known_on=known_on, limit=limit)
        total = len(found)
        if total == limit:
            total = sightings.count_for_person(tx, best.person.id, viewer, on=on, known_on=known_on)
        others = tuple(other for other in ranked if other.person.id != best.person.id and other.score >= POSSIBLE)
        clashes = tuple(denials(found, desk.readers.compatible))
        rejected = verdicts.count_rejected(tx, best.person.id, viewer)
        return WhereisFinding(
            name, on, known_on, person, others, tuple(found), clashes, total, unread, rejected=rejected
        )
