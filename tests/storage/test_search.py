"""Search: what was typed is found, newest first, and never read as an operator."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import captures, posts, search
from storage.database import DATABASE_FILE, Database
from storage.records import EVERYONE, OPERATOR, Viewer
from tests.storage.makers import archive, capture, post

TEXTS = {
    "x:1": "The general was seen in Al-Quds square\0 hidden",
    "x:2": "شوهد اللواء قاسم سُليماني في حلب",
    "x:3": "他在北京市出现 and left",
    "x:4": "हिन्दी में समाचार",
    "x:5": "Зв’язок з Києвом",
    "x:6": "京北 is not that city",
    "x:7": "NEAR OR AND NOT general",
}


@pytest.fixture(scope="module", name="archived")
def fixture_archived(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A few texts in several scripts, the later the newer, all public."""
    db = Database.open(tmp_path_factory.mktemp("search") / DATABASE_FILE)
    with db.write() as tx:
        for day, (key, text) in enumerate(TEXTS.items(), start=1):
            archive(tx, post(key, text=text, posted_at=f"2016-01-0{day}T00:00:00.000Z"))
    return db


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("GENERAL", ["x:7", "x:1"]),
        ("general square", ["x:1"]),
        ("al-quds", ["x:1"]),
        ("quds-al", []),
        ("hidden", ["x:1"]),
        ("سليمانى", ["x:2"]),
        ("北京", ["x:3"]),
        ("हिन्दी", ["x:4"]),
        ("हन्दी", []),
        ("зв'язок", ["x:5"]),
        ("NOT", ["x:7", "x:6"]),
        ("general NOT square", []),
        ('"', []),
        ("", []),
        ("gen*", []),
        ("fold:general", []),
    ],
)
def test_what_is_found(archived: Database, text: str, found: list[str]) -> None:
    """Words in every script, phrases where no space was typed, operators as words."""
    with archived.read() as tx:
        assert [each.id for each in search.find(tx, text, OPERATOR, 10)] == found


@given(st.text(st.characters(codec=None), max_size=20) | st.text('"*()^:-+{}ab ANDORNEAT', max_size=12))
def test_nothing_typed_breaks_the_query(archived: Database, text: str) -> None:
    """Whatever is typed gives an answer, and a query only where there is something to look for."""
    with archived.read() as tx:
        search.find(tx, text, OPERATOR, 1)
    assert (search.query(text) is None) == (search.fold(text) == "")


@given(st.sampled_from(sorted(TEXTS)))
def test_a_text_is_found_by_its_own_words(archived: Database, key: str) -> None:
    """Every archived text is found by the whole of itself, folded or not."""
    with archived.read() as tx:
        for text in (TEXTS[key], search.fold(TEXTS[key])):
            assert key in [each.id for each in search.find(tx, text, OPERATOR, 10)]


def test_search_keeps_to_what_the_viewer_may_see(db: Database) -> None:
    """A word of a private post finds nothing outside its channel."""
    with db.write() as tx:
        archive(tx, post("x:1", text="secret harbour"), workspace="T1", audience="C1")
    inside = Viewer("T1", frozenset({"C1"}))
    with db.read() as tx:
        assert [each.id for each in search.find(tx, "harbour", inside, 10)] == ["x:1"]
        for outside in (Viewer(), Viewer("T1"), Viewer("T2", frozenset({"C1"})), Viewer("T1", frozenset({EVERYONE}))):
            assert search.find(tx, "harbour", outside, 10) == []


def test_the_newest_come_first(archived: Database) -> None:
    """The limit holds, and the newest come first."""
    with archived.read() as tx:
        assert [each.id for each in search.find(tx, "general", OPERATOR, 1)] == ["x:7"]


def test_a_common_word_is_found_newest_first(db: Database) -> None:
    """Where very many texts match, the newest posts are the same, also when the newest of all do not match."""
    with db.write() as tx:
        for number in range(search.COMMON + 50):
            made = post(
                f"x:{number:05d}", text=f"common {number}", posted_at=f"2016-01-01T00:00:00.{number % 997:03d}Z"
            )
            posts.put(tx, made)
            captures.put(tx, capture(made), made.text)
        expected = [each.id for each in posts.newest(tx, OPERATOR, 30)]
        assert [each.id for each in search.find(tx, "common", OPERATOR, 30)] == expected
        for number in range(search.RECENT):
            posts.put(tx, post(f"y:{number}", text="other", posted_at="2017-01-01T00:00:00.000Z"))
        assert [each.id for each in search.find(tx, "common", OPERATOR, 30)] == expected
