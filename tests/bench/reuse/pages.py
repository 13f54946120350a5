"""Drawn pages that a photograph stands in: web sites, phone apps and posts, each a template with its own furniture.

A template's furniture (logo, buttons, faces in the margin) is the same on every page made from it; only the main
picture and the words change. That is what two screenshots of one app have in common. Templates of the tuning half and
of the report half are different ones.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from tests.bench.reuse.lettering import font, sentence, word, wrapped
from tests.bench.reuse.scenes import Half

Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class PageTemplate:
    """How a page is laid out; lengths are pixels.

    Attributes:
        name: names it, and seeds its furniture.
        kind: "web", "phone" or "post".
        half: whose it is.
        width: of the page.
        ground: background colour.
        ink: colour of words.
        accent: colour of the header and the buttons.
        header: height of the bar on top, 0 for none.
        margin: left and right of the main picture.
        side: width of a column of small pictures, 0 for none; negative stands on the left.
        above: lines of words above the main picture.
        below: lines below it.
        buttons: how many stand under the main picture.
        footer: height of the bar at the bottom.
        tall: main pictures higher than this share of their width are cut off, as feeds do; 0 never cuts.
        round: radius of the main picture's corners.
    """

    name: str
    kind: str
    half: Half
    width: int
    ground: str
    ink: str
    accent: str
    header: int
    margin: int
    side: int
    above: int
    below: int
    buttons: int
    footer: int
    tall: float
    round: int


_T, _R = Half.TUNING, Half.REPORT
PAGES = (
    PageTemplate("web-a", "web", _T, 1200, "#ffffff", "#222222", "#b80000", 90, 60, 300, 3, 6, 3, 0, 0.0, 0),
    PageTemplate("web-b", "web", _T, 1100, "#fdf8f0", "#1a1a1a", "#13294b", 64, 180, 0, 5, 5, 5, 60, 0.0, 0),
    PageTemplate("web-c", "web", _T, 1280, "#15181c", "#dddddd", "#2266cc", 110, 40, -260, 2, 8, 4, 0, 0.0, 8),
    PageTemplate("web-d", "web", _R, 1360, "#f4f6f8", "#30343b", "#00695c", 76, 90, -330, 4, 7, 4, 80, 0.0, 6),
    PageTemplate("web-e", "web", _R, 1024, "#ffffff", "#000000", "#e07a00", 120, 20, 240, 2, 4, 6, 0, 0.0, 0),
    PageTemplate("web-f", "web", _R, 1180, "#202124", "#eeeeee", "#7b1fa2", 56, 210, 0, 6, 5, 3, 40, 0.0, 12),
    PageTemplate("phone-a", "phone", _T, 720, "#ffffff", "#111111", "#1877f2", 96, 0, 0, 2, 4, 4, 100, 1.25, 0),
    PageTemplate("phone-b", "phone", _T, 640, "#000000", "#f0f0f0", "#e1306c", 84, 0, 0, 0, 5, 5, 90, 1.25, 0),
    PageTemplate("phone-c", "phone", _T, 750, "#dfe7ee", "#16324f", "#2aabee", 110, 36, 0, 1, 3, 2, 96, 0.0, 22),
    PageTemplate("phone-d", "phone", _R, 700, "#fafafa", "#202020", "#25d366", 120, 60, 0, 0, 3, 3, 110, 0.0, 16),
    PageTemplate("phone-e", "phone", _R, 780, "#101418", "#e6e6e6", "#ff4500", 88, 24, 0, 3, 5, 6, 84, 0.0, 14),
    PageTemplate("phone-f", "phone", _R, 660, "#ffffff", "#333333", "#07c160", 100, 0, 0, 4, 3, 4, 120, 1.25, 0),
    PageTemplate("post-a", "post", _T, 620, "#ffffff", "#0f1419", "#1d9bf0", 0, 78, 0, 3, 1, 5, 0, 0.0, 18),
    PageTemplate("post-b", "post", _T, 560, "#ffffff", "#1c1e21", "#1877f2", 0, 0, 0, 4, 2, 3, 0, 0.0, 0),
    PageTemplate("post-c", "post", _T, 680, "#17212b", "#f5f5f5", "#5288c1", 40, 24, 0, 0, 4, 2, 0, 0.0, 12),
    PageTemplate("post-d", "post", _R, 640, "#15202b", "#ffffff", "#1da1f2", 0, 84, 0, 4, 1, 4, 0, 0.0, 14),
    PageTemplate("post-e", "post", _R, 590, "#f8f9fa", "#2b2b2b", "#6364ff", 50, 16, 0, 5, 2, 5, 0, 0.0, 8),
    PageTemplate("post-f", "post", _R, 700, "#ffffff", "#14171a", "#ff0050", 0, 30, 0, 2, 4, 6, 44, 0.0, 10),
)


def page_templates(half: Half, kind: str | None = None) -> list[PageTemplate]:
    """Name the templates of a half, of one kind or of all."""
    return [one for one in PAGES if one.half is half and kind in (None, one.kind)]


def page(template: PageTemplate, photo: Image.Image, rng: Rng, furniture: Sequence[Image.Image]) -> Image.Image:
    """Draw the page with the photograph as its main picture; `furniture` gives the faces and small pictures."""
    return _Page(template, rng, furniture).drawn(photo)


class _Page:
    """One page while it is drawn; `_fixed` draws the furniture, `_rng` the words."""

    def __init__(self, template: PageTemplate, rng: Rng, furniture: Sequence[Image.Image]) -> None:
        self._t = template
        self._rng = rng
        self._fixed = np.random.default_rng(zlib.crc32(template.name.encode()))
        self._furniture = furniture
        self._text = max(15, template.width // 42)

    def drawn(self, photo: Image.Image) -> Image.Image:
        t = self._t
        column = t.width - 2 * t.margin - abs(t.side)
        left = t.margin + max(0, -t.side)
        main = self._main(photo, column)
        line = round(self._text * 1.45)
        status = 40 if t.kind == "phone" else 0
        face = round(self._text * 2.6)
        top = status + t.header + line // 2
        height = top + face + line * (t.above + t.below + 3) + main.height + t.footer + round(self._text * 3)
        self._image = Image.new("RGB", (t.width, height), t.ground)
        self._draw = ImageDraw.Draw(self._image)
        self._bars(status, height)
        y = self._author(left, top, face)
        y = self._words(left, y, column, t.above, line)
        mask = Image.new("L", main.size)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, main.width - 1, main.height - 1), t.round, 255)
        self._image.paste(main, (left, y), mask)
        y = self._buttons(left, y + main.height + line // 2, column)
        self._words(left, y, column, t.below, line)
        if t.side:
            self._side(t.width - t.side - t.margin // 2 if t.side > 0 else t.margin // 2, top)
        return self._image

    def _main(self, photo: Image.Image, column: int) -> Image.Image:
        height = round(photo.height * column / photo.width)
        if self._t.tall and height > column * self._t.tall:
            return ImageOps.fit(photo, (column, round(column * self._t.tall)), Image.Resampling.LANCZOS)
        return photo.resize((column, height), Image.Resampling.LANCZOS)

    def _bars(self, status: int, height: int) -> None:
        t, draw = self._t, self._draw
        if status:
            clock = f"{int(self._rng.integers(24)):02}:{int(self._rng.integers(60)):02}"
            draw.text((24, 8), clock, t.ink, font(22))
            draw.rounded_rectangle((t.width - 70, 12, t.width - 24, 30), 5, outline=t.ink, width=2)
            draw.rectangle((t.width - 66, 16, t.width - 40, 26), t.ink)
            for bar in range(4):
                draw.rectangle((t.width - 120 + bar * 9, 28 - bar * 5, t.width - 115 + bar * 9, 30), t.ink)
        if t.header:
            draw.rectangle((0, status, t.width, status + t.header), t.accent)
            self._logo(24, status + t.header // 6, t.header * 2 // 3)
            x = 40 + t.header
            for _ in range(5 if t.kind == "web" else 1):
                name = word(self._fixed).capitalize()
                draw.text((x, status + t.header // 3), name, "white", font(t.header // 3))
                x += round(font(t.header // 3).getlength(name)) + 36
        if t.footer:
            top = height - t.footer
            draw.rectangle((0, top, t.width, height), t.ground, t.ink)
            for place in range(5):
                self._icon(round((place + 0.5) * t.width / 5) - 18, top + t.footer // 2 - 18, 36, place)

    def _author(self, left: int, top: int, face: int) -> int:
        mask = Image.new("L", (face, face))
        ImageDraw.Draw(mask).ellipse((0, 0, face - 1, face - 1), 255)
        whose = self._fixed.integers(1 << 30) if self._rng.random() < 0.7 else self._rng.integers(1 << 30)
        left += 12 if self._t.margin == 0 else 0
        self._image.paste(self._small(int(whose), face, face), (left, top), mask)
        name = f"{word(np.random.default_rng(int(whose))).capitalize()} {word(self._rng).capitalize()}"
        self._draw.text((left + face + 12, top), name, self._t.ink, font(round(self._text * 1.1)), stroke_width=1)
        stamp = f"@{word(self._rng)} · {int(self._rng.integers(1, 24))} h"
        self._draw.text((left + face + 12, top + self._text * 1.4), stamp, "#888888", font(self._text))
        self._icon(self._t.width - self._t.margin - max(0, self._t.side) - 40, top, 28, 7)
        return top + face + 10

    def _words(self, left: int, y: int, column: int, lines: int, line: int) -> int:
        left += 12 if self._t.margin == 0 else 0
        for row in wrapped(self._rng, column - 24, self._text, lines):
            self._draw.text((left, y), row, self._t.ink, font(self._text))
            y += line
        return y + line // 3

    def _buttons(self, left: int, y: int, column: int) -> int:
        size = round(self._text * 1.4)
        for place in range(self._t.buttons):
            x = left + 12 + place * (column - 24) // max(1, self._t.buttons)
            self._icon(x, y, size, place)
            self._draw.text((x + size + 8, y + 2), str(int(self._rng.integers(1, 9999))), "#888888", font(self._text))
        return y + size + 14

    def _side(self, x: int, y: int) -> None:
        wide = abs(self._t.side) - 30
        while y + wide * 0.62 + 70 < self._image.height - self._t.footer:
            whose = int(self._fixed.integers(1 << 30))
            self._image.paste(self._small(whose, wide, round(wide * 0.62)), (x, y))
            words = sentence(np.random.default_rng(whose), 3)
            self._draw.text((x, y + wide * 0.62 + 6), words, self._t.ink, font(self._text - 2))
            y += round(wide * 0.62) + 60

    def _small(self, whose: int, wide: int, high: int) -> Image.Image:
        return ImageOps.fit(self._furniture[whose % len(self._furniture)], (wide, high), Image.Resampling.LANCZOS)

    def _logo(self, x: int, y: int, side: int) -> None:
        rng = np.random.default_rng(zlib.crc32(self._t.name.encode()) + 1)
        self._draw.rounded_rectangle((x, y, x + side, y + side), side // 5, "white")
        for _ in range(4):
            a, b = sorted(rng.uniform(0.1, 0.9, 2)), sorted(rng.uniform(0.1, 0.9, 2))
            box = (x + side * a[0], y + side * b[0], x + side * a[1], y + side * b[1])
            colour = tuple(rng.integers(0, 200, 3).tolist())
            (self._draw.ellipse if rng.random() < 0.5 else self._draw.rectangle)(box, colour)

    def _icon(self, x: int, y: int, side: int, number: int) -> None:
        """Draw one of many small signs in outline; a template's own set."""
        rng = np.random.default_rng(zlib.crc32(self._t.name.encode()) + 100 + number)
        width = max(2, side // 12)
        draw, ink = self._draw, self._t.ink
        kind = int(rng.integers(4))
        if kind == 0:
            draw.ellipse((x, y, x + side, y + side), outline=ink, width=width)
        elif kind == 1:
            draw.rounded_rectangle((x, y, x + side, y + side * 0.8), side // 5, outline=ink, width=width)
        elif kind == 2:
            draw.polygon([(x, y + side), (x + side / 2, y), (x + side, y + side)], outline=ink, width=width)
        for _ in range(2):
            points = [(x + side * a, y + side * b) for a, b in rng.uniform(0.1, 0.9, (3, 2))]
            draw.line(points, ink, width)
