"""What happened in the workspace, in order: the calls of the bot, the deliveries to it, and what people saw change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.workspace.values import Json, Message, View

Found = TypeVar("Found")


@dataclass(frozen=True)
class Call:
    """One request of the bot to the Web API, an upload address or a `response_url` (method `response_url`).

    `arguments` hold no token. `lost` says that the answer was made but the connection cut before it went out.
    """

    number: int
    at: float
    method: str
    arguments: Mapping[str, Any]
    answer: Json
    status: int
    lost: bool = False

    @property
    def ok(self) -> bool:
        """Whether the answer was a yes."""
        return bool(self.answer.get("ok"))

    @property
    def error(self) -> str:
        """Slack's name of the error, empty when there was none."""
        return str(self.answer.get("error", ""))


@dataclass(frozen=True)
class Delivery:
    """One attempt to bring something to the bot.

    Attributes:
        kind: `event`, `command`, `block_actions`, `view_submission`, `view_closed`, `message_action`, `shortcut`,
            `block_suggestion` or `url_verification`.
        name: the event's type, the command, the first action's id or the callback id.
        payload: what was sent.
        transport: `http` or `socket`.
        attempt: 0 for the first; an event is tried again up to three times.
        status: HTTP status; 200 for an acknowledged envelope; `None` when nothing came back in time.
        problem: empty when acknowledged, else `http_timeout`, `http_error`, `connection_failed` …
        seconds: from sending to the answer, by the monotonic clock.
        answer: the body of the acknowledgement: an object, a text, or `None`.
    """

    number: int
    at: float
    kind: str
    name: str
    payload: Json
    transport: str
    attempt: int
    status: int | None
    problem: str
    seconds: float
    answer: Any = None


@dataclass(frozen=True)
class Change:
    """Something that a person in the workspace could see happen.

    Attributes:
        kind: `posted`, `updated`, `deleted`, `ephemeral`, `unfurled`, `reacted`, `joined`, `left`, `archived`,
            `renamed`, `home` (published), `modal` (opened, pushed or updated), `closed`, `uninstalled`,
            `file_deleted`.
        user: who did it, or whose Home or modal it is.
    """

    number: int
    at: float
    kind: str
    channel: str = ""
    user: str = ""
    message: Message | None = None
    previous: Message | None = None
    view: View | None = None
    detail: str = ""


Entry = Call | Delivery | Change


class Transcript:
    """The append-only list, and the means to wait for what it will say."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.entries: list[Entry] = []
        self.listeners: list[Callable[[Entry], None]] = []
        """Called with each entry after it was added."""
        self._clock = clock
        self._changed = asyncio.Event()

    @property
    def version(self) -> int:
        """How many entries there are; grows with everything that happens."""
        return len(self.entries)

    def call(self, method: str, arguments: Mapping[str, Any], answer: Json, status: int, *, lost: bool = False) -> Call:
        """Add a call of the bot."""
        return self._add(Call(self.version, self._clock(), method, arguments, answer, status, lost))

    def delivery(self, **fields: Any) -> Delivery:
        """Add an attempt to bring something to the bot; the fields of `Delivery` but `number` and `at`."""
        return self._add(Delivery(self.version, self._clock(), **fields))

    def change(self, kind: str, **fields: Any) -> Change:
        """Add a change that people see; the fields of `Change` but `number` and `at`."""
        return self._add(Change(self.version, self._clock(), kind, **fields))

    def _add(self, entry: Found) -> Found:
        self.entries.append(entry)  # type: ignore[arg-type]  # one of the three
        waiters, self._changed = self._changed, asyncio.Event()
        waiters.set()
        for listener in list(self.listeners):
            listener(entry)  # type: ignore[arg-type]
        return entry

    def calls(self, method: str = "") -> list[Call]:
        """The calls of the bot so far, of one method or of all."""
        return [entry for entry in self.entries if isinstance(entry, Call) and method in ("", entry.method)]

    def deliveries(self, kind: str = "", name: str = "") -> list[Delivery]:
        """The attempts so far to bring something to the bot, of one kind and name or of all."""
        found = (entry for entry in self.entries if isinstance(entry, Delivery))
        return [entry for entry in found if kind in ("", entry.kind) and name in ("", entry.name)]

    def changes(self, kind: str = "", channel: str = "") -> list[Change]:
        """What people saw change so far, of one kind and channel or of all."""
        found = (entry for entry in self.entries if isinstance(entry, Change))
        return [entry for entry in found if kind in ("", entry.kind) and channel in ("", entry.channel)]

    async def changed(self, since: int, seconds: float) -> int:
        """Wait until there is more than `since` entries or the time is over; the version then."""
        deadline = asyncio.get_running_loop().time() + seconds
        while self.version <= since and (left := deadline - asyncio.get_running_loop().time()) > 0:
            try:
                await asyncio.wait_for(self._changed.wait(), left)
            except TimeoutError:
                break
        return self.version

    async def wait_for(self, predicate: Callable[[], Found | None], seconds: float = 5.0) -> Found:
        """Wait until `predicate` is true of what happened, and give what it gave.

        Raises `TimeoutError`, with the last entries in its text, when it did not become true within `seconds`.
        """
        deadline = asyncio.get_running_loop().time() + seconds
        while True:
            seen = self.version
            if found := predicate():
                return found
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                raise TimeoutError("it did not happen; the last that did:\n" + "\n".join(self.tail()))
            await self.changed(seen, left)

    def tail(self, count: int = 12) -> Iterator[str]:
        """The last entries, one line each."""
        for entry in self.entries[-count:]:
            match entry:
                case Call():
                    yield f"call {entry.method} -> {entry.status} {entry.error or 'ok'}"
                case Delivery():
                    yield f"delivery {entry.kind} {entry.name} #{entry.attempt} -> {entry.status} {entry.problem}"
                case Change():
                    text = entry.message.text[:80] if entry.message else entry.detail
                    yield f"change {entry.kind} {entry.channel} {entry.user} {text!r}"
