"""Sightings and conflicts: what was said, exactly as it stands in the archived text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import captures, conflicts, sightings
from storage.database import DATABASE_FILE, Database
from storage.records import (
    OPERATOR,
    Conflict,
    ConflictKind,
    Interval,
    Place,
    PlacePrecision,
    Span,
    Stance,
    TimePrecision,
    text_digest,
)
from tests.storage.makers import archive, capture, post, sighting


@pytest.fixture(scope="module", name="archived")
def fixture_archived(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A store that the examples of one property share."""
    return Database.open(tmp_path_factory.mktemp("sightings") / DATABASE_FILE)


@given(text=st.text(st.characters(codec=None), min_size=1), data=st.data())
def test_quote_and_text_are_exact(archived: Database, text: str, data: st.DataObject) -> None:
    """Whatever the text, line ends, NULs and surrogates and all, the quote is its span, to the code point."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    made = post(f"x:{text_digest(text)}", text=text)
    said = replace(sighting(text, text), quote=text[start:end], start=start, end=end)
    with archived.write() as tx:
        copy = archive(tx, made)
        sightings.put(tx, made.id, copy, said)
        found = [each for each in sightings.of_post(tx, made.id, OPERATOR) if each.sighting == said]
        assert [(each.post, each.capture) for each in found] == [(made, copy)]


def test_every_field_survives(db: Database) -> None:
    """Spans, open times, a place without a point: all come back."""
    made = post(text="Ann was rumored to be near Portville.")
    said = sighting(
        made.text,
        "Ann was rumored",
        place=Place("the border", None, None, None, PlacePrecision.REGION, "supplement:border", "North"),
        time=Interval(None, "2016-02-28T08:00:00.000Z", TimePrecision.ON_OR_BEFORE, "posted"),
        stance=Stance.RUMORED,
        person_span=Span(0, 3),
        cue_spans=(Span(8, 15), Span(20, 22)),
        matched_as="Ann",
        note="by first name",
    )
    with db.write() as tx:
        copy = archive(tx, made)
        assert sightings.put(tx, made.id, copy, said)
        assert [found.sighting for found in sightings.for_person(tx, said.person_id, OPERATOR)] == [said]


def test_the_same_reading_again_is_no_second_sighting(db: Database) -> None:
    """A second capture of the same words and a newer version of the rule change nothing; a repost is its own."""
    made, repost = post("x:1", text="Ann arrived in Portville."), post("x:2", text="Ann arrived in Portville.")
    said = sighting(made.text, "Ann arrived")
    with db.write() as tx:
        first = archive(tx, made)
        again = capture(made, id="again", captured_at="2017-01-01T00:00:00.000Z")
        captures.put(tx, again, made.text)
        assert sightings.put(tx, made.id, first, said)
        assert not sightings.put(tx, made.id, again, replace(said, rule="arrival@2", score=0.1))
        assert sightings.put(tx, made.id, first, replace(said, stance=Stance.DENIED))
        assert sightings.put(tx, repost.id, archive(tx, repost), said)
        assert [found.capture for found in sightings.of_post(tx, made.id, OPERATOR)] == [first, first]
        assert sightings.count(tx) == 3
        sightings.clear_text(tx, first)
        assert sightings.count(tx) == 1
        sightings.clear_person(tx, said.person_id)
        assert sightings.count(tx) == 0


DAYS = st.one_of(st.none(), st.integers(1, 28).map(lambda day: f"2016-02-{day:02d}"))


@given(
    times=st.lists(
        st.tuples(DAYS, DAYS).filter(lambda pair: None in pair or str(pair[0]) <= str(pair[1])), min_size=1, max_size=6
    ),
    on=st.integers(1, 28).map(lambda day: f"2016-02-{day:02d}"),
    instants=st.booleans(),
)
def test_on_a_day_and_newest_first(
    archived: Database, times: list[tuple[str | None, str | None]], on: str, instants: bool
) -> None:
    """`on` gives what covers the day, days or instants alike; the order is by the time said, then by the post's."""
    made = post("x:days", text="She was there " * 6, posted_at="2016-02-20T10:00:00.000Z")
    clock = "T23:30:00.000Z" if instants else ""
    with archived.write() as tx:
        copy = archive(tx, made)
        sightings.clear_person(tx, "dated")
        for index, (start, end) in enumerate(times):
            said = Interval(start and start + clock, end and end + clock, TimePrecision.INTERVAL, "stated")
            sightings.put(
                tx, made.id, copy, replace(sighting(made.text, "She"), person_id="dated", time=said, end=4 + index)
            )
        everything = sightings.for_person(tx, "dated", OPERATOR)
        covering = sightings.for_person(tx, "dated", OPERATOR, on=on)
        assert sightings.count_for_person(tx, "dated", OPERATOR, on=on) == len(covering)
        assert sightings.for_person(tx, "dated", OPERATOR, limit=2) == everything[:2]
    keys = [found.sighting.time.end or found.sighting.time.start or str(made.posted_at) for found in everything]
    assert keys == sorted(keys, reverse=True)
    assert len(everything) == len(times)
    expected = [pair for pair in times if pair != (None, None) and (pair[0] or "") <= on and (pair[1] or "9999") >= on]
    assert sorted(str((found.sighting.start, found.sighting.end)) for found in covering) == sorted(
        str((0, 4 + index)) for index, pair in enumerate(times) if pair in expected
    )


def test_one_post_is_told_in_reading_order(db: Database) -> None:
    """Sightings of one time stand as in the text, post by post, and so they do where the limit cuts."""
    words = [f"word{number}" for number in range(12)]
    with db.write() as tx:
        for key in ("x:1", "x:2"):
            made = post(key, text=" ".join(words))
            copy = archive(tx, made)
            for word in words[::-1]:
                sightings.put(tx, key, copy, sighting(made.text, word))
        found = sightings.for_person(tx, "ann-example", OPERATOR)
        assert [each.sighting.quote for each in found] == words * 2
        assert sightings.for_person(tx, "ann-example", OPERATOR, limit=5) == found[:5]


def test_as_known_on_a_day(db: Database) -> None:
    """Only what had been published by then, a post without a date counting from when it was first seen."""
    with db.write() as tx:
        for key, posted in (("x:1", "2016-02-01T00:00:00.000Z"), ("x:2", None)):
            made = post(key, text=f"Ann {key}", posted_at=posted)
            sightings.put(tx, key, archive(tx, made), sighting(made.text, "Ann"))
        for known_on, expected in (
            ("2016-01-31", set()),
            ("2016-02-01", {"x:1"}),
            ("2016-03-01T11:59:00.000Z", {"x:1"}),
            ("2016-03-01", {"x:1", "x:2"}),
        ):
            found = sightings.for_person(tx, "ann-example", OPERATOR, known_on=known_on)
            assert {each.post.id for each in found} == expected


def test_conflicts_are_kept_once_and_found_from_each_side(db: Database) -> None:
    """The same conflict in other words or another order is the same; it is found by post and image."""
    conflict = Conflict(ConflictKind.PLACE, "two places", ("x:1", "x:2"), ("s1", "s2"), "a" * 64)
    with db.write() as tx:
        for key in conflict.posts:
            archive(tx, post(key))
        assert conflicts.put(tx, conflict)
        assert not conflicts.put(tx, replace(conflict, why="other words", posts=("x:2", "x:1")))
        assert conflicts.of_post(tx, "x:2", OPERATOR) == [conflict]
        assert conflicts.of_image(tx, "a" * 64, OPERATOR) == [conflict]
        assert conflicts.of_post(tx, "x:3", OPERATOR) == []
        with pytest.raises(ValueError, match="every post"):
            conflicts.put(tx, Conflict(ConflictKind.DATE, "between nothing"))
        other = replace(conflict, image_sha256="b" * 64)
        conflicts.put(tx, other)
        assert conflicts.count(tx) == 2
        conflicts.clear_image(tx, "a" * 64)
        assert conflicts.of_post(tx, "x:1", OPERATOR) == [other]
        assert conflicts.count(tx) == 1


def test_captures_answer_for_their_text(db: Database) -> None:
    """A capture is kept once, with the text it names and no other; the oldest comes first."""
    made = post()
    with db.write() as tx:
        first = archive(tx, made)
        assert not captures.put(tx, first, made.text)
        earlier = capture(made, id="earlier", captured_at="2015-01-01T00:00:00.000Z")
        assert captures.put(tx, earlier, made.text)
        assert captures.of_post(tx, made.id) == [earlier, first]
        assert captures.count(tx) == 2
        with pytest.raises(ValueError, match="text_sha256"):
            captures.put(tx, capture(made, id="other"), "other words")
