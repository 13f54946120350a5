"""`trace LINK`: archive a post once, and tell where its pictures appeared before and what its text says."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from bot.desk import Desk
from bot.findings import CheckFinding, TimelineEntry, TraceFinding
from bot.intake import Audience
from bot.sources import links
from bot.sources.base import Captured, Link
from commands.check import examine
from storage import captures, conflicts, images, posts, sightings
from storage.database import Transaction
from storage.errors import NotFound
from storage.records import (
    OPERATOR,
    Appearance,
    Certainty,
    Post,
    PostStatus,
    TimeBasis,
    Viewer,
)

# Pages for a person to open, by their own address forms; opening one shows the link or the picture to that service.
LINK_ELSEWHERE = (
    ("Wayback Machine", "https://web.archive.org/web/*/{}"),
    ("archive.today", "https://archive.ph/{}"),
)
PICTURE_ELSEWHERE = (
    ("TinEye", "https://www.tineye.com/search/?url={}&sort=crawl_date&order=asc"),
    ("Google Lens", "https://lens.google.com/uploadbyurl?url={}"),
    ("Yandex", "https://yandex.com/images/search?rpt=imageview&url={}"),
    ("Bing", "https://www.bing.com/images/search?q=imgurl:{}&view=detailv2&iss=sbi&FORM=IRSBIQ"),
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

    A post that is archived already is answered from the archive, without asking its platform again.

    Raises:
        LinkRefused: the link is dead, a look-alike, or of an unknown kind.
        CaptureFailed: no route gave an answer; nothing was stored.
        NotConfigured: nothing can fetch from that platform.
    """
    link = await _normalise(desk, text)
    post = await desk.db.reading(lambda tx: posts.get(tx, link.post_id, viewer))
    archived = post is not None and (post.status is PostStatus.LIVE or bool(post.text))
    notes: tuple[str, ...] = ()
    if not archived:
        captured = await desk.source(link.platform).capture(link)
        await desk.work(desk.intake.take, captured, to)
        notes = _notes(captured)
        link = Link(link.platform, link.native_id, link.url, captured.post_id, link.archive_url)
    return await _answer(desk, link, viewer, notes, archived, evidence)


async def _normalise(desk: Desk, text: str) -> Link:
    link = links.normalise(text)
    if links.is_short(link):
        return await links.resolve(text, desk.fetcher, desk.settings.x_shortener_url)
    return link


def _notes(captured: Captured) -> tuple[str, ...]:
    problems = [media.problem for media in captured.media if media.problem]
    return tuple(dict.fromkeys((*captured.notes, *problems)))


async def _answer(
    desk: Desk, link: Link, viewer: Viewer, notes: tuple[str, ...], archived: bool, evidence: Path | None
) -> TraceFinding:
    def held(tx: Transaction) -> Post:
        post = posts.get(tx, link.post_id, viewer)
        if post is None:
            raise NotFound(f"{link.url} was archived, but not for you to see; ask whoever traced it.")
        return post

    post = await desk.db.reading(held)
    shown = await desk.db.reading(lambda tx: images.of_post(tx, post.id))
    found = []
    for appearance, image in shown:
        data = await desk.work(desk.vault.get, image.sha256)
        name = appearance.source_url or f"picture {appearance.position + 1}"
        found.append(await examine(desk, name, data, viewer, evidence=evidence, own=post))
    copies = [appearance.image_sha256 for appearance, _ in shown]
    copies += [
        match.reuse.match_sha256 for one in found for match in one.matches if match.reuse.certainty is Certainty.MATCH
    ]
    return TraceFinding(
        post=post,
        captures=tuple(await desk.db.reading(lambda tx: captures.of_post(tx, post.id))),
        images=tuple(found),
        sightings=tuple(await desk.db.reading(lambda tx: sightings.of_post(tx, post.id, viewer))),
        conflicts=tuple(await desk.db.reading(lambda tx: conflicts.of_post(tx, post.id, viewer))),
        timeline=await _timeline(desk, copies, viewer),
        elsewhere=_elsewhere(post, [appearance for appearance, _ in shown], found),
        notes=notes,
        already_archived=archived,
    )


async def _timeline(desk: Desk, copies: list[str], viewer: Viewer) -> tuple[TimelineEntry, ...]:
    """Every appearance of the post's pictures that the viewer may see, oldest first, those without a date last."""
    stands = await desk.db.reading(lambda tx: images.appearances_of(tx, copies, viewer))
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
                place=claims.places[0].name if claims.places else None,
            ),
        )
    return tuple(sorted(entries.values(), key=lambda entry: (entry.at is None, entry.at or "", entry.post)))


def _elsewhere(post: Post, appearances: list[Appearance], found: list[CheckFinding]) -> tuple[tuple[str, str], ...]:
    """Links for a person to open, built from the public addresses of the post and its first picture; never called."""
    addresses = [
        appearance.source_url
        for appearance, one in zip(appearances, found, strict=True)
        if one.sha256 and appearance.source_url and appearance.source_url.startswith(("http://", "https://"))
    ]
    pictures = [(name, form.format(quote(url, safe=""))) for url in addresses[:1] for name, form in PICTURE_ELSEWHERE]
    return (*((name, form.format(post.url)) for name, form in LINK_ELSEWHERE if post.url), *pictures)
