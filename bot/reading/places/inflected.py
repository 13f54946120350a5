"""Place names in Arabic, Persian, Hebrew, Russian, Turkish and Ukrainian texts, in the forms that sentences give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import islice, product

from bot.reading.clauses.lexicon import lexicon
from bot.reading.names.context import is_given_name
from bot.reading.names.letters import fold as names_fold
from bot.reading.places.forms import SHORTEST_STEM, Form, forms
from bot.reading.places.gazetteer import Entry, Gazetteer
from bot.reading.places.match import Found
from bot.reading.places.rules import METROPOLIS, SMALL, WELL_KNOWN
from bot.reading.places.tables import rows
from bot.reading.places.tokens import Token, fold, joined, name_key
from storage.records import PlacePrecision

LANGUAGES = frozenset({"ar", "fa", "he", "ru", "tr", "uk"})
_MOST_READINGS = 80
"""How many ways to read the words of one name are looked up at most; three inflected words make no more."""
_LONGEST = 4
_HALF_SPACE = "\u200c"
_HIS = "\u0647"
_SURE = 4
"""A name of fewer letters in a script without capitals needs a well-known place."""


@cache
def _words() -> dict[str, frozenset[str]]:
    """Read what stands beside a name that is none ("street"), and everyday words that are towns' names as well."""
    found: dict[str, frozenset[str]] = {}
    for kind, listed in rows("everyday.txt"):
        found[kind] = found.get(kind, frozenset()) | {fold(word) for word in listed.split()}
    return found


@cache
def _exonyms() -> dict[str, list[tuple[str, str, str]]]:
    found: dict[str, list[tuple[str, str, str]]] = {}
    for listed, country, names in rows("exonyms.txt"):
        for name in names.split(";"):
            exact = name[1:] if name.startswith("=") else ""
            found.setdefault(name_key(name.removeprefix("=")), []).append((name_key(listed), country, exact))
    return found


@cache
def _exonym_lengths() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for key in _exonyms():
        first, *rest = key.split(" ")
        found.setdefault(first, set()).add(1 + len(rest))
    return {first: frozenset(lengths) for first, lengths in found.items()}


def matches(text: str, words_of: list[Token], gazetteer: Gazetteer, lang: str) -> Iterator[tuple[Found, Form, Form]]:
    """Yield the longest names, left to right, each with the forms of its first and last word."""
    read = [forms(word, lang) if word.capital else () for word in words_of]
    index = 0
    while index < len(words_of):
        item = _longest(text, words_of, read, index, gazetteer)
        if item is None:
            index += 1
        else:
            yield item
            index = item[0].last + 1


def _longest(
    text: str, words_of: list[Token], read: list[tuple[Form, ...]], index: int, gazetteer: Gazetteer
) -> tuple[Found, Form, Form] | None:
    lengths = {
        n: None
        for form in read[index]
        for n in (*gazetteer.lengths(form.folded), *_exonym_lengths().get(form.folded, ()))
        if n <= _LONGEST
    }
    for length in sorted(lengths, reverse=True):
        last = index + length - 1
        if last >= len(words_of) or any(not joined(text, words_of[at], words_of[at + 1]) for at in range(index, last)):
            continue
        rest = [
            read[at] or (Form(words_of[at].folded, words_of[at].start, words_of[at].end),)
            for at in range(index + 1, last + 1)
        ]
        best: tuple[int, tuple[Entry, ...], Form, Form] | None = None
        for reading in islice(product(read[index], *rest), _MOST_READINGS):
            entries = _named(text, reading, gazetteer)
            if entries:
                weight = max(e.population for e in entries)
                as_written = reading[0].folded == words_of[index].folded and weight >= SMALL
                if best is None or weight > best[0]:
                    best = (weight, entries, reading[0], reading[-1])
                if as_written:
                    break
        if best is not None:
            return Found(index, last, best[1]), best[2], best[3]
    return None


def _named(text: str, reading: tuple[Form, ...], gazetteer: Gazetteer) -> tuple[Entry, ...]:
    key = " ".join(form.folded for form in reading)
    written = text[reading[0].start : reading[-1].end]
    found = []
    for target, country, exact in _exonyms().get(key, ()):
        if not exact or written.startswith(exact):
            listed = [
                e for e in gazetteer.named(target) if e.kind == "place" and (not country or e.place.country == country)
            ]
            found.extend(listed[:1])
    if found:
        return tuple(found)
    listed = [e for e in gazetteer.named(key) if e.kind == "place" and (not e.exact or e.exact == written)]
    return tuple(replace(e, strength=max(e.strength, 1)) for e in listed)


def believed(text: str, words_of: list[Token], item: Found, head: Form, tail: Form, lang: str) -> bool:
    """Say whether what stands around a name, and how well known it is, makes it a place."""
    everyday = _words()
    first, last = words_of[item.first], words_of[item.last]
    if _HALF_SPACE in {text[first.start - 1 : first.start], text[last.end : last.end + 1]}:
        return False  # a part of one Persian word
    attached = head.start > first.start or tail.end < last.end
    if item.first == item.last:
        if head.folded in everyday["common"] or first.folded in everyday["common"]:
            return False
        if attached and len(head.folded) < SHORTEST_STEM:
            return False
    top = max(item.entries, key=lambda e: e.population)
    known = top.population
    before = words_of[item.first - 1] if item.first else None
    beside = before is not None and text[before.end : first.start] in {" ", "\u00a0"}
    locative = attached or (beside and before is not None and before.folded in everyday["locative"])
    after = words_of[item.last + 1] if item.last + 1 < len(words_of) else None
    piece = first.hashed and (
        not first.opens_hashtag or (after is not None and after.hashed and not after.opens_hashtag)
    )
    if piece and known < WELL_KNOWN:
        return False  # one word of several in a hashtag: #SonDakika
    if beside and before is not None and before.folded in everyday["street"]:
        return False
    if after is not None and text[last.end : after.start] == " " and after.folded in everyday["street_after"]:
        return False
    if text[first.start - 1 : first.start] in {"«", "„", "“"} and text[last.end : last.end + 1] in {"»", "“", "”"}:
        return False  # the name of a paper, a club, a ship
    cased = first.text[0].lower() != first.text[0].upper()
    if top.place.precision is PlacePrecision.COUNTRY or top.curated:
        return True
    if lang == "ar" and last.text.endswith(_HIS) and known < METROPOLIS:
        return False  # "his house" is written like a town in -a whose dots are left off
    if (
        not cased
        and item.first == item.last
        and lexicon(lang).tags([[names_fold(first.folded), names_fold(head.folded)]])
    ):
        return False  # a word of the language's own, whatever town is called so
    if not cased:
        if len(head.folded) < _SURE:
            return known >= WELL_KNOWN
        return known >= SMALL
    if beside and before is not None and before.capital and is_given_name(before.text):
        return known >= WELL_KNOWN and locative
    return known >= (1000 if locative and len(head.folded) >= _SURE else SMALL)
