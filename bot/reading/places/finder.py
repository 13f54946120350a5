"""Which places a text names, exactly where, and which of the places of that name is meant and why."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bot.reading.model import PlaceMention
from bot.reading.places import inflected
from bot.reading.places.evidence import believed, listed_with, surnames_in
from bot.reading.places.gazetteer import Entry, Gazetteer, default_gazetteer
from bot.reading.places.match import Found, contain, matches, name_end
from bot.reading.places.relations import distance_km, same_or_compatible, within
from bot.reading.places.rules import SMALL
from bot.reading.places.tokens import Token, tokens
from storage.records import Place, PlacePrecision, Span

__all__ = ["distance_km", "find", "same_or_compatible", "within"]

_CONTEXT_BONUS = 1.5
"""A country that the text names raises its towns as if they had 10**1.5 times the people."""
_OWN_NAME_BONUS = 1.5
"""… and as much again where only the town of that country bears the name itself, not as another spelling of its own."""
_HOME_BONUS = 0.7
_PROVINCE_MALUS = 1.0
"""A bare name that is a city's and a larger division's means the city, unless ten times as many live outside it."""


def find(
    text: str,
    *,
    gazetteer: Gazetteer | None = None,
    exclude: Sequence[Span] = (),
    home: str | None = None,
    lang: str | None = None,
) -> list[PlaceMention]:
    """Find the places, demonyms and metonyms that a text names, in the order of the text.

    Spans never overlap, never hold an article or a possessive 's, and begin with the # of a hashtag that begins with
    the name. A name inside a span of `exclude` (persons, organisations) is none.

    Attributes:
        gazetteer: where names are looked up; the default one is compiled when it is first needed.
        home: ISO 3166-1 alpha-2 of a country whose towns are somewhat likelier than others of their name.
        lang: ISO 639-1 code of the text; for those of `inflected.LANGUAGES` names are found in their forms, and a span
            holds neither an attached preposition nor an ending behind an apostrophe.
    """
    gazetteer = gazetteer or default_gazetteer()
    words_of = tokens(text)
    if lang in inflected.LANGUAGES:
        return _find_inflected(text, words_of, gazetteer, exclude, home, lang)
    found = list(matches(text, words_of, gazetteer))
    taken = sorted((span.start, span.end) for span in exclude)
    found = [f for f in found if not _overlaps(words_of[f.first].start, words_of[f.last].end, taken)]
    surnames = surnames_in(text, words_of)
    kept: list[Found] = []
    for index, item in enumerate(found):
        contain(text, words_of, item, found[index + 1] if index + 1 < len(found) else None, gazetteer)
        if believed(text, words_of, item, surnames) or (kept and listed_with(text, words_of, kept[-1], item)):
            kept.append(item)
    context = _context(kept, gazetteer)
    return [_mention(text, words_of, item, context, home, gazetteer) for item in kept]


def _find_inflected(
    text: str, words_of: list[Token], gazetteer: Gazetteer, exclude: Sequence[Span], home: str | None, lang: str
) -> list[PlaceMention]:
    taken = sorted((span.start, span.end) for span in exclude)
    kept: list[tuple[Found, Span]] = []
    for item, first, last in inflected.matches(text, words_of, gazetteer, lang):
        start = first.start - (words_of[item.first].opens_hashtag and first.start == words_of[item.first].start)
        if not _overlaps(first.start, last.end, taken) and inflected.believed(text, words_of, item, first, last, lang):
            kept.append((item, Span(start, last.end)))
    context = _context([item for item, _ in kept], gazetteer)
    return [replace(_mention(text, words_of, item, context, home, gazetteer), span=span) for item, span in kept]


def _overlaps(start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    """Tell whether a stretch meets one of `taken`, which are in order and apart."""
    at = bisect_left(taken, (end, 0))
    return at > 0 and start < taken[at - 1][1]


def _context(kept: list[Found], gazetteer: Gazetteer) -> Counter[str]:
    """Count the countries that a text names beyond doubt, by name, demonym, or a town without a rival elsewhere."""
    context: Counter[str] = Counter()
    for item in kept:
        options = {
            e.place.country
            for e in item.entries
            if (e.strength > 0 and (e.population >= SMALL or e.curated)) or e.kind != "place"
        }
        country = item.container.country if item.container else next(iter(options)) if len(options) == 1 else None
        if country:
            context[country] += 1
    return context


def _mention(
    text: str, words_of: list[Token], item: Found, context: Counter[str], home: str | None, gazetteer: Gazetteer
) -> PlaceMention:
    start, end = words_of[item.first].start, words_of[name_end(words_of, item, gazetteer)].end
    if words_of[item.first].opens_hashtag:
        start -= 1
    kind = item.entries[0].kind
    entries = [e for e in item.entries if e.kind == kind]
    reason = "only"
    if len(entries) > 1:
        entries, reason = _resolve(entries, item, context, home)
    places = [e.place for e in entries]
    if item.head and kind == "place":
        places = _widened(entries, gazetteer)
    return PlaceMention(Span(start, end), kind, places[0], tuple(dict.fromkeys(places)), reason)


def _resolve(entries: list[Entry], item: Found, context: Counter[str], home: str | None) -> tuple[list[Entry], str]:
    def prior(entry: Entry) -> float:
        score = math.log10(entry.population + 10) + (0.0 if entry.strength == 2 else -0.5 if entry.strength else -2.0)
        if entry.place.precision is PlacePrecision.PROVINCE and not entry.curated and not item.head:
            score -= _PROVINCE_MALUS
        return score

    def in_context(entry: Entry) -> float:
        score = prior(entry)
        if entry.place.country in context:
            score += _CONTEXT_BONUS + (_OWN_NAME_BONUS if entry.strength == 2 and not namesakes else 0.0)
        elif entry.place.precision is PlacePrecision.COUNTRY and rival:
            score -= 6.0  # "Georgia" among American places is the state
        if home and entry.place.country == home:
            score += _HOME_BONUS
        return score

    namesakes = any(e.strength == 2 and e.place.country not in context for e in entries)
    rival = any(e.place.precision is PlacePrecision.PROVINCE and e.place.country in context for e in entries)
    if item.container is not None:
        inside = [e for e in entries if _held(e, item.container)]
        rest = [e for e in entries if e not in inside]
        ordered = sorted(inside, key=prior, reverse=True) + sorted(rest, key=prior, reverse=True)
        return ordered, "container" if inside else "population"
    by_context = sorted(entries, key=in_context, reverse=True)
    if item.head:
        by_context.sort(
            key=lambda e: (
                e.place.precision is not PlacePrecision.PROVINCE or (e.place.country not in context and bool(context))
            )
        )
    by_population = max(entries, key=prior)
    return by_context, "population" if by_context[0] is by_population else "context"


def _held(entry: Entry, container: Place) -> bool:
    if container.precision is PlacePrecision.COUNTRY:
        return entry.place.country == container.country and entry.place.key != container.key
    return within(entry.place, container) and entry.place.key != container.key


def _widened(entries: list[Entry], gazetteer: Gazetteer) -> list[Place]:
    """Turn "Aleppo" of "Aleppo province" to the province: the division that the town lies in."""
    places = []
    for entry in entries:
        place = entry.place
        if place.precision is PlacePrecision.CITY:
            division = gazetteer.province(entry.area) if entry.area else None
            key = division.key if division else f"{place.key}/province"
            lat, lon = (division.lat, division.lon) if division else (place.lat, place.lon)
            place = replace(place, lat=lat, lon=lon, key=key, precision=PlacePrecision.PROVINCE)
        places.append(place)
    return places
