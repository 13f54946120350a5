"""Watched people found in texts, and names resolved to them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.names.compare import THRESHOLD
from bot.reading.names.watchlist import WatchList
from storage.records import Person

PEOPLE = (
    Person("qs", "Qassem Soleimani", aliases=("Soleimani",)),
    Person("vp", "Vladimir Putin"),
    Person("ba", "Bashar al-Assad"),
    Person("ha", "Hafez al-Assad"),
    Person("hn", "Hassan Nasrallah"),
    Person("vz", "Volodymyr Zelensky"),
    Person("ak", "Abd al-Rahman Khalid"),
    Person("te", "Recep Tayyip Erdogan"),
    Person("gw", "George Bush"),
    Person("ju", "Kim Jong Un", aliases=("@leader_kim", "Kim")),
)
LIST = WatchList(PEOPLE)


def found(text: str) -> list[tuple[str, str]]:
    """Who is mentioned, and by which words."""
    return [(mention.person.id, mention.span.of(text)) for mention in LIST.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("General Qassem Soleimani arrived.", [("qs", "Qassem Soleimani")]),
        ("Gen. Qasem #Soleimani is here", [("qs", "Qasem #Soleimani")]),
        ("see #QasemSoleimani and #Suleimani", [("qs", "#QasemSoleimani"), ("qs", "#Suleimani")]),
        ("#qasemsoleimani #soleimani", [("qs", "#qasemsoleimani"), ("qs", "#soleimani")]),
        ("#Qasem_Soleimani", [("qs", "#Qasem_Soleimani")]),
        ("Soleimani’s aide, Putin's plane", [("qs", "Soleimani"), ("vp", "Putin")]),
        ("soleimani flew to moscow", [("qs", "soleimani")]),
        ("SOLEIMANI LANDS IN BAGHDAD", [("qs", "SOLEIMANI")]),
        ("قال إن قاسم سليماني وصل", [("qs", "قاسم سليماني")]),
        ("وقال سليماني", [("qs", "سليماني")]),
        ("وسليماني هناك", [("qs", "سليماني")]),
        ("سردار سلیمانی در سوریه", [("qs", "سلیمانی")]),
        ("خطاب حسن نصر الله", [("hn", "حسن نصر الله")]),
        ("Встреча с Путиным и Зеленским", [("vp", "Путиным"), ("vz", "Зеленским")]),
        ("סולימאני הגיע", [("qs", "סולימאני")]),
        ("Erdoğan'ın uçağı", [("te", "Erdoğan")]),
        ("Vladimir Vladimirovich Putin", [("vp", "Vladimir Vladimirovich Putin")]),
        ("Abdulrahman Khaled met Abdul Rahman Khalid", [("ak", "Abdulrahman Khaled"), ("ak", "Abdul Rahman Khalid")]),
        ("Bashar Assad spoke. Later Assad left.", [("ba", "Bashar Assad"), ("ba", "Assad")]),
        ("by @leader_kim today", [("ju", "@leader_kim")]),
        ("Iran Mourns Soleimani As Putin Meets Envoy", [("qs", "Soleimani"), ("vp", "Putin")]),
    ],
)
def test_mentions_are_found_with_their_exact_words(text: str, expected: list[tuple[str, str]]) -> None:
    """Spellings, scripts, hashtags, endings, case and joins lead to the person; titles stay outside."""
    assert expected == found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Fatima Soleimani said so.",
        "His brother Sohrab Soleimani spoke. Later Soleimani left.",
        "فاطمة سليماني",
        "A. Putin was there",
        "Suleiman, Sullivan, Salman and Solomon",
        "Soleimani Street and the Soleimani Brigade",
        "شارع سليماني",
        "улица Путина",
        "the Putin regime; anti-Putin rallies; Putin-era laws; Neo-Putin",
        "Putinism and Soleimanis",
        "Qassem said, and Vladimir too",
        "Assad left",
        "a bush in the garden; Bush fires",
        "kim, kIM",
        "@Soleimani soleimani@example.org https://example.org/Soleimani",
        "a soleimani in lower case among Capitals",
        "",
    ],
)
def test_what_only_looks_like_a_mention_is_left_alone(text: str) -> None:
    """Namesakes, compounds, places, given names, shared surnames, everyday words and addresses are none."""
    assert found(text) == []


def test_the_answer_says_how_it_linked() -> None:
    """`how` tells full name, alias, surname and unlisted spelling apart."""
    text = "Qassem Soleimani. Soleimani. Putin. Suleimani."
    assert [mention.how for mention in LIST.find(text)] == ["full", "alias", "surname", "skeleton"]


@pytest.mark.parametrize("name", ["Soleimani", "Suleimani", "Qasem Soleimani", "سليماني", "سلیمانی", "Сулеймани"])
def test_a_typed_name_resolves(name: str) -> None:
    """Any spelling in any script leads to the one person."""
    ranked = LIST.resolve(name)
    assert ranked is not None
    assert ranked.person.id == "qs"
    assert ranked.score >= THRESHOLD


@pytest.mark.parametrize("name", ["Assad", "Qassem", "Nobody Atall", "", "Soleimnai"])
def test_a_name_that_is_unclear_or_unknown_does_not_resolve(name: str) -> None:
    """A shared surname, a given name, a stranger and a typing error are not decided."""
    assert LIST.resolve(name) is None


def test_a_typing_error_is_asked_about() -> None:
    """Letters in common rank the person that may have been meant."""
    assert LIST.rank("Putni")[0].person.id == "vp"


def test_an_empty_list_finds_nobody() -> None:
    """Without people there is nothing to find or rank."""
    assert WatchList(()).find("Qassem Soleimani") == []
    assert WatchList(()).rank("Qassem Soleimani") == []


PIECES = st.sampled_from(
    ["Qassem", "Soleimani", "#Suleimani", "#QasemSoleimani", "al-", "Assad", "Bashar", "سليماني", "قاسم", "و", "Путина",
     "סולימאני", "Nasr", "Allah", "الله", "'s", "’", "@leader_kim", " ", "\n", "-", "_", "\u200b", "\u202e", "\u0301",
     "İ", "ß", "\ufb01", "V.", "Street", "https://x.y/", "\ud83d\ude00", "KIM", "Kim", "putin", "Putin"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=12).map("".join))


@given(TEXTS)
def test_spans_are_in_bounds_in_order_and_apart(text: str) -> None:
    """Whatever the text, spans lie in it, hold something, and never overlap; reading twice gives the same."""
    mentions = LIST.find(text)
    ends = [0]
    for mention in mentions:
        assert ends[-1] <= mention.span.start < mention.span.end <= len(text)
        assert mention.score >= THRESHOLD
        ends.append(mention.span.end)
    assert mentions == LIST.find(text)


@given(st.one_of(TEXTS, st.sampled_from([person.name for person in PEOPLE])))
def test_ranking_is_sorted(name: str) -> None:
    """The surest come first, each person once."""
    ranked = LIST.rank(name)
    assert ranked == sorted(ranked, key=lambda one: -one.score)
    assert len({one.person.id for one in ranked}) == len(ranked)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("Ban Ki-moon", "Then Ban Ki-moon spoke.", ["Ban Ki-moon"]),
        ("Lai Ching-te", "Lai Ching-te's visit", ["Lai Ching-te"]),
        ("Kim Jong Un", "During Kim Jong Un's visit", ["Kim Jong Un"]),
        ("Ban Ki-moon", "a half-moon rose", []),
    ],
)
def test_short_and_hyphenated_last_words(name: str, text: str, words: list[str]) -> None:
    """A last word in small letters behind a hyphen, or short before a possessive 's, ends a name as any other does."""
    watched = WatchList([Person("p", name)])
    assert [mention.span.of(text) for mention in watched.find(text)] == words


@given(TEXTS, st.lists(st.sampled_from(range(len(LIST.people))), unique=True, max_size=3))
def test_a_text_that_people_do_not_touch_says_the_same_without_them(text: str, changed: list[int]) -> None:
    """Where nothing in a text may have to do with some people, taking them off the list changes nothing in it."""
    some = [LIST.people[at] for at in changed]
    if not WatchList(some).touches(text):
        others = WatchList(person for person in LIST.people if person not in some)
        assert others.find(text) == LIST.find(text)


def test_a_son_is_not_taken_for_his_father() -> None:
    """A Jr, II or Sr behind a name that is listed without it, or with another, is somebody else's."""
    people = WatchList([Person("1", "Donald Trump"), Person("2", "John Paul II")])
    text = "Donald Trump Jr. flew to Oslo. John Paul I died in Rome."
    assert people.find(text) == []
    assert people.resolve("Donald Trump Jr") is None
    kept = people.find("Donald Trump, Junior and John Paul II")
    assert [mention.person.id for mention in kept] == ["2"]


def test_a_pet_form_is_resolved_to_the_name_on_the_list() -> None:
    """Who is asked for by a pet form or an initial is found, unless two people may be meant."""
    people = WatchList([Person("1", "Michael Pompeo"), Person("2", "Sergei Ivanov"), Person("3", "Semyon Ivanov")])
    found = people.resolve("Mike Pompeo")
    assert found is not None
    assert found.person.id == "1"
    assert people.resolve("S. Ivanov") is None


WARM = WatchList(PEOPLE)
PIECES = st.sampled_from(
    ["Soleimani", "#qasemsoleimani", "Putin's", "(Putin)", "said", "Bush", "George", "Kim", "@leader_kim", "Сулеймани",
     "بشار", "الأسد", "Zelensky,", "zelensky", "-", "Assad-", "\u200bPutin", "Рutin", "anti-Putin", "\u00a0Erdogan"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=8), st.sampled_from([" ", "\n", "\u2009", "  "]))
def test_what_was_read_before_changes_nothing(pieces: list[str], blank: str) -> None:
    """A list that remembers quiet words and pieces of earlier texts finds what a fresh one finds."""
    text = blank.join(pieces)
    assert WARM.find(text) == WatchList(PEOPLE).find(text)
