"""What usage says of names where sound misleads: pet forms, names of two genders, generations, sons and fathers.

Sound alone takes Hassan for Hussein and Mario for Maria, and never takes Bill for William.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from bot.reading.names.letters import codes, fold, is_abjad
from bot.reading.names.skeleton import keys, token_similarity

DATA = Path(__file__).parent / "data"
_SPELLING = 0.87
"""From here on a token is taken for a spelling of a name that others sound like."""
_SAME_STEM = 0.95
"""From here on what is left of two names without their endings is one stem (Francisc-o, Francisc-a)."""
_SHORTEST_STEM = 2
_ENDING = "aeiouEyIhH"
_FEMININE = re.compile(r"a[hH]?$")

_GENERATIONS = {
    "sr": 1, "senior": 1, "snr": 1, "jr": 2, "junior": 2, "jnr": 2, "i": 1, "ii": 2, "iii": 3, "iv": 4,
    "старший": 1, "младший": 2, "молодший": 2,
}  # fmt: skip
"""Words behind a name that tell a father from a son; Jr and II are one here, and so are Sr and I."""
_FILIATIONS = frozenset(["bin", "ibn", "ben", "bint", "ould", "بن", "ابن", "بنت", "בן", "בת", "ибн", "бин", "бен"])
_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=1)
def _confusable() -> dict[str, tuple[tuple[int, str], ...]]:
    """Give the names of each set of names that sound alike, by skeleton or unvowelled spelling, and their sets."""
    found: dict[str, list[tuple[int, str]]] = {}
    for number, line in enumerate((DATA / "confusable.txt").read_text(encoding="utf-8").splitlines()):
        for entry in line.partition("#")[0].split():
            name, *unvowelled = (fold(spelling) for spelling in entry.split("="))
            for key in keys(name):
                found.setdefault(key, []).append((number, name))
            for spelling in unvowelled:
                found.setdefault(spelling, []).append((number, name))
    return {key: tuple(names) for key, names in found.items()}


@lru_cache(maxsize=1 << 15)
def _nearest(token: str) -> dict[int, str]:
    """Give, for each set of such names, the one that a token is a spelling of."""
    if is_abjad(token):  # what is not written is not guessed: only as listed
        return dict(_confusable().get(fold(token), ()))
    best: dict[int, tuple[float, str]] = {}
    for number, name in {one for key in keys(token) for one in _confusable().get(key, ())}:
        score = token_similarity(*sorted((token, name)))
        if score >= _SPELLING and score > best.get(number, (0.0, ""))[0]:
            best[number] = score, name
    return {number: name for number, (_, name) in best.items()}


def are_confusable(a: str, b: str) -> bool:
    """Tell whether two tokens are spellings of two names that only sound alike (Hassan, Hussein)."""
    one, other = _nearest(a), _nearest(b)
    return any(name != other.get(number, name) for number, name in one.items())


@lru_cache(maxsize=1)
def _together() -> dict[str, frozenset[str]]:
    """Give each given name with those that one person may bear beside it, all folded."""
    found: dict[str, set[str]] = {}
    for listed in ("equivalents.txt", "nicknames.txt"):
        for line in (DATA / listed).read_text(encoding="utf-8").splitlines():
            names = {fold(name) for name in line.partition("#")[0].split()}
            for name in names:
                found.setdefault(name, set()).update(names)
    return {name: frozenset(others) for name, others in found.items()}


def other_forms(given: str) -> frozenset[str]:
    """Give the folded names that the bearer of a given name goes by as well, in other languages and for short."""
    return _together().get(fold(given), frozenset())


def go_together(a: str, b: str) -> bool:
    """Tell whether one person may bear both given names (William and Bill, Михаил and Mykhailo)."""
    return fold(b) in other_forms(a)


@lru_cache(maxsize=1 << 14)
def are_of_two_genders(a: str, b: str) -> bool:
    """Tell whether two given names differ by the ending that makes a woman's name of a man's (Paul, Paula).

    Only where both scripts write their vowels: Arabic and Hebrew letters do not tell a last -a for sure.
    """
    if is_abjad(a) or is_abjad(b):
        return False
    one, other = codes(a), codes(b)
    stems = one.rstrip(_ENDING), other.rstrip(_ENDING)
    if min(map(len, stems)) < _SHORTEST_STEM or bool(_FEMININE.search(one)) == bool(_FEMININE.search(other)):
        return False
    man = other if _FEMININE.search(one) else one
    if man[-1] == "e":
        return False  # Marie and Maria, Fatemeh and Fatima: spellings
    return stems[0] == stems[1] or token_similarity(*sorted(stems)) >= _SAME_STEM


@lru_cache(maxsize=1 << 14)
def generation(name: str) -> int:
    """Say which bearer of a name is meant: 1 for Sr and I, 2 for Jr and II …, 0 where the name does not say."""
    words = _WORD.findall(fold(name))
    return _GENERATIONS.get(words[-1], 0) if len(words) > 1 else 0


def is_generation(word: str) -> bool:
    """Tell whether a word is one that stands behind a name to tell a father from a son, and is no initial."""
    return len(word) > 1 and fold(word) in _GENERATIONS


@lru_cache(maxsize=1 << 14)
def _son_and_father(name: str) -> tuple[str, str] | None:
    words = _WORD.findall(fold(name))
    at = next((at for at, word in enumerate(words) if word in _FILIATIONS and 0 < at < len(words) - 1), None)
    return (words[at - 1], words[at + 1]) if at is not None else None


def contradict(a: str, b: str) -> bool:
    """Tell whether two whole names say that they are two people's: Jr and Sr, or a son with his father's name."""
    one, other = generation(a), generation(b)
    if one and other and one != other:
        return True
    first, second = _son_and_father(a), _son_and_father(b)
    if first is None or second is None or is_abjad(a) != is_abjad(b):
        return False
    straight = token_similarity(*sorted((first[0], second[0]))) + token_similarity(*sorted((first[1], second[1])))
    crossed = token_similarity(*sorted((first[0], second[1]))) + token_similarity(*sorted((first[1], second[0])))
    return crossed >= 2 * _SPELLING and crossed > straight
