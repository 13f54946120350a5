"""`dateline verdict`, `verdicts` and `explain` as scripts run them."""

from __future__ import annotations

import json
from pathlib import Path

from bot.cli_verdicts import ACTS, STANCES
from storage.records import Stance
from tests.terminals import Terminal

NAME = "Amina Njoroge"
SAID = f"{NAME} arrived in Bergen on Monday."


def archived(folder: Path) -> tuple[Terminal, str]:
    """A terminal over a store with one sighting, and its id."""
    terminal = Terminal(folder / "store")
    line = {"url": "https://x.com/i/status/1", "text": SAID, "posted_at": "2021-05-04T08:02:00Z", "lang": "en"}
    (folder / "posts.jsonl").write_text(json.dumps(line), encoding="utf-8")
    terminal.run("people", "add", NAME)
    terminal.run("ingest", str(folder / "posts.jsonl"))
    [found] = terminal.ask("whereis", NAME)["sightings"]
    assert found["verdict"] is None
    return terminal, found["id"]


def test_a_sighting_is_judged_listed_and_undone(tmp_path: Path) -> None:
    """Both readings are in the JSON; a rejected one is left out and counted as such; undone all is as it was."""
    terminal, key = archived(tmp_path)
    judged = terminal.ask("verdict", key, "place", "Oslo, Norway", "--note", "it is Oslo")
    [found] = judged["verdicts"]
    assert (found["place"]["name"], found["verdict"]["read"]["place"]["name"]) == ("Oslo", "Bergen")
    assert (found["verdict"]["judgement"], found["verdict"]["note"]) == ("corrected", "it is Oslo")
    assert (found["quote"], found["verdict"]["by"], found["verdict"]["workspace"]) == (SAID, "operator", "*")
    terminal.run("verdict", key, "stance", "alleged")
    told = terminal.run("whereis", NAME).stdout
    assert "Oslo, NO (city)" in told
    assert "Place and stance corrected by operator" in told
    assert "The reader had: Bergen, NO (city), asserted." in told
    terminal.run("verdict", key, "reject")
    answer = terminal.ask("whereis", NAME)
    assert (answer["sightings"], answer["total"], answer["rejected"]) == ([], 0, 1)
    assert "1 sighting was rejected and is left out: dateline verdicts" in terminal.run("whereis", NAME).stdout
    assert terminal.ask("status")["sightings"] == 0
    terminal.run("rebuild", "--sightings")
    [listed] = terminal.ask("verdicts")["verdicts"]
    assert (listed["id"], listed["verdict"]["judgement"]) == (key, "rejected")
    assert key in terminal.run("verdicts").stdout
    undone = terminal.ask("verdict", key, "--undo")
    assert undone["changed"] == "The verdict is taken back; the reader's own reading stands."
    assert terminal.ask("verdict", key, "--undo", status=1)["error"]["code"] == "not_found"
    [found] = terminal.ask("whereis", NAME)["sightings"]
    assert (found["id"], found["verdict"], found["place"]["name"]) == (key, None, "Bergen")
    assert terminal.run("verdicts").stdout == "Nothing is judged.\n"
    assert terminal.ask("verify")["clean"]


def test_what_cannot_be_meant_is_refused(tmp_path: Path) -> None:
    """Wrong usage is status 2; a sighting or a place that is not known fails in one sentence."""
    terminal, key = archived(tmp_path)
    for wrong in ((), ("confirm", "--undo"), ("place",), ("stance", "certain"), ("reject", "x"), ("place", " ")):
        terminal.run("verdict", key, *wrong, status=2)
    assert terminal.ask("verdict", "nothing", "confirm", status=1)["error"]["code"] == "not_found"
    assert terminal.ask("verdict", key, "place", "Nowhereville", status=1)["error"]["code"] == "place_unknown"
    assert terminal.ask("explain", "nothing", status=1)["error"]["code"] == "not_found"
    assert list(STANCES) == list(Stance)
    assert len(ACTS) == 4


def test_a_sighting_is_explained(tmp_path: Path) -> None:
    """As text and as JSON, with every verdict that was ever given on it."""
    terminal, key = archived(tmp_path)
    terminal.run("verdict", key, "reject", "--note", "a namesake")
    terminal.run("verdict", key, "--undo")
    told = terminal.ask("explain", key)
    assert told["sighting"]["id"] == key
    assert [step["about"] for step in told["steps"]][:3] == ["Words", "Speaker", "Rule"]
    assert told["fresh"] is True
    [verdict] = told["verdicts"]
    assert (verdict["judgement"], verdict["undone_by"]) == ("rejected", "operator")
    shown = terminal.run("explain", key).stdout
    assert "arrive-in/1: “arrive” ties the person to the place, by “in”" in shown
    assert "Rejected by operator" in shown
    assert "Note: “a namesake”. Taken back by operator" in shown
