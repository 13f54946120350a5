"""Why a sighting was read as it is: every rule has words, and each step is told from what stands in the text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.explained import seen, steps
from bot.reading.model import RULES_VERSION, Context
from bot.reading.names.watchlist import WatchList
from bot.reading.reader import read
from bot.rule_words import LANGUAGES, rule_words
from storage.records import ArchivedSighting, Person
from tests.storage.makers import capture, post

PEOPLE = WatchList([Person("amina", "Amina Njoroge", aliases=("أمينة نجوروجي", "Амина Нджороге"))])
UNKNOWN = "this version has no words for that rule"
LABELLED = Path(__file__).parent / "reading" / "data"


def explained(text: str, lang: str = "en") -> list[dict[str, str]]:
    """The steps of every sighting of a text, by what each is about."""
    context = Context(platform="x", author="voice", lang=lang)
    told = []
    for found in read(text, PEOPLE, context).sightings:
        of = post(text=text, lang=lang)
        archived = ArchivedSighting("s", found, of, capture(of))
        again = seen(text, PEOPLE, context, found)
        told.append({step.about: step.told for step in steps(archived, text, context, again, f"{RULES_VERSION}/1")})
    return told


def test_each_step_is_told_in_a_sentence() -> None:
    """The words with their place, who speaks, the rule, the cue, the spelling and its score, the place, the time."""
    [one] = explained("Njoroge was reportedly seen in Tripoli on 3 May 2021. Amina Njoroge is an envoy.")
    assert one["Words"].startswith("“Njoroge was reportedly seen in Tripoli on 3 May 2021.”, characters 0 to 53")
    assert "a post that the text embeds or is" in one["Speaker"]
    assert one["Rule"].startswith("see-in/1: “see” ties the person to the place, by “in”")
    assert one["Link"] == "“Njoroge” is linked with “Tripoli”. Surname alone: the full name stands in the text."
    assert "reportedly" in one["Cue"]
    assert "alleged, which is said on somebody else's word" in one["Cue"]
    assert "the surname alone" in one["Name"]
    assert re.search(r"score \d\.\d\d of 1", one["Name"])
    assert "Weighed, and not taken: " in one["Place"]
    assert one["Time"].startswith("“on 3 May 2021”: 3 May 2021")
    assert one["Read with"] == f"Rules {RULES_VERSION}, watch-list 1."


def test_what_goes_back_to_words_before_says_to_which() -> None:
    """A denial that names nobody, and a pronoun, are told with whom and what they mean."""
    told = explained("Amina Njoroge was rumored to have flown to Oslo in July, but the ministry denied such a trip.")
    [denial] = [one for one in told if one["Rule"].startswith("denied-antecedent")]
    assert "somebody not named in these words" in denial["Link"]
    assert "Speaks of “" in denial["Link"]


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("be-in/1", "a form of “to be”"),
        ("arrive-object/2", "“arrive” has the place as its object"),
        ("visit-named/1", "the place names the “visit” of the person"),
        ("ru-arrive-to/1", "Russian: a verb of arriving or moving"),
        ("fa-strange-in/1", "Persian: words of the kind “strange”"),
        ("he-denies-before/1", "Hebrew: the sentence denies"),
        ("plain-locative/1", "the language is not read any further"),
        ("re-emerge-in/1", "“re-emerge” ties the person to the place, by “in”"),
        ("nonsense", UNKNOWN),
    ],
)
def test_a_rule_is_told_in_words(rule: str, told: str) -> None:
    """From its name, whatever its version; an unknown one is said to be unknown."""
    assert told in rule_words(rule)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("ru", "Амина Нджороге прибыла в Москву."),
        ("ar", "وصلت أمينة نجوروجي إلى دمشق."),
        ("sv", "Amina Njoroge befinner sig in Oslo."),
    ],
)
def test_every_language_is_explained(lang: str, text: str) -> None:
    """Whatever the reader finds, its rule has words."""
    for one in explained(text, lang):
        assert UNKNOWN not in one["Rule"]
        assert one["Link"].startswith("“")
    assert set(LANGUAGES) >= {"ru", "ar"}
