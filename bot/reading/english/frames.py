"""Locating frames: the ways in which a clause puts a person at a place. Standing near each other is never enough."""

from __future__ import annotations

from bot.reading.english.attach import Governor, Phrase, governor, phrase
from bot.reading.english.clauses import Grammar
from bot.reading.english.copula import by_copula
from bot.reading.english.journeys import by_journey, by_next_stop, by_where, of_trip_verb
from bot.reading.english.phrases import Hedge, Referent
from bot.reading.english.verb_frames import Frame, by_verb, objects


def frames(grammar: Grammar) -> list[Frame]:
    """Find every frame of a sentence."""
    found: list[Frame] = []
    for index, token in enumerate(grammar.s.tokens):
        if token.tag != "PLC":
            continue
        if journey := by_journey(grammar, index) or by_next_stop(grammar, index):
            found.append(journey)
            continue
        at = phrase(grammar, index)
        if at is None:
            continue
        kept: Frame | None = None
        for frame in _read(grammar, at):
            if kept is None and frame.people:
                kept = frame
                found.append(frame)
            elif kept is not None and (frame.core, frame.origin) == (kept.core, kept.origin):
                kept.people.extend(frame.people)
        if kept is not None:
            kept.people = _distinct([*kept.people, *_company(grammar, kept)])
    for index, token in enumerate(grammar.s.tokens):
        if token.lower == "where" and (clause := by_where(grammar, index, found)):
            found.append(clause)
    return found


_TOGETHER = frozenset({"together", "along", "accompanied", "alongside", "with"})


def _company(grammar: Grammar, frame: Frame) -> list[Referent]:
    """Return the people named right behind a place as company: "in Lima together with X"."""
    s = grammar.s
    at = frame.place + 1
    if (
        frame.nominal
        or frame.origin
        or s.lower(at) not in _TOGETHER
        or frame.rule.startswith(("bare", "shown", "picture"))
    ):
        return []
    found: list[Referent] = []
    for k in range(at + 1, min(len(s.tokens), at + 9)):
        if s.tag(k) == "PER" and s.tag(k + 1) not in {"POSS", "PER"} and (person := grammar.referent(k)):
            found.append(person)
            if s.tag(k + 1) != "CONJ":
                break
        elif s.tag(k) not in {"WORD", "NAME", "DET", "PLC", "POSS", "CONJ", "PREP", "PER"} or (
            s.tag(k) == "PREP" and s.lower(k) not in {"with", "by"}
        ):
            break
    return found


def _distinct(people: list[Referent]) -> list[Referent]:
    kept: dict[str, Referent] = {}
    for person in people:
        kept.setdefault(person.person.id, person)
    return list(kept.values())


def _read(grammar: Grammar, at: Phrase) -> list[Frame]:
    if at.preposition is None:
        return by_verb(grammar, at, Governor("verb", at.first - 1))
    link = governor(grammar, at)
    if link.kind == "verb":
        return by_verb(grammar, at, link) or _shown_doing(grammar, at, link)
    if link.owned and link.kind != "noun":
        return []
    if link.kind == "be":
        return by_copula(grammar, at, link)
    if link.kind == "noun":
        return _by_noun(grammar, at, link)
    if link.kind == "picture":
        return _by_picture(grammar, at, link)
    return [*_fronted(grammar, at), *_verbless(grammar, at)]


def _shown_doing(grammar: Grammar, at: Phrase, link: Governor) -> list[Frame]:
    """Read "shows X arguing with guards in": the showing places X, whatever X is doing."""
    s = grammar.s
    if not s.lower(link.at).endswith("ing") or s.tag(link.at - 1) != "PER" or link.owned:
        return []
    outer = governor(grammar, Phrase(at.place, at.preposition, at.word, link.at))
    if outer.kind != "verb" or not any(form.group == "show" for form in s.tokens[outer.at].verbs):
        return []
    return by_verb(grammar, at, outer)


def _by_noun(grammar: Grammar, at: Phrase, link: Governor) -> list[Frame]:
    """Read "X's arrival in", "the arrest of X in"; an ownerless noun belongs to its verb ("paid a visit to")."""
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
        grammar.conjuncts(grammar.np_start(first), people)
    elif s.tag(first) == "DET" and s.lower(first) in {"his", "her"}:
        coref = grammar.resolve(s, first, first)
        people = [coref] if coref else []
    else:
        link_word = s.lower(noun + 1)
        if link_word in {"of", "by"}:
            people = objects(grammar, noun, at, {link_word})
    if not people and (trip := of_trip_verb(grammar, noun, at.place)):
        return [trip]
    if not people:
        again = governor(grammar, Phrase(at.place, at.preposition, at.word, first))
        again.nouns.insert(0, noun)
        if again.kind == "verb":
            return by_verb(grammar, at, again)
        if again.kind == "be":
            return by_copula(grammar, at, again)
        people = objects(grammar, noun, at, {"between", "with"})
        if not people and again.kind == "start":
            return _fronted(grammar, at)
    hedges = [
        Hedge(grammar.span(k, k), cue.stance, cue.voice)
        for k in range(first, noun)
        if s.tag(k) not in {"PER", "POSS"} and (cue := lexicon.cue("adjective", s.lower(k)))
    ]
    frame = Frame(f"{word}-{at.word}/1", people, at.place, first, at.place, first, noun, leaving, True, hedges)
    return [frame]


def _by_picture(grammar: Grammar, at: Phrase, link: Governor) -> list[Frame]:
    s = grammar.s
    people = objects(grammar, link.at, at, {"of", "with"})
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
    """Read "X in Lima" in a headline, a post, or a caption: no verb between, the person in no other phrase."""
    s = grammar.s
    last = at.first - 1
    while s.tag(last) in {"ADV", "TIM"} or (s.lower(last) == "," and s.tag(last - 1) == "ADV"):
        last -= 1
    if s.lower(last) == "," and s.tag(last + 1) == "ADV":
        last -= 1
    if s.tag(last) != "PER" or not grammar.lexicon.has("at_prep", at.word):
        return []
    short = (
        s.unit_kind in {"headline", "tweet"}
        or not s.closed
        or not any(t.tag in {"VERB", "BE", "HAVE", "DO", "MODAL"} for t in s.tokens)
    )
    first = grammar.np_start(last)
    people = [p for p in [grammar.referent(last)] if p]
    first = grammar.conjuncts(first, people)
    before = first - 1
    free = before < 0 or s.lower(before) in {":", "|", ".", "-", "—", "–"} or s.tag(before) == "QUOTE"
    handle = before >= 0 and all(
        s.tokens[k].lower.startswith("@") or s.tag(k) in {"NAME", "PUNCT"} for k in range(first)
    )
    if not short or not (free or handle):
        return []
    return [Frame(f"bare-{at.word}/1", people, at.place, first, at.place, first, last)]
