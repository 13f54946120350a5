"""Labelled pairs of captions in seven languages, and what must hold whatever captions say."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.claims.clashes import picture_conflicts
from bot.claims.compare import by_event, by_place, by_time
from bot.claims.lexicon import LANGUAGES
from bot.claims.read import claims
from storage.relations import ClaimRelation
from tests.claims.scoring import Score, lines, pairs, score, showing

HERE = Path(__file__).parent
PAIRS, FIELD = HERE / "pairs.tsv", HERE / "pairs_field.tsv"
POST = datetime(2019, 6, 3, 12, tzinfo=UTC)
CAPTIONS = sorted({text for file in (PAIRS, FIELD) for line in lines(file) for text in (line.one, line.other)})
DAYS = ("2014-03-05", "2019-11-30", "2023-06-01")


def report(file: Path) -> dict[str, Score]:
    """Print how a labelled file is read, by language, and return it."""
    scores = score(file)
    for langs, one in scores.items():
        print(
            f"{file.name} {langs}: precision {one.precision:.3f}, recall {one.recall:.3f}, "
            f"wrong {one.wrong}, missed {one.missed}, told otherwise {one.otherwise} of {one.told}"
        )
    return scores


@pytest.mark.parametrize(("file", "precision", "recall", "otherwise"), [(PAIRS, 0.98, 0.98, 4), (FIELD, 0.97, 0.95, 0)])
def test_labelled_pairs_warn_as_they_should(file: Path, precision: float, recall: float, otherwise: int) -> None:
    """Of the labelled pairs nearly all that should warn do, and hardly another; `pytest -s` prints the figures."""
    scores = report(file)
    assert scores["all"].precision >= precision
    assert scores["all"].recall >= recall
    assert len(scores["all"].otherwise) <= otherwise
    assert all(scores[lang].recall >= 0.7 for lang in LANGUAGES)


def test_the_labelled_pairs_are_many_and_half_are_traps() -> None:
    """Two hundred pairs in seven languages, and about as many must not warn as must."""
    held = [*lines(PAIRS), *lines(FIELD)]
    warn = sum(any(relation.warns for _, relation in pair.expected) for pair in held)
    assert len(held) >= 200
    assert 0.4 <= warn / len(held) <= 0.6
    assert set(LANGUAGES) <= {pair.langs for pair in held}


@given(st.sampled_from(CAPTIONS), st.sampled_from(CAPTIONS), st.sampled_from(DAYS), st.sampled_from(DAYS))
@settings(max_examples=300, deadline=None)
def test_it_does_not_matter_which_of_two_captions_comes_in_first(one: str, other: str, day: str, before: str) -> None:
    """Two posts are in the same conflicts whichever is taken in later."""
    a, b = showing("a", day, one), showing("b", before, other)
    forth, back = picture_conflicts("", a, [b]), picture_conflicts("", b, [a])
    assert {(c.kind, c.relation, c.posts) for c in forth} == {(c.kind, c.relation, c.posts) for c in back}


@given(st.sampled_from(CAPTIONS), st.sampled_from(DAYS))
@settings(max_examples=200, deadline=None)
def test_a_caption_is_never_in_conflict_with_itself(caption: str, day: str) -> None:
    """The same words posted twice on one day say the same."""
    one, again = showing("a", day, caption), showing("b", day, caption)
    assert picture_conflicts("", one, [again]) == []
    for relate in (by_place, by_time, by_event):
        related = relate(one.claims, again.claims)
        assert related is None or not related.relation.warns


@given(st.sampled_from(CAPTIONS), st.sampled_from(CAPTIONS), st.sampled_from(["", " ", "\n", " — ", ". "]))
@settings(max_examples=200, deadline=None)
def test_every_quote_is_the_words_under_its_span(one: str, other: str, between: str) -> None:
    """Whatever is claimed is quoted exactly from the caption."""
    text = f"{one}{between}{other}"
    read = claims(text, POST)
    said = [(one.quote, one.span) for one in read.places]
    said += [(one.quote, one.span) for one in read.times]
    said += [(one.quote, one.span) for one in read.events]
    assert all(quote == span.of(text) for quote, span in said)


@given(st.sampled_from(CAPTIONS), st.text(max_size=60), st.integers(0, 60))
@settings(max_examples=150, deadline=None)
def test_any_caption_is_read(caption: str, noise: str, at: int) -> None:
    """Nothing raises, whatever is written into a caption, with or without a date."""
    text = caption[:at] + noise + caption[at:]
    claims(text, POST)
    claims(text, None)


SMOKE = ("Smoke over {}", "دخان في {}", "دود در {}", "Дым в {}", "Дим у {}", "{} duman", "עשן {}")


@pytest.mark.parametrize(
    "names",
    [
        ("Damascus", "دمشق", "دمشق", "Дамаске", "Дамаску", "Şam'da", "בדמשק"),
        ("Beirut", "بيروت", "بیروت", "Бейруте", "Бейруті", "Beyrut'ta", "בביירות"),
        ("Kiev", "كييف", "", "Киеве", "Києві", "Kiev'de", "בקייב"),
        ("Moscow", "موسكو", "مسکو", "Москве", "Москві", "Moskova'da", "במוסקבה"),
        ("Tehran", "طهران", "تهران", "Тегеране", "Тегерані", "Tahran'da", "בטהרן"),
        ("Baghdad", "بغداد", "بغداد", "Багдаде", "Багдаді", "Bağdat'ta", "בבגדאד"),
    ],
    ids=lambda names: names[0],
)
def test_a_place_is_one_place_in_every_script(names: tuple[str, ...]) -> None:
    """In whatever language and form a caption names it, a town is the same town."""
    read = [claims(said.format(name), POST) for said, name in zip(SMOKE, names, strict=True) if name]
    assert [len(one.places) for one in read] == [1] * len(read)
    for one, other in combinations(read, 2):
        related = by_place(one, other)
        assert related is not None
        assert related.relation is ClaimRelation.SAME


@pytest.mark.parametrize(
    ("fine", "wide"),
    [
        ("Latakia", "Syria"), ("اللاذقية", "Syria"), ("в Латакии", "سوريا"), ("у Бахмуті", "Донецька область"),
        ("Azaz", "Aleppo countryside"), ("Gaza City", "Gaza Strip"), ("Rafah", "قطاع غزة"), ("Tabriz", "ایران"),
        ("Izmir", "Türkiye"), ("בלטקיה", "בסוריה"), ("Mosul", "Nineveh"), ("Houston", "Texas"), ("Beirut", "لبنان"),
    ],
)  # fmt: skip
def test_a_place_is_never_in_conflict_with_what_it_lies_in(fine: str, wide: str) -> None:
    """A town and its province or country may both be right, in either order and in any script."""
    one, other = claims(f"{fine}", POST), claims(f"{wide}", POST)
    for a, b in ((one, other), (other, one)):
        related = by_place(a, b)
        assert related is not None
        assert not related.relation.warns


def test_a_conflict_names_both_posts_and_quotes_one_of_them() -> None:
    """Each conflict of the labelled pairs has a sentence with both sides, and the words of at least one of them."""
    for pair in pairs(PAIRS):
        for clash in picture_conflicts("", pair.one, [pair.other]):
            assert clash.posts == ("new", "old")
            assert "@new (" in clash.why
            assert "@old (" in clash.why
            assert clash.quotes
            assert {quote.post_id for quote in clash.quotes} <= {"new", "old"}
