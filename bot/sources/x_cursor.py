"""Where a search of X stands: the spans of post numbers that are still to be read.

X answers with the newest posts first and bills each. So a search that stops half-way remembers what lies before the
posts that it gave, and nothing that was paid for is asked for again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.sources.dates import SNOWFLAKE_EPOCH_MS, decode_time

WINDOW = timedelta(days=7)
"""How far back X's recent search reaches (docs of its API)."""
MARGIN = timedelta(minutes=5)
"""How far this machine's clock may be behind X's: a number from before the window is refused."""

_TEXT = re.compile(r"((?:\d{1,20}-\d{1,20},)*)(\d{1,20})(?:@(\d{1,11}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Span:
    """Posts with numbers above `above` and below `below`; without an end where that is None."""

    above: int
    below: int | None = None

    def holds(self, number: int) -> bool:
        """Whether a post is one of them."""
        return number > self.above and (self.below is None or number < self.below)


@dataclass(frozen=True, slots=True)
class XCursor:
    """What is still to be read.

    Attributes:
        spans: the oldest first; the last has no end, and those before it were left over.
        looked: when a search last came to an end: what X had until then is known. None where none did.
    """

    spans: tuple[Span, ...] = (Span(0),)
    looked: datetime | None = None

    @classmethod
    def read(cls, since: str | None) -> tuple[XCursor, tuple[str, ...]]:
        """Read a cursor, the number of a post, a time in ISO 8601, or nothing; what is none of them starts over."""
        if not since:
            return cls(), ()
        written = _TEXT.fullmatch(since)
        if written is None:
            moment = _time(since)
            if moment is not None:
                return cls((Span(number_at(moment)),)), ()
            return cls(), ("Where the last sweep stopped cannot be read; X is searched from seven days ago.",)
        left = [part.split("-") for part in written[1].split(",") if part]
        spans = (*(Span(int(above), int(below)) for above, below in left), Span(int(written[2])))
        return cls(spans, datetime.fromtimestamp(int(written[3]), UTC) if written[3] else None), ()

    def text(self) -> str:
        """Write the cursor; the same one always reads the same."""
        spans = [f"{span.above}-{span.below}" if span.below is not None else f"{span.above}" for span in self.spans]
        return ",".join(spans) + (f"@{int(self.looked.timestamp())}" if self.looked else "")

    def within(self, now: datetime) -> tuple[XCursor, tuple[str, ...]]:
        """Leave out what X no longer lets be searched; a note says so where posts may have been missed by it."""
        horizon = now - WINDOW + MARGIN
        oldest = oldest_searched(now)
        kept = tuple(span for span in self.spans if span.below is None or span.below > oldest)
        start = max((moment for moment in (decode_time(self.spans[0].above), self.looked) if moment), default=None)
        begins = start is None and not self.spans[0].above
        if begins or (start is not None and start >= horizon):
            return XCursor(kept, self.looked), ()
        since = f" since {start.isoformat(timespec='minutes')}" if start else ""
        note = f"X lets only the last seven days be searched; older posts{since} that were not yet seen are missing."
        return XCursor(kept, self.looked), (note,)

    def after(self, left: Sequence[Span], ended: datetime | None) -> XCursor:
        """Return the cursor once its first span was read, and this is left of it; `ended` is when nothing is."""
        return XCursor((*left, *self.spans[1:]), ended or self.looked)


def oldest_searched(now: datetime) -> int:
    """Return the lowest number that X lets be named in a search."""
    return number_at(now - WINDOW + MARGIN)


def number_at(moment: datetime) -> int:
    """Return the lowest number that X gives a post at this moment; 0 before its numbers encoded times."""
    milliseconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1) - SNOWFLAKE_EPOCH_MS
    return max(milliseconds, 0) << 22


def _time(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
