"""The Web API through real sockets and slack_sdk's own asynchronous client."""

from __future__ import annotations

import json
from collections.abc import Awaitable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.state import Timing
from tests.workspace.fixtures import Clock, newsroom
from tests.workspace.loops import run
from tests.workspace.manifests import SCOPES, manifest

DIVIDER = {"type": "divider"}


async def refusal(call: Awaitable[Any]) -> str:
    """The error of a call that must be refused."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


def test_a_message_is_posted_changed_and_taken_back() -> None:
    """What the bot posts stands in history as posted, as changed, and not at all once deleted."""

    async def story() -> None:
        async with newsroom() as room:
            client, desk = room.client, room.desk.id
            posted = await client.chat_postMessage(channel=desk, text="one", blocks=[DIVIDER])
            history = await client.conversations_history(channel=desk)
            assert history["messages"] == [posted["message"]]
            assert history["messages"][0]["blocks"][0]["block_id"]
            await client.chat_update(channel=desk, ts=posted["ts"], text="two", blocks=[DIVIDER, DIVIDER])
            changed = (await client.conversations_history(channel=desk))["messages"][0]
            assert (changed["text"], len(changed["blocks"])) == ("two", 2)
            await client.chat_update(channel=desk, ts=posted["ts"], text="three")
            changed = (await client.conversations_history(channel=desk))["messages"][0]
            assert "blocks" not in changed, "a text alone takes the blocks away"
            assert changed["edited"]["user"] == room.workspace.bot.id
            await client.chat_delete(channel=desk, ts=posted["ts"])
            assert (await client.conversations_history(channel=desk))["messages"] == []
            kinds = [change.kind for change in room.workspace.transcript.changes(channel=desk)]
            assert kinds == ["posted", "updated", "updated", "deleted"]

    run(story())


def test_arguments_come_as_json_form_query_get_and_post() -> None:
    """The same call is understood in every form Slack takes, and the transcript keeps no token."""

    async def story() -> None:
        async with newsroom() as room, aiohttp.ClientSession() as session:
            address, token = f"{room.slack.api_url}chat.postMessage", room.workspace.tokens.bot
            headers = {"Authorization": f"Bearer {token}"}
            what = {"channel": room.desk.id, "text": "x", "blocks": [DIVIDER]}
            flat = {"channel": room.desk.id, "text": "x", "blocks": json.dumps([DIVIDER])}
            answers = [
                await (await session.post(address, json=what, headers=headers)).json(),
                await (await session.post(address, data={**flat, "token": token})).json(),
                await (await session.get(address, params=flat, headers=headers)).json(),
            ]
            room.workspace.rates.forget()
            parts = aiohttp.FormData(flat, default_to_multipart=True)
            answers.append(await (await session.post(address, data=parts, headers=headers)).json())
            assert [answer["ok"] for answer in answers] == [True] * 4
            assert all(call.arguments.keys() == what.keys() for call in room.workspace.transcript.calls())

    run(story())


@pytest.mark.parametrize(
    ("body", "content_type", "error"),
    [
        (b"{", "application/json", "invalid_json"),
        (b"[" * 100_000, "application/json", "invalid_json"),
        (b"[]", "application/json", "json_not_object"),
        (b"<x/>", "text/xml", "invalid_post_type"),
        (b"x", "multipart/form-data; boundary=y", "invalid_form_data"),
        (b"blocks=%5B&channel=lobby", "application/x-www-form-urlencoded", "not_authed"),
    ],
)
def test_a_body_that_is_none_is_refused(body: bytes, content_type: str, error: str) -> None:
    """Broken, deep or foreign bodies are answered in Slack's words."""

    async def story() -> None:
        async with newsroom() as room, aiohttp.ClientSession() as session:
            address = f"{room.slack.api_url}chat.postMessage"
            answer = await session.post(address, data=body, headers={"Content-Type": content_type})
            assert (await answer.json())["error"] == error

    run(story())


def test_places_are_refused_as_slack_refuses_them() -> None:
    """Unknown, private, foreign and archived channels each have their error, and a user's id means their own."""

    async def story() -> None:
        async with newsroom() as room:
            post = room.client.chat_postMessage
            assert await refusal(post(channel="C0", text="x")) == "channel_not_found"
            assert await refusal(post(channel=room.vault.id, text="x")) == "channel_not_found"
            assert await refusal(post(channel=room.lobby.id, text="x")) == "not_in_channel"
            room.slack.people.archive(room.desk.id)
            assert await refusal(post(channel=room.desk.id, text="x")) == "is_archived"
            room.slack.people.invite_bot(room.lobby.id)
            assert (await post(channel="#lobby", text="x"))["channel"] == room.lobby.id
            direct = (await post(channel=room.rana.id, text="x"))["channel"]
            assert (await room.client.conversations_open(users=[room.rana.id]))["channel"]["id"] == direct

    run(story())


def test_a_scope_to_post_in_public_opens_public_channels_only() -> None:
    """With chat:write.public the bot posts where it is not, but in no private channel."""

    async def story() -> None:
        async with newsroom(manifest(scopes=[*SCOPES.split(), "chat:write.public"])) as room:
            assert (await room.client.chat_postMessage(channel=room.lobby.id, text="x"))["ok"]
            assert await refusal(room.client.chat_postMessage(channel=room.vault.id, text="x")) == "channel_not_found"

    run(story())


def test_content_is_refused_as_slack_refuses_it() -> None:
    """No text, too much text, bad blocks, too many characters, bad metadata: each has its error."""

    async def story() -> None:
        async with newsroom() as room:

            async def error(**content: Any) -> str:
                return await refusal(
                    room.client.api_call("chat.postMessage", json={"channel": room.desk.id, **content})
                )

            section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}
            assert await error(text="") == "no_text"
            assert await error(text="x" * 40_001) == "msg_too_long"
            assert await error(text="x", blocks="{") == "invalid_blocks_format"
            assert await error(text="x", blocks=[{"type": "nonsense"}]) == "invalid_blocks"
            assert await error(text="x", blocks=[section] * 5) == "msg_blocks_too_long"
            assert await error(text="x", metadata={"event_type": "x"}) == "invalid_metadata_schema"
            refused = room.workspace.transcript.calls("chat.postMessage")[3].answer
            assert refused["response_metadata"]["messages"] == [
                "[ERROR] unsupported type: nonsense [json-pointer:/blocks/0/type]"
            ]
            assert room.workspace.transcript.changes() == [], "nothing refused was shown"
            assert (await room.client.blocks_validate(blocks=[DIVIDER]))["ok"]
            assert await refusal(room.client.blocks_validate(blocks=[{"type": "nonsense"}])) == "invalid_blocks"

    run(story())


def test_tokens_are_refused_as_slack_refuses_them() -> None:
    """None, unknown, of the wrong kind, revoked, of a removed app: each has its error; unknown methods never pass."""

    async def story() -> None:
        async with newsroom() as room:
            tokens, base = room.workspace.tokens, room.slack.api_url

            async def error(token: str | None) -> str:
                return await refusal(AsyncWebClient(token, base_url=base).auth_test())

            assert await error(None) == "not_authed"
            assert await error("xoxb-nobody") == "invalid_auth"
            assert await error(tokens.app) == "not_allowed_token_type"
            assert await refusal(room.client.api_call("chat.shout")) == "unknown_method"
            tokens.revoke()
            assert await error(tokens.bot) == "token_revoked"
            tokens.issue()
            room.slack.people.uninstall()
            assert await error(tokens.bot) == "account_inactive"

    run(story())


def test_a_missing_scope_is_named() -> None:
    """The answer says what is needed and what the token has; every answer tells the token's scopes."""

    async def story() -> None:
        async with newsroom(manifest(scopes=["chat:write"])) as room:
            with pytest.raises(SlackApiError) as caught:
                await room.client.users_info(user=room.rana.id)
            answer = caught.value.response
            assert (answer["error"], answer["needed"], answer["provided"]) == (
                "missing_scope",
                "users:read",
                "chat:write",
            )
            assert (await room.client.auth_test()).headers["x-oauth-scopes"] == "chat:write"

    run(story())


def test_history_of_a_private_place_needs_its_own_scope() -> None:
    """The scope for public history opens no direct conversation."""

    async def story() -> None:
        async with newsroom(manifest(scopes=["channels:history", "chat:write"])) as room:
            direct = room.workspace.direct(room.rana.id).id
            assert await refusal(room.client.conversations_history(channel=direct)) == "missing_scope"
            assert (await room.client.conversations_history(channel=room.desk.id))["ok"]

    run(story())


def test_metadata_is_read_only_with_its_scope_and_when_asked_for() -> None:
    """`include_all_metadata` brings metadata to a token that may read it, and quietly nothing to another."""

    async def story(scopes: str, *, asked: bool) -> bool:
        async with newsroom(manifest(scopes=scopes.split())) as room:
            metadata = {"event_type": "card", "event_payload": {"key": "k1"}}
            await room.client.chat_postMessage(channel=room.desk.id, text="x", metadata=metadata)
            found = await room.client.conversations_history(channel=room.desk.id, include_all_metadata=asked)
            return bool(found["messages"][0].get("metadata") == metadata)

    assert run(story(SCOPES, asked=True))
    assert not run(story(SCOPES, asked=False))
    assert not run(story("chat:write channels:history", asked=True))


def test_history_goes_by_pages_and_times() -> None:
    """Newest first, by cursor to the end; `oldest` and `latest` leave out what is outside."""

    async def story() -> None:
        clock = Clock()
        async with newsroom(clock=clock) as room:
            sent = []
            for number in range(5):
                clock.now += 10
                sent.append((await room.client.chat_postMessage(channel=room.desk.id, text=str(number)))["ts"])
            pages = [
                [message["text"] for message in page["messages"]]
                async for page in await room.client.conversations_history(channel=room.desk.id, limit=2)
            ]
            assert pages == [["4", "3"], ["2", "1"], ["0"]]
            some = await room.client.conversations_history(channel=room.desk.id, oldest=sent[1], latest=sent[3])
            assert [message["text"] for message in some["messages"]] == ["2"]
            some = await room.client.conversations_history(
                channel=room.desk.id, oldest=sent[1], latest=sent[3], inclusive=True
            )
            assert [message["text"] for message in some["messages"]] == ["3", "2", "1"]

    run(story())


def test_threads_gather_replies_below_the_first_message() -> None:
    """A reply to a reply belongs to the first; a thread that is not there becomes a message of the channel."""

    async def story() -> None:
        clock = Clock()
        async with newsroom(clock=clock) as room:
            desk, post = room.desk.id, room.client.chat_postMessage
            root = (await post(channel=desk, text="root"))["ts"]
            reply = (await post(channel=desk, text="reply", thread_ts=root))["ts"]
            await post(channel=desk, text="below", thread_ts=reply)
            clock.now += 5
            await post(channel=desk, text="lost", thread_ts="1.000001")
            await post(channel=desk, text="both", thread_ts=root, reply_broadcast=True)
            replies = (await room.client.conversations_replies(channel=desk, ts=root))["messages"]
            assert [message["text"] for message in replies] == ["root", "reply", "below", "both"]
            assert replies[0]["reply_count"] == 3
            history = (await room.client.conversations_history(channel=desk))["messages"]
            assert [message["text"] for message in history] == ["both", "lost", "root"]
            assert await refusal(room.client.conversations_replies(channel=desk, ts="1.000001")) == "thread_not_found"
            await room.client.chat_delete(channel=desk, ts=root)
            first = (await room.client.conversations_replies(channel=desk, ts=root))["messages"][0]
            assert first["subtype"] == "tombstone"

    run(story())


def test_only_own_and_existing_messages_are_changed() -> None:
    """Somebody else's message, none at all, and one in an archived channel cannot be updated."""

    async def story() -> None:
        async with newsroom() as room:
            desk, update = room.desk.id, room.client.chat_update
            theirs = room.slack.people.say(room.rana.id, desk, "hers").ts
            mine = (await room.client.chat_postMessage(channel=desk, text="mine"))["ts"]
            quiet = (await room.client.chat_postEphemeral(channel=desk, user=room.rana.id, text="x"))["message_ts"]
            assert await refusal(update(channel=desk, ts=theirs, text="x")) == "cant_update_message"
            assert await refusal(room.client.chat_delete(channel=desk, ts=theirs)) == "cant_delete_message"
            assert await refusal(update(channel=desk, ts=quiet, text="x")) == "message_not_found"
            assert await refusal(update(channel=desk, ts="1.0", text="x")) == "message_not_found"
            assert await refusal(room.client.api_call("chat.update", json={"channel": desk, "ts": mine})) == "no_text"
            assert await refusal(update(channel=desk, ts=mine, text="x" * 4_001)) == "msg_too_long"
            room.slack.people.archive(desk)
            assert await refusal(update(channel=desk, ts=mine, text="x")) == "is_inactive"

    run(story())


def test_an_ephemeral_message_is_for_one_member() -> None:
    """Only the person sees it, it is in no history, and somebody outside the channel cannot be told."""

    async def story() -> None:
        async with newsroom() as room:
            desk, tell = room.desk.id, room.client.chat_postEphemeral
            await tell(channel=desk, user=room.rana.id, text="psst")
            assert [message.text for message in room.workspace.visible(desk, room.rana.id)] == ["psst"]
            assert room.workspace.visible(desk, room.erik.id) == []
            assert (await room.client.conversations_history(channel=desk))["messages"] == []
            outside = room.workspace.add_user("guest").id
            assert await refusal(tell(channel=desk, user=outside, text="x")) == "user_not_in_channel"

    run(story())


def test_a_channel_takes_a_message_a_second_after_a_burst() -> None:
    """The fourth at once is answered 429 with Retry-After; a second later one more passes; other channels are free."""

    async def story() -> None:
        clock = Clock()
        async with newsroom(clock=clock) as room:
            room.slack.people.invite_bot(room.lobby.id)
            for number in range(3):
                await room.client.chat_postMessage(channel=room.desk.id, text=str(number))
            with pytest.raises(SlackApiError) as caught:
                await room.client.chat_postMessage(channel=room.desk.id, text="4")
            assert (caught.value.response.status_code, caught.value.response["error"]) == (429, "ratelimited")
            assert caught.value.response.headers["Retry-After"] == "1"
            await room.client.chat_postMessage(channel=room.lobby.id, text="elsewhere")
            clock.now += 1
            await room.client.chat_postMessage(channel=room.desk.id, text="4")
            assert await refusal(room.client.chat_postMessage(channel=room.desk.id, text="5")) == "ratelimited"

    run(story())


def test_a_tiered_method_has_its_calls_a_minute() -> None:
    """Twenty calls of a tier 2 method pass, the next waits as long as Retry-After says and then passes."""

    async def story() -> None:
        clock = Clock()
        async with newsroom(clock=clock) as room:
            for _ in range(20):
                await room.client.usergroups_list()
            with pytest.raises(SlackApiError) as caught:
                await room.client.usergroups_list()
            clock.now += int(caught.value.response.headers["Retry-After"])
            assert (await room.client.usergroups_list(include_users=True))["usergroups"][0]["users"] == [room.erik.id]

    run(story())


def test_people_places_and_the_team_can_be_looked_up() -> None:
    """What a bot reads by GET: channels, members, users, groups, team and itself."""

    async def story() -> None:
        async with newsroom() as room:
            client, workspace = room.client, room.workspace
            user = (await client.users_info(user=room.rana.id))["user"]
            assert (user["profile"]["title"], user["tz"]) == ("reporter", "Asia/Beirut")
            assert user["tz_offset"] in (7200, 10800)
            assert len((await client.users_list())["members"]) == len(workspace.users)
            assert (await client.conversations_info(channel=room.desk.id))["channel"]["is_member"]
            everything = await client.conversations_list(types="public_channel,private_channel")
            assert {channel["name"] for channel in everything["channels"]} == {"syria-desk", "lobby"}
            assert (await client.conversations_members(channel=room.desk.id))["members"] == room.desk.members
            assert (await client.conversations_join(channel=room.lobby.id))["channel"]["is_member"]
            assert (await client.team_info())["team"]["id"] == workspace.team
            assert (await client.bots_info(bot=workspace.bot.bot_id))["bot"]["user_id"] == workspace.bot.id
            group = next(iter(workspace.usergroups))
            assert (await client.usergroups_users_list(usergroup=group))["users"] == [room.erik.id]
            ts = room.slack.people.say(room.rana.id, room.desk.id, "look").ts
            link = (await client.chat_getPermalink(channel=room.desk.id, message_ts=ts))["permalink"]
            assert link.endswith(f"/archives/{room.desk.id}/p{ts.replace('.', '')}")
            await client.reactions_add(channel=room.desk.id, timestamp=ts, name="eyes")
            assert workspace.messages[ts].reactions == {"eyes": (workspace.bot.id,)}
            again = client.reactions_add(channel=room.desk.id, timestamp=ts, name="eyes")
            assert await refusal(again) == "already_reacted"

    run(story())


def test_links_are_unfurled_where_they_stand() -> None:
    """A preview is kept below the message that has the link; a link of another domain, or absent, is refused."""

    async def story() -> None:
        async with newsroom() as room:
            link = "https://example.org/p?a=1&b=2"
            message = room.slack.people.say(room.rana.id, room.desk.id, f"see {link} and https://other.net/x")

            async def unfurl(address: str) -> object:
                shown = {address: {"blocks": [DIVIDER]}}
                return await room.client.chat_unfurl(channel=room.desk.id, ts=message.ts, unfurls=shown)

            await unfurl(link)
            assert list(room.workspace.messages[message.ts].unfurls) == [link]
            for foreign_or_absent in ("https://other.net/x", "https://example.org/q"):
                assert await refusal(unfurl(foreign_or_absent)) == "cannot_unfurl_url"

    run(story())


def test_home_and_modals_are_published_with_their_hash() -> None:
    """Home is published and replaced; a stale hash is refused; a view is refused with the pointer to its fault."""

    async def story() -> None:
        async with newsroom() as room:
            home = {"type": "home", "blocks": [DIVIDER]}
            first = (await room.client.views_publish(user_id=room.rana.id, view=home))["view"]
            await room.client.views_publish(user_id=room.rana.id, view=home, hash=first["hash"])
            stale = room.client.views_publish(user_id=room.rana.id, view=home, hash=first["hash"])
            assert await refusal(stale) == "hash_conflict"
            shown = room.workspace.home(room.rana.id)
            assert shown is not None
            assert shown.id == first["id"]
            bad = room.client.views_publish(user_id=room.rana.id, view={"type": "home", "blocks": [{"type": "x"}]})
            assert await refusal(bad) == "invalid_arguments"
            said = room.workspace.transcript.calls()[-1].answer["response_metadata"]["messages"]
            assert said == ["[ERROR] unsupported type: x [json-pointer:/view/blocks/0/type]"]

    run(story())


def test_a_trigger_opens_one_modal_within_three_seconds() -> None:
    """Used, old and unknown triggers are refused, each in its words; three modals stand on each other, no fourth."""

    async def story() -> None:
        clock = Clock()
        async with newsroom(clock=clock, timing=Timing()) as room:
            modal = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": []}
            trigger = room.workspace.triggers.issue

            async def shown(method: str, trigger_id: str) -> str:
                call = room.client.views_open if method == "open" else room.client.views_push
                return str((await call(trigger_id=trigger_id, view=modal))["view"]["id"])

            used = trigger(room.rana.id)
            first = await shown("open", used)
            assert await refusal(shown("open", used)) == "exchanged_trigger_id"
            assert await refusal(shown("open", "1.2")) == "invalid_trigger_id"
            old = trigger(room.rana.id)
            clock.now += 3
            assert await refusal(shown("open", old)) == "expired_trigger_id"
            await shown("push", trigger(room.rana.id))
            top = await shown("push", trigger(room.rana.id))
            assert await refusal(shown("push", trigger(room.rana.id))) == "push_limit_reached"
            view = room.workspace.modal(room.rana.id)
            assert view is not None
            assert (view.id, view.root) == (top, first)
            changed = await room.client.views_update(view_id=top, view={**modal, "blocks": [DIVIDER]}, hash=view.hash)
            assert len(changed["view"]["blocks"]) == 1
            stale = room.client.views_update(view_id=top, view=modal, hash=view.hash)
            assert await refusal(stale) == "hash_conflict"
            await shown("open", trigger(room.rana.id))
            assert await refusal(room.client.views_update(view_id=top, view=modal)) == "not_found"

    run(story())
