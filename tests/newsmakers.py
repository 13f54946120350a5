"""News made up for tests of digests: sightings, conflicts and alerts, each noted as intake notes it."""

from __future__ import annotations

from dataclasses import replace

from storage import alerts, conflicts, news, sightings
from storage.alerts import Alert, AlertKind, Evidence
from storage.conflicts import conflict_id
from storage.database import Transaction
from storage.records import EVERYONE, EVERYWHERE, OPERATOR, Conflict, ConflictKind, Stance
from storage.watches import Watch, WatchKind
from tests.storage.makers import AT, archive, post, sighting

TEAM, DESK = "T1", "C0DESK"


def say(
    tx: Transaction,
    number: int,
    *,
    person: str = "Ann Example",
    stance: Stance = Stance.ASSERTED,
    workspace: str = EVERYWHERE,
    audience: str = EVERYONE,
    is_news: bool = True,
) -> str:
    """Let a post come in in which somebody is said to be somewhere; return the id of the sighting."""
    told = post(f"x:{number}", text=f"Report {number}: {person} is in Portville.")
    kept = archive(tx, told, workspace=workspace, audience=audience)
    said = sighting(told.text, told.text, person_id=person.lower().replace(" ", "-"),
                    person_name=person, stance=stance)  # fmt: skip
    sightings.put(tx, told.id, kept, said)
    [held] = sightings.of_post(tx, told.id, OPERATOR)
    if is_news:
        news.note(tx, "sighting", held.id, AT)
    return held.id


def clash(tx: Transaction, one: int, other: int, image: str = "ab" * 32) -> Conflict:
    """Let two posts contradict each other about a picture."""
    found = Conflict(ConflictKind.PLACE, f"One picture, two places: {one} and {other}.",
                     posts=(f"x:{one}", f"x:{other}"), image_sha256=image)  # fmt: skip
    conflicts.put(tx, found)
    news.note(tx, "conflict", conflict_id(found), AT)
    return found


def warn(tx: Transaction, key: str, kind: AlertKind, **changes: object) -> Alert:
    """Raise an alert in the channel."""
    made = Alert(key, TEAM, DESK, kind, f"subject/{key}", f"case/{key}", AT, AT)
    made = replace(made, **changes)  # type: ignore[arg-type]
    assert alerts.raise_once(tx, made)
    return alerts.get(tx, key)


def stands_on(tx: Transaction, alert: str, sighting_id: str, number: int) -> None:
    """Let an alert stand on a sighting."""
    alerts.add_evidence(tx, alert, Evidence(sighting_id, f"x:{number}", AT))


def watch_for(person: str, channel: str = DESK) -> Watch:
    """A watch for a person in a channel."""
    return Watch(
        id=f"w-{person}", workspace=TEAM, channel=channel, private=False, kind=WatchKind.PERSON, subject=person,
        label=person, sources=(), schedule="", zone="UTC", owner="U1", since=AT,
    )  # fmt: skip
