"""Locating frames: the ways in which a clause puts a person at a place. Standing near each other is never enough."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.reading.attach import Governor, Phrase, governor, phrase
from bot.reading.clauses import Grammar, Hedge, Referent
from bot.reading.lexicon import VerbForm
from storage.records import Stance

_WITH_FROM = frozenset({"from"})
_PASSAGE = frozenset({"in", "around", "through", "across", "within", "along", "throughout"})
_SETS_OUT = frozenset({"leave", "depart", "head", "set", "sail", "fly", "go", "run", "move", "escape", "flee"})
_SEES_PEOPLE = frozenset({"inspect", "visit", "address", "review", "meet", "greet", "brief", "tour"})
_LEADS = frozenset({"lead", "accompany", "escort"})
_SUBJECT_GROUPS = frozenset(
    {"stay", "arrive", "go", "reach", "quit", "act", "light", "meet", "say", "tell", "from", "trip"}
)
_OBJECT_GROUPS = frozenset({"suffer", "carry", "show", "meet"})


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


def frames(grammar: Grammar) -> list[Frame]:
    """Find every frame of a sentence."""
    found: list[Frame] = []
    for index, token in enumerate(grammar.s.tokens):
        if token.tag != "PLC":
            continue
        at = phrase(grammar, index)
        if at is None:
            continue
        for frame in _read(grammar, at):
            frame.people = _distinct(frame.people)
            if frame.people:
                found.append(frame)
                break
    return found


def _distinct(people: list[Referent]) -> list[Referent]:
    kept: dict[str, Referent] = {}
    for person in people:
        kept.setdefault(person.person.id, person)
    return list(kept.values())


def _read(grammar: Grammar, at: Phrase) -> list[Frame]:
    if at.preposition is None:
        return _by_verb(grammar, at, Governor("verb", at.first - 1))
    link = governor(grammar, at)
    if link.kind == "verb":
        return _by_verb(grammar, at, link)
    if link.owned and link.kind != "noun":
        return []
    if link.kind == "be":
        return _by_copula(grammar, at, link)
    if link.kind == "noun":
        return _by_noun(grammar, at, link)
    if link.kind == "picture":
        return _by_picture(grammar, at, link)
    return [*_fronted(grammar, at), *_verbless(grammar, at)]


# --- verbs ---------------------------------------------------------------------------------------------------------


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
            return None
        return "at" if group == "reach" else "from"
    if at.preposition is None:
        return None
    if group in {"stay", "suffer", "show", "meet", "act"}:
        return "at" if place_like or (trip and group == "act") else None
    if group == "arrive":
        return "at" if place_like or word in {"to", "into", "onto"} else ("from" if word == "from" else None)
    if group == "light":
        busy = lexicon.has("activity", head) or lexicon.has("presence", head) or trip
        return "at" if busy and (place_like or trip) else None
    if group in {"go", "carry"}:
        if word == "from":
            return None if form.lemma == "come" else "from"
        if word == "for":
            return "at" if form.lemma in _SETS_OUT and group == "go" else None
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
        return "at" if place_like and (lexicon.has("listener", head) or settled) else None
    if group == "from":
        return "at" if word in _WITH_FROM else None
    if group == "trip":
        return "at" if trip or (place_like and (lexicon.has("activity", head) or lexicon.has("presence", head))) else None
    return None


def _suffers_in(form: VerbForm, link: Governor) -> bool:
    """Tell whether the event takes the person with it: "killed in an air strike near"."""
    return link.owned == "place" and (form.group == "suffer" or form.lemma in {"die", "perish"})


def _by_verb(grammar: Grammar, at: Phrase, link: Governor) -> list[Frame]:
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
        if not (passive and group == "act"):
            people = list(subject.people)
        if passive and group in {"meet", "act"}:
            people.extend(_objects(grammar, verb, at, {"by"}))
        elif not passive and group in {"act", "light", "stay", "meet"}:
            company = {"with", "alongside"} | ({""} if group == "meet" else set())
            people.extend(_objects(grammar, verb, at, company))
    if not passive and not reduced and group in {"suffer", "carry", "show"}:
        subject = grammar.subject(verb)
        anchor = subject.first if subject.first >= 0 else first
        first = min(first, anchor)
        hedges = list(subject.hedges)
        people.extend(_objects(grammar, verb, at, {""}))
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


def _objects(grammar: Grammar, verb: int, at: Phrase, links: set[str]) -> list[Referent]:
    """Return the people between a verb and the place who are its objects, linked by one of these prepositions ("" = none)."""
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
            s.lower(k - 1) in {"by", "via", "over", "through", "a", "the"} or s.lower(k).endswith("ly")
        ):
            return True
    return False


# --- "is in", nouns, pictures, fronted and verbless ----------------------------------------------------------------------


def _by_copula(grammar: Grammar, at: Phrase, link: Governor) -> list[Frame]:
    s, lexicon = grammar.s, grammar.lexicon
    after = link.at + 1
    while s.tag(after) in {"ADV", "NEG", "TIM", "BE"}:
        after += 1
    trip = bool(link.nouns) and lexicon.has("arrival", s.lower(link.nouns[0])) and at.word in {"to", "of"}
    if not lexicon.has("at_prep", at.word) and not (
        trip or (at.word == "to" and s.lower(at.first - 1) in {"back", "way"})
    ):
        return []
    if (
        s.tag(after) not in {"PREP"}
        and not lexicon.has("adjective", s.lower(after))
        and not (s.tag(after) == "WORD" and after == at.first - 1 and s.lower(after) == "back")
    ):
        return []
    subject = grammar.subject(link.at)
    if not subject.people:
        return []
    first = min(subject.first, link.at) if subject.first >= 0 else link.at
    hedges = list(subject.hedges)
    if at.word == "to" and not trip:
        hedges.append(Hedge(grammar.span(link.at, at.first), Stance.PLANNED))
    return [Frame(f"be-{at.word}/1", subject.people, at.place, first, at.place, first, link.at, hedges=hedges)]


def _by_noun(grammar: Grammar, at: Phrase, link: Governor) -> list[Frame]:
    """Read "X's arrival in", "the arrest of X in"; without an owner the noun belongs to its verb ("made a visit to")."""
    s, lexicon = grammar.s, grammar.lexicon
    noun, word = link.at, grammar.s.lower(link.at)
    leaving = lexicon.has("departure", word) and at.word == "from"
    arriving = lexicon.has("arrival", word) and (
        at.word in {"to", "into", "of", "in", "at"} or lexicon.has("at_prep", at.word)
    )
    staying = (lexicon.has("presence", word) and lexicon.has("at_prep", at.word)) or (
        lexicon.has("departure", word) and at.word == "to"
    )
    if not (leaving or arriving or staying):
        return []
    first = grammar.np_start(noun)
    people: list[Referent] = []
    if s.tag(first) == "POSS":
        first = grammar.np_start(first - 1)
    owners = [k for k in range(first, noun) if s.tag(k) == "PER" and s.tag(k + 1) == "POSS"]
    if owners and not any(s.tag(k) == "POSS" for k in range(owners[-1] + 2, noun)):
        first = owners[-1]
        people = [p for p in [grammar.referent(first)] if p]
        grammar._conjuncts(grammar.np_start(first), people)
    elif s.tag(first) == "DET" and s.lower(first) in {"his", "her"}:
        coref = grammar.resolve(s, first, first)
        people = [coref] if coref else []
    else:
        link_word = s.lower(noun + 1)
        if link_word in {"of", "by"}:
            people = _objects(grammar, noun, at, {link_word})
    if not people:
        again = governor(grammar, Phrase(at.place, at.preposition, at.word, first))
        again.nouns.insert(0, noun)
        if again.kind == "verb":
            return _by_verb(grammar, at, again)
        if again.kind == "be":
            return _by_copula(grammar, at, again)
        people = _objects(grammar, noun, at, {"between", "with"})
    hedges = []
    for k in range(first, noun):
        if s.tag(k) not in {"PER", "POSS"} and (cue := lexicon.cue("adjective", s.lower(k))):
            hedges.append(Hedge(grammar.span(k, k), cue.stance, cue.voice))
    frame = Frame(f"{word}-{at.word}/1", people, at.place, first, at.place, first, noun, leaving, True, hedges)
    return [frame]


def _by_picture(grammar: Grammar, at: Phrase, link: Governor) -> list[Frame]:
    s = grammar.s
    people = _objects(grammar, link.at, at, {"of", "with"})
    nearest = link.people[0]
    gap = [k for k in range(nearest + 1, at.first) if s.tag(k) not in {"TIM", "ADV", "PREP", "DET", "WORD", "NAME"}]
    own = link.nouns and not any(
        grammar.lexicon.has(g, s.lower(link.nouns[0])) for g in ("venue", "activity", "location")
    )
    if gap or own:
        return []
    first = grammar.np_start(link.at)
    return [Frame(f"picture-{at.word}/1", people, at.place, first, at.place, first, link.at, nominal=True)]


def _fronted(grammar: Grammar, at: Phrase) -> list[Frame]:
    """Read "In Lima on Monday, X met Y": the place opens the clause."""
    s = grammar.s
    if not grammar.lexicon.has("at_prep", at.word):
        return []
    opening = at.first
    while opening > 0 and s.tag(opening - 1) in {"WORD", "NAME", "DET", "PREP", "ADV"}:
        opening -= 1
    if opening > 0 and s.tag(opening - 1) not in {"QUOTE", "CONTRAST", "COMP"}:
        return []
    after = at.place + 1
    while s.tag(after) in {"TIM", "PLC", "WORD"}:
        after += 1
    if s.lower(after) != ",":
        return []
    verb = grammar.next_verb(after)
    if verb is None or not any(
        f.group in {"act", "light", "meet", "tell", "say", "stay"} for f in s.tokens[verb].verbs
    ):
        return []
    subject = grammar.subject(verb)
    if not subject.people:
        return []
    return [
        Frame(f"fronted-{at.word}/1", subject.people, at.place, opening, verb, opening, verb, hedges=subject.hedges)
    ]


def _verbless(grammar: Grammar, at: Phrase) -> list[Frame]:
    """Read "X in Lima" in a headline, a post, or a caption: no verb between, and the person is not part of another phrase."""
    s = grammar.s
    last = at.first - 1
    while s.tag(last) in {"ADV", "TIM"}:
        last -= 1
    if s.tag(last) != "PER" or not grammar.lexicon.has("at_prep", at.word):
        return []
    short = s.unit_kind in {"headline", "tweet"} or not any(
        t.tag in {"VERB", "BE", "HAVE", "DO", "MODAL"} for t in s.tokens
    )
    first = grammar.np_start(last)
    people = [p for p in [grammar.referent(last)] if p]
    first = grammar._conjuncts(first, people)
    before = first - 1
    free = before < 0 or s.lower(before) in {":", "|", ".", "-", "—", "–"} or s.tag(before) == "QUOTE"
    handle = before >= 0 and all(
        s.tokens[k].lower.startswith("@") or s.tag(k) in {"NAME", "PUNCT"} for k in range(first)
    )
    if not short or not (free or handle):
        return []
    return [Frame(f"bare-{at.word}/1", people, at.place, first, at.place, first, last)]
