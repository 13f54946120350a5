"""Watches: saved questions with sources, a schedule and a channel, and how each of their sources fares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from storage.alerts import channel_viewer
from storage.counters import advance, current
from storage.database import Transaction
from storage.errors import NotFound
from storage.records import EVERYONE, EVERYWHERE, Viewer


class WatchKind(StrEnum):
    """What is watched."""

    PERSON = "person"
    PICTURE = "picture"
    ACCOUNT = "account"
    LINK = "link"


class WatchState(StrEnum):
    """Whether it runs."""

    PENDING = "pending"
    """An editor has to agree first."""
    ACTIVE = "active"
    PAUSED = "paused"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Watch:
    """One saved question.

    Attributes:
        id: stable, short enough to be typed.
        workspace: the team; `EVERYWHERE` for one made on the command line where no team is known.
        channel: the id of the channel that is told (a name with `#` where its id is not known yet).
        private: whether what it finds is for the members of the channel alone.
        kind: what is watched.
        subject: the person's id; the picture's SHA-256; the account as `platform:@handle`; the id of the post.
        label: the subject in words, as it is shown.
        sources: written forms of `bot.sources.refs.SourceRef`, in order; without any it is told of what comes in by
            other doors, and never runs.
        schedule: canonical words (`bot.schedules.words`); empty without sources.
        zone: IANA name of the zone that its times are shown in.
        quiet: canonical words of its quiet hours, empty for none.
        bypass: whether what contradicts what was told is told in quiet hours, too.
        budget: billed posts a day, over all its sources; None for no limit.
        owner: the member who set it up (`operator` for the command line).
        reason: why a private individual is watched; empty for a public figure.
        approved_by: the editor who agreed to that.
        state: whether it runs.
        since: since when its schedule counts.
        next_due: the next due time, None where it does not run.
    """

    id: str
    workspace: str
    channel: str
    private: bool
    kind: WatchKind
    subject: str
    label: str
    sources: tuple[str, ...]
    schedule: str
    zone: str
    owner: str
    since: str
    quiet: str = ""
    bypass: bool = True
    budget: int | None = None
    reason: str = ""
    approved_by: str = ""
    state: WatchState = WatchState.ACTIVE
    next_due: str | None = None

    @property
    def viewer(self) -> Viewer:
        """What everybody in its channel may see."""
        return channel_viewer(self.workspace, self.channel)

    @property
    def audience(self) -> str:
        """To whom what it finds is granted."""
        return f"channel:{self.channel}" if self.private else EVERYONE


@dataclass(frozen=True, slots=True)
class SourceState:
    """How one source of a watch fares.

    Attributes:
        source: its written form.
        cursor: the `since` of its next search; moved only when what it gave is committed.
        last_ok: when it answered last.
        failing_since: since when it has not.
        failures: how many searches in a row have failed.
        not_before: when it may be asked again, after a failure or where it asked for a pause.
        problem: why, in a sentence.
    """

    source: str
    cursor: str | None = None
    last_ok: str | None = None
    failing_since: str | None = None
    failures: int = 0
    not_before: str | None = None
    problem: str = ""


_FIELDS = tuple(name for name in Watch.__dataclass_fields__ if name != "sources")
_COLUMNS = ", ".join(_FIELDS)
_STATE = tuple(SourceState.__dataclass_fields__)
_FAILING = "id IN (SELECT f.watch_id FROM watch_sources f WHERE f.failing_since IS NOT NULL)"


def revision(tx: Transaction) -> int:
    """Return a number that rises whenever watches, subscriptions or snoozes change."""
    return current(tx, "watches")


def put(tx: Transaction, watch: Watch) -> None:
    """Keep a watch as it is now; a source that it had before keeps its cursor."""
    values = {name: getattr(watch, name) for name in _FIELDS}
    changes = ", ".join(f"{name} = :{name}" for name in _FIELDS if name != "id")
    tx.execute(
        f"INSERT INTO watches ({_COLUMNS}) VALUES ({', '.join(f':{name}' for name in _FIELDS)})"  # noqa: S608
        f" ON CONFLICT (id) DO UPDATE SET {changes}",
        {
            **values, "kind": str(watch.kind), "state": str(watch.state), "private": int(watch.private),
            "bypass": int(watch.bypass),
        },
    )  # fmt: skip
    for held in sources(tx, watch.id):
        if held.source not in watch.sources:
            tx.execute(
                "DELETE FROM watch_sources WHERE watch_id = :id AND source = :source",
                {"id": watch.id, "source": held.source},
            )
    tx.many(
        "INSERT INTO watch_sources (watch_id, position, source, failures, problem)"
        " VALUES (:id, :position, :source, 0, '') ON CONFLICT (watch_id, source) DO UPDATE SET position = :position",
        ({"id": watch.id, "position": place, "source": source} for place, source in enumerate(watch.sources)),
    )
    advance(tx, "watches")


def rest(tx: Transaction, watch_id: str) -> None:
    """Let a watch rest."""
    tx.execute("UPDATE watches SET state = 'paused', next_due = NULL WHERE id = :id", {"id": watch_id})
    advance(tx, "watches")


def remove(tx: Transaction, watch_id: str) -> None:
    """Forget a watch; what it has found stays."""
    for table in ("watch_sources", "watch_runs", "watch_costs"):
        tx.execute(f"DELETE FROM {table} WHERE watch_id = :id", {"id": watch_id})  # noqa: S608
    tx.execute("DELETE FROM watches WHERE id = :id", {"id": watch_id})
    advance(tx, "watches")


def get(tx: Transaction, watch_id: str) -> Watch:
    """Return a watch.

    Raises:
        NotFound: there is no such watch.
    """
    found = _where(tx, "id = :id", {"id": watch_id})
    if not found:
        raise NotFound(f"There is no watch {watch_id}; see the list of watches.")
    return found[0]


def all(tx: Transaction) -> list[Watch]:  # noqa: A001 - as in the other rooms of the store
    """Return every watch."""
    return _where(tx, "1 = 1 ORDER BY workspace, channel, label, id", {})


def of_workspace(tx: Transaction, workspace: str) -> list[Watch]:
    """Return the watches of a workspace, and those that were made for every one."""
    return _where(
        tx,
        "workspace IN (:workspace, :everywhere) ORDER BY channel, label, id",
        {"workspace": workspace, "everywhere": EVERYWHERE},
    )


def due(tx: Transaction, now: str, limit: int) -> list[Watch]:
    """Return the watches that are due, the longest first, but none that is being swept or whose workspace is paused."""
    return _where(
        tx,
        "state = 'active' AND next_due <= :now AND NOT EXISTS (SELECT 1 FROM workspace_settings s"
        " WHERE s.workspace = watches.workspace AND s.paused_at IS NOT NULL)"
        " AND NOT EXISTS (SELECT 1 FROM watch_runs r WHERE r.watch_id = watches.id"
        " AND r.state IN ('waiting', 'running')) ORDER BY next_due, id LIMIT :limit",
        {"now": now, "limit": limit},
    )


def scheduled(tx: Transaction) -> list[Watch]:
    """Return the watches that run by a schedule."""
    return _where(tx, "state = 'active' AND schedule <> '' ORDER BY id", {})


def turn_back(tx: Transaction, now: str, latest: str) -> None:
    """Correct what a clock that was ahead has noted: nothing begins after `now`, no source rests beyond `latest`."""
    tx.execute("UPDATE watches SET since = :now WHERE since > :now", {"now": now})
    tx.execute("UPDATE watch_sources SET failing_since = :now WHERE failing_since > :now", {"now": now})
    tx.execute("UPDATE watch_sources SET not_before = :latest WHERE not_before > :latest", {"latest": latest})


def schedule(tx: Transaction, watch_id: str, next_due: str | None) -> None:
    """Note when a watch is due next."""
    tx.execute("UPDATE watches SET next_due = :next_due WHERE id = :id", {"next_due": next_due, "id": watch_id})


def sources(tx: Transaction, watch_id: str) -> list[SourceState]:
    """Return how the sources of a watch fare, in order."""
    rows = tx.rows(
        f"SELECT {', '.join(_STATE)} FROM watch_sources WHERE watch_id = :id ORDER BY position",  # noqa: S608
        {"id": watch_id},
    )
    return [SourceState(**row) for row in rows]


def source(tx: Transaction, watch_id: str, written: str) -> SourceState | None:
    """Return how one source of a watch fares; None where it is none of its sources."""
    return next((state for state in sources(tx, watch_id) if state.source == written), None)


def fare(tx: Transaction, watch_id: str, state: SourceState) -> None:
    """Note how a source of a watch fares now; nothing is noted of one that was taken out meanwhile."""
    changes = ", ".join(f"{name} = :{name}" for name in _STATE if name != "source")
    tx.execute(
        f"UPDATE watch_sources SET {changes} WHERE watch_id = :id AND source = :source",  # noqa: S608
        {"id": watch_id, **{name: getattr(state, name) for name in _STATE}},
    )


def failing(tx: Transaction) -> list[tuple[Watch, SourceState]]:
    """Return every source that fails, with its watch, the longest first."""
    rows = tx.rows(
        f"SELECT watch_id, {', '.join(_STATE)} FROM watch_sources WHERE failing_since IS NOT NULL"  # noqa: S608
        " ORDER BY failing_since, watch_id, position"
    )
    known = {watch.id: watch for watch in _where(tx, _FAILING, {})}
    return [(known[row.pop("watch_id")], SourceState(**row)) for row in rows]


def spend(tx: Transaction, watch_id: str, day: str, posts: int) -> None:
    """Add billed posts to what a watch has cost on a day."""
    if posts:
        tx.execute(
            "INSERT INTO watch_costs (watch_id, day, posts) VALUES (:id, :day, :posts)"
            " ON CONFLICT (watch_id, day) DO UPDATE SET posts = watch_costs.posts + :posts",
            {"id": watch_id, "day": day, "posts": posts},
        )


def spent(tx: Transaction, watch_id: str, since_day: str) -> int:
    """Return how many billed posts a watch has cost from a day on."""
    row = tx.row(
        "SELECT coalesce(sum(posts), 0) AS posts FROM watch_costs WHERE watch_id = :id AND day >= :day",
        {"id": watch_id, "day": since_day},
    )
    return int(row["posts"]) if row else 0


def _where(tx: Transaction, condition: str, params: Mapping[str, Any]) -> list[Watch]:
    rows = tx.rows(f"SELECT {_COLUMNS} FROM watches WHERE {condition}", params)  # noqa: S608
    written: dict[str, list[str]] = {row["id"]: [] for row in rows}
    for watch_id, source in tx.tuples(
        "SELECT watch_id, source FROM watch_sources WHERE watch_id IN"  # noqa: S608
        f" (SELECT id FROM watches WHERE {condition}) ORDER BY watch_id, position",
        params,
    ):
        written[watch_id].append(source)
    return [_watch(row, written[row["id"]]) for row in rows]


def _watch(row: Mapping[str, Any], written: Sequence[str]) -> Watch:
    values = {name: row[name] for name in _FIELDS}
    typed = {
        "kind": WatchKind(row["kind"]), "state": WatchState(row["state"]), "private": bool(row["private"]),
        "bypass": bool(row["bypass"]), "sources": tuple(written),
    }  # fmt: skip
    return Watch(**{**values, **typed})
