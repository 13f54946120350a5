"""What a picture's file says of the picture for an archive: IPTC-IIM and the same fields in XMP. None of it is proof.

Newsrooms, agencies and their programs write these fields when a picture is filed: caption, headline, who made it, who
credits it, when and where it was made. The dataset numbers are those of IPTC-IIM 4.2, chapter 6; the XMP names those of
the IPTC Photo Metadata Standard (2023.1, appendix).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from PIL import Image

from bot.images import embedded
from bot.images.decode import DAMAGE, DEFAULT, Limits, PictureRefused, opened, quiet

_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_PHOTOSHOP: Final = "{http://ns.adobe.com/photoshop/1.0/}"
_FIELDS: Final[Mapping[str, tuple[int, str]]] = {
    "caption": (120, _DC + "description"),
    "headline": (105, _PHOTOSHOP + "Headline"),
    "byline": (80, _DC + "creator"),
    "credit": (110, _PHOTOSHOP + "Credit"),
    "city": (90, _PHOTOSHOP + "City"),
    "province": (95, _PHOTOSHOP + "State"),
    "country": (101, _PHOTOSHOP + "Country"),
}
"""Each field's dataset in record 2 of IPTC-IIM, and its XMP property."""
_CREATED: Final = _PHOTOSHOP + "DateCreated"
_DATE, _TIME = (2, 55), (2, 60)
_MOMENT: Final = re.compile(
    r"(?P<year>\d{4})(?:-?(?P<month>\d\d)(?:-?(?P<day>\d\d))?)?"
    r"(?:T?(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:\.\d+)?)?(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)
"""A date of IPTC (CCYYMMDD, HHMMSS±HHMM, zeros for what is unknown) or of XMP (ISO 8601, cut where knowledge ends)."""


@dataclass(frozen=True, slots=True)
class Filed:
    """What a file says.

    Attributes:
        caption: of the picture; empty like every text that is not there.
        headline: likewise.
        byline: who made it.
        credit: who provides it.
        city: where it was made.
        province: likewise.
        country: likewise.
        created: when it was made, aware; None where the file does not tell the day.
        date_note: what was assumed of the date, or why there is none though the file speaks of one, in one sentence.
    """

    caption: str = ""
    headline: str = ""
    byline: str = ""
    credit: str = ""
    city: str = ""
    province: str = ""
    country: str = ""
    created: datetime | None = None
    date_note: str = ""

    @property
    def text(self) -> str:
        """Return headline, caption and place, a line each; what an earlier line says already is not said again."""
        lines: list[str] = []
        for line in (self.caption, self.headline):
            if line and not any(line.casefold() in told.casefold() for told in lines):
                lines.insert(0, line)
        told = " ".join(lines).casefold()
        if any(name and name.casefold() not in told for name in (self.city, self.province, self.country)):
            lines.append(", ".join(filter(None, (self.city, self.province, self.country))))
        return "\n".join(lines)


def filed(data: bytes, limits: Limits = DEFAULT) -> Filed:
    """Read what a picture's file says of it; what is damaged or absent is left out, and nothing is guessed."""
    if len(data) > limits.byte_size:
        return Filed()
    try:
        with quiet(), opened(data, limits) as image:
            return read_filed(image)
    except (PictureRefused, *DAMAGE):
        return Filed()


def read_filed(image: Image.Image) -> Filed:
    """Read the same of a picture that is open."""
    iim = embedded.iim(image)
    xmp = embedded.xmp(image, (_CREATED, *(prop for _, prop in _FIELDS.values())))
    texts = {name: iim.get((2, dataset)) or xmp.get(prop, "") for name, (dataset, prop) in _FIELDS.items()}
    written = iim.get(_DATE, "") + iim.get(_TIME, "") if iim.get(_DATE) else ""
    created, note = _moment(written or xmp.get(_CREATED, ""))
    return Filed(**texts, created=created, date_note=note)


def _moment(written: str) -> tuple[datetime | None, str]:
    """Read a date of creation; what is not told of it is not made up: without a day there is no date, and a note."""
    if not written:
        return None, ""
    shown = written[:40]
    match = _MOMENT.fullmatch(written.strip())
    if match is None:
        return None, f"The file's date of creation cannot be read: {shown!r}."
    year, month, day = (int(match[part] or 0) for part in ("year", "month", "day"))
    if year and not (month and day):
        return None, f"The file's date of creation, {shown!r}, tells no day; the date is left unknown."
    zone = (match["zone"] or "").replace("Z", "+00:00")
    try:
        hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
        moment = datetime.fromisoformat(f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}")
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None, f"The file's date of creation cannot be read: {shown!r}."
    if zone:
        return moment, ""
    missing = "time" if match["hour"] is None else "zone"
    return moment, f"The file's date of creation, {shown!r}, names no {missing}; it is read as UTC."
