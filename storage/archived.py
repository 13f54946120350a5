"""What ends with a channel that is archived: nobody is there to be told any more."""

from __future__ import annotations

from storage import digests, runs, subscriptions, watches
from storage.database import Transaction
from storage.watches import WatchState


def stop(tx: Transaction, workspace: str, channel: str, now: str) -> None:
    """Send a channel no warnings and no digests any more, and let its watches rest; a member may wake them again."""
    subscriptions.unsubscribe(tx, workspace, channel)
    digests.remove(tx, workspace, channel)
    for watch in watches.of_workspace(tx, workspace):
        if watch.channel == channel and watch.state is WatchState.ACTIVE:
            runs.cancel_all(tx, watch.id, now)
            watches.rest(tx, watch.id)
