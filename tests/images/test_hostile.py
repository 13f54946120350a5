"""Whatever bytes arrive, the answer is a picture or one sentence, soon, and in little memory."""

from __future__ import annotations

import pickle
import re
import struct
import time
import tracemalloc
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.images.decode import Limits, Picture, PictureRefused, decode
from bot.images.iptc import Filed, filed
from bot.images.metadata import Metadata, metadata
from bot.images.prepared import prepare
from tests.images.heics import HEIC, sized
from tests.images.pictures import encoded, scene

WIDTH, HEIGHT = 96, 64
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "TIFF", "BMP")
WHOLE = {name: encoded(scene(11, WIDTH, HEIGHT), name) for name in FORMATS} | {"HEIC": HEIC}
PROGRESSIVE = encoded(scene(11, WIDTH, HEIGHT), progressive=True)


def opened(data: bytes) -> Picture | str:
    """The picture, or the sentence it is refused with."""
    try:
        return decode(data)
    except PictureRefused as refused:
        return str(refused)


def chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *extra: bytes) -> bytes:
    """A bilevel PNG of one tone, built by hand, so that it may be far larger than its file."""
    packer = zlib.compressobj(9)
    row = b"\0" + bytes((width + 7) // 8)
    pixels = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = (chunk(b"IHDR", header), *extra, chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_an_empty_file() -> None:
    """Nothing at all is refused as such."""
    with pytest.raises(PictureRefused, match=r"^the file is empty$"):
        decode(b"")


@pytest.mark.parametrize("data", [b"\0", b"hello", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7\n", b"II"])
def test_other_things_are_no_pictures(data: bytes) -> None:
    """Texts, drawings and documents are told apart from damaged pictures."""
    with pytest.raises(PictureRefused, match=r"not a picture that Dateline opens \(JPEG, PNG"):
        decode(data)


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("kept", [0.02, 0.1, 0.3, 0.5, 0.8, 0.9])
def test_cut_short(name: str, kept: float) -> None:
    """A file cut short is refused, wherever it was cut; half a picture is never shown as a whole one."""
    data = WHOLE[name]
    answer = opened(data[: int(len(data) * kept)])
    assert isinstance(answer, str)
    assert re.search("cut short|not a picture", answer)


@pytest.mark.parametrize("name", ["JPEG", "PNG", "GIF"])
def test_garbled_is_not_called_cut_short(name: str) -> None:
    """A picture garbled in the middle with its end in place is damaged, not cut short."""
    data = WHOLE[name]
    middle = len(data) // 2
    garbled = data[:middle] + bytes(range(256)) * 8 + data[middle:]
    assert opened(garbled) == "the picture is damaged"


@given(st.sampled_from([*WHOLE.values(), PROGRESSIVE]), st.data())
@settings(max_examples=150, deadline=None)
def test_cut_anywhere(data: bytes, draw: st.DataObject) -> None:
    """Cut at any byte, a file is refused in a sentence, or was whole but for its trailer."""
    at = draw.draw(st.integers(0, len(data) - 1))
    answer = opened(data[:at])
    assert isinstance(answer, str) or (answer.width, answer.height) == (WIDTH, HEIGHT)


@given(st.sampled_from([*WHOLE.values(), PROGRESSIVE]), st.data())
@settings(max_examples=250, deadline=None)
def test_garbled_bytes(data: bytes, draw: st.DataObject) -> None:
    """Bytes changed, dropped or put in anywhere, header or pixels, give a picture or a sentence, never a crash."""
    garbled = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 6))):
        # half of the damage hits the header, where formats are described
        most = len(garbled) - 1 if draw.draw(st.booleans()) else min(len(garbled) - 1, 200)
        at = draw.draw(st.integers(0, most))
        garbled[at : at + draw.draw(st.integers(0, 4))] = draw.draw(st.binary(max_size=4))
    answer = opened(bytes(garbled))
    assert answer if isinstance(answer, str) else answer.pixels.mode == "RGB"
    metadata(bytes(garbled))


@given(st.binary(max_size=400), st.sampled_from([data[:40] for data in WHOLE.values()]))
@settings(max_examples=150, deadline=None)
def test_noise_after_a_good_beginning(noise: bytes, start: bytes) -> None:
    """A good signature with anything behind it gives a picture or a sentence."""
    assert opened(start + noise)


def test_two_hundred_megapixels() -> None:
    """A tiny file that unfolds to 200 megapixels is refused by its header, before a pixel is unpacked."""
    data = png(20_000, 10_000)
    assert len(data) < 100_000
    tracemalloc.start()
    began = time.perf_counter()
    with pytest.raises(PictureRefused, match="is 200 megapixels, more than the 40 that Dateline opens"):
        decode(data)
    took, (_, peak) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < 1.0
    assert peak < 5_000_000


def test_metadata_of_two_hundred_megapixels() -> None:
    """What is refused for its size is not asked for its metadata: a PNG would unfold its pixels to tell."""
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    told = chunk(b"eXIf", exif.tobytes().removeprefix(b"Exif\0\0"))
    assert metadata(png(64, 64, told)).camera == "Camera"
    assert metadata(png(20_000, 10_000, told)) == Metadata()


@pytest.mark.parametrize("size", [(65_500, 65_500), (65_500, 2_000)])
def test_a_jpeg_that_lies_about_its_size(size: tuple[int, int]) -> None:
    """A JPEG whose header claims more than is opened is refused, whatever it holds."""
    data = bytearray(WHOLE["JPEG"])
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", *size)
    with pytest.raises(PictureRefused, match="megapixels"):
        decode(bytes(data))


def test_a_gif_that_lies_about_its_size() -> None:
    """A GIF with a huge frame is refused before the frame is laid out."""
    data = bytearray(WHOLE["GIF"])
    data[6:10] = struct.pack("<HH", 65_535, 65_535)
    assert "megapixels" in str(opened(bytes(data)))


def test_limits_are_the_callers() -> None:
    """Tighter limits hold, and are named in the sentence."""
    data = WHOLE["PNG"]
    with pytest.raises(PictureRefused, match="more than the 0 MB"):
        decode(data, Limits(byte_size=len(data) - 1))
    with pytest.raises(PictureRefused, match="megapixels"):
        decode(data, Limits(pixels=WIDTH * HEIGHT - 1))
    assert decode(data, Limits(byte_size=len(data), pixels=WIDTH * HEIGHT)).width == WIDTH


def test_a_picture_of_the_largest_size() -> None:
    """At the limit itself a picture is opened, within a gigabyte."""
    picture = decode(png(8_000, 5_000))
    assert (picture.width, picture.height) == (8_000, 5_000)


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"iCCP"])
def test_compressed_chunks_do_not_unfold(kind: bytes) -> None:
    """A chunk of text or a colour profile that unfolds to 200 MB is not unfolded."""
    folded = zlib.compress(bytes(200_000_000), 9)
    body = {b"zTXt": b"k\0\0", b"iTXt": b"k\0\1\0\0\0", b"iCCP": b"k\0\0"}[kind] + folded
    tracemalloc.start()
    opened(png(64, 64, chunk(kind, body)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000


def test_ten_thousand_frames() -> None:
    """Frames are counted, not decoded; the count of a file that has more ends at the limit."""
    frame = encoded(Image.new("P", (1, 1)), "GIF")
    start = frame.index(b"\x2c")
    head, block = frame[:start], frame[start:-1]
    began = time.perf_counter()
    assert decode(head + block * 9_999 + b";").frames == 9_999
    assert decode(head + block * 200_000 + b";").frames == 10_000
    assert time.perf_counter() - began < 3.0


def test_a_tiff_that_runs_in_circles() -> None:
    """A chain of directories that comes back to itself ends."""
    data = bytearray(WHOLE["TIFF"])
    first = struct.unpack("<I", data[4:8])[0]
    entries = struct.unpack("<H", data[first : first + 2])[0]
    data[first + 2 + 12 * entries : first + 6 + 12 * entries] = struct.pack("<I", first)
    assert decode(bytes(data)).frames == 1


def test_a_damaged_tiff_says_nothing_by_itself(capfd: pytest.CaptureFixture[str]) -> None:
    """The library that unpacks TIFF complains to nobody: the sentence is all that a person reads."""
    data = encoded(scene(11, WIDTH, HEIGHT), "TIFF", compression="tiff_lzw")
    assert opened(data[:8] + bytes(300) + data[308:]) == "the picture is damaged or cut short"
    assert capfd.readouterr().err == ""


def test_a_jpeg_of_a_thousand_scans() -> None:
    """A progressive JPEG that makes the decoder pass over it again and again is refused."""
    start = PROGRESSIVE.index(b"\xff\xda")
    stop = PROGRESSIVE.index(b"\xff", start + 2 + struct.unpack(">H", PROGRESSIVE[start + 2 : start + 4])[0])
    while PROGRESSIVE[stop + 1] == 0:
        stop = PROGRESSIVE.index(b"\xff", stop + 1)
    with pytest.raises(PictureRefused, match="scans"):
        decode(PROGRESSIVE[:stop] + PROGRESSIVE[start:stop] * 1_000 + PROGRESSIVE[stop:])


def test_a_progressive_jpeg_is_a_picture() -> None:
    """The scans that cameras and web servers write are no bomb."""
    assert decode(PROGRESSIVE).width == WIDTH


def test_a_header_in_millions_of_pieces() -> None:
    """A PNG of empty chunks without end is refused soon, instead of being read for minutes."""
    began = time.perf_counter()
    answer = opened(png(64, 64, chunk(b"teXt", b"") * 1_000_000))
    assert isinstance(answer, str)
    assert time.perf_counter() - began < 2.0


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8" + b"\xff\xe5\x00\x02" * 2_000_000,
        WHOLE["GIF"][:13] + b"!\xfe" + b"\x01a" * 2_000_000 + b"\x00",
        WHOLE["GIF"][:13] + b"!\xfe\x01a\x00" * 1_000_000,
    ],
    ids=["jpeg segments", "one gif comment", "gif comments"],
)
def test_other_headers_in_millions_of_pieces(data: bytes) -> None:
    """Empty segments and comments of one letter are given up as soon, and the sentence says why."""
    began = time.perf_counter()
    assert "too many small pieces" in str(opened(data))
    assert time.perf_counter() - began < 2.0


def test_blocks_behind_the_first_frame_are_walked_to_a_bound() -> None:
    """Millions of tiny blocks behind the first frame do not hold up the count of frames."""
    began = time.perf_counter()
    assert decode(WHOLE["GIF"][:-1] + b"!\xfe" + b"\x01a" * 20_000_000 + b"\x00;").frames == 1
    assert time.perf_counter() - began < 2.0


def test_many_packed_texts_are_stopped_together() -> None:
    """A thousand texts that unfold to a megabyte each never fill the memory, though each is allowed by itself."""
    text = chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(1_000_000), 9))
    tracemalloc.start()
    opened(png(64, 64, *[text] * 1_000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000_000


def test_a_clip_behind_a_photograph_is_not_taken_for_scans() -> None:
    """Phones append a video to a photograph: whatever bytes it holds, the photograph is opened."""
    clip = b"\x00\x00\x00\x18ftypmp42" + b"\xff\xda\x00" * 500
    assert decode(WHOLE["JPEG"] + clip).width == WIDTH


@given(st.sampled_from([*WHOLE]), st.floats(0, 0.999))
@settings(max_examples=80, deadline=None)
def test_what_is_shown_of_a_cut_file_was_all_there(name: str, share: float) -> None:
    """A cut file that is opened all the same shows exactly the pixels of the whole one."""
    answer = opened(WHOLE[name][: int(share * len(WHOLE[name]))])
    assert isinstance(answer, str) or answer.pixels.tobytes() == decode(WHOLE[name]).pixels.tobytes()


def test_a_polyglot_is_what_it_begins_with() -> None:
    """A picture with a web page, an archive or another picture behind it is that picture, and no more."""
    for tail in (b"<script>alert(1)</script>", b"PK\x03\x04" + bytes(100), WHOLE["PNG"], b"\0" * 100_000):
        for name in ("JPEG", "PNG", "GIF"):
            answer = opened(WHOLE[name] + tail)
            assert not isinstance(answer, str)
            assert answer.media_type == f"image/{name.lower()}"


HUGE = 60_000


def lying(name: str) -> bytes:
    """A small file whose header claims `HUGE` by `HUGE` pixels."""
    data = bytearray(encoded(scene(11, WIDTH, HEIGHT), name, **({"lossless": True} if name == "WEBP" else {})))
    if name == "WEBP":  # VP8L: 14 bits each for width and height, less one, behind the signature (RFC 9649, 3.4)
        at = data.index(b"VP8L") + 9
        data[at : at + 4] = (16_383 | 16_383 << 14).to_bytes(4, "little")
    elif name == "AVIF":
        at = data.index(b"ispe") + 8
        data[at : at + 8] = struct.pack(">II", HUGE, HUGE)
    elif name == "BMP":
        data[18:26] = struct.pack("<ii", HUGE, HUGE)
    else:  # TIFF: the values of the tags 256 and 257
        first = struct.unpack("<I", data[4:8])[0]
        for entry in range(first + 2, first + 2 + 12 * struct.unpack("<H", data[first : first + 2])[0], 12):
            if struct.unpack("<H", data[entry : entry + 2])[0] in (256, 257):
                data[entry + 2 : entry + 12] = struct.pack("<HII", 4, 1, HUGE)
    return bytes(data)


@pytest.mark.parametrize("name", ["WEBP", "AVIF", "BMP", "TIFF", "HEIC"])
def test_every_format_may_lie_about_its_size(name: str) -> None:
    """A header that claims more than is opened is refused in a sentence, soon, whatever the format."""
    began = time.perf_counter()
    answer = opened(sized(HUGE, HUGE) if name == "HEIC" else lying(name))
    assert isinstance(answer, str)
    assert time.perf_counter() - began < 1.0


def test_boxes_that_claim_too_much() -> None:
    """A HEIC whose boxes reach beyond the file, hold themselves or name a thousand pictures is refused or opened."""
    for box in (b"meta", b"iloc", b"iinf", b"iprp", b"ipco", b"ipma", b"hvcC", b"mdat"):
        at = HEIC.index(box) - 4
        for size in (0, 1, 7, 8, 2**31, 2**32 - 1):
            answer = opened(HEIC[:at] + struct.pack(">I", size) + HEIC[at + 4 :])
            assert isinstance(answer, str) or answer.width == 96
    counted = HEIC.index(b"iinf") + 8
    assert opened(HEIC[:counted] + b"\xff\xff" + HEIC[counted + 2 :])


def test_directories_within_directories() -> None:
    """A TIFF whose directory names itself as its own part, or a thousand more after it, is one picture."""
    data = bytearray(WHOLE["TIFF"])
    first = struct.unpack("<I", data[4:8])[0]
    entry = first + 2
    data[entry : entry + 12] = struct.pack("<HHII", 330, 4, 1, first)  # SubIFDs
    assert opened(bytes(data))
    metadata(bytes(data))
    filed(bytes(data))


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
def test_thirty_megabytes_of_metadata(name: str) -> None:
    """A picture with a giant packet beside it is opened, or refused, in little time; the packet is not read."""
    plain, packet = WHOLE[name], b"<x>" + b"A" * 30_000_000
    if name == "JPEG":
        segments = (
            b"http://ns.adobe.com/xap/1.0/\0" + packet[at : at + 60_000] for at in range(0, len(packet), 60_000)
        )
        data = plain[:2] + b"".join(b"\xff\xe1" + struct.pack(">H", len(s) + 2) + s for s in segments) + plain[2:]
    elif name == "PNG":
        data = png(64, 64, chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet))
    else:
        body = b"XMP " + struct.pack("<I", len(packet)) + packet + b"\0" * (len(packet) % 2)
        data = plain[:4] + struct.pack("<I", len(plain) + len(body) - 8) + plain[8:] + body
    began = time.perf_counter()
    assert opened(data)
    assert (metadata(data), filed(data)) == (Metadata(), Filed())
    assert time.perf_counter() - began < 10.0


@pytest.mark.parametrize("prefix", [b"%PDF-1.7\n", b"PK\x03\x04", b"<html>", b"\x00", b"GIF89a"])
def test_a_picture_behind_something_else_is_not_one(prefix: bytes) -> None:
    """What begins as another kind of file is that, whatever follows it."""
    assert isinstance(opened(prefix + WHOLE["JPEG"]), str)


@pytest.mark.parametrize("name", WHOLE)
def test_names_say_nothing(name: str) -> None:
    """A picture is opened by its content; no name is even asked for, so a wrong one misleads nobody."""
    answer = opened(WHOLE[name])
    assert not isinstance(answer, str)
    assert answer.media_type == f"image/{name.lower()}"


def test_a_page_that_begins_like_a_picture() -> None:
    """A script behind a picture's signature is no picture."""
    answer = opened(b"GIF89a=1;alert(document.cookie)//" + b" " * 50)
    assert isinstance(answer, str)


@pytest.mark.parametrize(
    "garbage", [b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0MM\0*" + b"\xff" * 60, b"Exif\0\0" + bytes(60)]
)
def test_garbage_in_exif_costs_nothing_but_itself(garbage: bytes) -> None:
    """A picture with a damaged EXIF block is opened as it is stored."""
    segment = b"\xff\xe1" + struct.pack(">H", len(garbage) + 2) + garbage
    data = WHOLE["JPEG"][:2] + segment + WHOLE["JPEG"][2:]
    picture = decode(data)
    assert (picture.width, picture.height) == (WIDTH, HEIGHT)
    assert metadata(data).taken_at is None


def test_an_exif_directory_that_points_at_itself() -> None:
    """Directories that name themselves as their own parts are read once."""
    entry = struct.pack("<HHII", 0x8769, 4, 1, 8)
    garbage = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 1) + entry + struct.pack("<I", 8)
    segment = b"\xff\xe1" + struct.pack(">H", len(garbage) + 2) + garbage
    assert decode(WHOLE["JPEG"][:2] + segment + WHOLE["JPEG"][2:]).width == WIDTH


def test_no_pixels() -> None:
    """A picture without width or height is refused."""
    data = bytearray(WHOLE["GIF"])
    data[6:10] = bytes(4)
    answer = opened(bytes(data))
    assert isinstance(answer, str) or answer.width > 0


def test_refusals_are_one_sentence_without_machinery() -> None:
    """What a reporter reads names the fault, not the library."""
    sentences = {str(opened(data[: len(data) // 2])) for data in WHOLE.values()} | {str(opened(b"x"))}
    for sentence in sentences:
        assert re.fullmatch(r"the (file|picture) .*[^.]", sentence)
        assert not re.search(r"PIL|Pillow|Error|object at|0x", sentence)


def test_what_is_decoded_crosses_between_processes() -> None:
    """A prepared picture can be sent to another process and is bounded: a worker can do the decoding."""
    prepared = prepare(encoded(scene(12, 1280, 960)))
    sent = pickle.dumps(prepared)
    assert len(sent) < 1_300_000
    assert pickle.dumps(pickle.loads(sent)) == sent


def test_decoding_in_many_threads() -> None:
    """Pictures decoded at once in threads neither disturb each other nor leave warnings unheard afterwards."""
    before = list(warnings.filters)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(opened, [*WHOLE.values(), *(data[:99] for data in WHOLE.values())] * 4))
    assert sum(isinstance(answer, Picture) for answer in answers) == 4 * len(WHOLE)
    assert list(warnings.filters) == before
