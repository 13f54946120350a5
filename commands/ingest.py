"""`ingest PATH...`: posts, texts and pictures from files into the archive; resumable and idempotent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.desk import Desk
from bot.findings import IngestFinding
from bot.intake import BATCH, Audience, Receipt
from bot.sources import articles, files, pictures
from bot.sources.base import Captured, Unreadable
from bot.sources.files import Found
from bot.sources.local import TEXT_LIMIT, read_file, trouble
from storage import posts
from storage.errors import DatelineError, DiskFull
from storage.records import OPERATOR, Post, utc

ADDRESSED: Mapping[str, tuple[Callable[..., Captured], int]] = {
    ".txt": (articles.from_text, TEXT_LIMIT),
    ".html": (articles.from_html, articles.HTML_LIMIT),
    ".htm": (articles.from_html, articles.HTML_LIMIT),
}
"""What reads the files that are one text each, and how many bytes of them."""

BATCH_BYTES = 64 * 2**20
"""Bytes read before they are taken in: a folder of large pictures must not stand in memory as a whole."""


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
    taken = _Tally()
    refused: list[tuple[str, str]] = []
    notes: list[tuple[str, str, str]] = []
    batches = _batches(one for path in paths for one in _read(path, stated, desk.clock()))
    while batch := await desk.aside(next, batches, None):
        refused += ((one.where, one.why_not) for one in batch if one.captured is None)
        for one, receipt in await desk.aside(_take, desk, [one for one in batch if one.captured], to, refused):
            taken.count(receipt)
            told = receipt.notes if receipt.new else await desk.aside(_not_rewritten, desk, one)
            notes += ((receipt.post_id, note, one.where) for note in told)
        progress(sum(len(one.captured.raw) for one in batch if one.captured))
    if refused and not taken.archived + taken.seen_again:
        where, why = refused[0]
        more = f" ({len(refused) - 1} more like it)" if len(refused) > 1 else ""
        raise NothingTaken(f"{where}: {why}{more}")
    return IngestFinding(
        files=len(paths),
        archived=taken.archived,
        seen_again=taken.seen_again,
        sightings=taken.sightings,
        pictures=taken.pictures,
        reuse=taken.reuse,
        conflicts=taken.conflicts,
        refused=tuple(refused),
        notes=tuple(notes),
    )


@dataclass(slots=True)
class _Tally:
    """What was taken in, as numbers: the receipts of ten million posts need not stand in memory."""

    archived: int = 0
    seen_again: int = 0
    sightings: int = 0
    pictures: int = 0
    reuse: int = 0
    conflicts: int = 0

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
    held = 0
    for one in found:
        batch.append(one)
        if one.captured:
            held += len(one.captured.raw) + sum(len(media.data or b"") for media in one.captured.media)
        if len(batch) == BATCH or held >= BATCH_BYTES:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def _take(
    desk: Desk, batch: Sequence[Found], to: Audience, refused: list[tuple[str, str]]
) -> list[tuple[Found, Receipt]]:
    """Take a batch in; where one of it cannot be taken, take the others one by one and name that one."""
    try:
        receipts = desk.intake.take_all([one.captured for one in batch if one.captured], to)
    except DiskFull:
        raise
    except (DatelineError, ValueError, OverflowError, OSError, MemoryError) as failed:
        if len(batch) > 1:
            return [pair for one in batch for pair in _take(desk, [one], to, refused)]
        why = str(failed) if isinstance(failed, DatelineError) else f"It could not be taken in ({failed})."
        refused.append((batch[0].where, why))
        return []
    return list(zip(batch, receipts, strict=True))


def _not_rewritten(desk: Desk, one: Found) -> tuple[str, ...]:
    """Say what was stated of something that is archived already and reads otherwise there: it is not rewritten."""
    captured = one.captured
    if captured is None or not one.stated:
        return ()
    with desk.db.read() as tx:
        held = posts.get(tx, captured.post_id, OPERATOR)
    if held is None:
        return ()
    archived = _fields(held, held.posted_at)
    came = _fields(captured, utc(captured.posted_at) if captured.posted_at else None)
    apart = [(field, called) for field, called in one.stated if came[field] not in {"", archived[field]}]
    if not apart:
        return ()
    words = " and ".join(
        f"the {_WORDS[field]} {archived[field][:60]!r}" if archived[field] else f"no {_WORDS[field]}"
        for field, _ in apart
    )
    what = " and ".join(called for _, called in apart)
    was = "were" if len(apart) > 1 else "was"
    return (
        f"It is archived already, with {words}; {what} {was} not taken. To state that, give it as a line of .jsonl.",
    )


def _fields(post: Post | Captured, posted_at: str | None) -> dict[str, str]:
    return {
        "posted_at": posted_at or "",
        "publisher": post.publisher or "",
        "author_name": post.author_name or "",
        "text": post.text,
    }


_WORDS: Mapping[str, str] = {
    "posted_at": "date",
    "publisher": "publisher",
    "author_name": "credit",
    "text": "caption",
}
"""What a person calls a field of a post that was handed in."""


def _read(path: Path, stated: Stated, now: datetime) -> Iterator[Found]:
    try:
        yield from _read_path(path, stated, now)
    except (DatelineError, MemoryError) as failed:
        yield Found(str(path), None, str(failed) or "It is larger than this machine's memory.")
    except (OSError, ValueError) as failed:
        yield Found(str(path), None, trouble(failed))


def _read_path(path: Path, stated: Stated, now: datetime) -> Iterator[Found]:
    kind = path.suffix.lower()
    if not path.exists():
        raise Unreadable("It does not exist.")
    if path.is_dir() or kind in pictures.TYPES:
        yield from pictures.from_pictures(path, now)
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
