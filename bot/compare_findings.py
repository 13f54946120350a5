"""What comparing two pictures answers, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records import Reuse


@dataclass(frozen=True, slots=True)
class Compared:
    """One of two pictures that were compared: what it was called, its digest, its size in pixels, upright."""

    input: str
    sha256: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class CompareFinding:
    """Why two pictures match: `reuse`; or why they do not: `reason`, in a sentence (empty where they do).

    `distance` is the smallest of the hash distances over the orientations, in bits of 256; None where a hash is
    unusable. `evidence` is the path of the two side by side, where that was asked for and they match.
    """

    first: Compared
    second: Compared
    reuse: Reuse | None
    reason: str
    distance: int | None
    evidence: str | None = None
