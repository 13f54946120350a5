"""How the desk itself fares: sweeps, sources, budgets, what waits, and what could not be delivered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FailingSource:
    """A source of a watch that does not answer: whose, which, since when, how often in a row, and why."""

    watch: str
    label: str
    source: str
    since: str
    failures: int
    problem: str


@dataclass(frozen=True, slots=True)
class Budget:
    """What a watch may cost a day, in billed posts, and has cost today (UTC)."""

    watch: str
    label: str
    spent: int
    limit: int


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was given up: the id of its row, what it was, since when it was to be sent, and Slack's word."""

    id: str
    what: str
    created_at: str
    problem: str


@dataclass(frozen=True, slots=True)
class Health:
    """How the desk fares now.

    Attributes:
        watches: how many by state.
        last_good_sweep: when a sweep last ended well; None where none did.
        lag_seconds: how long the watch that waits longest is overdue; 0 where none is.
        sweeping: sweeps under way.
        requests_waiting: requests that are not answered yet.
        messages: rows of the outbox by state, those that are sent left out.
        failing: sources that fail.
        budgets: watches with a budget.
        dead: messages that were given up, the newest.
        paused_by, paused_at: who has paused everything, and when.
    """

    watches: Mapping[str, int] = field(default_factory=dict)
    last_good_sweep: str | None = None
    lag_seconds: float = 0.0
    sweeping: int = 0
    requests_waiting: int = 0
    messages: Mapping[str, int] = field(default_factory=dict)
    failing: tuple[FailingSource, ...] = ()
    budgets: tuple[Budget, ...] = ()
    dead: tuple[DeadLetter, ...] = ()
    paused_by: str = ""
    paused_at: str | None = None
