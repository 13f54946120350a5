"""What stands around a name and decides whose name it is, or that it is no person's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.reading.names.compare import ARTICLES, PARTICLES, POSSIBLE, THRESHOLD, TITLES, canonical, word_list
from bot.reading.names.forms import inner_forms
from bot.reading.names.letters import fold
from bot.reading.names.roles import beside
from bot.reading.names.skeleton import keys, token_similarity
from bot.reading.names.tokens import NameToken, Tie
from bot.reading.names.usage import generation, is_generation, other_forms

_FUNCTIONS = word_list("functions")
_DEMONYMS = word_list("demonyms")
_FACILITIES = word_list("facilities")
_FACILITIES_BEFORE = word_list("facilities_before")
_VESSELS = word_list("vessels")
_COMPOUNDS = word_list("compounds")
_AMBIGUOUS = word_list("ambiguous")
_ORDINARY = TITLES | _FUNCTIONS | _DEMONYMS
_LEADING_GIVEN = frozenset(
    {"mohammed", "mohammad", "muhammad", "muhammed", "mohamed", "محمد", "amir", "امير", "gholam", "غلام"}
)
"""Given names that stand before another one as part of it (Mohammad Javad)."""

_DEFINITE = "ال"
"""The Arabic article: a title or an adjective bears it, a given name does not."""
_INFLECTED = re.compile(r"[^\W\d_]{3}['’ʼ][a-zçğıöşü]{1,4}$")
"""A Turkish case ending behind its apostrophe: the name ends there."""
_THE_SAME_GIVEN = 0.95
"""From here on a surname is taken for a given name; below, Haniyeh (.90, .94 in Arabic) would be Hani, Aoun Ivan."""
_VERB_LIKE = re.compile(r"(?:ing|ed|ly|ers|ians)$")
_DAYS = frozenset({"mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun"})
_TIGHT = frozenset({Tie.SPACE, Tie.TAG})
_HEADLINE_SHARE = 0.7
_HEADLINE_WORDS = 3
_HEADLINE_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose surname it is.

    Attributes:
        fits: False where the word before says that it is somebody else's.
        other_person: True where that word is surely another given name.
    """

    fits: bool
    other_person: bool = False


@lru_cache(maxsize=1)
def _given_by_key() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name in word_list("given"):
        for key in keys(name):
            found.setdefault(key, []).append(name)
    return {key: tuple(names) for key, names in found.items()}


@lru_cache(maxsize=1 << 14)
def is_given_name(word: str, floor: float = THRESHOLD) -> bool:
    """Tell whether a word, in any script, is a common given name: one at least this like it in sound is listed."""
    plain = canonical(word)
    near = {name for key in keys(plain) for name in _given_by_key().get(key, ())}
    return any(token_similarity(*sorted((fold(plain), name))) >= floor for name in near)


@lru_cache(maxsize=1 << 14)
def is_distinctive(surname: str) -> bool:
    """Tell whether a surname alone points at its bearer: no everyday word, place or given name."""
    return fold(surname) not in _AMBIGUOUS and not is_given_name(surname, _THE_SAME_GIVEN)


@lru_cache(maxsize=1 << 12)
def is_equivalent(word: str, given: str) -> bool:
    """Tell whether a word, in any of its cases, is what another language or a friend makes of a given name."""
    same = other_forms(given)
    if not same:
        return False
    return any(fold(form) in same for form in (word, *(form for form, _, _ in inner_forms(word))))


class NameContext:
    """One text's words, asked about the surroundings of a name."""

    def __init__(self, text: str, tokens: Sequence[NameToken]) -> None:
        self._text = text
        self._tokens = tokens
        cased = [token for token in tokens if token.capital is not None]
        self.small = bool(cased) and not any(token.capital for token in cased)
        """True where the whole text is written without capitals."""
        loose = [token for token in cased if not token.tag and token.folded not in _DAYS]
        self.low = len(loose) > 1 and not any(token.capital for token in loose)
        """True where it is, but for hashtags and the days of the week."""
        self._headlines: dict[tuple[int, int], bool] = {}

    def may_be_a_name(self, at: int) -> bool:
        """Tell whether a word may be a middle name."""
        return self._tokens[at].folded not in _ORDINARY | _FACILITIES

    def stands_free(self, first: int, last: int) -> bool:
        """Tell whether a name is neither part of a hyphenated word nor of the name of a place or an organisation."""
        tokens = self._tokens
        begin = tokens[first].start
        if begin and self._text[begin - 1] in "-\u2010\u2011" and not (first and tokens[first - 1].folded in ARTICLES):
            return False
        end = tokens[last].end
        if self._text[end : end + 1] in {"-", "\u2010", "\u2011"} and self._text[end + 1 : end + 2].isalpha():
            return False
        after = tokens[last + 1] if last + 1 < len(tokens) and tokens[last + 1].tie in _TIGHT else None
        if after is not None and not tokens[last].possessive:
            if after.capital and after.folded in _FACILITIES:
                return False
            if after.capital is False and after.folded in _COMPOUNDS:
                return False
        before = self._before(first)
        if before is None:
            return True
        noun = tokens[before].folded
        bare = noun[1:] if noun[:1] in "وفبلكالבלהו" else noun
        # Without the article only: "brigade of NAME" bears none, "the brigadier NAME" does.
        listed = noun in _FACILITIES_BEFORE or bare in _FACILITIES_BEFORE
        if noun in _VESSELS and self._tokens[first].tie is Tie.SPACE:
            return False
        return not (listed and (tokens[before].capital is not False or "\u0400" <= noun[0] <= "\u04ff"))

    def _before(self, first: int) -> int | None:
        """The word that stands directly before a name, articles and particles passed over."""
        at = first
        while at and self._tokens[at].tie in {Tie.SPACE, Tie.TAG, Tie.HYPHEN}:
            at -= 1
            if self._tokens[at].folded not in ARTICLES | PARTICLES or (self._tokens[at].capital and not at):
                return at
        return None

    def continues_a_name(self, first: int) -> bool:
        """Tell whether a full name is the end of a longer one ("Carlos Andrés Pérez" is not Andrés Pérez)."""
        before = self._before(first)
        if before is None or self._tokens[before].possessive:
            return False
        token = self._tokens[before]
        if token.folded in _ORDINARY or token.folded in _LEADING_GIVEN or token.capital is False:
            return False
        if token.folded.startswith(_DEFINITE):
            return False
        return is_given_name(token.text)

    def is_same_generation(self, last: int, spelling: str) -> bool:
        """Tell whether a Jr, Sr or II behind a name, goes with a listed spelling ("Trump Jr." is not Trump)."""
        tokens, listed = self._tokens, generation(spelling)
        if last + 1 >= len(tokens) or self._text[tokens[last].end : tokens[last + 1].start] not in {" ", ", "}:
            return True
        after = tokens[last + 1].text
        if not after[0].isupper() or (not is_generation(after) and not (listed and after == "I")):
            return True
        return generation(f"- {tokens[last].text} {after}") == listed

    def is_single(self, at: int) -> bool:
        """Tell whether a capitalised word has no other name beside it ("Ann said", not "Ann Smith said")."""
        tokens = self._tokens
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        if after is not None and after.tie in _TIGHT | {Tie.HYPHEN} and after.capital and not tokens[at].possessive:
            return after.folded in _ORDINARY or self._headline(at)
        before = self._before(at)
        if before is None or tokens[before].possessive:
            return True
        return not tokens[before].capital or tokens[before].folded in _ORDINARY or tokens[before].opens

    def is_compounded(self, last: int) -> bool:
        """Tell whether a surname alone is followed by another capitalised word that makes a different name of it."""
        tokens = self._tokens
        if last + 1 >= len(tokens) or tokens[last].possessive or _INFLECTED.search(tokens[last].text):
            return False
        after = tokens[last + 1]
        if after.tie is not Tie.SPACE or not after.capital or after.tag or self._headline(last):
            return False
        return after.folded not in _ORDINARY and after.folded not in ARTICLES

    def owner(self, first: int, given: tuple[str, ...]) -> Owner:
        """Judge by the word before a surname whether the surname is that of the person with these given names."""
        before = self._before(first)
        if before is None:
            return Owner(True)
        token = self._tokens[before]
        if len(token.text) == 1 and token.capital and self._text[token.end : token.end + 1] == ".":
            return Owner(any(fold(name)[:1] == token.folded for name in given))
        if token.possessive or token.folded in _ORDINARY or token.folded.startswith(_DEFINITE):
            return Owner(True)
        plain = canonical(token.text)
        if any(token_similarity(*sorted((plain, name))) >= POSSIBLE + 0.1 for name in given):
            return Owner(True)
        if any(is_equivalent(token.text, name) for name in given):
            return Owner(True)
        known = is_given_name(token.text)
        if token.capital is None or self.small:
            return Owner(not known, known)
        if not token.capital:
            return Owner(True)
        if known:
            return Owner(False, True)
        if self._headline(first) or (token.tag and self._tokens[first].tie is not Tie.TAG):
            return Owner(True)
        if token.opens and _VERB_LIKE.search(token.folded):
            return Owner(True)
        return Owner(False)

    def word_before(self, first: int) -> str:
        """Return the word directly before a name, articles and particles passed over; "" where none stands there."""
        before = self._before(first)
        return "" if before is None else self._tokens[before].text

    def role_beside(self, first: int, last: int, roles: frozenset[str]) -> str:
        """Return the word of a role that stands beside a name (`bot.reading.names.roles`); "" where none does."""
        return beside(self._text, self._tokens, first, last, roles)

    def _headline(self, at: int) -> bool:
        """Tell whether most words of the line begin with a capital, so that a capital says nothing."""
        begin = self._text.rfind("\n", 0, self._tokens[at].start) + 1
        end = self._text.find("\n", self._tokens[at].start)
        end = len(self._text) if end < 0 else end
        known = self._headlines.get((begin, end))
        if known is None:
            words = [
                token
                for token in self._tokens
                if begin <= token.start < end and token.capital is not None and len(token.text) >= _HEADLINE_LETTERS
            ]
            capitals = sum(bool(token.capital) for token in words)
            shouted = len(words) > 1 and all(token.text.isupper() for token in words)
            known = shouted or (len(words) > _HEADLINE_WORDS and capitals >= _HEADLINE_SHARE * len(words))
            self._headlines[begin, end] = known
        return known
