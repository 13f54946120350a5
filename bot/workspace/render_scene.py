"""What rendered text may refer to: who is called what, which files there are, and the reader's clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo


@dataclass(frozen=True)
class Scene:
    """Names and files as one reader sees them.

    Attributes:
        users: display names by user id.
        channels: names, without the mark, by channel id.
        usergroups: handles by user group id.
        files: the page's own address of a picture, by file id and by the file's private address.
        now: the moment of reading, for "today" and "yesterday".
        zone: the reader's time zone.
    """

    users: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    usergroups: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    zone: tzinfo = UTC

    def moment(self, seconds: float) -> datetime | None:
        """A Unix time on the reader's clock; None where no calendar reaches."""
        try:
            return datetime.fromtimestamp(seconds, self.zone)
        except (OverflowError, OSError, ValueError):
            return None
