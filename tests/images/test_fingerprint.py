"""The hash is imagehash's, in eight orientations, and pictures that hold too little are told."""

from __future__ import annotations

import imagehash
import numpy as np
import pytest
from PIL import Image, ImageDraw

from bot.images.decode import decode
from bot.images.fingerprint import HASH_BYTES, VERSION, Fingerprint, distance, fingerprint
from bot.images.orientation import Orientation
from tests.images.pictures import clouds, encoded, scene
from tests.images.test_orientation import copied


def printed(image: Image.Image) -> Fingerprint:
    """The fingerprint of a picture kept without loss."""
    return fingerprint(decode(encoded(image, "BMP")))


@pytest.mark.parametrize("seed", range(12))
def test_it_is_the_hash_that_imagehash_gives(seed: int) -> None:
    """The stored hash is `imagehash.phash` of 256 bits, bit for bit."""
    image = scene(seed, 500 + 31 * seed, 400)
    expected = np.packbits(imagehash.phash(image, hash_size=16).hash).tobytes()
    found = printed(image)
    assert found.phash == expected
    assert len(found.phash) == HASH_BYTES
    assert found.version == VERSION


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("orientation", Orientation)
def test_variants_are_the_hashes_of_the_turned_pictures(seed: int, orientation: Orientation) -> None:
    """The hash for an orientation is, to a rounding, the upright hash of the picture this one is a copy of."""
    original = scene(seed, 640, 440)
    variants = dict(printed(copied(original, orientation)).variants)
    assert len(variants) == len(Orientation)
    assert distance(variants[orientation], printed(original).phash) <= 4


def test_the_upright_variant_is_the_hash() -> None:
    """Query and store meet in the same hash where nothing was turned."""
    found = printed(scene(1))
    assert found.variants[0] == (Orientation.UPRIGHT, found.phash)


@pytest.mark.parametrize("seed", range(100, 116))
def test_scenes_are_usable(seed: int) -> None:
    """Pictures with something in them can be relied on."""
    assert printed(scene(seed)).why_not is None


def flat() -> Image.Image:
    """One tone."""
    return Image.new("RGB", (640, 480), (120, 130, 140))


def faint() -> Image.Image:
    """A texture that is hardly there."""
    return Image.fromarray((120 + 8 * clouds(3, 640, 480)).astype(np.uint8))


def gradient() -> Image.Image:
    """A clear sky."""
    return Image.fromarray(np.linspace(40, 220, 480).astype(np.uint8)[:, None].repeat(640, axis=1))


def chessboard() -> Image.Image:
    """Squares."""
    squares = (np.indices((480, 640)) // 80).sum(axis=0) % 2
    return Image.fromarray((255 * squares).astype(np.uint8))


def corner() -> Image.Image:
    """A dark frame with something in one corner."""
    image = Image.new("RGB", (640, 480))
    ImageDraw.Draw(image).ellipse((-160, -120, 100, 75), fill="white")
    return image


def tiny() -> Image.Image:
    """A favicon."""
    return scene(1).resize((31, 200))


@pytest.mark.parametrize(
    ("image", "because"),
    [
        (flat(), "flat tone: a contrast of 0.0 in 255, 4 needed"),
        (faint(), "flat tone"),
        (gradient(), "slight noise changes"),
        (chessboard(), "slight noise changes"),
        (corner(), "empty but for"),
        (tiny(), "too small to be recognised: 31 pixels on its shorter side, 32 needed"),
    ],
    ids=["flat", "faint", "gradient", "chessboard", "corner", "tiny"],
)
def test_pictures_that_hold_too_little(image: Image.Image, because: str) -> None:
    """A blank, faint, smooth, regular, empty or tiny picture is refused with the figure that decided."""
    found = printed(image)
    assert not found.usable
    assert because in (found.why_not or "")


def test_the_same_picture_gives_the_same_judgement() -> None:
    """The noise that a hash must survive is always the same noise."""
    assert printed(scene(5)) == printed(scene(5))
    assert printed(gradient()).why_not == printed(gradient()).why_not


def test_distance_counts_bits() -> None:
    """Two hashes are as far apart as the bits in which they differ."""
    assert distance(b"\x00" * 32, b"\xff" * 32) == 256
    assert distance(b"\x01" + b"\x00" * 31, b"\x03" + b"\x00" * 31) == 1
