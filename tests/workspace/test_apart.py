"""The stand-in and the bot know nothing of each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BOTH = {"bot/demo.py", "bot/demo_desk.py"}
"""The demo is the one place that starts both, and lets people act in it."""


def imported(file: Path) -> Iterator[str]:
    """The modules a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_the_bot_imports_nothing_of_the_stand_in() -> None:
    """Outside the room and the demo, no code imports it."""
    files = [file for folder in ("bot", "commands", "storage") for file in (ROOT / folder).rglob("*.py")]
    outside = {str(file.relative_to(ROOT)): file for file in files if ROOT / "bot/workspace" not in file.parents}
    assert len(outside) > 50
    using = {name for name, file in outside.items() if any(part.startswith("bot.workspace") for part in imported(file))}
    assert using <= BOTH


def test_the_stand_in_shares_no_code_with_what_it_tests() -> None:
    """It imports no Slack library and none of the bot's HTTP stack: a fault there cannot hide on both sides."""
    foreign = {"slack_sdk", "slack_bolt", "httpx", "starlette", "uvicorn", "storage", "commands"}
    for file in (ROOT / "bot/workspace").rglob("*.py"):
        names = set(imported(file))
        assert not {name.partition(".")[0] for name in names} & foreign, file
        assert all(name.startswith("bot.workspace") for name in names if name.startswith("bot.")), file
