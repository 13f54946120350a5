"""An ingest really killed between two of its writes loses nothing that was committed and doubles nothing."""

from __future__ import annotations

import base64
import json
import random
import re
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.sample import pictures

ROOT = Path(__file__).resolve().parents[1]
TABLES = {
    "posts": "SELECT id, status, text_sha256, posted_at FROM posts",
    "captures": "SELECT id, post_id, sha256 FROM captures",
    "grants": "SELECT post_id, workspace, audience FROM grants",
    "images": "SELECT sha256, usable, phash FROM images",
    "appearances": "SELECT id FROM appearances",
    "reuses": "SELECT query_sha256, match_sha256, relation FROM reuses",
    "sightings": "SELECT id, capture_id FROM sightings",
    "conflicts": "SELECT id, kind FROM conflicts",
    "readings": "SELECT post_id, text_sha256, read_with FROM readings",
}
POINTS = 5
"""Seeded kill points in one test run; `make drill` goes through every one."""


def dateline(*arguments: str, home: Path, granted: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, killed at its write number `granted`."""
    command = [sys.executable, "-m", "tests.killed_child", str(granted), "--home", str(home), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def held(home: Path) -> dict[str, set[tuple[object, ...]]]:
    """What is committed, table by table."""
    connection = sqlite3.connect(home / "dateline.db")
    try:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        return {name: set(connection.execute(sql)) for name, sql in TABLES.items() if name in tables}
    finally:
        connection.close()


@pytest.fixture(scope="module", name="posts")
def fixture_posts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lines of posts: texts with and without a watched name, one picture, and the same picture mirrored elsewhere."""
    folder = tmp_path_factory.mktemp("posts")

    def inline(data: bytes) -> str:
        return "data:image/jpeg;base64," + base64.b64encode(data).decode()

    lines: list[dict[str, object]] = [
        {
            "url": "https://x.com/a/status/1641086480675225601",
            "text": "Amina Njoroge arrived in Nairobi.",
            "author": "a",
        },
        {"text": "Nothing of interest happened at the harbour.", "posted_at": "2020-03-01T10:00:00Z"},
        {
            "text": "Soldiers on a square in Mombasa.",
            "posted_at": "2020-03-02T10:00:00Z",
            "images": [inline(pictures.picture("soldiers-square"))],
        },
        {"text": "Ministry denies that Amina Njoroge was in Kampala.", "posted_at": "2020-03-03T10:00:00Z"},
        {
            "text": "Soldiers today in Kigali.",
            "posted_at": "2021-05-02T10:00:00Z",
            "images": [inline(pictures.mirrored_copy("soldiers-square"))],
        },
        {"text": "Rain.", "posted_at": "2021-05-03T10:00:00Z"},
    ]
    path = folder / "posts.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines) + "\n", encoding="utf-8")
    return path


def watched(home: Path) -> Path:
    """A store that watches one person."""
    assert dateline("people", "add", "Amina Njoroge", home=home).returncode == 0
    return home


@pytest.fixture(scope="module", name="whole")
def fixture_whole(
    posts: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[int, dict[str, set[tuple[object, ...]]]]:
    """How many writes an ingest makes that nobody disturbs, and what it leaves."""
    home = watched(tmp_path_factory.mktemp("whole"))
    run = dateline("ingest", str(posts), home=home)
    assert run.returncode == 0, run.stderr
    found = re.search(r"writes=(\d+)", run.stderr)
    assert found
    state = held(home)
    assert len(state["posts"]) == 6
    assert len(state["sightings"]) >= 2
    assert len(state["reuses"]) == 1
    assert len(state["conflicts"]) >= 1
    return int(found[1]), state


def _survives(point: int, posts: Path, home: Path, whole: dict[str, set[tuple[object, ...]]]) -> None:
    killed = dateline("ingest", str(posts), home=watched(home), granted=point)
    assert killed.returncode == -signal.SIGKILL
    before = held(home)
    assert dateline("verify", home=home).returncode == 0
    again = dateline("ingest", str(posts), home=home)
    assert again.returncode == 0, again.stderr
    after = held(home)
    for table, rows in before.items():
        assert rows <= after[table], f"{table} lost what was committed before the kill at write {point}"
    assert after == whole
    verified = dateline("verify", "--json", home=home)
    assert json.loads(verified.stdout)["faults"] == []


@pytest.mark.parametrize("seed", range(POINTS))
def test_a_killed_ingest_goes_on_where_it_stopped(
    seed: int, posts: Path, whole: tuple[int, dict[str, set[tuple[object, ...]]]], tmp_path: Path
) -> None:
    """After a SIGKILL at a seeded write the store verifies, keeps what was committed, and ends as if undisturbed."""
    writes, state = whole
    _survives(random.Random(seed).randrange(1, writes + 1), posts, tmp_path, state)


@pytest.mark.drill
def test_every_write_may_be_the_last(
    posts: Path, whole: tuple[int, dict[str, set[tuple[object, ...]]]], tmp_path: Path
) -> None:
    """The same, killed at each and every write in turn."""
    writes, state = whole
    for point in range(1, writes + 1):
        _survives(point, posts, tmp_path / str(point), state)
