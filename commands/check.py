"""`check FILE_OR_LINK...`: whether pictures were kept before, without storing them unless asked to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from bot.desk import Desk
from bot.findings import CheckFinding, Match
from bot.intake import Audience
from bot.sources import links, pictures
from bot.sources.base import LinkRefused
from storage import images, posts
from storage.errors import DatelineError
from storage.records import OPERATOR, Appearance, Post, Reuse, Viewer, digest

MAX_PICTURE = 64_000_000
"""Bytes: agency originals stay under it."""


async def check(
    desk: Desk,
    inputs: Sequence[str],
    *,
    viewer: Viewer = OPERATOR,
    to: Audience = Audience(),  # noqa: B008 - a frozen value
    keep: bool = False,
    evidence: Path | None = None,
    progress: Callable[[int], None] = lambda _steps: None,
) -> list[CheckFinding]:
    """Answer for each input in order; what cannot be opened is an answer too, and the rest goes on.

    Args:
        desk: the store and the sources.
        inputs: files, addresses of pictures, or links of posts (each of whose pictures is an answer).
        viewer: on whose behalf it is asked.
        to: to whom a kept picture is granted.
        keep: take the pictures into the archive, after they were looked up.
        evidence: a folder to write side-by-side pictures into.
        progress: told after each input.
    """
    found: list[CheckFinding] = []
    for name in inputs:
        try:
            for label, data in await _bytes_of(desk, name, viewer):
                one = await examine(desk, label, data, viewer, evidence=evidence)
                found.append(await _keep(desk, one, data, to) if keep else one)
        except (DatelineError, OSError) as failed:
            why = str(failed) if isinstance(failed, DatelineError) else failed.strerror or str(failed)
            found.append(CheckFinding(name, None, None, None, False, why, ()))
        progress(1)
    return found


async def examine(
    desk: Desk,
    name: str,
    data: bytes,
    viewer: Viewer,
    *,
    evidence: Path | None = None,
    own: Post | None = None,
) -> CheckFinding:
    """Look one picture up among all that were ever kept; what the viewer may not see is as if it were not there.

    `own` is the post that the picture stands in, whose own appearance of this very file is no news.
    """
    prepared, why_not = await desk.work(desk.pictures.prepare, data)
    if prepared is None:
        return CheckFinding(name, digest(data), None, None, False, why_not, ())
    await desk.db.reading(desk.pictures.refresh)
    reuses = await desk.work(desk.pictures.look_up, prepared)
    if not prepared.usable:
        # Nothing but the very same file is told of such a picture, and the index does not hold it.
        reuses = [await desk.work(desk.pictures.itself, prepared)]
    matches = []
    for reuse in reuses:
        stands = [
            one for one in await _appearances(desk, reuse.match_sha256, viewer) if own is None or one[1].id != own.id
        ]
        if stands:
            sheet = await desk.work(_write_sheet, desk, data, reuse, stands, own, evidence) if evidence else None
            matches.append(Match(reuse, str(desk.vault.path(reuse.match_sha256)), tuple(stands), sheet))
    stated = await desk.work(desk.pictures.metadata, data)
    return CheckFinding(
        input=name,
        sha256=prepared.sha256,
        width=prepared.width,
        height=prepared.height,
        usable=prepared.usable,
        why_not=prepared.why_not,
        matches=tuple(matches),
        metadata=stated.shown(),
    )


async def _appearances(desk: Desk, sha256: str, viewer: Viewer) -> list[tuple[Appearance, Post]]:
    return await desk.db.reading(lambda tx: images.appearances_of(tx, [sha256], viewer))


async def _bytes_of(desk: Desk, name: str, viewer: Viewer) -> list[tuple[str, bytes]]:
    """Return the pictures that an input means, each with a label."""
    if _is_link(name):
        try:
            link = links.normalise(name)
        except LinkRefused:
            link = None
        if link is not None and link.platform != "web":
            return await _bytes_of_post(desk, name, viewer)
        fetched = await desk.fetcher.get(name, accept="media", max_bytes=MAX_PICTURE)
        if fetched.status != 200:
            raise DatelineError(f"{name} answered {fetched.status}; check the address.")
        return [(name, fetched.body)]
    return [(name, await desk.work(_read_file, Path(name)))]


def _read_file(path: Path) -> bytes:
    if path.is_file() and path.stat().st_size > MAX_PICTURE:
        raise DatelineError(f"{path} has more than the {MAX_PICTURE // 1_000_000} MB that Dateline opens.")
    return path.read_bytes()


async def _bytes_of_post(desk: Desk, name: str, viewer: Viewer) -> list[tuple[str, bytes]]:
    """The pictures of a post: from the archive where it is there, else fetched and not stored."""
    link = links.normalise(name)
    if links.is_short(link):
        link = await links.resolve(name, desk.fetcher, desk.settings.x_shortener_url)
    if await desk.db.reading(lambda tx: posts.get(tx, link.post_id, viewer)) is not None:
        shown = await desk.db.reading(lambda tx: images.of_post(tx, link.post_id))
        return [(name, await desk.work(desk.vault.get, image.sha256)) for _, image in shown]
    captured = await desk.source(link.platform).capture(link)
    if not any(media.data for media in captured.media):
        why = next((media.problem for media in captured.media if media.problem), captured.status_reason)
        raise DatelineError(f"{name} gave no picture. {why}".strip())
    return [(media.url or name, media.data) for media in captured.media if media.data]


def _is_link(name: str) -> bool:
    return urlsplit(name).scheme in {"http", "https"} or name.startswith("<http")


async def _keep(desk: Desk, found: CheckFinding, data: bytes, to: Audience) -> CheckFinding:
    captured = pictures.picture_post(data, Path(found.input).suffix, {}, desk.clock())
    receipt = await desk.work(desk.intake.take, captured, to)
    return CheckFinding(
        found.input,
        found.sha256,
        found.width,
        found.height,
        found.usable,
        found.why_not,
        found.matches,
        kept_as=receipt.post_id,
        metadata=found.metadata,
    )


def _write_sheet(
    desk: Desk,
    data: bytes,
    reuse: Reuse,
    stands: Sequence[tuple[Appearance, Post]],
    own: Post | None,
    folder: Path,
) -> str:
    """Write the side-by-side picture, named by both digests."""
    from bot.images.decode import decode
    from bot.images.sheet import evidence_sheet

    appearance, post = stands[0]
    ours = (_credit(own), own.text) if own else ("the picture that was looked up",)
    sheet = evidence_sheet(
        decode(data),
        decode(desk.vault.get(reuse.match_sha256)),
        reuse,
        (ours, (_credit(post), appearance.caption)),
    )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{reuse.query_sha256[:16]}-{reuse.match_sha256[:16]}.png"
    path.write_bytes(sheet.png)
    return str(path)


def _credit(post: Post) -> str:
    who = f"@{post.author}" if post.author and post.platform == "x" else post.author_name or post.publisher or post.id
    dated = f"{post.posted_at[:10]} ({post.posted_at_basis})" if post.posted_at else "date unknown"
    return f"{who}, {dated}"
