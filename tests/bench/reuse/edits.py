"""Edits of the pixels and the frame of one picture: what senders, phones and forgers do to it."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from tests.bench.reuse.lettering import COLOURS, emoji, lettered, sentence

Rng = np.random.Generator
Edit = Callable[[Image.Image, Rng], Image.Image]
_TURN = Image.Transpose
_LANCZOS, _BICUBIC = Image.Resampling.LANCZOS, Image.Resampling.BICUBIC


def recompressed(image: Image.Image, rng: Rng) -> Image.Image:
    """JPEG of quality 10 to 50, or WebP of 10 to 40, once or twice over."""
    for _ in range(int(rng.integers(1, 3))):
        kind, quality = ("WEBP", rng.integers(10, 41)) if rng.random() < 0.3 else ("JPEG", rng.integers(10, 51))
        file = io.BytesIO()
        image.save(file, kind, quality=int(quality))
        image = Image.open(file).convert("RGB")
    return image


def resized(image: Image.Image, rng: Rng) -> Image.Image:
    """A quarter to twice the size; in every second one the sides change apart, by up to a quarter."""
    scale = 2 ** float(rng.uniform(-2, 1))
    shape = 2 ** float(rng.uniform(-0.32, 0.32)) if rng.random() < 0.5 else 1.0
    return image.resize((_side(image.width * scale * shape), _side(image.height * scale / shape)), _LANCZOS)


def recoloured(image: Image.Image, rng: Rng) -> Image.Image:
    """One or two of: brightness × 0.6–1.4, contrast × 0.6–1.5, colours × 0–2, hue ± 30°, gamma 0.6–1.7, sepia."""
    for kind in rng.permutation(6)[: int(rng.integers(1, 3))]:
        if kind == 0:
            image = ImageEnhance.Brightness(image).enhance(float(rng.uniform(0.6, 1.4)))
        elif kind == 1:
            image = ImageEnhance.Contrast(image).enhance(float(rng.uniform(0.6, 1.5)))
        elif kind == 2:
            image = ImageEnhance.Color(image).enhance(float(rng.uniform(0, 2)))
        elif kind == 3:
            hue, strength, value = image.convert("HSV").split()
            turn = float(rng.uniform(-1, 1)) * 256 / 12
            image = Image.merge("HSV", (hue.point(lambda tone, by=turn: (tone + by) % 256), strength, value))
            image = image.convert("RGB")
        elif kind == 4:
            gamma = float(rng.choice([rng.uniform(0.6, 0.9), rng.uniform(1.15, 1.7)]))
            image = image.point([round(255 * (tone / 255) ** gamma) for tone in range(256)] * 3)
        else:
            image = ImageOps.colorize(image.convert("L"), "#1a130a", "#fff0cc")
    return image


def grey(image: Image.Image, _rng: Rng) -> Image.Image:
    """Without colours."""
    return image.convert("L").convert("RGB")


def blurred(image: Image.Image, rng: Rng) -> Image.Image:
    """Gaussian of 2 to 6 thousandths of the longer side, or squares of 6 to 12 thousandths of it."""
    longer = max(image.size)
    if rng.random() < 0.7:
        return image.filter(ImageFilter.GaussianBlur(longer * float(rng.uniform(0.002, 0.006))))
    side = max(2.0, longer * float(rng.uniform(0.006, 0.012)))
    small = image.resize((_side(image.width / side), _side(image.height / side)), Image.Resampling.BOX)
    return small.resize(image.size, Image.Resampling.NEAREST)


def mirrored(image: Image.Image, _rng: Rng) -> Image.Image:
    """Left for right."""
    return ImageOps.mirror(image)


def turned(image: Image.Image, rng: Rng) -> Image.Image:
    """A quarter turn to either side."""
    return image.transpose(_TURN.ROTATE_90 if rng.random() < 0.5 else _TURN.ROTATE_270)


def bordered(image: Image.Image, rng: Rng) -> Image.Image:
    """A border of 3 to 15 % of the longer side: plain, a double line, or on two sides only."""
    width = round(max(image.size) * float(rng.uniform(0.03, 0.15)))
    colour = COLOURS[int(rng.integers(len(COLOURS)))]
    kind = int(rng.integers(3))
    if kind == 0:
        return ImageOps.expand(image, width, colour)
    if kind == 1:
        line = max(1, width // 8)
        inner = ImageOps.expand(ImageOps.expand(image, line, "black"), width, colour)
        return ImageOps.expand(inner, line, "black")
    sides = (0, width) if rng.random() < 0.5 else (width, 0)
    return ImageOps.expand(image, sides, colour)


def text_over(image: Image.Image, rng: Rng) -> Image.Image:
    """One to three lines of large type across the picture, some on a coloured band."""
    image = image.copy()
    draw = ImageDraw.Draw(image, "RGBA")
    for _ in range(int(rng.integers(1, 4))):
        size = round(image.width * float(rng.uniform(0.05, 0.1)))
        x, y = image.width * float(rng.uniform(0, 0.3)), image.height * float(rng.uniform(0.02, 0.85))
        words = sentence(rng, 4)
        if rng.random() < 0.5:
            draw.rectangle((0, y - size * 0.2, image.width, y + size * 1.3), (*rng.integers(0, 256, 3).tolist(), 220))
        lettered(draw, (x, y), words, size, fill="white", edge="black")
    return image


def emoji_over(image: Image.Image, rng: Rng) -> Image.Image:
    """One to four faces and hearts, each 12 to 28 % of the shorter side."""
    image = image.copy()
    for _ in range(int(rng.integers(1, 5))):
        size = round(min(image.size) * float(rng.uniform(0.12, 0.28)))
        sticker = emoji(size, rng)
        x, y = int(rng.integers(image.width - size)), int(rng.integers(image.height - size))
        image.paste(sticker, (x, y), sticker)
    return image


def cropped(share: float) -> Edit:
    """Cut to this part of the area, anywhere, its shape changed by up to a fifth."""

    def crop(image: Image.Image, rng: Rng) -> Image.Image:
        shape = 2 ** float(rng.uniform(-0.26, 0.26)) if share <= 0.7 else 1.0
        across, down = min(1.0, share**0.5 * shape), min(1.0, share**0.5 / shape)
        wide, high = round(image.width * across), round(image.height * down)
        left, top = int(rng.integers(image.width - wide + 1)), int(rng.integers(image.height - high + 1))
        return image.crop((left, top, left + wide, top + high))

    return crop


def rotated(image: Image.Image, rng: Rng) -> Image.Image:
    """Turned by 5°, either way; every second one is cut to a full frame, the others get corners of one colour."""
    angle = 5.0 if rng.random() < 0.5 else -5.0
    if rng.random() < 0.5:
        return image.rotate(angle, _BICUBIC, expand=True, fillcolor=COLOURS[int(rng.integers(len(COLOURS)))])
    turned_ = image.rotate(angle, _BICUBIC)
    slant = np.sin(np.deg2rad(5.0))
    across, down = round(image.height * slant / 2) + 1, round(image.width * slant / 2) + 1
    return turned_.crop((across, down, image.width - across, image.height - down))


def screen_photo(image: Image.Image, rng: Rng) -> Image.Image:
    """Photographed off a screen: bezel, slant, moiré, glare, a tint, soft focus and noise."""
    image = image.resize((_side(image.width), _side(image.height)), _LANCZOS)
    framed = ImageOps.expand(image, round(max(image.size) * float(rng.uniform(0.02, 0.06))), "#0c0c0e")
    room = tuple(rng.integers(20, 160, 3).tolist())
    margin = round(max(framed.size) * 0.06)
    framed = ImageOps.expand(framed, margin, room)
    wide, high = framed.size
    bend = rng.uniform(0, 0.09, (4, 2)) * (wide, high)
    corners = [(bend[0][0], bend[0][1]), (bend[1][0], high - bend[1][1])]
    corners += [(wide - bend[2][0], high - bend[2][1]), (wide - bend[3][0], bend[3][1])]
    target = [(0.0, 0.0), (0.0, float(high)), (float(wide), float(high)), (float(wide), 0.0)]
    slanted = framed.transform(
        framed.size, Image.Transform.PERSPECTIVE, _perspective(corners, target), _BICUBIC, fillcolor=room
    )
    pixels = np.asarray(slanted, np.float32)
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    for channel in range(3):
        period, angle = float(rng.uniform(2.6, 9)), float(rng.uniform(0, np.pi))
        wave = np.sin(2 * np.pi * (x * np.cos(angle) + y * np.sin(angle)) / period)
        pixels = pixels * np.where(np.arange(3) == channel, 1 + float(rng.uniform(0.04, 0.1)) * wave[..., None], 1)
    centre, reach = rng.uniform(0, 1, 2) * (wide, high), float(rng.uniform(0.1, 0.3)) * max(wide, high)
    glare = np.exp(-(((x - centre[0]) / reach) ** 2 + ((y - centre[1]) / (reach * 1.6)) ** 2))
    pixels = pixels * rng.uniform(0.85, 1.08, 3) + glare[..., None] * float(rng.uniform(40, 150))
    pixels = pixels + rng.normal(0, float(rng.uniform(3, 9)), pixels.shape)
    shot = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    return shot.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.4, 1.2))))


def _perspective(source: list[tuple[float, float]], target: list[tuple[float, float]]) -> tuple[float, ...]:
    """Return Pillow's eight coefficients that take points of the result (`source`) to those of the picture."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    known: npt.NDArray[np.float64] = np.array([value for point in target for value in point])
    return tuple(np.linalg.solve(np.array(rows), known).tolist())


def _side(length: float) -> int:
    return max(48, round(length))
