"""The map of an answer: the outlines of the part of the world that it tells of, and on them who says so.

A place is drawn no finer than it was told: a town as a dot, a province or a country as a shaded circle with the words
"somewhere in". The first places have numbers, and lines of their own under the map; the others are small dots.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from bot.images import lettering
from bot.images.lettering import Style
from bot.images.page import MARGIN, ROOM
from bot.maps import labels
from bot.maps.labels import Box, Wanted
from bot.maps.model import AREAS, KEY, NUMBERED, Map, Spot
from bot.maps.outlines import SOURCE, Outlines, Points, extents, outlines, unrolled
from bot.maps.paper import BADGE, BOLD, DENIES, INK, QUIET, SMALL, TOLD, Canvas, Paper, heading, key, small
from bot.maps.projection import Mark, View, view
from storage.records import PlacePrecision

Ring = tuple[int, list[labels.Point]]
"""A ring of land on the frame, and its country as a place in the names of the outlines."""

Nearness = NDArray[np.bool_]

_TALLEST: Final = 1_000
_FOOT: Final = "Larger circles: told less finely."
_BORDERS: Final = f"Outlines: {SOURCE}, borders as held on the ground; no view is taken."
_FOOT_LINES: Final = 2
"""Lines that these two take at most, wherever the map is centred."""

_MAP: Final = (420, 560)
"""Pixels: the height of the map at least, and at most."""

_SEA, _LAND, _COAST = "#d5e3ec", "#f5f2ea", "#9fb0bb"
_NAMES: Final = "#6b655a"
_SHADE, _EDGE = "#0b4a8f2c", "#0b4a8f"
_NAME: Final = Style(20)

_KM: Final = {PlacePrecision.PROVINCE: 100.0, PlacePrecision.REGION: 150.0}
"""Radius of the circle of an area whose outline is not known; a region reaches so far in `bot.reading.places` too."""

_COUNTRY_KM: Final = 300.0
"""Likewise of a country whose middle lies at sea."""

_LEAST: Final = {PlacePrecision.PROVINCE: 30.0, PlacePrecision.REGION: 42.0, PlacePrecision.COUNTRY: 56.0}
"""Pixels of such a circle at least, so that it never passes for a dot."""

_DOT, _SMALL_DOT = 9.0, 6.0
_COARSE: Final = 8
"""Pixels of the map that make one of the grid on which names of countries find room."""

_MARGIN: Final = 300
"""Pixels around the frame within which a line must have a point to be drawn: no edge of a coast is longer."""

_BARS: Final = (25, 50, 100, 200, 500, 1_000, 2_000, 5_000)
_BAR: Final = 190.0
"""Pixels of the bar that tells kilometres, at most."""


def map_sheet(shown: Map) -> bytes:
    """Draw a map as a PNG of `bot.images.page.WIDTH` pixels across; the same input gives the same bytes."""
    numbered, rest = shown.spots[:NUMBERED], shown.spots[NUMBERED:]
    legend = [_Entry(spot, 2 if len(numbered) <= 3 or DENIES & set(spot.stances) else 1) for spot in numbered]
    stances = [stance for stance in KEY if any(stance in spot.stances for spot in shown.spots)]
    notes = list(shown.notes)
    if rest:
        notes.insert(0, f"Small dots without a number: {len(rest)} more {'place' if len(rest) == 1 else 'places'}.")
    world = outlines()
    above = sum(lettering.height(rows) for rows, _ in heading(shown.title, shown.lines)) + MARGIN
    below = sum(entry.height for entry in legend) + SMALL.line * (len(key(stances)) + _FOOT_LINES) + 2 * MARGIN
    below += sum(map(lettering.height, small(notes)))
    height = min(max(_TALLEST - above - below, _MAP[0]), _MAP[1])
    frame = _frame(shown.spots, ROOM, height)
    paper = Paper(above + height + below)
    top = paper.heading(shown.title, shown.lines) + MARGIN // 2
    paper.paste(_drawn(frame, world, numbered, rest), MARGIN, top)
    top += height + MARGIN // 2
    for number, entry in enumerate(legend, 1):
        top = entry.write(paper, number, top)
    top = paper.key(top + MARGIN // 3, stances)
    paper.small([*notes, f"{_FOOT} {frame.told}.", _BORDERS], top)
    return paper.png()


class _Entry:
    """A place in the legend: its number, the shapes of what is said of it, its name, and who says so."""

    def __init__(self, spot: Spot, most: int) -> None:
        """Lay it out; `most` lines may follow the name."""
        self._stances = spot.stances
        left = 2 * BADGE + 12 + 24 * len(spot.stances) + 8
        self._name = lettering.lines(spot.label, BOLD, ROOM - left, 1)
        self._told = lettering.lines(spot.told, TOLD, ROOM - 2 * BADGE - 12, most)
        self.height = lettering.height(self._name) + lettering.height(self._told) + 4

    def write(self, paper: Paper, number: int, top: int) -> int:
        """Write it from here down; return where it ends."""
        middle = top + BOLD.line / 2 + 1
        paper.number((MARGIN + BADGE, middle), number)
        x = float(MARGIN + 2 * BADGE + 12)
        for stance in self._stances:
            paper.shape(stance, (x + 10, middle), 10)
            x += 24
        paper.write(x + 8, top, self._name, INK)
        paper.write(MARGIN + 2 * BADGE + 12, top + lettering.height(self._name), self._told, QUIET)
        return top + self.height


def _frame(spots: Sequence[Spot], width: int, height: int) -> View:
    marks = [Mark(spot.lat, spot.lon, _km(spot)) for spot in spots]
    return view(marks, width, height)


def _km(spot: Spot) -> float:
    """Return the radius of the circle that a place is drawn as: of a country that of a disc of its area."""
    if spot.precision is not PlacePrecision.COUNTRY:
        return _KM.get(spot.precision, 0.0)
    return _country_km(spot.lat, spot.lon)


@lru_cache(maxsize=512)
def _country_km(lat: float, lon: float) -> float:
    world = outlines()
    country = world.around(lat, lon)
    return _COUNTRY_KM if country is None else math.sqrt(world.area_km2(country) / math.pi)


def _drawn(frame: View, world: Outlines, numbered: Sequence[Spot], rest: Sequence[Spot]) -> Canvas:
    canvas = Canvas(frame.width, frame.height, _SEA)
    pixels = frame.pixels(world.points)
    near = frame.near(world.points)
    rings = list(_rings(frame, world, pixels, near))
    for _, ring in rings:
        canvas.polygon(ring, _LAND)
    for line in _lines(frame, world, pixels, near):
        canvas.line(line, _COAST, 1)
    circles = {spot: _circle(frame, spot) for spot in (*numbered, *rest)}
    areas = [spot for spot in (*rest, *numbered) if spot.precision in AREAS]
    for spot in sorted(areas, key=lambda one: -circles[one][1]):
        canvas.dashed_circle(*circles[spot], _SHADE, _EDGE, 2)
    points = [spot for spot in (*rest, *numbered) if spot.precision not in AREAS]
    for spot in points:
        at, _ = circles[spot]
        canvas.circle(at, _DOT if spot in numbered else _SMALL_DOT, "#ffffff", INK, 3)
    dots = [_around(circles[spot][0], _DOT + 2) for spot in points]
    boxes = _label(canvas, [(spot, *circles[spot]) for spot in numbered], dots)
    _name_countries(canvas, world, rings, [*boxes, *dots, _scale(canvas, frame)])
    canvas.line([(0, 0), (frame.width, 0), (frame.width, frame.height), (0, frame.height), (0, 0)], _COAST, 2)
    return canvas


def _rings(frame: View, world: Outlines, pixels: Points, near: Nearness) -> Iterator[Ring]:
    """Give the rings of land that reach into the frame."""
    low, high = extents(world.rings, pixels)
    for number, ring in enumerate(world.rings):
        if not near[ring].any() or low[number, 1] > frame.height or (high[number, 1] < 0 and not frame.whole):
            continue
        laid = pixels[ring]
        left, right = low[number, 0], high[number, 0]
        if frame.whole and right - left > frame.turn / 2:
            laid = frame.pixels(unrolled(world.points[ring]))
            left, right = laid[:, 0].min(), laid[:, 0].max()
        for shift in frame.shifts:
            if left + shift < frame.width and right + shift > 0:
                yield world.country[number], (laid + np.array([shift, 0.0])).tolist()


def _lines(frame: View, world: Outlines, pixels: Points, near: Nearness) -> Iterator[list[labels.Point]]:
    """Give the coasts and borders that reach into the frame."""
    for shift in frame.shifts:
        x, y = pixels[:, 0] + shift, pixels[:, 1]
        inside = near & (x > -_MARGIN) & (x < frame.width + _MARGIN) & (y > -_MARGIN) & (y < frame.height + _MARGIN)
        for line in world.lines:
            if inside[line].any() and near[line].all():
                laid = pixels[line] + np.array([shift, 0.0])
                leaps = np.flatnonzero(np.abs(np.diff(laid[:, 0])) > frame.turn / 2) + 1 if frame.whole else ()
                yield from (piece.tolist() for piece in np.split(laid, leaps) if len(piece) > 1)


def _circle(frame: View, spot: Spot) -> tuple[tuple[float, float], float]:
    radius = max(_km(spot) * frame.km, _LEAST.get(spot.precision, _DOT))
    return frame.pixel(spot.lat, spot.lon), radius


def _around(at: tuple[float, float], radius: float) -> Box:
    return at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius


def _label(canvas: Canvas, spots: Sequence[tuple[Spot, tuple[float, float], float]], dots: list[Box]) -> list[Box]:
    """Label the numbered places: number, shapes, name; a line leads to the dot where the label stands away from it."""
    words = [lettering.lines(spot.label, BOLD, 380, 1) for spot, _, _ in spots]
    wanted = []
    for (spot, at, radius), rows in zip(spots, words, strict=True):
        width = 2 * BADGE + 14 + 22 * len(spot.stances) + sum(map(lettering.length, rows)) + 12
        wanted.append(Wanted(at, radius, width, 2 * BADGE + 6, within=spot.precision in AREAS))
    boxes = labels.placed(wanted, (4, 4, canvas.width - 4, canvas.height - 4), dots)
    for (spot, at, radius), box in zip(spots, boxes, strict=True):
        nearest = (min(max(at[0], box[0]), box[2]), min(max(at[1], box[1]), box[3]))
        away = math.dist(at, nearest)
        if spot.precision not in AREAS:
            canvas.line([at, nearest], INK, 2)
            canvas.circle(at, _DOT, "#ffffff", INK, 3)
        elif away > radius:  # to the rim: nothing points at a point that nobody told
            rim = tuple(middle + (end - middle) * radius / away for middle, end in zip(at, nearest, strict=True))
            canvas.line([(rim[0], rim[1]), nearest], _EDGE, 2)
    for number, ((spot, _, _), box, rows) in enumerate(zip(spots, boxes, words, strict=True), 1):
        canvas.box(box, "#fffffff0", INK, radius=BADGE + 3)
        middle = (box[1] + box[3]) / 2
        canvas.number((box[0] + BADGE + 3, middle), number)
        x = box[0] + 2 * BADGE + 20
        for stance in spot.stances:
            canvas.shape(stance, (x, middle), 9)
            x += 22
        canvas.write(x - 4, middle - BOLD.line / 2, rows, INK)
    return boxes


def _scale(canvas: Canvas, frame: View) -> Box:
    """Draw a bar of so many kilometres into the lower left corner; a map of the whole world has no one scale."""
    fitting = [km for km in _BARS if km * frame.km <= _BAR]
    bottom = canvas.height - 14
    if frame.whole or not fitting:
        return (0, bottom, 0, bottom)
    length = fitting[-1] * frame.km
    rows = lettering.lines(f"{fitting[-1]:,} km", _NAME, 200, 1)
    canvas.line([(14, bottom - 8), (14, bottom), (14 + length, bottom), (14 + length, bottom - 8)], INK, 2)
    canvas.write(20, bottom - _NAME.line - 2, rows, INK)
    return (0, bottom - _NAME.line - 6, 14 + length, bottom)


def _name_countries(canvas: Canvas, world: Outlines, rings: Sequence[Ring], taken: Sequence[Box]) -> None:
    """Write the names of countries where they have room within their own ground, so that one knows where one is."""
    grid = Image.new("I", (canvas.width // _COARSE, canvas.height // _COARSE))
    draw = ImageDraw.Draw(grid)
    for country, ring in rings:
        draw.polygon([(x / _COARSE, y / _COARSE) for x, y in ring], fill=country + 1)
    ground = np.asarray(grid)
    for country in np.unique(ground)[1:] - 1 if ground.any() else ():
        rows = lettering.lines(world.names[country], _NAME, canvas.width, 1)
        width = sum(map(lettering.length, rows)) + 2 * _COARSE
        for left, top in _rooms(ground == country + 1, math.ceil(width / _COARSE)):
            x, y = left * _COARSE - width / 2, top * _COARSE - _NAME.line / 2
            box = (x, y, x + width, y + _NAME.line)
            inside = x > 0 and y > 0 and x + width < canvas.width and y + _NAME.line < canvas.height
            if inside and not any(labels.overlap(box, other) for other in taken):
                canvas.write(x + _COARSE, y, rows, _NAMES)
                break


def _rooms(own: Nearness, width: int) -> Iterator[labels.Point]:
    """Give the middles of the longest level stretches of a country's ground, three cells tall, the longest first."""
    tall = own.copy()
    tall[1:] &= own[:-1]
    tall[:-1] &= own[1:]
    edges = np.diff(np.pad(tall.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    rows, starts = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1]
    for place in np.argsort(starts - ends, kind="stable"):
        if ends[place] - starts[place] < width:
            return
        yield (starts[place] + ends[place]) / 2, rows[place] + 0.5
