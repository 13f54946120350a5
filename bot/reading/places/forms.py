"""The forms of a place's name inside sentences: case endings, attached prepositions, endings behind an apostrophe."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from bot.reading.places.tables import rows
from bot.reading.places.tokens import Token, fold

SHORTEST_STEM = 3
"""What is left of a name when an ending or a prefix is off; two letters do only in the first word of a longer name."""
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_HEBREW = re.compile(r"[\u05d0-\u05ea]")
_ARABIC = re.compile(r"[\u0621-\u06d3]")
_HEBREW_PREFIXES = tuple(
    first + second
    for first in ("", "ו", "ש", "כש", "וש", "וכש")
    for second in ("", "ב", "ל", "מ", "כ")
    if first + second
)
_ARABIC_PREFIXES = ("وب", "ول", "وك", "فب", "فل", "و", "ف", "ب", "ل", "ك")
_CLIPPED = ("ولل", "فلل", "لل")
"""The preposition li- swallows the alef of the article: للرياض is li + al-Riyadh."""
_TURKISH_ENDING = re.compile(
    r"[’'ʼ](?:(?:n?[dt][ae](?:ki(?:ler)?|n)?)|[yn]?[ae]|[yn]?[ıiuü]|n?[ıiuü]n|y?l[ae]|(?:l[ıiuü])|n[ae]|nd[ae]n?)$"
)


@dataclass(frozen=True, slots=True)
class Form:
    """A word read as a name with something attached.

    Attributes:
        folded: the folded name that would be listed.
        start: code point offset in the text where the name begins, behind attached prepositions.
        end: where it ends, before an ending that an apostrophe sets off.
    """

    folded: str
    start: int
    end: int


@cache
def _endings() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(
        (ending, tuple(r.replace("-", "") for r in others.split(";"))) for ending, others in rows("endings.txt")
    )


def forms(word: Token, lang: str) -> tuple[Form, ...]:
    """Give every way to read a word as a listed name, the word as it stands first; `lang` is ISO 639-1."""
    whole = Form(word.folded, word.start, word.end)
    if lang == "tr" and (suffix := _TURKISH_ENDING.search(word.text)):
        end = word.start + suffix.start()
        return (Form(fold(word.text[: suffix.start()]), word.start, end), whole)
    letters = word.folded
    if _CYRILLIC.match(letters):
        return (whole, *(Form(base, word.start, word.end) for base in _without_case(letters)))
    if _HEBREW.match(letters):
        return (whole, *_behind(word, _HEBREW_PREFIXES))
    if _ARABIC.match(letters):
        found = [whole, *(_behind(word, _ARABIC_PREFIXES) if lang == "ar" else ())]
        if lang == "ar":
            for prefix in _CLIPPED:
                if letters.startswith(prefix) and len(letters) - len(prefix) >= SHORTEST_STEM:
                    start = _offset(word, len(prefix) - 1)
                    found.append(Form("ال" + letters[len(prefix) :], start, word.end))
        more = [Form(form.folded[2:], form.start, form.end) for form in found if form.folded.startswith("ال")]
        if not letters.startswith("ال") and len(letters) > SHORTEST_STEM:
            more.append(Form("ال" + letters, word.start, word.end))
        return (*found, *(form for form in more if len(form.folded) >= SHORTEST_STEM))
    return (whole,)


def _behind(word: Token, prefixes: tuple[str, ...]) -> Iterator[Form]:
    """Yield what stands behind attached prepositions; a vav is written twice behind one, once in the name."""
    for prefix in prefixes:
        rest = word.folded[len(prefix) :]
        if not word.folded.startswith(prefix) or len(rest) < SHORTEST_STEM - 1:
            continue
        start = _offset(word, len(prefix))
        yield Form(rest, start, word.end)
        if rest.startswith("וו") and len(rest) > SHORTEST_STEM:
            yield Form(rest[1:], start, word.end)


def _offset(word: Token, letters: int) -> int:
    """Give the place in the text behind so many letters of a word, their points passed over."""
    at = 0
    seen = 0
    while at < len(word.text):
        if not unicodedata.combining(word.text[at]) and word.text[at] != "\u0640":
            if seen == letters:
                break
            seen += 1
        at += 1
    return word.start + at


@lru_cache(maxsize=16384)
def _without_case(word: str) -> tuple[str, ...]:
    found: list[str] = []
    for ending, others in _endings():
        stem = word[: -len(ending)]
        if word.endswith(ending) and len(stem) >= SHORTEST_STEM - 1:
            found.extend(stem + other for other in others if len(stem + other) >= SHORTEST_STEM)
    if word[-2:] in {"ні", "ня", "лі", "ля", "ця", "ці"} and len(word) > SHORTEST_STEM:
        found.append(word[:-2] + "е" + word[-2] + "ь")  # the fleeting vowel of Відень
    if _ends_in_consonant(word):
        found.extend((word + "и", word + "ы", word + "а"))  # the genitive plural of Суми, Афины
    return tuple(dict.fromkeys(found))


def _ends_in_consonant(word: str) -> bool:
    return len(word) >= SHORTEST_STEM and word[-1] not in "аеєиіоуыьэюя"
