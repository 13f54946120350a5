"""Where a watch of a folder stands: which files were taken as they are now, known by their bytes and never by a time.

Times of files jump with clocks, repeat, and are set back by tools that copy; names change. So a file is looked at again
when anything that the system says of it changes, and taken again only when its bytes are new.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from storage.records import digest

GONE_LIMIT = 2000
"""Files that are no longer there, and that are known again if they return under any name."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken of one file.

    Attributes:
        stamp: what the system said of the file then, in short; empty for a file that is gone.
        key: the digest of its bytes, in short; empty where it could not be read.
        size: how many bytes they were.
        posts: how many things in it were given or refused.
        done: whether that was all of it.
    """

    stamp: str
    key: str
    size: int
    posts: int
    done: bool


@dataclass(frozen=True, slots=True)
class FolderCursor:
    """What was taken in one folder, by the file's path below it, and what was taken of files that are gone."""

    folder: str
    files: Mapping[str, Taken] = field(default_factory=dict)
    gone: tuple[Taken, ...] = ()

    @classmethod
    def read(cls, since: str | None, folder: Path) -> tuple[FolderCursor, tuple[str, ...]]:
        """Read a cursor; what is none starts over, and a note says so."""
        fresh = cls(short_digest(str(folder).encode("utf-8", "surrogateescape")))
        if not since:
            return fresh, ()
        try:
            value = json.loads(since)
            files = {str(name): _taken(row) for name, row in value["files"].items()}
            gone = tuple(_taken(row) for row in value["gone"])
            found = cls(str(value["folder"]), files, gone)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return fresh, ("Where the last sweep stopped cannot be read; the folder is read from its start.",)
        return (found, ()) if found.folder == fresh.folder else (fresh, ())

    def text(self) -> str:
        """Write the cursor; the same one always reads the same."""
        value = {
            "folder": self.folder,
            "files": {name: _row(taken) for name, taken in self.files.items()},
            "gone": [_row(taken) for taken in self.gone],
        }
        return json.dumps(value, separators=(",", ":"))

    def by_key(self) -> dict[str, Taken]:
        """Return what was taken by the bytes of the file, the furthest where several had the same."""
        found: dict[str, Taken] = {}
        for taken in (*self.gone, *self.files.values()):
            held = found.get(taken.key)
            if taken.key and (held is None or (taken.done, taken.posts) > (held.done, held.posts)):
                found[taken.key] = taken
        return found

    def after(self, files: Mapping[str, Taken]) -> FolderCursor:
        """Return the cursor once this is what was taken of the files that are there."""
        kept = {taken.key for taken in files.values()}
        gone = {taken.key: taken for taken in self._lost(files) if taken.key and taken.key not in kept}
        return FolderCursor(self.folder, dict(files), tuple(gone.values())[-GONE_LIMIT:])

    def _lost(self, files: Mapping[str, Taken]) -> Iterator[Taken]:
        """What was taken of bytes that no file holds any more: of files that went, or were written over."""
        yield from self.gone
        for name, taken in self.files.items():
            if name not in files or files[name].key != taken.key:
                yield Taken("", taken.key, taken.size, taken.posts, taken.done)


def short_digest(data: bytes) -> str:
    """Return 80 bits of the digest of some bytes: enough that no two files of a folder share it."""
    return digest(data)[:20]


def _row(taken: Taken) -> list[object]:
    return [taken.stamp, taken.key, taken.size, taken.posts, taken.done]


def _taken(row: object) -> Taken:
    match row:
        case [str(stamp), str(key), int(size), int(posts), bool(done)] if size >= 0 and posts >= 0:
            return Taken(stamp, key, size, posts, done)
    raise ValueError("not a row of a cursor")
