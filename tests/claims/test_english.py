"""English captions: the places and days that a text gives its picture, and none that it only mentions."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.claims.compare import relate
from bot.claims.read import claims

POST = datetime(2019, 6, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Flooded streets in Beira, Mozambique, after the storm", ["Beira"]),
        ("#Khartoum this morning", ["Khartoum"]),
        ("Peru's president inspects a bridge in Cusco", ["Cusco"]),
        ("Moscow denied it; Ukrainian soldiers near Mariupol", ["Mariupol"]),
        ("The President of Kenya greets crowds in Mombasa", ["Mombasa"]),
        ("French-backed fighters, Syrian troops, the Kremlin", []),
        ("Russia-backed forces outside Kherson", ["Kherson"]),
        ("According to Ankara, the convoy left Idlib", ["Idlib"]),
        ("A child in Yemen's north", ["Yemen"]),
        ("Nothing of the kind", []),
    ],
)
def test_only_the_places_claimed_for_the_picture_count(text: str, names: list[str]) -> None:
    """Peoples, seats of power, owners, speakers and affiliations put no picture anywhere."""
    assert [claim.place.name for claim in claims(text, POST).places] == names


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("Taken on 5 May 2016", ["2016-05-05"]),
        ("Shot yesterday in Lima", ["2019-06-02"]),
        ("Harvest in April 2018", ["2018-04-01"]),
        ("Aleppo, 2016", ["2016-01-01"]),
        ("The worst storm since 1998", []),
        ("The summit of 12 July 2020", []),
        ("Breaking: fire in Lima", ["2019-05-31"]),
        ("BEIRUT, June 3 (Reuters) - Smoke rises over Aleppo", []),
        ("recently seen; has long stood", []),
    ],
)
def test_days_months_and_years_count_as_when(text: str, starts: list[str]) -> None:
    """A stated or relative day is a claim; "recently" is not."""
    assert [claim.first.isoformat() for claim in claims(text, POST).times] == starts


def test_a_place_named_twice_is_claimed_once() -> None:
    """Each place stands once, in the order of the text."""
    assert [p.place.name for p in claims("Oslo, then Bergen, then Oslo in snow", POST).places] == ["Oslo", "Bergen"]


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(text: str) -> None:
    """Nothing raises, with or without a date."""
    claims(text, POST)
    claims(text, None)


@pytest.mark.parametrize(
    ("area", "place", "both"),
    [
        ("Gaza Strip", "Gaza City", True),
        ("West Bank", "Ramallah", True),
        ("Darfur", "Nyala", True),
        ("Gaza Strip", "Tel Aviv", False),
        ("Darfur", "Khartoum", False),
    ],
)
def test_an_area_without_listed_members_may_hold_what_is_near(area: str, place: str, both: bool) -> None:
    """A strip, a bank or a highland and a town near its centre can both be true of one picture."""
    one, other = claims(f"Photo from {area}.", None).places[0], claims(f"Photo from {place}.", None).places[0]
    for a, b in ((one, other), (other, one)):
        assert relate(a.spots[0], b.spots[0]).warns is not both
