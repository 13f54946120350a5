"""Warnings: shown with what they stand on, as the channel that is told may see it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.conflicts import denials
from bot.desk import Desk
from bot.evidence import side_by_side
from bot.findings import AlertFinding, AlertsFinding, Match, RollFinding
from bot.slack.blur import blurred
from bot.travel import impossible_journey
from storage import (
    alerts,
    captures,
    cases,
    conflicts,
    custody,
    desks,
    images,
    posts,
    reuse,
    rolls,
    runs,
    sightings,
    subscriptions,
    watches,
)
from storage.alerts import CONTRADICTIONS, Alert, AlertKind, TriageState, channel_viewer
from storage.database import Transaction
from storage.errors import DatelineError, NotFound
from storage.records import OPERATOR, ArchivedSighting, Conflict, Reuse, Viewer
from storage.subscriptions import Subscription

if TYPE_CHECKING:
    from bot.images.prepared import Prepared

SHOWN: Final = 200
"""Open warnings that are looked at for one Home tab."""

SAID: Final = 10
"""Sightings of one warning that a card may need."""

HELD_AGAINST: Final = 200
"""Sightings of a person that a denial is held against, the newest."""

ROLLED: Final = 5
"""Warnings that a rolling message names."""

_PICTURES: Final = frozenset({AlertKind.REUSE, AlertKind.CAPTION_CONFLICT, AlertKind.EARLIER})
_SAYINGS: Final = frozenset({AlertKind.SIGHTING, AlertKind.DENIAL, AlertKind.TRAVEL})


def viewer_of(workspace: str, channel: str) -> Viewer:
    """What everybody in a channel may see: what is public in the workspace, and what was seen in the channel."""
    return channel_viewer(workspace, channel)


def alert_finding(desk: Desk, alert_id: str, evidence: Path | None = None, *, clear: bool = False) -> AlertFinding:
    """Gather what a warning stands on, as the channel that is told may see it.

    The two pictures are written side by side into the folder `evidence`, where one is given: blurred where the channel
    wants that, unless they are asked for as they are (`clear`).

    Raises:
        NotFound: the warning, or one of its posts, is not there or not for the channel any more.
    """
    with desk.db.read() as tx:
        alert = alerts.get(tx, alert_id)
        finding = _with_post(tx, _framed(tx, alert))
        if clear:
            finding = replace(finding, blurred=False)
        if alert.kind in _SAYINGS:
            return _with_sayings(desk, tx, finding)
        if alert.kind is AlertKind.DELETED and alert.post_id:
            said = sightings.of_post(tx, alert.post_id, alert.viewer)
            told = [one for one in said if one.sighting.person_id == alert.person or not alert.person]
            return replace(finding, sightings=tuple(told[:SAID]))
        if alert.kind is AlertKind.SOURCE:
            return replace(finding, problem=_problem(tx, alert))
    return _with_match(desk, finding, evidence)


def roll_finding(desk: Desk, roll_id: str, shown: int | None = ROLLED) -> RollFinding:
    """Gather what a rolling message counts, and the most serious of it; `shown` None: all of it.

    Raises:
        NotFound: there is no such message.
    """
    with desk.db.read() as tx:
        roll = rolls.get(tx, roll_id)
        held = alerts.of_roll(tx, roll_id)
        watch = _label(tx, roll.scope.removeprefix("watch/")) if roll.scope.startswith("watch/") else ""
    serious = sorted(held, key=lambda alert: (alert.kind in CONTRADICTIONS, alert.seq), reverse=True)
    return RollFinding(
        roll=roll,
        alerts=tuple(_listed(desk, alert) for alert in serious[:shown]),
        total=len(held),
        contradictions=sum(alert.kind in CONTRADICTIONS for alert in held),
        open=sum(alert.state is TriageState.OPEN for alert in held),
        watch=watch,
    )


def open_alerts(desk: Desk, workspace: str, viewer: Viewer) -> list[AlertFinding]:
    """Return the open warnings of a workspace that somebody may see, the newest first."""
    with desk.db.read() as tx:
        held = cases.open_for(tx, workspace, viewer, SHOWN)
    # one and the same subject may be told to several channels: one line is enough here
    once: dict[str, Alert] = {}
    for alert in held:
        once.setdefault(alert.subject, alert)
    return [_listed(desk, alert) for alert in once.values()]


def told(desk: Desk, channel: str = "", *, only_open: bool = False, limit: int = SHOWN) -> AlertsFinding:
    """List what channels were told, for the operator: of one channel (`workspace/channel`, or its id) or of all."""
    workspace, _, name = channel.rpartition("/")
    with desk.db.read() as tx:
        held = cases.newest(tx, workspace, name, only_open=only_open, limit=limit)
    return AlertsFinding(tuple(_listed(desk, alert) for alert in held), channel)


def _listed(desk: Desk, alert: Alert) -> AlertFinding:
    """Gather a warning for a list, which is not kept back because one of its pictures cannot be opened any more."""
    try:
        return alert_finding(desk, alert.id)
    except DatelineError:
        with desk.db.read() as tx:
            return _framed(tx, alert)


def subscribe(tx: Transaction, workspace: str, channel: str, actor: str, now: str, *, on: bool) -> bool:
    """Let a channel be warned, or no more; False where that is so already."""
    if on:
        changed = subscriptions.subscribe(tx, Subscription(workspace, channel, actor, now))
    else:
        changed = subscriptions.unsubscribe(tx, workspace, channel)
    if changed:
        action = "warnings on" if on else "warnings off"
        subject = f"{workspace}/{channel}"
        custody.append(tx, at=now, actor=f"{workspace}/{actor}", action=action, subject=subject, detail={})
    return changed


def _framed(tx: Transaction, alert: Alert) -> AlertFinding:
    """Gather what every warning has: what was decided, its thread, the watch that asked for it."""
    run = runs.begun_by(tx, alert.watch, alert.raised_at) if alert.late else None
    return AlertFinding(
        alert,
        others=0 if alert.root else cases.under(tx, alert.id),
        triage=tuple(alerts.steps(tx, alert.id)),
        blurred=desks.is_blurred(tx, alert.workspace, alert.channel),
        watch=_label(tx, alert.watch),
        due_at=run.due_at if run and run.late and not run.asked_by else "",
    )


def _label(tx: Transaction, watch_id: str) -> str:
    try:
        return watches.get(tx, watch_id).label if watch_id else ""
    except NotFound:
        return ""  # it was removed; what it found stays


def _with_post(tx: Transaction, finding: AlertFinding) -> AlertFinding:
    alert = finding.alert
    if alert.post_id is None:
        return finding
    post = posts.get(tx, alert.post_id, alert.viewer)
    if post is None:
        raise NotFound("The post of this warning is not for this channel to see; trace its link.")
    total = max(1, cases.count_evidence(tx, alert.id))
    return replace(finding, post=post, captures=tuple(captures.of_post(tx, post.id)), total=total)


def _with_sayings(desk: Desk, tx: Transaction, finding: AlertFinding) -> AlertFinding:
    alert = finding.alert
    refs = cases.newest_evidence(tx, alert.id, HELD_AGAINST)
    said = sightings.chosen(tx, refs, alert.viewer)
    if alert.kind is AlertKind.TRAVEL:
        clashes = [
            why for one in said for other in said if one.id < other.id and (why := impossible_journey(one, other))
        ]
    else:
        clashes = _denials(desk, tx, alert, said)
    beside = _other_side(tx, alert, said, clashes) if alert.kind is AlertKind.DENIAL else []
    return replace(finding, sightings=(*said[:SAID], *beside[:SAID]), conflicts=tuple(clashes))


def _other_side(
    tx: Transaction, alert: Alert, said: list[ArchivedSighting], clashes: list[Conflict]
) -> list[ArchivedSighting]:
    """Return what is denied, the newest first."""
    own = {one.id for one in said}
    ids = {each for clash in clashes for each in clash.sightings if each not in own}
    return sightings.chosen(tx, sorted(ids), alert.viewer) if ids else []


def _denials(desk: Desk, tx: Transaction, alert: Alert, said: list[ArchivedSighting]) -> list[Conflict]:
    """Pair what the warning stands on with what denies it, or with what it denies."""
    own = {one.id for one in said}
    about = sightings.for_person(tx, alert.person, alert.viewer, limit=HELD_AGAINST)
    everything = [*said, *(one for one in about if one.id not in own)]
    return [clash for clash in denials(everything, desk.readers.compatible) if own & set(clash.sightings)]


def _problem(tx: Transaction, alert: Alert) -> str:
    """Say why a source fails; empty where it does not any more, or is not asked any more."""
    for state in watches.sources(tx, alert.watch):
        if state.failing_since and alert.subject == f"source/{alert.watch}/{state.source}/{state.failing_since}":
            return state.problem or "It does not answer."
    return ""


def _with_match(desk: Desk, finding: AlertFinding, evidence: Path | None) -> AlertFinding:
    alert, post = finding.alert, finding.post
    if post is None or alert.image_sha256 is None or alert.match_sha256 is None:
        raise NotFound("The pictures of this warning are not in the store any more; trace the post again.")
    with desk.db.read() as tx:
        shown = images.appearances_of(tx, [alert.match_sha256], alert.viewer, 50)
        stands = tuple(one for one in shown if one[1].id != post.id)
        found = _reuse(desk, tx, alert.image_sha256, alert.match_sha256)
        about = {alert.image_sha256, alert.match_sha256}
        clashes = [one for one in conflicts.of_post(tx, post.id, alert.viewer) if one.image_sha256 in about]
    sheet = None
    if evidence and stands:
        sheet = side_by_side(desk, desk.vault.get(alert.image_sha256), found, stands, post, evidence)
    if sheet and finding.blurred:
        sheet = blurred(sheet)
    match = Match(found, str(desk.vault.path(alert.match_sha256)), stands, sheet)
    return replace(finding, match=match, conflicts=tuple(clashes))


def _reuse(desk: Desk, tx: Transaction, query: str, match: str) -> Reuse:
    """Find the verdict that a warning was raised for; what was found the other way round is looked at once more."""
    pairs = {(pair.query_sha256, pair.match_sha256): pair for pair in reuse.of_image(tx, query, OPERATOR)}
    if (query, match) in pairs:
        return pairs[query, match]
    if query == match:
        return desk.pictures.itself(_prepared(desk, query))
    found = None
    if (match, query) in pairs:
        found = desk.pictures.compared(_prepared(desk, query), _prepared(desk, match))
    if found is None:
        raise NotFound("The pictures of this warning are not found to be one any more; trace the post again.")
    return found


def _prepared(desk: Desk, sha256: str) -> Prepared:
    prepared, why_not = desk.pictures.prepare(desk.vault.get(sha256))
    if prepared is None:
        raise NotFound(f"The picture of this warning cannot be opened any more: {why_not}.")
    return prepared
