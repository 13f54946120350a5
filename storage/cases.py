"""What a channel was told before: of the same subject, case, person, post or watch; and how alerts hang together."""

from __future__ import annotations

from typing import Any

from storage.alerts import Alert, AlertKind, where
from storage.database import Transaction
from storage.grants import visible
from storage.records import Place, PlacePrecision, Viewer


def newest_of_subject(tx: Transaction, workspace: str, channel: str, subject: str, since: str) -> Alert | None:
    """Return the newest alert of a subject in a channel whose last evidence is no older than `since`."""
    found = where(
        tx,
        "workspace = :workspace AND channel = :channel AND subject = :subject AND evidence_at >= :since"
        " ORDER BY evidence_at DESC, seq DESC LIMIT 1",
        {"workspace": workspace, "channel": channel, "subject": subject, "since": since},
    )
    return found[0] if found else None


def of_case(tx: Transaction, workspace: str, channel: str, case: str, since: str) -> list[Alert]:
    """Return the alerts of a case in a channel that were raised at `since` or later, the oldest first."""
    return where(
        tx,
        "workspace = :workspace AND channel = :channel AND case_key = :case AND raised_at >= :since ORDER BY seq",
        {"workspace": workspace, "channel": channel, "case": case, "since": since},
    )


def threads(tx: Transaction, workspace: str, channel: str, case: str, since: str) -> list[Alert]:
    """Return the alerts of a case that stand in a channel themselves and were alive at `since`, the newest first."""
    return where(
        tx,
        "workspace = :workspace AND channel = :channel AND case_key = :case AND evidence_at >= :since"
        " AND root = '' AND roll = '' ORDER BY seq DESC LIMIT 5",
        {"workspace": workspace, "channel": channel, "case": case, "since": since},
    )


def count_of_case(tx: Transaction, workspace: str, channel: str, case: str, since: str) -> int:
    """Count the alerts of a case that were told to a channel since a time."""
    row = tx.row(
        "SELECT count(*) AS alerts FROM alerts WHERE workspace = :workspace AND channel = :channel"
        " AND case_key = :case AND raised_at >= :since AND snooze = ''",
        {"workspace": workspace, "channel": channel, "case": case, "since": since},
    )
    return int(row["alerts"]) if row else 0


def count_of_watch(tx: Transaction, watch: str, channel: str, since: str) -> int:
    """Count what was told to a channel for a watch since a time."""
    row = tx.row(
        "SELECT count(*) AS alerts FROM alerts WHERE watch_id = :watch AND channel = :channel"
        " AND raised_at >= :since AND snooze = ''",
        {"watch": watch, "channel": channel, "since": since},
    )
    return int(row["alerts"]) if row else 0


def places_of_person(tx: Transaction, workspace: str, channel: str, person: str, since: str) -> list[tuple[str, Place]]:
    """Return the cases of a person that were alive at `since`, the newest first, each with a place it began with."""
    rows = tx.rows(
        "SELECT a.case_key, s.place_name, s.place_country, s.place_province, s.place_lat, s.place_lon,"
        " s.place_precision, s.place_key FROM alerts a"
        " JOIN alert_evidence e ON e.alert_id = a.id AND e.at = a.raised_at JOIN sightings s ON s.id = e.ref"
        " WHERE a.workspace = :workspace AND a.channel = :channel AND a.person_id = :person"
        " AND a.evidence_at >= :since ORDER BY a.evidence_at DESC, a.seq DESC, e.ref LIMIT 100",
        {"workspace": workspace, "channel": channel, "person": person, "since": since},
    )
    return [
        (
            row["case_key"],
            Place(row["place_name"], row["place_country"], row["place_lat"], row["place_lon"],
                  PlacePrecision(row["place_precision"]), row["place_key"], row["place_province"]),
        )
        for row in rows
    ]  # fmt: skip


def of_post(tx: Transaction, workspace: str, channel: str, post_id: str) -> list[Alert]:
    """Return what a channel was told of a post, or with a post as evidence, the newest first."""
    return where(
        tx,
        "workspace = :workspace AND channel = :channel AND (post_id = :post_id OR id IN"
        " (SELECT alert_id FROM alert_evidence WHERE post_id = :post_id)) ORDER BY seq DESC",
        {"workspace": workspace, "channel": channel, "post_id": post_id},
    )


def standing_on(tx: Transaction, post_id: str, ref: str) -> list[Alert]:
    """Return the alerts of every channel that have something of a post as evidence, the newest first; for machinery."""
    return where(
        tx,
        "id IN (SELECT alert_id FROM alert_evidence WHERE post_id = :post_id AND ref = :ref) ORDER BY seq DESC",
        {"post_id": post_id, "ref": ref},
    )


def of_watch(tx: Transaction, watch: str, channel: str, since: str) -> list[Alert]:
    """Return what a channel was told for a watch at `since` or later, the oldest first."""
    return where(
        tx,
        "watch_id = :watch AND channel = :channel AND raised_at >= :since ORDER BY seq",
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


def open_for(tx: Transaction, workspace: str, viewer: Viewer, limit: int) -> list[Alert]:
    """Return the newest open alerts of a workspace that the viewer may know of."""
    condition, params = known_to(viewer)
    return where(
        tx,
        f"workspace = :workspace AND state = 'open' AND {condition} ORDER BY raised_at DESC, id LIMIT :limit",
        {"workspace": workspace, "limit": limit, **params},
    )


def known_to(viewer: Viewer) -> tuple[str, dict[str, Any]]:
    """Return the SQL condition that the viewer may know of a row of `alerts`, and its parameters.

    They may see its posts. What a watch in a private channel has found is for the members of that channel, also where
    the posts are public: others need not know what is watched there, nor what was, by a watch that is removed or told
    elsewhere now.
    """
    if viewer.operator:
        return "1 = 1", {}
    condition, params = visible(viewer, "alerts.post_id")
    other, other_params = visible(viewer, "alerts.match_post_id")
    own = {f"own_{index}": name for index, name in enumerate(sorted(viewer.audiences))}
    marks = ", ".join(f":{name}" for name in own)
    secret = (
        "alerts.watch_id <> '' AND NOT EXISTS (SELECT 1 FROM watches w WHERE w.id = alerts.watch_id AND w.private = 0"  # noqa: S608
        f" AND w.channel = alerts.channel) AND 'channel:' || alerts.channel NOT IN ({marks})"
    )
    known = f"(alerts.post_id IS NULL OR {condition}) AND (alerts.match_post_id IS NULL OR {other}) AND NOT ({secret})"
    return known, {**params, **other_params, **own}


def retell(tx: Transaction, alert_id: str, told: Alert) -> None:
    """Let an alert tell of another post and other pictures than the ones it was raised for."""
    tx.execute(
        "UPDATE alerts SET post_id = :post_id, image_sha256 = :image, match_sha256 = :match WHERE id = :id",
        {"post_id": told.post_id, "image": told.image_sha256, "match": told.match_sha256, "id": alert_id},
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
