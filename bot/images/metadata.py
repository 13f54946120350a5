"""What a picture file says of itself: EXIF, IPTC and XMP. All of it can be forged or stripped; none of it is proof."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from xml.etree import ElementTree

from PIL import Image, IptcImagePlugin, JpegImagePlugin, TiffImagePlugin

from bot.images.decode import DAMAGE, DEFAULT, Limits, PictureRefused, opened, quiet

# Tags of EXIF 2.32 and datasets of IPTC-IIM 4.2 (record 2), by their numbers there.
_EXIF_IFD: Final = 0x8769
_GPS_IFD: Final = 0x8825
_MAKE, _MODEL, _SOFTWARE = 271, 272, 305
_DATE_TIME_ORIGINAL, _OFFSET_TIME_ORIGINAL = 36867, 36881
_IPTC_CHARSET: Final = (1, 90)
_IPTC_DATE, _IPTC_TIME = (2, 55), (2, 60)
_IPTC_BYLINE, _IPTC_CREDIT, _IPTC_CAPTION = (2, 80), (2, 110), (2, 120)
_UTF8: Final = b"\x1b%G"

_XMP_NAMESPACES: Final = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
}
LARGEST_XMP: Final = 1_000_000
"""Bytes; real packets are under 100 kB."""
LONGEST_TEXT: Final = 10_000
"""Code points kept of a caption; IPTC-IIM allows 2,000 bytes."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a file states.

    Attributes:
        taken_at: EXIF DateTimeOriginal, by a clock that nobody checked; without a zone unless `taken_at_has_zone`.
        taken_at_has_zone: whether the file tells the clock's zone.
        iptc_date: IPTC or XMP date of creation, aware; a date without a zone is taken as UTC.
        caption: IPTC or XMP caption.
        credit: IPTC or XMP credit, else the by-line.
        gps_present: whether a position is in the file; the position itself is never handed out here.
        software: the program that says it wrote the file.
        camera: make and model.
    """

    taken_at: datetime | None = None
    taken_at_has_zone: bool = False
    iptc_date: datetime | None = None
    caption: str = ""
    credit: str = ""
    gps_present: bool = False
    software: str = ""
    camera: str = ""

    def shown(self) -> Mapping[str, Any]:
        """Return what is there, for showing to a person; empty where the file says nothing."""
        values: dict[str, Any] = {
            "taken_at": self.taken_at.isoformat() if self.taken_at else None,
            "iptc_date": self.iptc_date.isoformat() if self.iptc_date else None,
            "caption": self.caption,
            "credit": self.credit,
            "gps_present": self.gps_present,
            "software": self.software,
            "camera": self.camera,
        }
        return {name: value for name, value in values.items() if value}


def metadata(data: bytes, limits: Limits = DEFAULT) -> Metadata:
    """Read what a picture says of itself; what is damaged or absent is left out, and nothing is guessed."""
    if len(data) > limits.byte_size:
        return Metadata()
    try:
        with quiet(), opened(data, limits) as image:
            return _read(image)
    except (PictureRefused, *DAMAGE):
        return Metadata()


def _read(image: Image.Image) -> Metadata:
    exif, gps_present = _exif(image)
    iptc = _iptc(image)
    xmp = _xmp(image.info.get("xmp"))
    taken_at, has_zone = _taken_at(exif)
    return Metadata(
        taken_at=taken_at,
        taken_at_has_zone=has_zone,
        iptc_date=_iptc_date(iptc) or _xmp_date(xmp.get("photoshop:DateCreated", "")),
        caption=_first(iptc.get(_IPTC_CAPTION, ""), xmp.get("dc:description", "")),
        credit=_first(
            iptc.get(_IPTC_CREDIT, ""),
            xmp.get("photoshop:Credit", ""),
            iptc.get(_IPTC_BYLINE, ""),
            xmp.get("dc:creator", ""),
        ),
        gps_present=gps_present,
        software=_text(exif.get(_SOFTWARE)),
        camera=" ".join(filter(None, (_text(exif.get(_MAKE)), _text(exif.get(_MODEL))))),
    )


def _first(*texts: str) -> str:
    return next((text for text in texts if text), "")


def _exif(image: Image.Image) -> tuple[dict[int, Any], bool]:
    """Return the tags of the main and the EXIF directory, and whether there is a position."""
    try:
        exif = image.getexif()
        return {**exif, **exif.get_ifd(_EXIF_IFD)}, bool(exif.get_ifd(_GPS_IFD))
    except DAMAGE:
        return {}, False


def _taken_at(exif: Mapping[int, Any]) -> tuple[datetime | None, bool]:
    written = _text(exif.get(_DATE_TIME_ORIGINAL))
    offset = _text(exif.get(_OFFSET_TIME_ORIGINAL))
    for text, form in ((written + offset, "%Y:%m:%d %H:%M:%S%z"), (written, "%Y:%m:%d %H:%M:%S")):
        try:
            moment = datetime.strptime(text, form)  # noqa: DTZ007 - a camera's clock without a zone stays without
        except ValueError:
            continue
        return moment, moment.tzinfo is not None
    return None, False


def _iptc(image: Image.Image) -> dict[tuple[int, int], str]:
    """Return the texts of the IPTC-IIM block, by (record, dataset)."""
    if not isinstance(image, (JpegImagePlugin.JpegImageFile, TiffImagePlugin.TiffImageFile)):
        return {}
    try:
        found = IptcImagePlugin.getiptcinfo(image) or {}
    except DAMAGE:
        return {}
    texts = {}
    for key, value in found.items():
        raw = value[0] if isinstance(value, list) and value else value
        if isinstance(raw, bytes) and key != _IPTC_CHARSET:
            texts[key] = _decode(raw, found.get(_IPTC_CHARSET) == _UTF8)
    return texts


def _decode(raw: bytes, declared_utf8: bool) -> str:
    """Decode an IPTC text: UTF-8 where declared or where it is, else Latin-1, which its writers mostly meant."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("utf-8", "replace") if declared_utf8 else raw.decode("latin-1")
    return _text(text)


def _iptc_date(iptc: Mapping[tuple[int, int], str]) -> datetime | None:
    """Read date (CCYYMMDD) and time (HHMMSS±HHMM) of creation; IPTC allows zeros for an unknown month or day."""
    day, time = iptc.get(_IPTC_DATE, ""), iptc.get(_IPTC_TIME, "")
    for text, form in ((day + time, "%Y%m%d%H%M%S%z"), (day, "%Y%m%d")):
        try:
            moment = datetime.strptime(text, form)  # noqa: DTZ007 - a day without a zone is taken as UTC below
        except ValueError:
            continue
        return _aware(moment)
    return None


def _xmp(packet: Any) -> dict[str, str]:
    """Return the few XMP properties that are shown; a packet with a document type is left alone (entity bombs)."""
    raw = packet.encode() if isinstance(packet, str) else packet
    if not isinstance(raw, bytes) or len(raw) > LARGEST_XMP or re.search(rb"<!(DOCTYPE|ENTITY)", raw, re.I):
        return {}
    try:
        root = ElementTree.fromstring(raw.strip(b"\0 \r\n\t"))  # noqa: S314 - no document type, so no entities
    except ElementTree.ParseError:
        return {}
    found: dict[str, str] = {}
    for name in ("dc:description", "dc:creator", "photoshop:Credit", "photoshop:DateCreated"):
        prefix, _, local = name.partition(":")
        tag = f"{{{_XMP_NAMESPACES[prefix]}}}{local}"
        for description in root.iter(f"{{{_XMP_NAMESPACES['rdf']}}}Description"):
            element = description.find(tag)
            text = description.get(tag) or (
                " ".join("".join(element.itertext()).split()) if element is not None else ""
            )
            if text:
                found.setdefault(name, _text(text))
    return found


def _xmp_date(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return _aware(moment)


def _aware(moment: datetime) -> datetime | None:
    """Return the time, in UTC where no zone is told; None where it lies beyond what can be written in UTC."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        moment.astimezone(UTC)
    except OverflowError:
        return None
    return moment


def _text(value: Any) -> str:
    """Return a text without padding; anything else is nothing."""
    return value.replace("\0", "").strip()[:LONGEST_TEXT] if isinstance(value, str) else ""
