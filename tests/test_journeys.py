"""Whole journeys on the command line, each verb a process of its own, as on-call staff and scripts run it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.sample import pictures
from tests.loopback import Loopback, Reply
from tests.terminals import ROOT, Terminal

INDEPENDENT = ROOT / "tests" / "storage" / "independent_verify.py"


@pytest.fixture(name="terminal")
def fixture_terminal(tmp_path: Path) -> Terminal:
    """A terminal with an empty store."""
    return Terminal(tmp_path / "store")


STORY = """Ministry envoy in the islands

Envoy Amina Njoroge arrived in Suva on Monday, the foreign ministry of Kenya said.

Njoroge was reportedly seen in Apia last week, although a spokesman for the ministry denied such a visit took place.
"""
STATED = ("--published", "2021-06-02T09:00:00+03:00", "--publisher", "The Paper")


def in_place(answer: Any) -> set[tuple[str, str, str]]:
    """The places, stances and kinds of speaker of an answer."""
    return {(s["place"]["name"], s["stance"], s["speaker"]["kind"]) for s in answer["sightings"]}


def test_an_article_answers_whereis_in_any_spelling(terminal: Terminal, tmp_path: Path) -> None:
    """People, ingest, whereis: places with stance and speaker, quotes exact, the denial paired with what it denies."""
    article = tmp_path / "story.txt"
    article.write_text(STORY, encoding="utf-8")
    terminal.run("people", "add", "Amina Njoroge", "--alias", "Njoroge", "--role", "envoy")
    assert terminal.ask("ingest", str(article), *STATED)["archived"] == 1
    answer = terminal.ask("whereis", "Njoroge")
    assert {("Suva", "asserted", "official"), ("Apia", "denied", "official")} <= in_place(answer)
    assert {stance for place, stance, _ in in_place(answer) if place == "Apia"} - {"denied"} <= {"rumored", "alleged"}
    assert len(in_place(answer)) == 3
    for sighting in answer["sightings"]:
        assert STORY[sighting["start"] : sighting["end"]] == sighting["quote"]
        assert sighting["post"]["publisher"] == "The Paper"
        assert sighting["post"]["posted_at"] == "2021-06-02T06:00:00.000Z"
    [suva] = [s for s in answer["sightings"] if s["place"]["name"] == "Suva"]
    assert (suva["time"]["from"], suva["time"]["to"]) == ("2021-05-31", "2021-05-31")
    assert [conflict["kind"] for conflict in answer["conflicts"]] == ["denial"]
    for spelling in ("amina njoroge", "AMINA NJOROGE", "Amina Njoroje"):
        assert terminal.ask("whereis", spelling)["sightings"] == answer["sightings"]


def test_an_answer_is_drawn_and_narrowed(terminal: Terminal, tmp_path: Path) -> None:
    """The map and the timeline are PNGs where they are wanted; an empty answer writes none, and says so."""
    article = tmp_path / "story.txt"
    article.write_text(STORY, encoding="utf-8")
    terminal.run("people", "add", "Amina Njoroge", "--alias", "Njoroge")
    terminal.run("ingest", str(article), *STATED)
    chart, timeline, none = (tmp_path / name for name in ("map.png", "time.png", "none.png"))
    answer = terminal.ask("whereis", "Njoroge", "--map", str(chart), "--timeline", str(timeline))
    assert (answer["map"], answer["timeline"]) == (str(chart), str(timeline))
    assert [path.read_bytes()[:4] for path in (chart, timeline)] == [b"\x89PNG"] * 2
    denied = terminal.ask("whereis", "Njoroge", "--stance", "denied", "--place", "Samoa", "--since", "2021-06-02")
    assert {place for place, _, _ in in_place(denied)} == {"Apia"}
    assert len(denied["conflicts"]) == 1
    empty = terminal.ask("whereis", "Njoroge", "--since", "2030-01-01", "--map", str(none))
    assert (empty["sightings"], empty["map"], none.exists()) == ([], None, False)


def test_people_may_come_after_the_article(terminal: Terminal, tmp_path: Path) -> None:
    """Adding, aliasing, merging and removing people re-reads the archive; the order of intake does not matter."""
    article = tmp_path / "story.txt"
    article.write_text(STORY, encoding="utf-8")
    terminal.run("ingest", str(article), *STATED)
    assert terminal.ask("whereis", "Njoroge")["person"] is None
    changed = terminal.ask("people", "add", "Amina Njoroge", "--alias", "Njoroge")
    assert (changed["reread"], changed["sightings"]) == (1, 3)
    before = terminal.ask("whereis", "Njoroge")["sightings"]
    terminal.run("people", "add", "Mina Njoroge")
    terminal.run("people", "merge", "Amina Njoroge", "Mina Njoroge")
    assert [s["quote"] for s in terminal.ask("whereis", "Mina Njoroge")["sightings"]] == [s["quote"] for s in before]
    assert [person["name"] for person in terminal.ask("people", "list")["people"]] == ["Amina Njoroge"]
    terminal.run("people", "remove", "Njoroge")
    assert terminal.ask("status")["sightings"] == 0
    assert terminal.ask("status")["posts"] == 1


def test_people_are_renamed_split_and_any_change_is_undone(terminal: Terminal, tmp_path: Path) -> None:
    """Each change is told with its number, and taken back by it; what is refused ends with 1."""
    article = tmp_path / "story.txt"
    article.write_text(STORY, encoding="utf-8")
    terminal.run("ingest", str(article), *STATED)
    terminal.run("people", "add", "Amina Njoroje", "--alias", "Njoroge", "--alias", "Amina Njoroge")
    before = terminal.ask("whereis", "Njoroge")["sightings"]
    renamed = terminal.ask("people", "rename", "Amina Njoroje", "Amina Wanjiru Njoroge")
    assert renamed["change"] == 2
    assert {s["person"]["name"] for s in terminal.ask("whereis", "Njoroge")["sightings"]} == {"Amina Wanjiru Njoroge"}
    split = terminal.ask("people", "split", "Amina Wanjiru Njoroge", "Njoroge", "--alias", "Amina Njoroge")
    assert (split["change"], split["reread"]) == (3, 1)
    assert {s["person"]["id"] for s in terminal.ask("whereis", "Amina Njoroge")["sightings"]} == {"njoroge"}
    refused = terminal.ask("people", "undo", "9", status=1)
    assert refused["error"]["code"] == "not_found"
    assert "To undo it: dateline people undo 4" in terminal.run("people", "undo", "3").stdout
    terminal.run("people", "undo", "2")
    assert terminal.ask("people", "undo", "2", status=1)["error"]["code"] == "cannot_undo"
    assert terminal.ask("whereis", "Njoroge")["sightings"] == before
    told = terminal.ask("people", "history")["changes"]
    assert [(one["number"], one["act"], one["undoes"], one["undone_by"]) for one in told] == [
        (5, "undo", 2, None),
        (4, "undo", 3, None),
        (3, "split", None, 4),
        (2, "rename", None, 5),
        (1, "add", None, None),
    ]
    lines = terminal.run("people", "history", "Njoroge", "--limit", "1").stdout.splitlines()
    assert lines[0].startswith("5: ")
    assert "by operator: Undone: Amina Njoroje is now called Amina Wanjiru Njoroge." in lines[0]


def test_a_name_nobody_watches_gets_a_suggestion(terminal: Terminal) -> None:
    """An unknown name is no failure: it says who may have been meant."""
    terminal.run("people", "add", "Amina Njoroge")
    answer = terminal.ask("whereis", "Amena Njorge")
    person = answer["person"]
    assert (person and person["name"] == "Amina Njoroge") or answer["did_you_mean"][0]["name"] == "Amina Njoroge"
    nobody = terminal.ask("whereis", "Zbigniew Quux")
    assert (nobody["person"], nobody["did_you_mean"], nobody["sightings"]) == (None, [], [])


def test_as_known_on_a_day(terminal: Terminal, tmp_path: Path) -> None:
    """`--on` asks for a day, `--known-on` hides what was published later."""
    article = tmp_path / "story.txt"
    article.write_text(STORY, encoding="utf-8")
    terminal.run("people", "add", "Amina Njoroge", "--alias", "Njoroge")
    terminal.run("ingest", str(article), *STATED)
    on = terminal.ask("whereis", "Njoroge", "--on", "2021-05-31")
    assert "Suva" in {s["place"]["name"] for s in on["sightings"]}
    assert "Suva" not in {
        s["place"]["name"] for s in terminal.ask("whereis", "Njoroge", "--on", "2021-06-01")["sightings"]
    }
    assert terminal.ask("whereis", "Njoroge", "--known-on", "2021-06-01")["sightings"] == []
    assert len(terminal.ask("whereis", "Njoroge", "--known-on", "2021-06-02")["sightings"]) == 3


def test_pictures_are_checked_kept_and_found_again(terminal: Terminal, tmp_path: Path) -> None:
    """A check stores nothing; a kept picture is found again mirrored, with words, regions and an evidence picture."""
    original, copy = tmp_path / "original.jpg", tmp_path / "copy.jpg"
    original.write_bytes(pictures.picture("harbour"))
    copy.write_bytes(pictures.mirrored_copy("harbour"))
    terminal.run("people", "add", "Amina Njoroge")
    assert terminal.ask("check", str(original))[0]["matches"] == []
    assert terminal.ask("status")["posts"] == 0
    assert terminal.ask("check", "--keep", str(original))[0]["kept_as"].startswith("picture:")
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(pictures.picture("harbour")[:3000])
    evidence = tmp_path / "evidence"
    names = [str(copy), str(broken), str(tmp_path / "absent.jpg"), str(original)]
    found, damaged, absent, same = terminal.ask("check", *names, "--evidence", str(evidence))
    [match] = found["matches"]
    assert (match["relation"], match["certainty"]) == ("mirrored", "match")
    assert "mirrored" in match["transform"]
    assert match["region_query"][0] != match["region_match"][0]
    assert Path(match["evidence"]).read_bytes().startswith(b"\xff\xd8\xff")
    assert Path(match["file"]).read_bytes() == original.read_bytes()
    assert (damaged["usable"], damaged["matches"]) == (False, [])
    assert damaged["why_not"]
    assert absent["why_not"] == "It does not exist."
    assert same["matches"][0]["relation"] == "identical"


def test_a_flipped_byte_is_named_by_verify_and_by_a_stranger(terminal: Terminal, tmp_path: Path) -> None:
    """One changed byte of an archived file is named by `verify` and by a script that knows nothing of Dateline."""
    story = tmp_path / "story.txt"
    story.write_text(STORY, encoding="utf-8")
    terminal.run("ingest", str(story))
    assert terminal.ask("verify")["clean"]
    [file] = [path for path in (terminal.home / "vault").rglob("*") if path.is_file()]
    data = bytearray(file.read_bytes())
    data[10] ^= 1
    file.chmod(0o600)
    file.write_bytes(data)
    verified = terminal.ask("verify", status=1)
    assert [(fault["kind"], fault["subject"]) for fault in verified["faults"]] == [("vault", file.name)]
    stranger = subprocess.run(
        [sys.executable, str(INDEPENDENT), str(terminal.home)], capture_output=True, text=True, check=False
    )
    assert stranger.returncode == 1
    assert file.name in stranger.stdout


def test_rebuild_makes_the_same_again(terminal: Terminal, tmp_path: Path) -> None:
    """Derived data made anew from the archive is what it was."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(pictures.picture("harbour"))
    (folder / "b.jpg").write_bytes(pictures.mirrored_copy("harbour"))
    (folder / "captions.csv").write_text(
        "file,caption,date\na.jpg,Amina Njoroge in Suva harbour,2019-01-02\nb.jpg,Boats in Lima today,2021-01-02\n"
    )
    terminal.run("people", "add", "Amina Njoroge")
    assert terminal.ask("ingest", str(folder))["conflicts"] >= 1
    names = ("posts", "images", "sightings", "conflicts", "unread")
    before = {name: terminal.ask("status")[name] for name in names}
    assert before["sightings"] == 1
    rebuilt = terminal.ask("rebuild")
    assert (rebuilt["images"], rebuilt["texts"], rebuilt["sightings"]) == (2, 2, 1)
    assert {name: terminal.ask("status")[name] for name in names} == before
    assert terminal.ask("verify")["clean"]


def test_read_stores_nothing(terminal: Terminal, tmp_path: Path) -> None:
    """`read` finds sightings of the names given to it, by code points of the text, and makes no store."""
    story = tmp_path / "story.txt"
    story.write_bytes(b"\xef\xbb\xbf" + STORY.replace("\n", "\r\n").encode())
    found = terminal.ask("read", str(story), "--watch", "Amina Njoroge", "--published", "2021-06-02")
    text = STORY.replace("\n", "\r\n")
    assert found["lang"] == "en"
    assert {"person", "place", "time"} <= {mention["kind"] for mention in found["mentions"]}
    assert all(text[m["start"] : m["end"]] == m["text"] for m in found["mentions"])
    assert "Suva" in {sighting["place"]["name"] for sighting in found["sightings"]}
    assert all(text[s["start"] : s["end"]] == s["quote"] for s in found["sightings"])
    assert not terminal.home.exists()


def test_trace_reaches_only_the_private_addresses_that_are_named(tmp_path: Path) -> None:
    """With the pair named in the settings a loopback server stands in for X; without it nothing is fetched."""
    answer = {
        "__typename": "Tweet",
        "id_str": "1641086480675225601",
        "text": "Rain in Oslo.",
        "lang": "en",
        "user": {"screen_name": "weather", "name": "Weather"},
    }
    reply = Reply(json.dumps(answer).encode(), 200, {"Content-Type": "application/json"})
    with Loopback({"GET /tweet-result": reply}) as server:
        routes = {"X_SYNDICATION_URL": server.url, "X_OEMBED_URL": server.url}
        link = "https://twitter.com/weather/status/1641086480675225601?s=20"
        refused = Terminal(tmp_path / "one", **routes).ask("trace", link, status=1)
        assert refused["error"]["code"] == "capture_failed"
        assert server.requests == []
        allowed = Terminal(tmp_path / "two", **routes, DATELINE_ALLOWED_PRIVATE=f"127.0.0.1:{server.pair[1]}")
        found = allowed.ask("trace", link)
        assert (found["post"]["text"], found["post"]["posted_at"]) == ("Rain in Oslo.", "2023-03-29T14:34:41.562Z")
        assert allowed.ask("trace", "x.com/i/status/1641086480675225601")["already_archived"]
        assert len(server.requests) == 1
        assert allowed.ask("verify")["clean"]


def test_two_processes_may_start_on_an_empty_folder_at_once(tmp_path: Path) -> None:
    """Several ingests begun together on no store at all each do their work; nothing is lost."""
    running = []
    for number in range(4):
        path = tmp_path / f"{number}.jsonl"
        path.write_text("\n".join(json.dumps({"text": f"Report {number}/{line}."}) for line in range(25)))
        command = [sys.executable, "-m", "bot", "--home", str(tmp_path / "store"), "ingest", str(path)]
        running.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
    for process in running:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors.decode()
    terminal = Terminal(tmp_path / "store")
    assert terminal.ask("status")["posts"] == 100
    assert terminal.ask("verify")["clean"]


def test_the_demo_answers_without_a_network(tmp_path: Path) -> None:
    """The demo seeds its own store through intake, never the newsroom's, and shows the three answers."""
    environment = {"XDG_CACHE_HOME": str(tmp_path / "cache"), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    compiled = next(_cache().glob("gazetteer-*.sqlite"), None)
    if compiled:
        (tmp_path / "cache" / "dateline").mkdir(parents=True)
        shutil.copy(compiled, tmp_path / "cache" / "dateline" / compiled.name)
    command = [sys.executable, "-m", "bot", "demo", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment) as running:
        assert running.stdout is not None
        lines = []
        for line in running.stdout:
            lines.append(line)
            if "looks like Slack" in line:
                running.send_signal(signal.SIGINT)
    assert running.returncode == 0, lines[-3:]
    told = "".join(lines)
    for needed in ("dateline trace", "mirrored left to right", "dateline whereis Soleimani", "denied by the Kremlin",
                   "rumored", "In conflict", "dateline check", "earliest we hold", "(sample)"):  # fmt: skip
        assert needed in told, needed
    store = tmp_path / "cache" / "dateline" / "demo" / "store"
    assert Terminal(store).ask("verify")["clean"]
    assert not (tmp_path / ".local").exists()


def _cache() -> Path:
    from bot.reading.places.gazetteer import cache_folder

    return cache_folder()


def test_completion_scripts_are_printed(terminal: Terminal) -> None:
    """Each shell gets its script, and names on the watch-list complete."""
    for shell in ("bash", "zsh", "fish"):
        assert "_DATELINE_COMPLETE" in terminal.run("completion", shell).stdout
    terminal.run("people", "add", "Amina Njoroge", "--alias", "Njoroge")
    for home, names in ((str(terminal.home), "plain,Amina Njoroge\n"), ("", "\n"), (str(terminal.home / "none"), "\n")):
        typed = {"COMP_WORDS": "dateline whereis am", "COMP_CWORD": "2", "_DATELINE_COMPLETE": "bash_complete"}
        done = subprocess.run(
            [sys.executable, "-m", "bot"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | typed | {"DATELINE_HOME": home},
        )
        assert (done.stdout, done.stderr) == (names, "")
