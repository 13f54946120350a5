"""Noun phrases and verb groups of a sentence, found without a model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.reading.english.lexicon import Lexicon
from bot.reading.english.tokens import BREAKS, Sentence
from storage.records import Person, Span, Stance

NOUN_PHRASE = frozenset({"WORD", "NAME", "DET", "NUM", "PER", "PLC", "POSS"})
_GROUP = frozenset({"ADV", "NEG", "BE", "HAVE", "DO", "MODAL", "TIM"})

_QUOTED_WORDS = 5
"""Words that are quoted for their sound, as part of another's clause; what is longer says something by itself."""


@dataclass(frozen=True, slots=True)
class Referent:
    """A watched person at a spot in the text; `how` names the coreference, empty for a name."""

    person: Person
    span: Span
    matched_as: str
    score: float
    how: str = ""


@dataclass(frozen=True, slots=True)
class Hedge:
    """Something that says how surely: its words, its stance, and the voice it lends ("rumor", "unnamed", "-")."""

    span: Span
    stance: Stance
    voice: str = "-"
    speaker: tuple[int, int] | None = None


@dataclass(slots=True)
class Subject:
    """The subject of a verb: the watched people in it, its token range, and the hedges met on the way to it."""

    people: list[Referent] = field(default_factory=list)
    first: int = -1
    last: int = -1
    hedges: list[Hedge] = field(default_factory=list)
    company: bool = False


Resolver = Callable[[Sentence, int, int], Referent | None]
GroupResolver = Callable[[Sentence, int, int], list[Referent]]


class Phrases:
    """The phrases of one sentence.

    Attributes:
        resolve: finds whom a pronoun or a descriptor stands for.
        resolve_group: finds the two people whom "the pair", "both" or "they" stand for.
    """

    def __init__(self, sentence: Sentence, lexicon: Lexicon, resolve: Resolver, resolve_group: GroupResolver) -> None:
        self.s = sentence
        self.lexicon = lexicon
        self.resolve = resolve
        self.resolve_group = resolve_group

    def referent(self, index: int) -> Referent | None:
        """Return the person named by a token."""
        token = self.s.tokens[index]
        if token.person is None:
            return None
        return Referent(token.person.person, Span(token.start, token.end), token.person.matched_as, token.person.score)

    def span(self, first: int, last: int) -> Span:
        """Return the text span of a range of tokens, both ends included."""
        return Span(self.s.tokens[first].start, self.s.tokens[last].end)

    def np_start(self, last: int) -> int:
        """Return where the noun phrase that ends at `last` begins."""
        first = last
        while self.s.tag(first - 1) in NOUN_PHRASE or (
            self.s.tag(first - 1) == "ADV" and self.s.tag(first - 2) in NOUN_PHRASE - {"PER"}
        ):
            if self.s.tag(first) == "DET" or (self.s.tag(first - 1) == "PER" and self.s.tag(first) != "POSS"):
                break
            first -= 1
        return first

    def group_start(self, verb: int) -> int:
        """Return where the verb group that ends at `verb` begins: its auxiliaries and adverbs."""
        first = verb
        while self.s.tag(first - 1) in _GROUP:
            first -= 1
        while first < verb and self.s.tag(first) in {"TIM"}:
            first += 1
        return first

    def passive(self, verb: int) -> bool:
        """Tell whether the group of a participle is passive ("was taken", "been seen")."""
        at = verb - 1
        while self.s.tag(at) in _GROUP:
            if self.s.tag(at) == "BE" or self.s.lower(at) in {"got", "gets", "getting"}:
                return True
            at -= 1
        if self.s.lower(at) in {"got", "gets", "getting"}:
            return True
        # "was shot and taken to": the auxiliary is shared with the verb before
        earlier = (
            self.previous_verb(at)
            if self.s.tag(at) == "CONJ" and self.s.tag(verb + 1) in {"PREP", "TIM", "ADV"}
            else None
        )
        return earlier is not None and self.passive(earlier)

    def previous_verb(self, index: int) -> int | None:
        """Return the nearest verb before `index` that is not cut off by a break."""
        at = index - 1
        while at >= 0:
            if self.s.tag(at) == "QUOTE":
                at = self.quoted_words(at)
            elif self.s.lower(at) in BREAKS:
                return None
            elif self.s.tag(at) == "VERB" or (self.s.tag(at) == "BE" and self.s.tag(at + 1) not in {"VERB", "BE"}):
                return at
            at -= 1
        return None

    def quoted_words(self, closing: int) -> int:
        """Return the opening mark of a few quoted words within a clause (called it "pure fiction" and said).

        -1 where the mark at `closing` ends or opens a quotation that says something by itself.
        """
        for at in range(closing - 1, max(-1, closing - _QUOTED_WORDS - 2), -1):
            if self.s.tag(at) == "QUOTE":
                inside = at + 1 < closing and self.s.tag(closing - 1) != "PUNCT" and self.s.tokens[at + 1].quoted
                return at if inside and self.s.tag(at - 1) not in {"PUNCT", "END"} else -1
            if self.s.tag(at) in {"VERB", "BE", "HAVE", "MODAL", "PRON"}:
                return -1
        return -1

    def next_verb(self, index: int) -> int | None:
        """Return the first finite verb after the next comma: the main verb behind a fronted phrase."""
        comma = next((k for k in range(index, len(self.s.tokens)) if self.s.lower(k) == ","), None)
        if comma is None:
            return None
        for at in range(comma + 1, len(self.s.tokens)):
            if self.s.tag(at) == "VERB" and not self.s.lower(at).endswith("ing"):
                return at
            if self.s.tag(at) == "BE" and self.s.tag(at + 1) not in {"VERB", "ADV", "NEG"}:
                return at
        return None

    def conjuncts(self, first: int, people: list[Referent]) -> int:
        """Add the people joined on the left by "and", "with" or a list; return where the whole phrase begins."""
        joined = False
        while True:
            at = first - 1
            link = self.s.lower(at)
            if link in {"and", "&", "nor", "with", "w/", "alongside"} or (joined and link == ","):
                end = at - 1 if self.s.lower(at - 1) not in {",", "along", "together"} else at - 2
                inserted = self.s.tag(at - 2) == "ADV" and self.s.lower(at - 3) == ","
                if (
                    not inserted
                    and link in {"and", "&"}
                    and end == at - 2
                    and self.s.lower(self.np_start(end) - 1) not in {",", ""}
                ):
                    return first  # a comma before "and" opens a clause, unless it closes a list
                if self.s.lower(at - 1) == "," and self.s.tag(at - 2) == "ADV" and self.s.lower(at - 3) == ",":
                    end = at - 4  # "X, left, with Y"
                joined = True
            else:
                return first
            if self.s.tag(end) not in NOUN_PHRASE:
                return first
            if self.s.tag(end) == "PER" and (person := self.referent(end)):
                people.append(person)
            elif link in {"with", "w/", "alongside"}:
                return first
            first = self.np_start(end)

    def is_headless(self, first: int) -> bool:
        """Tell whether a phrase hangs on a preposition ("supporters of X") and so is no subject itself."""
        word = self.s.lower(first - 1)
        if word == "like":
            return self.s.lower(first - 3) not in {"it", ""}  # "it looks like X is", not "a man who looks like X"
        return self.s.tag(first - 1) == "PREP" and not self.lexicon.has("subordinate", word) and word != "as"

    def is_object(self, first: int) -> bool:
        """Tell whether a phrase is the object of the verb before it ("the man who shot X had …")."""
        word = self.s.lower(first - 1)
        reported = word in self.lexicon.reports or self.lexicon.cue("predicate", word) is not None
        adjective = word.endswith("ed") and self.s.tag(first - 2) in {
            "END",
            "PUNCT",
            "DET",
            "CONJ",
            "QUOTE",
            "COMP",
            "TIM",
        }
        return self.s.tag(first - 1) == "VERB" and not reported and not adjective
