"""A small bot and a furnished workspace for the tests of the page: each thing a bot can show is in it once."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from aiohttp import web

from bot.workspace.page import add_page
from bot.workspace.server import WorkspaceServer
from bot.workspace.state import Timing, Workspace
from bot.workspace.values import Channel, Json, Message, User

MANIFEST: Json = {
    "display_information": {"name": "Dateline"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
        "bot_user": {"display_name": "dateline", "always_online": True},
        "slash_commands": [
            {
                "command": "/trace",
                "description": "Where did this picture appear first?",
                "usage_hint": "<link>",
                "url": "https://bot.example/slack/events",
            },
            {
                "command": "/whereis",
                "description": "Who says where somebody is?",
                "usage_hint": "<name> [on <date>]",
                "url": "https://bot.example/slack/events",
            },
        ],
        "shortcuts": [
            {
                "name": "Check this message",
                "type": "message",
                "callback_id": "check",
                "description": "Trace its pictures",
            }
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": ["commands", "chat:write", "app_mentions:read", "channels:history", "files:write", "files:read"]
        }
    },
    "settings": {
        "event_subscriptions": {
            "request_url": "https://bot.example/slack/events",
            "bot_events": ["app_home_opened", "app_mention"],
        },
        "interactivity": {"is_enabled": True, "request_url": "https://bot.example/slack/events"},
    },
}


def plain(text: str) -> Json:
    """A plain text object."""
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    """A text object with marks."""
    return {"type": "mrkdwn", "text": text}


def button(action: str, label: str, **more: Any) -> Json:
    """A button."""
    return {"type": "button", "action_id": action, "text": plain(label), "value": "7", **more}


def warning() -> list[Json]:
    """The blocks of a warning with two buttons, one of which asks first, and an overflow menu."""
    return [
        {"type": "header", "text": plain("This picture was seen before")},
        {"type": "section", "text": mrkdwn("*Posted* by @street_reporter. :warning: *Mirrored*, it is older.")},
        {"type": "context", "elements": [mrkdwn("Earliest we hold: <!date^1700000000^{date_short}|then>")]},
        {
            "type": "actions",
            "elements": [
                button("acknowledge", "Acknowledge", style="primary"),
                button(
                    "dismiss",
                    "Dismiss…",
                    style="danger",
                    confirm={
                        "title": plain("Dismiss it?"),
                        "text": mrkdwn("This pair *never* warns again."),
                        "confirm": plain("Yes, dismiss"),
                        "deny": plain("Keep it"),
                    },
                ),
                {
                    "type": "overflow",
                    "action_id": "more",
                    "options": [
                        {"text": plain("Snooze a day"), "value": "snooze"},
                        {"text": plain("Escalate"), "value": "escalate"},
                    ],
                },
            ],
        },
    ]


def modal() -> Json:
    """A form that asks for a reason, required, and a choice."""
    options = [
        {"text": plain("Not the same picture"), "value": "other"},
        {"text": plain("Known and fine"), "value": "known"},
    ]
    return {
        "type": "modal",
        "callback_id": "dismissal",
        "title": plain("Dismiss a warning"),
        "submit": plain("Dismiss"),
        "close": plain("Keep"),
        "blocks": [
            {
                "type": "input",
                "block_id": "reason",
                "label": plain("Why?"),
                "element": {"type": "plain_text_input", "action_id": "text"},
            },
            {
                "type": "input",
                "block_id": "kind",
                "label": plain("What kind?"),
                "optional": True,
                "element": {
                    "type": "static_select",
                    "action_id": "kind",
                    "placeholder": plain("Choose"),
                    "options": options,
                },
            },
        ],
    }


@dataclass
class Bot:
    """Answers what the workspace sends; `seen` keeps every payload."""

    server: WorkspaceServer
    seen: list[Json] = field(default_factory=list)

    async def call(self, method: str, **arguments: Any) -> Json:
        """Call a method of the Web API with the bot's token; fails when the workspace refuses."""
        headers = {"Authorization": f"Bearer {self.server.workspace.tokens.bot}"}
        async with httpx.AsyncClient() as client:
            answer = await client.post(self.server.api_url + method, json=arguments, headers=headers)
        found: Json = answer.json()
        assert found["ok"], (method, found)
        return found

    async def take(self, request: web.Request) -> web.Response:
        """The one route of the bot."""
        if request.content_type == "application/json":
            payload: Json = await request.json()
            self.seen.append(payload)
            if payload["event"]["type"] == "app_home_opened":
                blocks = [
                    {"type": "header", "text": plain("My desk")},
                    {"type": "actions", "elements": [button("open", "Open form")]},
                ]
                await self.call(
                    "views.publish", user_id=payload["event"]["user"], view={"type": "home", "blocks": blocks}
                )
            return web.Response()
        form = await request.post()
        payload = (
            json.loads(str(form["payload"])) if "payload" in form else {key: str(value) for key, value in form.items()}
        )
        self.seen.append(payload)
        return await self._interact(payload)

    async def _interact(self, payload: Json) -> web.Response:
        if "command" in payload:
            if payload["command"] == "/whereis":
                await self.call("chat.postMessage", channel=payload["channel_id"], text="A warning", blocks=warning())
                return web.Response()
            return web.json_response({"response_type": "ephemeral", "text": f"Tracing {payload['text']} …"})
        if payload["type"] == "view_submission":
            reason = payload["view"]["state"]["values"]["reason"]["text"]["value"]
            if "bad" in reason:
                return web.json_response({"response_action": "errors", "errors": {"reason": "Say more than that."}})
            return web.json_response({"response_action": "clear"})
        if payload["type"] == "message_action":
            await self.call("views.open", trigger_id=payload["trigger_id"], view=modal())
            return web.Response()
        action = payload["actions"][0]["action_id"]
        if action == "acknowledge":
            blocks = [{"type": "section", "text": mrkdwn(f"Acknowledged by <@{payload['user']['id']}>")}]
            container = payload["container"]
            await self.call(
                "chat.update", channel=container["channel_id"], ts=container["message_ts"], text="Done", blocks=blocks
            )
        if action in ("dismiss", "open"):
            await self.call("views.open", trigger_id=payload["trigger_id"], view=modal())
        return web.Response()


@dataclass
class Newsroom:
    """A workspace with a page, a bot and people in it."""

    server: WorkspaceServer
    bot: Bot
    reporter: User
    editor: User
    desk: Channel
    warning: Message

    @property
    def workspace(self) -> Workspace:
        """The state behind the page."""
        return self.server.workspace

    def channel(self, name: str) -> Channel:
        """The channel of that name."""
        found = self.workspace.channel_named(name)
        assert found is not None, name
        return found

    @property
    def address(self) -> str:
        """The page's address for the reporter in the desk's channel."""
        return f"{self.workspace.base_url}/client/{self.reporter.id}/{self.desk.id}"


@asynccontextmanager
async def newsroom(patience: float = 5.0, timing: Timing | None = None) -> AsyncIterator[Newsroom]:
    """Serve a furnished workspace with its page, and a bot that answers."""
    workspace = Workspace(MANIFEST, timing=timing, name="Sample Newsroom")
    reporter = workspace.add_user("ana", "Ana Reyes", "Reporter")
    editor = workspace.add_user("jonas", "Jonas Weber", "Editor", tz="Europe/Berlin")
    everybody = [reporter.id, editor.id, workspace.bot.id]
    desk = workspace.add_channel("syria-desk", members=everybody)
    workspace.add_channel("general", members=everybody)
    workspace.add_channel("editors", "private", [editor.id])
    server = WorkspaceServer(workspace)
    bot = Bot(server)
    add_page(server.app, workspace, server.people, patience)
    async with server, _listening(bot) as address:
        server.request_url = address
        root = workspace.post(desk.id, editor.id, "Look at <https://example.org/post|this post>, *please*.")
        workspace.post(desk.id, reporter.id, "On it.", thread_ts=root.ts)
        shown = workspace.post(desk.id, workspace.bot.id, "A warning", blocks=warning(), bot_id=workspace.bot.bot_id)
        yield Newsroom(server, bot, reporter, editor, desk, shown)
        await server.settle()


@asynccontextmanager
async def _listening(bot: Bot) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/slack/events", bot.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    await runner.cleanup()


def png(width: int = 40, height: int = 30, colour: bytes = b"\x33\x66\x99") -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = (b"\x00" + colour * width) * height
    start = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + start + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
