"""Words from outside: nothing pings, formats, reorders or breaks, and a cut never falls inside anything."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.slack.words import escape, fit, in_order, isolated, width
from bot.wording import plain
from tests.slack.limits import ENTITY, STEERING

FAMILY = "👨‍👩‍👧‍👦"
FLAG = "🇬🇧"


@pytest.mark.parametrize("ping", ["<!channel>", "<!here|here>", "<@U123>", "<#C1|x>", "<!subteam^S1>", "<http://a|b>"])
def test_no_markup_of_slack_survives(ping: str) -> None:
    """Every form of mention and link is shown as typed."""
    assert "<" not in escape(ping)
    assert escape(ping).replace("&lt;", "<").replace("&gt;", ">").replace("\u2060", "") == ping


def test_an_entity_is_shown_as_typed() -> None:
    """Text that looks like an entity stays that text."""
    assert escape("&lt;!channel&gt;") == "&amp;lt;!channel&amp;gt;"


@pytest.mark.parametrize("word", ["@channel", "@here", "@everyone", "@Channel!"])
def test_broadcast_words_are_broken(word: str) -> None:
    """The words that some settings of Slack turn into a broadcast are not those words any more."""
    assert word not in escape(f"hello {word}")


@given(st.text(max_size=300))
@example("\u202eabc\u2066 <b> &\ud800 قال 12 في abc")
def test_escaped_text_is_inert(text: str) -> None:
    """Whatever comes in, no control, no markup and no open isolate comes out, and all of it is still there."""
    safe = escape(text)
    assert not set("<>\n") & set(safe)
    assert not ENTITY.search(safe)
    assert not STEERING.search(safe)
    assert safe.count("\u2067") == safe.count("\u2069")
    bare = safe.translate(dict.fromkeys((0x2060, 0x2067, 0x2069)))
    assert bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == plain(text)


@pytest.mark.parametrize("line", ["denied by سليماني, 13 Oct 2015", "قال", "a (שלום) 12:30, b", "x ١٢ y"])
def test_a_right_to_left_name_moves_nothing_around_it(line: str) -> None:
    """Each right-to-left run is one isolate that begins and ends with its own letters; all else keeps its order."""
    shown = in_order(line)
    assert shown.replace("\u2067", "").replace("\u2069", "") == line
    outside, depth = [], 0
    for character in shown:
        depth += (character == "\u2067") - (character == "\u2069")
        if not depth and unicodedata.bidirectional(character) in {"R", "AL", "AN"}:
            outside.append(character)
    assert outside == []
    assert depth == 0


def test_text_without_such_letters_is_left_alone() -> None:
    """No invisible character is added where none is needed."""
    assert in_order("Plain, 12:30") == isolated("Plain, 12:30") == "Plain, 12:30"


@given(st.text(max_size=200), st.integers(5, 120), st.one_of(st.none(), st.integers(1, 5)))
@example("word " * 50, 20, None)
def test_a_cut_fits_and_is_a_beginning(text: str, limit: int, lines: int | None) -> None:
    """What is returned is within both limits; it is the text itself, or a beginning of it with "…"."""
    shown = fit(text, limit, lines=lines)
    assert width(shown) <= limit
    assert shown.count("\n") < (lines or 10_000)
    if shown != text:
        assert "…" in shown
        assert text.startswith(shown.rpartition("…")[0])


def test_a_text_that_fits_is_returned_as_it_is() -> None:
    """Nothing is added to what is short enough, trailing spaces included."""
    assert fit("exactly ten", 11) == "exactly ten"
    assert fit("two  ", 5) == "two  "


def test_a_cut_falls_at_a_word() -> None:
    """The last word that does not fit is left out whole."""
    assert fit("Njoroge arrives in Oslo", 20) == "Njoroge arrives in…"


@pytest.mark.parametrize("whole", [FAMILY, FLAG, "👍🏽", "e\u0301\u0323", "각"])
def test_a_cut_never_falls_inside_a_grapheme(whole: str) -> None:
    """A family, a flag, a skin tone, an accent or a Hangul syllable is kept or left out, never halved."""
    for limit in range(2, width(whole) * 4 + 4):
        kept = fit(whole * 4, limit).removesuffix("…")
        assert kept in {whole * count for count in range(5)}


def test_letters_stacked_without_end_are_cut_all_the_same() -> None:
    """A thousand marks on one letter do not swallow the text, and the limit holds."""
    shown = fit("Z" + "\u0336" * 1000, 100)
    assert 50 < width(shown) <= 100


@given(st.lists(st.sampled_from(["&amp;", "&lt;", "&gt;", "a"]), max_size=30), st.integers(6, 60))
def test_a_cut_never_falls_inside_an_entity(pieces: list[str], limit: int) -> None:
    """An escaped text that is cut has no half of an entity."""
    assert not ENTITY.search(fit("".join(pieces), limit))


@given(st.text(alphabet=st.characters(), max_size=60))
def test_width_counts_utf_16_units(text: str) -> None:
    """The count is that of JavaScript, which is never less than that of Python."""
    assert width(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2
