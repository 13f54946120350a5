"""Claims, pictures and posts as lines of text: what several findings show alike."""

from __future__ import annotations

from collections.abc import Iterator

from bot.elsewhere import REVEALS, Page
from bot.findings import Match
from bot.wording import DIFFERENT, concluded, judged_by, plain, posted, said, silenced_by, verdict, when, who
from storage.records import ArchivedSighting, Conflict, Sighting


def claim_lines(sighting: Sighting, text: str) -> Iterator[str]:
    """Say how surely who says so, of when, in which words; `text` is what spans of the note point into."""
    yield f"  {said(sighting)}, {when(sighting.time)}"
    yield f"    “{plain(sighting.quote)}”"
    if about := concluded(sighting, text):
        yield f"    ({about})"


def sighting_lines(found: ArchivedSighting) -> Iterator[str]:
    """Show a claim with the post it stands in and the capture that proves it."""
    yield from claim_lines(found.sighting, found.post.text)
    post, capture = found.post, found.capture
    yield (
        f"    {who(post)}, {posted(post)}; "
        f"{plain(post.url or post.id)}; archived {capture.captured_at[:10]} as {capture.sha256[:12]}"
    )
    if found.judged:
        yield f"    {judged_by(found.judged)}"
    yield f"    sighting {found.id}"


def match_lines(match: Match) -> Iterator[str]:
    """Show a stored picture that was found, and where it stands."""
    yield f"  {verdict(match.reuse)}"
    if match.silence:
        yield f"    {silenced_by(match.silence)}"
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


def difference_lines(differences: tuple[Conflict, ...]) -> Iterator[str]:
    """List what other captions say otherwise, which is no conflict, under its heading; nothing where there is none."""
    if differences:
        yield ""
        yield DIFFERENT
    for told in differences:
        yield f"  {plain(told.why)}"


def elsewhere_lines(pages: tuple[Page, ...]) -> Iterator[str]:
    """List pages for a person to open, and what that reveals; nothing where there is none."""
    if pages:
        yield f"  Look elsewhere. {REVEALS}"
    for page in pages:
        yield f"    {page.label}: {page.url}"
