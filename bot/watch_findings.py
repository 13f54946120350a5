"""What is told of watches, as plain values: shown by cards in Slack and as text or JSON on the command line."""

from __future__ import annotations

from dataclasses import dataclass

from bot.findings import NameMatch
from storage.errors import DatelineError
from storage.runs import Run
from storage.watches import SourceState, Watch


@dataclass(frozen=True, slots=True)
class WatchLine:
    """One watch as it fares.

    Attributes:
        watch: as it is kept.
        sources: how each of its sources fares.
        last: its newest run; None before the first.
        spent_today, spent_30_days: billed posts, by days in UTC, this one among the thirty.
    """

    watch: Watch
    sources: tuple[SourceState, ...] = ()
    last: Run | None = None
    spent_today: int = 0
    spent_30_days: int = 0


@dataclass(frozen=True, slots=True)
class WatchesFinding:
    """Watches, after a change with what was changed in words."""

    watches: tuple[WatchLine, ...]
    changed: str = ""


class PersonUnknown(DatelineError):
    """Nobody on the watch-list is meant by a name, or more than one may be.

    Attributes:
        name: as it was given.
        close: who may be meant, the surest first.
    """

    code = "person_unknown"

    name: str = ""
    close: tuple[NameMatch, ...] = ()

    @classmethod
    def called(cls, name: str, close: tuple[NameMatch, ...]) -> PersonUnknown:
        """Say so of a name as it was given."""
        names = ", ".join(match.person.name for match in close)
        meant = f" Did you mean: {names}?" if names else ""
        unknown = cls(
            f"Nobody watched is called “{name[:100]}”.{meant} A public figure is added with --public-figure; "
            "to watch a private individual say why, for example “reason named by two hospitals”."
        )
        unknown.name, unknown.close = name, close
        return unknown
