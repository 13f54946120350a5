"""Images and reuse: numbers that only rise, and pairs in both directions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import images, reuse
from storage.database import Database
from storage.errors import NotFound
from storage.records import OPERATOR, Appearance, Certainty, Relation, Reuse
from tests.storage.makers import archive, image, post


def test_an_image_is_kept_once(db: Database) -> None:
    """Every field survives; the same image again changes nothing."""
    made = image(why_not=None)
    unusable = image("flat", usable=False, why_not="one colour", phash=None)
    with db.write() as tx:
        assert images.put(tx, made)
        assert not images.put(tx, replace(made, width=99))
        assert images.put(tx, unusable)
        assert images.get(tx, made.sha256) == made
        assert images.get(tx, unusable.sha256) == unusable
        assert images.get(tx, "0" * 64) is None
        assert set(images.all_shas(tx)) == {made.sha256, unusable.sha256}
        assert images.count(tx) == 2


def test_hashes_come_by_rising_number(db: Database) -> None:
    """Each question gets what is new since the last: images added, and hashes set anew under a new number."""
    one, other, flat = image("1"), image("2"), image("3", usable=False, why_not="one colour", phash=None)
    with db.write() as tx:
        images.put(tx, one)
        images.put(tx, other)
        assert images.hashes_since(tx, 0) == [(1, one.sha256, one.phash), (2, other.sha256, other.phash)]
        images.put(tx, flat)
        assert images.hashes_since(tx, 2) == []
        assert images.withdrawn_since(tx, 2) == [(3, flat.sha256)]
        images.set_fingerprint(tx, one.sha256, b"new", "phash/2", usable=True, why_not=None)
        images.set_fingerprint(tx, other.sha256, None, "phash/2", usable=False, why_not="too plain")
        assert images.hashes_since(tx, 3) == [(4, one.sha256, b"new")]
        assert images.withdrawn_since(tx, 3) == [(5, other.sha256)]
        held = images.get(tx, one.sha256)
        assert held == replace(one, phash=b"new", fingerprint_version="phash/2")
        with pytest.raises(NotFound):
            images.set_fingerprint(tx, "0" * 64, None, "", usable=False, why_not=None)


def test_appearances_lead_from_image_to_posts_and_back(db: Database) -> None:
    """The oldest post first; the images of a post in their order; the same appearance again is no second one."""
    picture, second = image("1"), image("2")
    with db.write() as tx:
        old, new = post("x:2", posted_at="2010-01-01T00:00:00.000Z"), post("x:1")
        for made in (new, old):
            archive(tx, made)
        for each in (picture, second):
            images.put(tx, each)
        first = Appearance(picture.sha256, "x:1", "c-x:1", 1, "a caption", "https://example.org/a.jpg")
        earlier = Appearance(picture.sha256, "x:2", "c-x:2", 0, "", None)
        beside = Appearance(second.sha256, "x:1", "c-x:1", 0, "", None)
        for each_time in (True, False):
            assert images.put_appearance(tx, first) is each_time
        images.put_appearance(tx, earlier)
        images.put_appearance(tx, beside)
        found = images.appearances_of(tx, [picture.sha256], OPERATOR)
        assert found == [(earlier, old), (first, new)]
        assert images.of_post(tx, "x:1") == [(beside, second), (first, picture)]
        assert images.appearances_of(tx, [], OPERATOR) == []


def test_reuse_is_found_from_both_sides(db: Database) -> None:
    """A pair comes back whole, from either image, the best first."""
    one, other, third = image("1"), image("2"), image("3")
    regions = ((0.0, 0.5), (10.0, 0.0), (10.0, 20.0)), ((1.0, 1.0), (2.0, 2.0), (3.0, 1.0))
    pair = Reuse(
        one.sha256, other.sha256, Relation.MIRRORED, "mirrored", *regions, 0.9, 0.5, Certainty.MATCH, "phash/1"
    )
    better = replace(pair, query_sha256=third.sha256, score=0.95, certainty=Certainty.POSSIBLE)
    with db.write() as tx:
        for each in (one, other, third):
            images.put(tx, each)
        assert reuse.put(tx, pair)
        assert not reuse.put(tx, replace(pair, score=0.1))
        reuse.put(tx, better)
        assert reuse.of_image(tx, one.sha256, OPERATOR) == [pair]
        assert reuse.of_image(tx, other.sha256, OPERATOR) == [better, pair]
        assert reuse.count(tx) == 2
        reuse.clear_query(tx, one.sha256)
        assert reuse.of_image(tx, one.sha256, OPERATOR) == []
        assert reuse.of_image(tx, other.sha256, OPERATOR) == [better]
