"""What a file says of itself is told as its own words, never surer than it is; its place to one person alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stated import NO_PROOF, stated, weighty

GPS = {"gps_present": True, "gps": {"lat": 43.46745, "lon": 11.88513}}
SIGNED = {"state": "unchanged", "signer": "Agency", "signed_at": "2023-09-29T17:40:14+00:00", "generator": "Camera 1",
          "source_type": "digitalCapture", "broken": ""}  # fmt: skip


def said(metadata: dict[str, Any], *, alone: bool = True) -> str:
    """All sentences."""
    return "\n".join(stated(metadata, alone=alone))


def test_the_clock_of_a_camera() -> None:
    """Its time is the clock's, with the zone where one is told, and can be wrong."""
    assert stated({"taken_at": "2016-10-08T14:03:05"}, alone=True) == (
        "The camera's clock said 2016-10-08 14:03 (no time zone told); clocks can be wrong, and metadata can be "
        "edited.",
        NO_PROOF,
    )
    assert "2016-10-08 14:03 (UTC+03:00)" in said({"taken_at": "2016-10-08T14:03:05+03:00"})


def test_nothing_said_is_nothing_told() -> None:
    """A file without metadata is passed over."""
    assert stated({}, alone=True) == weighty({}) == ()


def test_coordinates_are_for_who_asks() -> None:
    """In a channel it is only said that there are some."""
    assert "43.46745, 11.88513" in said(GPS)
    told = said(GPS, alone=False)
    assert "The file has coordinates" in told
    assert "ask in a direct message" in told
    assert "43.4" not in told
    assert "11.8" not in told
    assert "cannot be read" in said({"gps_present": True})


def test_a_file_that_calls_itself_generated() -> None:
    """The term is in words with its code; one that is not on IPTC's list is only quoted."""
    assert "The file calls itself “made by a generative model” (IPTC trainedAlgorithmicMedia)." in weighty(
        {"source_type": "trainedAlgorithmicMedia"}
    )
    assert "that IPTC does not list" in said({"source_type": "realPhoto"})
    told = said({"generation": {"where": "PNG text “parameters”", "text": "a castle, Steps: 20"}})
    assert "settings as image generators write them (PNG text “parameters”): “a castle, Steps: 20”" in told


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "signed by “Agency”, time stamped 2023-09-29: the file is what was signed. Who that signer really is"),
        ({"state": "broken", "broken": "assertion.dataHash.mismatch"}, "that does not make it a fake"),
        ({"state": "unreadable", "signer": "", "signed_at": ""}, "(C2PA): they cannot be read"),
        ({"state": "elsewhere", "signer": "", "signed_at": ""}, "(C2PA): they lie at another address"),
    ],
)
def test_credentials_say_no_more_than_they_hold(changed: dict[str, str], words: str) -> None:
    """What is signed, whether it holds, and that nobody checked the signer."""
    assert words in "\n".join(weighty({"credentials": SIGNED | changed}))


def test_what_was_filed() -> None:
    """Date, caption and credit are whoever's who filed it."""
    told = said({"iptc_date": "2011-07-30T15:41:25+00:00", "caption": "A square", "credit": "Agency"})
    assert "Whoever filed it gives 30 Jul 2011 as its date of creation" in told
    assert "“A square”" in told
    assert "credits “Agency”" in told


texts = st.text(max_size=400)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "taken_at": st.datetimes().map(lambda moment: moment.isoformat()),
            "iptc_date": texts,
            "caption": texts,
            "credit": texts,
            "camera": texts,
            "software": texts,
            "source_type": texts,
            "system": texts,
            "generation": st.fixed_dictionaries({"where": texts, "text": texts}),
            "gps_present": st.just(True),
            "gps": st.fixed_dictionaries({"lat": st.floats(-90, 90), "lon": st.floats(-180, 180)}),
        },
    )
)
def test_every_sentence_is_one_line_of_bounded_length(metadata: dict[str, Any]) -> None:
    """Whatever a file holds, nothing of it breaks a line, moves a cursor, or goes on for ever."""
    for alone in (True, False):
        for told in stated(metadata, alone=alone):
            assert "\n" not in told
            assert "\x1b" not in told
            assert len(told) < 1_000
