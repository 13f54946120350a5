"""Alerts: what is told to channels that asked for it, once a subject and channel, and what people decided about it.

A *subject* is what one alert is about; a *case* is what several of them have in common (one picture, one person at one
place), so that they stand in one thread. Later evidence of a subject joins its alert. A dismissal of a picture's alert
holds for the pair: the two pictures (or, where they are one file, the two posts) never warn again in that workspace
until it is undone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from storage.counters import advance
from storage.database import Transaction
from storage.errors import NotFound
from storage.records import EVERYONE, Viewer, short_id


class TriageState(StrEnum):
    """What people have decided."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    DISMISSED = "dismissed"
    SNOOZED = "snoozed"


class Act(StrEnum):
    """What somebody does about an alert, or what time does (`WAKE`: its snooze is over)."""

    ACKNOWLEDGE = "acknowledge"
    DISMISS = "dismiss"
    MARK = "mark"
    """Mark a picture of it as boilerplate (`storage.boilerplate`), which settles the alert like a dismissal."""
    ASSIGN = "assign"
    SNOOZE = "snooze"
    ESCALATE = "escalate"
    WAKE = "wake"
    UNDO = "undo"


class AlertKind(StrEnum):
    """What an alert is about."""

    REUSE = "image-reuse"
    CAPTION_CONFLICT = "caption-conflict"
    SIGHTING = "new-sighting"
    DENIAL = "denial"
    """Somebody denies, or takes back, that a person is where they were said to be."""
    TRAVEL = "impossible-travel"
    DELETED = "deleted-post"
    EARLIER = "earlier-appearance"
    """An earlier appearance was found of a picture that was traced before."""
    SOURCE = "source-failing"


CONTRADICTIONS = frozenset({AlertKind.CAPTION_CONFLICT, AlertKind.DENIAL, AlertKind.TRAVEL})
"""What says that something told is not so: it breaks quiet hours, and stands first in a digest."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One matter, told to one channel.

    Attributes:
        id: stable; the outbox row of its message is `alert:<id>`.
        workspace: the team.
        channel: the channel that is told.
        kind: what it is about.
        subject: what makes it one: evidence of the same subject joins it.
        case: what it has in common with the other alerts of its thread.
        raised_at: when.
        evidence_at: when the last evidence joined it.
        root: the alert whose message's thread it stands in; empty where it stands in the channel itself.
        roll: the rolling message that tells it instead of one of its own; else empty.
        watch: the watch that asked for it; empty where the channel is told of everything.
        person: the id of the person it is about, where it is about one.
        author: `platform:@handle` of who published the post, where that is known.
        pair: what a dismissal holds for; empty where it holds for the alert alone.
        post_id: the post that raised it.
        image_sha256, match_sha256: that post's picture, and the stored one that it is a copy of.
        match_post_id: the earliest other post that shows it and that the channel may see; of a denial, the denied one.
        late: whether it came with a sweep that should have run earlier.
        state: what was decided last.
        assignee: who is to look into it; empty where nobody was named.
        snooze: the snooze that keeps it silent; else empty.
        escalated_at: when the people on call were told.
        seq: its number in the news (`storage.news`); 0 before it is raised.
    """

    id: str
    workspace: str
    channel: str
    kind: AlertKind
    subject: str
    case: str
    raised_at: str
    evidence_at: str
    root: str = ""
    roll: str = ""
    watch: str = ""
    person: str = ""
    author: str = ""
    pair: str = ""
    post_id: str | None = None
    image_sha256: str | None = None
    match_sha256: str | None = None
    match_post_id: str | None = None
    late: bool = False
    state: TriageState = TriageState.OPEN
    assignee: str = ""
    snooze: str = ""
    escalated_at: str | None = None
    seq: int = 0

    @property
    def viewer(self) -> Viewer:
        """What everybody in its channel may see."""
        return channel_viewer(self.workspace, self.channel)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that an alert stands on: a sighting or a post, by its id, and the post it comes from."""

    ref: str
    post_id: str
    at: str


@dataclass(frozen=True, slots=True)
class Triage:
    """One step about an alert: what was done, by whom, when, why, and how the alert stood after it.

    Attributes:
        by: the member's id; empty where time did it.
        until: until when it is snoozed; empty otherwise.
        why: of a dismissal, which of the reasons that are offered (`storage.dismissals.Reason`); empty otherwise.
    """

    act: Act
    state: TriageState
    by: str
    at: str
    reason: str = ""
    assignee: str = ""
    until: str = ""
    why: str = ""


_FIELDS = {name: {"case": "case_key", "watch": "watch_id", "person": "person_id"}.get(name, name)
           for name in Alert.__dataclass_fields__}  # fmt: skip
_COLUMNS = ", ".join(_FIELDS.values())

_FROM: Mapping[Act, frozenset[TriageState]] = {
    Act.ACKNOWLEDGE: frozenset({TriageState.OPEN, TriageState.SNOOZED}),
    Act.DISMISS: frozenset({TriageState.OPEN, TriageState.ACKNOWLEDGED, TriageState.SNOOZED}),
    Act.MARK: frozenset({TriageState.OPEN, TriageState.ACKNOWLEDGED, TriageState.SNOOZED}),
    Act.ASSIGN: frozenset({TriageState.OPEN, TriageState.ACKNOWLEDGED}),
    Act.SNOOZE: frozenset({TriageState.OPEN}),
    Act.ESCALATE: frozenset({TriageState.OPEN, TriageState.ACKNOWLEDGED}),
    Act.WAKE: frozenset({TriageState.SNOOZED}),
    Act.UNDO: frozenset(TriageState),
}
"""In which states something can be done."""


def channel_viewer(workspace: str, channel: str) -> Viewer:
    """Return what everybody in a channel may see: what is public in the workspace, and what was seen in the channel."""
    return Viewer(workspace, frozenset({EVERYONE, f"channel:{channel}"}))


def pair_of(image_sha256: str, match_sha256: str, post_id: str, match_post_id: str) -> str:
    """Name what a dismissal holds for: two pictures in whatever order, or two posts that show one and the same file."""
    same = image_sha256 == match_sha256
    return short_id(
        image_sha256 if same else "", *sorted((post_id, match_post_id) if same else (image_sha256, match_sha256))
    )


def is_dismissed(tx: Transaction, workspace: str, pair: str) -> bool:
    """Tell whether a pair was dismissed in a workspace."""
    found = tx.row(
        "SELECT 1 AS held FROM alerts WHERE workspace = :workspace AND pair = :pair AND state = 'dismissed' LIMIT 1",
        {"workspace": workspace, "pair": pair},
    )
    return bool(pair) and found is not None


def is_new(tx: Transaction, alert: Alert) -> bool:
    """Tell whether an alert can be raised: it is not known, and its pair was not dismissed in that workspace."""
    known = tx.row("SELECT 1 AS held FROM alerts WHERE id = :id", {"id": alert.id})
    return known is None and not is_dismissed(tx, alert.workspace, alert.pair)


def raise_once(tx: Transaction, alert: Alert) -> bool:
    """Note an alert, and that it is news; False where it is not new."""
    if not is_new(tx, alert):
        return False
    seq = advance(tx, "news")
    values = {name: getattr(alert, name) for name in _FIELDS}
    tx.execute(
        f"INSERT INTO alerts ({_COLUMNS}) VALUES ({', '.join(f':{name}' for name in _FIELDS)})",  # noqa: S608
        {**values, "state": str(alert.state), "kind": str(alert.kind), "late": int(alert.late), "seq": seq},
    )
    tx.execute(
        "INSERT INTO news (seq, kind, ref, at) VALUES (:seq, 'alert', :id, :at)",
        {"seq": seq, "id": alert.id, "at": alert.raised_at},
    )
    return True


def add_evidence(tx: Transaction, alert_id: str, evidence: Evidence) -> bool:
    """Let something join an alert; False where it has joined already."""
    new = tx.execute(
        "INSERT INTO alert_evidence (alert_id, ref, post_id, at) VALUES (:alert_id, :ref, :post_id, :at)"
        " ON CONFLICT DO NOTHING",
        {"alert_id": alert_id, "ref": evidence.ref, "post_id": evidence.post_id, "at": evidence.at},
    )
    if new:
        tx.execute(
            "UPDATE alerts SET evidence_at = :at WHERE id = :id AND evidence_at < :at",
            {"at": evidence.at, "id": alert_id},
        )
    return bool(new)


def evidence(tx: Transaction, alert_id: str) -> list[Evidence]:
    """Return what an alert stands on, in the order in which it came."""
    rows = tx.rows(
        "SELECT ref, post_id, at FROM alert_evidence WHERE alert_id = :id ORDER BY at, ref", {"id": alert_id}
    )
    return [Evidence(**row) for row in rows]


def get(tx: Transaction, alert_id: str) -> Alert:
    """Return an alert.

    Raises:
        NotFound: there is no such alert.
    """
    row = tx.row(f"SELECT {_COLUMNS} FROM alerts WHERE id = :id", {"id": alert_id})  # noqa: S608
    if row is None:
        raise NotFound("This warning is not in the store any more; trace the post again.")
    return _alert(row)


def of_roll(tx: Transaction, roll: str) -> list[Alert]:
    """Return the alerts that a rolling message tells, the oldest first."""
    return where(tx, "roll = :roll ORDER BY seq", {"roll": roll})


def move(tx: Transaction, alert_id: str, *, roll: str) -> None:
    """Let a rolling message tell an alert from now on, whatever thread it belonged to."""
    tx.execute("UPDATE alerts SET roll = :roll, root = '' WHERE id = :id", {"roll": roll, "id": alert_id})


def decide(tx: Transaction, alert_id: str, step: Triage, seen: int | None = None) -> bool:
    """Do something about an alert; False where somebody was first (`steps` tells who), or it cannot be done now.

    Of two people who decide at once the first one does: `seen` is how many steps there were when the second one looked,
    None where they looked at nothing. An undo takes back the last step that stands: never one that time did, nor what
    was done before a snooze was over.
    """
    alert, done = get(tx, alert_id), steps(tx, alert_id)
    if alert.state not in _FROM[step.act] or (seen is not None and seen != len(done)):
        return False
    after = step
    if step.act is Act.UNDO:
        if not undoable(done):
            return False
        was_silent = bool(alert.snooze) and all(one.act is not Act.SNOOZE for one in done)
        after = standing(done, TriageState.SNOOZED if was_silent else TriageState.OPEN)[-2]
    elif step.act is Act.ASSIGN:
        after = Triage(step.act, alert.state, step.by, step.at, step.reason, step.assignee)
    elif step.act is Act.ESCALATE:
        after = Triage(step.act, alert.state, step.by, step.at, step.reason, alert.assignee)
    else:
        after = replace(step, assignee=alert.assignee)
    tx.execute(
        "INSERT INTO triage (alert_id, step, act, state, assignee, actor, at, reason, until, why)"
        " VALUES (:id, :step, :act, :state, :assignee, :actor, :at, :reason, :until, :why)",
        {
            "id": alert_id, "step": len(done), "act": str(step.act), "state": str(after.state),
            "assignee": after.assignee, "actor": step.by, "at": step.at, "reason": step.reason, "until": after.until,
            "why": step.why,
        },
    )  # fmt: skip
    tx.execute(
        "UPDATE alerts SET state = :state, assignee = :assignee,"
        " escalated_at = CASE WHEN :act = 'escalate' THEN :at ELSE escalated_at END WHERE id = :id",
        {"state": str(after.state), "assignee": after.assignee, "act": str(step.act), "at": step.at, "id": alert_id},
    )
    return True


def standing(done: Sequence[Triage], begun: TriageState = TriageState.OPEN) -> list[Triage]:
    """Return how an alert stood, from the beginning to now, without what was taken back; a wake is a new beginning."""
    stack = [Triage(Act.UNDO, begun, "", "")]
    for step in done:
        if step.act is Act.WAKE:
            stack = [step]
        elif step.act is Act.UNDO:
            stack = stack[:-1] if len(stack) > 1 else stack
        else:
            stack.append(step)
    return stack


def undoable(done: Sequence[Triage]) -> bool:
    """Tell whether somebody's step about an alert stands that can be taken back."""
    return len(standing(done)) > 1


def steps(tx: Transaction, alert_id: str) -> list[Triage]:
    """Return every step about an alert, oldest first."""
    rows = tx.rows(
        "SELECT act, state, actor, at, reason, assignee, until, why FROM triage WHERE alert_id = :id ORDER BY step",
        {"id": alert_id},
    )
    return [
        Triage(Act(row["act"]), TriageState(row["state"]), row["actor"], row["at"], row["reason"], row["assignee"],
               row["until"], row["why"])
        for row in rows
    ]  # fmt: skip


def silence(tx: Transaction, alert_id: str, snooze: str) -> None:
    """Keep an alert under a snooze; empty: under none any more."""
    tx.execute("UPDATE alerts SET snooze = :snooze WHERE id = :id", {"snooze": snooze, "id": alert_id})


def of_snooze(tx: Transaction, snooze: str) -> list[Alert]:
    """Return the alerts that a snooze keeps silent, the oldest first."""
    return where(tx, "state = 'snoozed' AND snooze = :snooze ORDER BY seq", {"snooze": snooze})


def unattended(tx: Transaction, workspace: str, since: str, before: str) -> list[tuple[Alert, str]]:
    """Return the alerts raised between two times that are open still, were told, and have not been escalated.

    Each with the `ts` of the message that told it.
    """
    condition = (
        "state = 'open' AND raised_at >= :since AND raised_at <= :before AND workspace = :workspace"
        " AND escalated_at IS NULL"
    )
    rows = tx.rows(
        f"SELECT a.*, o.ts AS told_ts FROM (SELECT * FROM alerts WHERE {condition}) a JOIN outbox o"  # noqa: S608
        " ON o.id = CASE a.roll WHEN '' THEN 'alert:' || a.id ELSE 'roll:' || a.roll END"
        " WHERE o.ts IS NOT NULL ORDER BY a.seq",
        {"workspace": workspace, "since": since, "before": before},
    )
    return [(_alert(row), row["told_ts"]) for row in rows]


def of_channel(tx: Transaction, workspace: str, channel: str, limit: int) -> list[Alert]:
    """Return the newest alerts told to a channel, oldest first."""
    newest = where(
        tx,
        "workspace = :workspace AND channel = :channel ORDER BY raised_at DESC, id DESC LIMIT :limit",
        {"workspace": workspace, "channel": channel, "limit": limit},
    )
    return newest[::-1]


def where(tx: Transaction, condition: str, params: Mapping[str, Any]) -> list[Alert]:
    """Return the alerts that a condition holds for; for the files of this room alone."""
    return [_alert(row) for row in tx.rows(f"SELECT {_COLUMNS} FROM alerts WHERE {condition}", params)]  # noqa: S608


def _alert(row: Mapping[str, Any]) -> Alert:
    values = {name: row[column] for name, column in _FIELDS.items()}
    typed = {"state": TriageState(row["state"]), "kind": AlertKind(row["kind"]), "late": bool(row["late"])}
    return Alert(**{**values, **typed})
