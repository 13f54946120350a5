"""`trace` of posts that a file has told of as well as their platform: whose word is told."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.desk import Desk
from bot.sample import pictures
from commands import people
from commands.check import check
from commands.ingest import ingest
from commands.rebuild import rebuild
from commands.verify import verify
from commands.whereis import whereis
from tests.commands.test_trace import ID, ID_LINK, PICTURE, TOMBSTONES, Platform, ask, payload
from tests.commands.test_trace_recorded import fresh_desk
from tests.desks import quiet

DATA_URL = "data:image/png;base64," + base64.b64encode(pictures.picture("tent-camp")).decode()
DELETED = {"__typename": "TweetTombstone", "tombstone": {"text": {"text": TOMBSTONES["deleted"]}}}


@pytest.fixture(name="platform")
def fixture_platform() -> Iterator[Platform]:
    """X, served on loopback."""
    platform = Platform()
    with platform.server:
        yield platform


@pytest.fixture(name="desk")
def fixture_desk(platform: Platform, tmp_path: Path) -> Iterator[Desk]:
    """A desk whose X routes lead to the loopback server."""
    with fresh_desk(platform, tmp_path / "store") as desk:
        yield desk


def test_a_picture_that_only_a_file_shows_is_not_laid_at_the_accounts_door(
    desk: Desk, platform: Platform, tmp_path: Path
) -> None:
    """A file hangs a picture on somebody's post: once X has shown the post's own, `check` tells of that one alone."""
    (tmp_path / "camp.jpg").write_bytes(pictures.picture("tent-camp"))
    hand_in(desk, tmp_path, author="harbour_watch", text="Tents in Lima.", images=[DATA_URL])
    [entry] = asyncio.run(check(desk, [str(tmp_path / "camp.jpg")]))
    assert len(entry.matches) == 1
    platform.answers(ID, payload())
    platform.server.routes["GET /media/AbCdEf"] = PICTURE
    ask(desk, ID_LINK)
    [entry] = asyncio.run(check(desk, [str(tmp_path / "camp.jpg")]))
    assert entry.matches == ()
    (tmp_path / "harbour.jpg").write_bytes(PICTURE.body if isinstance(PICTURE.body, bytes) else b"")
    [entry] = asyncio.run(check(desk, [str(tmp_path / "harbour.jpg")]))
    assert [post.author for match in entry.matches for _, post in match.appearances] == ["harbour_watch"]


def hand_in(desk: Desk, folder: Path, **fields: object) -> None:
    """Take a line with the post's link in from a file."""
    (folder / "posts.jsonl").write_text(json.dumps({"url": ID_LINK, **fields}))
    asyncio.run(ingest(desk, [folder / "posts.jsonl"]))


def places_told(desk: Desk) -> list[str]:
    """Where the watched person is said to be."""
    return [found.sighting.place.name for found in asyncio.run(whereis(desk, "Wanjiru Kamau")).sightings]


def test_a_deleted_post_known_from_a_file_alone_says_so(desk: Desk, platform: Platform, tmp_path: Path) -> None:
    """X says that the post was deleted: the file's words stay, as the file's."""
    hand_in(desk, tmp_path, author="n", text="Rain in Oslo.", images=[DATA_URL])
    platform.answers(ID, DELETED)
    finding = ask(desk, ID_LINK)
    assert (finding.post.status, finding.post.text) == ("deleted", "Rain in Oslo.")
    assert len(finding.images) == 1, "a notice that a post is gone says nothing of its pictures"
    assert any("nothing but that file says that @n wrote it" in note for note in finding.notes)


def test_a_deleted_post_is_filled_in_from_a_file_that_comes_later(
    desk: Desk, platform: Platform, tmp_path: Path
) -> None:
    """The link was traced first: the file's words and pictures are told then, and the post stays deleted."""
    platform.answers(ID, DELETED)
    assert ask(desk, ID_LINK).post.text == ""
    hand_in(desk, tmp_path, author="n", text="Rain in Oslo.", images=[DATA_URL])
    finding = ask(desk, ID_LINK)
    assert (finding.post.status, finding.post.text, finding.post.author) == ("deleted", "Rain in Oslo.", "n")
    assert len(finding.images) == 1


@pytest.mark.parametrize("first", ["file", "platform"])
def test_nobody_is_held_to_words_that_only_a_file_gives(
    desk: Desk, platform: Platform, tmp_path: Path, first: str
) -> None:
    """A file puts words into an account's mouth: once X tells the post, nothing is told of them."""
    asyncio.run(people.add(desk, "Wanjiru Kamau", [], "", progress=quiet))
    platform.answers(ID, payload(mediaDetails=[], text="Wanjiru Kamau is in Mombasa."))
    forged = {"author": "harbour_watch", "text": "Wanjiru Kamau is in Lima."}
    if first == "file":
        hand_in(desk, tmp_path, **forged)
        assert places_told(desk) == ["Lima"]
    finding = ask(desk, ID_LINK)
    if first == "platform":
        hand_in(desk, tmp_path, **forged)
        finding = ask(desk, ID_LINK)
    assert [found.sighting.place.name for found in finding.sightings] == ["Mombasa"]
    assert places_told(desk) == ["Mombasa"]
    asyncio.run(rebuild(desk, pictures=False, texts=True, progress=quiet))
    assert places_told(desk) == ["Mombasa"]
    assert asyncio.run(verify(desk, progress=quiet)).clean
