"""Boilerplate: a picture is marked once a workspace, and taken back once; what covers its copies is in the verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from storage import boilerplate, images, reuse
from storage.boilerplate import COVERED, Kind, Mark
from storage.database import Database, Transaction
from storage.errors import NotFound
from storage.records import EVERYWHERE, Appearance, Certainty, Relation, Viewer
from tests.storage.makers import AT, archive, image, post
from tests.storage.test_dismissals import verdict

ONE, OTHER, THIRD = (image(key).sha256 for key in ("one", "other", "third"))
MARK = Mark("m-1", "T1", ONE, Kind.LOGO, "the wire's", "U1", AT)


@pytest.fixture(name="tx")
def fixture_tx(db: Database) -> Iterator[Transaction]:
    """A transaction on a store with three pictures: one public, one seen in a private channel, one in no post."""
    with db.write() as tx:
        made = archive(tx, post("x:1"))
        secret = archive(tx, post("x:2"), workspace="T1", audience="channel:C9")
        for key in ("one", "other", "third"):
            images.put(tx, image(key))
        images.put_appearance(tx, Appearance(ONE, "x:1", made.id, 0, "", None))
        images.put_appearance(tx, Appearance(OTHER, "x:2", secret.id, 0, "", None))
        yield tx


def test_a_picture_is_marked_once_until_that_is_undone(tx: Transaction) -> None:
    """A second mark of the same picture in the same workspace is none; after an undo it can be marked again."""
    assert boilerplate.put(tx, MARK)
    assert not boilerplate.put(tx, replace(MARK, id="m-2", actor="U2"))
    assert boilerplate.put(tx, replace(MARK, id="m-3", workspace="T2"))
    assert boilerplate.of_images(tx, "T1", [ONE, OTHER]) == [MARK]
    assert boilerplate.undo(tx, "m-1", "U2", AT)
    assert not boilerplate.undo(tx, "m-1", "U3", AT)
    assert (boilerplate.get(tx, "m-1").undone_by, boilerplate.get(tx, "m-1").undone_at) == ("U2", AT)
    assert boilerplate.of_images(tx, "T1", [ONE]) == []
    assert boilerplate.put(tx, replace(MARK, id="m-4"))
    assert boilerplate.revision(tx) == 4
    with pytest.raises(NotFound):
        boilerplate.get(tx, "m-9")


def test_workspaces_do_not_see_one_another(tx: Transaction) -> None:
    """A mark holds where it was made; the operator's, made for all workspaces, holds in each."""
    boilerplate.put(tx, MARK)
    everywhere = replace(MARK, id="m-2", workspace=EVERYWHERE, image_sha256=OTHER, actor="operator")
    boilerplate.put(tx, everywhere)
    assert boilerplate.of_images(tx, "T2", [ONE, OTHER]) == [everywhere]
    assert boilerplate.of_images(tx, "T1", [ONE, OTHER]) == [MARK, everywhere]
    assert boilerplate.of_images(tx, "", [ONE]) == [MARK]


def test_nobody_is_told_of_a_mark_of_a_picture_that_they_may_not_see(tx: Transaction) -> None:
    """The list is what the viewer may know of."""
    secret = replace(MARK, id="m-2", image_sha256=OTHER)
    for mark in (MARK, secret):
        boilerplate.put(tx, mark)
    assert boilerplate.standing(tx, "T1", Viewer("T1")) == [MARK]
    member = Viewer("T1", frozenset({"everyone", "channel:C9"}))
    assert set(map(str, boilerplate.standing(tx, "T1", member))) == set(map(str, (MARK, secret)))
    assert boilerplate.standing(tx, "T2", Viewer("T2")) == []


def test_the_mark_of_a_warning_is_found_by_it(tx: Transaction) -> None:
    """Undoing the warning's last step finds what that step had marked."""
    marked = replace(MARK, alert_id="alert-1")
    boilerplate.put(tx, marked)
    assert boilerplate.of_alert(tx, "alert-1") == marked
    boilerplate.undo(tx, "m-1", "U1", AT)
    assert boilerplate.of_alert(tx, "alert-1") is None


def test_copies_of_all_of_it_are_covered_and_its_parts_are_not(tx: Transaction) -> None:
    """Whichever of the two was looked up; a picture that only contains the marked one is another picture."""
    boilerplate.put(tx, MARK)
    reuse.put(tx, verdict(OTHER, ONE, Relation.NEAR))
    reuse.put(tx, verdict(ONE, THIRD, Relation.CONTAINS))

    def covered(workspace: str) -> set[str]:
        rows = tx.rows(COVERED, {"workspace": workspace, "everywhere": EVERYWHERE})
        return {row["image_sha256"] for row in rows}

    assert covered("T1") == {ONE, OTHER}
    assert covered("T2") == set()
    reuse.clear_query(tx, OTHER)
    reuse.put(tx, verdict(ONE, OTHER, Relation.MIRRORED))
    assert covered("T1") == {ONE, OTHER}
    reuse.clear_query(tx, ONE)
    reuse.put(tx, replace(verdict(ONE, OTHER, Relation.NEAR), certainty=Certainty.POSSIBLE))
    assert covered("T1") == {ONE}


def test_only_usable_pictures_with_a_mark_are_searched_among(tx: Transaction) -> None:
    """A flat picture has no hash that could be near to anything."""
    images.put(tx, image("flat", usable=False, phash=None, why_not="flat"))
    for number, sha256 in enumerate((ONE, image("flat").sha256)):
        boilerplate.put(tx, replace(MARK, id=str(number), image_sha256=sha256))
    assert [sha256 for _, sha256, _ in boilerplate.hashes(tx)] == [ONE]
