"""How often a host is asked: sources of a watch run side by side, and none of them wears out its welcome."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from bot.sources.batch import Throttled

WAIT_LIMIT = 86_400.0
"""Seconds; a server that asks for more is asked again after a day."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How one host is asked: at least `spacing` seconds between two requests, and so many `together`."""

    spacing: float
    together: int


POLITE = Limit(1.0, 2)
"""For hosts that state no limit."""
LIMITS: Mapping[str, Limit] = {"api.x.com": Limit(2.0, 2)}
"""Limits that hosts state. X: 450 recent searches in 15 minutes for an app (docs of its API)."""


@dataclass(slots=True)
class _Host:
    """One host: who is at it, when it may be asked again, and until when it wants to be left alone."""

    gate: asyncio.Semaphore
    present: int = 0
    free_at: float = 0.0
    closed_until: float = 0.0


class Throttle:
    """Lets requests through, host by host. One for all sources of a process.

    Args:
        limits: by host, as `host_of` writes it.
        default: for every other host.
        clock, sleep: monotonic seconds, and a wait.
    """

    def __init__(
        self,
        limits: Mapping[str, Limit] = LIMITS,
        default: Limit = POLITE,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._limits = limits
        self._default = default
        self._clock = clock
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait until the host may be asked, and hold one of its places for the block.

        Where the block raises `Throttled` with a time, nobody asks that host again before it is over.

        Raises:
            Throttled: the host has asked to be left alone for longer than now; it is not asked.
        """
        limit = self._limits.get(host, self._default)
        state = self._hosts.setdefault(host, _Host(asyncio.Semaphore(limit.together)))
        state.present += 1
        try:
            async with state.gate:
                await self._wait(host, state, limit)
                yield
        except Throttled as throttled:
            if throttled.retry_after is not None:
                state.closed_until = max(state.closed_until, self._clock() + throttled.retry_after)
            raise
        finally:
            state.present -= 1
            if not state.present:  # a gate belongs to the loop it was waited at in; the next one may be another
                state.gate = asyncio.Semaphore(limit.together)

    async def _wait(self, host: str, state: _Host, limit: Limit) -> None:
        """Wait for the host's next moment; each comes once."""
        self._refuse_while_closed(host, state)
        now = self._clock()
        moment = max(now, state.free_at)
        state.free_at = moment + limit.spacing
        if moment > now:
            await self._sleep(moment - now)
        self._refuse_while_closed(host, state)

    def _refuse_while_closed(self, host: str, state: _Host) -> None:
        wait = state.closed_until - self._clock()
        if wait > 0:
            raise Throttled(f"{host} has asked to be left alone for another {wait:.0f} s; it is not asked.", wait)


def host_of(url: str) -> str:
    """Name the host of an address as throttles know it: in lower case, with a port that is not the scheme's own."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port not in (None, {"http": 80, "https": 443}.get(parts.scheme)) else ""
    except ValueError:
        return ""
    return f"{parts.hostname or ''}{port}"


def retry_after(written: str, now: datetime) -> float | None:
    """Read a Retry-After (RFC 9110, 10.2.3), seconds or a date; None where it is neither. At most `WAIT_LIMIT`."""
    written = written.strip()
    if written.isascii() and written.isdecimal():
        return min(float(written[:9]), WAIT_LIMIT)
    try:
        until = parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max((until - now).total_seconds(), 0.0), WAIT_LIMIT)
