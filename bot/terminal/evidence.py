"""Claims, pictures and posts as lines of text: what several findings show alike."""

from __future__ import annotations

from collections.abc import Iterator

from bot.findings import (
    Match,
)
from bot.handles import written
from bot.terminal.plain import plain
from storage.records import (
    ArchivedSighting,
    Conflict,
    Interval,
    PlacePrecision,
    Post,
    Sighting,
    Stance,
    TimePrecision,
)

_DENIALS = (Stance.DENIED, Stance.NEGATED)


def by_place(sightings: tuple[ArchivedSighting, ...]) -> Iterator[tuple[str, list[ArchivedSighting]]]:
    """Group sightings by their place: its words, and the sightings there."""
    groups: dict[str, list[ArchivedSighting]] = {}
    for found in sightings:
        groups.setdefault(found.sighting.place.key, []).append(found)
    for group in groups.values():
        # Within a place newest first, as it came, but a denial after what it denies.
        yield place_words(group[0].sighting), sorted(group, key=lambda found: found.sighting.stance in _DENIALS)


def place_words(sighting: Sighting) -> str:
    """Name a place as finely as it was said, and say how finely."""
    place = sighting.place
    if place.precision is PlacePrecision.COUNTRY or not place.country:
        return f"{plain(place.name)} ({place.precision})"
    return f"{plain(place.name)}, {place.country} ({place.precision})"


def claim_lines(sighting: Sighting, text: str) -> Iterator[str]:
    """Say how surely who says so, of when, in which words; `text` is what spans of the note point into."""
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


def sighting_lines(found: ArchivedSighting) -> Iterator[str]:
    """Show a claim with the post it stands in and the capture that proves it."""
    yield from claim_lines(found.sighting, found.post.text)
    post, capture = found.post, found.capture
    yield (
        f"    {who(post)}, {posted(post)}; "
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


def who(post: Post) -> str:
    """Say who published a post: name, account, outlet."""
    parts = [plain(part or "") for part in (post.author_name, written(post.author, post.platform), post.publisher)]
    return ", ".join(dict.fromkeys(part for part in parts if part)) or "author unknown"


def posted(post: Post) -> str:
    """Say when a post was published, and how that is known."""
    if post.posted_at is None:
        return "posted: unknown"
    return f"posted {minute(post.posted_at)} ({post.posted_at_basis})"


def minute(instant: str) -> str:
    """An archived instant as people read it; the exact one is in the JSON."""
    return f"{instant[:10]} {instant[11:16]} UTC"


def match_lines(match: Match) -> Iterator[str]:
    """Show a stored picture that was found, and where it stands."""
    reuse = match.reuse
    yield (
        f"  {reuse.certainty}: {reuse.relation}, {plain(reuse.transform)} "
        f"(score {reuse.score:.2f}, threshold {reuse.threshold:.2f})"
    )
    for appearance, post in match.appearances:
        yield f"    {who(post)}, {posted(post)}: “{plain(appearance.caption)}”"
        yield f"      {plain(post.url or post.id)}"
    yield f"    kept file: {match.file}"
    if match.evidence:
        yield f"    side by side: {match.evidence}"


def conflict_lines(conflicts: tuple[Conflict, ...]) -> Iterator[str]:
    """List conflicts under their heading; nothing where there is none."""
    if conflicts:
        yield ""
        yield "In conflict"
    for conflict in conflicts:
        yield f"  {conflict.kind}: {plain(conflict.why)}"
