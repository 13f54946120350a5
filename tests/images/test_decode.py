"""Every format and colour mode comes out as the same upright 8-bit RGB picture."""

from __future__ import annotations

import hashlib
import io
import struct
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms

from bot.images.decode import PictureRefused, decode
from tests.images import heics
from tests.images.pictures import encoded, scene

WIDTH, HEIGHT = 120, 80
LOSSY = 16.0
"""Levels of 255 that lossy compression may put between grainy pictures; other pictures are 40 and more apart."""


def likeness(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures of one size, in levels of 255."""
    first, second = (np.asarray(image.convert("RGB"), dtype=float) for image in (one, other))
    return float(np.abs(first - second).mean())


@pytest.mark.parametrize(
    ("name", "media_type", "apart"),
    [
        ("JPEG", "image/jpeg", LOSSY),
        ("MPO", "image/jpeg", LOSSY),
        ("PNG", "image/png", 0.0),
        ("WEBP", "image/webp", LOSSY),
        ("AVIF", "image/avif", LOSSY),
        ("TIFF", "image/tiff", 0.0),
        ("BMP", "image/bmp", 0.0),
    ],
)
def test_formats(name: str, media_type: str, apart: float) -> None:
    """Each allowed format is known by its content and shows the picture it was made of."""
    original = scene(1, WIDTH, HEIGHT)
    data = encoded(original, name)
    picture = decode(data)
    assert (picture.media_type, picture.width, picture.height) == (media_type, WIDTH, HEIGHT)
    assert (picture.sha256, picture.byte_size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert (picture.pixels.mode, picture.pixels.size) == ("RGB", (WIDTH, HEIGHT))
    assert likeness(picture.pixels, original) <= apart


@pytest.mark.parametrize("name", ["JPEG", "PNG", "TIFF", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation(name: str, orientation: int) -> None:
    """A picture stored in any of the eight EXIF orientations is shown as it was seen."""
    original = scene(2, WIDTH, HEIGHT)
    stored = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = decode(encoded(original if stored is None else original.transpose(stored), name, exif=exif))
    assert (picture.width, picture.height) == (WIDTH, HEIGHT)
    assert likeness(picture.pixels, original) <= LOSSY


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_meaningless_orientation_is_ignored(orientation: int) -> None:
    """An orientation outside 1..8 leaves the picture as it is stored."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert decode(encoded(scene(2, WIDTH, HEIGHT), exif=exif)).width == WIDTH


def test_a_drafted_picture_keeps_its_stated_size() -> None:
    """A draft decodes fewer pixels of a JPEG, upright as well, and still tells the size of the file's picture."""
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = decode(encoded(scene(3, 1600, 800), exif=exif), draft=100)
    assert (picture.width, picture.height) == (800, 1600)
    assert picture.pixels.size == (100, 200)


def test_cmyk_jpeg() -> None:
    """A press picture in four inks shows its colours, not their negative."""
    original = scene(4, WIDTH, HEIGHT)
    picture = decode(encoded(original.convert("CMYK"), "JPEG", quality=95))
    assert likeness(picture.pixels, original) <= LOSSY


@pytest.mark.parametrize(("name", "mode"), [("PNG", "I;16"), ("TIFF", "I;16"), ("TIFF", "I"), ("TIFF", "F")])
def test_wide_greys_are_scaled_not_clipped(name: str, mode: str) -> None:
    """A grey of 16 bits or more keeps its tones: half way is mid-grey."""
    ramp = np.linspace(0, 65535, 256).round()[None, :].repeat(40, axis=0)
    kinds = {"I;16": np.uint16, "I": np.int32, "F": np.float32}
    picture = decode(encoded(Image.fromarray(ramp.astype(kinds[mode])), name))
    shown = np.asarray(picture.pixels)[0, :, 0].astype(int)
    assert np.abs(shown - np.arange(256)).max() <= 1


def test_floating_grey_of_unit_range() -> None:
    """A floating picture whose white is 1.0 is not shown black."""
    ramp = np.linspace(0, 1, 256, dtype=np.float32)[None, :].repeat(40, axis=0)
    shown = np.asarray(decode(encoded(Image.fromarray(ramp), "TIFF")).pixels)[0, :, 1].astype(int)
    assert np.abs(shown - np.arange(256)).max() <= 1


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_lies_over_white(mode: str) -> None:
    """Where a picture is see-through it is white, as on a page, whatever colour hides underneath."""
    image = Image.new("RGBA", (64, 64), (10, 20, 30, 255))
    image.paste((0, 0, 0, 0), (0, 0, 32, 64))
    picture = decode(encoded(image.convert(mode), "PNG"))
    assert picture.pixels.getpixel((5, 5)) == (255, 255, 255)
    red, green, blue = np.asarray(picture.pixels)[5, 60]
    assert max(red, green, blue) < 50


def test_palette_with_a_transparent_entry() -> None:
    """A palette's transparent entry is white; its other entries keep their colours."""
    image = Image.new("P", (64, 64), 0)
    image.putpalette([200, 0, 0, 0, 150, 0])
    image.paste(1, (32, 0, 64, 64))
    picture = decode(encoded(image, "PNG", transparency=0))
    assert picture.pixels.getpixel((5, 5)) == (255, 255, 255)
    assert picture.pixels.getpixel((60, 5)) == (0, 150, 0)


@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_plain_modes(mode: str) -> None:
    """Bilevel, grey and colour pictures come out in RGB with the tones they have."""
    original = scene(5, WIDTH, HEIGHT).convert(mode)
    assert likeness(decode(encoded(original, "PNG")).pixels, original) == 0.0


@pytest.mark.parametrize(("name", "options"), [("GIF", {}), ("PNG", {}), ("WEBP", {"lossless": True}), ("TIFF", {})])
def test_of_several_frames_the_first_is_shown(name: str, options: dict[str, object]) -> None:
    """An animation is known by its first frame, and how many there are is told."""
    colours = [(200, 0, 0), (0, 200, 0), (0, 0, 200)]
    frames = [Image.new("RGB", (50, 40), colour) for colour in colours]
    picture = decode(encoded(frames[0], name, save_all=True, append_images=frames[1:], **options))
    assert picture.frames == 3
    red, green, blue = np.asarray(picture.pixels)[20, 25].astype(int)
    assert red > 190
    assert max(green, blue) < 10


def test_a_name_says_nothing() -> None:
    """What a file is called, or what a server says it is, is never asked: only its bytes are."""
    assert decode(encoded(scene(6, WIDTH, HEIGHT), "GIF")).media_type == "image/gif"


@pytest.mark.parametrize("name", ["ICO", "PPM", "TGA", "PCX", "DDS", "ICNS", "PDF", "EPS"])
def test_other_formats_are_not_opened(name: str) -> None:
    """Formats that newsrooms do not meet, and their decoders, stay out of reach."""
    out = io.BytesIO()
    scene(7, 64, 64).save(out, name)
    with pytest.raises(PictureRefused, match="not a picture that Dateline opens"):
        decode(out.getvalue())


@pytest.mark.parametrize(
    ("name", "size"),
    [("images/hopper.avif", (128, 128)), ("images/DSCN0010_gps.jpg", (640, 480)), ("c2pa/C.jpg", None)],
)
def test_recorded_pictures(name: str, size: tuple[int, int] | None, shared: Path) -> None:
    """Published sample files open."""
    picture = decode((shared / "fixtures" / name).read_bytes())
    assert size is None or (picture.width, picture.height) == size


def test_a_recorded_heic_opens(shared: Path) -> None:
    """A published HEIC shows the picture of the AVIF beside it."""
    folder = shared / "fixtures" / "images"
    heic, avif = (decode((folder / name).read_bytes()) for name in ("hopper.heif", "hopper.avif"))
    assert (heic.media_type, heic.width, heic.height) == ("image/heic", avif.width, avif.height)
    assert likeness(heic.pixels, avif.pixels) <= LOSSY


def test_a_recorded_bomb_is_refused(shared: Path) -> None:
    """A published decompression bomb is not opened."""
    with pytest.raises(PictureRefused, match="40"):
        decode((shared / "fixtures" / "images" / "decompression_bomb.gif").read_bytes())


def test_heic() -> None:
    """A telephone's format is known by its content and shows what it was made of."""
    picture = decode(heics.HEIC)
    assert (picture.media_type, picture.width, picture.height, picture.frames) == ("image/heic", 96, 64, 1)
    assert likeness(picture.pixels, heics.drawn()) <= LOSSY


def test_a_heic_is_turned_as_its_boxes_say() -> None:
    """A picture that was held upright while the sensor lay across stands upright."""
    picture = decode(heics.turned())
    assert (picture.width, picture.height) == (64, 96)
    assert likeness(picture.pixels, heics.drawn().transpose(Image.Transpose.ROTATE_90)) <= LOSSY


def test_the_main_picture_of_a_heic_with_two() -> None:
    """Of several pictures in one file the one marked as the main one is shown, and the others are counted."""
    picture = decode(heics.TWO)
    assert picture.frames == 2
    assert likeness(picture.pixels, heics.drawn()) <= LOSSY


@pytest.mark.parametrize(("name", "depth"), [(".png", 3), (".png", 4), (".tiff", 3)])
def test_colours_of_16_bits(name: str, depth: int) -> None:
    """A picture of 16 bits a colour, see-through or not, keeps its tones."""
    original = scene(8, WIDTH, HEIGHT)
    wide = np.full((HEIGHT, WIDTH, depth), 65535, np.uint16)
    wide[:, :, :3] = np.asarray(original).astype(np.uint16)[:, :, ::-1] * 257
    written = cv2.imencode(name, wide)[1].tobytes()
    assert likeness(decode(written).pixels, original) == 0.0


@pytest.mark.parametrize("name", ["GIF", "PNG", "WEBP", "AVIF"])
def test_of_a_moving_picture_the_first_frame_is_shown(name: str) -> None:
    """Frames are counted, and the first is the picture, whatever follows."""
    first, *rest = (scene(seed, WIDTH, HEIGHT) for seed in range(4))
    picture = decode(encoded(first, name, save_all=True, append_images=rest, duration=100))
    assert picture.frames == 4
    assert likeness(picture.pixels, first) <= LOSSY


def swapped() -> bytes:
    """A colour profile by which red is green and green is red, made of the one for sRGB."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {}
    for at in range(132, 132 + 12 * struct.unpack(">I", profile[128:132])[0], 12):
        tags[bytes(profile[at : at + 4])] = struct.unpack(">II", profile[at + 4 : at + 12])
    (red, size), (green, _) = tags[b"rXYZ"], tags[b"gXYZ"]
    profile[red : red + size], profile[green : green + size] = profile[green : green + size], profile[red : red + size]
    named = bytes(profile).replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be"))
    assert named != bytes(profile)
    return named


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_colour_profile_is_followed(name: str) -> None:
    """A picture whose profile says that its reds are greens is shown as a browser shows it."""
    red = Image.new("RGB", (64, 64), (230, 20, 20))
    pixel = np.asarray(decode(encoded(red, name, icc_profile=swapped())).pixels)[32, 32].astype(int)
    assert np.abs(pixel - (20, 230, 20)).max() <= 6


@pytest.mark.parametrize("profile", [b"", b"icc", bytes(200), swapped()[:-300], swapped()[:128] + b"\xff" * 900])
def test_a_broken_profile_is_passed_over(profile: bytes) -> None:
    """A profile that cannot be read or followed costs nothing but itself."""
    red = Image.new("RGB", (64, 64), (230, 20, 20))
    assert decode(encoded(red, "PNG", icc_profile=profile)).pixels.getpixel((9, 9)) == (230, 20, 20)


def test_a_profile_for_other_pixels_is_passed_over() -> None:
    """A profile of colours in a grey picture, as some programs leave it there, changes nothing."""
    grey = Image.new("L", (64, 64), 120)
    assert decode(encoded(grey, "PNG", icc_profile=swapped())).pixels.getpixel((9, 9)) == (120, 120, 120)
