"""The vault: what is in it is whole, stays as it was, and answers to its name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import DiskFull, StoreError, VaultError
from storage.records import digest
from storage.vault import LEFTOVER_SECONDS, Vault


@pytest.fixture(scope="module", name="kept")
def fixture_kept(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    """A vault that the examples of one property share."""
    return Vault(tmp_path_factory.mktemp("kept") / "vault")


@given(items=st.lists(st.binary(max_size=200), max_size=40))
def test_what_is_kept_comes_back(kept: Vault, items: list[bytes]) -> None:
    """Files come back byte for byte under their digests, however many come at once and however often."""
    names = kept.put_many(items)
    assert names == [digest(data) for data in items]
    assert [kept.get(name) for name in names] == items
    assert kept.put_many(items) == names


def test_many_files_come_in_together(vault: Vault) -> None:
    """A large batch, with repeats and with one that is there already, is kept like single files."""
    items = [b"%d" % (number % 150) for number in range(200)]
    vault.put(items[3])
    names = vault.put_many(items)
    assert [vault.get(name) for name in names] == items
    assert list(vault.check()) == [None] * 150
    assert vault.put_many([]) == []


def test_a_file_lies_where_its_name_says(vault: Vault) -> None:
    """The layout is ab/cd/<sha256>, nothing else is left in the vault, and its size is that of the files."""
    name = vault.put(b"words")
    assert vault.path(name) == vault.root / name[:2] / name[2:4] / name
    assert [path for path in vault.root.rglob("*") if path.is_file()] == [vault.path(name)]
    assert (vault.count(), vault.size()) == (1, 5)
    assert list(vault.check()) == [None]


def test_a_damaged_file_is_never_overwritten(vault: Vault) -> None:
    """Keeping the same bytes again reports the damaged file and leaves it as evidence; the others come in."""
    path = vault.path(vault.put(b"words"))
    path.write_bytes(b"sword")
    with pytest.raises(VaultError, match="damaged"):
        vault.put(b"words")
    with pytest.raises(VaultError, match="damaged"):
        vault.get(path.name)
    assert path.read_bytes() == b"sword"
    assert [fault.name for fault in vault.check() if fault] == [str(path.relative_to(vault.root))]
    path.unlink()
    with pytest.raises(VaultError, match="missing"):
        vault.get(path.name)
    assert vault.put(b"words") == path.name


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n", "é" * 64])
def test_only_a_digest_names_a_file(vault: Vault, name: str) -> None:
    """No name reaches out of the vault."""
    with pytest.raises(VaultError, match="not the name"):
        vault.get(name)


def test_strangers_are_named(vault: Vault) -> None:
    """A file of another name, in the wrong folder, or a link is named, and a link is not followed."""
    name = vault.put(b"words")
    (vault.root / "notes.txt").write_text("hello")
    vault.path(name).rename(vault.root / name)
    (vault.root / "link").symlink_to("/")
    assert {fault.name for fault in vault.check() if fault} == {"notes.txt", name, "link"}


def test_leftovers_of_a_killed_process_are_swept(vault: Vault) -> None:
    """A file still being written stays; one that nobody has touched for an hour goes; neither is a fault."""
    left = vault.root / ".incoming" / "left"
    left.write_bytes(b"half")
    written = left.stat().st_mtime
    Vault(vault.root, lambda: written + LEFTOVER_SECONDS - 1)
    assert left.exists()
    assert list(vault.check()) == []
    Vault(vault.root, lambda: written + LEFTOVER_SECONDS + 1)
    assert not left.exists()


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    """A file in the place of the folder is said, not raised as an OSError."""
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="not a folder"):
        Vault(tmp_path / "file" / "vault")


FULL = """
import resource, signal, sys
from pathlib import Path
from storage.errors import DiskFull
from storage.vault import Vault
vault = Vault(Path(sys.argv[1]))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
vault.put(b"small")
try:
    vault.put_many([b"also small", b"x" * 2000])
except DiskFull as error:
    print(error)
"""


def test_a_full_disk_leaves_nothing_half_written(vault: Vault) -> None:
    """When the system refuses to write on, it is said so, and what was kept before is there and whole."""
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(vault.root)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert "full" in done.stdout
    assert [path.name for path in vault.root.rglob("*") if path.is_file()] == [digest(b"small")]
    assert issubclass(DiskFull, StoreError)
