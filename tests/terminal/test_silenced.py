"""`dateline silenced` as scripts run it, and what `check` says of a picture that is marked."""

from __future__ import annotations

from pathlib import Path

from bot.cli_silenced import KINDS
from bot.sample import pictures
from storage.boilerplate import Kind
from storage.records import digest
from tests.terminals import Terminal


def test_a_picture_is_marked_listed_and_undone(tmp_path: Path) -> None:
    """By its file or its SHA-256; `check` tells by whom, and that it is no earlier use; the log verifies."""
    terminal = Terminal(tmp_path / "store")
    logo, copy = tmp_path / "logo.jpg", tmp_path / "copy.jpg"
    logo.write_bytes(pictures.picture("harbour"))
    copy.write_bytes(pictures.smaller_copy("harbour"))
    refused = terminal.ask("silenced", "mark", str(logo), "--as", "logo", status=1)
    assert refused["error"]["code"] == "not_found"
    terminal.run("ingest", str(logo))
    marked = terminal.ask("silenced", "mark", str(logo), "--as", "logo", "--note", "of the wire")
    [held] = marked["silenced"]
    sha256 = digest(pictures.picture("harbour"))
    assert (held["kind"], held["reason"], held["by"]) == ("boilerplate", "logo: of the wire", "operator")
    assert (held["pictures"], held["workspace"], held["earlier_use"]) == ([sha256], "*", False)
    again = terminal.ask("silenced", "mark", sha256.upper(), "--as", "avatar", status=1)
    assert again["error"]["code"] == "marked_already"
    [checked] = terminal.ask("check", str(copy))
    assert checked["boilerplate"]["id"] == held["id"]
    assert checked["boilerplate"]["of_a_copy"] is True
    assert [match["silenced"]["kind"] for match in checked["matches"]] == ["boilerplate"]
    told = terminal.run("check", str(copy)).stdout
    assert "Marked boilerplate (logo: of the wire) by operator" in told
    listed = terminal.ask("silenced", "list")
    assert (listed["pairs"], listed["boilerplate"]) == (0, 1)
    assert held["id"] in terminal.run("silenced", "list").stdout
    assert terminal.ask("status")["silenced"] == {"pairs": 0, "boilerplate": 1}
    undone = terminal.ask("silenced", "undo", held["id"])
    assert undone["changed"] == "It warns again the next time that it comes in."
    assert terminal.ask("silenced", "undo", held["id"], status=1)["error"]["code"] == "not_found"
    assert terminal.ask("check", str(copy))[0]["boilerplate"] is None
    assert terminal.run("silenced", "list").stdout == "Nothing is silenced.\n"
    assert terminal.ask("verify")["clean"]


def test_the_kinds_are_those_that_can_be_marked(tmp_path: Path) -> None:
    """The command line offers what the store knows; any other is wrong usage."""
    assert list(KINDS) == list(Kind)
    assert "--as" in Terminal(tmp_path).run("silenced", "mark", "x", status=2).stderr
