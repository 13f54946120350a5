"""Names found in a text by longest match on folded words, each with what stands beside it that places it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.reading.places.gazetteer import Entry, Gazetteer
from bot.reading.places.relations import is_county, within
from bot.reading.places.rules import WELL_KNOWN, words
from bot.reading.places.tokens import Token, joined
from storage.records import Place, PlacePrecision

_COMMA = re.compile(r"\s*(?:,\s*|\(\s*)(?:in\s+|the\s+)?\Z")


@dataclass(slots=True)
class Found:
    """A name that was found, on its way to being believed and resolved."""

    first: int
    last: int
    entries: tuple[Entry, ...]
    container: Place | None = None
    head: str = ""


def matches(text: str, words_of: list[Token], gazetteer: Gazetteer) -> Iterator[Found]:
    """Yield the longest names, left to right."""
    index = 0
    while index < len(words_of):
        item = _longest(text, words_of, index, gazetteer)
        if item is None:
            index += 1
        else:
            yield item
            index = item.last + 1


def _longest(text: str, words_of: list[Token], index: int, gazetteer: Gazetteer) -> Found | None:
    head = words_of[index]
    if not head.capital and not head.hashed and not _small_article(text, words_of, index):
        return None
    run = 1
    for length in gazetteer.lengths(head.folded):
        if index + length > len(words_of):
            continue
        while run < length and joined(text, words_of[index + run - 1], words_of[index + run]):
            run += 1
        if run < length:
            continue
        chosen = words_of[index : index + length]
        if not all(_written_as_name(word) for word in chosen[1:]):
            continue
        written = text[chosen[0].start : chosen[-1].end]
        key = " ".join(word.folded for word in chosen)
        entries = tuple(
            e for e in gazetteer.named(key) if e.kind != "abbreviation" and (not e.exact or _exactly(written, e.exact))
        )
        if entries:
            return Found(index, index + length - 1, entries)
    return None


def _exactly(written: str, exact: str) -> bool:
    return written.replace(".", "") == exact.replace(".", "")


def _small_article(text: str, words_of: list[Token], index: int) -> bool:
    if words_of[index].folded not in words().articles or index + 1 == len(words_of):
        return False
    following = words_of[index + 1]
    return text[words_of[index].end : following.start] in {"-", "–"} and following.capital


def _written_as_name(word: Token) -> bool:
    return word.capital or word.hashed or word.folded in words().inner or word.folded in words().grounds


def adjacent(text: str, words_of: list[Token], left: int, right: int) -> bool:
    """Say whether two words stand side by side with nothing but a space or a hyphen between them."""
    if left < 0 or right >= len(words_of):
        return False
    gap = text[words_of[left].end : words_of[right].start]
    return gap.strip(" \u00a0-#") == "" and not words_of[left].possessive


def contain(text: str, words_of: list[Token], item: Found, following: Found | None, gazetteer: Gazetteer) -> None:
    """Note the container ("Paris, Texas"; "Odessa (Ukraine)") and the head noun ("Aleppo province") of a name."""
    after = item.last + 1
    if after < len(words_of):
        gap = text[words_of[item.last].end : words_of[after].start]
        if (
            following is not None
            and following.first <= after + 1
            and _COMMA.match(text[words_of[item.last].end : words_of[following.first].start])
        ):
            options = (*_abbreviations(words_of[after], gazetteer), *following.entries)
        elif _COMMA.match(gap) and not words_of[after].text[0].islower():
            options = _abbreviations(words_of[after], gazetteer)
        else:
            options = ()
        for option in options:
            holds = [e for e in item.entries if e.kind == "place" and _inside(e, option)]
            if option.kind in {"place", "abbreviation"} and holds:
                item.container = option.place
                break
        if adjacent(text, words_of, item.last, after) and words_of[after].folded in words().divisions:
            item.head = words_of[after].folded
    if (
        item.first >= 2
        and words_of[item.first - 1].folded == "of"
        and words_of[item.first - 2].folded in words().divisions
    ):
        item.head = words_of[item.first - 2].folded


def _abbreviations(word: Token, gazetteer: Gazetteer) -> tuple[Entry, ...]:
    entries = gazetteer.named(word.folded)
    return tuple(e for e in entries if e.kind == "abbreviation" and (not e.exact or _exactly(word.text, e.exact)))


def owned(text: str, words_of: list[Token], item: Found, before: Found | None) -> None:
    """Note the country before a town of its own ("Argentina's Mendoza"), for towns that are well known."""
    if before is None or item.container is not None or before.last + 1 != item.first:
        return
    owner = before.entries[0]
    if not words_of[before.last].possessive or owner.place.precision is not PlacePrecision.COUNTRY:
        return
    towns = (e for e in item.entries if e.kind == "place" and e.strength == 2 and e.population >= WELL_KNOWN)
    if owner.kind == "place" and any(_inside(e, owner) for e in towns):
        item.container = owner.place


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A state written short behind a comma; `certain` where a point says that it is no word."""

    place: Place
    certain: bool


def abbreviation(text: str, words_of: list[Token], at: int, gazetteer: Gazetteer) -> Abbreviation | None:
    """Give the state that a word behind a name and a comma is short for, if it is."""
    word, before = words_of[at], words_of[at - 1]
    if not word.text[0].isupper() or not before.capital or text[before.end : word.start] != ", ":
        return None
    options = _abbreviations(word, gazetteer)
    if not options:
        return None
    point = "." in word.text or (text[word.end : word.end + 1] == "." and not word.text.isupper())
    return Abbreviation(options[0].place, point)


def _inside(entry: Entry, container: Entry) -> bool:
    if entry.place.key == container.place.key or entry.place.precision is PlacePrecision.COUNTRY:
        return False
    if container.place.precision is PlacePrecision.COUNTRY:
        return entry.place.country == container.place.country
    if container.place.precision is PlacePrecision.PROVINCE:
        return within(entry.place, container.place) or (bool(container.area) and entry.area == container.area)
    return container.area == entry.area and container.population > entry.population


def name_end(words_of: list[Token], item: Found, gazetteer: Gazetteer) -> int:
    """Give the last word of the name proper: "Homs Governorate" is said of "Homs" where that is a name by itself."""
    if any(is_county(entry.place) for entry in item.entries):
        return item.last
    if item.last > item.first and words_of[item.last].folded in words().divisions:
        shorter = " ".join(word.folded for word in words_of[item.first : item.last])
        if any(e.kind == "place" and e.strength for e in gazetteer.named(shorter)):
            return item.last - 1
    return item.last
