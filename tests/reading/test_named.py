"""Places by a typed name: any script, and a country after a comma to tell towns apart."""

from __future__ import annotations

import pytest

from bot.reading.places.named import named


@pytest.mark.parametrize(
    ("typed", "first"),
    [("Syria", "Syria"), ("syria", "Syria"), ("Сирия", "Syria"), ("سوريا", "Syria"), ("Kyiv", "Kyiv")],
)
def test_a_name_in_any_script_is_a_place(typed: str, first: str) -> None:
    """The most populous place of the name comes first."""
    assert named(typed)[0].name == first


def test_the_country_after_a_comma_tells_towns_apart() -> None:
    """Tripoli of Lebanon is not that of Libya, by code or by name; of a country without such a town there is none."""
    assert {place.country for place in named("Tripoli")} >= {"LY", "LB"}
    assert {place.country for place in named("Tripoli, LB")} == {"LB"}
    assert named("Tripoli, Lebanon") == named("Tripoli, LB")
    assert named("Tripoli, Iceland") == ()


@pytest.mark.parametrize("typed", ["", " ", ",", "Xyzzyville", "Syrian", ", Syria"])
def test_what_is_no_name_of_a_place_is_none(typed: str) -> None:
    """Nothing, no name, and a people's name mean no place."""
    assert named(typed) == ()
