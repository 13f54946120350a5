"""The evidence picture: what was looked up beside what was kept, the part that both show outlined and joined.

A reader sees at a glance what is the same: the outline says where, lines between the same corners cross where one is
mirrored, what lies outside is dimmed, and a part that is small, mirrored or turned is shown again, both laid alike.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageDraw

from bot.images import lettering
from bot.images.arrangement import Box, Cut, Places, cut, joined, panes, places
from bot.images.decode import Picture
from bot.images.lettering import Line, Style
from bot.images.page import ROOM, WIDTH
from storage.records import Certainty, Polygon, Reuse

MOST_BYTES: Final = 1_000_000
"""Of the file, so that it opens at once on a telephone."""

_HEADING: Final = Style(36, bold=True)
_TITLE: Final = Style(29, bold=True)
_TOLD: Final = Style(28)
_CORNER: Final = Style(25, bold=True)
_LETTERS: Final = "ABCD"

_PAPER, _INK, _QUIET, _HALO = "#ffffff", "#1d1c1d", "#565656", "#ffffff"
_COLOURS: Final = {Certainty.MATCH: "#c4002f", Certainty.POSSIBLE: "#8a5a00"}
"""Both dark enough for words on white (a contrast of 5.9 and of 5.8). A possible one is dashed as well."""

_DIMMED: Final = 0.45
"""How far what lies outside the part goes to grey."""

_SMOOTH: Final = 2
"""Times that lines are drawn larger and averaged down."""

_EDGE: Final = 3
"""Pixels of the light edge of lines: it shows them on any ground."""

_DISC, _DOT, _ROOMY = 17, 7, 90
"""Pixels: radius of a corner's mark with its letter, and without one where the part is narrower than the last."""

_DASHES: Final = (18.0, 30.0)
"""Pixels of a dash, and from one to the next."""

_CAPTION_LINES: Final = 2
_QUALITIES: Final = (90, 80, 65, 45)
_ANOTHER_SCRIPT: Final = "[text in another script: see the message]"


Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two pictures and the words at it.

    Attributes:
        picture: decoded; it may be a draft as long as its width and height are those of the file.
        title: which of the two it is.
        lines: who and where, when and by which basis; from strangers as they came.
    """

    picture: Picture
    title: str
    lines: Sequence[str]


def evidence_sheet(query: Side, match: Side, reuse: Reuse, verdict: str, told: str) -> bytes:
    """Draw two pictures as a JPEG of `WIDTH` pixels across; the same input gives the same bytes.

    Args:
        query: what was looked up, on the left, or above.
        match: what was kept.
        reuse: what was found of the two.
        verdict: the same in a few words, written large.
        told: what differs, under it.
    """
    sides = (query, match)
    shapes = ((query.picture.width, query.picture.height), (match.picture.width, match.picture.height))
    regions = (reuse.region_query, reuse.region_match)
    outlined = len(regions[0]) == len(regions[1]) >= 3
    alike = cut(shapes, regions) if outlined else None
    shown = panes(shapes, above_cuts=alike is not None)
    heading = _heading(verdict, told)
    captions = [_caption(side, shown.column) for side in sides]
    over = lettering.lines(_over_cuts(alike), _TITLE, ROOM, 1) if alike else []
    heights = (lettering.height(captions[0]), lettering.height(captions[1]))
    cuts = (lettering.height(over), alike.size) if alike else None
    at = places(shown, lettering.height(heading), heights, cuts)
    sheet = Image.new("RGB", (WIDTH, at.height), _PAPER)
    for side, box, region in zip(sides, at.panes, regions, strict=True):
        pane = _resized(side.picture, box)
        sheet.paste(_dimmed(pane, side.picture, region) if outlined else pane, (box.left, box.top))
    if outlined:
        _mark(sheet, at, sides, reuse)
    if alike and at.cuts:
        for side, box, matrix in zip(sides, at.cuts, (alike.query, alike.match), strict=True):
            sheet.paste(_cut_out(side.picture, alike, np.asarray(matrix)), (box.left, box.top))
    _write(sheet, at, reuse, heading, captions, over)
    return _packed(sheet)


def _write(
    sheet: Image.Image,
    at: Places,
    reuse: Reuse,
    heading: list[Line],
    captions: list[list[Line]],
    over: list[Line],
) -> None:
    draw = ImageDraw.Draw(sheet)
    colour = _COLOURS[reuse.certainty]
    first = [line for line in heading if line.style == _HEADING]
    lettering.write(draw, at.heading.left, at.heading.top, first, colour)
    below = at.heading.top + lettering.height(first)
    lettering.write(draw, at.heading.left, below, heading[len(first) :], _INK)
    for box, rows in zip(at.captions, captions, strict=True):
        title = [row for row in rows if row.style == _TITLE]
        lettering.write(draw, box.left, box.top, title, _INK)
        lettering.write(draw, box.left, box.top + lettering.height(title), rows[len(title) :], _QUIET)
    if at.over_cuts:
        lettering.write(draw, at.over_cuts.left, at.over_cuts.top, over, _INK)


def _heading(verdict: str, told: str) -> list[Line]:
    """The verdict in large letters, and what is told of it."""
    rows = lettering.lines(verdict, _HEADING, ROOM, 2)
    return rows + lettering.lines(told, _TOLD, ROOM, 2)


def _over_cuts(alike: Cut) -> str:
    done = " and ".join(["mirrored"] * alike.mirrored + ["turned"] * alike.turned)
    return f"Both laid alike: the left one {done} back" if done else "That part of both, enlarged"


def _caption(side: Side, width: int) -> list[Line]:
    rows = lettering.lines(side.title, _TITLE, width, 2)
    for text in side.lines:
        words = _ANOTHER_SCRIPT if lettering.undrawable(text) else text
        rows += lettering.lines(words, _TOLD, width, _CAPTION_LINES)
    return rows


def _resized(picture: Picture, box: Box) -> Image.Image:
    return picture.pixels.resize((box.width, box.height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _dimmed(pane: Image.Image, picture: Picture, region: Polygon) -> Image.Image:
    """Dim what lies outside the region."""
    corners = Box(0, 0, pane.width, pane.height).shows((picture.width, picture.height), region)
    return _faded(pane, corners, 128, _DIMMED)


def _faded(image: Image.Image, corners: Sequence[tuple[float, float]], grey: int, share: float) -> Image.Image:
    inside = Image.new("L", image.size)
    ImageDraw.Draw(inside).polygon(list(corners), fill=255)
    around = Image.blend(image, Image.new("RGB", image.size, (grey, grey, grey)), share)
    return Image.composite(image, around, inside)


def _mark(sheet: Image.Image, at: Places, sides: tuple[Side, Side], reuse: Reuse) -> None:
    """Outline the part on both, and join its corners; the same letter stands at the same corner."""
    outlines = [
        box.shows((side.picture.width, side.picture.height), region)
        for box, side, region in zip(at.panes, sides, (reuse.region_query, reuse.region_match), strict=True)
    ]
    corners = [[outline[place] for place in joined(reuse.region_match)] for outline in outlines]
    roomy = min(float(np.ptp(np.array(outline), axis=0).min()) for outline in outlines) >= _ROOMY
    radius = _DISC if roomy else _DOT
    upper, lower = min(box.top for box in at.panes) - radius, max(box.bottom for box in at.panes) + radius
    strokes = _Strokes(sheet, upper, lower, _COLOURS[reuse.certainty])
    strokes.lines(list(zip(*corners, strict=True)), 2)
    sure = reuse.certainty is Certainty.MATCH
    for outline in outlines:
        strokes.lines(list(zip(outline, [*outline[1:], outline[0]], strict=True)), 5, dashed=not sure)
    strokes.discs([point for points in corners for point in points], radius)
    if roomy:
        draw = ImageDraw.Draw(sheet)
        for points in corners:
            for letter, point in zip(_LETTERS, points, strict=False):
                lettering.centred(draw, point, letter, _CORNER, _HALO)


class _Strokes:
    """Draws lines and discs in one colour, smooth, each group with a light edge over all that lies under it."""

    def __init__(self, sheet: Image.Image, upper: int, lower: int, colour: str) -> None:
        """Draw on the rows of a sheet from `upper` to `lower`."""
        self._sheet = sheet
        self._upper, self._lower = max(0, upper - _EDGE), min(sheet.height, lower + _EDGE)
        self._colour = colour

    def lines(self, lines: Sequence[tuple[Point, Point]], width: int, *, dashed: bool = False) -> None:
        """Draw lines; of dashed ones the light edge goes through."""
        halo, ink = self._layer(), self._layer()
        for line in lines:
            self._line(ImageDraw.Draw(halo), line, width + 2 * _EDGE, dashed=False)
            self._line(ImageDraw.Draw(ink), line, width, dashed=dashed)
        self._lay(halo, ink)

    def discs(self, points: Sequence[Point], radius: int) -> None:
        """Draw discs."""
        halo, ink = self._layer(), self._layer()
        for layer, reach in ((halo, radius + _EDGE), (ink, radius)):
            for x, y in points:
                row = y - self._upper
                box = [each * _SMOOTH for each in (x - reach, row - reach, x + reach, row + reach)]
                ImageDraw.Draw(layer).ellipse(box, fill=255)
        self._lay(halo, ink)

    def _layer(self) -> Image.Image:
        return Image.new("L", (WIDTH * _SMOOTH, (self._lower - self._upper) * _SMOOTH))

    def _lay(self, halo: Image.Image, ink: Image.Image) -> None:
        for layer, colour in ((halo, _HALO), (ink, self._colour)):
            self._sheet.paste(colour, (0, self._upper, WIDTH, self._lower), layer.reduce(_SMOOTH))

    def _line(self, draw: ImageDraw.ImageDraw, line: tuple[Point, Point], width: int, *, dashed: bool) -> None:
        (x, y), (u, v) = line
        length = math.hypot(u - x, v - y)
        dash, step = _DASHES if dashed else (length, length + 1)
        start = 0.0
        while start <= length and length > 0:
            ends = [start / length, min(start + dash, length) / length]
            points = [((x + (u - x) * end) * _SMOOTH, (y + (v - y) * end - self._upper) * _SMOOTH) for end in ends]
            draw.line(points, fill=255, width=width * _SMOOTH)
            start += step


def _cut_out(picture: Picture, alike: Cut, matrix: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> Image.Image:
    """Lay a picture under a cut-out, reduced beforehand to about its scale so that nothing flickers."""
    across, down = picture.pixels.width / picture.width, picture.pixels.height / picture.height
    matrix = np.diag([across, down, 1.0]) @ matrix
    frame = np.array([[0, 0, 1], [alike.size[0], 0, 1], [*alike.size, 1], [0, alike.size[1], 1]], np.float64).T
    corners = matrix @ frame
    corners = corners[:2] / corners[2]
    low = np.clip(np.floor(corners.min(axis=1)) - 2, 0, (picture.pixels.width - 1, picture.pixels.height - 1))
    high = np.clip(np.ceil(corners.max(axis=1)) + 2, low + 1, picture.pixels.size)
    extent = np.ptp(corners, axis=1)
    fine = max(1.0, float(extent.max()) / (1.5 * max(alike.size)))
    size = [max(1, round(float(side) / fine)) for side in high - low]
    box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    part = picture.pixels.resize((size[0], size[1]), Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)
    scale = np.array([size[0] / (high[0] - low[0]), size[1] / (high[1] - low[1])])
    shift = np.array([[scale[0], 0, -low[0] * scale[0]], [0, scale[1], -low[1] * scale[1]], [0, 0, 1]])
    laid = cv2.warpPerspective(
        np.asarray(part),
        shift @ matrix,
        alike.size,
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(255, 255, 255),
    )
    return _faded(Image.fromarray(np.asarray(laid, np.uint8)), alike.outline, 255, 1.0)


def _packed(sheet: Image.Image) -> bytes:
    """Write the sheet as a JPEG, coarser where it would be too large a file."""
    for quality in _QUALITIES:
        out = io.BytesIO()
        sheet.save(out, "JPEG", quality=quality, subsampling=0 if quality == _QUALITIES[0] else 2, optimize=True)
        if out.tell() <= MOST_BYTES:
            break
    return out.getvalue()
