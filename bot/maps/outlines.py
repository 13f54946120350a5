"""The outlines of the world's countries, as Natural Earth draws them at 1:50 million (public domain).

They come in TopoJSON, in the packed form that mapcraft ships of the npm package world-atlas 2 (countries-50m). Only
that file is read; no code of the package runs.
https://github.com/topojson/topojson-specification, sections 2.1.1 (transforms) and 2.1.4 (arc indexes).
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
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
_SEAM, _POLE = 179.999, -89.99
"""Degrees beyond which an edge is none of the ground: Natural Earth cuts polygons at the antimeridian and the pole."""


@dataclass(frozen=True, slots=True)
class Outlines:
    """Every outline once, and how polygons are put together of them.

    Attributes:
        points: of all lines, one after the other.
        lines: the slices of `points` that are one line each: a coast or a border, without the cuts at the antimeridian.
        rings: the outer ring of each polygon, as places in `points`.
        country: of each ring, which country it belongs to, as a place in `names`.
        names: the names of the countries, in English, short.
    """

    points: Points
    lines: tuple[slice, ...]
    rings: tuple[NDArray[np.intp], ...]
    country: tuple[int, ...]
    names: tuple[str, ...]

    def extents(self, laid: Points) -> tuple[Points, Points]:
        """Return the least and the greatest coordinates of each ring, where `laid` are the points as they are laid."""
        places = np.concatenate(self.rings)
        starts = np.cumsum([0, *map(len, self.rings[:-1])])
        return np.minimum.reduceat(laid[places], starts), np.maximum.reduceat(laid[places], starts)

    def around(self, lat: float, lon: float) -> int | None:
        """Return the country that a position lies in, as a place in `names`; None at sea."""
        for ring, country in zip(self.rings, self.country, strict=True):
            if _holds(self.points[ring], lat, lon):
                return country
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
    rings, country, names = [], [], []
    for number, shape in enumerate(topology["objects"]["countries"]["geometries"]):
        names.append(str(shape["properties"]["name"]))
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        for polygon in polygons:
            rings.append(np.concatenate([places[arc] if arc >= 0 else places[~arc][::-1] for arc in polygon[0]]))
            country.append(number)
    points = np.concatenate(arcs)
    lines = tuple(_drawn(points, starts.tolist()))
    return Outlines(points, lines, tuple(rings), tuple(country), tuple(names))


def _drawn(points: Points, starts: list[int]) -> Iterator[slice]:
    """Give the stretches of arcs that are no cut; `starts` are those of the arcs, and the end."""
    ends = np.column_stack([np.abs(points[:, 0]) > _SEAM, points[:, 1] < _POLE])
    cut: NDArray[np.bool_] = np.any(ends[:-1] & ends[1:], axis=1)
    for start, stop in pairwise(starts):
        edges = [start, *(start + 1 + np.flatnonzero(cut[start : stop - 1])).tolist(), stop]
        yield from (slice(before, after) for before, after in pairwise(edges) if after - before > 1)


def _holds(ring: Points, lat: float, lon: float) -> bool:
    """Whether a ring goes around a position: a line from it to the east crosses the ring an odd number of times."""
    (west, south), (east, north) = ring.min(axis=0), ring.max(axis=0)
    if not (west <= lon <= east and south <= lat <= north):
        return False
    x, y = ring[:, 0], ring[:, 1]
    u, v = np.roll(x, -1), np.roll(y, -1)
    spans = (y > lat) != (v > lat)
    crossing = x[spans] + (lat - y[spans]) * (u[spans] - x[spans]) / (v[spans] - y[spans])
    return bool(np.count_nonzero(crossing > lon) % 2)


def _area(ring: Points) -> float:
    """Return the area inside a ring in square kilometres: the trapezoids between its edges and the equator."""
    lon, up = np.radians(ring[:, 0]), np.sin(np.radians(ring[:, 1]))
    strips = (np.roll(lon, -1) - lon) * (up + np.roll(up, -1)) / 2
    return abs(float(strips.sum())) * 6371.0088**2
