"""`ingest PATH...`: posts, texts and pictures from files into the archive; resumable and idempotent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from bot.desk import Desk
from bot.findings import IngestFinding
from bot.intake import BATCH, Audience, Receipt
from bot.sources import articles, files, pictures
from bot.sources.base import Captured
from storage.errors import DatelineError, StoreError, VaultError

ADDRESSED: Mapping[str, Callable[..., Captured]] = {
    ".txt": articles.from_text,
    ".html": articles.from_html,
    ".htm": articles.from_html,
}


class NothingTaken(DatelineError):
    """Not one of the things given could be taken."""

    code = "nothing_taken"


@dataclass(frozen=True, slots=True)
class Stated:
    """What the operator states of one text: when, by whom and where it was published."""

    published: datetime | None = None
    publisher: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class _Refused:
    where: str
    why: str


@dataclass(frozen=True, slots=True)
class _Item:
    """One thing read from a path: a post or a refusal, and how many bytes of the path it stands for."""

    captured: Captured | None
    refused: _Refused | None
    size: int


def size_of(path: Path) -> int:
    """Return how many bytes an ingest of this path reads, for a progress bar."""
    if path.is_dir():
        return sum(inner.stat().st_size for inner in path.rglob("*") if inner.is_file())
    return path.stat().st_size if path.is_file() else 0


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
        StoreError, VaultError: the archive cannot be written (a full disk): what came before is in.
    """
    receipts: list[Receipt] = []
    refused: list[_Refused] = []
    items = (item for path in paths for item in _read(path, stated, desk.clock()))
    while batch := await desk.work(lambda: list(islice(items, BATCH))):
        refused += (item.refused for item in batch if item.refused)
        taken = [item.captured for item in batch if item.captured]
        receipts += await desk.work(_take, desk, taken, to, refused)
        progress(sum(item.size for item in batch))
    if refused and not receipts:
        first = refused[0]
        more = f" ({len(refused) - 1} more like it)" if len(refused) > 1 else ""
        raise NothingTaken(f"{first.where}: {first.why}{more}")
    return IngestFinding(
        files=len(paths),
        archived=sum(receipt.new for receipt in receipts),
        seen_again=sum(not receipt.new for receipt in receipts),
        sightings=sum(receipt.sightings for receipt in receipts),
        pictures=sum(receipt.pictures for receipt in receipts),
        reuse=sum(len(receipt.reuse) for receipt in receipts),
        conflicts=sum(len(receipt.conflicts) for receipt in receipts),
        refused=tuple((one.where, one.why) for one in refused),
        notes=tuple((receipt.post_id, note) for receipt in receipts for note in receipt.notes),
    )


def _take(desk: Desk, batch: Sequence[Captured], to: Audience, refused: list[_Refused]) -> list[Receipt]:
    """Take a batch in; where one post of it cannot be taken, take the others one by one and name that one."""
    try:
        return desk.intake.take_all(batch, to)
    except (StoreError, VaultError):
        raise
    except (DatelineError, ValueError) as failed:
        if len(batch) == 1:
            refused.append(_Refused(batch[0].post_id, str(failed)))
            return []
        return [receipt for captured in batch for receipt in _take(desk, [captured], to, refused)]


def _read(path: Path, stated: Stated, now: datetime) -> Iterator[_Item]:
    try:
        yield from _read_path(path, stated, now)
    except DatelineError as failed:
        yield _Item(None, _Refused(str(path), str(failed)), 0)
    except OSError as failed:
        yield _Item(None, _Refused(str(path), failed.strerror or str(failed)), 0)


def _read_path(path: Path, stated: Stated, now: datetime) -> Iterator[_Item]:
    kind = path.suffix.lower()
    if path.is_file() and kind == ".jsonl":
        yield from _items(path, files.from_jsonl(path, now))
    elif path.is_file() and kind in ADDRESSED:
        data = path.read_bytes()
        captured = ADDRESSED[kind](
            data,
            url=stated.url,
            publisher=stated.publisher,
            published=stated.published,
            captured_at=now,
            name=path.name,
        )
        yield _Item(captured, None, len(data))
    else:
        yield from _items(path, pictures.from_pictures(path, now))


def _items(path: Path, found: Iterator[Captured | files.BadLine]) -> Iterator[_Item]:
    for one in found:
        if isinstance(one, Captured):
            yield _Item(one, None, len(one.raw))
        else:
            where = f"{path}, line {one.number}" if one.number else str(path)
            yield _Item(None, _Refused(where, one.why), 0)
