"""What a digest tells a channel of a stretch of the news: counted whole, and the first of each part by their ids.

Every query reads the stretch by its numbers and carries what the channel may see; nothing is fetched only to be
counted, so that a hundred thousand things cost seconds and little memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from storage.alerts import CONTRADICTIONS, AlertKind, channel_viewer
from storage.boilerplate import COVERED
from storage.database import Transaction
from storage.digests import Section
from storage.grants import visible
from storage.records import EVERYWHERE, Stance
from storage.verdicts import told, told_as
from storage.watches import SourceState, failing


@dataclass(frozen=True, slots=True)
class Stretch:
    """The news of a channel after one number (`storage.news`), up to another one."""

    workspace: str
    channel: str
    after: int
    upto: int

    @property
    def params(self) -> dict[str, Any]:
        """Return what the queries name."""
        return {
            "workspace": self.workspace, "channel": self.channel, "after": self.after, "upto": self.upto,
            "everywhere": EVERYWHERE,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonNews:
    """How many new sightings there are of a person."""

    id: str
    name: str
    total: int


def _listed(kinds: frozenset[AlertKind] | set[Stance]) -> str:
    return ", ".join(f"'{kind}'" for kind in sorted(kinds))


_IN_CHANNEL = "a.workspace = :workspace AND a.channel = :channel"
_NEW = "a.seq > :after AND a.seq <= :upto"
_DENIALS = _listed({Stance.DENIED, Stance.NEGATED})
_SERIOUS = f"a.kind IN ({_listed(CONTRADICTIONS | {AlertKind.DELETED})})"
"""The alerts that stand with the conflicts: what was told is not so, or its source is gone."""
_SECTION = (
    f"CASE WHEN a.state = 'snoozed' THEN '{Section.SNOOZED}' WHEN {_SERIOUS} THEN '{Section.CONFLICTS}'"
    f" WHEN a.kind = '{AlertKind.SIGHTING}' THEN '{Section.SIGHTINGS}'"
    f" WHEN a.kind = '{AlertKind.SOURCE}' THEN '{Section.SOURCES}' ELSE '{Section.REUSE}' END"
)
_EVIDENCE = f"SELECT e.ref FROM alerts a JOIN alert_evidence e ON e.alert_id = a.id WHERE {_IN_CHANNEL}"  # noqa: S608
_SILENT = f"n.ref IN ({_EVIDENCE} AND a.state = 'snoozed')"
_DENIAL_TOLD = f"n.ref IN ({_EVIDENCE} AND {_NEW} AND a.kind = '{AlertKind.DENIAL}')"
_WATCHED = (
    "SELECT subject FROM watches WHERE kind = 'person' AND workspace IN (:workspace, :everywhere)"
    " AND channel = :channel AND state IN ('active', 'paused')"
)
_TOLD_BY_ALERT = (
    "SELECT c.conflict_id FROM alerts a JOIN conflict_posts c ON c.post_id = a.post_id"  # noqa: S608
    f" JOIN conflicts k ON k.id = c.conflict_id WHERE {_IN_CHANNEL} AND {_NEW}"
    f" AND a.kind = '{AlertKind.CAPTION_CONFLICT}' AND k.image_sha256 IN (a.image_sha256, a.match_sha256)"
)
_OF_SILENCED = (
    f"k.image_sha256 IN ({COVERED}) OR EXISTS (SELECT 1 FROM alerts d WHERE d.workspace = :workspace"  # noqa: S608
    " AND d.state = 'dismissed' AND d.pair <> '' AND k.image_sha256 IN (d.image_sha256, d.match_sha256)"
    " AND CASE WHEN d.image_sha256 = d.match_sha256"
    " THEN (SELECT count(*) FROM conflict_posts o WHERE o.conflict_id = k.id"
    " AND o.post_id IN (d.post_id, d.match_post_id)) = 2"
    " ELSE (SELECT count(DISTINCT p.image_sha256) FROM conflict_posts o JOIN appearances p ON p.post_id = o.post_id"
    " WHERE o.conflict_id = k.id AND p.image_sha256 IN (d.image_sha256, d.match_sha256)) = 2 END)"
)
"""A conflict of captions whose picture is boilerplate, or whose two posts show a pair that was dismissed."""
_STANDS_ALONE = (
    "NOT EXISTS (SELECT 1 FROM alert_evidence e WHERE e.alert_id = a.id AND (e.ref || '') IN"
    " (SELECT n.ref FROM news n WHERE n.kind = 'sighting' AND n.seq > :after AND n.seq <= :upto))"
)
"""An alert about a sighting that is no news: what is told again to somebody who may see it only now.

The empty string keeps SQLite from looking each of the news up for each alert: it makes one set of them, once.
"""


def alerts(tx: Transaction, stretch: Stretch, section: Section, limit: int) -> tuple[int, list[str]]:
    """Count the new alerts of a section, and give the ids of the first: the surest match first, then the newest."""
    which = f"FROM alerts a WHERE {_IN_CHANNEL} AND {_NEW} AND {_SECTION} = :section"
    if section is Section.SIGHTINGS:
        which += f" AND {_STANDS_ALONE}"
    params = {**stretch.params, "section": str(section)}
    best = (
        "(SELECT r.score FROM reuses r WHERE r.query_sha256 = a.image_sha256 AND r.match_sha256 = a.match_sha256)"
        if section is Section.REUSE
        else "0"
    )
    rows = tx.tuples(
        f"SELECT a.id {which} ORDER BY a.state = 'dismissed', coalesce({best}, 1) DESC, a.seq DESC LIMIT :limit",
        {**params, "limit": limit},
    )
    return _count(tx, which, params), [row[0] for row in rows]


def still_open(tx: Transaction, stretch: Stretch, limit: int) -> tuple[int, list[str]]:
    """Count the alerts from before that are open, and give the ids of the first: the most serious, then the newest."""
    which = f"FROM alerts a WHERE {_IN_CHANNEL} AND a.seq <= :after AND a.state = 'open'"
    rows = tx.tuples(
        f"SELECT a.id {which} ORDER BY CASE WHEN {_SERIOUS} THEN 0 ELSE 1 END, a.seq DESC LIMIT :limit",
        {**stretch.params, "limit": limit},
    )
    return _count(tx, which, stretch.params), [row[0] for row in rows]


def conflicts(tx: Transaction, stretch: Stretch, limit: int) -> tuple[int, list[str]]:
    """Count the new conflicts that no new alert of the channel tells, and give the ids of the newest.

    What was dismissed as a pair of pictures, or is boilerplate, is left out.
    """
    condition, viewer = visible(channel_viewer(stretch.workspace, stretch.channel), "v.post_id")
    which = (
        "FROM news n JOIN conflicts k ON k.id = n.ref WHERE n.kind = 'conflict' AND n.seq > :after AND n.seq <= :upto"  # noqa: S608
        f" AND n.ref NOT IN ({_TOLD_BY_ALERT}) AND (k.image_sha256 IS NULL OR NOT ({_OF_SILENCED}))"
        f" AND NOT EXISTS (SELECT 1 FROM conflict_posts v WHERE v.conflict_id = k.id AND NOT {condition})"
    )
    params = {**stretch.params, **viewer}
    rows = tx.tuples(f"SELECT k.id {which} ORDER BY n.seq DESC LIMIT :limit", {**params, "limit": limit})
    return _count(tx, which, params), [row[0] for row in rows]


@dataclass(frozen=True, slots=True)
class Sayings:
    """The new sightings that concern a channel.

    Attributes:
        people: how many there are of each person, whoever has the newest first; no denials.
        first: ids of these: the newest of each person first.
        denied: how many deny something, and are told by no new alert of the channel.
        denials: ids of these, the newest first.
        silent: how many have joined alerts that a snooze keeps silent.
    """

    people: tuple[PersonNews, ...]
    first: tuple[str, ...]
    denied: int
    denials: tuple[str, ...]
    silent: int


def sayings(tx: Transaction, stretch: Stretch, each: int, limit: int) -> Sayings:
    """Count the new sightings, and give the ids of the first: so many of each person at most, so many in all."""
    which, params = _sightings(tx, stretch)
    denying = f"{told_as(channel_viewer(stretch.workspace, stretch.channel), 'stance')} IN ({_DENIALS})"
    part = (
        f"CASE WHEN {_SILENT} THEN 'silent' WHEN {denying} AND {_DENIAL_TOLD} THEN 'told'"
        f" WHEN {denying} THEN 'denial' ELSE 'said' END"
    )
    person = "PARTITION BY part, person_id"
    rows = tx.tuples(
        "SELECT part, place, total, seq, id, person_id, name FROM (SELECT part, seq, id, person_id, name,"  # noqa: S608
        f" row_number() OVER ({person} ORDER BY seq DESC) AS place, count(*) OVER ({person}) AS total FROM"
        f" (SELECT {part} AS part, n.seq AS seq, s.id AS id, s.person_id AS person_id, s.person_name AS name {which})"
        " AS parted) AS ranked WHERE place <= :each ORDER BY place, seq DESC",
        {**params, "each": each},
    )
    of_part: dict[str, list[tuple[Any, ...]]] = {"said": [], "denial": [], "silent": [], "told": []}
    for row in rows:
        of_part[row[0]].append(row)
    totals = {name: sum(row[2] for row in held if row[1] == 1) for name, held in of_part.items()}
    newest = sorted(of_part["denial"], key=lambda row: -row[3])
    return Sayings(
        people=tuple(PersonNews(row[5], row[6], row[2]) for row in of_part["said"] if row[1] == 1),
        first=tuple(row[4] for row in of_part["said"][:limit]),
        denied=totals["denial"],
        denials=tuple(row[4] for row in newest[:each]),
        silent=totals["silent"],
    )


def failing_sources(tx: Transaction, stretch: Stretch) -> list[SourceState]:
    """Return the sources of the channel's watches that fail now, each once, the longest first."""
    found: dict[str, SourceState] = {}
    for watch, state in failing(tx):
        if watch.channel == stretch.channel and watch.workspace in {stretch.workspace, EVERYWHERE}:
            found.setdefault(state.source, state)
    return list(found.values())


def _sightings(tx: Transaction, stretch: Stretch) -> tuple[str, dict[str, Any]]:
    """Return where the new sightings are that concern a channel and that it may see.

    These are the ones of the people watched there, and what its alerts stand on; of everybody where nobody is watched.
    """
    channel = channel_viewer(stretch.workspace, stretch.channel)
    condition, viewer = visible(channel, "s.post_id")
    judged, verdict = told(channel)
    params = {**stretch.params, **viewer, **verdict}
    concerned = (
        f"(s.person_id IN ({_WATCHED}) OR n.ref IN ({_EVIDENCE}))" if tx.row(_WATCHED, stretch.params) else "1 = 1"
    )
    return (
        "FROM news n JOIN sightings s ON s.id = n.ref WHERE n.kind = 'sighting' AND n.seq > :after AND n.seq <= :upto"
        f" AND {concerned} AND {judged} AND {condition}",
        params,
    )


def _count(tx: Transaction, which: str, params: dict[str, Any]) -> int:
    row = tx.row(f"SELECT count(*) AS things {which}", params)
    return int(row["things"]) if row else 0
