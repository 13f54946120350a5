"""A user who may read a folder and not write to it, also where the tests run as root."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NOBODY = 65534


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that every user may reach: those of pytest are for its own user alone."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def who_may_only_read(*paths: Path) -> Iterator[None]:
    """Within the block nobody may write to the paths, and where this is root, it is somebody else."""
    modes = {path: path.stat().st_mode for path in paths}
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)
        for path, mode in modes.items():
            if path.exists():
                path.chmod(mode)


def own_mounts() -> list[str]:
    """What to put before a command that may mount what it likes, seen by itself alone; skips where that is refused."""
    namespace = ["unshare", "--map-root-user", "--mount"]
    if not shutil.which("unshare") or subprocess.run([*namespace, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount anything, not even for itself")
    return namespace


def everything(folder: Path) -> list[Path]:
    """The folder with all in it."""
    return [folder, *folder.rglob("*")]
