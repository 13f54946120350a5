"""The evidence picture: what was looked up beside what was kept, regions outlined, what differs in words."""

from __future__ import annotations

import io
import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from bot.images.decode import Picture
from storage.records import Certainty, Polygon, Reuse

WIDTH: Final = 1000
"""Pixels: Slack shows a picture at about 360 to 700, so letters must survive being made a third."""
TALLEST: Final = 560
"""Pixels of the taller picture."""

_MARGIN: Final = 24
_GAP: Final = 24
_HEADING: Final = 30
_WORDS: Final = 25
_NARROWEST: Final = 300
"""Pixels that a caption needs for its lines; a narrower picture stands in a column of this width."""
_LINES: Final = 5
"""Lines of caption under a picture; the rest is cut with an ellipsis."""
_LEADING: Final = 1.3

_PAPER, _INK, _QUIET = "#ffffff", "#1d1c1d", "#5a5a5a"
_OUTLINE: Final = {Certainty.MATCH: "#d1335b", Certainty.POSSIBLE: "#b8860b"}

_PLAINER: Final = {
    "×": "x", "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "°": " degrees",
    "≤": "<=", "≥": ">=", "«": '"', "»": '"', "•": "-", "→": "->", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "ss",
    "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i",
}  # fmt: skip
"""Signs that the font may lack, as one would type them."""

_LEFT_OUT: Final = "[...]"
_KEY: Final = "The dot marks the same corner in both."
_ANOTHER_SCRIPT: Final = "[text in another script: see the message]"

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True, slots=True)
class Sheet:
    """The picture as PNG bytes, and the same in full sentences for whoever cannot see it."""

    png: bytes
    alt: str


def evidence_sheet(
    query: Picture, match: Picture, reuse: Reuse, captions: tuple[Sequence[str], Sequence[str]]
) -> Sheet:
    """Draw two pictures side by side at one height; the same input gives the same bytes.

    Args:
        query: the picture that was looked up, on the left.
        match: the picture that was kept, on the right.
        reuse: the verdict on the two; its regions are outlined.
        captions: lines to stand under each: who, when with its basis, what was said.
    """
    panes, columns = _panes((query, match))
    heading = _wrapped(f"{_verdict(reuse)}: {reuse.transform}.", _font(_HEADING), WIDTH - 2 * _MARGIN, 3)
    notes = [
        [line for text in lines for line in _wrapped(text, _font(_WORDS), column, _LINES)][:_LINES]
        for column, lines in zip(columns, captions, strict=True)
    ]
    regions = (reuse.region_query, reuse.region_match)
    key = [_KEY] if all(len(region) >= 3 for region in regions) else []
    top = _MARGIN + _height(heading, _HEADING) + _GAP // 2
    under = top + max(pane.height for pane in panes) + _GAP // 2
    last = under + max(_height(lines, _WORDS) for lines in notes)
    sheet = Image.new("RGB", (WIDTH, last + _height(key, _WORDS) + _MARGIN), _PAPER)
    draw = ImageDraw.Draw(sheet)
    _write(draw, (_MARGIN, _MARGIN), heading, _HEADING, _INK)
    _write(draw, (_MARGIN, last), key, _WORDS, _OUTLINE[reuse.certainty])
    left = _MARGIN
    for picture, pane, column, region, lines in zip((query, match), panes, columns, regions, notes, strict=True):
        sheet.paste(pane, (left, top))
        _outline(draw, (left, top), region, pane.width / picture.width, _OUTLINE[reuse.certainty])
        _write(draw, (left, under), lines, _WORDS, _QUIET)
        left += column + _GAP
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return Sheet(out.getvalue(), _alt(reuse, captions))


def _panes(pictures: tuple[Picture, Picture]) -> tuple[list[Image.Image], list[int]]:
    """Scale both to the greatest common height at which they fit beside each other; return them and their columns.

    A column is as wide as its picture, but never too narrow for a caption; what is left over is shared.
    """
    ratios = [picture.width / picture.height for picture in pictures]
    room = WIDTH - 2 * _MARGIN - _GAP
    height = min(TALLEST, room / sum(ratios))
    if height * min(ratios) < _NARROWEST:
        height = min(TALLEST, (room - _NARROWEST) / max(ratios))
    panes = [
        picture.pixels.resize(
            (max(1, round(height * ratio)), max(1, round(height))), Image.Resampling.LANCZOS, reducing_gap=3.0
        )
        for picture, ratio in zip(pictures, ratios, strict=True)
    ]
    columns = [max(pane.width, _NARROWEST) for pane in panes]
    return panes, [column + (room - sum(columns)) // 2 for column in columns]


def _outline(draw: ImageDraw.ImageDraw, at: tuple[int, int], region: Polygon, scale: float, colour: str) -> None:
    """Draw a region with its first corner marked, so that a mirrored or turned one can be seen as such."""
    if len(region) < 3:
        return
    points = [(at[0] + x * scale, at[1] + y * scale) for x, y in region]
    draw.line([*points, points[0], points[1]], fill=colour, width=6, joint="curve")
    x, y = points[0]
    draw.ellipse((x - 14, y - 14, x + 14, y + 14), fill=colour, outline=_PAPER, width=3)


def _verdict(reuse: Reuse) -> str:
    certainty = "Match" if reuse.certainty is Certainty.MATCH else "Possible match"
    score = math.floor(100 * reuse.score + 1e-9) / 100  # never rounded up to a threshold that was not reached
    return f"{certainty}, {score:.2f} of 1 ({reuse.threshold:.2f} needed)"


def _alt(reuse: Reuse, captions: tuple[Sequence[str], Sequence[str]]) -> str:
    left, right = (" ".join(_legible(line).rstrip(".") + "." for line in lines) for lines in captions)
    return (
        f"Two pictures side by side. {_verdict(reuse)}: {reuse.transform}. "
        f"Left, the picture that was looked up: {left} Right, the picture that was kept: {right}"
    )


@cache
def _font(size: int) -> Font:
    return ImageFont.load_default(size)


@cache
def _missing(size: int) -> bytes:
    return bytes(_font(size).getmask("\U0010fffd"))


@cache
def _drawable(letter: str) -> bool:
    """Whether the font has the letter: what it lacks it draws as one and the same box."""
    return letter.isspace() or bytes(_font(_WORDS).getmask(letter)) != _missing(_WORDS)


def _legible(text: str) -> str:
    """One line of printable text."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _shown(text: str) -> str:
    """Return what the font that ships can draw, and say honestly where words in another script were left out.

    A date or a handle beside such words stays; the alternative text holds every word as it came.
    """
    text = "".join(_plainer(letter) for letter in _legible(text))
    words: list[str] = []
    for word in text.split():
        if all(_drawable(letter) for letter in word):
            words.append(word)
        elif words[-1:] != [_LEFT_OUT]:
            words.append(_LEFT_OUT)
    return _ANOTHER_SCRIPT if words == [_LEFT_OUT] else " ".join(words)


@cache
def _plainer(letter: str) -> str:
    """Return a letter that the font has in the place of one it lacks, without its accent where that helps."""
    if _drawable(letter):
        return letter
    base = unicodedata.normalize("NFKD", letter)[0]
    return _PLAINER.get(letter, base if base.isascii() else letter)


def _wrapped(text: str, font: Font, width: int, most: int) -> list[str]:
    lines = [""]
    for word in _shown(text).split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(_cut(word, font, width))
    lines = [line for line in lines if line]
    return lines if len(lines) <= most else [*lines[: most - 1], _cut(f"{lines[most - 1]}...", font, width)]


def _cut(word: str, font: Font, width: int) -> str:
    while len(word) > 4 and font.getlength(word) > width:
        word = word[: len(word) * 3 // 4 - 3] + "..."
    return word


def _height(lines: Sequence[str], size: int) -> int:
    return round(len(lines) * size * _LEADING)


def _write(draw: ImageDraw.ImageDraw, at: tuple[int, int], lines: Sequence[str], size: int, colour: str) -> None:
    for number, line in enumerate(lines):
        draw.text((at[0], at[1] + round(number * size * _LEADING)), line, fill=colour, font=_font(size))
