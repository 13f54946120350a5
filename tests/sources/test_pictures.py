"""Pictures and folders of pictures as posts."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.sources.base import Captured, Unreadable
from bot.sources.pictures import from_pictures
from storage.records import TimeBasis

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def read(path: Path) -> tuple[list[Captured], list[str]]:
    """Read a path; return the posts, and what could not be read: where below the path, and why."""
    found = list(from_pictures(path, NOW))
    bad = [f"{one.where.removeprefix(f'{path}/')}: {one.why_not}" for one in found if one.captured is None]
    return [one.captured for one in found if one.captured is not None], bad


def test_one_picture(tmp_path: Path) -> None:
    """A picture is a post of its own, known by its bytes; its date is left to its own metadata."""
    file = tmp_path / "a.JPG"
    file.write_bytes(b"bytes of a picture")
    (post,), bad = read(file)
    assert post.post_id == f"picture:{hashlib.sha256(b'bytes of a picture').hexdigest()[:20]}"
    assert (post.platform, post.media_type, post.text) == ("picture", "image/jpeg", "")
    assert (post.posted_at, post.posted_at_basis) == (None, TimeBasis.UNKNOWN)
    assert post.media[0].data == post.raw == b"bytes of a picture"
    assert bad == []


def test_folder(tmp_path: Path) -> None:
    """A folder is read with the folders below it, in order, without hidden files, other files and links out of it."""
    root = tmp_path / "in"
    for name in ("b.png", "a.png", "sub/c.webp", ".hidden/d.png", ".e.png", "notes.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(name.encode())
    (tmp_path / "secret.png").write_bytes(b"secret")
    (root / "link.png").symlink_to(tmp_path / "secret.png")
    (root / "empty.png").write_bytes(b"")
    posts, bad = read(root)
    assert [post.raw for post in posts] == [b"a.png", b"b.png", b"sub/c.webp"]
    assert bad == ["empty.png: It is empty."]


def test_captions(tmp_path: Path) -> None:
    """Captions speak for the pictures beside and below them, by column name in any order."""
    (tmp_path / "sub").mkdir()
    for name in ("a.png", "b.png", "sub/c.png", "sub/d.png"):
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / "captions.csv").write_text(
        "\ufeffCaption,date, url ,file,credit\r\n"
        '"Ferry, leaving",2015-10-13T17:38:00-04:00,https://x.com/a/status/5,a.png,Ann Quay\r\n'
        "Below,soon,https://x.com.evil.tld/a/status/1,sub/c.png,\r\n"
        "Above,,,sub/d.png,\r\n"
        "Nobody,,,gone.png,\r\n"
        "short\r\n",
        encoding="utf-8",
    )
    (tmp_path / "sub" / "captions.csv").write_text("file,caption\nd.png,Nearest\n", encoding="utf-8")
    (a, b, c, d), bad = read(tmp_path)
    assert (a.text, a.media[0].caption, a.author_name) == ("Ferry, leaving", "Ferry, leaving", "Ann Quay")
    assert a.posted_at is not None
    assert (a.posted_at.isoformat(), a.posted_at_basis) == ("2015-10-13T17:38:00-04:00", TimeBasis.STATED)
    assert (a.url, a.platform) == ("https://x.com/i/status/5", "picture")
    assert (b.text, b.author_name) == ("", None)
    assert (c.text, c.url, len(c.notes)) == ("Below", None, 2)
    assert d.text == "Nearest"
    assert all(note.startswith(f"{tmp_path / 'captions.csv'}, row 3: ") for note in c.notes)
    assert bad == ["captions.csv, row 5: It speaks of 'gone.png', which is not there."]


@pytest.mark.parametrize(
    "table", [b"caption,date\nx,y\n", b"file,caption\na.png,caf\xe9\n", b"", b"file,caption\na.png," + b"x" * 200_000]
)
def test_broken_captions(tmp_path: Path, table: bytes) -> None:
    """A table that cannot be used is said, and the pictures are read all the same."""
    (tmp_path / "a.png").write_bytes(b"a")
    (tmp_path / "captions.csv").write_bytes(table)
    posts, bad = read(tmp_path)
    assert len(posts) == len(bad) == 1
    assert bad[0].startswith("captions.csv: It ")
    assert "codec" not in bad[0]


def test_nothing_there(tmp_path: Path) -> None:
    """A path that is neither picture nor folder is refused in one sentence; an empty folder is simply empty."""
    (tmp_path / "a.txt").write_bytes(b"a")
    for name, why in (
        ("a.txt", "neither a picture nor a folder"),
        ("none.png", "not exist"),
        ("none.txt", "not exist"),
    ):
        with pytest.raises(Unreadable, match=why):
            read(tmp_path / name)
    with pytest.raises(Unreadable, match="longer than a file's name"):
        read(tmp_path / ("x" * 300 + ".png"))
    (tmp_path / "empty").mkdir()
    assert read(tmp_path / "empty") == ([], [])


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-10:00"])
def test_dates_beyond_the_calendar(tmp_path: Path, written: str) -> None:
    """A caption's date that cannot be written as UTC is noted with its row, and the picture is taken without it."""
    (tmp_path / "a.png").write_bytes(b"a")
    (tmp_path / "captions.csv").write_text(f"file,date\na.png,{written}\n")
    (post,), bad = read(tmp_path)
    assert (post.posted_at, bad) == (None, [])
    assert "captions.csv, row 2: The date cannot be read" in post.notes[0]
