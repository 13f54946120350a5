"""How surely a frame is said, and by which words: cues in its verb group, in what reports it, and in what follows."""

from __future__ import annotations

from bot.reading.english.answers import NOBODY
from bot.reading.english.clauses import Grammar
from bot.reading.english.judgement import UNSURE, Judgement, Report
from bot.reading.english.main_clause import chain_start
from bot.reading.english.phrases import Hedge
from bot.reading.english.reports import climb, speaker_range, verdicts
from bot.reading.english.sources import source
from bot.reading.english.tokens import BREAKS
from bot.reading.english.verb_frames import Frame
from storage.records import Stance, TimePrecision

_EPISTEMIC = frozenset({"may", "might", "could", "must"})
_FUTURE = frozenset(
    {"will", "shall", "would", "won't", "wouldn't", "'ll", "should", "can", "may", "might", "could", "must", "'d"}
)


def judge(grammar: Grammar, frame: Frame) -> Judgement:
    """Collect every cue that scopes over a frame."""
    judgement = Judgement(hedges=list(frame.hedges), origin=frame.origin)
    if frame.origin:
        judgement.hedges.append(Hedge(grammar.span(frame.core, frame.core), Stance.PAST))
    chain = frame.core if frame.nominal else chain_start(grammar, frame.core)
    if not frame.nominal:
        _verb_group(grammar, frame, chain, judgement)
    if grammar.s.question and grammar.s.lower(0) in {"will", "shall"}:
        judgement.hedges.append(Hedge(grammar.span(0, 0), Stance.PLANNED))
    _adverbs(grammar, frame, chain, judgement)
    if not _openers(grammar, frame, judgement):
        climb(grammar, frame, judgement)
    if frame.nominal:
        _around_noun(grammar, frame, judgement)
    verdicts(grammar, frame, judgement)
    source(grammar, frame, judgement)
    return judgement


def _verb_group(grammar: Grammar, frame: Frame, chain: int, judgement: Judgement) -> None:
    s = grammar.s
    hedges = judgement.hedges
    last = frame.core
    while s.tag(frame.core) == "BE" and s.tag(last + 1) in {"NEG", "ADV"}:
        last += 1
    for k in range(chain, last + 1):
        tag, word = s.tag(k), s.lower(k)
        span = grammar.span(k, k)
        if token_time(grammar, k) is TimePrecision.UNBOUNDED_PAST:
            hedges.append(Hedge(grammar.span(chain, frame.core), Stance.PAST))
        if tag == "NEG" and s.lower(k + 1) != "only":
            hedges.append(Hedge(span, Stance.NEGATED))
        elif tag == "MODAL":
            if word.endswith("n't") or word == "cannot":
                hedges.append(Hedge(span, Stance.NEGATED))
            elif word in {"would", "'d", "should"} and s.lower(k + 1) == "have" and s.tag(k + 2) != "TO":
                judgement.rejected = True
            elif word == "can" and s.lower(k + 1) == "be":
                continue
            elif word in _EPISTEMIC and s.lower(k + 1) == "be" and _is_moved(grammar, frame.core):
                hedges.append(Hedge(span, Stance.PLANNED))
            elif word in _EPISTEMIC and s.lower(k + 1) in {"have", "be", "well", "already", "still", "now"}:
                hedges.append(Hedge(span, Stance.ALLEGED))
            elif word in _FUTURE:
                hedges.append(Hedge(span, Stance.PLANNED))
        elif word.endswith("n't"):
            hedges.append(Hedge(span, Stance.NEGATED))
        elif tag == "ADV" and (cue := grammar.lexicon.cue("adverb", word)):
            wide = grammar.span(chain, frame.core) if cue.stance is Stance.PAST else span
            hedges.append(Hedge(wide, cue.stance, cue.voice))
    if any(s.lower(k) == "longer" and s.lower(k - 1) == "no" for k in range(chain, frame.core + 4)):
        hedges.append(Hedge(grammar.span(chain, frame.core), Stance.NEGATED))
    if s.tag(frame.anchor - 1) == "NEG" or any(s.lower(k) in NOBODY for k in range(frame.first, frame.core)):
        hedges.append(Hedge(grammar.span(frame.anchor, frame.anchor), Stance.NEGATED))
    elif s.lower(frame.anchor) == "no" and s.lower(frame.anchor + 1) == "one":
        hedges.append(Hedge(grammar.span(frame.anchor, frame.anchor + 1), Stance.NEGATED))
    moving = any(f.group == "go" and f.form == "ing" for f in s.tokens[frame.core].verbs)
    if (
        moving
        and s.tag(frame.core - 1) in {"BE", "ADV"}
        and grammar.lexicon.has("to_prep", _word_before(grammar, frame))
    ):
        hedges.append(Hedge(grammar.span(frame.core, frame.core), Stance.PLANNED))


def _is_moved(grammar: Grammar, verb: int) -> bool:
    """Tell whether a participle says that somebody is moved ("may be transferred to"): that is still to come."""
    return any(f.group == "carry" and f.form == "participle" for f in grammar.s.tokens[verb].verbs)


def token_time(grammar: Grammar, index: int) -> TimePrecision | None:
    """Return the precision of a time token, None for any other."""
    time = grammar.s.tokens[index].time
    return time.interval.precision if time else None


def _word_before(grammar: Grammar, frame: Frame) -> str:
    at = frame.place - 1
    while at > frame.core and grammar.s.tag(at) != "PREP":
        at -= 1
    return grammar.s.lower(at)


def _adverbs(grammar: Grammar, frame: Frame, chain: int, judgement: Judgement) -> None:
    """Add adverbs before the clause, between verb and place, and at the very end.

    An adverb that opens another phrase ("apparently to fighters") has no say.
    """
    s = grammar.s
    spots = [k for k in range(frame.core + 1, frame.place) if s.tag(k) == "ADV"]
    before = frame.anchor - 1
    while before >= 0 and (s.tag(before) in {"ADV", "TIM"} or s.lower(before) == ","):
        spots.append(before)
        before -= 1
    after = frame.place + 1
    while s.tag(after) == "TIM" or s.lower(after) in {",", "("}:
        after += 1
    if s.tag(after) == "ADV" and (s.tag(after + 1) in {"END", "TIM"} or s.lower(after + 1) in BREAKS | {",", ")"}):
        spots.append(after)
    if not frame.nominal:
        spots.extend(k for k in range(frame.first, chain) if s.tag(k) == "ADV" and s.lower(k - 1) == ",")
    for k in spots:
        if cue := grammar.lexicon.cue("adverb", s.lower(k)):
            judgement.hedges.append(Hedge(grammar.span(k, k), cue.stance, cue.voice))


def _openers(grammar: Grammar, frame: Frame, judgement: Judgement) -> bool:
    """Add "it looks like …" at the start of the clause; tell whether there was one."""
    s = grammar.s
    end = frame.anchor
    while end > 0 and (s.tag(end - 1) == "COMP" or s.lower(end - 1) in {":", "of", "for", "that"}):
        end -= 1
    longest: tuple[int, Hedge] | None = None
    for text, cue in grammar.lexicon.by_kind["opener"].items():
        words = text.split()
        first = end - len(words)
        if first >= 0 and [s.lower(k) for k in range(first, end)] == words and (longest is None or first < longest[0]):
            longest = (first, Hedge(grammar.span(first, end - 1), cue.stance, cue.voice))
    if longest is None and s.lower(frame.anchor - 1) == ":":
        longest = _header(grammar, frame.anchor - 1)
    if longest:
        judgement.hedges.append(longest[1])
        _finder(grammar, longest[0], judgement)
    return longest is not None


def _finder(grammar: Grammar, opener: int, judgement: Judgement) -> None:
    """Add who "found no evidence that" or "said there was no sign that"."""
    s = grammar.s
    at = opener - 1
    while s.tag(at) in {"BE", "ADV", "DET", "COMP"} or s.lower(at) in {"there", "it"}:
        at -= 1
    if s.tag(at) == "VERB" and s.lower(at) in grammar.lexicon.reports and (who := speaker_range(grammar, at)):
        judgement.reports.append(Report(Stance.ASSERTED, grammar.span(at, at), who))


def _header(grammar: Grammar, colon: int) -> tuple[int, Hedge] | None:
    """Read "REPORTS:" and "Rumour in the chats:" before a claim."""
    s = grammar.s
    for at in range(colon - 1, max(-1, colon - 7), -1):
        if s.lower(at) in BREAKS or s.tag(at) in {"VERB", "BE"}:
            return None
        cue = grammar.lexicon.cue("noun", s.lower(at))
        if cue is not None and s.tag(at - 1) in {"END", "PUNCT", "WORD", "ADV"} and cue.stance in UNSURE:
            return at, Hedge(grammar.span(at, at), cue.stance, cue.voice)
    return None


def _around_noun(grammar: Grammar, frame: Frame, judgement: Judgement) -> None:
    """Judge "X's visit to" by what is done with it: cancelled, demanded, awaited, rumors of it.

    "X's visit to Y was not announced" says neither that it took place nor that it did not: a careful editor asserts
    nothing and keeps the words, so it is unclassified. "An unannounced visit" and "was not announced until he had left"
    do say that it took place.
    """
    s = grammar.s
    if s.lower(frame.first) == "no":
        after = range(frame.place + 1, len(s.tokens))
        known = next((k for k in after if grammar.lexicon.has("makes_known", s.lower(k))), None)
        at, stance = (frame.first, Stance.NEGATED) if known is None else (known, Stance.UNCLASSIFIED)
        judgement.hedges.append(Hedge(grammar.span(at, at), stance))
        return
    at = frame.first - 1
    while s.tag(at) in {"DET", "ADV", "TIM"} or (s.lower(at) == "of" and s.lower(at - 1) == "ahead"):
        if s.lower(at) == "of":
            judgement.hedges.append(Hedge(grammar.span(at - 1, at), Stance.PLANNED))
            return
        at -= 1
    word, outer = s.lower(at), s.lower(at - 1)
    has = grammar.lexicon.has
    if word in {"before", "awaiting", "until"}:
        judgement.hedges.append(Hedge(grammar.span(at, at), Stance.PLANNED))
    elif (word == "for" and (has("demanded", outer) or has("demanded", s.lower(at - 2)))) or has("demanded", word):
        judgement.rejected = True
    elif word == "for" and outer in {"plans", "plan", "preparations", "preparing", "prepares", "prepare", "planning"}:
        judgement.hedges.append(Hedge(grammar.span(at - 1, at), Stance.PLANNED))
    elif has("awaited", word):
        judgement.hedges.append(Hedge(grammar.span(at, at), Stance.PLANNED))
    elif s.tag(at) == "VERB" and not any(h.stance is Stance.UNCLASSIFIED for h in judgement.hedges):
        for form in s.tokens[at].verbs:
            if (
                form.group == "trip"
                and (cue := grammar.lexicon.cue("trip", form.lemma))
                and (word not in grammar.lexicon.reports or has("journey", s.lower(frame.core)))
            ):
                judgement.hedges.append(Hedge(grammar.span(at, at), cue.stance))
    for k in range(frame.place + 1, min(len(s.tokens), frame.place + 9)):
        tag, word = s.tag(k), s.lower(k)
        if word in BREAKS or tag in {"CONTRAST", "COMP"}:
            break
        if tag == "NEG" or word.endswith("n't") or word == "never":
            if not any(grammar.lexicon.has("occurs", s.lower(j)) for j in range(k + 1, k + 4)):
                if _is_left_open(grammar, frame, k):
                    judgement.hedges.append(Hedge(grammar.span(k, k), Stance.UNCLASSIFIED))
                break  # "was not a success": the visit is not what is negated
            judgement.hedges.append(Hedge(grammar.span(k, k), Stance.NEGATED))
            break
        if tag == "REL":
            break  # ", which was not announced, angered": what the main clause says of it is not reached
        if word == "would" and not grammar.lexicon.has("arrival", s.lower(frame.core)):
            judgement.rejected = True  # "the death of X in Lima would change": nobody says it has happened
            break
        if word in {"will", "would"}:
            judgement.hedges.append(Hedge(grammar.span(k, k), Stance.PLANNED))
            break
        cue = next((grammar.lexicon.cue("trip", f.lemma) for f in s.tokens[k].verbs if f.group == "trip"), None)
        cue = cue or (grammar.lexicon.cue("predicate", word) if s.tag(k - 1) in {"BE", "ADV"} else None)
        if cue and s.tag(k - 1) in {"BE", "ADV", "VERB"}:
            judgement.hedges.append(Hedge(grammar.span(k, k), cue.stance, cue.voice))
            break
        if tag == "VERB":
            break


def _is_left_open(grammar: Grammar, frame: Frame, negation: int) -> bool:
    """Tell "was not announced" from "was not announced beforehand" and "was not a success"."""
    s, has = grammar.s, grammar.lexicon.has
    at = negation + 1
    while s.tag(at) in {"BE", "ADV"} or has("foretold", s.lower(at)) or s.lower(at) in {"made", "yet"}:
        at += 1
    if not has("makes_known", s.lower(at)):
        return False
    end = next((k for k in range(at, len(s.tokens)) if s.lower(k) in BREAKS | {","}), len(s.tokens))
    return not any(
        has("foretold", s.lower(k)) or s.lower(k).startswith(("until ", "before ")) for k in range(negation, end)
    )
