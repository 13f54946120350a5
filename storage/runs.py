"""Runs: each sweep of a watch, claimed by its due time before it does anything, so that a due time runs once.

A run that somebody asked for has the id of the request in place of a due time. What a dead process was at is taken
over: the cursors of its sources have not moved, and intake takes nothing in twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from storage.database import Transaction


class RunState(StrEnum):
    """How far a run has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Run:
    """One sweep of a watch.

    Attributes:
        watch_id: which.
        due_at: the due time it stands for, an instant; or the id of the request that asked for it.
        asked_by: who asked for it; empty for one that was due.
        state: how far it has come.
        owner: the process that does it.
        late: whether it began long after it was due.
        missed: how many due times it stands for that were not run in time.
        begun_at: when it was claimed.
        ended_at: when it ended.
        posts: what the sources gave.
        fresh: how much of that was new.
        alerts: how many alerts that raised.
        problem: what went wrong, in sentences.
    """

    watch_id: str
    due_at: str
    begun_at: str
    asked_by: str = ""
    state: RunState = RunState.RUNNING
    owner: str = ""
    late: bool = False
    missed: int = 0
    ended_at: str | None = None
    posts: int = 0
    fresh: int = 0
    alerts: int = 0
    problem: str = ""


_FIELDS = tuple(Run.__dataclass_fields__)
_COLUMNS = ", ".join(_FIELDS)


def claim(tx: Transaction, run: Run) -> bool:
    """Claim a run before anything is done for it; False where it was claimed before, by whomever."""
    values = {name: getattr(run, name) for name in _FIELDS}
    return bool(
        tx.execute(
            f"INSERT INTO watch_runs ({_COLUMNS}) VALUES ({', '.join(f':{name}' for name in _FIELDS)})"  # noqa: S608
            " ON CONFLICT (watch_id, due_at) DO NOTHING",
            {**values, "state": str(run.state), "late": int(run.late)},
        )
    )


def take(tx: Transaction, run: Run, owner: str) -> bool:
    """Begin a run that waits; False where it does not wait any more."""
    return bool(
        tx.execute(
            "UPDATE watch_runs SET state = 'running', owner = :owner"
            " WHERE watch_id = :watch_id AND due_at = :due_at AND state = 'waiting'",
            {"owner": owner, "watch_id": run.watch_id, "due_at": run.due_at},
        )
    )


def progress(tx: Transaction, run: Run) -> bool:
    """Note how far a run has come; False where it was cancelled or taken over meanwhile: it has to stop."""
    return bool(
        tx.execute(
            "UPDATE watch_runs SET posts = :posts, fresh = :fresh, alerts = :alerts, problem = :problem"
            " WHERE watch_id = :watch_id AND due_at = :due_at AND owner = :owner AND state = 'running'",
            {name: getattr(run, name)
             for name in ("posts", "fresh", "alerts", "problem", "watch_id", "due_at", "owner")},
        )
    )  # fmt: skip


def end(tx: Transaction, run: Run, state: RunState, now: str) -> bool:
    """End a run; False where it was ended or taken over already."""
    return progress(tx, run) and bool(
        tx.execute(
            "UPDATE watch_runs SET state = :state, ended_at = :now"
            " WHERE watch_id = :watch_id AND due_at = :due_at AND state = 'running'",
            {"state": str(state), "now": now, "watch_id": run.watch_id, "due_at": run.due_at},
        )
    )


def cancel(tx: Transaction, watch_id: str, due_at: str, now: str) -> bool:
    """Cancel a run that waits or is under way; False where it is over."""
    return bool(
        tx.execute(
            "UPDATE watch_runs SET state = 'cancelled', ended_at = :now"
            " WHERE watch_id = :watch_id AND due_at = :due_at AND state IN ('waiting', 'running')",
            {"now": now, "watch_id": watch_id, "due_at": due_at},
        )
    )


def cancel_all(tx: Transaction, watch_id: str, now: str) -> None:
    """Cancel everything that a watch is at, or that waits."""
    tx.execute(
        "UPDATE watch_runs SET state = 'cancelled', ended_at = :now"
        " WHERE watch_id = :watch_id AND state IN ('waiting', 'running')",
        {"now": now, "watch_id": watch_id},
    )


def leave(tx: Transaction, run: Run) -> bool:
    """Let a run that its process does not do any more wait for another one; False where it is not under way there."""
    return bool(
        tx.execute(
            "UPDATE watch_runs SET state = 'waiting', owner = '' WHERE watch_id = :watch_id AND due_at = :due_at"
            " AND owner = :owner AND state = 'running'",
            {"watch_id": run.watch_id, "due_at": run.due_at, "owner": run.owner},
        )
    )


def waiting(tx: Transaction) -> list[Run]:
    """Return the runs that a process may begin, the oldest first: at most one of a watch.

    Where all is paused those that were due go on waiting; what somebody asks for is done.
    """
    found = _where(
        tx,
        "state = 'waiting' AND NOT EXISTS (SELECT 1 FROM watch_runs r WHERE r.watch_id = watch_runs.watch_id"
        " AND r.state = 'running') AND (asked_by <> '' OR NOT EXISTS (SELECT 1 FROM watches w JOIN workspace_settings s"
        " ON s.workspace = w.workspace WHERE w.id = watch_runs.watch_id AND s.paused_at IS NOT NULL))"
        " ORDER BY begun_at, watch_id, due_at",
        {},
    )
    first: dict[str, Run] = {}
    for run in found:
        first.setdefault(run.watch_id, run)
    return list(first.values())


def running(tx: Transaction) -> list[Run]:
    """Return the runs that are under way."""
    return _where(tx, "state = 'running' ORDER BY begun_at, watch_id", {})


def of_sweep(tx: Transaction, asked: str) -> list[Run]:
    """Return the runs that one request has asked for, by the id that stands in place of their due time."""
    return _where(tx, "due_at = :asked ORDER BY watch_id", {"asked": asked})


def newest(tx: Transaction, watch_id: str) -> Run | None:
    """Return the run of a watch that began last."""
    found = _where(tx, "watch_id = :id ORDER BY begun_at DESC, due_at DESC LIMIT 1", {"id": watch_id})
    return found[0] if found else None


def begun_by(tx: Transaction, watch_id: str, at: str) -> Run | None:
    """Return the run of a watch that had begun last at a time."""
    found = _where(tx, "watch_id = :id AND begun_at <= :at ORDER BY begun_at DESC, due_at DESC LIMIT 1",
                   {"id": watch_id, "at": at})  # fmt: skip
    return found[0] if found else None


def get(tx: Transaction, watch_id: str, due_at: str) -> Run | None:
    """Return a run; None where there is none."""
    found = _where(tx, "watch_id = :id AND due_at = :due_at", {"id": watch_id, "due_at": due_at})
    return found[0] if found else None


def last_fired(tx: Transaction, watch_id: str, now: str) -> str | None:
    """Return the latest due time of a watch that was claimed and is not after `now`."""
    row = tx.row(
        "SELECT max(due_at) AS due_at FROM watch_runs WHERE watch_id = :id AND asked_by = '' AND due_at <= :now",
        {"id": watch_id, "now": now},
    )
    return row["due_at"] if row else None


def last_good(tx: Transaction) -> str | None:
    """Return when a run last ended well."""
    row = tx.row("SELECT max(ended_at) AS at FROM watch_runs WHERE state = 'done'")
    return row["at"] if row else None


def turn_back(tx: Transaction, now: str) -> None:
    """Correct what was noted by a clock that was ahead: nothing has begun or ended after `now`."""
    tx.execute("UPDATE watch_runs SET begun_at = :now WHERE begun_at > :now", {"now": now})
    tx.execute("UPDATE watch_runs SET ended_at = :now WHERE ended_at > :now", {"now": now})


def prune(tx: Transaction, before: str, now: str) -> int:
    """Forget the runs that ended before a time, and return how many.

    Of each watch are kept the one that began last, and the latest due time that is not after `now`: by it the next
    ones are counted.
    """
    return tx.execute(
        "DELETE FROM watch_runs WHERE ended_at < :before AND EXISTS (SELECT 1 FROM watch_runs later"
        " WHERE later.watch_id = watch_runs.watch_id AND (later.begun_at > watch_runs.begun_at"
        " OR (later.begun_at = watch_runs.begun_at AND later.due_at > watch_runs.due_at)))"
        " AND (asked_by <> '' OR EXISTS (SELECT 1 FROM watch_runs due WHERE due.watch_id = watch_runs.watch_id"
        " AND due.asked_by = '' AND due.due_at > watch_runs.due_at AND due.due_at <= :now))",
        {"before": before, "now": now},
    )


def _where(tx: Transaction, condition: str, params: Mapping[str, Any]) -> list[Run]:
    rows = tx.rows(f"SELECT {_COLUMNS} FROM watch_runs WHERE {condition}", params)  # noqa: S608
    return [Run(**{**row, "state": RunState(row["state"]), "late": bool(row["late"])}) for row in rows]
