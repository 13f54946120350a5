"""A small drawing kit: layered, anti-aliased shapes and procedural noise on one fixed-size canvas.

Everything random comes from one seeded generator, so that a scene is drawn the same every time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 960, 640
"""Size of every scene in pixels; all coordinates of the kit are in these."""

OVERSAMPLING = 2
"""Layers are drawn this much larger and averaged down, which smooths their edges."""

Colour = tuple[int, int, int]
XY = tuple[float, float]
Plane = NDArray[np.float32]
"""One value a pixel, shape (HEIGHT, WIDTH)."""


class Pen:
    """Draws shapes in canvas coordinates onto one transparent layer."""

    def __init__(self, layer: Image.Image, rng: np.random.Generator) -> None:
        """Draw on `layer`, which is `OVERSAMPLING` times the canvas; `rng` makes edges and tones uneven."""
        self._draw = ImageDraw.Draw(layer)
        self.rng = rng

    def polygon(self, points: Sequence[XY], fill: Colour) -> None:
        """Fill a polygon."""
        self._draw.polygon([(x * OVERSAMPLING, y * OVERSAMPLING) for x, y in points], fill=(*fill, 255))

    def box(self, left: float, top: float, right: float, bottom: float, fill: Colour) -> None:
        """Fill an upright rectangle."""
        self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], fill)

    def disc(self, x: float, y: float, rx: float, ry: float, fill: Colour) -> None:
        """Fill an ellipse with its centre at (x, y)."""
        k = OVERSAMPLING
        self._draw.ellipse([(x - rx) * k, (y - ry) * k, (x + rx) * k, (y + ry) * k], fill=(*fill, 255))

    def line(self, points: Sequence[XY], fill: Colour, width: float = 1.0) -> None:
        """Draw a line through the points; `width` in canvas pixels."""
        scaled = [(x * OVERSAMPLING, y * OVERSAMPLING) for x, y in points]
        self._draw.line(scaled, fill=(*fill, 255), width=max(1, round(width * OVERSAMPLING)), joint="curve")

    def erase(self, points: Sequence[XY]) -> None:
        """Cut a polygon out of the layer, so that what lies behind shows through."""
        self._draw.polygon([(x * OVERSAMPLING, y * OVERSAMPLING) for x, y in points], fill=(0, 0, 0, 0))

    def tone(self, fill: Colour, spread: float) -> Colour:
        """Return the colour made lighter or darker by up to `spread` (a fraction), at random."""
        factor = 1 + self.rng.uniform(-spread, spread)
        red, green, blue = (int(min(255, max(0, channel * factor))) for channel in fill)
        return (red, green, blue)

    def bricks(self, quad: Sequence[XY], fill: Colour, rows: int, columns: int, spread: float = 0.16) -> None:
        """Fill a quadrilateral (top-left, top-right, bottom-right, bottom-left) with staggered courses of bricks."""
        self.polygon(quad, self.tone((int(fill[0] * 0.7), int(fill[1] * 0.7), int(fill[2] * 0.7)), 0))
        for row in range(rows):
            shift = 0.5 * (row % 2)
            for column in range(-1, columns):
                left = max(0.0, (column + shift) / columns)
                right = min(1.0, (column + shift + 0.92) / columns)
                if right <= left:
                    continue
                top, bottom = row / rows, (row + 0.88) / rows
                corners = [within(quad, u, v) for u, v in ((left, top), (right, top), (right, bottom), (left, bottom))]
                self.polygon(corners, self.tone(fill, spread))

    def stone(self, x: float, y: float, size: float, fill: Colour) -> None:
        """Draw an irregular block of rubble with a lit top and a dark foot."""
        angles = np.sort(self.rng.uniform(0, 2 * np.pi, 6))
        radii = size * self.rng.uniform(0.6, 1.0, 6)
        outline = [
            (x + float(r * np.cos(a)), y + float(r * 0.7 * np.sin(a))) for a, r in zip(angles, radii, strict=True)
        ]
        shaded = self.tone(fill, 0.25)
        self.polygon([(px, py + size * 0.25) for px, py in outline], (shaded[0] // 3, shaded[1] // 3, shaded[2] // 3))
        self.polygon(outline, shaded)
        self.polygon(
            [(x + (px - x) * 0.6, y - size * 0.12 + (py - y) * 0.5) for px, py in outline], self.tone(shaded, 0.2)
        )

    def bush(self, x: float, y: float, size: float, fill: Colour, leaves: int = 26) -> None:
        """Draw foliage as a heap of leaf-like discs, darker below and lighter above."""
        for _ in range(leaves):
            dx, dy = self.rng.normal(0, 0.42, 2)
            light = 0.8 - 0.45 * dy
            leaf = (int(fill[0] * light), int(fill[1] * light), int(fill[2] * light))
            radius = size * self.rng.uniform(0.12, 0.3)
            self.disc(x + dx * size, y + dy * size * 0.7, radius, radius * 0.8, self.tone(leaf, 0.18))

    def figure(
        self, x: float, foot: float, height: float, fill: Colour, *, rifle: bool = False, arm: bool = False
    ) -> None:
        """Draw a standing person in outline, with a helmet; `rifle` slung, `arm` raised."""
        h, lean = height, float(self.rng.uniform(-0.04, 0.04)) * height
        hip, shoulder = foot - h * 0.47, foot - h * 0.8
        stride = h * self.rng.uniform(0.05, 0.13)
        self.line([(x - stride, foot), (x - h * 0.03, hip)], fill, h * 0.085)
        self.line([(x + stride, foot), (x + h * 0.03, hip)], fill, h * 0.1)
        torso = [(x - h * 0.09, hip + h * 0.03), (x + h * 0.09, hip + h * 0.03)]
        torso += [(x + lean + h * 0.12, shoulder), (x + lean, shoulder - h * 0.05), (x + lean - h * 0.12, shoulder)]
        self.polygon(torso, fill)
        for side in (-1, 1):
            self.disc(x + lean + side * h * 0.1, shoulder + h * 0.03, h * 0.045, h * 0.045, fill)
            self.disc(x + side * (stride + h * 0.02), foot - h * 0.01, h * 0.07, h * 0.025, fill)
        self.line([(x + lean, shoulder), (x + lean, foot - h * 0.88)], fill, h * 0.07)
        self.disc(x + lean, foot - h * 0.89, h * 0.06, h * 0.075, fill)
        self.disc(x + lean, foot - h * 0.93, h * 0.082, h * 0.055, fill)
        reach = (x + lean + h * 0.26, foot - h * 1.02) if arm else (x + h * 0.17, hip + h * 0.02)
        self.line(
            [(x + lean + h * 0.1, shoulder + h * 0.03), (x + lean + h * 0.2, foot - h * 0.66), reach], fill, h * 0.06
        )
        self.line([(x + lean - h * 0.1, shoulder + h * 0.03), (x - h * 0.17, hip + h * 0.04)], fill, h * 0.06)
        if rifle:
            self.line([(x - h * 0.2, hip + h * 0.12), (x + lean + h * 0.17, foot - h * 0.98)], fill, h * 0.03)


class Canvas:
    """The picture being painted, back to front.

    Attributes:
        pixels: float32 in 0..255, shape (HEIGHT, WIDTH, 3).
        rng: the scene's own generator.
    """

    def __init__(self, seed: int) -> None:
        """Start an empty scene; the same seed and the same strokes give the same picture."""
        self.rng = np.random.default_rng(seed)
        self.pixels = np.zeros((HEIGHT, WIDTH, 3), np.float32)

    def noise(self, scale_x: float, scale_y: float, octaves: int = 4) -> Plane:
        """Fractal value noise in about 0..1, its coarsest grain `scale_x` by `scale_y` pixels."""
        total = np.zeros((HEIGHT, WIDTH), np.float32)
        for octave in range(octaves):
            columns = min(WIDTH, max(2, int(WIDTH / scale_x * 2**octave) + 1))
            rows = min(HEIGHT, max(2, int(HEIGHT / scale_y * 2**octave) + 1))
            grid = Image.fromarray(self.rng.random((rows, columns), np.float32))
            total += np.asarray(grid.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)) * 0.5 ** (octave + 1)
        return total / np.float32(1 - 0.5**octaves)

    def gradient(self, top: int, bottom: int, stops: Sequence[Colour]) -> None:
        """Fill the rows from `top` to `bottom` with a vertical run of colours."""
        place = np.linspace(0, len(stops) - 1, bottom - top)
        table = np.array(stops, np.float32)
        rows = np.stack([np.interp(place, np.arange(len(stops)), table[:, channel]) for channel in range(3)], axis=1)
        self.pixels[top:bottom] = rows[:, None, :].astype(np.float32)

    def tint(self, mask: Plane | NDArray[np.float64], fill: Colour) -> None:
        """Blend a colour in where `mask` (0..1) says so: haze, smoke, clouds, glow."""
        weight = np.clip(mask, 0, 1).astype(np.float32)[:, :, None]
        self.pixels += (np.array(fill, np.float32) - self.pixels) * weight

    def shade(self, factor: Plane, top: int = 0, bottom: int = HEIGHT) -> None:
        """Multiply the rows from `top` to `bottom` by a factor a pixel: ground texture, light and shadow."""
        self.pixels[top:bottom] *= factor[top:bottom, :, None]

    def glow(self, x: float, y: float, radius: float, fill: Colour, strength: float = 0.8) -> None:
        """Add a soft round light."""
        rows, columns = np.ogrid[0:HEIGHT, 0:WIDTH]
        distance = ((columns - x) ** 2 + (rows - y) ** 2) / radius**2
        self.tint((strength * np.exp(-distance)).astype(np.float32), fill)

    @contextmanager
    def layer(self, grain: float = 0.12, scale: float = 9.0) -> Iterator[Pen]:
        """Draw one depth of the scene; on leaving, it is smoothed, textured by `grain` and laid over the rest."""
        sheet = Image.new("RGBA", (WIDTH * OVERSAMPLING, HEIGHT * OVERSAMPLING))
        yield Pen(sheet, self.rng)
        drawn = np.asarray(sheet.reduce(OVERSAMPLING), np.float32)
        texture = 1 + grain * 2 * (self.noise(scale, scale, 3) - 0.5)
        weight = drawn[:, :, 3:] / 255
        self.pixels += (drawn[:, :, :3] * texture[:, :, None] - self.pixels) * weight

    def image(self) -> Image.Image:
        """Return what was painted, with a fine film grain."""
        film = self.rng.normal(0, 3.5, (HEIGHT, WIDTH, 1)).astype(np.float32)
        return Image.fromarray(np.clip(self.pixels + film, 0, 255).astype(np.uint8))


def within(quad: Sequence[XY], u: float, v: float) -> XY:
    """Map (u, v) in 0..1, across and down, into a quadrilateral given clockwise from its top left."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = quad
    top = (ax + (bx - ax) * u, ay + (by - ay) * u)
    foot = (dx + (cx - dx) * u, dy + (cy - dy) * u)
    return (top[0] + (foot[0] - top[0]) * v, top[1] + (foot[1] - top[1]) * v)


def ramp(start: float, end: float) -> Plane:
    """A vertical ramp that is 0 above row `start` and 1 below row `end`."""
    rows = np.clip((np.arange(HEIGHT) - start) / (end - start), 0, 1).astype(np.float32)
    return np.repeat(rows[:, None], WIDTH, axis=1)
