"""What stands beside the pixels of a file, read within bounds: EXIF directories, IPTC-IIM texts, XMP properties.

Strangers write all of it, so whatever is damaged, too large or in another form is as if it were not there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from itertools import islice
from typing import Any, Final
from xml.etree import ElementTree

from PIL import Image, IptcImagePlugin, JpegImagePlugin, TiffImagePlugin

from bot.images.decode import DAMAGE

LARGEST_XMP: Final = 1_000_000
"""Bytes; real packets are under 100 kB."""
LONGEST_TEXT: Final = 10_000
"""Code points kept of one field; IPTC-IIM allows a caption 2,000 bytes."""

LONGEST_CODE: Final = 100
"""Code points of a term from a list: the longest digital source type has 36."""
MOST_DESCRIPTIONS: Final = 100
"""Descriptions of one packet that are read; writers make one, or one for each namespace."""

RDF: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"

_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825  # EXIF 2.32, 4.6.3
_CHARSET: Final = (1, 90)
_UTF8: Final = b"\x1b%G"


class _NoDoctype(ElementTree.TreeBuilder):
    """Builds a tree, but not of a document that declares a type: entities need one, and no writer of XMP does."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise ElementTree.ParseError("a document type")


def exif(image: Image.Image) -> tuple[Mapping[int, Any], Mapping[int, Any]]:
    """Return the tags of the main and the EXIF directory, and those of the position."""
    try:
        found = image.getexif()
        return {**found, **found.get_ifd(_EXIF_IFD)}, found.get_ifd(_GPS_IFD)
    except DAMAGE:
        return {}, {}


def iim(image: Image.Image) -> dict[tuple[int, int], str]:
    """Return the texts of the IPTC-IIM block by (record, dataset); of a repeated one (several by-lines) the first."""
    if not isinstance(image, (JpegImagePlugin.JpegImageFile, TiffImagePlugin.TiffImageFile)):
        return {}
    try:
        found = IptcImagePlugin.getiptcinfo(image) or {}
    except DAMAGE:
        return {}
    texts = {}
    for key, value in found.items():
        raw = value[0] if isinstance(value, list) and value else value
        if isinstance(raw, bytes):
            texts[key] = _decoded(raw, found.get(_CHARSET) == _UTF8)
    return texts


def xmp(image: Image.Image, names: Collection[str]) -> dict[str, str]:
    """Return those XMP properties that are asked for, by `{namespace}name`; of a list the first item.

    A packet with a document type is left alone (entity bombs), in whatever encoding it is written.
    """
    packet = image.info.get("xmp")
    raw = packet.encode("utf-8", "replace") if isinstance(packet, str) else packet
    if not isinstance(raw, bytes) or len(raw) > LARGEST_XMP:
        return {}
    try:
        parser = ElementTree.XMLParser(target=_NoDoctype())  # noqa: S314 - no document type, so no entities
        parser.feed(raw.strip(b"\0 \r\n\t"))
        root = parser.close()
    except (ElementTree.ParseError, *DAMAGE):
        return {}
    found: dict[str, str] = {}
    for description in islice(root.iter(f"{RDF}Description"), MOST_DESCRIPTIONS):
        for name in names:
            element = description.find(name)
            text = clean(description.get(name) or (_first_text(element) if element is not None else ""))
            if text:
                found.setdefault(name, text)
    return found


def _first_text(element: ElementTree.Element) -> str:
    """Return the text of a property: of a list (`rdf:Alt`, `rdf:Seq`, `rdf:Bag`) the first item's."""
    item = element.find(f".//{RDF}li")
    text = "".join((element if item is None else item).itertext())
    return text or element.get(f"{RDF}resource", "")


def _decoded(raw: bytes, declared_utf8: bool) -> str:
    """Decode an IPTC text: UTF-8 where declared or where it is, else Latin-1, which its writers mostly meant."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("utf-8", "replace") if declared_utf8 else raw.decode("latin-1")
    return clean(text)


def last_word(term: str) -> str:
    """Return the last word of a term that is named by an address, as IPTC names its own; a word alone is itself."""
    return re.split("[/#:]", term.rstrip("/#"))[-1].strip()[:LONGEST_CODE]


def clean(text: Any) -> str:
    """Return a text without padding, cut where no caption ends; anything else is nothing."""
    return text.replace("\0", "").strip()[:LONGEST_TEXT] if isinstance(text, str) else ""
