"""`compare A B`: why two pictures match, or why they do not."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.compare_findings import Compared, CompareFinding
from bot.desk import Desk
from bot.evidence import kept_in, two_sides
from bot.sources import links
from bot.sources.base import Link, LinkRefused
from bot.sources.local import PICTURE_LIMIT, read_file, trouble
from commands.check import MAX_PICTURE
from storage import images, posts
from storage.errors import DatelineError
from storage.records import OPERATOR, Reuse, Viewer

if TYPE_CHECKING:
    from bot.images.prepared import Prepared

_DIGEST: Final = re.compile(r"[0-9a-fA-F]{64}")


class NotCompared(DatelineError):
    """One of the two cannot be opened, or is not in the archive."""

    code = "not_compared"


@dataclass(frozen=True, slots=True)
class Side:
    """The pictures that one of the two things given stands for, by what each is called."""

    pictures: tuple[tuple[str, bytes], ...]


async def compare(
    desk: Desk, first: str, second: str, *, viewer: Viewer = OPERATOR, out: Path | None = None
) -> CompareFinding:
    """Compare two pictures and say why they match or do not; of posts with several pictures the best pair is told.

    Args:
        desk: the store.
        first: a file, the SHA-256 of a stored picture, the link of an archived post, or the link of a picture.
        second: the same; regions of it are the match's.
        viewer: on whose behalf it is asked.
        out: where the two pictures side by side are written, where they match.

    Raises:
        DatelineError: one of the two cannot be opened, is not archived, or `out` cannot be written.
    """
    sides = [await _given(desk, one, viewer) for one in (first, second)]
    return await desk.work(judge, sides[0], sides[1], out=out)


async def linked(desk: Desk, given: str, viewer: Viewer) -> Side:
    """Open what a link or the SHA-256 of a stored picture stands for, as far as the viewer may see it.

    Only the link of a picture is fetched, and nothing is kept.

    Raises:
        DatelineError: it is not archived, cannot be fetched, or is neither.
    """
    if _DIGEST.fullmatch(given):
        return Side(((given, await desk.aside(_stored, desk, given.lower(), viewer)),))
    try:
        link = links.normalise(given)
    except LinkRefused as refused:
        if given.lower().startswith(("http://", "https://", "<http")):
            raise NotCompared(f"{given}: {refused}") from refused
        raise _unknown(given) from refused
    if link.platform == "web" and "://" not in given:
        raise _unknown(given)
    if links.is_short(link):
        link = await links.resolve(given, desk.fetcher, desk.settings.x_shortener_url)
    side = await desk.aside(_of_post, desk, given, link, viewer)
    if side is not None:
        return side
    if link.platform != "web":
        raise NotCompared(f"{given}: No picture of this post is archived; trace the post first.")
    fetched = await desk.fetcher.get(given, accept="media", max_bytes=MAX_PICTURE)
    if fetched.status != 200:
        raise NotCompared(f"{given}: The address answered {fetched.status}; check it.")
    return Side(((given, fetched.body),))


def judge(
    desk: Desk, first: Side, second: Side, *, out: Path | None = None, folder: Path | None = None
) -> CompareFinding:
    """Compare every picture of the one with every picture of the other, and return the surest pair.

    Where they match they are drawn side by side, into the file `out`, or under a name of their own into `folder`.

    Raises:
        DatelineError: a picture cannot be decoded, or the drawing cannot be written.
    """
    ours, theirs = (
        [(name, data, _prepared(desk, name, data)) for name, data in side.pictures] for side in (first, second)
    )
    found = []
    for name, data, query in ours:
        for other, kept, match in theirs:
            reuse, reason = desk.pictures.judged(query, match)
            sides = (
                Compared(name, query.sha256, query.width, query.height),
                Compared(other, match.sha256, match.width, match.height),
            )
            told = CompareFinding(*sides, reuse, reason, desk.pictures.apart(query, match))
            found.append((told, data, kept))
    best, data, kept = max(found, key=lambda one: (_score(one[0].reuse), -_far(one[0].distance)))
    if best.reuse is None or not (out or folder):
        return best
    sheet = two_sides(data, kept, best.reuse, (best.first.input, best.second.input))
    path = _written(out, sheet) if out else kept_in(folder, best.reuse, sheet) if folder else None
    return replace(best, evidence=path)


def _score(reuse: Reuse | None) -> float:
    return reuse.score if reuse else -1.0


def _far(distance: int | None) -> int:
    """Return the distance to order by: hashes that cannot be compared stand last."""
    return 257 if distance is None else distance


def _prepared(desk: Desk, name: str, data: bytes) -> Prepared:
    prepared, why_not = desk.pictures.prepare(data)
    if prepared is None:
        raise NotCompared(f"{name}: {why_not}")
    return prepared


async def _given(desk: Desk, given: str, viewer: Viewer) -> Side:
    if await desk.aside(os.path.lexists, given):
        return Side(((given, await desk.aside(_read, Path(given))),))
    return await linked(desk, given, viewer)


def _unknown(given: str) -> NotCompared:
    return NotCompared(f"{given}: There is no such file, and it is no SHA-256 and no link.")


def _of_post(desk: Desk, given: str, link: Link, viewer: Viewer) -> Side | None:
    """Open the pictures of an archived post; None where there are none that the viewer may see."""
    with desk.db.read() as tx:
        known = posts.get(tx, link.post_id, viewer) is not None
        shas = [one.image_sha256 for one, _ in images.of_post(tx, link.post_id)] if known else []
    if not shas:
        return None
    names = [f"{given} (picture {number})" if len(shas) > 1 else given for number, _ in enumerate(shas, 1)]
    return Side(tuple((name, desk.vault.get(sha)) for name, sha in zip(names, shas, strict=True)))


def _read(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise NotCompared(f"{path}: It is a folder; name one picture in it.")
        return read_file(path, PICTURE_LIMIT)
    except OSError as error:
        raise NotCompared(f"{path}: {trouble(error)}") from error


def _stored(desk: Desk, sha256: str, viewer: Viewer) -> bytes:
    with desk.db.read() as tx:
        known = images.get(tx, sha256) is not None and sha256 in images.seen_by(tx, [sha256], viewer)
    if not known:
        raise NotCompared(f"{sha256}: No picture with this SHA-256 is archived.")
    return desk.vault.get(sha256)


def _written(out: Path, sheet: bytes) -> str:
    try:
        out.write_bytes(sheet)
    except OSError as error:
        raise NotCompared(f"The side-by-side picture {out} cannot be written. {trouble(error)}") from error
    return str(out)
