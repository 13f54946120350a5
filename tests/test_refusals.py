"""Bad input on the real command line: one clear sentence each, nothing lost, and the rest done."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.sample import pictures
from tests.terminals import ROOT, Terminal


@pytest.fixture(name="terminal")
def fixture_terminal(tmp_path: Path) -> Terminal:
    """A terminal without a store."""
    return Terminal(tmp_path / "store")


def test_a_bad_setting_is_refused_in_one_line(tmp_path: Path) -> None:
    """A misspelt or bad variable stops every verb with one line that names it."""
    for name, value in (("DATELINE_HOEM", "x"), ("DATELINE_X_ROUTES", "pigeon")):
        done = Terminal(tmp_path, **{name: value}).run("status", "--json", status=1)
        assert json.loads(done.stdout)["error"]["code"] == "settings"
        assert name in done.stderr
        assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("trace", "https://x.com.evil.example/a/status/1"), "link_refused"),
        (("trace", "https://t.me/channel/5"), "not_configured"),
        (("ingest", "nowhere.txt"), "nothing_taken"),
        (("people", "remove", "Nobody"), "not_found"),
        (("people", "merge", "Nobody", "Nobody"), "not_found"),
    ],
)
def test_a_failure_is_one_line_and_a_code(terminal: Terminal, arguments: tuple[str, ...], code: str) -> None:
    """What fails exits with 1, one sentence on standard error, and with `--json` one value with a code."""
    done = terminal.run(*arguments, "--json", status=1)
    error = json.loads(done.stdout)["error"]
    assert error["code"] == code
    assert done.stderr.strip() == f"dateline: {error['message']}"


def test_wrong_usage_is_told_apart(terminal: Terminal) -> None:
    """A wrong option, a wrong date or a missing argument exits with 2."""
    for arguments in (
        ("whereis",),
        ("whereis", "A", "--on", "yesterday"),
        ("whereis", "A", "--since", "yesterday"),
        ("whereis", "A", "--stance", "doubted"),
        ("whereis", "A", "--map", "map.jpg"),
        ("check",),
        ("fly",),
        ("trace", "x", "--fast"),
        ("--home", "", "status"),
        ("check", "x.jpg", "--evidence", " "),
        ("check", ""),
        ("ingest", ""),
    ):
        terminal.run(*arguments, status=2)


def test_a_store_of_a_newer_version_is_left_alone(terminal: Terminal) -> None:
    """A store that a newer Dateline wrote is refused in one sentence that says what to do."""
    terminal.run("people", "add", "Amina Njoroge")
    connection = sqlite3.connect(terminal.home / "dateline.db")
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    done = terminal.run("status", "--json", status=1)
    assert json.loads(done.stdout)["error"]["code"] == "store_too_new"


def test_one_bad_line_in_many_is_named_and_the_rest_taken(terminal: Terminal, tmp_path: Path) -> None:
    """A JSONL with bad lines gives each a sentence with its number; every good line is archived, once."""
    lines = [json.dumps({"text": f"Report number {number}."}) for number in range(200)]
    lines[76] = '{"text": "cut sho'
    path = tmp_path / "posts.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    first = terminal.ask("ingest", str(path))
    assert (first["archived"], len(first["refused"])) == (199, 1)
    assert "line 77" in first["refused"][0]["where"]
    again = terminal.ask("ingest", str(path))
    assert (again["archived"], again["seen_again"]) == (0, 199)
    assert terminal.ask("status")["posts"] == 199
    assert terminal.ask("verify")["clean"]


def test_a_full_disk_is_told_and_survived(terminal: Terminal, tmp_path: Path) -> None:
    """When no file can grow the ingest stops with one sentence; what was in stays in; with room again, it goes on."""
    path = tmp_path / "posts.jsonl"
    path.write_text("\n".join(json.dumps({"text": f"Report {number}. " * 20}) for number in range(1200)))
    limited = f"ulimit -f 2000; exec {sys.executable} -m bot --home {terminal.home} ingest {path} --json"
    full = subprocess.run(["bash", "-c", limited], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert full.returncode == 1, full.stderr
    assert json.loads(full.stdout)["error"]["code"] == "disk_full"
    assert terminal.ask("verify")["clean"]
    kept = terminal.ask("status")["posts"]
    assert 0 < kept < 1200
    again = terminal.ask("ingest", str(path))
    assert (again["archived"], again["seen_again"]) == (1200 - kept, kept)
    assert terminal.ask("verify")["clean"]


def test_a_long_text_and_a_reversed_one_are_taken(terminal: Terminal, tmp_path: Path) -> None:
    """A text of 40,000 characters and one full of direction overrides are archived as they came."""
    long = ("Rain fell on the harbour again. " * 1300)[:40_000] + "\n\nAmina Njoroge arrived in Suva.\n"
    reversed_ = "\u202eAmina Njoroge\u202c arrived in \u2067Suva\u2069.\u200f\n"
    terminal.run("people", "add", "Amina Njoroge")
    for name, text in (("long.txt", long), ("reversed.txt", reversed_)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        terminal.run("ingest", str(tmp_path / name))
    found = terminal.ask("whereis", "Amina Njoroge")["sightings"]
    assert long[found[0]["start"] : found[0]["end"]] == found[0]["quote"] or len(found) == 2
    assert "\u202e" not in terminal.run("whereis", "Amina Njoroge").stdout


INVISIBLE = ("", "   ", "...", "\u200b", "\u202e\u2066", "\u3164", "\u0301", "\U0001f600")


@pytest.mark.parametrize("name", INVISIBLE)
def test_a_name_without_a_letter_is_wrong_usage(terminal: Terminal, name: str, tmp_path: Path) -> None:
    """Nothing, blanks, punctuation, invisible or mere combining characters are no name, wherever one is asked for."""
    story = tmp_path / "story.txt"
    story.write_text("Rain.")
    verbs = [
        ("whereis", name),
        ("people", "add", name),
        ("people", "add", "Amina Njoroge", "--alias", name),
        ("read", str(story), "--watch", name),
    ]
    for arguments in verbs[:4] if name in ("", "\u3164") else verbs[:1]:
        done = terminal.run(*arguments, status=2)
        assert "is no name; it needs a letter or a digit" in done.stderr
        assert "Traceback" not in done.stderr
    assert not terminal.home.exists()


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-10:00"])
def test_a_time_that_utc_cannot_hold_is_wrong_usage(terminal: Terminal, tmp_path: Path, moment: str) -> None:
    """A time at either end of the calendar that cannot be written as UTC is refused before anything is done."""
    story = tmp_path / "story.txt"
    story.write_text("Rain.")
    for verb in ("ingest", "read"):
        done = terminal.run(verb, str(story), "--published", moment, status=2)
        assert "beyond the years 1 to 9999" in done.stderr
    assert not terminal.home.exists()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_dates_like_others(terminal: Terminal, tmp_path: Path, day: str) -> None:
    """A text of the first or the last day is read, with words for times that lie beyond, and answered from."""
    story = tmp_path / "story.txt"
    story.write_text(
        "Amina Njoroge was seen in Oslo last week.\n\nA spokesman denied that Amina Njoroge was in Oslo. "
        "Amina Njoroge will be in Lima next week.\n"
    )
    terminal.run("people", "add", "Amina Njoroge")
    terminal.run("ingest", str(story), "--published", day)
    assert terminal.ask("whereis", "Amina Njoroge")["sightings"]


READING = [
    ("whereis", "Amina Njoroge"),
    ("status",),
    ("check", "x.jpg"),
    ("people", "list"),
    ("read", "story.txt"),
]


@pytest.mark.parametrize("arguments", READING)
def test_a_verb_that_only_reads_makes_no_store(terminal: Terminal, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """On a folder without a store the answer is that of an empty one, standard error tells, and nothing is made."""
    (tmp_path / "story.txt").write_text("Rain.")
    (tmp_path / "x.jpg").write_bytes(pictures.picture("harbour"))
    arguments = tuple(str(tmp_path / part) if "." in part else part for part in arguments)
    done = terminal.run(*arguments, "--json")
    json.loads(done.stdout)
    assert f"no store at {terminal.home} yet" in done.stderr
    assert not terminal.home.exists()


def test_nothing_is_not_verified(terminal: Terminal) -> None:
    """A mistyped folder is never said to hold: `verify` fails with the next step, and makes nothing."""
    error = json.loads(terminal.run("verify", "--json", status=1).stdout)["error"]
    assert error["code"] == "no_store"
    assert error["message"] == (
        f"No store at {terminal.home}; make one with 'dateline ingest' or 'dateline people add'."
    )
    assert not terminal.home.exists()


def test_an_empty_home_is_refused(tmp_path: Path) -> None:
    """A DATELINE_HOME that is set to nothing is told in one line, and the usual folder is not taken instead."""
    command = [sys.executable, "-m", "bot", "people", "add", "Amina Njoroge"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"DATELINE_HOME": "", "HOME": str(tmp_path)},
    )
    assert done.returncode == 1
    assert done.stderr.startswith("dateline: DATELINE_HOME is empty; it takes the folder")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("redirect", "said"), [(">&-", "standard output is closed"), (">/dev/full", "disk is full")])
def test_an_answer_that_cannot_be_written_is_told(terminal: Terminal, redirect: str, said: str) -> None:
    """A closed or full standard output gives one line on standard error and the exit status 1, no trace."""
    terminal.run("people", "add", "Amina Njoroge")
    for option in ("", "--json"):
        line = f"{sys.executable} -m bot --home {terminal.home} people list {option} {redirect}"
        done = subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert said in done.stderr
        assert done.stderr.count("\n") == 1


def test_a_reader_that_has_gone_is_no_failure(terminal: Terminal) -> None:
    """When whoever reads our output has gone (`| head`), that is no failure of ours and nothing is said of it."""
    terminal.run("people", "add", "Amina Njoroge")
    line = f"{sys.executable} -m bot --home {terminal.home} people list | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
