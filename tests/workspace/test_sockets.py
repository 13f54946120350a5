"""Socket Mode with Bolt's own handler: envelopes, acknowledgements, several sockets, refresh."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_bolt.context.say.async_say import AsyncSay
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.state import Timing
from tests.workspace.bots import bolt
from tests.workspace.fixtures import QUICK, Newsroom, newsroom
from tests.workspace.loops import run
from tests.workspace.manifests import manifest
from tests.workspace.test_api import refusal

Json = dict[str, Any]


@asynccontextmanager
async def connected(room: Newsroom, app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    """Bolt's handler with one open socket."""
    before = room.slack.sockets.connections
    handler = AsyncSocketModeHandler(app, room.workspace.tokens.app, web_client=app.client, ping_interval=0.2)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt's own
    try:
        while room.slack.sockets.connections <= before:  # noqa: ASYNC110  (a socket tells nobody that it opened)
            await asyncio.sleep(0.005)
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt's own


@asynccontextmanager
async def raw(room: Newsroom, session: aiohttp.ClientSession) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A socket opened by hand, its hello read."""
    client = AsyncWebClient(base_url=room.slack.api_url)
    address = (await client.apps_connections_open(app_token=room.workspace.tokens.app))["url"]
    async with session.ws_connect(str(address)) as socket:
        hello = await socket.receive_json(timeout=5)
        assert hello["type"] == "hello"
        assert hello["num_connections"] == room.slack.sockets.connections
        yield socket


def test_bolt_works_through_socket_mode() -> None:
    """A command with an answer at once, an event with a reply, a click: the same listeners as over HTTP."""

    async def story() -> None:
        async with newsroom(manifest(socket_mode=True)) as room:
            app, workspace = bolt(room), room.workspace

            @app.command("/trace")
            async def trace(ack: AsyncAck, body: Json) -> None:
                await ack(f"Tracing {body['text']}")

            @app.event("app_mention")
            async def mention(say: AsyncSay) -> None:
                button = {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "go"}
                await say(text="here", blocks=[{"type": "actions", "elements": [button]}])

            @app.event("message")
            async def message() -> None: ...

            @app.action("go")
            async def go(ack: AsyncAck, respond: AsyncRespond) -> None:
                await ack()
                await respond(text="gone", replace_original=True)

            async with connected(room, app):
                people, transcript = room.slack.people, workspace.transcript
                outcome = await people.command(room.rana.id, room.desk.id, "/trace x")
                assert outcome.answer == {"text": "Tracing x"}
                assert workspace.visible(room.desk.id, room.rana.id)[-1].text == "Tracing x"
                people.say(room.rana.id, room.desk.id, "@desk go")
                await transcript.wait_for(lambda: transcript.calls("chat.postMessage"))
                posted = workspace.messages[transcript.calls("chat.postMessage")[0].answer["ts"]]
                assert (await people.click(room.rana.id, posted, "go")).ok
                await transcript.wait_for(lambda: workspace.messages[posted.ts].text == "gone")
                await room.slack.settle()
                assert {delivery.transport for delivery in transcript.deliveries()} == {"socket"}
                assert not [delivery for delivery in transcript.deliveries() if delivery.problem]

    run(story())


def test_an_envelope_goes_to_one_socket_and_comes_again_elsewhere() -> None:
    """Two sockets share the envelopes; what one leaves unanswered is brought again, numbered, and not lost."""

    async def story() -> None:
        timing = Timing(event=0.3, retries=(0.0, 0.0, 0.0))
        async with (
            newsroom(manifest(socket_mode=True, events=["message.channels"]), timing=timing) as room,
            aiohttp.ClientSession() as session,
            raw(room, session) as one,
            raw(room, session) as two,
        ):
            room.slack.people.say(room.rana.id, room.desk.id, "x")
            first = await one.receive_json(timeout=5)
            assert (first["type"], first["retry_attempt"], first["accepts_response_payload"]) == (
                "events_api",
                0,
                False,
            )
            again = await two.receive_json(timeout=5)
            assert (again["retry_attempt"], again["retry_reason"]) == (1, "http_timeout")
            assert again["payload"]["event_id"] == first["payload"]["event_id"]
            assert again["envelope_id"] != first["envelope_id"]
            await two.send_str("not json")
            await two.send_json({"envelope_id": "nobody's"})
            await two.send_json({"envelope_id": again["envelope_id"]})
            await room.slack.settle()
            tried = room.workspace.transcript.deliveries("event")
            assert [(delivery.attempt, delivery.status) for delivery in tried] == [(0, None), (1, 200)]

    run(story())


def test_a_socket_that_closes_gives_its_envelope_back() -> None:
    """An envelope in a socket that dies is brought again at once through another."""

    async def story() -> None:
        async with (
            newsroom(manifest(socket_mode=True, events=["message.channels"])) as room,
            aiohttp.ClientSession() as session,
            raw(room, session) as one,
            raw(room, session) as two,
        ):
            room.slack.people.say(room.rana.id, room.desk.id, "x")
            await one.receive_json(timeout=5)
            await one.close()
            again = await two.receive_json(timeout=5)
            assert again["retry_reason"] == "connection_failed"
            await two.send_json({"envelope_id": again["envelope_id"]})
            await room.slack.settle()

    run(story())


def test_a_refresh_brings_the_bot_back_on_a_new_socket() -> None:
    """After a disconnect request Bolt opens another socket, and goes on answering."""

    async def story() -> None:
        async with newsroom(manifest(socket_mode=True), timing=QUICK) as room:
            app = bolt(room)

            @app.command("/trace")
            async def trace(ack: AsyncAck) -> None:
                await ack("here")

            async with connected(room, app):
                await room.slack.sockets.refresh()
                calls = room.workspace.transcript
                await calls.wait_for(lambda: len(calls.calls("apps.connections.open")) >= 2)
                while not room.slack.sockets.connections:  # noqa: ASYNC110  (as above)
                    await asyncio.sleep(0.005)
                assert (await room.slack.people.command(room.rana.id, room.desk.id, "/trace x")).ok

    run(story())


def test_a_socket_needs_the_app_token_and_its_own_ticket() -> None:
    """The bot token, a bot without Socket Mode, and a ticket used before open nothing; an unheard command fails."""

    async def story() -> None:
        async with newsroom(manifest(socket_mode=True)) as room, aiohttp.ClientSession() as session:
            client, tokens = AsyncWebClient(base_url=room.slack.api_url), room.workspace.tokens
            assert await refusal(client.apps_connections_open(app_token=tokens.bot)) == "not_allowed_token_type"
            address = str((await client.apps_connections_open(app_token=tokens.app))["url"])
            async with session.ws_connect(address):
                with pytest.raises(aiohttp.WSServerHandshakeError):
                    await session.ws_connect(address)
            outcome = await room.slack.people.command(room.rana.id, room.desk.id, "/trace x")
            assert outcome.problem in ("dispatch_failed", "operation_timeout")
        async with newsroom() as room:
            client = AsyncWebClient(base_url=room.slack.api_url)
            opening = client.apps_connections_open(app_token=room.workspace.tokens.app)
            assert await refusal(opening) == "socket_mode_not_enabled"

    run(story())
