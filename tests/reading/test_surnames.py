"""When a surname alone is somebody's, and by what; the answer says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.linked import Because, link, parts, told
from bot.reading.model import Context
from bot.reading.names import WatchList
from bot.reading.names.roles import role_words
from bot.reading.reader import read
from storage.records import Person

LIST = WatchList(
    [
        Person("qs", "Qassem Soleimani", "Quds Force commander", ("Soleimani", "قاسم سليماني")),
        Person("hs", "Hassan Soleimani", "chess player"),
        Person("tm", "Theresa May", "Prime Minister"),
        Person("an", "Amina Njoroge", "envoy to Oslo"),
        Person("mh", "محمد حسن", "وزير الخارجية"),
        Person("gl", "George Langa", "president of the union"),
        Person("bl", "Barbara Langa", "president of the board"),
        Person("ik", "Игорь Ковальчук", "командир"),
        Person("ok", "Олег Ковальчук", "художник"),
    ]
)

LINKED = {
    "Njoroge arrived in Suva.": ("an", "only:Njoroge"),
    "Njoroje arrived in Suva.": ("an", "only:Njoroge"),
    "Нджороге прибыла в Суву.": ("an", "only:Njoroge"),
    "Hassan Soleimani is in Rome. Soleimani said so.": ("hs", "full:Soleimani"),
    "Soleimani was in Aleppo.": ("qs", "listed:Soleimani"),
    "Commander Soleimani was in Aleppo.": ("qs", "role:Commander"),
    "The commander, Soleimani's friend, and chess player Soleimani met.": ("hs", "role:player"),
    "Soleimani, the Iranian commander, was in Aleppo.": ("qs", "role:commander"),
    "Prime Minister May was in Aleppo.": ("tm", "role:Minister"),
    "May, the prime minister, was in Paris.": ("tm", "role:prime"),
    "وصل الوزير حسن إلى حلب": ("mh", "role:الوزير"),
    "G. Langa was in Rome.": ("gl", "before:G"),
    "Командира Ковальчука видели в Минске.": ("ik", "role:Командира"),
    "Amina Njoroge spoke. Amina left for Oslo.": ("an", "given:Amina"),
}


@pytest.mark.parametrize("text", LINKED)
def test_a_surname_alone_links_for_a_reason_that_is_told(text: str) -> None:
    """By the full name in the text, as the only one on the list, by a role or an initial beside it, or as listed."""
    last = LIST.find(text)[-1]
    assert (last.person.id, last.linked) == LINKED[text]


@pytest.mark.parametrize(
    "text",
    [
        "May was in Aleppo.",
        "Langa was in Rome.",
        "President Langa was in Rome.",
        "وصل حسن إلى حلب",
        "Ковальчук прибыл в Минск.",
        "Langa, who met the president of the union, was in Rome.",
        "The union has a president. Langa was in Rome.",
        "Maria Njoroge arrived in Suva.",
    ],
)
def test_without_a_reason_it_links_to_nobody(text: str) -> None:
    """Everyday words, given names and shared surnames are nobody's without a role that only one of them has."""
    assert LIST.find(text) == []


@pytest.mark.parametrize("text", ["Qassem Soleimani is in Rome.", "قاسم سليماني في حلب"])
def test_of_a_whole_name_nothing_is_said(text: str) -> None:
    """A full name, or an alias that is no surname, needs no reason."""
    assert [mention.linked for mention in LIST.find(text)] == [""]
    assert WatchList([Person("x", "Ilich Ramirez", "", ("Carlos",))]).find("Carlos fled.")[0].linked == ""


def test_a_listed_name_goes_before_one_with_a_word_more() -> None:
    """Where somebody is listed exactly as it stands, nobody with a middle name besides is meant."""
    longer, exact = Person("aw", "Amina Wanjiru Njoroge"), Person("an", "Amina Njoroge")
    for people in ([longer, exact], [exact, longer]):
        for text, meant in {"Amina Njoroge fled.": "an", "Amina Wanjiru Njoroge fled.": "aw"}.items():
            assert [mention.person.id for mention in WatchList(people).find(text)] == [meant]


def test_a_sighting_keeps_the_reason_and_its_mention_says_it() -> None:
    """What `read` gives says of each sighting, and of each mention, by what a surname alone was linked."""
    found = read("Njoroge arrived in Suva on Monday.", LIST, Context(lang="en"))
    assert [told(one.linked) for one in found.sightings] == ["surname alone: the only Njoroge on the list"]
    [why] = [mention.why for mention in found.mentions if mention.kind == "person"]
    assert why == "surname alone: the only Njoroge on the list, as Amina Njoroge, 1.00"
    whole = read("Amina Njoroge arrived in Suva on Monday.", LIST, Context(lang="en"))
    assert [one.linked for one in whole.sightings] == [""]


def test_names_in_a_role_are_no_role() -> None:
    """Of a role the words of office count, not the places and organisations, nor anybody's given name."""
    assert role_words("governor of Anbar") == {"governor"}
    assert role_words("Foreign Minister") == {"foreign", "minister"}
    assert role_words("وزير الخارجية") == {"وزير", "خارجيه"}
    assert role_words("") == frozenset()


@given(st.sampled_from(list(Because)), st.text(min_size=1))
def test_a_reason_is_read_as_it_was_written(because: Because, word: str) -> None:
    """Whatever the word is; what is no reason is none."""
    assert parts(link(because, word)) == (because, word)
    assert told(link(because, word))
    assert parts("") is None
    assert told(word.replace(":", "")) == ""


@given(st.text(max_size=40), st.text(max_size=60))
def test_any_role_and_text_are_read(role: str, text: str) -> None:
    """No role breaks the reading, and what links has its words in the text."""
    people = WatchList([Person("x", "Ana Torvald", role), Person("y", "Bo Torvald", "envoy")])
    for mention in people.find(f"{text} Torvald, {role}"):
        assert mention.span.of(f"{text} Torvald, {role}")
