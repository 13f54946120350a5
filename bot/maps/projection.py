"""Which part of the world a map shows, and how the globe is laid flat for it.

A part is shown in Lambert's azimuthal equal-area projection around its middle (J. P. Snyder, Map Projections: A Working
Manual, USGS 1987, equations 22-4, 22-5 and 24-2), which knows neither an antimeridian nor a pole. What does not fit
into a good third of the globe is shown on the whole of it, in degrees, cut where nothing is told of.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.maps.outlines import Points

EARTH_KM: Final = 6371.0088
"""Mean radius (IUGG)."""

FARTHEST: Final = 65.0
"""Degrees from the middle to the farthest place that a part of the world may have; more is the whole of it."""

BEYOND: Final = 100.0
"""Degrees from the middle beyond which no ring of land is drawn: far off, a ring may turn inside out."""

SMALLEST_KM: Final = 900.0
"""Across the shorter edge of a map: less would show no country by which to know where one is."""

_AROUND: Final = 0.16
"""Of the extent of the places, how much is shown on each side of it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A position with the radius around it that must be seen, in kilometres."""

    lat: float
    lon: float
    km: float = 0.0


@dataclass(frozen=True, slots=True)
class View:
    """A part of the world on a frame of so many pixels.

    Attributes:
        lat: of the middle of the projection, degrees.
        lon: likewise.
        whole: whether all of the world is shown, in degrees.
        left: of the frame, in units of the projection: radii of the Earth, or degrees.
        top: likewise; up is more.
        scale: pixels of a unit.
        width: of the frame, pixels.
        height: likewise.
    """

    lat: float
    lon: float
    whole: bool
    left: float
    top: float
    scale: float
    width: int
    height: int

    @property
    def told(self) -> str:
        """Name the projection and its middle."""
        east = f"{abs(round(self.lon))}° {'E' if self.lon >= 0 else 'W'}"
        if self.whole:
            return f"Equirectangular, centre {east}"
        north = f"{abs(round(self.lat))}° {'N' if self.lat >= 0 else 'S'}"
        return f"Lambert azimuthal equal-area, centre {north} {east}"

    @property
    def shifts(self) -> tuple[float, ...]:
        """Pixels by which everything is drawn again: the world goes round."""
        return (-2 * self.turn, -self.turn, 0.0, self.turn, 2 * self.turn) if self.whole else (0.0,)

    @property
    def turn(self) -> float:
        """Return the pixels once around the world, of the whole of it."""
        return 360 * self.scale

    @property
    def km(self) -> float:
        """Return the pixels of a kilometre in the middle of the map."""
        return self.scale / (math.radians(1) * EARTH_KM if self.whole else EARTH_KM)

    def near(self, points: Points) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Say which points are near enough to the middle to be drawn."""
        if self.whole:
            return np.ones(len(points), bool)
        return np.asarray(_cosine(points, self.lat, self.lon) > math.cos(math.radians(BEYOND)))

    def pixels(self, points: Points) -> Points:
        """Lay longitudes and latitudes on the frame; x to the right, y down."""
        flat = _unrolled(points, self.lon) if self.whole else _flat(points, self.lat, self.lon)
        return (flat - (self.left, self.top)) * (self.scale, -self.scale)

    def pixel(self, lat: float, lon: float) -> tuple[float, float]:
        """Lay one position on the frame."""
        if self.whole:
            lon = self.lon + (lon - self.lon + 180) % 360 - 180
        x, y = self.pixels(np.array([[lon, lat]]))[0]
        return float(x), float(y)


def view(marks: Sequence[Mark], width: int, height: int) -> View:
    """Choose what a frame shows so that every mark is on it; without marks it is the whole world."""
    places = np.array([[mark.lon, mark.lat] for mark in marks], np.float64).reshape(-1, 2)
    reach = np.array([mark.km for mark in marks]) / EARTH_KM
    middle = _middle(places)
    if middle is None:
        return _world(places, width, height)
    away = np.arccos(np.clip(_cosine(places, *middle), -1, 1)) + reach
    if np.degrees(away).max() > FARTHEST:
        return _world(places, width, height)
    flat = _flat(places, *middle)
    low, high = (flat - reach[:, None]).min(axis=0), (flat + reach[:, None]).max(axis=0)
    extent = (high - low) * (1 + 2 * _AROUND)
    scale = min(width / max(extent[0], 1e-9), height / max(extent[1], 1e-9))
    scale = min(scale, min(width, height) / (SMALLEST_KM / EARTH_KM))
    centre = (low + high) / 2
    left, top = centre[0] - width / 2 / scale, centre[1] + height / 2 / scale
    return View(*middle, False, float(left), float(top), float(scale), width, height)


def _middle(places: Points) -> tuple[float, float] | None:
    """Return latitude and longitude of the middle of positions; None where they surround the Earth."""
    if not len(places):
        return None
    lon, lat = np.radians(places).T
    east, north, up = np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)
    # of the outermost, so that ten places in one town do not outweigh the one abroad
    x, y, z = ((axis.min() + axis.max()) / 2 for axis in (east, north, up))
    if math.hypot(x, y, z) < 0.1:
        return None
    return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))


def _world(places: Points, width: int, height: int) -> View:
    """Show the whole world across, its edges in the widest gap between places; north and south as far as needed."""
    lon = 10.0
    if len(places):
        east = np.sort(places[:, 0])
        gaps = np.diff(np.append(east, east[0] + 360))
        widest = int(np.argmax(gaps))
        lon = (float(east[widest]) + float(gaps[widest]) / 2 + 360) % 360 - 180
    scale = width / 360
    room = height / scale
    lat = 12.0  # the lands lie to the north
    if len(places):
        low, high = float(places[:, 1].min()), float(places[:, 1].max())
        lat = min(max(lat, high + 6 - room / 2), low - 6 + room / 2) if high - low + 12 < room else (low + high) / 2
    return View(0.0, lon, True, -180.0, lat + room / 2, scale, width, height)


def _cosine(points: Points, lat: float, lon: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the cosine of each point's distance from a position."""
    phi, away = np.radians(points[:, 1]), np.radians(points[:, 0] - lon)
    middle = math.radians(lat)
    return np.asarray(math.sin(middle) * np.sin(phi) + math.cos(middle) * np.cos(phi) * np.cos(away))


def _flat(points: Points, lat: float, lon: float) -> Points:
    """Project to radii of the Earth around a middle; what lies opposite to it is laid at the rim."""
    phi, away = np.radians(points[:, 1]), np.radians(points[:, 0] - lon)
    middle = math.radians(lat)
    stretch = np.sqrt(2 / np.maximum(1 + _cosine(points, lat, lon), 1e-6))
    across = stretch * np.cos(phi) * np.sin(away)
    up = stretch * (math.cos(middle) * np.sin(phi) - math.sin(middle) * np.cos(phi) * np.cos(away))
    return np.column_stack([across, up])


def _unrolled(points: Points, lon: float) -> Points:
    """Return degrees from the middle."""
    return np.column_stack([points[:, 0] - lon, points[:, 1]])
