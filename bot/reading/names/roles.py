"""Roles: the words of what a person is known as, and whether one of them stands beside a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.reading.names.compare import ARTICLES, PARTICLES, TITLES, WORD, strip_possessive, word_list
from bot.reading.names.letters import fold, is_abjad
from bot.reading.names.tokens import NameToken, Tie

_NEAREST = 4
"""Words on either side that a role may stand away, names of peoples, titles and articles between."""
_LONGEST_ENDING = 3
_SHORTEST_STEM = 5
"""A word that is a role's and at most so many letters more is the role in another case; shorter stems must be equal."""
_COMMA = re.compile(r"\s*[,،]\s*")
_TIGHT = frozenset({Tie.SPACE, Tie.HYPHEN, Tie.LINE})
_PREFIXES = ("وال", "ال", "ה")


@lru_cache(maxsize=1 << 14)
def role_words(role: str) -> frozenset[str]:
    """Return the words of a role that can stand for it, folded: nouns of office, no names of places or organisations.

    In scripts with capitals those are the words written small, the first one, and titles.
    """
    found = set()
    for at, match in enumerate(WORD.finditer(role)):
        word = strip_possessive(match.group())
        folded = _bare(fold(word))
        if len(folded) < 3 or folded in _NOT_A_ROLE:
            continue
        if at == 0 or not word[0].isupper() or folded in TITLES:
            found.add(folded)
    return frozenset(found)


_NOT_A_ROLE = word_list("functions") | word_list("demonyms") | word_list("given") | ARTICLES | PARTICLES
_BETWEEN = TITLES | word_list("demonyms") | ARTICLES | {"the", "a", "an"}


def bears(folded: str, roles: frozenset[str]) -> bool:
    """Tell whether a folded word of a text is one of these roles, in whatever case, with or without an article."""
    word = _bare(folded)
    if word in roles:
        return True
    return any(
        len(role) >= _SHORTEST_STEM and word.startswith(role) and len(word) - len(role) <= _LONGEST_ENDING
        for role in roles
    )


def beside(text: str, tokens: Sequence[NameToken], first: int, last: int, roles: frozenset[str]) -> str:
    """Return the word of a role that stands directly before a name, or behind it after a comma; "" where none does."""
    if not roles:
        return ""
    at = first
    for _ in range(_NEAREST):
        if not at or tokens[at].tie not in _TIGHT or tokens[at - 1].possessive:
            break
        at -= 1
        if bears(tokens[at].folded, roles):
            return tokens[at].text
        if tokens[at].folded not in _BETWEEN:
            break
    after = last + 1
    if after >= len(tokens) or not _COMMA.fullmatch(text[tokens[last].end : tokens[after].start]):
        return ""
    for place in range(after, min(after + _NEAREST, len(tokens))):
        if place > after and tokens[place].tie not in _TIGHT and not tokens[place - 1].possessive:
            break
        if bears(tokens[place].folded, roles):
            return tokens[place].text
        if tokens[place].folded not in _BETWEEN and not tokens[place].possessive:
            break
    return ""


def _bare(folded: str) -> str:
    """Take the article off, which Arabic and Hebrew write onto a word."""
    if is_abjad(folded):
        for prefix in _PREFIXES:
            if folded.startswith(prefix) and len(folded) > len(prefix) + 2:
                return folded[len(prefix) :]
    return folded
