"""Snoozes: what a channel is not told of for a while: one picture, person, author or watch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from storage.alerts import Alert
from storage.counters import advance
from storage.database import Transaction
from storage.errors import NotFound


class Scope(StrEnum):
    """What a snooze is about."""

    PICTURE = "picture"
    PERSON = "person"
    AUTHOR = "author"
    WATCH = "watch"


@dataclass(frozen=True, slots=True)
class Snooze:
    """One channel is left in peace about one thing until a time.

    Attributes:
        subject: the case of the picture's alerts (`Alert.case`); the person's id; the author as an alert names it; the
            id of the watch.
        label: the same in words.
        ended_at: when it was over, or ended by hand; None while it holds.
    """

    id: str
    workspace: str
    channel: str
    scope: Scope
    subject: str
    label: str
    until: str
    actor: str
    at: str
    ended_at: str | None = None


_FIELDS = tuple(Snooze.__dataclass_fields__)


def put(tx: Transaction, snooze: Snooze) -> None:
    """Keep a snooze."""
    values = {name: getattr(snooze, name) for name in _FIELDS}
    tx.execute(
        f"INSERT INTO snoozes ({', '.join(_FIELDS)}) VALUES ({', '.join(f':{name}' for name in _FIELDS)})"  # noqa: S608
        " ON CONFLICT (id) DO UPDATE SET until = :until, ended_at = NULL",
        {**values, "scope": str(snooze.scope)},
    )
    advance(tx, "watches")


def get(tx: Transaction, snooze_id: str) -> Snooze:
    """Return a snooze.

    Raises:
        NotFound: there is none of that id.
    """
    found = _where(tx, "id = :id", {"id": snooze_id})
    if not found:
        raise NotFound("This snooze is not in the store any more; see the list of snoozes.")
    return found[0]


def end(tx: Transaction, snooze_id: str, now: str) -> bool:
    """End a snooze; False where it is over."""
    ended = tx.execute(
        "UPDATE snoozes SET ended_at = :now WHERE id = :id AND ended_at IS NULL", {"now": now, "id": snooze_id}
    )
    if ended:
        advance(tx, "watches")
    return bool(ended)


def holding(tx: Transaction) -> list[Snooze]:
    """Return every snooze that holds, whether or not its time is over, the first to end first."""
    return _where(tx, "ended_at IS NULL ORDER BY until, id", {})


def over(tx: Transaction, now: str) -> list[Snooze]:
    """Return the snoozes whose time is over and that were not ended yet."""
    return _where(tx, "ended_at IS NULL AND until <= :now ORDER BY until, id", {"now": now})


def keys(alert: Alert) -> dict[Scope, str]:
    """Return what of an alert can be snoozed."""
    found = {
        Scope.PICTURE: alert.case if alert.image_sha256 else "",
        Scope.PERSON: alert.person,
        Scope.AUTHOR: alert.author,
        Scope.WATCH: alert.watch,
    }
    return {scope: key for scope, key in found.items() if key}


def _where(tx: Transaction, condition: str, params: Mapping[str, Any]) -> list[Snooze]:
    rows = tx.rows(f"SELECT {', '.join(_FIELDS)} FROM snoozes WHERE {condition}", params)  # noqa: S608
    return [Snooze(**{**row, "scope": Scope(row["scope"])}) for row in rows]
