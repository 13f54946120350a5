"""A digest: what changed for a channel since its last one, each thing once; and when a channel gets one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot import wording
from bot.desk import Desk
from bot.findings import AlertFinding, DigestFinding
from bot.schedules.due import Calendar, Due, next_due
from bot.schedules.words import parse, words
from commands.alerts import alert_finding
from storage import conflicts, custody, digest_items, digests, news, sightings
from storage.alerts import channel_viewer
from storage.database import Transaction
from storage.digest_items import Stretch
from storage.digests import DigestPlan, DigestRun, Section
from storage.errors import NotFound
from storage.records import ArchivedSighting, utc
from storage.watches import SourceState

SHOWN: Final = 30
"""Alerts and conflicts of a section that are shown one by one; the rest is counted."""
SIGHTINGS: Final = 200
"""New sightings that are shown one by one."""
OF_PERSON: Final = 25
"""Of these, the newest so many of one person, so that nobody crowds out the others."""
WITHOUT_PLAN: Final = timedelta(days=1)
"""How far back a digest reaches in a channel that has none set up."""


def digest(
    desk: Desk, workspace: str, channel: str, due: Due | None = None, *, until: str | None = None
) -> DigestFinding:
    """Gather what a channel may be told since its last digest, of one state of the store; nothing is noted as told.

    `due` is the due time that it is made for, None for one that somebody asked for; `until` the time now, where whoever
    asks has looked at the clock already.
    """
    now = datetime.fromisoformat(until) if until else desk.clock()
    viewer = channel_viewer(workspace, channel)
    with desk.db.read() as tx:
        plan = digests.plan_of(tx, workspace, channel)
        after, since = digests.told(tx, workspace, channel, utc(now - WITHOUT_PLAN))
        stretch = Stretch(workspace, channel, after, max(after, news.head(tx)))
        wanted = plan.sections if plan else tuple(Section)
        alert_ids: dict[Section, list[str]] = {}
        totals: dict[Section, int] = {}
        for section in wanted:
            if section is Section.OPEN:
                totals[section], alert_ids[section] = digest_items.still_open(tx, stretch, SHOWN)
            else:
                totals[section], alert_ids[section] = digest_items.alerts(tx, stretch, section, SHOWN)
        made = DigestFinding(channel, since, utc(now), (), (), (), (), news=(after + 1, stretch.upto))
        sayings = digest_items.sayings(tx, stretch, OF_PERSON, SIGHTINGS)
        if Section.CONFLICTS in totals:
            clashing, ids = digest_items.conflicts(tx, stretch, SHOWN)
            totals[Section.CONFLICTS] += clashing + sayings.denied
            told = _in_order(sightings.chosen(tx, sayings.denials, viewer), sayings.denials)
            made = replace(made, conflicts=tuple(conflicts.of_ids(tx, ids, viewer)), denials=told)
        if Section.SIGHTINGS in totals:
            totals[Section.SIGHTINGS] += sum(person.total for person in sayings.people)
            said = _in_order(sightings.chosen(tx, sayings.first, viewer), sayings.first)
            made = replace(made, people=sayings.people, sightings=said)
        if Section.SNOOZED in totals:
            totals[Section.SNOOZED] += sayings.silent
            made = replace(made, silent=sayings.silent)
        if Section.SOURCES in totals:
            failing = digest_items.failing_sources(tx, stretch)
            made = replace(made, failing=tuple((state.source, _fails(state)) for state in failing))
    shown = {section: _findings(desk, ids) for section, ids in alert_ids.items()}
    recovered = tuple(alert for alert in shown.get(Section.SOURCES, ()) if not alert.problem)
    if Section.SOURCES in totals:
        totals[Section.SOURCES] = len(made.failing) + len(recovered)
    return replace(
        made,
        warnings=shown.get(Section.CONFLICTS, ()),
        newly_seen=shown.get(Section.SIGHTINGS, ()),
        reuse=shown.get(Section.REUSE, ()),
        still_open=shown.get(Section.OPEN, ()),
        snoozed=shown.get(Section.SNOOZED, ()),
        recovered=recovered,
        totals=totals,
        zone=plan.zone if plan else "UTC",
        late=due.late if due else False,
        due_at=utc(due.at) if due else None,
        missed=due.missed if due else 0,
    )


def run_of(finding: DigestFinding, workspace: str, due_at: str) -> DigestRun:
    """Return what is noted when a digest goes out; `due_at` is the due time, or the id of the request for it."""
    first, last = finding.news
    return DigestRun(workspace, finding.channel, due_at, first, last, finding.since, finding.late, finding.until)


def plan_for(
    tx: Transaction,
    workspace: str,
    channel: str,
    schedule: Calendar,
    *,
    owner: str,
    now: datetime,
    sections: tuple[Section, ...] = tuple(Section),
    silent: bool = False,
) -> DigestPlan:
    """Set when a channel gets its digest and what that tells; the first one tells what is new from now on."""
    plan = DigestPlan(
        workspace=workspace,
        channel=channel,
        schedule=words(schedule),
        zone=schedule.zone,
        owner=owner,
        since=utc(now),
        upto=news.head(tx),
        upto_at=utc(now),
        sections=sections,
        silent=silent,
        next_due=utc(next_due(schedule, now)),
        planned_at=utc(now),
    )
    digests.put(tx, plan)
    detail = {"schedule": plan.schedule, "sections": [str(each) for each in sections], "silent": silent}
    _log(tx, workspace, channel, owner, "digest on", now, detail)
    return digests.plan_of(tx, workspace, channel) or plan


def remove(tx: Transaction, workspace: str, channel: str, *, by: str, now: datetime) -> bool:
    """Send a channel no more digests; False where it got none."""
    removed = digests.remove(tx, workspace, channel)
    if removed:
        _log(tx, workspace, channel, by, "digest off", now, {})
    return removed


def next_of(plan: DigestPlan, after: datetime) -> str:
    """Return the first due time of a channel's digest after a moment."""
    return utc(next_due(parse(plan.schedule, plan.zone), after))


def _log(
    tx: Transaction, workspace: str, channel: str, by: str, action: str, now: datetime, detail: dict[str, object]
) -> None:
    actor = f"{workspace}/{by}"
    custody.append(tx, at=utc(now), actor=actor, action=action, subject=f"{workspace}/{channel}", detail=detail)


def _findings(desk: Desk, ids: list[str]) -> tuple[AlertFinding, ...]:
    """Gather alerts; one whose post is not for the channel to see any more is left out, and stays counted."""
    found = []
    for one in ids:
        try:
            found.append(alert_finding(desk, one))
        except NotFound:
            continue
    return tuple(found)


def _in_order(found: list[ArchivedSighting], ids: Sequence[str]) -> tuple[ArchivedSighting, ...]:
    held = {one.id: one for one in found}
    return tuple(held[one] for one in ids if one in held)


def _fails(state: SourceState) -> str:
    return f"fails since {wording.at(state.failing_since or '')}: {state.problem}"
