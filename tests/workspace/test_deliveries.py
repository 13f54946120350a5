"""Commands, clicks, modals and events, brought by signed HTTP to a real Bolt app under uvicorn, and its answers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_bolt.context.say.async_say import AsyncSay
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.errors import NotPossible
from bot.workspace.sending import signature
from bot.workspace.state import Timing
from bot.workspace.transcript import Delivery
from bot.workspace.values import Message, View
from tests.workspace.bots import bolt, running
from tests.workspace.fixtures import QUICK, Clock, Newsroom, newsroom
from tests.workspace.loops import run
from tests.workspace.manifests import manifest

Json = dict[str, Any]
Listen = Callable[[AsyncApp], None]


def story(listen: Listen, tell: Callable[[Newsroom], Awaitable[None]], timing: Timing = QUICK) -> None:
    """Run `tell` in a newsroom whose bot has the listeners that `listen` registers."""

    async def whole() -> None:
        async with newsroom(timing=timing) as room:
            app = bolt(room)
            listen(app)
            async with running(room, app):
                await tell(room)

    run(whole())


def text(words: str) -> Json:
    """A plain text object."""
    return {"type": "plain_text", "text": words}


BUTTONS = [
    {
        "type": "actions",
        "block_id": "row",
        "elements": [
            {"type": "button", "text": text("Keep"), "action_id": "keep", "value": "1"},
            {
                "type": "static_select",
                "action_id": "why",
                "options": [{"text": text("Old"), "value": "old"}, {"text": text("False"), "value": "false"}],
            },
        ],
    }
]
MODAL = {
    "type": "modal",
    "callback_id": "reason",
    "title": text("Reason"),
    "submit": text("Send"),
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "why",
            "label": text("Why?"),
            "element": {"type": "plain_text_input", "action_id": "words"},
        },
        {
            "type": "input",
            "block_id": "who",
            "optional": True,
            "label": text("Who?"),
            "element": {"type": "users_select", "action_id": "person"},
        },
    ],
}


def test_a_command_is_acknowledged_and_answered_to_the_person() -> None:
    """What the bot answers at once is shown to the one who asked; the rest comes through the response_url."""

    def listen(app: AsyncApp) -> None:
        @app.command("/trace")
        async def trace(ack: AsyncAck, respond: AsyncRespond, body: Json) -> None:
            await ack(f"Tracing {body['text']}")
            await respond(text="Found", response_type="in_channel")

    async def tell(room: Newsroom) -> None:
        transcript, lobby = room.workspace.transcript, room.lobby.id
        outcome = await room.slack.people.command(room.rana.id, lobby, "/trace https://x.com/a?b=1&c=2 now ")
        assert outcome.ok
        await transcript.wait_for(lambda: transcript.changes("posted", lobby))
        seen = {message.text for message in room.workspace.visible(lobby, room.rana.id)}
        assert seen == {"Tracing https://x.com/a?b=1&c=2 now", "Found"}
        assert [message.text for message in room.workspace.visible(lobby, room.erik.id)] == ["Found"]
        sent = transcript.deliveries("command", "/trace")[0].payload
        assert (sent["channel_name"], sent["user_name"], sent["is_enterprise_install"]) == ("lobby", "rana", "false")

    story(listen, tell)


def test_text_of_commands_is_escaped_as_the_manifest_says() -> None:
    """With should_escape names become ids; without it the text arrives as it was typed."""
    got: list[str] = []

    def listen(app: AsyncApp) -> None:
        async def note(ack: AsyncAck, body: Json) -> None:
            got.append(body["text"])
            await ack()

        app.command("/trace")(note)
        app.command("/escaped")(note)

    async def tell(room: Newsroom) -> None:
        for name in ("/trace", "/escaped"):
            await room.slack.people.command(room.rana.id, room.desk.id, f"{name} @erik #lobby <x> https://a.org/")
        assert got == [
            "@erik #lobby <x> https://a.org/",
            f"<@{room.erik.id}> <#{room.lobby.id}|lobby> &lt;x&gt; <https://a.org/>",
        ]

    story(listen, tell)


def test_a_late_acknowledgement_and_a_refusal_are_told_to_the_person() -> None:
    """No answer in time is operation_timeout, an answer that is no yes is dispatch_failed; a bad body has its own."""
    late = asyncio.Event()

    def listen(app: AsyncApp) -> None:
        @app.command("/trace")
        async def trace(ack: AsyncAck, body: Json) -> None:
            if body["text"] == "late":
                await late.wait()
            await ack(blocks=[{"type": "nonsense"}], text="x")

    async def tell(room: Newsroom) -> None:
        people, desk = room.slack.people, room.desk.id
        assert (await people.command(room.rana.id, desk, "/trace late")).problem == "operation_timeout"
        late.set()
        assert (await people.command(room.rana.id, desk, "/escaped x")).problem == "dispatch_failed"
        assert (await people.command(room.rana.id, desk, "/trace soon")).problem == "invalid_command_response"
        told = [message.text for message in room.workspace.visible(desk, room.rana.id)]
        assert told == [
            '/trace failed with the error "operation_timeout"',
            '/escaped failed with the error "dispatch_failed"',
            '/trace failed with the error "invalid_command_response"',
        ]
        assert room.workspace.visible(desk, room.erik.id) == []

    story(listen, tell, Timing(acknowledge=0.4))


def test_commands_are_refused_where_slack_refuses_them() -> None:
    """In threads, unknown, Slack's own, in archived channels and by strangers: nothing reaches the bot."""

    async def tell(room: Newsroom) -> None:
        people, desk = room.slack.people, room.desk.id
        root = people.say(room.rana.id, desk, "root").ts
        for line, thread in (("/trace x", root), ("/unknown x", None), ("/status", None)):
            with pytest.raises(NotPossible):
                await people.command(room.rana.id, desk, line, thread)
        with pytest.raises(NotPossible):
            await people.command(room.rana.id, room.vault.id, "/trace x")
        people.archive(desk)
        with pytest.raises(NotPossible):
            await people.command(room.rana.id, desk, "/trace x")
        assert room.workspace.transcript.deliveries("command") == []

    story(lambda app: None, tell)


def test_a_response_url_works_five_times_in_half_an_hour() -> None:
    """The sixth use and one after thirty minutes are refused with 404; bad blocks cost a use and are refused."""

    async def tell() -> None:
        clock = Clock()
        async with newsroom(clock=clock) as room, aiohttp.ClientSession() as session:

            async def use(hook: str, **payload: object) -> tuple[int, str]:
                async with session.post(f"{room.workspace.base_url}/hooks/{hook}", json=payload) as answer:
                    return answer.status, await answer.text()

            hook = room.workspace.hooks.issue(room.lobby.id, room.rana.id)
            status, said = await use(hook, text="x", blocks=[{"type": "nonsense"}])
            assert (status, "invalid_blocks" in said) == (400, True)
            assert [await use(hook, text=str(number)) for number in range(4)] == [(200, "ok")] * 4
            status, said = await use(hook, text="6")
            assert (status, "used_url" in said) == (404, True)
            old = room.workspace.hooks.issue(room.lobby.id, room.rana.id)
            clock.now += 1800
            status, said = await use(old, text="x")
            assert (status, "expired_url" in said) == (404, True)
            assert (await use("nobody", text="x"))[0] == 404
            late = room.workspace.hooks.issue(room.lobby.id, room.rana.id)
            room.slack.people.archive(room.lobby.id)
            status, said = await use(late, text="x")
            assert (status, "channel_is_archived" in said) == (410, True)
            assert [message.text for message in room.workspace.visible(room.lobby.id, room.rana.id)] == list("0123")
            assert len(room.workspace.transcript.calls("response_url")) == 9

    run(tell())


def test_a_click_brings_the_message_and_its_buttons_answer_changes_it() -> None:
    """block_actions holds the message, the value and a trigger; replace and delete work through the response_url."""
    bodies: list[Json] = []

    def listen(app: AsyncApp) -> None:
        @app.action("keep")
        async def keep(ack: AsyncAck, body: Json, respond: AsyncRespond) -> None:
            await ack()
            bodies.append(body)
            await respond(text="Kept", replace_original=True)

        @app.action("why")
        async def why(ack: AsyncAck, body: Json, respond: AsyncRespond) -> None:
            await ack()
            bodies.append(body)
            await respond(delete_original=True)

    async def tell(room: Newsroom) -> None:
        desk, people, transcript = room.desk.id, room.slack.people, room.workspace.transcript
        first = (await room.client.chat_postMessage(channel=desk, text="one", blocks=BUTTONS))["ts"]
        second = (await room.client.chat_postMessage(channel=desk, text="two", blocks=BUTTONS))["ts"]
        assert (await people.click(room.rana.id, room.workspace.messages[first], "keep")).ok
        await transcript.wait_for(lambda: room.workspace.messages[first].text == "Kept")
        assert bodies[0]["message"]["text"] == "one"
        assert bodies[0]["actions"][0]["value"] == "1"
        assert bodies[0]["container"] == {
            "type": "message",
            "message_ts": first,
            "channel_id": desk,
            "is_ephemeral": False,
        }
        assert (await people.select(room.rana.id, room.workspace.messages[second], "why", "false")).ok
        await transcript.wait_for(lambda: second not in room.workspace.messages)
        assert bodies[1]["actions"][0]["selected_option"]["value"] == "false"
        assert bodies[1]["state"]["values"]["row"]["why"]["selected_option"]["value"] == "false"
        for gone in ("nothing", "keep"):
            with pytest.raises(NotPossible):
                await people.click(room.rana.id, Message(desk, second, "U0"), gone)

    story(listen, tell)


def test_an_external_menu_offers_what_the_bot_suggests() -> None:
    """What is typed reaches the bot, and its options come back."""

    def listen(app: AsyncApp) -> None:
        @app.options("place")
        async def suggest(ack: AsyncAck, payload: Json) -> None:
            await ack(options=[{"text": text(payload["value"] + " Governorate"), "value": "1"}])

    async def tell(room: Newsroom) -> None:
        menu = {"type": "external_select", "action_id": "place", "min_query_length": 1}
        card = {
            "type": "card",
            "title": text("T"),
            "actions": [{"type": "button", "text": text("A"), "action_id": "a"}],
        }
        blocks = [{"type": "actions", "elements": [menu]}, {"type": "carousel", "elements": [card]}]
        posted = await room.client.chat_postMessage(channel=room.desk.id, text="x", blocks=blocks)
        message = room.workspace.messages[posted["ts"]]
        outcome = await room.slack.people.suggest(room.rana.id, message, "place", "Homs")
        assert outcome.answer["options"][0]["text"]["text"] == "Homs Governorate"
        with pytest.raises(NotPossible, match="there is: a, place"):
            await room.slack.people.click(room.rana.id, message, "b")

    story(listen, tell)


def test_a_click_nobody_answers_is_told_to_the_person() -> None:
    """A button without a listener shows dispatch_failed to the one who pressed it, in the thread it stands in."""

    async def tell(room: Newsroom) -> None:
        desk = room.desk.id
        root = (await room.client.chat_postMessage(channel=desk, text="root"))["ts"]
        posted = await room.client.chat_postMessage(channel=desk, text="x", blocks=BUTTONS, thread_ts=root)
        outcome = await room.slack.people.click(room.rana.id, room.workspace.messages[posted["ts"]], "keep")
        assert outcome.problem == "dispatch_failed"
        told = room.workspace.transcript.changes("ephemeral")[-1].message
        assert told is not None
        assert (told.ephemeral_to, told.thread_ts) == (room.rana.id, root)

    story(lambda app: None, tell)


def test_a_modal_is_opened_filled_in_corrected_and_closed() -> None:
    """The whole life of a modal: opened by a trigger, held back while empty, answered with errors, then accepted."""
    submitted: list[Json] = []
    closed: list[Json] = []

    def listen(app: AsyncApp) -> None:
        @app.command("/trace")
        async def trace(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

        @app.view("reason")
        async def reason(ack: AsyncAck, body: Json) -> None:
            submitted.append(body["view"]["state"]["values"])
            words = body["view"]["state"]["values"]["why"]["words"]["value"]
            if words == "no":
                await ack(response_action="errors", errors={"why": "Say more."})
            elif words == "more":
                await ack(response_action="push", view={**MODAL, "callback_id": "second"})
            elif words == "bad":
                await ack(response_action="errors", errors={"nowhere": "x"})
            else:
                await ack()

        @app.view("second")
        async def second(ack: AsyncAck) -> None:
            await ack(response_action="clear")

        @app.view_closed("reason")
        async def gone(ack: AsyncAck, body: Json) -> None:
            await ack()
            closed.append(body)

    async def tell(room: Newsroom) -> None:
        people, rana = room.slack.people, room.rana.id

        async def opened() -> View:
            await people.command(rana, room.desk.id, "/trace x")
            return await room.workspace.transcript.wait_for(lambda: room.workspace.modal(rana))

        view = await opened()
        with pytest.raises(NotPossible):
            await people.submit_view(rana, view)
        assert submitted == [], "Slack's client sends nothing while a required field is empty"
        assert (await people.submit_view(rana, view, {"words": "no"})).ok
        shown = room.workspace.modal(rana)
        assert shown is not None
        assert shown.errors == {"why": "Say more."}
        assert (await people.submit_view(rana, view, {"words": "bad"})).problem == "invalid_view_response"
        assert (await people.submit_view(rana, view, {"words": "more", "person": room.erik.id})).ok
        assert submitted[-1]["who"]["person"] == {"type": "users_select", "selected_user": room.erik.id}
        top = room.workspace.modal(rana)
        assert top is not None
        assert top.previous == view.id
        assert (await people.submit_view(rana, top, {"why": {"words": "done"}})).ok
        assert room.workspace.modal(rana) is None
        view = await opened()
        assert (await people.submit_view(rana, view, {"words": "fine"})).ok
        assert room.workspace.modal(rana) is None
        view = await opened()
        assert (await people.close_view(rana, view)).ok
        assert closed[0]["view"]["id"] == view.id

    story(listen, tell)


def test_shortcuts_bring_their_message() -> None:
    """A message shortcut works on any message a person sees; unknown ones and global ones are told apart."""
    bodies: list[Json] = []

    def listen(app: AsyncApp) -> None:
        async def note(ack: AsyncAck, body: Json) -> None:
            await ack()
            bodies.append(body)

        app.shortcut("check_message")(note)
        app.shortcut("anywhere")(note)

    async def tell(room: Newsroom) -> None:
        people = room.slack.people
        message = people.drop_file(room.erik.id, room.vault.id, "a.png", b"1", "look")
        assert (await people.message_shortcut(room.erik.id, "check_message", message)).ok
        assert (await people.shortcut(room.erik.id, "anywhere")).ok
        assert [body["type"] for body in bodies] == ["message_action", "shortcut"]
        assert bodies[0]["message"]["files"][0]["id"] == message.files[0]
        for user, name in ((room.rana.id, "check_message"), (room.erik.id, "anywhere"), (room.erik.id, "none")):
            with pytest.raises(NotPossible):
                await people.message_shortcut(user, name, message)

    story(listen, tell)


def test_home_is_published_when_it_is_opened() -> None:
    """app_home_opened leads to a Home whose button acts; the next opening brings the published view."""
    events: list[Json] = []

    def listen(app: AsyncApp) -> None:
        @app.event("app_home_opened")
        async def opened(event: Json, client: AsyncWebClient) -> None:
            events.append(event)
            await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": BUTTONS})

        @app.action("keep")
        async def keep(ack: AsyncAck, body: Json) -> None:
            await ack()
            events.append(body)

    async def tell(room: Newsroom) -> None:
        people, transcript = room.slack.people, room.workspace.transcript
        people.open_home(room.rana.id)
        home = await transcript.wait_for(lambda: room.workspace.home(room.rana.id))
        assert (await people.click(room.rana.id, home, "keep")).ok
        await transcript.wait_for(lambda: len(events) == 2)
        assert events[1]["view"]["id"] == home.id
        people.open_home(room.rana.id)
        await transcript.wait_for(lambda: len(events) == 3)
        assert events[2]["view"]["id"] == home.id

    story(listen, tell)


def test_a_mention_arrives_as_two_events() -> None:
    """One message with a mention is a message event and an app_mention, with ids of their own and one ts."""

    def listen(app: AsyncApp) -> None:
        @app.event("message")
        async def message() -> None: ...

        @app.event("app_mention")
        async def mention(say: AsyncSay, event: Json) -> None:
            await say("yes?", thread_ts=event["ts"])

    async def tell(room: Newsroom) -> None:
        transcript = room.workspace.transcript
        said = room.slack.people.say(room.rana.id, room.desk.id, "@desk look at <this> & https://example.net/a?b=1&c")
        await transcript.wait_for(lambda: room.workspace.replies(said.ts))
        await room.slack.settle()
        sent = [delivery for delivery in transcript.deliveries("event") if delivery.payload["event"]["ts"] == said.ts]
        assert sorted(delivery.name for delivery in sent) == ["app_mention", "message"]
        assert len({delivery.payload["event_id"] for delivery in sent}) == 2
        link = "<https://example.net/a?b=1&amp;c>"
        assert said.text == f"<@{room.workspace.bot.id}> look at &lt;this&gt; &amp; {link}"
        assert sent[0].payload["authorizations"][0]["user_id"] == room.workspace.bot.id
        assert sent[0].payload["team_id"] == room.workspace.team

    story(listen, tell)


def test_events_come_only_from_where_the_bot_is_and_only_if_subscribed() -> None:
    """Nothing from channels without the bot, nothing unsubscribed, nothing without its scope."""

    async def kinds(source: Json) -> list[str]:
        async with newsroom(source) as room:
            async with running(room, bolt(room)):
                people = room.slack.people
                people.say(room.erik.id, room.vault.id, "@desk secret https://example.org/s")
                people.say(room.rana.id, room.lobby.id, "@desk outside")
                people.drop_file(room.rana.id, room.desk.id, "a.png", b"1", "inside")
                people.say(room.rana.id, room.workspace.direct(room.rana.id).id, "@desk direct")
                await room.slack.settle()
            return sorted({delivery.name for delivery in room.workspace.transcript.deliveries("event")})

    assert run(kinds(manifest())) == ["file_shared", "message"]
    assert run(kinds(manifest(events=["file_shared"]))) == ["file_shared"]
    assert run(kinds(manifest(scopes=["channels:history"]))) == ["message"]


def test_an_event_that_fails_is_brought_four_times() -> None:
    """Bolt's 404 for an unhandled event counts as a failure: three retries follow, numbered and with the reason."""

    async def tell(room: Newsroom) -> None:
        room.slack.people.say(room.rana.id, room.desk.id, "x")
        await room.slack.settle()
        tried = room.workspace.transcript.deliveries("event", "message")
        assert [(delivery.attempt, delivery.status) for delivery in tried] == [(0, 404), (1, 404), (2, 404), (3, 404)]
        assert len({delivery.payload["event_id"] for delivery in tried}) == 1

    story(lambda app: None, tell)


def test_an_event_that_is_acknowledged_comes_once_unless_it_shall_repeat() -> None:
    """Acknowledged events end; the fault `repeats` brings them again with retry headers, as Slack at times does."""
    retries: list[str] = []

    def listen(app: AsyncApp) -> None:
        @app.event("message")
        async def message(request: Any) -> None:
            retries.append("".join(request.headers.get("x-slack-retry-num", ["first"])))

    async def tell(room: Newsroom) -> None:
        room.slack.people.say(room.rana.id, room.desk.id, "x")
        await room.slack.settle()
        room.slack.faults.repeats = 2
        room.slack.people.say(room.rana.id, room.desk.id, "y")
        await room.slack.settle()
        await room.workspace.transcript.wait_for(lambda: len(retries) == 4)
        assert retries == ["first", "first", "1", "2"]
        await room.slack.deliveries.again(room.workspace.transcript.deliveries("event")[0])
        await room.workspace.transcript.wait_for(lambda: len(retries) == 5)

    story(listen, tell)


def test_pauses_between_retries_are_slacks() -> None:
    """At once, after a minute, after five minutes, when nobody answers."""

    async def tell() -> None:
        clock = Clock()
        async with newsroom(clock=clock, timing=Timing()) as room:
            room.slack.people.say(room.rana.id, room.desk.id, "x")
            await room.slack.settle()
            tried: list[Delivery] = room.workspace.transcript.deliveries("event")
            assert [round(delivery.at - tried[0].at) for delivery in tried] == [0, 0, 60, 360]
            assert {delivery.problem for delivery in tried} == {"connection_failed"}

    run(tell())


def test_requests_are_signed_and_forgeries_refused() -> None:
    """Bolt takes what the workspace signs, and refuses another secret, an old time and a changed body."""

    async def tell(room: Newsroom) -> None:
        assert await room.slack.verify_request_url()
        body, now = b'{"type":"url_verification","challenge":"x"}', str(int(time.time()))
        secret = room.workspace.tokens.signing_secret

        async def status(key: str, at: str, sent: bytes = body) -> int | None:
            headers = {"X-Slack-Signature": signature(key, at, body), "X-Slack-Request-Timestamp": at}
            return (await room.slack.forge(sent, {**headers, "Content-Type": "application/json"})).status

        old = str(int(time.time()) - 360)
        assert await status(secret, now) == 200
        assert [await status("other", now), await status(secret, old)] == [401, 401]
        assert await status(secret, now, body.replace(b"x", b"y")) == 401

    story(lambda app: None, tell)


def test_links_of_the_apps_domains_are_shared() -> None:
    """link_shared comes for typed and posted links of the manifest's domains, and never for the bot's own."""
    events: list[Json] = []

    def listen(app: AsyncApp) -> None:
        @app.event("message")
        async def message() -> None: ...

        @app.event("link_shared")
        async def shared(event: Json, client: AsyncWebClient) -> None:
            events.append(event)
            unfurls = {link["url"]: {"blocks": [{"type": "divider"}]} for link in event["links"]}
            posted = {"channel": event["channel"], "ts": event["message_ts"]}
            typed = {"unfurl_id": event["unfurl_id"], "source": "composer"}
            await client.chat_unfurl(unfurls=unfurls, **(typed if event["source"] == "composer" else posted))

    async def tell(room: Newsroom) -> None:
        people, desk = room.slack.people, room.desk.id
        people.share_link(room.rana.id, desk, "https://www.example.org/a?b=1&c=2", composer=True)
        await room.workspace.transcript.wait_for(lambda: room.workspace.transcript.calls("chat.unfurl"))
        posted = people.share_link(room.rana.id, desk, "https://www.example.org/a?b=1&c=2 https://example.net/")
        assert posted is not None
        await room.workspace.transcript.wait_for(lambda: room.workspace.messages[posted.ts].unfurls)
        await room.client.chat_postMessage(channel=desk, text="<https://example.org/mine>")
        await room.slack.settle()
        assert [(event["source"], event["links"]) for event in events] == [
            ("composer", [{"domain": "example.org", "url": "https://www.example.org/a?b=1&c=2"}]),
            ("conversations_history", [{"domain": "example.org", "url": "https://www.example.org/a?b=1&c=2"}]),
        ]
        assert all(call.ok for call in room.workspace.transcript.calls("chat.unfurl"))

    story(listen, tell)


def test_what_happens_to_channels_and_the_app_is_told() -> None:
    """Joining, archiving, reactions, edits and the end of the app arrive as their events; then nothing more."""

    async def note() -> None: ...

    def listen(app: AsyncApp) -> None:
        for kind in ("member_joined_channel", "reaction_added", "channel_archive", "app_uninstalled", "tokens_revoked"):
            app.event(kind)(note)
        for subtype in (None, "message_changed", "message_deleted"):
            app.event({"type": "message", "subtype": subtype})(note)

    async def tell(room: Newsroom) -> None:
        people, desk = room.slack.people, room.desk.id
        said = people.say(room.rana.id, desk, "x")
        await room.slack.settle()
        for act in (
            lambda: people.edit(room.rana.id, said.ts, "y"),
            lambda: people.react(room.erik.id, said.ts, "eyes"),
            lambda: people.take_back(room.rana.id, said.ts),
            lambda: people.invite_bot(room.lobby.id),
            lambda: people.archive(desk),
            people.uninstall,
        ):
            act()
            await room.slack.settle()
        people.say(room.rana.id, room.lobby.id, "anybody there?")
        await room.slack.settle()
        first = [delivery for delivery in room.workspace.transcript.deliveries("event") if delivery.attempt == 0]
        sent = [delivery.payload["event"].get("subtype") or delivery.name for delivery in first]
        assert sent == [
            "message",
            "message_changed",
            "reaction_added",
            "message_deleted",
            "member_joined_channel",
            "channel_archive",
            "app_uninstalled",
            "tokens_revoked",
        ]

    story(listen, tell)
