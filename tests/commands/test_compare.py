"""`compare` as scripts run it: two pictures, and why they match or do not."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from bot.sample import pictures
from tests.loopback import Loopback, Reply
from tests.terminals import Terminal


@pytest.fixture(name="terminal")
def fixture_terminal(tmp_path: Path) -> Terminal:
    """A terminal whose store holds the picture of a harbour; a mirrored copy and another scene lie beside it."""
    terminal = Terminal(tmp_path / "store")
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "harbour.jpg").write_bytes(pictures.picture("harbour"))
    (tmp_path / "mirrored.jpg").write_bytes(pictures.mirrored_copy("harbour"))
    (tmp_path / "other.jpg").write_bytes(pictures.picture("tent-camp"))
    assert terminal.ask("ingest", str(tmp_path / "kept"))["archived"] == 1
    return terminal


def test_a_match_is_explained(terminal: Terminal, tmp_path: Path) -> None:
    """A file and a stored picture by its digest: relation, score, regions, and the two side by side."""
    out = tmp_path / "side.png"
    digest = sha256(pictures.picture("harbour")).hexdigest()
    found = terminal.ask("compare", str(tmp_path / "mirrored.jpg"), digest, "--out", str(out))
    assert (found["relation"], found["certainty"], found["why_not"]) == ("mirrored", "match", None)
    assert found["score"] >= found["threshold"]
    assert found["distance"] <= 64
    assert len(found["region_query"]) == len(found["region_match"]) == 4
    assert found["second"]["sha256"] == digest
    assert found["evidence"] == str(out)
    assert out.read_bytes().startswith(b"\xff\xd8\xff")


def test_no_match_has_its_reason(terminal: Terminal, tmp_path: Path) -> None:
    """Two scenes are not found to be one picture: the reason is told, and nothing is written."""
    out = tmp_path / "side.png"
    asked = (str(tmp_path / "mirrored.jpg"), str(tmp_path / "other.jpg"))
    found = terminal.ask("compare", *asked, "--out", str(out))
    assert (found["score"], found["relation"], found["evidence"]) == (None, None, None)
    assert f"{found['distance']} of 256 bits" in found["why_not"]
    assert not out.exists()


@pytest.mark.parametrize("given", ["missing.jpg", "0" * 64, "https://x.com/a/status/1641086480675225601"])
def test_what_is_not_there_is_said(terminal: Terminal, tmp_path: Path, given: str) -> None:
    """A file, a digest and a post that are not there fail in one sentence that names them."""
    refused = terminal.ask("compare", str(tmp_path / "other.jpg"), given, status=1)["error"]
    assert refused["code"] == "not_compared"
    assert given in refused["message"]


def test_the_text_tells_the_same(terminal: Terminal, tmp_path: Path) -> None:
    """Text names the relation of a match, and the reason where there is none."""
    kept = str(tmp_path / "kept" / "harbour.jpg")
    assert "match: mirrored" in terminal.run("compare", str(tmp_path / "mirrored.jpg"), kept).stdout
    assert "not found to be one picture" in terminal.run("compare", str(tmp_path / "other.jpg"), kept).stdout


def test_of_a_post_the_surest_pair_is_told(terminal: Terminal, tmp_path: Path) -> None:
    """The link of an archived post with two pictures stands for the one that matches, named by its place."""
    link = "https://x.com/harbour_watch/status/1641086480675225601"
    line = {"url": link, "text": "Boats.", "images": ["other.jpg", "kept/harbour.jpg"]}
    (tmp_path / "posts.jsonl").write_text(json.dumps(line) + "\n")
    terminal.ask("ingest", str(tmp_path / "posts.jsonl"))
    found = terminal.ask("compare", link, str(tmp_path / "mirrored.jpg"))
    assert found["first"]["input"] == f"{link} (picture 2)"
    assert found["relation"] == "mirrored"


def test_the_link_of_a_picture_is_fetched_and_not_kept(terminal: Terminal, tmp_path: Path) -> None:
    """A picture at an address is compared as a file is; what it answers instead is said."""
    jpeg = {"Content-Type": "image/jpeg"}
    with Loopback({"GET /a.jpg": Reply(pictures.mirrored_copy("harbour"), 200, jpeg)}) as server:
        host, port = server.pair
        asked = Terminal(terminal.home, DATELINE_ALLOWED_PRIVATE=f"{host}:{port}")
        kept = str(tmp_path / "kept" / "harbour.jpg")
        found = asked.ask("compare", f"{server.url}/a.jpg", kept)
        assert (found["relation"], found["certainty"]) == ("mirrored", "match")
        refused = asked.ask("compare", f"{server.url}/b.jpg", kept, status=1)["error"]
    assert "answered 404" in refused["message"]
    assert asked.ask("status")["images"] == 1
