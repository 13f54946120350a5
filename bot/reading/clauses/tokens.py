"""Sentences of the six languages as tokens: mentions in one piece, attached prepositions apart, all words tagged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.reading.clauses.lexicon import TRIGGERS, Cue, Lexicon, Tag
from bot.reading.model import PersonMention, PlaceMention, TimeMention
from bot.reading.names.compare import WORD
from bot.reading.names.letters import fold
from bot.reading.particles import readings
from storage.records import Span, Stance

_PIECE = re.compile(rf"(?P<word>[א-ת]+[\"״][א-ת]{{1,2}}(?![א-ת])|{WORD.pattern})|(?P<num>\d+)|(?P<punct>[^\w\s])")
_SUFFIX = re.compile(r"[’'ʼ]([^\W\d_]{1,6})")
_THAT_THE = re.compile("^ו?שה[א-ת]{3}")
"""Hebrew "that the …"."""
_ENDING = re.compile(r"(?<=\w{2})[’'ʼ][^\W\d_]{1,6}$")
_AHEAD = 5
OPENING = frozenset('«“„"(')
QUOTE_MARKS = frozenset('«»“”„"')


@dataclass(slots=True)
class Token:
    """One token of a sentence.

    Attributes:
        kind: `word`, `num`, `punct`, `per`, `plc`, `tim` or `suffix` (an ending behind an apostrophe).
        low: the folded text.
        tags: what the word (with those behind it) is.
        inside: True where a longer expression that began before covers this word.
        subordinate: True where a conjunction is written as part of the word (Hebrew she-).
    """

    kind: str
    start: int
    end: int
    low: str
    person: PersonMention | None = None
    place: PlaceMention | None = None
    time: TimeMention | None = None
    tags: list[Tag] = field(default_factory=list)
    inside: bool = False
    subordinate: bool = False
    quoted: bool = False

    def tag(self, *groups: str) -> Tag | None:
        """Return the longest tag of one of these groups."""
        return next((tag for tag in self.tags if tag.group in groups), None)

    def has(self, *groups: str) -> bool:
        """Tell whether the word is of one of these groups."""
        return any(tag.group in groups for tag in self.tags)

    @property
    def trigger(self) -> Tag | None:
        """Return the tag that can tie a person to a place."""
        return next((tag for tag in self.tags if tag.group in TRIGGERS), None)

    @property
    def cue(self) -> Cue | None:
        """Return the cue that begins here."""
        return next((tag.cue for tag in self.tags if tag.cue is not None), None)

    @property
    def stance(self) -> Stance | None:
        """Return what the form of the word makes of a claim."""
        return next((tag.stance for tag in self.tags if tag.group in TRIGGERS and tag.stance is not None), None)


def tokenise(
    text: str,
    span: Span,
    people: Sequence[PersonMention],
    places: Sequence[PlaceMention],
    times: Sequence[TimeMention],
    known: Lexicon,
    quoted: bool = False,
) -> list[Token]:
    """Take one sentence apart; `quoted` tells whether it begins inside a quotation."""
    mentions: list[tuple[int, int, str, PersonMention | PlaceMention | TimeMention]] = []
    mentions += [(m.span.start, m.span.end, "per", m) for m in people]
    mentions += [(m.span.start, m.span.end, "plc", m) for m in places]
    taken = [(m[0], m[1]) for m in mentions]
    mentions += [
        (m.span.start, m.span.end, "tim", m)
        for m in times
        if not any(s < m.span.end and m.span.start < e for s, e in taken)
    ]
    mentions.sort(key=lambda m: m[0])
    made: list[Token] = []
    at = span.start
    for start, end, kind, mention in mentions:
        _pieces(text, at, start, made, known.endings_apart)
        token = Token(kind, start, end, fold(text[start:end]))
        if isinstance(mention, PersonMention):
            token.person = mention
        elif isinstance(mention, PlaceMention):
            token.place = mention
        else:
            token.time = mention
        made.append(token)
        at = end
        if kind != "tim" and (suffix := _SUFFIX.match(text, end)):
            made.append(Token("suffix", end, suffix.end(), fold(suffix.group(1))))
            at = suffix.end()
    _pieces(text, at, span.end, made, known.endings_apart)
    _tag(made, known)
    for token in made:
        if token.kind == "punct" and token.low in QUOTE_MARKS:
            quoted = token.low in OPENING if token.low != '"' else not quoted
        token.quoted = quoted
    return made


def _pieces(text: str, start: int, end: int, made: list[Token], endings: bool) -> None:
    """Add the words and marks between two mentions; `endings` tells whether an apostrophe parts word and ending."""
    for match in _PIECE.finditer(text, start, end):
        kind, begin, stop = match.lastgroup or "punct", match.start(), match.end()
        ending = _ENDING.search(text, begin, stop) if endings and kind == "word" else None
        if ending is not None:
            made.append(Token(kind, begin, ending.start(), fold(text[begin : ending.start()])))
            kind, begin = "suffix", ending.start()
        made.append(Token(kind, begin, stop, fold(text[begin:stop]).strip("'")))


def _opens_clause(forms: list[str], known: Lexicon) -> bool:
    """Tell whether "that" is really written onto a word: what is left of it is a verb, or a noun with its article."""
    rest = known.tags([forms[1:]])
    if _THAT_THE.match(forms[0]) and not known.tags([forms[:1]]):
        return True
    return not known.tags([forms[:1]]) and any(tag.group in TRIGGERS | {"neg", "aux", "plan", "report"} for tag in rest)


def _tag(made: list[Token], known: Lexicon) -> None:
    read: list[list[str]] = []
    for token in made:
        forms, that = readings(token.low, known.lang) if token.kind == "word" else ([], False)
        if token.kind in {"punct", "suffix"}:
            forms = [token.low]
        token.subordinate = that
        read.append(forms)
    until = 0
    for at, token in enumerate(made):
        if token.kind != "word":
            continue
        ahead = []
        for forms in read[at : at + _AHEAD]:
            if not forms:
                break
            ahead.append(forms)
        token.tags = known.tags(ahead)
        token.inside = at < until
        if token.inside:
            token.tags = []
        elif token.tags:
            longest = token.tags[0].length
            until = at + longest
            if longest > 1:
                token.tags = [tag for tag in token.tags if tag.length == longest]
        if token.subordinate and not _opens_clause(read[at], known):
            token.subordinate = False
