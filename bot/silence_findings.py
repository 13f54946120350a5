"""What is silenced, as plain values: dismissed pairs and boilerplate, with where their pictures stand."""

from __future__ import annotations

from dataclasses import dataclass

from bot.alerting.memory import Silence
from storage.records import Post


@dataclass(frozen=True, slots=True)
class SilencedLine:
    """One thing that never warns until it is undone.

    Attributes:
        silence: what was said, by whom, when and why.
        workspace: where it holds; `*` for a mark that the operator made for all of them.
        pictures: the marked picture, or the two of a pair, by SHA-256.
        posts: a post for each of them, as far as the viewer may see one: of a mark the earliest that shows the
            picture, of a pair those that the warning was about.
    """

    silence: Silence
    workspace: str
    pictures: tuple[str, ...]
    posts: tuple[Post | None, ...]


@dataclass(frozen=True, slots=True)
class SilencedFinding:
    """What is silenced, a page of it, the newest first.

    Attributes:
        lines: from the `start`-th on.
        pairs, marks: how many there are in all of each.
        changed: what was changed just now, in a sentence; empty where nothing was.
    """

    lines: tuple[SilencedLine, ...]
    pairs: int
    marks: int
    start: int = 0
    changed: str = ""

    @property
    def total(self) -> int:
        """How many there are in all."""
        return self.pairs + self.marks
