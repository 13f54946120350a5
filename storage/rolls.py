"""Rolling messages: one message with a count where many alerts would flood a channel."""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Transaction
from storage.errors import NotFound


@dataclass(frozen=True, slots=True)
class Roll:
    """One rolling message.

    Attributes:
        scope: what it counts: the case of a picture, or `watch/<id>` of a watch that catches up.
        why: why there is one, in a sentence.
        opened_at, last_at: when it began, and when the last alert joined it.
    """

    id: str
    workspace: str
    channel: str
    scope: str
    why: str
    opened_at: str
    last_at: str


_FIELDS = tuple(Roll.__dataclass_fields__)
_SELECT = f"SELECT {', '.join(_FIELDS)} FROM rolls"  # noqa: S608


def rolling(tx: Transaction, workspace: str, channel: str, scope: str, since: str) -> Roll | None:
    """Return the rolling message of a scope that something has joined since a time."""
    row = tx.row(
        f"{_SELECT} WHERE workspace = :workspace AND channel = :channel AND scope = :scope AND last_at >= :since"
        " ORDER BY last_at DESC, id LIMIT 1",
        {"workspace": workspace, "channel": channel, "scope": scope, "since": since},
    )
    return Roll(**row) if row else None


def put(tx: Transaction, roll: Roll) -> None:
    """Keep a rolling message as it is now."""
    tx.execute(
        f"INSERT INTO rolls ({', '.join(_FIELDS)}) VALUES ({', '.join(f':{name}' for name in _FIELDS)})"  # noqa: S608
        " ON CONFLICT (id) DO UPDATE SET last_at = :last_at",
        {name: getattr(roll, name) for name in _FIELDS},
    )


def get(tx: Transaction, roll_id: str) -> Roll:
    """Return a rolling message.

    Raises:
        NotFound: there is none of that id.
    """
    row = tx.row(f"{_SELECT} WHERE id = :id", {"id": roll_id})
    if row is None:
        raise NotFound("This message is not in the store any more; see the open warnings.")
    return Roll(**row)
