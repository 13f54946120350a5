"""The page through its real server: what it shows to whom, what people do on it, and whom it refuses."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.workspace.page import LARGEST_UPLOAD
from bot.workspace.page_guard import is_loopback
from bot.workspace.state import Timing
from bot.workspace.values import Json
from tests.workspace.page_bot import Newsroom, mrkdwn, newsroom, plain, png

Journey = Callable[["Visitor"], Awaitable[None]]


class Visitor:
    """A browser's requests, without the browser."""

    def __init__(self, room: Newsroom, client: httpx.AsyncClient) -> None:
        self.room, self.client = room, client
        self.place = f"{room.reporter.id}/{room.desk.id}"

    async def act(self, deed: Json, place: str = "", **headers: str) -> httpx.Response:
        """Do something, as the page's script would."""
        own = {"Origin": self.room.workspace.base_url, **headers}
        return await self.client.post(f"/page/act/{place or self.place}", json=deed, headers=own)

    async def parts(self, place: str = "", **query: Any) -> Json:
        """What the page would show."""
        answer = await self.client.get(f"/page/parts/{place or self.place}", params=query)
        found: Json = answer.json()
        return found

    async def messages(self, place: str = "", **query: Any) -> str:
        """The HTML of the shown messages."""
        return "".join(row for _, row in (await self.parts(place, **query))["messages"])


def visit(journey: Journey, timing: Timing | None = None) -> None:
    """Run a journey through a furnished newsroom."""

    async def run() -> None:
        async with visitor(timing) as guest:
            await journey(guest)

    asyncio.run(run())


@asynccontextmanager
async def visitor(timing: Timing | None = None) -> AsyncIterator[Visitor]:
    """A visitor to a newsroom of their own."""
    async with (
        newsroom(timing=timing) as room,
        httpx.AsyncClient(base_url=room.workspace.base_url, follow_redirects=True) as client,
    ):
        yield Visitor(room, client)


def test_the_first_page_shows_the_workspace() -> None:
    """The front address leads to a channel with its people, messages, buttons and the notice that it is a stand-in."""

    async def journey(guest: Visitor) -> None:
        answer = await guest.client.get("/")
        page = answer.text
        assert answer.status_code == 200
        assert "This is a local stand-in for Slack." in page
        for words in ("Sample Newsroom", "syria-desk", "Ana Reyes (Reporter)", "Jonas Weber (Editor)", "Dateline Home"):
            assert words in page
        desk = (await guest.client.get(guest.room.address)).text
        assert '<a href="https://example.org/post"' in desk
        assert "Acknowledge</button>" in desk
        assert '<span class="count">1 reply</span>' in desk
        assert "Check this message</button>" in desk
        assert "Where did this picture appear first?" in desk

    visit(journey)


def test_the_page_loads_nothing_from_elsewhere() -> None:
    """Every script, style and picture is the page's own, nothing runs inline, and the policy says so."""

    async def journey(guest: Visitor) -> None:
        answer = await guest.client.get(guest.room.address)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        for address in re.findall(r'(?:src|href)="([^"]*)"', answer.text):
            assert address.startswith(("/", "#", "https://example.org/"))
        assert re.findall(r"<script(?![^>]* src=)", answer.text) == []
        assert re.findall(r"<[^>]* (?:on\w+|style)=", answer.text) == []
        for name in ("page.css", "page.js", "icon.svg"):
            static = await guest.client.get(f"/static/{name}")
            assert static.status_code == 200
            assert not re.search(r"https?://(?!www\.w3\.org)", static.text)
        assert (await guest.client.get("/static/..%2Fpage.py")).status_code == 404

    visit(journey)


def test_what_is_typed_becomes_a_message_and_a_command_a_signed_request() -> None:
    """Text is posted, a slash command reaches the bot, and its answer is shown to that person only."""

    async def journey(guest: Visitor) -> None:
        room = guest.room
        assert (await guest.act({"act": "say", "text": "Hello *there* <script>"})).status_code == 200
        assert "Hello <strong>there</strong> &lt;script&gt;" in await guest.messages()
        assert (await guest.act({"act": "say", "text": "/trace https://x.com/a/status/1"})).status_code == 200
        assert room.bot.seen[-1]["command"] == "/trace"
        assert room.bot.seen[-1]["text"] == "https://x.com/a/status/1"
        own = await guest.messages()
        assert "Only visible to you" in own
        assert "Tracing" in own
        assert "Tracing" not in await guest.messages(f"{room.editor.id}/{room.desk.id}")

    visit(journey)


def test_what_slack_refuses_is_told_in_a_sentence() -> None:
    """An unknown command, a command in a thread, a channel one is not in: each is answered with words."""

    async def journey(guest: Visitor) -> None:
        room = guest.room
        root = next(iter(room.workspace.messages))
        closed = f"{room.reporter.id}/{room.channel('editors').id}"
        for deed, place, words in (
            ({"act": "say", "text": "/nonesuch"}, "", "not a valid command"),
            ({"act": "say", "text": "/trace x", "thread": root}, "", "not supported in threads"),
            ({"act": "say", "text": " "}, "", "nothing to send"),
            ({"act": "fly"}, "", "does not know how"),
            ({"act": "press", "ts": "1.1", "block": "b", "action": "a"}, "", "not there any more"),
            ({"act": "shortcut", "callback": "x", "ts": root}, "", "shortcut"),
            ({"act": "say", "text": "hello"}, closed, "not there"),
        ):
            answer = await guest.act(deed, place)
            assert 400 <= answer.status_code < 500
            assert words in answer.json()["error"]

    visit(journey)


def test_a_button_reaches_the_bot_and_everyone_sees_what_it_changes() -> None:
    """A press is a signed block action of exactly that element; the updated message shows for both people."""

    async def journey(guest: Visitor) -> None:
        room = guest.room
        blocks = room.warning.blocks
        press = {"act": "press", "ts": room.warning.ts, "block": blocks[3]["block_id"], "action": "acknowledge"}
        assert (await guest.act(press)).status_code == 200
        action = room.bot.seen[-1]["actions"][0]
        assert ["acknowledge", "7", blocks[3]["block_id"]] == [
            action[key] for key in ("action_id", "value", "block_id")
        ]
        for user in (room.reporter, room.editor):
            shown = await guest.messages(f"{user.id}/{room.desk.id}")
            assert "Acknowledged by" in shown
            assert "(edited)" in shown

    visit(journey)


def test_an_element_is_found_by_its_block() -> None:
    """Of two menus with one action id in two blocks, the one that was used is the one the bot hears of."""

    async def journey(guest: Visitor) -> None:
        room = guest.room

        def menu(value: str) -> Json:
            accessory = {"type": "overflow", "action_id": "more", "options": [{"text": plain(value), "value": value}]}
            return {"type": "section", "text": mrkdwn(value), "accessory": accessory}

        sent = room.workspace.post(
            room.desk.id, room.workspace.bot.id, blocks=[menu("a"), menu("b")], bot_id=room.workspace.bot.bot_id
        )
        block = sent.blocks[1]["block_id"]
        answer = await guest.act({"act": "press", "ts": sent.ts, "block": block, "action": "more", "choice": "b"})
        assert answer.status_code == 200
        assert room.bot.seen[-1]["actions"][0]["block_id"] == block
        assert room.bot.seen[-1]["actions"][0]["selected_option"]["value"] == "b"

    visit(journey)


def test_a_modal_is_filled_in_refused_and_sent() -> None:
    """A shortcut opens a form; an error from the bot stands under its input with what was typed; then it closes."""

    async def journey(guest: Visitor) -> None:
        root = next(iter(guest.room.workspace.messages))
        assert (await guest.act({"act": "shortcut", "callback": "check", "ts": root})).status_code == 200
        shown = (await guest.parts())["modal"]
        assert "Dismiss a warning" in shown
        view = re.search(r'data-view="([^"]+)"', shown)
        assert view
        deed = {"act": "submit", "view": view[1]}
        refused = await guest.act({**deed, "values": {"reason": {"text": ""}}})
        assert "required" in refused.json()["error"]
        await guest.act({**deed, "values": {"reason": {"text": "bad"}, "kind": {"kind": "known"}}})
        shown = (await guest.parts())["modal"]
        assert '<div class="input-error" role="alert">Say more than that.</div>' in shown
        assert 'value="bad"' in shown
        assert '<option value="known" selected>' in shown
        await guest.act({**deed, "values": {"reason": {"text": "good"}}})
        assert (await guest.parts())["modal"] == ""
        assert guest.room.bot.seen[-1]["view"]["state"]["values"]["reason"]["text"]["value"] == "good"

    visit(journey)


def test_a_modal_is_closed_without_sending() -> None:
    """Closing takes the form away and sends nothing."""

    async def journey(guest: Visitor) -> None:
        root = next(iter(guest.room.workspace.messages))
        await guest.act({"act": "shortcut", "callback": "check", "ts": root})
        view = guest.room.workspace.modal(guest.room.reporter.id)
        assert view
        assert (await guest.act({"act": "close", "view": view.id})).status_code == 200
        assert (await guest.parts())["modal"] == ""
        assert [seen.get("type") for seen in guest.room.bot.seen] == ["message_action"]

    visit(journey)


def test_home_is_opened_and_shows_what_the_bot_publishes() -> None:
    """Opening Home sends the event; the view that comes back is on the page, its buttons working."""

    async def journey(guest: Visitor) -> None:
        room = guest.room
        place = f"{room.reporter.id}/{room.workspace.direct(room.reporter.id).id}"
        assert "has not made this Home yet" in (await guest.parts(place, tab="home"))["home"]
        await guest.act({"act": "home"}, place)
        await room.workspace.transcript.wait_for(lambda: room.workspace.home(room.reporter.id))
        shown = (await guest.parts(place, tab="home"))["home"]
        assert "My desk" in shown
        view = room.workspace.home(room.reporter.id)
        assert view
        block = view.blocks[1]["block_id"]
        await guest.act({"act": "press", "view": view.id, "block": block, "action": "open"}, place)
        assert "Dismiss a warning" in (await guest.parts(place))["modal"]

    visit(journey)


def test_threads_stand_beside_the_channel() -> None:
    """A reply is in the thread, counted under its root, and not among the channel's messages."""

    async def journey(guest: Visitor) -> None:
        root = next(iter(guest.room.workspace.messages))
        await guest.act({"act": "say", "text": "in the thread", "thread": root})
        parts = await guest.parts(thread=root)
        assert "in the thread" in "".join(row for _, row in parts["thread"])
        channel = "".join(row for _, row in parts["messages"])
        assert "in the thread" not in channel
        assert "2 replies" in channel

    visit(journey)


def test_a_question_for_changes_waits_until_something_happened() -> None:
    """The page's question is answered when a message comes, and at once when it is behind."""

    async def journey(guest: Visitor) -> None:
        version = (await guest.parts())["version"]
        waiting = asyncio.create_task(guest.parts(version=version))
        await guest.act({"act": "say", "text": "news"})
        parts = await asyncio.wait_for(waiting, 4)
        assert parts["version"] > version
        assert "news" in parts["messages"][-1][1]

    visit(journey)


def test_unread_messages_are_counted_until_they_are_seen() -> None:
    """A channel's count grows with what others write and is gone once it was opened."""

    async def journey(guest: Visitor) -> None:
        room = guest.room
        general = room.channel("general")
        room.workspace.post(general.id, room.editor.id, "morning")
        room.workspace.post(general.id, room.reporter.id, "my own")
        assert 'aria-label="1 unread"' in (await guest.parts())["sidebar"]
        await guest.parts(f"{room.reporter.id}/{general.id}")
        assert "unread-count" not in (await guest.parts())["sidebar"]

    visit(journey)


def test_a_picture_is_shared_shown_and_served() -> None:
    """An uploaded picture stands in the channel and its bytes come back; what is no picture is only a download."""

    async def journey(guest: Visitor) -> None:
        room = guest.room
        own = {"Origin": room.workspace.base_url}
        for name, content in (("street.png", png()), ("page.html", b"<script>alert(1)</script>")):
            answer = await guest.client.post(
                f"/page/upload/{guest.place}", files={"file": (name, content)}, data={"text": "See"}, headers=own
            )
            assert answer.status_code == 200
        picture, page = room.workspace.files.values()
        assert f'<img src="/page/file/{picture.id}" alt="street.png"' in await guest.messages()
        served = await guest.client.get(f"/page/file/{picture.id}")
        assert [served.headers["Content-Type"], served.content] == ["image/png", png()]
        other = await guest.client.get(f"/page/file/{page.id}")
        assert other.headers["Content-Disposition"] == "attachment"
        assert other.headers["Content-Type"] == "application/octet-stream"
        assert (await guest.client.get("/page/file/F404")).status_code == 404
        empty = await guest.client.post(f"/page/upload/{guest.place}", data={"text": "x"}, headers=own)
        assert "No file came" in empty.json()["error"]

    visit(journey)


def test_channels_can_be_looked_at_joined_and_archived() -> None:
    """Who is not in a public channel may join it; an archived one takes no writing; a private one is hidden."""

    async def journey(guest: Visitor) -> None:
        room = guest.room
        field = room.workspace.add_channel("field-reports", members=[room.editor.id])
        place = f"{room.reporter.id}/{field.id}"
        assert "Join #field-reports" in (await guest.client.get(f"/client/{place}")).text
        assert (await guest.act({"act": "join"}, place)).status_code == 200
        page = (await guest.client.get(f"/client/{place}")).text
        assert "Message #field-reports" in page
        assert "editors</span>" not in page
        room.server.people.archive(field.id)
        assert "This channel is archived" in (await guest.client.get(f"/client/{place}")).text

    visit(journey)


def test_a_channel_that_is_not_theirs_leads_somewhere_that_is() -> None:
    """Changing who one acts as inside a private channel ends in a channel of the new person's."""

    async def journey(guest: Visitor) -> None:
        room = guest.room
        private = room.channel("editors")
        answer = await guest.client.get(f"/client/{room.reporter.id}/{private.id}")
        assert answer.status_code == 200
        assert private.id not in answer.text
        assert (await guest.client.get("/client/U404/C404")).status_code == 200

    visit(journey)


def test_a_date_and_time_is_told_in_unix_seconds() -> None:
    """What a date and time field holds reaches the bot as a number; nonsense in it is refused with words."""

    async def journey(guest: Visitor) -> None:
        room = guest.room
        picker = {"type": "actions", "block_id": "b", "elements": [{"type": "datetimepicker", "action_id": "when"}]}
        bot = room.workspace.bot
        sent = room.workspace.post(room.desk.id, bot.id, blocks=[picker], bot_id=bot.bot_id)
        press = {"act": "press", "ts": sent.ts, "block": "b", "action": "when"}
        assert (await guest.act({**press, "choice": "2023-11-14T22:13"})).status_code == 200
        assert room.bot.seen[-1]["actions"][0]["selected_date_time"] == 1_699_999_980
        refused = await guest.act({**press, "choice": "soon"})
        assert "not a date and a time" in refused.json()["error"]

    visit(journey)


def test_the_front_address_leads_to_what_happened_last() -> None:
    """A newcomer lands in the channel with the newest message, not in an empty one."""

    async def journey(guest: Visitor) -> None:
        room = guest.room
        assert str((await guest.client.get("/")).url).endswith(guest.place)
        general = room.channel("general")
        room.workspace.post(general.id, room.editor.id, "morning")
        assert str((await guest.client.get("/")).url).endswith(general.id)

    visit(journey)


def test_a_workspace_without_people_says_so() -> None:
    """With nobody to act as, the front page answers in words."""

    async def journey(guest: Visitor) -> None:
        for user in (guest.room.reporter, guest.room.editor):
            del guest.room.workspace.users[user.id]
        answer = await guest.client.get("/")
        assert [answer.status_code, answer.text] == [404, "Nobody is in this workspace yet."]
        assert (await guest.client.get(f"/page/parts/{guest.place}")).status_code == 404

    visit(journey)


def test_an_upload_that_cannot_be_read_or_is_too_large_is_refused_with_words() -> None:
    """More than the limit, a broken form and an archived channel each answer with a sentence."""

    async def journey(guest: Visitor) -> None:
        room = guest.room
        own = {"Origin": room.workspace.base_url}
        address = f"/page/upload/{guest.place}"
        large = await guest.client.post(address, files={"file": ("a.png", b"x" * (LARGEST_UPLOAD + 1))}, headers=own)
        broken = await guest.client.post(
            address, content=b"--x\r\nnonsense", headers={**own, "Content-Type": "multipart/form-data; boundary=x"}
        )
        room.server.people.archive(room.desk.id)
        archived = await guest.client.post(address, files={"file": ("a.png", png())}, headers=own)
        for answer, status in ((large, 413), (broken, None), (archived, 409)):
            assert answer.json()["error"]
            assert status in (None, answer.status_code)
            assert answer.status_code < 500

    visit(journey)


def test_a_late_bot_is_told_as_slack_tells_it() -> None:
    """A command whose bot is away ends in Slack's own words for that, visible to its author."""

    async def journey(guest: Visitor) -> None:
        guest.room.server.request_url = "http://127.0.0.1:9/slack/events"
        await guest.act({"act": "say", "text": "/trace x"})
        assert "failed with the error" in await guest.messages()

    visit(journey)


def test_requests_from_elsewhere_are_refused() -> None:
    """Another name for this machine, another site's script and a post without an origin are all turned away."""

    async def journey(guest: Visitor) -> None:
        port = guest.room.workspace.base_url.rpartition(":")[2]
        deed = {"act": "say", "text": "forged"}
        for host in ("evil.example", f"evil.example:{port}", f"127.0.0.1.evil.example:{port}", "10.0.0.1"):
            for path in ("/", f"/client/{guest.place}", f"/page/parts/{guest.place}", "/static/page.js"):
                assert (await guest.client.get(path, headers={"Host": host})).status_code == 403
        for origin in ("https://evil.example", "null", f"http://127.0.0.1:{int(port) - 1}", "http://localhost"):
            assert (await guest.act(deed, Origin=origin)).status_code == 403
        assert (await guest.client.post(f"/page/act/{guest.place}", json=deed)).status_code == 403
        assert "forged" not in await guest.messages()
        there = {"Host": f"localhost:{port}"}
        assert (await guest.client.get("/page/parts/" + guest.place, headers=there)).status_code == 200

    visit(journey)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost:8700", True),
        ("127.0.0.1", True),
        ("127.8.9.1:80", True),
        ("[::1]:8700", True),
        ("localhost.evil.example", False),
        ("evil.example", False),
        ("user@127.0.0.1", False),
        ("127.0.0.1/x", False),
        ("0.0.0.0", False),
        ("", False),
        ("[", False),
    ],
)
def test_only_names_of_this_machine_are_loopback(host: str, expected: bool) -> None:
    """Loopback addresses and localhost, whatever the port, and nothing that only looks like them."""
    assert expected is is_loopback(host)


@given(st.text(max_size=30))
def test_any_host_header_is_judged_without_a_fault(host: str) -> None:
    """No text in a Host header raises."""
    is_loopback(host)


@pytest.mark.parametrize(
    "deed",
    [
        [],
        "say",
        {"act": ["say"]},
        {"act": "say", "text": 7},
        {"act": "press", "ts": {}, "block": [], "action": None},
        {"act": "submit", "view": "V1", "values": []},
        {"act": "close", "view": {}},
    ],
)
def test_malformed_requests_are_answered_with_words(deed: Any) -> None:
    """Whatever JSON comes, the answer is a sentence and never a server fault."""

    async def journey(guest: Visitor) -> None:
        answer = await guest.act(deed)
        assert 400 <= answer.status_code < 500
        assert answer.json()["error"]

    visit(journey)
