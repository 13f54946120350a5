"""What image generators leave in a file: the words and settings that a picture was made from.

They are known by their form, not by where they stand, since every program has its own place for them: text chunks of a
PNG, the comment or description of EXIF, a description in XMP. Anybody can add them to any picture, or take them out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from PIL import Image

from bot.images.embedded import clean

LONGEST: Final = 100_000
"""Code points of one text that are looked at; workflows of a hundred nodes have 60,000."""

MOST: Final = 50
"""Texts of one file that are looked at; generators write up to five."""

_EXIF_TEXTS: Final[Mapping[int, str]] = {
    37510: "EXIF user comment",
    270: "EXIF description",
    271: "EXIF make",
    272: "EXIF model",
}
"""Tags of EXIF 2.32 into which generators write."""

_PROMPT: Final = re.compile(r'"(?:positive_)?prompt"\s*:', re.IGNORECASE)
_SAMPLER: Final = re.compile(r'"(?:seed|sampler|steps|cfg_?scale|guidance_scale|scheduler)"\s*:', re.IGNORECASE)

_FORMS: Final = (
    # "Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1": AUTOMATIC1111, Forge, SD.Next, Civitai and others
    (re.compile(r"\bSteps: \d+,"), re.compile(r"\b(?:Sampler|CFG scale|Seed): ")),
    # JSON of ComfyUI: nodes by number, each with the class that does its work
    (re.compile(r'"class_type"\s*:\s*"[A-Za-z]'),),
    # JSON of InvokeAI, NovelAI, Draw Things, Fooocus, SwarmUI: words beside the numbers of a sampler
    (_PROMPT, _SAMPLER),
    # Midjourney's description: the words, its switches, and the number of the job
    (re.compile(r"\bJob ID: [0-9a-f]{8}-[0-9a-f]{4}-"),),
)
"""What all must stand in one text. Each is found in one pass: hostile texts cost no more than others."""


@dataclass(frozen=True, slots=True)
class Generation:
    """Parameters of a generator.

    Attributes:
        where: what of the file holds them.
        text: their beginning, as written.
    """

    where: str
    text: str


def generation(image: Image.Image, exif: Mapping[int, Any], xmp: Mapping[str, str]) -> Generation | None:
    """Return the first text of the file that has the form of generation parameters; None where there is none."""
    for where, text in islice(_texts(image, exif, xmp), MOST):
        if any(all(mark.search(text) for mark in form) for form in _FORMS):
            return Generation(where, clean(text))
    return None


def _texts(image: Image.Image, exif: Mapping[int, Any], xmp: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the texts of a file, each with what it stands in."""
    if image.format == "PNG":
        for key, value in list(image.info.items()):
            if isinstance(key, str) and isinstance(value, str) and key != "xmp":
                yield f"PNG text “{clean(key)[:40]}”", value[:LONGEST]
    for tag, where in _EXIF_TEXTS.items():
        text = _comment(exif.get(tag))
        if text:
            yield where, text
    for name, text in xmp.items():
        yield f"XMP {name.rpartition('}')[2]}", text


def _comment(value: Any) -> str:
    """Decode a text of EXIF: the code is named in eight bytes before a user comment (EXIF 2.32, 4.6.5)."""
    if isinstance(value, str):
        return value[:LONGEST]
    if not isinstance(value, bytes):
        return ""
    code, body = value[:8], value[8 : 8 + 2 * LONGEST]
    if code.startswith(b"UNICODE"):  # UTF-16 in an order that is not told: that in which more is plain letters
        texts = [body.decode(order, "replace") for order in ("utf-16-be", "utf-16-le")]
        return max(texts, key=lambda text: sum(letter < "\x80" for letter in text))
    return (body if code.startswith((b"ASCII\0", b"\0\0\0\0\0\0\0\0")) else value[:LONGEST]).decode("utf-8", "replace")
