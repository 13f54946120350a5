"""The one pipeline: once, all or nothing, and right even when other processes change the store in the middle."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.claims.clashes import MOST as CLAIMS
from bot.desk import Desk
from bot.intake import Audience, Intake
from bot.readers import Reader, Readers
from bot.sample import pictures
from bot.sources.base import Captured, Media
from commands.verify import verify
from storage import captures, conflicts, custody, gaps, grants, images, people, posts, reuse, sightings
from storage.database import Transaction
from storage.errors import DiskFull
from storage.records import OPERATOR, PostStatus, TimeBasis, digest
from tests.desks import NOW, Clock, open_desk, quiet

AT = datetime(2021, 6, 2, 9, 0, tzinfo=UTC)


def captured(key: str, text: str = "Rain.", *pictured: bytes, **changes: Any) -> Captured:
    """A post as a source gives it."""
    values: dict[str, Any] = {
        "post_id": f"x:{key}",
        "platform": "x",
        "native_id": key,
        "url": f"https://x.com/i/status/{key}",
        "raw": json.dumps([key, text, [digest(data) for data in pictured]]).encode(),
        "media_type": "application/json",
        "route": "test",
        "captured_at": AT,
        "author": "weather",
        "posted_at": AT,
        "posted_at_basis": TimeBasis.DECODED_ID,
        "text": text,
        "lang": "en",
        "media": tuple(Media(f"https://pictures.example/{digest(data)[:8]}", data) for data in pictured),
    }
    return Captured(**values | changes)


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk that watches Amina Njoroge."""
    with open_desk(tmp_path / "store") as desk:
        with desk.db.write() as tx:
            people.add(tx, "Amina Njoroge")
        yield desk


def state(desk: Desk) -> dict[str, Any]:
    """Everything archived but the custody log."""
    with desk.db.read() as tx:
        held = posts.newest(tx, OPERATOR, 1000)
        return {
            "posts": held,
            "captures": {post.id: captures.of_post(tx, post.id) for post in held},
            "grants": {post.id: grants.of_post(tx, post.id) for post in held},
            "images": {post.id: images.of_post(tx, post.id) for post in held},
            "sightings": {post.id: sightings.of_post(tx, post.id, OPERATOR) for post in held},
            "conflicts": conflicts.count(tx),
            "reuse": reuse.count(tx),
        }


def log_of(desk: Desk) -> list[str]:
    """The actions in the custody log, in order."""
    with desk.db.read() as tx:
        return [row.action for row in custody.rows(tx)]


def test_the_same_post_fed_twice_adds_one_custody_row(desk: Desk) -> None:
    """The second time nothing changes but a `seen again` row."""
    post = captured("1", "Amina Njoroge arrived in Suva.", pictures.picture("harbour"))
    first = desk.intake.take(post)
    assert (first.new, first.pictures, first.sightings) == (True, 1, 1)
    before = state(desk)
    again = desk.intake.take(post)
    assert (again.new, again.sightings) == (False, 0)
    assert state(desk) == before
    assert log_of(desk) == ["capture", "seen again"]


def test_a_second_audience_is_a_second_grant_on_one_archive(desk: Desk) -> None:
    """Seen in a private channel and then in public, a post is archived once and granted twice."""
    post = captured("1")
    desk.intake.take(post, Audience("T1", "channel:C1", "U1"))
    desk.intake.take(post, Audience("T1", "everyone", "U2"))
    held = state(desk)
    assert len(held["captures"]["x:1"]) == 1
    assert {grant.audience for grant in held["grants"]["x:1"]} == {"channel:C1", "everyone"}
    with desk.db.read() as tx:
        assert [row.actor for row in custody.rows(tx)] == ["U1", "U2"]


def test_quoted_posts_are_archived_as_posts(desk: Desk) -> None:
    """A post and the one it quotes are two posts with the same grant, each with its pictures."""
    inner = captured("2", "A harbour.", pictures.picture("harbour"))
    desk.intake.take(captured("1", "Look at this.", quoted=(inner,)), Audience("T1", "channel:C1"))
    held = state(desk)
    assert {post.id for post in held["posts"]} == {"x:1", "x:2"}
    assert len(held["images"]["x:2"]) == 1
    assert held["images"]["x:1"] == []
    assert {grant.audience for post in ("x:1", "x:2") for grant in held["grants"][post]} == {"channel:C1"}


def test_the_same_file_in_two_posts_is_reuse(desk: Desk) -> None:
    """An identical file in another post is told; the same post captured anew is not its own reuse."""
    data = pictures.picture("harbour")
    assert desk.intake.take(captured("1", "One.", data)).reuse == ()
    [match] = desk.intake.take(captured("2", "Two.", data)).reuse
    assert match.relation == "identical"
    assert desk.intake.take(captured("1", "One, edited.", data)).reuse == (match,)
    alone = captured("3", "Three.", pictures.picture("tent-camp"))
    desk.intake.take(alone)
    assert desk.intake.take(captured("3", "Three, edited.", pictures.picture("tent-camp"))).reuse == ()


def test_a_picture_that_cannot_be_opened_is_kept_and_said(desk: Desk) -> None:
    """Garbled bytes are evidence too: archived, marked unusable with the reason, never matched."""
    broken = pictures.picture("harbour")[:2000]
    for key in ("1", "2"):
        receipt = desk.intake.take(captured(key, "Broken.", broken))
        assert receipt.reuse == ()
        assert "cannot be looked up" in receipt.notes[0]
    [(_, image)] = state(desk)["images"]["x:1"]
    assert not image.usable
    assert image.why_not
    assert desk.vault.get(image.sha256) == broken


def test_a_lost_file_comes_back_when_it_is_fed_again(desk: Desk) -> None:
    """A vault file that went missing is restored from the same post; until then `verify` names it."""
    post = captured("1", "A harbour.", pictures.picture("harbour"))
    desk.intake.take(post)
    for data in (post.raw, pictures.picture("harbour")):
        desk.vault.path(digest(data)).unlink()
    assert not asyncio.run(verify(desk, progress=quiet)).clean
    assert not desk.intake.take(post).new
    assert asyncio.run(verify(desk, progress=quiet)).clean


def test_a_picture_that_failed_is_taken_in_when_it_comes(desk: Desk) -> None:
    """The same capture brought again with the picture that was missing gets it, at its place, with its reuse."""
    desk.intake.take(captured("9", "Before.", pictures.picture("harbour")))
    data, other = pictures.mirrored_copy("harbour"), pictures.picture("tent-camp")
    whole = captured("1", "Two.", data, other)
    lacking = replace(
        whole, media=(Media(whole.media[0].url, None, problem="Its server answered 500."), whole.media[1])
    )
    first = desk.intake.take(lacking)
    assert "Its server answered 500." in first.notes
    with desk.db.read() as tx:
        assert [(gap.position, gap.why) for gap in gaps.of_post(tx, "x:1")] == [(0, "Its server answered 500.")]
    again = desk.intake.take(whole)
    assert (again.new, again.pictures, len(again.reuse)) == (False, 1, 1)
    assert desk.intake.take(lacking).pictures == 0
    with desk.db.read() as tx:
        assert gaps.of_post(tx, "x:1") == []
        assert [appearance.position for appearance, _ in images.of_post(tx, "x:1")] == [0, 1]


def test_a_platform_is_believed_over_a_file(desk: Desk) -> None:
    """What a file says of a post stands until its platform is heard, and changes nothing afterwards."""
    forged = captured("1", "Amina Njoroge is in Suva.", author="somebody", route="file")
    desk.intake.take(forged)
    assert state(desk)["posts"][0].text == forged.text
    desk.intake.take(captured("1", "Rain."))
    for late in ({}, {"status": PostStatus.DELETED}, {"text": "Forged once more.", "publisher": "Forger"}):
        desk.intake.take(replace(forged, raw=json.dumps(str(late)).encode(), **late))
    [post] = state(desk)["posts"]
    assert (post.text, post.author, post.status, post.publisher) == ("Rain.", "weather", "live", None)


def test_a_date_that_is_learnt_later_dates_the_sightings(desk: Desk) -> None:
    """A text taken in without a date is read again once its post's date is known."""
    undated = captured("1", "Amina Njoroge arrived in Suva on Monday.", posted_at=None, route="file", raw=b"a line")
    desk.intake.take(undated)
    with desk.db.read() as tx:
        [before] = sightings.of_post(tx, "x:1", OPERATOR)
    desk.intake.take(captured("1", "Amina Njoroge arrived in Suva on Monday."))
    desk.readers.catch_up(desk.db)
    with desk.db.read() as tx:
        [after] = sightings.of_post(tx, "x:1", OPERATOR)
    assert before.post.posted_at is None
    assert before.sighting.time.start is None
    assert after.sighting.time.start == "2021-05-31"


def test_a_picture_of_many_posts_stays_cheap(desk: Desk) -> None:
    """Forty posts claim forty places for one picture: the conflicts grow with the posts, not with their pairs."""
    places = ("Oslo", "Lima", "Suva", "Apia", "Doha", "Kyiv", "Bonn", "Cali")
    for number in range(40):
        desk.intake.take(captured(str(number), f"Day {number} in {places[number % 8]}.", pictures.picture("harbour")))
    assert 0 < state(desk)["conflicts"] <= 40 * CLAIMS


def test_a_post_that_goes_keeps_what_was_archived(desk: Desk) -> None:
    """A later capture that says "deleted" changes the status and nothing else."""
    desk.intake.take(captured("1", "Amina Njoroge arrived in Suva."))
    gone = captured("1", "", status=PostStatus.DELETED, status_reason="deleted by its author", author=None)
    desk.intake.take(gone)
    [post] = state(desk)["posts"]
    assert (post.status, post.text, post.author) == ("deleted", "Amina Njoroge arrived in Suva.", "weather")
    assert len(state(desk)["sightings"]["x:1"]) == 1


class Failing(Readers):
    """Readers that are fine while a post is prepared, and fail while it is written."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def current(self, tx: Transaction) -> Reader:
        """Fail the second time, as a full disk does."""
        self.asked += 1
        if self.asked > 1:
            raise DiskFull("no space")
        return super().current(tx)


def test_a_failed_transaction_leaves_nothing_behind(tmp_path: Path) -> None:
    """When the commit fails no row of the post is there, and its picture is not searchable; the next try works."""
    with open_desk(tmp_path / "store") as desk:
        failing = Intake(desk.db, desk.vault, desk.pictures, Failing(), Clock())
        post = captured("1", "A harbour.", pictures.picture("harbour"))
        with pytest.raises(DiskFull):
            failing.take(post)
        assert state(desk)["posts"] == []
        assert log_of(desk) == []
        with desk.db.read() as tx:
            desk.pictures.refresh(tx)
        assert len(desk.pictures.index) == 0
        assert desk.intake.take(post).new


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.integers(0, 4), min_size=1, max_size=12), cuts=st.lists(st.integers(1, 4), max_size=4))
def test_order_and_repetition_do_not_matter(
    order: list[int], cuts: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever the order, the batches and the repeats, each post is archived once with all that stands in it."""
    everything = [
        captured("1", "Amina Njoroge arrived in Suva."),
        captured("2", "A harbour.", pictures.picture("harbour")),
        captured("3", "Boats.", pictures.mirrored_copy("harbour")),
        captured("4", "Ministry denies that Amina Njoroge was in Apia."),
        captured("5", "Rain."),
    ]
    with open_desk(tmp_path_factory.mktemp("order")) as desk:
        with desk.db.write() as tx:
            people.add(tx, "Amina Njoroge")
        left = [everything[number] for number in order]
        for cut in [*cuts, len(order)]:
            desk.intake.take_all(left[:cut])
            left = left[cut:]
        held = state(desk)
        fed = {everything[number].post_id for number in order}
        assert {post.id for post in held["posts"]} == fed
        assert all(len(of_post) == 1 for of_post in held["captures"].values())
        told = {post_id for post_id, found in held["sightings"].items() if found}
        assert told == fed & {"x:1", "x:4"}
        assert held["reuse"] == (1 if {"x:2", "x:3"} <= fed else 0)
        assert log_of(desk).count("capture") == len(fed)
        assert log_of(desk).count("seen again") == len(order) - len(fed)
        assert all(capture.captured_at < NOW.isoformat() for found in held["captures"].values() for capture in found)
