"""Rivers, lakes, seas and the like that no list has: known by the noun in their name ("Tana River", "Lake Turkana")."""

from __future__ import annotations

from bot.reading.places.gazetteer import Entry
from bot.reading.places.match import Found, adjacent
from bot.reading.places.rules import METROPOLIS, words
from bot.reading.places.tokens import Token
from storage.records import Place, PlacePrecision

_BEHIND = frozenset(
    {"river", "rivers", "sea", "ocean", "lake", "island", "islands", "mountains", "peninsula", "desert", "strait"}
    | {"canal", "creek", "bay", "gulf"}
)
"""Nouns behind the name."""
_BEFORE = frozenset({"lake", "mount", "mt", "cape"})
"""Nouns before it; "river" only behind "the", since it is a given name as well."""
_LONGEST = 2


def with_features(text: str, words_of: list[Token], found: list[Found]) -> list[Found]:
    """Add the features that a text names to what was found, in the place of towns named in them."""
    covered = {at: item for item in found for at in range(item.first, item.last + 1)}
    kept = dict.fromkeys(map(id, found))
    added: list[Found] = []
    for at, word in enumerate(words_of):
        if word.folded not in _BEHIND | _BEFORE or not word.text[0].isupper() or word.hashed:
            continue
        first, last = _behind(text, words_of, at) or _before(text, words_of, at) or (at, at)
        if first == last or (at in covered and covered[at].last > covered[at].first):
            continue
        for place in range(first, last + 1):
            if place in covered:
                first, last = min(first, covered[place].first), max(last, covered[place].last)
                kept.pop(id(covered[place]), None)
        added.append(
            Found(first, last, (_entry(text[words_of[first].start : words_of[last].end], words_of[first : last + 1]),))
        )
    return (
        sorted([*(item for item in found if id(item) in kept), *added], key=lambda item: item.first) if added else found
    )


def _behind(text: str, words_of: list[Token], at: int) -> tuple[int, int] | None:
    """Give the words of "Tana River": one or two names before the noun."""
    if words_of[at].folded not in _BEHIND:
        return None
    first = at
    while at - first < _LONGEST and _is_name(text, words_of, first - 1, first):
        first -= 1
    return (first, at) if first < at else None


def _before(text: str, words_of: list[Token], at: int) -> tuple[int, int] | None:
    """Give the words of "Lake Turkana" and "the River Lee"."""
    noun = words_of[at].folded
    river = noun == "river" and at > 0 and words_of[at - 1].folded == "the"
    if (noun not in _BEFORE and not river) or at + 1 >= len(words_of):
        return None
    name = words_of[at + 1]
    known = words().names | words().common
    fits = adjacent(text, words_of, at, at + 1) and name.text[0].isupper() and name.folded not in known
    return (at, at + 1) if fits else None


def _is_name(text: str, words_of: list[Token], left: int, right: int) -> bool:
    if not adjacent(text, words_of, left, right):
        return False
    word, lists = words_of[left], words()
    small = lists.common | lists.locative | lists.directional | lists.bearings | lists.inner
    return word.text[0].isupper() and word.text[0].isalpha() and not word.hashed and word.folded not in small


def _entry(name: str, parts: list[Token]) -> Entry:
    key = "feature:" + "-".join(word.folded for word in parts)
    place = Place(name, None, None, None, PlacePrecision.REGION, key)
    return Entry(place, METROPOLIS, "place", 2, "", "", True)
