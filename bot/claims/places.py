"""The places that a caption gives its picture: not who speaks, not whose somebody is, not where somebody comes from."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from bot.claims import scope
from bot.claims.disputes import is_disputed
from bot.claims.lexicon import Lexicon
from bot.claims.model import PlaceClaim, Spot
from bot.reading import places
from bot.reading.model import PlaceMention
from bot.reading.places.gazetteer import Gazetteer
from bot.reading.places.relations import same_or_compatible, within
from bot.reading.places.tokens import name_key
from storage.records import Place, PlacePrecision, Span

CORE_KM = 5.0
"""How far from its point the smallest town is called by its name: a neighbouring village is no other place."""
PEOPLE_PER_SQUARE_KM = 3000.0
"""A usual density of cities (UN-Habitat's reports give 1,500 to 10,000): a town's reach grows with its people."""
NEARBY_KM = 30.0
"""What "near", "outside" or "suburb of" adds to a town's reach. Chosen, not measured."""
REACH_OF_POINT = 5.0
_TOWNS = frozenset({PlacePrecision.CITY, PlacePrecision.POINT})
_POSSESSIVE = re.compile(r"['’ʼ`]s(?=\W|$)|(?<=s)['’ʼ](?=\s)")
_LOCATES = re.compile(
    r"\b(?:in|at|near|inside|outside|from|around|over|across)\s+(?:the\s+)?(?:\w+(?:ern)?\s+)?\Z", re.I
)
_PART_OF_A_NAME = re.compile(r"[A-Z]\w+[ -](?:al|el|ar|as|ad|at|az|an|ash|de|du|sur)-\Z")
"""Half of a longer name that is not listed: "Maarrat al-Numan" is not Numan."""
_BESIDE = re.compile(r"[’'ʼ]?\w{0,4}\s?(?:,|،|\()\s*#?\w{0,2}\Z")


def named(text: str, lang: str | None, gazetteer: Gazetteer, people: Sequence[Span]) -> list[PlaceMention]:
    """Find the places that a caption names, whatever it says of them.

    Attributes:
        people: spans of persons' names, in which nothing is a place.
    """
    found = places.find(text, gazetteer=gazetteer, lang=lang, exclude=people)
    mentions = [mention for mention in found if mention.kind == "place"]
    if lang in _LANDS:
        mentions = sorted([*mentions, *_lands(text, lang, gazetteer)], key=lambda mention: mention.span.start)
    return mentions


def claimed(
    text: str, words: Lexicon, gazetteer: Gazetteer, mentions: Sequence[PlaceMention], silent: Sequence[Span]
) -> tuple[PlaceClaim, ...]:
    """Read the places that a caption gives its picture, each once, without those around others ("Latakia, Syria").

    Attributes:
        mentions: the places that it names.
        silent: stretches in which it claims nothing.
    """
    counting = [m for m in mentions if not scope.inside(m.span, silent) and _counts(text, m, words)]
    end, sure = scope.dateline_end(text, [mention.span for mention in mentions])
    behind = [mention for mention in counting if mention.span.start >= end]
    if end and (sure or behind):
        counting = behind
    counting = [mention for mention in counting if not _acts(text, mention, words)] or counting
    return _finest(text, [_claim(text, mention, words, gazetteer) for mention in counting])


def _acts(text: str, mention: PlaceMention, words: Lexicon) -> bool:
    """Say whether a country may be named for what it does ("US airstrike in Syria"): then another place counts."""
    if mention.place.precision is not PlacePrecision.COUNTRY:
        return False
    return bool(words.after["actor"].match(text, scope.tail(text, mention.span)))


_LANDS = {
    "ru": re.compile(r"\b(?P<stem>\w{2,14}?)(?P<end>ск|цк)(?:ая|ой|ую)\s+обл(?:аст\w*|\.)", re.I),
    "uk": re.compile(r"\b(?P<stem>\w{2,14}?)(?P<end>ськ|цьк|зьк)(?:а|ої|ій|у|ою)\s+обл(?:аст\w*|\.)", re.I),
}
"""A region named by an adjective made of its town: "Харьковская область", "Донецька область"."""


def _lands(text: str, lang: str, gazetteer: Gazetteer) -> Iterator[PlaceMention]:
    for match in _LANDS[lang].finditer(text):
        stem, end = match["stem"], match["end"]
        for name in (stem, f"{stem}{end}", f"{stem}а", f"{stem}ь"):
            towns = [e.place for e in gazetteer.named(name_key(name)) if e.place.precision is PlacePrecision.CITY]
            if towns:
                yield PlaceMention(Span(*match.span()), "place", towns[0], (towns[0],), "only")
                break


def _counts(text: str, mention: PlaceMention, words: Lexicon) -> bool:
    span = mention.span
    if words.speaks_for_itself(span.of(text)) or _PART_OF_A_NAME.search(text[: span.start]):
        return False
    before, after = scope.heads(text, span), scope.tail(text, span)
    if _POSSESSIVE.match(text, span.end) and not _LOCATES.search(before[0]):
        return False
    if scope.denied(text, span, words):
        return False
    if any(words.after[kind].match(text, after) for kind in ("speaks", "owned", "elsewhere_after")):
        return False
    return not any(words.before[kind].search(head) for kind in ("owner", "told", "elsewhere") for head in before)


def _claim(text: str, mention: PlaceMention, words: Lexicon, gazetteer: Gazetteer) -> PlaceClaim:
    span = mention.span
    before, after = scope.heads(text, span), scope.tail(text, span)
    candidates: Iterable[Place] = mention.candidates
    if mention.reason == "container":
        candidates = [mention.place]
    elif mention.reason == "context":
        candidates = [place for place in mention.candidates if place.country == mention.place.country]
    land = any(pattern.fullmatch(span.of(text)) for pattern in _LANDS.values())
    wide = land or _stands(text, words, before, after, "division", "divided")
    near = _stands(text, words, before, after, "near", "near_after")
    spots = tuple(_spot(_widened(place) if wide else place, near, gazetteer) for place in candidates)
    return PlaceClaim(span, span.of(text), spots)


def _stands(text: str, words: Lexicon, before: Sequence[str], after: int, kind: str, behind: str) -> bool:
    """Say whether words of one kind stand right before a name, or of another right behind it."""
    return any(words.before[kind].search(head) for head in before) or bool(words.after[behind].match(text, after))


def _widened(place: Place) -> Place:
    """Make a town the land around it: "Aleppo countryside" is not the town, and how far it goes is not known."""
    if place.precision not in _TOWNS:
        return place
    return replace(place, precision=PlacePrecision.PROVINCE, key=f"{place.key}/around", province=place.province)


def _spot(place: Place, near: bool, gazetteer: Gazetteer) -> Spot:
    if place.precision is PlacePrecision.POINT:
        return Spot(place, REACH_OF_POINT + (NEARBY_KM if near else 0.0))
    if place.precision is not PlacePrecision.CITY:
        return Spot(place, 0.0)
    return Spot(place, _reach(place, gazetteer) + (NEARBY_KM if near else 0.0))


@lru_cache(maxsize=8192)
def _reach(place: Place, gazetteer: Gazetteer) -> float:
    """Give the radius of a round town of usual density with as many people, and a village's way around it."""
    entries = gazetteer.named(name_key(place.name))
    population = next((entry.population for entry in entries if entry.place.key == place.key), 0)
    return CORE_KM + math.sqrt(population / PEOPLE_PER_SQUARE_KM / math.pi)


def _finest(text: str, found: Sequence[PlaceClaim]) -> tuple[PlaceClaim, ...]:
    """Keep what no other claim of the caption is a part of; the container right behind a name joins its words."""
    claims = [_settled(claim, found) for claim in found]
    kept: dict[str, PlaceClaim] = {}
    for claim in claims:
        if not any(_holds(claim.place, one.place) for one in claims):
            kept.setdefault(claim.place.key, claim)
    joined = []
    for claim in kept.values():
        following = next((one for one in claims if one.span.start > claim.span.start), None)
        if (
            following is not None
            and following.place.key not in kept
            and _BESIDE.fullmatch(text[claim.span.end : following.span.start])
        ):
            span = Span(claim.span.start, following.span.end)
            claim = replace(claim, span=span, quote=span.of(text))
        joined.append(claim)
    return tuple(_one_of_alike(joined))


def _holds(area: Place, place: Place) -> bool:
    """Say whether a place named in the same caption lies in an area, or may be counted to it by whoever wrote it."""
    return area.key != place.key and (within(place, area) or is_disputed(place, area))


def _settled(claim: PlaceClaim, found: Sequence[PlaceClaim]) -> PlaceClaim:
    """Of several places of a name, keep those in an area that the caption names too: "Tripoli, north Lebanon"."""
    for other in found:
        inside = tuple(spot for spot in claim.spots if _holds(other.place, spot.place))
        if inside and other.place.key != claim.place.key:
            return replace(claim, spots=inside)
    return claim


def _one_of_alike(claims: Sequence[PlaceClaim]) -> list[PlaceClaim]:
    """Of claims that may be one place (a square and its town), keep the first."""
    kept: list[PlaceClaim] = []
    for claim in claims:
        if not any(same_or_compatible(claim.place, one.place) for one in kept):
            kept.append(claim)
    return kept
