"""The parts of a sentence that stand against each other ("…, though the ministry denied it"), and exact quotes."""

from __future__ import annotations

from bot.reading.english.clauses import Grammar
from storage.records import Span

_EDGE = frozenset({",", ";", ".", ":", "-", "—", "–", "!", "?"})


class Segments:
    """A sentence cut where one main clause is set against the next."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        s = grammar.s
        cuts = [0]
        for at, token in enumerate(s.tokens):
            if (
                (at and (token.lower == ";" or (token.tag == "CONTRAST" and self._opens_clause(at))))
                or (at and token.tag == "CONJ" and s.lower(at - 1) == "," and self._opens_clause(at))
                or (token.lower == "," and s.tag(cuts[-1]) == "CONTRAST" and cuts[-1] == 0 and len(cuts) == 1)
            ):
                cuts.append(at)
        self.cuts = [*cuts, len(s.tokens)]

    def _opens_clause(self, at: int) -> bool:
        """Tell whether a conjunction is followed by a subject and its verb."""
        s = self.grammar.s
        if s.tag(at + 1) not in {"WORD", "NAME", "DET", "PER", "PLC", "PRON", "NUM"}:
            return False
        for k in range(at + 1, min(len(s.tokens), at + 9)):
            if s.tag(k) in {"VERB", "BE", "HAVE", "DO", "MODAL"}:
                return True
            if s.lower(k) == ",":
                return False
        return False

    def bounds(self, index: int) -> tuple[int, int]:
        """Return the first and last token of the segment that a token stands in."""
        for first, after in zip(self.cuts, self.cuts[1:], strict=False):
            if first <= index < after:
                return first, after - 1
        return 0, len(self.grammar.s.tokens) - 1

    def quote(self, core: int, place: int, sentence: Span) -> Span:
        """Return the words to show: the whole sentence, or the clause alone where the sentence holds more than one."""
        if len(self.cuts) <= 2:
            return sentence
        s = self.grammar.s
        first, last = self.bounds(core)
        last = max(last, self.bounds(place)[1])
        while first < core and (s.lower(first) in _EDGE or s.tag(first) in {"CONTRAST", "CONJ"}):
            first += 1
        last = self._before_circumstance(place, last)
        while last > place and (s.lower(last) in _EDGE or s.tag(last) in {"CONTRAST", "CONJ"}):
            last -= 1
        return self.grammar.span(first, last)

    def _before_circumstance(self, place: int, last: int) -> int:
        s, lexicon = self.grammar.s, self.grammar.lexicon
        for at in range(place + 1, last):
            for phrase in lexicon.groups["circumstance"]:
                words = phrase.split()
                if [s.lower(k) for k in range(at, at + len(words))] == words:
                    return at - 1
        return last
