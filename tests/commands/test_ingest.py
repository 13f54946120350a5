"""`ingest` as it is run: each thing that cannot be taken is named in plain words, and the rest goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.sample import pictures
from bot.sources.files import LINE_LIMIT
from bot.sources.local import TEXT_LIMIT
from tests.terminals import Terminal


@pytest.fixture(name="terminal")
def fixture_terminal(tmp_path: Path) -> Terminal:
    """A terminal without a store."""
    return Terminal(tmp_path / "store")


def damage(terminal: Terminal) -> None:
    """Damage every file of the vault."""
    for file in (path for path in (terminal.home / "vault").rglob("*") if path.is_file()):
        file.chmod(0o600)
        file.write_bytes(b"damaged")


@pytest.mark.parametrize("name", ["none.txt", "none.html", "none.jsonl", "none.jpg", "none"])
def test_a_missing_file_is_said_to_be_missing(terminal: Terminal, tmp_path: Path, name: str) -> None:
    """Whatever its kind, what does not exist is told so, by the path that was given."""
    done = terminal.run("ingest", str(tmp_path / name), status=1)
    assert done.stderr == f"dateline: {tmp_path / name}: It does not exist.\n"


@pytest.mark.parametrize("page", [b"", b"<html", bytes(range(256)) * 12])
def test_a_page_that_cannot_be_read_is_one_sentence(terminal: Terminal, tmp_path: Path, page: bytes) -> None:
    """An empty, a cut and a garbled page: no parser complains beside the one line that names the file."""
    (tmp_path / "page.html").write_bytes(page)
    done = terminal.run("ingest", str(tmp_path / "page.html"), status=1)
    assert done.stderr.startswith(f"dateline: {tmp_path / 'page.html'}: ")
    assert done.stderr.count("\n") == 1


def test_what_is_too_large_is_refused_unread_and_the_rest_taken(terminal: Terminal, tmp_path: Path) -> None:
    """A text of five gigabytes, a page, and a line of JSON beyond the limit cost nothing but themselves."""
    for name in ("huge.txt", "huge.html"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(5 * 2**30)
    with (tmp_path / "posts.jsonl").open("wb") as file:
        file.truncate(LINE_LIMIT + 5)
        file.seek(0, 2)
        file.write(b'\n{"text": "After the long line."}\n')
    (tmp_path / "small.txt").write_text("Rain.")
    names = ("huge.txt", "huge.html", "posts.jsonl", "small.txt")
    found = terminal.ask("ingest", *(str(tmp_path / name) for name in names))
    assert found["archived"] == 2
    why = {one["where"].removeprefix(f"{tmp_path}/"): one["why"] for one in found["refused"]}
    assert set(why) == {"huge.txt", "huge.html", "posts.jsonl, line 1"}
    assert f"larger than the {TEXT_LIMIT // 2**20} MB" in why["huge.txt"]


def test_a_text_beyond_the_limit_is_not_read(terminal: Terminal, tmp_path: Path) -> None:
    """`read` refuses what `ingest` refuses, from a file and from standard input."""
    text = tmp_path / "long.txt"
    text.write_bytes(b"a" * (TEXT_LIMIT + 1))
    assert "It is larger than" in terminal.run("read", str(text), "--watch", "A", status=1).stderr
    assert "It is larger than" in terminal.run("read", "-", "--watch", "A", status=1, stdin=text.read_text()).stderr


def test_each_place_is_named_as_a_person_finds_it(terminal: Terminal, tmp_path: Path) -> None:
    """Refusals and notes name file and line, the picture's file, or the row of the table; no error's own words."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "posts.jsonl").write_text(
        '{"text": "One.", "posted_at": "soon"}\n{"text": "caf\n{"text": "Three.", "images": ["gone.jpg"]}\n'
    )
    (folder / "a.jpg").write_bytes(pictures.picture("harbour"))
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "captions.csv").write_text("file,caption,date\na.jpg,Boats,soon\ngone.jpg,Nobody,\n")
    found = terminal.ask("ingest", str(folder / "posts.jsonl"), str(folder))
    refused = {one["where"].removeprefix(f"{folder}/"): one["why"] for one in found["refused"]}
    assert set(refused) == {"posts.jsonl, line 2", "empty.jpg", "captions.csv, row 3"}
    notes = {one["where"].removeprefix(f"{folder}/"): one["note"] for one in found["notes"]}
    assert set(notes) == {"posts.jsonl, line 1", "posts.jsonl, line 3", "a.jpg"}
    assert notes["a.jpg"].startswith(f"{folder}/captions.csv, row 2: ")
    assert notes["posts.jsonl, line 3"] == "The picture 'gone.jpg' is not taken: it does not exist."
    assert not any(word in json.dumps(found) for word in ("Errno", "codec", "delimiter"))


def test_one_damaged_stored_file_stops_nothing_but_itself(terminal: Terminal, tmp_path: Path) -> None:
    """A picture whose stored file is damaged is refused by name, and what comes after it is taken."""
    (tmp_path / "a.jpg").write_bytes(pictures.picture("harbour"))
    terminal.run("ingest", str(tmp_path / "a.jpg"))
    damage(terminal)
    (tmp_path / "posts.jsonl").write_text(
        '{"text": "Boats.", "images": ["a.jpg"]}\n' + "".join(f'{{"text": "Report {n}."}}\n' for n in range(5))
    )
    (tmp_path / "b.jpg").write_bytes(pictures.picture("tent-camp"))
    found = terminal.ask("ingest", str(tmp_path / "posts.jsonl"), str(tmp_path / "b.jpg"))
    assert found["archived"] == 6
    [refused] = found["refused"]
    assert refused["where"].endswith("posts.jsonl, line 1")
    assert "damaged" in refused["why"]


def test_what_is_stated_of_something_archived_is_told_when_it_is_not_taken(terminal: Terminal, tmp_path: Path) -> None:
    """A date and a publisher that come after the text are not silently dropped: a note says so, with the next step."""
    story = tmp_path / "story.txt"
    story.write_text("Rain fell.")
    assert terminal.ask("ingest", str(story))["notes"] == []
    stated = ("--published", "2020-01-02", "--publisher", "The Paper")
    again = terminal.ask("ingest", str(story), *stated)
    [note] = again["notes"]
    assert (again["archived"], again["seen_again"], note["where"]) == (0, 1, str(story))
    assert note["note"] == (
        "It is archived already, with no date and no publisher; --published and --publisher were not taken. "
        "To state that, give it as a line of .jsonl."
    )
    other = tmp_path / "other.txt"
    other.write_text("Snow fell.")
    terminal.run("ingest", str(other), *stated)
    assert terminal.ask("ingest", str(other), *stated)["notes"] == []
    assert terminal.ask("ingest", str(other))["notes"] == []
    [note] = terminal.ask("ingest", str(other), "--publisher", "Another")["notes"]
    assert "with the publisher 'The Paper'; --publisher was not taken" in note["note"]


def test_captions_that_come_after_their_picture_are_told_too(terminal: Terminal, tmp_path: Path) -> None:
    """A table written after its picture was archived changes nothing, and that is said of the picture."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(pictures.picture("harbour"))
    terminal.run("ingest", str(folder))
    (folder / "captions.csv").write_text("file,caption,date\na.jpg,Boats in Suva,2020-01-02\n")
    [note] = terminal.ask("ingest", str(folder))["notes"]
    assert note["where"].endswith("a.jpg")
    assert "with no caption and no date" in note["note"]
    assert "the caption in captions.csv and the date in captions.csv were not taken" in note["note"]


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-10:00"])
def test_lines_with_times_that_utc_cannot_hold_are_taken_without_them(
    terminal: Terminal, tmp_path: Path, written: str
) -> None:
    """Such a time of posting or capture costs the line only that time, and is noted."""
    line = {"text": "Rain.", "posted_at": written, "captured_at": written}
    (tmp_path / "posts.jsonl").write_text(json.dumps(line))
    found = terminal.ask("ingest", str(tmp_path / "posts.jsonl"))
    assert (found["archived"], len(found["notes"])) == (1, 2)


def test_a_one_word_name_is_not_made_a_handle(terminal: Terminal, tmp_path: Path) -> None:
    """A picture's credit of one word speaks under its own name."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(pictures.picture("harbour"))
    (folder / "captions.csv").write_text("file,caption,credit\na.jpg,Amina Njoroge arrived in Suva.,AgencyX\n")
    terminal.run("people", "add", "Amina Njoroge")
    terminal.run("ingest", str(folder))
    [sighting] = terminal.ask("whereis", "Amina Njoroge")["sightings"]
    assert sighting["speaker"]["name"] == "AgencyX"
