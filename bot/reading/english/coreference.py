"""Whom "he", "the commander" and a headline's "top general" stand for: the nearest compatible person, or nobody."""

from __future__ import annotations

from collections.abc import Sequence

from bot.reading.english.lexicon import Lexicon
from bot.reading.english.phrases import Referent
from bot.reading.english.tokens import Sentence
from bot.reading.model import PersonMention
from storage.records import Span

WINDOW = 2
"""How many sentences back an antecedent may be (`sightings.md`, section 2, step 5)."""

_GENDERED = frozenset({"he", "she", "him", "her", "his", "himself", "herself"})


class Discourse:
    """What a text has said of whom so far; built once over all its sentences."""

    def __init__(self, sentences: Sequence[Sentence], lexicon: Lexicon) -> None:
        self.sentences = sentences
        self.lexicon = lexicon
        self.entities = [self._people_in(sentence) for sentence in sentences]
        self.place_of = {id(sentence): at for at, sentence in enumerate(sentences)}
        self.known: dict[str, set[str]] = {}
        for sentence in sentences:
            for index, token in enumerate(sentence.tokens):
                if token.person is not None:
                    words = self.known.setdefault(token.person.person.id, set())
                    words.update(token.person.person.role.lower().replace(",", " ").split())
                    words.update(self._described(sentence, index))

    def resolve(self, sentence: Sentence, first: int, last: int) -> Referent | None:
        """Find the person for the pronoun or noun phrase at a range of tokens; None where nobody fits safely."""
        word = sentence.lower(last)
        span = Span(sentence.tokens[first].start, sentence.tokens[last].end)
        if first == last and word in {"i", "me"}:
            return self._speaker_of_quote(sentence, first, span)
        if first == last and word in _GENDERED:
            return self._antecedent(sentence, first, span, None, word)
        if sentence.unit_kind == "headline" and sentence.tag(last) == "WORD":
            found = self._announced(sentence, last, span)
            if found:
                return found
        if sentence.lower(first) not in {"the", "this", "that"} or not self._is_descriptor(sentence, first, last):
            return None
        return self._antecedent(sentence, first, span, word, sentence.tokens[last].lower)

    def _is_descriptor(self, sentence: Sentence, first: int, last: int) -> bool:
        inside = range(first + 1, last)
        return self._is_role(sentence.lower(last)) and all(
            sentence.tag(k) in {"WORD", "PLC", "NUM", "ADV"} for k in inside
        )

    def _is_role(self, word: str) -> bool:
        return any(word in words for words in self.lexicon.classes.values())

    def _compatible(self, person_id: str, noun: str) -> bool:
        """Tell whether a noun fits what the text and the watch-list call somebody; nothing known fits any role."""
        known = {w for w in self.known.get(person_id, set()) if self._is_role(w)}
        if not known:
            return True
        return any(noun in words and known & words for words in self.lexicon.classes.values())

    def _antecedent(self, sentence: Sentence, before: int, span: Span, noun: str | None, how: str) -> Referent | None:
        here = self.place_of[id(sentence)]
        for back in range(WINDOW + 1):
            at = here - back
            if at < 0:
                break
            alone = {self.sentences[at].unit_kind, sentence.unit_kind} & {"tweet", "headline"}
            if alone and self.sentences[at].unit_index != sentence.unit_index:
                continue  # a headline or an embedded post neither gives nor takes an antecedent
            seen = [e for e in self.entities[at] if back or e[0] < before]
            if not seen:
                continue
            for _, mention in seen if noun is None else reversed(seen):
                if mention is None:
                    return None
                if noun is None or self._compatible(mention.person.id, noun):
                    distinct = {m.person.id for _, m in seen if m is not None}
                    if noun is None and not back and len(distinct) > 1 and seen[0][1] is not mention:
                        return None
                    return Referent(mention.person, span, mention.matched_as, mention.score * 0.8, how)
            return None
        return None

    def _announced(self, sentence: Sentence, last: int, span: Span) -> Referent | None:
        """Link a headline's descriptor to the one compatible person of the first paragraph that names somebody."""
        noun = sentence.lower(last)
        if not self._is_role(noun):
            return None
        start = next(
            (i for i, s in enumerate(self.sentences) if s.unit_kind == "body" and any(m for _, m in self.entities[i])),
            None,
        )
        if start is None:
            return None
        unit = self.sentences[start].unit_index
        people = {
            mention.person.id: mention
            for at, other in enumerate(self.sentences)
            if other.unit_index == unit
            for _, mention in self.entities[at]
            if mention is not None and self.known.get(mention.person.id) and self._compatible(mention.person.id, noun)
        }
        if len(people) != 1:
            return None
        mention = next(iter(people.values()))
        return Referent(mention.person, span, mention.matched_as, mention.score * 0.8, noun)

    def _speaker_of_quote(self, sentence: Sentence, index: int, span: Span) -> Referent | None:
        if not sentence.tokens[index].quoted:
            return None
        for at, token in enumerate(sentence.tokens):
            if token.person is None or token.quoted:
                continue
            if sentence.lower(at + 1) in self.lexicon.reports or sentence.lower(at - 1) in self.lexicon.reports:
                return Referent(token.person.person, span, token.person.matched_as, token.person.score * 0.9, "I")
        return None

    def _people_in(self, sentence: Sentence) -> list[tuple[int, PersonMention | None]]:
        """List the people of a sentence in order, None for somebody who is not watched."""
        found: list[tuple[int, PersonMention | None]] = []
        run = 0
        for index, token in enumerate(sentence.tokens):
            if token.person is not None:
                found.append((index, token.person))
            opening = token.tag == "WORD" and token.capital and sentence.tag(index + 1) == "NAME"
            run = run + 1 if (token.tag == "NAME" or opening) and not sentence.title_case else 0
            titled = sentence.lower(index - 1) in self.lexicon.groups["title"]
            ends = sentence.tag(index + 1) not in {"NAME", "PER"}
            if ends and (run >= 2 or (run == 1 and titled)) and token.lower not in self.lexicon.groups["org"]:
                names = [sentence.lower(k) for k in range(index - run + 1, index + 1)]
                if not any(n in self.lexicon.groups["org"] or n in self.lexicon.groups["outlet"] for n in names):
                    found.append((index, None))
        return found

    def _described(self, sentence: Sentence, index: int) -> set[str]:
        """Collect what a sentence calls a person: words right before the name and in the apposition behind it."""
        words: set[str] = set()
        at = index - 1
        while sentence.tag(at) in {"WORD", "NAME", "PLC", "POSS"}:
            words.add(sentence.lower(at))
            at -= 1
        if sentence.lower(index + 1) == ",":
            at = index + 2
            while at < min(len(sentence.tokens), index + 14) and sentence.lower(at) != ",":
                words.add(sentence.lower(at))
                at += 1
        return words | {w.removesuffix("s") for w in words} | {w.rstrip(".") for w in words}
