"""A desk over a store of its own, with a fixed clock, for tests of the verbs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.desk import Desk
from bot.settings import Settings

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return the time it stands at."""
        return self.now

    def move(self, **by: float) -> None:
        """Move it on, by timedelta's keywords."""
        self.now += timedelta(**by)


def settings_for(home: Path, **values: Any) -> Settings:
    """Settings from these values alone, by their variables' names."""
    return Settings(_env_file=None, **{"DATELINE_HOME": home, **values})


def open_desk(home: Path, clock: Callable[[], datetime] | None = None, **values: Any) -> Desk:
    """Open a desk on a folder, with settings by their variables' names."""
    return Desk.open(settings_for(home, **values), clock or Clock())


def quiet(_steps: int, _total: int | None = None) -> None:
    """Progress that nobody watches."""
