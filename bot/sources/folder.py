"""A watched folder: a search gives what has appeared in it, read as `ingest` reads files.

Taken are `.jsonl` (one post a line; lines that are added later come later), `.txt`, `.html`, and pictures with what
`captions.csv` says of them, in the folder and the folders below it. Everything else is passed over, and so are hidden
files.
"""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from bot.sources.articles import HTML_LIMIT, from_html, from_text
from bot.sources.base import Captured, CaptureFailed, Link, NotConfigured, Unreadable
from bot.sources.batch import Batch
from bot.sources.files import Found, from_jsonl
from bot.sources.folder_cursor import FolderCursor, Taken, short_digest
from bot.sources.local import PICTURE_LIMIT, TEXT_LIMIT, read_file, trouble
from bot.sources.pictures import CAPTIONS, TYPES, from_pictures

SETTLE = 5.0
"""Seconds for which a file must not change before it is read: a copy over a network pauses for less."""
FILES_LIMIT = 10_000
"""Files that are watched in one folder; the cursor names each."""
LINES_LIMIT = 64 * 2**20
"""Bytes of a `.jsonl` in a watched folder; what is larger is taken in by hand, once."""
BATCH_LIMIT = 200
"""Posts given by one search; those after them are given by the next."""
BATCH_BYTES = 64 * 2**20
"""Bytes of posts and pictures held for one search, give or take one post's."""
_LIMITS: Mapping[str, int] = {
    ".jsonl": LINES_LIMIT,
    ".txt": TEXT_LIMIT,
    ".html": HTML_LIMIT,
    ".htm": HTML_LIMIT,
    **dict.fromkeys(TYPES, PICTURE_LIMIT),
}
"""The kinds that are taken, and how many bytes of each."""


_LINKED_FOLDER = "It is a link to a folder, which is not followed; put the folder itself there."


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it stands in the folder. `stamp` changes with anything the system says of it; `problem` bars it."""

    name: str
    path: Path
    stamp: str
    mtime: int
    problem: str = ""

    @property
    def kind(self) -> str:
        return self.path.suffix.lower()


class Folder:
    """Folders of this machine by their paths. One file alone cannot be asked for.

    Args:
        roots: the folders that may be watched, with the folders below them, as the operator says: whoever sets up a
            watch could read any file of this machine otherwise.
        clock: the time of a capture, aware. Nothing else goes by it.
        sleep: waits for files to settle.
        settle: for how many seconds; see `SETTLE`.
        batch: how many posts one search gives at most.
    """

    name = "folder"

    def __init__(
        self,
        roots: Sequence[Path],
        clock: Callable[[], datetime],
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        settle: float = SETTLE,
        batch: int = BATCH_LIMIT,
    ) -> None:
        self._roots = tuple(root.resolve() for root in roots)
        self._clock = clock
        self._sleep = sleep
        self._settle = settle
        self._batch = batch

    async def capture(self, link: Link) -> Captured:
        """Refuse: a folder is searched.

        Raises:
            CaptureFailed: always.
        """
        raise CaptureFailed("A watched folder gives what appears in it, not one page; trace the link itself.")

    async def search(self, query: str, since: str | None) -> Batch:
        """Find what has appeared in a folder since the cursor, the file that was changed longest ago first.

        A file that changes while it is looked at is left for the next search. The same bytes are never given twice,
        whatever the file is called and whenever it was written; of a `.jsonl` that grew only the new lines are, and
        of one that was rewritten all.

        Args:
            query: the path of the folder.
            since: the cursor that the last search gave; None for everything in the folder.

        Raises:
            NotConfigured: no folder may be watched, or not this one.
            Unreadable: the folder is not there, cannot be read, or holds too many files.
        """
        root = await asyncio.to_thread(self._allowed, query)
        cursor, problem = FolderCursor.read(since, root)
        before = await asyncio.to_thread(_scan, root)
        if all(_is_done(file, cursor) for file in before):
            files = {file.name: cursor.files[file.name] for file in before}
            return Batch((), cursor.after(files).text(), notes=problem)
        await self._sleep(self._settle)
        batch = await asyncio.to_thread(_Look(root, cursor, before, self._clock(), self._batch).take)
        return replace(batch, notes=(*problem, *batch.notes))

    def _allowed(self, query: str) -> Path:
        if not self._roots:
            raise NotConfigured("No folder may be watched here; whoever runs Dateline names those that may.")
        try:
            root = Path(query).resolve()
        except (OSError, ValueError, RuntimeError) as error:
            raise Unreadable(f"{query[:200]!r} is not a usable path; check it.") from error
        if not any(root.is_relative_to(allowed) for allowed in self._roots):
            raise NotConfigured(
                f"{query[:200]!r} may not be watched; whoever runs Dateline names the folders that may."
            )
        return root


def _is_done(file: _File, cursor: FolderCursor) -> bool:
    taken = cursor.files.get(file.name)
    return taken is not None and taken.stamp == file.stamp and taken.done


def _scan(root: Path) -> list[_File]:
    """List what may be taken in a folder, in the order of the last change, and captions.

    Raises:
        Unreadable: the folder is not there, cannot be read, or holds too many files.
    """
    try:
        os.scandir(root).close()
    except (OSError, ValueError) as error:
        raise Unreadable(f"The watched folder {root}: {trouble(error)}") from error
    found: list[_File] = []
    for folder, below, names in os.walk(root):
        below[:] = [name for name in below if not name.startswith(".")]
        links = [Path(folder, name) for name in below if Path(folder, name).is_symlink()]
        found += [_File(link.relative_to(root).as_posix(), link, "link", 0, _LINKED_FOLDER) for link in links]
        for name in names:
            path = Path(folder, name)
            if not name.startswith(".") and (path.suffix.lower() in _LIMITS or name == CAPTIONS):
                found += _file(path, root)
        if len(found) > FILES_LIMIT:
            raise Unreadable(
                f"The watched folder {root} holds more than {FILES_LIMIT} files; move those that were taken elsewhere."
            )
    return sorted(found, key=lambda file: (file.mtime, file.name))


def _file(path: Path, root: Path) -> Iterator[_File]:
    """Look at one file; nothing where it went meanwhile, or is something else than a file."""
    name = path.relative_to(root).as_posix()
    try:
        status = path.stat()
        inside = path.resolve().is_relative_to(root)
    except OSError:
        return
    if stat.S_ISREG(status.st_mode):
        said = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        problem = "" if inside else "It is a link to a file outside the watched folder; put the file itself there."
        stamp = short_digest(repr(said).encode()) if inside else "link"
        yield _File(name, path, stamp, status.st_mtime_ns, problem)


def _waiting(files: Sequence[_File], earlier: Mapping[str, str]) -> set[str]:
    """Name the files that are still being written, and those that something still being written speaks of.

    A picture waits for its captions, and for as long as they are a link out of the folder; lines of posts wait for the
    pictures beside and below them.
    """
    restless = [file for file in files if earlier.get(file.name) != file.stamp]
    told_later = {file.path.parent for file in restless if file.path.name == CAPTIONS}
    told_later |= {file.path.parent for file in files if file.path.name == CAPTIONS and file.problem}
    arriving = {folder for file in restless if file.kind in TYPES for folder in file.path.parents}
    waiting = {file.name for file in restless}
    waiting |= {file.name for file in files if file.kind in TYPES and not told_later.isdisjoint(file.path.parents)}
    waiting |= {file.name for file in files if file.kind == ".jsonl" and file.path.parent in arriving}
    return waiting


@dataclass(slots=True)
class _Look:
    """One look at a folder whose files have had time to settle. Blocking."""

    root: Path
    cursor: FolderCursor
    before: Sequence[_File]
    now: datetime
    most: int
    items: list[Captured] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    taken: dict[str, Taken] = field(default_factory=dict)
    keys: dict[str, Taken] = field(default_factory=dict)
    held: int = 0
    more: bool = False

    def take(self) -> Batch:
        """Take what has settled, as much as goes into one batch."""
        files = _scan(self.root)
        waiting = _waiting(files, {file.name: file.stamp for file in self.before})
        self.taken = {file.name: self.cursor.files[file.name] for file in files if file.name in self.cursor.files}
        self.keys = self.cursor.by_key()
        for file in files:
            if _is_done(file, self.cursor) or file.name in waiting:
                continue
            if self._is_full():
                self.more = True
            elif file.problem:
                self._refuse(file, file.problem)
            elif file.path.name == CAPTIONS:
                self.taken[file.name] = Taken(file.stamp, "", 0, 0, True)
            else:
                self._take(file)
        cursor = self.cursor.after(self.taken)
        return Batch(tuple(self.items), cursor.text(), self.more, tuple(self.notes), tuple(self.refused))

    def _is_full(self) -> bool:
        return len(self.items) + len(self.refused) >= self.most or self.held >= BATCH_BYTES

    def _refuse(self, file: _File, why: str) -> None:
        self.refused.append((str(file.path), why))
        self.taken[file.name] = Taken(file.stamp, "", 0, 0, True)

    def _take(self, file: _File) -> None:
        try:
            data = read_file(file.path, _LIMITS[file.kind])
        except Unreadable as error:
            self._refuse(file, str(error))
            return
        key = short_digest(data)
        known = self.keys.get(key)
        if known is not None and known.done:
            self.taken[file.name] = replace(known, stamp=file.stamp)
            return
        before = len(self.items), len(self.refused), self.held
        posts = known.posts if known is not None else self._grown_from(file, data)
        done = True
        for one in islice(self._read(file, data), posts, None):
            if self._is_full():
                done = False
                break
            posts += 1
            self._keep(one)
        if [one.stamp for one in _file(file.path, self.root)] == [file.stamp]:
            self.taken[file.name] = self.keys[key] = Taken(file.stamp, key, len(data), posts, done)
            self.more |= not done
        else:  # it was written to while it was read: for the next search
            del self.items[before[0] :], self.refused[before[1] :]
            self.held = before[2]

    def _keep(self, one: Found) -> None:
        if one.captured is None:
            self.refused.append((one.where, one.why_not))
        else:
            self.items.append(one.captured)
            self.held += len(one.captured.raw) + sum(len(media.data or b"") for media in one.captured.media)

    def _grown_from(self, file: _File, data: bytes) -> int:
        """Return how many things of a file were given before it grew: 0 where it did not grow by whole lines."""
        known = self.cursor.files.get(file.name)
        if file.kind != ".jsonl" or known is None or not known.key:
            return 0
        old, added = data[: known.size], data[known.size :]
        if short_digest(old) == known.key and (old.endswith(b"\n") or added.startswith((b"\n", b"\r\n"))):
            return known.posts
        self.notes.append(f"{file.path} was rewritten; all of its posts are read again.")
        return 0

    def _read(self, file: _File, data: bytes) -> Iterator[Found]:
        """Read a file by the reader of its kind."""
        if file.kind == ".jsonl":
            yield from from_jsonl(file.path, self.now)
        elif file.kind in TYPES:
            yield from self._read_picture(file)
        else:
            read = from_text if file.kind == ".txt" else from_html
            try:
                post = read(data, url=None, publisher=None, published=None, captured_at=self.now, name=file.path.name)
            except Unreadable as error:
                yield Found(str(file.path), None, str(error))
            else:
                yield Found(str(file.path), post)

    def _read_picture(self, file: _File) -> Iterator[Found]:
        """Read a picture with its captions, which may stand in the folders above it."""
        above = [folder for folder in file.path.parents if folder.is_relative_to(self.root)]
        speaking = [folder for folder in above if (folder / CAPTIONS).is_file()]
        from_where = file.path if not speaking or speaking == above[:1] else speaking[-1]
        for one in from_pictures(from_where, self.now):
            if one.where == str(file.path):
                yield one
