"""Words on a picture, in any script that the fonts which ship have.

Those are Latin, Cyrillic, Greek, Arabic and Persian, Hebrew, the scripts of India and its neighbours, Ethiopic,
Armenian, Georgian, and emoji; not Chinese, Japanese or Korean.

Lines are English, with names in them from anywhere: they begin at the left. They are broken and ordered by whole words.
A word goes right to left by its first letter with a direction; words without letters follow what stands before or
around them. That is what the Unicode bidirectional algorithm (UAX 9) gives for such lines, once the characters that
steer it are taken out of words from strangers. The letters of one word are shaped by Raqm; where the machine lacks
FriBiDi, which Raqm needs, words that need shaping are left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import groupby
from typing import Final

import manimgx_fonts
from PIL import ImageDraw, ImageFont, features

LEFT_OUT: Final = "[...]"
"""Stands for words in letters that no font here has."""

LEADING: Final = 1.36
"""Height of a line in sizes of its letters: what the tallest of the scripts take."""

_BASELINE: Final = 1.05
_LONGEST: Final = 600
"""Letters of one text that are looked at: more than any place on a picture holds."""

_SCRIPTS: Final = frozenset(
    {
        "ARABIC", "ARMENIAN", "BENGALI", "DEVANAGARI", "ETHIOPIC", "GEORGIAN", "GUJARATI", "GURMUKHI", "HEBREW",
        "KANNADA", "KHMER", "LAO", "MALAYALAM", "MYANMAR", "ORIYA", "SINHALA", "TAMIL", "TELUGU", "THAI",
    }
)  # fmt: skip
"""Scripts with a font of their own; Unicode names their letters by them."""

_NOT_SHAPED: Final = frozenset({"", "Armenian", "Ethiopic", "Georgian", "Symbols", "Emoji"})
"""Fonts whose letters stand one after the other as they are written."""

_JOINERS: Final = "\u200c\u200d"
"""Zero-width non-joiner and joiner: Persian and emoji need them. They have no look and steer no direction."""

_REGULAR, _BOLD = 400, 700
_Font = ImageFont.FreeTypeFont


@cache
def can_shape() -> bool:
    """Whether letters of Arabic and other joined scripts can be drawn here."""
    return bool(features.check("raqm"))


@dataclass(frozen=True, slots=True)
class Style:
    """How words are drawn: the size of the letters in pixels, and whether they are bold."""

    size: int
    bold: bool = False

    @property
    def line(self) -> int:
        """Pixels from one line to the next."""
        return round(self.size * LEADING)


@dataclass(frozen=True, slots=True)
class _Run:
    """Letters of one font, as they are written."""

    text: str
    font: str
    direction: str | None


@dataclass(frozen=True, slots=True)
class _Word:
    """Runs as they are seen from left to right.

    Attributes:
        runs: from left to right.
        strength: "L" or "R" where the word has a letter with a direction, "1" with digits alone, else empty.
        width: pixels.
    """

    runs: tuple[_Run, ...]
    strength: str
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line, its words as they are seen from left to right."""

    words: tuple[_Word, ...]
    style: Style


def lines(text: str, style: Style, width: int, most: int, *, shaping: bool | None = None) -> list[Line]:
    """Break a text into lines of this width, `most` at most; what is left is cut with an ellipsis.

    Words in letters that cannot be drawn are left out, and `LEFT_OUT` stands for them.

    Args:
        text: one text, from whomever; controls and marks that steer direction are taken out.
        style: of the letters.
        width: pixels.
        most: lines.
        shaping: whether joined scripts can be drawn; None asks the machine.
    """
    able = can_shape() if shaping is None else shaping
    words = [_word(one, style, able) for one in _pieces(_legible(text), style, width, able)]
    space = _space(style)
    rows: list[list[_Word]] = []
    taken = 0.0
    for word in words:
        if rows and taken + space + word.width <= width:
            rows[-1].append(word)
            taken += space + word.width
            continue
        if len(rows) == most:
            rows[-1] = _ended(rows[-1], style, width, able)
            break
        rows.append([word])
        taken = word.width
    return [Line(_seen(row), style) for row in rows]


def undrawable(text: str) -> bool:
    """Whether nothing of a text can be drawn."""
    words = _legible(text).split()
    return bool(words) and not any(_drawable(word, can_shape()) for word in words)


def height(rows: Sequence[Line]) -> int:
    """Return the pixels that lines take."""
    return sum(row.style.line for row in rows)


def length(row: Line) -> float:
    """Return the pixels that a line takes from left to right."""
    spaces = _space(row.style) * max(0, len(row.words) - 1)
    return sum(word.width for word in row.words) + spaces


def write(draw: ImageDraw.ImageDraw, left: int, top: int, rows: Sequence[Line], colour: str) -> None:
    """Draw lines from this corner."""
    for row in rows:
        space = _space(row.style)
        x = float(left)
        for word in row.words:
            for run in word.runs:
                font = _font(run.font, row.style)
                at = (x, top + row.style.size * _BASELINE)
                draw.text(at, run.text, fill=colour, font=font, anchor="ls", direction=run.direction)
                x += _length(run, row.style)
            x += space
        top += row.style.line


def centred(draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, style: Style, colour: str) -> None:
    """Draw a Latin letter or two around a point."""
    draw.text((round(at[0]), round(at[1])), text, fill=colour, font=_font("", style), anchor="mm")


def _legible(text: str) -> str:
    """Return one line of text without what steers a screen or has no look."""
    kept = (one if one.isprintable() or one in _JOINERS else "" if _steers(one) else " " for one in text[:_LONGEST])
    return " ".join("".join(kept).split()) + ("…" if len(text) > _LONGEST else "")


def _steers(letter: str) -> bool:
    return unicodedata.category(letter) == "Cf"


def _pieces(text: str, style: Style, width: int, able: bool) -> Iterator[str]:
    """Give the words that can be drawn, one note for each stretch of others, and long words in parts."""
    noted = False
    for word in text.split():
        if not _drawable(word, able):
            if not noted:
                yield LEFT_OUT
            noted = True
            continue
        noted = False
        while word:
            fits = _fitting(word, style, width, able)
            yield word[:fits]
            word = word[fits:]


def _fitting(word: str, style: Style, width: int, able: bool) -> int:
    """Return how many letters of a word fit into a line, by halving; one at least."""
    if _word(word, style, able).width <= width:
        return len(word)
    low, high = 1, len(word)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _word(word[:middle], style, able).width <= width else (low, middle)
    while low > 1 and unicodedata.category(word[low]) in ("Mn", "Mc", "Cf"):
        low -= 1  # a mark stays with its letter
    return low


def _ended(row: list[_Word], style: Style, width: int, able: bool) -> list[_Word]:
    """Take words from the end of a row until an ellipsis has room."""
    dots = _word("…", style, able)
    space = _space(style)
    while row and sum(word.width + space for word in row) + dots.width > width:
        row = row[:-1]
    return [*row, dots]


def _seen(row: list[_Word]) -> tuple[_Word, ...]:
    """Put the words of a line in the order in which they are seen from left to right."""
    ways = _ways([word.strength for word in row])
    seen: list[_Word] = []
    for way, places in groupby(range(len(row)), key=lambda place: ways[place]):
        span = [row[place] for place in places]
        seen += reversed(span) if way == "R" else span
    return tuple(seen)


def _ways(strengths: Sequence[str]) -> list[str]:
    """Give every word of a line a way: digits as what stands before, signs as both sides where they are of one way."""
    ways = list(strengths)
    before = "L"
    for place, strength in enumerate(strengths):
        if strength == "1":
            ways[place] = before
        elif strength:
            before = strength
    for place, strength in enumerate(strengths):
        if not strength:
            left = next((way for way in reversed(ways[:place]) if way), "L")
            right = next((way for way in ways[place + 1 :] if way), "L")
            ways[place] = left if left == right else "L"
    return ways


@lru_cache(maxsize=4096)
def _word(text: str, style: Style, able: bool) -> _Word:
    kinds = [unicodedata.bidirectional(letter) for letter in text]
    strong = ["R" if kind in ("R", "AL") else "L" for kind in kinds if kind in ("L", "R", "AL")]
    strength = strong[0] if strong else "1" if {"EN", "AN"} & set(kinds) else ""
    runs = []
    for font, letters in groupby(_fonts(text), key=lambda pair: pair[0]):
        part = "".join(letter for _, letter in letters)
        numeral = not any(unicodedata.bidirectional(letter) in ("L", "R", "AL") for letter in part)
        backwards = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in part)
        digits = any(unicodedata.bidirectional(letter) in ("EN", "AN") for letter in part)
        rtl = backwards or (numeral and not digits and strength == "R")
        runs.append(_Run(part, font, ("rtl" if rtl else "ltr") if able else None))
    if strength == "R":
        runs.reverse()
    return _Word(tuple(runs), strength, sum(_length(run, style) for run in runs))


def _fonts(text: str) -> Iterator[tuple[str, str]]:
    """Name the font of each letter; marks and joiners stay with the letter before them."""
    last = ""
    for letter in text:
        if unicodedata.category(letter) not in ("Mn", "Me", "Cf") or (not last and _font_of(letter)):
            last = _font_of(letter) or ""
        yield last, letter


@lru_cache(maxsize=4096)
def _font_of(letter: str) -> str | None:
    """Return the font that has a letter: a script's own, else the first that has it; None where none has."""
    named = re.split(r"[ -]", unicodedata.name(letter, ""))[:2]
    own = next((word for word in named if word in _SCRIPTS), None)
    for font in (own.capitalize(),) if own else ("", "Symbols", "Emoji"):
        if _has(font, letter):
            return font
    return None


def _drawable(word: str, able: bool) -> bool:
    for letter in word:
        if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
            continue
        font = _font_of(letter)
        if font is None or not (able or font in _NOT_SHAPED):
            return False
    return True


def _has(font: str, letter: str) -> bool:
    """Whether a font has a letter: what it lacks it draws as one and the same box."""
    probe = _font(font, Style(20))
    return bytes(probe.getmask(letter)) != _box(font)


@cache
def _box(font: str) -> bytes:
    return bytes(_font(font, Style(20)).getmask("\U0010fffd"))


@cache
def _space(style: Style) -> float:
    return _font("", style).getlength(" ")


def _length(run: _Run, style: Style) -> float:
    return _font(run.font, style).getlength(run.text, direction=run.direction)


@lru_cache(maxsize=64)
def _font(name: str, style: Style) -> _Font:
    path = files(manimgx_fonts) / f"Noto{name if name == 'Emoji' else f'Sans{name}'}[wght].ttf"
    font = ImageFont.truetype(str(path), style.size)
    font.set_variation_by_axes([_BOLD if style.bold else _REGULAR])
    return font
