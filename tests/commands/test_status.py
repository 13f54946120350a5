"""`status` as it is run."""

from __future__ import annotations

from pathlib import Path

from tests.terminals import Terminal

DENIED = """Amina Njoroge was seen in Oslo, a shopkeeper said.

A spokesman denied that Amina Njoroge was in Oslo.
"""


def test_conflicts_are_named_for_what_is_counted(tmp_path: Path) -> None:
    """A denial that `whereis` pairs is not among the kept conflicts, and the status says that those are of pictures."""
    terminal = Terminal(tmp_path / "store")
    (tmp_path / "story.txt").write_text(DENIED)
    terminal.run("people", "add", "Amina Njoroge")
    terminal.run("ingest", str(tmp_path / "story.txt"), "--published", "2020-01-02")
    assert [clash["kind"] for clash in terminal.ask("whereis", "Amina Njoroge")["conflicts"]] == ["denial"]
    found = terminal.ask("status")
    assert (found["conflicts"], found["picture_conflicts"]) == (0, 0)
    assert "0 picture conflicts" in terminal.run("status").stdout
