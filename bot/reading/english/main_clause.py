"""The main clause of a sentence: the verb that a participle behind a comma, or a verb behind "and", belongs to."""

from __future__ import annotations

from bot.reading.english.clauses import Grammar
from bot.reading.english.tokens import BREAKS

_CHAIN = frozenset({"TO", "VERB", "BE", "HAVE", "DO", "MODAL", "NEG", "ADV", "TIM"})


def chain_start(grammar: Grammar, core: int) -> int:
    """Return where the chain of verbs that ends at `core` begins ("was rumored to have travelled")."""
    at = core
    while grammar.s.tag(at - 1) in _CHAIN or grammar.lexicon.cue("predicate", grammar.s.lower(at - 1)):
        at -= 1
    return at


def main_verb(grammar: Grammar, stop: int) -> int | None:
    """Find the verb of the main clause before `stop`, over relatives, "that" clauses and fronted clauses.

    A participle behind a comma ("…, saying") belongs to it: "the ministry denied that X had met Y, saying he …" is
    said by the ministry. Of clauses joined by "and" the last counts, unless it stands under a verb of saying.
    """
    s = grammar.s
    start = stop
    while start > 0 and s.lower(start - 1) not in BREAKS and s.tag(start - 1) != "CONTRAST":
        before = grammar.quoted_words(start - 1) if s.tag(start - 1) == "QUOTE" else start - 1
        if before < 0:
            break
        start = before
    main: int | None = None
    for at in range(start, stop):
        if not _is_finite(grammar, at) or _is_subordinate(grammar, start, at):
            continue
        if main is None:
            main = at
            continue
        joined = [k for k in range(main + 1, at) if s.tag(k) == "CONJ"]
        reports = s.lower(main) in grammar.lexicon.reports
        beside = s.lower(at) in grammar.lexicon.reports and _is_set_off(grammar, at)
        if beside or (joined and not reports) or any(s.lower(k - 1) == "," for k in joined):
            main = at
    return main


def _is_set_off(grammar: Grammar, verb: int) -> bool:
    """Tell ", the ministry said" beside a clause."""
    last = chain_start(grammar, verb) - 1
    in_phrase = grammar.s.tag(last) in {"WORD", "NAME", "PER", "PLC", "PRON"}
    return in_phrase and grammar.s.lower(grammar.np_start(last) - 1) == ","


def _is_finite(grammar: Grammar, at: int) -> bool:
    s = grammar.s
    if s.tag(at) == "BE":
        return s.tag(at + 1) not in {"VERB", "BE"} and s.lower(at) not in {"be", "been", "being"}
    if s.tag(at) != "VERB":
        return False
    first = grammar.group_start(at)
    if s.tag(first - 1) == "TO" or (s.lower(at).endswith("ing") and first == at):
        return False
    return not (first == at and s.tag(at - 1) == "PREP")


def _is_subordinate(grammar: Grammar, start: int, verb: int) -> bool:
    """Tell whether a verb is the first behind a relative, a "that" or a "when", with no comma between."""
    s = grammar.s
    for k in range(verb - 1, start - 1, -1):
        if s.lower(k) == "," or _is_finite(grammar, k):
            return False
        if s.tag(k) in {"REL", "SUB", "COMP"} or (
            s.tag(k) == "PREP" and grammar.lexicon.has("subordinate", s.lower(k))
        ):
            return True
    return False
