"""Denials of what was said before: "the ministry denied such a visit", "it was denied by Y", "he called it false"."""

from __future__ import annotations

from bot.reading.english.clauses import Grammar
from bot.reading.english.reports import np_end, speaker_range
from bot.reading.english.segments import Segments
from bot.reading.english.speakers import attributions
from storage.records import Stance

Range = tuple[int, int]
_NOBODY = (-1, -1)


def denials(grammar: Grammar, segments: Segments) -> list[tuple[int, Range | None]]:
    """Find each cue that denies something said before: its token, and the tokens of who denies (None: nobody named)."""
    found: list[tuple[int, Range | None]] = []
    for at, token in enumerate(grammar.s.tokens):
        entry = grammar.lexicon.reports.get(token.lower)
        verdict = grammar.lexicon.cue("verdict", token.lower)
        if token.tag == "VERB" and entry is not None and entry[0].stance is Stance.DENIED:
            who = _denier(grammar, segments, at)
        elif token.lower == "no" and _is_no_such(grammar, at):
            who = _teller(grammar, at)
        elif verdict is not None and verdict.stance is Stance.DENIED and _is_exclaimed(grammar, at):
            said = [a.who for a in attributions(grammar)]
            who = said[0] if said else _NOBODY
        elif verdict is not None and verdict.stance is Stance.DENIED:
            who = _judge_of(grammar, segments, at)
        else:
            continue
        if who is not None:
            found.append((at, who if who != _NOBODY else None))
    return found


def _denier(grammar: Grammar, segments: Segments, at: int) -> Range | None:
    """Return who denies by a verb of denial that has an anaphor for its object; _NOBODY for a bare passive."""
    s = grammar.s
    low, high = segments.bounds(at)
    if any(s.tag(k) == "NEG" for k in range(max(low, at - 3), at)):
        return None
    if grammar.passive(at):
        they = s.lower(at + 1) == "by" and any(s.lower(k) == "they" for k in range(low, at))
        if not they and not _is_topic(grammar, low, at):
            return None
        return (at + 2, np_end(grammar, at + 2)) if s.lower(at + 1) == "by" else _NOBODY
    ends = all(s.tag(k) in {"PUNCT", "TIM", "QUOTE"} for k in range(at + 1, high + 1))
    if _is_topic(grammar, at + 1, min(high + 1, at + 6)) or (ends and _is_named_before(grammar, at)):
        return speaker_range(grammar, at)
    return None


def _judge_of(grammar: Grammar, segments: Segments, at: int) -> Range | None:
    """Return who calls what was said before false: "S called the report false", "the claim is false, S said"."""
    s = grammar.s
    low, high = segments.bounds(at)
    if any(s.tag(k) in {"NEG", "PLC", "COMP"} for k in range(low, at)):
        return None
    caller = next((k for k in range(at - 1, low, -1) if grammar.lexicon.has("called", s.lower(k))), None)
    if caller is not None:
        return speaker_range(grammar, caller) if _is_topic(grammar, caller + 1, at) else None
    if not _is_topic(grammar, low, at) or not any(s.tag(k) == "BE" for k in range(max(low, at - 3), at)):
        return None
    said = [a.who for a in attributions(grammar) if low <= a.first <= high + 1]
    return said[0] if said else _NOBODY


def _is_no_such(grammar: Grammar, at: int) -> bool:
    """Tell "no such visit took place" from "no such luck"."""
    s = grammar.s
    return (
        s.lower(at + 1) == "such"
        and grammar.lexicon.has("anaphor", s.lower(at + 2))
        and any(grammar.lexicon.has("occurs", s.lower(k)) or s.lower(k) == "place" for k in range(at + 3, at + 8))
    )


def _teller(grammar: Grammar, at: int) -> Range:
    s = grammar.s
    verb = at - 2 if s.tag(at - 1) == "COMP" else at - 1
    if s.tag(verb) == "VERB" and s.lower(verb) in grammar.lexicon.reports:
        return speaker_range(grammar, verb) or _NOBODY
    said = [a.who for a in attributions(grammar)]
    return said[0] if said else _NOBODY


def _is_exclaimed(grammar: Grammar, at: int) -> bool:
    """Tell a verdict that opens a quotation as a sentence of its own: "Fake news, she is at home"."""
    s = grammar.s
    after = at + 2 if s.lower(at + 1) in {"news", "story"} else at + 1
    ends = s.lower(after) in {",", ".", "!", "…"} or s.tag(after) in {"QUOTE", "END"}
    opens = at < 2 or s.lower(at - 2) in {":", ",", "."}
    return opens and s.tag(at - 1) == "QUOTE" and s.tokens[at].quoted and ends


def _is_named_before(grammar: Grammar, verb: int) -> bool:
    """Tell whether what is denied stands before its denier: ", a claim his aides denied", ", which she denied"."""
    who = speaker_range(grammar, verb)
    if who is None:
        return False
    before = who[0] - 1
    return grammar.s.tag(before) in {"REL", "COMP", "CONTRAST"} or grammar.lexicon.has(
        "anaphor", grammar.s.lower(before)
    )


def _is_topic(grammar: Grammar, first: int, stop: int) -> bool:
    s = grammar.s
    for k in range(first, stop):
        if grammar.lexicon.has("anaphor", s.lower(k)) and s.tag(k) in {"WORD", "DET", "PRON", "VERB"}:
            return True
        if s.tag(k) == "COMP" and (s.lower(k + 1) in {"such", "any"} or _has_occurred(grammar, k + 1)):
            continue
        if s.tag(k) in {"PLC", "PER", "COMP"}:
            return False
    return False


def _has_occurred(grammar: Grammar, first: int) -> bool:
    """Tell "that the visit took place" from "that the visit was paid for"."""
    words = [grammar.s.lower(k) for k in range(first, first + 6)]
    return any(w in {"occurred", "happened", "existed"} for w in words) or "place" in words
