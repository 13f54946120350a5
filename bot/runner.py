"""Requests, from acceptance to answer: each is noted before it is acknowledged and answered once.

The answer's messages, what it changes, and the end of the job are one transaction: a process that is killed before it
leaves a job that the next process begins again, one that is killed after it leaves messages that the outbox sends.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.desk import Desk
from bot.slack.blocks import Card, Message, shared
from bot.slack.bodies import body_of, rows_of
from bot.slack.cards.error import error_message
from bot.slack.ids import Question, Verb
from bot.slack.outbox import LEASE, insist
from bot.slack.request import NARROWING, Door, Request
from bot.workers import Turns, asker
from storage import jobs, leases, outbox
from storage.database import Transaction
from storage.errors import DatelineError
from storage.outbox import Kind, Lane
from storage.outbox import Message as Row
from storage.records import utc

log = logging.getLogger("dateline.runner")

AT_ONCE: Final = 8
"""Requests under way at once; most of their time they wait for a platform or for a worker."""

_ADMIN: Final = "whoever runs Dateline"

_PASSING: Final = frozenset(
    {"capture_failed", "disk_full", "failed", "not_uploaded", "nothing_checked", "store_busy", "worker_died"}
)
"""Codes of errors that may be over when the same is asked again."""

BEAT: Final = LEASE.total_seconds() / 3
"""Seconds between two signs of life."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a request is answered with.

    Attributes:
        card: what is said; None where nothing is.
        public: whether everybody in the channel sees it, though one person asked.
        whole: whether one person sees all of the card; else its first message, whose button brings the rest.
        replaces: whether the first message takes the place of the card that was clicked, which one person alone sees.
        settle: what is written together with the answer; a card that it returns is the answer.
    """

    card: Card | None = None
    public: bool = False
    whole: bool = False
    replaces: bool = False
    settle: Callable[[Transaction], Card | None] | None = None


Answer = Callable[[Request], Awaitable[Reply]]


class Runner:
    """Answers requests, so many at a time, in turn by who asks."""

    def __init__(
        self,
        desk: Desk,
        answers: Mapping[str, Answer],
        *,
        owner: str,
        sent: Callable[[], None],
        at_once: int = AT_ONCE,
        prompt: Collection[str] = (),
    ) -> None:
        """Make one; requests of the verbs in `prompt` only note something, and wait for no turn."""
        self._desk = desk
        self._answers = answers
        self._owner = owner
        self._sent = sent
        self._prompt = frozenset(prompt)
        self._turns = Turns(at_once)
        self._tasks: set[asyncio.Task[None]] = set()
        self._doing: set[str] = set()  # the jobs of these tasks, and those that are being accepted
        self._ending = False
        self._left = False

    async def accept(self, request: Request) -> int | None:
        """Note a request and begin it; return how many stand before it, None where it was accepted before."""
        job = jobs.Job(request.id, request.verb, request.written(), request.requester)
        now = self._desk.clock()

        def note(tx: Transaction) -> bool:
            self._live(tx, now)
            return jobs.accept(tx, job, self._owner, utc(now))

        again = request.id in self._doing
        self._doing.add(request.id)
        accepted = False
        try:
            accepted = await self._desk.db.writing(note)
        finally:
            if not (accepted or again):
                self._doing.discard(request.id)
        if not accepted:
            return None
        waits = self._turns.full and request.verb not in self._prompt
        place = self._turns.before(request.requester) if waits else 0
        self._begin(job)
        return place

    async def resume(self) -> int:
        """Take over what processes that are gone have left, or this one could not end; return how many requests."""
        if not await self._desk.db.reading(jobs.waiting):
            return 0  # nothing to say that one lives for, and nothing to write
        now = self._desk.clock()

        def adopt(tx: Transaction) -> list[jobs.Job]:
            if self._left:
                return []
            self._live(tx, now)
            return [] if self._ending else jobs.adopt(tx, self._owner, leases.alive(tx, utc(now)), set(self._doing))

        left = await self._desk.db.writing(adopt)
        for job in left:
            self._begin(job)
        return len(left)

    async def idle(self) -> None:
        """Wait until everything that was accepted is answered."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def answered(self, request: Request) -> None:
        """Wait until a request that was accepted here is answered."""
        mine = [task for task in self._tasks if task.get_name() == _task_name(request.id)]
        if mine:
            await asyncio.wait(mine)

    async def stop(self, patience: timedelta) -> None:
        """Wait for what is under way for so long, then leave the rest to the next process, which may begin at once."""
        self._ending = True  # until it has left it says that it lives, and takes nothing over any more
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=patience.total_seconds())
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

        def leave(tx: Transaction) -> None:
            leases.release(tx, f"process:{self._owner}", self._owner)
            self._left = True

        await self._desk.db.writing(leave)

    def _live(self, tx: Transaction, now: datetime) -> None:
        """Say that this process lives, and for how long it may be believed."""
        leases.take(tx, f"process:{self._owner}", self._owner, utc(now), utc(now + LEASE))

    def _begin(self, job: jobs.Job) -> None:
        task = asyncio.create_task(self._run(job), name=_task_name(job.id))
        self._doing.add(job.id)
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._ended(done, job.id))

    def _ended(self, task: asyncio.Task[None], job: str) -> None:
        self._tasks.discard(task)
        self._doing.discard(job)
        if not task.cancelled() and (left := task.exception()) is not None:
            log.error("request %s cannot be ended yet, it will be begun again: %s", job, left)

    async def _run(self, accepted: jobs.Job) -> None:
        asker.set(accepted.requester)
        async with nullcontext() if accepted.verb in self._prompt else self._turns.taken(accepted.requester):
            job = await insist(self._desk.db, lambda tx: jobs.begin(tx, accepted.id, self._owner))
            if job is None:
                return
            await self._answer(job, Request.read(job.request))
            self._sent()

    async def _answer(self, job: jobs.Job, request: Request) -> None:
        """Answer, and end the job; where that fails, what settles the answer included, end it with what went wrong."""
        where = (
            f"{request.verb} {request.id} (team {request.workspace}, channel {request.channel}, user {request.user})"
        )
        tell = f"Ask again, or give this to {_ADMIN}: {job.id}"
        if job.tries > jobs.TRIES:
            log.error("%s was begun %d times and never ended", where, job.tries)
            await self._finish(job, request, "failed", _failed("This could not be answered.", tell))
            return
        try:
            await self._finish(job, request, "done", await self._answers[request.verb](request))
        except DatelineError as failed:
            log.warning("%s: %s (%s)", where, failed, failed.code)
            again = _again(request) if failed.code in _PASSING else None
            await self._finish(job, request, "failed", _failed(*_sentences(str(failed)), again))
        except Exception:
            log.exception("%s", where)
            await self._finish(job, request, "failed", _failed("Something went wrong here.", tell))

    async def _finish(self, job: jobs.Job, request: Request, state: str, reply: Reply) -> None:
        if state == "failed" and request.door is Door.FILE:
            reply = Reply()  # nobody asked; the log says what went wrong
        await insist(self._desk.db, lambda tx: self._end(tx, job, request, state, reply))

    def _end(self, tx: Transaction, job: jobs.Job, request: Request, state: str, reply: Reply) -> None:
        now = utc(self._desk.clock())
        if not jobs.end(tx, job.id, state, now):
            return
        settled = reply.settle(tx) if reply.settle else None
        if settled is not None:
            reply = replace(reply, card=settled)
        for row in _rows(job.id, request, reply):
            outbox.put(tx, row, now)


def _task_name(job_id: str) -> str:
    return f"job {job_id}"


def _rows(job: str, request: Request, reply: Reply) -> Iterable[Row]:
    """Lay an answer out as messages: in the thread it was asked in, or to the one who asked alone."""
    if reply.card is None:
        return ()
    if request.door is not Door.COMMAND or reply.public:
        return rows_of(shared(reply.card), job, request.workspace, request.channel, request.thread)
    # a response address is good for five answers
    pages = (reply.card.first, *reply.card.thread)[: 5 if reply.whole else 1]
    rows = [_alone(f"{job}:{number}", request, page) for number, page in enumerate(pages)]
    if reply.replaces:
        rows[0] = replace(rows[0], body={**rows[0].body, "replaces": True})
    return rows


def _alone(row_id: str, request: Request, message: Message) -> Row:
    body = {**body_of(message), "user": request.user, "channel": request.channel}
    if request.response_url:
        channel = f"response:{request.id}"
        return Row(row_id, Kind.RESPOND, Lane.ANSWER, request.workspace, channel, body, request.response_url)
    if request.channel:
        return Row(row_id, Kind.EPHEMERAL, Lane.ANSWER, request.workspace, request.channel, body, request.user)
    return Row(row_id, Kind.MESSAGE, Lane.ANSWER, request.workspace, request.user, body)


def _failed(what: str, next_step: str, again: Question | None = None) -> Reply:
    return Reply(Card(error_message(what, next_step, again)))


def _again(request: Request) -> Question | None:
    """Return what a button asks again; None of a request that no button can ask."""
    detail = request.detail or {}
    if request.verb not in list(Verb) or not request.subject:
        return None
    on, known_on, *newer = map(detail.get, NARROWING)
    return Question(Verb(request.verb), request.subject, on, known_on, 0, *newer)


def _sentences(message: str) -> tuple[str, str]:
    """Cut an error's one line into what happened and what to do next, where it says both."""
    what, stop, step = message.partition("; ")
    return (f"{what}.", step[:1].upper() + step[1:]) if stop else (message, "See /dateline help for what can be asked.")
