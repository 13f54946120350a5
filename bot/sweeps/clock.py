"""The machine's clock, watched: it may be set back under a running process, or while none runs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

SLACK: Final = timedelta(seconds=1)
"""What a clock may lose without having been set back: time daemons steer it by less than this at a time."""


class WatchedClock:
    """Remembers the latest time that was seen."""

    def __init__(self) -> None:
        self._latest: datetime | None = None

    def went_back(self, now: datetime) -> bool:
        """Tell whether the clock was set back since what was seen last.

        True as long as nothing was seen: nobody knows what the clock did while no process ran.
        """
        return self._latest is None or now < self._latest - SLACK

    def seen(self, now: datetime) -> None:
        """Note that everything is planned by this time."""
        self._latest = now if self.went_back(now) else max(self._latest or now, now)
