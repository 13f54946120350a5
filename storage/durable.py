"""Waits until files and folders are on the disk, each by itself or the whole file system at once."""

from __future__ import annotations

import ctypes
import os
import platform
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

MANY = 32
"""From so many files on, one `syncfs` beats an `fsync` each: measured 200 files on ext4, 0.1 against 0.5 ms a file."""


def sync(paths: Sequence[Path], within: Path) -> None:
    """Return when all `paths`, files or folders of the file system that holds `within`, are on the disk.

    Raises:
        OSError: the disk did not take them.
    """
    whole = _syncfs() if len(paths) >= MANY else None
    if whole:
        _with_handle(within, whole)
    else:
        for path in paths:
            _with_handle(path, os.fsync)


def _with_handle(path: Path, work: Callable[[int], None]) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        work(handle)
    finally:
        os.close(handle)


@cache
def _syncfs() -> Callable[[int], None] | None:
    """Return Linux's syncfs(2), None where there is none or where it does not report failed writes (before 5.8)."""
    if platform.system() != "Linux" or _kernel() < (5, 8):
        return None
    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "syncfs"):
        return None

    def syncfs(handle: int) -> None:
        if library.syncfs(handle) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))

    return syncfs


def _kernel() -> tuple[int, ...]:
    return tuple(int(part) for part in platform.release().split("-")[0].split(".")[:2] if part.isdigit())
