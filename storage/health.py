"""Counts over several families of tables that tell how the desk fares."""

from __future__ import annotations

from storage.database import Transaction


def last_good_sweeps(tx: Transaction) -> dict[str, str]:
    """Return when a sweep of each watch last ended well, by the watch's id."""
    rows = tx.rows("SELECT watch_id, max(ended_at) AS at FROM watch_runs WHERE state = 'done' GROUP BY watch_id")
    return {row["watch_id"]: row["at"] for row in rows}


def requests_waiting(tx: Transaction, workspace: str | None) -> int:
    """Count the requests that are not answered yet, of every workspace or of one."""
    rows = tx.rows("SELECT requester FROM jobs WHERE state = 'waiting'")
    return sum(workspace is None or row["requester"].startswith(f"{workspace}/") for row in rows)


def spent_today(tx: Transaction, day: str) -> list[tuple[str, int]]:
    """Return what each watch with a budget has cost on a day: its id and billed posts."""
    rows = tx.rows(
        "SELECT w.id AS id, coalesce(c.posts, 0) AS posts FROM watches w"
        " LEFT JOIN watch_costs c ON c.watch_id = w.id AND c.day = :day WHERE w.budget IS NOT NULL"
        " ORDER BY w.label, w.id",
        {"day": day},
    )
    return [(row["id"], int(row["posts"])) for row in rows]


def dead_letters(tx: Transaction, workspace: str | None, limit: int) -> list[tuple[str, str, int, str, str]]:
    """Return the newest messages that were given up: id, kind, lane, when they were decided, and the problem."""
    within, params = _within(workspace)
    rows = tx.rows(
        f"SELECT id, kind, lane, created_at, problem FROM outbox WHERE state = 'dead' AND {within}"  # noqa: S608
        " ORDER BY seq DESC LIMIT :limit",
        {**params, "limit": limit},
    )
    return [(row["id"], row["kind"], int(row["lane"]), row["created_at"], row["problem"]) for row in rows]


def messages_by_state(tx: Transaction, workspace: str | None) -> dict[str, int]:
    """Count the messages that are not sent, by state."""
    within, params = _within(workspace)
    rows = tx.rows(
        f"SELECT state, count(*) AS messages FROM outbox WHERE state <> 'sent' AND {within} GROUP BY state",  # noqa: S608
        params,
    )
    return {row["state"]: int(row["messages"]) for row in rows}


def _within(workspace: str | None) -> tuple[str, dict[str, str]]:
    return ("1 = 1", {}) if workspace is None else ("workspace = :workspace", {"workspace": workspace})
