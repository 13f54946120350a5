"""What is typed after `/dateline people`."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.people_words import PeopleWords, PeopleWordsRefused, read_people

READ = {
    "": PeopleWords("list"),
    "list": PeopleWords("list"),
    "add Amina Njoroge alias Njoroge, A. N. role envoy": PeopleWords(
        "add", "Amina Njoroge", "", ("Njoroge", "A. N."), "envoy"
    ),
    "remove “Amina Njoroge”": PeopleWords("remove", "Amina Njoroge"),
    'merge "Amina Njoroge" "A. Njoroge"': PeopleWords("merge", "Amina Njoroge", "A. Njoroge"),
    "MERGE «Amina Njoroge» 'A. Njoroge'": PeopleWords("merge", "Amina Njoroge", "A. Njoroge"),
    "merge A. Njoroge into Amina Njoroge": PeopleWords("merge", "Amina Njoroge", "A. Njoroge"),
    'merge "A. Njoroge" into "Amina Njoroge"': PeopleWords("merge", "Amina Njoroge", "A. Njoroge"),
    "merge Njoroge Njoroje": PeopleWords("merge", "Njoroge", "Njoroje"),
    "rename Sean O'Brian to Sean O'Brien": PeopleWords("rename", "Sean O'Brian", "Sean O'Brien"),
    'rename "Road to Ruin" "Rhod"': PeopleWords("rename", "Road to Ruin", "Rhod"),
    'split "Ali Hassan" "Ali Majid" alias Chemical Ali, علي': PeopleWords(
        "split", "Ali Hassan", "Ali Majid", ("Chemical Ali", "علي")
    ),
    'split "Ali Hassan" "Ali Majid" --alias "Chemical Ali" --alias Majid': PeopleWords(
        "split", "Ali Hassan", "Ali Majid", ("Chemical Ali", "Majid")
    ),
    "split Ali Hassan into Ali Majid": PeopleWords("split", "Ali Hassan", "Ali Majid"),
    "undo": PeopleWords("undo"),
    "undo 12": PeopleWords("undo", number=12),
    "history": PeopleWords("history"),
    "history Amina Njoroge": PeopleWords("history", "Amina Njoroge"),
}


@pytest.mark.parametrize("typed", READ)
def test_the_words_of_the_command_line_and_of_people_are_understood(typed: str) -> None:
    """Names in quotes of any kind, of one word each, or with a word between them."""
    assert read_people(typed) == READ[typed]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("frobnicate", "people add NAME"),
        ("merge", "No name was given"),
        ("merge Amina Njoroge A. Njoroge", "each in quotes"),
        ("merge into Amina", "each in quotes"),
        ("rename Amina", "each in quotes"),
        ("rename A to B alias C", "not understood"),
        ("split A into B role envoy", "not understood"),
        ("split A B --rule x", "not understood"),
        ("undo the last", "not understood"),
        ("undo " + "9" * 40, "not understood"),
        ("add", "No name was given"),
    ],
)
def test_what_is_not_understood_says_what_to_type(typed: str, why: str) -> None:
    """The refusal says what is missing and shows the command."""
    with pytest.raises(PeopleWordsRefused, match=why) as refused:
        read_people(typed)
    assert "/dateline people" in str(refused.value)


@given(st.text(max_size=60))
def test_nothing_that_is_typed_breaks_it(typed: str) -> None:
    """Anything is read, or refused."""
    for act in ("merge ", "split ", "rename ", "undo "):
        with suppress(PeopleWordsRefused):
            assert read_people(act + typed).act == act.strip()
