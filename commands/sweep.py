"""`sweep`: watches swept at somebody's wish, how far that has come, and an end to it."""

from __future__ import annotations

from collections.abc import Iterable

from bot.sweep_findings import SweepFinding
from commands.watch import NotNow, Reach, find
from storage import custody, runs, watches
from storage.database import Transaction
from storage.errors import NotFound
from storage.runs import Run, RunState
from storage.watches import Watch, WatchState

ASKED = "asked:"
"""How the name of a sweep that somebody asked for begins; due times are instants."""


def choose(tx: Transaction, reach: Reach, typed: str) -> list[Watch]:
    """Return the watch that is named, or all of a channel that can be swept.

    Raises:
        NotFound: there is none within reach.
        NotNow: it rests, or has no source to ask.
        WatchRefused: several may be meant.
    """
    if typed.strip():
        watch = find(tx, reach, typed)
        if watch.state is not WatchState.ACTIVE:
            raise NotNow(f"{watch.label} is {watch.state}; see the list of watches.")
        if not watch.sources:
            raise NotNow(f"{watch.label} has no source to ask; it is told of what comes in by any door.")
        return [watch]
    here = [watch for watch in watches.all(tx) if reach.covers(watch) and watch.channel == reach.channel]
    found = [watch for watch in here if watch.state is WatchState.ACTIVE and watch.sources]
    if not found:
        raise NotFound("No watch of this channel can be swept; name one, or see the list of watches.")
    return found


def ask(tx: Transaction, wanted: Iterable[Watch], request: str, actor: str, now: str) -> str:
    """Let watches be swept by the first process that is free; return the name of the sweep."""
    asked = f"{ASKED}{request}"
    for watch in wanted:
        if runs.claim(tx, Run(watch.id, asked, now, actor, RunState.WAITING)):
            detail = {"watch": watch.id, "label": watch.label}
            custody.append(tx, at=now, actor=actor, action="sweep asked for", subject=watch.id, detail=detail)
    return asked


def cancel(tx: Transaction, asked: str, actor: str, now: str) -> int:
    """End a sweep before its time; return how many watches were still to be swept. What was found is kept."""
    stopped = [run for run in runs.of_sweep(tx, asked) if runs.cancel(tx, run.watch_id, asked, now)]
    for run in stopped:
        custody.append(tx, at=now, actor=actor, action="sweep cancelled", subject=run.watch_id, detail={"sweep": asked})
    return len(stopped)


def finding(tx: Transaction, asked: str) -> SweepFinding:
    """Tell how far a sweep has come.

    Raises:
        NotFound: it was never asked for, or was long ago.
    """
    found = runs.of_sweep(tx, asked)
    known = {watch.id: watch for watch in watches.all(tx)} if found else {}
    swept = tuple((known[run.watch_id], run) for run in found if run.watch_id in known)
    if not swept:
        raise NotFound("This sweep is not known any more; see the list of watches.")
    return SweepFinding(swept, asked)
