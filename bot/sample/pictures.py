"""The demo's pictures: drawn by program for this project, each with the word SAMPLE in a corner.

They look like news pictures and are as rich in texture, so that perceptual hashes and local features find as
much in them as in photographs; none of them shows anything that happened.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

from PIL import Image, ImageDraw, ImageFont

from bot.sample import land, town, transport
from bot.sample.canvas import Canvas
from bot.sample.screenshot import screenshot

SCENES: Mapping[str, Callable[[], Canvas]] = MappingProxyType(
    {
        "soldiers-square": town.soldiers_square,
        "ruined-street": town.ruined_street,
        "crowd-flags": town.crowd_flags,
        "harbour": transport.harbour,
        "hillside-convoy": transport.hillside_convoy,
        "airport-apron": transport.airport_apron,
        "flooded-road": land.flooded_road,
        "tent-camp": land.tent_camp,
    }
)
"""Every scene by its name."""

MEDIA_TYPE = "image/jpeg"


@cache
def picture(name: str) -> bytes:
    """Draw a scene as a JPEG of 960×640 pixels; the same name gives the same bytes.

    Raises:
        KeyError: there is no scene of that name.
    """
    return _jpeg(_scene(name), quality=88)


@cache
def mirrored_copy(name: str, brightness: float = 0.88, quality: int = 58) -> bytes:
    """Draw a scene as a re-user would post it: mirrored, a little darker, compressed harder, 900×600 pixels.

    Raises:
        KeyError: there is no scene of that name.
    """
    turned = _scene(name).transpose(Image.Transpose.FLIP_LEFT_RIGHT).resize((900, 600), Image.Resampling.LANCZOS)
    return _jpeg(turned.point([min(255, round(level * brightness)) for level in range(256)] * 3), quality)


@cache
def smaller_copy(name: str, width: int = 720, quality: int = 70) -> bytes:
    """Draw a scene as a reader would send it in: scaled down to `width` pixels and compressed again.

    Raises:
        KeyError: there is no scene of that name.
    """
    scene = _scene(name)
    small = scene.resize((width, round(width * scene.height / scene.width)), Image.Resampling.LANCZOS)
    return _jpeg(small, quality)


@cache
def mirrored_crop_in_a_screenshot(name: str, told: tuple[str, ...], quality: int = 72) -> bytes:
    """Draw a scene as it comes back hardest to find: half of it, mirrored, in a screenshot of a post.

    `told` are the lines of that post. The JPEG has the size of a telephone's screen.

    Raises:
        KeyError: there is no scene of that name.
    """
    scene = _scene(name)
    box = (round(0.22 * scene.width), round(0.16 * scene.height), round(0.86 * scene.width), round(0.94 * scene.height))
    part = scene.crop(box).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return _jpeg(screenshot(part, "Sample reposts (sample)", told, "A sample, not a news picture"), quality)


@cache
def _scene(name: str) -> Image.Image:
    """The scene without its label, so that a mirrored copy can carry a readable one."""
    return SCENES[name]().image()


def _jpeg(image: Image.Image, quality: int) -> bytes:
    """Label a copy of the image in its lower right corner and compress it."""
    labelled = image.copy()
    draw = ImageDraw.Draw(labelled)
    font = ImageFont.load_default(size=max(12, image.height // 36))
    left, top, right, bottom = draw.textbbox((0, 0), "SAMPLE", font=font)
    x, y = image.width - (right - left) - 14, image.height - (bottom - top) - 14
    draw.rectangle((x - 6, y - 5, image.width - 8, image.height - 8), fill=(20, 20, 24))
    draw.text((x - left, y - top), "SAMPLE", font=font, fill=(240, 240, 240))
    packed = io.BytesIO()
    labelled.save(packed, "JPEG", quality=quality)
    return packed.getvalue()
