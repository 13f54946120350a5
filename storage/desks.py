"""What people have set for a workspace and for a channel: pause-all, who is on call, whether pictures are blurred."""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """What holds in a workspace.

    Attributes:
        paused_by, paused_at: who has paused all sweeps and digests, and when; None where they run.
        duty_group: the id of the Slack user group that is on call; empty where none is set.
        escalate_after: minutes after which an alert that nobody has acknowledged goes to those on call; None: never.
        duty_since: since when that holds; what was raised before does not go to them by itself.
    """

    workspace: str
    paused_by: str = ""
    paused_at: str | None = None
    duty_group: str = ""
    escalate_after: int | None = None
    duty_since: str | None = None


_FIELDS = tuple(DeskSettings.__dataclass_fields__)


def settings_of(tx: Transaction, workspace: str) -> DeskSettings:
    """Return what is set for a workspace."""
    row = tx.row(
        f"SELECT {', '.join(_FIELDS)} FROM workspace_settings WHERE workspace = :workspace",  # noqa: S608
        {"workspace": workspace},
    )
    return DeskSettings(**row) if row else DeskSettings(workspace)


def all_settings(tx: Transaction) -> list[DeskSettings]:
    """Return what is set for each workspace that has set anything."""
    return [DeskSettings(**row) for row in tx.rows(f"SELECT {', '.join(_FIELDS)} FROM workspace_settings")]  # noqa: S608


def put(tx: Transaction, settings: DeskSettings) -> None:
    """Keep what is set for a workspace."""
    changes = ", ".join(f"{name} = :{name}" for name in _FIELDS if name != "workspace")
    tx.execute(
        f"INSERT INTO workspace_settings ({', '.join(_FIELDS)}) VALUES ({', '.join(f':{name}' for name in _FIELDS)})"  # noqa: S608
        f" ON CONFLICT (workspace) DO UPDATE SET {changes}",
        {name: getattr(settings, name) for name in _FIELDS},
    )


def is_blurred(tx: Transaction, workspace: str, channel: str) -> bool:
    """Tell whether a channel wants its pictures blurred until somebody clicks."""
    row = tx.row(
        "SELECT blur FROM channel_settings WHERE workspace = :workspace AND channel = :channel",
        {"workspace": workspace, "channel": channel},
    )
    return bool(row and row["blur"])


def blur(tx: Transaction, workspace: str, channel: str, *, on: bool) -> None:
    """Set whether a channel's pictures are blurred until somebody clicks."""
    tx.execute(
        "INSERT INTO channel_settings (workspace, channel, blur) VALUES (:workspace, :channel, :blur)"
        " ON CONFLICT (workspace, channel) DO UPDATE SET blur = :blur",
        {"workspace": workspace, "channel": channel, "blur": int(on)},
    )
