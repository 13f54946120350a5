"""What a post says of a watched person: new sightings, denials, and journeys that nobody can make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from bot.alerting.matter import EPISODE, Maker, Matter, ago
from bot.alerting.taken import Sight, Taken
from bot.alerting.targets import Listener, Targets, listeners
from bot.conflicts import denials
from bot.travel import REACH_DAYS, claims_presence, first_impossible
from storage import cases, sightings
from storage.alerts import Alert, AlertKind, Evidence
from storage.database import Transaction
from storage.records import ArchivedSighting, Place, Stance, short_id
from storage.verdicts import machinery

HELD_AGAINST: Final = 200
"""Sightings of a person that a new one is held against, the newest."""

_DENIALS: Final = frozenset({Stance.DENIED, Stance.NEGATED})


def said(tx: Transaction, taken: Taken, targets: Targets, sight: Sight, now: str) -> Iterator[Matter]:
    """Tell of new sightings and denials, one subject a person and place, and of journeys that nobody can make."""
    people: dict[str, list[ArchivedSighting]] = {}
    for one in taken.sightings:
        people.setdefault(one.sighting.person_id, []).append(one)
    for person, about in people.items():
        asked = [*targets.persons.get(person, ()), *targets.accounts.get(taken.author, ())]
        told = [each for each in listeners(asked, taken.watch) if sight.is_told(each.viewer)]
        for workspace in dict.fromkeys(each.workspace for each in told):
            heard = [each for each in told if each.workspace == workspace]
            yield from _said(tx, taken, targets, sight, heard, sight.judged(workspace, about), now)


def _said(
    tx: Transaction,
    taken: Taken,
    targets: Targets,
    sight: Sight,
    told: Sequence[Listener],
    about: Iterable[ArchivedSighting],
    now: str,
) -> Iterator[Matter]:
    """Tell the channels of one workspace what is said of one person, as it is told there."""
    groups: dict[tuple[str, bool], list[ArchivedSighting]] = {}
    for one in about:
        groups.setdefault((one.sighting.place.key, one.sighting.stance in _DENIALS), []).append(one)
    for (_, is_denial), group in groups.items():
        if is_denial:
            yield from _denied(tx, taken, targets, sight, told, group, now)
        else:
            yield from _sighted(tx, taken, targets, told, group, now)
            yield from _travelled(tx, taken, targets, sight, told, group, now)


def _sighted(
    tx: Transaction,
    taken: Taken,
    targets: Targets,
    told: Iterable[Listener],
    group: Sequence[ArchivedSighting],
    now: str,
) -> Iterator[Matter]:
    person, place = group[0].sighting.person_id, group[0].sighting.place
    subject = f"sighting/{person}/{place.key}"
    for listener in told:
        case = case_of(tx, targets, listener, person, (place,), f"{subject}/{group[0].id}", now)
        alert = _alert(taken, listener, AlertKind.SIGHTING, subject, case, group[0].id, person, now)
        yield Matter(alert, listener, _evidence(group, now))


def _denied(
    tx: Transaction,
    taken: Taken,
    targets: Targets,
    sight: Sight,
    told: Sequence[Listener],
    group: Sequence[ArchivedSighting],
    now: str,
) -> Iterator[Matter]:
    person, place = group[0].sighting.person_id, group[0].sighting.place
    subject = f"denial/{person}/{place.key}"
    known = sightings.for_person(tx, person, machinery(told[0].workspace), limit=HELD_AGAINST)
    own = {one.id for one in group}
    by_id = {one.id: one for one in known}
    pairs = denials([*group, *(one for one in known if one.id not in own)], targets.compatible)
    denied = [by_id[pair.sightings[0]] for pair in pairs if pair.sightings[1] in own and pair.sightings[0] in by_id]
    for listener in told:
        case = case_of(tx, targets, listener, person, (place,), f"{subject}/{group[0].id}", now)
        other = next((one.post.id for one in denied if sight.sees(listener.viewer, one.post.id)), None)
        alert = _alert(taken, listener, AlertKind.DENIAL, subject, case, group[0].id, person, now, other)
        yield Matter(alert, listener, _evidence(group, now))


def _travelled(
    tx: Transaction,
    taken: Taken,
    targets: Targets,
    sight: Sight,
    told: Sequence[Listener],
    group: Sequence[ArchivedSighting],
    now: str,
) -> Iterator[Matter]:
    for one in group:
        if not claims_presence(one.sighting):
            continue
        others = sightings.of_days(
            tx,
            one.sighting.person_id,
            machinery(told[0].workspace),
            _days_around(one),
            one.sighting.place.key,
            HELD_AGAINST,
        )
        for listener in told:
            found = first_impossible(one, (each for each in others if sight.sees(listener.viewer, each.post.id)))
            if found is None:
                continue
            other = found[0]
            places = (one.sighting.place, other.sighting.place)
            person = one.sighting.person_id
            subject = "/".join(("travel", person, *sorted(place.key for place in places)))
            case = case_of(tx, targets, listener, person, places, f"{subject}/{one.id}", now)
            alert = _alert(taken, listener, AlertKind.TRAVEL, subject, case, one.id, person, now, other.post.id)
            yield Matter(alert, listener, _evidence((one, other), now))


def case_of(
    tx: Transaction, targets: Targets, listener: Listener, person: str, places: Iterable[Place], new: str, now: str
) -> str:
    """Return the case that is alive in a channel about a person at a place that can be the same; `new` without one."""
    alive = cases.places_of_person(tx, listener.workspace, listener.channel, person, ago(now, EPISODE))
    for case, held in alive:
        if any(targets.compatible(held, place) for place in places):
            return case
    return new


def _alert(
    taken: Taken,
    listener: Listener,
    kind: AlertKind,
    subject: str,
    case: str,
    sighting: str,
    person: str,
    now: str,
    other_post: str | None = None,
) -> Alert:
    return Maker(taken, now).alert(
        listener,
        kind,
        subject,
        case,
        short_id(listener.workspace, listener.channel, subject, sighting),
        person=person,
        match_post_id=other_post,
    )


def _evidence(found: Iterable[ArchivedSighting], now: str) -> tuple[Evidence, ...]:
    return tuple(Evidence(one.id, one.post.id, now) for one in found)


def _days_around(one: ArchivedSighting) -> tuple[str, str]:
    day, reach = date.fromisoformat((one.sighting.time.start or "")[:10]), timedelta(days=REACH_DAYS)
    return (day - reach).isoformat(), (day + reach).isoformat()
