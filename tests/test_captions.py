"""Captions of one picture over the store: what is kept with its words, and what is told to whoever may see it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.desk import Desk, take
from bot.findings import TraceFinding
from bot.intake import Audience
from bot.sample import pictures
from bot.sources.base import Captured, Media
from bot.terminal.shapes import shape
from bot.terminal.text import show
from commands.trace import traced_again
from storage import conflicts, people
from storage.records import EVERYONE, OPERATOR, ConflictKind, TimeBasis, Viewer
from storage.relations import ClaimRelation
from tests.desks import open_desk

HARBOUR = pictures.picture("harbour")


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk that watches two people."""
    with open_desk(tmp_path / "store") as desk:
        with desk.db.write() as tx:
            people.add(tx, "Amina Njoroge")
            people.add(tx, "Tomas Lindqvist")
        yield desk


def post(desk: Desk, key: str, day: str, text: str, to: Audience | None = None) -> str:
    """Take in a post of that day with the picture, and return its id."""
    at = datetime.fromisoformat(f"{day}T09:00:00+00:00").astimezone(UTC)
    captured = Captured(
        post_id=f"x:{key}", platform="x", native_id=key, url=f"https://x.com/i/status/{key}", raw=text.encode(),
        media_type="application/json", route="test", captured_at=at, author=f"user{key}", posted_at=at,
        posted_at_basis=TimeBasis.DECODED_ID, text=text, media=(Media(f"https://pictures.example/{key}", HARBOUR),),
    )  # fmt: skip
    take(desk, captured, to or Audience())
    return f"x:{key}"


def trace(desk: Desk, post_id: str, viewer: Viewer = OPERATOR) -> TraceFinding:
    """What a trace of an archived post answers."""
    return asyncio.run(traced_again(desk, post_id, viewer=viewer))


def test_a_conflict_is_kept_with_the_words_of_both_captions(desk: Desk) -> None:
    """In two scripts the exact words are kept, with where they stand in the captions."""
    texts = {"1": "قصف في حلب", "2": "Дым над Газой"}
    for (key, text), day in zip(texts.items(), ("2016-10-01", "2023-10-10"), strict=True):
        post(desk, key, day, text)
    with desk.db.read() as tx:
        [clash] = conflicts.of_post(tx, "x:2", OPERATOR)
    assert (clash.kind, clash.relation) == (ConflictKind.PLACE, ClaimRelation.CONTRADICTS)
    assert "Aleppo (“حلب”)" in clash.why
    assert "Gaza (“Газой”)" in clash.why
    assert {quote.text for quote in clash.quotes} == {"حلب", "Газой"}
    for quote in clash.quotes:
        assert quote.text == texts[quote.post_id.removeprefix("x:")][quote.start : quote.end]


def test_a_less_specific_caption_is_told_and_not_kept(desk: Desk) -> None:
    """“Syria” after “Latakia” is no conflict: the trace says so, in words and in JSON."""
    post(desk, "1", "2016-05-01", "Smoke over Latakia")
    finding = trace(desk, post(desk, "2", "2016-05-02", "Дым над Сирией"))
    assert finding.conflicts == ()
    [told] = finding.differences
    assert (told.kind, told.relation) == (ConflictKind.PLACE, ClaimRelation.LESS_SPECIFIC)
    assert told.why in show(finding)
    assert [(each["relation"], each["quotes"][0]["quote"]) for each in shape(finding)["differences"]] == [
        ("less-specific", "Сирией")
    ]
    with desk.db.read() as tx:
        assert conflicts.count(tx) == 0


def test_two_watched_people_who_are_said_to_be_in_a_picture_are_told(desk: Desk) -> None:
    """Who is pictured is read for the people watched now, and only told."""
    post(desk, "1", "2016-05-01", "Pictured: Amina Njoroge")
    finding = trace(desk, post(desk, "2", "2016-05-02", "Pictured: Tomas Lindqvist"))
    assert finding.conflicts == ()
    assert [told.kind for told in finding.differences] == [ConflictKind.PERSON]


def test_a_private_caption_is_told_to_nobody_else(desk: Desk) -> None:
    """What a post in a private channel says otherwise is not told to those who may not see it."""
    post(desk, "1", "2016-05-01", "Smoke over Latakia", Audience("T1", "channel:C1", "U1"))
    shown = post(desk, "2", "2016-05-02", "Smoke over Syria")
    outsider = Viewer("T1", frozenset({EVERYONE}))
    assert len(trace(desk, shown).differences) == 1
    assert trace(desk, shown, outsider).differences == ()


@pytest.mark.parametrize("order", [("1", "2"), ("2", "1")])
def test_an_impossible_date_is_found_whichever_post_comes_in_first(desk: Desk, order: tuple[str, ...]) -> None:
    """“Today” of a picture that stood elsewhere years before is kept as impossible, with those words."""
    said = {"1": ("2020-08-05", "Harbour of Beirut"), "2": ("2024-03-01", "بيروت الآن")}
    for key in order:
        post(desk, key, *said[key])
    with desk.db.read() as tx:
        [clash] = conflicts.of_post(tx, "x:1", OPERATOR)
    assert (clash.kind, clash.relation) == (ConflictKind.DATE, ClaimRelation.IMPOSSIBLE)
    assert [quote.text for quote in clash.quotes] == ["الآن"]
