"""Digests: when a channel gets one, what it has been told, and each one that went out.

What a digest tells is the news from one number to another (`storage.news`): the next one begins where this one ended,
so that each thing is in exactly one. A digest that somebody asked for has the id of the request in place of a due time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from storage.database import Transaction


class Section(StrEnum):
    """A part of a digest, in the order in which they stand."""

    CONFLICTS = "conflicts"
    SIGHTINGS = "sightings"
    REUSE = "reuse"
    OPEN = "open"
    """Alerts from before that nobody has acknowledged or dismissed."""
    SNOOZED = "snoozed"
    """Alerts that a snooze has kept silent."""
    SOURCES = "sources"


@dataclass(frozen=True, slots=True)
class DigestPlan:
    """What an editor has set for a channel.

    Attributes:
        schedule: canonical words (`bot.schedules.words`).
        zone: IANA name.
        sections: what it tells.
        silent: whether an empty digest is not sent at all; else it is one line.
        owner: who set it.
        since: since when the schedule counts.
        next_due: the next due time.
        planned_at: when that was found out; by a clock that was ahead, where it lies after now.
        upto: the number of the last news that it has told, or that were there when it was set.
        upto_at: when that was.
    """

    workspace: str
    channel: str
    schedule: str
    zone: str
    owner: str
    since: str
    upto: int
    upto_at: str
    sections: tuple[Section, ...] = tuple(Section)
    silent: bool = False
    next_due: str | None = None
    planned_at: str = ""


@dataclass(frozen=True, slots=True)
class DigestRun:
    """One digest that went out, or was empty: the news from `first_seq` to `last_seq`, none where that is smaller.

    Attributes:
        due_at: the due time it stands for; or the id of the request that asked for it.
        since_at: from when on it tells.
        late: whether it went out long after it was due.
        at: when it went out.
    """

    workspace: str
    channel: str
    due_at: str
    first_seq: int
    last_seq: int
    since_at: str
    late: bool
    at: str


_PLAN = tuple(DigestPlan.__dataclass_fields__)
_RUN = tuple(DigestRun.__dataclass_fields__)


def put(tx: Transaction, plan: DigestPlan) -> None:
    """Keep what an editor has set; what was told already stays told."""
    values = {name: getattr(plan, name) for name in _PLAN}
    changes = ", ".join(
        f"{name} = :{name}" for name in _PLAN if name not in {"workspace", "channel", "upto", "upto_at"}
    )
    tx.execute(
        f"INSERT INTO digest_plans ({', '.join(_PLAN)}) VALUES ({', '.join(f':{name}' for name in _PLAN)})"  # noqa: S608
        f" ON CONFLICT (workspace, channel) DO UPDATE SET {changes}",
        {**values, "sections": json.dumps([str(each) for each in plan.sections]), "silent": int(plan.silent)},
    )


def remove(tx: Transaction, workspace: str, channel: str) -> bool:
    """Send a channel no more digests; False where it got none."""
    return bool(
        tx.execute(
            "DELETE FROM digest_plans WHERE workspace = :workspace AND channel = :channel",
            {"workspace": workspace, "channel": channel},
        )
    )


def plan_of(tx: Transaction, workspace: str, channel: str) -> DigestPlan | None:
    """Return what is set for a channel; None where nothing is."""
    found = _plans(tx, "workspace = :workspace AND channel = :channel", {"workspace": workspace, "channel": channel})
    return found[0] if found else None


def plans(tx: Transaction) -> list[DigestPlan]:
    """Return what is set for every channel."""
    return _plans(tx, "1 = 1 ORDER BY workspace, channel", {})


def due(tx: Transaction, now: str) -> list[DigestPlan]:
    """Return the digests to look at, the longest due first, but none of a workspace that is paused.

    These are the ones that are due, and those that were planned by a clock that was ahead of this one.
    """
    return _plans(
        tx,
        "(next_due <= :now OR planned_at > :now) AND NOT EXISTS (SELECT 1 FROM workspace_settings s"
        " WHERE s.workspace = digest_plans.workspace AND s.paused_at IS NOT NULL) ORDER BY next_due, channel",
        {"now": now},
    )


def schedule(tx: Transaction, plan: DigestPlan, next_due: str | None, now: str) -> None:
    """Note when a digest is due next, and that this was found out now: nothing of its plan lies in the future then."""
    tx.execute(
        "UPDATE digest_plans SET next_due = :next_due, planned_at = :now,"
        " since = CASE WHEN since > :now THEN :now ELSE since END,"
        " upto_at = CASE WHEN upto_at > :now THEN :now ELSE upto_at END"
        " WHERE workspace = :workspace AND channel = :channel",
        {"next_due": next_due, "now": now, "workspace": plan.workspace, "channel": plan.channel},
    )


def told(tx: Transaction, workspace: str, channel: str, day_ago: str) -> tuple[int, str]:
    """Return the number of the last news that a channel was told, and when that was.

    A channel without a plan has been told what a digest on request has told it, and everything older than `day_ago`.
    """
    plan = plan_of(tx, workspace, channel)
    if plan is not None:
        return plan.upto, plan.upto_at
    row = tx.row("SELECT seq FROM news WHERE at < :at ORDER BY seq DESC LIMIT 1", {"at": day_ago})
    old = int(row["seq"]) if row else 0
    last = _last_run(tx, workspace, channel)
    return (last.last_seq, last.at) if last is not None and last.last_seq > old else (old, day_ago)


def claim(tx: Transaction, run: DigestRun) -> bool:
    """Claim a digest with the news it tells; False where it was claimed before, or its news were told meanwhile."""
    plan = plan_of(tx, run.workspace, run.channel)
    last = _last_run(tx, run.workspace, run.channel)
    if plan is not None and plan.upto != run.first_seq - 1:
        return False
    if plan is None and last is not None and last.last_seq >= run.first_seq:
        return False
    values = {name: getattr(run, name) for name in _RUN}
    new = tx.execute(
        f"INSERT INTO digest_runs ({', '.join(_RUN)}) VALUES ({', '.join(f':{name}' for name in _RUN)})"  # noqa: S608
        " ON CONFLICT DO NOTHING",
        {**values, "late": int(run.late)},
    )
    if not new:
        return False
    tx.execute(
        "UPDATE digest_plans SET upto = :upto, upto_at = :at WHERE workspace = :workspace AND channel = :channel",
        {"upto": run.last_seq, "at": run.at, "workspace": run.workspace, "channel": run.channel},
    )
    return True


def last_fired(tx: Transaction, plan: DigestPlan, now: str) -> str | None:
    """Return the latest due time of a channel's digest that was claimed and is not after `now`.

    The id of a request is never taken for a due time: it begins with a letter, and so comes after every instant.
    """
    row = tx.row(
        "SELECT max(due_at) AS due_at FROM digest_runs WHERE workspace = :workspace AND channel = :channel"
        " AND due_at <= :now",
        {"workspace": plan.workspace, "channel": plan.channel, "now": now},
    )
    return row["due_at"] if row else None


def runs(tx: Transaction, workspace: str, channel: str) -> list[DigestRun]:
    """Return the digests of a channel, in the order of their news."""
    return _runs(tx, workspace, channel, "ORDER BY first_seq, last_seq, at, due_at")


def _last_run(tx: Transaction, workspace: str, channel: str) -> DigestRun | None:
    found = _runs(tx, workspace, channel, "ORDER BY last_seq DESC, at DESC LIMIT 1")
    return found[0] if found else None


def _runs(tx: Transaction, workspace: str, channel: str, order: str) -> list[DigestRun]:
    rows = tx.rows(
        f"SELECT {', '.join(_RUN)} FROM digest_runs WHERE workspace = :workspace AND channel = :channel {order}",  # noqa: S608
        {"workspace": workspace, "channel": channel},
    )
    return [DigestRun(**{**row, "late": bool(row["late"])}) for row in rows]


def _plans(tx: Transaction, condition: str, params: Mapping[str, Any]) -> list[DigestPlan]:
    rows = tx.rows(f"SELECT {', '.join(_PLAN)} FROM digest_plans WHERE {condition}", params)  # noqa: S608
    return [
        DigestPlan(
            **{
                **row,
                "sections": tuple(Section(each) for each in json.loads(row["sections"])),
                "silent": bool(row["silent"]),
            }
        )
        for row in rows
    ]
