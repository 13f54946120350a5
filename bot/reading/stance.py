"""How surely a frame is said, and by which words: cues in its verb group, in what reports it, and in what follows."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.reading.clauses import Grammar, Hedge
from bot.reading.frames import Frame
from bot.reading.tokens import BREAKS
from storage.records import Span, Stance, TimePrecision

LATTICE = (
    Stance.DENIED,
    Stance.NEGATED,
    Stance.PLANNED,
    Stance.RUMORED,
    Stance.ALLEGED,
    Stance.PAST,
    Stance.ASSERTED,
)
"""Strongest mark first: a claim gets the first of these that any cue over it asks for."""

_CHAIN = frozenset({"TO", "VERB", "BE", "HAVE", "DO", "MODAL", "NEG", "ADV", "TIM"})
_EPISTEMIC = frozenset({"may", "might", "could", "must"})
_FUTURE = frozenset(
    {"will", "shall", "would", "won't", "wouldn't", "'ll", "should", "can", "may", "might", "could", "must", "'d"}
)
_NOBODY = frozenset({"nobody", "none", "no-one"})
_DEMANDED = frozenset(
    ["call", "calls", "called", "calling", "warrant", "demand", "demands", "demanded", "plea", "pleas", "request", "requests", "requested", "push", "pushed", "campaign", "demanding", "bounty", "reward"]
)
_AWAITED = frozenset(
    ["await", "awaits", "awaiting", "awaited", "expect", "expects", "expecting", "expected", "seek", "seeks", "sought", "urged", "request", "requested", "threatened", "opposed", "welcomes", "invite"]
)


@dataclass(frozen=True, slots=True)
class Report:
    """Somebody's saying that a frame stands under.

    Attributes:
        stance: what the verb or noun makes of it.
        span: the words of the cue.
        speaker: the tokens of who says it, None where the text names nobody.
        voice: `rumor` or `unnamed` for nouns like "rumors that", else "-".
    """

    stance: Stance
    span: Span
    speaker: tuple[int, int] | None
    voice: str = "-"


@dataclass(slots=True)
class Judgement:
    """The stance of a frame with everything that led to it; `rejected` for questions and conditions."""

    hedges: list[Hedge] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    rejected: bool = False

    @property
    def stance(self) -> Stance:
        """The strongest mark of all cues."""
        asked = {h.stance for h in self.hedges} | {r.stance for r in self.reports}
        if Stance.DENIED in asked and any(h.stance is Stance.NEGATED for h in self.hedges):
            return Stance.UNCLASSIFIED  # "denied that X was not in": what is left is for a person to say
        return next((mark for mark in LATTICE if mark in asked), Stance.ASSERTED)


def judge(grammar: Grammar, frame: Frame) -> Judgement:
    """Collect every cue that scopes over a frame."""
    judgement = Judgement(hedges=list(frame.hedges))
    if frame.origin:
        judgement.hedges.append(Hedge(grammar.span(frame.core, frame.core), Stance.PAST))
    chain = frame.core if frame.nominal else _chain_start(grammar, frame.core)
    if not frame.nominal:
        _verb_group(grammar, frame, chain, judgement)
    _adverbs(grammar, frame, chain, judgement)
    if not _openers(grammar, frame, judgement):
        _climb(grammar, frame, judgement)
    if frame.nominal:
        _around_noun(grammar, frame, judgement)
    _verdicts(grammar, frame, judgement)
    return judgement


def _chain_start(grammar: Grammar, core: int) -> int:
    at = core
    while grammar.s.tag(at - 1) in _CHAIN or grammar.lexicon.cue("predicate", grammar.s.lower(at - 1)):
        at -= 1
    return at


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
            elif word in {"would", "'d", "should", "could"} and s.lower(k + 1) == "have" and word != "could":
                judgement.rejected = True
            elif word == "can" and s.lower(k + 1) == "be":
                continue
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
    if s.tag(frame.anchor - 1) == "NEG" or any(s.lower(k) in _NOBODY for k in range(frame.first, frame.core)):
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
    """Add adverbs before the clause, between verb and place, and at the very end; one that opens another phrase has no say."""
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


def _climb(grammar: Grammar, frame: Frame, judgement: Judgement) -> None:
    """Follow what the clause is reported by, from the inside out ("denied reports that X …")."""
    s, lexicon = grammar.s, grammar.lexicon
    anchor = frame.anchor
    for _ in range(5):
        at = anchor - 1
        complement = s.tag(at) == "COMP"
        if complement:
            at -= 1
        word = s.lower(at)
        if s.lower(anchor - 1) in {"had", "were", "should"} and s.tag(at - 1) in {"END", "QUOTE", "CONTRAST"}:
            judgement.rejected = True  # "Had X stayed in …"
            return
        if s.tag(at) == "SUB" or lexicon.has("condition", word):
            if lexicon.has("condition", word):
                judgement.rejected = True
            elif word in {"until", "till", "before"} and not complement:
                judgement.hedges.append(Hedge(grammar.span(at, at), Stance.PLANNED))
            return
        if complement or frame.nominal:
            at = _reporter(grammar, at, complement)
        if at < 0:
            return
        word = s.lower(at)
        noun = lexicon.cue("noun", word) if s.tag(at) == "WORD" else None
        if noun is not None:
            judgement.reports.append(Report(noun.stance, grammar.span(at, at), None, noun.voice))
            anchor = grammar.np_start(at)
            if s.tag(anchor - 1) == "VERB":
                anchor = _add_report(grammar, anchor - 1, complement, judgement)
                if anchor < 0:
                    return
                continue
            return
        if s.tag(at) != "VERB" or word not in lexicon.reports:
            return
        anchor = _add_report(grammar, at, complement, judgement)
        if anchor < 0:
            return


def _reporter(grammar: Grammar, at: int, complement: bool) -> int:
    """Find the verb of saying before "that", over whom it was said to and when."""
    s, lexicon = grammar.s, grammar.lexicon
    for k in range(at, max(-1, at - 9), -1):
        if s.tag(k) == "VERB":
            return k if s.lower(k) in lexicon.reports else -1
        if (
            s.tag(k) == "WORD"
            and lexicon.cue("noun", s.lower(k))
            and (k == at or complement or s.lower(k + 1) in {"of", "about"})
        ):
            return k
        if s.lower(k) in BREAKS or s.tag(k) in {"QUOTE", "BE", "CONTRAST", "REL"} or s.lower(k) == ",":
            return -1
    return -1


def _add_report(grammar: Grammar, verb: int, complement: bool, judgement: Judgement) -> int:
    """Note a verb of saying; return the left edge of its clause, -1 where the chain ends."""
    s, lexicon = grammar.s, grammar.lexicon
    if s.lower(verb) not in lexicon.reports:
        return -1
    cue, _ = lexicon.reports[s.lower(verb)]
    stance = cue.stance
    chain = _chain_start(grammar, verb)
    negated = any(
        s.tag(k) == "NEG" or s.lower(k).endswith("n't") or s.lower(k) in {"declined", "refused", "cannot"}
        for k in range(chain, verb)
    )
    if negated or (any(s.tag(k) == "MODAL" for k in range(chain, verb)) and stance is Stance.ASSERTED):
        stance = Stance.ALLEGED
    who = speaker_range(grammar, verb)
    for k in range(who[0], who[1] + 1) if who else ():
        hedge = lexicon.cue("adjective", s.lower(k)) or (lexicon.cue("noun", s.lower(k)) if k == who[1] else None)
        if hedge and hedge.stance in {Stance.ALLEGED, Stance.RUMORED}:
            judgement.hedges.append(Hedge(grammar.span(k, k), hedge.stance, hedge.voice))
    last = verb + 1 if complement and s.tag(verb + 1) == "COMP" and stance is not Stance.DENIED else verb
    judgement.reports.append(Report(stance, grammar.span(verb, last), who))
    return who[0] if who else -1


def speaker_range(grammar: Grammar, verb: int) -> tuple[int, int] | None:
    """Return the tokens of who says it: the noun phrase before a verb of saying, with its "of …"."""
    s = grammar.s
    at = _chain_start(grammar, verb) - 1
    if s.tag(at) in {"REL"}:
        at -= 1
    if s.lower(at) == "," and s.lower(verb).endswith("ing"):
        earlier = grammar.previous_verb(at)
        return speaker_range(grammar, earlier) if earlier is not None else None
    if s.lower(at) == ",":
        comma = at
        while (at := next((k for k in range(comma - 1, -1, -1) if s.lower(k) == ","), -1)) >= 0 and comma - at < 14:
            comma = at
        at = comma - 1
    elif s.tag(at) in {"CONJ", "CONTRAST"}:
        earlier = grammar.previous_verb(at)
        return speaker_range(grammar, earlier) if earlier is not None else None
    if s.tag(at) == "PRON":
        return (at, at)
    if s.tag(at) not in {"WORD", "NAME", "PER", "PLC", "NUM"}:
        return None
    first = grammar.np_start(at)
    while (
        s.tag(first - 1) == "PREP"
        and s.lower(first - 1) in {"of", "for", "from", "at", "in", "with", "to"}
        and s.tag(first - 2) in {"WORD", "NAME", "PER", "NUM"}
    ):
        first = grammar.np_start(first - 2)
    while s.tag(first - 1) == "PREP" and s.tag(first - 2) == "VERB" and s.tag(first - 3) in {"WORD", "NAME"}:
        first = grammar.np_start(first - 3)  # "a video shared on Telegram"
    return (first, at)


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
    if longest:
        judgement.hedges.append(longest[1])
    return longest is not None


def _around_noun(grammar: Grammar, frame: Frame, judgement: Judgement) -> None:
    """Judge "X's visit to" by what is done with it: cancelled, demanded, awaited, rumors of it."""
    s = grammar.s
    at = frame.first - 1
    while s.tag(at) in {"DET", "ADV"} or (s.lower(at) == "of" and s.lower(at - 1) == "ahead"):
        if s.lower(at) == "of":
            judgement.hedges.append(Hedge(grammar.span(at - 1, at), Stance.PLANNED))
            return
        at -= 1
    word, outer = s.lower(at), s.lower(at - 1)
    if word in {"before", "awaiting", "until"}:
        judgement.hedges.append(Hedge(grammar.span(at, at), Stance.PLANNED))
    elif (word == "for" and (outer in _DEMANDED or s.lower(at - 2) in _DEMANDED)) or word in _DEMANDED:
        judgement.rejected = True
    elif word == "for" and outer in {"plans", "plan", "preparations", "preparing", "prepares", "prepare", "planning"}:
        judgement.hedges.append(Hedge(grammar.span(at - 1, at), Stance.PLANNED))
    elif word in _AWAITED:
        judgement.hedges.append(Hedge(grammar.span(at, at), Stance.PLANNED))
    elif s.tag(at) == "VERB":
        for form in s.tokens[at].verbs:
            if (
                form.group == "trip"
                and (cue := grammar.lexicon.cue("trip", form.lemma))
                and word not in grammar.lexicon.reports
            ):
                judgement.hedges.append(Hedge(grammar.span(at, at), cue.stance))
    for k in range(frame.place + 1, min(len(s.tokens), frame.place + 9)):
        tag, word = s.tag(k), s.lower(k)
        if word in BREAKS or tag in {"CONTRAST", "COMP"}:
            break
        if tag == "NEG" or word.endswith("n't") or word == "never":
            judgement.hedges.append(Hedge(grammar.span(k, k), Stance.NEGATED))
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


def _verdicts(grammar: Grammar, frame: Frame, judgement: Judgement) -> None:
    """Add a verdict on the whole claim: "reports that X was in Y are false", "… were denied by Z"."""
    s = grammar.s
    about = frame.nominal or any(r.speaker is None for r in judgement.reports) or s.tag(frame.anchor - 1) == "COMP"
    if not about:
        return
    for k in range(frame.place + 1, min(len(s.tokens), frame.place + 14)):
        if s.tag(k) in {"CONTRAST", "COMP"} or s.lower(k) in BREAKS:
            return
        cue = grammar.lexicon.cue("verdict", s.lower(k))
        linked = any(s.tag(j) == "BE" or s.lower(j) == "as" for j in range(max(frame.place + 1, k - 3), k))
        if cue and linked:
            if any(s.tag(j) == "NEG" for j in range(max(frame.place + 1, k - 3), k)):
                return
            who = (k + 2, np_end(grammar, k + 2)) if s.lower(k + 1) == "by" else None
            judgement.reports.append(Report(cue.stance, grammar.span(k, k), who))
            return


def np_end(grammar: Grammar, first: int) -> int:
    """Return the last token of the noun phrase that begins at `first`."""
    last = first
    while grammar.s.tag(last + 1) in {"WORD", "NAME", "PER", "PLC", "NUM", "POSS"} or (
        grammar.s.lower(last + 1) in {"of", "for"} and grammar.s.tag(last + 2) in {"WORD", "NAME", "PER", "PLC", "DET"}
    ):
        last += 1 if grammar.s.lower(last + 1) not in {"of", "for"} else 2
    return last
