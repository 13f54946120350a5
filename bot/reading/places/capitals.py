"""The capital of a country, for texts that call it no more than that ("the Kenyan capital")."""

from __future__ import annotations

from functools import cache

from bot.reading.places.gazetteer import Gazetteer, default_gazetteer
from bot.reading.places.tables import rows
from bot.reading.places.tokens import name_key
from storage.records import Place, PlacePrecision

_SETTLED = frozenset({PlacePrecision.CITY, PlacePrecision.POINT})


def capital(country: str | None, gazetteer: Gazetteer | None = None) -> Place | None:
    """Give the capital of a country by its ISO 3166-1 alpha-2 code; None where there is none or it is not known."""
    name = _names().get(country or "")
    if name is None:
        return None
    entries = (gazetteer or default_gazetteer()).named(name_key(name))
    return next((e.place for e in entries if e.place.country == country and e.place.precision in _SETTLED), None)


@cache
def _names() -> dict[str, str]:
    return {row[0]: row[1] for row in rows("capitals.txt")}
