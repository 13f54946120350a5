"""What the buttons and modals of watches carry: which watch, or what one is to be made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class WatchRef:
    """A watch, and what is to be done about it; `channel` is where somebody began to change it."""

    what: str
    watch: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class WatchDraft:
    """A watch that somebody may want.

    Attributes:
        subjects: what may be watched, in the words of `bot.watch_words`.
        parts: what is said of the rest, by the names of its parts.
        public: whether the name is a public figure's, who is put on the watch-list.
    """

    subjects: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    public: bool = False
