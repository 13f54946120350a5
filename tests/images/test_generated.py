"""Settings of image generators are known by their form, wherever they stand, and at no cost to hostile texts."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from bot.images.generated import generation
from bot.images.metadata import metadata
from tests.images.pictures import encoded

WRITTEN = {
    "parameters": "a castle at dusk\nNegative prompt: people\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1",
    "prompt": '{"3": {"inputs": {"seed": 5}, "class_type": "KSampler"}}',
    "Comment": '{"prompt": "a castle", "steps": 28, "sampler": "k_euler"}',
    "invokeai_metadata": '{"seed": 4, "positive_prompt": "a castle"}',
    "Description": "a castle --ar 3:2 --v 6 Job ID: 0f0e0d0c-1111-2222-3333-444455556666",
}
PLAIN = Image.new("RGB", (20, 20), "grey")


def png(**texts: str) -> bytes:
    """A PNG with these texts."""
    info = PngInfo()
    for key, value in texts.items():
        info.add_itxt(key, value, zip=len(value) > 1_000)
    return encoded(PLAIN, "PNG", pnginfo=info)


def jpeg(tag: int, value: str | bytes) -> bytes:
    """A JPEG with one tag of EXIF."""
    exif = Image.Exif()
    (exif.get_ifd(0x8769) if tag > 0x8000 else exif)[tag] = value
    return encoded(PLAIN, "JPEG", exif=exif)


@pytest.mark.parametrize(("key", "text"), WRITTEN.items())
def test_texts_of_a_png(key: str, text: str) -> None:
    """The chunk is named and its words are kept as they were written."""
    found = metadata(png(**{"Software": "Painter", key: text})).generation
    assert found is not None
    assert (found.where, found.text) == (f"PNG text “{key}”", text)


@pytest.mark.parametrize("order", ["utf-16-be", "utf-16-le"])
def test_a_user_comment_in_either_order(order: str) -> None:
    """Writers disagree on the order of bytes; the words are read in both."""
    text = WRITTEN["parameters"]
    found = metadata(jpeg(37510, b"UNICODE\0" + text.encode(order))).generation
    assert found is not None
    assert (found.where, found.text) == ("EXIF user comment", text)


def test_a_description_of_exif_and_of_xmp() -> None:
    """Both are looked at."""
    found = metadata(jpeg(270, WRITTEN["Description"])).generation
    assert found is not None
    assert found.where == "EXIF description"
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><rdf:Description><dc:description><rdf:Alt><rdf:li>'
        f"{WRITTEN['Description']}</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    found = metadata(encoded(PLAIN, "JPEG", xmp=packet.encode())).generation
    assert found is not None
    assert found.where == "XMP description"


@pytest.mark.parametrize(
    "text",
    ["Steps: a stone staircase in Lima", "parameters: 4", '{"title": "Steps"}', "Seed: bank", "The prompt reply", ""],
)
def test_words_that_only_sound_like_it(text: str) -> None:
    """A caption about steps, seeds or a prompt is no setting."""
    assert metadata(png(parameters=text, Description=text)).generation is None


@given(st.text(max_size=300), st.binary(max_size=300))
def test_any_text_is_read(text: str, raw: bytes) -> None:
    """Whatever stands in a text, the answer is a value."""
    made = Image.new("RGB", (1, 1))
    made.format = "PNG"
    made.info = {"parameters": text, "x": raw, text: text}
    generation(made, {37510: raw, 270: text, 271: 5}, {"{ns}description": text})


@pytest.mark.parametrize("piece", ["Steps: 1,", '"prompt":', '"class_type"' + " " * 9, "Job ID: ", "9", '"steps" : '])
def test_hostile_texts_take_no_time(piece: str) -> None:
    """A hundred texts of a million letters each, made to be gone over again and again, are done at once."""
    made = Image.new("RGB", (1, 1))
    made.format = "PNG"
    made.info = {f"key{number}": piece * (1_000_000 // len(piece)) for number in range(100)}
    begun = time.process_time()
    generation(made, {}, {})
    assert time.process_time() - begun < 2
