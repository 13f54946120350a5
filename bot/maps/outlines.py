"""The outlines of the world's countries, as Natural Earth draws them at 1:50 million (public domain).

They come in TopoJSON, in the packed form that mapcraft ships of the npm package world-atlas 2 (countries-50m). Only
that file is read; no code of the package runs.
https://github.com/topojson/topojson-specification, sections 2.1.1 (transforms) and 2.1.4 (arc indexes).
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Longitudes and latitudes in degrees (WGS 84), or whatever they are projected to: shape (n, 2)."""

SOURCE: Final = "Natural Earth"

_FILE: Final = "mapcraft/packs/world-countries-2024.json.gz"


@dataclass(frozen=True, slots=True)
class Outlines:
    """Every outline once, and how polygons are put together of them.

    Nothing is cut at the antimeridian: the longitudes of a line or a ring leap there from 180 to -180, and the ring of
    Antarctica goes around the pole.

    Attributes:
        points: of all lines, one after the other.
        lines: the slices of `points` that are one line each: a coast or a border.
        rings: the outer ring of each polygon, as places in `points`.
        country: of each ring, which country it belongs to, as a place in `names`.
        names: the names of the countries, in English, short.
        low: the least longitude and latitude of each ring.
        high: the greatest.
    """

    points: Points
    lines: tuple[slice, ...]
    rings: tuple[NDArray[np.intp], ...]
    country: tuple[int, ...]
    names: tuple[str, ...]
    low: Points
    high: Points

    def around(self, lat: float, lon: float) -> int | None:
        """Return the country that a position lies in, as a place in `names`; None at sea."""
        level = (self.low[:, 1] <= lat) & (lat <= self.high[:, 1])
        across = (self.low[:, 0] <= lon) & (lon <= self.high[:, 0])
        # a ring around the pole may hold what lies beyond all its points
        for number in np.flatnonzero((level & across) | (self.high[:, 1] < _POLAR)):
            if _holds(self.points[self.rings[number]], lat, lon):
                return self.country[number]
        return None

    def area_km2(self, country: int) -> float:
        """Return the area of a country on a sphere of the Earth's mean radius, in square kilometres."""
        return sum(
            _area(self.points[ring]) for ring, own in zip(self.rings, self.country, strict=True) if own == country
        )


@cache
def outlines() -> Outlines:
    """Read the outlines, once in a process: a twentieth of a second."""
    packed = Path(str(distribution("mapcraft").locate_file(_FILE))).read_bytes()
    return _of_topology(json.loads(gzip.decompress(packed))["topology"])


def _of_topology(topology: Any) -> Outlines:
    """Unpack a topology whose objects hold polygons under the name `countries`."""
    scale, move = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
    arcs = [np.cumsum(np.array(arc, np.int64), axis=0) * scale + move for arc in topology["arcs"]]
    starts = np.concatenate([[0], np.cumsum([len(arc) for arc in arcs])])
    places = [np.arange(start, start + len(arc)) for start, arc in zip(starts, arcs, strict=False)]
    points = np.concatenate(arcs)
    rings, country, names = [], [], []
    for number, shape in enumerate(topology["objects"]["countries"]["geometries"]):
        names.append(str(shape["properties"]["name"]))
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        for polygon in polygons:
            # what lies within another country is drawn by that one; Antarctica's first ring is the pole alone
            parts = [[places[arc] if arc >= 0 else places[~arc][::-1] for arc in ring] for ring in polygon]
            outer = next(ring for ring in map(np.concatenate, parts) if points[ring, 1].max() > _POLE)
            rings.append(outer)
            country.append(number)
    lines = tuple(
        slice(start, stop)
        for start, stop in pairwise(starts.tolist())
        if stop - start > 1 and points[start:stop, 1].max() > _POLE
    )
    return Outlines(points, lines, tuple(rings), tuple(country), tuple(names), *extents(rings, points))


def extents(rings: Sequence[NDArray[np.intp]], laid: Points) -> tuple[Points, Points]:
    """Return the least and the greatest coordinates of each ring, where `laid` are the points as they are laid."""
    places = np.concatenate(rings)
    starts = np.cumsum([0, *map(len, rings[:-1])])
    return np.minimum.reduceat(laid[places], starts), np.maximum.reduceat(laid[places], starts)


def unrolled(ring: Points, turn: float = 360.0) -> Points:
    """Return a ring whose first coordinate does not leap, so that it may go beyond the whole `turn`.

    One that goes around a pole is closed along it: down to the second coordinate that a pole has in degrees.
    """
    across = np.unwrap(np.append(ring[:, 0], ring[0, 0]), period=turn)
    if abs(across[-1] - across[0]) < turn / 2:
        return np.column_stack([across[:-1], ring[:, 1]])
    pole = math.copysign(90.0, float(ring[:, 1].mean()))
    rim = np.column_stack([across, np.append(ring[:, 1], ring[0, 1])])
    return np.vstack([rim, [[across[-1], pole], [across[0], pole]]])


def _holds(ring: Points, lat: float, lon: float) -> bool:
    """Whether a ring goes around a position: a line from it to the east crosses the ring an odd number of times."""
    x, y = unrolled(ring).T
    u, v = np.roll(x, -1), np.roll(y, -1)
    spans = (y > lat) != (v > lat)
    crossing = x[spans] + (lat - y[spans]) * (u[spans] - x[spans]) / (v[spans] - y[spans])
    # a ring that goes over the antimeridian may lie a whole turn from where the position is written
    return any(np.count_nonzero(crossing > lon + turn) % 2 for turn in (-360, 0, 360))


def _area(ring: Points) -> float:
    """Return the area inside a ring in square kilometres: the trapezoids between its edges and the equator."""
    x, y = unrolled(ring).T
    lon, up = np.radians(x), np.sin(np.radians(y))
    strips = (np.roll(lon, -1) - lon) * (up + np.roll(up, -1)) / 2
    return abs(float(strips.sum())) * 6371.0088**2


_POLE: Final = -89.99
"""Degrees of latitude below which there is no outline, only the pole."""

_POLAR: Final = -60.0
"""Degrees of latitude: a ring that lies beyond is of Antarctica."""
