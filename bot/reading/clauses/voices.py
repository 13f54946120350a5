"""Who says it, and what that makes of it: reports, sources, hedges and rumours, each with the words it reaches."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.reading.clauses.clause import Clause
from bot.reading.clauses.lexicon import Cue, Lexicon
from bot.reading.clauses.tokens import Token
from bot.reading.units import Unit
from storage.records import Span, Speaker, SpeakerKind

_KINDS = (
    ("rumor", SpeakerKind.RUMOR),
    ("unnamed", SpeakerKind.UNNAMED),
    ("spokesperson", SpeakerKind.OFFICIAL),
    ("outlet", SpeakerKind.OUTLET),
    ("person", SpeakerKind.PERSON),
    ("crowd", SpeakerKind.CROWD),
    ("official", SpeakerKind.OFFICIAL),
)

_NOT_A_NAME = (
    "comp",
    "conj",
    "contrast",
    "adverb",
    "when",
    "aux",
    "neg",
    "hedge",
    "in",
    "to",
    "from",
    "prep",
    "object",
    "relative",
    "verb",
    "with",
    "was",
    "absent",
)
_PARTICIPLE = re.compile(r"\w[ae]n$")
"""A Turkish verb that describes ("the source who spoke"), folded."""
_LONGEST = 7
"""Words of the name of a speaker, at most."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A cue with its reach.

    Attributes:
        first, last: the tokens that it covers.
        at: the token of the cue.
        speaker: who speaks, None where the cue names nobody.
    """

    cue: Cue
    at: int
    first: int
    last: int
    speaker: Speaker | None

    def covers(self, place: int) -> bool:
        """Tell whether a token is in reach."""
        return self.first <= place <= self.last and place != self.at


class Voices:
    """Every cue of a sentence."""

    def __init__(
        self, text: str, tokens: Sequence[Token], clauses: Sequence[Clause], known: Lexicon, unit: Unit
    ) -> None:
        self.text = text
        self.tokens = tokens
        self.clauses = clauses
        self.known = known
        self.unit = unit
        self.all = [voice for at, token in enumerate(tokens) if token.cue for voice in self._voice(at, token.cue)]

    def _voice(self, at: int, cue: Cue) -> list[Voice]:
        number = self._clause(at)
        clause = self.clauses[number]
        if cue.kind == "hedge":
            first, last = self._hedged(number)
            return [Voice(cue, at, first, last, self._unnamed(cue))]
        if cue.kind == "source":
            who = self._source(at)
            speaker = self.speaker(*who) if who else self._unnamed(cue)
            first, last = self._contrasted(number)
            return [Voice(cue, at, first, last, speaker)]
        first, last = self._reported(at, number, clause, cue)
        speaker = self._unnamed(cue)
        if cue.kind == "report":
            who = self._subject(at, number)
            speaker = self.speaker(*who) if who else speaker
        return [Voice(cue, at, first, last, speaker)]

    def _clause(self, at: int) -> int:
        return next((n for n, c in enumerate(self.clauses) if c.first <= at <= c.last), len(self.clauses) - 1)

    def _unnamed(self, cue: Cue) -> Speaker | None:
        via = "" if self.unit.speaker.kind is SpeakerKind.UNNAMED else f", via {self.unit.speaker.name}"
        if cue.voice == "rumor":
            return Speaker(f"unnamed (rumor){via}", SpeakerKind.RUMOR)
        if cue.voice == "unnamed":
            return Speaker(f"unnamed{via}", SpeakerKind.UNNAMED)
        return None

    def _contrasted(self, number: int) -> tuple[int, int]:
        """Give the clauses around one that no "but" parts from it."""
        low = high = number
        while low and not self.clauses[low].contrast:
            low -= 1
        while high + 1 < len(self.clauses) and not self.clauses[high + 1].contrast:
            high += 1
        return self.clauses[low].first, self.clauses[high].last

    def _hedged(self, number: int) -> tuple[int, int]:
        """A hedge covers its clause; one that stands in a clause of its own covers those beside it."""
        clause = self.clauses[number]
        return self._contrasted(number) if self._is_alone(clause) else (clause.first, clause.last)

    def _is_alone(self, clause: Clause) -> bool:
        """Tell whether a clause says nothing of anybody's whereabouts itself."""
        return not any(t.trigger or t.kind == "plc" for t in self._words(clause))

    def _reported(self, at: int, number: int, clause: Clause, cue: Cue) -> tuple[int, int]:
        """Give what a verb or noun of saying reports: what follows its "that", what it parenthesises, its object."""
        following = number + 1
        opens = self.tokens[clause.last + 1] if clause.last + 1 < len(self.tokens) else None
        that = following < len(self.clauses) and self.clauses[following].subordinate
        while not that and following + 1 < len(self.clauses) and self.clauses[following + 1].subordinate:
            if any(t.trigger or t.cue for t in self._words(self.clauses[following])):
                break
            following, that = following + 1, True
        colon = opens is not None and opens.low in {":", "«", "“", '"', "„"}
        if that or (colon and following < len(self.clauses)):
            _, last = self._contrasted(following)
            return (at if not self.known.verb_final else clause.first), last
        if cue.kind == "impersonal" and self._is_alone(clause):
            return self._contrasted(number)  # "They say, NAME is in PLACE"
        if self._is_parenthesis(number, at):
            first, _ = self._contrasted(number)
            return first, clause.last if self.known.verb_final else clause.first - 1
        if self.known.verb_final and self.known.lang == "tr":
            first, _ = self._contrasted(number)
            return first, clause.last
        if self.known.verb_final:
            return clause.first, self._contrasted(number)[1]
        return at, clause.last

    def _words(self, clause: Clause) -> Sequence[Token]:
        return self.tokens[clause.first : clause.last + 1]

    def _is_parenthesis(self, number: int, at: int) -> bool:
        """Tell whether a report stands beside what it reports: ", said her lawyer"."""
        clause = self.clauses[number]
        if not number or any(t.kind == "plc" and t.place and self._ties(i) for i, t in enumerate(self.tokens)
                             if clause.first <= i <= clause.last and i > at):  # fmt: skip
            return False
        return any(t.kind == "plc" for t in self.tokens[: clause.first])

    def _ties(self, at: int) -> bool:
        return at > 0 and self.tokens[at - 1].has("in", "to", "from")

    def _subject(self, at: int, number: int) -> tuple[int, int] | None:
        """Find who says it: before the verb in its clause, else behind it, else in the clause before a "who said"."""
        clause = self.clauses[number]
        behind = at + self._length(at)
        if behind <= clause.last and self.tokens[behind].has("in"):
            behind += 1  # "they said at the ministry"
        after = self._phrase(behind, clause.last)
        before = self._phrase_back(at - 1, clause.first)
        if self.known.lang == "ar" or (after and not before):
            return after or before
        if self.known.lang == "tr" and number and self._is_speaker_alone(number - 1):
            return self._phrase_back(self.clauses[number - 1].last, self.clauses[number - 1].first)
        if not before and self.known.verb_final:
            before = self._phrase(clause.first, at - 1)  # "the ministry … denied": what is denied stands between
        if before:
            return before
        if after:
            return after
        if not self.known.verb_final:
            return self._parted_subject(number)
        if number and not any(t.kind == "plc" for t in self._words(self.clauses[number - 1])):
            return self._phrase_back(self.clauses[number - 1].last, self.clauses[number - 1].first)
        return None

    def _parted_subject(self, number: int) -> tuple[int, int] | None:
        """Find a speaker whom commas part from the verb: "A source, close to the family, said"."""
        for earlier in range(number - 1, max(-1, number - 3), -1):
            clause = self.clauses[earlier]
            words = self._words(clause)
            if any(t.kind in {"plc", "per"} or t.cue or t.trigger for t in words):
                return None
            if any(t.has("unnamed", "official", "crowd", "outlet", "spokesperson") for t in words):
                return self._phrase(clause.first, clause.last)
        return None

    def _is_speaker_alone(self, number: int) -> bool:
        """Tell whether a clause is no more than whoever speaks: "The ministry, …"."""
        return not any(
            t.kind == "plc" or t.cue or t.has("source") or (t.trigger and not _PARTICIPLE.search(t.low))
            for t in self._words(self.clauses[number])
        )

    def _length(self, at: int) -> int:
        return max((tag.length for tag in self.tokens[at].tags), default=1)

    def _is_part(self, at: int) -> bool:
        """Tell whether a token may belong to the name of a speaker."""
        token = self.tokens[at]
        if token.kind in {"tim", "num", "suffix"}:
            return False
        if token.kind == "punct":
            return token.low in "-."
        return not (token.cue or token.trigger or token.has(*_NOT_A_NAME))

    def _phrase(self, first: int, stop: int) -> tuple[int, int] | None:
        while first <= stop and self.tokens[first].kind in {"tim", "num"}:
            first += 1
        last = first - 1
        while last + 1 <= stop and self._is_part(last + 1) and last - first < _LONGEST:
            last += 1
        return (first, last) if last >= first else None

    def _phrase_back(self, last: int, stop: int) -> tuple[int, int] | None:
        while last >= stop and (self.tokens[last].kind in {"tim", "num", "suffix"} or self.tokens[last].has(
                "adverb", "when", "aux", "hedge", "neg")):  # fmt: skip
            last -= 1
        first = last + 1
        while first - 1 >= stop and self._is_part(first - 1) and last - first < _LONGEST:
            first -= 1
        named = ("unnamed", "official", "crowd", "person", "spokesperson")
        for back in range(first - 2, max(stop, first - 4) - 1, -1):
            between = self.tokens[back + 1 : first]
            if self.tokens[back].has(*named) and any(t.has("in", "to", "from", "prep") for t in between):
                if all(t.kind == "word" and not t.cue for t in between) and last >= first:
                    first = back  # "a source in the army", "a source close to the family"
                break
        return (first, last) if last >= first else None

    def _source(self, at: int) -> tuple[int, int] | None:
        """Find the speaker of "according to"; Turkish has it before its postposition."""
        if self.known.lang == "tr":
            return self._phrase_back(at - 1, max(0, at - _LONGEST))
        clause = self.clauses[self._clause(at)]
        who = self._phrase(at + self._length(at), clause.last)
        if who is None and self._length(at) + at <= len(self.tokens) - 1:
            quoted = at + self._length(at) + 1
            who = self._phrase(quoted, min(quoted + _LONGEST, len(self.tokens) - 1))
        if who is not None:
            first, last = who
            stop = next((k for k in range(first + 1, last + 1) if self.tokens[k].kind == "per"), last + 1)
            if not any(self.tokens[k].has("title") for k in range(first, stop)):
                last = stop - 1
            return first, last
        return who

    def speaker(self, first: int, last: int) -> Speaker:
        """Name a speaker by the words of the text and say what kind of voice it is."""
        words = self.tokens[first : last + 1]
        name = Span(words[0].start, words[-1].end).of(self.text)
        for group, kind in _KINDS:
            if any(token.has(group) for token in words):
                if kind is SpeakerKind.RUMOR:
                    break
                return Speaker(name, kind)
        person = next((token.person for token in words if token.person is not None), None)
        if person is not None:
            titled = any(token.has("title") for token in words)
            return Speaker(person.person.name, SpeakerKind.OFFICIAL if titled else SpeakerKind.PERSON)
        if any(token.kind == "plc" or token.has("title", "office") for token in words):
            return Speaker(name, SpeakerKind.OFFICIAL)
        if any(token.has("pronoun") for token in words):
            return Speaker(name, SpeakerKind.PERSON)
        return Speaker(name, SpeakerKind.PERSON if len(words) > 1 else SpeakerKind.ORGANISATION)
