"""What people can and cannot do, and what each of it leaves in the workspace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.errors import NotPossible
from bot.workspace.interactions import TROUBLE
from bot.workspace.state import Timing
from tests.workspace.bots import bolt, running
from tests.workspace.fixtures import Newsroom, newsroom
from tests.workspace.loops import run
from tests.workspace.manifests import manifest
from tests.workspace.test_deliveries import MODAL, text

Json = dict[str, Any]


def impossible(room: Newsroom) -> dict[str, Callable[[], object]]:
    """Deeds that Slack does not let people do, by the words it has for them."""
    people, rana, erik, desk = room.slack.people, room.rana.id, room.erik.id, room.desk.id
    hers = people.say(rana, desk, "hers")
    return {
        "nothing to send": lambda: people.say(rana, desk, "  "),
        "not in this channel": lambda: people.say(rana, room.vault.id, "x"),
        "thread is not here": lambda: people.say(rana, desk, "x", "1.0"),
        "file is empty": lambda: people.drop_file(rana, desk, "a.png", b""),
        "messages can be edited": lambda: people.edit(erik, hers.ts, "x"),
        "messages can be deleted": lambda: people.take_back(erik, hers.ts),
        "invitation only": lambda: people.join(rana, room.vault.id),
    }


def test_what_slack_does_not_let_people_do_is_said_in_a_sentence() -> None:
    """Each impossible deed changes nothing and is refused in words for the page."""

    async def story() -> None:
        async with newsroom() as room:
            deeds = impossible(room)
            before = room.workspace.transcript.version
            for words, deed in deeds.items():
                with pytest.raises(NotPossible, match=words):
                    deed()
            assert room.workspace.transcript.version == before
            room.slack.people.archive(room.desk.id)
            with pytest.raises(NotPossible, match="archived"):
                room.slack.people.say(room.rana.id, room.desk.id, "x")

    run(story())


def test_an_app_without_a_surface_refuses_it() -> None:
    """No Home, no direct messages, no interactivity in the manifest: people cannot use them."""

    async def story() -> None:
        source = manifest()
        source["features"]["app_home"] = {"home_tab_enabled": False, "messages_tab_enabled": False}
        source["settings"]["interactivity"]["is_enabled"] = False
        async with newsroom(source) as room:
            people, direct = room.slack.people, room.workspace.direct(room.rana.id).id
            with pytest.raises(NotPossible, match="no Home"):
                people.open_home(room.rana.id)
            with pytest.raises(NotPossible, match="turned off"):
                people.say(room.rana.id, direct, "x")
            with pytest.raises(NotPossible, match="interactive"):
                await people.shortcut(room.rana.id, "anywhere")

    run(story())


def test_removal_and_renaming_are_told_to_the_bot() -> None:
    """The bot hears that it was removed and who has another name, if it subscribed; people see the new name."""

    async def story() -> None:
        async with newsroom(manifest(events=["channel_left", "group_left", "user_change"])) as room:
            people, workspace = room.slack.people, room.workspace
            people.kick_bot(room.desk.id)
            people.invite_bot(room.vault.id)
            people.kick_bot(room.vault.id)
            people.rename(room.rana.id, "rana.h")
            await room.slack.settle()
            events = [
                delivery.payload["event"] for delivery in workspace.transcript.deliveries() if not delivery.attempt
            ]
            assert [event["type"] for event in events] == ["channel_left", "group_left", "user_change"]
            assert (events[0]["channel"], events[2]["user"]["name"]) == (room.desk.id, "rana.h")
            assert workspace.user_named("@rana.h") == workspace.users[room.rana.id]

    run(story())


def test_a_modal_is_changed_by_its_answer_and_shows_trouble() -> None:
    """`update` replaces the modal and keeps what was filled in; no answer in time leaves it open with Slack's words."""
    silent = asyncio.Event()

    async def story() -> None:
        async with newsroom(timing=Timing(acknowledge=0.5)) as room:
            app = bolt(room)

            @app.shortcut("anywhere")
            async def anywhere(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
                await client.views_open(trigger_id=body["trigger_id"], view=MODAL)
                await ack()

            @app.view("reason")
            async def reason(ack: AsyncAck) -> None:
                await ack(response_action="update", view={**MODAL, "callback_id": "later", "title": text("Later")})

            @app.view("later")
            async def later(ack: AsyncAck) -> None:
                await silent.wait()
                await ack()

            async with running(room, app):
                people, rana, workspace = room.slack.people, room.rana.id, room.workspace
                assert (await people.shortcut(rana, "anywhere")).ok
                view = workspace.modal(rana)
                assert view is not None
                assert (await people.select(rana, view, "person", room.erik.id)).ok
                assert workspace.transcript.deliveries("block_actions") == [], (
                    "an input is not sent while it is filled in"
                )
                assert (await people.submit_view(rana, view, {"words": "x"})).ok
                view = workspace.modal(rana)
                assert view is not None
                assert view.body["title"]["text"] == "Later"
                assert view.values["why"]["words"]["value"] == "x"
                assert (await people.submit_view(rana, view)).problem == "operation_timeout"
                silent.set()
                view = workspace.modal(rana)
                assert view is not None
                assert view.errors == {"": TROUBLE}
                assert (await people.close_view(rana, view)).problem == "dispatch_failed", "nobody listens for it"
                with pytest.raises(NotPossible, match="not open"):
                    await people.close_view(rana, view)

    run(story())


def test_a_broadcast_reply_stands_in_both_places() -> None:
    """A reply sent to the channel too is seen in the thread and in the channel, once in each."""

    async def story() -> None:
        async with newsroom() as room:
            root = room.slack.people.say(room.rana.id, room.desk.id, "root")
            await room.client.chat_postMessage(
                channel=room.desk.id, text="both", thread_ts=root.ts, reply_broadcast=True
            )
            seen = [message.text for message in room.workspace.visible(room.desk.id, room.erik.id)]
            thread = [message.text for message in room.workspace.visible(room.desk.id, room.erik.id, root.ts)]
            assert (seen, thread) == (["root", "both"], ["root", "both"])

    run(story())
