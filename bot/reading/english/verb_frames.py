"""Frames made by a verb: which verbs take a place with which preposition, and whom they put there."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.reading.english.attach import Governor, Phrase
from bot.reading.english.clauses import Grammar
from bot.reading.english.lexicon import VerbForm
from bot.reading.english.phrases import Hedge, Referent
from storage.records import Stance

_WITH_FROM = frozenset({"from"})
_PASSAGE = frozenset({"in", "around", "through", "across", "within", "along", "throughout"})
_SETS_OUT = frozenset({"leave", "depart", "head", "set", "sail", "fly", "go", "run", "move", "escape", "flee"})
_SEES_PEOPLE = frozenset({"inspect", "visit", "address", "review", "meet", "greet", "brief", "tour"})
_PRESIDES = frozenset({"chair", "co-chair", "oversee", "review", "join"})
_LEADS = frozenset({"lead", "accompany", "escort"})
_SUBJECT_GROUPS = frozenset(
    {"stay", "arrive", "go", "reach", "quit", "act", "light", "meet", "say", "tell", "from", "trip", "event"}
)
_OBJECT_GROUPS = frozenset({"suffer", "carry", "show", "meet", "due", "event"})
_CLOSE = frozenset({"there", "here", "in", "at", "near", "inside", "outside", "aboard"})
_OPEN = frozenset(
    {"", "with", "from", "at", "in", "on", "inside", "outside", "near", "to", "into", "alongside", "through", "around"}
)


@dataclass(slots=True)
class Frame:
    """People put at a place by one construction.

    Attributes:
        rule: name of the construction.
        place: the token of the place.
        first, last: the tokens that the claim reaches over, at least.
        anchor: the left edge of its clause; what stands before may report it.
        core: the verb or noun that does the placing.
        origin: True where the person has left the place.
        nominal: True for "X's arrival in".
    """

    rule: str
    people: list[Referent]
    place: int
    first: int
    last: int
    anchor: int
    core: int
    origin: bool = False
    nominal: bool = False
    hedges: list[Hedge] = field(default_factory=list)


def _fits(grammar: Grammar, form: VerbForm, at: Phrase, link: Governor) -> str | None:
    """Say whether a verb takes the place with this preposition: `at`, `from`, or None."""
    relation = _fits_directly(grammar, form, at, link)
    if relation == "at" and link.outer == "from" and form.group in {"go", "carry", "arrive"}:
        return None if form.lemma == "come" else "from"  # "moved from a prison in", "back from talks in"
    return relation


def _fits_directly(grammar: Grammar, form: VerbForm, at: Phrase, link: Governor) -> str | None:
    lexicon, word = grammar.lexicon, at.word
    place_like = lexicon.has("at_prep", word)
    head = grammar.s.lower(link.nouns[0]) if link.nouns else ""
    settled = place_like and (lexicon.has("activity", head) or lexicon.has("venue", head))
    trip = lexicon.has("arrival", head) and (word in {"to", "of", "into"} or place_like)
    group = form.group
    if link.owned and not _suffers_in(form, link) and not (link.owned == "people" and form.lemma in _SEES_PEOPLE):
        return None
    if group in {"reach", "quit"}:
        if at.preposition is not None:
            return "at" if place_like and lexicon.has("venue", head) and not link.outer else None
        return "at" if group == "reach" else "from"
    if group == "arrive" and at.preposition is None:
        return "at"  # "arrived Lima"
    if at.preposition is None:
        return None
    if group == "due":
        return "at" if place_like else None
    if group == "event":
        if grammar.s.lower(link.at + 1) in {"up", "off", "back", "down"} and link.nouns and not link.outer:
            boards = any(lexicon.has(g, grammar.s.lower(k)) for g in ("vehicle", "venue") for k in link.nouns)
            return "at" if boards and word in _CLOSE else None  # "stepped up aid in", "shrugged off protests in"
        out = link.outer == "of" and grammar.s.lower(link.at + 1) in {"out", "outside", "inside"}
        return "at" if word in _CLOSE and (out or link.outer in _OPEN) else None
    if form.lemma == "set" and head == "foot":
        return "at" if place_like else None
    if group == "act" and form.lemma in _PRESIDES and lexicon.has("organisation", head):
        return None  # "chairs a foundation in"
    if group in {"stay", "suffer", "show", "meet", "act"}:
        along = group == "act" or form.lemma in {"join", "accompany"}
        return "at" if place_like or (trip and along) else None
    if group == "arrive":
        return "at" if place_like or word in {"to", "into", "onto"} else ("from" if word == "from" else None)
    if group == "light":
        passed = [grammar.s.lower(k) for k in link.nouns]
        busy = trip or any(lexicon.has("activity", noun) or lexicon.has("presence", noun) for noun in passed)
        return "at" if busy and (place_like or trip) else None
    if group in {"go", "carry"}:
        if word == "from":
            return None if form.lemma == "come" else "from"
        if word == "for":
            return "at" if form.lemma in _SETS_OUT and group == "go" else None
        if form.lemma == "run" and link.nouns and not link.outer:
            return None  # "runs a factory in"
        if lexicon.has("to_prep", word) or settled:
            return "at"
        return (
            "at"
            if group == "go"
            and form.lemma in {"travel", "drive", "ride", "march", "trek", "transit"}
            and word in _PASSAGE
            else None
        )
    if group == "say":
        plain = all(grammar.s.tag(k) in {"TIM", "ADV"} for k in range(link.at + 1, at.first))
        return "at" if place_like and (plain or settled) else None
    if group == "tell":
        named = bool(link.nouns) and grammar.s.tag(link.nouns[0]) == "NAME"
        return "at" if place_like and (lexicon.has("listener", head) or named or settled) else None
    if group == "from":
        return "at" if word in _WITH_FROM else None
    if group == "trip":
        held = place_like and (lexicon.has("activity", head) or lexicon.has("presence", head))
        return "at" if trip or held else None
    return None


def _suffers_in(form: VerbForm, link: Governor) -> bool:
    """Tell whether the event takes the person with it: "killed in an air strike near"."""
    return link.owned == "place" and (form.group == "suffer" or form.lemma in {"die", "perish"})


def by_verb(grammar: Grammar, at: Phrase, link: Governor) -> list[Frame]:
    """Read a place phrase that hangs on a verb, by each class of the verb that takes its preposition."""
    s = grammar.s
    verb = link.at
    token = s.tokens[verb]
    passive = grammar.passive(verb)
    reduced = not passive and _is_reduced(grammar, verb)
    made: list[Frame] = []
    for form in token.verbs:
        relation = _fits(grammar, form, at, link)
        if relation is None or (form.form == "base" and s.tag(verb - 1) == "DET"):
            continue
        frame = _frame_of_verb(grammar, at, link, form, passive, reduced)
        if frame is None:
            continue
        if _is_remote(grammar, verb, at) and at.word != "from":
            return []
        frame.origin = relation == "from"
        if form.group == "trip" and (cue := grammar.lexicon.cue("trip", form.lemma)):
            frame.hedges.append(Hedge(grammar.span(verb, verb), cue.stance))
        if form.group == "show":
            frame.rule = "shown-in/1"
        if form.lemma in {"kill", "assassinate", "murder", "die", "execute", "bury"} and at.preposition is not None:
            frame.hedges.append(Hedge(grammar.span(verb, at.preposition), Stance.ASSERTED))
        made.append(frame)
    return made


def _frame_of_verb(
    grammar: Grammar, at: Phrase, link: Governor, form: VerbForm, passive: bool, reduced: bool
) -> Frame | None:
    verb, group = link.at, form.group
    people: list[Referent] = []
    hedges: list[Hedge] = []
    first = grammar.group_start(verb)
    anchor = first
    if form.form in {"past", "participle"} and (passive or reduced) and group not in _OBJECT_GROUPS | {"act"}:
        return None
    if reduced:
        people, first = _patients(grammar, verb)
        anchor = first
    elif group in _SUBJECT_GROUPS or passive or (group == "carry" and form.lemma in _LEADS):
        subject = grammar.subject(verb)
        hedges = list(subject.hedges)
        if subject.first >= 0:
            first = min(first, subject.first)
            anchor = subject.first
        if not (passive and group == "act") and (passive or group != "due"):
            people = list(subject.people)
        if passive and group == "due":
            hedges.append(Hedge(grammar.span(verb, verb), Stance.PLANNED))
        if passive and group in {"meet", "act"}:
            people.extend(objects(grammar, verb, at, {"by"}))
        elif not passive and group in {"act", "light", "stay", "meet"}:
            company = {"with", "alongside"} | ({""} if group == "meet" else set())
            people.extend(objects(grammar, verb, at, company))
    if not passive and not reduced and group in {"suffer", "carry", "show"}:
        subject = grammar.subject(verb)
        anchor = subject.first if subject.first >= 0 else first
        first = min(first, anchor)
        hedges = list(subject.hedges)
        people.extend(objects(grammar, verb, at, {""}))
    if not people:
        return None
    return Frame(
        f"{form.lemma}-{at.word or 'object'}/1", people, at.place, first, at.place, anchor, verb, hedges=hedges
    )


def _is_reduced(grammar: Grammar, verb: int) -> bool:
    """Tell a participle without its auxiliary ("X killed in") from a past tense ("X killed Y in")."""
    s = grammar.s
    if not any(f.form == "participle" and f.group in {"suffer", "carry"} for f in s.tokens[verb].verbs):
        return False
    if s.tag(verb - 1) in {"BE", "HAVE", "TO", "MODAL", "DO"} or any(f.form == "base" for f in s.tokens[verb].verbs):
        return False
    after = verb + 1
    while s.tag(after) in {"TIM", "ADV"}:
        after += 1
    before = verb - 1
    while s.tag(before) in {"ADV", "TIM"}:
        before -= 1
    if s.tag(after) != "PREP" or s.lower(after) == "of":
        return False
    return s.tag(before) == "PER" or (s.lower(before) == "," and s.tag(before - 1) == "PER")


def _patients(grammar: Grammar, verb: int) -> tuple[list[Referent], int]:
    s = grammar.s
    last = verb - 1
    while s.tag(last) in {"ADV", "TIM"} or s.lower(last) == ",":
        last -= 1
    first = grammar.np_start(last)
    person = grammar.referent(last)
    word = s.lower(first - 1)
    if person is None or word in {"of", "for", "to", "against", "by", "from", "about"}:
        return [], first
    people = [person]
    while s.tag(first - 1) == "CONJ" and s.tag(first - 2) == "PER":
        other = grammar.referent(first - 2)
        people.extend([other] if other else [])
        first = grammar.np_start(first - 2)
    return people, first


def objects(grammar: Grammar, verb: int, at: Phrase, links: set[str]) -> list[Referent]:
    """Return the people between a verb and the place who are its objects, linked by one of `links` ("" = directly)."""
    s = grammar.s
    found: list[Referent] = []
    linked = ""
    for k in range(verb + 1, at.first):
        tag, word = s.tag(k), s.lower(k)
        if tag == "PREP":
            linked = "" if word in {"including"} else word
        elif tag in {"TO", "VERB", "COMP", "SUB", "QUOTE"}:
            linked = tag
        elif tag == "PER" and s.tag(k + 1) != "POSS" and linked in links and (person := grammar.referent(k)):
            found.append(person)
        elif tag == "PRON" and linked in links and word in {"him", "her"} and (coref := grammar.resolve(s, k, k)):
            found.append(coref)
        elif (
            tag == "DET"
            and linked in links
            and s.tag(k + 1) == "WORD"
            and s.tag(k + 2) not in {"WORD", "POSS", "PER"}
            and s.lower(k + 2) != "of"
        ):
            coref = grammar.resolve(s, k, k + 1)
            found.extend([coref] if coref else [])
    return found


def _is_remote(grammar: Grammar, verb: int, at: Phrase) -> bool:
    s = grammar.s
    for k in range(verb + 1, min(len(s.tokens), at.place + 6)):
        if grammar.lexicon.has("remote", s.lower(k)) and (
            s.lower(k - 1) in {"by", "via", "over", "through", "on", "a", "the"} or s.lower(k).endswith("ly")
        ):
            return True
    return False
