"""Answers to a question of the text: "Was X in Lima? Her agent says no", "Did X visit Y? The opposition says so"."""

from __future__ import annotations

from bot.reading.english.clauses import Grammar
from bot.reading.english.reports import np_end, speaker_range
from bot.reading.english.speakers import attributions
from bot.reading.english.tokens import BREAKS
from storage.records import Stance

Range = tuple[int, int]

NOBODY = frozenset({"nobody", "none", "no-one"})
"""Subjects that make a statement of its opposite."""

_ASKS = frozenset({"BE", "DO", "HAVE", "MODAL"})
_ENDS = BREAKS | {","}


def can_be_affirmed(question: Grammar) -> bool:
    """Tell whether a question asks yes or no of one thing: not "where", not "in Lima or in Cusco"."""
    s = question.s
    first = next((k for k, t in enumerate(s.tokens) if t.tag not in {"CONJ", "CONTRAST", "ADV", "QUOTE", "PUNCT"}), 0)
    either = any(s.lower(k) == "or" and s.tag(k + 1) != "NEG" for k in range(len(s.tokens)))
    return s.tag(first) in _ASKS and not either


def answer_of(grammar: Grammar) -> tuple[Range, Range, Stance] | None:
    """Find the answer in the sentence behind a question.

    Returns the tokens that answer, the tokens of who answers, and `denied` for a no or `alleged` for a yes: whoever
    says yes to a question that the text leaves open has only said so. None where nobody answers: "would not say".
    """
    s = grammar.s
    opening = next((k for k, t in enumerate(s.tokens) if t.tag != "QUOTE"), 0)
    if s.lower(opening) in {"yes", "no"} and (s.lower(opening + 1) in _ENDS or s.tag(opening + 1) == "QUOTE"):
        said = [a.who for a in attributions(grammar) if a.first > opening]
        no = s.lower(opening) == "no"
        return ((opening, opening), said[0], Stance.DENIED if no else Stance.ALLEGED) if said else None
    if s.lower(opening) == "so" and s.lower(opening + 1) in grammar.lexicon.reports:  # "So says the opposition"
        who = (opening + 2, np_end(grammar, opening + 2))
        return ((opening, opening), who, Stance.ALLEGED) if _closes(grammar, who[1] + 1) else None
    if s.lower(opening) in {"that", "this", "so"} and s.lower(opening + 2) == "what":  # "That is what his brother says"
        verbs = [k for k in range(opening + 3, len(s.tokens)) if s.tag(k) == "VERB" and _is_answering(grammar, k)]
        teller = speaker_range(grammar, verbs[0]) if verbs and _closes(grammar, verbs[0] + 1) else None
        return ((opening, opening + 2), teller, Stance.ALLEGED) if teller else None
    for verb in range(len(s.tokens)):
        answer = _said_by(grammar, verb) if s.tag(verb) == "VERB" and _is_answering(grammar, verb) else None
        said_by = speaker_range(grammar, verb) if answer else None
        if answer and said_by and s.lower(said_by[1]) not in NOBODY:
            return answer[0], said_by, answer[1]
    return None


def _is_answering(grammar: Grammar, verb: int) -> bool:
    """Tell a verb of saying or answering that is neither negated nor only possible: not "would not say so"."""
    s = grammar.s
    first = grammar.group_start(verb)
    if any(s.tag(k) in {"NEG", "MODAL"} or s.lower(k).endswith("n't") for k in range(first, verb)):
        return False
    if s.tag(first - 1) == "TO":
        return False  # "refused to say so"
    return s.lower(verb) in grammar.lexicon.reports or s.lower(verb) in {"answered", "answers"}


def _said_by(grammar: Grammar, verb: int) -> tuple[Range, Stance] | None:
    """Read what follows the verb: "so", "yes", "no", "it", "he was", "she had not"."""
    s = grammar.s
    entry = grammar.lexicon.reports.get(s.lower(verb))
    denies = entry is not None and entry[0].stance is Stance.DENIED
    at = verb + 1
    while s.tag(at) in {"COMP", "TIM", "QUOTE"} or s.lower(at) == ":":
        at += 1
    word = s.lower(at)
    after = at + 1
    if word in {"yes", "no", "so"} and _closes(grammar, after):
        return (at, at), Stance.DENIED if word == "no" else Stance.ALLEGED
    if word in {"it", "this", "that"} and _closes(grammar, after):
        return (verb, at), Stance.DENIED if denies else Stance.ALLEGED
    if s.tag(at) == "PRON" and s.tag(after) in _ASKS:
        no = s.lower(after).endswith("n't") or s.lower(after) == "cannot"
        after += 1
        while s.tag(after) in {"NEG", "ADV"} | _ASKS:
            no = no or s.tag(after) == "NEG"
            after += 1
        if _closes(grammar, after):
            if denies:
                return None if no else ((verb, after - 1), Stance.DENIED)
            return (at, after - 1), Stance.DENIED if no else Stance.ALLEGED
    return None


def _closes(grammar: Grammar, at: int) -> bool:
    """Tell whether the answer is complete before this token, or with a time behind it."""
    while grammar.s.tag(at) == "TIM":
        at += 1
    return grammar.s.tag(at) in {"END", "QUOTE", "CONTRAST", "CONJ"} or grammar.s.lower(at) in _ENDS
