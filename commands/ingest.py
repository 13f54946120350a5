"""`ingest PATH...`: posts, texts and pictures from files into the archive; resumable and idempotent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.ahead import Ahead, archived, unprepared
from bot.desk import Desk
from bot.findings import IngestFinding
from bot.intake import BATCH, Audience, Receipt
from bot.pictures import INDEX_FOLDER
from bot.sources import articles, files, pictures
from bot.sources.base import Captured, Unreadable
from bot.sources.files import Found
from bot.sources.local import TEXT_LIMIT, read_file, trouble
from bot.workers import WorkerDied
from commands.ingest_told import not_rewritten
from storage.errors import DatelineError, DiskFull
from storage.records import digest
from storage.taken import Stamp, Taken

if TYPE_CHECKING:
    from bot.images.prepared import Prepared

ADDRESSED: Mapping[str, tuple[Callable[..., Captured], int]] = {
    ".txt": (articles.from_text, TEXT_LIMIT),
    ".html": (articles.from_html, articles.HTML_LIMIT),
    ".htm": (articles.from_html, articles.HTML_LIMIT),
}
"""What reads the files that are one text each, and how many bytes of them."""

BATCH_BYTES = 64 * 2**20
"""Bytes read before they are taken in: a folder of large pictures must not stand in memory as a whole."""

BATCH_PICTURES = 8
"""Pictures prepared together: each takes a megabyte until it is archived, and Ctrl-C waits for one batch."""

FEW = 4
"""Pictures that are not worth a process each, which takes a second to begin."""

PICTURE_ARCHIVE = "picture archive"
"""Who shows a picture of a folder that names no agency and no photographer."""


class NothingTaken(DatelineError):
    """Not one of the things given could be taken."""

    code = "nothing_taken"


@dataclass(frozen=True, slots=True)
class Stated:
    """What the operator states of one text: when, by whom and where it was published."""

    published: datetime | None = None
    publisher: str | None = None
    url: str | None = None


def size_of(path: Path) -> int:
    """Return how many bytes an ingest of this path reads, for a progress bar; 0 where it cannot be told."""
    try:
        if path.is_dir():
            return sum(inner.stat().st_size for inner in path.rglob("*") if inner.is_file())
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0


async def ingest(
    desk: Desk,
    paths: Sequence[Path],
    stated: Stated = Stated(),
    *,
    to: Audience = Audience(),  # noqa: B008
    progress: Callable[[int], None] = lambda _bytes: None,
) -> IngestFinding:
    """Take in everything under the paths; what cannot be taken is named, and the rest goes on.

    Raises:
        NothingTaken: nothing at all could be taken.
        DiskFull: the archive cannot grow: what came before is in.
    """
    return await _Ingest(desk, to, progress).run(paths, stated)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Things read together, and those of their pictures that are prepared already."""

    found: Sequence[Found]
    ahead: Ahead = field(default_factory=dict)


class _Ingest:
    """One ingest: while a batch is archived, the next is read, and its pictures are prepared by all processes."""

    def __init__(self, desk: Desk, to: Audience, progress: Callable[[int], None]) -> None:
        self._desk = desk
        self._to = to
        self._progress = progress
        self._before = Taken(desk.vault.root.parent / INDEX_FOLDER)
        self._taken = _Tally()
        self._refused: list[tuple[str, str]] = []
        self._notes: list[tuple[str, str, str]] = []

    async def run(self, paths: Sequence[Path], stated: Stated) -> IngestFinding:
        """Take everything in.

        Raises:
            NothingTaken: nothing at all could be taken.
            DiskFull: the archive cannot grow.
        """
        now = self._desk.clock()
        batches = _batches(one for path in paths for one in _read(path, stated, now, self._unchanged))
        coming = asyncio.ensure_future(self._next(batches))
        try:
            while batch := await coming:
                coming = asyncio.ensure_future(self._next(batches))
                await self._archive(batch)
        finally:
            coming.cancel()
        taken, refused = self._taken, self._refused
        if refused and not taken.archived + taken.seen_again:
            where, why = refused[0]
            more = f" ({len(refused) - 1} more like it)" if len(refused) > 1 else ""
            raise NothingTaken(f"{where}: {why}{more}")
        return IngestFinding(
            files=len(paths),
            archived=taken.archived,
            seen_again=taken.seen_again,
            unchanged=taken.unchanged,
            sightings=taken.sightings,
            pictures=taken.pictures,
            reuse=taken.reuse,
            conflicts=taken.conflicts,
            refused=tuple(refused),
            notes=tuple(self._notes),
        )

    def _unchanged(self, stamp: Stamp) -> bool:
        sha256 = self._before.digest_of(stamp)
        return sha256 is not None and archived(self._desk.db, self._desk.vault, pictures.post_id(sha256), sha256)

    async def _next(self, batches: Iterator[list[Found]]) -> _Batch | None:
        """Read a batch, and have its pictures prepared if they are many; None where there is nothing left."""
        desk = self._desk
        found = await desk.aside(next, batches, None)
        if found is None:
            return None
        wanted = await desk.aside(unprepared, desk.db, [one.captured for one in found if one.captured])
        if len(wanted) < FEW:
            return _Batch(found)
        made = await asyncio.gather(*(self._prepare(data) for data in wanted.values()))
        return _Batch(found, dict(zip(wanted, made, strict=True)))

    async def _prepare(self, data: bytes) -> tuple[Prepared | None, str]:
        try:
            return await self._desk.work(prepare, data)
        except WorkerDied as died:  # a process that ends over one picture must not end the rest
            return None, f"the picture could not be opened ({str(died)[:1].lower()}{str(died)[1:].rstrip('.')})"

    async def _archive(self, batch: _Batch) -> None:
        desk, refused, taken = self._desk, self._refused, self._taken
        given = [one for one in batch.found if one.captured]
        refused += ((one.where, one.why_not) for one in batch.found if one.captured is None and one.why_not)
        for one, receipt in await desk.aside(_take, desk, given, self._to, refused, batch.ahead):
            taken.count(receipt)
            told = receipt.notes if receipt.new else await desk.aside(not_rewritten, desk, one)
            self._notes += ((receipt.post_id, note, one.where) for note in told)
            if one.stamp is not None and one.captured is not None and not (told and one.stated):
                taken.stamps.append((one.stamp, digest(one.captured.raw)))
        passed = [one.stamp for one in batch.found if one.captured is None and not one.why_not and one.stamp]
        taken.unchanged += len(passed)
        taken.seen_again += len(passed)
        await desk.aside(self._before.add, taken.stamps)
        taken.stamps.clear()
        read = sum(one.stamp.size if one.stamp else len(one.captured.raw) for one in given if one.captured)
        self._progress(read + sum(stamp.size for stamp in passed))


def prepare(desk: Desk, data: bytes) -> tuple[Prepared | None, str]:
    """Prepare one picture: as work that another process can do."""
    return desk.pictures.prepare(data)


@dataclass(slots=True)
class _Tally:
    """What was taken in, as numbers: the receipts of ten million posts need not stand in memory."""

    archived: int = 0
    seen_again: int = 0
    unchanged: int = 0
    sightings: int = 0
    pictures: int = 0
    reuse: int = 0
    conflicts: int = 0
    stamps: list[tuple[Stamp, str]] = field(default_factory=list)

    def count(self, receipt: Receipt) -> None:
        """Add one receipt."""
        self.archived += receipt.new
        self.seen_again += not receipt.new
        self.sightings += receipt.sightings
        self.pictures += receipt.pictures
        self.reuse += len(receipt.reuse)
        self.conflicts += len(receipt.conflicts)


def _batches(found: Iterable[Found]) -> Iterator[list[Found]]:
    batch: list[Found] = []
    held = shown = 0
    for one in found:
        batch.append(one)
        if one.captured:
            held += len(one.captured.raw) + sum(len(media.data or b"") for media in one.captured.media)
            shown += len(one.captured.media)
        if len(batch) == BATCH or held >= BATCH_BYTES or shown >= BATCH_PICTURES:
            yield batch
            batch, held, shown = [], 0, 0
    if batch:
        yield batch


def _take(
    desk: Desk, batch: Sequence[Found], to: Audience, refused: list[tuple[str, str]], ahead: Ahead
) -> list[tuple[Found, Receipt]]:
    """Take a batch in; where one of it cannot be taken, take the others one by one and name that one."""
    try:
        receipts = desk.intake.take_all([one.captured for one in batch if one.captured], to, ahead)
    except DiskFull:
        raise
    except (DatelineError, ValueError, OverflowError, OSError, MemoryError) as failed:
        if len(batch) > 1:
            return [pair for one in batch for pair in _take(desk, [one], to, refused, ahead)]
        why = str(failed) if isinstance(failed, DatelineError) else f"It could not be taken in ({failed})."
        refused.append((batch[0].where, why))
        return []
    return list(zip(batch, receipts, strict=True))


def _read(path: Path, stated: Stated, now: datetime, unchanged: Callable[[Stamp], bool]) -> Iterator[Found]:
    try:
        yield from _read_path(path, stated, now, unchanged)
    except (DatelineError, MemoryError) as failed:
        yield Found(str(path), None, str(failed) or "It is larger than this machine's memory.")
    except (OSError, ValueError) as failed:
        yield Found(str(path), None, trouble(failed))


def _read_path(path: Path, stated: Stated, now: datetime, unchanged: Callable[[Stamp], bool]) -> Iterator[Found]:
    kind = path.suffix.lower()
    if not path.exists():
        raise Unreadable("It does not exist.")
    if path.is_dir() or kind in pictures.TYPES:
        yield from pictures.from_pictures(path, now, PICTURE_ARCHIVE, unchanged)
    elif kind == ".jsonl":
        yield from files.from_jsonl(path, now)
    elif kind in ADDRESSED and path.is_file():
        read, limit = ADDRESSED[kind]
        captured = read(
            read_file(path, limit),
            url=stated.url,
            publisher=stated.publisher,
            published=stated.published,
            captured_at=now,
            name=path.name,
        )
        given = (("posted_at", "--published", stated.published), ("publisher", "--publisher", stated.publisher))
        yield Found(str(path), captured, stated=tuple((field, option) for field, option, value in given if value))
    else:
        kinds = ", ".join(sorted({*ADDRESSED, ".jsonl", *pictures.TYPES}))
        raise Unreadable(f"It is of a kind that is not taken; give a folder of pictures or one of {kinds}.")
