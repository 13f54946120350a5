"""Drawn pictures for tests: scenes with sky, ground, buildings and texture, a different one for every seed."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

Field = npt.NDArray[np.float64]


def clouds(seed: int, width: int, height: int, roughness: float = 1.6) -> Field:
    """A texture whose amplitude falls with frequency as in photographs (1/f**roughness), scaled to 0..1."""
    random = np.random.default_rng(seed)
    down = np.fft.fftfreq(height)[:, None]
    across = np.fft.rfftfreq(width)[None, :]
    frequency = np.maximum(np.hypot(down, across), 1.0 / max(width, height))
    waves = random.normal(size=frequency.shape) + 1j * random.normal(size=frequency.shape)
    texture = np.fft.irfft2(waves / frequency**roughness, s=(height, width))
    span = float(np.ptp(texture)) or 1.0
    return np.asarray((texture - texture.min()) / span)


def scene(seed: int, width: int = 640, height: int = 480) -> Image.Image:
    """A landscape with clouds, hills, houses and people, all placed by the seed."""
    random = np.random.default_rng(seed)
    texture = clouds(seed, width, height)
    sky, ground = random.uniform(60, 230, 3), random.uniform(20, 190, 3)
    horizon = int(height * random.uniform(0.3, 0.7))
    hills = horizon + (clouds(seed + 1, width, 4, 1.2)[0] - 0.5) * height * 0.5
    below = np.arange(height)[:, None] > hills[None, :]
    base = np.where(below[..., None], ground, sky) + (texture[..., None] - 0.5) * random.uniform(60, 160)
    grain = random.normal(0, 4, (height, width, 1))
    image = Image.fromarray(np.clip(base + grain, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for _ in range(int(random.integers(6, 16))):
        _house(draw, random, width, height, horizon)
    for _ in range(int(random.integers(3, 12))):
        _figure(draw, random, width, height, horizon)
    return image


def _house(draw: ImageDraw.ImageDraw, random: np.random.Generator, width: int, height: int, horizon: int) -> None:
    left = float(random.uniform(-0.05, 0.95)) * width
    wide, high = float(random.uniform(0.04, 0.22)) * width, float(random.uniform(0.08, 0.4)) * height
    foot = horizon + float(random.uniform(0.0, 0.35)) * height
    draw.rectangle((left, foot - high, left + wide, foot), fill=_colour(random))
    step = max(wide / float(random.integers(2, 6)), 4.0)
    pane = _colour(random)
    across = left + step / 4
    while across < left + wide - step / 2:
        down = foot - high + step / 4
        while down < foot - step / 2:
            draw.rectangle((across, down, across + step / 2, down + step / 2), fill=pane)
            down += step
        across += step


def _figure(draw: ImageDraw.ImageDraw, random: np.random.Generator, width: int, height: int, horizon: int) -> None:
    foot = horizon + float(random.uniform(0.1, 0.6)) * (height - horizon) + 0.1 * height
    tall = float(random.uniform(0.06, 0.3)) * height
    middle = float(random.uniform(0.05, 0.95)) * width
    draw.ellipse((middle - tall / 8, foot - tall, middle + tall / 8, foot - 3 * tall / 4), fill=_colour(random))
    draw.rectangle((middle - tall / 6, foot - 3 * tall / 4, middle + tall / 6, foot), fill=_colour(random))


def _colour(random: np.random.Generator) -> tuple[int, int, int]:
    red, green, blue = (int(value) for value in random.integers(0, 256, 3))
    return red, green, blue


def encoded(image: Image.Image, name: str = "JPEG", **options: Any) -> bytes:
    """The bytes of a picture file; a JPEG is of quality 90 unless told."""
    if name == "JPEG":
        options.setdefault("quality", 90)
    file = io.BytesIO()
    image.save(file, name, **options)
    return file.getvalue()
