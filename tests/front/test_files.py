"""Pictures dropped into channels: silence without a match, one card in their thread with one."""

from __future__ import annotations

from bot.sample import pictures
from bot.slack.files import LARGEST
from bot.workspace.values import Channel, Message
from tests.front.newsroom import Newsroom, buttons, in_newsroom, pinged, shown
from tests.front.platforms import OLDER, brought


async def drop(
    room: Newsroom, name: str, data: bytes, words: str = "", channel: Channel | None = None, thread: str | None = None
) -> Message:
    """Let Erik share a file, and wait for what follows."""
    place = (channel or room.desk).id
    dropped = room.slack.people.drop_file(room.erik.id, place, name, data, words, thread)
    await room.quiet()
    return dropped


async def hold(room: Newsroom) -> None:
    """Archive a post with a picture."""
    await room.take(brought(OLDER, "A square in Kampala.", [pictures.picture("soldiers-square")]))


@in_newsroom()
async def test_a_picture_that_was_never_seen_brings_silence(room: Newsroom) -> None:
    """It is looked up and not kept, and nobody is told anything."""
    await hold(room)
    await drop(room, "new.jpg", pictures.picture("harbour"))
    assert room.posted(room.desk) == []
    assert room.told(room.erik) == []
    assert await room.jobs() == {"done": 1}
    assert await room.archived() == 1


@in_newsroom()
async def test_a_picture_that_was_seen_brings_one_card_in_its_thread(room: Newsroom) -> None:
    """The card tells where and when; its pictures are uploaded with alternative text; nobody is pinged."""
    await hold(room)
    dropped = await drop(room, "seen.jpg", pictures.mirrored_copy("soldiers-square"), "look at this")
    card, *rest = room.posted(room.desk)
    assert {one.thread_ts for one in (card, *rest)} == {dropped.ts}
    assert "This picture was seen before" in shown(card)
    assert "mirrored" in shown(card).lower()
    [image] = [block for block in card.blocks if block["type"] == "image"]
    assert room.workspace.files[image["slack_file"]["id"]].alt_text
    assert "Kampala" in "\n".join(map(shown, rest))
    assert not pinged(room)
    [kept] = await room.click(card, buttons(card)["Keep in the archive"], room.rana)
    assert kept.ephemeral_to == room.rana.id
    assert await room.archived() == 2


@in_newsroom()
async def test_pictures_in_a_thread_are_answered_in_that_thread(room: Newsroom) -> None:
    """The card stands below what is being talked about, in a private channel as well."""
    await hold(room)
    for channel in (room.desk, room.sources):
        root = room.slack.people.say(room.rana.id, channel.id, "does anybody know this place?")
        await drop(room, "seen.jpg", pictures.smaller_copy("soldiers-square"), channel=channel, thread=root.ts)
        assert {one.thread_ts for one in room.posted(channel)} == {root.ts}


@in_newsroom()
async def test_a_picture_with_a_mention_is_answered_once_whatever_is_found(room: Newsroom) -> None:
    """Who asks is told that there is no copy; with a copy, one card answers the file and the question."""
    await hold(room)
    asked = await drop(room, "new.jpg", pictures.picture("harbour"), "@dateline check")
    [none] = room.posted(room.desk, asked.ts)
    assert "No copy of this picture" in shown(none)
    asked = await drop(room, "seen.jpg", pictures.mirrored_copy("soldiers-square"), "@dateline")
    titles = [shown(one).splitlines()[0] for one in room.posted(room.desk, asked.ts)]
    assert titles.count("This picture was seen before") == 1


@in_newsroom()
async def test_files_that_are_no_pictures_bring_silence(room: Newsroom) -> None:
    """A report and a table are not opened; a text that calls itself a picture is opened, and nobody is told."""
    await drop(room, "report.pdf", b"%PDF-1.7 not a picture")
    await drop(room, "table.csv", b"a,b\n1,2\n")
    assert await room.jobs() == {}
    await drop(room, "broken.jpg", b"this is not a JPEG")
    assert room.posted(room.desk) == []
    assert room.told(room.erik) == []
    direct = room.workspace.direct(room.rana.id)
    room.slack.people.drop_file(room.rana.id, direct.id, "broken.jpg", b"this is not a JPEG")
    await room.quiet()
    [answer] = room.posted(direct)
    assert "cannot be looked up" in shown(answer)


@in_newsroom(seconds=90)
async def test_a_file_that_is_too_large_is_not_opened(room: Newsroom) -> None:
    """In a channel there is silence; who sends it in a direct message is told how much is opened."""
    huge = b"\xff\xd8\xff" + bytes(LARGEST)
    await drop(room, "huge.jpg", huge)
    assert room.posted(room.desk) == []
    direct = room.workspace.direct(room.rana.id)
    room.slack.people.drop_file(room.rana.id, direct.id, "huge.jpg", huge)
    await room.quiet()
    [answer] = room.posted(direct)
    assert f"{LARGEST // 2**20} MB" in shown(answer)


@in_newsroom(refusals=True)
async def test_an_app_without_files_read_says_so_to_who_asks(room: Newsroom) -> None:
    """A dropped picture brings silence; a question about one names the scope that is missing."""
    await hold(room)
    room.workspace.tokens.narrow("files:read")
    await drop(room, "seen.jpg", pictures.picture("soldiers-square"))
    assert room.posted(room.desk) == []
    asked = await drop(room, "seen.jpg", pictures.picture("soldiers-square"), "@dateline check")
    [answer] = room.posted(room.desk, asked.ts)
    assert "files:read" in shown(answer)
    assert {call.error for call in room.refused()} == {"missing_scope"}


@in_newsroom(refusals=True)
async def test_a_file_that_is_gone_is_said(room: Newsroom) -> None:
    """Kept or asked for again after it was deleted in Slack, the answer is one sentence and the next step."""
    await hold(room)
    dropped = await drop(room, "seen.jpg", pictures.mirrored_copy("soldiers-square"))
    card = room.posted(room.desk)[0]
    [file] = dropped.files
    room.slack.faults.fail("files.info", "file_deleted")
    [answer] = await room.click(card, buttons(card)["Keep in the archive"])
    assert "The file was deleted in Slack" in shown(answer)
    assert answer.ephemeral_to == room.rana.id
    assert file in room.workspace.files
