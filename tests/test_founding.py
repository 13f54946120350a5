"""The founding example, read through the command line: every essential sighting, and none of its traps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.terminals import Terminal


@pytest.fixture(name="terminal")
def fixture_terminal(tmp_path: Path) -> Terminal:
    """A terminal with an empty store."""
    return Terminal(tmp_path / "store")


def seed_expected(shared: Path) -> tuple[str, Any]:
    """The founding article and what a careful editor reads in it."""
    article = shared / "seed" / "article.txt"
    return article.read_bytes().decode(), json.loads((shared / "seed" / "expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("people_first", [True, False])
def test_the_founding_article(terminal: Terminal, shared: Path, people_first: bool) -> None:
    """Every essential sighting of the founding example with stance, speaker and time right, and none of its traps."""
    text, expected = seed_expected(shared)
    people = (
        ("Qassem Soleimani", "--alias", "Soleimani", "--role", "Quds Force commander"),
        ("Hossein Hamedani", "--alias", "Hamedani"),
    )
    stated = ("--published", expected["post_time"], "--publisher", expected["publisher"])
    ingest = ("ingest", str(shared / "seed" / "article.txt"), *stated)
    if not people_first:
        terminal.run(*ingest)
    for person in people:
        terminal.run("people", "add", *person)
    if people_first:
        terminal.run(*ingest)
    for name, spellings in {
        "Qassem Soleimani": ("Soleimani", "Suleimani", "Qasem Soleimani", "سليماني"),
        "Hossein Hamedani": ("Hamedani",),
    }.items():
        answers = [terminal.ask("whereis", spelling)["sightings"] for spelling in spellings]
        assert all(answer == answers[0] for answer in answers)
        found = answers[0]
        assert all(text[s["start"] : s["end"]] == s["quote"] for s in found)
        wanted = [one for one in expected["sightings"] if one["person"] == name]
        matched = [one["id"] for one in wanted for s in found if _is(one, s)]
        essential = {one["id"] for one in wanted if one["essential"]}
        assert essential <= set(matched)
        assert len(found) == len(set(matched)), "nothing beyond what an editor reads"
        for trap in expected["must_not_extract"]:
            assert not any(
                trap["person"] == name
                and trap["place"] in ("*", s["place"]["name"])
                and trap.get("quote_contains", "") in s["quote"]
                for s in found
            ), trap["why"]


def _is(wanted: Any, found: Any) -> bool:
    overlap = min(wanted["end"], found["end"]) - max(wanted["start"], found["start"])
    time = wanted["time"]
    return (
        overlap > 0.5 * (wanted["end"] - wanted["start"])
        and found["place"]["country"] == wanted["country"]
        and found["place"]["name"] == wanted["place"]
        and found["stance"] in wanted["accept_stances"]
        and found["speaker"]["kind"] == wanted["speaker_kind"]
        and (found["time"]["from"], found["time"]["to"]) == (time["from"], time["to"])
        and found["time"]["precision"] == time["precision"]
    )
