"""Files of this machine: read under a limit, and what keeps them from being read told in plain words."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from bot.sources.base import Unreadable

TEXT_LIMIT = 8 * 2**20
"""Bytes of one plain text. The longest novels stay under it in any script, and reports of hundreds of pages far under;
a text that names a watched person in every paragraph is read at about half a minute a megabyte (measured)."""
PICTURE_LIMIT = 64 * 2**20
"""Bytes of one picture file; agency originals stay under 60 MB."""

_TROUBLE: Mapping[int, str] = {
    errno.ENOENT: "It does not exist.",
    errno.EACCES: "This user has no permission for it; change its permissions.",
    errno.EPERM: "This user has no permission for it; change its permissions.",
    errno.EISDIR: "It is a folder; name the files in it.",
    errno.ENOTDIR: "A part of its path is not a folder; check the path.",
    errno.ENAMETOOLONG: "Its name is longer than a file's name can be.",
    errno.ELOOP: "Its links lead in a circle.",
    errno.EIO: "The disk failed; check the disk.",
    errno.EROFS: "It lies on a disk that may only be read.",
    errno.ENOSPC: "The disk is full; make room.",
}


def trouble(error: Exception) -> str:
    """Say in one sentence, in which "it" is the file, what the operating system reported."""
    if isinstance(error, OSError):
        return _TROUBLE.get(error.errno or 0, "The system would not open it.")
    return "Its name holds a character that no file's name can hold."


def read_file(path: Path, limit: int) -> bytes:
    """Return the bytes of a file, never holding more than the limit.

    Raises:
        Unreadable: it cannot be read, or is larger; the sentence calls the file "it".
    """
    try:
        with path.open("rb") as file:
            return read_stream(file, limit, os.fstat(file.fileno()).st_size)
    except (OSError, ValueError) as error:
        raise Unreadable(trouble(error)) from error


def read_stream(file: BinaryIO, limit: int, size: int = 0) -> bytes:
    """Return what an open file holds; `size` is what it is known to have, and spares the reading of too much.

    Raises:
        Unreadable: it holds more than the limit.
    """
    data = file.read(limit + 1) if size <= limit else b""
    if size > limit or len(data) > limit:
        raise Unreadable(f"It is larger than the {limit // 2**20} MB that Dateline takes; give a part of it.")
    return data
