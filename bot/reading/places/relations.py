"""How two places relate: one a part of the other, how far apart, whether both can be true of one picture."""

from __future__ import annotations

import math

from storage.records import Place, PlacePrecision

EARTH_RADIUS_KM = 6371.0088
"""Mean radius (IUGG)."""
REGION_RADIUS_KM = 150.0
"""How far from a region's rough centre a place still counts as in it; regions have no outline here."""
AREA_RADIUS_KM = 200.0
"""How far from the centre of an area without listed members (a strip, a highland) a place may still be in it."""
NEAR_KM = 15.0
"""A base, camp or square this near to a town is called by the town's name."""


COUNTY = "county:"
"""How the keys of American counties begin: areas inside a state, whose towns are not listed."""


def is_county(place: Place) -> bool:
    """Say whether a place is a county of a state."""
    return place.key.startswith(COUNTY)


def within(a: Place, b: Place) -> bool:
    """Say whether `a` is `b` or a part of it, as far as their rows tell: "Gulu" is within "Uganda"."""
    if a.key == b.key:
        return True
    if b.precision is PlacePrecision.COUNTRY:
        return a.country is not None and a.country == b.country and a.precision is not PlacePrecision.COUNTRY
    if b.precision is PlacePrecision.PROVINCE:
        finer = a.precision in {PlacePrecision.CITY, PlacePrecision.POINT} or is_county(a)
        if is_county(b):
            return False
        return finer and a.country == b.country and a.province is not None and a.province in {b.province, b.name}
    if b.precision is PlacePrecision.REGION:
        distance = distance_km(a, b)
        same = b.country is None or a.country == b.country
        return (
            same and a.precision is not PlacePrecision.COUNTRY and distance is not None and distance < REGION_RADIUS_KM
        )
    return False


def distance_km(a: Place, b: Place) -> float | None:
    """Give the great-circle distance of two places in kilometres; None where a point is not known."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    phi, psi = math.radians(a.lat), math.radians(b.lat)
    half = math.sin((psi - phi) / 2) ** 2
    half += math.cos(phi) * math.cos(psi) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


def same_or_compatible(a: Place, b: Place) -> bool:
    """Say whether both can be true of one picture: the same place, or one a less specific name for the other.

    Where it cannot be told whether an area holds a place ("Gaza Strip", "Gaza City"), they may both be true.
    """
    if within(a, b) or within(b, a) or _may_hold(a, b) or _may_hold(b, a):
        return True
    distance = distance_km(a, b)
    return distance is not None and distance < NEAR_KM and PlacePrecision.POINT in {a.precision, b.precision}


def _may_hold(area: Place, place: Place) -> bool:
    """Say whether an area that is no unit of administration, so that no town's row names it, may hold a place."""
    if area.precision is not PlacePrecision.PROVINCE or area.key.startswith("admin1:") or area.country != place.country:
        return False
    distance = distance_km(area, place)
    return distance is not None and distance < AREA_RADIUS_KM
