"""The one way out to Slack: rows of the outbox become messages, each once, as fast as each channel takes them.

A row that may have been sent by a process that died, or whose answer was lost, is looked for in its channel by its
metadata before anything is sent again; where nobody can look, it is sent marked as a possible repeat.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Protocol, TypeVar

import httpx
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import bodies
from bot.slack.blocks import Message, Picture, with_files
from bot.slack.faults import FAULTS, Fault, Remedy, sort
from bot.slack.files import NotReady, NotUploaded, Pause, upload
from bot.slack.lookup import METADATA, stands
from storage import archived, leases, outbox
from storage.database import Database, Transaction
from storage.errors import StoreError
from storage.outbox import Claimed, Kind
from storage.records import utc

log = logging.getLogger("dateline.outbox")

T = TypeVar("T")

LEASE: Final = timedelta(seconds=6)
"""How long a process is believed to be alive after it last said so. One that only slept for so long loses nothing by
it: what it was sending is looked for before anybody sends it again."""

PATIENCE: Final = timedelta(hours=24)
"""After so long an answer is no answer any more: the message is given up and shown among the dead letters."""

_LOOK: Final = 0.05
_TOKEN_WAIT: Final = timedelta(minutes=5)
_SHORTEST_WAIT: Final = 0.25
_LONGEST_WAIT: Final = 60.0
_UPLOADS: Final = 2
"""Times that a message is held up by a picture that Slack does not take; then it goes without it, and says so."""
_NOTES: Final = 20
"""Times that something is tried to be written; each waits for a busy store by itself."""


class Clients(Protocol):
    """Gives the client of a workspace, its token fresh.

    Raises:
        NotInstalled: the app is not installed there.
    """

    async def client(self, workspace: str) -> AsyncWebClient:
        """Return the client to call Slack with."""
        ...


Render = Callable[[Mapping[str, Any]], Awaitable[Message]]
"""Makes the message of a row's body, with the words of this moment."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast messages go: seconds between two to one channel, and how many are under way at once."""

    seconds: float = 1.0
    at_once: int = 20


async def insist(db: Database, change: Callable[[Transaction], T], pause: Pause = asyncio.sleep) -> T:
    """Write what nothing else would ever write, again and again while the store is busy.

    Raises:
        StoreError: it stays so.
    """
    for left in reversed(range(_NOTES)):
        try:
            return await db.writing(change)
        except StoreError as error:
            if not left:
                raise
            log.warning("what is done cannot be noted yet: %s", error)
            await pause(_SHORTEST_WAIT)
    raise AssertionError("unreachable")


class Outbox:
    """Sends what is due, for as long as this process holds the lease."""

    def __init__(
        self,
        db: Database,
        clients: Clients,
        render: Render,
        clock: Callable[[], datetime],
        *,
        owner: str,
        http: httpx.AsyncClient,
        pace: Pace = Pace(),
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._db = db
        self._clients = clients
        self._render = render
        self._clock = clock
        self._owner = owner
        self._http = http
        self._pace = pace
        self._pause = pause
        self._under_way: dict[asyncio.Task[None], str] = {}  # each named after its row, with the channel
        self._turn = asyncio.Lock()
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Look for new rows now instead of at the next turn."""
        self._woken.set()

    async def run(self, turn: float = 0.25) -> None:
        """Send what is due until cancelled, looking at least every `turn` seconds for what others have decided."""
        try:
            while True:
                self._woken.clear()
                try:
                    begun = await self.step()
                except StoreError as error:
                    log.warning("what is to be sent cannot be read: %s", error)
                    begun = 0
                if not begun:
                    await self._wait(turn)
        finally:
            await self.drain()

    async def drain(self) -> None:
        """Wait until what is under way has ended."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def flush(self) -> None:
        """Send everything that is due now, and what becomes due by that."""
        while await self.step() or self._under_way:
            await self.drain()

    async def empty(self) -> None:
        """Wait until nothing waits to be sent, while `run` sends it."""
        while True:
            if not await self._db.reading(outbox.unfinished):
                return
            await self._pause(_LOOK)

    async def close(self) -> None:
        """Send what is due now, and let another process have the outbox."""
        await self.flush()
        await self._db.writing(lambda tx: leases.release(tx, "outbox", self._owner))

    async def step(self) -> int:
        """Begin to send the next message of each channel that may get one; return how many."""
        async with self._turn:  # a row that is claimed and not under way yet would look like one that was left
            return await self._begin()

    async def _begin(self) -> int:
        room = self._pace.at_once - len(self._under_way)
        now = utc(self._clock())
        if room <= 0 or not await self._db.reading(lambda tx: outbox.any_due(tx, now)):
            return 0
        doing = {task.get_name(): channel for task, channel in self._under_way.items()}
        claimed = await self._db.writing(lambda tx: self._claim(tx, doing))
        for one in claimed:
            task = asyncio.create_task(self._deliver(one), name=one.message.id)
            self._under_way[task] = f"{one.message.workspace}/{one.message.channel}"
            task.add_done_callback(self._ended)
        return len(claimed)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._under_way[task]
        if not task.cancelled() and (left := task.exception()) is not None:
            log.error("what became of message %s cannot be noted, it will be looked for: %s", task.get_name(), left)
        self.wake()

    async def _wait(self, seconds: float) -> None:
        waiting = asyncio.ensure_future(self._woken.wait())
        pausing = asyncio.ensure_future(self._pause(seconds))
        try:
            await asyncio.wait({waiting, pausing}, return_when=asyncio.FIRST_COMPLETED)
        finally:  # also where this wait itself is cancelled: nothing may be left behind in the loop
            for task in (waiting, pausing):
                task.cancel()

    def _claim(self, tx: Transaction, doing: Mapping[str, str]) -> list[Claimed]:
        now = self._clock()
        if not leases.take(tx, "outbox", self._owner, utc(now), utc(now + LEASE)):
            return []
        outbox.adopt(tx, leases.alive(tx, utc(now)), self._owner, doing)
        free_at = utc(now + timedelta(seconds=self._pace.seconds))
        return outbox.claim(tx, self._owner, utc(now), free_at, set(doing.values()))

    async def _deliver(self, claimed: Claimed) -> None:
        try:
            ts = await self._send(claimed)
        except FAULTS as error:
            fault = sort(error)
            await self._noted(lambda tx: self._failed(tx, claimed, fault))
        except StoreError as error:
            fault = Fault(Remedy.WAIT, str(error))
            await self._noted(lambda tx: self._failed(tx, claimed, fault))
        except Exception:
            log.exception("message %s cannot be made", claimed.message.id)
            await self._noted(lambda tx: outbox.bury(tx, claimed, "it cannot be made; the log says why"))
        else:
            await self._noted(lambda tx: outbox.sent(tx, claimed, ts))

    async def _noted(self, change: Callable[[Transaction], object]) -> None:
        """Write what became of a message: its channel waits for it."""
        await insist(self._db, change, self._pause)

    async def _send(self, claimed: Claimed) -> str | None:
        row = claimed.message
        client = await self._clients.client(row.workspace)
        repeat = False
        if claimed.unsure and row.kind is Kind.MESSAGE:
            try:
                found = await stands(client, claimed)
            except SlackApiError as error:
                if sort(error).remedy not in {Remedy.GIVE_UP, Remedy.SIMPLIFY}:
                    raise
                repeat = True  # nobody lets us look
            else:
                if found is not None:
                    return found
        elif claimed.unsure and row.kind in {Kind.EPHEMERAL, Kind.RESPOND}:
            repeat = True  # what one person sees cannot be looked for
        message = await self._message(client, claimed)
        if repeat:
            message = bodies.possible_repeat(message)
        await self._noted(lambda tx: outbox.begin(tx, claimed))
        return await self._post(client, claimed, message)

    async def _message(self, client: AsyncWebClient, claimed: Claimed) -> Message:
        """Make the message, its pictures uploaded; what is uploaded is noted, so that it is done once."""
        body = dict(claimed.message.body)
        message = await self._render(body)
        if body.get("plain"):
            return replace(message, blocks=(), pictures=())
        before = claimed.root_body if claimed.message.kind is Kind.UPDATE else None
        files: dict[str, str] = {**(before or {}).get("files", {}), **body.get("files", {})}
        for picture in message.pictures:
            if picture.key not in files:
                uploaded = await self._uploaded(client, claimed, picture)
                if uploaded is not None:
                    files[picture.key] = uploaded
                    await self._note(claimed, body | {"files": dict(files)})
        return with_files(message, files)

    async def _uploaded(self, client: AsyncWebClient, claimed: Claimed, picture: Picture) -> str | None:
        """Upload a picture; None where Slack does not take it, so that the words need not wait for it."""
        try:
            return await upload(client, self._http, picture, self._pause)
        except NotReady as late:
            log.warning("message %s goes without a picture: %s", claimed.message.id, late)
            return None
        except (NotUploaded, SlackApiError) as error:
            fault = sort(error)
            limited = fault.wait is not None or fault.remedy is Remedy.TOKEN
            passing = fault.remedy in {Remedy.WAIT, Remedy.LOOK}  # any other is about this picture, not about the words
            if limited or (passing and claimed.tries < _UPLOADS - 1):
                raise
            log.warning("message %s goes without a picture: %s", claimed.message.id, fault.problem)
            return None

    async def _note(self, claimed: Claimed, body: Mapping[str, Any]) -> None:
        await self._db.writing(lambda tx: outbox.rewrite(tx, claimed, body))

    async def _post(self, client: AsyncWebClient, claimed: Claimed, message: Message) -> str | None:
        row, payload = claimed.message, message.payload()
        if not payload["blocks"]:
            del payload["blocks"]
        match row.kind:
            case Kind.MESSAGE:
                thread = row.target or claimed.root_ts
                metadata = {"event_type": METADATA, "event_payload": {"id": row.id}}
                if thread and row.body.get("broadcast"):
                    payload["reply_broadcast"] = True
                answer = await client.chat_postMessage(
                    channel=row.channel, thread_ts=thread, metadata=metadata, **payload
                )
                return str(answer["ts"])
            case Kind.UPDATE:
                await client.chat_update(channel=row.channel, ts=claimed.root_ts or "", **_changeable(payload))
            case Kind.EPHEMERAL:
                await client.chat_postEphemeral(channel=row.channel, user=row.target, **payload)
            case Kind.RESPOND:
                replaces = bool(row.body.get("replaces"))
                await bodies.respond(self._http, row.target, payload, replaces=replaces)
        return None

    def _failed(self, tx: Transaction, claimed: Claimed, fault: Fault) -> None:
        row, now = claimed.message, self._clock()
        old = now - datetime.fromisoformat(claimed.created_at) > PATIENCE
        log.warning("message %s to %s/%s: %s", row.id, row.workspace, row.channel, fault.problem)
        if fault.remedy is Remedy.SIMPLIFY and not row.body.get("plain"):
            outbox.rewrite(tx, claimed, {**row.body, "plain": True})
            outbox.failed(tx, claimed, fault.problem, utc(now), unsure=False)
        elif old or fault.remedy in {Remedy.GIVE_UP, Remedy.SIMPLIFY}:
            outbox.bury(tx, claimed, fault.problem)
            bodies.otherwise(tx, row, utc(now))
            if fault.problem == "is_archived":  # Slack tells of it by an event only where the channel is public
                archived.stop(tx, row.workspace, row.channel, utc(now))
        else:
            due = now + self._wait_for(fault, claimed.tries)
            unsure = claimed.unsure or fault.remedy is Remedy.LOOK
            outbox.failed(tx, claimed, fault.problem, utc(due), unsure=unsure)
            outbox.hold(tx, f"{row.workspace}/{row.channel}", utc(due))

    def _wait_for(self, fault: Fault, tries: int) -> timedelta:
        if fault.remedy is Remedy.TOKEN:
            return _TOKEN_WAIT
        if fault.wait is not None:
            return timedelta(seconds=fault.wait)
        wait = max(self._pace.seconds, _SHORTEST_WAIT) * 2.0 ** min(tries, 16)
        return timedelta(seconds=min(wait, _LONGEST_WAIT))


def _changeable(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what chat.update does not take."""
    return {name: value for name, value in payload.items() if name in {"text", "blocks"}}
