"""Places by a name that somebody typed, as against names that a text holds."""

from __future__ import annotations

from bot.reading.places.gazetteer import Gazetteer, default_gazetteer
from bot.reading.places.tokens import name_key
from storage.records import Place, PlacePrecision


def named(text: str, gazetteer: Gazetteer | None = None) -> tuple[Place, ...]:
    """Return every place of a name, the most populous first: "Syria", "Paris", "Paris, US", "Latakia, Syria".

    What follows a comma is the country, by its name or its ISO 3166-1 code. None where nothing is called so.
    """
    gazetteer = gazetteer or default_gazetteer()
    name, _, container = text.partition(",")
    places = _called(name, gazetteer)
    if not container.strip():
        return places
    countries = {container.strip().upper()}
    countries |= {
        place.country
        for place in _called(container, gazetteer)
        if place.country and place.precision is PlacePrecision.COUNTRY
    }
    return tuple(place for place in places if place.country in countries)


def _called(name: str, gazetteer: Gazetteer) -> tuple[Place, ...]:
    return tuple(entry.place for entry in gazetteer.named(name_key(name)) if entry.kind == "place")
