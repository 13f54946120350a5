"""The vault: every archived file by the SHA-256 of its bytes, at `ab/cd/<sha256>` under one folder.

A file comes in under another name, is synced, renamed, its folders are synced, and is read back and compared. So a
name in the vault always stands for whole bytes, whenever the process or the machine stops. What a killed process
leaves behind lies in `.incoming`, harms nothing, and is swept away when it is an hour old.

Nothing in the vault is ever overwritten. When a file that is to be kept is there already, its bytes are compared; if
they are not what the name promises, `VaultError` says so and the damaged file stays as it is, because it is evidence of
what happened to it: a person decides, moves it away, and the same file can then be fed again.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from storage import durable, failures
from storage.errors import VaultError
from storage.records import digest

VAULT_FOLDER = "vault"
"""The name of the vault in the folder that holds a store."""

LEFTOVER_SECONDS = 3600.0
"""A file in `.incoming` that has not changed for so long belongs to no process that is still writing it."""

_INCOMING = ".incoming"
_NAME = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class VaultFault:
    """A file of the vault that does not hold, by its path under the vault, and why."""

    name: str
    why: str


class Vault:
    """The archived files under `root`, which is made where it is missing; `read_only` makes and sweeps nothing.

    Raises:
        StoreError: the folder cannot be made or written to.
    """

    def __init__(self, root: Path, clock: Callable[[], float] = time.time, *, read_only: bool = False) -> None:
        self.root = root
        self._read_only = read_only
        self._incoming = root / _INCOMING
        self._clock = clock
        if read_only:
            return
        try:
            self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._sweep()
        except OSError as error:
            raise failures.of_system(error, root) from error

    def path(self, sha256: str) -> Path:
        """Return where the file of that name lies, or would lie.

        Raises:
            VaultError: that is no SHA-256 in lower-case hexadecimal.
        """
        if not _NAME.match(sha256):
            raise VaultError(f"{sha256[:80]!r} is not the name of an archived file")
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def put(self, data: bytes) -> str:
        """Keep bytes and return their SHA-256; when this returns they are on the disk.

        Raises:
            DiskFull: there is no room; nothing half-written stays.
            VaultError: a damaged file of that name is there already, or what was written does not read back.
        """
        return self.put_many([data])[0]

    def put_many(self, items: Sequence[bytes]) -> list[str]:
        """Keep many files as `put` does, syncing each folder once; all are on the disk when this returns."""
        names = [digest(data) for data in items]
        wanted = dict(zip(names, items, strict=True))
        arriving: dict[str, Path] = {}
        try:
            for name, data in wanted.items():
                if not self._holds(name, data):
                    arriving[name] = self._incoming / f"{name}.{secrets.token_hex(8)}"
                    _write(arriving[name], data)
            durable.sync([*arriving.values()], self.root)
            for name, temporary in arriving.items():
                target = self.path(name)
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                temporary.rename(target)
            # also the folders of files found there: who brought them may have been stopped before syncing them
            leaves = {self.path(name).parent for name in wanted}
            durable.sync([*leaves, *{leaf.parent for leaf in leaves}, self.root], self.root)
            for name in arriving:
                if self.path(name).read_bytes() != wanted[name]:
                    raise VaultError(f"{self.path(name)} does not read back as it was written; check the disk")
        except OSError as error:
            raise failures.of_system(error, self.root) from error
        finally:
            for temporary in arriving.values():
                with suppress(OSError):  # what cannot be cleared away is swept later; why it failed is told already
                    temporary.unlink()
        return names

    def get(self, sha256: str) -> bytes:
        """Return the bytes of that name, hashed again.

        Raises:
            VaultError: they are missing, cannot be read, or are not what the name promises.
        """
        path = self.path(sha256)
        try:
            data = path.read_bytes()
        except FileNotFoundError as error:
            raise VaultError(f"the archived file {sha256} is missing; restore it from a backup") from error
        except OSError as error:
            raise VaultError(f"the archived file {sha256} cannot be read ({error.strerror})") from error
        if digest(data) != sha256:
            raise VaultError(f"the archived file {sha256} is damaged; restore it from a backup")
        return data

    def check(self) -> Iterator[VaultFault | None]:
        """Hash every file again: None for each that holds, a fault for each that does not or does not belong here."""
        if not self._read_only:
            self._sweep()
        for path in self._files():
            yield self._fault(path)

    def size(self) -> int:
        """Return how many bytes the archived files have."""
        return sum(path.lstat().st_size for path in self._files())

    def count(self) -> int:
        """Return how many archived files there are."""
        return sum(1 for _ in self._files())

    def _holds(self, name: str, data: bytes) -> bool:
        path = self.path(name)
        try:
            held = path.read_bytes()
        except FileNotFoundError:
            return False
        if held != data:
            raise VaultError(
                f"{path} is damaged: its bytes are not those of its name; move it away as evidence, then do this again"
            )
        return True

    def _files(self) -> Iterator[Path]:
        for folder, folders, files in os.walk(self.root):
            if Path(folder) == self.root and _INCOMING in folders:
                folders.remove(_INCOMING)
            folders.sort()
            # os.walk lists a link to a folder as a folder but does not follow it
            for name in sorted(files + [each for each in folders if (Path(folder) / each).is_symlink()]):
                yield Path(folder) / name

    def _fault(self, path: Path) -> VaultFault | None:
        relative = str(path.relative_to(self.root))
        if path.is_symlink() or not _NAME.match(path.name) or self.path(path.name) != path:
            return VaultFault(relative, "it does not belong in the vault")
        try:
            if not path.is_file():
                return VaultFault(relative, "it is not a file")
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            return VaultFault(relative, f"it cannot be read ({error.strerror})")
        return None if found == path.name else VaultFault(relative, "its bytes are not those of its name")

    def _sweep(self) -> None:
        for leftover in self._incoming.iterdir():
            try:
                if self._clock() - leftover.stat().st_mtime > LEFTOVER_SECONDS:
                    leftover.unlink()
            except FileNotFoundError:
                continue  # another process swept it, or has just finished with it


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
    finally:
        os.close(handle)
