"""Alerts: what is told to channels that asked for it, once a subject and channel, and what people decided about it.

A dismissal holds for the pair: the two pictures (or, where they are one file, the two posts) never warn again in that
workspace until it is undone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from storage.database import Transaction
from storage.errors import NotFound
from storage.grants import visible
from storage.records import EVERYONE, Viewer, short_id


class TriageState(StrEnum):
    """What people have decided."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    DISMISSED = "dismissed"


class AlertKind(StrEnum):
    """What a warning is about."""

    REUSE = "image-reuse"
    CAPTION_CONFLICT = "caption-conflict"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel that is told of reuse, at whose wish, and since when."""

    workspace: str
    channel: str
    actor: str
    since: str

    @property
    def viewer(self) -> Viewer:
        """What everybody in the channel may see: what is public in the workspace, and what was seen there."""
        return Viewer(self.workspace, frozenset({EVERYONE, f"channel:{self.channel}"}))


@dataclass(frozen=True, slots=True)
class Alert:
    """One picture of a new post found to be an older one's, told to one channel.

    Attributes:
        id: stable; the outbox row of its message is `alert:<id>`.
        workspace: the team.
        channel: the channel that is told.
        kind: what it is about.
        pair: what a dismissal holds for.
        post_id: the post that was taken in.
        image_sha256: its picture.
        match_sha256: the stored picture that it is a copy of.
        match_post_id: the earliest other post that shows it and that the channel may see.
        raised_at: when.
        state: what was decided last.
    """

    id: str
    workspace: str
    channel: str
    kind: AlertKind
    pair: str
    post_id: str
    image_sha256: str
    match_sha256: str
    match_post_id: str
    raised_at: str
    state: TriageState = TriageState.OPEN


@dataclass(frozen=True, slots=True)
class Triage:
    """One decision about an alert: by whom, when, and why."""

    state: TriageState
    by: str
    at: str
    reason: str = ""


_FIELDS = tuple(Alert.__dataclass_fields__)
_COLUMNS = ", ".join(_FIELDS)


def pair_of(image_sha256: str, match_sha256: str, post_id: str, match_post_id: str) -> str:
    """Name what a dismissal holds for: two pictures in whatever order, or two posts that show one and the same file."""
    same = image_sha256 == match_sha256
    return short_id(
        image_sha256 if same else "", *sorted((post_id, match_post_id) if same else (image_sha256, match_sha256))
    )


def subscribe(tx: Transaction, subscription: Subscription) -> bool:
    """Let a channel be told; False if it is already."""
    return bool(
        tx.execute(
            "INSERT INTO subscriptions (workspace, channel, actor, since)"
            " VALUES (:workspace, :channel, :actor, :since) ON CONFLICT DO NOTHING",
            {name: getattr(subscription, name) for name in ("workspace", "channel", "actor", "since")},
        )
    )


def unsubscribe(tx: Transaction, workspace: str, channel: str) -> bool:
    """Tell a channel no more; False if it was not told."""
    return bool(
        tx.execute(
            "DELETE FROM subscriptions WHERE workspace = :workspace AND channel = :channel",
            {"workspace": workspace, "channel": channel},
        )
    )


def subscriptions(tx: Transaction) -> list[Subscription]:
    """Return every channel that is told."""
    rows = tx.rows("SELECT workspace, channel, actor, since FROM subscriptions ORDER BY workspace, channel")
    return [Subscription(**row) for row in rows]


def raise_once(tx: Transaction, alert: Alert) -> bool:
    """Note an alert; False if it is known, or its pair was dismissed in that workspace."""
    dismissed = tx.row(
        "SELECT 1 AS held FROM alerts WHERE workspace = :workspace AND pair = :pair AND state = 'dismissed'",
        {"workspace": alert.workspace, "pair": alert.pair},
    )
    if dismissed:
        return False
    marks = ", ".join(f":{name}" for name in _FIELDS)
    values = {name: getattr(alert, name) for name in _FIELDS}
    return bool(
        tx.execute(
            f"INSERT INTO alerts ({_COLUMNS}) VALUES ({marks}) ON CONFLICT (id) DO NOTHING",  # noqa: S608
            {**values, "state": str(alert.state), "kind": str(alert.kind)},
        )
    )


def get(tx: Transaction, alert_id: str) -> Alert:
    """Return an alert.

    Raises:
        NotFound: there is no such alert.
    """
    row = tx.row(f"SELECT {_COLUMNS} FROM alerts WHERE id = :id", {"id": alert_id})  # noqa: S608
    if row is None:
        raise NotFound("This warning is not in the store any more; trace the post again.")
    return _alert(row)


def decide(tx: Transaction, alert_id: str, step: Triage) -> bool:
    """Acknowledge, dismiss or reopen; False where somebody was first (`steps` tells who).

    Of two people who decide an open alert the first one does; what is decided can only be reopened.
    """
    expected = "<> 'open'" if step.state is TriageState.OPEN else "= 'open'"
    touched = tx.execute(
        f"UPDATE alerts SET state = :state WHERE id = :id AND state {expected}",  # noqa: S608
        {"state": str(step.state), "id": alert_id},
    )
    if touched:
        tx.execute(
            "INSERT INTO triage (alert_id, step, state, actor, at, reason) VALUES (:id,"
            " (SELECT count(*) FROM triage WHERE alert_id = :id), :state, :actor, :at, :reason)",
            {"id": alert_id, "state": str(step.state), "actor": step.by, "at": step.at, "reason": step.reason},
        )
    return bool(touched)


def steps(tx: Transaction, alert_id: str) -> list[Triage]:
    """Return every decision about an alert, oldest first."""
    rows = tx.rows("SELECT state, actor, at, reason FROM triage WHERE alert_id = :id ORDER BY step", {"id": alert_id})
    return [Triage(TriageState(row["state"]), row["actor"], row["at"], row["reason"]) for row in rows]


def open_for(tx: Transaction, workspace: str, viewer: Viewer, limit: int) -> list[Alert]:
    """Return the newest open alerts of a workspace about posts that the viewer may see."""
    condition, params = visible(viewer, "a.post_id")
    other, other_params = visible(viewer, "a.match_post_id")
    columns = ", ".join(f"a.{name}" for name in _FIELDS)
    rows = tx.rows(
        f"SELECT {columns} FROM alerts a WHERE a.workspace = :workspace AND a.state = 'open'"  # noqa: S608
        f" AND {condition} AND {other} ORDER BY a.raised_at DESC, a.id LIMIT :limit",
        {"workspace": workspace, "limit": limit, **params, **other_params},
    )
    return [_alert(row) for row in rows]


def of_channel(tx: Transaction, workspace: str, channel: str, limit: int) -> list[Alert]:
    """Return the newest alerts told to a channel, oldest first."""
    rows = tx.rows(
        f"SELECT {_COLUMNS} FROM alerts WHERE workspace = :workspace AND channel = :channel"  # noqa: S608
        " ORDER BY raised_at DESC, id DESC LIMIT :limit",
        {"workspace": workspace, "channel": channel, "limit": limit},
    )
    return [_alert(row) for row in reversed(rows)]


def _alert(row: Mapping[str, Any]) -> Alert:
    return Alert(
        **{**{name: row[name] for name in _FIELDS}, "state": TriageState(row["state"]), "kind": AlertKind(row["kind"])}
    )
