"""Content Credentials: what was signed, whether it still holds, and never a call to anybody."""

from __future__ import annotations

import random
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from bot.images.credentials import credentials
from bot.images.metadata import metadata
from tests.images.pictures import encoded


@pytest.fixture(name="signed", scope="module")
def fixture_signed(shared: Path) -> bytes:
    """A published picture with credentials."""
    return (shared / "fixtures" / "c2pa" / "C.jpg").read_bytes()


def test_a_signed_picture(signed: bytes) -> None:
    """Signer, time stamp, program and source type are told, and that the file is what was signed."""
    found = metadata(signed).credentials
    assert found is not None
    assert (found.state, found.signer, found.source_type) == ("unchanged", "C2PA Test Signing Cert", "algorithmicMedia")
    assert found.signed_at.startswith("2023-09-29T17:40:14")
    assert found.generator.startswith("make_test_images")
    assert found.broken == ""


def test_a_picture_that_was_changed_afterwards(signed: bytes) -> None:
    """One byte of the picture is enough: the credentials do not hold, and it is said what does not."""
    changed = bytearray(signed)
    changed[-2_000] ^= 0x55
    found = credentials(bytes(changed), "image/jpeg")
    assert found is not None
    assert (found.state, found.broken) == ("broken", "assertion.dataHash.mismatch")


def test_pictures_without_any(shared: Path) -> None:
    """No credentials are nothing, whatever words stand in the file."""
    plain = (shared / "fixtures" / "c2pa" / "A_no_manifest.jpg").read_bytes()
    assert metadata(plain).credentials is None
    assert credentials(plain + b"jumb c2pa", "image/jpeg") is None
    assert credentials(b"jumb c2pa", "image/bmp") is None


def test_damaged_credentials_are_an_answer(signed: bytes) -> None:
    """Cut, changed and stuffed manifests are read as what they are, or as unreadable; none is called whole in error."""
    chance = random.Random(3)
    begins = signed.index(b"jumb")
    for _ in range(60):
        damaged = bytearray(signed)
        at = chance.randrange(begins, begins + 50_000)
        if chance.random() < 0.5:
            damaged[at : at + 40] = chance.randbytes(40)
        else:
            del damaged[at : at + chance.randrange(1, 300)]
        found = credentials(bytes(damaged), "image/jpeg")
        assert found is None or found.state in {"unchanged", "broken", "unreadable"}


def test_nothing_is_fetched() -> None:
    """A manifest at another address, to which XMP points, is left there: a listener hears nothing, and that is said."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/manifest.c2pa"
        packet = (
            '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
            f'xmlns:dcterms="http://purl.org/dc/terms/"><rdf:Description dcterms:provenance="{address}"/></rdf:RDF>'
            "</x:xmpmeta><!-- %s -->"
        )
        picture = Image.new("RGB", (20, 20))
        told = metadata(encoded(picture, "JPEG", xmp=(packet % "").encode())).credentials
        credentials(encoded(picture, "JPEG", xmp=(packet % "jumb c2pa").encode()), "image/jpeg")
        with pytest.raises(TimeoutError):
            listener.accept()
    assert told is not None
    assert told.state == "elsewhere"


def test_the_library_is_imported_for_signed_files_alone(shared: Path) -> None:
    """A file without credentials does not cost the import."""
    plain = shared / "fixtures" / "c2pa" / "A_no_manifest.jpg"
    asked = (
        "import sys, pathlib; from bot.images.metadata import metadata; "
        "metadata(pathlib.Path(sys.argv[1]).read_bytes()); print('c2pa' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", asked, plain], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
