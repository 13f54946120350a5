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
MOST_SURE = 40
"""More sure places than these say nothing new of where a text plays, and would make long texts slow."""

Area = tuple[str | None, str]


@dataclass(slots=True)
class Surroundings:
    """What a text names beyond doubt.

    Attributes:
        countries: how often each country is named, by name, demonym, or a town without a rival elsewhere.
        areas: how many different sure places lie in each state or province.
        sure: the sure places by the item that names them (its first word's place in the text).
        meant: the place that a name was given with its container, by folded words: what it means further on as well.
    """

    countries: Counter[str] = field(default_factory=Counter)
    areas: Counter[Area] = field(default_factory=Counter)
    sure: dict[int, Place] = field(default_factory=dict)
    meant: dict[tuple[str, ...], Place] = field(default_factory=dict)
    _known: dict[str, Place] = field(default_factory=dict)
    _away: dict[str, list[tuple[float, str]]] = field(default_factory=dict)

    def add(self, at: int, place: Place) -> None:
        """Take a place for sure; each counts once for its area, and the first MOST_SURE for what is near them."""
        self.sure[at] = place
        if place.key not in self._known and len(self._known) < MOST_SURE:
            self._known[place.key] = place
            self._away.clear()
            if place.province or place.precision is not PlacePrecision.REGION:
                self.areas[_area_of(place)] += 1

    def near(self, place: Place, but: int) -> float | None:
        """Give the distance in kilometres from a place to the nearest sure one of its country, its item's own apart."""
        away = self._away.get(place.key)
        if away is None:
            measured = ((distance_km(place, o), o) for o in self._known.values() if o.country == place.country)
            away = self._away[place.key] = sorted((km, other.key) for km, other in measured if km is not None)
        own = self.sure.get(but)
        return next((km for km, key in away if own is None or key != own.key), None)

    def towns_of(self, area: Area) -> list[tuple[float, float]]:
        """Give the points of the sure towns of a state."""
        towns = (p for p in self._known.values() if p.precision is PlacePrecision.CITY and _area_of(p) == area)
        return [(p.lat, p.lon) for p in towns if p.lat is not None and p.lon is not None]

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
        if place is not None:
            found.add(item.first, place)
            if item.container is not None:
                found.meant.setdefault(folded, place)
    if len(found.sure) < len(kept):
        _add_likely(found, kept)
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


def _scored(entries: Sequence[Entry], item: Found, text: Surroundings, home: str | None) -> list[tuple[float, Entry]]:
    """Give the meanings of a name with what speaks for each, the best first."""
    namesakes = any(e.strength == 2 and e.place.country not in text.countries for e in entries)
    rival = any(e.place.precision is PlacePrecision.PROVINCE and e.place.country in text.countries for e in entries)

    def score_of(entry: Entry) -> float:
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

    return sorted(((score_of(entry), entry) for entry in entries), key=lambda scored: -scored[0])


def _add_likely(found: Surroundings, kept: Sequence[Found]) -> None:
    """Take for sure as well what the sure places leave little doubt of ("Macon" beside "Valdosta")."""
    likely: dict[int, Place] = {}
    for item in kept:
        if item.first in found.sure or item.container is not None or item.entries[0].kind != "place":
            continue
        scored = _scored(item.entries, item, found, None)
        best = scored[0][1].place
        clear = len(scored) == 1 or scored[0][0] - scored[1][0] >= _SURE_LEAD
        if clear and best.precision is not PlacePrecision.COUNTRY and _area_of(best) in found.areas:
            likely[item.first] = best
    for at, place in likely.items():
        found.add(at, place)


def resolve(
    entries: list[Entry], item: Found, folded: tuple[str, ...], text: Surroundings, home: str | None
) -> tuple[list[Entry], str]:
    """Order the meanings of a name, the one meant first, and say what decided: container, context or population."""
    if item.container is not None:
        inside = [e for e in entries if held(e, item.container)]
        rest = [e for e in entries if e not in inside]
        ordered = sorted(inside, key=lambda e: -prior(e, item)) + sorted(rest, key=lambda e: -prior(e, item))
        return ordered, "container" if inside else "population"
    by_context = [entry for _, entry in _scored(entries, item, text, home)]
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


def placed(place: Place, text: Surroundings) -> Place:
    """Give a county, which has no point of its own, the middle of the sure towns that the text names in its state."""
    if place.lat is not None or not is_county(place):
        return place
    beside = text.towns_of(_area_of(place))
    if not beside:
        return place
    lat, lon = (sum(axis) / len(beside) for axis in zip(*beside, strict=True))
    return replace(place, lat=round(lat, 2), lon=round(lon, 2))
