"""A sweep that somebody asked for: its message in the channel, and how far it has come, in the thread under it."""

from __future__ import annotations

from typing import Final

from bot import wording
from bot.slack.blocks import Block, Message, actions, button, line, message, packed, rich, user, words
from bot.slack.cards import parts
from bot.slack.ids import Action, SweepRef
from bot.sweep_findings import SweepFinding
from storage.runs import Run, RunState
from storage.watches import Watch

LISTED: Final = 20
"""Watches that are told one by one."""
PROBLEMS: Final = 5
"""Problems of one watch that are told; the rest is a count."""

_STATES: Final = {
    RunState.WAITING: "waits for its turn",
    RunState.RUNNING: "is being swept",
    RunState.DONE: "done",
    RunState.FAILED: "failed, no source answered",
    RunState.CANCELLED: "cancelled; what was found is kept",
}


def sweep_message(finding: SweepFinding) -> Message:
    """Tell in the channel what is swept, at whose wish, and in the end what came of it."""
    what = _what(finding)
    by = finding.swept[0][1].asked_by.rpartition("/")[2]
    asked = [words(", asked for by "), user(by)] if by else []
    title = line(words(what, bold=True), *asked, words("."))
    if finding.over:
        result = _result(finding)
        return message([rich(title, line(words(result)))], [f"{what}.", result])
    stop = actions(button("Cancel", Action.CANCEL_SWEEP, SweepRef(finding.asked)))
    step = "How far it has come stands in the thread."
    return message([rich(title, line(words(step))), *stop], [f"{what}.", step])


def sweep_progress_message(finding: SweepFinding) -> Message:
    """Tell how far each watch has come."""
    atoms: list[list[Block]] = []
    said: list[str] = []
    for watch, run in finding.swept[:LISTED]:
        told = _told(watch, run)
        problems = [parts.short(problem, 300) for problem in run.problem.splitlines()]
        left = len(problems) - PROBLEMS
        shown = [*problems[:PROBLEMS], *([f"and {left:,} more problems"] if left > 0 else [])]
        atoms.append([line(words(told)), *(line(words(problem, italic=True)) for problem in shown)])
        said += [told, *shown]
    if len(finding.swept) > LISTED:
        more = f"and {len(finding.swept) - LISTED:,} more watches"
        atoms.append([line(words(more))])
        said.append(more)
    return message(packed(atoms), said)


def _what(finding: SweepFinding) -> str:
    if len(finding.swept) == 1:
        return f"Sweep of {parts.short(finding.swept[0][0].label)}"
    return f"Sweep of {len(finding.swept):,} watches"


def _result(finding: SweepFinding) -> str:
    states = [run.state for _, run in finding.swept]
    how = "Done"
    if RunState.CANCELLED in states:
        how = "Cancelled"
    elif RunState.FAILED in states:
        how = "Failed" if len(set(states)) == 1 else "Done in part"
    return f"{how}: {_numbers(finding.posts, finding.fresh, finding.alerts)}."


def _told(watch: Watch, run: Run) -> str:
    return f"{parts.short(watch.label)}: {_STATES[run.state]}. {_numbers(run.posts, run.fresh, run.alerts)}."


def _numbers(posts: int, fresh: int, alerts: int) -> str:
    return f"{wording.count(posts, 'post')}, {fresh:,} new, {wording.count(alerts, 'warning')}"
