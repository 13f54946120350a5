"""Words written with letters of another script that look the same: a Cyrillic а within a Latin word.

The pairs are those of Unicode's confusables that are one letter each and look alike in common typefaces
(https://www.unicode.org/reports/tr39/, data file confusables.txt); capitals and small letters apart, since В is no в.
"""

from __future__ import annotations

import re
from typing import Final

_LIKE_LATIN: Final = dict(
    zip(
        "АВЕЅІЈКМНОРСТУХԚԜаеѕіјкорсухһԁԛԝѵӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορυχ",
        "ABESIJKMHOPCTYXQWaesijkopcyxhdqwvlABEZHIKMNOPTYXaikvopux",
        strict=True,
    )
)
_LIKE_CYRILLIC: Final = {
    latin: other for other, latin in _LIKE_LATIN.items() if "\u0400" <= other <= "\u04ff" and other not in "ӏѵԁԛԝԚԜ"
}
_LATIN: Final = re.compile(r"[A-Za-z\u00c0-\u024f]")
_OTHER: Final = re.compile(r"[\u0370-\u03ff\u0400-\u052f]")
_CYRILLIC: Final = re.compile(r"[\u0400-\u052f]")
_RUN: Final = re.compile(r"[^\W\d_]+")


def unmixed(text: str) -> str:
    """Write each word that mixes Latin with Cyrillic or Greek letters in one script, that of most of its letters.

    A word stays as it is where a letter has no double in that script. The length never changes.
    """
    if text.isascii() or not _OTHER.search(text) or not _LATIN.search(text):
        return text
    return _RUN.sub(lambda found: _one_script(found[0]), text)


def _one_script(word: str) -> str:
    latin, other, cyrillic = (len(script.findall(word)) for script in (_LATIN, _OTHER, _CYRILLIC))
    if not (latin and other):
        return word
    as_latin = "".join(_LIKE_LATIN.get(letter, letter) for letter in word)
    as_cyrillic = "".join(_LIKE_CYRILLIC.get(letter, letter) for letter in word)
    ways = [way for way in (as_latin, as_cyrillic) if not (_OTHER.search(way) and _LATIN.search(way))]
    if len(ways) == 2:
        return as_cyrillic if cyrillic > latin else as_latin
    return ways[0] if ways else word
