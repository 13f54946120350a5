"""A newsroom's own picture archive is taken in once, with what was filed, however often it is begun again."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.desk import Desk
from bot.findings import IngestFinding
from bot.pictures import INDEX_FOLDER
from bot.sources.pictures import from_pictures
from commands.ingest import ingest
from storage import custody, posts
from storage.records import OPERATOR, Post, digest
from storage.taken import FILE
from tests.desks import NOW, open_desk
from tests.images.filing import UTF8, filed, quick
from tests.terminals import ROOT, Terminal


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk over an empty store."""
    with open_desk(tmp_path / "home") as desk:
        yield desk


def archive(folder: Path, count: int) -> list[bytes]:
    """A folder of pictures, each filed with a caption, a place and a date."""
    folder.mkdir()
    made = []
    for number in range(count):
        fields = ((2, 120, f"A street, {number}.".encode()), (2, 90, b"Suva"), (2, 101, b"Fiji"), (2, 55, b"20190304"))
        made.append(filed(quick(number, 320, 240), UTF8, *fields, (2, 60, b"101112+1200"), (2, 80, b"N. N.")))
        (folder / f"{number:03}.jpg").write_bytes(made[-1])
    return made


def take(desk: Desk, *paths: Path) -> IngestFinding:
    """Ingest paths."""
    return asyncio.run(ingest(desk, paths))


def held(desk: Desk, data: bytes) -> Post:
    """The post of one picture, by its bytes."""
    with desk.db.read() as tx:
        found = posts.get(tx, f"picture:{digest(data)[:20]}", OPERATOR)
    assert found is not None
    return found


def rows(desk: Desk) -> int:
    """How many rows the custody log has."""
    with desk.db.read() as tx:
        return custody.count(tx)


def test_what_was_filed_is_kept_as_it_was_written(desk: Desk, tmp_path: Path) -> None:
    """Caption and place are the text, the date keeps its zone, and who made the picture says it."""
    [data] = archive(tmp_path / "in", 1)
    assert take(desk, tmp_path / "in").archived == 1
    post = held(desk, data)
    assert (post.text, post.author_name, post.publisher) == ("A street, 0.\nSuva, Fiji", "N. N.", "picture archive")
    assert (post.posted_at, post.posted_at_basis, post.utc_offset) == ("2019-03-03T22:11:12.000Z", "stated", 720)


def test_a_date_without_a_day_is_unknown_and_said(desk: Desk, tmp_path: Path) -> None:
    """A year is not made a day: the post is undated, and a note names what the file says."""
    data = filed(quick(1, 320, 240), (2, 55, b"20190000"), (2, 110, b"Agency"), (2, 80, b"N. N."))
    (tmp_path / "a.jpg").write_bytes(data)
    [(_, note, where)] = take(desk, tmp_path / "a.jpg").notes
    assert "'20190000', tells no day; the date is left unknown" in note
    assert where == str(tmp_path / "a.jpg")
    post = held(desk, data)
    assert (post.posted_at, post.author_name, post.publisher) == (None, "N. N.", "Agency")


def test_a_table_of_captions_counts_before_the_files(desk: Desk, tmp_path: Path) -> None:
    """What somebody wrote beside the pictures is kept, and only what they left open is read from the file."""
    [data] = archive(tmp_path / "in", 1)
    (tmp_path / "in" / "captions.csv").write_text("file,caption,date,credit\n000.jpg,Boats.,,The Paper\n")
    take(desk, tmp_path / "in")
    post = held(desk, data)
    assert (post.text, post.author_name, post.publisher) == ("Boats.", "The Paper", None)
    assert post.posted_at == "2019-03-03T22:11:12.000Z"


def test_what_has_not_changed_is_not_read_again(desk: Desk, tmp_path: Path) -> None:
    """A second ingest reads no file and writes no row; it is counted as seen again, and as unchanged."""
    folder = tmp_path / "in"
    archive(folder, 6)
    assert take(desk, folder).archived == 6
    before = rows(desk)
    again = take(desk, folder)
    assert (again.archived, again.seen_again, again.unchanged) == (0, 6, 6)
    assert rows(desk) == before


def test_what_has_changed_is_read_again(desk: Desk, tmp_path: Path) -> None:
    """Another size or time, another row of captions, a lost file in the vault, a store that does not hold it."""
    folder = tmp_path / "in"
    made = archive(folder, 4)
    take(desk, folder)
    (folder / "000.jpg").write_bytes(filed(made[0], (2, 120, b"New words.")))
    os.utime(folder / "001.jpg", ns=(1, 1))
    (folder / "captions.csv").write_text("file,caption\n002.jpg,Boats.\n")
    lost = desk.vault.path(digest(made[3]))
    lost.unlink()
    again = take(desk, folder)
    assert (again.archived, again.seen_again, again.unchanged) == (1, 3, 0)
    assert lost.exists()
    [note] = again.notes
    assert "the caption in captions.csv was not taken" in note[1]
    with open_desk(tmp_path / "other") as other:
        (tmp_path / "other" / INDEX_FOLDER).mkdir(exist_ok=True)
        (tmp_path / "other" / INDEX_FOLDER / FILE).write_bytes((tmp_path / "home" / INDEX_FOLDER / FILE).read_bytes())
        assert take(other, folder).archived == 4


def test_an_unchanged_file_is_not_opened(tmp_path: Path) -> None:
    """A file that is known as it is need not even be readable."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(b"")
    [one] = from_pictures(folder, NOW, unchanged=lambda stamp: stamp.path == folder / "a.jpg")
    assert (one.captured, one.why_not) == (None, "")


def test_one_bad_picture_stops_nothing(desk: Desk, tmp_path: Path) -> None:
    """A damaged picture is archived and said not to be looked up; an empty one is refused; the rest is taken."""
    folder = tmp_path / "in"
    made = archive(folder, 8)
    (folder / "003.jpg").write_bytes(made[3][:900])
    (folder / "005.jpg").write_bytes(b"")
    found = take(desk, folder)
    assert (found.archived, found.pictures) == (7, 7)
    assert [(Path(where).name, why) for where, why in found.refused] == [("005.jpg", "It is empty.")]
    assert [(Path(where).name, note) for _, note, where in found.notes] == [
        ("003.jpg", "Picture 1 cannot be looked up: the picture is cut short.")
    ]


def test_killed_and_begun_again(tmp_path: Path) -> None:
    """An ingest that is killed in the middle goes on where it was: each picture is archived once."""
    archive(tmp_path / "in", 40)
    terminal = Terminal(tmp_path / "store")
    command = [sys.executable, "-m", "bot", "--home", str(terminal.home), "ingest", str(tmp_path / "in")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    noted = terminal.home / INDEX_FOLDER / FILE
    deadline = time.monotonic() + 60
    while not noted.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    again = terminal.ask("ingest", str(tmp_path / "in"))
    assert again["archived"] + again["seen_again"] == 40
    assert again["unchanged"] >= 8
    assert 0 < again["archived"] < 40
    assert terminal.ask("status")["posts"] == terminal.ask("status")["captures"] == 40
