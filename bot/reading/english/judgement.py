"""The marks of a claim: what each cue and each report makes of it, and the strongest of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.reading.english.phrases import Hedge
from storage.records import Span, Stance

LATTICE = (
    Stance.DENIED,
    Stance.NEGATED,
    Stance.PLANNED,
    Stance.RUMORED,
    Stance.ALLEGED,
    Stance.PAST,
    Stance.ASSERTED,
)
"""Strongest mark first: a claim gets the first of these that any cue over it asks for."""

UNSURE = frozenset({Stance.RUMORED, Stance.ALLEGED})
"""What a doubtful source makes of a claim."""


@dataclass(frozen=True, slots=True)
class Report:
    """Somebody's saying that a frame stands under.

    Attributes:
        stance: what the verb or noun makes of it.
        span: the words of the cue.
        speaker: the tokens of who says it, None where the text names nobody.
        voice: `rumor` or `unnamed` for nouns like "rumors that", else "-".
    """

    stance: Stance
    span: Span
    speaker: tuple[int, int] | None
    voice: str = "-"


@dataclass(slots=True)
class Judgement:
    """The stance of a frame with everything that led to it.

    Attributes:
        rejected: True for questions and conditions.
        origin: True for a place that was left.
    """

    hedges: list[Hedge] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    rejected: bool = False
    origin: bool = False

    @property
    def stays(self) -> bool:
        """Tell whether the place was not left, or not yet: the person is said to be there still."""
        return self.origin and any(h.stance in {Stance.NEGATED, Stance.PLANNED} for h in self.hedges)

    @property
    def stance(self) -> Stance:
        """The strongest mark of all cues."""
        asked = {h.stance for h in self.hedges} | {r.stance for r in self.reports}
        if self.origin:
            if Stance.DENIED in asked:
                return Stance.UNCLASSIFIED  # who denies that X has left does not say that X is there
            if self.stays:
                asked -= {Stance.NEGATED, Stance.PLANNED, Stance.PAST}
        if Stance.UNCLASSIFIED in asked and not asked & set(LATTICE[:5]):
            return Stance.UNCLASSIFIED
        if Stance.DENIED in asked and any(h.stance is Stance.NEGATED for h in self.hedges):
            return Stance.UNCLASSIFIED  # "denied that X was not in": what is left is for a person to say
        return next((mark for mark in LATTICE if mark in asked), Stance.ASSERTED)
