"""What was changed on the watch-list, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

from storage.people_changes import Change


@dataclass(frozen=True, slots=True)
class PeopleHistory:
    """Changes of the watch-list, the newest first."""

    changes: tuple[Change, ...]
