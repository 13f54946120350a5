"""Whom "he", "the commander" and a headline's "top general" stand for: the nearest compatible person, or nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.reading.english.lexicon import Lexicon
from bot.reading.english.phrases import Referent
from bot.reading.english.tokens import Sentence
from bot.reading.model import PersonMention
from bot.reading.names.letters import fold
from storage.records import Span

WINDOW = 2
"""How many sentences back an antecedent may be (`sightings.md`, section 2, step 5)."""

_MALE, _FEMALE = frozenset({"he", "him", "his", "himself"}), frozenset({"she", "her", "herself"})
_GENDERED = _MALE | _FEMALE
_PAIRS = frozenset({"pair", "two", "couple", "duo", "both"})
_SUBJECTS = frozenset({"i", "he", "she", "we", "they", "you"})
_CLAUSE_ENDS = frozenset({"COMP", "REL", "SUB", "CONTRAST", "QUOTE", "CONJ"})
_CHAIN = 3
"""How many sentences that only go on about "him" or "her" may stand between a pronoun and its name besides."""


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody named in a sentence.

    Attributes:
        index: the token of the name.
        mention: the watched person, None for anybody else.
        gender: `f`, `m`, or empty where nothing tells.
        described: what the sentence calls somebody who is not watched.
    """

    index: int
    mention: PersonMention | None
    gender: str
    described: frozenset[str] = frozenset()


class Discourse:
    """What a text has said of whom so far; built once over all its sentences."""

    def __init__(self, sentences: Sequence[Sentence], lexicon: Lexicon) -> None:
        self.sentences = sentences
        self.lexicon = lexicon
        self.place_of = {id(sentence): at for at, sentence in enumerate(sentences)}
        self.known: dict[str, set[str]] = {}
        for sentence in sentences:
            for index, token in enumerate(sentence.tokens):
                if token.person is not None:
                    words = self.known.setdefault(token.person.person.id, set())
                    words.update(token.person.person.role.lower().replace(",", " ").split())
                    words.update(self._described(sentence, index))
        self.entities = [self._people_in(sentence) for sentence in sentences]

    def resolve(self, sentence: Sentence, first: int, last: int) -> Referent | None:
        """Find the person for the pronoun or noun phrase at a range of tokens; None where nobody fits safely."""
        word = sentence.lower(last)
        span = Span(sentence.tokens[first].start, sentence.tokens[last].end)
        if first == last and word in {"i", "me", "we"}:
            return self._speaker_of_quote(sentence, first, span) if word != "we" else None
        if first == last and word in _GENDERED:
            return self._of_pronoun(sentence, first, span, word)
        if sentence.unit_kind == "headline" and sentence.tag(last) == "WORD":
            found = self._announced(sentence, last, span)
            if found:
                return found
        if sentence.lower(first) not in {"the", "this", "that"} or not self._is_descriptor(sentence, first, last):
            return None
        return self._of_descriptor(sentence, first, span, word)

    def resolve_group(self, sentence: Sentence, first: int, last: int) -> list[Referent]:
        """Find the two people whom "the pair", "both" or "they" stand for; nobody where there are not exactly two."""
        words = [sentence.lower(k) for k in range(first, last + 1)]
        they = words == ["they"]
        if not they and not (set(words) & _PAIRS and len(words) <= 3 and (words[0] in {"the", "both"})):
            return []
        if words[0] == "both" and len(words) > 1 and words[-1] not in {"men", "women", "leaders", "people"}:
            return []
        span = Span(sentence.tokens[first].start, sentence.tokens[last].end)
        here = self.place_of[id(sentence)]
        found: dict[str, PersonMention] = {}
        for back in range(1 if they else WINDOW + 1) if not they else (0, 1):
            at = here - back
            if at < 0 or self._apart(at, sentence):
                break
            for entity in self.entities[at]:
                if back == 0 and entity.index >= first:
                    continue
                if entity.mention is None:
                    return []
                found.setdefault(entity.mention.person.id, entity.mention)
            if len(found) >= 2 or (they and found):
                break
        if len(found) != 2:
            return []
        how = " ".join(words)
        return [Referent(m.person, span, m.matched_as, m.score * 0.8, how) for m in found.values()]

    def _apart(self, at: int, sentence: Sentence) -> bool:
        """Tell whether a headline or an embedded post stands between: they neither give nor take an antecedent."""
        alone = {self.sentences[at].unit_kind, sentence.unit_kind} & {"tweet", "headline"}
        return bool(alone) and self.sentences[at].unit_index != sentence.unit_index

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

    def _of_pronoun(self, sentence: Sentence, before: int, span: Span, word: str) -> Referent | None:
        """Find whom "he" or "her" stands for: the first person of the nearest sentence whose gender can be right."""
        here, wanted = self.place_of[id(sentence)], "m" if word in _MALE else "f"
        is_object = word in {"him", "her"} and sentence.tag(before) == "PRON"
        budget, back, chain = WINDOW, 0, _CHAIN
        while back <= budget and here - back >= 0:
            at = here - back
            back += 1
            if self._apart(at, sentence):
                continue
            own = at == here
            seen = [
                e
                for e in self.entities[at]
                if (not own or e.index < before) and e.gender in {"", wanted}
                and not (own and is_object and self._one_clause(sentence, e.index, before))
            ]  # fmt: skip
            if not seen:
                if not own and chain and not self.entities[at] and self._goes_on(self.sentences[at], wanted):
                    budget, chain = budget + 1, chain - 1
                continue
            sure = {e.mention.person.id if e.mention else str(e.index): e for e in seen if e.gender == wanted}
            chosen = next(iter(sure.values())) if len(sure) == 1 else seen[0]
            mention = chosen.mention
            return Referent(mention.person, span, mention.matched_as, mention.score * 0.8, word) if mention else None
        return None

    @staticmethod
    def _one_clause(sentence: Sentence, first: int, last: int) -> bool:
        return not any(
            sentence.tag(k) in _CLAUSE_ENDS or (sentence.tag(k) == "PRON" and sentence.lower(k) in _SUBJECTS)
            for k in range(first, last)
        )

    @staticmethod
    def _goes_on(sentence: Sentence, wanted: str) -> bool:
        pronouns = _MALE if wanted == "m" else _FEMALE
        return any(token.lower in pronouns for token in sentence.tokens)

    def _of_descriptor(self, sentence: Sentence, before: int, span: Span, noun: str) -> Referent | None:
        """Find whom "the general" stands for: the last compatible person of the nearest sentence that names anybody."""
        here = self.place_of[id(sentence)]
        gender = "f" if self.lexicon.has("female_noun", noun) else "m" if self.lexicon.has("male_noun", noun) else ""
        for back in range(WINDOW + 1):
            at = here - back
            if at < 0:
                break
            if self._apart(at, sentence):
                continue
            seen = [e for e in self.entities[at] if back or e.index < before]
            seen = [e for e in seen if not (gender and e.gender and e.gender != gender)]
            seen = [e for e in seen if e.mention or not e.described or noun in e.described]
            if not seen:
                continue
            for entity in reversed(seen):
                mention = entity.mention
                if mention is None:
                    return None
                if self._compatible(mention.person.id, noun):
                    return Referent(mention.person, span, mention.matched_as, mention.score * 0.8, noun)
            return None
        return None

    def _announced(self, sentence: Sentence, last: int, span: Span) -> Referent | None:
        """Link a headline's descriptor to the one compatible person of the first paragraph that names somebody."""
        noun = sentence.lower(last)
        if not self._is_role(noun):
            return None
        start = next(
            (
                i
                for i, s in enumerate(self.sentences)
                if s.unit_kind == "body" and any(e.mention for e in self.entities[i])
            ),
            None,
        )
        if start is None:
            return None
        unit = self.sentences[start].unit_index
        people = {
            e.mention.person.id: e.mention
            for at, other in enumerate(self.sentences)
            if other.unit_index == unit
            for e in self.entities[at]
            if e.mention is not None
            and self.known.get(e.mention.person.id)
            and self._compatible(e.mention.person.id, noun)
        }
        if len(people) != 1:
            return None
        mention = next(iter(people.values()))
        return Referent(mention.person, span, mention.matched_as, mention.score * 0.8, noun)

    def _speaker_of_quote(self, sentence: Sentence, index: int, span: Span) -> Referent | None:
        """Find who says "I" in a quotation: the person beside the verb of saying, by name or by pronoun."""
        if not sentence.tokens[index].quoted:
            return None
        here = self.place_of[id(sentence)]
        near = [self.sentences[k] for k in (here, here + 1, here - 1) if 0 <= k < len(self.sentences)]
        for other in near:
            if other.unit_index != sentence.unit_index:
                continue
            for at, token in enumerate(other.tokens):
                beside = other.lower(at + 1) in self.lexicon.reports or other.lower(at - 1) in self.lexicon.reports
                if token.quoted or not beside:
                    continue
                if token.person is not None:
                    return Referent(token.person.person, span, token.person.matched_as, token.person.score * 0.9, "I")
                if token.lower in {"he", "she"}:
                    return self._of_pronoun(other, at, span, token.lower)
                if token.tag == "NAME":
                    return None
        return None

    def _people_in(self, sentence: Sentence) -> list[Entity]:
        """List the people of a sentence in order, None for somebody who is not watched."""
        found: list[Entity] = []
        run = 0
        for index, token in enumerate(sentence.tokens):
            if token.person is not None:
                found.append(Entity(index, token.person, self._gender_of(token.person)))
            opening = token.tag == "WORD" and token.capital and sentence.tag(index + 1) == "NAME"
            run = run + 1 if (token.tag == "NAME" or opening) and not sentence.title_case else 0
            titled = sentence.lower(index - 1) in self.lexicon.groups["title"]
            ends = sentence.tag(index + 1) not in {"NAME", "PER"}
            if ends and (run >= 2 or (run == 1 and titled)) and token.lower not in self.lexicon.groups["org"]:
                names = [sentence.lower(k) for k in range(index - run + 1, index + 1)]
                if not any(n in self.lexicon.groups["org"] or n in self.lexicon.groups["outlet"] for n in names):
                    described = frozenset(self._described(sentence, index) - set(names))
                    gender = self._gender(names[0] if run > 1 else "", described)
                    found.append(Entity(index, None, gender, described))
        return found

    def _gender_of(self, mention: PersonMention) -> str:
        names = [mention.person.name, mention.matched_as]
        given = next((n.split()[0] for n in names if len(n.split()) > 1), "")
        return self._gender(given, frozenset(self.known.get(mention.person.id, ())))

    def _gender(self, given: str, described: frozenset[str]) -> str:
        """Tell the gender that a given name or what somebody is called gives away; empty where they do not agree."""
        given = fold(given)
        female = self.lexicon.has("female_name", given) or bool(described & self.lexicon.groups["female_noun"])
        male = self.lexicon.has("male_name", given) or bool(described & self.lexicon.groups["male_noun"])
        return "" if female == male else "f" if female else "m"

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
