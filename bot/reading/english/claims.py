"""Frames made into sightings: stance, speaker, time, the exact quote, and denials of what was said before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.reading.english import speakers
from bot.reading.english.answers import answer_of, can_be_affirmed
from bot.reading.english.clauses import Grammar
from bot.reading.english.denials import denials
from bot.reading.english.frames import frames
from bot.reading.english.judgement import LATTICE, Judgement, Report
from bot.reading.english.phrases import Referent
from bot.reading.english.reports import doubts
from bot.reading.english.segments import Segments
from bot.reading.english.stance import judge
from bot.reading.english.tokens import Token
from bot.reading.english.verb_frames import Frame
from bot.reading.english.when import by_time, time_of
from bot.reading.model import Context
from bot.reading.times.finder import default_interval
from bot.reading.units import Unit
from storage.records import Interval, Sighting, Span, Speaker, Stance, TimePrecision

_STRONG = Stance.DENIED
_SCORES = {"bare": 0.75, "picture": 0.8, "fronted": 0.8, "be": 0.95}


class Claims:
    """All sightings of one text, in its order."""

    def __init__(self, text: str, context: Context, grammars: Sequence[Grammar], owners: Sequence[Unit]) -> None:
        self.text = text
        self.context = context
        self.grammars = grammars
        self.owners = owners
        self.found: list[tuple[int, Sighting]] = []

    def all(self) -> list[Sighting]:
        """Read every sentence."""
        for index, grammar in enumerate(self.grammars):
            segments = Segments(grammar)
            if grammar.s.question and not any(t.quoted for t in grammar.s.tokens):
                self._ask(index, grammar, segments)
                continue
            for frame in frames(grammar):
                self._claim(index, grammar, segments, frame)
            for at, who in denials(grammar, segments):
                self._deny(index, grammar, segments, at, who)
        return [
            sighting for _, sighting in sorted(self.found, key=lambda f: (f[1].start, f[1].person_id, f[1].place.key))
        ]

    def _ask(self, index: int, grammar: Grammar, segments: Segments) -> None:
        """Read what a question asks only as far as the sentence behind it answers, in the name of who answers.

        A no is a denial, shown by the words of the answer; a yes is alleged, and question and answer are shown. What
        nobody answers is no sighting.
        """
        for number in range(index + 1, min(index + 2, len(self.grammars))):
            other, unit = self.grammars[number], self.owners[number]
            answer = answer_of(other)
            if answer is None or (answer[2] is not _STRONG and not can_be_affirmed(grammar)):
                continue
            words, who, stance = answer
            held, self.found = self.found, []
            for frame in frames(grammar):
                self._claim(index, grammar, segments, frame)
            asked, self.found = self.found, held
            speaker = speakers.classify(other, self.text, who, unit)
            cue = other.span(*words)
            if stance is _STRONG:
                span = other.span(min(who[0], words[0]), max(who[1], words[1]))
                for _, sighting in asked[:1]:
                    denial = replace(
                        sighting, stance=_STRONG, speaker=speaker, quote=span.of(self.text), start=span.start,
                        end=span.end, rule="answered-no/1", person_span=None, place_span=None, cue_spans=(cue,),
                        note=f"antecedent: {sighting.start}-{sighting.end}",
                    )  # fmt: skip
                    self._add(number, denial)
                continue
            span = Span(grammar.s.span.start, other.s.span.end)
            for _, sighting in asked:
                if sighting.stance in {_STRONG, Stance.NEGATED}:
                    continue  # "Wasn't X in Lima? His lawyer says so": which of the two is for a person to say
                mark = min(sighting.stance, stance, key=LATTICE.index)
                claim = replace(
                    sighting, stance=mark, speaker=speaker, quote=span.of(self.text), start=span.start, end=span.end,
                    rule="answered-yes/1", cue_spans=(*sighting.cue_spans, cue),
                )  # fmt: skip
                self._add(index, claim)

    def _claim(self, index: int, grammar: Grammar, segments: Segments, frame: Frame) -> None:
        judgement = judge(grammar, frame)
        if judgement.rejected:
            return
        place = grammar.s.tokens[frame.place]
        assert place.place is not None
        beside = self._beside(grammar, segments, frame)
        if beside is not None and not judgement.reports and beside.stance is not _STRONG:
            judgement.reports.append(Report(beside.stance, grammar.span(beside.cue, beside.cue), None))
            judgement.hedges.extend(doubts(grammar, beside.who))
        stance = judgement.stance
        unsaid = default_interval(self.context.published)
        interval = unsaid
        if not judgement.stays:
            interval = time_of(grammar, segments, frame, judgement, self.context.published)
        stance = by_time(stance, interval, self.context.published)
        speaker, said_by = self._speaker(index, grammar, frame, judgement, stance, beside)
        if stance is Stance.PLANNED and interval == unsaid and interval.end is not None:
            interval = Interval(interval.end, None, TimePrecision.INTERVAL, "planned; after the post date")
        if stance is _STRONG and (rumour := _rumour(judgement)):
            said = speakers.unnamed(rumour.voice, self.owners[index])
            self._record(index, grammar, segments, frame, judgement, rumour.stance, said, interval, None)
        self._record(index, grammar, segments, frame, judgement, stance, speaker, interval, said_by)

    def _record(
        self,
        index: int,
        grammar: Grammar,
        segments: Segments,
        frame: Frame,
        judgement: Judgement,
        stance: Stance,
        speaker: Speaker,
        interval: Interval,
        said_by: tuple[int, int] | None,
    ) -> None:
        place = grammar.s.tokens[frame.place]
        assert place.place is not None
        cues = self._cues(grammar, segments, frame, judgement)
        quote = self._quote(grammar, segments, frame, cues, said_by)
        for person in frame.people:
            sighting = Sighting(
                person_id=person.person.id,
                person_name=person.person.name,
                place=place.place.place,
                stance=stance,
                speaker=speaker,
                time=interval,
                quote=quote.of(self.text),
                start=quote.start,
                end=quote.end,
                rule=frame.rule,
                score=round(self._score(frame, person), 3),
                person_span=self._named(grammar, segments, frame, person),
                place_span=Span(place.start, place.end),
                cue_spans=cues,
                matched_as=person.matched_as,
                note=_note(person, place),
            )
            self._add(index, sighting)

    def _add(self, index: int, sighting: Sighting) -> None:
        for at, (where, other) in enumerate(self.found):
            same = (other.person_id, other.place.key, other.stance, other.start) == (
                sighting.person_id, sighting.place.key, sighting.stance, sighting.start,
            )  # fmt: skip
            if same and other.speaker == sighting.speaker:
                if sighting.score > other.score:
                    self.found[at] = (where, sighting)
                return
        self.found.append((index, sighting))

    def _score(self, frame: Frame, person: Referent) -> float:
        return person.score * _SCORES.get(frame.rule.split("-")[0], 0.9)

    def _named(self, grammar: Grammar, segments: Segments, frame: Frame, person: Referent) -> Span:
        """Return where the person is named.

        For a descriptor that is the name in the same clause if there is one; a rank written out before a name
        belongs to it.
        """
        span = person.span
        if person.how:
            low, high = segments.bounds(frame.core)
            for index in range(low, high + 1):
                mention = grammar.s.tokens[index].person
                if mention is not None and mention.person.id == person.person.id:
                    span = Span(grammar.s.tokens[index].start, grammar.s.tokens[index].end)
                    break
        at = next((k for k, t in enumerate(grammar.s.tokens) if t.start == span.start and t.person is not None), 0)
        rank = grammar.s.tokens[at - 1] if at else None
        if rank and rank.capital and not rank.lower.endswith(".") and grammar.lexicon.has("title", rank.lower):
            return Span(rank.start, span.end)
        return span

    # --- time, speaker, quote ------------------------------------------------------------------------------------

    def _beside(self, grammar: Grammar, segments: Segments, frame: Frame) -> speakers.Attribution | None:
        """Find the attribution that stands beside the clause of a frame."""
        low, high = segments.bounds(frame.core)
        for found in speakers.attributions(grammar):
            inside = found.first <= frame.core <= found.last
            if not inside and low <= found.first <= high + 1 and not grammar.s.tokens[found.first].quoted:
                return found
        return None

    def _speaker(
        self,
        index: int,
        grammar: Grammar,
        frame: Frame,
        judgement: Judgement,
        stance: Stance,
        beside: speakers.Attribution | None,
    ) -> tuple[Speaker, tuple[int, int] | None]:
        """Choose who says it: who reports it, who is named beside it, who is quoted, whom the cues imply, the unit."""
        unit = self.owners[index]
        reports = [r for r in judgement.reports if r.speaker is not None]
        if stance is _STRONG:
            reports = [r for r in reports if r.stance is _STRONG] or reports
        if reports and reports[0].speaker:
            return speakers.classify(grammar, self.text, reports[0].speaker, unit), reports[0].speaker
        hedged = [h for h in judgement.hedges if h.speaker is not None and h.stance is stance]
        if hedged and hedged[0].speaker:
            return speakers.classify(grammar, self.text, hedged[0].speaker, unit), hedged[0].speaker
        if beside is not None:
            return speakers.classify(grammar, self.text, beside.who, unit), beside.who
        if grammar.s.tokens[frame.place].quoted:
            said = speakers.of_quotation(self.grammars, index, frame.place)
            if said:
                return speakers.classify(said[0], self.text, said[1], self.owners[index]), None
        voices = {r.voice for r in judgement.reports} | {h.voice for h in judgement.hedges}
        for voice in ("rumor", "unnamed"):
            if voice in voices:
                return speakers.unnamed(voice, unit), None
        pictured = frame.rule.startswith(("shown", "picture"))
        if pictured and any(grammar.lexicon.has("online", t.lower) for t in grammar.s.tokens):
            return speakers.crowd(grammar, self.text, unit), None
        return unit.speaker, None

    def _cues(self, grammar: Grammar, segments: Segments, frame: Frame, judgement: Judgement) -> tuple[Span, ...]:
        spans = {h.span for h in judgement.hedges} | {
            r.span for r in judgement.reports if r.stance is not Stance.ASSERTED
        }
        high = segments.bounds(frame.core)[1]
        # An adverb further on hedges something else; it is shown all the same, for the eye of the editor.
        adverbs = (grammar.span(k, k) for k in range(frame.place + 1, high + 1) if grammar.s.tag(k) == "ADV")
        spans |= {span for span in adverbs if grammar.lexicon.cue("adverb", span.of(self.text).lower())}
        core = grammar.s.tokens[frame.core]
        wide = set()
        for span in spans:
            at = next(k for k, t in enumerate(grammar.s.tokens) if t.start == span.start)
            chained = grammar.lexicon.cue("predicate", grammar.s.lower(at)) and at < frame.core
            if chained and all(
                grammar.s.tag(k) in {"TO", "VERB", "BE", "HAVE", "ADV"} for k in range(at + 1, frame.core + 1)
            ):
                wide.add(Span(span.start, core.end))
            else:
                wide.add(span)
        kept = [a for a in wide if not any(a != b and b.start <= a.start and a.end <= b.end for b in wide)]
        return tuple(sorted(kept, key=lambda s: s.start))

    def _quote(
        self, grammar: Grammar, segments: Segments, frame: Frame, cues: Sequence[Span], said_by: tuple[int, int] | None
    ) -> Span:
        s = grammar.s
        if frame.nominal and said_by is None:
            noun_phrase = grammar.span(frame.first, frame.last)
            if all(noun_phrase.start <= c.start and c.end <= noun_phrase.end for c in cues):
                return noun_phrase
        return segments.quote(min(frame.first, frame.core), frame.place, s.span)

    def _deny(self, index: int, grammar: Grammar, segments: Segments, at: int, who: tuple[int, int] | None) -> None:
        """Add the denial of the newest sighting of the last two sentences, unless its cue has had its say already."""
        span = grammar.span(at, at)
        if any(span in found.cue_spans for _, found in self.found):
            return
        before = [
            (where, said)
            for where, said in self.found
            if index - 2 <= where <= index and said.stance is not _STRONG and _stands_before(said, where, index, span)
        ]
        if not before:
            return
        newest = [said for where, said in before if where == before[-1][0]]
        if len({said.place.key for said in newest}) > 1:
            newest = newest[-1:]
        unit = self.owners[index]
        speaker = speakers.classify(grammar, self.text, who, unit) if who else unit.speaker
        quote = segments.quote(min(who[0], at) if who else at, at, grammar.s.span)
        for said in newest:
            denial = replace(
                said,
                stance=_STRONG,
                speaker=speaker,
                quote=quote.of(self.text),
                start=quote.start,
                end=quote.end,
                rule="denied-antecedent/1",
                person_span=None,
                place_span=None,
                cue_spans=(span,),
                note=f"antecedent: {said.start}-{said.end}",
            )
            self._add(index, denial)


def _rumour(judgement: Judgement) -> Report | None:
    """Return the rumour or claim that a denial names: "denied reports that", "rumours that … were false"."""
    nouns = [r for r in judgement.reports if r.speaker is None and r.voice in {"rumor", "unnamed"}]
    return nouns[0] if nouns else None


def _stands_before(said: Sighting, where: int, index: int, span: Span) -> bool:
    if where < index:
        return True
    return said.start < span.start and (said.place_span is None or said.place_span.start < span.start)


def _note(person: Referent, place: Token) -> str:
    notes = [f"coref: {person.how}"] if person.how else []
    if place.place is not None and place.place.reason == "antecedent":
        notes.append("place: named before")
    return "; ".join(notes)
