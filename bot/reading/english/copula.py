"""Frames made by "is in": "was on a visit to", "is stranded at", "is due in"."""

from __future__ import annotations

from bot.reading.english.attach import Governor, Phrase
from bot.reading.english.clauses import Grammar
from bot.reading.english.phrases import Hedge, Subject
from bot.reading.english.verb_frames import Frame
from storage.records import Stance


def by_copula(grammar: Grammar, at: Phrase, link: Governor) -> list[Frame]:
    """Read "is in", "was on a visit to", "is stranded at"; "is a judge in" is no whereabouts."""
    s, lexicon = grammar.s, grammar.lexicon
    after = link.at + 1
    while s.tag(after) in {"ADV", "NEG", "TIM", "BE"}:
        after += 1
    trip = bool(link.nouns) and lexicon.has("arrival", s.lower(link.nouns[0])) and at.word in {"to", "of"}
    been = s.lower(link.at) == "been" and at.word == "to" and after == at.preposition
    if not lexicon.has("at_prep", at.word) and not (
        trip or been or (at.word == "to" and s.lower(at.first - 1) in {"back", "way"})
    ):
        return []
    asked = _asked_subject(grammar, link.at, at)
    if (
        asked is None
        and s.tag(after) not in {"PREP"}
        and after != at.preposition
        and not lexicon.has("adjective", s.lower(after))
        and not (s.tag(after) == "WORD" and after == at.first - 1 and s.lower(after) == "back")
    ):
        return []
    subject = asked or grammar.subject(link.at)
    if not subject.people:
        return []
    first = min(subject.first, link.at) if subject.first >= 0 else link.at
    hedges = list(subject.hedges)
    if been:
        hedges.append(Hedge(grammar.span(link.at, link.at), Stance.PAST))
    elif at.word == "to" and not trip:
        hedges.append(Hedge(grammar.span(link.at, at.first), Stance.PLANNED))
    elif (cue := lexicon.cue("predicate", s.lower(after))) and cue.stance is Stance.PLANNED:
        hedges.append(Hedge(grammar.span(after, after), Stance.PLANNED))  # "is due in"
    return [Frame(f"be-{at.word}/1", subject.people, at.place, first, at.place, first, link.at, hedges=hedges)]


def _asked_subject(grammar: Grammar, be: int, at: Phrase) -> Subject | None:
    """Return the subject behind the verb of a question: "Was X really in Lima?"; None in any other sentence."""
    s = grammar.s
    if not s.question or any(s.tag(k) not in {"CONJ", "CONTRAST", "ADV", "QUOTE", "PUNCT"} for k in range(be)):
        return None
    last = at.first - 1
    while s.tag(last) in {"ADV", "NEG", "TIM"} or grammar.lexicon.has("adjective", s.lower(last)):
        last -= 1
    person = grammar.referent(last) if s.tag(last) == "PER" else None
    return Subject([person], grammar.np_start(last), last) if person else None
