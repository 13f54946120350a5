"""One spelling for search: the same fold on archived text and on what is asked for.

What stays apart and what falls together: digits of every script are 0-9; letters lose case, accents, strokes and
hooks (ł ø đ ё ґ й ї become l o d е г и і); Arabic, Persian, Urdu and Kurdish forms of one letter are one; vowel
points of Arabic and Hebrew go, those of scripts that cannot be read without them (Devanagari, Thai, …) stay; an
apostrophe inside a Cyrillic word goes, any other one parts words; writing without spaces becomes one token for each
character; everything that is no letter, digit or mark is one space.
"""

from __future__ import annotations

import re
import unicodedata

APOSTROPHES = "'`´\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb\u2018\u2019\u201b\u2032\u2035\ua78c\uff07"
_CYRILLIC_APOSTROPHE = re.compile(rf"(?<=[\u0400-\u052f])[{APOSTROPHES}](?=[\u0400-\u052f])")

_ASCII = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}

ZERO_WIDTH_NON_JOINER = "\u200c"

_ONE_FOR_ANOTHER = {
    "ي": "ی", "ى": "ی", "ې": "ی", "ے": "ی", "ۍ": "ی", "ێ": "ی",
    "ك": "ک", "ڪ": "ک",
    "ة": "ه", "ە": "ه", "ھ": "ه", "ہ": "ه", "ۃ": "ه",
    "ٱ": "ا", "ۆ": "و", "ۇ": "و", "ں": "ن",
    "ı": "i", "ȷ": "j", "ĸ": "k", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ŋ": "n", "ſ": "s",
    "ґ": "г", "\u0640": "",
}  # fmt: skip
"""Letters whose other spelling neither decomposition nor their Unicode name tells."""

_SPACELESS = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3021, 0x3029),
    (0x3031, 0x303C), (0x3041, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA9E0, 0xA9FF),
    (0xAA60, 0xAA7F), (0xF900, 0xFAFF), (0x1B000, 0x1B16F), (0x20000, 0x3FFFF),
)  # fmt: skip
"""Thai, Lao, Burmese, Khmer, Japanese kana and Chinese characters: blocks of writing without spaces."""

_MARKS_THAT_GO = (
    (0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670),
    (0x06D6, 0x06ED), (0x0898, 0x089F), (0x08CA, 0x08FF), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF),
    (0x2DE0, 0x2DFF), (0xA66F, 0xA67D), (0xA69E, 0xA69F), (0xFB1E, 0xFB1E), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F),
    (0xE0100, 0xE01EF),
)  # fmt: skip
"""Blocks whose combining marks belong to Latin, Greek, Cyrillic, Arabic and Hebrew, and variation selectors."""

_CACHED_LETTERS = 20_000
"""Enough for every script in use at once; a hostile text cannot make the table grow beyond it."""


def fold(text: str) -> str:
    """Return the search form of a text: lower-case words of letters, digits and marks, single spaces between.

    Folding a folded text changes nothing. The result may be empty.
    """
    if text.isascii():
        return " ".join(text.translate(_ASCII).split())
    folded = _pass(text)
    # dropping an invisible character can bring letters together that compose into one, so look again
    while not unicodedata.is_normalized("NFKC", folded):
        folded = _pass(folded)
    return folded


def _pass(text: str) -> str:
    text = _CYRILLIC_APOSTROPHE.sub("", text)
    return " ".join(unicodedata.normalize("NFKC", text).translate(_LETTERS).split())


def _within(code: int, blocks: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in blocks)


class _Letters(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        becomes = _fold_character(chr(code))
        if len(self) < _CACHED_LETTERS:
            self[code] = becomes
        return becomes


_LETTERS = _Letters()


def _fold_character(character: str) -> str:
    code = ord(character)
    if code < 128:
        return _ASCII[code]
    if character == ZERO_WIDTH_NON_JOINER or character in APOSTROPHES:
        return " "
    if _within(code, _SPACELESS) and unicodedata.category(character)[0] in "LMN":
        return _spaceless(character)
    parts = unicodedata.normalize("NFKD", character)
    # marks go before case: the case fold of iota subscript is a letter
    parts = "".join(part for part in parts if not _goes(part))
    parts = unicodedata.normalize("NFKD", parts.casefold())
    return unicodedata.normalize("NFC", "".join(map(_fold_part, parts)))


def _spaceless(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return f" {character} " if digit is None else str(digit)


def _goes(mark: str) -> bool:
    return unicodedata.category(mark)[0] == "M" and _within(ord(mark), _MARKS_THAT_GO)


def _fold_part(part: str) -> str:
    """Fold one character that no longer decomposes."""
    code = ord(part)
    if code < 128:
        return _ASCII[code]
    if part in APOSTROPHES:
        return " "
    if part in _ONE_FOR_ANOTHER:
        return _ONE_FOR_ANOTHER[part]
    category = unicodedata.category(part)
    if category == "Cf" or _goes(part):
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(part))
    if category[0] not in "LMN":
        return " "
    plainer = _without_addition(part)
    return part if plainer == part else _fold_character(plainer)


def _without_addition(letter: str) -> str:
    """Return the letter that Unicode's name of this one builds on: `D WITH STROKE` is d, `KA WITH DESCENDER` is к."""
    base, addition, _ = unicodedata.name(letter, "").partition(" WITH ")
    if not addition or base.split(" ")[0] not in {"LATIN", "CYRILLIC", "ARABIC", "GREEK"}:
        return letter
    try:
        return unicodedata.lookup(base)
    except KeyError:
        return letter
