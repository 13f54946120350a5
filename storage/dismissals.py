"""Dismissed pairs: what people have said of warnings about two pictures, kept in the warnings and their triage.

A dismissal holds in its workspace, for its two pictures in whatever order (of one file: for its two posts), until the
warning is opened again. Rebuilding the index leaves it as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from storage.cases import known_to
from storage.database import Transaction
from storage.records import OPERATOR, Viewer


class Reason(StrEnum):
    """Why a warning is dismissed."""

    SAME_EVENT = "same-event"
    NOT_SAME_PICTURE = "not-the-same-picture"
    SAME_SCENE = "same-scene"
    """Two pictures of one scene: frames of a burst, two photographers side by side."""
    KNOWN = "known-already"
    NOT_RELEVANT = "not-relevant"
    OTHER = "other"


NOT_COPIES = frozenset({Reason.NOT_SAME_PICTURE, Reason.SAME_SCENE})
"""The reasons that say that the two are no copies of one another: neither is an earlier appearance of the other."""


@dataclass(frozen=True, slots=True)
class Dismissal:
    """What somebody has said of a pair of pictures.

    Attributes:
        alert_id: the warning that was dismissed; to open that again is to take the dismissal back.
        image_sha256, match_sha256: the pair.
        post_id, match_post_id: the posts that the warning was about.
        why, reason: which of the reasons that are offered, and the same with what was added in words.
        actor: the member's id, or `operator`.
    """

    alert_id: str
    workspace: str
    channel: str
    pair: str
    image_sha256: str
    match_sha256: str
    post_id: str
    match_post_id: str
    why: Reason
    reason: str
    actor: str
    at: str


_FROM = (
    "FROM alerts JOIN triage t ON t.alert_id = alerts.id"
    " AND t.step = (SELECT max(l.step) FROM triage l WHERE l.alert_id = alerts.id)"
    " WHERE alerts.state = 'dismissed' AND t.act = 'dismiss' AND alerts.pair <> ''"
    " AND (:workspace = '' OR alerts.workspace = :workspace)"
)
_SELECT = (
    "SELECT alerts.id AS alert_id, alerts.workspace, alerts.channel, alerts.pair, alerts.image_sha256,"
    " alerts.match_sha256, alerts.post_id, alerts.match_post_id, t.why, t.reason, t.actor, t.at"
)
_NEWEST = " ORDER BY t.at DESC, alerts.id"


def between(
    tx: Transaction, workspace: str, ours: Collection[str], theirs: Collection[str], viewer: Viewer = OPERATOR
) -> list[Dismissal]:
    """Return what was said of two different pictures, one among `ours` and the other among `theirs`, the newest first.

    Of every workspace where `workspace` is empty; only what the viewer may know of.
    """
    condition, params = known_to(viewer)
    one = {f"one_{index}": name for index, name in enumerate(sorted(ours))}
    other = {f"other_{index}": name for index, name in enumerate(sorted(theirs))}
    left, right = (", ".join(f":{name}" for name in names) for names in (one, other))
    rows = tx.rows(
        f"{_SELECT} {_FROM} AND alerts.image_sha256 <> alerts.match_sha256"
        f" AND (alerts.image_sha256 IN ({left}) AND alerts.match_sha256 IN ({right})"
        f" OR alerts.image_sha256 IN ({right}) AND alerts.match_sha256 IN ({left})) AND {condition}{_NEWEST}",
        {"workspace": workspace, **one, **other, **params},
    )
    return list(map(_dismissal, rows))


def of_pair(tx: Transaction, workspace: str, pair: str, viewer: Viewer = OPERATOR) -> list[Dismissal]:
    """Return what was said of a pair by its name (`storage.alerts.pair_of`), the newest first; the rest as above."""
    condition, params = known_to(viewer)
    rows = tx.rows(
        f"{_SELECT} {_FROM} AND alerts.pair = :pair AND {condition}{_NEWEST}",
        {"workspace": workspace, "pair": pair, **params},
    )
    return list(map(_dismissal, rows))


def standing(tx: Transaction, workspace: str, viewer: Viewer = OPERATOR) -> list[Dismissal]:
    """Return every dismissal that holds and that the viewer may know of, one a pair, the newest first."""
    condition, params = known_to(viewer)
    rows = tx.rows(f"{_SELECT} {_FROM} AND {condition}{_NEWEST}", {"workspace": workspace, **params})
    once: dict[tuple[str, str], Dismissal] = {}
    for found in map(_dismissal, rows):
        once.setdefault((found.workspace, found.pair), found)
    return list(once.values())


def exist(tx: Transaction, workspace: str) -> bool:
    """Tell whether there is any dismissal of a pair in a workspace: the cheap question, asked first."""
    return tx.row(f"SELECT 1 AS held {_FROM} LIMIT 1", {"workspace": workspace}) is not None


def _dismissal(row: Mapping[str, Any]) -> Dismissal:
    return Dismissal(**{**row, "why": Reason(row["why"] or Reason.OTHER)})
