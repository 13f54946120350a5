"""Whose word it is that a picture or a post gives, and how sure the words for a source call it."""

from __future__ import annotations

from bot.reading.english.clauses import Grammar
from bot.reading.english.judgement import UNSURE, Judgement, Report
from bot.reading.english.main_clause import chain_start
from bot.reading.english.phrases import Hedge
from bot.reading.english.reports import doubts, np_end, speaker_range
from bot.reading.english.verb_frames import Frame
from storage.records import Stance

_GUIDES = frozenset({"around", "round", "through"})


def source(grammar: Grammar, frame: Frame, judgement: Judgement) -> None:
    """Add who shows, publishes or places it: "Radio Nacional showed X in Lima", "rumours put X in Lima".

    A picture is no voice of its own; who publishes it is. The words for the source lower the stance.
    """
    s, lexicon = grammar.s, grammar.lexicon
    for at in (k for k, t in enumerate(s.tokens) if lexicon.has("cites", t.lower)):
        judgement.hedges.extend(doubts(grammar, (at + 1, np_end(grammar, at + 1))))
    if frame.rule.startswith("picture"):
        judgement.hedges.extend(doubts(grammar, (frame.anchor, frame.core)))
        _publisher(grammar, frame.anchor, judgement)
        return
    if _is_pictured(grammar, frame):
        picture = grammar.np_start(frame.anchor - 2)
        judgement.hedges.extend(doubts(grammar, (picture, frame.anchor - 2)))
        _publisher(grammar, picture, judgement)
        return
    verb = _shown_by(grammar, frame)
    if s.tag(verb) != "VERB":
        return
    if grammar.passive(verb):
        _agent(grammar, frame, judgement)
        return
    for k in range(chain_start(grammar, verb), verb if verb != frame.core else 0):  # "purportedly showing X greeting"
        cue = lexicon.cue("adverb", s.lower(k)) or lexicon.cue("predicate", s.lower(k))
        if cue and cue.stance in UNSURE:
            judgement.hedges.append(Hedge(grammar.span(k, k), cue.stance, cue.voice))
    if s.lower(verb).endswith("ing"):
        last = chain_start(grammar, verb) - 1
        if lexicon.has("picture", s.lower(last)):  # "released a video purportedly showing X in"
            _publisher(grammar, grammar.np_start(last), judgement)
        return
    who = speaker_range(grammar, verb)
    inside = {p.span.start for p in frame.people}
    if who is None or any(s.tag(k) == "PRON" or s.tokens[k].start in inside for k in range(who[0], who[1] + 1)):
        return
    judgement.hedges.extend(doubts(grammar, who))
    forms = [f for f in s.tokens[verb].verbs if f.group == "show"]
    pictures = any(lexicon.has("picture", s.lower(k)) for k in range(who[0], who[1] + 1))
    puts = any(f.lemma in {"put", "place"} for f in forms)
    handled = puts and sum(s.tag(k) == "PREP" for k in range(verb, frame.place)) > 1  # "placed X in custody in"
    guided = any(s.lower(k) in _GUIDES for k in range(verb, frame.place))  # "showed X around a factory in"
    if forms and not pictures and not handled and not guided and not any(r.speaker for r in judgement.reports):
        judgement.reports.append(Report(Stance.ASSERTED, grammar.span(verb, verb), who))


def _publisher(grammar: Grammar, picture: int, judgement: Judgement) -> None:
    """Add who makes the picture public whose noun phrase begins at a token, and what the words for them say."""
    verb = picture - 1
    if grammar.s.tag(verb) != "VERB" or not grammar.lexicon.has("publishes", grammar.s.lower(verb)):
        return
    who = speaker_range(grammar, verb)
    voices = [r.speaker for r in judgement.reports if r.speaker is not None]
    if who is None or any(not grammar.lexicon.has("picture", grammar.s.lower(last)) for _, last in voices):
        return
    judgement.hedges.extend(doubts(grammar, who))
    judgement.reports.insert(0, Report(Stance.ASSERTED, grammar.span(verb, verb), who))


def _agent(grammar: Grammar, frame: Frame, judgement: Judgement) -> None:
    """Add who places it where that is named behind: "was placed in Lima by unverified reports"."""
    s = grammar.s
    shows = any(f.group == "show" for f in s.tokens[frame.core].verbs)
    if s.lower(frame.place + 1) != "by" or not shows or any(r.speaker for r in judgement.reports):
        return
    who = (frame.place + 2, np_end(grammar, frame.place + 2))
    if who[1] < len(s.tokens):
        judgement.hedges.extend(doubts(grammar, who))
        judgement.reports.append(Report(Stance.ASSERTED, grammar.span(*who), who))


def _is_pictured(grammar: Grammar, frame: Frame) -> bool:
    """Tell "footage of X arriving in"."""
    s = grammar.s
    doing = s.lower(frame.core).endswith("ing") and s.tag(frame.core - 1) == "PER"
    of = frame.anchor >= 2 and s.lower(frame.anchor - 1) in {"of", "with"}
    return doing and of and grammar.lexicon.has("picture", s.lower(frame.anchor - 2))


def _shown_by(grammar: Grammar, frame: Frame) -> int:
    """Return the verb that shows it, for "shows X greeting soldiers in" the one before X."""
    s = grammar.s
    shown = frame.anchor - 1
    doing = s.lower(frame.core).endswith("ing") and s.tag(frame.core - 1) == "PER"
    if doing and any(f.group == "show" for f in s.tokens[max(shown, 0)].verbs):
        return shown
    return frame.core
