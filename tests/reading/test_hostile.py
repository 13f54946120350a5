"""Bad input: patterns that must not blow up, texts of a megabyte, tricks with scripts and signs, days that are none."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.reading
from bot.reading import places, times
from bot.reading.clauses.lexicon import LANGUAGES, lexicon
from bot.reading.model import Context
from bot.reading.names.compare import THRESHOLD, similarity
from bot.reading.names.watchlist import WatchList
from bot.reading.reader import read
from bot.reading.times.language import english
from storage.records import Person, Stance

POSTED = datetime(2024, 5, 15, 12, tzinfo=UTC)
COURIER = Context(POSTED, "The Courier")
PEOPLE = WatchList(
    [
        Person("qs", "Qassem Soleimani"),
        Person("al", "Anna Lind"),
        Person("vz", "Володимир Зеленський"),
        Person("hn", "حسن نصر الله"),
        Person("bn", "בנימין נתניהו"),
    ]
)
BUDGET = 1.0
"""Seconds for one pattern over one text of 20,000 characters; linear work takes milliseconds."""
LONG = 20_000
MEGABYTE = 1_000_000


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every pattern that a module of the reading room keeps, and those that its language files write.

    Of English times not the two that only ever see the words right before an expression.
    """
    for found in pkgutil.walk_packages(bot.reading.__path__, "bot.reading."):
        if found.name.endswith("__main__"):
            continue
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            held = value.items() if isinstance(value, dict) else [("", value)]
            for key, one in held:
                for at, pattern in enumerate(one if isinstance(one, tuple | list) else [one]):
                    if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str):
                        yield f"{found.name}.{name}{key}{at or ''}", pattern
    language = english()
    yield from ((f"times.english.{kind}", pattern) for kind, pattern in language.patterns.items())
    yield from ((f"times.english.{kind}", getattr(language, kind)) for kind in ("never", "future"))
    for lang in sorted(LANGUAGES):
        for option, written in lexicon(lang).options.items():
            yield f"{lang}.{option}", re.compile(written)


PATTERNS = dict(patterns())
_ANCHORED = re.compile(r"\\s[+*]|\(\?:\[-–\]")
"""Patterns that begin with blanks are only ever tried where a word ends, never searched for."""
SEEDS = ["a", "A", "1", " ", "-", "'", "’", ".", ",", "#", "@", "\n", "\u0301", "\u200c", "\u200f", "ا", "ال", "ה", "и",
         "ь", "dığ", "aB", "a-", "a'", "a.", "1.", "1-", "al-", "#aB", "of the ", "in ",
         "last ", "A. ", "two days ", "12:", "https://", "في ",
         "“", '"', "\U0001f600"]  # fmt: skip


def test_there_are_patterns_to_try() -> None:
    """The search for patterns finds those of names, places, times, English and the clause reader."""
    rooms = {name.split(".")[2] for name in PATTERNS if name.startswith("bot.")}
    assert {"names", "places", "times", "english", "clauses"} <= rooms
    assert len(PATTERNS) > 80


@settings(max_examples=4, deadline=None)
@given(st.lists(st.sampled_from(SEEDS), min_size=1, max_size=3).map("".join), st.sampled_from(["", "!", "x", "\n"]))
def test_no_pattern_blows_up(seed: str, end: str) -> None:
    """Each pattern reads 20,000 characters of anything repeated, and whatever ends it, within its budget."""
    text = seed * (LONG // len(seed)) + end
    for name, pattern in PATTERNS.items():
        began = time.perf_counter()
        for at in range(0, LONG, LONG // 20):
            pattern.match(text, at)
        if not _ANCHORED.match(pattern.pattern):
            for _ in pattern.finditer(text):
                pass
        assert time.perf_counter() - began < BUDGET, (name, seed, end)


@pytest.mark.parametrize(
    ("filler", "size"),
    [
        ("Nothing else was said that day. ", MEGABYTE),
        ("a", MEGABYTE),
        (" ", MEGABYTE // 4),
        ("\n", MEGABYTE // 4),
        ("و", MEGABYTE // 4),
        ("\u200c", MEGABYTE // 4),
        ("Anna Lind is in Oslo. ", MEGABYTE // 20),
        ("Сегодня в Осло. ", MEGABYTE // 20),
        ("yesterday ", MEGABYTE // 20),
        ("Oslo ", MEGABYTE // 20),
        ("#a", MEGABYTE // 20),
        ("“", MEGABYTE // 20),
    ],
)
def test_long_texts_are_read_to_the_end(filler: str, size: int) -> None:
    """A megabyte around two names, and less of it in what costs more, is read in seconds."""
    text = "Anna Lind is in Oslo. " + filler * (size // len(filler)) + " Anna Lind is in Cairo."
    began = time.perf_counter()
    found = {s.place.name for s in read(text, PEOPLE, Context(POSTED, "The Courier", lang="en")).sightings}
    assert time.perf_counter() - began < 60  # 1 to 10 s on a shared core; what grows with the square takes minutes
    assert "Oslo" in found or filler.startswith("Сегодня")  # which makes it a Russian text


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("So\u200bleimani", "Soleimani"),
        ("S\u00adoleimani", "Soleimani"),
        ("Soleimani\u200f", "Soleimani"),
        ("So\u0301leimani", "Soleimani"),
        ("\uff33oleimani", "Soleimani"),
        ("نَصْرُ اللّٰه", "نصر الله"),
        ("Zele\u0301nsky", "Zelensky"),
    ],
)
def test_invisible_signs_and_marks_change_no_name(written: str, meant: str) -> None:
    """Zero-width signs, soft hyphens, marks of direction, accents, wide letters and vowel points do not hide a name."""
    assert similarity(written, meant) >= THRESHOLD


@pytest.mark.parametrize(
    "written", ["Sоleimani", "Soleimаni", "Ѕoleimani", "SОLEIMANI", "S\u200bоleimani", "Sοleimani"]
)
def test_letters_that_only_look_latin_hide_no_name(written: str) -> None:
    """Cyrillic and Greek letters in a Latin word are the letters that they look like, in names and in texts."""
    assert similarity(written, "Soleimani") == 1.0
    text = f"Qassem {written} is in Baghdad."
    (found,) = PEOPLE.find(text)
    assert found.span.of(text) == f"Qassem {written}"


@pytest.mark.parametrize("name", ["Anna ", "ab ", "a", "J. ", "al-", "bin ", "Jr ", "عبد ", "d'", "\u200b", "Аa"])
@pytest.mark.parametrize("other", ["Anna Lind", "ab ac " * 2000, "b" * 12_000])
def test_names_of_any_length_are_compared_in_time(name: str, other: str) -> None:
    """Two names of twelve thousand characters are compared within seconds, and the score stays a score."""
    began = time.process_time()
    assert 0.0 <= similarity(name * (12_000 // len(name)), other) <= 1.0
    assert time.process_time() - began < 8


@pytest.mark.parametrize(
    "seed",
    ["Springfield and Lebanon near Paris, ", "Greene County ", "Tana River ", "Troy, N.Y., ", "Lake Mount River "],
)
def test_a_text_full_of_places_costs_no_more_than_its_length(seed: str) -> None:
    """Namesakes, counties, rivers and states written short, all over a long text, are told apart in linear time."""
    text = seed * (60_000 // len(seed))
    began = time.process_time()
    found = places.find(text)
    assert time.process_time() - began < 10
    assert all(mention.span.of(text) for mention in found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\u202eAnna Lind\u202c is in Oslo.",
        "Anna\u200b Lind is in Os\u200blo.",
        "Anna Lind في أوسلو и в Осло ve Oslo'da",
        "آنا Lind в Oslo.",
        "Anna Lind\x00 is in Oslo.",
        "\ud83d\ude00 Anna Lind is in Oslo \U0001f1f3\U0001f1f4",
        "Anna Lind" * 50,
    ],
)
def test_mixed_scripts_and_directions_keep_their_offsets(text: str) -> None:
    """Whatever stands between, every span is the text's own, and reading twice gives the same."""
    first = read(text, PEOPLE, COURIER, everything=True)
    assert first == read(text, PEOPLE, COURIER, everything=True)
    for mention in first.mentions:
        assert mention.text == text[mention.start : mention.end]
    for sighting in first.sightings:
        assert sighting.quote == text[sighting.start : sighting.end]


@pytest.mark.parametrize(
    "text",
    [
        "Anna Lind was in Oslo on 31 February 2024.",
        "Anna Lind was in Oslo on 2024-13-45.",
        "Anna Lind was in Oslo on 30.02.2024.",
        "Anna Lind was in Oslo on 99/99/9999.",
        "Anna Lind was in Oslo on 0 May 2024.",
        "Anna Lind was in Oslo in the year 99999.",
        "Володимир Зеленський був в Осло 31 листопада 2023 року.",
        "حسن نصر الله كان في أوسلو يوم 31 شباط 2024.",
        "בנימין נתניהו היה באוסלו ב-31 בפברואר 2024.",
        "Qassem Soleimani 30 Şubat 2024'te Oslo'daydı.",
        "قاسم سلیمانی ۳۲ مهر ۱۴۰۲ در اسلو بود.",
    ],
)
def test_days_that_are_none_give_no_such_day(text: str) -> None:
    """A date that no calendar has is no time at all, and never another day in silence; nothing raises."""
    for lang in (None, "en", "uk", "ar", "he", "tr", "fa"):
        for found in times.find(text, POSTED, lang):
            days = [day for day in (found.interval.start, found.interval.end) if day]
            for day in days:
                datetime.fromisoformat(day)
            assert not (re.search(r"3[0-2]|45|\b0\b|۳۲", found.span.of(text)) and len(set(days)) == 1)
    assert all(s.stance is not Stance.DENIED for s in read(text, PEOPLE, COURIER).sightings)
