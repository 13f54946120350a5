"""The map: drawn for any places on Earth, alike each time, shapes and not colours alone, circles by precision."""

from __future__ import annotations

import time
from itertools import combinations

import numpy as np
import pytest

from bot.maps.chart import map_sheet
from bot.maps.model import NUMBERED
from bot.maps.paper import DENIAL, SAID, Canvas
from storage.records import PlacePrecision, Stance
from tests.maps.drawings import chart, near, pixels, spot

SYRIA = spot("Syria", 35.0, 38.5, PlacePrecision.COUNTRY)
SHADE = "#cdd5da"
"""The colour of land under the shade of a circle."""


@pytest.mark.parametrize(
    "spots",
    [
        (spot(),),
        (spot("Suva", -18.1, 178.4), spot("Apia", -13.8, -171.8)),
        (spot("the Pole", -90.0, 0.0, PlacePrecision.POINT), spot("Alert", 82.5, -62.3)),
        (spot("North Pole", 90.0, 0.0), spot("South Pole", -90.0, 0.0)),
        (spot("Quito", 0.0, -78.0), spot("Padang", 0.0, 102.0)),
        tuple(spot(f"Street {number}, SY", 33.5, 36.3) for number in range(50)),
        (
            SYRIA,
            spot("Homs, SY", 34.7, 36.7, PlacePrecision.PROVINCE),
            spot("the coast", 35.2, 35.9, PlacePrecision.REGION),
        ),
        (spot("Kiribati", 1.4, 173.0, PlacePrecision.COUNTRY),),
        (spot("Russia", 61.5, 105.3, PlacePrecision.COUNTRY),),
    ],
    ids=["one", "antimeridian", "both ends", "poles", "opposite", "fifty", "areas", "at sea", "huge"],
)
def test_any_places_make_a_picture(spots: tuple[object, ...]) -> None:
    """Antimeridian, poles, one place, fifty on one spot: a picture about as wide as tall, of bounded size."""
    png = map_sheet(chart(*spots))  # type: ignore[arg-type]
    picture = pixels(png)
    assert picture.shape[1] == 1000
    assert 600 <= picture.shape[0] <= 1200
    assert len(png) < 400_000
    assert near(picture, SAID).sum() > 100


def test_the_same_answer_is_the_same_picture() -> None:
    """Drawn twice, the bytes are the same, so that one answer is one file."""
    shown = chart(spot(), SYRIA)
    assert map_sheet(shown) == map_sheet(shown)


def test_a_country_is_no_dot() -> None:
    """A statement about a country shades a wide circle of land; one about a town shades none."""
    country, town = (near(pixels(map_sheet(chart(one))), SHADE, 7).sum() for one in (SYRIA, spot()))
    assert town < 1_000
    assert country > 10_000


def test_every_stance_has_a_shape_of_its_own() -> None:
    """In black and white, no two stances look alike."""
    shapes = {}
    for stance in Stance:
        canvas = Canvas(40, 40, "#ffffff")
        canvas.shape(stance, (20, 20), 10)
        shapes[stance] = near(np.asarray(canvas.image).astype(np.int16), "#ffffff")
    for one, other in combinations(Stance, 2):
        assert (shapes[one] != shapes[other]).mean() > 0.02, f"{one} looks like {other}"


def test_a_denial_is_drawn_at_the_place_of_what_it_denies() -> None:
    """Both shapes stand at one label and in its line of the legend, and both words in the key."""
    disputed = pixels(
        map_sheet(chart(spot("Moscow, RU", 55.75, 37.6, PlacePrecision.CITY, Stance.RUMORED, Stance.DENIED)))
    )
    quiet = pixels(map_sheet(chart(spot("Moscow, RU", 55.75, 37.6, PlacePrecision.CITY, Stance.RUMORED))))
    assert near(quiet, DENIAL).sum() == 0
    assert near(disputed, DENIAL).any(axis=1).sum() > 3 * 10


def test_what_is_not_numbered_is_counted() -> None:
    """A seventh place is a small dot, and a line more says that it is there."""
    spots = [spot(f"Town {number}", 30.0 + number, 40.0) for number in range(NUMBERED)]
    six, seven = (pixels(map_sheet(chart(*some))) for some in (spots, [*spots, spot("Town 7", 28.0, 40.0)]))
    assert seven.shape[0] > six.shape[0]


@pytest.mark.parametrize("words", ["اللاذقية", "Латакия", "לטקיה", "लताकिया", "拉塔基亚", "\u202eevil", "x" * 300, ""])
def test_words_of_any_script_are_drawn_or_left_out(words: str) -> None:
    """Arabic, Russian, Hebrew, Hindi, letters without a font, marks that steer, endless words: all make a picture."""
    assert pixels(map_sheet(chart(spot(words or " ", told=f"asserted by {words}"), notes=(words,)))).shape[1] == 1000


def test_a_map_is_drawn_while_one_waits() -> None:
    """Warm, a map takes less than its 400 ms of processor time, three times over for a busy machine."""
    shown = chart(spot(), SYRIA, spot("Moscow, RU", 55.75, 37.6))
    map_sheet(shown)
    begun = time.process_time()
    map_sheet(shown)
    assert time.process_time() - begun < 1.2
