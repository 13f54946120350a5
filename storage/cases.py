"""What a channel was told before: of the same subject, case, person, post or watch; and how alerts hang together."""

from __future__ import annotations

from storage.alerts import Alert, AlertKind, where
from storage.database import Transaction


def newest_of_subject(tx: Transaction, workspace: str, channel: str, subject: str, since: str) -> Alert | None:
    """Return the newest alert of a subject in a channel whose last evidence is no older than `since`."""
    found = where(
        tx,
        "workspace = :workspace AND channel = :channel AND subject = :subject AND evidence_at >= :since"
        " ORDER BY evidence_at DESC, seq DESC LIMIT 1",
        {"workspace": workspace, "channel": channel, "subject": subject, "since": since},
    )
    return found[0] if found else None


def of_person(tx: Transaction, workspace: str, channel: str, person: str, since: str) -> list[Alert]:
    """Return the alerts about a person in a channel whose last evidence is no older than `since`, the newest first."""
    return where(
        tx,
        "workspace = :workspace AND channel = :channel AND person_id = :person AND evidence_at >= :since"
        " ORDER BY evidence_at DESC, seq DESC",
        {"workspace": workspace, "channel": channel, "person": person, "since": since},
    )


def of_case(tx: Transaction, workspace: str, channel: str, case: str, since: str) -> list[Alert]:
    """Return the alerts of a case in a channel that were raised at `since` or later, the oldest first."""
    return where(
        tx,
        "workspace = :workspace AND channel = :channel AND case_key = :case AND raised_at >= :since ORDER BY seq",
        {"workspace": workspace, "channel": channel, "case": case, "since": since},
    )


def of_post(tx: Transaction, workspace: str, channel: str, post_id: str) -> list[Alert]:
    """Return what a channel was told of a post, or with a post as evidence, the newest first."""
    return where(
        tx,
        "workspace = :workspace AND channel = :channel AND (post_id = :post_id OR id IN"
        " (SELECT alert_id FROM alert_evidence WHERE post_id = :post_id)) ORDER BY seq DESC",
        {"workspace": workspace, "channel": channel, "post_id": post_id},
    )


def of_late_watch(tx: Transaction, watch: str, channel: str, since: str) -> list[Alert]:
    """Return what came late for a watch and was raised at `since` or later, the oldest first."""
    return where(
        tx,
        "watch_id = :watch AND channel = :channel AND late = 1 AND raised_at >= :since ORDER BY seq",
        {"watch": watch, "channel": channel, "since": since},
    )


def newest(tx: Transaction, workspace: str, channel: str, *, only_open: bool, limit: int) -> list[Alert]:
    """Return the newest alerts told to a channel, or to all where none is named; for the operator."""
    return where(
        tx,
        "(:workspace = '' OR workspace = :workspace) AND (:channel = '' OR channel = :channel)"
        f"{' AND state = :open' if only_open else ''} ORDER BY seq DESC LIMIT :limit",
        {"workspace": workspace, "channel": channel, "open": "open", "limit": limit},
    )


def under(tx: Transaction, root: str) -> int:
    """Count the alerts that stand in the thread of an alert."""
    row = tx.row("SELECT count(*) AS alerts FROM alerts WHERE root = :root", {"root": root})
    return int(row["alerts"]) if row else 0


def uproot(tx: Transaction, root: str) -> None:
    """Let the alerts in the thread of an alert stand in the channel themselves."""
    tx.execute("UPDATE alerts SET root = '' WHERE root = :root", {"root": root})


def turn(tx: Transaction, alert_id: str, kind: AlertKind) -> None:
    """Note that an alert is of another kind, by what has come to light since it was raised."""
    tx.execute("UPDATE alerts SET kind = :kind WHERE id = :id", {"kind": str(kind), "id": alert_id})


def newest_evidence(tx: Transaction, alert_id: str, limit: int) -> list[str]:
    """Return the ids of what joined an alert last, the newest first."""
    rows = tx.rows(
        "SELECT ref FROM alert_evidence WHERE alert_id = :id ORDER BY at DESC, ref LIMIT :limit",
        {"id": alert_id, "limit": limit},
    )
    return [row["ref"] for row in rows]


def count_evidence(tx: Transaction, alert_id: str) -> int:
    """Count what an alert stands on."""
    row = tx.row("SELECT count(*) AS held FROM alert_evidence WHERE alert_id = :id", {"id": alert_id})
    return int(row["held"]) if row else 0
