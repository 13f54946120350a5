"""From a place name back to what it belongs to: its preposition, and the verb or noun that the phrase hangs on."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.reading.english.clauses import Grammar

_REACH = 30
"""How many tokens back a place may be from its verb."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A place with its preposition ("in the port city of Odesa").

    Attributes:
        place: the token of the place.
        preposition: the token of the preposition; None where the place is a direct object.
        word: the preposition, `from` for "out of".
        first: where the phrase begins; for a direct object, the token after its verb.
    """

    place: int
    preposition: int | None
    word: str
    first: int


@dataclass(slots=True)
class Governor:
    """What a place phrase hangs on.

    Attributes:
        kind: `verb`, `be`, `noun`, `picture`, `person`, `start` or `none`.
        at: the token of it.
        people: tokens of people passed on the way, nearest first.
        nouns: tokens of the nouns passed on the way, nearest first.
        owned: `place` where the nearest noun takes the place to itself ("the war in"), `people` where those are there.
        outer: the preposition nearest to the verb, where the place phrase is part of a longer one ("from a jail in").
    """

    kind: str
    at: int = -1
    people: list[int] = field(default_factory=list)
    nouns: list[int] = field(default_factory=list)
    owned: str = ""
    outer: str = ""


def phrase(grammar: Grammar, place: int) -> Phrase | None:
    """Find the preposition of a place; None where the place name belongs to something else."""
    s, lexicon = grammar.s, grammar.lexicon
    if not _is_location(grammar, place):
        return None
    if s.lower(place) in {"there", "here"} and s.tag(place - 1) != "PREP":
        return Phrase(place, place, s.lower(place), place)
    at = place - 1
    words = 0
    while words < 8:
        tag, word = s.tag(at), s.lower(at)
        if tag in {"DET", "NUM", "ADV", "WORD", "NAME", "PLC"} or (tag == "PUNCT" and word == "-"):
            if tag == "PLC" and s.tokens[at].place is not None and s.tokens[at].place.kind == "metonym":  # type: ignore[union-attr]
                return None
            at, words = at - 1, words + 1
        elif tag == "POSS" and s.tag(at - 1) == "PLC":
            at -= 2
        elif (tag == "CONJ" or word == ",") and s.tag(at - 1) == "PLC":
            at -= 1
        elif word == "," and s.lower(at + 1) == "then" and s.tag(at - 1) == "TIM" and s.tag(at - 2) == "PLC":
            at -= 2  # "to visit Lima on Sat, then Cusco on Sun"
        elif tag == "PREP" and word == "of" and s.lower(at - 1) == "out":
            return Phrase(place, at, "from", at - 1)
        elif tag == "PREP" and word == "of" and lexicon.has("of_place", s.lower(at - 1)):
            at -= 1
        elif tag == "PREP":
            first = at
            if s.tag(at - 1) == "PREP" and s.lower(at - 1) in {"from", "to", "into", "at", "in"}:
                return Phrase(place, at - 1, s.lower(at - 1), at - 1)
            return Phrase(place, at, word, first)
        elif tag == "VERB":
            return Phrase(place, None, "", at + 1)
        else:
            return None
    return None


def _is_location(grammar: Grammar, place: int) -> bool:
    """Tell whether a place name stands for the place itself here ("Kenya's capital", not "Kenya's president")."""
    s, lexicon = grammar.s, grammar.lexicon
    mention = s.tokens[place].place
    if mention is None or mention.kind == "metonym":
        return False
    after = place + 1
    if (
        s.lower(place - 1) == ","
        and s.tag(place - 2) == "PLC"
        and s.tag(place + 1) != "CONJ"
        and mention.kind == "place"
    ):
        return False
    if s.lower(after) == "-" and s.tokens[after].start == s.tokens[place].end:
        return False
    if mention.kind == "place" and s.tag(after) != "POSS":
        return not (s.tag(after) in {"WORD", "NAME"} and lexicon.has("institution", s.lower(after)))
    if s.tag(after) == "POSS":
        after += 1
    while s.tag(after) in {"CONJ", "PLC"} and s.tag(after + 1) in {"PLC", "WORD"} and mention.kind == "demonym":
        after += 1
    for at in range(after, after + 3):
        if s.tag(at) == "PLC" or s.tag(at) not in {"WORD", "NAME", "ADV"}:
            return False
        if lexicon.has("location", s.lower(at)):
            return not (s.lower(at + 1) == "of" and s.tag(at + 2) == "PLC")
    return False


def governor(grammar: Grammar, found: Phrase) -> Governor:
    """Walk back from a place phrase to the verb or noun it hangs on."""
    s, lexicon = grammar.s, grammar.lexicon
    result = Governor("none")
    at = found.first - 1
    stop = max(-1, at - _REACH)
    head = True
    while at > stop:
        tag, word = s.tag(at), s.lower(at)
        if tag == "PER":
            result.people.append(at)
        elif tag == "WORD" or tag == "NAME":
            if head and lexicon.has("own_place", word):
                result.owned = "place"
            elif head and lexicon.has("own_people", word):
                result.owned = "people"
            if lexicon.has("picture", word) and s.lower(at + 1) == "of" and result.people:
                result.kind, result.at = "picture", at
                return result
            if _is_frame_noun(grammar, at) and _adjoins(grammar, at, found, result):
                result.kind, result.at = "noun", at
                return result
            if s.tag(at + 1) not in {"WORD", "NAME", "POSS", "PLC"}:
                result.nouns.append(at)
        elif tag == "VERB":
            verbs = s.tokens[at].verbs
            if verbs:
                result.kind, result.at = "verb", at
                return result
            if not (word.endswith("ing") and s.tag(at - 1) in {"VERB", "PER"} and word not in lexicon.distant):
                return Governor("none")
        elif tag == "BE":
            if s.tag(at + 1) == "VERB" and s.tokens[at + 1].verbs:
                return Governor("none")
            result.kind, result.at = "be", at
            return result
        elif tag == "PREP" and lexicon.has("particle", word) and s.tag(at - 1) == "VERB":
            pass  # "handing out rice in"
        elif tag == "PREP":
            if _is_topic(grammar, at):
                return Governor("none")
            if not any(s.tag(k) == "PLC" for k in range(at + 1, min(found.first, at + 5))):
                result.outer = word
        elif word == "," and _opens_example(grammar, at + 1, found.first):
            pass
        elif word == ",":
            jump = _before_insert(grammar, at, result)
            if jump is None:
                result.kind = "none"
                return result
            at = jump
        elif tag not in {"TIM", "ADV", "NEG", "DET", "NUM", "POSS", "PLC", "CONJ", "PRON"}:
            return result
        if tag in {"WORD", "NAME", "PER", "PLC"}:
            head = False
        at -= 1
    result.kind = "start" if at < 0 else "none"
    return result


def _opens_example(grammar: Grammar, first: int, stop: int) -> bool:
    """Tell whether no more than "most recently" stands between a comma and the place phrase."""
    s = grammar.s
    return first < stop and all(
        s.tag(k) in {"ADV", "TIM"} or s.lower(k) in {"most", "last", "first"} for k in range(first, stop)
    )


def _is_frame_noun(grammar: Grammar, at: int) -> bool:
    word = grammar.s.lower(at)
    return any(grammar.lexicon.has(group, word) for group in ("arrival", "presence", "departure"))


def _adjoins(grammar: Grammar, noun: int, found: Phrase, passed: Governor) -> bool:
    """Tell whether a noun such as "arrival" takes the place itself, with nothing but its owner or a time between."""
    s = grammar.s
    for at in range(noun + 1, found.first):
        if s.tag(at) in {"TIM", "PER", "NAME", "DET", "WORD", "CONJ", "ADV", "NUM"} or s.lower(at) in {
            "of",
            "by",
            "between",
            "with",
        }:
            continue
        return False
    between = [k for k in range(noun + 1, found.first) if s.tag(k) == "WORD"]
    return not between or bool(passed.people)


def _is_topic(grammar: Grammar, at: int) -> bool:
    """Tell whether a preposition opens what something is about: a place behind it is not where anybody is."""
    s, lexicon = grammar.s, grammar.lexicon
    word = s.lower(at)
    if word == "of" and s.tag(at - 1) == "VERB":
        return True  # "spoke of"
    if not lexicon.has("topic_prep", word):
        return False
    if word in {"on", "over", "into", "between"}:
        for k in range(at + 1, at + 6):
            heads = ("activity", "venue", "vehicle", "location", "arrival")
            if s.tag(k) == "PER" or any(lexicon.has(group, s.lower(k)) for group in heads):
                return False
            if s.tag(k) in {"PREP", "END", "VERB"}:
                return True
    return True


def _before_insert(grammar: Grammar, comma: int, passed: Governor) -> int | None:
    """Step over ", including X," to the comma before it; None where the comma ends the clause."""
    s = grammar.s
    for at in range(comma - 1, max(-1, comma - 16), -1):
        if s.lower(at) == ",":
            opener = s.tag(at + 1)
            if opener in {"PRON", "BE", "HAVE", "MODAL", "CONTRAST", "SUB", "COMP"}:
                return None
            passed.people.extend(k for k in range(comma - 1, at, -1) if s.tag(k) == "PER")
            return at
        if s.tag(at) in {"QUOTE", "CONTRAST", "COMP", "SUB"}:
            return None
    return None
