"""The eight ways to lay a picture down: undone exactly, and their corners told in order."""

from __future__ import annotations

import pytest
from PIL import Image

from bot.images.orientation import Orientation
from storage.records import Relation


def copied(image: Image.Image, orientation: Orientation) -> Image.Image:
    """The copy that somebody made: mirrored first where it is, then turned clockwise in quarters."""
    mirrored, quarters = orientation.value
    if mirrored:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    for _ in range(quarters):
        image = image.transpose(Image.Transpose.ROTATE_270)
    return image


def corner_pixels(image: Image.Image) -> list[object]:
    """The pixels in the corners, clockwise from the top left."""
    right, bottom = image.width - 1, image.height - 1
    return [image.getpixel(at) for at in ((0, 0), (right, 0), (right, bottom), (0, bottom))]


@pytest.mark.parametrize("orientation", Orientation)
def test_undone(orientation: Orientation) -> None:
    """Undoing an orientation gives back the picture that was so laid, sides and all."""
    original = Image.frombytes("L", (3, 2), bytes(range(6)))
    copy = copied(original, orientation)
    assert (copy.size != original.size) == orientation.swaps_sides
    assert orientation.undo(copy).size == original.size
    assert orientation.undo(copy).tobytes() == original.tobytes()


@pytest.mark.parametrize("orientation", Orientation)
def test_corners_correspond(orientation: Orientation) -> None:
    """The n-th corner told of the original shows what the n-th corner of the copy shows."""
    original = Image.frombytes("L", (3, 2), bytes(range(6)))
    corners = orientation.corners(original.width, original.height)
    assert sorted(corners) == [(0.0, 0.0), (0.0, 2.0), (3.0, 0.0), (3.0, 2.0)]
    told = [original.getpixel((max(int(x) - 1, 0), max(int(y) - 1, 0))) for x, y in corners]
    assert told == corner_pixels(copied(original, orientation))


def test_words_differ() -> None:
    """Each orientation has words of its own; the upright one has none."""
    assert len({orientation.words for orientation in Orientation}) == 8
    assert not Orientation.UPRIGHT.words


def test_relations() -> None:
    """A plain mirror image is mirrored, whatever is turned is rotated, and the rest is near."""
    relations = {orientation: orientation.relation for orientation in Orientation}
    assert relations[Orientation.UPRIGHT] is Relation.NEAR
    assert relations[Orientation.MIRRORED] is Relation.MIRRORED
    assert relations[Orientation.MIRRORED_CLOCKWISE] is Relation.ROTATED
    assert {relations[way] for way in Orientation if not way.value[0] and way.value[1]} == {Relation.ROTATED}
