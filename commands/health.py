"""How the desk fares, as far as somebody may know; and trying once more what could not be delivered."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.health import Budget, DeadLetter, FailingSource, Health
from storage import custody, desks, health, outbox, runs, watches
from storage.alerts import channel_viewer
from storage.database import Transaction
from storage.outbox import Kind, Lane
from storage.records import EVERYWHERE, Viewer, utc
from storage.watches import Watch, WatchState

SHOWN: Final = 20
"""Dead letters that are shown, the newest."""

_WHAT: Final = {Lane.CHANGE: "a warning", Lane.ANSWER: "an answer", Lane.ALERT: "a warning", Lane.DIGEST: "a digest"}


def health_of(tx: Transaction, now: datetime, viewer: Viewer) -> Health:
    """Gather how the desk fares; of watches in private channels only what their members may know."""
    known = {watch.id: watch for watch in watches.all(tx) if _may_know(viewer, watch)}
    workspace = None if viewer.operator else viewer.workspace
    waiting = [watch.next_due for watch in known.values() if watch.state is WatchState.ACTIVE and watch.next_due]
    overdue = min(waiting, default=utc(now))
    good = health.last_good_sweeps(tx)
    set_here = desks.settings_of(tx, viewer.workspace)
    by_state: dict[str, int] = {}
    for watch in known.values():
        by_state[str(watch.state)] = by_state.get(str(watch.state), 0) + 1
    return Health(
        watches=by_state,
        last_good_sweep=max((good[each] for each in known if each in good), default=None),
        lag_seconds=max(0.0, (now - datetime.fromisoformat(overdue)).total_seconds()),
        sweeping=sum(run.watch_id in known for run in runs.running(tx)),
        requests_waiting=health.requests_waiting(tx, workspace),
        messages=health.messages_by_state(tx, workspace),
        failing=tuple(
            FailingSource(watch.id, watch.label, state.source, state.failing_since or "", state.failures, state.problem)
            for watch, state in watches.failing(tx)
            if watch.id in known
        ),
        budgets=tuple(
            Budget(each, known[each].label, posts, known[each].budget or 0)
            for each, posts in health.spent_today(tx, utc(now)[:10])
            if each in known
        ),
        dead=tuple(
            DeadLetter(letter, what_of(letter, kind, lane), at, problem)
            for letter, kind, lane, at, problem in health.dead_letters(tx, workspace, SHOWN)
        ),
        paused_by=set_here.paused_by,
        paused_at=set_here.paused_at,
    )


def resend(tx: Transaction, letter: str, actor: str, now: str) -> bool:
    """Try once more what was given up; False where that was done already."""
    again = outbox.resend(tx, letter, now)
    if again:
        custody.append(tx, at=now, actor=actor, action="resend", subject=letter, detail={})
    return again


def what_of(letter: str, kind: str, lane: int) -> str:
    """Say what a message was, without saying anything of its words or its place."""
    what = _WHAT[Lane(lane)]
    if letter.startswith("alert:"):
        what = "a warning"
    return f"a change of {what}" if kind == Kind.UPDATE else what


def _may_know(viewer: Viewer, watch: Watch) -> bool:
    if viewer.operator:
        return True
    if watch.workspace not in {viewer.workspace, EVERYWHERE}:
        return False
    return not watch.private or channel_viewer(watch.workspace, watch.channel).audiences <= viewer.audiences
