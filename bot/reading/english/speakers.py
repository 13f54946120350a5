"""Who says it: attributions in a sentence and around a quotation, and what kind of voice a noun phrase is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.reading.english.clauses import Grammar
from bot.reading.english.reports import np_end, speaker_range
from bot.reading.english.tokens import BREAKS
from bot.reading.units import Unit
from storage.records import Speaker, SpeakerKind, Stance

Range = tuple[int, int]

_PARTS = frozenset({"member", "members", "one", "two", "some", "several", "head"})


def classify(grammar: Grammar, text: str, who: Range, unit: Unit) -> Speaker:
    """Name a speaker by the words of the text and say what kind of voice it is."""
    s, roles = grammar.s, grammar.lexicon
    first, last = who
    head = last
    for k in range(first, last):
        if s.tag(k + 1) in {"PREP", "VERB", "REL"} or s.lower(k + 1) in {"close", "familiar", "near"}:
            head = k
            break
    words = [s.lower(k) for k in range(first, last + 1)]
    name = grammar.span(first, last).of(text)
    noun = s.lower(head)
    if s.tag(last) == "PRON":
        earlier = grammar.previous_verb(last) if noun in {"it", "they"} else None
        if earlier is not None and (owner := speaker_range(grammar, earlier)) and s.tag(owner[1]) != "PRON":
            return classify(grammar, text, owner, unit)
        person = grammar.resolve(s, last, last)
        if person is None or _named_after(grammar, last, person.person.id):
            return Speaker(_via(f"“{name}”, not named there", unit), SpeakerKind.PERSON)
        return Speaker(person.person.name, SpeakerKind.PERSON)
    if roles.has("doubtful", noun):
        return Speaker(_via("unnamed (rumor)", unit), SpeakerKind.RUMOR)
    if roles.has("unnamed", noun) or "familiar" in words or (roles.cue("noun", noun) and len(words) < 3):
        return Speaker(name, SpeakerKind.UNNAMED)
    if roles.has("picture", noun) and not any(roles.has("online", t.lower) for t in s.tokens):
        return unit.speaker
    if roles.has("picture", noun) or (roles.has("crowd", noun) and any(roles.has("online", w) for w in words)):
        return crowd(grammar, text, unit)
    token = s.tokens[head]
    possessor = max((k for k in range(first, head) if s.tag(k) == "POSS"), default=first - 1)
    before = {s.lower(k) for k in range(possessor + 1, head)}  # "the general's brother" is no general
    official = any(roles.has("official", w) or roles.has("spokesperson", w) for w in before)
    owned = s.lower(first) in {"his", "her", "their", "its"} or any(s.tag(k) == "POSS" for k in range(first, head))
    joined = "-".join(words[head - first :])  # "chief-of-staff"
    if noun in _PARTS and s.lower(head + 1) == "of":
        noun, owned = s.lower(last), True  # "members of his entourage"
    spokesperson = any(roles.has("spokesperson", word) for word in (noun, joined))
    spokesperson = spokesperson or (owned and roles.has("spokesperson_if_owned", noun))
    if token.person is not None:
        return Speaker(token.person.person.name, SpeakerKind.OFFICIAL if official else SpeakerKind.PERSON)
    if spokesperson:
        return Speaker(name, SpeakerKind.OFFICIAL)
    if words[-2:] == ["social", "media"]:
        return crowd(grammar, text, unit)
    if roles.has("crowd", noun) and not (official and noun in {"relatives"}):
        return Speaker(name, SpeakerKind.CROWD)
    if any(roles.has("outlet", s.lower(k)) for k in range(first, head + 1)) and not roles.has("official", noun):
        reporter = roles.has("title", noun) or noun in roles.classes["press"]
        return Speaker(name, SpeakerKind.PERSON if reporter else SpeakerKind.OUTLET)
    if token.place is not None or roles.has("official", noun) or official:
        return Speaker(name, SpeakerKind.OFFICIAL)
    if roles.has("organisation", noun):
        return Speaker(name, SpeakerKind.OUTLET if _airs(grammar, last) else SpeakerKind.ORGANISATION)
    if roles.has("document", noun) and not owned:
        issued = any(s.tag(k) == "NAME" or roles.has("organisation", s.lower(k)) for k in range(first, head))
        return Speaker(name, SpeakerKind.ORGANISATION if issued else SpeakerKind.UNNAMED)
    plural = noun.endswith("s") and not noun.endswith("ss")
    if token.tag == "NUM" or (first == last == 0 and token.capital and not plural and not s.title_case):
        # "Canal 9", and a bare singular that opens a sentence: without an article that is a name
        return Speaker(name, SpeakerKind.OUTLET if _airs(grammar, last) else SpeakerKind.ORGANISATION)
    if token.tag == "NAME" and _airs(grammar, last):
        return Speaker(name, SpeakerKind.OUTLET)
    if token.tag == "NAME":
        names = sum(s.tag(k) == "NAME" for k in range(first, head + 1))
        titled = any(roles.has("title", w) for w in before) or before & set().union(*roles.classes.values())
        return Speaker(name, SpeakerKind.PERSON if names > 1 or titled else SpeakerKind.ORGANISATION)
    return Speaker(name, SpeakerKind.CROWD if plural else SpeakerKind.PERSON)


def _airs(grammar: Grammar, last: int) -> bool:
    """Tell whether a phrase is followed by a verb of broadcasting: whoever does that is an outlet."""
    at = last + 1
    while grammar.s.tag(at) in {"TIM", "ADV", "HAVE"}:
        at += 1
    return grammar.lexicon.has("airs", grammar.s.lower(at))


def _named_after(grammar: Grammar, pronoun: int, person_id: str) -> bool:
    """Tell whether a person is named after a pronoun in its sentence: "he said that X …" is not said by X."""
    later = grammar.s.tokens[pronoun + 1 :]
    return any(token.person is not None and token.person.person.id == person_id for token in later)


def _via(voice: str, unit: Unit) -> str:
    """Add who passes a voice on, where that is known."""
    return voice if unit.speaker.kind is SpeakerKind.UNNAMED else f"{voice}, via {unit.speaker.name}"


def unnamed(voice: str, unit: Unit) -> Speaker:
    """Name a speaker whom the text does not name: `rumor`, or the `unnamed` of "it is said"."""
    if voice == "rumor":
        return Speaker(_via("unnamed (rumor)", unit), SpeakerKind.RUMOR)
    return Speaker(_via("unnamed", unit), SpeakerKind.UNNAMED)


def crowd(grammar: Grammar, text: str, unit: Unit) -> Speaker:
    """Name the unnamed many who share a picture or a claim online."""
    online = [t for t in grammar.s.tokens if grammar.lexicon.has("online", t.lower)]
    site = next((t for t in online if t.capital and not grammar.lexicon.has("anywhere_online", t.lower)), None)
    users = f"{text[site.start : site.end].lstrip('#@')} users" if site else "users"
    return Speaker(_via(f"unnamed {users}", unit), SpeakerKind.CROWD)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Words beside a clause that say whose it is: ", S said", "according to S".

    Attributes:
        first, last: the tokens of the whole attribution.
        who: the tokens of the speaker.
        stance: what the verb makes of it ("claimed": alleged).
        cue: the token of the verb.
    """

    first: int
    last: int
    who: Range
    stance: Stance
    cue: int


@lru_cache(maxsize=4)
def attributions(grammar: Grammar) -> tuple[Attribution, ...]:
    """Find the attributions that stand beside a clause rather than over it."""
    s, lexicon = grammar.s, grammar.lexicon
    found: list[Attribution] = []
    for at, token in enumerate(s.tokens):
        if token.lower == ":" and s.tag(at + 1) == "QUOTE" and s.tag(at - 1) in {"WORD", "NAME", "PER"}:
            first = grammar.np_start(at - 1)
            if s.tag(first - 1) in {"END", "PUNCT", "CONJ", "QUOTE"}:
                found.append(Attribution(first, at, (first, at - 1), Stance.ASSERTED, at))
        if token.lower == "according" and s.lower(at + 1) == "to":
            last = np_end(grammar, at + 2)
            found.append(Attribution(at, last, (at + 2, last), Stance.ASSERTED, at))
        elif token.tag == "VERB" and token.lower in lexicon.reports and not token.quoted:
            end = _parenthesis_end(grammar, at)
            if end is None:
                continue
            stance = lexicon.reports[token.lower][0].stance
            set_off = s.lower(at - 1) in {",", "—", "–", "-"} or s.tag(at - 1) == "QUOTE"
            listener = lexicon.has("tells", token.lower)  # ", the mayor, Ana Lima, told reporters"
            if set_off and not listener and s.tag(at + 1) in {"WORD", "NAME", "DET", "PER", "PLC"}:
                last = np_end(grammar, at + 1)
                if not lexicon.has("anaphor", s.lower(last)):  # ", who met Y, denied the report"
                    found.append(Attribution(at, last, (at + 1, last), stance, at))
                    continue
            who = speaker_range(grammar, at)
            if who is not None and (
                s.lower(who[0] - 1) in {",", "—", "–", "-", "as"} or s.tag(who[0] - 1) in {"QUOTE", "CONTRAST"}
            ):
                found.append(Attribution(who[0], end, who, stance, at))
    return tuple(found)


def _parenthesis_end(grammar: Grammar, verb: int) -> int | None:
    """Return where ", S said to reporters on Monday" ends; None where the verb has a clause of its own behind it."""
    s = grammar.s
    for at in range(verb + 1, len(s.tokens) + 1):
        if s.tag(at) == "END" or s.lower(at) in BREAKS | {","} or s.tag(at) in {"QUOTE", "CONTRAST", "CONJ"}:
            return at - 1
        if s.tag(at) in {"VERB", "BE", "MODAL", "HAVE", "COMP", "TO"}:
            return at - 1 if s.tag(at) == "VERB" and s.lower(at).endswith("ing") else None
    return None


def of_quotation(sentences: Sequence[Grammar], here: int, index: int) -> tuple[Grammar, Range] | None:
    """Find who speaks the quotation that a token stands in, looking after its end first, then before its start."""
    grammar = sentences[here]
    found = attributions(grammar)
    after = [a for a in found if a.first > index]
    if after:
        return grammar, after[0].who
    s = grammar.s
    for at in range(index, -1, -1):
        if s.tag(at) == "VERB" and not s.tokens[at].quoted and s.lower(at) in grammar.lexicon.reports:
            who = speaker_range(grammar, at)
            return (grammar, who) if who else None
    if found:
        return grammar, found[0].who
    for other in (here + 1, here - 1, here + 2, here - 2):
        if 0 <= other < len(sentences) and sentences[other].s.unit_index == s.unit_index:
            near = [a for a in attributions(sentences[other]) if not sentences[other].s.tokens[a.first].quoted]
            if near:
                return sentences[other], near[0].who
    return None
