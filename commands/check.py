"""`check FILE_OR_LINK...`: whether pictures were kept before, without storing them unless asked to."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from bot import elsewhere
from bot.alerting.memory import Memory, Silence
from bot.desk import Desk, take
from bot.evidence import side_by_side
from bot.findings import CheckFinding, Match
from bot.intake import Audience
from bot.sources import links, pictures
from bot.sources.base import POSTER_FRAME, Link, LinkRefused, Media, Unreadable
from bot.sources.local import PICTURE_LIMIT, read_file, trouble
from bot.wording import frames
from bot.workers import in_order
from storage import captures, gaps, images, posts
from storage.database import Transaction
from storage.errors import DatelineError, VaultError
from storage.records import HANDED_IN, OPERATOR, Appearance, Certainty, Gap, Post, PostStatus, Reuse, Viewer, digest
from storage.reuse import Copies

Progress = Callable[[int, int], None]
"""Told of answers as they come: how many more, of how many in all."""

AT_ONCE = 4
"""Pictures of one check that are asked for at a time, where processes do the work: enough to keep two of them busy. Of
more nobody else would wait longer, since turns go round, but each holds its file in memory."""

MAX_PICTURE = 64_000_000
"""Bytes of a picture that is fetched: agency originals stay under it."""


class NothingChecked(DatelineError):
    """Not one of the things given could be opened."""

    code = "nothing_checked"


async def check(
    desk: Desk,
    inputs: Sequence[str],
    *,
    viewer: Viewer = OPERATOR,
    to: Audience = Audience(),  # noqa: B008 - a frozen value
    keep: bool = False,
    evidence: Path | None = None,
    progress: Progress = lambda _steps, _total: None,
) -> list[CheckFinding]:
    """Answer as `checked` does, with everything at once.

    Raises:
        NothingChecked: nothing at all could be opened.
    """
    answers = checked(desk, inputs, viewer=viewer, to=to, keep=keep, evidence=evidence, progress=progress)
    return [one async for one in answers]


async def checked(
    desk: Desk,
    inputs: Sequence[str],
    *,
    viewer: Viewer = OPERATOR,
    to: Audience = Audience(),  # noqa: B008 - a frozen value
    keep: bool = False,
    evidence: Path | None = None,
    progress: Progress = lambda _steps, _total: None,
) -> AsyncIterator[CheckFinding]:
    """Answer once for each input, in order, as soon as it is known; what cannot be opened is an answer too.

    Args:
        desk: the store and the sources.
        inputs: files, addresses of pictures, links of posts (one answer for all pictures of a post), or folders (one
            answer for each picture in them, under its own path).
        viewer: on whose behalf it is asked.
        to: to whom a kept picture is granted.
        keep: take the pictures into the archive, after they were looked up.
        evidence: a folder to write side-by-side pictures into.
        progress: told after each answer: one more, of so many.

    Raises:
        NothingChecked: nothing at all could be opened; no answer came before.
    """
    asked = _Check(desk, viewer, to, keep, evidence)
    names = [name for given in inputs for name in await desk.aside(_spread, given)]
    # What is kept is found by what is looked up after it, so then each waits for the one before it.
    at_once = AT_ONCE if desk.hands is not None and not keep else 1
    held: list[CheckFinding] = []
    opened = False
    async with aclosing(in_order(asked.answer_or_why, names, at_once)) as answers:
        async for one, problem in answers:
            progress(1, len(names))
            opened = opened or not problem
            held.append(one)
            if opened:  # until then it may be that nothing can be opened, which is no answer but a failure
                for found in held:
                    yield found
                held.clear()
    if held:
        more = f" ({len(held) - 1} more like it)" if len(held) > 1 else ""
        raise NothingChecked(f"{held[0].input}: {held[0].why_not}{more}")


def _spread(given: str) -> list[str]:
    """Name the pictures of a folder; anything else, and a folder without any, is asked for by what was given."""
    path = Path(given)
    if _is_link(given) or not os.path.isdir(path):  # noqa: PTH112 - unlike Path.is_dir it never raises
        return [given]
    return [str(file) for file in pictures.picture_files(path)] or [given]


def _unopened(name: str, why: str) -> CheckFinding:
    return CheckFinding(name, None, None, None, False, why, ())


@dataclass(frozen=True, slots=True)
class _Check:
    """How pictures are looked up, and for whom."""

    desk: Desk
    viewer: Viewer
    to: Audience
    keep: bool
    evidence: Path | None
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while the network is asked: one thing at a time, whatever is looked up meanwhile."""

    async def answer_or_why(self, name: str) -> tuple[CheckFinding, bool]:
        """Look up what one input means; where it cannot be opened the answer says why, and True comes with it."""
        try:
            return await self.answer(name), False
        except (DatelineError, OSError) as error:
            return _unopened(name, str(error) if isinstance(error, DatelineError) else trouble(error)), True

    async def answer(self, name: str) -> CheckFinding:
        """Look up what one input means.

        Raises:
            DatelineError: it cannot be opened.
        """
        link = _link(name)
        if not _is_link(name) and (link is None or await self.desk.aside(os.path.lexists, name)):
            return await self._picture(name, await self.desk.aside(_read, Path(name)), Path(name).suffix)
        if link is not None and link.platform != "web":
            async with self.asking:
                return await self._post(name, link)
        async with self.asking:
            fetched = await self.desk.fetcher.get(name, accept="media", max_bytes=MAX_PICTURE)
        if fetched.status != 200:
            raise DatelineError(f"The address answered {fetched.status}; check it.")
        return await self._picture(name, fetched.body, _suffix(name), link.url if link else name)

    async def _picture(self, name: str, data: bytes, suffix: str, address: str | None = None) -> CheckFinding:
        found = await self.desk.work(examine, name, data, self.viewer, evidence=self.evidence, address=address)
        if not self.keep:
            return found
        captured = pictures.picture_post(data, suffix, self.desk.clock())
        receipt = await self.desk.work(take, captured, self.to)
        return replace(found, kept_as=receipt.post_id)

    async def _post(self, name: str, link: Link) -> CheckFinding:
        """Answer for all pictures of a post at once, from the archive where it is there, else fetched and not kept."""
        desk = self.desk
        if links.is_short(link):
            link = await links.resolve(name, desk.fetcher, desk.settings.x_shortener_url)
        held = await desk.db.reading(lambda tx: _held(tx, link.post_id, self.viewer))
        if held is not None:
            shown, reason = [await desk.aside(self._stored, one) for one in held.pictures], held.reason
            notes: Sequence[str] = held.notes
            shown = shown if held.public else [replace(one, url=None) for one in shown]
        else:
            captured = await desk.source(link.platform).capture(link)
            shown, reason, notes = list(captured.media), captured.status_reason, captured.notes
        if not shown:
            return _unopened(name, " ".join(filter(None, ("The post shows no picture.", reason))))
        found = [await self._medium(f"{name} (picture {number})", one) for number, one in enumerate(shown, 1)]
        if all(one.data is None for one in shown):
            raise DatelineError(found[0].why_not)
        matches = sorted((match for one in found for match in one.matches), key=lambda match: -match.reuse.score)
        told = tuple(dict.fromkeys((*(note for note in notes if note == POSTER_FRAME), *found[0].notes)))
        return replace(found[0], input=name, matches=tuple(matches), pictures=tuple(found), notes=told)

    def _stored(self, picture: Appearance | Gap) -> Media:
        """Read an archived picture; one that is missing, or whose file does not hold, is without data and says why."""
        if isinstance(picture, Gap):
            return Media(picture.url, None, problem=f"{picture.why} Trace the post to ask for it again.")
        try:
            return Media(picture.source_url, self.desk.vault.get(picture.image_sha256))
        except VaultError as damaged:
            return Media(picture.source_url, None, problem=str(damaged))

    async def _medium(self, name: str, medium: Media) -> CheckFinding:
        if medium.data is None:
            return _unopened(name, medium.problem or "The picture could not be fetched.")
        return await self._picture(name, medium.data, _suffix(medium.url or ""), medium.url)


def examine(
    desk: Desk,
    name: str,
    data: bytes,
    viewer: Viewer,
    *,
    evidence: Path | None = None,
    own: Post | None = None,
    address: str | None = None,
) -> CheckFinding:
    """Look one picture up among all that were ever kept; what the viewer may not see is as if it were not there.

    `own` is the post that the picture stands in, whose own appearance of this very file is no news; `address` is where
    the picture stands for everybody, None where that is not known.
    """
    prepared, why_not = desk.pictures.prepare(data)
    if prepared is None:
        return CheckFinding(name, digest(data), None, None, False, why_not, ())
    with desk.db.read() as tx:
        desk.pictures.refresh(tx)
    # Of a picture that holds too little nothing but the very same file is told, and the index does not hold it.
    reuses = desk.pictures.look_up(prepared) if prepared.usable else [desk.pictures.itself(prepared)]
    ours = Copies.of(prepared.sha256, reuses)
    with desk.db.read() as tx:
        memory = Memory(tx, "" if viewer.operator else viewer.workspace, viewer)
        marked = memory.of_picture(ours)
        stands = [_stands(tx, memory, ours, reuse, viewer, own) for reuse in reuses]
    matches = []
    for reuse, (shown, silence) in zip(reuses, stands, strict=True):
        if shown:
            sheet = side_by_side(desk, data, reuse, shown, own, evidence) if evidence else None
            matches.append(Match(reuse, str(desk.vault.path(reuse.match_sha256)), tuple(shown), sheet, silence))
    return CheckFinding(
        input=name,
        sha256=prepared.sha256,
        width=prepared.width,
        height=prepared.height,
        usable=prepared.usable,
        why_not=prepared.why_not,
        matches=tuple(matches),
        metadata=desk.pictures.metadata(data).shown(),
        notes=frames(prepared.media_type, prepared.frames),
        marked=marked,
        elsewhere=elsewhere.pages(address),
        by_hand=elsewhere.by_hand(address),
    )


def _stands(
    tx: Transaction, memory: Memory, ours: Copies, reuse: Reuse, viewer: Viewer, own: Post | None
) -> tuple[list[tuple[Appearance, Post]], Silence | None]:
    """Find the posts that a match stands in, and what was said of it; of one that is only possible nothing ever is."""
    shown = images.appearances_of(tx, [reuse.match_sha256], viewer)
    others = [one for one in shown if own is None or one[1].id != own.id]
    if reuse.certainty is not Certainty.MATCH:
        return others, None
    ids = [post.id for _, post in others]
    return others, memory.of_pair(ours, reuse.match_sha256, own.id if own else "", ids)


@dataclass(frozen=True, slots=True)
class _Held:
    """The pictures of an archived post in order, missing ones among them, why it is gone, and what was noted of it.

    `public`: whether anybody may see it at its source, as far as was told.
    """

    pictures: Sequence[Appearance | Gap]
    reason: str
    notes: Sequence[str]
    public: bool


def _held(tx: Transaction, post_id: str, viewer: Viewer) -> _Held | None:
    """Look a post up; None where it is not archived, or only a file without pictures has told of it so far."""
    post = posts.get(tx, post_id, viewer)
    if post is None:
        return None
    shown: list[Appearance | Gap] = [appearance for appearance, _ in images.of_post(tx, post_id)]
    shown += gaps.of_post(tx, post_id)
    copies = captures.of_post(tx, post_id)
    if not shown and all(capture.route == HANDED_IN for capture in copies):
        return None
    notes = [note for capture in copies for note in captures.noted(tx, capture)]
    public = post.status is not PostStatus.PROTECTED
    return _Held(sorted(shown, key=lambda one: one.position), post.status_reason, notes, public)


def _read(path: Path) -> bytes:
    if path.is_dir():
        raise Unreadable("The folder holds no picture.")
    return read_file(path, PICTURE_LIMIT)


def _is_link(name: str) -> bool:
    return name.startswith("<http") or name.lower().startswith(("http://", "https://"))


def _link(name: str) -> Link | None:
    """Read a name as a link; without "https://" only a platform's own is one, anything else is a file's name.

    Raises:
        LinkRefused: it is a link, but a look-alike, or of no post and no picture.
    """
    try:
        link = links.normalise(name)
    except LinkRefused:
        if _is_link(name):
            raise
        return None
    return link if _is_link(name) or link.platform != "web" else None


def _suffix(address: str) -> str:
    """Return the end of an address that names the kind of picture; empty where it has none or cannot be read."""
    try:
        return PurePosixPath(urlsplit(address).path).suffix
    except ValueError:
        return ""
