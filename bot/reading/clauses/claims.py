"""Frames made into sightings: stance by the lattice, speaker, time, exact quote, and denials of what stands before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.reading.clauses.clause import Clause
from bot.reading.clauses.frames import Frame, Reader
from bot.reading.clauses.lexicon import Lexicon
from bot.reading.clauses.nearby import ACT
from bot.reading.clauses.tokens import Token
from bot.reading.clauses.voices import Voice, Voices
from bot.reading.english.judgement import LATTICE
from bot.reading.english.when import by_time
from bot.reading.model import Context, PersonMention
from bot.reading.times.finder import default_interval
from bot.reading.times.phrases import ahead
from bot.reading.units import Unit
from storage.records import Interval, Sighting, Span, Speaker, Stance

_SCORE = 0.85
_BARE_SCORE = 0.75
_UNLISTED_SCORE = 0.7
_CARRIED = 0.9
"""What a subject that another clause names is worth beside one that its own names."""
_BEFORE = 4
"""How many words before its verb a "not" may stand."""


class Claims:
    """All sightings of one text, in its order."""

    def __init__(self, text: str, context: Context, known: Lexicon) -> None:
        self.text = text
        self.context = context
        self.known = known
        self.found: list[Sighting] = []
        self.before: PersonMention | None = None
        self.last: list[Sighting] = []
        """What the sentence before said, for a denial of it."""

    def read(self, tokens: Sequence[Token], span: Span, unit: Unit) -> None:
        """Read one sentence. A question says nothing, and neither does what a condition governs."""
        reader = Reader(tokens, self.known, self.before)
        made: list[Sighting] = []
        voices = Voices(self.text, tokens, reader.clauses, self.known, unit)
        if tokens and not self._is_asked(tokens):
            for frame in reader.frames():
                if not self._is_supposed(tokens, frame, reader):
                    made.extend(self._claims(tokens, span, unit, reader, voices, frame))
            if not made:
                made = self._denials(tokens, span, reader, voices)
        self.found.extend(made)
        self.last = [s for s in made if s.stance is not Stance.DENIED] or []
        named = {t.person.person.id: t.person for t in tokens if t.person is not None}
        if len(named) == 1:
            self.before = next(iter(named.values()))
        elif named:
            self.before = None

    def _is_asked(self, tokens: Sequence[Token]) -> bool:
        return any(t.low in {"?", "؟"} for t in tokens[-2:]) or any(t.has("question") for t in tokens)

    def _is_supposed(self, tokens: Sequence[Token], frame: Frame, reader: Reader) -> bool:
        clause = reader.clauses[frame.clause]
        reach = tokens if frame.trigger < 0 else tokens[: clause.last + 1]
        if any(t.has("condition") for t in reach):
            return True
        pattern = self.known.options.get("conditional")
        if pattern and any(t.kind == "word" and re.search(pattern, t.low) for t in tokens[: clause.last + 1]):
            return True
        return any(t.has("could") for t in tokens[clause.first : clause.last + 1])

    def _claims(
        self, tokens: Sequence[Token], span: Span, unit: Unit, reader: Reader, voices: Voices, frame: Frame
    ) -> list[Sighting]:
        anchor = frame.place if frame.trigger < 0 else frame.trigger
        over = [v for v in voices.all if v.covers(anchor) or (v.covers(frame.place) and v.at != anchor)]
        over = [v for v in over if v.at != anchor]
        marks = self._marks(tokens, reader, frame)
        interval = self._time(tokens, reader, frame, over)
        denial = next((v for v in over if v.cue.stance is Stance.DENIED), None)
        made = []
        if denial is not None and Stance.NEGATED not in marks:
            made.append(self._sighting(tokens, span, unit, frame, Stance.DENIED, denial.speaker, [denial], interval))
            told = [v for v in over if v.cue.kind == "rumor" and v is not denial]
            if not told:
                return made
            voice = told[0]
            speaker = voice.speaker
            made.append(self._sighting(tokens, span, unit, frame, voice.cue.stance, speaker, [voice], interval))
            return made
        asked = marks | {v.cue.stance for v in over}
        stance = next((mark for mark in LATTICE if mark in asked), Stance.ASSERTED)
        if denial is not None:
            stance = Stance.UNCLASSIFIED  # "denied that X was not in": what is left is for a person to say
        stance = by_time(stance, interval, self.context.published)
        if stance is Stance.PLANNED:
            interval = ahead(interval, self.context.published)
        made.append(self._sighting(tokens, span, unit, frame, stance, self._said_by(over), over, interval))
        return made

    def _said_by(self, over: Sequence[Voice]) -> Speaker | None:
        """The nearest named voice speaks; a nameless one only where nobody is named."""
        named = [v for v in over if v.speaker is not None and v.cue.kind in {"report", "source"}]
        others = [v for v in over if v.speaker is not None]
        rumor = [v for v in others if v.cue.kind in {"rumor", "hedge"} and v.cue.stance is Stance.RUMORED]
        chosen = rumor[:1] or named[:1] or others[:1]
        return chosen[0].speaker if chosen else None

    def _marks(self, tokens: Sequence[Token], reader: Reader, frame: Frame) -> set[Stance]:
        """Collect what the clause itself makes of the claim: not, will, once, left."""
        clause = reader.clauses[frame.clause]
        words = tokens[clause.first : clause.last + 1]
        marks: set[Stance] = set()
        core = frame.trigger if frame.trigger >= 0 else frame.place
        if frame.trigger >= 0:
            stance = tokens[frame.trigger].stance
            if stance is not None:
                marks.add(stance)
        if self._is_negated(tokens, clause.first, clause.last, core, frame.trigger < 0):
            marks.add(Stance.NEGATED)
        if any(t.has("absent") for t in words):
            marks.add(Stance.NEGATED)
        imperfect = self.known.options.get("imperfect")
        was = imperfect and any(t.has("was") for t in tokens[clause.first : max(frame.trigger, clause.first)])
        if was and imperfect and re.match(imperfect, tokens[frame.trigger].low):
            marks.add(Stance.PAST)
        for token in words:
            if token.has("plan"):
                marks.add(Stance.PLANNED)
            if token.has("past"):
                marks.add(Stance.PAST)
        if clause.subordinate and frame.clause and self._is_expected(tokens, reader.clauses[frame.clause - 1]):
            marks.add(Stance.PLANNED)
        if any(t.has("cancel") for t in tokens):
            marks.add(Stance.NEGATED)
        if frame.role == "from" or (frame.role == "object" and self._leaves(tokens, frame)):
            marks -= {Stance.PAST}
            if not marks:
                marks.add(Stance.PAST)
        return marks

    def _is_expected(self, tokens: Sequence[Token], clause: Clause) -> bool:
        """Tell whether a clause says no more than that something is expected: "it is planned that …"."""
        words = tokens[clause.first : clause.last + 1]
        return any(t.has("plan") for t in words) and not any(t.kind in {"per", "plc"} for t in words)

    def _leaves(self, tokens: Sequence[Token], frame: Frame) -> bool:
        tag = tokens[frame.trigger].trigger if frame.trigger >= 0 else None
        return tag is not None and tag.group == "leave"

    def _is_negated(self, tokens: Sequence[Token], first: int, last: int, core: int, bare: bool) -> bool:
        for at in range(core - 1, max(first, core - _BEFORE) - 1, -1):
            token = tokens[at]
            if token.has("neg"):
                return True
            if not bare and token.kind == "plc" and not self.known.verb_final:
                break
        after = range(core + 1, min(last, core + 3) + 1)
        return any(tokens[at].has("neg_after") or (bare and tokens[at].has("neg")) for at in after)

    def _time(self, tokens: Sequence[Token], reader: Reader, frame: Frame, over: Sequence[Voice]) -> Interval:
        clause = reader.clauses[frame.clause]
        said = {v.at for v in over if v.cue.kind == "report"}
        best: tuple[int, Interval] | None = None
        for at, token in enumerate(tokens):
            if token.time is None:
                continue
            inside = clause.first <= at <= clause.last
            near = min((abs(at - s) for s in said), default=99)
            distance = min(abs(at - frame.place), abs(at - frame.trigger) if frame.trigger >= 0 else 99)
            if near < distance or (not inside and said):
                continue
            distance += 0 if inside else 20
            if best is None or distance < best[0]:
                best = (distance, token.time.interval)
        return best[1] if best else default_interval(self.context.published)

    def _sighting(
        self,
        tokens: Sequence[Token],
        span: Span,
        unit: Unit,
        frame: Frame,
        stance: Stance,
        speaker: Speaker | None,
        over: Sequence[Voice],
        interval: Interval,
    ) -> Sighting:
        place = tokens[frame.place].place
        assert place is not None
        tag = tokens[frame.trigger].trigger if frame.trigger >= 0 else None
        carried = frame.here < 0 or bool(frame.note)
        sure = _BARE_SCORE if tag is None else _UNLISTED_SCORE if tag.group == ACT else _SCORE
        score = frame.person.score * sure * (_CARRIED if carried else 1.0)
        cues = {(tokens[v.at].start, tokens[self._last_of(tokens, v)].end) for v in over}
        return Sighting(
            person_id=frame.person.person.id,
            person_name=frame.person.person.name,
            place=place.place,
            stance=stance,
            speaker=speaker or unit.speaker,
            time=interval,
            quote=span.of(self.text),
            start=span.start,
            end=span.end,
            rule=f"{self.known.lang}-{tag.group if tag else 'beside'}-{frame.role}/1",
            score=round(score, 3),
            person_span=frame.person.span if frame.here >= 0 else None,
            place_span=place.span,
            cue_spans=tuple(Span(start, end) for start, end in sorted(cues)),
            matched_as=frame.person.matched_as,
            note=frame.note,
        )

    @staticmethod
    def _last_of(tokens: Sequence[Token], voice: Voice) -> int:
        """Give the last token of the words that are a cue."""
        length = next((tag.length for tag in tokens[voice.at].tags if tag.cue is voice.cue), 1)
        return min(voice.at + length, len(tokens)) - 1

    def _denials(self, tokens: Sequence[Token], span: Span, reader: Reader, voices: Voices) -> list[Sighting]:
        """A sentence that only denies ("the ministry denied this") denies what the one before it said."""
        denial = next((v for v in voices.all if v.cue.stance is Stance.DENIED and v.cue.kind == "report"), None)
        if denial is None or not self.last or any(t.kind == "plc" and reader.tokens[at - 1].has("in", "to")
                                                  for at, t in enumerate(tokens) if at):  # fmt: skip
            return []
        if any(t.has("condition", "neg") for t in tokens):
            return []
        cue = Span(tokens[denial.at].start, tokens[self._last_of(tokens, denial)].end)
        return [
            replace(
                said, stance=Stance.DENIED, speaker=denial.speaker or said.speaker, quote=span.of(self.text),
                start=span.start, end=span.end, rule=f"{self.known.lang}-denies-before/1", person_span=None,
                place_span=None, cue_spans=(cue,), note=f"antecedent: {said.start}-{said.end}",
                time=default_interval(self.context.published),
            )
            for said in self.last
        ]  # fmt: skip
