"""Who may be meant by a name that is typed: across scripts and look-alike letters, and never the wrong person."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.names import POSSIBLE, THRESHOLD, WatchList, similarity
from bot.reading.names.homoglyphs import unmixed
from bot.reading.names.letters import fold
from storage.records import Person

PEOPLE = (
    Person("karimov", "Rustam Karimov"),
    Person("petrenko", "Олена Петренко"),
    Person("haddad", "يوسف الحداد"),
    Person("levi", "יעקב לוי"),
    Person("yildiz", "Ayşe Yıldız"),
    Person("rahimi", "مریم رحیمی"),
    Person("dario", "Dario Conti"),
    Person("darya", "Darya Conti"),
)
LIST = WatchList(PEOPLE)

SPELLED = {
    "karimov": ["Рустам Каримов", "رستم كريموف", "רוסטם כרימוב", "Rüstem Kerimov", "Roustam Karimoff"],
    "petrenko": ["Olena Petrenko", "Елена Петренко", "أولينا بيترينكو", "אולנה פטרנקו"],
    "haddad": ["Youssef al-Haddad", "Yusuf El Haddad", "Юсуф аль-Хаддад", "Yusuf Haddad", "יוסף אל-חדאד"],
    "levi": ["Yaakov Levi", "Яаков Леви", "يعقوب ليفي", "Yakov Levy"],
    "yildiz": ["Ayse Yildiz", "Айше Йылдыз", "عائشة يلدز", "איישה ילדיז"],
    "rahimi": ["Maryam Rahimi", "Марьям Рахими", "مريم رحيمي", "Meryem Rahimi"],
}


@pytest.mark.parametrize(("person", "typed"), [(key, name) for key, names in SPELLED.items() for name in names])
def test_the_right_person_comes_first_in_any_script(person: str, typed: str) -> None:
    """Whatever the script of the list and of the question, the right one leads, and nobody else is answered for."""
    assert LIST.rank(typed)[0].person.id == person
    meant = LIST.resolve(typed)
    assert meant is None or meant.person.id == person


@pytest.mark.parametrize(
    ("typed", "person"),
    [
        ("Rustаm Kаrimоv", "karimov"),  # Cyrillic а and о
        ("КАRІМОV", "karimov"),  # Cyrillic capitals
        ("Rust\u200bam Kari\u00admov", "karimov"),
        ("\u202eRustam\u202c Karimov\u200f", "karimov"),
        ("Οlena Petrenko", "petrenko"),  # Greek capital Ο
        ("Oлeнa Пeтpeнкo", "petrenko"),  # Latin letters in Cyrillic words
        ("Ayşe Yıldız".upper(), "yildiz"),
        (unicodedata.normalize("NFD", "Ayşe Yıldız"), "yildiz"),
        ("يـوسف الحدّاد", "haddad"),
    ],
)
def test_look_alikes_and_invisible_letters_change_nobody(typed: str, person: str) -> None:
    """Letters of another script that look the same, zero-width and combining characters are seen through."""
    meant = LIST.resolve(typed)
    assert meant is not None
    assert meant.person.id == person
    [mention] = LIST.find(f"{typed} is in Rome.")
    assert mention.person.id == person


def test_a_name_between_the_thresholds_is_offered_and_not_answered_for() -> None:
    """A typing error is below the threshold and above what is worth asking."""
    [first, *_] = LIST.rank("Rustam Kraimvo")
    assert first.person.id == "karimov"
    assert POSSIBLE <= first.score < THRESHOLD
    assert LIST.resolve("Rustam Kraimvo") is None


@pytest.mark.parametrize("typed", ["Conti", "Dary Conti", "D. Conti", "Zbigniew Quux", "", "\u202e", "...", "Karim"])
def test_nobody_is_answered_for_where_it_may_be_another(typed: str) -> None:
    """A shared surname, an initial or a name between two people, a stranger and nothing at all decide nothing."""
    assert LIST.resolve(typed) is None


def test_words_are_unmixed_and_others_left_alone() -> None:
    """A mixed word gets the script of most of its letters; what has no double stays, and so do whole words."""
    assert unmixed("Рutin and Сeргeй") == "Putin and Сергей"
    assert unmixed("Жoe") == "Жое"
    assert unmixed("Жöd") == "Жöd"
    assert unmixed("Москва and Moscow") == "Москва and Moscow"


@given(st.text(max_size=40))
def test_unmixing_keeps_the_length_and_is_done_once(text: str) -> None:
    """No letter comes or goes, so that spans hold, and a second time changes nothing."""
    assert len(unmixed(text)) == len(text)
    assert unmixed(unmixed(text)) == unmixed(text)


@given(st.text(max_size=25), st.text(max_size=25))
def test_similarity_is_a_share_and_symmetric(one: str, other: str) -> None:
    """Whatever the names, the score lies between 0 and 1 and does not depend on their order."""
    score = similarity(one, other)
    assert 0.0 <= score <= 1.0
    assert score == similarity(other, one)
    assert fold(unmixed(one)) == fold(one)


@given(st.text(max_size=30))
def test_candidates_are_ranked(typed: str) -> None:
    """The surest first, each person once, and whoever is meant is the first of them."""
    ranked = LIST.rank(typed)
    assert [one.score for one in ranked] == sorted((one.score for one in ranked), reverse=True)
    assert len({one.person.id for one in ranked}) == len(ranked)
    meant = LIST.resolve(typed)
    assert meant is None or meant == ranked[0]
