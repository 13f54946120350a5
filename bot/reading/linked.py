"""By what a surname (or a given name) that stands alone is somebody's, and how that is said."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Because(StrEnum):
    """Why a part of a name was taken for one person's. Kept with a sighting as `because:word`."""

    FULL = "full"
    """The full name stands in the same text."""
    ONLY = "only"
    """Nobody else on the list bears it."""
    ROLE = "role"
    """The person's role stands beside it."""
    BEFORE = "before"
    """Others bear it, but what stands before it fits one alone."""
    LISTED = "listed"
    """Others bear it, but of one it is listed by itself as a name."""
    GIVEN = "given"
    """It is a given name, and the full name stands in the same text."""


_SAID: Final = {
    Because.FULL: "surname alone: the full name stands in the text",
    Because.ONLY: "surname alone: the only {} on the list",
    Because.ROLE: "surname alone: “{}” stands beside it",
    Because.BEFORE: "surname with “{}” before it, which fits nobody else of that name on the list",
    Because.LISTED: "surname alone: “{}” is listed by itself as a name",
    Because.GIVEN: "given name alone: the full name stands in the text",
}


def link(because: Because, word: str) -> str:
    """Write down why a name was linked; `word` is the surname as it is listed, the role, or what stands before it."""
    return f"{because}:{word}"


def parts(linked: str) -> tuple[Because, str] | None:
    """Read what `link` wrote; None where there is nothing to be said."""
    because, mark, word = linked.partition(":")
    return (Because(because), word) if mark and because in list(Because) else None


def told(linked: str) -> str:
    """Say why a name was linked; empty where there is nothing to be said."""
    found = parts(linked)
    return _SAID[found[0]].format(found[1]) if found else ""
