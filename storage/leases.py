"""Leases: which process does what only one may do at a time, and until when it may be relied on to be alive."""

from __future__ import annotations

from storage.database import Transaction


def take(tx: Transaction, name: str, owner: str, now: str, until: str) -> bool:
    """Take or renew a lease; False while somebody else holds it."""
    touched = tx.execute(
        "INSERT INTO leases (name, owner, until) VALUES (:name, :owner, :until)"
        " ON CONFLICT (name) DO UPDATE SET owner = :owner, until = :until"
        " WHERE leases.owner = :owner OR leases.until < :now",
        {"name": name, "owner": owner, "now": now, "until": until},
    )
    return bool(touched)


def release(tx: Transaction, name: str, owner: str) -> None:
    """Give a lease up, so that the next process need not wait until it ends."""
    tx.execute("DELETE FROM leases WHERE name = :name AND owner = :owner", {"name": name, "owner": owner})


def alive(tx: Transaction, now: str) -> set[str]:
    """Return the owners of the leases that hold now."""
    return {row["owner"] for row in tx.rows("SELECT DISTINCT owner FROM leases WHERE until >= :now", {"now": now})}


def beyond(tx: Transaction, latest: str) -> bool:
    """Tell whether a lease holds longer than any that is taken now: then a clock has been ahead."""
    return tx.row("SELECT 1 AS held FROM leases WHERE until > :latest LIMIT 1", {"latest": latest}) is not None


def turn_back(tx: Transaction, latest: str) -> None:
    """Let no lease hold beyond a time: after the clock went back, those of the dead would hold for too long."""
    tx.execute("UPDATE leases SET until = :latest WHERE until > :latest", {"latest": latest})
