"""Places: names found exactly, the right one of several chosen, and words that only look like places left alone."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading import places
from bot.reading.model import PlaceMention
from storage.records import Place, PlacePrecision, Span
from tests.reading import places_report

LABELLED = Path(__file__).parent / "data" / "toponyms.txt"


def named(text: str, **how: object) -> list[str]:
    """Give the words of the mentions of kind `place`."""
    return [m.span.of(text) for m in places.find(text, **how) if m.kind == "place"]  # type: ignore[arg-type]


def only(text: str) -> PlaceMention:
    """Give the one mention of a text."""
    (mention,) = places.find(text)
    return mention


def labelled() -> list[tuple[str, list[list[str]]]]:
    """Read the labelled sentences: a text and its places as name, country, precision."""
    rows = []
    for line in LABELLED.read_text(encoding="utf-8").splitlines():
        text, bars, gold = line.partition(" || ")
        if bars:
            rows.append((text, [] if gold == "-" else [place.strip().split(">") for place in gold.split(";")]))
    return rows


def test_labelled_sentences_are_read_with_high_precision_and_recall() -> None:
    """On our own sentences, half of them traps, precision and recall stay above nine in ten and places are right."""
    found = right = wanted = misplaced = 0
    for text, gold in labelled():
        mentions = [m for m in places.find(text) if m.kind == "place"]
        names = [g[0] for g in gold]
        wanted += len(gold)
        found += len(mentions)
        for mention in mentions:
            name = mention.span.of(text)
            if name in names:
                right += 1
                said = next(g for g in gold if g[0] == name)[1:]
                misplaced += said != [mention.place.country or "", mention.place.precision.value][: len(said)]
    assert right / found >= 0.95
    assert right / wanted >= 0.95
    assert misplaced == 0


@pytest.mark.parametrize(
    ("text", "words", "country", "precision"),
    [
        ("Soldiers were filmed in #Latakia.", "#Latakia", "SY", "city"),
        ("#PrayForParis and quiet", "Paris", "FR", "city"),
        ("He crossed the Gaza Strip.", "Gaza Strip", "PS", "province"),
        ("Peru's economy grew.", "Peru", "PE", "country"),
        ("Fires in northern Sweden.", "Sweden", "SE", "country"),
        ("Shelling in Aleppo province.", "Aleppo", "SY", "province"),
        ("The Homs Governorate is calm.", "Homs", "SY", "province"),
        ("the governorate of Idlib", "Idlib", "SY", "province"),
        ("They met in the U.S. again", "U.S.", "US", "country"),
        ("fighting around al-Bab", "al-Bab", "SY", "city"),
        ("the port of Sana\u2019a\u2019s rulers", "Sana\u2019a", "YE", "city"),
        ("protests in K\u00f6ln", "K\u00f6ln", "DE", "city"),
        ("Взрыв в Харьков", "Харьков", "UA", "city"),
    ],
)
def test_a_name_is_found_exactly_and_resolved(text: str, words: str, country: str, precision: str) -> None:
    """The span holds the name alone, and country and precision are no finer than it was said."""
    mention = only(text)
    assert mention.span.of(text) == words
    assert (mention.place.country, mention.place.precision.value) == (country, precision)


@pytest.mark.parametrize(
    ("text", "first", "country", "reason"),
    [
        ("Paris, Texas", "Paris", "US", "container"),
        ("Odessa, Tex. was hit", "Odessa", "US", "container"),
        ("Tripoli (Lebanon) is calm", "Tripoli", "LB", "container"),
        ("Tripoli is calm, Beirut is not, Lebanon waits", "Tripoli", "LB", "context"),
        ("Donetsk was shelled", "Donetsk", "UA", "population"),
        ("Donetsk, Russia was shelled", "Donetsk", "RU", "container"),
        ("Georgia votes as Atlanta, Chicago and Houston watch", "Georgia", "US", "context"),
        ("Georgia votes in Tbilisi", "Georgia", "GE", "population"),
    ],
)
def test_of_several_places_of_one_name_the_reasoned_one_comes_first(
    text: str, first: str, country: str, reason: str
) -> None:
    """Container, then context, then population decide; the reason and the other candidates are kept."""
    mention = next(m for m in places.find(text) if m.span.of(text) == first)
    assert (mention.place.country, mention.reason) == (country, reason)
    assert mention.candidates[0] == mention.place
    assert len(mention.candidates) > 1


@pytest.mark.parametrize(
    ("text", "words", "kind", "country"),
    [
        ("The Kremlin denied it.", "Kremlin", "metonym", "RU"),
        ("Nigerian troops", "Nigerian", "demonym", "NG"),
        ("Two Sri Lankans", "Sri Lankans", "demonym", "LK"),
        ("the White House said", "White House", "metonym", "US"),
    ],
)
def test_demonyms_and_metonyms_are_told_apart_from_places(text: str, words: str, kind: str, country: str) -> None:
    """They name a country without putting anybody in it."""
    mention = only(text)
    assert (mention.span.of(text), mention.kind, mention.place.country) == (words, kind, country)


def test_a_place_in_arabic_script_is_found_by_its_alternate_name() -> None:
    """A city's Arabic name leads to the same place as its English one."""
    text = "\u0627\u0644\u062d\u0631\u0628 \u0641\u064a \u062d\u0644\u0628"
    assert only(text).place == only("Aleppo").place


def test_excluded_spans_hold_no_place() -> None:
    """A place name inside a person or an organisation that the caller knows is left alone."""
    assert named("Baghdad Bob spoke in Amman", exclude=[Span(0, 11)]) == ["Amman"]


def test_a_home_country_raises_its_own_towns() -> None:
    """A reader who knows where a feed comes from is heard, unless the text says otherwise."""
    (mention,) = places.find("Cordoba is quiet", home="AR")
    assert mention.place.country == "AR"


def test_an_account_handle_is_no_place() -> None:
    """What follows an @ is somebody's account."""
    assert named("@Beirut and @London_Live say so") == []


def test_parts_wholes_and_distances() -> None:
    """A city is within its province and country; a whole is not within its part; distances are great circles."""
    latakia, syria, homs = (only(n).place for n in ("Latakia", "Syria", "Homs"))
    assert places.within(latakia, syria)
    assert not places.within(syria, latakia)
    assert not places.within(latakia, homs)
    assert places.within(only("in Houston").place, only("Texas").place)
    assert places.same_or_compatible(latakia, syria)
    assert not places.same_or_compatible(latakia, homs)
    london, paris = only("London").place, only("Paris").place
    assert places.distance_km(london, paris) == pytest.approx(344, abs=3)
    nowhere = Place("x", None, None, None, PlacePrecision.REGION, "x")
    assert places.distance_km(london, nowhere) is None


def test_a_base_and_the_town_beside_it_agree() -> None:
    """Khmeimim is called Latakia's base, and both may stand under one picture."""
    assert places.same_or_compatible(only("Khmeimim").place, only("Jableh").place)


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_gives_ordered_spans_inside_it(text: str) -> None:
    """Nothing raises, spans lie in the text in order, hold no blank ends, and never overlap."""
    last = 0
    for mention in places.find(text):
        assert last <= mention.span.start < mention.span.end <= len(text)
        words = mention.span.of(text)
        assert words == words.strip()
        last = mention.span.end


@given(
    st.lists(
        st.sampled_from(
            ["Paris", "#Aleppo", "the", "St.", "al-", "of", "Bank", ",", "Texas", "'s", "in", "\n", "سوريا"]
        )
    )
)
@settings(max_examples=150, deadline=None)
def test_pieces_of_names_in_any_order_give_exact_spans(pieces: list[str]) -> None:
    """Names beside names, hashes and punctuation keep their spans exact; reading twice gives the same."""
    text = " ".join(pieces)
    mentions = places.find(text)
    assert mentions == places.find(text)
    assert all(m.span.of(text).strip(" ,#'") for m in mentions)


@pytest.mark.parametrize("text", ["Aleppo " * 20000, "of the " * 20000, "#" * 100000, "St. " * 30000, "A." * 50000])
def test_long_texts_are_read_in_time(text: str) -> None:
    """A hundred thousand characters of the worst repetition take seconds at most."""
    began = time.perf_counter()
    places.find(text)
    assert time.perf_counter() - began < 10


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SPRINGFIELD, Ill. (AP) - He left.", [("SPRINGFIELD", "Illinois"), ("Ill.", "Illinois")]),
        ("A Concord, N.H., judge ruled.", [("Concord", "New Hampshire"), ("N.H.", "New Hampshire")]),
        ("Lebanon, Pa. police left. Later Lebanon slept.", [("Lebanon", "Pennsylvania"), ("Pa.", "Pennsylvania")]),
        ("The boat left Biloxi, Miss.", [("Biloxi", "Mississippi"), ("Miss.", "Mississippi")]),
        ("She saw Boston, MA today.", [("Boston", "Massachusetts"), ("MA", "Massachusetts")]),
    ],
)
def test_a_state_written_short_is_a_place_and_holds_its_town(text: str, expected: list[tuple[str, str]]) -> None:
    """The abbreviation behind a town is a mention of the state, its point within the span, and places the town."""
    found = [(m.span.of(text), m.place.province) for m in places.find(text) if m.kind == "place"]
    assert found[:2] == expected
    assert all(province == expected[0][1] for _, province in found)


@pytest.mark.parametrize(
    "text", ["He met Ann, Miss Lee and Al.", "They saw Tom, Ill and tired.", "It rained, Ore said."]
)
def test_a_word_behind_a_comma_is_no_state_without_its_town(text: str) -> None:
    """What is only spelled like a state's abbreviation is none."""
    assert named(text) == []


@pytest.mark.parametrize("name", ["Tana River", "Lake Turkana", "the River Ouse", "Bellingshausen Sea", "Tidra Island"])
def test_rivers_and_lakes_are_known_by_the_noun_in_their_name(name: str) -> None:
    """A feature that no list has is a region without a point, and no town is found in it."""
    text = f"Two boats sank near {name} on Monday."
    (mention,) = places.find(text)
    assert mention.span.of(text) == name.removeprefix("the ")
    assert mention.place.precision is PlacePrecision.REGION


def test_a_county_is_the_one_of_the_state_that_the_text_is_about() -> None:
    """A county's name is one of many states'; the text's sure towns choose it, and stand for the point it has not."""
    text = "A Franklin County jury met. The trial had begun in Columbus, Ohio, and in Dublin, Ohio."
    county = places.find(text)[0]
    assert county.span.of(text) == "Franklin County"
    assert county.place.province == "Ohio"
    assert county.place.lat is not None
    assert 39 < county.place.lat < 41


@pytest.mark.parametrize(
    ("text", "name", "province"),
    [
        ("The team from Athens beat Rome in Macon. The winners play Valdosta next week.", "Athens", "Georgia"),
        ("He drove from Peoria to Champaign and Decatur, Ill.", "Peoria", "Illinois"),
        ("Talks between Iran and the U.S. began in Geneva.", "Geneva", None),
        ("Argentina's Mendoza was hit by hail.", "Mendoza", None),
    ],
)
def test_what_else_a_text_names_decides_between_namesakes(text: str, name: str, province: str | None) -> None:
    """Towns of one state make its town likelier; a country named by the way does not outdo a world city."""
    (mention,) = [m for m in places.find(text) if m.span.of(text) == name]
    assert mention.place.country == ("US" if province else {"Geneva": "CH", "Mendoza": "AR"}[name])
    assert province is None or mention.place.province == province


@pytest.mark.parametrize("name", ["news_places.jsonl", "news_places_late.jsonl"])
def test_labelled_news_is_read_as_measured(name: str) -> None:
    """On paragraphs of local, wire and world news names are found and placed at the published quality."""
    counted = places_report.score(LABELLED.parent / name)["all"].counted
    assert 2 * counted["right"] / (counted["found"] + counted["wanted"]) >= 0.95
    assert counted["tolerant"] / counted["located"] >= 0.95
