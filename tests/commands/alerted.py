"""A store with warnings in it, for the tests of triage."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.alerting.telling import message_of
from storage import alerts, images, outbox
from storage.alerts import Alert, AlertKind, TriageState
from storage.database import Transaction
from storage.records import utc
from tests.storage.makers import archive, image, post

TEAM, CHANNEL, GROUP = "T1", "C1", "S0DUTY"
START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
POSTS = 12


def after(minutes: float) -> str:
    """Return an instant so many minutes after the start."""
    return utc(START + timedelta(minutes=minutes))


def archived(tx: Transaction) -> None:
    """Archive posts that everybody may see, and two pictures."""
    for number in range(POSTS):
        archive(tx, post(f"x:{number}", author=f"author_{number % 2}"))
    images.put(tx, image("one"))
    images.put(tx, image("other"))


def alert(number: int, minutes: float = 0, *, picture: int = 0, channel: str = CHANNEL) -> Alert:
    """A warning about a post's picture; those of one `picture` are one case."""
    at = after(minutes)
    return Alert(
        f"alert-{channel}-{number}", TEAM, channel, AlertKind.REUSE, f"picture/{number}", f"case/{picture}", at, at,
        author=f"x:author_{number % 2}", pair=f"pair-{number}", post_id=f"x:{number}",
        image_sha256=image("one").sha256, match_sha256=image("other").sha256, match_post_id=f"x:{number + 1}",
    )  # fmt: skip


def tell(tx: Transaction, told: Alert) -> None:
    """Raise a warning, and let its message stand in Slack; a silent one has none."""
    assert alerts.raise_once(tx, told)
    if told.state is not TriageState.SNOOZED:
        outbox.put(tx, message_of(told), told.raised_at)
        stands(tx, message_of(told).id, told.raised_at)


def stands(tx: Transaction, row: str, at: str) -> None:
    """Let a message of the outbox stand in Slack since a time."""
    ts = f"{datetime.fromisoformat(at).timestamp():.6f}"
    tx.execute("UPDATE outbox SET state = 'sent', ts = :ts WHERE id = :id", {"ts": ts, "id": row})
