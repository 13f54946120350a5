"""Places in texts: found, resolved to one place on Earth with its precision, and held against one another."""

from bot.reading.places.finder import find
from bot.reading.places.gazetteer import Gazetteer, default_gazetteer, open_gazetteer
from bot.reading.places.relations import distance_km, same_or_compatible, within

__all__ = [
    "Gazetteer",
    "default_gazetteer",
    "distance_km",
    "find",
    "open_gazetteer",
    "same_or_compatible",
    "within",
]
