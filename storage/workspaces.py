"""The workspaces that a store knows, by everything that names one."""

from __future__ import annotations

from collections.abc import Sequence

from storage.database import Transaction
from storage.errors import DatelineError
from storage.records import EVERYWHERE

_NAMED_IN = ("digest_plans", "grants", "outbox", "subscriptions", "traced", "watches", "workspace_settings")


class WorkspaceNeeded(DatelineError):
    """The store serves several workspaces, and none is named."""

    code = "workspace_needed"


def meant(tx: Transaction, named: str | None) -> str:
    """Return the workspace that the operator means: the one that is named or, without a name, the only one there is.

    Raises:
        WorkspaceNeeded: the store serves several, and none is named.
    """
    return named or only(known(tx))


def only(held: Sequence[str]) -> str:
    """Return the one workspace of several that may be meant; `EVERYWHERE` where there is none.

    Raises:
        WorkspaceNeeded: there are more of them.
    """
    if len(held) > 1:
        raise WorkspaceNeeded(f"The store serves several workspaces; name one with --workspace: {', '.join(held)}.")
    return held[0] if held else EVERYWHERE


def known(tx: Transaction) -> list[str]:
    """Return the id of every workspace that the store has served or is set up for, in order."""
    each = " UNION ".join(f"SELECT workspace FROM {table}" for table in _NAMED_IN)  # noqa: S608 - names of ours
    rows = tx.rows(f"SELECT workspace FROM ({each}) AS named WHERE workspace <> :every ORDER BY workspace",  # noqa: S608
                   {"every": EVERYWHERE})  # fmt: skip
    return [row["workspace"] for row in rows]
