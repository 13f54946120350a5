"""Files that were taken in are known again by path, size, time and what was said of them."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from storage.taken import FILE, Stamp, Taken

STAMP = Stamp(Path("/pictures/a.jpg"), 10, 1_700_000_000_000_000_000, "")
SHA = "ab" * 32


def test_a_file_is_known_again_by_everything_that_is_told_of_it(tmp_path: Path) -> None:
    """Another path, size, time or row of captions is another file."""
    Taken(tmp_path).add([(STAMP, SHA)])
    taken = Taken(tmp_path)
    others = (
        replace(STAMP, path=Path("/pictures/b.jpg")),
        replace(STAMP, size=11),
        replace(STAMP, changed=STAMP.changed + 1),
        replace(STAMP, said="Boats"),
    )
    assert taken.digest_of(STAMP) == SHA
    assert [taken.digest_of(one) for one in others] == [None] * 4


def test_a_path_that_is_no_text(tmp_path: Path) -> None:
    """A name in bytes that no encoding knows is a name."""
    stamp = replace(STAMP, path=Path(os.fsdecode(b"/pictures/\xff\n.jpg")))
    Taken(tmp_path).add([(stamp, SHA)])
    assert Taken(tmp_path).digest_of(stamp) == SHA


def test_damaged_lines_are_passed_over(tmp_path: Path) -> None:
    """What a lost line spoke of is read again; the lines beside it hold."""
    Taken(tmp_path).add([(STAMP, SHA)])
    with (tmp_path / FILE).open("ab") as file:
        file.write(b"\xff\xfe\n\nabc def\n" + b"ab" * 16 + b" " + b"cd" * 9 + b"\n")
    other = replace(STAMP, size=99)
    Taken(tmp_path).add([(other, SHA)])
    with (tmp_path / FILE).open("ab") as file:
        file.write(b"0" * 20)
    taken = Taken(tmp_path)
    assert (taken.digest_of(STAMP), taken.digest_of(other)) == (SHA, SHA)


def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    """Where nothing can be noted nothing is lost but time."""
    (tmp_path / "file").write_text("")
    Taken(tmp_path / "file").add([(STAMP, SHA)])
    assert Taken(tmp_path / "file").digest_of(STAMP) is None
