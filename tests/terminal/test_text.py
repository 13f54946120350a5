"""Findings as text: nothing as fact, nothing that moves the cursor."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import findings
from bot.findings import CheckFinding, IngestFinding, NameMatch, PeopleFinding, WhereisFinding
from bot.terminal.shapes import shape
from bot.terminal.text import show
from bot.wording import NEVER_FACT, plain
from storage.alerts import Act, Triage, TriageState
from storage.records import (
    ArchivedSighting,
    Capture,
    Conflict,
    ConflictKind,
    Interval,
    Person,
    Place,
    PlacePrecision,
    Post,
    PostStatus,
    Sighting,
    Speaker,
    SpeakerKind,
    Stance,
    TimeBasis,
    TimePrecision,
)
from tests.slack.findings import alert, digest_of_a_day

PERSON = Person("amina-njoroge", "Amina Njoroge", "envoy", ("Njoroge",))
TEXT = "Amina Njoroge was said to be in Oslo."
OSLO = Place("Oslo", "NO", 59.9, 10.7, PlacePrecision.CITY, "test:oslo")


def sighting(**changes: object) -> ArchivedSighting:
    """One archived sighting."""
    time = Interval(None, "2020-06-01", TimePrecision.ON_OR_BEFORE, "post date")
    speaker = Speaker("unnamed, via The Paper", SpeakerKind.UNNAMED)
    found = Sighting(
        PERSON.id, PERSON.name, OSLO, Stance.ALLEGED, speaker, time, TEXT, 0, len(TEXT), "said-to-be/1", 0.9
    )
    at = "2020-06-01T12:00:00.000Z"
    post = Post("text:1", "text", None, None, None, None, "The Paper", at, TimeBasis.STATED, None, TEXT, "en",
                PostStatus.LIVE, "", at)  # fmt: skip
    capture = Capture("c1", post.id, "ab" * 32, "text/plain", at, "file", None, "cd" * 32)
    return replace(ArchivedSighting("s1", found, post, capture), **changes)  # type: ignore[arg-type]


def whereis(*found: ArchivedSighting) -> WhereisFinding:
    """An answer with these sightings."""
    match = NameMatch(PERSON, "Njoroge", 0.93)
    return WhereisFinding("Njoroge", None, None, match, (), found, (), len(found))


def test_every_claim_carries_speaker_stance_words_and_capture() -> None:
    """Each sighting is shown with who says it, how surely, when, the exact words, and the archived copy."""
    text = show(whereis(sighting()))
    for needed in (NEVER_FACT, "Oslo, NO (city)", "alleged by unnamed, via The Paper", "on or before 1 Jun 2020",
                   f"“{TEXT}”", "posted 1 Jun 2020 12:00 UTC, stated by the source", "abababababab"):  # fmt: skip
        assert needed in text


def test_nobody_of_that_name_is_told_with_the_next_step() -> None:
    """An unknown name gives who may have been meant, and how to add a person."""
    finding = WhereisFinding(
        "Njoroga", None, None, None, (NameMatch(PERSON, "Njoroge", 0.8),), (), (), 0, threshold=0.885
    )
    text = show(finding)
    assert "Nobody watched is surely called “Njoroga”." in text
    assert "agrees by 0.80 of 1; from 0.89 it is taken for the same" in text
    assert "Did you mean:\n  Amina Njoroge, envoy (0.80, by Njoroge)\n" in text
    several = replace(finding, did_you_mean=(NameMatch(PERSON, "Njoroge", 0.94),) * 2)
    assert "“Njoroga” may be several people." in show(several)
    assert "dateline people add" in text
    assert shape(finding)["person"] is None


def test_an_empty_archive_is_not_evidence() -> None:
    """No sighting is told as what it is: the archive holds none."""
    assert "not evidence" in show(whereis())


def test_a_picture_that_cannot_be_matched_says_why() -> None:
    """The reason stands where the matches would be."""
    text = show(CheckFinding("x.png", None, None, None, False, "the file is empty", ()))
    assert "the file is empty" in text


def test_what_was_not_taken_is_named() -> None:
    """Each refusal of an ingest is a line of its own."""
    text = show(
        IngestFinding(
            1, 2, 0, 0, 0, 0, 0, (("a.jsonl, line 7", "not JSON"),), (("text:1", "no picture", "a.jsonl, line 8"),)
        )
    )
    assert "not taken: a.jsonl, line 7: not JSON" in text
    assert "note on a.jsonl, line 8: no picture" in text


def test_conflicts_are_shown_after_the_sightings() -> None:
    """A conflict is told with its kind and its sentence."""
    clash = Conflict(ConflictKind.DENIAL, "One says so; the other denies it.", sightings=("s1", "s2"))
    assert "denial: One says so" in show(replace(whereis(sighting()), conflicts=(clash,)))


HOSTILE = ["\x1b[2J\x1b[31mred", "right\u202eleft", "bell\a", "nul\0", "back\b\b\bspace", "line\u2028sep", "lone\ud800"]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_cannot_steer_the_terminal(words: str) -> None:
    """Control characters, direction overrides and lone surrogates from a post are shown as visible escapes."""
    text = show(whereis(replace(sighting(), sighting=replace(sighting().sighting, quote=words))))
    assert words not in text
    assert all(letter == "\n" or letter.isprintable() for letter in text)


@given(st.text())
def test_plain_text_is_one_printable_line(text: str) -> None:
    """Whatever comes in, one line of printable characters comes out; joiners that scripts need are kept."""
    safe = plain(text)
    assert all(letter.isprintable() or letter in "\u200c\u200d\u3000\u00a0" or letter.isspace() for letter in safe)
    assert not set("\n\r\t\x1b\u202e\u2066") & set(safe)


def test_the_list_of_people_shows_ids_and_spellings() -> None:
    """The watch-list is shown with ids for scripts and spellings for people; an empty one tells how to begin."""
    assert "amina-njoroge: Amina Njoroge, envoy (also Njoroge)" in show(PeopleFinding((PERSON,)))
    assert "dateline people add" in show(PeopleFinding(()))


def test_every_finding_has_both_forms() -> None:
    """Each kind of finding that a verb has can be shown as text and as JSON; anything else is refused."""
    names = [name for name in vars(findings) if name.endswith("Finding")]
    assert "AlertFinding" in names
    for name in names:
        kind = getattr(findings, name)
        assert shape.dispatch(kind) is not shape.dispatch(object), name
        assert fields(kind)
    with pytest.raises(TypeError):
        shape("text")
    with pytest.raises(TypeError):
        show(17)


def test_what_was_concluded_is_said_in_words() -> None:
    """A pronoun's person and an antecedent's words are told, so that a reporter can judge the conclusion."""
    pronoun = replace(sighting(), sighting=replace(sighting().sighting, note="coref: she"))
    assert "(“she” is taken to mean Amina Njoroge)" in show(whereis(pronoun))
    antecedent = replace(sighting(), sighting=replace(sighting().sighting, note="antecedent: 0-13"))
    assert "(speaks of “Amina Njoroge”)" in show(whereis(antecedent))


def test_a_denial_stands_under_what_it_denies() -> None:
    """Within a place the newest comes first, but a denial comes after what it denies."""
    denial = replace(sighting(), id="s2", sighting=replace(sighting().sighting, stance=Stance.DENIED))
    text = show(whereis(denial, sighting()))
    assert text.index("alleged by") < text.index("denied by")


def test_a_warning_and_a_digest_have_text_and_json() -> None:
    """A warning tells its state and conflict; a digest tells each section, with stance and speaker of each sighting."""
    finding = digest_of_a_day(late=True)
    text = show(finding)
    for needed in (", late", "In conflict", "denied by the ministry", "Pictures seen before", "Still open",
                   "alert-1: caption-conflict, open", "source x.com: has not answered"):  # fmt: skip
        assert needed in text, needed
    value = shape(finding)
    assert value["reuse"][0]["match"]["relation"] == "mirrored"
    assert value["failing"] == [{"source": "x.com", "how": "has not answered since 3 May 2021 22:00 UTC"}]
    done = Triage(Act.DISMISS, TriageState.DISMISSED, "U0RANA", "2021-05-04T10:00:00.000Z", "known")
    assert "dismissed by U0RANA, 4 May 2021 10:00 UTC: known" in show(alert(triage=(done,)))
    assert shape(alert(triage=(done,)))["state"] == "dismissed"
