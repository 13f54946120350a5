"""The reader on labelled sentences, on single cues, and on the founding article."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.english.judgement import LATTICE
from bot.reading.english.lexicon import Cue, english
from bot.reading.language import detect
from bot.reading.model import Context
from bot.reading.names.watchlist import WatchList
from bot.reading.reader import read
from storage.records import Person, Stance
from tests.reading.scoring import score

LABELLED = Path(__file__).with_name("sightings_en.jsonl")
POSTED = datetime(2024, 5, 15, 12, tzinfo=UTC)
COURIER = Context(POSTED, "The Courier")
LIND = WatchList([Person("lind", "Anna Lind", "harbour minister"), Person("sato", "Kenji Sato")])


def stances(text: str, context: Context = COURIER) -> list[tuple[str, str, str]]:
    """Read a text for the two invented people: (person, place, stance) of each sighting."""
    return [(s.person_name, s.place.name, s.stance.value) for s in read(text, LIND, context).sightings]


def test_labelled_sentences() -> None:
    """Labelled sentences about people and places all over the world come out right, and no trap is fallen for."""
    total = score(LABELLED)
    assert total.traps_fallen == 0, total.faults
    assert total.precision >= 0.95, total.faults
    assert total.recall >= 0.9, total.faults
    assert total.stances >= 0.95 * total.right, total.faults
    assert total.speakers >= 0.95 * total.speakers_of, total.faults
    assert total.times >= 0.95 * total.times_of, total.faults


@pytest.mark.parametrize("name", ["unseen_en.jsonl", "holdout_en.jsonl"])
def test_texts_written_before_the_rules_for_them(name: str) -> None:
    """Longer texts, labelled by someone who did not know the rules, keep their precision and most of their recall."""
    total = score(LABELLED.with_name(name))
    assert total.traps_fallen == 0, total.faults
    assert total.precision >= 0.97, total.faults
    assert total.recall >= 0.88, total.faults


def test_wire_sentences() -> None:
    """Thirty sentences of news agencies' kind, written before they were read: first read at P .96, R .79."""
    total = score(LABELLED.with_name("wire_en.jsonl"))
    assert total.traps_fallen == 0, total.faults
    assert total.precision >= 0.95, total.faults
    assert total.recall >= 0.92, total.faults
    assert total.stances >= 0.95 * total.right, total.faults
    assert total.speakers >= 0.95 * total.speakers_of, total.faults
    assert total.times >= 0.9 * total.times_of, total.faults


@pytest.mark.parametrize("cue", english().cues, ids=lambda cue: f"{cue.kind}-{cue.text}")
def test_every_cue_does_what_its_row_says(cue: Cue) -> None:
    """The example of each cue gives one sighting with its stance; a denial also gives the rumour that it denies."""
    found = [found[1:] for found in stances(cue.example)]
    assert found.count(("Oslo", cue.stance.value)) == 1
    others = {stance for _, stance in found} - {cue.stance.value}
    assert not others or (cue.stance is Stance.DENIED and others <= {"rumored", "alleged"})


def test_founding_article(shared: Path) -> None:
    """All eleven sightings of the founding article come out, with stance, speaker, time and spans, and nothing else."""
    folder = shared / "seed"
    text = (folder / "article.txt").read_bytes().decode("utf-8")
    wanted = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    watched = WatchList(
        [
            Person("s", "Qassem Soleimani", "Quds Force commander", ("Soleimani",)),
            Person("h", "Hossein Hamedani", "", ("Hamedani",)),
        ]
    )
    context = Context(datetime.fromisoformat(wanted["post_time"]), wanted["publisher"])
    found = list(read(text, watched, context).sightings)
    assert len(found) == len(wanted["sightings"])
    for want in wanted["sightings"]:
        got = next(
            s
            for s in found
            if (s.person_name, s.place.name, s.start, s.end)
            == (want["person"], want["place"], want["start"], want["end"])
        )
        found.remove(got)
        assert got.stance == want["stance"]
        assert got.speaker.kind == want["speaker_kind"]
        assert got.place.country == want["country"]
        time_ = want["time"]
        assert (got.time.start, got.time.end, got.time.precision) == (time_["from"], time_["to"], time_["precision"])
        for span, expected in ((got.person_span, want["person_span"]), (got.place_span, want["place_span"])):
            assert ([span.start, span.end] if span else None) == expected
        assert [[span.start, span.end] for span in got.cue_spans] == want["cue_spans"]


def test_a_rumor_and_its_denial_are_two_records() -> None:
    """A rumour and the denial of it keep their own speakers."""
    text = "Anna Lind was rumored to have flown to Oslo, though the foreign ministry denied such a trip took place."
    rumor, denial = read(text, LIND, COURIER).sightings
    assert (rumor.stance, rumor.speaker.kind) == (Stance.RUMORED, "rumor")
    assert (denial.stance, denial.speaker.name) == (Stance.DENIED, "the foreign ministry")
    assert denial.person_span is None
    assert denial.place_span is None
    assert denial.quote == "the foreign ministry denied such a trip took place"


def test_coreference_reaches_two_sentences_back_and_says_so() -> None:
    """A pronoun stands for the person of the sentence before; another person between blocks it."""
    found = read("Anna Lind resigned. She then moved to Oslo.", LIND, COURIER).sightings
    assert [(s.person_name, s.note) for s in found] == [("Anna Lind", "coref: she")]
    assert not stances("Anna Lind resigned. Erik Holm was angry. He moved to Oslo.")
    assert stances("Anna Lind resigned. The minister flew to Oslo.") == [("Anna Lind", "Oslo", "asserted")]
    assert not stances("Anna Lind resigned. The footballer flew to Oslo.")


def test_a_post_speaks_for_its_author() -> None:
    """A post is one voice: its author's."""
    found = read("Anna Lind is in #Oslo", LIND, Context(POSTED, None, "harbourwatch", "x")).sightings
    assert [(s.speaker.name, s.speaker.kind) for s in found] == [("@harbourwatch", "tweet")]
    assert found[0].place_span is not None
    assert found[0].quote == "Anna Lind is in #Oslo"


def test_an_unread_language_is_never_asserted() -> None:
    """Outside English a plain name and place give an unclassified sighting, or none."""
    found = read("Der Minister sagte, dass Anna Lind nach Oslo gereist ist.", LIND, COURIER).sightings
    assert {s.stance for s in found} <= {Stance.UNCLASSIFIED}
    stated = read("Anna Lind arrived in Oslo.", LIND, Context(POSTED, "Kurier", lang="de")).sightings
    assert {s.stance for s in stated} <= {Stance.UNCLASSIFIED}


def test_nothing_runs_where_nobody_is_named() -> None:
    """A text without a watched name is left at once, unless everything is asked for."""
    text = "The ferry left Oslo on Monday."
    assert read(text, LIND, COURIER).mentions == ()
    assert {m.kind for m in read(text, LIND, COURIER, everything=True).mentions} == {"place", "time"}


SENTENCES = (
    "Anna Lind flew to Oslo on Monday.",
    "Anna Lind was arrested in Oslo.",
    "Anna Lind met Kenji Sato in Oslo.",
    "Anna Lind is in Oslo.",
    "Anna Lind has visited Oslo.",
)
HEDGES = ("{} reportedly", "{} allegedly", "{} apparently", "{} supposedly")


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("hedge", [cue.text for cue in english().cues if cue.kind == "adverb" and cue.voice != "-"])
def test_no_stance_is_stronger_than_its_cue(sentence: str, hedge: str) -> None:
    """A hedge before the clause, after the subject, or at the end takes the assertion away."""
    for hedged in (
        f"{hedge.capitalize()}, {sentence}",
        sentence.replace("Anna Lind", f"Anna Lind {hedge}", 1),
        f"{sentence[:-1]}, {hedge}.",
    ):
        assert all(LATTICE.index(Stance(s)) < LATTICE.index(Stance.PAST) for _, _, s in stances(hedged)), hedged


PIECES = st.sampled_from(
    [
        "Anna Lind",
        "Kenji Sato",
        "Oslo",
        "Kabul",
        "the minister",
        "she",
        "said",
        "that",
        "denied",
        "flew to",
        "in",
        "was",
        "not",
        "arrested",
        "reportedly",
        ",",
        ".",
        "\n",
        "\n\n",
        "“",
        "”",
        '"',
        "'s",
        "#Oslo",
        "@anna",
        "w/",
        "who",
        "and",
        "but",
        "visit",
        "to",
        "of",
        "photo",
        "on Monday",
        "?",
        "according to",
        "sources",
        "\u202e",
        "\u200f",
        "سليماني",
        "В",
        "…",
        "-",
        "(",
        ")",
        "it",
        "a claim",
        "if",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40).map(" ".join))
def test_quotes_and_spans_are_exact_and_reading_is_deterministic(text: str) -> None:
    """Every quote is text[start:end], every span lies in the text, reading twice gives the same, nothing raises."""
    reading = read(text, LIND, COURIER)
    assert reading == read(text, LIND, COURIER)
    for found in reading.sightings:
        assert found.quote == text[found.start : found.end]
        assert found.quote.strip()
        for span in (found.person_span, found.place_span, *found.cue_spans):
            assert span is None or 0 <= span.start < span.end <= len(text)
    for mention in reading.mentions:
        assert mention.text == text[mention.start : mention.end]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_around_a_name_is_read(before: str, after: str) -> None:
    """Hostile characters around a name never raise."""
    text = f"{before} Anna Lind arrived in Oslo {after}"
    for found in read(text, LIND, COURIER).sightings:
        assert found.quote == text[found.start : found.end]


@pytest.mark.parametrize(
    "filler", ["a ", "Oslo ", ", ", "Anna Lind ", '"', ".", "# ", "in ", "'s ", "\u202e", "that ", "and ", "said "]
)
def test_long_texts_take_linear_time(filler: str) -> None:
    """Forty thousand characters of anything are read within a budget far above what linear work needs."""
    text = "Anna Lind arrived in Oslo. " + filler * (40_000 // len(filler))
    started = time.perf_counter()
    read(text, LIND, COURIER)
    assert time.perf_counter() - started < 15


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Anna Lind met Kenji Sato in Oslo.", "en"),
        ("Anna Lind in Oslo", "en"),
        ("Anna Lind ist in Oslo eingetroffen.", "de"),
        ("Anna Lind está en Oslo", "es"),
        ("Анна Линд прибыла в Осло", "ru"),
        ("وصلت آنا ليند إلى أوسلو", "ar"),
        ("12345 …", None),
    ],
)
def test_language_is_guessed_by_script_and_small_words(text: str, lang: str | None) -> None:
    """Script first, then the small words that only one language has; English words of other lists tell nothing."""
    assert detect(text) == lang


def test_each_mention_says_why_it_is_one() -> None:
    """A person's mention names the spelling, a place's the reason and its namesakes, a time's its basis."""
    people = WatchList([Person("qs", "Qassem Soleimani")])
    found = read("Suleimani arrived in Tripoli on Monday.", people, Context(), everything=True)
    why = {mention.kind: mention.why for mention in found.mentions}
    assert why["person"] is not None
    assert "a spelling that is not listed, as Qassem Soleimani" in why["person"]
    assert why["place"] is not None
    assert "of that name" in why["place"]
    assert why["time"]
