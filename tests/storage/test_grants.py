"""Grants: every read on somebody's behalf shows exactly what a simple model says they may see."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import conflicts, grants, images, posts, reuse, search, sightings
from storage.database import DATABASE_FILE, Database
from storage.records import (
    EVERYONE,
    EVERYWHERE,
    OPERATOR,
    Appearance,
    Certainty,
    Conflict,
    ConflictKind,
    Grant,
    Relation,
    Reuse,
    Viewer,
)
from tests.storage.makers import archive, image, post, sighting

POSTS = [f"x:{number}" for number in range(4)]
WORKSPACES = ["T1", "T2"]
CHANNELS = ["C1", "C2"]

GRANTS = st.lists(
    st.builds(
        Grant,
        st.sampled_from(POSTS),
        st.sampled_from([EVERYWHERE, *WORKSPACES]),
        st.sampled_from([EVERYONE, *CHANNELS]),
    ),
    max_size=6,
)
VIEWERS = st.builds(
    Viewer,
    st.sampled_from([EVERYWHERE, *WORKSPACES]),
    st.frozensets(st.sampled_from([EVERYONE, *CHANNELS])),
)


@pytest.fixture(scope="module", name="archived")
def fixture_archived(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """Posts with an image, a sighting and a word each, conflicts and reuse between neighbours, no grants."""
    db = Database.open(tmp_path_factory.mktemp("grants") / DATABASE_FILE)
    with db.write() as tx:
        for key in POSTS:
            made = post(key, text=f"harbour {key}")
            copy = archive(tx, made)
            images.put(tx, image(key))
            images.put_appearance(tx, Appearance(image(key).sha256, key, copy.id, 0, "", None))
            sightings.put(tx, key, copy, sighting(made.text, "harbour"))
        for one, other in itertools.pairwise(POSTS):
            conflicts.put(tx, Conflict(ConflictKind.PLACE, f"{one} {other}", (one, other)))
            found = Reuse(
                image(one).sha256, image(other).sha256, Relation.NEAR, "", (), (), 1, 0.5, Certainty.MATCH, "1"
            )
            reuse.put(tx, found)
        tx.execute("DELETE FROM grants")
    return db


def may_see(viewer: Viewer, key: str, given_grants: list[Grant]) -> bool:
    """The rule of grants, in Python."""
    return viewer.operator or any(
        grant.post_id == key
        and grant.workspace in {EVERYWHERE, viewer.workspace}
        and grant.audience in {EVERYONE, *viewer.audiences}
        for grant in given_grants
    )


@given(given_grants=GRANTS, viewer=VIEWERS | st.just(OPERATOR))
def test_every_read_shows_what_the_model_says(archived: Database, given_grants: list[Grant], viewer: Viewer) -> None:
    """Posts, counts, search, sightings, appearances, images, reuse and conflicts: no more and no less."""
    seen = [key for key in POSTS if may_see(viewer, key, given_grants)]
    shas = [image(key).sha256 for key in POSTS]
    pairs = [(one, other) for one, other in itertools.pairwise(POSTS) if {one, other} <= set(seen)]
    with archived.write() as tx:
        tx.execute("DELETE FROM grants")
        for grant in given_grants:
            grants.put(tx, grant)
        assert [found.id for found in reversed(posts.newest(tx, viewer, 10))] == seen
        assert posts.count(tx, viewer) == len(seen)
        assert [key for key in POSTS if posts.get(tx, key, viewer)] == seen
        assert sorted(found.id for found in search.find(tx, "harbour", viewer, 10)) == seen
        assert sorted(found.post.id for found in sightings.for_person(tx, "ann-example", viewer)) == seen
        assert sightings.count_for_person(tx, "ann-example", viewer) == len(seen)
        assert [key for key in POSTS if sightings.of_post(tx, key, viewer)] == seen
        assert [found.id for _, found in images.appearances_of(tx, shas, viewer)] == seen
        assert images.seen_by(tx, shas, viewer) == {image(key).sha256 for key in seen}
        reused = {found for sha in shas for found in reuse.of_image(tx, sha, viewer)}
        assert {(found.query_sha256, found.match_sha256) for found in reused} == {
            (image(one).sha256, image(other).sha256) for one, other in pairs
        }
        assert {found.posts for key in POSTS for found in conflicts.of_post(tx, key, viewer)} == set(pairs)
        assert conflicts.count(tx, viewer) == len(pairs)


def test_a_grant_is_kept_once(db: Database) -> None:
    """The same grant twice is one; two audiences are two grants on one archive."""
    with db.write() as tx:
        archive(tx, post("x:1"), workspace="T1", audience="C1")
        assert not grants.put(tx, Grant("x:1", "T1", "C1"))
        assert grants.put(tx, Grant("x:1", EVERYWHERE, EVERYONE))
        assert grants.of_post(tx, "x:1") == [Grant("x:1", EVERYWHERE, EVERYONE), Grant("x:1", "T1", "C1")]
        assert posts.count(tx) == 1
