"""One sweep of a watch: its sources are searched side by side, and what they give goes through intake.

The cursor of a source moves when its posts are committed, never before: what a killed process was at comes again, and
intake takes nothing in twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from bot import wording
from bot.alerting.sources import source_fails, source_works
from bot.desk import Desk
from bot.intake import Audience
from bot.slack.outbox import insist
from bot.sources.base import CaptureFailed
from bot.sources.batch import Batch, Document, Searcher
from bot.sources.refs import SourceRef, parse_ref
from bot.sweeps.faring import failed, piled_up, rests, worked
from bot.sweeps.taking import Taken, take_in
from bot.workers import asker
from storage import custody, runs, watches
from storage.database import Transaction
from storage.errors import DatelineError, NotFound, StoreBusy
from storage.records import digest, utc
from storage.runs import Run, RunState
from storage.watches import SourceState, Watch, WatchState

log = logging.getLogger("dateline.sweeps")

PATIENCE: Final = 600.0
"""Seconds for one search with the pictures of what it finds; a source that takes longer has failed."""
BUSY: Final = 3
"""Times that a batch is taken in where the store is busy; each waits by itself."""
PROBLEMS: Final = 2_000
"""Characters of a run's problems that are kept."""


@dataclass(frozen=True)
class Means:
    """What sweeps work with.

    Attributes:
        desk: the store and the pipeline into it.
        searcher: gives what a source is asked with.
        gate: how many searches of this process are held in memory at once.
        chance: 0 to 1, for the pauses after failures.
        noted: called in each transaction that notes how far a run has come.
        told: called after it.
    """

    desk: Desk
    searcher: Callable[[SourceRef], Searcher]
    gate: asyncio.Semaphore
    chance: Callable[[], float]
    noted: Callable[[Transaction, Run], None]
    told: Callable[[Watch, Run], None]


@dataclass(frozen=True, slots=True)
class _Ask:
    """What is known before a search: the watch and the source as they are now, and what the watch has cost today."""

    watch: Watch
    state: SourceState
    spent: int


class Sweep:
    """One run of a watch that is claimed by this process."""

    def __init__(self, means: Means, watch: Watch, run: Run) -> None:
        self._means = means
        self._desk = means.desk
        self._watch = watch
        self._run = run
        self._purse = asyncio.Lock()
        self._resting: list[str] = []
        self._answered = self._silent = False

    async def go(self) -> None:
        """Ask every source, and end the run; stop where it was cancelled, or is another process's by now.

        Raises:
            StoreError: the end of the run cannot be noted.
        """
        asker.set(f"sweep:{self._watch.id}")
        async with asyncio.TaskGroup() as group:
            for written in self._watch.sources:
                group.create_task(self._source(written))
        state = RunState.FAILED if self._silent and not self._answered else RunState.DONE

        def end(tx: Transaction) -> None:
            now = utc(self._desk.clock())
            for resting in self._resting:  # the hour may be over while it is left alone
                self._fails(tx, watches.source(tx, self._watch.id, resting), now)
            if runs.end(tx, self._run, state, now):
                self._means.noted(tx, self._run)

        await insist(self._desk.db, end)
        self._means.told(self._watch, replace(self._run, state=state))

    async def _source(self, written: str) -> None:
        """Search one source until it has nothing more; whatever goes wrong is told of it alone."""
        try:
            first = True
            while await self._batch(written, first=first):
                first = False
        except DatelineError as error:
            log.warning("watch %s, %s: what was found cannot be kept: %s", self._watch.id, written, error)
            self._silent = True
            self._tell(written, str(error))
        except Exception:
            log.exception("watch %s, %s", self._watch.id, written)
            self._silent = True
            self._tell(written, "Something went wrong here; whoever runs Dateline finds it in the log.")

    async def _batch(self, written: str, *, first: bool) -> bool:
        """Search once and take in what was found; return whether there is more to come."""
        ref = parse_ref(written)
        if not is_billed(ref):
            return await self._searched(written, ref, first=first)
        async with self._purse:  # one after the other, so that all of them together keep to the budget
            return await self._searched(written, ref, first=first)

    async def _searched(self, written: str, ref: SourceRef, *, first: bool) -> bool:
        async with self._means.gate:
            ask = await self._desk.db.reading(lambda tx: self._ask(tx, written))
            if ask is None or not self._may(ask, ref):
                return False
            try:
                batch = await self._search(ref, ask.state.cursor)
            except DatelineError as error:
                await self._failed(written, error)
                return False
            await self._pay(batch.cost)
            fresh, alerts, refused = await self._take_in(ask, batch, first=first)
            batch = replace(batch, refused=(*batch.refused, *refused))
            going = await self._keep(ask, batch, fresh, alerts)
        return going and batch.more and batch.cursor != ask.state.cursor

    def _ask(self, tx: Transaction, written: str) -> _Ask | None:
        try:
            watch = watches.get(tx, self._watch.id)
        except NotFound:
            return None
        state = watches.source(tx, watch.id, written)
        if state is None or watch.state is not WatchState.ACTIVE:
            return None
        return _Ask(watch, state, watches.spent(tx, watch.id, utc(self._desk.clock())[:10]))

    def _may(self, ask: _Ask, ref: SourceRef) -> bool:
        """Tell whether a source may be asked now; where not, say why."""
        if rests(ask.state, self._desk.clock()):
            self._silent = True
            self._resting.append(ask.state.source)
            until = wording.at(ask.state.not_before or "")
            self._tell(ask.state.source, f"Left alone until {until}. {ask.state.problem}")
            return False
        if is_billed(ref) and ask.watch.budget is not None and ask.spent >= ask.watch.budget:
            spent = f"{ask.spent:,} of {ask.watch.budget:,} billed posts are spent today"
            self._tell(ask.state.source, f"Not asked: {spent}. The budget is new at midnight UTC.")
            return False
        return True

    async def _search(self, ref: SourceRef, since: str | None) -> Batch:
        """Ask a source.

        Raises:
            DatelineError: it gave nothing; one sentence says why.
        """
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._means.searcher(ref).search(ref.query, since)
        except TimeoutError as error:
            raise CaptureFailed(f"It did not answer within {PATIENCE / 60:.0f} minutes; try again later.") from error
        except DatelineError:
            raise
        except Exception as error:
            log.exception("search of %s", ref)
            raise CaptureFailed("Its answer was not understood; whoever runs Dateline finds it in the log.") from error

    async def _failed(self, written: str, error: DatelineError) -> None:
        now = self._desk.clock()
        self._silent = True
        self._tell(written, str(error))

        def note(tx: Transaction) -> None:
            state = watches.source(tx, self._watch.id, written)
            if state is not None:
                state = failed(state, error, now, self._means.chance())
                watches.fare(tx, self._watch.id, state)
                self._fails(tx, state, utc(now))
            if runs.progress(tx, self._run):
                self._means.noted(tx, self._run)

        await insist(self._desk.db, note)
        self._means.told(self._watch, self._run)

    def _fails(self, tx: Transaction, state: SourceState | None, now: str) -> None:
        """Tell of a source that fails, if it is the watch's still, where that is told now."""
        if state is not None and (watch := watches.get(tx, self._watch.id)).state is WatchState.ACTIVE:
            source_fails(tx, watch, state, now)

    async def _pay(self, posts: int) -> None:
        """Count what a search has cost before anything else can go wrong: it is billed whatever becomes of it."""
        if posts:
            day = utc(self._desk.clock())[:10]
            await insist(self._desk.db, lambda tx: watches.spend(tx, self._watch.id, day, posts))

    async def _take_in(self, ask: _Ask, batch: Batch, *, first: bool) -> Taken:
        """Let intake have the posts."""
        if not batch.items:
            return 0, 0, ()
        if batch.document is not None:
            await self._desk.aside(self._desk.vault.put, batch.document.data)
        to = Audience(
            ask.watch.workspace,
            ask.watch.audience,
            actor=f"sweep:{ask.watch.id}",
            watch=ask.watch.id,
            late=self._run.late,
            backlog=piled_up(ask.state) or not first,
        )
        for _ in range(BUSY - 1):
            try:
                return await self._desk.work(take_in, batch.items, to)
            except StoreBusy as busy:
                log.warning("watch %s: %s", self._watch.id, busy)
        return await self._desk.work(take_in, batch.items, to)

    async def _keep(self, ask: _Ask, batch: Batch, fresh: int, alerts: int) -> bool:
        """Note that a batch is committed, and move the cursor; return whether the run goes on."""
        now, written = self._desk.clock(), ask.state.source
        self._answered = True
        for note in (*batch.notes, *_refused(batch)):
            self._tell(written, note)
        self._run = replace(
            self._run,
            posts=self._run.posts + len(batch.items),
            fresh=self._run.fresh + fresh,
            alerts=self._run.alerts + alerts,
        )

        def settle(tx: Transaction) -> bool:
            before = watches.source(tx, ask.watch.id, written)
            if before is None or before.cursor != ask.state.cursor:
                return False  # taken out, or somebody else has gone on from here
            watches.fare(tx, ask.watch.id, worked(before, batch.cursor, now))
            source_works(tx, ask.watch, before, utc(now))
            if batch.items and batch.document is not None:
                _attest(tx, ask.watch, written, batch, batch.document, utc(now))
            going = runs.progress(tx, self._run)
            if going:
                self._means.noted(tx, self._run)
            return going

        going = await insist(self._desk.db, settle)
        self._means.told(ask.watch, self._run)
        return going

    def _tell(self, written: str, sentence: str) -> None:
        said = f"{written}: {sentence}"
        known = self._run.problem.split("\n") if self._run.problem else []
        if said not in known:
            self._run = replace(self._run, problem="\n".join([*known, said])[:PROBLEMS])


def is_billed(ref: SourceRef) -> bool:
    """Tell whether a source bills what it gives: X's search does, by the post."""
    return ref.kind == "x"


def _refused(batch: Batch) -> list[str]:
    if not batch.refused:
        return []
    (where, why), *more = batch.refused
    rest = f", and {len(more):,} more" if more else ""
    return [f"Not taken in: {where[:200]} ({why}){rest}."]


def _attest(tx: Transaction, watch: Watch, written: str, batch: Batch, document: Document, now: str) -> None:
    """Note in the custody log of which answer the posts are parts; its bytes are in the vault."""
    detail = {
        "source": written,
        "url": document.url,
        "media_type": document.media_type,
        "posts": [captured.post_id for captured in batch.items],
    }
    custody.append(
        tx, at=now, actor=f"sweep:{watch.id}", action="searched", subject=digest(document.data), detail=detail
    )
