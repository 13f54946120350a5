"""What can be in conflict, how two captions of one picture relate, and the words by which they do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ConflictKind(StrEnum):
    """What cannot both be true."""

    PLACE = "place"
    """One picture, said to show two different places."""
    DATE = "date"
    """One picture, said to show something later than its first known appearance, or two different dates."""
    EVENT = "event"
    """One picture, said to show two things that cannot be one."""
    PERSON = "person"
    """One picture, said to show two different people; both may be in it, so this is told and never warned of."""
    DENIAL = "denial"
    """Somebody says so, somebody else denies it."""
    TRAVEL = "travel"
    """One person, said to be in two places that are too far apart for the time between."""


class ClaimRelation(StrEnum):
    """How two claims about one picture relate. Only the first two cannot both be true, and warn."""

    CONTRADICTS = "contradicts"
    IMPOSSIBLE = "impossible-date"
    """One says a day that came after the picture had been seen."""
    LESS_SPECIFIC = "less-specific"
    NEAR = "near"
    UNCLEAR = "unclear"
    """They differ, and it is not sure that they cannot both be true."""
    SAME = "same"

    @property
    def warns(self) -> bool:
        """Whether it is a conflict: what cannot both be true."""
        return self in {ClaimRelation.CONTRADICTS, ClaimRelation.IMPOSSIBLE}


@dataclass(frozen=True, slots=True)
class Quote:
    """The words of a caption in which it makes a claim: `text` is exactly what stands from `start` to `end` in it."""

    post_id: str
    text: str
    start: int
    end: int
