"""The index of a watch-list: which words of which spellings a word of a text may be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.reading.names.compare import THRESHOLD, WORD, canonical, strip_possessive, tokens
from bot.reading.names.context import is_distinctive
from bot.reading.names.forms import inner_forms
from bot.reading.names.letters import fold
from bot.reading.names.roles import bears, role_words
from bot.reading.names.skeleton import keys, token_similarity
from bot.reading.names.tokens import is_capital, parts
from storage.records import Person

WORD_FLOOR = 0.85
"""A word scoring lower is no spelling of a listed word; the whole name must still reach THRESHOLD."""
_INNER_FLOOR = 0.95
"""The same for a word that was found by taking a prefix or an ending off: less evidence, so a closer fit is asked."""
_SHORTEST_JOINED = 7
_FEW_CAPITALS = 3
_MOST_REMEMBERED = 400_000
_COMPOUND_WORDS = frozenset(
    {"abd", "abdel", "abdul", "abdal", "abdol", "abdur", "allah", "ullah", "din", "deen", "عبد", "الله", "الدين"}
)


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write one person.

    Attributes:
        person: the person's place in the watch-list.
        text: the name or alias as listed.
        tokens: its compared words; for a surname only that one.
        listed: False for a surname that is on the list only as part of a full name.
        is_name: True for the person's own name.
    """

    person: int
    text: str
    tokens: tuple[str, ...]
    listed: bool
    is_name: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A listed word that a text's word may be, how well it fits, and which part of the text's word is the name."""

    word: str
    score: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Part:
    """What a word of a text can be: a name alone, the first or the last word of spellings (by their identity).

    `roles` are those beside which it can be a name alone, though it is an everyday word or a given name.
    """

    alone: bool
    begins: frozenset[int]
    ends: frozenset[int]
    roles: frozenset[str] = frozenset()


class NameIndex:
    """Every word of every spelling, by its form and by its skeleton. Does not change; remembers what it was asked."""

    def __init__(self, people: Sequence[Person]) -> None:
        self.people = people
        self.by_word: dict[str, list[tuple[Spelling, int]]] = defaultdict(list)
        self.by_key: dict[str, list[str]] = defaultdict(list)
        self.by_fold: dict[str, list[str]] = defaultdict(list)
        self._joined: dict[str, list[Spelling]] = defaultdict(list)
        self.handles: dict[str, Spelling] = {}
        self.given: list[tuple[str, ...]] = []
        self.roles: list[frozenset[str]] = [role_words(person.role) for person in people]
        self.surnames: list[frozenset[str]] = []
        for at, person in enumerate(people):
            self.given.append(self._add(at, person))
        self.by_word = dict(self.by_word)
        for word in self.by_word:
            self.by_fold[fold(word)].append(word)
            for key in keys(word):
                self.by_key[key].append(word)
        self._compounds = any(fold(word).startswith(("abd", "عبد")) or "lah" in fold(word) or "الله" in word
                              or fold(word).endswith(("din", "دين")) for word in self.by_word)  # fmt: skip
        self._remembered: dict[str, tuple[Hit, ...]] = {}
        self._quiet: set[str] = set()
        self._unlike: set[str] = set()
        self._quiet_pieces: set[str] = set()
        self._parts: dict[str, _Part] = {}

    def _add(self, at: int, person: Person) -> tuple[str, ...]:
        spellings: list[Spelling] = []
        for alias in dict.fromkeys((person.name, *person.aliases)):
            if alias.startswith("@"):
                self.handles[alias.casefold()] = Spelling(at, alias, (), True, False)
            elif words := tokens(alias):
                spellings.append(Spelling(at, alias, words, True, alias == person.name))
        self.surnames.append(frozenset(one.tokens[-1] for one in spellings if len(one.tokens) > 1))
        single = {fold(one.tokens[0]) for one in spellings if len(one.tokens) == 1}
        surnames = {fold(one.tokens[-1]): one for one in reversed(spellings) if len(one.tokens) > 1}
        spellings += [
            Spelling(at, full.text, (full.tokens[-1],), False, False)
            for surname, full in surnames.items()
            if surname not in single
        ]
        for spelling in spellings:
            for place, word in enumerate(spelling.tokens):
                self.by_word[word].append((spelling, place))
            if len(spelling.tokens) > 1:
                for key in keys("".join(spelling.tokens)):
                    self._joined[key].append(spelling)
        return tuple(dict.fromkeys(word for one in spellings for word in one.tokens[:-1]))

    def not_quiet(self, pieces: Iterable[str]) -> set[str]:
        """Give, of what stands between a text's blanks, what is not known to hold no word of a name. Very quick."""
        return set(pieces) - self._quiet_pieces

    def note_quiet(self, pieces: set[str]) -> None:
        """Remember which pieces of a text, asked about with `concerns`, hold no word of a name; hashtags are not."""
        if len(self._quiet_pieces) > _MOST_REMEMBERED:
            self._quiet_pieces.clear()
        for piece in pieces:
            if "#" not in piece and "\uff03" not in piece and self._quiet.issuperset(WORD.findall(piece)):
                self._quiet_pieces.add(piece)

    def concerns(self, words: set[str], everything: Callable[[], set[str]]) -> bool:
        """Tell whether a text of these words may name somebody watched. Quick for words seen before.

        It may where a word can be a name alone, or where two words can begin and end one spelling.

        Args:
            words: of the text, those of quiet pieces left out.
            everything: gives all of them.
        """
        fresh = words - self._quiet
        if not fresh:
            return False
        if len(self._quiet) + len(self._parts) > _MOST_REMEMBERED:
            self._quiet.clear()
            self._parts.clear()
        begun: set[int] = set()
        ended: set[int] = set()
        small = False
        roles: set[str] = set()
        for word in fresh:
            part = self._parts.get(word)
            if part is None:
                part = self._part_of(word)
                if part is None:
                    self._quiet.add(word)
                    continue
                self._parts[word] = part
            if part.alone and (word[0].lower() == word[0].upper() or not word[0].islower()):
                return True
            small = small or part.alone
            roles |= part.roles
            begun |= part.begins
            ended |= part.ends
        if small and sum(word[0].isupper() for word in words) <= _FEW_CAPITALS:
            return True  # written small among small words, hashtags and days apart
        if not begun.isdisjoint(ended):
            return True
        return bool(roles) and any(bears(fold(word), frozenset(roles)) for word in everything())

    def touches(self, words: set[str]) -> bool:
        """Tell whether any of a text's words may be part of any spelling, handles aside: without one, nothing links."""
        for word in words - self._unlike:
            if self._is_part(strip_possessive(word)):
                return True
            if len(self._unlike) > _MOST_REMEMBERED:
                self._unlike.clear()
            self._unlike.add(word)
        return False

    def _is_part(self, word: str) -> bool:
        if (self._compounds and fold(word) in _COMPOUND_WORDS) or self.joined_fits(word):
            return True
        return any(self.hits(piece) for piece in {word, *(word[start:end] for start, end in parts(word))})

    def _is_listed_small(self, word: str) -> bool:
        """Tell whether a word in small plain letters may be a listed one: such a word counts only as it is written."""
        if word in _COMPOUND_WORDS or fold(canonical(word)) in self.by_fold:
            return True
        return word[:2] in {"al", "el"} and fold(canonical(word[2:])) in self.by_fold

    def _part_of(self, word: str) -> _Part | None:
        if word.islower() and word.isascii() and word.isalpha() and not self._is_listed_small(word):
            return None
        word = strip_possessive(word)
        pieces = {word, *(word[start:end] for start, end in parts(word))}
        compound = self._compounds and fold(word) in _COMPOUND_WORDS
        if compound or (
            is_capital(word) is not False and self.joined_fits(word)
        ):  # a hashtag's word has a capital here
            return _Part(True, frozenset(), frozenset())
        begins: set[int] = set()
        ends: set[int] = set()
        roles: set[str] = set()
        for hit in {hit for piece in pieces for hit in self.hits(piece)}:
            for spelling, place in self.by_word[hit.word]:
                if len(spelling.tokens) == 1:
                    if hit.score >= THRESHOLD and (spelling.listed or is_distinctive(spelling.tokens[0])):
                        return _Part(True, frozenset(), frozenset())
                    roles |= self.roles[spelling.person]
                elif place == 0:
                    begins.add(id(spelling))
                elif place == len(spelling.tokens) - 1:
                    ends.add(id(spelling))
        if not (begins or ends or roles):
            return None
        return _Part(False, frozenset(begins), frozenset(ends), frozenset(roles))

    def joined_fits(self, word: str) -> list[tuple[Spelling, float]]:
        """Return the full names that a word may be when they are written as one (#angelamerkel)."""
        if len(word) < _SHORTEST_JOINED:
            return []
        near = {spelling for key in keys(word) for spelling in self._joined.get(key, ())}
        scored = [(spelling, token_similarity(*sorted((word, "".join(spelling.tokens))))) for spelling in near]
        alike = fold(word)
        return [
            (spelling, 1.0 if alike == fold("".join(spelling.tokens)) else min(score, 0.999))
            for spelling, score in scored
            if score >= THRESHOLD
        ]

    def hits(self, word: str) -> tuple[Hit, ...]:
        """Return the listed words that a text's word may be; in lower case only those written alike."""
        known = self._remembered.get(word)
        if known is None:
            if len(self._remembered) > _MOST_REMEMBERED:
                self._remembered.clear()
            known = self._remembered[word] = self._look_up(word)
        return known

    def _look_up(self, word: str) -> tuple[Hit, ...]:
        exact = is_capital(word) is False
        found = self._fits(word, 0, len(word), WORD_FLOOR, exact)
        if not any(hit.score >= _INNER_FLOOR for hit in found):
            for form, start, end in inner_forms(word):
                found += self._fits(form, start, end, _INNER_FLOOR, exact)
        best: dict[str, Hit] = {}
        for hit in found:
            if hit.word not in best or hit.score > best[hit.word].score:
                best[hit.word] = hit
        return tuple(best.values())

    def _fits(self, form: str, start: int, end: int, floor: float, exact: bool) -> list[Hit]:
        plain = canonical(form)
        same = [Hit(word, 1.0, start, end) for word in self.by_fold.get(fold(plain), ())]
        if exact:
            return same
        listed = {hit.word for hit in same}
        for word in {word for key in keys(plain) for word in self.by_key.get(key, ())} - listed:
            score = token_similarity(*sorted((plain, word)))
            if score >= floor:
                same.append(Hit(word, min(score, 0.999), start, end))
        return same
