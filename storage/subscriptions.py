"""Channels that are told of every reuse of a picture."""

from __future__ import annotations

from dataclasses import dataclass

from storage.alerts import channel_viewer
from storage.counters import advance
from storage.database import Transaction
from storage.records import Viewer


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel that is told of every reuse, at whose wish, and since when."""

    workspace: str
    channel: str
    actor: str
    since: str

    @property
    def viewer(self) -> Viewer:
        """What everybody in the channel may see: what is public in the workspace, and what was seen there."""
        return channel_viewer(self.workspace, self.channel)


def subscribe(tx: Transaction, subscription: Subscription) -> bool:
    """Let a channel be told; False if it is already."""
    touched = tx.execute(
        "INSERT INTO subscriptions (workspace, channel, actor, since)"
        " VALUES (:workspace, :channel, :actor, :since) ON CONFLICT DO NOTHING",
        {name: getattr(subscription, name) for name in ("workspace", "channel", "actor", "since")},
    )
    advance(tx, "watches")
    return bool(touched)


def unsubscribe(tx: Transaction, workspace: str, channel: str) -> bool:
    """Tell a channel no more; False if it was not told."""
    touched = tx.execute(
        "DELETE FROM subscriptions WHERE workspace = :workspace AND channel = :channel",
        {"workspace": workspace, "channel": channel},
    )
    advance(tx, "watches")
    return bool(touched)


def all(tx: Transaction) -> list[Subscription]:  # noqa: A001 - as in the other rooms of the store
    """Return every channel that is told."""
    rows = tx.rows("SELECT workspace, channel, actor, since FROM subscriptions ORDER BY workspace, channel")
    return [Subscription(**row) for row in rows]
