"""A sentence as tagged tokens, in which every person, place and time that was found is one token."""

from __future__ import annotations

from dataclasses import dataclass

from bot.reading.english.lexicon import VerbForm
from bot.reading.model import PersonMention, PlaceMention, TimeMention
from storage.records import Span

QUOTES = frozenset('"“”«»„‟')
BREAKS = frozenset({";", ":", "?", "!", ".", "…", "|"})


@dataclass(slots=True)
class Token:
    """One word, mark or mention.

    Attributes:
        tag: PER PLC TIM NAME WORD NUM DET PREP TO CONJ CONTRAST SUB REL COMP BE HAVE DO MODAL NEG PRON ADV VERB POSS
            QUOTE PUNCT.
        verbs: the ways to read a VERB that places somebody; empty for every other verb.
        people: whom the token stands for: a mention's person, or what coreference found.
        quoted: True inside quotation marks.
    """

    start: int
    end: int
    lower: str
    tag: str
    capital: bool = False
    verbs: tuple[VerbForm, ...] = ()
    person: PersonMention | None = None
    place: PlaceMention | None = None
    time: TimeMention | None = None
    quoted: bool = False


@dataclass(slots=True)
class Sentence:
    """The tokens of one sentence.

    Attributes:
        title_case: True for headline capitals, where a capital says nothing.
        question: True where it ends with a question mark.
        closed: True where it ends with a full stop or its like, as headlines and captions do not.
    """

    span: Span
    tokens: list[Token]
    unit_kind: str
    unit_index: int
    title_case: bool
    question: bool
    closed: bool

    def tag(self, index: int) -> str:
        """Return the tag at an index, `END` outside the sentence."""
        return self.tokens[index].tag if 0 <= index < len(self.tokens) else "END"

    def lower(self, index: int) -> str:
        """Return the lower-case word at an index, empty outside the sentence."""
        return self.tokens[index].lower if 0 <= index < len(self.tokens) else ""
