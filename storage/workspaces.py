"""The workspaces that a store knows, by everything that names one."""

from __future__ import annotations

from storage.database import Transaction
from storage.records import EVERYWHERE

_NAMED_IN = ("digest_plans", "grants", "outbox", "subscriptions", "traced", "watches", "workspace_settings")


def known(tx: Transaction) -> list[str]:
    """Return the id of every workspace that the store has served or is set up for, in order."""
    each = " UNION ".join(f"SELECT workspace FROM {table}" for table in _NAMED_IN)  # noqa: S608 - names of ours
    rows = tx.rows(f"SELECT workspace FROM ({each}) AS named WHERE workspace <> :every ORDER BY workspace",  # noqa: S608
                   {"every": EVERYWHERE})  # fmt: skip
    return [row["workspace"] for row in rows]
