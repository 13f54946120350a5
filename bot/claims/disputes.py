"""Land that captions may rightly name under more than one country; nothing here says whose it is."""

from __future__ import annotations

from functools import cache

from bot.claims.lexicon import DATA
from storage.records import Place, PlacePrecision


def is_disputed(part: Place, country: Place) -> bool:
    """Say whether others may name the land where a place lies as a part of that country."""
    if country.precision is not PlacePrecision.COUNTRY:
        return False
    held = _table()
    return any(country.country in held.get(name, ()) for name in (part.country, part.province, part.name) if name)


@cache
def _table() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in (DATA / "disputed.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            part, country = line.split("|")
            found[part] = found.get(part, frozenset()) | {country}
    return found
