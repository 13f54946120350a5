"""Slack down, slow, limiting, forgetting and refusing: each answer comes once, or somebody reads why it does not."""

from __future__ import annotations

import asyncio
import itertools
import logging
import re
import sqlite3
from dataclasses import replace

import pytest

from bot.sample import pictures
from bot.workspace.transcript import Call
from storage import outbox
from storage.database import DATABASE_FILE
from tests.front.newsroom import QUICK, Newsroom, buttons, in_newsroom, shown
from tests.front.platforms import LINK, OLDER, POST, brought

SCENE = "soldiers-square"


def sent(room: Newsroom, method: str = "chat.postMessage") -> list[Call]:
    """The calls of one method that Slack took."""
    return [call for call in room.workspace.transcript.calls(method) if call.ok]


async def states(room: Newsroom) -> dict[str, int]:
    """Count the messages by how far they have come."""
    return await room.service.desk.db.reading(outbox.by_state)


async def ask(room: Newsroom, words: str = "@dateline help") -> str:
    """Mention the app, and return the thread in which it is to answer."""
    said = room.slack.people.say(room.rana.id, room.desk.id, words)
    await room.slack.settle()
    await room.service.runner.idle()
    return said.ts


@in_newsroom(refusals=True)
async def test_slack_down_for_a_while(room: Newsroom) -> None:
    """What is asked meanwhile is answered when Slack is back, once, to everybody and to one person alone."""
    await room.slack.down()
    await room.slack.people.command(room.rana.id, room.desk.id, "/dateline help")
    thread = await ask(room)
    await asyncio.sleep(0.5)
    assert set(await states(room)) <= {"waiting", "preparing", "sending", "unsure"}
    await room.slack.up()
    await room.quiet()
    assert len(room.told(room.rana)) == 1
    assert len(room.posted(room.desk, thread)) == 1


@in_newsroom(refusals=True)
async def test_slack_unavailable_for_a_while(room: Newsroom) -> None:
    """A 503 may hide that the message was taken: it is looked for before it is sent again."""
    room.slack.faults.unavailable = True
    thread = await ask(room)
    await asyncio.sleep(0.5)
    room.slack.faults.unavailable = False
    await room.quiet()
    assert len(room.posted(room.desk, thread)) == 1
    assert room.workspace.transcript.calls("conversations.replies")


@in_newsroom()
async def test_slack_slow_does_not_make_acknowledgements_slow(room: Newsroom) -> None:
    """Answers come late, requests are acknowledged at once all the same."""
    room.slack.faults.slow = 0.7
    thread = await ask(room)
    await room.slack.people.command(room.rana.id, room.desk.id, "/dateline help")
    await room.quiet()
    assert len(room.posted(room.desk, thread)) == 1
    commands = room.workspace.transcript.deliveries("command")
    assert max(one.seconds for one in commands) < 0.5
    assert not [one for one in room.workspace.transcript.deliveries() if one.problem]


@in_newsroom(refusals=True)
async def test_a_limit_is_obeyed(room: Newsroom) -> None:
    """After a 429 nothing goes to that channel before Retry-After is over; other channels go on."""
    room.slack.faults.rate_limit(room.desk.id, times=2)
    thread = await ask(room)
    said = room.slack.people.say(room.rana.id, room.sources.id, "@dateline help")
    await room.quiet()
    calls = room.workspace.transcript.calls("chat.postMessage")
    times = [call.at for call in calls if call.arguments["channel"] == room.desk.id]
    assert len(times) == 3
    assert all(later - sooner >= 1.0 for sooner, later in itertools.pairwise(times))
    [elsewhere] = [call.at for call in calls if call.arguments["channel"] == room.sources.id]
    assert elsewhere < times[-1]
    assert len(room.posted(room.desk, thread)) == len(room.posted(room.sources, said.ts)) == 1


@in_newsroom(pace=1.0, limited=True, timing=replace(QUICK, file_polls=2))
async def test_at_the_pace_of_the_settings_no_limit_is_met(room: Newsroom) -> None:
    """With Slack's limits in force, a shared trace with its thread and a burst of questions go out without a 429."""
    await room.take(brought(OLDER, "A square in Kampala.", [pictures.picture(SCENE)]))
    room.x.writes(POST, "A square in Nairobi.", pictures.mirrored_copy(SCENE))
    [card] = await room.command(f"/trace {LINK}")
    await room.click(card, buttons(card)["Share in channel"])
    for _ in range(2):
        await ask(room)
    await room.quiet()
    assert len(room.posted(room.desk)) >= 4


@in_newsroom(refusals=True)
async def test_a_lost_answer_is_found_again(room: Newsroom) -> None:
    """Slack took the message and its answer was lost: it stands once, and what follows comes under it."""
    room.slack.faults.lose_answer_of("chat.postMessage")
    thread = await ask(room)
    await room.quiet()
    assert len(room.posted(room.desk, thread)) == 1
    room.x.writes(POST, "Ships in Mombasa today", pictures.picture("harbour"))
    [card] = await room.command(f"/trace {LINK}")
    room.slack.faults.lose_answer_of("chat.postMessage")
    await room.click(card, buttons(card)["Share in channel"])
    first, *rest = [one for one in room.posted(room.desk) if one.thread_ts != thread]
    assert rest
    assert {one.thread_ts for one in rest} == {first.ts}
    assert await states(room) == {"sent": len(sent(room)) + 1}


@in_newsroom(refusals=True, timing=replace(QUICK, hook=0.0))
async def test_a_response_address_that_has_run_out(room: Newsroom) -> None:
    """The answer comes in the channel, to who asked alone; where the app is not in it, as a direct message."""
    [answer] = await room.command("/dateline help")
    assert answer.via == "api"
    assert answer.ephemeral_to == room.rana.id
    await room.slack.people.command(room.rana.id, room.lobby.id, "/dateline help")
    await room.quiet()
    [direct] = room.posted(room.workspace.direct(room.rana.id))
    assert "What Dateline can do" in shown(direct)
    assert room.posted(room.lobby) == []


@in_newsroom(refusals=True)
async def test_a_lost_answer_where_nobody_lets_us_look_is_marked(room: Newsroom) -> None:
    """Without the method that looks into a thread the message comes again, whole, and says that it may be a repeat."""
    room.slack.faults.lose_answer_of("chat.postMessage")
    room.slack.faults.fail("conversations.replies", "unknown_method", times=9)
    thread = await ask(room)
    await room.quiet()
    first, second = room.posted(room.desk, thread)
    assert first.blocks
    assert shown(second).startswith("Possible repeat")
    assert "What Dateline can do" in shown(second)


@pytest.mark.parametrize("error", ["missing_scope", "unknown_method"])
def test_a_membership_that_cannot_be_asked_stops_nobody(tmp_path_factory: pytest.TempPathFactory, error: str) -> None:
    """Where conversations.info is not to be had, warnings are subscribed and cards shared all the same."""

    @in_newsroom(refusals=True)
    async def story(room: Newsroom) -> None:
        room.slack.faults.fail("conversations.info", error, times=9)
        [subscribed] = await room.command("/dateline alerts here")
        assert "This channel is warned" in shown(subscribed)
        room.x.writes(POST, "Ships in Mombasa today", pictures.picture("harbour"))
        [card] = await room.command(f"/trace {LINK}")
        await room.click(card, buttons(card)["Share in channel"])
        assert room.posted(room.desk)

    story(tmp_path_factory.mktemp("store"))


@in_newsroom(refusals=True, timing=replace(QUICK, hook=0.0))
async def test_a_lost_answer_that_nobody_can_look_for_is_marked(room: Newsroom) -> None:
    """What one person sees cannot be looked for: it is sent again, and says that it may be a repeat."""
    room.slack.faults.lose_answer_of("chat.postEphemeral")
    first, second = await room.command("/dateline help")
    assert "Possible repeat" not in first.text
    assert second.text.startswith("Possible repeat")
    assert shown(second).startswith("Possible repeat")


@in_newsroom(refusals=True)
async def test_a_token_that_was_revoked(room: Newsroom) -> None:
    """Nothing is tried over and over: the message waits for somebody to install the app again, and the log says so."""
    await room.command("/dateline help")
    room.workspace.tokens.revoke()
    await ask(room)
    await room.workspace.transcript.wait_for(
        lambda: [call for call in room.refused() if call.method == "chat.postMessage"]
    )
    await asyncio.sleep(1.0)
    refused = [call.error for call in room.refused() if call.method == "chat.postMessage"]
    assert refused == ["token_revoked"]
    assert (await states(room))["waiting"] == 1


@in_newsroom(refusals=True, pace=0.3)
async def test_a_channel_archived_in_mid_thread(room: Newsroom) -> None:
    """The rest of the thread is given up, nothing hangs, and other channels go on."""
    room.x.writes(POST, "Ships in Mombasa today", pictures.picture("harbour"))
    [card] = await room.command(f"/trace {LINK}")
    await room.slack.people.click(room.rana.id, card, buttons(card)["Share in channel"])
    await room.workspace.transcript.wait_for(lambda: room.posted(room.desk))
    room.slack.people.archive(room.desk.id)
    await room.quiet()
    assert {call.error for call in room.refused()} == {"is_archived"}
    assert (await states(room))["dead"] >= 1
    [answer] = await room.command("/dateline help", channel=room.sources)
    assert "What Dateline can do" in shown(answer)


@in_newsroom(refusals=True)
async def test_blocks_that_slack_refuses_become_plain_words(room: Newsroom) -> None:
    """The whole sense is sent as text, once; for an answer to one person as well."""
    room.slack.faults.fail("chat.postMessage", "invalid_blocks")
    thread = await ask(room)
    await room.quiet()
    [answer] = room.posted(room.desk, thread)
    assert not answer.blocks
    assert "/trace LINK: archive a post" in answer.text


@in_newsroom(refusals=True, timing=replace(QUICK, file_polls=1_000, file_seconds=1_000.0), seconds=90)
async def test_an_upload_that_never_gets_ready(room: Newsroom) -> None:
    """The card comes without the picture within seconds and says in words what it shows."""
    await room.take(brought(OLDER, "A square in Kampala.", [pictures.picture(SCENE)]))
    dropped = room.slack.people.drop_file(room.erik.id, room.desk.id, "seen.jpg", pictures.mirrored_copy(SCENE))
    await room.workspace.transcript.wait_for(lambda: room.posted(room.desk, dropped.ts), 40.0)
    [card, *_] = room.posted(room.desk, dropped.ts)
    assert "image" not in [block["type"] for block in card.blocks]
    assert "Picture not shown. Two pictures side by side" in shown(card)


@pytest.mark.parametrize(
    "error", ["missing_scope", "file_uploads_disabled", "storage_limit_reached", "unknown_method", "a_name_of_tomorrow"]
)
def test_an_upload_that_is_refused(tmp_path_factory: pytest.TempPathFactory, error: str) -> None:
    """A workspace that takes no files gets the words all the same, with their buttons."""

    @in_newsroom(refusals=True)
    async def story(room: Newsroom) -> None:
        await room.take(brought(OLDER, "A square in Kampala.", [pictures.picture(SCENE)]))
        room.slack.faults.fail("files.getUploadURLExternal", error, times=50)
        dropped = room.slack.people.drop_file(room.erik.id, room.desk.id, "seen.jpg", pictures.mirrored_copy(SCENE))
        await room.quiet()
        card = room.posted(room.desk, dropped.ts)[0]
        assert "Picture not shown" in shown(card)
        assert "Keep in the archive" in buttons(card)

    story(tmp_path_factory.mktemp("store"))


@in_newsroom(refusals=True, seconds=60)
async def test_a_store_that_is_busy(room: Newsroom) -> None:
    """Short, it is waited for; long, who asks is told to try again; afterwards everything goes on."""
    loop = asyncio.get_running_loop()
    other = sqlite3.connect(
        room.service.desk.settings.home / DATABASE_FILE, isolation_level=None, check_same_thread=False
    )
    try:
        other.execute("BEGIN IMMEDIATE")
        loop.call_later(0.5, other.execute, "ROLLBACK")
        [answer] = await room.command("/dateline help")
        assert "What Dateline can do" in shown(answer)
        other.execute("BEGIN IMMEDIATE")
        loop.call_later(7.0, other.execute, "ROLLBACK")
        went = await room.slack.people.command(room.rana.id, room.desk.id, "/dateline status")
        assert went.problem == "operation_timeout"
        told = await room.workspace.transcript.wait_for(lambda: room.told(room.rana)[1:], 20.0)
        assert "Try it again" in shown(told[0])
        await asyncio.sleep(1.5)
    finally:
        other.close()
    [answer] = await room.command("/dateline help")
    assert "What Dateline can do" in shown(answer)
    thread = await ask(room)
    await room.quiet()
    assert len(room.posted(room.desk, thread)) == 1


def test_the_log_names_the_request_and_tells_no_secret(
    tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture
) -> None:
    """Each failure carries team, channel, user and request; no token, secret or response address stands in any line."""
    secrets: list[str] = []
    names: list[str] = []

    @in_newsroom(refusals=True)
    async def story(room: Newsroom) -> None:
        tokens = room.workspace.tokens
        secrets.extend([tokens.bot, tokens.app, tokens.signing_secret, tokens.verification])
        names.extend([room.workspace.team, room.desk.id, room.rana.id])
        room.x.down = True
        [answer] = await room.command(f"/trace {LINK}")
        assert "Try again" in buttons(answer)
        names.append(room.workspace.transcript.deliveries("command")[-1].payload["trigger_id"])
        room.slack.faults.fail("chat.postMessage", "invalid_auth")
        await ask(room)
        await asyncio.sleep(0.3)

    with caplog.at_level(logging.DEBUG):
        story(tmp_path_factory.mktemp("store"))
    ours = [one.getMessage() for one in caplog.records if one.name == "dateline.runner"]
    [line] = [one for one in ours if "trace" in one]
    assert all(name in line for name in names), line
    assert [one for one in caplog.records if one.name == "dateline.outbox" and "invalid_auth" in one.getMessage()]
    for one in caplog.records:
        assert not [secret for secret in secrets if secret in caplog.handler.format(one)], one.name
        assert not (one.levelno > logging.DEBUG and re.search(r"/hooks/\w+", one.getMessage())), one.name
