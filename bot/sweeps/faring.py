"""How a source fares after it was asked: when it failed, when it may be asked again. Pure functions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.sources.batch import Throttled
from storage.records import utc
from storage.watches import SourceState

FIRST: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(hours=1)
"""The pause after the first failure, which doubles with each, and its limit: most faults are over within minutes, and a
source that is down for a day is noticed within an hour of its return."""
PROBLEM: Final = 500
"""Characters of a problem that are kept."""


def worked(state: SourceState, cursor: str, now: datetime) -> SourceState:
    """Note an answer whose posts are committed: the next search goes on after it."""
    return SourceState(state.source, cursor=cursor, last_ok=utc(now))


def failed(state: SourceState, error: Exception, now: datetime, chance: float) -> SourceState:
    """Note that a search failed, and leave the source alone for a while.

    The pause doubles with each failure in a row; of it half is fixed and half by chance, so that watches of one source
    do not all come back at once ("equal jitter", AWS Architecture Blog, Exponential Backoff And Jitter, 2015). Where
    the source says for how long it wants to be left alone, it is left alone for at least so long.

    Args:
        state: how it fared so far.
        error: what went wrong; its words are kept.
        now: when.
        chance: 0 to 1.
    """
    pause = min(FIRST * 2 ** min(state.failures, 16), LONGEST) * (1 + chance) / 2
    if isinstance(error, Throttled) and error.retry_after is not None:
        pause = max(pause, timedelta(seconds=error.retry_after))
    return replace(
        state,
        failing_since=state.failing_since or utc(now),
        failures=state.failures + 1,
        not_before=utc(now + pause),
        problem=str(error)[:PROBLEM],
    )


def rests(state: SourceState, now: datetime) -> bool:
    """Tell whether a source is to be left alone now."""
    return state.not_before is not None and state.not_before > utc(now)


def piled_up(state: SourceState) -> bool:
    """Tell whether what a source gives next has piled up there: at its first search, and after failures."""
    return state.cursor is None or state.failing_since is not None
