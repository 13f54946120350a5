"""A matter that one channel is to be told, before anybody knows whether it is new there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from bot.alerting.taken import Taken
from bot.alerting.targets import Listener
from storage.alerts import Alert, AlertKind, Evidence
from storage.records import utc

EPISODE: Final = timedelta(days=7)
"""After so long without evidence a subject is told anew, and a thread is taken up no more."""


@dataclass(frozen=True, slots=True)
class Matter:
    """An alert as it would be raised, and what it stands on.

    Attributes:
        alert: without root, roll and snooze.
        listener: the channel that is told, and why.
        evidence: what it stands on; what is new of it joins an alert of the same subject that is alive.
        forever: whether there is never a second alert of its subject, however long ago the first was.
        retold: whether an alert that it joins tells of its post and pictures from now on.
        card: the outbox row of an answer that it corrects, and in whose thread it belongs; else empty.
        target: the `ts` of the thread that this row itself stands in; else empty.
    """

    alert: Alert
    listener: Listener
    evidence: tuple[Evidence, ...] = ()
    forever: bool = False
    retold: bool = False
    card: str = ""
    target: str = ""

    def alive_since(self, now: str) -> str:
        """Return when an alert of the same subject must have been alive to be joined."""
        return "" if self.forever else ago(now, EPISODE)


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the alerts of what was taken in."""

    taken: Taken
    now: str

    def alert(self, listener: Listener, kind: AlertKind, subject: str, case: str, alert_id: str, **more: Any) -> Alert:
        """Make an alert for a channel."""
        values = {
            "watch": listener.watch_id,
            "author": self.taken.author,
            "post_id": self.taken.post.id,
            "late": self.taken.late and listener.watch_id in {"", self.taken.watch},
            **more,
        }
        return Alert(
            id=alert_id,
            workspace=listener.workspace,
            channel=listener.channel,
            kind=kind,
            subject=subject,
            case=case,
            raised_at=self.now,
            evidence_at=self.now,
            **values,
        )


def ago(now: str, time: timedelta) -> str:
    """Return the instant so long before another."""
    return utc(datetime.fromisoformat(now) - time)
