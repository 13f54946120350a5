"""The fold: spellings that a person takes for the same fall together, and nothing else is lost."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage.folding import fold

LETTERS = st.characters(codec=None)


@given(st.text(LETTERS) | st.text("aЖж'’ʼ´\u0301\u200c\u200d\u200b\u1100\u1161ﷺ½ﾞｶ漢ก ิ", max_size=12))
@example("\u1100\u200d\u1161")
@example("в'\u0301'в")
def test_folding_twice_changes_nothing(text: str) -> None:
    """The fold of a fold is itself, and holds nothing but words of letters, marks and digits."""
    folded = fold(text)
    assert fold(folded) == folded
    assert folded == " ".join(folded.split())
    assert all(letter == " " or unicodedata.category(letter)[0] in "LMN" for letter in folded)


def test_every_character_folds_to_a_fixed_point() -> None:
    """All of Unicode but the large blocks of Chinese, Korean and private characters, each within a word."""
    codes = (*range(0x3400), *range(0xA000, 0xAC10), *range(0xF900, 0x20010), *range(0x2F800, 0x2FA20))
    assert [code for code in codes if fold(once := fold(f"a{chr(code)}ж")) != once] == []


@given(st.text(max_size=20), st.text(max_size=20))
def test_words_fold_by_themselves(one: str, other: str) -> None:
    """What stands on both sides of a space folds as if it stood alone."""
    assert fold(f"{one} {other}") == " ".join(filter(None, (fold(one), fold(other))))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("звʼязок", "зв'язок"),
        ("звʼязок", "ЗВ’ЯЗОК"),
        ("зв´язок", "звязок"),
        ("٢٠١٥", "2015"),
        ("۲۰۱۵", "2015"),
        ("२०१५", "2015"),
        ("２０１５", "2015"),
        ("Łódź", "lodz"),
        ("Søren Đặng", "soren dang"),
        ("İstanbul'da Işık", "istanbul da isik"),
        ("Þór Æsir Œuvre", "thor aesir oeuvre"),
        ("STRASSE", "straße"),
        ("ΣΊΣΥΦΟΣ", "σισυφος"),
        ("ёж Ґрунт", "еж грунт"),
        ("Қазақстан", "казакстан"),
        ("علي", "علی"),
        ("مكّة", "مکه"),
        ("أحمد إبراهيم آل ٱلله", "احمد ابراهیم ال الله"),
        ("مُحَمَّد", "محمد"),
        ("محـــمد", "محمد"),
        ("مؤمن سائل", "مومن سایل"),
        ("كوردستان", "کوردستان"),
        ("هەولێر", "ههولیر"),
        ("گوڵ ڕۆژ", "گول روژ"),
        ("بَیْت ہے", "بیت هی"),
        ("שָׁלוֹם", "שלום"),
        ("أَبْ\u200dجد", "ابجد"),
        ("soft\u00adhyphen\u200b", "softhyphen"),
        ("ｆｕｌｌ ﬁne", "full fine"),
        ("ʿAlī", "Ali"),
        ("e\u0301", "é"),
    ],
)
def test_spellings_that_fall_together(one: str, other: str) -> None:
    """Digits, apostrophes, strokes, accents, vowel points, and the forms of one letter."""
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        ("… — !?", ""),
        ("snake_case #Tag @name", "snake case tag name"),
        ("می\u200cرود", "می رود"),
        ("हिन्दी में", "हिन्दी में"),
        ("กิน", "ก ิ น"),
        ("北京2015年", "北 京 2015 年"),
        ("ガイド", "ガ イ ド"),
        ("한국어", "한국어"),
        ("Soleimani's", "soleimani s"),
        ("lone \ud800 surrogate\0", "lone surrogate"),
        ("\u202eevil\u202c", "evil"),
    ],
)
def test_words(text: str, folded: str) -> None:
    """Where words begin and end, in writing with and without spaces."""
    assert fold(text) == folded
