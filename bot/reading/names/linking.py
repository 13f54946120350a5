"""From words that may be names to mentions: which names link, and which look like it but belong to somebody else.

Full names link first, the longest first. A surname alone links when it is a listed alias, when the full name stands in
the same text, when nobody else on the list bears it and it is no everyday word, place or given name, or when the
person's role stands beside it (`roles`); the mention says which. It does not link behind
another given name ("Maria Guterres"), inside a compound ("anti-Maduro"), or before a noun that makes it a street, a
unit or a government. A given name alone links only where the full name stands in the same text, and nobody else of that
given name does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.reading.linked import Because, link
from bot.reading.model import PersonMention
from bot.reading.names.bearers import Bearer, Bearers, Candidate
from bot.reading.names.compare import (
    ABD_WORDS,
    ALLAH_WORDS,
    ARTICLES,
    DIN_WORDS,
    PARTICLES,
    THRESHOLD,
    WORD,
    canonical,
)
from bot.reading.names.context import NameContext
from bot.reading.names.index import Hit, NameIndex, Spelling
from bot.reading.names.tokens import HASHTAG, NameToken, Tie, parts, tokenize
from storage.records import Span

_PLAIN_WORD = re.compile(r"[A-Za-z]+(?:['`]+[A-Za-z]+)*")
"""What WORD finds in plain letters, quicker."""
_SHORT = 3
_GIVEN = 0.9
"""The score of a given name that stands for the full name of the same text."""
_FULL_GLUE = frozenset({Tie.SPACE, Tie.LINE, Tie.HYPHEN, Tie.TAG})


@dataclass(frozen=True, slots=True)
class _Unit:
    """One to three tokens read as one word of a name ("Abd al-Rahman"), with the listed words it may be."""

    first: int
    last: int
    hits: tuple[Hit, ...]


class Linker:
    """Finds the mentions of an index's people in texts."""

    def __init__(self, index: NameIndex) -> None:
        self._index = index
        self._bearers = Bearers(index)

    def find(self, text: str) -> list[PersonMention]:
        """Find the mentions in a text, in order, without overlap."""
        pieces = self._index.not_quiet(text.split())
        handles = [self._handle(text)] if self._index.handles and "@" in text else []
        mentions = [mention for found in handles for mention in found]
        if pieces and self._index.concerns(_words(text, " ".join(pieces)), lambda: _words(text, text)):
            mentions += self._mentions(text)
        elif pieces:
            self._index.note_quiet(pieces)
        return sorted(mentions, key=lambda mention: mention.span.start)

    def touches(self, text: str) -> bool:
        """Tell whether anything in a text may have to do with anybody's name; False is certain, True is not."""
        folded = text.casefold()
        return any(handle in folded for handle in self._index.handles) or self._index.touches(_words(text, text))

    def _handle(self, text: str) -> list[PersonMention]:
        found = []
        folded = text.casefold()
        if len(folded) != len(text):
            return []
        for handle, spelling in self._index.handles.items():
            at = folded.find(handle)
            while at >= 0:
                end = at + len(handle)
                after = folded[end : end + 1]
                if not (folded[at - 1 : at].isalnum() or after.isalnum() or after == "_"):
                    found.append(self._mention(Candidate(spelling, 0, 0, at, end, 1.0)))
                at = folded.find(handle, end)
        return found

    def _mentions(self, text: str) -> list[PersonMention]:
        tokens = tokenize(text)
        context = NameContext(text, tokens)
        units = self._units(tokens, context)
        taken: set[int] = set()
        chosen: list[Candidate] = []
        full = list(self._full(tokens, units, context)) + list(self._joined(tokens))
        full.sort(key=lambda one: (one.first - one.last, one.skipped, -one.score, one.first, one.spelling.person))
        for one in full:
            covered = set(range(one.first, one.last + 1))
            if covered & taken:
                continue
            taken |= covered
            free = context.stands_free(one.first, one.last) and not context.continues_a_name(one.first)
            if free and context.is_same_generation(one.last, one.spelling.text):
                chosen.append(one)
        named = {one.spelling.person for one in chosen}
        linked = set(named)
        spoilt: set[int] = set()
        for unit in units.values():
            if taken & set(range(unit.first, unit.last + 1)):
                continue
            first = tokens[unit.first]
            if not context.small and first.capital is False and not first.tag and first.tie is not Tie.HYPHEN:
                continue  # written small among small words: only a full name is believed
            winner = self._bearers.chosen(self._alone(tokens, unit, context, linked, spoilt), named, first)
            if winner is not None:
                chosen.append(winner)
                linked.add(winner.spelling.person)
        chosen += self._by_given_name(tokens, context, chosen)
        return [self._mention(one) for one in chosen]

    @staticmethod
    def _by_given_name(tokens: list[NameToken], context: NameContext, chosen: list[Candidate]) -> Iterator[Candidate]:
        """Yield the first words of full names that stand alone elsewhere in the text ("Somchai fled")."""
        covered = {at for one in chosen for at in range(one.first, one.last + 1)}
        owners: dict[str, set[int]] = {}
        full: dict[str, Candidate] = {}
        for one in chosen:
            if one.last > one.first and one.spelling.is_name and len(one.spelling.tokens) > 1:
                first = tokens[one.first]
                owners.setdefault(first.folded, set()).add(one.spelling.person)
                full.setdefault(first.folded, one)
        for word, one in full.items():
            alone = [at for at, t in enumerate(tokens) if t.folded == word and t.capital and at not in covered]
            if len(owners[word]) > 1 or len(word) < _SHORT or not all(context.is_single(at) for at in alone):
                continue
            for at in alone:
                if context.stands_free(at, at):
                    token = tokens[at]
                    because = link(Because.GIVEN, token.text)
                    yield Candidate(one.spelling, at, at, token.start, token.end, _GIVEN, because)

    def _units(self, tokens: list[NameToken], context: NameContext) -> dict[int, _Unit]:
        """Every place where a listed word may begin."""
        found: dict[int, _Unit] = {}
        for at, token in enumerate(tokens):
            word = token.text
            if token.capital is False and token.tag:
                word = word[:1].upper() + word[1:]
            hits = self._index.hits(word)
            hyphened = token.tie is Tie.HYPHEN and at > 0 and tokens[at - 1].capital  # "Ban Ki-moon"
            if token.capital is False and not token.tag and not context.small and not hyphened:
                hits = tuple(hit for hit in hits if hit.score == 1.0) if context.low else ()
            if (joined := self._compound(tokens, at)) is not None:
                found[at] = joined
            elif hits:
                found[at] = _Unit(at, at, hits)
        return found

    def _compound(self, tokens: list[NameToken], at: int) -> _Unit | None:
        """Read Abd al-Rahman, Nasr Allah, Salah al-Din as one word."""
        last = at + 1
        if last < len(tokens) and tokens[last].folded in ARTICLES and tokens[last].tie in _FULL_GLUE:
            last += 1
        if last >= len(tokens) or any(tokens[to].tie not in _FULL_GLUE for to in range(at + 1, last + 1)):
            return None
        head, tail = tokens[at].folded, tokens[last].folded
        if head not in ABD_WORDS and tail not in ALLAH_WORDS and tail not in DIN_WORDS:
            return None
        hits = self._index.hits(tokens[at].text + tokens[last].folded)
        return _Unit(at, last, hits) if hits else None

    def _full(self, tokens: list[NameToken], units: dict[int, _Unit], context: NameContext) -> Iterator[Candidate]:
        for unit in units.values():
            for hit in unit.hits:
                for spelling, place in self._index.by_word[hit.word]:
                    if place == 0 and len(spelling.tokens) > 1:
                        reached = self._extend(tokens, units, spelling, unit, context)
                        if reached is not None:
                            last, scores, end, skipped = reached
                            scores.append(hit.score)
                            score = (sum(scores) / len(scores) + min(scores)) / 2
                            if score >= THRESHOLD:
                                start = _bounds(tokens, unit, hit)[0]
                                yield Candidate(spelling, unit.first, last, start, end, score, skipped=skipped)

    def _extend(
        self, tokens: list[NameToken], units: dict[int, _Unit], spelling: Spelling, unit: _Unit, context: NameContext
    ) -> tuple[int, list[float], int, int] | None:
        """Follow a spelling's words through the text; middle words may be missing on either side, the last may not."""
        scores: list[float] = []
        wanted, final = 1, len(spelling.tokens) - 1
        at = unit.last
        end = -1
        spare, skipped = 1, 0
        while wanted <= final:
            to = at + 1
            while to < len(tokens) and tokens[to].tie in _FULL_GLUE and tokens[to].folded in (ARTICLES | PARTICLES):
                if self._fit(units.get(to), spelling.tokens[wanted]) is not None:
                    break
                to += 1
            if to >= len(tokens) or tokens[to].tie not in _FULL_GLUE:
                return None
            follower = units.get(to)
            place, hit = wanted, self._fit(follower, spelling.tokens[wanted])
            if hit is None and wanted < final:
                place, hit = final, self._fit(follower, spelling.tokens[final])
            if follower is not None and hit is not None:
                skipped += place - wanted
                wanted = place + 1
                scores.append(hit.score)
                at = follower.last
                end = _bounds(tokens, follower, hit)[1]
            elif spare and tokens[to].capital and (len(tokens[to].text) == 1 or context.may_be_a_name(to)):
                spare, at, skipped = 0, to, skipped + 1
            else:
                return None
        return at, scores, end, skipped

    @staticmethod
    def _fit(unit: _Unit | None, word: str) -> Hit | None:
        return next((hit for hit in unit.hits if hit.word == word), None) if unit else None

    def _joined(self, tokens: list[NameToken]) -> Iterator[Candidate]:
        """Full names written as one lower-case hashtag."""
        for at, token in enumerate(tokens):
            if token.tag and len(parts(token.text)) == 1:
                for spelling, score in self._index.joined_fits(token.text):
                    yield Candidate(spelling, at, at, token.start, token.end, score)

    def _alone(
        self, tokens: list[NameToken], unit: _Unit, context: NameContext, linked: set[int], spoilt: set[int]
    ) -> list[Bearer]:
        """The people whose surname or single alias a word may be; a namesake met before them spoils it."""
        first = tokens[unit.first]
        options: dict[int, Candidate] = {}
        for hit in unit.hits:
            if hit.score < THRESHOLD or (context.small and hit.score < 1.0):
                continue
            for spelling, _ in self._index.by_word[hit.word]:
                if len(spelling.tokens) > 1 or not _written_alike_if_short(first, unit, spelling):
                    continue
                start, end = _bounds(tokens, unit, hit)
                one = Candidate(spelling, unit.first, unit.last, start, end, hit.score)
                known = options.get(spelling.person)
                if known is None or (one.score, spelling.listed) > (known.score, known.spelling.listed):
                    options[spelling.person] = one
        if not options or not context.stands_free(unit.first, unit.last) or context.is_compounded(unit.last):
            return []
        kept = []
        for person, one in options.items():
            verdict = context.owner(unit.first, self._index.given[person])
            role = context.role_beside(unit.first, unit.last, self._index.roles[person])
            if verdict.other_person and person not in linked:
                spoilt.add(person)
            elif (verdict.fits or role) and person not in spoilt:
                kept.append(Bearer(one, role, context.word_before(unit.first) if len(options) > 1 else None))
        return kept

    def _mention(self, one: Candidate) -> PersonMention:
        spelling = one.spelling
        how = "full" if spelling.is_name and len(spelling.tokens) > 1 else "alias" if spelling.listed else "surname"
        if one.score < 1.0:
            how = "skeleton"
        if one.first == one.last and one.score == _GIVEN and spelling.is_name and len(spelling.tokens) > 1:
            how = "given"
        person = self._index.people[spelling.person]
        return PersonMention(Span(one.start, one.end), person, spelling.text, how, one.score, one.linked)


def _words(text: str, part: str) -> set[str]:
    """Return the words of a part of a text, and those of its hashtags."""
    words = set((_PLAIN_WORD if text.isascii() else WORD).findall(part))
    if "#" in text or "\uff03" in text:
        for tag in HASHTAG.findall(text):
            words.update(piece[:1].upper() + piece[1:] for piece in WORD.findall(tag))
    return words


def _bounds(tokens: list[NameToken], unit: _Unit, hit: Hit) -> tuple[int, int]:
    """Where in the text a hit stands: a `#` before the name belongs to it, a prefix or ending taken off does not."""
    first, last = tokens[unit.first], tokens[unit.last]
    if unit.first != unit.last:
        return first.start, last.end
    word_start = first.end - len(first.text)
    start = word_start + hit.start if hit.start else first.start
    return start, min(word_start + hit.end, first.end)


def _written_alike_if_short(token: NameToken, unit: _Unit, spelling: Spelling) -> bool:
    short = min(len(token.text), len(spelling.tokens[0])) <= _SHORT
    alike = spelling.tokens[0] in {token.text, canonical(token.text)}
    return not short or (unit.first == unit.last and alike)
