"""Text to name tokens: folding of spellings, hashtags split, possessives cut off, every span exact."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u200d\u0640"
_APOSTROPHES = "'’ʼʻʿʾ`´‘′"
_TOKEN = re.compile(rf"[A-Z](?:\.[A-Z])+\b\.?|(?:[^\W_]|[{_MARKS}])+(?:[{_APOSTROPHES}](?:[^\W_]|[{_MARKS}])+)*")
_POSSESSIVE = re.compile(rf"[{_APOSTROPHES}][sS]$")
_HUMPS = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+|[A-Z]")
_SQUEEZE = str.maketrans(
    {
        **dict.fromkeys(_APOSTROPHES + ".\u0640\u200d-", ""),
        **{"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ə": "a"},
        **{"ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ہ": "ه", "ھ": "ه", "ٱ": "ا"},
    }
)
# The hyphens, spaces and Persian half-spaces that may stand inside a name; one line end too, for texts wrapped by hand.
_GAP = re.compile(r"(?:\u200c|[ \u00a0]?[-–‑][ ]?|[ \u00a0]{0,2}|[ ]?\r?\n)\Z")
_SAINT = frozenset({"st", "ste", "mt", "ft", "pt"})


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text.

    Attributes:
        text: the word as written, without a possessive 's.
        folded: the word as names are compared.
        start: code point offset of the first letter.
        end: code point offset after the last letter.
        hashed: True for every word of a hashtag.
        opens_hashtag: True for its first word.
        possessive: True where 's followed.
    """

    text: str
    folded: str
    start: int
    end: int
    hashed: bool = False
    opens_hashtag: bool = False
    possessive: bool = False

    @property
    def capital(self) -> bool:
        """Say whether the word begins with a capital, or with a letter of a script that has none."""
        return not self.text[0].islower()


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Reduce a word to what spellings share: no case, accents, apostrophes, vowel points; one form for each letter."""
    if word.isascii() and word.isalnum():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.casefold().translate(_SQUEEZE))
    return "".join(c for c in plain if not unicodedata.combining(c)).translate(_SQUEEZE)


def tokens(text: str) -> list[Token]:
    """Split a text into its words."""
    return list(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        start, word = match.start(), match.group()
        before = text[start - 1] if start else ""
        if before == "@":
            continue  # an account's handle names nobody's whereabouts
        possessive = bool(_POSSESSIVE.search(word))
        if possessive:
            word = word[:-2]
        if before == "#":
            yield from _hashtag(word, start, possessive)
        elif folded := fold(word):
            yield Token(word, folded, start, start + len(word), possessive=possessive)


def _hashtag(word: str, start: int, possessive: bool) -> Iterator[Token]:
    humps = list(_HUMPS.finditer(word)) if word.isascii() and not word.isupper() and not word.islower() else []
    if not humps:
        if folded := fold(word):
            yield Token(word, folded, start, start + len(word), True, True, possessive)
        return
    for hump in humps:
        piece = hump.group()
        yield Token(
            piece,
            fold(piece),
            start + hump.start(),
            start + hump.end(),
            True,
            hump.start() == 0,
            possessive and hump is humps[-1],
        )


def joined(text: str, left: Token, right: Token) -> bool:
    """Say whether two neighbouring words may belong to one name: a space, a hyphen, "St. ", or a hashtag's hump."""
    gap = text[left.end : right.start]
    if left.hashed and right.opens_hashtag:
        return False
    if left.possessive:
        return len(gap) == 3 and gap[2] == " "  # "Cox's Bazar"
    return bool(_GAP.match(gap)) if gap != ". " else left.folded in _SAINT


def name_key(name: str) -> str:
    """Give the key under which a name is kept and found: its folded words with one space between."""
    pieces = (fold(_POSSESSIVE.sub("", word)) for word in _TOKEN.findall(name))
    return " ".join(piece for piece in pieces if piece)
