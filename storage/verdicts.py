"""An editor's verdict on a sighting: it is confirmed, rejected, or its place or stance is corrected.

A verdict is a person's word and not derived. It names what was said by whom where: the post, the person, the words of
the place and the quote, with everything that was read at that time. What of today's sightings it is about is derived
(`verdict_sightings`) and found anew whenever the text is read again (`storage.judging`).

It holds in one workspace, or in all of them (`EVERYWHERE`), until it is undone or another one takes its place.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from storage.counters import advance
from storage.database import Transaction
from storage.errors import NotFound
from storage.grants import visible
from storage.records import EVERYWHERE, OPERATOR, Place, PlacePrecision, Stance, Viewer

TABLES = """
CREATE TABLE verdicts (
    id TEXT PRIMARY KEY,
    seq INTEGER NOT NULL UNIQUE,
    workspace TEXT NOT NULL,
    post_id TEXT NOT NULL REFERENCES posts (id),
    person_id TEXT NOT NULL,
    text_sha256 TEXT NOT NULL REFERENCES texts (sha256),
    held TEXT NOT NULL,
    beside TEXT NOT NULL,
    judgement TEXT NOT NULL,
    place TEXT,
    place_key TEXT,
    stance TEXT,
    note TEXT NOT NULL,
    actor TEXT NOT NULL,
    at TEXT NOT NULL,
    undone_by TEXT NOT NULL,
    undone_at TEXT
);
CREATE INDEX verdicts_of_post ON verdicts (post_id, seq);
CREATE INDEX verdicts_standing ON verdicts (workspace, seq, judgement, id) WHERE undone_at IS NULL;
CREATE TABLE verdict_sightings (
    sighting_id TEXT NOT NULL,
    verdict_id TEXT NOT NULL REFERENCES verdicts (id),
    PRIMARY KEY (sighting_id, verdict_id)
);
CREATE INDEX verdict_sightings_of_verdict ON verdict_sightings (verdict_id);
ALTER TABLE sightings ADD COLUMN lost INTEGER NOT NULL DEFAULT 0;
CREATE INDEX sightings_lost ON sightings (id) WHERE lost = 1;
INSERT INTO counters (name, value) VALUES ('verdicts', 0);
"""
"""The migration's tables; see `storage.schema`.

`held` is the row of `sightings` as it was when somebody judged it, `beside` a list of the ids of the others of that
post then. A sighting that is `lost` is one that the rules do
not find any more: it stands in the table only because somebody has confirmed or corrected it.
"""

_AT_ONCE = 400


class Judgement(StrEnum):
    """What somebody says of a sighting."""

    CONFIRMED = "confirmed"
    """The words say so: this speaker says that this person is, was or will be there."""
    REJECTED = "rejected"
    """The words do not say so: it is not told, not counted, and warns of nothing."""
    CORRECTED = "corrected"
    """The words say so of another place, or otherwise surely."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody has said of a sighting.

    Attributes:
        workspace: where it holds; `EVERYWHERE` for one of the operator's that holds in all of them.
        post_id, person_id, text_sha256: the post, the person and the text that it is about.
        held: the sighting as it was read when it was judged: the row of its table.
        beside: ids of the other sightings of the post as they were then: it is about none of these.
        place, stance: what they are instead; None where the reader's stand.
        note: why, in the words of who judged; may be empty.
        actor: the member's id, or `operator`.
        undone_by, undone_at: who took it back or put another in its place, and when; None while it holds.
    """

    id: str
    workspace: str
    post_id: str
    person_id: str
    text_sha256: str
    held: Mapping[str, Any]
    beside: frozenset[str]
    judgement: Judgement
    place: Place | None
    stance: Stance | None
    note: str
    actor: str
    at: str
    undone_by: str = ""
    undone_at: str | None = None

    @property
    def keeps(self) -> bool:
        """Whether the sighting is told although the rules may not find it any more."""
        return self.judgement is not Judgement.REJECTED


@dataclass(frozen=True, slots=True)
class Judged:
    """A sighting's verdict, beside what the rules of now make of the same words.

    Attributes:
        place, stance: as the reader has them, where the sighting itself carries the editor's.
        lost: whether the rules do not find it any more; place and stance are then those that were judged.
    """

    verdict: Verdict
    place: Place
    stance: Stance
    lost: bool = False


_COLUMNS = (
    "v.id, v.workspace, v.post_id, v.person_id, v.text_sha256, v.held, v.beside, v.judgement, v.place, v.stance,"
    " v.note, v.actor, v.at, v.undone_by, v.undone_at"
)


def _holds(viewer: Viewer) -> str:
    """Return the condition that a verdict stands, and holds for who asks: the operator hears those of all."""
    where = " AND v.workspace IN (:verdict_everywhere, :verdict_workspace)" if _params(viewer) else ""
    return f"v.undone_at IS NULL{where}"


def _params(viewer: Viewer) -> dict[str, Any]:
    if viewer.operator and viewer.workspace == EVERYWHERE:
        return {}
    return {"verdict_everywhere": EVERYWHERE, "verdict_workspace": viewer.workspace}


def machinery(workspace: str = "") -> Viewer:
    """Return who sees every post, but hears the verdicts of one workspace alone; of none where it is empty.

    For what works on behalf of several workspaces; those that hold in all of them are always heard.
    """
    return Viewer(workspace=workspace, operator=True)


def told(viewer: Viewer, alias: str = "s") -> tuple[str, dict[str, Any]]:
    """Return the SQL condition that a row of `sightings` is told to a viewer, and its parameters.

    Of several verdicts that hold, the newest decides. What is kept back are a few of the sightings that people have
    judged: the set is made once for a query, and is small however many sightings there are.
    """
    newest = (
        "SELECT l.sighting_id, v.judgement, row_number() OVER (PARTITION BY l.sighting_id ORDER BY v.seq DESC) AS place"  # noqa: S608
        f" FROM verdict_sightings l JOIN verdicts v ON v.id = l.verdict_id WHERE {_holds(viewer)}"
    )
    deciding = f"SELECT sighting_id FROM ({newest}) AS said WHERE place = 1"  # noqa: S608
    rejected, kept = (f"{deciding} AND judgement {sign} 'rejected'" for sign in ("=", "<>"))
    lost = f"SELECT x.id FROM sightings x WHERE x.lost = 1 AND x.id NOT IN ({kept})"  # noqa: S608
    condition = f"{alias}.id NOT IN ({rejected} UNION {lost})"
    return condition, _params(viewer)


def told_as(viewer: Viewer, column: Literal["stance", "place_key"], alias: str = "s") -> str:
    """Return the SQL expression for a stance or a place's key as it is told to a viewer: the editor's, or the reader's.

    Its parameters are those of `told`. It costs a look-up a row, so it belongs behind what is cheaper.
    """
    corrected = (
        f"SELECT v.{column} FROM verdict_sightings l JOIN verdicts v ON v.id = l.verdict_id"  # noqa: S608
        f" WHERE l.sighting_id = {alias}.id AND {_holds(viewer)} ORDER BY v.seq DESC LIMIT 1"
    )
    return f"coalesce(({corrected}), {alias}.{column})"


def of_sightings(tx: Transaction, ids: Iterable[str], viewer: Viewer) -> dict[str, Verdict]:
    """Return the verdict that decides for a viewer on each of some sightings; those without one are left out."""
    # not joined: an engine may then walk all verdicts, where there are none on most sightings
    linked = _in(tx, "SELECT sighting_id, verdict_id FROM verdict_sightings l WHERE l.sighting_id IN", ids)
    columns = f"SELECT {_COLUMNS}, v.seq FROM verdicts v WHERE {_holds(viewer)} AND v.id IN"  # noqa: S608
    held = {row["id"]: row for row in _in(tx, columns, (row["verdict_id"] for row in linked), _params(viewer))}
    found: dict[str, Mapping[str, Any]] = {}
    for row in linked:
        said = held.get(row["verdict_id"])
        if said and said["seq"] > found.get(row["sighting_id"], {"seq": 0})["seq"]:
            found[row["sighting_id"]] = said
    return {sighting: _verdict(row) for sighting, row in found.items()}


def _in(
    tx: Transaction, query: str, values: Iterable[str], params: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Return the rows of a query that ends in `IN`, of however many values."""
    wanted = list(dict.fromkeys(values))
    found: list[dict[str, Any]] = []
    for first in range(0, len(wanted), _AT_ONCE):
        names = {f"one_{index}": name for index, name in enumerate(wanted[first : first + _AT_ONCE])}
        found += tx.rows(f"{query} ({', '.join(f':{name}' for name in names)})", {**names, **(params or {})})
    return found


def put(tx: Transaction, verdict: Verdict) -> None:
    """Keep a verdict; what it is about is for `link` to say."""
    tx.execute(
        "INSERT INTO verdicts (id, seq, workspace, post_id, person_id, text_sha256, held, beside, judgement, place,"
        " place_key, stance, note, actor, at, undone_by, undone_at)"
        " VALUES (:id, :seq, :workspace, :post_id, :person_id, :text_sha256, :held, :beside, :judgement, :place,"
        " :place_key, :stance, :note, :actor, :at, :undone_by, :undone_at)",
        {
            "id": verdict.id,
            "seq": advance(tx, "verdicts"),
            "workspace": verdict.workspace,
            "post_id": verdict.post_id,
            "person_id": verdict.person_id,
            "text_sha256": verdict.text_sha256,
            "held": json.dumps(dict(verdict.held), sort_keys=True),
            "beside": json.dumps(sorted(verdict.beside)),
            "judgement": str(verdict.judgement),
            "place": _place_to_json(verdict.place) if verdict.place else None,
            "place_key": verdict.place.key if verdict.place else None,
            "stance": str(verdict.stance) if verdict.stance else None,
            "note": verdict.note,
            "actor": verdict.actor,
            "at": verdict.at,
            "undone_by": verdict.undone_by,
            "undone_at": verdict.undone_at,
        },
    )


def get(tx: Transaction, verdict_id: str, viewer: Viewer = OPERATOR) -> Verdict:
    """Return a verdict, whether or not it still stands.

    Raises:
        NotFound: there is none of that id for the viewer.
    """
    found = _where(tx, "v.id = :id", {"id": verdict_id}, viewer)
    if not found:
        raise NotFound("This verdict is not in the store; see the list of verdicts.")
    return found[0]


def undo(tx: Transaction, verdict_id: str, by: str, now: str) -> bool:
    """Take a verdict back; False where that was done already."""
    return bool(
        tx.execute(
            "UPDATE verdicts SET undone_by = :by, undone_at = :now WHERE id = :id AND undone_at IS NULL",
            {"id": verdict_id, "by": by, "now": now},
        )
    )


def standing_on(tx: Transaction, post_id: str) -> list[Verdict]:
    """Return the verdicts that stand on the sightings of a post, of every workspace, the oldest first."""
    return _where(tx, "v.post_id = :post_id AND v.undone_at IS NULL ORDER BY v.seq", {"post_id": post_id})


def standing(tx: Transaction, workspace: str, viewer: Viewer = OPERATOR) -> list[Verdict]:
    """Return the verdicts that stand in a workspace, the newest first; of every workspace where it is empty.

    Only those on posts that the viewer may see.
    """
    where = "v.undone_at IS NULL AND (:workspace = '' OR v.workspace IN (:workspace, :everywhere)) ORDER BY v.seq DESC"
    condition, params = visible(viewer, "v.post_id")
    return _where(tx, f"{condition} AND {where}", {**params, "workspace": workspace, "everywhere": EVERYWHERE})


def history(tx: Transaction, sighting_id: str, viewer: Viewer) -> list[Verdict]:
    """Return every verdict on what a sighting says, also those that were undone, the oldest first."""
    which = "v.id IN (SELECT l.verdict_id FROM verdict_sightings l WHERE l.sighting_id = :id) ORDER BY v.seq"
    return _where(tx, which, {"id": sighting_id}, viewer)


def places_of(tx: Transaction, person_id: str, viewer: Viewer) -> list[Place]:
    """Return the places that somebody has said are meant, of what is told of a person's whereabouts."""
    which = f"v.person_id = :person_id AND v.place IS NOT NULL AND {_holds(viewer)} ORDER BY v.seq"
    found = _where(tx, which, {**_params(viewer), "person_id": person_id}, viewer)
    return [verdict.place for verdict in found if verdict.place is not None]


def count_rejected(tx: Transaction, person_id: str, viewer: Viewer) -> int:
    """Count the sightings of a person that a viewer is not told of because somebody has rejected them."""
    condition, params = visible(viewer, "s.post_id")
    shown, more = told(viewer)
    row = tx.row(
        "SELECT count(*) AS rejected FROM (SELECT DISTINCT sighting_id FROM verdict_sightings) AS l"  # noqa: S608
        f" CROSS JOIN sightings s WHERE s.id = l.sighting_id AND s.person_id = :person_id AND s.lost = 0"
        f" AND {condition} AND NOT ({shown})",
        {**params, **more, "person_id": person_id},
    )
    return int(row["rejected"]) if row else 0


def link(tx: Transaction, verdict_id: str, sighting_id: str) -> None:
    """Note that a verdict is about a sighting."""
    tx.execute(
        "INSERT INTO verdict_sightings (sighting_id, verdict_id) VALUES (:sighting, :verdict) ON CONFLICT DO NOTHING",
        {"sighting": sighting_id, "verdict": verdict_id},
    )


def _place_to_json(place: Place) -> str:
    values = (place.name, place.country, place.lat, place.lon, str(place.precision), place.key, place.province)
    return json.dumps(values)


def _place(written: str | None) -> Place | None:
    if not written:
        return None
    name, country, lat, lon, precision, key, province = json.loads(written)
    return Place(name, country, lat, lon, PlacePrecision(precision), key, province)


def _where(tx: Transaction, condition: str, params: Mapping[str, Any], viewer: Viewer = OPERATOR) -> list[Verdict]:
    if not viewer.operator:
        seen, more = visible(viewer, "v.post_id")
        condition = f"{seen} AND v.workspace IN (:verdict_everywhere, :verdict_workspace) AND {condition}"
        params = {**params, **more, **_params(viewer)}
    return [_verdict(row) for row in tx.rows(f"SELECT {_COLUMNS} FROM verdicts v WHERE {condition}", params)]  # noqa: S608


def _verdict(row: Mapping[str, Any]) -> Verdict:
    return Verdict(
        id=row["id"],
        workspace=row["workspace"],
        post_id=row["post_id"],
        person_id=row["person_id"],
        text_sha256=row["text_sha256"],
        held=json.loads(row["held"]),
        beside=frozenset(json.loads(row["beside"])),
        judgement=Judgement(row["judgement"]),
        place=_place(row["place"]),
        stance=Stance(row["stance"]) if row["stance"] else None,
        note=row["note"],
        actor=row["actor"],
        at=row["at"],
        undone_by=row["undone_by"],
        undone_at=row["undone_at"],
    )


def follow(tx: Transaction, old: str, new: str, person_id: str) -> None:
    """Let the verdicts on a sighting be about the one that has taken its place, which is another person's."""
    ids = {"old": old, "new": new, "person": person_id}
    tx.execute(
        "UPDATE verdicts SET person_id = :person WHERE id IN"
        " (SELECT verdict_id FROM verdict_sightings WHERE sighting_id = :old)",
        ids,
    )
    tx.execute("UPDATE OR REPLACE verdict_sightings SET sighting_id = :new WHERE sighting_id = :old", ids)
