"""The words in which a watch is told, the same on cards and on the command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot import wording
from bot.schedules.words import parse
from bot.watch_findings import WatchLine
from bot.watch_words import schedule_part
from storage.runs import Run, RunState
from storage.watches import Watch, WatchState

LISTED = 10
"""Sources that are named; of the others how many there are."""

_STATES = {
    WatchState.PENDING: "Waits for an editor.",
    WatchState.PAUSED: "Paused.",
    WatchState.REFUSED: "Refused by an editor.",
}


def asks(watch: Watch) -> str:
    """Say in sentences when it asks whom, when it is quiet, and what it may cost."""
    told = [schedule_and_sources(watch)]
    if watch.quiet:
        told.append(f"Quiet {wording.plain(watch.quiet)}, {'but' if watch.bypass else 'even'} for conflicts.")
    if watch.budget is not None:
        told.append(f"Budget: {wording.count(watch.budget, 'billed post')} a day.")
    if watch.reason:
        agreed = "" if not watch.approved_by else " An editor has agreed."
        told.append(f"Reason: “{wording.plain(watch.reason)}”.{agreed}")
    return " ".join(told)


def schedule_and_sources(watch: Watch) -> str:
    """Say in a sentence when it asks whom."""
    return f"{_schedule(watch)} from {_sources(watch)}." if watch.sources else "Whatever comes in by any door."


def runs(line: WatchLine) -> str:
    """Say when it runs next and how its last run went."""
    watch = line.watch
    told = _STATES.get(watch.state) or (f"Next run: {wording.at(watch.next_due)}." if watch.next_due else "")
    failing_now = [source.source for source in line.sources if source.failing_since]
    last = last_run(line.last, failing_now) if watch.sources else ""
    return " ".join(part for part in (told, last) if part)


def last_run(run: Run | None, told: Sequence[str] = ()) -> str:
    """Say what came of a run; of the sources in `told` what went wrong is said elsewhere."""
    if run is None:
        return "No run yet."
    if run.state in {RunState.WAITING, RunState.RUNNING}:
        return "A run is under way."
    late = ", late" if run.late else ""
    missed = f", stands for {wording.count(run.missed, 'missed run')}" if run.missed else ""
    got = f"{wording.count(run.posts, 'post')}, {run.fresh:,} new, {wording.count(run.alerts, 'warning')}"
    ended = {RunState.FAILED: "failed", RunState.CANCELLED: "cancelled"}.get(run.state)
    rest = [one for one in run.problem.splitlines() if not any(one.startswith(f"{source}: ") for source in told)]
    problem = f" {wording.plain(' '.join(rest))}" if rest else ""
    return f"Last run: {wording.at(run.begun_at)}{late}{missed}{f', {ended}' if ended else ''}: {got}.{problem}"


def failing(line: WatchLine) -> Iterator[str]:
    """Say of each source that fails since when, and why."""
    for source in line.sources:
        if source.failing_since:
            why = f" {wording.plain(source.problem)}" if source.problem else ""
            yield f"Failing since {wording.at(source.failing_since)}: {wording.plain(source.source)}.{why}"


def cost(line: WatchLine) -> str:
    """Say what it has cost; empty where it has no budget and nothing was billed."""
    if line.watch.budget is None and not line.spent_30_days:
        return ""
    of = f" of {line.watch.budget:,}" if line.watch.budget is not None else ""
    return f"Billed posts: {line.spent_today:,}{of} today, {line.spent_30_days:,} in 30 days."


def _schedule(watch: Watch) -> str:
    said = schedule_part(parse(watch.schedule, watch.zone), anchored=False)
    return said[:1].upper() + said[1:]


def _sources(watch: Watch) -> str:
    named = ", ".join(wording.plain(source.removeprefix("link:")) for source in watch.sources[:LISTED])
    more = len(watch.sources) - LISTED
    return f"{named} and {more:,} more" if more > 0 else named
