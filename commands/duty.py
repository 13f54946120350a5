"""Duty: who is on call in a workspace, what goes to them by itself, and the switch that pauses everything."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from storage import alerts, custody, desks
from storage.alerts import Alert
from storage.database import Transaction
from storage.desks import DeskSettings
from storage.errors import DatelineError
from storage.records import utc

SHORTEST: Final = 1
LONGEST: Final = 7 * 24 * 60
"""Minutes that a warning may wait before it goes to those on call."""

_AFTER: Final = re.compile(r"\A(?P<group>\S+)(?:\s+after\s+(?P<number>\d{1,5})\s*(?P<unit>[a-z]*))?\Z", re.I)
_UNITS: Final = {"m": 1, "min": 1, "mins": 1, "minute": 1, "minutes": 1, "h": 60, "hour": 60, "hours": 60}


class NotARota(DatelineError):
    """What was typed does not say who is on call."""

    code = "not_a_rota"


def read_rota(typed: str) -> tuple[str, int | None]:
    """Read `@GROUP after 30m`: the group as typed, and the minutes, None where none are said.

    Raises:
        NotARota: it says something else.
    """
    found = _AFTER.match(typed.strip())
    minutes = None
    if found and found["number"]:
        minutes = int(found["number"]) * _UNITS.get(found["unit"].lower(), 0)
    if found is None or (minutes is not None and not SHORTEST <= minutes <= LONGEST):
        raise NotARota("That is not understood; type /dateline oncall @GROUP after 30m, with 1 minute to 7 days.")
    return found["group"], minutes


def on_call(tx: Transaction, workspace: str) -> DeskSettings:
    """Return who is on call in a workspace, and whether it is paused."""
    return desks.settings_of(tx, workspace)


def put_on_call(tx: Transaction, workspace: str, group: str, minutes: int | None, *, by: str, now: str) -> None:
    """Set which user group is on call (empty: none), and after how many minutes warnings go to it by themselves."""
    held = desks.settings_of(tx, workspace)
    desks.put(tx, replace(held, duty_group=group, escalate_after=minutes, duty_since=now))
    detail = {"group": group, "after": minutes}
    custody.append(tx, at=now, actor=f"{workspace}/{by}", action="on call", subject=workspace, detail=detail)


def pause(tx: Transaction, workspace: str, *, by: str, now: str, on: bool) -> DeskSettings | None:
    """Pause all sweeps and digests of a workspace, or let them run again; None where that is so already."""
    held = desks.settings_of(tx, workspace)
    if on == (held.paused_at is not None):
        return None
    changed = replace(held, paused_by=by if on else "", paused_at=now if on else None)
    desks.put(tx, changed)
    action = "pause all" if on else "resume all"
    custody.append(tx, at=now, actor=f"{workspace}/{by}", action=action, subject=workspace, detail={})
    return changed


def blur(tx: Transaction, workspace: str, channel: str, *, by: str, now: str, on: bool) -> None:
    """Set whether the pictures of a channel's warnings are blurred until somebody clicks."""
    desks.blur(tx, workspace, channel, on=on)
    subject = f"{workspace}/{channel}"
    action = "blur on" if on else "blur off"
    custody.append(tx, at=now, actor=f"{workspace}/{by}", action=action, subject=subject, detail={})


def unattended(tx: Transaction, now: datetime) -> list[tuple[DeskSettings, list[Alert]]]:
    """Return, by workspace, the warnings that have stood in their channels unacknowledged for too long.

    What was raised before somebody was on call waits for a person to escalate it.
    """
    found = []
    for settings in desks.all_settings(tx):
        if not settings.duty_group or settings.escalate_after is None:
            continue
        latest = now - timedelta(minutes=settings.escalate_after)
        waiting = alerts.unattended(tx, settings.workspace, settings.duty_since or "", utc(latest))
        due = [alert for alert, ts in waiting if _told_at(ts) <= latest]
        if due:
            found.append((settings, due))
    return found


def _told_at(ts: str) -> datetime:
    """When a message was posted: its `ts` is that time, in Unix seconds.

    https://docs.slack.dev/messaging/retrieving-messages
    """
    return datetime.fromtimestamp(float(ts), UTC)
