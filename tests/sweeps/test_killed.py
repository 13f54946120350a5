"""A sweep really killed: cursors move only with what is committed, and the next process goes on from there."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sweeps.plan import LEASE
from storage.runs import RunState
from tests.desks import NOW
from tests.sweeps.desks import FEED, Source, room, run

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("point", "cursor", "archived", "again"),
    [("searched", "10", 10, 0), ("taken", "10", 20, 10), ("moving", "10", 20, 10), ("moved", "20", 20, 0)],
)
def test_a_killed_sweep_goes_on_where_it_stood(
    point: str, cursor: str, archived: int, again: int, tmp_path: Path
) -> None:
    """Before it is archived, before, while and after the cursor moves: nothing is lost, and nothing new twice."""
    with room(tmp_path) as here:
        here.put()
    command = [sys.executable, "-m", "tests.sweeps.killed_child", str(tmp_path), point]
    killed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with room(tmp_path, NOW + LEASE + timedelta(seconds=1)) as here:
        assert here.state().cursor == cursor
        assert here.posts() == archived
        assert [(one.state, one.owner) for one in here.runs()] == [(RunState.RUNNING, "child")]
        feed = here.sources[FEED] = Source(25)
        run(here.sweeps("next").drain())
        assert feed.asked[0] == cursor
        assert [(one.state, one.owner) for one in here.runs()] == [(RunState.DONE, "next")]
        assert (here.posts(), here.seen_again(), here.state().cursor) == (25, again, "25")
