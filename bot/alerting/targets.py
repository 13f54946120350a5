"""Who wants to be told of what: subscribed channels, watches and snoozes, as they were at one revision."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from bot.schedules.due import ScheduleRefused
from bot.schedules.quiet import QuietHours
from bot.schedules.quiet_words import parse_quiet
from storage import snoozes, subscriptions, watches
from storage.alerts import Alert, channel_viewer
from storage.database import Transaction
from storage.records import Place, Viewer, utc
from storage.snoozes import Scope, Snooze
from storage.watches import Watch, WatchKind, WatchState

log = logging.getLogger("dateline.alerts")


@dataclass(frozen=True, slots=True)
class Asked:
    """A channel that wants to be told, and the watch by which; None where it is told of everything."""

    workspace: str
    channel: str
    watch: Watch | None = None


@dataclass(frozen=True, slots=True)
class Listener:
    """A channel that is to be told of one matter.

    Attributes:
        watch: the watch that the alert is said to be for; None where the channel is told of everything.
        asked: every reason for which it is told.
    """

    workspace: str
    channel: str
    watch: Watch | None
    asked: tuple[Asked, ...]

    @property
    def viewer(self) -> Viewer:
        """What everybody in the channel may see."""
        return channel_viewer(self.workspace, self.channel)

    @property
    def watch_id(self) -> str:
        """The watch's id; empty without one."""
        return self.watch.id if self.watch else ""

    def due_at(self, now: str, *, urgent: bool) -> str:
        """Return when it may be told: now or, where every reason is a watch in quiet hours, at their first end."""
        return min((after_quiet(one.watch, now, urgent=urgent) for one in self.asked), default=now)


@dataclass(frozen=True)
class Targets:
    """Everything that wants to be told.

    Attributes:
        revision: of what it was read from; see `storage.watches.revision`.
        channels: those that are told of every reuse.
        persons, pictures, accounts, links: what is watched, by the watch's subject.
        snoozes: those that are not ended, by workspace and channel.
        compatible: whether two places can both be right.
    """

    revision: int
    channels: tuple[Asked, ...]
    persons: Mapping[str, tuple[Asked, ...]]
    pictures: Mapping[str, tuple[Asked, ...]]
    accounts: Mapping[str, tuple[Asked, ...]]
    links: Mapping[str, tuple[Asked, ...]]
    snoozes: Mapping[tuple[str, str], tuple[Snooze, ...]]
    compatible: Callable[[Place, Place], bool]

    @classmethod
    def read(cls, tx: Transaction, compatible: Callable[[Place, Place], bool]) -> Targets:
        """Read them as they are now."""
        watched: dict[WatchKind, dict[str, list[Asked]]] = {kind: {} for kind in WatchKind}
        for watch in watches.all(tx):
            if watch.state is WatchState.ACTIVE:
                subject = watch.subject.lower() if watch.kind is WatchKind.ACCOUNT else watch.subject
                watched[watch.kind].setdefault(subject, []).append(Asked(watch.workspace, watch.channel, watch))
        silent: dict[tuple[str, str], list[Snooze]] = {}
        for snooze in snoozes.holding(tx):
            silent.setdefault((snooze.workspace, snooze.channel), []).append(snooze)
        return cls(
            watches.revision(tx),
            tuple(Asked(one.workspace, one.channel) for one in subscriptions.all(tx)),
            _frozen(watched[WatchKind.PERSON]),
            _frozen(watched[WatchKind.PICTURE]),
            _frozen(watched[WatchKind.ACCOUNT]),
            _frozen(watched[WatchKind.LINK]),
            {channel: tuple(held) for channel, held in silent.items()},
            compatible,
        )

    def snooze_of(self, alert: Alert, asked: Iterable[Asked], now: str) -> Snooze | None:
        """Return what keeps an alert silent in its channel; None where nothing does.

        A snoozed watch keeps silent what nothing else has asked for.
        """
        held = [one for one in self.snoozes.get((alert.workspace, alert.channel), ()) if one.until > now]
        if not held:
            return None
        silent = {one.subject for one in held if one.scope is Scope.WATCH}
        alone = all(one.watch is not None and one.watch.id in silent for one in asked)
        keys = snoozes.keys(alert)
        return next(
            (one for one in held if keys.get(one.scope) == one.subject and (alone or one.scope is not Scope.WATCH)),
            None,
        )


class TargetBook:
    """Gives the targets of now, read anew only where something has changed."""

    def __init__(self, compatible: Callable[[Place, Place], bool]) -> None:
        self._compatible = compatible
        self._current: Targets | None = None

    def current(self, tx: Transaction) -> Targets:
        """Return who wants to be told, as of this transaction."""
        held = self._current
        if held is None or held.revision != watches.revision(tx):
            held = self._current = Targets.read(tx, self._compatible)
        return held


def listeners(asked: Iterable[Asked], watch: str) -> list[Listener]:
    """Make one listener a channel; of several reasons the watch that brought the post is named, if it is among them."""
    by_channel: dict[tuple[str, str], list[Asked]] = {}
    for one in asked:
        by_channel.setdefault((one.workspace, one.channel), []).append(one)
    found = []
    for (workspace, channel), reasons in sorted(by_channel.items()):
        first = min(reasons, key=lambda one: _rank(one, watch))
        found.append(Listener(workspace, channel, first.watch, tuple(reasons)))
    return found


def _rank(one: Asked, watch: str) -> tuple[int, str]:
    if one.watch is None:
        return 1, ""
    return (0 if one.watch.id == watch else 2), one.watch.id


def after_quiet(watch: Watch | None, now: str, *, urgent: bool) -> str:
    """Return when what a watch has found may be told: now or, within its quiet hours, at their end."""
    if watch is None or not watch.quiet or (urgent and watch.bypass):
        return now
    hours = _hours(watch.quiet, watch.zone)
    ends = hours.next_end(datetime.fromisoformat(now)) if hours else None
    return utc(ends) if ends else now


@lru_cache(maxsize=1024)
def _hours(quiet: str, zone: str) -> QuietHours | None:
    try:
        return parse_quiet(quiet, zone)
    except ScheduleRefused as refused:
        log.warning("quiet hours are not kept: %s", refused)  # rather told at night than never
        return None


def _frozen(watched: Mapping[str, list[Asked]]) -> Mapping[str, tuple[Asked, ...]]:
    return {subject: tuple(asked) for subject, asked in watched.items()}
