"""Frames that are laid over or around a photograph: memes, news channels, agencies' watermarks.

Like pages they are templates: the lettering and the logo are the same whatever the photograph. Those of the tuning half
and of the report half are different ones.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from tests.bench.reuse.lettering import font, lettered, sentence, word, wrapped
from tests.bench.reuse.scenes import Half

Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class FrameTemplate:
    """One frame.

    Attributes:
        name: names it, and seeds its logo and its standing words.
        kind: "meme", "news" or "watermark".
        half: whose it is.
        style: which of the drawings of its kind.
        colour: its main colour.
    """

    name: str
    kind: str
    half: Half
    style: int
    colour: str

    def draw(self, photo: Image.Image, rng: Rng) -> Image.Image:
        """Lay the frame on the photograph."""
        return _DRAWN[self.kind](self, photo, rng)


_COLOURS = ("#b00020", "#0b3d91", "#00695c", "#111111", "#d84315", "#4a148c")
FRAMES = tuple(
    FrameTemplate(f"{kind}-{style}", kind, Half.TUNING if style < 3 else Half.REPORT, style, _COLOURS[style])
    for kind in ("meme", "news", "watermark")
    for style in range(6)
)


def frame_templates(half: Half, kind: str | None = None) -> list[FrameTemplate]:
    """Name the frames of a half, of one kind or of all."""
    return [one for one in FRAMES if one.half is half and kind in (None, one.kind)]


def _meme(template: FrameTemplate, photo: Image.Image, rng: Rng) -> Image.Image:
    """Words in bars above and below (styles 0, 3, 4), above only (1), or in outline on the picture (2, 5)."""
    size = round(photo.width * (0.06 if template.style % 2 else 0.075))
    fixed = _fixed(template)
    rng = fixed if rng.random() < 0.5 else rng  # every second one carries the template's standing words
    if template.style in (2, 5):
        image = photo.copy()
        draw = ImageDraw.Draw(image)
        for y in (photo.height * 0.03, photo.height * 0.95 - size * (2 if template.style == 5 else 1)):
            lettered(draw, (photo.width * 0.05, y), sentence(rng, 4).upper(), size, "white", "black")
        _logo(image, template, round(photo.width * 0.09), (0.88, 0.45))
        return image
    ground, ink = ("white", "black") if template.style in (0, 1, 4) else ("black", "white")
    rows = 2 if template.style != 4 else 3
    bar = round(size * 1.4 * rows)
    below = 0 if template.style == 1 else bar
    image = Image.new("RGB", (photo.width, photo.height + bar + below), ground)
    image.paste(photo, (0, bar))
    draw = ImageDraw.Draw(image)
    for top in (0, photo.height + bar)[: 2 if below else 1]:
        for place, row in enumerate(wrapped(rng, photo.width, size, rows)):
            lettered(draw, (size * 0.4, top + place * size * 1.35), row, size, ink)
    _logo(image, template, round(photo.width * 0.08), (0.9, 0.97))
    return image


def _news(template: FrameTemplate, photo: Image.Image, rng: Rng) -> Image.Image:
    """A channel's lower third, ticker, logo and clock over the picture, which fills 16:9 or stands in a studio."""
    fixed = _fixed(template)
    wide, high = 1024, 576
    if template.style in (1, 4):
        image = Image.new("RGB", (wide, high), template.colour)
        draw = ImageDraw.Draw(image)
        for line in range(0, wide, 48):
            draw.line((line, 0, line + 200, high), tuple(fixed.integers(30, 90, 3).tolist()), 6)
        share = 0.66 if template.style == 1 else 0.6
        small = ImageOps.contain(photo, (round(wide * share), round(high * 0.68)), Image.Resampling.LANCZOS)
        small = ImageOps.expand(small, 5, "white")
        image.paste(small, (round(wide * 0.3) if template.style == 1 else 24, 24))
    else:
        image = ImageOps.fit(photo, (wide, high), Image.Resampling.LANCZOS)
    draw = ImageDraw.Draw(image, "RGBA")
    band = round(high * (0.74 if template.style % 2 else 0.78))
    draw.rectangle((0, band, wide, band + 70), template.colour)
    draw.rectangle((0, band + 70, wide, band + 100), "white")
    draw.rectangle((0, band + 100, wide, high), (10, 10, 10, 235))
    headline = sentence(rng if rng.random() < 0.6 else fixed, 5).upper()
    lettered(draw, (130, band + 14), headline, 38, "white")
    lettered(draw, (130, band + 74), sentence(rng, 9), 20, "black")
    lettered(draw, (20, band + 14), word(fixed).upper()[:5], 34, "white", "black")
    clock = f"{int(rng.integers(24)):02}:{int(rng.integers(60)):02}"
    lettered(draw, (wide - 90, band + 74), clock, 22, template.colour)
    draw.rectangle((wide - 150, 20, wide - 70, 50), "#d50000")
    lettered(draw, (wide - 142, 22), "LIVE", 24, "white")
    _logo(image, template, 70, (0.95, 0.06) if template.style < 3 else (0.06, 0.06))
    return image


def _watermark(template: FrameTemplate, photo: Image.Image, rng: Rng) -> Image.Image:
    """An agency's name: tiled aslant, once large across the middle, or as a band with a number; see-through."""
    fixed = _fixed(template)
    name = f"{word(fixed)}{word(fixed)} photo".upper()
    veil = Image.new("RGBA", photo.size)
    draw = ImageDraw.Draw(veil)
    tint = (255, 255, 255, int(rng.integers(70, 150)))
    if template.style % 3 == 0:
        size = round(photo.width * 0.045)
        across = round(font(size).getlength(name)) + size * 2
        for row, y in enumerate(range(0, photo.height, size * 4)):
            for x in range(-(row % 2) * across // 2, photo.width, across):
                draw.text((x, y), name, tint, font(size))
        veil = veil.rotate(20 if template.style else -20, Image.Resampling.BICUBIC)
    elif template.style % 3 == 1:
        size = round(photo.width * 0.11)
        draw.text((photo.width * 0.05, photo.height * 0.42), name, tint, font(size), stroke_width=2)
        draw.line((0, 0, photo.width, photo.height), tint, 3)
        draw.line((photo.width, 0, 0, photo.height), tint, 3)
    else:
        size = round(photo.width * 0.05)
        top = photo.height * (0.55 if template.style == 2 else 0.8)
        draw.rectangle((0, top, photo.width, top + size * 2), (0, 0, 0, 110))
        draw.text((photo.width * 0.04, top + size * 0.4), f"{name} {int(rng.integers(10**6, 10**7))}", tint, font(size))
    image = Image.alpha_composite(photo.convert("RGBA"), veil).convert("RGB")
    _logo(image, template, round(photo.width * 0.1), (0.07, 0.08))
    return image


def _logo(image: Image.Image, template: FrameTemplate, side: int, place: tuple[float, float]) -> None:
    """Draw the template's own sign, its middle at this part of the width and the height."""
    rng = _fixed(template)
    x, y = round(image.width * place[0]) - side // 2, round(image.height * place[1]) - side // 2
    x, y = min(max(0, x), image.width - side), min(max(0, y), image.height - side)
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((x, y, x + side, y + side), side // 6, template.colour, "white", max(1, side // 30))
    for _ in range(5):
        a, b = sorted(rng.uniform(0.1, 0.9, 2)), sorted(rng.uniform(0.1, 0.9, 2))
        box = (x + side * a[0], y + side * b[0], x + side * a[1], y + side * b[1])
        colour = tuple(rng.integers(60, 256, 3).tolist())
        (draw.ellipse if rng.random() < 0.5 else draw.rectangle)(box, colour)


def _fixed(template: FrameTemplate) -> Rng:
    return np.random.default_rng(zlib.crc32(template.name.encode()))


_DRAWN: dict[str, Callable[[FrameTemplate, Image.Image, Rng], Image.Image]] = {
    "meme": _meme,
    "news": _news,
    "watermark": _watermark,
}
