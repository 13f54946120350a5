"""Words are drawn in their own script and order, or left out and said to be; never as boxes, never out of place."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from bot.images.lettering import LEFT_OUT, Line, Style, can_shape, height, lines, undrawable, write

STYLE = Style(30)
SCRIPTS = {
    "Latin": "São Tomé, Łódź",
    "Cyrillic": "Площадь",
    "Greek": "Πλατεία",
    "Arabic": "ميدان",
    "Persian": "می‌سوزد",
    "Hebrew": "כיכר",
    "Hindi": "चौक",
    "Georgian": "მოედანი",
    "Amharic": "አደባባይ",
    "emoji": "🔥",
}
shaped = pytest.mark.skipif(not can_shape(), reason="this machine has no FriBiDi, which joined scripts need")


def said(row: Line) -> list[str]:
    """The words of a line as they are seen, from left to right."""
    return ["".join(run.text for run in word.runs) for word in row.words]


def drawn(text: str, width: int = 600) -> npt.NDArray[np.bool_]:
    """The ink of a text in a column of this width, with 100 pixels around it."""
    rows = lines(text, STYLE, width, 5)
    paper = Image.new("L", (width + 200, height(rows) + 200), 255)
    write(ImageDraw.Draw(paper), 100, 100, rows, "#000000")
    return np.asarray(paper) < 128


@shaped
@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_is_drawn(script: str) -> None:
    """Nothing of it is left out, and its ink is not that of boxes for missing letters."""
    text = SCRIPTS[script]
    (row,) = lines(text, STYLE, 600, 1)
    assert LEFT_OUT not in said(row)
    assert not undrawable(text)
    assert drawn(text).sum() > 100
    assert not np.array_equal(drawn(text), drawn("\U0010fffd" * len(text)))


@pytest.mark.parametrize("text", ["広場の夕暮れ", "광장", "𐤀𐤁", "ᚠ"])
def test_what_no_font_has_is_left_out(text: str) -> None:
    """A note stands for letters that cannot be drawn; the words beside them stay."""
    assert undrawable(text)
    assert said(lines(text, STYLE, 600, 1)[0]) == [LEFT_OUT]
    assert said(lines(f"2015 {text} {text} @who", STYLE, 600, 1)[0]) == ["2015", LEFT_OUT, "@who"]


@pytest.mark.parametrize("script", ["Arabic", "Persian", "Hebrew", "Hindi"])
def test_without_shaping_joined_scripts_are_left_out(script: str) -> None:
    """Where Pillow finds no FriBiDi, letters that must be joined or turned are not drawn wrongly; others are drawn."""
    (row,) = lines(f"{SCRIPTS[script]} Площадь", STYLE, 600, 1, shaping=False)
    assert said(row) == [LEFT_OUT, "Площадь"]


@shaped
def test_words_are_seen_in_the_order_of_their_script() -> None:
    """Right-to-left words run to the left within a line of Latin words; their digits stay with them."""
    assert said(lines("one אחת שתיים two", STYLE, 600, 1)[0]) == ["one", "שתיים", "אחת", "two"]
    assert said(lines("אחת 2015 שתיים one 16 two", STYLE, 600, 1)[0]) == ["שתיים", "2015", "אחת", "one", "16", "two"]
    assert said(lines("one - אחת - שתיים", STYLE, 600, 1)[0]) == ["one", "-", "שתיים", "-", "אחת"]


@shaped
def test_letters_are_joined() -> None:
    """Arabic letters take the forms of their place in the word: together they are narrower than apart."""
    word, letters = (np.flatnonzero(drawn(text).any(axis=0)) for text in ("ميدان", "م ي د ا ن"))
    assert np.ptp(word) < 0.8 * np.ptp(letters)
    assert drawn("می‌سوزد").sum() != drawn("میسوزد").sum()  # the non-joiner is not lost


@given(st.text(max_size=80), st.integers(60, 500), st.integers(1, 5))
def test_no_text_leaves_its_column(text: str, width: int, most: int) -> None:
    """Any text takes as many lines as it may at most, and no line is wider than the column."""
    rows = lines(text, STYLE, width, most)
    assert len(rows) <= most
    for row in rows:
        taken = sum(word.width for word in row.words) + 7.8 * (len(row.words) - 1)
        assert taken <= width or len(row.words) == 1


def test_letters_stay_in_the_height_of_their_lines() -> None:
    """The ink of every script stands within its lines: over and under them nothing is drawn."""
    ink = drawn(" ".join(text for text in SCRIPTS.values() if can_shape() or text.isascii()) + " Ågjpqy|")
    rows = np.flatnonzero(ink.any(axis=1))
    assert rows.min() >= 98
    assert rows.max() < ink.shape[0] - 98


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\u202egnp.exe\u202c", ["gnp.exe"]),
        ("a\u2066b\u2069c \u200f\u200e", ["abc"]),
        ("\x00bell\x07 \x1b[31mred", ["bell", "[31mred"]),
        ("\ufeff\u200b\u00ad", []),
    ],
)
def test_what_steers_a_line_is_taken_out(hostile: str, shown: list[str]) -> None:
    """Direction overrides, controls and letters without a look do not reach the picture."""
    assert [word for row in lines(hostile, STYLE, 600, 3) for word in said(row)] == shown


def test_long_texts_are_cut() -> None:
    """Ten thousand letters, in one word or in many, end in an ellipsis after as many lines as there may be."""
    for text in ("a" * 10_000, "word " * 2_000, "Ж" * 10_000):
        rows = lines(text, STYLE, 400, 3)
        assert len(rows) == 3
        assert any("…" in word for word in said(rows[-1]))
