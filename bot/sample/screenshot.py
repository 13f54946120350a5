"""A post as somebody photographs it off their telephone: a page drawn for this project around a picture.

It looks like no app's in particular. Every line on it says that it is a sample.
"""

from __future__ import annotations

from typing import Final

from PIL import Image, ImageDraw, ImageFont

SIZE: Final = (720, 1280)
"""Pixels of the telephone's screen."""

_INSET, _TOP = 56, 400
_PAPER, _INK, _QUIET, _RULE = (255, 255, 255), (28, 30, 33), (108, 114, 122), (226, 229, 233)


def screenshot(picture: Image.Image, name: str, words: tuple[str, ...], told: str) -> Image.Image:
    """Draw the page.

    Args:
        picture: what the post shows; scaled to the width of its column.
        name: who posts it.
        words: lines of the post.
        told: a line under the picture.
    """
    page = Image.new("RGB", SIZE, _PAPER)
    draw = ImageDraw.Draw(page)
    width = SIZE[0] - 2 * _INSET
    _bar(draw)
    draw.ellipse((_INSET, 150, _INSET + 88, 238), fill=(74, 112, 139))
    draw.text((_INSET + 44, 194), name[:1], fill=_PAPER, font=_font(46), anchor="mm")
    draw.text((_INSET + 110, 166), name, fill=_INK, font=_font(30))
    draw.text((_INSET + 110, 206), "a post drawn for a demo", fill=_QUIET, font=_font(24))
    for number, line in enumerate(words):
        draw.text((_INSET, 278 + 50 * number), line, fill=_INK, font=_font(34))
    shown = picture.resize((width, round(width * picture.height / picture.width)), Image.Resampling.LANCZOS)
    page.paste(shown, (_INSET, _TOP))
    foot = _TOP + shown.height
    draw.text((_INSET, foot + 24), told, fill=_QUIET, font=_font(26))
    draw.line((_INSET, foot + 80, SIZE[0] - _INSET, foot + 80), fill=_RULE, width=2)
    _buttons(draw, foot + 128)
    draw.rectangle((0, foot + 190, SIZE[0], foot + 204), fill=_RULE)
    draw.ellipse((_INSET, foot + 236, _INSET + 64, foot + 300), fill=(160, 128, 96))
    for number, part in enumerate((0.4, 0.9, 0.7)):
        top = foot + 244 + 44 * number
        draw.rounded_rectangle((_INSET + 90, top, _INSET + 90 + (width - 90) * part, top + 20), 10, fill=_RULE)
    return page


def _bar(draw: ImageDraw.ImageDraw) -> None:
    """The clock and the battery, and a way back."""
    draw.text((_INSET, 30), "21:47", fill=_INK, font=_font(28))
    draw.rounded_rectangle((SIZE[0] - _INSET - 54, 34, SIZE[0] - _INSET, 58), 6, outline=_INK, width=3)
    draw.rectangle((SIZE[0] - _INSET - 48, 40, SIZE[0] - _INSET - 20, 52), fill=_INK)
    draw.line([(_INSET + 18, 92), (_INSET, 108), (_INSET + 18, 124)], fill=_INK, width=4, joint="curve")
    draw.text((SIZE[0] / 2, 108), "Sample post", fill=_INK, font=_font(32), anchor="mm")


def _buttons(draw: ImageDraw.ImageDraw, row: int) -> None:
    """What people press under a post: answer, pass on, like."""
    step = (SIZE[0] - 2 * _INSET) // 3
    for number, what in enumerate(("Answer", "Pass on", "Like")):
        draw.text((_INSET + step * number + step / 2, row), what, fill=_QUIET, font=_font(28), anchor="mm")


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=size)
