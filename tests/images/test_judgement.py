"""Frames of one camera are views of one scene and no copies; what is put over a copy makes no other view of it."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bot.images.prepared import prepare
from bot.images.reuse import NoReuse, compare
from storage.records import Certainty, Relation, Reuse
from tests.images.pictures import clouds, encoded, scene

SEEDS = (4, 17, 33)


def judged(first: Image.Image, second: Image.Image) -> Reuse:
    """The verdict on two pictures as they come in."""
    found = compare(prepare(encoded(first, quality=85)), prepare(encoded(second, quality=75)))
    assert not isinstance(found, NoReuse), found.reason
    return found


def with_a_cart(seed: int, left: int) -> Image.Image:
    """A scene that something has come into, as a fixed camera sees it there."""
    image = scene(seed)
    cart = Image.fromarray((255 * clouds(seed + 100, 130, 110, 1.2)).astype(np.uint8)).convert("RGB")
    image.paste(cart, (left, 330))
    return image


def captioned(seed: int, top: int) -> Image.Image:
    """A scene with two lines of outlined words on it."""
    image = scene(seed)
    draw = ImageDraw.Draw(image)
    for line, words in enumerate(("SEEN THIS MORNING", "BY THE OLD BRIDGE")):
        place = (60, top + 50 * line)
        draw.text(place, words, fill="white", stroke_fill="black", stroke_width=3, font_size=40)
    return image


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("step", [24, 70])
def test_what_moves_before_a_fixed_camera_makes_another_view(seed: int, step: int) -> None:
    """Two frames in which one thing has moved on are possible at most, as one scene."""
    found = judged(with_a_cart(seed, 200), with_a_cart(seed, 200 + step))
    assert (found.relation, found.certainty) == (Relation.SAME_SCENE, Certainty.POSSIBLE)


@pytest.mark.parametrize("seed", SEEDS)
def test_words_at_another_place_make_no_other_view(seed: int) -> None:
    """Two copies with the same caption, once above and once below, are a match."""
    assert judged(captioned(seed, 20), captioned(seed, 360)).certainty is Certainty.MATCH


@pytest.mark.parametrize("seed", SEEDS)
def test_something_in_one_alone_makes_no_other_view(seed: int) -> None:
    """What was put into a copy, or taken out of it, stands nowhere else: the two are a match."""
    assert judged(with_a_cart(seed, 200), scene(seed)).certainty is Certainty.MATCH


@pytest.mark.parametrize("seed", SEEDS)
def test_straight_edges_make_no_other_view(seed: int) -> None:
    """A bar along a copy, and a neighbour behind it, agree along themselves and have not moved."""
    grid = Image.new("RGB", (640, 700), "white")
    grid.paste(scene(seed), (0, 0))
    grid.paste(scene(seed + 200).resize((315, 210)), (0, 490))
    grid.paste(scene(seed + 300).resize((315, 210)), (325, 490))
    assert judged(grid, scene(seed)).certainty is Certainty.MATCH
