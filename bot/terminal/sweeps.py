"""Sweeps on the command line, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot import wording
from bot.sweep_findings import SweepFinding
from storage.runs import Run
from storage.watches import Watch


def sweeps_lines(finding: SweepFinding) -> Iterator[str]:
    """Tell what sweeps have found, a line a watch, and each problem under it."""
    if not finding.swept:
        yield "Nothing was due."
        return
    for watch, run in finding.swept:
        yield sweep_line(watch, run)
        yield from (f"  {wording.plain(problem)}" for problem in run.problem.splitlines())


def sweep_line(watch: Watch, run: Run) -> str:
    """Tell in one line how far the sweep of a watch has come."""
    late = f", late, {wording.count(run.missed, 'run')} missed" if run.late else ""
    return (
        f"{wording.plain(watch.label)} ({watch.id}): {run.state}{late}, {wording.count(run.posts, 'post')},"
        f" {run.fresh:,} new, {wording.count(run.alerts, 'warning')}"
    )


def sweeps_shape(finding: SweepFinding) -> dict[str, Any]:
    """Give the JSON of sweeps: see docs/command-line.md."""
    return {
        "swept": [
            {
                "watch": watch.id,
                "label": watch.label,
                "channel": watch.channel,
                "due_at": None if run.asked_by else run.due_at,
                "asked_by": run.asked_by or None,
                "state": str(run.state),
                "late": run.late,
                "missed": run.missed,
                "begun_at": run.begun_at,
                "ended_at": run.ended_at,
                "posts": run.posts,
                "new": run.fresh,
                "alerts": run.alerts,
                "problems": run.problem.splitlines(),
            }
            for watch, run in finding.swept
        ],
        "posts": finding.posts,
        "new": finding.fresh,
        "alerts": finding.alerts,
    }
