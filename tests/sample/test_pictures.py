"""The drawn pictures: the same every time, rich, lopsided and labelled."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from bot.images.prepared import prepare
from bot.images.reuse import NoReuse, compare
from bot.sample import pictures
from storage.records import Certainty, Relation, Reuse, digest

NAMES = sorted(pictures.SCENES)


def grey(data: bytes, size: tuple[int, int] = (480, 320)) -> NDArray[np.float64]:
    """Decode to grey levels of one size."""
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("L").resize(size), np.float64)


def likeness(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """The correlation of two grey pictures."""
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


def test_there_are_enough_scenes() -> None:
    """The demo has at least six different scenes."""
    assert len({digest(pictures.picture(name)) for name in NAMES}) >= 6


@pytest.mark.parametrize("name", NAMES)
def test_drawing_twice_gives_the_same_picture(name: str) -> None:
    """A scene is drawn from its seed alone, so two runs agree to the bit."""
    first = pictures.SCENES[name]().image().tobytes()

    assert digest(first) == digest(pictures.SCENES[name]().image().tobytes())
    assert digest(pictures.picture(name)) == digest(pictures.picture.__wrapped__(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_has_information(name: str) -> None:
    """A picture is large, far from flat in the whole, and has detail in nearly all of its blocks."""
    with Image.open(io.BytesIO(pictures.picture(name))) as image:
        assert image.format == "JPEG"
        assert image.width >= 900
        assert image.height >= 600
    levels = grey(pictures.picture(name), (480, 320))
    blocks = levels.reshape(20, 16, 30, 16).std(axis=(1, 3))

    assert levels.std() > 20
    assert (blocks > 1.0).mean() > 0.9
    assert (blocks > 5.0).mean() > 0.4


@pytest.mark.parametrize("name", NAMES)
def test_a_mirror_image_differs(name: str) -> None:
    """No scene is symmetrical: its half-tones hardly agree with its own mirror image."""
    with Image.open(io.BytesIO(pictures.picture(name))) as image:
        small = np.asarray(image.convert("L").resize((96, 64)), np.float64)
    detail = small - small.mean(axis=1, keepdims=True)

    assert likeness(detail, detail[:, ::-1]) < 0.5


def test_scenes_do_not_resemble_each_other() -> None:
    """No two scenes, nor one and the mirror image of another, are alike once the light of the sky is taken away."""
    details = {}
    for name in NAMES:
        levels = grey(pictures.picture(name), (96, 64))
        details[name] = levels - levels.mean(axis=1, keepdims=True)
    for one in NAMES:
        for other in NAMES:
            if one < other:
                assert abs(likeness(details[one], details[other])) < 0.5
                assert abs(likeness(details[one], details[other][:, ::-1])) < 0.5


def test_the_mirrored_copy_is_the_same_scene_turned_and_darkened() -> None:
    """The re-used picture is another file that agrees with the mirrored scene, and is darker than it."""
    scene, copy = pictures.picture("soldiers-square"), pictures.mirrored_copy("soldiers-square")

    assert digest(scene) != digest(copy)
    assert likeness(grey(scene)[:, ::-1], grey(copy)) > 0.97
    assert likeness(grey(scene), grey(copy)) < 0.9
    assert grey(copy).mean() < grey(scene).mean() * 0.95


def test_the_smaller_copy_is_another_file_of_the_same_scene() -> None:
    """The picture to check is scaled down, not mirrored, and not the stored file."""
    scene, copy = pictures.picture("soldiers-square"), pictures.smaller_copy("soldiers-square")

    with Image.open(io.BytesIO(copy)) as image:
        assert image.size == (720, 480)
    assert likeness(grey(scene), grey(copy)) > 0.97


@pytest.mark.parametrize("draw", [pictures.picture, pictures.mirrored_copy, pictures.smaller_copy])
def test_the_label_stands_readable_in_the_corner(draw: Callable[[str], bytes]) -> None:
    """A scene and its copies carry light letters on a dark plate in the lower right corner, never mirrored ones."""
    with Image.open(io.BytesIO(draw("soldiers-square"))) as image:
        corner = np.asarray(ImageOps.grayscale(image).crop((image.width - 80, image.height - 28, *image.size)))

    assert (corner > 180).sum() > 80
    assert (corner < 60).mean() > 0.4


def test_the_screenshot_holds_a_mirrored_part_of_the_scene() -> None:
    """A telephone's page with a mirrored crop in it is found to hold that scene, and no other."""
    data = pictures.mirrored_crop_in_a_screenshot("crowd-flags", ("One line", "and another"))
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (720, 1280)
    query = prepare(data)
    for name in NAMES:
        found = compare(query, prepare(pictures.picture(name)))
        if name != "crowd-flags":
            assert isinstance(found, NoReuse)
            continue
        assert isinstance(found, Reuse)
        assert (found.relation, found.certainty) == (Relation.SCREENSHOT, Certainty.MATCH)
        assert found.transform.startswith("mirrored left to right")


def test_an_unknown_scene_is_refused() -> None:
    """Asking for a scene that does not exist raises KeyError."""
    with pytest.raises(KeyError):
        pictures.picture("no-such-scene")


def test_the_desk_finds_the_copies_and_nothing_else() -> None:
    """The matcher names the mirrored and the smaller copy for what they are, and takes no two scenes for one."""
    prepared = {name: prepare(pictures.picture(name)) for name in NAMES}
    mirrored = prepare(pictures.mirrored_copy("soldiers-square"))
    smaller = prepare(pictures.smaller_copy("soldiers-square"))

    for query, relation in ((mirrored, Relation.MIRRORED), (smaller, Relation.NEAR)):
        found = compare(query, prepared["soldiers-square"])
        assert isinstance(found, Reuse)
        assert found.relation is relation
        assert found.certainty is Certainty.MATCH
    for one, query in [*prepared.items(), ("soldiers-square", mirrored)]:
        for other in NAMES:
            if other != one:
                assert isinstance(compare(query, prepared[other]), NoReuse)
