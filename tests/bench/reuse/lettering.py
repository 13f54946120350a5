"""Made-up words, type and stickers, drawn with what Pillow brings along: no file of anybody's is needed."""

from __future__ import annotations

from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

COLOURS = ("white", "black", "#f2efe8", "#1d3557", "#c1121f", "#2a9d8f", "#d9d9d9", "#ffb703")
_SYLLABLES = ("ba", "de", "gi", "ko", "lu", "ma", "ne", "pi", "ro", "su", "ta", "ve", "wi", "zo", "ka", "sha", "tri")


def word(rng: np.random.Generator) -> str:
    """Make a word of two or three syllables."""
    return "".join(_SYLLABLES[int(place)] for place in rng.integers(len(_SYLLABLES), size=int(rng.integers(2, 4))))


def sentence(rng: np.random.Generator, words: int) -> str:
    """Make a sentence."""
    return " ".join(word(rng) for _ in range(words)).capitalize()


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Pillow's own typeface."""
    face = ImageFont.load_default(max(6, size))
    assert isinstance(face, ImageFont.FreeTypeFont)
    return face


def lettered(
    draw: ImageDraw.ImageDraw,
    place: tuple[float, float],
    words: str,
    size: int,
    fill: str | tuple[int, ...] = "black",
    edge: str | None = None,
) -> None:
    """Write a line, in bold with an edge where one is given."""
    draw.text(place, words, fill=fill, font=font(size), stroke_width=size // 12 if edge else 0, stroke_fill=edge)


def wrapped(rng: np.random.Generator, width: int, size: int, lines: int) -> list[str]:
    """Make lines of words, each about as wide as `width` pixels."""
    letters = max(8, int(width / (size * 0.52)))
    made = []
    for _ in range(lines):
        line = word(rng)
        while len(line) < letters - 6:
            line += " " + word(rng)
        made.append(line[:letters])
    return made


def emoji(size: int, rng: np.random.Generator) -> Image.Image:
    """Draw a face, a heart or a flame, on nothing."""
    scale = 4
    side = size * scale
    sticker = Image.new("RGBA", (side, side))
    draw = ImageDraw.Draw(sticker)
    kind = int(rng.integers(3))
    if kind == 0:
        draw.ellipse((0, 0, side - 1, side - 1), "#ffcc22", "#d18b00", side // 40)
        for x in (0.33, 0.67):
            draw.ellipse((side * (x - 0.06), side * 0.3, side * (x + 0.06), side * 0.46), "#4a2b00")
        if rng.random() < 0.5:
            draw.chord((side * 0.22, side * 0.4, side * 0.78, side * 0.85), 0, 180, "#6b2b12")
        else:
            draw.arc((side * 0.28, side * 0.6, side * 0.72, side * 0.9), 180, 360, "#4a2b00", side // 20)
    elif kind == 1:
        draw.ellipse((side * 0.02, side * 0.08, side * 0.52, side * 0.56), "#e0245e")
        draw.ellipse((side * 0.48, side * 0.08, side * 0.98, side * 0.56), "#e0245e")
        draw.polygon([(side * 0.06, side * 0.44), (side * 0.94, side * 0.44), (side * 0.5, side * 0.96)], "#e0245e")
    else:
        outer = [(0.5, 0.02), (0.85, 0.45), (0.8, 0.85), (0.5, 0.98), (0.2, 0.85), (0.15, 0.5), (0.35, 0.4)]
        inner = [(0.5, 0.45), (0.66, 0.7), (0.5, 0.95), (0.34, 0.72)]
        draw.polygon([(side * x, side * y) for x, y in outer], "#ff7a00")
        draw.polygon([(side * x, side * y) for x, y in inner], "#ffd400")
    return sticker.resize((size, size), Image.Resampling.LANCZOS)
