"""Which of the places of one name a text means: by its container, what else the text names, and how many live there."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.reading.places.gazetteer import Entry
from bot.reading.places.match import Found
from bot.reading.places.relations import distance_km, is_county, within
from bot.reading.places.rules import SMALL
from storage.records import Place, PlacePrecision

_COUNTRY_BONUS = 0.9
"""A country that the text names raises its towns as if they had 8 times the people."""
_CURATED_BONUS = 0.4
"""What our own list of places in the news does for those on it."""
_OWN_NAME_BONUS = 1.5
"""… and so much more where only the town of that country bears the name itself, not as another spelling of its own."""
_AREA_BONUS = 0.6
"""What each place that the text names in a state or province does for others in it, three of them at most."""
_NEAR_BONUS = 1.0
_NEAR_KM = 250.0
"""What a sure place right beside does, falling to nothing at this distance."""
_VOUCHED_KM = 161.0
"""How near a sure place must be for a small town with a person's name to be believed."""
_SURE_LEAD = 1.2
"""A place is sure where it has more than 10**1.2 times the people of the next one of its name."""
_HOME_BONUS = 0.7
_PROVINCE_MALUS = 1.0
"""A bare name that is a city's and a larger division's means the city, unless ten times as many live outside it."""
_MOST_AREA = 3

Area = tuple[str | None, str]


@dataclass(slots=True)
class Surroundings:
    """What a text names beyond doubt.

    Attributes:
        countries: how often each country is named, by name, demonym, or a town without a rival elsewhere.
        areas: how many sure places lie in each state or province.
        sure: the sure places by the item that names them (its first word's place in the text).
        meant: the place that a name was given with its container, by folded name: what it means further on as well.
    """

    countries: Counter[str] = field(default_factory=Counter)
    areas: Counter[Area] = field(default_factory=Counter)
    sure: dict[int, Place] = field(default_factory=dict)
    meant: dict[tuple[str, ...], Place] = field(default_factory=dict)

    def near(self, place: Place, but: int) -> float | None:
        """Give the distance in kilometres from a place to the nearest sure one that another item names."""
        away = [
            distance
            for at, other in self.sure.items()
            if at != but and other.country == place.country and other.precision is not PlacePrecision.COUNTRY
            if (distance := distance_km(place, other)) is not None
        ]
        return min(away, default=None)

    def vouch_for(self, item: Found) -> bool:
        """Say whether a town of this name lies near a sure place of the text, in a state that the text is about."""
        for entry in item.entries:
            if entry.kind == "place" and entry.strength == 2 and _area_of(entry.place) in self.areas:
                away = self.near(entry.place, item.first)
                if away is not None and away <= _VOUCHED_KM:
                    return True
        return False


def surroundings(kept: Sequence[Found], words: Sequence[tuple[str, ...]]) -> Surroundings:
    """Gather what the believed names of a text say for sure; `words` are the folded words of each."""
    found = Surroundings()
    for item, folded in zip(kept, words, strict=True):
        options = {
            e.place.country
            for e in item.entries
            if (e.strength > 0 and (e.population >= SMALL or e.curated)) or e.kind != "place"
        }
        country = item.container.country if item.container else next(iter(options)) if len(options) == 1 else None
        if country:
            found.countries[country] += 1
        place = _sure(item)
        if item.container is not None and item.container.precision is PlacePrecision.PROVINCE:
            found.areas[_area_of(item.container)] += 1
        if place is not None:
            found.sure[item.first] = place
            if item.container is not None:
                found.meant.setdefault(folded, place)
            elif place.precision is not PlacePrecision.COUNTRY and (place.province or place.name):
                found.areas[_area_of(place)] += 1
    return found


def _sure(item: Found) -> Place | None:
    entries = [e for e in item.entries if e.kind == "place" and e.place.precision is not PlacePrecision.COUNTRY]
    if item.container is not None:
        inside = sorted((e for e in entries if held(e, item.container)), key=lambda e: -prior(e, item))
        return inside[0].place if inside else None
    if not entries or len(entries) < len(item.entries):
        return None
    ordered = sorted(entries, key=lambda e: -prior(e, item))
    if len(ordered) > 1 and prior(ordered[0], item) - prior(ordered[1], item) < _SURE_LEAD:
        return None
    return ordered[0].place if ordered[0].strength or ordered[0].curated else None


def _area_of(place: Place) -> Area:
    return place.country, place.province or place.name


def prior(entry: Entry, item: Found) -> float:
    """Say how likely a meaning of a name is before the text is looked at, on a scale of powers of ten."""
    score = math.log10(entry.population + 10) + (0.0, -0.8, -2.0)[2 - entry.strength]
    score += _CURATED_BONUS * (entry.curated and entry.place.precision is PlacePrecision.CITY)
    if entry.place.precision is PlacePrecision.PROVINCE and not entry.curated and not item.head:
        score -= _PROVINCE_MALUS
    return score


def resolve(
    entries: list[Entry], item: Found, folded: tuple[str, ...], text: Surroundings, home: str | None
) -> tuple[list[Entry], str]:
    """Order the meanings of a name, the one meant first, and say what decided: container, context or population."""

    def in_context(entry: Entry) -> float:
        score = prior(entry, item)
        if entry.place.country in text.countries:
            score += _COUNTRY_BONUS + (_OWN_NAME_BONUS if entry.strength == 2 and not namesakes else 0.0)
        elif entry.place.precision is PlacePrecision.COUNTRY and rival:
            score -= 6.0  # "Georgia" among American places is the state
        if home and entry.place.country == home:
            score += _HOME_BONUS
        if entry.place.precision is not PlacePrecision.COUNTRY:
            sure = text.sure.get(item.first)
            others = text.areas[_area_of(entry.place)] - (sure is not None and _area_of(sure) == _area_of(entry.place))
            score += _AREA_BONUS * min(others, _MOST_AREA)
            away = text.near(entry.place, item.first)
            if away is not None and away < _NEAR_KM:
                score += _NEAR_BONUS * (1 - away / _NEAR_KM)
        return score

    namesakes = any(e.strength == 2 and e.place.country not in text.countries for e in entries)
    rival = any(e.place.precision is PlacePrecision.PROVINCE and e.place.country in text.countries for e in entries)
    if item.container is not None:
        inside = [e for e in entries if held(e, item.container)]
        rest = [e for e in entries if e not in inside]
        ordered = sorted(inside, key=lambda e: -prior(e, item)) + sorted(rest, key=lambda e: -prior(e, item))
        return ordered, "container" if inside else "population"
    by_context = sorted(entries, key=in_context, reverse=True)
    if (before := text.meant.get(folded)) is not None and any(e.place.key == before.key for e in entries):
        return sorted(by_context, key=lambda e: e.place.key != before.key), "container"
    if item.head:
        by_context.sort(
            key=lambda e: (
                e.place.precision is not PlacePrecision.PROVINCE
                or (e.place.country not in text.countries and bool(text.countries))
            )
        )
    by_population = max(entries, key=lambda e: prior(e, item))
    return by_context, "population" if by_context[0] is by_population else "context"


def held(entry: Entry, container: Place) -> bool:
    """Say whether a meaning lies in the container that the text names beside it."""
    if container.precision is PlacePrecision.COUNTRY:
        return entry.place.country == container.country and entry.place.key != container.key
    return within(entry.place, container) and entry.place.key != container.key


def placed(place: Place, item: Found, text: Surroundings) -> Place:
    """Give a county, which has no point of its own, the middle of the sure towns that the text names in its state."""
    if place.lat is not None or not is_county(place):
        return place
    beside = [
        (other.lat, other.lon)
        for at, other in text.sure.items()
        if at != item.first and _area_of(other) == _area_of(place)
        if other.precision is PlacePrecision.CITY and other.lat is not None and other.lon is not None
    ]
    if not beside:
        return place
    lat, lon = (sum(axis) / len(beside) for axis in zip(*beside, strict=True))
    return replace(place, lat=round(lat, 2), lon=round(lon, 2))
