"""What is told of sweeps that somebody asked for, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

from storage.runs import Run, RunState
from storage.watches import Watch


@dataclass(frozen=True, slots=True)
class SweepFinding:
    """How far sweeps have come.

    Attributes:
        swept: each watch with its run.
        asked: the request that they were asked for by; empty where they were due.
    """

    swept: tuple[tuple[Watch, Run], ...]
    asked: str = ""

    @property
    def over(self) -> bool:
        """Whether nothing of it is still to be done."""
        return all(run.state not in {RunState.WAITING, RunState.RUNNING} for _, run in self.swept)

    @property
    def posts(self) -> int:
        """What the sources gave."""
        return sum(run.posts for _, run in self.swept)

    @property
    def fresh(self) -> int:
        """How much of that was new."""
        return sum(run.fresh for _, run in self.swept)

    @property
    def alerts(self) -> int:
        """How many warnings that raised."""
        return sum(run.alerts for _, run in self.swept)
