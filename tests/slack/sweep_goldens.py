"""The cards of sweeps that are held letter by letter."""

from __future__ import annotations

from collections.abc import Mapping

from bot.slack.blocks import Message
from bot.slack.cards.sweep import sweep_message, sweep_progress_message
from bot.sweep_findings import SweepFinding
from storage.runs import Run, RunState
from tests.slack.findings import AT
from tests.storage.makers import watch

PROBLEM = "rss:https://wire.example/feed: wire.example answered 503 instead of the feed; try again later."


def sweep(*states: RunState) -> SweepFinding:
    """A sweep that somebody asked for, of a watch in each of these states; the second one has a source that fails."""
    swept = (
        (
            watch(f"w{number}", label=f"Person {number} <!channel>"),
            Run(
                f"w{number}", "asked:1", AT, "T0DESK/U0RANA", state, posts=41, fresh=3, alerts=1,
                problem=PROBLEM if number == 1 else "",
            ),
        )
        for number, state in enumerate(states)
    )  # fmt: skip
    return SweepFinding(tuple(swept), "asked:1")


def sweep_cards() -> Mapping[str, Message]:
    """Every golden card of a sweep by the name of its file."""
    done, failed, running = RunState.DONE, RunState.FAILED, RunState.RUNNING
    return {
        "sweep": sweep_message(sweep(running)),
        "sweep-done": sweep_message(sweep(done)),
        "sweep-in-part": sweep_message(sweep(done, failed)),
        "sweep-cancelled": sweep_message(sweep(done, RunState.CANCELLED)),
        "sweep-progress": sweep_progress_message(sweep(running, failed, RunState.WAITING)),
        "sweep-progress-many": sweep_progress_message(sweep(*[running] * 60)),
    }
