"""What a picture file says of itself. All of it can be forged or taken out; none of it is proof."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from PIL import Image

from bot.images import embedded
from bot.images.credentials import Credentials, credentials
from bot.images.decode import DAMAGE, DEFAULT, MEDIA_TYPES, Limits, PictureRefused, opened, quiet
from bot.images.embedded import clean, last_word
from bot.images.generated import Generation, generation
from bot.images.iptc import read_filed

# Tags of EXIF 2.32, by their numbers there.
_MAKE, _MODEL, _SOFTWARE = 271, 272, 305
_DATE_TIME_ORIGINAL, _OFFSET_TIME_ORIGINAL = 36867, 36881
_LATITUDE, _LONGITUDE = (1, 2), (3, 4)

_EXT: Final = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
_EXIF: Final = "{http://ns.adobe.com/exif/1.0/}"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_PROVENANCE: Final = "{http://purl.org/dc/terms/}provenance"
"""Where XMP names the address of a manifest that is not in the file (C2PA 2.1, 11.4)."""
_SOURCE_TYPE, _SYSTEM = _EXT + "DigitalSourceType", _EXT + "AISystemUsed"
_PLACE: Final = (_EXIF + "GPSLatitude", _EXIF + "GPSLongitude")
_SAID: Final = (_EXIF + "UserComment", _DC + "description")
"""Properties into which generators write what a picture was made from."""
_DEGREES: Final = re.compile(r"(\d{1,3}),(\d{1,2}(?:\.\d+)?)(?:,(\d{1,2}(?:\.\d+)?))?([NSEW])")
"""A coordinate of XMP: degrees, minutes with their fraction or seconds, and the side (XMP part 2, 4.3)."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a file states.

    Attributes:
        taken_at: EXIF DateTimeOriginal, by a clock that nobody checked; without a zone unless `taken_at_has_zone`.
        taken_at_has_zone: whether the file tells the clock's zone.
        iptc_date: IPTC or XMP date of creation, aware; a date without a zone is taken as UTC.
        caption: IPTC or XMP caption.
        credit: IPTC or XMP credit, else the by-line.
        gps_present: whether a position is in the file.
        gps: latitude and longitude in degrees, where they can be read; for the one who asks, never for a channel.
        software: the program that says it wrote the file.
        camera: make and model.
        source_type: IPTC digital source type, its last word; `cv.iptc.org/newscodes/digitalsourcetype` lists them.
        system: IPTC AI system used.
        generation: what a generator has left of its settings.
        credentials: Content Credentials (C2PA).
    """

    taken_at: datetime | None = None
    taken_at_has_zone: bool = False
    iptc_date: datetime | None = None
    caption: str = ""
    credit: str = ""
    gps_present: bool = False
    gps: tuple[float, float] | None = None
    software: str = ""
    camera: str = ""
    source_type: str = ""
    system: str = ""
    generation: Generation | None = None
    credentials: Credentials | None = None

    def shown(self) -> Mapping[str, Any]:
        """Return what is there as JSON values; empty where the file says nothing."""
        values: dict[str, Any] = {
            "taken_at": self.taken_at.isoformat() if self.taken_at else None,
            "iptc_date": self.iptc_date.isoformat() if self.iptc_date else None,
            "caption": self.caption,
            "credit": self.credit,
            "gps_present": self.gps_present,
            "gps": {"lat": self.gps[0], "lon": self.gps[1]} if self.gps else None,
            "software": self.software,
            "camera": self.camera,
            "source_type": self.source_type,
            "system": self.system,
            "generation": asdict(self.generation) if self.generation else None,
            "credentials": asdict(self.credentials) if self.credentials else None,
        }
        return {name: value for name, value in values.items() if value}


def metadata(data: bytes, limits: Limits = DEFAULT) -> Metadata:
    """Read what a picture says of itself; what is damaged or absent is left out, and nothing is guessed."""
    if len(data) > limits.byte_size:
        return Metadata()
    try:
        with quiet(), opened(data, limits) as image:
            return _read(image, data)
    except (PictureRefused, *DAMAGE):
        return Metadata()


def _read(image: Image.Image, data: bytes) -> Metadata:
    exif, position = embedded.exif(image)
    xmp = embedded.xmp(image, (_PROVENANCE, _SOURCE_TYPE, _SYSTEM, *_PLACE, *_SAID))
    filed = read_filed(image)
    taken_at, has_zone = _taken_at(exif)
    remote = xmp.get(_PROVENANCE, "").lower().startswith(("http://", "https://"))
    return Metadata(
        taken_at=taken_at,
        taken_at_has_zone=has_zone,
        iptc_date=filed.created,
        caption=filed.caption,
        credit=filed.credit or filed.byline,
        gps_present=bool(position) or all(xmp.get(name) for name in _PLACE),
        gps=_position(position) or _xmp_position(xmp),
        software=clean(exif.get(_SOFTWARE)),
        camera=" ".join(filter(None, (clean(exif.get(_MAKE)), clean(exif.get(_MODEL))))),
        source_type=last_word(xmp.get(_SOURCE_TYPE, "")),
        system=xmp.get(_SYSTEM, ""),
        generation=generation(image, exif, {name: xmp[name] for name in _SAID if name in xmp}),
        credentials=credentials(data, MEDIA_TYPES[image.format or ""])
        or (Credentials("elsewhere") if remote else None),
    )


def _taken_at(exif: Mapping[int, Any]) -> tuple[datetime | None, bool]:
    written = clean(exif.get(_DATE_TIME_ORIGINAL))
    offset = clean(exif.get(_OFFSET_TIME_ORIGINAL))
    for text, form in ((written + offset, "%Y:%m:%d %H:%M:%S%z"), (written, "%Y:%m:%d %H:%M:%S")):
        try:
            moment = datetime.strptime(text, form)  # noqa: DTZ007 - a camera's clock without a zone stays without
        except ValueError:
            continue
        return moment, moment.tzinfo is not None
    return None, False


def _position(tags: Mapping[int, Any]) -> tuple[float, float] | None:
    """Read a position from EXIF: degrees, minutes and seconds as fractions, and the side of each."""
    found = []
    for (side, parts), names in ((_LATITUDE, "NS"), (_LONGITUDE, "EW")):
        try:
            degrees, minutes, seconds = map(float, tags[parts])
            name = str(tags[side]).strip("\0 ").upper()
        except (*DAMAGE, ArithmeticError):
            return None
        if name not in tuple(names):
            return None
        found.append((degrees + minutes / 60 + seconds / 3600) * (1 if name == names[0] else -1))
    return _on_earth(found[0], found[1])


def _xmp_position(xmp: Mapping[str, str]) -> tuple[float, float] | None:
    read = [_DEGREES.fullmatch(xmp.get(name, "")) for name in _PLACE]
    if read[0] is None or read[1] is None or read[0][4] not in "NS" or read[1][4] not in "EW":
        return None
    lat, lon = (
        (int(one[1]) + float(one[2]) / 60 + float(one[3] or 0) / 3600) * (1 if one[4] in "NE" else -1)
        for one in (read[0], read[1])
    )
    return _on_earth(lat, lon)


def _on_earth(lat: float, lon: float) -> tuple[float, float] | None:
    """Return a position to about a metre; None where there is none, or it is the zero that empty fields make."""
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180) or lat == lon == 0:
        return None
    return round(lat, 5), round(lon, 5)
