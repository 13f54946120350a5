"""The sheet that maps and timelines are drawn on: smooth shapes first, words over them, a PNG in the end.

Each stance has a shape of its own, so that nobody needs to tell colours apart; the word stands in the key.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageDraw

from bot.images import lettering
from bot.images.lettering import Line, Style
from bot.images.page import MARGIN, ROOM, WIDTH
from bot.maps.model import KEY
from storage.records import Stance

PAPER, INK, QUIET = "#ffffff", "#1d1c1d", "#565656"
SAID, DENIAL = "#0b4a8f", "#b0002a"
"""Both dark enough for shapes on white, land and sea (contrasts from 5.5 up)."""

HEADING: Final = Style(36, bold=True)
TOLD: Final = Style(26)
BOLD: Final = Style(26, bold=True)
SMALL: Final = Style(23)
NUMBER: Final = Style(22, bold=True)

BADGE: Final = 16
"""Pixels: radius of the disc that holds a number."""

SMOOTH: Final = 2
"""Times that shapes are drawn larger and averaged down."""

DENIES: Final = frozenset({Stance.DENIED, Stance.NEGATED})

Point = tuple[float, float]


class Canvas:
    """Shapes and words, in pixels of the canvas; words always stand above shapes."""

    def __init__(self, width: int, height: int, ground: str) -> None:
        self.width, self.height = width, height
        self.image = Image.new("RGB", (width * SMOOTH, height * SMOOTH), ground)
        self._draw = ImageDraw.Draw(self.image, "RGBA")
        self._words: list[tuple[int, int, list[Line], str]] = []
        self._numbers: list[tuple[Point, str]] = []

    def polygon(self, points: Sequence[Point], fill: str) -> None:
        """Fill a polygon."""
        self._draw.polygon([(x * SMOOTH, y * SMOOTH) for x, y in points], fill=fill)

    def line(self, points: Sequence[Point], colour: str, width: float) -> None:
        """Draw a line through points."""
        self._draw.line([(x * SMOOTH, y * SMOOTH) for x, y in points], fill=colour, width=round(width * SMOOTH))

    def box(self, box: tuple[float, float, float, float], fill: str, edge: str | None = None, radius: int = 0) -> None:
        """Draw a rectangle from left, top to right, bottom."""
        left, top, right, bottom = (side * SMOOTH for side in box)
        self._draw.rounded_rectangle(
            (left, top, right, bottom), radius * SMOOTH, fill=fill, outline=edge, width=2 * SMOOTH if edge else 0
        )

    def circle(self, at: Point, radius: float, fill: str | None, edge: str, width: float) -> None:
        """Draw a circle; the edge lies inside."""
        box = tuple(side * SMOOTH for side in (at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius))
        self._draw.ellipse(box, fill=fill, outline=edge, width=round(width * SMOOTH))

    def dashed_circle(self, at: Point, radius: float, fill: str, edge: str, width: float) -> None:
        """Draw a circle that is no border of anything."""
        box = tuple(side * SMOOTH for side in (at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius))
        self._draw.ellipse(box, fill=fill)
        dashes = max(12, round(radius / 4))
        for number in range(dashes):
            start = 360 * number / dashes
            self._draw.arc(box, start, start + 200 / dashes, fill=edge, width=round(width * SMOOTH))

    def shape(self, stance: Stance, at: Point, size: float) -> None:
        """Draw the shape of a stance around a point; `size` is about half its height."""
        (x, y), colour = at, DENIAL if stance in DENIES else SAID
        if stance is Stance.ASSERTED:
            self.circle(at, size, colour, colour, 1)
        elif stance is Stance.ALLEGED:
            side = size * 0.88
            self.box((x - side, y - side, x + side, y + side), colour)
        elif stance is Stance.RUMORED:
            self.polygon(
                [(x, y - size * 1.1), (x + size * 1.1, y + size * 0.9), (x - size * 1.1, y + size * 0.9)], colour
            )
        elif stance is Stance.DENIED:
            reach = size * 0.85
            for turn in (1, -1):
                self.line([(x - reach, y - reach * turn), (x + reach, y + reach * turn)], colour, size * 0.55)
        elif stance is Stance.NEGATED:
            self.circle(at, size, None, colour, size * 0.35)
            reach = size * 0.62
            self.line([(x - reach, y + reach), (x + reach, y - reach)], colour, size * 0.35)
        elif stance is Stance.PLANNED:
            reach = size * 1.15
            self.polygon([(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)], colour)
        elif stance is Stance.PAST:
            self.circle(at, size, None, colour, size * 0.35)
        else:
            points = [(x + size * math.cos(turn), y + size * math.sin(turn)) for turn in _HEXAGON]
            self.line([*points, points[0]], colour, size * 0.3)
            self.circle(at, size * 0.25, colour, colour, 1)

    def write(self, left: float, top: float, rows: list[Line], colour: str) -> None:
        """Write lines from this corner."""
        self._words.append((round(left), round(top), rows, colour))

    def number(self, at: Point, number: int) -> None:
        """Draw the number of a place, white on a dark disc."""
        self.circle(at, BADGE, INK, INK, 1)
        self._numbers.append((at, str(number)))

    def paste(self, other: Canvas, left: int, top: int) -> None:
        """Lay another canvas, with its words, over this one."""
        self.image.paste(other.image, (left * SMOOTH, top * SMOOTH))
        self._words += [(x + left, y + top, rows, colour) for x, y, rows, colour in other._words]
        self._numbers += [((x + left, y + top), number) for (x, y), number in other._numbers]

    def png(self) -> bytes:
        """Return the canvas as a PNG; the same drawing gives the same bytes."""
        sheet = self.image.reduce(SMOOTH)
        draw = ImageDraw.Draw(sheet)
        for left, top, rows, colour in self._words:
            lettering.write(draw, left, top, rows, colour)
        for at, number in self._numbers:
            lettering.centred(draw, at, number, NUMBER, PAPER)
        out = io.BytesIO()
        packed = sheet.quantize(128, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        packed.save(out, "PNG", compress_level=6)
        return out.getvalue()


class Paper(Canvas):
    """A sheet of `WIDTH` pixels across, filled from the top."""

    def __init__(self, height: int) -> None:
        super().__init__(WIDTH, height, PAPER)

    def heading(self, title: str, lines: Sequence[str]) -> int:
        """Write the title and the lines under it; return where they end."""
        top = MARGIN // 2
        for rows, colour in heading(title, lines):
            self.write(MARGIN, top, rows, colour)
            top += lettering.height(rows)
        return top

    def small(self, texts: Sequence[str], top: int) -> int:
        """Write small print; return where it ends."""
        for rows in small(texts):
            self.write(MARGIN, top, rows, QUIET)
            top += lettering.height(rows)
        return top

    def key(self, top: int, stances: Sequence[Stance]) -> int:
        """Name the shapes that are on the sheet, in as many lines as they need; return where they end."""
        for row in key(stances):
            x = float(MARGIN)
            for stance, words in row:
                self.shape(stance, (x + 11, top + SMALL.line / 2 + 1), 9)
                self.write(x + 28, top, [words], INK)
                x += _KEY_ROOM + lettering.length(words)
            top += SMALL.line
        return top


def heading(title: str, lines: Sequence[str]) -> list[tuple[list[Line], str]]:
    """Break the title and the lines under it, each with its colour."""
    rows = [(lettering.lines(title, HEADING, ROOM, 2), INK)]
    return rows + [(lettering.lines(one, TOLD, ROOM, 2), QUIET) for one in lines]


def small(texts: Sequence[str]) -> list[list[Line]]:
    """Break small print."""
    return [lettering.lines(one, SMALL, ROOM, 2) for one in texts]


def key(stances: Sequence[Stance]) -> list[list[tuple[Stance, Line]]]:
    """Lay the names of shapes out in rows."""
    rows: list[list[tuple[Stance, Line]]] = [[]]
    taken = 0.0
    for stance in stances:
        [words] = lettering.lines(KEY[stance], SMALL, ROOM, 1)
        room = _KEY_ROOM + lettering.length(words)
        if rows[-1] and taken + room > ROOM:
            rows.append([])
            taken = 0.0
        rows[-1].append((stance, words))
        taken += room
    return rows


_KEY_ROOM: Final = 54.0

_HEXAGON: Final = [math.pi / 6 + turn * math.pi / 3 for turn in range(6)]
