"""Jobs: each request that was accepted, until it is answered.

A request is noted under its own id before it is acknowledged, so that a repeated delivery is the same row, and what a
killed process has left undone is done by the next one. Answering and marking as answered are one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from storage.database import Transaction

TRIES = 3
"""Processes that may die of one job before it is given up."""


@dataclass(frozen=True, slots=True)
class Job:
    """One accepted request.

    Attributes:
        id: the id that the request came with (of an event, a trigger, an envelope).
        verb: what is to be done.
        request: what it needs to know, as JSON values.
        requester: whose turn it uses up in the queue: workspace and user.
        tries: how often it has been begun.
    """

    id: str
    verb: str
    request: Mapping[str, Any]
    requester: str
    tries: int = 0


def accept(tx: Transaction, job: Job, owner: str, now: str) -> bool:
    """Note a request as accepted by `owner`; False if it was accepted before."""
    return bool(
        tx.execute(
            "INSERT INTO jobs (id, verb, request, requester, state, tries, owner, received_at) VALUES"
            " (:id, :verb, :request, :requester, 'waiting', 0, :owner, :now) ON CONFLICT (id) DO NOTHING",
            {
                "id": job.id, "verb": job.verb, "request": json.dumps(job.request), "requester": job.requester,
                "owner": owner, "now": now,
            },
        )
    )  # fmt: skip


def begin(tx: Transaction, job_id: str, owner: str) -> Job | None:
    """Count a try and return the job, None where it is ended or has become another process's."""
    touched = tx.execute(
        "UPDATE jobs SET tries = tries + 1 WHERE id = :id AND owner = :owner AND state = 'waiting'",
        {"id": job_id, "owner": owner},
    )
    row = tx.row("SELECT id, verb, request, requester, tries FROM jobs WHERE id = :id", {"id": job_id})
    return _job(row) if touched and row else None


def end(tx: Transaction, job_id: str, state: str, now: str) -> bool:
    """Mark a job as `done` or `failed`; False if it is ended already."""
    return bool(
        tx.execute(
            "UPDATE jobs SET state = :state, ended_at = :now WHERE id = :id AND state = 'waiting'",
            {"id": job_id, "state": state, "now": now},
        )
    )


def adopt(tx: Transaction, owner: str, alive: Collection[str], doing: Collection[str] | None = None) -> list[Job]:
    """Take over the jobs of processes that are no longer alive, oldest first.

    With them those that `owner` has left without being able to end them: its jobs that it is not `doing`, where that
    is told.
    """
    rows = tx.rows(
        "SELECT id, verb, request, requester, tries, owner FROM jobs WHERE state = 'waiting' ORDER BY received_at, id"
    )
    stays = {row["id"] for row in rows if row["owner"] == owner} if doing is None else doing
    left = [row for row in rows if row["owner"] not in alive or (row["owner"] == owner and row["id"] not in stays)]
    for row in left:
        tx.execute("UPDATE jobs SET owner = :owner WHERE id = :id", {"owner": owner, "id": row["id"]})
    return [_job(row) for row in left]


def waiting(tx: Transaction) -> int:
    """Count the jobs that are not ended."""
    row = tx.row("SELECT count(*) AS jobs FROM jobs WHERE state = 'waiting'")
    return int(row["jobs"]) if row else 0


def _job(row: Mapping[str, Any]) -> Job:
    return Job(row["id"], row["verb"], json.loads(row["request"]), row["requester"], row["tries"])
