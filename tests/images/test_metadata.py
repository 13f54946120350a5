"""What a picture says of itself is read, never guessed, and never dangerous."""

from __future__ import annotations

import io
import struct
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.images.metadata import Metadata, metadata


def jpeg(**save: object) -> bytes:
    """A small JPEG with these extras."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "grey").save(out, "JPEG", **save)
    return out.getvalue()


def iptc(**datasets: bytes) -> bytes:
    """A JPEG with an IPTC-IIM block, its datasets named d<number>."""
    block = b"".join(
        b"\x1c\x02" + bytes([int(name[1:])]) + struct.pack(">H", len(value)) + value for name, value in datasets.items()
    )
    resource = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(block)) + block + (b"\0" if len(block) % 2 else b"")
    segment = b"Photoshop 3.0\x00" + resource
    plain = jpeg()
    return plain[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + plain[2:]


def xmp(body: str) -> bytes:
    """A JPEG with an XMP packet."""
    return jpeg(
        xmp=(
            '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/">'
            f"{body}</rdf:RDF></x:xmpmeta>"
        ).encode()
    )


def test_iptc_date_caption_and_credit() -> None:
    """Caption, credit and creation date of the IPTC block are handed out, the zone kept."""
    found = metadata(iptc(d120="Caf\u00e9 in Lima".encode(), d110=b"Agency", d55=b"20190203", d60=b"141516+0530"))
    assert (found.caption, found.credit) == ("Café in Lima", "Agency")
    assert found.iptc_date == datetime(2019, 2, 3, 14, 15, 16, tzinfo=timezone(timedelta(hours=5, minutes=30)))


def test_an_iptc_date_without_a_time_is_a_day_in_utc() -> None:
    """A date alone is midnight UTC; an impossible one is nothing."""
    assert metadata(iptc(d55=b"20190203")).iptc_date == datetime(2019, 2, 3, tzinfo=UTC)
    assert metadata(iptc(d55=b"20190231")).iptc_date is None
    assert metadata(iptc(d55=b"00000000")).iptc_date is None


@pytest.mark.parametrize(("day", "time"), [(b"00010101", b"000000+1000"), (b"99991231", b"235959-1000")])
def test_a_date_that_utc_cannot_hold_is_nothing(day: bytes, time: bytes) -> None:
    """A date of creation beyond what can be written in UTC is left out, in IPTC and in XMP."""
    assert metadata(iptc(d55=day, d60=time)).iptc_date is None
    written = (
        f"{day[:4].decode()}-{day[4:6].decode()}-{day[6:].decode()}T{time[:2].decode()}:00:00{time[6:9].decode()}:00"
    )
    assert metadata(xmp(f'<rdf:Description photoshop:DateCreated="{written}"/>')).iptc_date is None


def test_latin_1_captions_are_read() -> None:
    """A caption that is not UTF-8 is Latin-1, as its writers meant."""
    assert metadata(iptc(d120="Café".encode("latin-1"))).caption == "Café"


def test_xmp_stands_in_for_iptc() -> None:
    """Description, creator and date of the XMP packet are read, as attributes or as elements."""
    found = metadata(
        xmp(
            '<rdf:Description photoshop:DateCreated="2020-05-06T07:08:09+02:00"><dc:description><rdf:Alt>'
            '<rdf:li xml:lang="x-default">A square</rdf:li></rdf:Alt></dc:description>'
            "<dc:creator><rdf:Seq><rdf:li>N. N.</rdf:li></rdf:Seq></dc:creator></rdf:Description>"
        )
    )
    assert (found.caption, found.credit) == ("A square", "N. N.")
    assert found.iptc_date == datetime(2020, 5, 6, 5, 8, 9, tzinfo=UTC)


def test_an_xmp_packet_with_entities_is_left_alone() -> None:
    """A document type in a packet could be an entity bomb: nothing of it is read."""
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
    assert metadata(jpeg(xmp=bomb)) == Metadata()


def test_exif_time_device_and_position() -> None:
    """The camera's clock, its make and whether there is a position are told; the position itself is not."""
    exif = Image.Exif()
    exif[271], exif[272], exif[305] = "Maker", "Model 1", "Editor"
    exif.get_ifd(0x8769)[36867] = "2018:07:09 10:11:12"
    exif.get_ifd(0x8825)[1] = "N"
    found = metadata(jpeg(exif=exif))
    assert (found.camera, found.software, found.gps_present) == ("Maker Model 1", "Editor", True)
    assert found.taken_at is not None
    assert found.taken_at.isoformat() == "2018-07-09T10:11:12"
    assert not found.taken_at_has_zone
    assert set(found.shown()) == {"taken_at", "camera", "software", "gps_present"}


def test_a_plain_picture_says_nothing() -> None:
    """Absent metadata is absent, not guessed."""
    assert metadata(jpeg()) == Metadata()
    assert metadata(jpeg()).shown() == {}


@pytest.mark.parametrize("name", ["DSCN0010_gps.jpg", "exif_gps.jpg"])
def test_recorded_pictures_with_a_position(name: str, shared: Path) -> None:
    """Published samples with a position are seen to have one."""
    assert metadata((shared / "fixtures" / "images" / name).read_bytes()).gps_present


@given(st.binary(max_size=300), st.integers(0, 400))
def test_damage_is_never_an_error(noise: bytes, at: int) -> None:
    """Whatever bytes stand anywhere in the file, reading it gives values or nothing."""
    whole = iptc(d120=b"words", d55=b"20190203")
    assert isinstance(metadata(whole[:at] + noise + whole[at + len(noise) :]), Metadata)
    assert isinstance(metadata(noise), Metadata)
