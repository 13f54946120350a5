"""What a test can make go wrong, as a bot's client meets it."""

from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.workspace.fixtures import Clock, newsroom
from tests.workspace.loops import run
from tests.workspace.test_api import refusal


def test_a_lost_answer_leaves_its_message() -> None:
    """The second post is there and noted as lost, while its client sees the connection end."""

    async def story() -> None:
        async with newsroom() as room:
            room.slack.faults.lose_answer_of("chat.postMessage", 2)
            metadata = {"event_type": "card", "event_payload": {"key": "2"}}
            await room.client.chat_postMessage(channel=room.desk.id, text="1")
            with pytest.raises(aiohttp.ClientError):
                await room.client.chat_postMessage(channel=room.desk.id, text="2", metadata=metadata)
            await room.client.chat_postMessage(channel=room.desk.id, text="3")
            history = await room.client.conversations_history(channel=room.desk.id, include_all_metadata=True)
            assert [message["text"] for message in history["messages"]] == ["3", "2", "1"]
            assert history["messages"][1]["metadata"] == metadata
            assert [call.lost for call in room.workspace.transcript.calls("chat.postMessage")] == [False, True, False]

    run(story())


def test_the_default_client_posts_again_when_an_answer_is_lost() -> None:
    """slack_sdk's default retry repeats a post whose answer was lost: a bot that must not repeat turns it off."""

    async def story() -> None:
        async with newsroom() as room:
            client = AsyncWebClient(room.workspace.tokens.bot, base_url=room.slack.api_url)
            room.slack.faults.lose_answer_of("chat.postMessage")
            assert (await client.chat_postMessage(channel=room.desk.id, text="twice"))["ok"]
            assert len(room.workspace.visible(room.desk.id, room.rana.id)) == 2

    run(story())


def test_down_refuses_connections_until_up() -> None:
    """Nothing listens while Slack is down; afterwards the same address answers again, with the same state."""

    async def story() -> None:
        async with newsroom() as room:
            await room.client.chat_postMessage(channel=room.desk.id, text="before")
            address = room.slack.api_url
            await room.slack.down()
            with pytest.raises(aiohttp.ClientConnectionError):
                await room.client.auth_test()
            await room.slack.up()
            assert room.slack.api_url == address
            assert len((await room.client.conversations_history(channel=room.desk.id))["messages"]) == 1

    run(story())


def test_unavailable_answers_503() -> None:
    """Slack's front is there and answers 503 to everything that is Slack's."""

    async def story() -> None:
        async with newsroom() as room:
            room.slack.faults.unavailable = True
            with pytest.raises(SlackApiError) as caught:
                await room.client.auth_test()
            assert caught.value.response.status_code == 503
            room.slack.faults.unavailable = False
            assert (await room.client.auth_test())["ok"]

    run(story())


def test_a_method_fails_as_often_as_asked() -> None:
    """The named error comes that many times, by its HTTP status, and then the method works."""

    async def story() -> None:
        async with newsroom() as room:
            room.slack.faults.fail("auth.test", "internal_error", 2)
            room.slack.faults.fail("auth.test", "fatal_error", status=500)
            errors = [await refusal(room.client.auth_test()) for _ in range(3)]
            assert errors == ["internal_error", "internal_error", "fatal_error"]
            assert room.workspace.transcript.calls("auth.test")[-1].status == 500
            assert (await room.client.auth_test())["ok"]

    run(story())


def test_a_limited_channel_says_when_to_come_back() -> None:
    """429 with Retry-After so many times; the SDK's handler waits for it and gets through."""

    async def story() -> None:
        async with newsroom() as room:
            room.slack.faults.rate_limit(room.desk.id)
            client = AsyncWebClient(
                room.workspace.tokens.bot,
                base_url=room.slack.api_url,
                retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=1)],
            )
            assert (await client.chat_postMessage(channel=room.desk.id, text="x"))["ok"]
            calls = room.workspace.transcript.calls("chat.postMessage")
            assert [call.status for call in calls] == [429, 200]
            assert calls[1].at - calls[0].at >= 1

    run(story())


def test_slowness_takes_the_servers_pause() -> None:
    """Each call takes as much longer as was asked, by the pause that was given."""

    async def story() -> None:
        clock = Clock()
        async with newsroom(clock=clock) as room:
            room.slack.faults.slow = 7.0
            began = clock.now
            await room.client.auth_test()
            assert clock.now - began == 7.0

    run(story())
