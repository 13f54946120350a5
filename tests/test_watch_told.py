"""The words in which a watch is told."""

from __future__ import annotations

from dataclasses import replace

from bot import watch_told
from bot.watch_findings import WatchLine
from storage.runs import Run, RunState
from storage.watches import SourceState
from tests.slack.watch_goldens import FEED, WATCH

AT = "2026-03-01T09:31:00.000Z"


def test_what_is_wrong_with_a_source_is_told_once() -> None:
    """A source that fails has a sentence of its own, so the last run does not say the same; anything else it does."""
    sources = (SourceState("x:@a"), SourceState(FEED, failing_since=AT, problem="It answered 503."))
    run = Run(WATCH.id, AT, AT, state=RunState.FAILED, problem=f"{FEED}: It answered 503.\nx:@a: Not asked: budget.")
    line = WatchLine(WATCH, sources, run)
    told = watch_told.runs(line)
    assert "503" not in told
    assert told.endswith("x:@a: Not asked: budget.")
    assert "503" in watch_told.runs(replace(line, sources=()))


def test_a_post_is_watched_by_its_address() -> None:
    """Where the source is the post itself, the word by which it is kept is not shown."""
    watch = replace(WATCH, sources=("link:https://x.com/i/status/20",), schedule="every hour")
    assert watch_told.schedule_and_sources(watch) == "Every hour from https://x.com/i/status/20."
