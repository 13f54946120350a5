"""Findings as text for a person at a terminal.

Every word from outside goes through `plain`, so that a caption can neither move the cursor nor reverse a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import singledispatch

from bot.compare_findings import CompareFinding
from bot.findings import (
    AlertFinding,
    AlertsFinding,
    CheckFinding,
    DigestFinding,
    DigestPlansFinding,
    IngestFinding,
    PeopleFinding,
    ReadFinding,
    RebuildFinding,
    RollFinding,
    StatusFinding,
    TraceFinding,
    VerifyFinding,
    WhereisFinding,
)
from bot.health import Health
from bot.people_findings import PeopleHistory
from bot.silence_findings import SilencedFinding
from bot.stated import stated
from bot.sweep_findings import SweepFinding
from bot.terminal.compared import compare_lines
from bot.terminal.evidence import (
    claim_lines,
    conflict_lines,
    difference_lines,
    elsewhere_lines,
    match_lines,
    sighting_lines,
)
from bot.terminal.people import history_lines, people_lines
from bot.terminal.plans import plans_lines
from bot.terminal.silenced import silenced_lines
from bot.terminal.sweeps import sweeps_lines
from bot.terminal.verdicts import explanation_lines, verdicts_lines
from bot.terminal.watches import watches_lines
from bot.verdict_findings import Explanation, VerdictsFinding
from bot.watch_findings import WatchesFinding
from bot.whereabouts import narrowed_words
from bot.wording import (
    DENIALS,
    NEVER_FACT,
    NO_SIGHTING,
    NOT_JUDGED,
    at,
    by_place,
    dated,
    left_out,
    place_words,
    plain,
    posted,
    silenced_by,
    still_unread,
    unsure,
    who,
)
from storage.records import PostStatus


def show(finding: object) -> str:
    """Return a finding as lines of text.

    Raises:
        TypeError: the value is not a finding.
    """
    return "\n".join(_lines(finding))


@singledispatch
def _lines(finding: object) -> Iterator[str]:
    raise TypeError(f"{type(finding).__name__} has no text form")


_lines.register(CompareFinding, compare_lines)
_lines.register(WatchesFinding, watches_lines)
_lines.register(PeopleFinding, people_lines)
_lines.register(PeopleHistory, history_lines)
_lines.register(SilencedFinding, silenced_lines)
_lines.register(SweepFinding, sweeps_lines)
_lines.register(DigestPlansFinding, plans_lines)
_lines.register(VerdictsFinding, verdicts_lines)
_lines.register(Explanation, explanation_lines)


@_lines.register
def _(finding: WhereisFinding) -> Iterator[str]:
    asked = plain(finding.query)
    if finding.person is None:
        title, near = unsure(asked, [other.score for other in finding.did_you_mean], finding.threshold)
        yield f"{title}."
        if near:
            yield near
        if finding.did_you_mean:
            yield "Did you mean:"
        for other in finding.did_you_mean:
            role = f", {plain(other.person.role)}" if other.person.role else ""
            yield f"  {plain(other.person.name)}{role} ({other.score:.2f}, by {plain(other.matched_as)})"
        yield "Add a person with: dateline people add NAME"
        return
    person = finding.person.person
    role = f", {plain(person.role)}" if person.role else ""
    yield f"{plain(person.name)}{role} (“{asked}” matched {plain(finding.person.matched_as)})"
    for name, day in (("on", finding.on), ("as known on", finding.known_on)):
        if day:
            yield f"  {name} {day}"
    if narrow := narrowed_words(finding.narrowed):
        yield f"  {narrow.removeprefix(', ')}"
    if finding.unread:
        yield f"  {still_unread(finding.unread)}"
    if finding.rejected:
        yield f"  {left_out(finding.rejected, 'dateline verdicts')}"
    if not finding.sightings:
        yield NO_SIGHTING
        return
    for kind, path in (("map", finding.map), ("timeline", finding.timeline)):
        if path:
            yield f"  {kind}: {path}"
    yield NEVER_FACT
    for group in by_place(finding.sightings):
        yield ""
        yield place_words(group[0].sighting.place)
        # Within a place newest first, as it came, but a denial after what it denies.
        for found in sorted(group, key=lambda one: one.sighting.stance in DENIALS):
            yield from sighting_lines(found)
    if finding.total > len(finding.sightings):
        yield ""
        yield f"The newest {len(finding.sightings)} of {finding.total}; narrow the question with --on or --place."
    yield from conflict_lines(finding.conflicts)


@_lines.register
def _(finding: CheckFinding) -> Iterator[str]:
    if not finding.pictures:
        yield from _picture_lines(plain(finding.input), finding)
        return
    yield plain(finding.input)
    for note in finding.notes:
        yield f"  note: {plain(note)}"
    for number, picture in enumerate(finding.pictures, 1):
        for line in _picture_lines(f"picture {number} of {len(finding.pictures)}", picture):
            yield f"  {line}"


def _picture_lines(called: str, finding: CheckFinding) -> Iterator[str]:
    yield f"{called} ({finding.width}×{finding.height})" if finding.width else called
    if not finding.usable:
        yield f"  cannot be looked up: {plain(finding.why_not or 'reason unknown')}"
    for note in finding.notes:
        yield f"  note: {plain(note)}"
    if finding.kept_as:
        yield f"  kept as {finding.kept_as}"
    if finding.marked:
        yield f"  {silenced_by(finding.marked)}"
    for told in stated(finding.metadata, alone=True):
        yield f"  {told}"
    for match in finding.matches:
        yield from match_lines(match)
    if finding.usable and not finding.matches:
        yield "  no copy among the pictures we hold"
    yield from elsewhere_lines(finding.elsewhere)


@_lines.register
def _(finding: TraceFinding) -> Iterator[str]:
    post = finding.post
    yield f"{plain(post.url or post.id)}{'' if post.status is PostStatus.LIVE else f'  [{post.status}]'}"
    if post.status is not PostStatus.LIVE:
        yield f"  {plain(post.status_reason)}"
    if post.text:
        yield f"  “{plain(post.text)}”"
    for note in finding.notes:
        yield f"  note: {plain(note)}"
    yield "Provenance"
    if not finding.images:
        yield "  no picture of this post is archived"
    for number, image in enumerate(finding.images, 1):
        yield f"  picture {number} of {len(finding.images)}" + (
            "" if image.usable else f": cannot be looked up, {plain(image.why_not or 'reason unknown')}"
        )
        for note in image.notes:
            yield f"    note: {plain(note)}"
        if image.marked:
            yield f"    {silenced_by(image.marked)}"
        for match in image.matches:
            yield from ("  " + line for line in match_lines(match))
        if image.usable and not image.matches:
            yield "    no earlier or later copy among the pictures we hold"
    yield "Source"
    yield f"  {who(post)}"
    yield "Date"
    yield f"  {posted(post)}"
    for entry in finding.timeline:
        yield f"  {dated(entry.at, entry.basis)}, {plain(entry.url or entry.post)}: “{plain(entry.caption)}”"
    if len(finding.timeline) > 1:
        first = finding.timeline[0].at
        yield f"  earliest we hold: {at(first) if first else 'unknown'}"
    yield "Location"
    places = list(dict.fromkeys(entry.place for entry in finding.timeline if entry.place))
    yield f"  named in captions: {', '.join(map(plain, places)) or 'none'}"
    for found in finding.sightings:
        yield f"  {plain(found.sighting.person_name)}: {place_words(found.sighting.place)}"
        yield from sighting_lines(found)
    yield "Motivation"
    yield f"  {NOT_JUDGED}"
    yield from conflict_lines(finding.conflicts)
    yield from difference_lines(finding.differences)
    yield "Archive"
    for capture in finding.captures:
        yield f"  captured {at(capture.captured_at)} by {plain(capture.route)}, sha256 {capture.sha256}"
    yield from elsewhere_lines(finding.elsewhere)


@_lines.register
def _(finding: ReadFinding) -> Iterator[str]:
    yield f"language: {finding.lang or 'unknown'}"
    for mention in finding.mentions:
        resolved = f" = {plain(mention.resolved)}" if mention.resolved else ""
        why = f": {plain(mention.why)}" if mention.why else ""
        yield f"  {mention.kind:<8} {mention.start}-{mention.end} {plain(mention.text)}{resolved}{why}"
    if not finding.sightings:
        yield "No sighting of a watched person."
        return
    yield NEVER_FACT
    for found in finding.sightings:
        yield f"{plain(found.person_name)}: {place_words(found.place)}"
        yield from claim_lines(found, finding.text)


@_lines.register
def _(finding: IngestFinding) -> Iterator[str]:
    yield (
        f"{finding.archived} archived, {finding.seen_again} seen again"
        f"{f' ({finding.unchanged} unchanged, not read again)' if finding.unchanged else ''}, "
        f"{finding.pictures} pictures, {finding.sightings} sightings, {finding.reuse} reused pictures, "
        f"{finding.conflicts} conflicts"
    )
    for where, why in finding.refused:
        yield f"not taken: {plain(where)}: {plain(why)}"
    for _, note, where in finding.notes:
        yield f"note on {plain(where)}: {plain(note)}"


@_lines.register
def _(finding: StatusFinding) -> Iterator[str]:
    yield f"dateline {finding.version}, store {finding.home}"
    yield (
        f"{finding.posts} posts, {finding.captures} captures, {finding.images} pictures, "
        f"{finding.people} people, {finding.sightings} sightings, {finding.conflicts} picture conflicts"
    )
    last = at(finding.last_captured_at) if finding.last_captured_at else "never"
    yield f"last captured: {last}; custody rows: {finding.custody_rows}"
    if finding.unread:
        yield f"{finding.unread} texts wait to be read again: run dateline rebuild --sightings"
    yield f"database {finding.database_bytes / 1e6:.1f} MB, vault {finding.vault_bytes / 1e6:.1f} MB"
    yield f"silenced: {finding.silenced[0]:,} dismissed pairs, {finding.silenced[1]:,} boilerplate pictures"
    for name, state in finding.sources.items():
        yield f"source {name}: {state}"
    yield from _lines(finding.health)


@_lines.register
def _(finding: Health) -> Iterator[str]:
    if finding.paused_at:
        yield f"PAUSED by {plain(finding.paused_by)} since {at(finding.paused_at)}: no sweep and no digest runs"
    counts = ", ".join(f"{number:,} {state}" for state, number in sorted(finding.watches.items())) or "none"
    yield f"watches: {counts}; {finding.sweeping:,} under way"
    yield f"last good sweep: {at(finding.last_good_sweep) if finding.last_good_sweep else 'never'}"
    yield f"lag: {finding.lag_seconds:,.0f} s"
    messages = ", ".join(f"{number:,} {state}" for state, number in sorted(finding.messages.items())) or "none"
    yield f"requests waiting: {finding.requests_waiting:,}; messages waiting: {messages}"
    for source in finding.failing:
        yield (
            f"failing: {plain(source.source)} of {plain(source.label)} ({source.watch}) since {at(source.since)},"
            f" {source.failures:,} times: {plain(source.problem)}"
        )
    for budget in finding.budgets:
        yield f"budget of {plain(budget.label)} ({budget.watch}): {budget.spent:,} of {budget.limit:,} posts today"
    for letter in finding.dead:
        yield f"dead letter {letter.id}: {letter.what} of {at(letter.created_at)}: {plain(letter.problem)}"


@_lines.register
def _(finding: VerifyFinding) -> Iterator[str]:
    yield f"{finding.files} files re-hashed, {finding.custody_rows} custody rows walked"
    for kind, subject, why in finding.faults:
        yield f"does not hold: {kind} {plain(subject)}: {plain(why)}"
    if finding.clean:
        yield "all of it holds"


@_lines.register
def _(finding: RebuildFinding) -> Iterator[str]:
    yield f"{finding.images} pictures fingerprinted, {finding.texts} texts read, {finding.sightings} sightings"
    for sha256, why in finding.refused:
        yield f"  not done: picture {sha256[:16]}…: {plain(why)}"
    if finding.refused:
        yield "  'dateline verify' names every file that does not hold."


@_lines.register
def _(finding: AlertFinding) -> Iterator[str]:
    late = ", late" if finding.alert.late else ""
    yield f"{finding.id}: {finding.kind}, {finding.state}, raised {at(finding.raised_at)}{late}"
    watch = f", for {plain(finding.watch)}" if finding.watch else ""
    yield f"  told to {plain(finding.alert.channel)}{watch}"
    if finding.post:
        yield f"  {who(finding.post)}, {posted(finding.post)}; {plain(finding.post.url or finding.post.id)}"
        if finding.post.status is not PostStatus.LIVE:
            yield f"  {finding.post.status}: {plain(finding.post.status_reason)}"
    if finding.problem:
        yield f"  {plain(finding.problem)}"
    if finding.match:
        yield from match_lines(finding.match)
    for found in finding.sightings:
        yield f"  {plain(found.sighting.person_name)}: {place_words(found.sighting.place)}"
        yield from sighting_lines(found)
    if finding.total > len(finding.sightings) > 0:
        yield f"  the newest {len(finding.sightings)} of {finding.total}"
    for conflict in finding.conflicts:
        yield f"  {conflict.kind}: {plain(conflict.why)}"
    for step in finding.triage:
        by = f" by {plain(step.by)}" if step.by else ""
        yield f"  {step.state}{by}, {at(step.at)}{f': {plain(step.reason)}' if step.reason else ''}"


@_lines.register
def _(finding: AlertsFinding) -> Iterator[str]:
    if not finding.alerts:
        yield "No warning."
        return
    if any(alert.sightings for alert in finding.alerts):
        yield NEVER_FACT
    for alert in finding.alerts:
        yield from _lines(alert)


@_lines.register
def _(finding: RollFinding) -> Iterator[str]:
    roll = finding.roll
    yield f"{finding.total:,} warnings in {plain(roll.channel)}, {finding.open:,} open. {plain(roll.why)}"
    for alert in finding.alerts:
        yield from _lines(alert)


@_lines.register
def _(finding: DigestFinding) -> Iterator[str]:
    late = ", late" if finding.late else ""
    yield f"Digest of {plain(finding.channel)}, {at(finding.since)} to {at(finding.until)}{late}"
    if finding.totals:
        yield ", ".join(f"{section}: {number:,}" for section, number in finding.totals.items())
    if finding.empty:
        yield "Nothing new in this time."
    for alert in finding.warnings:
        yield from _lines(alert)
    yield from conflict_lines(finding.conflicts)
    if finding.sightings or finding.denials:
        yield ""
        yield NEVER_FACT
    for found in (*finding.denials, *finding.sightings):
        yield f"{plain(found.sighting.person_name)}: {place_words(found.sighting.place)}"
        yield from sighting_lines(found)
    for title, alerts in (
        ("New for this channel", finding.newly_seen),
        ("Pictures seen before", finding.reuse),
        ("Still open", finding.still_open),
        ("Snoozed meanwhile", finding.snoozed),
        ("Sources that answer again", finding.recovered),
    ):
        if alerts:
            yield ""
            yield title
        for alert in alerts:
            yield from _lines(alert)
    for name, how in finding.failing:
        yield f"source {plain(name)}: {plain(how)}"
