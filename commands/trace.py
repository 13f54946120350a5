"""`trace LINK`: archive a post once, and tell where its pictures appeared before and what its text says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.captions import caption_differences
from bot.desk import PLATFORM_NAMES, Desk, catch_up, take
from bot.elsewhere import archives
from bot.findings import Match, TimelineEntry, TraceFinding
from bot.handles import written
from bot.intake import Audience
from bot.sources import links
from bot.sources.base import CaptureFailed, Link, NotConfigured
from commands.check import examine
from storage import captures, conflicts, gaps, images, posts, sightings
from storage.database import Transaction
from storage.errors import NotFound
from storage.records import (
    HANDED_IN,
    OPERATOR,
    Capture,
    Certainty,
    Conflict,
    Post,
    PostStatus,
    TimeBasis,
    Viewer,
    text_digest,
)


async def trace(
    desk: Desk,
    text: str,
    *,
    viewer: Viewer = OPERATOR,
    to: Audience = Audience(),  # noqa: B008 - a frozen value
    evidence: Path | None = None,
) -> TraceFinding:
    """Answer for one link, in whatever form it is given.

    A post that is archived is answered from the archive, without asking its platform again, unless a picture of it is
    still missing, or only a file has told of it so far. Where the platform does not answer then, the archive does.

    Raises:
        LinkRefused: the link is dead, a look-alike, or of an unknown kind.
        CaptureFailed: no route gave an answer, and nothing is archived.
        NotConfigured: nothing can fetch from that platform, and nothing is archived.
    """
    link = await _normalise(desk, text)
    archived, whole = await desk.db.reading(lambda tx: _held(tx, link.post_id, viewer))
    notes: tuple[str, ...] = ()
    if not whole:
        try:
            captured = await desk.source(link.platform).capture(link)
        except (CaptureFailed, NotConfigured) as failed:
            if not archived:
                raise
            notes = (f"Answered from the archive alone: {failed}",)
        else:
            await desk.work(take, captured, to)
            await desk.work(catch_up)  # what a file has said of the post may not hold any more
            link = Link(link.platform, link.native_id, link.url, captured.post_id, link.archive_url)
    return await desk.work(_answer, link.post_id, link.url, viewer, notes, archived, evidence)


async def traced_again(desk: Desk, post_id: str, *, viewer: Viewer, evidence: Path | None = None) -> TraceFinding:
    """Answer for an archived post as everything stands now, without asking its platform.

    Raises:
        NotFound: it is not there, or not for the viewer to see.
    """
    return await desk.work(_answer, post_id, post_id, viewer, (), True, evidence)


async def _normalise(desk: Desk, text: str) -> Link:
    link = links.normalise(text)
    if links.is_short(link):
        return await links.resolve(text, desk.fetcher, desk.settings.x_shortener_url)
    return link


def _held(tx: Transaction, post_id: str, viewer: Viewer) -> tuple[bool, bool]:
    """Tell whether a post is archived for this viewer, and whether there is nothing left to ask its platform for."""
    post = posts.get(tx, post_id, viewer)
    if post is None or not (post.status is PostStatus.LIVE or post.text):
        return False, False
    heard = any(capture.route != HANDED_IN for capture in captures.of_post(tx, post_id))
    return True, heard and not (post.status is PostStatus.LIVE and gaps.of_post(tx, post_id))


def _notes(tx: Transaction, post: Post, held: Sequence[Capture]) -> Iterator[str]:
    """Say what must be known of the archived copies: as noted at the capture, what is missing, who vouches for it."""
    for capture in held:
        yield from captures.noted(tx, capture)
    for gap in gaps.of_post(tx, post.id):
        yield f"Picture {gap.position + 1} is not archived: {gap.why}"
    vouched = {capture.text_sha256 for capture in held if capture.route != HANDED_IN}
    if post.text and text_digest(post.text) not in vouched:
        name = PLATFORM_NAMES.get(post.platform, post.platform) if post.platform != "web" else "the page itself"
        yield (
            f"The text is from a file that was handed in, not from {name}: nothing but that file says that "
            f"{written(post.author, post.platform) or 'its author'} wrote it."
        )
    for capture in held:
        if text_digest("") != capture.text_sha256 and captures.contradicted(tx, capture):
            yield f"The file {capture.sha256[:12]}, handed in, gives this post other words; nothing is told of them."


def _answer(
    desk: Desk,
    post_id: str,
    called: str,
    viewer: Viewer,
    notes: tuple[str, ...],
    archived: bool,
    evidence: Path | None,
) -> TraceFinding:
    with desk.db.read() as tx:
        post = posts.get(tx, post_id, viewer)
        if post is None:
            raise NotFound(f"{called} was archived, but not for you to see; ask whoever traced it.")
        copies = captures.of_post(tx, post.id)
        by_platform = {capture.id for capture in captures.told(tx, post.id)}
        shown = images.of_post(tx, post.id)
        if by_platform:  # a file does not say which pictures a post has, once its platform has said so
            shown = [pair for pair in shown if pair[0].capture_id in by_platform]
        told = tuple(dict.fromkeys((*notes, *_notes(tx, post, copies))))
        said = sightings.of_post(tx, post.id, viewer)
        clashes = conflicts.of_post(tx, post.id, viewer)
    found = []
    public = post.status is not PostStatus.PROTECTED
    for appearance, image in shown:
        name = appearance.source_url or f"picture {appearance.position + 1}"
        data, address = desk.vault.get(image.sha256), appearance.source_url if public else None
        found.append(examine(desk, name, data, viewer, evidence=evidence, own=post, address=address))
    pictures = [appearance.image_sha256 for appearance, _ in shown]
    matches = [match for one in found for match in one.matches]
    pictures += [
        match.reuse.match_sha256 for match in matches if match.reuse.certainty is Certainty.MATCH and match.counts
    ]
    with desk.db.read() as tx:
        differences = caption_differences(tx, desk.readers, [one for one, _ in shown], post, pictures, viewer)
    return TraceFinding(
        post=post,
        captures=tuple(copies),
        images=tuple(found),
        sightings=tuple(said),
        conflicts=tuple(_standing(clashes, matches)),
        timeline=_timeline(desk, pictures, viewer),
        elsewhere=(*archives(post.url if public else None), *next(filter(None, (one.elsewhere for one in found)), ())),
        notes=told,
        already_archived=archived,
        differences=tuple(differences),
    )


def _standing(clashes: Sequence[Conflict], matches: Sequence[Match]) -> Iterator[Conflict]:
    """Leave out what two captions say against one another where only a match that does not count joins their posts."""
    counted = {post.id for match in matches if match.counts for _, post in match.appearances}
    others = {post.id for match in matches if not match.counts for _, post in match.appearances} - counted
    yield from (clash for clash in clashes if not others.intersection(clash.posts))


def _timeline(desk: Desk, copies: list[str], viewer: Viewer) -> tuple[TimelineEntry, ...]:
    """Every appearance of the post's pictures that the viewer may see, oldest first, those without a date last."""
    with desk.db.read() as tx:
        stands = images.appearances_of(tx, copies, viewer)
    entries: dict[tuple[str, str], TimelineEntry] = {}
    for appearance, post in stands:
        claims = desk.readers.claims(appearance.caption, post)
        entries.setdefault(
            (post.id, appearance.caption),
            TimelineEntry(
                at=post.posted_at,
                basis=post.posted_at_basis if post.posted_at else TimeBasis.UNKNOWN,
                post=post.id,
                url=post.url,
                caption=appearance.caption,
                place=claims.places[0].place.name if claims.places else None,
            ),
        )
    return tuple(sorted(entries.values(), key=lambda entry: (entry.at is None, entry.at or "", entry.post)))
