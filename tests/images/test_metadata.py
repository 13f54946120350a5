"""What a picture says of itself is read, never guessed, and never dangerous."""

from __future__ import annotations

import io
import struct
import time
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


def gps(tags: dict[int, object]) -> Metadata:
    """What is read of a position with these tags of EXIF."""
    exif = Image.Exif()
    exif.get_ifd(0x8825).update(tags)
    return metadata(jpeg(exif=exif))


def test_a_position_is_read_to_a_metre() -> None:
    """Degrees, minutes and seconds and the side of each make degrees; in XMP likewise."""
    found = gps({1: "S", 2: (33.0, 51.0, 31.2), 3: "E", 4: (151.0, 12.0, 50.4)})
    assert (found.gps_present, found.gps) == (True, (-33.85867, 151.214))
    written = '<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="33,51.52S" '
    found = metadata(xmp(written + 'exif:GPSLongitude="151,12,50.4E"/>'))
    assert (found.gps_present, found.gps) == (True, (-33.85867, 151.214))


@pytest.mark.parametrize(
    "tags",
    [
        {1: "N"},
        {1: "N", 2: (91.0, 0.0, 0.0), 3: "E", 4: (1.0, 0.0, 0.0)},
        {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)},
        {1: "X", 2: (1.0, 0.0, 0.0), 3: "E", 4: (1.0, 0.0, 0.0)},
        {1: "N", 2: (1.0, 0.0), 3: "E", 4: (1.0, 0.0, 0.0)},
    ],
)
def test_a_position_that_cannot_be_is_not_told(tags: dict[int, object]) -> None:
    """Half a position, one off the earth and the zeros of empty fields are present, and are no place."""
    found = gps(tags)
    assert (found.gps_present, found.gps) == (True, None)


@pytest.mark.parametrize("form", ["attribute", "element", "resource"])
def test_the_digital_source_type_by_its_last_word(form: str) -> None:
    """Writers name the term by its address, as text, as an attribute or as a resource."""
    term = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    space = 'xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
    body = {
        "attribute": f'<rdf:Description {space} e:DigitalSourceType="{term}"/>',
        "element": f"<rdf:Description {space}><e:DigitalSourceType>{term}</e:DigitalSourceType></rdf:Description>",
        "resource": f'<rdf:Description {space}><e:DigitalSourceType rdf:resource="{term}"/></rdf:Description>',
    }[form]
    assert metadata(xmp(body)).source_type == "trainedAlgorithmicMedia"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_any_encoding(encoding: str) -> None:
    """A document type is seen by the parser, not looked for in the bytes."""
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "aaaa">]><x xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><rdf:Description><dc:description>&a;</dc:description>'
        "</rdf:Description></x>"
    )
    assert metadata(jpeg(xmp=bomb.encode(encoding))) == Metadata()


def test_a_packet_of_descriptions_within_descriptions_takes_no_time() -> None:
    """What is nested thousands deep is read to its bound."""
    deep = "<rdf:Description><dc:description>" * 10_000 + "</dc:description></rdf:Description>" * 10_000
    packet = xmp("@").partition(b"<x:")[2].partition(b"</x:xmpmeta>")[0]
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "WEBP", xmp=b"<x:" + packet.replace(b"@", deep.encode()) + b"</x:xmpmeta>")
    begun = time.process_time()
    assert isinstance(metadata(out.getvalue()), Metadata)
    assert time.process_time() - begun < 2
