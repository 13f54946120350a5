"""A desk with a watched person, and what its channels are to be told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.desk import Desk
from bot.intake import Audience, Receipt
from bot.sources.base import Captured
from storage import alerts, cases, outbox, people, subscriptions, watches
from storage.alerts import Alert, AlertKind
from storage.database import Transaction
from storage.outbox import Message
from storage.records import EVERYONE, PostStatus, utc
from storage.subscriptions import Subscription
from storage.watches import Watch, WatchKind
from tests.desks import Clock, open_desk
from tests.test_intake import captured

TEAM = "T1"
PUBLIC = Audience(TEAM, EVERYONE, "T1/U1")
PERSON = "qassem-soleimani"
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def private(channel: str) -> Audience:
    """What is seen in a private channel alone."""
    return Audience(TEAM, f"channel:{channel}", "T1/U1")


@dataclass(frozen=True)
class Room:
    """A desk, and its clock."""

    desk: Desk
    clock: Clock

    @property
    def now(self) -> str:
        """The time, as it is kept."""
        return utc(self.clock())

    def watch(self, kind: WatchKind, subject: str, channel: str = "C1", **values: Any) -> Watch:
        """Set a watch up."""
        watch = Watch(**{
            "id": f"w-{kind}-{subject}-{channel}", "workspace": TEAM, "channel": channel, "private": False,
            "kind": kind, "subject": subject, "label": subject, "sources": (), "schedule": "", "zone": "UTC",
            "owner": "U1", "since": self.now, **values,
        })  # fmt: skip
        with self.desk.db.write() as tx:
            watches.put(tx, watch)
        return watch

    def follow(self, *channels: str, **values: Any) -> None:
        """Let channels watch the person."""
        for channel in channels or ("C1",):
            self.watch(WatchKind.PERSON, PERSON, channel, **values)

    def subscribe(self, *channels: str) -> None:
        """Let channels be told of every reuse."""
        with self.desk.db.write() as tx:
            for channel in channels or ("C1",):
                subscriptions.subscribe(tx, Subscription(TEAM, channel, "U1", self.now))

    def post(self, key: str, text: str, *pictures: bytes, to: Audience = PUBLIC, **changes: Any) -> Receipt:
        """Let a post come in, posted an hour ago if nothing else is said."""
        changes = {"posted_at": NOON, "captured_at": self.clock(), **changes}
        return self.take(captured(key, text, *pictures, **changes), to)

    def take(self, one: Captured, to: Audience = PUBLIC) -> Receipt:
        """Let a captured post come in."""
        return self.desk.intake.take(one, to)

    def gone(self, key: str, status: PostStatus = PostStatus.DELETED, to: Audience = PUBLIC) -> Receipt:
        """Let the platform say that a post is gone."""
        return self.take(
            captured(key, "", posted_at=None, captured_at=self.clock(), status=status, status_reason="It is gone.",
                     raw=f"gone {key} {self.now}".encode()),
            to,
        )  # fmt: skip

    def told(self, channel: str = "C1", kind: AlertKind | None = None) -> list[Alert]:
        """What a channel was told, the oldest first."""
        with self.desk.db.read() as tx:
            held = alerts.of_channel(tx, TEAM, channel, 5000)
        return sorted((one for one in held if kind in {None, one.kind}), key=lambda one: one.seq)

    def refs(self, alert: Alert) -> list[str]:
        """What an alert stands on."""
        with self.desk.db.read() as tx:
            return cases.newest_evidence(tx, alert.id, 1000)

    def rows(self, channel: str = "C1") -> list[Message]:
        """What waits for a channel in the outbox, in order."""
        with self.desk.db.read() as tx:
            return rows_of(tx, channel)

    def sent(self) -> int:
        """Send everything that is due, as Slack takes it; return how many messages that were."""
        count = 0
        while True:
            with self.desk.db.write() as tx:
                claimed = outbox.claim(tx, "me", self.now, self.now)
                for one in claimed:
                    outbox.begin(tx, one)
                    outbox.sent(tx, one, f"{count}.{len(claimed)}" if one.message.kind == "message" else None)
                    count += 1
            if not claimed:
                return count


def rows_of(tx: Transaction, channel: str) -> list[Message]:
    """What waits for a channel in the outbox, in order."""
    rows = tx.rows(
        "SELECT id FROM outbox WHERE channel = :channel AND state = 'waiting' ORDER BY seq", {"channel": channel}
    )
    return [message for row in rows if (message := outbox.get(tx, row["id"]))]


@contextmanager
def room(home: Path) -> Iterator[Room]:
    """A desk that knows one person."""
    clock = Clock(NOON)
    with open_desk(home, clock) as desk:
        with desk.db.write() as tx:
            people.add(tx, "Qassem Soleimani")
        yield Room(desk, clock)
