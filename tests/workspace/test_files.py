"""Uploads in three steps, the wait until Slack can show them, and bytes that come back as they went."""

from __future__ import annotations

from typing import Any

import aiohttp
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.workspace.state import Timing
from tests.workspace.fixtures import Clock, newsroom
from tests.workspace.loops import run
from tests.workspace.manifests import SCOPES, manifest
from tests.workspace.test_api import refusal


@settings(max_examples=10, deadline=None)
@given(st.binary(min_size=1, max_size=3000))
def test_bytes_come_back_as_they_went(content: bytes) -> None:
    """An upload shared into a channel is downloaded byte for byte with the bot's token."""

    async def story() -> None:
        async with newsroom() as room, aiohttp.ClientSession() as session:
            uploaded = await room.client.files_upload_v2(
                content=content, filename="a.png", title="A", alt_txt="a square", channel=room.desk.id
            )
            file = uploaded["file"]
            message = room.workspace.visible(room.desk.id, room.rana.id)[-1]
            assert message.files == (file["id"],)
            token = {"Authorization": f"Bearer {room.workspace.tokens.bot}"}
            async with session.get(file["url_private"], headers=token) as answer:
                assert await answer.read() == content
            async with session.get(file["url_private"]) as answer:
                assert answer.content_type == "text/html", "without a token comes a sign-in page, not the file"

    run(story())


def test_a_picture_shows_in_a_block_only_when_it_is_ready() -> None:
    """Before that it is an invalid slack file; files.info has a mimetype when it may be used."""

    async def story() -> None:
        clock = Clock()
        async with newsroom(clock=clock, timing=Timing(file_seconds=5.0, file_polls=99)) as room:
            file = (await room.client.files_upload_v2(content=b"1", filename="a.png"))["file"]["id"]
            blocks = [{"type": "image", "slack_file": {"id": file}, "alt_text": "a square"}]

            async def post() -> bool:
                return bool((await room.client.chat_postMessage(channel=room.desk.id, text="x", blocks=blocks))["ok"])

            assert await refusal(post()) == "invalid_blocks"
            said = room.workspace.transcript.calls("chat.postMessage")[-1].answer["response_metadata"]["messages"]
            assert said == ["[ERROR] invalid slack file [json-pointer:/blocks/0/slack_file]"]
            assert (await room.client.files_info(file=file))["file"]["mimetype"] == ""
            clock.now += 5
            assert (await room.client.files_info(file=file))["file"]["mimetype"] == "image/png"
            assert await post()

    run(story())


def test_enough_questions_make_a_picture_ready_too() -> None:
    """With a clock that stands still, files.info says so after a set number of polls."""

    async def story() -> None:
        async with newsroom(clock=Clock(), timing=Timing(file_polls=2)) as room:
            file = (await room.client.files_upload_v2(content=b"1", filename="a.png"))["file"]["id"]
            seen = [(await room.client.files_info(file=file))["file"]["mimetype"] for _ in range(3)]
            assert seen == ["", "", "image/png"]

    run(story())


def test_an_upload_is_refused_as_slack_refuses_it() -> None:
    """A length that is not kept, a file never sent, one completed twice, a channel without the bot, too long an alt."""

    async def story() -> None:
        async with newsroom() as room, aiohttp.ClientSession() as session:
            client = room.client
            step = await client.files_getUploadURLExternal(filename="a.png", length=3)
            done: list[dict[str, Any]] = [{"id": step["file_id"]}]
            assert await refusal(client.files_completeUploadExternal(files=done)) == "file_not_found"
            async with session.post(step["upload_url"], data=b"four") as answer:
                assert answer.status == 400
            form = aiohttp.FormData()
            form.add_field("file", b"abc", filename="a.png")
            async with session.post(step["upload_url"], data=form) as answer:
                assert answer.status == 200
            elsewhere = client.files_completeUploadExternal(files=done, channel_id=room.lobby.id)
            assert await refusal(elsewhere) == "not_in_channel"
            await client.files_completeUploadExternal(files=done)
            assert await refusal(client.files_completeUploadExternal(files=done)) == "file_update_failed"
            long = client.files_getUploadURLExternal(filename="a.png", length=3, alt_txt="x" * 1001)
            assert await refusal(long) == "alt_txt_too_large"
            await client.files_delete(file=step["file_id"])
            assert await refusal(client.files_info(file=step["file_id"])) == "file_deleted"

    run(story())


def test_the_bot_reads_only_files_from_where_it_is() -> None:
    """A file dropped in a channel without the bot does not exist for it; nor do bytes without files:read."""

    async def story(scopes: str) -> None:
        async with newsroom(manifest(scopes=scopes.split())) as room, aiohttp.ClientSession() as session:
            secret = room.slack.people.drop_file(room.erik.id, room.vault.id, "s.png", b"1").files[0]
            shared = room.slack.people.drop_file(room.erik.id, room.desk.id, "s.png", b"2").files[0]
            if "files:read" in scopes:
                assert await refusal(room.client.files_info(file=secret)) == "file_not_found"
                assert (await room.client.files_info(file=shared))["file"]["mimetype"] == "image/png"
            address = room.workspace.files[shared].to_json(room.workspace.base_url, room.workspace.team)["url_private"]
            token = {"Authorization": f"Bearer {room.workspace.tokens.bot}"}
            async with session.get(address, headers=token) as answer:
                assert (answer.content_type == "image/png") == ("files:read" in scopes)

    run(story(SCOPES))
    run(story("chat:write"))
