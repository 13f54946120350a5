"""Questions by mention, in direct messages and by the shortcut; and what is shared, and where it may be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.sample import pictures
from bot.slack.ids import Callback
from bot.workspace.notation import pings
from bot.workspace.values import Channel, Message
from tests.front.newsroom import SEARCH, Newsroom, buttons, in_newsroom, pinged, shown
from tests.front.platforms import LINK, OLDER, OLDER_LINK, POST, brought


async def say(room: Newsroom, words: str, channel: Channel | None = None, thread: str | None = None) -> Message:
    """Let Rana write something, and wait for what follows."""
    said = room.slack.people.say(room.rana.id, (channel or room.desk).id, words, thread)
    await room.quiet()
    return said


@in_newsroom()
async def test_a_mention_is_answered_once_in_its_thread(room: Newsroom) -> None:
    """Slack tells of it by two events, message and app_mention; the answer stands once, under the question."""
    await room.watch("Amina Njoroge")
    await room.take(brought(POST, "Amina Njoroge has arrived in Mombasa today."))
    asked = await say(room, "@dateline whereis Njoroge")
    events = {delivery.name for delivery in room.workspace.transcript.deliveries("event")}
    assert {"message", "app_mention"} <= events
    [answer] = room.posted(room.desk)
    assert answer.thread_ts == asked.ts
    assert "Mombasa" in shown(answer)
    assert "Share in channel" not in buttons(answer)
    assert await room.jobs() == {"done": 1}


@in_newsroom()
async def test_a_mention_in_a_thread_is_answered_there_with_the_whole_card(room: Newsroom) -> None:
    """The rest of a trace follows the first message in the same thread."""
    room.x.writes(POST, "Ships in Mombasa today", pictures.picture("harbour"))
    root = room.slack.people.say(room.erik.id, room.desk.id, "What of this picture?")
    await say(room, f"@dateline trace {LINK}", thread=root.ts)
    first, *rest = room.posted(room.desk)
    assert rest
    assert {one.thread_ts for one in (first, *rest)} == {root.ts}
    assert "Archived copies" in "\n".join(map(shown, rest))
    assert set(buttons(first)) == {"Boilerplate…", "Trace again", "Watch…", *SEARCH}
    assert not pinged(room)


@in_newsroom()
async def test_a_mention_may_begin_with_a_link_or_hold_no_question(room: Newsroom) -> None:
    """A link alone is traced; words that are no question, and none at all, are answered with help."""
    room.x.writes(POST, "Ships in Mombasa today")
    asked = await say(room, f"@dateline {LINK}")
    assert "Ships in Mombasa today" in shown(room.posted(room.desk, asked.ts)[0])
    for words in ("@dateline what do you think", "@dateline"):
        asked = await say(room, words)
        [answer] = room.posted(room.desk, asked.ts)
        assert "What Dateline can do" in shown(answer)


@in_newsroom()
async def test_talk_that_is_not_for_the_app_is_left_alone(room: Newsroom) -> None:
    """Messages without a mention, changed and deleted ones, and its own words bring nothing."""
    said = await say(room, f"Look at {LINK}")
    room.slack.people.edit(room.rana.id, said.ts, f"Do look at {LINK}")
    room.slack.people.take_back(room.rana.id, said.ts)
    await room.quiet()
    assert room.posted(room.desk) == []
    assert await room.jobs() == {}


@in_newsroom()
async def test_a_direct_message_is_a_question(room: Newsroom) -> None:
    """No mention is needed there; a picture is looked up, with what it matches."""
    place = room.workspace.direct(room.rana.id)
    await say(room, "dateline help", place)
    await say(room, "status", place)
    assert "Last captured" in shown(room.posted(place)[-1])
    await room.take(brought(OLDER, "A square in Kampala.", [pictures.picture("soldiers-square")]))
    room.slack.people.drop_file(room.rana.id, place.id, "seen.jpg", pictures.mirrored_copy("soldiers-square"))
    await room.quiet()
    told = "\n".join(map(shown, room.posted(place)))
    assert "This picture was seen before" in told
    assert "Kampala" in told
    room.slack.people.drop_file(room.rana.id, place.id, "new.jpg", pictures.picture("harbour"), "check")
    await room.quiet()
    assert "No copy of this picture" in shown(room.posted(place)[-1])


@in_newsroom()
async def test_the_shortcut_checks_what_a_message_holds(room: Newsroom) -> None:
    """A picture and a link of a post are looked up, for the one who asks; a message with neither is one sentence."""
    await room.take(brought(OLDER, "A square in Kampala.", [pictures.picture("soldiers-square")]))
    room.x.writes(POST, "A square", pictures.mirrored_copy("soldiers-square"))
    people = room.slack.people
    dropped = people.drop_file(room.erik.id, room.desk.id, "odd.jpg", pictures.picture("harbour"))
    for holding, words in (
        (dropped, "No copy of this picture"),
        (await say(room, f"see {LINK}, and https://news.example/a"), "This picture was seen before"),
        (await say(room, "good morning"), "no picture and no link of a post"),
        (await say(room, "see https://news.example/story"), "no picture and no link of a post"),
    ):
        before = len(room.told(room.rana))
        await room.answered(await people.message_shortcut(room.rana.id, str(Callback.CHECK_MESSAGE), holding))
        [answer] = room.told(room.rana)[before:]
        assert words in shown(answer)
    assert room.posted(room.desk) == []


@in_newsroom()
async def test_a_card_is_shared_with_its_thread(room: Newsroom) -> None:
    """Share in channel posts the card and what follows under it, for everybody, without the buttons that did it."""
    room.x.writes(POST, "Ships in Mombasa today", pictures.picture("harbour"))
    [card] = await room.command(f"/trace {LINK}")
    await room.click(card, buttons(card)["Share in channel"])
    first, *rest = room.posted(room.desk)
    assert not first.thread_ts
    assert {one.thread_ts for one in rest} == {first.ts}
    assert set(buttons(first)) == {"Boilerplate…", "Trace again", "Watch…", *SEARCH}
    [again] = await room.click(first, buttons(first)["Trace again"], room.erik)
    assert again.ephemeral_to == room.erik.id
    await room.watch("Amina Njoroge")
    await room.take(brought(OLDER, "Amina Njoroge has arrived in Mombasa today."))
    for command in ("/whereis Njoroge", f"/check {LINK}"):
        before = len(room.posted(room.desk))
        [card] = await room.command(command)
        await room.click(card, buttons(card)["Share in channel"])
        assert len(room.posted(room.desk)) > before


@in_newsroom()
async def test_sharing_where_the_bot_is_not_a_member_says_what_to_do(room: Newsroom) -> None:
    """The card cannot be posted there: who asked is told so, and how to let the app in."""
    room.x.writes(POST, "Ships in Mombasa today")
    [card] = await room.command(f"/trace {LINK}", channel=room.lobby)
    [told] = await room.click(card, buttons(card)["Share in channel"])
    assert told.ephemeral_to == room.rana.id
    assert "/invite @dateline" in shown(told)
    assert room.posted(room.lobby) == []


@in_newsroom()
async def test_what_was_seen_in_a_private_channel_is_told_there_alone(room: Newsroom) -> None:
    """A post traced in private is not found, matched, counted or listed in any other channel; there it is."""
    await room.watch("Amina Njoroge")
    room.x.writes(OLDER, "Amina Njoroge has arrived in Kampala today.", pictures.picture("soldiers-square"))
    room.x.writes(POST, "A square in Nairobi today.", pictures.mirrored_copy("soldiers-square"))
    [secret] = await room.command(f"/trace {OLDER_LINK}", channel=room.sources)
    await room.click(secret, buttons(secret)["Share in channel"])
    [card] = await room.command(f"/trace {LINK}")
    [claims] = await room.command("/whereis Njoroge")
    [check] = await room.command(f"/check {LINK}")
    direct = room.workspace.direct(room.rana.id)
    room.slack.people.drop_file(room.rana.id, direct.id, "same.jpg", pictures.picture("soldiers-square"))
    room.slack.people.open_home(room.rana.id)
    await room.quiet()
    home = room.workspace.home(room.rana.id)
    assert home is not None
    told = "\n".join((*map(shown, (card, claims, check, *room.posted(direct))), str(home.body)))
    assert "Kampala" not in told
    assert OLDER not in told
    assert "No copy among the pictures we hold" in shown(card)
    [inside] = await room.command("/whereis Njoroge", channel=room.sources)
    assert "Kampala" in shown(inside)
    [both] = await room.command(f"/trace {LINK}", room.erik, room.sources)
    assert "Kampala" in shown(both)


@in_newsroom(refusals=True)
async def test_a_link_alone_is_traced_as_it_is_written(room: Newsroom) -> None:
    """Capital letters stay, words around it do not matter, and of two links none is passed over in silence."""
    room.x.writes(POST, "Ships in Mombasa today", pictures.picture("harbour"))
    await say(room, f"@dateline {LINK} have we seen this?")
    assert "Ships in Mombasa today" in shown(room.posted(room.desk)[0])
    await say(room, "@dateline https://example.com/AbC")
    noted = await room.service.desk.db.reading(lambda tx: tx.rows("SELECT request FROM jobs"))
    assert [row for row in noted if "https://example.com/AbC" in row["request"]]
    asked = await say(room, f"@dateline {LINK} {OLDER_LINK}")
    assert "Give one address and nothing else" in shown(room.posted(room.desk, asked.ts)[0])


def test_a_channel_that_was_made_private_is_private_from_then_on(tmp_path: Path) -> None:
    """That a channel was public is not believed for longer than a minute."""
    moved = [timedelta()]

    @in_newsroom(clock=lambda: datetime.now(UTC) + moved[0])
    async def story(room: Newsroom) -> None:
        room.x.writes(POST, "Ships in Mombasa today", pictures.picture("harbour"))
        await say(room, "@dateline help")
        room.workspace.channels[room.desk.id] = replace(room.desk, kind="private")
        moved[0] = timedelta(minutes=2)
        await say(room, f"@dateline trace {LINK}")
        [inside] = await room.command("/dateline status")
        assert "1 post," in shown(inside)
        [elsewhere] = await room.command("/dateline status", channel=room.lobby)
        assert "0 posts," in shown(elsewhere)

    story(tmp_path)


@in_newsroom()
async def test_no_count_grows_elsewhere_by_what_is_private(room: Newsroom) -> None:
    """The state of the store, and what is said of a change of the watch-list, are the same after a private trace."""

    async def told() -> list[str]:
        asked = ("/dateline status", "/dateline people add Amina Njoroge")
        return [shown(answer) for each in asked for answer in await room.command(each)]

    await room.watch("Amina Njoroge")
    await room.take(brought(POST, "A square in Nairobi today.", [pictures.picture("harbour")]))
    before = await told()
    room.x.writes(OLDER, "Amina Njoroge has arrived in Kampala today.", pictures.picture("soldiers-square"))
    await room.command(f"/trace {OLDER_LINK}", channel=room.sources)
    assert await told() == before


@in_newsroom()
async def test_a_private_post_traced_elsewhere_as_well_may_be_told_there(room: Newsroom) -> None:
    """Somebody who brings the same link into a public channel has it answered there, without a word of the other."""
    room.x.writes(POST, "Ships in Mombasa today", pictures.picture("harbour"))
    await room.command(f"/trace {LINK}", channel=room.sources)
    [card] = await room.command(f"/trace {LINK}", room.erik)
    assert "Ships in Mombasa today" in shown(card)
    assert await room.archived() == 1


@in_newsroom()
async def test_what_a_thread_is_told_of_the_desk_calls_nobody(room: Newsroom) -> None:
    """Who paused, and who set a digest up, is named to one person alone, never to all who read a thread."""
    for line in ("/dateline pause all", "/dateline digest at 08:30 weekdays Europe/Oslo"):
        [answer] = await room.command(line, user=room.erik)
        assert room.erik.id in shown(answer)
    for words in ("pause all", "digest settings", "digest at 09:30 weekdays", "snoozes"):
        room.slack.people.say(room.rana.id, room.desk.id, f"@dateline {words}")
        await room.quiet()
    assert len(room.posted(room.desk)) == 4
    assert {who for one in room.posted(room.desk) for who in pings(one)} == set()
