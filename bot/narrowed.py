"""What an answer about a person is narrowed to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from storage.records import Stance


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What an answer is narrowed to; denials stay beside what they deny.

    Attributes:
        since: a day; only what was published on it or later.
        place: a name; only what is said of a place of that name, or of one within it.
        stance: only what is said so surely.
    """

    since: str | None = None
    place: str | None = None
    stance: Stance | None = None


EVERYTHING: Final = Narrowed()
"""Not narrowed at all."""
