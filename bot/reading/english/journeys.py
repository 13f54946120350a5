"""Journeys told by a noun ("cut short his Kisumu tour", "next stop Lima"), and clauses that hang on a "where"."""

from __future__ import annotations

from collections.abc import Sequence

from bot.reading.english.clauses import Grammar
from bot.reading.english.phrases import Hedge, Referent, Subject
from bot.reading.english.tokens import BREAKS
from bot.reading.english.verb_frames import Frame
from storage.records import Stance

_FATES = (("calls_off", Stance.NEGATED), ("plans_trip", Stance.PLANNED), ("makes_trip", Stance.ASSERTED))
_HERE = frozenset({"stay", "act", "light", "meet", "suffer", "event", "arrive"})


def of_trip_verb(grammar: Grammar, noun: int, place: int) -> Frame | None:
    """Read what somebody does with a journey: "cut short a tour of Kisumu", "ruled out a trip to Lima"."""
    s = grammar.s
    at = noun - 1
    while s.tag(at) in {"DET", "ADV", "WORD", "NAME", "PLC", "NUM", "PREP"} and noun - at < 6:
        if s.tag(at) == "PREP" and not grammar.lexicon.has("particle", s.lower(at)):
            return None
        at -= 1
    if s.tag(at) not in {"VERB", "WORD"}:
        return None
    stance = next((stance for group, stance in _FATES if grammar.lexicon.has(group, s.lower(at))), None)
    if stance is None:
        return None
    subject = grammar.subject(at)
    if not subject.people:
        return None
    hedges = [*subject.hedges]
    if stance is not Stance.ASSERTED:
        hedges.append(Hedge(grammar.span(at, at), stance))
    first = min(subject.first, at) if subject.first >= 0 else at
    return Frame(f"{s.lower(noun)}-of/1", subject.people, place, first, place, first, at, hedges=hedges)


def by_journey(grammar: Grammar, place: int) -> Frame | None:
    """Read a place that names a journey: "rules out Bougainville trip", "X's Kisumu visit"."""
    s = grammar.s
    noun = place + 1
    mention = s.tokens[place].place
    if mention is None or mention.kind != "place" or not grammar.lexicon.has("arrival", s.lower(noun)):
        return None
    if s.tag(noun + 1) in {"WORD", "NAME", "POSS", "PLC"} or s.lower(noun) in {"move", "return", "travels"}:
        return None
    if s.tag(place - 1) == "POSS" and s.tag(place - 2) == "PER":
        person = grammar.referent(place - 2)
        return (
            Frame(f"{s.lower(noun)}-named/1", [person], place, place - 2, noun, place - 2, noun, nominal=True)
            if person
            else None
        )
    return of_trip_verb(grammar, noun, place)


def by_next_stop(grammar: Grammar, place: int) -> Frame | None:
    """Read "X's next stop is Lima" and "next stop Lima" behind what somebody did."""
    s = grammar.s
    at = place - 1
    while s.tag(at) in {"BE", "MODAL", "ADV", "TIM"} or s.lower(at) == ":":
        at -= 1
    if s.lower(at) != "stop" or s.lower(at - 1) not in {"next", "final"}:
        return None
    owner = at - 2
    person: Referent | None = None
    if s.tag(owner) == "POSS":
        person = grammar.referent(owner - 1)
    elif s.lower(owner) in {"his", "her"}:
        person = grammar.resolve(s, owner, owner)
    else:
        people = [k for k in range(owner, -1, -1) if s.tag(k) == "PER"]
        person = grammar.referent(people[0]) if len(people) == 1 else None
    if person is None:
        return None
    hedge = Hedge(grammar.span(at - 1, at), Stance.PLANNED)
    return Frame("next-stop/1", [person], place, at - 1, place, at - 1, at, hedges=[hedge])


def by_where(grammar: Grammar, where: int, known: Sequence[Frame]) -> Frame | None:
    """Read "in Lima, where X met Y": what the clause says was done there, by whoever is not put there already."""
    s = grammar.s
    place = next((k for k in range(where - 1, max(-1, where - 12), -1) if s.tag(k) == "PLC"), None)
    if place is None or s.tokens[place].place is None or s.tokens[place].place.kind != "place":  # type: ignore[union-attr]
        return None
    for at in range(where + 1, len(s.tokens)):
        if s.lower(at) in BREAKS or s.tag(at) in {"PLC", "COMP", "REL", "CONTRAST"}:
            return None
        if s.tag(at) != "VERB":
            continue
        forms = [f for f in s.tokens[at].verbs if f.group in _HERE]
        subject = grammar.subject(at) if forms else Subject()
        passive = grammar.passive(at)
        if subject.first <= where or (forms and forms[0].group == "suffer" and not passive):
            return None
        placed = {p.person.id for frame in known if frame.place == place for p in frame.people}
        people = [p for p in subject.people if p.person.id not in placed]
        if not people:
            return None
        return Frame("where/1", people, place, where, at, subject.first, at, hedges=list(subject.hedges))
    return None
