"""Watches as lines of text, and as JSON values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from bot import watch_told
from bot.watch_findings import WatchesFinding, WatchLine
from bot.wording import plain


def watches_shape(finding: WatchesFinding) -> dict[str, Any]:
    """Return watches as docs/command-line.md promises them."""
    return {"watches": [_shape(line) for line in finding.watches], "changed": finding.changed}


def watches_lines(finding: WatchesFinding) -> Iterator[str]:
    """Tell of watches, each in a few lines."""
    if finding.changed:
        yield plain(finding.changed)
    elif not finding.watches:
        yield "Nothing is watched yet; try: dateline watch add NAME in '#channel' every 15m from x:@handle"
    for line in finding.watches:
        watch = line.watch
        yield f"{plain(watch.label)}  ({watch.kind}, in {plain(watch.channel)}, {watch.state})  {watch.id}"
        yield f"  {watch_told.asks(watch)}"
        told = (watch_told.runs(line), *watch_told.failing(line), watch_told.cost(line))
        yield from (f"  {words}" for words in told if words)


def _shape(line: WatchLine) -> dict[str, Any]:
    watch = asdict(line.watch) | {"sources": [asdict(source) for source in line.sources]}
    last = asdict(line.last) if line.last else None
    return watch | {"last": last, "spent_today": line.spent_today, "spent_30_days": line.spent_30_days}
