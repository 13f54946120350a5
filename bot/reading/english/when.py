"""When a claim is said to be true: the time expression that belongs to its clause, and what the time says of it."""

from __future__ import annotations

from datetime import datetime

from bot.reading.english.clauses import Grammar
from bot.reading.english.judgement import Judgement
from bot.reading.english.main_clause import chain_start
from bot.reading.english.segments import Segments
from bot.reading.english.speakers import attributions
from bot.reading.english.tokens import BREAKS
from bot.reading.english.verb_frames import Frame
from bot.reading.times.finder import default_interval
from storage.records import Interval, Stance, TimePrecision

_CLAUSE = frozenset({"COMP", "TO", "VERB", "BE", "HAVE", "MODAL", "QUOTE", "CONTRAST", "REL"})


def time_of(
    grammar: Grammar, segments: Segments, frame: Frame, judgement: Judgement, published: datetime | None
) -> Interval:
    """Take the nearest time of the clause, else the time of the post; the day it is told on is not its day."""
    low, high = segments.bounds(frame.core)
    best: tuple[int, Interval] | None = None
    for index in range(low, high + 1):
        token = grammar.s.tokens[index]
        if token.time is None or _is_elsewhere(grammar, index, frame):
            continue
        if _dates_saying(grammar, index, frame, judgement):
            continue
        distance = min(abs(index - frame.place), abs(index - frame.core))
        blocked = any(
            grammar.s.tag(k) in {"VERB"}
            for k in range(min(index, frame.first), max(index, frame.place))
            if not frame.first <= k <= frame.place
        )
        distance += 10 if blocked else 0
        if best is None or distance < best[0]:
            best = (distance, token.time.interval)
    return best[1] if best else default_interval(published)


def by_time(stance: Stance, interval: Interval, published: datetime | None) -> Stance:
    """A time after the post makes a plan of an assertion; an open or far past makes it past."""
    if published is None or stance not in {Stance.ASSERTED, Stance.PAST}:
        return stance
    today = published.date().isoformat()
    if interval.start and interval.start[:10] > today:
        return Stance.PLANNED
    if interval.precision is TimePrecision.UNBOUNDED_PAST:
        return Stance.PAST
    if interval.end and interval.start and interval.end[:4] < str(published.year - 1):
        return Stance.PAST
    return stance


def _is_elsewhere(grammar: Grammar, time: int, frame: Frame) -> bool:
    """Tell whether a time belongs to another clause: behind a "but", or in a relative (", who fled in 2017, was")."""
    between = range(min(time, frame.core), max(time, frame.core))
    if any(grammar.s.tag(k) == "CONTRAST" for k in between):
        return True
    for k in range(frame.place + 1, time):  # "met Y in Lima before flying to Cusco on Friday"
        if (
            grammar.s.lower(k) in {"before", "after"}
            and frame.core < k
            and any(grammar.s.tag(j) in {"VERB", "BE"} for j in range(k + 1, time))
        ):
            return True
    for at in range(time - 1, -1, -1):
        if grammar.s.lower(at) == ",":
            return False
        if grammar.s.tag(at) == "REL":
            return not at < frame.core <= time and frame.core > time
    return False


def _dates_saying(grammar: Grammar, time: int, frame: Frame, judgement: Judgement) -> bool:
    """Tell whether a time says when somebody spoke: "said on Tuesday", "on Friday denied", "police said on Sunday"."""
    s, tokens = grammar.s, grammar.s.tokens
    if time < frame.anchor and _is_told(grammar, time, frame, judgement):
        return not _is_current(grammar, time, frame)
    if tokens[frame.anchor].quoted and tokens[frame.place].quoted and not tokens[time].quoted:
        return True
    beside = [(a.first, _attribution_end(grammar, a.last)) for a in attributions(grammar)]
    beside = [(first, last) for first, last in beside if not first <= frame.core <= last]
    if any(first <= time <= last for first, last in beside):
        return True
    for verb in range(len(tokens)):
        if s.tag(verb) != "VERB" or s.lower(verb) not in grammar.lexicon.reports or verb == frame.core:
            continue
        if verb < time < frame.core and not _opens_clause(grammar, verb + 1, time):
            return True
        if chain_start(grammar, verb) <= time < verb < frame.core:
            return True
        if frame.place < verb < time and not any(first <= verb <= last < time for first, last in beside):
            return True
    return False


def _is_told(grammar: Grammar, time: int, frame: Frame, judgement: Judgement) -> bool:
    """Tell whether a time before the clause belongs to what reports it, and not to the clause behind its "that"."""
    tokens = grammar.s.tokens
    told = [r.span.start for r in judgement.reports if r.span.start < tokens[frame.anchor].start]
    told.extend(h.span.start for h in judgement.hedges if h.speaker is not None)
    return bool(told) and not any(grammar.s.tag(k) == "COMP" and tokens[k].start > min(told) for k in range(time))


def _is_current(grammar: Grammar, time: int, frame: Frame) -> bool:
    """Tell whether somebody's whereabouts are told of the day that pictures or posts of it went round on."""
    verb = grammar.previous_verb(time)
    return (
        grammar.s.tag(frame.core) == "BE"
        and verb is not None
        and grammar.lexicon.has("circulates", grammar.s.lower(verb))
    )


def _opens_clause(grammar: Grammar, first: int, stop: int) -> bool:
    return any(grammar.s.tag(k) in _CLAUSE or grammar.s.lower(k) == "," for k in range(first, stop))


def _attribution_end(grammar: Grammar, last: int) -> int:
    """Return where an attribution ends with what hangs on it: "according to a statement released on Tuesday"."""
    s = grammar.s
    stops = {"END", "QUOTE", "CONTRAST", "COMP", "CONJ"}
    while s.tag(last + 1) not in stops and s.lower(last + 1) not in BREAKS | {","}:
        last += 1
    return last
