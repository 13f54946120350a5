"""A post's own record in the custody log: what is altered behind the log's back is named, however it is covered up."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import attest, captures, custody, grants, images, posts
from storage.database import DATABASE_FILE, Database, Transaction
from storage.records import Appearance, Grant, PostStatus, digest
from storage.vault import VAULT_FOLDER, Vault
from storage.verify import verify
from tests.storage.makers import AT, archive, capture, image, post
from tests.storage.test_verify import script

PICTURE = image(sha256=digest(b"pixels"))


@pytest.fixture(name="store")
def fixture_store(tmp_path: Path) -> Path:
    """A store of three posts, the second with a picture, all recorded; closed again."""
    vault = Vault(tmp_path / VAULT_FOLDER)
    vault.put(b"pixels")
    with Database.open(tmp_path / DATABASE_FILE) as db, db.write() as tx:
        for number in range(3):
            raw = f"raw {number}".encode()
            vault.put(raw)
            archive(tx, post(f"x:{number}"), raw=raw)
        change(tx, "x:1", lambda: show(tx, "Ann in Portville"))
    return tmp_path


def show(tx: Transaction, caption: str) -> None:
    """The picture in the second post."""
    images.put(tx, PICTURE)
    images.put_appearance(tx, Appearance(PICTURE.sha256, "x:1", "c-x:1", 0, caption, None))


def change(tx: Transaction, post_id: str, work: Callable[[], object]) -> None:
    """Do something to a post as intake does: with a row in the log."""
    begun = attest.Change.begin(tx, post_id)
    work()
    custody.append(tx, at=AT, actor="t", action="seen again", subject=f"c-{post_id}", detail=begun.detail(tx))


def named(home: Path) -> list[tuple[str, str]]:
    """What `verify` says of posts."""
    with Database.open(home / DATABASE_FILE) as db:
        return [(each.subject, each.why) for each in verify(db, Vault(home / VAULT_FOLDER)) if each.kind == "post"]


def tamper(home: Path, statement: str, *values: object) -> None:
    """Change the tables behind Dateline's back."""
    connection = sqlite3.connect(home / DATABASE_FILE)
    with connection:
        connection.execute(statement, values)
    connection.close()


def test_an_honest_store_holds(store: Path) -> None:
    """Records and tables agree."""
    assert named(store) == []
    assert script(store) == (0, "everything holds\n")


@pytest.mark.parametrize("field", [name for name in attest.POST_FIELDS if name != "text_sha256"])
@pytest.mark.parametrize("value", ["other", "", b"\xff\xfe", 1.5])
def test_every_changed_field_is_named(store: Path, field: str, value: object) -> None:
    """Whatever takes the place of whichever field of a post, the post and the field are named."""
    tamper(store, f"UPDATE posts SET {field} = ? WHERE id = 'x:1'", value)
    changed = (
        [] if (field, value) == ("status_reason", "") else [("x:1", f"its {field} is not what the custody log says")]
    )
    assert named(store) == changed
    assert ("post x:1 does not hold" in script(store)[1]) == bool(changed)


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        (
            "UPDATE posts SET text_sha256 = (SELECT text_sha256 FROM posts WHERE id = 'x:2') WHERE id = 'x:1'",
            "text_sha256",
        ),
        ("UPDATE appearances SET caption = 'Ann in Othertown'", "pictures and captions"),
        ("UPDATE appearances SET position = 1", "pictures and captions"),
        ("DELETE FROM appearances", "pictures and captions"),
        ("UPDATE grants SET audience = 'C1' WHERE post_id = 'x:1'", "who may see it"),
        ("INSERT INTO grants VALUES ('x:1', 'T1', 'C1')", "who may see it"),
        ("DELETE FROM grants WHERE post_id = 'x:1'", "who may see it"),
        ("DELETE FROM posts WHERE id = 'x:1'", "the store does not"),
    ],
)
def test_every_changed_row_is_named(store: Path, statement: str, why: str) -> None:
    """Captions, grants, and whole rows that are gone or new."""
    tamper(store, statement)
    ((subject, said),) = named(store)
    assert subject == "x:1"
    assert why in said


def test_what_came_of_a_post_is_no_fault(store: Path) -> None:
    """Deleted later, granted again, shown with another caption: with a row in the log each is in order."""
    with Database.open(store / DATABASE_FILE) as db, db.write() as tx:
        change(tx, "x:1", lambda: posts.update_status(tx, "x:1", PostStatus.DELETED, "gone"))
        change(tx, "x:1", lambda: grants.put(tx, Grant("x:1", "T1", "C1")))
        change(tx, "x:1", lambda: None)
        change(tx, "x:1", lambda: show(tx, "Ann in Othertown"))
    assert named(store) == []


def test_a_change_covered_by_a_later_capture_is_named_all_the_same(store: Path) -> None:
    """The later row's record begins with something that no row has written."""
    tamper(store, "UPDATE posts SET posted_at = '1999-01-01T00:00:00.000Z' WHERE id = 'x:1'")
    with Database.open(store / DATABASE_FILE) as db, db.write() as tx:
        change(tx, "x:1", lambda: posts.update_status(tx, "x:1", PostStatus.DELETED, "gone"))
    ((subject, said),) = named(store)
    assert subject == "x:1"
    assert "between the custody rows 4 and 5" in said


def test_a_post_without_records_is_held_against_none(store: Path) -> None:
    """Rows from before there were records say nothing of a post; its next change is the first that is recorded."""
    old = post("x:old")
    copy = capture(old, sha256=digest(b"pixels"))
    with Database.open(store / DATABASE_FILE) as db:
        with db.write() as tx:
            posts.put(tx, old)
            captures.put(tx, copy, old.text)
            detail = captures.custody_detail(copy)
            custody.append(tx, at=AT, actor="t", action=captures.CUSTODY_ACTION, subject=copy.id, detail=detail)
            posts.update_status(tx, old.id, PostStatus.DELETED, "gone")
        assert named(store) == []
        with db.write() as tx:
            change(tx, old.id, lambda: posts.update_status(tx, old.id, PostStatus.LIVE, ""))
        assert named(store) == []
    tamper(store, "UPDATE posts SET author = 'other' WHERE id = 'x:old'")
    assert named(store) == [("x:old", "its author is not what the custody log says")]


def test_a_post_slipped_in_is_named(store: Path) -> None:
    """A post that no capture brought has no proof."""
    tamper(store, "INSERT INTO posts SELECT 'x:3', 'x', '3', url, author, author_name, publisher, posted_at,"
           " posted_at_basis, utc_offset, text_sha256, lang, status, status_reason, first_seen_at, sort_at"
           " FROM posts WHERE id = 'x:1'")  # fmt: skip
    assert named(store) == [("x:3", "no capture brought it")]


def test_a_change_that_changed_nothing_adds_nothing(store: Path) -> None:
    """A post seen again leaves no second record."""
    with Database.open(store / DATABASE_FILE) as db, db.read() as tx:
        assert attest.Change.begin(tx, "x:1").detail(tx) == {}
        assert attest.Change.begin(tx, "x:none").detail(tx) == {}


def test_every_page_of_many_posts_is_looked_at(tmp_path: Path) -> None:
    """More posts than are looked at together: the first, the last and those at the seams are named."""
    with Database.open(tmp_path / DATABASE_FILE) as db:
        with db.write() as tx:
            for number in range(1_001):
                archive(tx, post(f"x:{number:04d}"))
        chosen = [f"x:{number:04d}" for number in (0, 499, 500, 501, 999, 1000)]
        with db.write() as tx:
            assert list(attest.faults(tx)) == []
            tx.many("UPDATE posts SET lang = 'xx' WHERE id = :id", [{"id": each} for each in chosen])
        with db.read() as tx:
            assert [subject for subject, _ in attest.faults(tx)] == chosen


@settings(max_examples=25, deadline=None)
@given(
    ids=st.sets(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), max_size=8), data=st.data()
)
def test_any_id_is_found_whatever_its_letters(
    tmp_path_factory: pytest.TempPathFactory, ids: set[str], data: st.DataObject
) -> None:
    """Ids of any letters and order: the one that was changed is named, and no other."""
    folder = tmp_path_factory.mktemp("ids")
    with Database.open(folder / DATABASE_FILE) as db:
        with db.write() as tx:
            for each in ids:
                archive(tx, post(each))
        with db.read() as tx:
            assert list(attest.faults(tx)) == []
        if ids:
            chosen = data.draw(st.sampled_from(sorted(ids)))
            with db.write() as tx:
                tx.execute("UPDATE posts SET lang = 'xx' WHERE id = :id", {"id": chosen})
            with db.read() as tx:
                assert [subject for subject, _ in attest.faults(tx)] == [chosen]
