"""How much the bot may ask: token buckets by method, and one message a second in each channel."""

from __future__ import annotations

import math
from collections.abc import Callable

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
"""Calls a minute of each tier (documented as a minimum; taken here as the limit, with bursts of that many)."""

MESSAGE_BURST = 3
"""Messages at once in one channel before the pace of one a second holds (documented as "short bursts"; 3 assumed)."""


class Rates:
    """Buckets that fill by the clock."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def call(self, method: str, tier: int) -> int:
        """Take one call of a tiered method; 0 when it may go on, else the seconds of `Retry-After`."""
        limit = PER_MINUTE[tier]
        return self._take(method, limit, limit / 60)

    def message(self, channel: str) -> int:
        """Take one message to a channel; 0 when it may go on, else the seconds of `Retry-After`."""
        return self._take(f"message {channel}", MESSAGE_BURST, 1.0)

    def forget(self) -> None:
        """Let every bucket be full again."""
        self._buckets.clear()

    def _take(self, key: str, size: float, per_second: float) -> int:
        now = self._clock()
        left, at = self._buckets.get(key, (size, now))
        left = min(size, left + max(0.0, now - at) * per_second)
        # A call is let through a thousandth early: times that add up to a whole second may miss it by rounding.
        if left < 0.999:
            self._buckets[key] = (left, now)
            return max(1, math.ceil((1 - left) / per_second))
        self._buckets[key] = (max(0.0, left - 1), now)
        return 0
