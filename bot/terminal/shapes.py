"""Findings as JSON values, in the shapes that docs/command-line.md promises: keys may be added, never renamed."""

from __future__ import annotations

from dataclasses import asdict
from functools import singledispatch
from typing import Any

from bot.compare_findings import CompareFinding
from bot.elsewhere import Page
from bot.findings import (
    AlertFinding,
    AlertsFinding,
    CheckFinding,
    DigestFinding,
    DigestPlansFinding,
    IngestFinding,
    Match,
    NameMatch,
    PeopleFinding,
    ReadFinding,
    RebuildFinding,
    RollFinding,
    StatusFinding,
    TraceFinding,
    VerifyFinding,
    WhereisFinding,
)
from bot.people_findings import PeopleHistory
from bot.silence_findings import SilencedFinding
from bot.sweep_findings import SweepFinding
from bot.terminal.asked import asked_shape
from bot.terminal.compared import compare_shape
from bot.terminal.people import history_shape, linked_shape, people_shape
from bot.terminal.plans import plans_shape
from bot.terminal.silenced import silence_shape, silenced_shape
from bot.terminal.sweeps import sweeps_shape
from bot.terminal.verdicts import explanation_shape, judged_shape, verdicts_shape
from bot.terminal.watches import watches_shape
from bot.verdict_findings import Explanation, VerdictsFinding
from bot.watch_findings import WatchesFinding
from storage.records import (
    Appearance,
    ArchivedSighting,
    Capture,
    Conflict,
    Interval,
    Place,
    Polygon,
    Post,
    Sighting,
)

Json = Any


@singledispatch
def shape(finding: object) -> Json:
    """Return the JSON value of a finding.

    Raises:
        TypeError: the value is not a finding.
    """
    raise TypeError(f"{type(finding).__name__} has no JSON shape")


shape.register(CompareFinding, compare_shape)
shape.register(WatchesFinding, watches_shape)
shape.register(PeopleFinding, people_shape)
shape.register(PeopleHistory, history_shape)
shape.register(SilencedFinding, silenced_shape)
shape.register(SweepFinding, sweeps_shape)
shape.register(DigestPlansFinding, plans_shape)
shape.register(VerdictsFinding, lambda finding: verdicts_shape(finding, _archived))
shape.register(Explanation, lambda finding: explanation_shape(finding, _archived))


@shape.register
def _(finding: WhereisFinding) -> Json:
    match = finding.person
    return {
        **asked_shape(finding),
        "person": match and {**_suggestion(match), "matched_as": match.matched_as},
        "did_you_mean": [_suggestion(other) for other in finding.did_you_mean],
        "sightings": [_archived(found) for found in finding.sightings],
        "conflicts": [_conflict(conflict) for conflict in finding.conflicts],
        "threshold": finding.threshold,
        "rejected": finding.rejected,
    }


@shape.register
def _(finding: CheckFinding) -> Json:
    return {
        "input": finding.input,
        "sha256": finding.sha256,
        "width": finding.width,
        "height": finding.height,
        "usable": finding.usable,
        "why_not": finding.why_not,
        "matches": [_match(match) for match in finding.matches],
        "kept_as": finding.kept_as,
        "metadata": dict(finding.metadata),
        "boilerplate": silence_shape(finding.marked),
        "pictures": [shape(picture) for picture in finding.pictures],
        "notes": list(finding.notes),
        "elsewhere": [_page(page) for page in finding.elsewhere],
        "by_hand": finding.by_hand or None,
    }


@shape.register
def _(finding: TraceFinding) -> Json:
    post = finding.post
    return {
        "post": {
            "id": post.id,
            "platform": post.platform,
            "url": post.url,
            "author": post.author,
            "author_name": post.author_name,
            "publisher": post.publisher,
            "posted_at": post.posted_at,
            "posted_at_basis": post.posted_at_basis,
            "text": post.text,
            "lang": post.lang,
            "status": post.status,
            "status_reason": post.status_reason,
        },
        "captures": [_capture(capture) for capture in finding.captures],
        "images": [shape(image) for image in finding.images],
        "sightings": [_archived(found) for found in finding.sightings],
        "conflicts": [_conflict(conflict) for conflict in finding.conflicts],
        "differences": [_conflict(told) for told in finding.differences],
        "timeline": [asdict(entry) for entry in finding.timeline],
        "elsewhere": [_page(page) for page in finding.elsewhere],
        "notes": list(finding.notes),
        "already_archived": finding.already_archived,
    }


@shape.register
def _(finding: ReadFinding) -> Json:
    return {
        "lang": finding.lang,
        "mentions": [asdict(mention) for mention in finding.mentions],
        "sightings": [_sighting(found) for found in finding.sightings],
    }


@shape.register
def _(finding: IngestFinding) -> Json:
    return asdict(finding) | {
        "refused": [{"where": where, "why": why} for where, why in finding.refused],
        "notes": [{"post": post, "note": note, "where": where} for post, note, where in finding.notes],
    }


@shape.register
def _(finding: StatusFinding) -> Json:
    health = finding.health
    told = {name: value for name, value in asdict(finding).items() if name != "health"}
    return told | {
        "silenced": {"pairs": finding.silenced[0], "boilerplate": finding.silenced[1]},
        "picture_conflicts": finding.conflicts,
        "watches": dict(health.watches),
        "last_good_sweep": health.last_good_sweep,
        "lag_seconds": health.lag_seconds,
        "sweeping": health.sweeping,
        "queue": {"requests": health.requests_waiting, "messages": dict(health.messages)},
        "failing_sources": [asdict(source) for source in health.failing],
        "budgets": [asdict(budget) for budget in health.budgets],
        "dead_letters": [asdict(letter) for letter in health.dead],
        "paused": {"by": health.paused_by, "at": health.paused_at} if health.paused_at else None,
    }


@shape.register
def _(finding: VerifyFinding) -> Json:
    faults = [{"kind": kind, "subject": subject, "why": why} for kind, subject, why in finding.faults]
    return {"clean": finding.clean, "files": finding.files, "custody_rows": finding.custody_rows, "faults": faults}


@shape.register
def _(finding: RebuildFinding) -> Json:
    refused = [{"sha256": sha256, "why": why} for sha256, why in finding.refused]
    return {"images": finding.images, "texts": finding.texts, "sightings": finding.sightings, "refused": refused}


@shape.register
def _(finding: AlertFinding) -> Json:
    alert = finding.alert
    return {
        "id": finding.id,
        "kind": finding.kind,
        "raised_at": finding.raised_at,
        "state": finding.state,
        "post": finding.post and _stands(finding.post),
        "captures": [_capture(capture) for capture in finding.captures],
        "match": finding.match and _match(finding.match),
        "conflicts": [_conflict(conflict) for conflict in finding.conflicts],
        "triage": [asdict(step) for step in finding.triage],
        "workspace": alert.workspace,
        "channel": alert.channel,
        "subject": alert.subject,
        "case": alert.case,
        "evidence_at": alert.evidence_at,
        "assignee": alert.assignee,
        "late": alert.late,
        "due_at": finding.due_at or None,
        "watch": {"id": alert.watch, "label": finding.watch} if alert.watch else None,
        "sightings": [_archived(found) for found in finding.sightings],
        "total": finding.total,
        "others": finding.others,
        "problem": finding.problem,
    }


@shape.register
def _(finding: AlertsFinding) -> Json:
    return {"channel": finding.channel or None, "alerts": [shape(alert) for alert in finding.alerts]}


@shape.register
def _(finding: RollFinding) -> Json:
    counts = {"total": finding.total, "contradictions": finding.contradictions, "open": finding.open}
    alerts = [shape(alert) for alert in finding.alerts]
    return {**asdict(finding.roll), **counts, "watch": finding.watch or None, "alerts": alerts}


@shape.register
def _(finding: DigestFinding) -> Json:
    return {
        "channel": finding.channel,
        "since": finding.since,
        "until": finding.until,
        "zone": finding.zone,
        "due_at": finding.due_at,
        "late": finding.late,
        "missed": finding.missed,
        "empty": finding.empty,
        "news": {"first": finding.news[0], "last": finding.news[1]},
        "totals": {str(section): number for section, number in finding.totals.items()},
        "warnings": [shape(alert) for alert in finding.warnings],
        "conflicts": [_conflict(conflict) for conflict in finding.conflicts],
        "denials": [_archived(found) for found in finding.denials],
        "people": [asdict(person) for person in finding.people],
        "sightings": [_archived(found) for found in finding.sightings],
        "newly_seen": [shape(alert) for alert in finding.newly_seen],
        "reuse": [shape(alert) for alert in finding.reuse],
        "still_open": [shape(alert) for alert in finding.still_open],
        "snoozed": [shape(alert) for alert in finding.snoozed],
        "failing": [{"source": name, "how": how} for name, how in finding.failing],
        "recovered": [shape(alert) for alert in finding.recovered],
    }


def _page(page: Page) -> Json:
    return {"name": page.name, "url": page.url, "reveals": page.reveals}


def _suggestion(match: NameMatch) -> Json:
    return {"id": match.person.id, "name": match.person.name, "score": round(match.score, 4)}


def _place(place: Place) -> Json:
    return {
        "name": place.name,
        "country": place.country,
        "lat": place.lat,
        "lon": place.lon,
        "precision": place.precision,
        "province": place.province,
        "key": place.key,
    }


def _interval(time: Interval) -> Json:
    return {"from": time.start, "to": time.end, "precision": time.precision, "basis": time.basis}


def _sighting(found: Sighting) -> Json:
    spans = {
        "person": found.person_span and [found.person_span.start, found.person_span.end],
        "place": found.place_span and [found.place_span.start, found.place_span.end],
        "cues": [[cue.start, cue.end] for cue in found.cue_spans],
    }
    return {
        "person": {"id": found.person_id, "name": found.person_name},
        "place": _place(found.place),
        "stance": found.stance,
        "speaker": {"name": found.speaker.name, "kind": found.speaker.kind},
        "time": _interval(found.time),
        "quote": found.quote,
        "start": found.start,
        "end": found.end,
        "rule": found.rule,
        "score": round(found.score, 4),
        "matched_as": found.matched_as,
        "spans": spans,
        "linked": linked_shape(found.linked),
        "note": found.note,
    }


def _archived(found: ArchivedSighting) -> Json:
    where = _stands(found.post)
    proof = {"post": where, "capture": _capture(found.capture)}
    return {"id": found.id, **_sighting(found.sighting), **proof, "verdict": judged_shape(found.judged)}


def _stands(post: Post) -> Json:
    return {
        "id": post.id,
        "url": post.url,
        "publisher": post.publisher,
        "author": post.author,
        "posted_at": post.posted_at,
        "posted_at_basis": post.posted_at_basis,
    }


def _capture(capture: Capture) -> Json:
    return {
        "id": capture.id,
        "sha256": capture.sha256,
        "captured_at": capture.captured_at,
        "route": capture.route,
        "media_type": capture.media_type,
        "source_url": capture.source_url,
    }


def _conflict(conflict: Conflict) -> Json:
    return {
        "kind": conflict.kind,
        "why": conflict.why,
        "sightings": list(conflict.sightings),
        "posts": list(conflict.posts),
        "image": conflict.image_sha256,
        "relation": conflict.relation,
        "quotes": [
            {"post": quote.post_id, "quote": quote.text, "start": quote.start, "end": quote.end}
            for quote in conflict.quotes
        ],
    }


def _match(match: Match) -> Json:
    reuse = match.reuse
    return {
        "image": reuse.match_sha256,
        "score": reuse.score,
        "threshold": reuse.threshold,
        "certainty": reuse.certainty,
        "relation": reuse.relation,
        "transform": reuse.transform,
        "region_query": _polygon(reuse.region_query),
        "region_match": _polygon(reuse.region_match),
        "file": match.file,
        "evidence": match.evidence,
        "silenced": silence_shape(match.silence),
        "appearances": [_appearance(appearance, post) for appearance, post in match.appearances],
    }


def _polygon(polygon: Polygon) -> Json:
    return [[float(x), float(y)] for x, y in polygon]


def _appearance(appearance: Appearance, post: Post) -> Json:
    return {
        "post": post.id,
        "url": post.url,
        "author": post.author,
        "publisher": post.publisher,
        "posted_at": post.posted_at,
        "posted_at_basis": post.posted_at_basis,
        "caption": appearance.caption,
        "status": post.status,
    }
