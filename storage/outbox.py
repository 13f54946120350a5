"""The outbox: every message to Slack as a row, from when it is decided until it stands there.

A row's id says what it is (the part of a job's answer, an alert in a channel), so that deciding it twice is one row.
States: `waiting` to be sent; `preparing`, claimed by a living process that has not begun to send it (its pictures are
being uploaded); `sending` by that process; `unsure` whether it was sent, because that process died or
the answer was lost; `sent`, with its `ts` where the message has one; `dead`, with the problem. How soon a channel may
get its next message is a row too (`pacing`), so that it holds over processes.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

from storage.counters import advance
from storage.database import Transaction


class Kind(StrEnum):
    """How a message reaches Slack."""

    MESSAGE = "message"
    """A message in a channel, or in a thread of it."""
    UPDATE = "update"
    """A change of a message that a row has sent."""
    EPHEMERAL = "ephemeral"
    """A message in a channel that one user sees."""
    RESPOND = "respond"
    """An answer to the address that came with a request."""


class Lane(IntEnum):
    """What goes first where messages wait for a channel."""

    CHANGE = -1
    """What was just decided about a message, shown in it to everybody who looks at it."""
    ANSWER = 0
    ALERT = 1
    DIGEST = 2


@dataclass(frozen=True, slots=True)
class Message:
    """One row of the outbox.

    Attributes:
        id: what it is, the same however often it is decided.
        kind: how it reaches Slack.
        lane: how urgent it is.
        workspace: the team it goes to.
        channel: the channel it goes to; messages to one channel never overtake one another within a lane.
        body: what is to be said, as JSON values.
        target: the response address, the user who alone sees it, or the `ts` of the thread it belongs to; else empty.
        root: the row whose message it answers in a thread, or changes.
    """

    id: str
    kind: Kind
    lane: Lane
    workspace: str
    channel: str
    body: Mapping[str, Any]
    target: str = ""
    root: str | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is this process's to send now.

    Attributes:
        message: the row.
        seq: which decision of it this is; a row that is decided anew while it is sent is sent once more.
        unsure: whether it may stand in Slack already.
        tries: how often it was tried before.
        created_at: when it was first decided.
        root_ts: the `ts` of the message of its root.
        root_body: what its root said, None where it has none.
        ts: its own `ts`, where it was sent before.
    """

    message: Message
    seq: int
    unsure: bool
    tries: int
    created_at: str
    root_ts: str | None
    root_body: Mapping[str, Any] | None
    ts: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a message has come: whether its words are still to be made, and when it is due."""

    unsaid: bool
    due_at: str


def put(tx: Transaction, message: Message, now: str, due_at: str | None = None) -> bool:
    """Decide a message; False if it was decided before. What follows one that was given up is given up with it.

    `due_at` is when it may go at the earliest: in quiet hours, their end. It counts as made then, so that nobody's
    patience with it, and no search for it in Slack, begins before.
    """
    new = bool(tx.execute(_INSERT + " ON CONFLICT (id) DO NOTHING", _values(tx, message, due_at or now)))
    _bury_if_orphaned(tx, message)
    return new


def put_again(tx: Transaction, message: Message, now: str, due_at: str | None = None) -> None:
    """Decide a message that may change: it is sent once more with its new words, however far the old one has come.

    `due_at` lets several changes that follow one another go as one: of two that wait the earlier time holds, and the
    more urgent lane.
    """
    tx.execute(
        _INSERT + " ON CONFLICT (id) DO UPDATE SET body = :body, seq = :seq, tries = 0,"
        " lane = CASE WHEN outbox.state = 'waiting' AND outbox.lane < :lane THEN outbox.lane ELSE :lane END,"
        " due_at = CASE WHEN outbox.state = 'waiting' AND outbox.due_at < :due_at THEN outbox.due_at ELSE :due_at END,"
        " created_at = CASE outbox.kind WHEN 'update' THEN :due_at ELSE outbox.created_at END,"
        " state = CASE WHEN outbox.state IN ('preparing', 'sending') THEN outbox.state ELSE 'waiting' END",
        _values(tx, message, due_at or now),
    )
    _bury_if_orphaned(tx, message)


def withdraw(tx: Transaction, message_id: str) -> bool:
    """Take back a message that nobody has begun to send; False where it may be on its way, or stands in Slack.

    Its changes go with it; what would have followed in its thread goes to the channel itself.
    """
    unsent = "id = :id AND state = 'waiting' AND ts IS NULL AND kind = 'message'"
    params = {"id": message_id}
    if tx.row(f"SELECT 1 AS held FROM outbox WHERE {unsent}", params) is None:  # noqa: S608
        return False
    tx.execute("DELETE FROM outbox WHERE root = :id AND kind = 'update'", params)
    tx.execute("UPDATE outbox SET root = NULL WHERE root = :id", params)
    return bool(tx.execute(f"DELETE FROM outbox WHERE {unsent}", params))  # noqa: S608


def hasten(tx: Transaction, message_id: str, due_at: str) -> None:
    """Let a message that waits for a later time go at an earlier one."""
    tx.execute(
        "UPDATE outbox SET due_at = :due_at, created_at = :due_at"
        " WHERE id = :id AND state = 'waiting' AND ts IS NULL AND due_at > :due_at",
        {"id": message_id, "due_at": due_at},
    )


def get(tx: Transaction, message_id: str) -> Message | None:
    """Return a row as it was decided; None where there is none of that id."""
    row = tx.row("SELECT * FROM outbox WHERE id = :id", {"id": message_id})
    return _message(row) if row else None


def standing(tx: Transaction, message_id: str) -> Standing | None:
    """Tell how a message stands; None where none of that id was decided, or it was given up unsent."""
    row = tx.row("SELECT state, ts, due_at FROM outbox WHERE id = :id", {"id": message_id})
    if row is None or (row["state"] == "dead" and row["ts"] is None):
        return None
    return Standing(row["state"] == "waiting" and row["ts"] is None, row["due_at"])


def claim(tx: Transaction, owner: str, now: str, free_at: str, busy: Collection[str] = ()) -> list[Claimed]:
    """Take the next message of every channel that may get one now; those channels may get another from `free_at` on.

    `busy` are channels (`workspace/channel`) that this process is still sending to.
    """
    claimed = []
    for channel in tx.rows(
        "SELECT DISTINCT o.workspace, o.channel FROM outbox o"
        " WHERE o.state IN ('waiting', 'unsure') AND o.due_at <= :now"
        " AND NOT EXISTS (SELECT 1 FROM pacing p WHERE p.channel = o.workspace || '/' || o.channel"
        " AND p.free_at > :now)"
        " AND NOT EXISTS (SELECT 1 FROM outbox s WHERE s.state IN ('preparing', 'sending')"
        " AND s.workspace = o.workspace AND s.channel = o.channel)",
        {"now": now},
    ):
        key = f"{channel['workspace']}/{channel['channel']}"
        row = None if key in busy else _next(tx, channel, now)
        if row is not None:
            # what may stand in Slack already stays so, whatever is done for it next
            state = "sending" if row["state"] == "unsure" else "preparing"
            tx.execute(
                "UPDATE outbox SET state = :state, owner = :owner WHERE id = :id",
                {"state": state, "owner": owner, **_id(row)},
            )
            hold(tx, key, free_at)
            claimed.append(_claimed(row))
    return claimed


def begin(tx: Transaction, claimed: Claimed) -> None:
    """Note that a message is about to be sent: from now on it may stand in Slack."""
    tx.execute("UPDATE outbox SET state = 'sending' WHERE id = :id AND state = 'preparing'", {"id": claimed.message.id})


def hold(tx: Transaction, channel: str, free_at: str) -> None:
    """Let nothing more be sent to a channel (`workspace/channel`) before a time."""
    tx.execute(
        "INSERT INTO pacing (channel, free_at) VALUES (:channel, :free_at)"
        " ON CONFLICT (channel) DO UPDATE SET free_at = :free_at WHERE pacing.free_at < :free_at",
        {"channel": channel, "free_at": free_at},
    )


def sent(tx: Transaction, claimed: Claimed, ts: str | None) -> None:
    """Note that a message stands in Slack; if it was decided anew meanwhile it is sent once more."""
    tx.execute("UPDATE outbox SET ts = :ts WHERE id = :id", {"ts": ts, "id": claimed.message.id})
    _leave(tx, claimed, "sent", "")


def failed(tx: Transaction, claimed: Claimed, problem: str, due_at: str, *, unsure: bool) -> None:
    """Note that a message could not be sent, and when to try again; `unsure` where it may have been."""
    tx.execute(
        "UPDATE outbox SET due_at = :due_at, tries = tries + 1 WHERE id = :id",
        {"due_at": due_at, "id": claimed.message.id},
    )
    begun = tx.row("SELECT 1 AS held FROM outbox WHERE id = :id AND state = 'sending'", {"id": claimed.message.id})
    _leave(tx, claimed, "unsure" if unsure and begun else "waiting", problem)


def bury(tx: Transaction, claimed: Claimed, problem: str) -> None:
    """Give a message up, and with it what should have followed in its thread; only a warning goes to the channel."""
    if _leave(tx, claimed, "dead", problem):
        if claimed.ts is None:
            tx.execute(f"UPDATE outbox SET root = NULL WHERE root = :id AND {_WARNING}", {"id": claimed.message.id})  # noqa: S608
        tx.execute(
            "UPDATE outbox SET state = 'dead', problem = :problem WHERE root = :id AND state = 'waiting'",
            {"id": claimed.message.id, "problem": problem},
        )


def rewrite(tx: Transaction, claimed: Claimed, body: Mapping[str, Any]) -> None:
    """Keep what was learnt on the way (the id of a file that is uploaded already) in the row."""
    tx.execute(
        "UPDATE outbox SET body = :body WHERE id = :id AND seq = :seq",
        {"body": json.dumps(body), "id": claimed.message.id, "seq": claimed.seq},
    )


def adopt(tx: Transaction, alive: Collection[str], owner: str = "", doing: Collection[str] = ()) -> int:
    """Take over what a process that is no longer alive was at; return how many rows.

    What it was sending is `unsure`; what it was only preparing waits again. So it is with what `owner` itself has left
    without being able to note what became of it: its rows that are not among those that it is `doing`.
    """
    rows = tx.rows("SELECT id, owner FROM outbox WHERE state IN ('preparing', 'sending')")
    orphans = [row for row in rows if row["owner"] not in alive or (row["owner"] == owner and row["id"] not in doing)]
    tx.many(
        "UPDATE outbox SET state = CASE WHEN state = 'sending' THEN 'unsure' ELSE 'waiting' END, owner = ''"
        " WHERE id = :id AND state IN ('preparing', 'sending')",
        map(_id, orphans),
    )
    return len(orphans)


def any_due(tx: Transaction, now: str) -> bool:
    """Tell whether there is anything that may be sent now, or is being sent by somebody."""
    row = tx.row(
        "SELECT 1 AS held FROM outbox WHERE state IN ('preparing', 'sending')"
        " OR (state IN ('waiting', 'unsure') AND due_at <= :now) LIMIT 1",
        {"now": now},
    )
    return row is not None


def unfinished(tx: Transaction) -> bool:
    """Tell whether there is anything to be sent, or being sent by somebody."""
    open_ = "'waiting', 'preparing', 'sending', 'unsure'"
    return tx.row(f"SELECT 1 AS held FROM outbox WHERE state IN ({open_}) LIMIT 1") is not None  # noqa: S608


def by_state(tx: Transaction) -> dict[str, int]:
    """Count the messages by state."""
    rows = tx.rows("SELECT state, count(*) AS messages FROM outbox GROUP BY state")
    return {row["state"]: int(row["messages"]) for row in rows}


def dead(tx: Transaction) -> list[tuple[Message, str]]:
    """Return the messages that were given up, each with its problem, the oldest first."""
    rows = tx.rows("SELECT * FROM outbox WHERE state = 'dead' ORDER BY seq")
    return [(_message(row), row["problem"]) for row in rows]


def resend(tx: Transaction, message_id: str, now: str) -> bool:
    """Let a message that was given up be tried again, with what should have followed it; False where none was.

    Nobody knows any more whether the answer to the last try was lost, so a message in a channel is looked for first.
    """
    held = tx.execute(
        "UPDATE outbox SET state = CASE kind WHEN 'message' THEN 'unsure' ELSE 'waiting' END, problem = '', tries = 0,"
        " due_at = :now, created_at = :now WHERE state = 'dead' AND (id = :id OR root = :id)",
        {"id": message_id, "now": now},
    )
    return bool(held)


def is_known(tx: Transaction, message_id: str) -> bool:
    """Tell whether a message was decided."""
    return tx.row("SELECT 1 AS held FROM outbox WHERE id = :id", {"id": message_id}) is not None


def ts_of(tx: Transaction, message_id: str) -> str | None:
    """Return the `ts` under which a row's message stands in Slack."""
    row = tx.row("SELECT ts FROM outbox WHERE id = :id", {"id": message_id})
    return row["ts"] if row else None


_WARNING = f"kind = 'message' AND lane = {int(Lane.ALERT)} AND state = 'waiting'"
_INSERT = (
    "INSERT INTO outbox (id, kind, lane, workspace, channel, target, root, body, state, owner, due_at, created_at, seq,"
    " tries, problem) VALUES (:id, :kind, :lane, :workspace, :channel, :target, :root, :body, 'waiting', '', :due_at,"
    " :due_at, :seq, 0, '')"
)


def _values(tx: Transaction, message: Message, due_at: str) -> dict[str, Any]:
    return {
        "id": message.id,
        "kind": str(message.kind),
        "lane": int(message.lane),
        "workspace": message.workspace,
        "channel": message.channel,
        "target": message.target,
        "root": message.root,
        "body": json.dumps(message.body),
        "due_at": due_at,
        "seq": advance(tx, "outbox"),
    }


def _next(tx: Transaction, channel: Mapping[str, Any], now: str) -> dict[str, Any] | None:
    """Return the next row of a channel: what is unsure first, since what follows must not overtake it."""
    return tx.row(
        "SELECT o.*, r.ts AS root_ts, r.body AS root_body FROM outbox o LEFT JOIN outbox r ON r.id = o.root"
        " WHERE o.state IN ('waiting', 'unsure') AND o.workspace = :workspace AND o.channel = :channel"
        " AND o.due_at <= :now AND (o.root IS NULL OR r.ts IS NOT NULL)"
        " ORDER BY o.state, o.lane, o.seq LIMIT 1",
        {"workspace": channel["workspace"], "channel": channel["channel"], "now": now},
    )


def _leave(tx: Transaction, claimed: Claimed, state: str, problem: str) -> bool:
    """Let a row go; False where it was decided anew while it was sent: then it waits to be sent once more."""
    left = tx.execute(
        "UPDATE outbox SET state = :state, problem = :problem, owner = '' WHERE id = :id AND seq = :seq",
        {"state": state, "problem": problem, "id": claimed.message.id, "seq": claimed.seq},
    )
    if not left:
        tx.execute(
            "UPDATE outbox SET state = 'waiting', owner = '' WHERE id = :id AND state IN ('preparing', 'sending')",
            {"id": claimed.message.id},
        )
    return bool(left)


def _bury_if_orphaned(tx: Transaction, message: Message) -> None:
    if message.root:
        dead = "root IN (SELECT id FROM outbox WHERE state = 'dead' AND ts IS NULL)"
        tx.execute(f"UPDATE outbox SET root = NULL WHERE id = :id AND {_WARNING} AND {dead}", {"id": message.id})  # noqa: S608
        tx.execute(
            "UPDATE outbox SET state = 'dead', problem = 'what it follows was given up'"  # noqa: S608
            f" WHERE id = :id AND state = 'waiting' AND {dead}",
            {"id": message.id},
        )


def _id(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": row["id"]}


def _claimed(row: Mapping[str, Any]) -> Claimed:
    return Claimed(
        _message(row),
        row["seq"],
        row["state"] == "unsure",
        row["tries"],
        row["created_at"],
        row["root_ts"],
        json.loads(row["root_body"]) if row["root_body"] else None,
        row["ts"],
    )


def _message(row: Mapping[str, Any]) -> Message:
    return Message(
        row["id"],
        Kind(row["kind"]),
        Lane(row["lane"]),
        row["workspace"],
        row["channel"],
        json.loads(row["body"]),
        row["target"],
        row["root"],
    )
