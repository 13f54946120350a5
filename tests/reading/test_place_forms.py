"""Place names in the forms that six languages give them, and what only looks like one."""

from __future__ import annotations

import pytest

from bot.reading import places
from bot.reading.places.forms import forms
from bot.reading.places.tokens import tokens


@pytest.mark.parametrize(
    ("lang", "text", "written", "name"),
    [
        ("ru", "Его видели в Москве.", "Москве", "Moscow"),
        ("ru", "Он был в Латакии.", "Латакии", "Latakia"),
        ("ru", "Самолёт сел в Ростове-на-Дону.", "Ростове-на-Дону", "Rostov-on-Don"),
        ("ru", "Он уехал в Саудовскую Аравию.", "Саудовскую Аравию", "Saudi Arabia"),
        ("ru", "Она живёт в Крыму.", "Крыму", "Crimea"),
        ("uk", "Його бачили у Львові.", "Львові", "Lviv"),
        ("uk", "Вона була в Чернівцях.", "Чернівцях", "Chernivtsi"),
        ("uk", "Він приїхав до Відня.", "Відня", "Vienna"),
        ("uk", "Він був у Празі.", "Празі", "Prague"),
        ("ar", "وصل باللاذقية مساء.", "اللاذقية", "Latakia"),
        ("ar", "سافر للرياض.", "لرياض", "Riyadh"),
        ("ar", "كان بدِمَشق.", "دِمَشق", "Damascus"),
        ("fa", "او به دیر الزور رفت.", "دیر الزور", "Deir ez-Zor"),
        ("fa", "او در خوزستان است.", "خوزستان", "Khuzestan"),
        ("tr", "O Halep'te görüldü.", "Halep", "Aleppo"),
        ("tr", "O Şam’daydı, sonra Şam'a döndü.", "Şam", "Damascus"),
        ("he", "הוא היה בסוריה.", "סוריה", "Syria"),
        ("he", "היא טסה לתל אביב.", "תל אביב", "Tel Aviv"),
        ("he", "הוא נחת בווינה.", "ווינה", "Vienna"),
        ("he", "הוא בדַמֶשֶׂק.", "דַמֶשֶׂק", "Damascus"),
    ],
)
def test_names_are_found_in_their_forms(lang: str, text: str, written: str, name: str) -> None:
    """Endings and attached prepositions are seen through, and the span holds the name without them."""
    found = {m.span.of(text).removeprefix("ו") for m in places.find(text, lang=lang) if m.place.name == name}
    assert written.removeprefix("ו") in found


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("ru", "Газета «Москва» закрылась, улица Киев пуста."),
        ("ar", "كان في حالة جيدة يوم الخميس."),
        ("he", "הוא נמצא במצב טוב בבית החולים."),
        ("fa", "او در حال سفر است."),
        ("ru", "Она шла по улице под дождём."),
    ],
)
def test_everyday_words_are_no_places(lang: str, text: str) -> None:
    """Words of the language itself, street names and titles in quotation marks name no place."""
    assert not places.find(text, lang=lang)


def test_english_is_read_as_before() -> None:
    """A language without forms of its own takes the way that English does."""
    text = "He was seen in Aleppo, Syria."
    assert places.find(text, lang="en") == places.find(text)


@pytest.mark.parametrize("lang", ["ar", "fa", "he", "ru", "tr", "uk"])
def test_the_word_as_it_stands_is_always_one_reading(lang: str) -> None:
    """Every form lies inside its word, and the whole word is among them."""
    for word in tokens("Москве Halep'te باللاذقية בסוריה Чернівцях"):
        read = forms(word, lang)
        assert (word.folded, word.start, word.end) in {(form.folded, form.start, form.end) for form in read}
        assert all(word.start <= form.start < form.end <= word.end for form in read)
