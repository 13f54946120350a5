"""A digest: what changed for a channel, each thing once, conflicts and denials first."""

from __future__ import annotations

from datetime import timedelta

from bot.conflicts import denials
from bot.desk import Desk
from bot.findings import DigestFinding
from commands.alerts import alert_finding, viewer_of
from storage import alerts, sightings
from storage.alerts import TriageState
from storage.records import Conflict, utc

SIGHTINGS = 200
"""New sightings that a digest tells of, the newest."""


OPEN = 200
"""Warnings of a channel that are looked at, the newest."""


def digest(desk: Desk, workspace: str, channel: str, last: timedelta) -> DigestFinding:
    """Gather what a channel may be told of the time that has just passed."""
    now = desk.clock()
    since = utc(now - last)
    viewer = viewer_of(workspace, channel)
    with desk.db.read() as tx:
        raised = alerts.of_channel(tx, workspace, channel, OPEN)
        said = sightings.since(tx, since, viewer, SIGHTINGS)
    found = {alert.id: alert_finding(desk, alert.id) for alert in raised if alert.state is TriageState.OPEN}
    new = [found[alert.id] for alert in raised if alert.id in found and alert.raised_at >= since]
    new.sort(key=lambda alert: -alert.match.reuse.score if alert.match else 0.0)
    clashes: dict[str, Conflict] = {clash.why: clash for alert in new for clash in alert.conflicts}
    clashes |= {clash.why: clash for clash in denials(said, desk.readers.compatible)}
    return DigestFinding(
        channel=channel,
        since=since,
        until=utc(now),
        conflicts=tuple(clashes.values()),
        sightings=tuple(said),
        reuse=tuple(new),
        still_open=tuple(found[alert.id] for alert in raised if alert.id in found and alert.raised_at < since),
    )
