"""Which places a text names, exactly where, and which of the places of that name is meant and why."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.reading.model import PlaceMention
from bot.reading.places import inflected
from bot.reading.places.context import Surroundings, placed, resolve, surroundings
from bot.reading.places.evidence import believed, listed_with, surnames_in
from bot.reading.places.features import with_features
from bot.reading.places.gazetteer import Entry, Gazetteer, default_gazetteer
from bot.reading.places.match import Found, abbreviation, contain, matches, name_end, owned
from bot.reading.places.relations import distance_km, same_or_compatible, within
from bot.reading.places.tokens import Token, tokens
from storage.records import Place, PlacePrecision, Span

__all__ = ["distance_km", "find", "same_or_compatible", "within"]


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
    found = with_features(text, words_of, list(matches(text, words_of, gazetteer)))
    taken = sorted((span.start, span.end) for span in exclude)
    found = [f for f in found if not _overlaps(words_of[f.first].start, words_of[f.last].end, taken)]
    surnames = surnames_in(text, words_of)
    kept: list[Found] = []
    doubted: list[Found] = []
    for index, item in enumerate(found):
        contain(text, words_of, item, found[index + 1] if index + 1 < len(found) else None, gazetteer)
        owned(text, words_of, item, found[index - 1] if index else None)
    shortened = {item.last + 1 for item in found if item.container is not None}
    for item in found:
        if item.first in shortened and abbreviation(text, words_of, item.first, gazetteer) is not None:
            continue  # "Lebanon, Pa.": no town of Burkina Faso
        if believed(text, words_of, item, surnames) or (kept and listed_with(text, words_of, kept[-1], item)):
            kept.append(item)
        else:
            doubted.append(item)
    around = _surroundings(kept, words_of)
    vouched = [
        item for item in doubted if around.vouch_for(item) and believed(text, words_of, item, surnames, vouched=True)
    ]
    if vouched:
        kept = sorted([*kept, *vouched], key=lambda item: item.first)
        around = _surroundings(kept, words_of)
    mentions = [_mention(text, words_of, item, around, home, gazetteer) for item in kept]
    return sorted([*mentions, *_abbreviated(text, words_of, kept, taken, gazetteer)], key=lambda m: m.span.start)


def _abbreviated(
    text: str, words_of: list[Token], kept: list[Found], taken: list[tuple[int, int]], gazetteer: Gazetteer
) -> Iterator[PlaceMention]:
    """Yield the states written short behind a town ("Springfield, Ill."); the point belongs to the name."""
    inside = {item.last + 1: item.container for item in kept if item.container is not None}
    for at in range(1, len(words_of)):
        option = abbreviation(text, words_of, at, gazetteer)
        if option is None or (at not in inside and not option.certain):
            continue
        word, place = words_of[at], option.place
        if at in inside and inside[at] != place:
            continue
        end = word.end + (option.certain and text[word.end : word.end + 1] == "." and word.text[-1] != ".")
        if not _overlaps(word.start, end, taken):
            yield PlaceMention(Span(word.start, end), "place", place, (place,), "only")


def _surroundings(kept: list[Found], words_of: list[Token]) -> Surroundings:
    return surroundings(kept, [_folded(item, words_of) for item in kept])


def _folded(item: Found, words_of: list[Token]) -> tuple[str, ...]:
    return tuple(word.folded for word in words_of[item.first : item.last + 1])


def _find_inflected(
    text: str, words_of: list[Token], gazetteer: Gazetteer, exclude: Sequence[Span], home: str | None, lang: str
) -> list[PlaceMention]:
    taken = sorted((span.start, span.end) for span in exclude)
    kept: list[tuple[Found, Span]] = []
    for item, first, last in inflected.matches(text, words_of, gazetteer, lang):
        start = first.start - (words_of[item.first].opens_hashtag and first.start == words_of[item.first].start)
        if not _overlaps(first.start, last.end, taken) and inflected.believed(text, words_of, item, first, last, lang):
            kept.append((item, Span(start, last.end)))
    around = _surroundings([item for item, _ in kept], words_of)
    return [replace(_mention(text, words_of, item, around, home, gazetteer), span=span) for item, span in kept]


def _overlaps(start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    """Tell whether a stretch meets one of `taken`, which are in order and apart."""
    at = bisect_left(taken, (end, 0))
    return at > 0 and start < taken[at - 1][1]


def _mention(
    text: str, words_of: list[Token], item: Found, around: Surroundings, home: str | None, gazetteer: Gazetteer
) -> PlaceMention:
    start, end = words_of[item.first].start, words_of[name_end(words_of, item, gazetteer)].end
    if words_of[item.first].opens_hashtag:
        start -= 1
    kind = item.entries[0].kind
    entries = [e for e in item.entries if e.kind == kind]
    reason = "only"
    if len(entries) > 1:
        entries, reason = resolve(entries, item, _folded(item, words_of), around, home)
    places = [placed(e.place, around) for e in entries]
    if item.head and kind == "place":
        places = _widened(entries, gazetteer)
    return PlaceMention(Span(start, end), kind, places[0], tuple(dict.fromkeys(places)), reason)


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
