"""What a clause is reported by: verbs and nouns of saying around it, and verdicts on what they say."""

from __future__ import annotations

from bot.reading.english.clauses import Grammar
from bot.reading.english.judgement import UNSURE, Judgement, Report
from bot.reading.english.lexicon import inflect
from bot.reading.english.main_clause import chain_start, main_verb
from bot.reading.english.phrases import Hedge
from bot.reading.english.tokens import BREAKS
from bot.reading.english.verb_frames import Frame
from storage.records import Stance

_DEADLINES = frozenset({"before", "until", "till"})

_CORRELATIVES = frozenset({"neither", "either", "both"})
"""What opens a pair of names: "said neither X nor Y was in"."""

_INSERT = 14
"""Tokens that an insert between two commas may have."""

_RELATIVE = 8
"""Tokens that a relative clause within the noun phrase of a source may have, up to its last phrase."""

_SOURCE = frozenset({"WORD", "NAME", "PER", "PLC", "NUM", "PRON"})
"""What the noun phrase of a source ends with."""

_EDGES = frozenset({"END", "QUOTE", "CONJ", "CONTRAST", "COMP"})
"""What stands before the subject of a clause."""


def climb(grammar: Grammar, frame: Frame, judgement: Judgement) -> None:
    """Follow what the clause is reported by, from the inside out ("denied reports that X …")."""
    s, lexicon = grammar.s, grammar.lexicon
    anchor = frame.anchor
    opener = grammar.group_start(frame.core) - 1
    if s.lower(opener) == "before" and s.lower(frame.core).endswith("ing"):
        _deadline(grammar, frame, opener, judgement)  # "arrested before reaching"
    for _ in range(5):
        at = anchor - 1
        if s.lower(at) in _CORRELATIVES:
            at -= 1
        complement = s.tag(at) == "COMP"
        if complement:
            at -= 1
        word = s.lower(at)
        if s.lower(anchor - 1) in {"had", "were", "should"} and s.tag(anchor) in {"PER", "PRON", "DET", "WORD"}:
            judgement.rejected = True  # "Had X stayed in …"
            return
        if s.tag(at) == "SUB" or lexicon.has("condition", word) or word in _DEADLINES:
            if lexicon.has("condition", word):
                judgement.rejected = True
            elif word in _DEADLINES and not complement:
                _deadline(grammar, frame, at, judgement)
            return
        reported = complement or frame.nominal
        at = _reporter(grammar, at, complement) if reported else _over_listener(grammar, at)
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
            denier = _denied_as(grammar, anchor)
            if denier >= 0:
                _add_report(grammar, denier, complement, judgement)
            return
        if s.tag(at) != "VERB" or word not in lexicon.reports:
            return
        anchor = _add_report(grammar, at, complement, judgement)
        if anchor < 0:
            return


def _deadline(grammar: Grammar, frame: Frame, at: int, judgement: Judgement) -> None:
    """Judge a clause behind "before" or "until" by its tense and by what came before it.

    In the present it is still to come ("until X arrives in"); in the past it has happened ("until X arrived in"),
    unless something befell the same person first ("was arrested before he reached").
    """
    s = grammar.s
    forms = {f.form for f in s.tokens[frame.core].verbs}
    first = grammar.group_start(frame.core)
    earlier = grammar.previous_verb(at)
    same = s.tag(frame.anchor) == "PRON" or (forms == {"ing"} and first == frame.core)
    befell = earlier is not None and any(
        f.group == "suffer" or f.lemma in {"die", "perish"} for f in s.tokens[earlier].verbs
    )
    if same and befell and s.lower(at) == "before" and earlier is not None:
        passive = grammar.passive(earlier) or any(f.lemma in {"die", "perish"} for f in s.tokens[earlier].verbs)
        if passive:
            judgement.hedges.append(Hedge(grammar.span(at, at), Stance.NEGATED))
    elif first == frame.core and forms and forms <= {"s", "base"}:
        judgement.hedges.append(Hedge(grammar.span(at, at), Stance.PLANNED))


def _over_listener(grammar: Grammar, at: int) -> int:
    """Step back over whom it was told and when, where no "that" follows: "told the crowd on Monday he would"."""
    s = grammar.s
    while s.tag(at) in {"TIM", "WORD", "NAME"}:
        first = at if s.tag(at) == "TIM" else grammar.np_start(at)
        if s.tag(at) != "TIM" and s.tag(first - 1) != "PREP":
            break
        at = first - 1 if s.tag(at) == "TIM" else first - 2  # "said by telephone on Sunday they had"
    if s.tag(at) in {"WORD", "NAME", "PER", "PRON"}:
        first = at if s.tag(at) == "PRON" else grammar.np_start(at)
        if s.tag(first - 1) == "VERB" and grammar.lexicon.has("tells", s.lower(first - 1)):
            return first - 1
    return at


def _denied_as(grammar: Grammar, noun_phrase: int) -> int:
    """Find the verb in "rejected as pure invention a report that"; -1 where there is none."""
    s = grammar.s
    for k in range(noun_phrase - 1, max(-1, noun_phrase - 10), -1):
        if s.tag(k) == "VERB":
            entry = grammar.lexicon.reports.get(s.lower(k))
            return k if entry and entry[0].stance is Stance.DENIED and s.lower(k + 1) == "as" else -1
        if s.lower(k) == "," or s.tag(k) in {"CONTRAST", "COMP"}:
            return -1
    return -1


def _reporter(grammar: Grammar, at: int, complement: bool) -> int:
    """Find the verb of saying before "that", over whom it was said to and when."""
    s, lexicon = grammar.s, grammar.lexicon
    for k in range(at, max(-1, at - 9), -1):
        if s.tag(k) == "VERB" and not (complement and lexicon.has("circulates", s.lower(k))):
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
    chain = chain_start(grammar, verb)
    negated = any(
        s.tag(k) == "NEG" or s.lower(k).endswith("n't") or s.lower(k) in {"declined", "refused", "cannot"}
        for k in range(chain, verb)
    )
    if negated and _makes_known(grammar, verb):
        judgement.hedges.append(Hedge(grammar.span(chain, verb), Stance.UNCLASSIFIED))
        return -1  # "did not announce X's visit to", "would not confirm that": nobody has said that X is there
    if negated or (any(s.tag(k) == "MODAL" for k in range(chain, verb)) and stance is Stance.ASSERTED):
        stance = Stance.ALLEGED
    for k in range(chain, verb):  # "appears to show", "allegedly said"
        hedge = lexicon.cue("predicate", s.lower(k)) or lexicon.cue("adverb", s.lower(k))
        if hedge and hedge.stance in UNSURE:
            judgement.hedges.append(Hedge(grammar.span(k, k), hedge.stance, hedge.voice))
    who = speaker_range(grammar, verb)
    if who is not None:
        judgement.hedges.extend(doubts(grammar, who))
    last = verb + 1 if complement and s.tag(verb + 1) == "COMP" and stance is not Stance.DENIED else verb
    judgement.reports.append(Report(stance, grammar.span(verb, last), who))
    return who[0] if who else -1


def _makes_known(grammar: Grammar, verb: int) -> bool:
    """Tell a form of "announce", "confirm" or "disclose", which tell what is not known yet, from other saying."""
    cue, _ = grammar.lexicon.reports[grammar.s.lower(verb)]
    past = inflect(cue.text)["participle"]
    return any(grammar.lexicon.has("makes_known", word) for word in past)


def speaker_range(grammar: Grammar, verb: int) -> tuple[int, int] | None:
    """Return the tokens of who says it: the noun phrase before a verb of saying, with its "of …"."""
    s = grammar.s
    at = chain_start(grammar, verb) - 1
    if s.tag(at) in {"REL"}:
        at -= 1
    if s.lower(at) == "," and s.lower(verb).endswith("ing"):
        earlier = main_verb(grammar, at)
        return speaker_range(grammar, earlier) if earlier is not None else None
    if s.lower(at) == ",":
        at = _before_inserts(grammar, at)
    elif s.tag(at) in {"CONJ", "CONTRAST"}:
        earlier = _joined_to(grammar, at)
        return speaker_range(grammar, earlier) if earlier is not None else None
    if s.tag(at) == "PRON":
        return (at, at)
    if s.tag(at) not in _SOURCE:
        return None
    return (_phrase_start(grammar, at), at)


def _phrase_start(grammar: Grammar, last: int) -> int:
    """Return where the noun phrase of a source begins: "officials of the port", "a video shared on Telegram"."""
    s = grammar.s
    first = grammar.np_start(last)
    medium = ("crowd", "picture", "document")
    while (
        s.tag(first - 1) == "PREP"
        and (
            s.lower(first - 1) in {"of", "for", "from", "at", "in", "with", "to"}
            or (s.lower(first - 1) == "on" and any(grammar.lexicon.has(g, s.lower(first - 2)) for g in medium))
        )
        and s.tag(first - 2) in {"WORD", "NAME", "PER", "NUM"}
    ):
        first = grammar.np_start(first - 2)
    while s.tag(first - 1) == "PREP" and s.tag(first - 2) == "VERB" and s.tag(first - 3) in {"WORD", "NAME"}:
        first = grammar.np_start(first - 3)  # "a video shared on Telegram"
    relative = next((k for k in range(first - 1, max(-1, first - _RELATIVE), -1) if s.tag(k) == "REL"), -1)
    inside = s.tag(first - 1) == "PREP" and s.tag(relative - 1) in {"WORD", "NAME"} and s.lower(relative - 1) != ","
    if relative > 0 and inside and s.tag(relative + 1) in {"VERB", "HAVE", "BE"}:
        return grammar.np_start(relative - 1)  # "a video that went viral on TikTok"
    return first


def _before_inserts(grammar: Grammar, comma: int) -> int:
    """Return the last token of the subject before inserts: "the mayor, Ana Lima, 58, who was born in Oslo, said".

    That is the phrase furthest back which opens a clause or follows a comma; "X is in Lima, the mayor, Ana Lima,
    said" is not said by Lima.
    """
    s = grammar.s
    ends = [comma - 1]
    while (earlier := next((k for k in range(comma - 1, -1, -1) if s.lower(k) == ","), -1)) >= 0 and (
        comma - earlier < _INSERT
    ):
        comma = earlier
        ends.append(comma - 1)
    for last in reversed(ends):
        if s.tag(last) in _SOURCE:
            edge = (last if s.tag(last) == "PRON" else _phrase_start(grammar, last)) - 1
            if s.tag(edge) in _EDGES or s.lower(edge) in BREAKS | {","}:
                return last
    return ends[-1]


def doubts(grammar: Grammar, who: tuple[int, int]) -> list[Hedge]:
    """Return how sure the words for a speaker call it: "unconfirmed posts", "rumours", "alleged witnesses"."""
    s, lexicon = grammar.s, grammar.lexicon
    first, last = who
    head = next((k for k in range(first, last) if s.tag(k + 1) in {"PREP", "VERB", "REL"}), last)
    found = [(k, lexicon.cue("adjective", s.lower(k))) for k in range(first, head + 1)]
    issuer = any(
        s.tag(k) == "NAME" or lexicon.has("official", s.lower(k)) or lexicon.has("organisation", s.lower(k))
        for k in range(first, head)
    )
    if not issuer:  # "reports said", not "a police report said"
        found.append((head, lexicon.cue("noun", s.lower(head))))
    return [Hedge(grammar.span(k, k), cue.stance, cue.voice) for k, cue in found if cue and cue.stance in UNSURE]


def _joined_to(grammar: Grammar, conjunction: int) -> int | None:
    """Find the verb that shares its subject: "denied that X was in Lima and said", "met Y in Lima and said"."""
    nearest = grammar.previous_verb(conjunction)
    outer = main_verb(grammar, conjunction)
    if outer is None or nearest is None or outer == nearest:
        return nearest
    under = any(grammar.s.tag(k) == "COMP" for k in range(outer, nearest))
    return outer if under else nearest


def verdicts(grammar: Grammar, frame: Frame, judgement: Judgement) -> None:
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
            by = next((j for j in range(k + 1, k + 5) if s.lower(j) == "by"), None)
            timed = by is not None and all(s.tag(j) in {"TIM", "ADV"} for j in range(k + 1, by))
            if by is not None and not timed and s.lower(k + 1) != "as":
                by = None
            who = (by + 1, np_end(grammar, by + 1)) if by is not None else None
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
