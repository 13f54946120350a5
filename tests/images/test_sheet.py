"""The evidence picture shows both pictures and says in words what a person who cannot see it needs."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from PIL import Image, ImageOps

from bot.images.decode import Picture, decode
from bot.images.reuse import compare, prepare
from bot.images.sheet import WIDTH, Sheet, evidence_sheet
from storage.records import Certainty, Reuse
from tests.images.pictures import encoded, scene

CAPTIONS = (["@someone, 2015-10-13 (decoded-id)", "A square this evening"], ["@other, 2013-06-06 (stated)", "Dusk"])


def verdict(query: bytes, match: bytes) -> tuple[Picture, Picture, Reuse]:
    """Two pictures and what was found of them."""
    reuse = compare(prepare(query), prepare(match))
    assert isinstance(reuse, Reuse)
    return decode(query), decode(match), reuse


@cache
def mirrored() -> tuple[Picture, Picture, Reuse]:
    """A smaller mirrored copy and its original."""
    return verdict(encoded(ImageOps.mirror(scene(3)).resize((400, 300))), encoded(scene(3)))


def shown(sheet: Sheet) -> Image.Image:
    """The drawn sheet."""
    return Image.open(io.BytesIO(sheet.png))


def test_both_pictures_are_on_it() -> None:
    """The sheet is a PNG of a fixed width on which both pictures, the verdict and the captions find room."""
    image = shown(evidence_sheet(*mirrored(), CAPTIONS))
    assert (image.format, image.mode, image.width) == ("PNG", "RGB", WIDTH)
    inner = np.asarray(image)[200:300].astype(int)
    assert inner[:, 100:400].std() > 10
    assert inner[:, 600:900].std() > 10


def test_it_is_the_same_every_time() -> None:
    """The same verdict gives the same bytes: the sheet can be archived by its digest."""
    first = evidence_sheet(*mirrored(), CAPTIONS)
    mirrored.cache_clear()
    assert evidence_sheet(*mirrored(), CAPTIONS) == first


def test_what_cannot_be_seen_is_said() -> None:
    """The alternative text holds the verdict, the figure, the threshold, what differs, and both captions."""
    alt = evidence_sheet(*mirrored(), CAPTIONS).alt
    for words in ("mirrored left to right", "0.55 needed", "400×300 against 640×480", *CAPTIONS[0], *CAPTIONS[1]):
        assert words in alt


def test_the_first_corners_are_marked_where_they_correspond() -> None:
    """A mirrored copy's marked corner is top left, its original's top right."""
    image = np.asarray(shown(evidence_sheet(*mirrored(), CAPTIONS))).astype(int)
    outline = np.array([0xD1, 0x33, 0x5B])
    red = (np.abs(image - outline).sum(axis=2) < 30).astype(int)
    spots = np.argwhere(red.cumsum(0).cumsum(1) > 0)
    assert len(spots)
    top = int(np.argmax(red.any(axis=1)))
    across = np.flatnonzero(red[top : top + 3].any(axis=0))
    assert across.min() < 60
    assert across.max() > WIDTH - 60


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
    """Any script, length or control character leaves a sheet of bounded size, and the words stand in the alt text."""
    sheet = evidence_sheet(*mirrored(), ([caption], [caption, caption]))
    assert shown(sheet).height < 1_400
    if caption.isprintable() and caption.strip():
        assert " ".join(caption.split())[:200] in sheet.alt


@pytest.mark.parametrize("size", [(2_000, 60), (60, 2_000), (33, 33), (1_000, 1_000)])
def test_any_shape(size: tuple[int, int]) -> None:
    """Long, tall, small and large pictures find room beside each other."""
    data = encoded(scene(4).resize(size), "PNG")
    sheet = evidence_sheet(*verdict(data, data), CAPTIONS)
    assert shown(sheet).width == WIDTH
    assert shown(sheet).height < 1_400


def test_captions_under_a_narrow_picture_stay_in_their_column() -> None:
    """A tall picture beside a wide one leaves room for its caption: the two captions never run into each other."""
    wide = scene(6, 640, 360)
    found = verdict(encoded(wide.transpose(Image.Transpose.ROTATE_270)), encoded(wide))
    words, dots = ["Wwwwwww mmmmm wwwww mmmmmmm wwww mmmmm " * 9], ["."] * 5
    bare, left, right = (
        np.asarray(shown(evidence_sheet(*found, pair))) for pair in ((dots, dots), (words, dots), (dots, words))
    )
    assert np.nonzero(left != bare)[1].max() < np.nonzero(right != bare)[1].min()


def test_a_score_is_never_rounded_up_to_the_threshold() -> None:
    """What stays under the threshold is shown under it."""
    query, match, reuse = mirrored()
    below = replace(reuse, score=0.5463, certainty=Certainty.POSSIBLE)
    assert "Possible match, 0.54 of 1 (0.55 needed)" in evidence_sheet(query, match, below, CAPTIONS).alt
    exact = replace(reuse, score=0.55)
    assert "Match, 0.55 of 1 (0.55 needed)" in evidence_sheet(query, match, exact, CAPTIONS).alt


def test_a_date_beside_another_script_stays() -> None:
    """Where the font lacks a name's letters, the date beside it is drawn all the same."""
    found = mirrored()
    name, dated = (
        evidence_sheet(*found, ([caption], [])).png for caption in ("площадь", "площадь, 2015-10-13 (decoded-id)")
    )
    assert name != dated
    assert dated == evidence_sheet(*found, (["広場, 2015-10-13 (decoded-id)"], [])).png


def test_accents_that_the_font_lacks_do_not_cost_the_word() -> None:
    """A Latin word is drawn without its accents rather than left out; the alternative text keeps them."""
    found = mirrored()
    with_accents = evidence_sheet(*found, (["Café in São Tomé"], []))
    assert with_accents.png == evidence_sheet(*found, (["Cafe in Sao Tome"], [])).png
    assert "Café in São Tomé" in with_accents.alt
