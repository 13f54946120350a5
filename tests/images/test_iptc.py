"""What was filed with a picture is read as it was written, and its date never made surer than it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from bot.images.iptc import Filed, filed
from tests.images.filing import UTF8, iim
from tests.images.filing import filed as with_fields
from tests.images.pictures import encoded

PLAIN = encoded(Image.new("RGB", (40, 30), "grey"))


def of(*datasets: tuple[int, bytes]) -> Filed:
    """What is read from a JPEG with these datasets of record 2."""
    return filed(with_fields(PLAIN, UTF8, *((2, number, value) for number, value in datasets)))


def xmp(body: str) -> bytes:
    """An XMP packet around a description."""
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/">'
        f"{body}</rdf:RDF></x:xmpmeta>"
    ).encode()


def test_every_field() -> None:
    """Caption, headline, maker, credit, place and date of creation are handed out, the zone kept."""
    found = of(
        (105, b"Floods"), (120, "Café under water.".encode()), (80, b"N. N."), (110, b"Agency"), (90, b"Lima"),
        (101, b"Peru"), (55, b"20190203"), (60, b"141516+0530"),
    )  # fmt: skip
    zone = timezone(timedelta(hours=5, minutes=30))
    assert found == Filed(
        "Café under water.",
        "Floods",
        "N. N.",
        "Agency",
        "Lima",
        "",
        "Peru",
        datetime(2019, 2, 3, 14, 15, 16, tzinfo=zone),
    )
    assert found.text == "Floods\nCafé under water.\nLima, Peru"


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        (((120, b"A street in Lima, Peru."), (90, b"Lima"), (101, b"PERU")), "A street in Lima, Peru."),
        (((120, b"A street in Lima."), (90, b"Lima"), (101, b"Peru")), "A street in Lima.\nLima, Peru"),
        (((120, b"Floods in Lima."), (105, b"FLOODS")), "Floods in Lima."),
        (((105, b"Floods"),), "Floods"),
        (((90, b"Lima"),), "Lima"),
        ((), ""),
    ],
)
def test_nothing_is_said_twice(fields: tuple[tuple[int, bytes], ...], text: str) -> None:
    """A headline or a place that the caption names already is not a line of its own."""
    assert of(*fields).text == text


@pytest.mark.parametrize(
    ("day", "time", "created", "note"),
    [
        (b"20190203", b"141516+0000", datetime(2019, 2, 3, 14, 15, 16, tzinfo=UTC), ""),
        (b"20190203", b"141516", datetime(2019, 2, 3, 14, 15, 16, tzinfo=UTC), "names no zone; it is read as UTC"),
        (b"20190203", b"", datetime(2019, 2, 3, tzinfo=UTC), "names no time; it is read as UTC"),
        (b"20190200", b"", None, "tells no day; the date is left unknown"),
        (b"20190000", b"101010+0000", None, "tells no day; the date is left unknown"),
        (b"20190231", b"", None, "cannot be read"),
        (b"00000000", b"", None, "cannot be read"),
        (b"00010101", b"000000+1000", None, "cannot be read"),
        (b"in May", b"", None, "cannot be read"),
        (b"", b"141516+0000", None, ""),
    ],
)
def test_dates(day: bytes, time: bytes, created: datetime | None, note: str) -> None:
    """What a date does not tell is noted, and without a day there is none."""
    found = of((55, day), (60, time))
    assert found.created == created
    assert note in found.date_note
    assert bool(note) == bool(found.date_note)


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_xmp_of_any_format(name: str) -> None:
    """The same fields are read from an XMP packet, as attributes, as elements and as lists."""
    body = (
        '<rdf:Description photoshop:City="Suva" photoshop:DateCreated="2020-05-06T07:08:09+02:00"><dc:description>'
        '<rdf:Alt><rdf:li xml:lang="x-default">A square</rdf:li><rdf:li xml:lang="fr">Une place</rdf:li></rdf:Alt>'
        "</dc:description><dc:creator><rdf:Seq><rdf:li>N. N.</rdf:li><rdf:li>M. M.</rdf:li></rdf:Seq></dc:creator>"
        "<photoshop:Credit>Agency</photoshop:Credit></rdf:Description>"
    )
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", xmp(body).decode())
    apart: dict[str, dict[str, object]] = {"PNG": {"pnginfo": info}, "TIFF": {"tiffinfo": {700: xmp(body)}}}
    told = apart.get(name, {"xmp": xmp(body)})
    found = filed(encoded(Image.new("RGB", (40, 30)), name, **told))
    assert (found.caption, found.byline, found.credit, found.city) == ("A square", "N. N.", "Agency", "Suva")
    assert found.created == datetime(2020, 5, 6, 5, 8, 9, tzinfo=UTC)


@pytest.mark.parametrize("written", ["2019", "2019-03"])
def test_a_cut_xmp_date_is_no_day(written: str) -> None:
    """A year or a month is not made a day."""
    found = filed(encoded(Image.new("RGB", (9, 9)), xmp=xmp(f'<rdf:Description photoshop:DateCreated="{written}"/>')))
    assert found.created is None
    assert written in found.date_note


def test_iptc_before_xmp() -> None:
    """Where both say something the older block counts, as programs write it last."""
    packet = xmp('<rdf:Description photoshop:City="Suva" photoshop:Country="Fiji"/>')
    told = with_fields(encoded(Image.new("RGB", (40, 30)), xmp=packet), (2, 90, b"Lima"))
    assert (filed(told).city, filed(told).country) == ("Lima", "Fiji")


def test_entities_are_left_alone() -> None:
    """A packet with a document type could be an entity bomb: nothing of it is read."""
    assert filed(encoded(Image.new("RGB", (9, 9)), xmp=b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>')) == Filed()


@given(st.binary(max_size=300), st.integers(0, 400))
def test_damage_is_never_an_error(noise: bytes, at: int) -> None:
    """Whatever bytes stand anywhere in the file, reading it gives fields or nothing."""
    assert isinstance(filed(noise), Filed)
    whole = with_fields(PLAIN, (2, 120, b"words"), (2, 55, b"20190203"))
    assert isinstance(filed(whole[:at] + noise + whole[at + len(noise) :]), Filed)
    assert isinstance(filed(PLAIN[:2] + iim((2, 55, noise[:30]), (2, 120, noise)) + PLAIN[2:]), Filed)
