"""Bytes that anybody may send become one upright 8-bit RGB picture within limits, or one sentence."""

from __future__ import annotations

import resource
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.images.decode import DEFAULT, MEDIA_TYPES, Limits, Picture, PictureRefused, decode
from bot.images.reuse import prepare
from storage.records import digest
from tests.images import hostile
from tests.images.pictures import encoded, scene

SECONDS = 5.0
"""What one hostile file may take; each takes well under one on an idle machine."""
MEGABYTES = 400
"""By how much one hostile file may raise the peak of memory; a 40-megapixel picture needs 320."""

SCENE = scene(1, 96, 64)


@contextmanager
def bounded() -> Iterator[None]:
    """Fail where the work inside takes too long or too much memory."""
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert time.monotonic() - began < SECONDS
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < MEGABYTES


def refused(data: bytes, limits: Limits = DEFAULT) -> str:
    """The sentence with which a file is refused, in bounded time and memory."""
    with bounded(), pytest.raises(PictureRefused) as caught:
        decode(data, limits)
    sentence = str(caught.value)
    assert_is_one_sentence(sentence)
    return sentence


def assert_is_one_sentence(text: str) -> None:
    """A sentence for a reporter: short, on one line, without a program's jargon."""
    assert 10 < len(text) < 120
    assert "\n" not in text
    assert text.startswith(("the picture", "the file"))
    assert not any(word in text for word in ("Error", "0x", "b'", "PIL", "Exception"))


def sane(picture: Picture, data: bytes) -> None:
    """What holds of every picture that was decoded at all."""
    assert picture.sha256 == digest(data)
    assert picture.media_type in MEDIA_TYPES.values()
    assert picture.byte_size == len(data)
    assert picture.pixels.mode == "RGB"
    assert picture.pixels.size == (picture.width, picture.height)
    assert 1 <= picture.width * picture.height <= DEFAULT.pixels
    assert 1 <= picture.frames <= DEFAULT.frames


def decoded_or_refused(data: bytes) -> Picture | None:
    """Decode whatever these bytes are; a refusal is checked to be a sentence."""
    with bounded():
        try:
            picture = decode(data)
        except PictureRefused as reason:
            assert_is_one_sentence(str(reason))
            return None
    sane(picture, data)
    return picture


def levels(image: Image.Image) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """A picture's pixels as numbers."""
    return np.asarray(image, dtype=np.float64)


@pytest.mark.parametrize(
    ("name", "media_type", "lossy"),
    [
        ("JPEG", "image/jpeg", True),
        ("PNG", "image/png", False),
        ("GIF", "image/gif", True),
        ("WEBP", "image/webp", True),
        ("AVIF", "image/avif", True),
        ("BMP", "image/bmp", False),
        ("TIFF", "image/tiff", False),
    ],
)
def test_every_format_decodes(name: str, media_type: str, lossy: bool) -> None:
    """Each format that is promised gives its pixels, exactly where it is lossless."""
    data = encoded(SCENE, name)
    picture = decode(data)
    sane(picture, data)
    assert (picture.media_type, picture.width, picture.height, picture.frames) == (media_type, 96, 64, 1)
    error = np.abs(levels(picture.pixels) - levels(SCENE)).mean()
    assert error < 20 if lossy else error == 0


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"])
def test_compressed_tiffs_decode(compression: str) -> None:
    """Agencies' TIFFs come compressed in several ways."""
    picture = decode(encoded(SCENE, "TIFF", compression=compression))
    assert np.abs(levels(picture.pixels) - levels(SCENE)).mean() < 8


def test_progressive_jpeg_decodes() -> None:
    """A progressive JPEG has about ten scans, far from the limit."""
    assert decode(encoded(SCENE, "JPEG", progressive=True)).width == 96


def test_cmyk_jpeg_keeps_its_tones() -> None:
    """A print picture in CMYK comes out in its own tones, not inverted."""
    picture = decode(encoded(SCENE.convert("CMYK"), "JPEG", quality=95))
    assert np.abs(levels(picture.pixels) - levels(SCENE)).mean() < 8


@pytest.mark.parametrize("name", ["PNG", "TIFF"])
def test_16_bit_grey_is_scaled_not_clipped(name: str) -> None:
    """The upper byte of a 16-bit grey decides, so that half of white is half of white."""
    grey = np.linspace(0, 65535, 96 * 64).reshape(64, 96)
    picture = decode(encoded(Image.fromarray(grey.astype(np.uint16)), name))
    assert np.abs(levels(picture.pixels)[..., 0] - grey / 257).max() <= 1


@pytest.mark.parametrize(("white", "top"), [(1.0, 1.0), (255.0, 200.0), (65535.0, 40000.0), (3e6, 3e6)])
def test_floating_grey_spans_its_range(white: float, top: float) -> None:
    """A floating grey that names no white gets the nearest usual one, or its own highest value."""
    values = np.linspace(0, top, 96 * 64, dtype=np.float32).reshape(64, 96)
    values[0, 1] = np.nan
    picture = decode(encoded(Image.fromarray(values), "TIFF"))
    assert levels(picture.pixels)[..., 0].max() == round(255 * top / white)


def test_bilevel_and_palette_pictures_decode() -> None:
    """Black-and-white and indexed pictures become RGB."""
    assert decode(encoded(SCENE.convert("1"), "PNG")).pixels.getcolors() is not None
    indexed = decode(encoded(SCENE.quantize(64), "PNG"))
    assert np.abs(levels(indexed.pixels) - levels(SCENE)).mean() < 12


def test_transparency_is_laid_over_white() -> None:
    """What is transparent is shown as on a page: white, whether by an alpha channel or by a palette entry."""
    clear = SCENE.copy()
    clear.putalpha(Image.new("L", clear.size, 0))
    half = Image.new("RGBA", (40, 40), (0, 0, 0, 128))
    indexed = Image.new("P", (40, 40), 1)
    indexed.putpalette([10, 20, 30, 200, 0, 0])
    assert decode(encoded(clear, "PNG")).pixels.getextrema() == ((255, 255),) * 3
    assert decode(encoded(clear, "WEBP", lossless=True)).pixels.getextrema() == ((255, 255),) * 3
    assert decode(encoded(half, "PNG")).pixels.getpixel((5, 5)) == (127, 127, 127)
    assert decode(encoded(indexed, "PNG", transparency=1)).pixels.getpixel((5, 5)) == (255, 255, 255)
    assert decode(encoded(indexed, "GIF", transparency=1)).pixels.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_exif_orientation_is_undone_once(orientation: int, name: str) -> None:
    """A picture stored lying on its side or mirrored comes out upright, with the size that is seen."""
    upright = Image.new("RGB", (80, 48), "black")
    upright.paste((255, 0, 0), (0, 0, 40, 24))
    upright.paste((0, 0, 255), (40, 24, 80, 48))
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(turns[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = decode(encoded(stored, name, exif=exif))
    assert (picture.width, picture.height) == (80, 48)
    assert np.abs(levels(picture.pixels) - levels(upright)).mean() < 6


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_an_impossible_orientation_is_none(value: int) -> None:
    """An orientation that does not exist turns nothing."""
    exif = Image.Exif()
    exif[0x0112] = value
    assert decode(encoded(SCENE, "JPEG", exif=exif)).width == 96


@pytest.mark.parametrize("name", ["GIF", "WEBP", "PNG", "AVIF", "TIFF"])
def test_the_first_frame_of_an_animation(name: str) -> None:
    """Of several frames the first is decoded, and all are counted."""
    later = [Image.new("RGB", SCENE.size, colour) for colour in ("red", "blue")]
    picture = decode(encoded(SCENE, name, save_all=True, append_images=later))
    assert picture.frames == 3
    assert np.abs(levels(picture.pixels) - levels(SCENE)).mean() < 20


def test_a_multi_picture_jpeg_is_a_jpeg() -> None:
    """Some cameras append further pictures to a JPEG: the first is the picture."""
    picture = decode(encoded(SCENE, "MPO", save_all=True, append_images=[SCENE.rotate(180)]))
    assert (picture.media_type, picture.width, picture.frames) == ("image/jpeg", 96, 2)


def test_a_draft_keeps_the_file_s_own_size() -> None:
    """A picture that is decoded small for speed still says how large the file is, after turning."""
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = decode(encoded(scene(2, 800, 600), "JPEG", exif=exif), draft=100)
    assert (picture.width, picture.height) == (600, 800)
    assert picture.pixels.size == (150, 200)


def test_empty() -> None:
    """No bytes at all."""
    assert refused(b"") == "the file is empty"


def test_too_many_bytes() -> None:
    """A file over the limit is refused before anything reads it."""
    assert "MB" in refused(b"\xff\xd8\xff" + bytes(3_000_000), Limits(byte_size=1_000_000))


@pytest.mark.parametrize(
    "data",
    [
        b"\x00",
        b"%PDF-1.7 ...",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!doctype html><img src=x>",
        b"\xff\xd8",
    ],
)
def test_what_is_no_picture_is_named_with_what_would_be(data: bytes) -> None:
    """A page, a document or a drawing program's file is refused with the formats that are opened."""
    assert "JPEG" in refused(data)


def test_heic_is_named() -> None:
    """A phone's own format is refused by its name, with what to do."""
    assert "HEIC" in refused(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(100))


def test_a_200_megapixel_png_of_a_few_kilobytes() -> None:
    """The size is judged from the header: not one pixel is unpacked."""
    data = hostile.png(20_000, 10_000, rows=200)
    assert len(data) < 10_000
    assert "200 megapixels" in refused(data)


def test_the_largest_picture_that_is_opened() -> None:
    """Forty megapixels are opened and one row more is not; a flat one is then found to be unusable."""
    with bounded():
        assert not prepare(hostile.png(8000, 5000)).usable
    assert "40 megapixels, more than" in refused(hostile.png(8000, 5001))


@pytest.mark.parametrize("frame", [(60_000, 60_000), (65_535, 65_535)])
def test_a_gif_whose_frame_is_larger_than_its_screen(frame: tuple[int, int]) -> None:
    """A frame that enlarges the picture beyond the limit is refused, whatever the screen's size says."""
    assert "megapixels" in refused(hostile.gif(1, 1, frame=frame))


def test_a_gif_bomb() -> None:
    """A huge screen around a tiny frame is refused by its size."""
    assert "megapixels" in refused(hostile.gif(65_535, 65_535))


@pytest.mark.parametrize("frames", [9_999, 10_000, 300_000])
def test_many_frames_are_counted_to_a_bound(frames: int) -> None:
    """An animation of any length costs its first frame and a bounded count."""
    picture = decoded_or_refused(hostile.gif(64, 64, frames))
    assert picture is not None
    assert picture.frames == min(frames, 10_000)


def test_a_tiff_whose_directories_go_round_in_a_circle() -> None:
    """A directory that is its own successor ends the count."""
    entries = ((256, 3, 1, 1), (257, 3, 1, 1), (258, 3, 1, 8), (262, 3, 1, 1), (273, 4, 1, 8), (279, 4, 1, 1))
    picture = decoded_or_refused(hostile.tiff(*entries, following=8))
    assert picture is None or picture.frames == 1


@pytest.mark.parametrize("count", [2**31, 2**32 - 1])
def test_a_tiff_that_promises_gigabytes(count: int) -> None:
    """A tag or a strip that claims more than the file holds is damage."""
    entries = ((256, 4, 1, 100), (257, 4, 1, 100), (258, 3, count, 8), (262, 3, 1, 1), (273, 4, count, 8))
    decoded_or_refused(hostile.tiff(*entries))


@pytest.mark.parametrize("kind", [b"zTXt", b"iCCP"])
def test_packed_png_texts_and_profiles_are_not_unpacked_without_end(kind: bytes) -> None:
    """Three hundred megabytes of zeros in a comment or a colour profile never reach memory."""
    bomb = hostile.chunk(kind, b"name\x00\x00" + hostile.zeros_packed(300))
    decoded_or_refused(hostile.png(64, 64, [bomb]))


def test_many_png_texts() -> None:
    """A thousand comments of a megabyte each are stopped together as well."""
    bomb = hostile.chunk(b"zTXt", b"name\x00\x00" + hostile.zeros_packed(1)[:-4])
    decoded_or_refused(hostile.png(64, 64, [bomb] * 1000))


@pytest.mark.parametrize(
    "data",
    [
        hostile.png(64, 64, [hostile.chunk(b"teXt", b"")] * 1_000_000),
        b"\xff\xd8" + b"\xff\xe5\x00\x02" * 3_000_000,
        hostile.gif(64, 64, before=b"!\xfe" + b"\x01a" * 4_000_000 + b"\x00"),
        hostile.gif(64, 64, before=b"!\xfe\x01a\x00" * 2_000_000),
    ],
    ids=["png chunks", "jpeg segments", "gif comment", "gif comments"],
)
def test_headers_in_millions_of_pieces(data: bytes) -> None:
    """A header that would be read for minutes is given up."""
    assert "too many small pieces" in refused(data)


def test_blocks_after_the_first_frame_are_walked_to_a_bound() -> None:
    """Twenty million empty blocks behind the first frame do not hold up its count."""
    picture = decoded_or_refused(hostile.gif(8, 8)[:-1] + b"!\xfe" + b"\x01a" * 20_000_000 + b"\x00;")
    assert picture is not None
    assert picture.frames == 1


def test_a_jpeg_of_very_many_scans() -> None:
    """Each scan costs a pass over all pixels: a file with hundreds is refused unseen."""
    data = encoded(SCENE, "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    assert "scans" in refused(data[:-2] + data[last:-2] * 200 + b"\xff\xd9")


def test_a_clip_behind_a_jpeg_is_not_taken_for_scans() -> None:
    """Phones append a video to the photograph: whatever bytes it holds, the photograph is opened."""
    picture = decoded_or_refused(encoded(SCENE) + b"\x00\x00\x00\x18ftypmp42" + b"\xff\xda\x00" * 500)
    assert picture is not None
    assert picture.width == 96


@pytest.mark.parametrize("tail", [b"PK\x03\x04 an archive", b"<script>alert(1)</script>", bytes(100_000)])
@pytest.mark.parametrize("name", ["JPEG", "PNG", "GIF"])
def test_a_polyglot_is_only_its_picture(name: str, tail: bytes) -> None:
    """A file that is also an archive or a page is opened as the picture that its first bytes say it is."""
    picture = decoded_or_refused(encoded(SCENE, name) + tail)
    assert picture is not None
    assert (picture.width, picture.height) == (96, 64)


def test_a_name_or_a_wrapper_decides_nothing() -> None:
    """The content decides the type; a picture behind other bytes is not searched for."""
    assert decode(encoded(SCENE, "PNG")).media_type == "image/png"
    refused(b"<html>" + encoded(SCENE, "PNG"))


@pytest.mark.parametrize("name", list(MEDIA_TYPES))
@given(share=st.floats(0, 0.999))
@settings(max_examples=25, deadline=None)
def test_a_cut_file_is_refused_or_whole(name: str, share: float) -> None:
    """Wherever a file ends, it is refused in a sentence, or everything that is shown was there."""
    data = encoded(SCENE, name)
    picture = decoded_or_refused(data[: int(share * len(data))])
    if picture is not None:
        assert np.abs(levels(picture.pixels) - levels(decode(data).pixels)).max() == 0


@pytest.mark.parametrize("name", ["JPEG", "PNG"])
def test_half_a_photograph_is_said_to_be_cut_short(name: str) -> None:
    """The commonest damage, a broken download, is named."""
    data = encoded(SCENE, name)
    assert "cut short" in refused(data[: len(data) // 2])


@pytest.mark.parametrize("name", list(MEDIA_TYPES))
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_garbled_bytes_never_escape(name: str, data: st.DataObject) -> None:
    """Flipped, overwritten or removed bytes anywhere give a picture or a sentence, nothing else."""
    raw = bytearray(encoded(SCENE, name, **({"exif": b"Exif\0\0" + bytes(40)} if name == "JPEG" else {})))
    for _ in range(data.draw(st.integers(1, 6))):
        near_the_header = data.draw(st.booleans())
        at = data.draw(st.integers(0, min(200, len(raw) - 1) if near_the_header else len(raw) - 1))
        noise = data.draw(st.binary(min_size=1, max_size=8))
        raw[at : at + data.draw(st.sampled_from([len(noise), 0]))] = noise
    decoded_or_refused(bytes(raw))


SIGNATURES: dict[str, bytes] = {
    "jpeg": b"\xff\xd8\xff",
    "png": b"\x89PNG\r\n\x1a\n",
    "gif": b"GIF89a",
    "webp": b"RIFF\x40\x00\x00\x00WEBPVP8 ",
    "avif": b"\x00\x00\x00\x1cftypavif",
    "tiff": b"II*\x00",
    "big tiff": b"MM\x00\x2b\x00\x08\x00\x00",
    "bmp": b"BM",
}


@pytest.mark.parametrize("signature", list(SIGNATURES.values()), ids=list(SIGNATURES))
@given(rest=st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_a_signature_and_noise(signature: bytes, rest: bytes) -> None:
    """The first bytes of a format with anything behind them are refused or shown, never a crash."""
    decoded_or_refused(signature + rest)


@given(noise=st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_garbled_exif_costs_no_picture(noise: bytes) -> None:
    """Whatever stands in the EXIF block, the photograph is still seen."""
    body = b"Exif\x00\x00" + noise
    plain = encoded(SCENE)
    data = plain[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + plain[2:]
    picture = decoded_or_refused(data)
    assert picture is not None
    assert {picture.width, picture.height} == {96, 64}


RECORDED: dict[str, Callable[[Picture], bool]] = {
    "images/DSCN0010_gps.jpg": lambda picture: (picture.width, picture.height) == (640, 480),
    "images/exif_gps.jpg": lambda picture: picture.width > 0,
    "images/hopper.avif": lambda picture: (picture.width, picture.height) == (128, 128),
    "c2pa/A_no_manifest.jpg": lambda picture: picture.width > 500,
    "c2pa/C.jpg": lambda picture: picture.width > 500,
}


@pytest.mark.parametrize("path", list(RECORDED))
def test_recorded_pictures_open(path: str, shared: Path) -> None:
    """Published samples of cameras and libraries decode to what they show."""
    data = (shared / "fixtures" / path).read_bytes()
    picture = decoded_or_refused(data)
    assert picture is not None
    assert RECORDED[path](picture)


@pytest.mark.parametrize("name", ["images/decompression_bomb.gif", "images/hopper.heif"])
def test_recorded_traps_are_refused(name: str, shared: Path) -> None:
    """A published bomb, and a format that is not opened."""
    assert refused((shared / "fixtures" / name).read_bytes())
