"""A watched folder: what is taken, what waits, and what is known again."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.base import CaptureFailed, NotConfigured, Source, Unreadable
from bot.sources.batch import Batch
from bot.sources.folder import SETTLE, Folder
from bot.sources.links import normalise
from tests.sources.test_articles import written

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def search(
    folder: Path, since: str | None = None, *, meanwhile: Callable[[], None] = lambda: None, batch: int = 200
) -> Batch:
    """Search a folder; `meanwhile` happens while files are given time to settle."""

    async def sleep(seconds: float) -> None:
        assert seconds == SETTLE
        meanwhile()

    return asyncio.run(Folder([folder], lambda: NOW, sleep=sleep, batch=batch).search(str(folder), since))


def line(words: str) -> str:
    """One post as a line."""
    return json.dumps({"text": words}) + "\n"


def test_kinds(tmp_path: Path) -> None:
    """Lines, texts, pages and pictures are taken, in the folder and below, the oldest file first; the rest is not."""
    files = {
        "posts.jsonl": line("one") + "broken\n" + line("two"),
        "sub/note.txt": "A note.",
        "sub/page.html": written(),
        "sub/a.png": "picture",
        "README.md": "no",
        ".hidden.txt": "no",
        ".sub/b.txt": "no",
        "movie.part": "no",
    }
    for age, (name, words) in enumerate(files.items()):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(words)
        os.utime(tmp_path / name, (1_000_000 + age, 1_000_000 + age))
    batch = search(tmp_path)
    assert [post.text.partition("\n")[0] for post in batch] == ["one", "two", "A note.", "Ferry leaves", ""]
    assert [post.media_type for post in batch[2:]] == ["text/plain", "text/html", "image/png"]
    assert {post.captured_at for post in batch} == {NOW}
    assert [where.removeprefix(str(tmp_path)) for where, _ in batch.refused] == ["/posts.jsonl, line 2"]
    again = search(tmp_path, batch.cursor)
    assert (list(again), again.refused, again.cursor) == ([], (), batch.cursor)


def test_captions(tmp_path: Path) -> None:
    """A picture comes with what the captions beside or above it say."""
    (tmp_path / "sub").mkdir()
    for name in ("a.png", "sub/b.png", "sub/c.png"):
        (tmp_path / name).write_text(name)
    (tmp_path / "captions.csv").write_text("file,caption\na.png,Ferry\nsub/b.png,Pier\nsub/c.png,Far\n")
    (tmp_path / "sub" / "captions.csv").write_text("file,caption\nc.png,Near\n")
    assert sorted((post.raw, post.text) for post in search(tmp_path)) == [
        (b"a.png", "Ferry"),
        (b"sub/b.png", "Pier"),
        (b"sub/c.png", "Near"),
    ]


def test_still_being_written(tmp_path: Path) -> None:
    """What grows, appears or goes while it is looked at is left for the next search; what lies still is taken."""
    for name in ("done.txt", "growing.txt", "going.txt"):
        (tmp_path / name).write_text(name)

    def write() -> None:
        (tmp_path / "growing.txt").write_text("growing.txt, all of it")
        (tmp_path / "new.txt").write_text("new.txt")
        (tmp_path / "going.txt").unlink()

    batch = search(tmp_path, meanwhile=write)
    assert [post.text for post in batch] == ["done.txt"]
    assert sorted(post.text for post in search(tmp_path, batch.cursor)) == ["growing.txt, all of it", "new.txt"]


def test_waits_for_what_belongs_to_it(tmp_path: Path) -> None:
    """Pictures wait while their captions are being written, lines of posts while their pictures are."""
    (tmp_path / "lines").mkdir()
    (tmp_path / "a.png").write_text("a")
    (tmp_path / "lines" / "posts.jsonl").write_text(json.dumps({"text": "one", "images": ["b.png"]}))

    def write() -> None:
        (tmp_path / "captions.csv").write_text("file,caption\na.png,Ferry\n")
        (tmp_path / "lines" / "b.png").write_text("b")

    first = search(tmp_path, meanwhile=write)
    assert list(first) == []
    second = search(tmp_path, first.cursor)
    assert sorted(post.text for post in second) == ["", "Ferry", "one"]
    assert [post.media[0].data for post in second if post.text == "one"] == [b"b"]


def test_same_times(tmp_path: Path) -> None:
    """A file that is written over is seen although its size and time are the same as before."""
    file = tmp_path / "a.txt"
    since = None
    for words in ("aaa", "bbb"):
        file.write_text(words)
        os.utime(file, (1_000_000, 1_000_000))
        batch = search(tmp_path, since)
        assert [post.text for post in batch] == [words]
        since = batch.cursor


def test_renamed_and_copied(tmp_path: Path) -> None:
    """The same bytes under another name, in another folder, touched, or back after they were gone are not new."""
    file = tmp_path / "a.txt"
    file.write_text("words")
    since = search(tmp_path).cursor
    (tmp_path / "sub").mkdir()
    steps: list[Callable[[], object]] = [
        lambda: file.rename(tmp_path / "b.txt"),
        lambda: shutil.copy(tmp_path / "b.txt", tmp_path / "sub" / "c.txt"),
        lambda: os.utime(tmp_path / "b.txt", (1, 1)),
        lambda: shutil.rmtree(tmp_path / "sub"),
        (tmp_path / "b.txt").unlink,
        lambda: (tmp_path / "other.md").touch(),
        lambda: file.write_text("words"),
    ]
    for step in steps:
        step()
        batch = search(tmp_path, since)
        assert list(batch) == []
        since = batch.cursor


def test_growing_lines(tmp_path: Path) -> None:
    """Of a file of lines that grew by whole lines only the new ones are given; of one written anew, all of them."""
    file = tmp_path / "posts.jsonl"
    file.write_text(line("one") + line("two"))
    batch = search(tmp_path, batch=1)
    assert ([post.text for post in batch], batch.more) == (["one"], True)
    batch = search(tmp_path, batch.cursor, batch=1)
    assert ([post.text for post in batch], batch.more) == (["two"], False)
    with file.open("a") as more:
        more.write(line("three"))
    batch = search(tmp_path, batch.cursor)
    assert [post.text for post in batch] == ["three"]
    assert batch.notes == ()
    file.write_text(line("zero") + line("one"))
    batch = search(tmp_path, batch.cursor)
    assert [post.text for post in batch] == ["zero", "one"]
    assert len(batch.notes) == 1
    file.write_text('{"text": "ze"}')
    batch = search(tmp_path, batch.cursor)
    with file.open("a") as more:
        more.write("\n" + line("new"))
    assert [post.text for post in search(tmp_path, batch.cursor)] == ["new"]


def test_batches(tmp_path: Path) -> None:
    """What is too much for one batch comes with the next ones, from the middle of a file too, also a renamed one."""
    (tmp_path / "posts.jsonl").write_text("".join(line(str(n)) for n in range(7)))
    (tmp_path / "copy.jsonl").write_text("".join(line(str(n)) for n in range(7)))
    for n in range(3):
        (tmp_path / f"{n}.txt").write_text(f"text {n}")
    given: list[str] = []
    since = None
    for turn in range(6):
        batch = search(tmp_path, since, batch=2)
        given += [post.text for post in batch]
        assert len(batch) <= 2
        since = batch.cursor
        if turn == 1:
            (tmp_path / "posts.jsonl").rename(tmp_path / "other.jsonl")
    assert sorted(given) == sorted([*map(str, range(7)), "text 0", "text 1", "text 2"])
    assert not batch.more


def test_refused(tmp_path: Path) -> None:
    """What cannot be taken is told once, and the rest goes on; once it is mended, it is taken."""
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "linked").symlink_to(tmp_path / "outside")
    (folder / "circle.txt").symlink_to("circle.txt")
    (folder / "binary.txt").write_bytes(b"\0\xff")
    (folder / "empty.png").write_bytes(b"")
    (folder / "good.txt").write_text("good")
    os.mkfifo(folder / "pipe.txt")
    batch = search(folder)
    assert [post.text for post in batch] == ["good"]
    told = {Path(where).name: why for where, why in batch.refused}
    assert sorted(told) == ["binary.txt", "empty.png", "link.txt", "linked"]
    assert "outside the watched folder" in told["link.txt"]
    assert search(folder, batch.cursor).refused == ()
    (folder / "link.txt").unlink()
    (folder / "link.txt").write_text("mine")
    (folder / "binary.txt").write_text("text")
    assert sorted(post.text for post in search(folder, batch.cursor)) == ["mine", "text"]


def test_captions_from_outside(tmp_path: Path) -> None:
    """Captions that are a link out of the folder are refused, and their pictures wait for real ones."""
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "table.csv").write_text("file,caption\na.png,secret\n")
    (folder / "captions.csv").symlink_to(tmp_path / "table.csv")
    (folder / "a.png").write_text("a")
    batch = search(folder)
    assert (list(batch), len(batch.refused)) == ([], 1)
    (folder / "captions.csv").unlink()
    assert [post.text for post in search(folder, batch.cursor)] == [""]


def test_which_folders(tmp_path: Path) -> None:
    """Only folders that the operator names may be watched, whatever a path is written like."""
    inside = tmp_path / "in"
    (inside / "sub").mkdir(parents=True)
    (inside / "way_out").symlink_to(tmp_path)

    def ask(roots: list[Path], query: str) -> Batch:
        source: Source = Folder(roots, lambda: NOW)
        return asyncio.run(source.search(query, None))  # type: ignore[return-value]

    assert list(ask([inside], str(inside / "sub"))) == []
    for query in (str(tmp_path), f"{inside}/sub/../..", str(inside / "way_out"), "/", "", f"{inside}x"):
        with pytest.raises(NotConfigured):
            ask([inside], query)
    with pytest.raises(NotConfigured):
        ask([], str(inside))
    for query in (str(inside / "gone"), "\0"):
        with pytest.raises(Unreadable):
            ask([inside], query)
    with pytest.raises(CaptureFailed):
        asyncio.run(Folder([inside], lambda: NOW).capture(normalise("https://harbour.example/a")))


@pytest.mark.parametrize("cursor", ["{", "[]", '{"folder": "x", "files": {"a": [1]}, "gone": []}', "2022-01-01"])
def test_broken_cursor(tmp_path: Path, cursor: str) -> None:
    """A cursor that cannot be read starts over, and says so."""
    (tmp_path / "a.txt").write_text("words")
    batch = search(tmp_path, cursor)
    assert len(batch) == 1
    assert any("from its start" in note for note in batch.notes)


NAMES = st.sampled_from(["a.txt", "b.txt", "c.txt", "sub/a.txt", "sub/b.txt"])
STEPS = st.one_of(
    st.tuples(st.just("write"), NAMES, st.integers(0, 9)),
    st.tuples(st.just("rename"), NAMES, NAMES),
    st.tuples(st.just("delete"), NAMES, st.just(0)),
    st.tuples(st.just("append"), st.just("posts.jsonl"), st.integers(100, 10_000)),
    st.tuples(st.just("touch"), NAMES, st.integers(0, 2)),
    st.tuples(st.just("search"), st.booleans(), st.integers(1, 3)),
)


def _act(root: Path, step: tuple[str, object, object], number: int) -> None:
    """Do one thing to the folder, as far as it can be done."""
    kind, name, other = step
    path = root / str(name)
    if kind == "write":
        path.write_text(f"text {other}")
    elif kind == "append":
        with path.open("a") as file:
            file.write(line(f"line {number}"))
    elif path.exists() and kind == "rename":
        path.rename(root / str(other))
    elif path.exists() and kind == "delete":
        path.unlink()
    elif path.exists():
        os.utime(path, (int(str(other)), int(str(other))))


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, max_size=25), st.data())
def test_nothing_skipped_nothing_twice(steps: list[tuple[str, object, object]], data: st.DataObject) -> None:
    """Each text that stands there at the end was given, and none twice, in what is committed.

    Whatever is written, renamed, deleted and dated, with the clock jumping both ways and batches lost.
    """
    clock = NOW
    committed: list[str] = []
    since: str | None = None

    async def sleep(_seconds: float) -> None:
        pass

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "sub").mkdir()
        for number, step in enumerate([*steps, *[("search", True, 3)] * 30]):
            if step[0] != "search":
                _act(root, step, number)
                continue
            clock += timedelta(hours=data.draw(st.integers(-50, 50))) if number < len(steps) else timedelta(0)
            source = Folder([root], [clock].pop, sleep=sleep, batch=int(str(step[2])))
            batch = asyncio.run(source.search(folder, since))
            if step[1]:
                committed += [post.text for post in batch]
                since = batch.cursor
                if number >= len(steps) and not batch.more:
                    break
        there = {file.read_text() for file in root.rglob("*.txt")}
        lines = root / "posts.jsonl"
        there |= {json.loads(one)["text"] for one in lines.read_text().splitlines()} if lines.exists() else set()
    assert there <= set(committed)
    assert len(committed) == len(set(committed))
