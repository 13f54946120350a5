"""`watch`: what is done to a saved question: kept, listed, paused, resumed, changed, removed, agreed to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from bot.desk import Desk
from bot.schedules.due import EPOCH, Interval, next_due
from bot.schedules.words import parse as parse_schedule
from bot.schedules.words import words as schedule_words
from bot.watch_findings import WatchesFinding, WatchLine
from bot.watch_parts import refused_at
from bot.watch_words import quiet_part
from commands import people as people_verbs
from commands.watch_asked import PRIVATE, Place, scheduled
from storage import custody, people, runs, watches
from storage.database import Transaction
from storage.errors import DatelineError, NotFound
from storage.folding import fold
from storage.records import EVERYWHERE, utc
from storage.watches import Watch, WatchKind, WatchState

_MONTH: Final = timedelta(days=29)
"""Before today, which is the thirtieth day."""


class NotNow(DatelineError):
    """The watch is not in the state for it: it is watched already, was decided already, waits for an editor."""

    code = "watch_state"


class WatchedAlready(NotNow):
    """The same is watched in that channel.

    Attributes:
        watch: the one that is there.
    """

    watch: Watch

    @classmethod
    def by(cls, watch: Watch) -> WatchedAlready:
        """Name the watch that is there."""
        same = cls(f"{watch.label} is watched there already; its name is {watch.id}.")
        same.watch = watch
        return same


class NotYours(DatelineError):
    """Somebody else has to decide it."""

    code = "not_an_editor"


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose watches somebody may see and change: a private channel's only from that channel, in Home one's own.

    Attributes:
        workspace: None for the operator, who sees all.
    """

    workspace: str | None = None
    channel: str = ""
    user: str = ""

    def covers(self, watch: Watch) -> bool:
        """Whether a watch is within it."""
        if self.workspace is None:
            return True
        here = watch.channel == self.channel or (not self.channel and watch.owner == self.user)
        return watch.workspace in {self.workspace, EVERYWHERE} and (here or not watch.private)


def add(tx: Transaction, watch: Watch, actor: str, now: str) -> Watch:
    """Keep a watch that was prepared.

    Raises:
        WatchedAlready: the same is watched in that channel.
    """
    held = _held(tx, watch)
    if held is not None and held.state is not WatchState.REFUSED:
        raise WatchedAlready.by(held)
    if held is not None:
        watch = replace(watch, id=held.id)
    watches.put(tx, watch)
    action = "watch asked for" if watch.state is WatchState.PENDING else "watch added"
    _note(tx, now, actor, action, watch, _told(watch))
    return watch


def find(tx: Transaction, reach: Reach, typed: str) -> Watch:
    """Return the watch of a short name or, where that is plain, of a subject.

    Raises:
        NotFound: there is none within reach.
        WatchRefused: several may be meant.
    """
    known = [watch for watch in watches.all(tx) if reach.covers(watch)]
    wanted = fold(typed)
    exact = [watch for watch in known if watch.id == typed.strip().lower()]
    by_label = [watch for watch in known if wanted and wanted in {fold(watch.label), fold(watch.subject)}]
    by_word = [watch for watch in known if wanted and set(wanted.split()) <= set(fold(watch.label).split())]
    found = exact or by_label or by_word
    here = [watch for watch in found if watch.channel == reach.channel]
    found = here if len(here) == 1 else found
    if not found:
        raise NotFound(f"There is no watch called “{typed[:80]}”; see the list of watches.")
    if len(found) > 1:
        names = ", ".join(watch.id for watch in found[:8])
        raise refused_at("subject", f"“{typed[:80]}” may mean several watches; name one of {names}.")
    return found[0]


def pause(tx: Transaction, watch: Watch, actor: str, now: str) -> Watch:
    """Let a watch rest: it neither sweeps nor is told of anything; what it is at is stopped.

    Raises:
        NotNow: it does not run.
    """
    if watch.state is not WatchState.ACTIVE:
        raise NotNow(f"{watch.label} is {watch.state} already; see the list of watches.")
    runs.cancel_all(tx, watch.id, now)
    return _keep(tx, replace(watch, state=WatchState.PAUSED, next_due=None), actor, "watch paused", now)


def resume(tx: Transaction, watch: Watch, actor: str, now: datetime) -> Watch:
    """Let a watch go on; what was due while it rested is not made up for.

    Raises:
        NotNow: it runs already, or waits for an editor.
    """
    if watch.state is WatchState.PENDING:
        raise NotNow(f"{watch.label} waits for an editor; nobody has agreed to it yet.")
    if watch.state is not WatchState.PAUSED:
        raise NotNow(f"{watch.label} is {watch.state} already; see the list of watches.")
    return _keep(tx, _started(watch, now), actor, "watch resumed", utc(now))


def edit(
    tx: Transaction, watch: Watch, changes: Mapping[str, Any], actor: str, now: datetime, place: Place | None = None
) -> Watch:
    """Change what is named of a watch (fields of `WatchWords`); `place` where it is told somewhere else.

    Raises:
        WatchRefused: what would be left is no watch.
        WatchedAlready: the same is watched in that channel.
    """
    if place is not None and watch.reason and place.channel != watch.channel:
        raise refused_at(
            "channel", "What an editor has agreed to stays in its channel; remove the watch, and ask for it anew there."
        )
    kind, old = watch.kind, parse_schedule(watch.schedule, watch.zone) if watch.schedule else None
    sources = changes.get("sources", watch.sources)
    if kind in {WatchKind.ACCOUNT, WatchKind.LINK}:  # these have a source of their own
        own = watch.sources[:1] if kind is WatchKind.LINK else ()
        sources = tuple(dict.fromkeys([*own, *sources])) or watch.sources
    wanted = changes.get("schedule") or (old if sources else None)
    if isinstance(wanted, Interval) and isinstance(old, Interval) and replace(wanted, anchor=old.anchor) == old:
        wanted = old if wanted.anchor == EPOCH else wanted
    schedule, _ = scheduled(wanted, kind, sources, now)
    plain = {name: changes[name] for name in ("bypass", "budget", "zone", "reason") if name in changes}
    if "quiet" in changes:
        plain["quiet"] = quiet_part(changes["quiet"], bypass=True) if changes["quiet"] else ""
    if place is not None:
        plain |= {"channel": place.channel, "private": place.private}
    changed = replace(watch, sources=tuple(sources), schedule=schedule_words(schedule) if schedule else "", **plain)
    if place is not None and (same := _held(tx, changed)) is not None and same.id != watch.id:
        raise WatchedAlready.by(same)
    if changed.schedule != watch.schedule and changed.state is WatchState.ACTIVE:
        changed = _started(changed, now)
    return _keep(tx, changed, actor, "watch edited", utc(now), _told(changed))


def remove(tx: Transaction, watch: Watch, actor: str, now: str) -> None:
    """Forget a watch; what it has found stays."""
    watches.remove(tx, watch.id)
    _note(tx, now, actor, "watch removed", watch, _told(watch))


def need_approver(watch: Watch, user: str, editors: Collection[str] | None) -> None:
    """Make sure that somebody may decide upon a watch of a private individual.

    Args:
        watch: the watch.
        user: who wants to decide.
        editors: the members who may; None where none are set: then anybody but who asked may.

    Raises:
        NotYours: they may not.
    """
    if editors is None and user == watch.owner:
        raise NotYours("Somebody else has to agree to what you ask for; ask a colleague in this channel.")
    if editors is not None and user not in editors:
        raise NotYours("Only an editor may decide this; ask one of them (DATELINE_EDITORS names who they are).")


async def approve(desk: Desk, watch: Watch, actor: str) -> Callable[[Transaction], Watch]:
    """Put the person on the watch-list, and return what lets the watch run; that raises NotNow if it was decided."""
    _need_pending(watch)
    if not await desk.db.reading(lambda tx: people.find_exact(tx, watch.subject)):
        await people_verbs.add(desk, watch.label, (), PRIVATE, by=people_verbs.Asker(actor))

    def change(tx: Transaction) -> Watch:
        held = watches.get(tx, watch.id)
        _need_pending(held)
        agreed = replace(held, approved_by=actor.rpartition("/")[2])
        return _keep(tx, _started(agreed, desk.clock()), actor, "watch approved", utc(desk.clock()))

    return change


def refuse(tx: Transaction, watch: Watch, actor: str, now: str) -> Watch:
    """Decide that a private individual is not watched.

    Raises:
        NotNow: it was decided already.
    """
    _need_pending(watch)
    return _keep(tx, replace(watch, state=WatchState.REFUSED, next_due=None), actor, "watch refused", now)


def found_channel(tx: Transaction, watch_id: str, place: Place, now: str) -> None:
    """Let a watch that names its channel have the id, now that Slack has told it."""
    watch = replace(watches.get(tx, watch_id), workspace=place.workspace, channel=place.channel, private=place.private)
    _keep(tx, watch, place.actor, "watch channel found", now, _told(watch))


def listing(tx: Transaction, reach: Reach, now: datetime) -> WatchesFinding:
    """Return the watches within reach, those of the channel it is asked in first."""
    known = [watch for watch in watches.all(tx) if reach.covers(watch)]
    known.sort(key=lambda watch: watch.channel != reach.channel)
    return WatchesFinding(tuple(line_of(tx, watch, now) for watch in known))


def line_of(tx: Transaction, watch: Watch, now: datetime) -> WatchLine:
    """Return a watch as it fares."""
    today, month = utc(now)[:10], utc(now - _MONTH)[:10]
    return WatchLine(
        watch,
        tuple(watches.sources(tx, watch.id)),
        runs.newest(tx, watch.id),
        watches.spent(tx, watch.id, today),
        watches.spent(tx, watch.id, month),
    )


def _held(tx: Transaction, watch: Watch) -> Watch | None:
    """Return the watch of the same subject in the same channel."""
    same = [
        other for other in watches.of_workspace(tx, watch.workspace)
        if (other.channel, other.kind, other.subject) == (watch.channel, watch.kind, watch.subject)
    ]  # fmt: skip
    return same[0] if same else None


def _need_pending(watch: Watch) -> None:
    if watch.state is not WatchState.PENDING:
        raise NotNow(f"{watch.label} was decided already: the watch is {watch.state}.")


def _started(watch: Watch, now: datetime) -> Watch:
    due = utc(next_due(parse_schedule(watch.schedule, watch.zone), now)) if watch.schedule else None
    return replace(watch, state=WatchState.ACTIVE, since=utc(now), next_due=due)


def _keep(
    tx: Transaction, watch: Watch, actor: str, action: str, now: str, detail: Mapping[str, Any] | None = None
) -> Watch:
    watches.put(tx, watch)
    _note(tx, now, actor, action, watch, detail or {})
    return watch


def _told(watch: Watch) -> dict[str, Any]:
    """Say what is watched for whom, for the custody log."""
    return {
        "kind": str(watch.kind), "subject": watch.subject, "workspace": watch.workspace, "channel": watch.channel,
        "sources": list(watch.sources), "schedule": watch.schedule, "quiet": watch.quiet, "bypass": watch.bypass,
        "budget": watch.budget, "reason": watch.reason,
    }  # fmt: skip


def _note(tx: Transaction, now: str, actor: str, action: str, watch: Watch, detail: Mapping[str, Any]) -> None:
    custody.append(tx, at=now, actor=actor, action=action, subject=watch.id, detail=detail)
