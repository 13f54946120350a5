"""The subject of a verb: over inserts, relatives, participles, infinitives and shared verbs.

The grammar is shallow on purpose. Where it cannot tell, it answers "nobody", because a missed sighting costs less
than a false one.
"""

from __future__ import annotations

from bot.reading.english.lexicon import Cue
from bot.reading.english.phrases import NOUN_PHRASE, Hedge, Phrases, Referent, Subject
from storage.records import Stance

_DEPTH = 6


class Grammar(Phrases):
    """The shallow grammar of one sentence."""

    def subject(self, verb: int, depth: int = 0) -> Subject:
        """Find the subject of the verb at an index; nobody where the grammar cannot tell."""
        if depth > _DEPTH:
            return Subject()
        first = self.group_start(verb)
        before = first - 1
        while self.s.tag(before) == "TIM":
            before -= 1
        tag = self.s.tag(before)
        if tag == "TO":
            return self._of_infinitive(before, depth)
        ing = self.s.lower(verb).endswith("ing") or self.s.lower(first) in {"being", "having"}
        helped = any(self.s.tag(k) == "BE" and self.s.lower(k) != "being" for k in range(first, verb))
        if ing and not helped:
            return self._of_participle(before, depth)
        if tag == "REL":
            return self._of_relative(before)
        if tag == "PRON" or tag in NOUN_PHRASE:
            return self._of_phrase(before)
        if tag in {"CONJ", "CONTRAST"}:
            return self._shared(before, depth)
        if self.s.lower(before) in {",", ")", "—", "–", "-"}:
            return self._over_insert(before, depth)
        return Subject()

    def _shared(self, before: int, depth: int) -> Subject:
        earlier = self.previous_verb(before)
        return self.subject(earlier, depth + 1) if earlier is not None else Subject()

    def _of_phrase(self, last: int) -> Subject:
        if self.s.tag(last) == "PRON":
            found = self.resolve(self.s, last, last)
            return Subject([found] if found else self.resolve_group(self.s, last, last), last, last)
        first = self.np_start(last)
        if pair := self.resolve_group(self.s, first, last):
            return Subject(pair, first, last)
        people: list[Referent] = []
        if self.s.tag(last) == "PER":
            person = self.referent(last)
            people = [person] if person else []
        elif self.s.lower(first - 1) in {"of", "from"} and self.s.tag(first - 2) == "PER":
            return self._of_phrase(first - 2)
        elif not any(self.s.tag(k) in {"PER"} for k in range(first, last)):
            found = self.resolve(self.s, first, last)
            people = [found] if found else []
        first = self.conjuncts(first, people)
        if self.is_headless(first) or self.is_object(first):
            return Subject([], first, last)
        return Subject(people, first, last)

    def _of_relative(self, relative: int) -> Subject:
        last = relative - 1 if self.s.lower(relative - 1) != "," else relative - 2
        if self.s.tag(last) in {"NAME", "WORD"}:
            inner = self.np_start(last)
            if self.s.lower(inner - 1) in {"of", "from", "at"} and self.s.tag(inner - 2) == "PER":
                last = inner - 2  # "X of the Red Cross, who"
        if self.s.lower(relative) in {"whose", "which", "whom"} or self.s.tag(last) != "PER":
            return Subject()
        first = self.np_start(last)
        person = self.referent(last)
        owned = self.s.lower(first - 1) in {"of", "for"} and self.s.tag(first - 2) != "VERB"
        if person is None or owned:  # "supporters of X, who", not "a warrant was issued for X, who"
            return Subject()
        return Subject([person], first, last)

    def _of_participle(self, before: int, depth: int) -> Subject:
        tag, word = self.s.tag(before), self.s.lower(before)
        if tag == "PER":
            first = self.np_start(before)
            people = [p for p in [self.referent(before)] if p]
            self.conjuncts(first, people)
            return Subject(people, first, before)
        if tag == "VERB":
            return self._after_verb(before, depth)
        if word == "," and self.s.tag(before - 1) == "PER":
            return self._of_phrase(before - 1)
        hedges: list[Hedge] = []
        if word in {"without", "instead", "from"} or (word == "of" and self.s.lower(before - 1) == "instead"):
            hedges.append(Hedge(self.span(before, before), Stance.NEGATED))
        if tag == "PREP" and self.s.tag(before - 1) == "PER" and word in {"of", "from"}:
            accuser = self.previous_verb(before - 1)
            found = self._of_phrase(before - 1)
            if not found.people and (person := self.referent(before - 1)):
                found = Subject([person], before - 1, before - 1)
            if accuser is not None and (entry := self.lexicon.reports.get(self.s.lower(accuser))):
                hedges.append(Hedge(self.span(accuser, accuser), entry[0].stance))
            found.hedges.extend(hedges)
            return found
        if word == "of" and (cue := self.lexicon.cue("predicate", self.s.lower(before - 1))):
            found = self.subject(before - 1, depth + 1)
            found.hedges.append(self._hedge(cue, before - 1, before - 1))
            return found
        if tag in {"PREP", "SUB", "CONJ", "TO", "END", "TIM", "PLC", "CONTRAST"} or word == ",":
            earlier = self.previous_verb(before)
            later = self.next_verb(before + 1) if earlier is None else None
            at = earlier if earlier is not None else later
            if at is None:
                return Subject()
            found = self.subject(at, depth + 1)
            found.hedges.extend(hedges)
            return found
        return Subject()

    def _after_verb(self, verb: int, depth: int) -> Subject:
        """Read "was seen leaving", "denied being": the subject of the first verb, with its hedge."""
        found = self.subject(verb, depth + 1)
        word = self.s.lower(verb)
        if (entry := self.lexicon.reports.get(word)) and entry[0].stance is not Stance.ASSERTED:
            speaker = (found.first, found.last) if found.first >= 0 else None
            found.hedges.append(Hedge(self.span(verb, verb), entry[0].stance, "-", speaker))
        elif entry and not self.passive(verb) and found.first >= 0 and not found.people:
            found.hedges.append(Hedge(self.span(verb, verb), Stance.ASSERTED, "-", (found.first, found.last)))
        elif cue := self.lexicon.cue("predicate", word):
            found.hedges.append(self._hedge(cue, verb, verb))
        elif word in {"avoided", "avoids", "skipped", "ruled", "missed"}:
            found.hedges.append(Hedge(self.span(verb, verb), Stance.NEGATED))
        elif word in {"considered", "considers", "considering", "suggested", "proposed", "mulled", "mulls"}:
            found.hedges.append(Hedge(self.span(verb, verb), Stance.PLANNED))
        return found

    def _hedge(self, cue: Cue, first: int, last: int) -> Hedge:
        return Hedge(self.span(first, last), cue.stance, cue.voice)

    def _of_infinitive(self, to: int, depth: int) -> Subject:
        at = to - 1
        while self.s.tag(at) in {"ADV", "TIM"} and not self.lexicon.cue("predicate", self.s.lower(at)):
            at -= 1
        word, tag = self.s.lower(at), self.s.tag(at)
        cue = self.lexicon.cue("predicate", word)
        if cue and tag in {"VERB", "WORD", "ADV", "PREP", "NAME"}:
            found = self.subject(at, depth + 1)
            found.hedges.append(self._hedge(cue, at, at))
            return found
        if tag == "PER" and (person := self.referent(at)):
            verb = self.previous_verb(at)
            hedges = []
            if verb is not None and self.lexicon.has("urging", self.s.lower(verb)):
                hedges.append(Hedge(self.span(verb, verb), Stance.PLANNED))
            elif verb is None or not self.lexicon.has("factual", self.s.lower(verb)):
                hedges.append(Hedge(self.span(to, to), Stance.PLANNED))
            return Subject([person], at, at, hedges)
        if tag == "VERB" and self.lexicon.has("factual", word):
            return self.subject(at, depth + 1)
        if tag in NOUN_PHRASE and self.s.tag(at) != "PER":
            first = self.np_start(at)
            owner = next((k for k in range(first, at) if self.s.tag(k) == "PER" and self.s.tag(k + 1) == "POSS"), None)
            if owner is not None and (person := self.referent(owner)):
                return Subject([person], owner, owner, [Hedge(self.span(at, at), Stance.PLANNED)])
        verb = at if tag == "VERB" else self.previous_verb(at)
        if verb is None:
            return Subject(hedges=[Hedge(self.span(to, to), Stance.PLANNED)])  # "had until Friday to bring X to"
        found = self.subject(verb, depth + 1)
        found.hedges.append(Hedge(self.span(to, to), Stance.PLANNED))
        return found

    def _over_insert(self, comma: int, depth: int) -> Subject:
        """Step over ", who heads the guard," and ", the minister," to the phrase before."""
        if self.s.tag(comma - 1) == "PER":
            people = [p for p in [self.referent(comma - 1)] if p]
            self.conjuncts(self.np_start(comma - 1), people)
            opener = next((k for k, t in enumerate(self.s.tokens) if people and t.start == people[-1].span.start), 0)
            if self.s.lower(self.np_start(opener) - 1) == ",":
                return Subject(people, self.np_start(opener), comma - 1)
        at = comma
        for _ in range(4):
            at = next((k for k in range(at - 1, -1, -1) if self.s.lower(k) in {",", "(", "—", "–", "-"}), -1)
            if at <= 0:
                break
            end = at - 1
            if self.s.tag(end) == "PER" and self._is_insert(at + 1):
                return self._of_phrase(end)
            if self.s.tag(end) == "WORD" and self._is_insert(at + 1):
                found = self._of_phrase(end)
                if found.people:
                    return found
        return self._shared(comma, depth)

    def _is_insert(self, first: int) -> bool:
        return self.s.tag(first) not in {"BE", "HAVE", "DO", "MODAL", "PRON", "CONTRAST"}
