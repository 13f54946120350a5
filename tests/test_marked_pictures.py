"""A picture that is marked as boilerplate is found however many nearer copies of it are stored."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

from PIL import Image

from bot.desk import Desk
from bot.images.prepared import Prepared
from bot.images.reuse import MOST
from bot.sample import pictures
from storage import boilerplate, images
from storage.boilerplate import Kind, Mark
from storage.records import Certainty
from storage.reuse import WHOLE
from tests.desks import open_desk
from tests.storage.makers import AT


def saved(quality: int, width: int = 240) -> bytes:
    """The harbour, small, saved once more."""
    packed = io.BytesIO()
    with Image.open(io.BytesIO(pictures.picture("harbour"))) as opened:
        opened.resize((width, width * 2 // 3)).save(packed, "JPEG", quality=quality)
    return packed.getvalue()


def kept(desk: Desk, data: bytes) -> Prepared:
    """Keep a picture as a version without local features did: it is found by its hash alone."""
    prepared, _ = desk.pictures.prepare(data)
    assert prepared is not None
    desk.vault.put_many([data])
    with desk.db.write() as tx:
        images.put(tx, replace(prepared.record(AT), points=None))
    return prepared


def found(desk: Desk, query: Prepared) -> set[str]:
    """The stored pictures that this one surely is the whole of."""
    with desk.db.read() as tx:
        desk.pictures.refresh(tx)
    verdicts = desk.pictures.look_up(query)
    assert len({one.match_sha256 for one in verdicts}) == len(verdicts), "each stored picture once"
    assert sorted(-one.score for one in verdicts) == [-one.score for one in verdicts], "best first"
    return {one.match_sha256 for one in verdicts if one.certainty is Certainty.MATCH and one.relation in WHOLE}


def test_the_marked_picture_is_among_what_is_found(tmp_path: Path) -> None:
    """A logo comes in in hundreds of files, and only the nearest are looked at; a mark that is undone ends it."""
    with open_desk(tmp_path) as desk:
        original = kept(desk, pictures.mirrored_copy("harbour"))
        for quality in range(60, 61 + MOST):
            kept(desk, saved(quality))
        prepared, _ = desk.pictures.prepare(saved(90))
        assert prepared is not None
        assert original.sha256 not in found(desk, prepared), "the others are nearer"
        with desk.db.write() as tx:
            boilerplate.put(tx, Mark("m", "T1", original.sha256, Kind.LOGO, "", "U1", AT))
        assert original.sha256 in found(desk, prepared)
        with desk.db.write() as tx:
            boilerplate.undo(tx, "m", "U1", AT)
        assert original.sha256 not in found(desk, prepared)
