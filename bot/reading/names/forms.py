"""Grammatical forms of a name: case endings and attached prepositions, taken off to find the name inside."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.reading.names.letters import is_abjad
from bot.reading.names.tokens import trim_apostrophes

_ARABIC_CLITIC = re.compile(r"^(?:[وف]?(?:[بلك](?=\w{3})|لل)|[وف])(?=\w{3})")
_HEBREW_CLITIC = re.compile(r"^ו?[בלהמשכ]?(?=\w{3})")
_HEBREW = re.compile(r"[\u05d0-\u05ea]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_ADJECTIVE_ENDINGS = (("ского", "ский"), ("скому", "ский"), ("ским", "ский"), ("ском", "ский"), ("ського", "ський"),
                      ("ському", "ський"), ("ським", "ський"))  # fmt: skip
_ADJECTIVE_NAMES = tuple(
    (ending, tuple(nominatives.split()))
    for ending, nominatives in (
        ("ого", "ый ий"), ("его", "ий"), ("ому", "ый ий"), ("ым", "ый"), ("им", "ий"), ("ом", "ый ий"),
        ("ой", "ая ый"), ("ую", "ая"), ("ої", "а"), ("ій", "а"),
    )
)  # fmt: skip
"""Endings of names that decline as adjectives do (Навального, Толстую), with those of the names as listed."""
_NOUN_ENDINGS = (
    "ами",
    "ям",
    "ом",
    "ем",
    "ым",
    "им",
    "ою",
    "ой",
    "ей",
    "ові",
    "еві",
    "а",
    "у",
    "е",
    "ы",
    "и",
    "і",
    "я",
    "ю",
)
_FEMININE_ENDINGS = tuple(
    (ending, nominative)
    for nominative, endings in (("а", "ою ой и ы і у е"), ("я", "ей єю ею ю"), ("ія", "ії ію"), ("ия", "ии ию"))
    for ending in endings.split()
)
"""Endings of women's names with the ending of the name as listed (Ольгу: Ольга, Марии: Мария)."""
_LATIN_ARTICLE = re.compile(r"^(?:al|el)(?=[^\W\d_aeiou]\w{3})", re.IGNORECASE)
_MARKED_ENDING = 4
_SHORTEST_FEMININE = 3


def inner_forms(word: str) -> Iterator[tuple[str, int, int]]:
    """Yield (form, start, end): what may be the bare name in a word, and where in the word it stands.

    A form with an ending put back ("Зеленского" to "Зеленский") keeps the span of the whole word.
    """
    if (head := trim_apostrophes(word)) != word:
        yield head, 0, len(head)
    if _CYRILLIC.search(word):
        yield from _without_case(word)
    elif is_abjad(word):
        clitic = _HEBREW_CLITIC if _HEBREW.search(word) else _ARABIC_CLITIC
        if (found := clitic.match(word)) is not None and found.end():
            yield word[found.end() :], found.end(), len(word)
            if found.end() > 1 and word[0] in "וوف":  # "and Michal", not "and from Ikhal"
                yield word[1:], 1, len(word)
    elif (found := _LATIN_ARTICLE.match(word)) is not None:
        yield word[found.end() :], 0, len(word)


def _without_case(word: str) -> Iterator[tuple[str, int, int]]:
    for ending, nominative in _ADJECTIVE_ENDINGS:
        if word.endswith(ending):
            yield word[: -len(ending)] + nominative, 0, len(word)
            return
    for ending, nominatives in _ADJECTIVE_NAMES:
        if word.endswith(ending) and len(word) - len(ending) >= _MARKED_ENDING:
            yield from ((word[: -len(ending)] + nominative, 0, len(word)) for nominative in nominatives)
    for ending in _NOUN_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _MARKED_ENDING:
            yield word[: -len(ending)], 0, len(word)
    for ending, nominative in _FEMININE_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_FEMININE:
            yield word[: -len(ending)] + nominative, 0, len(word)
