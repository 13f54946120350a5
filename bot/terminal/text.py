"""Findings as text for a person at a terminal.

Every word from outside goes through `plain`, so that a caption can neither move the cursor nor reverse a line.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import singledispatch

from bot.findings import (
    CheckFinding,
    IngestFinding,
    Match,
    PeopleFinding,
    ReadFinding,
    RebuildFinding,
    StatusFinding,
    TraceFinding,
    VerifyFinding,
    WhereisFinding,
)
from bot.handles import written
from storage.records import (
    ArchivedSighting,
    Conflict,
    Interval,
    PlacePrecision,
    Post,
    PostStatus,
    Sighting,
    Stance,
    TimePrecision,
)

NEVER_FACT = "Nothing below is stated as fact: each line says who says so, and how surely."
_DENIALS = (Stance.DENIED, Stance.NEGATED)
_ESCAPED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def plain(text: str) -> str:
    """Make text from outside safe to print on one line: controls and direction overrides become visible escapes.

    Zero-width joiners stay, since Persian and emoji need them.
    """
    return "".join(
        " "
        if character in "\n\r\t"
        else f"\\u{ord(character):04x}"
        if unicodedata.category(character) in _ESCAPED and character not in "\u200c\u200d"
        else character
        for character in text
    )


def show(finding: object) -> str:
    """Return a finding as lines of text.

    Raises:
        TypeError: the value is not a finding.
    """
    return "\n".join(_lines(finding))


@singledispatch
def _lines(finding: object) -> Iterator[str]:
    raise TypeError(f"{type(finding).__name__} has no text form")


@_lines.register
def _(finding: WhereisFinding) -> Iterator[str]:
    asked = plain(finding.query)
    if finding.person is None:
        yield f"Nobody watched is called “{asked}”."
        if finding.did_you_mean:
            names = ", ".join(f"{plain(other.person.name)} ({other.score:.2f})" for other in finding.did_you_mean)
            yield f"Did you mean: {names}?"
        yield "Add a person with: dateline people add NAME"
        return
    person = finding.person.person
    role = f", {plain(person.role)}" if person.role else ""
    yield f"{plain(person.name)}{role} (“{asked}” matched {plain(finding.person.matched_as)})"
    for name, day in (("on", finding.on), ("as known on", finding.known_on)):
        if day:
            yield f"  {name} {day}"
    if not finding.sightings:
        yield "No archived post says where. That is not evidence of anything: the archive may not hold it."
        return
    yield NEVER_FACT
    for place, group in _by_place(finding.sightings):
        yield ""
        yield place
        for found in group:
            yield from _sighting_lines(found)
    if finding.total > len(finding.sightings):
        yield ""
        yield f"The newest {len(finding.sightings)} of {finding.total}; narrow the question with --on."
    yield from _conflict_lines(finding.conflicts)


@_lines.register
def _(finding: CheckFinding) -> Iterator[str]:
    size = f" ({finding.width}×{finding.height})" if finding.width else ""
    yield f"{plain(finding.input)}{size}"
    if not finding.usable:
        yield f"  cannot be looked up: {plain(finding.why_not or 'reason unknown')}"
    if finding.kept_as:
        yield f"  kept as {finding.kept_as}"
    for match in finding.matches:
        yield from _match_lines(match)
    if finding.usable and not finding.matches:
        yield "  no copy among the pictures we hold"


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
        for match in image.matches:
            yield from ("  " + line for line in _match_lines(match))
        if image.usable and not image.matches:
            yield "    no earlier or later copy among the pictures we hold"
    yield "Source"
    yield f"  {_who(post)}"
    yield "Date"
    yield f"  {_posted(post)}"
    for entry in finding.timeline:
        at = _at(entry.at) if entry.at else "date unknown"
        yield f"  {at} ({entry.basis}) {plain(entry.url or entry.post)}: “{plain(entry.caption)}”"
    if len(finding.timeline) > 1:
        first = finding.timeline[0].at
        yield f"  earliest we hold: {_at(first) if first else 'unknown'}"
    yield "Location"
    places = list(dict.fromkeys(entry.place for entry in finding.timeline if entry.place))
    yield f"  named in captions: {', '.join(map(plain, places)) or 'none'}"
    for found in finding.sightings:
        yield f"  {plain(found.sighting.person_name)}: {_place_words(found.sighting)}"
        yield from _sighting_lines(found)
    yield "Motivation"
    yield "  not judged here: ask who gains if this picture is believed"
    yield from _conflict_lines(finding.conflicts)
    yield "Archive"
    for capture in finding.captures:
        yield f"  captured {_at(capture.captured_at)} by {plain(capture.route)}, sha256 {capture.sha256}"
    for name, url in finding.elsewhere:
        yield f"  look elsewhere (shows it to them): {name} {url}"


@_lines.register
def _(finding: ReadFinding) -> Iterator[str]:
    yield f"language: {finding.lang or 'unknown'}"
    for mention in finding.mentions:
        resolved = f" = {plain(mention.resolved)}" if mention.resolved else ""
        yield f"  {mention.kind:<8} {mention.start}-{mention.end} {plain(mention.text)}{resolved}"
    if not finding.sightings:
        yield "No sighting of a watched person."
        return
    yield NEVER_FACT
    for found in finding.sightings:
        yield f"{plain(found.person_name)}: {_place_words(found)}"
        yield from _claim_lines(found, finding.text)


@_lines.register
def _(finding: IngestFinding) -> Iterator[str]:
    yield (
        f"{finding.archived} archived, {finding.seen_again} seen again, "
        f"{finding.pictures} pictures, {finding.sightings} sightings, {finding.reuse} reused pictures, "
        f"{finding.conflicts} conflicts"
    )
    for where, why in finding.refused:
        yield f"not taken: {plain(where)}: {plain(why)}"
    for _, note, where in finding.notes:
        yield f"note on {plain(where)}: {plain(note)}"


@_lines.register
def _(finding: PeopleFinding) -> Iterator[str]:
    if finding.changed:
        yield plain(finding.changed)
        yield f"{finding.reread} archived texts read again, {finding.sightings} sightings"
    for person in finding.people:
        also = f" (also {', '.join(map(plain, person.aliases))})" if person.aliases else ""
        role = f", {plain(person.role)}" if person.role else ""
        yield f"{person.id}: {plain(person.name)}{role}{also}"
    if not finding.people:
        yield "Nobody is watched yet. Add a person with: dateline people add NAME"


@_lines.register
def _(finding: StatusFinding) -> Iterator[str]:
    yield f"dateline {finding.version}, store {finding.home}"
    yield (
        f"{finding.posts} posts, {finding.captures} captures, {finding.images} pictures, "
        f"{finding.people} people, {finding.sightings} sightings, {finding.conflicts} picture conflicts"
    )
    last = _at(finding.last_captured_at) if finding.last_captured_at else "never"
    yield f"last captured: {last}; custody rows: {finding.custody_rows}"
    if finding.unread:
        yield f"{finding.unread} texts wait to be read again: run dateline rebuild --sightings"
    yield f"database {finding.database_bytes / 1e6:.1f} MB, vault {finding.vault_bytes / 1e6:.1f} MB"
    for name, state in finding.sources.items():
        yield f"source {name}: {state}"


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


def _by_place(sightings: tuple[ArchivedSighting, ...]) -> Iterator[tuple[str, list[ArchivedSighting]]]:
    groups: dict[str, list[ArchivedSighting]] = {}
    for found in sightings:
        groups.setdefault(found.sighting.place.key, []).append(found)
    for group in groups.values():
        # Within a place newest first, as it came, but a denial after what it denies.
        yield _place_words(group[0].sighting), sorted(group, key=lambda found: found.sighting.stance in _DENIALS)


def _place_words(sighting: Sighting) -> str:
    place = sighting.place
    if place.precision is PlacePrecision.COUNTRY or not place.country:
        return f"{plain(place.name)} ({place.precision})"
    return f"{plain(place.name)}, {place.country} ({place.precision})"


def _claim_lines(sighting: Sighting, text: str) -> Iterator[str]:
    yield f"  {sighting.stance}: {plain(sighting.speaker.name)}, {_when(sighting.time)}"
    yield f"    “{plain(sighting.quote)}”"
    if sighting.note:
        yield f"    ({plain(_note_words(sighting, text))})"


def _note_words(sighting: Sighting, text: str) -> str:
    """Say in words what the reader had to conclude: whom a pronoun means, what "such a visit" goes back to."""
    kind, _, about = sighting.note.partition(": ")
    if kind == "coref":
        return f"“{about}” is taken to mean {sighting.person_name}"
    start, dash, end = about.partition("-")
    if kind == "antecedent" and dash and start.isdigit() and end.isdigit():
        return f"speaks of “{text[int(start) : int(end)]}”"
    return sighting.note


def _sighting_lines(found: ArchivedSighting) -> Iterator[str]:
    yield from _claim_lines(found.sighting, found.post.text)
    post, capture = found.post, found.capture
    yield (
        f"    {_who(post)}, {_posted(post)}; "
        f"{plain(post.url or post.id)}; archived {capture.captured_at[:10]} as {capture.sha256[:12]}"
    )


def _when(time: Interval) -> str:
    if time.precision is TimePrecision.UNKNOWN:
        return "time unknown"
    if time.start and time.end and time.start != time.end:
        span = f"{time.start} to {time.end}"
    elif time.start:
        span = time.start
    else:
        span = f"on or before {time.end}"
    return f"{span} ({plain(time.basis)})"


def _who(post: Post) -> str:
    parts = [plain(part or "") for part in (post.author_name, written(post.author, post.platform), post.publisher)]
    return ", ".join(dict.fromkeys(part for part in parts if part)) or "author unknown"


def _posted(post: Post) -> str:
    if post.posted_at is None:
        return "posted: unknown"
    return f"posted {_at(post.posted_at)} ({post.posted_at_basis})"


def _at(instant: str) -> str:
    """An archived instant as people read it; the exact one is in the JSON."""
    return f"{instant[:10]} {instant[11:16]} UTC"


def _match_lines(match: Match) -> Iterator[str]:
    reuse = match.reuse
    yield (
        f"  {reuse.certainty}: {reuse.relation}, {plain(reuse.transform)} "
        f"(score {reuse.score:.2f}, threshold {reuse.threshold:.2f})"
    )
    for appearance, post in match.appearances:
        yield f"    {_who(post)}, {_posted(post)}: “{plain(appearance.caption)}”"
        yield f"      {plain(post.url or post.id)}"
    yield f"    kept file: {match.file}"
    if match.evidence:
        yield f"    side by side: {match.evidence}"


def _conflict_lines(conflicts: tuple[Conflict, ...]) -> Iterator[str]:
    if conflicts:
        yield ""
        yield "In conflict"
    for conflict in conflicts:
        yield f"  {conflict.kind}: {plain(conflict.why)}"
