"""Values of buttons: they come back as they went, or are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.ids import (
    VALUE_LIMIT,
    Action,
    AlertRef,
    BadValue,
    Question,
    Verb,
    action_pattern,
    alert_ref,
    boilerplate_ref,
    encode,
    question,
    silence_ref,
)
from bot.slack.silence_refs import BoilerplateRef, SilenceRef
from bot.slack.verdict_refs import SightingRef, VerdictDraft, VerdictRef
from bot.slack.verdict_values import sighting_ref, verdict_draft, verdict_ref

DAYS = st.one_of(st.none(), st.just("2021-05-04"))


@given(st.builds(Question, st.sampled_from(Verb), st.text(max_size=2_500), DAYS, DAYS, st.integers(0, 5_000)))
def test_a_question_comes_back_as_it_went(asked: Question) -> None:
    """Every question that fits is read back equal; one that does not fit makes no value."""
    written = encode(asked)
    assert written is None or len(written) <= VALUE_LIMIT
    assert written is None or question(written) == asked
    assert written is not None or len(asked.subject) > 150


def test_a_warning_comes_back_as_it_went() -> None:
    """The id of a warning survives the way through Slack."""
    assert alert_ref(encode(AlertRef("a-1")) or "") == AlertRef("a-1")


@given(st.one_of(st.text(), st.recursive(st.none() | st.text() | st.integers(), st.lists).map(repr)))
def test_a_value_that_is_not_ours_is_refused(written: str) -> None:
    """Whatever else comes in a click is refused in words, without any other error."""
    for read in (question, alert_ref, boilerplate_ref, silence_ref, sighting_ref, verdict_draft, verdict_ref):
        with pytest.raises(BadValue):
            read(written)


@given(st.builds(BoilerplateRef, st.lists(st.text(max_size=64), max_size=10).map(tuple), st.text(max_size=40),
                 st.none() | st.integers(0, 99), st.text(max_size=12)),
       st.builds(SilenceRef, st.text(max_size=40), st.integers(0, 9_999)))  # fmt: skip
def test_what_is_silenced_comes_back_as_it_went(pictures: BoilerplateRef, silence: SilenceRef) -> None:
    """Ten pictures by their SHA-256 fit into a button, and so does what undoes one."""
    written = encode(pictures)
    assert written is None or boilerplate_ref(written) == pictures
    assert silence_ref(encode(silence) or "") == silence
    assert encode(BoilerplateRef(("ab" * 32,) * 10, "a" * 20, 7, "C" * 11)) is not None


short = st.text(max_size=60)


@given(st.builds(SightingRef, short, short), st.builds(VerdictDraft, short, short, short, short, short),
       st.builds(VerdictRef, short, st.integers(0, 9_999)))  # fmt: skip
def test_what_is_said_of_a_sighting_comes_back_as_it_went(
    sighting: SightingRef, draft: VerdictDraft, verdict: VerdictRef
) -> None:
    """The sighting of a button, what a modal remembers, and a verdict survive the way through Slack."""
    assert sighting_ref(encode(sighting) or "") == sighting
    written = encode(draft)
    assert written is None or verdict_draft(written) == draft
    assert verdict_ref(encode(verdict) or "") == verdict


@pytest.mark.parametrize(
    "written",
    [
        '{"is":"Question","verb":"drop","subject":"x","on":null,"known_on":null,"start":0}',
        '{"is":"Question","verb":"trace","subject":7,"on":null,"known_on":null,"start":0}',
        '{"is":"Question","verb":"trace","subject":"x","on":null,"known_on":null,"start":-1}',
        '{"is":"AlertRef","alert":["x"]}',
        '{"is":"BoilerplateRef","pictures":[7],"alert":"","seen":null,"channel":""}',
        '{"is":"SilenceRef","silence":"x","start":-1}',
        '{"is":"SightingRef","sighting":7,"again":""}',
        '{"is":"VerdictDraft","sighting":"x","again":"","seen":null,"channel":"","url":""}',
        '{"is":"VerdictRef","verdict":"x","start":-1}',
    ],
)
def test_a_value_of_the_wrong_type_is_refused(written: str) -> None:
    """A value with our shape but not our types is refused too."""
    for read in (question, alert_ref, boilerplate_ref, silence_ref, sighting_ref, verdict_draft, verdict_ref):
        with pytest.raises(BadValue):
            read(written)


def test_a_kind_of_button_is_matched_with_and_without_number() -> None:
    """Numbered buttons belong to their kind; other kinds do not."""
    pattern = action_pattern(Action.ASK)
    assert pattern.match("ask")
    assert pattern.match("ask.12")
    assert not pattern.match("ask_more")
    assert not any(action_pattern(one).match(other) for one in Action for other in Action if one is not other)
