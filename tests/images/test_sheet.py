"""The evidence picture shows both pictures, outlines and joins what they share, and lays it alike."""

from __future__ import annotations

import io
import time
from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from bot.images.arrangement import HALF
from bot.images.decode import Picture, decode
from bot.images.lettering import Style
from bot.images.page import MARGIN, WIDTH
from bot.images.prepared import prepare
from bot.images.reuse import compare
from bot.images.sheet import MOST_BYTES, Side, evidence_sheet
from storage.records import Certainty, Polygon, Relation, Reuse
from tests.images.pictures import encoded, scene

CAPTIONS = (["@someone on X", "16:52 UTC, decoded from the id"], ["@other on X", "stated by the source"])
SCALE, SECOND = 1.3, MARGIN + HALF + 46
"""How much larger than 300 by 200 pixels a picture over cut-outs is shown, and where the second one begins."""

TOLD = "Mirrored left to right, smaller, darker."
RED = np.array([0xC4, 0x00, 0x2F])
AMBER = np.array([0x8A, 0x5A, 0x00])
Pixels = npt.NDArray[np.int64]


def sides(query: Picture, match: Picture, captions: tuple[list[str], list[str]] = CAPTIONS) -> tuple[Side, Side]:
    """Both pictures with their words."""
    return Side(query, "This post", captions[0]), Side(match, "We hold", captions[1])


def verdict(query: bytes, match: bytes) -> tuple[Picture, Picture, Reuse]:
    """Two pictures and what was found of them."""
    reuse = compare(prepare(query), prepare(match))
    assert isinstance(reuse, Reuse)
    return decode(query), decode(match), reuse


@cache
def mirrored() -> tuple[Picture, Picture, Reuse]:
    """A smaller mirrored copy and its original."""
    return verdict(encoded(ImageOps.mirror(scene(3)).resize((400, 300))), encoded(scene(3)))


@cache
def on_a_page() -> tuple[Picture, Picture, Reuse]:
    """A mirrored crop on a white page, and the picture that it was cut from."""
    crop = ImageOps.mirror(scene(5, 800, 600).crop((200, 120, 680, 480)))
    page = Image.new("RGB", (600, 1_100), "white")
    page.paste(crop, (60, 300))
    return verdict(encoded(page), encoded(scene(5, 800, 600)))


def drawn(found: tuple[Picture, Picture, Reuse], captions: tuple[list[str], list[str]] = CAPTIONS) -> bytes:
    """The sheet's bytes."""
    query, match, reuse = found
    return evidence_sheet(*sides(query, match, captions), reuse, "Match: 0.90 of 1 (0.55 needed)", TOLD)


def shown(data: bytes) -> Image.Image:
    """The drawn sheet."""
    return Image.open(io.BytesIO(data))


def pixels(data: bytes) -> Pixels:
    """Its pixels."""
    return np.asarray(shown(data)).astype(np.int64)


def near(image: Pixels, colour: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Where a colour is, as a JPEG keeps it."""
    return np.asarray(np.abs(image - colour).sum(axis=2) < 110)


def test_both_pictures_are_on_it() -> None:
    """The sheet is a plain JPEG of a fixed width on which both pictures find room."""
    image = shown(drawn(mirrored()))
    assert (image.format, image.mode, image.width) == ("JPEG", "RGB", WIDTH)
    assert not image.getexif()
    assert "icc_profile" not in image.info
    inner = np.asarray(image)[280:400].astype(int)
    assert inner[:, 100:400].std() > 10
    assert inner[:, 600:900].std() > 10


def test_it_is_the_same_every_time() -> None:
    """The same verdict gives the same bytes: the sheet can be archived by its digest."""
    first = drawn(mirrored())
    mirrored.cache_clear()
    assert drawn(mirrored()) == first


def plain(width: int, height: int, grey: int) -> Picture:
    """One grey, so that every line on it is seen."""
    return decode(encoded(Image.new("RGB", (width, height), (grey, grey, grey)), "PNG"))


def found(region: Polygon, other: Polygon, certainty: Certainty = Certainty.MATCH) -> Reuse:
    """A verdict with these regions."""
    return Reuse("a" * 64, "b" * 64, Relation.PARTIAL, "", region, other, 0.9, 0.55, certainty, "1")


BOX = ((60.0, 60.0), (240.0, 60.0), (240.0, 140.0), (60.0, 140.0))
TURNED = ((240.0, 60.0), (60.0, 60.0), (60.0, 140.0), (240.0, 140.0))


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_the_outline_is_where_the_region_is(grey: int) -> None:
    """The region is framed in both pictures, with a light edge around the line, on dark and on light ground."""
    pictures = sides(plain(300, 200, grey), plain(300, 200, grey), ([], []))
    image = pixels(evidence_sheet(*pictures, found(BOX, BOX), "", ""))
    red = near(image, RED)
    top = MARGIN
    for left in (MARGIN, SECOND):
        for x, y in ((150, 60), (150, 140), (60, 100), (240, 100)):
            row, column = round(top + y * SCALE), round(left + x * SCALE)
            assert red[row - 3 : row + 4, column - 3 : column + 4].any(), (x, y)
        assert not red[round(top + 100 * SCALE), round(left + 150 * SCALE)]
    if grey == 0:
        beside = image[round(top + 60 * SCALE) - 12 : round(top + 60 * SCALE), round(MARGIN + 100 * SCALE)]
        assert beside.max() > 200


def test_what_lies_outside_is_dimmed() -> None:
    """Outside the region the picture goes towards grey; inside it stays as it is."""
    pictures = sides(plain(300, 200, 20), plain(300, 200, 20), ([], []))
    image = pixels(evidence_sheet(*pictures, found(BOX, BOX), "", ""))
    assert image[MARGIN + round(100 * SCALE), MARGIN + round(150 * SCALE)].mean() == pytest.approx(20, abs=6)
    assert image[MARGIN + round(20 * SCALE), MARGIN + round(20 * SCALE)].mean() > 50


def test_lines_cross_where_a_part_is_mirrored() -> None:
    """The same corners are joined: side by side for a copy further down, through one point for a mirrored one."""
    pictures = sides(plain(300, 200, 128), plain(300, 200, 128), ([], []))
    lower = tuple((x, y + 50) for x, y in BOX)
    counts = []
    for other in (lower, tuple((300 - x, y) for x, y in lower)):
        red = near(pixels(evidence_sheet(*pictures, found(BOX, other), "", "")), RED)
        counts.append(int(np.count_nonzero(np.diff(red[MARGIN : MARGIN + 260, MARGIN + 444].astype(int)) == 1)))
    assert counts == [4, 2]


def test_the_same_letter_stands_at_the_same_corner() -> None:
    """A mirrored part has its letters the other way round; a small one has dots instead."""
    pictures = sides(plain(300, 200, 128), plain(300, 200, 128), ([], []))
    image = pixels(evidence_sheet(*pictures, found(BOX, TURNED), "", ""))

    def mark(left: int, x: int) -> Pixels:
        row, column = MARGIN + round(60 * SCALE), left + round(x * SCALE)
        return np.asarray(image[row - 10 : row + 11, column - 9 : column + 10].min(axis=2))

    a, b = mark(MARGIN, 60), mark(MARGIN, 240)
    mirrored_a, mirrored_b = mark(SECOND, 240), mark(SECOND, 60)
    assert np.corrcoef(a.ravel(), mirrored_a.ravel())[0, 1] > 0.8 > np.corrcoef(a.ravel(), mirrored_b.ravel())[0, 1]
    assert np.corrcoef(b.ravel(), mirrored_b.ravel())[0, 1] > 0.8
    small = ((60.0, 60.0), (90.0, 60.0), (90.0, 90.0), (60.0, 90.0))
    image = pixels(evidence_sheet(*pictures, found(small, small), "", ""))
    assert not near(image, RED)[MARGIN + round(60 * SCALE) - 14, MARGIN + round(60 * SCALE)]


def test_a_possible_one_is_dashed() -> None:
    """What is only possible differs by more than its colour: its outline has gaps."""
    pictures = sides(plain(300, 200, 128), plain(300, 200, 128), ([], []))
    row = MARGIN + round(60 * SCALE)
    runs = []
    for certainty, colour in ((Certainty.MATCH, RED), (Certainty.POSSIBLE, AMBER)):
        image = pixels(evidence_sheet(*pictures, found(BOX, BOX, certainty=certainty), "", ""))
        along = near(image, colour)[row, MARGIN + 105 : MARGIN + 285]
        runs.append(int(np.count_nonzero(np.diff(along.astype(int)))))
    assert runs[0] == 0
    assert runs[1] >= 10


def test_the_part_is_shown_again_from_both_laid_alike() -> None:
    """Of a mirrored crop on a page the sheet ends with two cut-outs that agree point by point."""
    image = shown(drawn(on_a_page())).convert("L")
    grey = np.asarray(image).astype(np.float64)
    left, right = (grey[image.height - 250 : image.height - 40, at : at + 280] for at in (MARGIN + 10, SECOND + 10))
    assert np.corrcoef(left.ravel(), right.ravel())[0, 1] > 0.9


def test_without_regions_the_pictures_stand_alone() -> None:
    """A verdict that has no regions dims nothing, outlines nothing, and explains no outline."""
    pictures = sides(plain(300, 200, 20), plain(300, 200, 20), ([], []))
    image = pixels(evidence_sheet(*pictures, found((), ()), "", ""))
    assert not near(image, RED).any()
    assert image[MARGIN + 40, MARGIN + 40].mean() == pytest.approx(20, abs=6)


@pytest.mark.parametrize(
    "caption",
    [
        "فیلم منتشر شده از میدان",
        "Площадь в сумерках",
        "広場の夕暮れ",
        "हम चौक में हैं",
        "a" * 5_000,
        "word " * 2_000,
        "\u202egnp.exe\u202c",
        "🔥🔥 watch",
        "",
        "\x00\x07",
    ],
)
def test_any_caption(caption: str) -> None:
    """Any script, length or control character leaves a sheet of bounded size."""
    assert shown(drawn(mirrored(), ([caption], [caption, caption]))).height < 1_100


@pytest.mark.parametrize("size", [(2_000, 60), (60, 2_000), (33, 33), (1_000, 1_000), (3_000, 2_000)])
def test_any_shape(size: tuple[int, int]) -> None:
    """Long, tall, small and large pictures find room beside each other, in a file that opens at once."""
    data = encoded(scene(4).resize(size), "PNG")
    made = drawn(verdict(data, data))
    assert shown(made).width == WIDTH
    assert shown(made).height < 1_100
    assert len(made) <= MOST_BYTES


CORNERS = st.lists(st.tuples(st.floats(-500, 900), st.floats(-500, 700)), max_size=6).map(tuple)


@settings(max_examples=30, deadline=None)
@given(CORNERS, CORNERS)
def test_any_regions(region: Polygon, other: Polygon) -> None:
    """Regions of any shape, number of corners or place, also outside the picture, leave a sheet of bounded size."""
    pictures = sides(plain(300, 200, 128), plain(300, 200, 60))
    for pair in ((region, other), (region, region), (region, tuple((300 - x, y) for x, y in region))):
        assert shown(evidence_sheet(*pictures, found(*pair), "Match", TOLD)).height <= WIDTH


def test_noise_stays_a_small_file() -> None:
    """What compresses worst is compressed harder, not sent as it is."""
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 256, (900, 900, 3), np.uint8))
    picture = decode(encoded(noise, "PNG"))
    made = evidence_sheet(*sides(picture, picture), found(BOX, TURNED), "Match: 0.90 of 1 (0.55 needed)", TOLD)
    assert len(made) <= MOST_BYTES


def test_it_is_made_while_one_waits() -> None:
    """Of two pictures of 12 megapixels it takes well under a second of one core."""
    photo = decode(encoded(scene(4).resize((4_000, 3_000))))
    reuse = found(((500.0, 400.0), (1_900.0, 400.0), (1_900.0, 1_500.0), (500.0, 1_500.0)), BOX)
    drawn((photo, mirrored()[1], reuse))
    began = time.process_time()
    drawn((photo, mirrored()[1], reuse))
    assert time.process_time() - began < 1.5


def test_captions_under_a_narrow_picture_stay_in_their_column() -> None:
    """A tall picture beside a wide one leaves room for its caption: the two captions never run into each other."""
    wide = scene(6, 640, 360)
    pair = verdict(encoded(wide.transpose(Image.Transpose.ROTATE_270)), encoded(wide))
    pair = (pair[0], pair[1], replace(pair[2], region_query=(), region_match=()))
    words, dots = ["Wwwwwww mmmmm wwwww mmmmmmm wwww mmmmm " * 9], ["."] * 4
    bare, left, right = (pixels(drawn(pair, told)) for told in ((dots, dots), (words, dots), (dots, words)))
    changed = [np.nonzero(np.abs(side - bare).sum(axis=2) > 150)[1] for side in (left, right)]
    assert changed[0].max() < changed[1].min()


def test_letters_are_large_enough_for_a_telephone() -> None:
    """Shown 360 pixels wide, every letter on the sheet keeps a size of 9 pixels at least."""
    from bot.images import sheet

    styles = [value for value in vars(sheet).values() if isinstance(value, Style)]
    assert len(styles) >= 3
    assert all(style.size * 360 / WIDTH >= 9 for style in styles)
