"""Whose word it is that a picture or a post gives, and how sure the words for a source call it."""

from __future__ import annotations

from bot.reading.english.clauses import Grammar
from bot.reading.english.judgement import Judgement, Report
from bot.reading.english.reports import doubts, np_end, speaker_range
from bot.reading.english.verb_frames import Frame
from storage.records import Stance


def source(grammar: Grammar, frame: Frame, judgement: Judgement) -> None:
    """Add who shows, publishes or places it: "Radio Nacional showed X in Lima", "rumours put X in Lima".

    A picture is no voice of its own; who publishes it is. The words for the source lower the stance.
    """
    s, lexicon = grammar.s, grammar.lexicon
    verb = frame.core
    for at in (k for k, t in enumerate(s.tokens) if lexicon.has("cites", t.lower)):
        judgement.hedges.extend(doubts(grammar, (at + 1, np_end(grammar, at + 1))))
    if frame.rule.startswith("picture"):
        judgement.hedges.extend(doubts(grammar, (frame.anchor, frame.core)))
        verb = frame.anchor - 1
        if s.tag(verb) != "VERB" or not lexicon.has("publishes", s.lower(verb)):
            return
    elif s.tag(verb) != "VERB" or grammar.passive(verb) or s.lower(verb).endswith("ing"):
        return
    who = speaker_range(grammar, verb)
    inside = {p.span.start for p in frame.people}
    if who is None or any(s.tag(k) == "PRON" or s.tokens[k].start in inside for k in range(who[0], who[1] + 1)):
        return
    judgement.hedges.extend(doubts(grammar, who))
    shows = any(f.group == "show" for f in s.tokens[verb].verbs) or verb != frame.core
    pictures = any(lexicon.has("picture", s.lower(k)) for k in range(who[0], who[1] + 1))
    puts = any(f.group == "show" and f.lemma in {"put", "place"} for f in s.tokens[verb].verbs)
    handled = puts and sum(s.tag(k) == "PREP" for k in range(verb, frame.place)) > 1  # "placed X in custody in"
    if shows and not pictures and not handled and not any(r.speaker for r in judgement.reports):
        judgement.reports.append(Report(Stance.ASSERTED, grammar.span(verb, verb), who))
