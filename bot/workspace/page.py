"""The page's routes: the pages themselves, what changed on them, and what a person does on them.

Everything done becomes a call of `Acts`, which brings it to the bot as Slack would. The page holds nothing of its own
but how far each person has read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.http import HttpProcessingError

from bot.workspace.acts import Acts
from bot.workspace.errors import NotPossible
from bot.workspace.interactive import Choice, interactive
from bot.workspace.page_guard import guarded
from bot.workspace.page_scene import SHOWN_AS_PICTURES, Reads, can_open, people, places
from bot.workspace.page_view import Look, page_html, parts_of
from bot.workspace.state import Workspace
from bot.workspace.transcript import Change
from bot.workspace.values import Json, Message, User, View

STATIC = Path(__file__).parent / "static"
STATIC_TYPES: Mapping[str, str] = {"page.css": "text/css", "page.js": "text/javascript", "icon.svg": "image/svg+xml"}

PATIENCE = 25.0
"""Seconds that a question for changes is held open; below the 30 s after which proxies tend to cut."""

BUTTONS = frozenset({"button", "workflow_button", "icon_button"})
"""Elements that are pressed; all others are chosen from or filled in."""

LARGEST_UPLOAD = 20 * 1024 * 1024
"""Bytes of a picture that the page takes."""

TOO_LARGE = "This file could not be read, or is larger than the stand-in takes (20 MB). Choose another."


class Page:
    """The page of one workspace."""

    def __init__(self, workspace: Workspace, acts: Acts, patience: float = PATIENCE) -> None:
        self._workspace, self._acts, self._patience = workspace, acts, patience
        self._reads = Reads()

    async def front(self, request: web.Request) -> web.StreamResponse:
        """`/`: go to the first person's newest messages."""
        user = next(iter(people(self._workspace)), None)
        return self._first(user) if user else web.Response(text="Nobody is in this workspace yet.", status=404)

    async def client(self, request: web.Request) -> web.StreamResponse:
        """`/client/{user}/{channel}`: the whole page; a channel that is not theirs leads to one of theirs."""
        look = self._look(request)
        if look is None:
            user = self._workspace.users.get(request.match_info["user"])
            return self._first(user) if user else await self.front(request)
        parts = parts_of(self._workspace, look, self._reads)
        return web.Response(text=page_html(self._workspace, look, parts), content_type="text/html")

    async def parts(self, request: web.Request) -> web.StreamResponse:
        """`/page/parts/{user}/{channel}`: what the page shows now, once it differs from `version`."""
        version = request.query.get("version", "")
        if version.isascii() and version.isdecimal() and len(version) < 16:
            await self._until_changed(int(version))
        look = self._look(request)
        if look is None:
            return _problem("This channel is not there any more. Load the page again.", 404)
        return web.json_response(parts_of(self._workspace, look, self._reads))

    async def act(self, request: web.Request) -> web.StreamResponse:
        """`/page/act/{user}/{channel}`: one thing that a person does, as JSON with its name in `act`."""
        look = self._look(request)
        deed = await _json(request)
        if look is None or deed is None:
            return _problem("The page asked for something that is not there. Load it again.", 400)
        try:
            await self._do(look, deed)
        except NotPossible as refusal:
            return _problem(str(refusal), 409)
        except KeyError:
            return _problem("What you used is not there any more. Load the page again.", 409)
        return web.json_response({"version": self._workspace.transcript.version})

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """`/page/upload/{user}/{channel}`: share a picture; a form with `file`, `text`, `thread`."""
        look = self._look(request)
        try:
            form = await request.post()
        except (ValueError, HttpProcessingError, web.HTTPRequestEntityTooLarge):
            return _problem(TOO_LARGE, 413)
        file = form.get("file")
        if look is None or not isinstance(file, web.FileField):
            return _problem("No file came with this. Choose it again.", 400)
        content = file.file.read(LARGEST_UPLOAD + 1)
        if len(content) > LARGEST_UPLOAD:
            return _problem(TOO_LARGE, 413)
        text, thread = str(form.get("text", "")), str(form.get("thread", ""))
        try:
            self._acts.drop_file(look.user.id, look.channel.id, file.filename, content, text, thread)
        except NotPossible as refusal:
            return _problem(str(refusal), 409)
        return web.json_response({"version": self._workspace.transcript.version})

    async def file(self, request: web.Request) -> web.StreamResponse:
        """`/page/file/{file}`: a file's bytes; only pictures are shown, all else is a download."""
        file = self._workspace.files.get(request.match_info["file"])
        if file is None or file.content is None or file.deleted:
            return web.Response(text="This file is not here any more.", status=404)
        headers = {"Content-Security-Policy": "default-src 'none'; sandbox"}
        if file.mimetype in SHOWN_AS_PICTURES:
            return web.Response(body=file.content, content_type=file.mimetype, headers=headers)
        headers["Content-Disposition"] = "attachment"
        return web.Response(body=file.content, content_type="application/octet-stream", headers=headers)

    async def static(self, request: web.Request) -> web.StreamResponse:
        """`/static/{name}`: the style sheet, the script and the icon."""
        name = request.match_info["name"]
        if name not in STATIC_TYPES:
            return web.Response(text="There is no such file.", status=404)
        return web.Response(text=(STATIC / name).read_text(encoding="utf-8"), content_type=STATIC_TYPES[name])

    async def _until_changed(self, version: int) -> None:
        """Wait until people could see something change after `version`, or until patience ends."""
        transcript, loop = self._workspace.transcript, asyncio.get_running_loop()
        deadline = loop.time() + self._patience
        seen = version
        while (left := deadline - loop.time()) > 0:
            now = await transcript.changed(seen, left)
            if any(isinstance(entry, Change) for entry in transcript.entries[seen:now]):
                return
            seen = max(seen, now)

    def _first(self, user: User) -> web.Response:
        """Go to that of a person's channels in which something happened last."""
        own = [channel.id for channel in places(self._workspace, user.id) if user.id in channel.members]
        messages = reversed(self._workspace.messages.values())
        newest = next((m.channel for m in messages if m.channel in own and m.ephemeral_to in ("", user.id)), own[0])
        return web.Response(status=302, headers={"Location": f"/client/{user.id}/{newest}"})

    async def _do(self, look: Look, deed: Mapping[str, Any]) -> None:
        def of(name: str) -> str:
            value = deed.get(name)
            return value if isinstance(value, str) else ""

        user, channel, acts, workspace = look.user.id, look.channel.id, self._acts, self._workspace
        match of("act"):
            case "say" if of("text").startswith("/") and not of("text").startswith("//"):
                await acts.command(user, channel, of("text"), of("thread"))
            case "say":
                acts.say(user, channel, of("text"), of("thread"))
            case "press":
                where = workspace.views[of("view")] if of("view") else workspace.messages[of("ts")]
                await self._press(user, where, of("block"), of("action"), deed.get("choice"))
            case "submit":
                view = workspace.views[of("view")]
                await acts.submit_view(user, view, _values(view.blocks, deed.get("values")))
            case "close":
                await acts.close_view(user, workspace.views[of("view")])
            case "shortcut":
                await acts.message_shortcut(user, of("callback"), workspace.messages[of("ts")])
            case "home":
                acts.open_home(user)
            case "join":
                acts.join(user, channel)
            case _:
                raise NotPossible("The page does not know how to do this.")

    async def _press(self, user: str, where: Message | View, block_id: str, action_id: str, given: object) -> None:
        """Use the element that stands in that block under that action id."""
        for block, element in interactive(where.blocks):
            if block.get("block_id") == block_id and element.get("action_id") == action_id:
                break
        else:
            raise KeyError(action_id)
        kind = str(element["type"])
        if kind in BUTTONS:
            await self._acts.click(user, where, action_id, element.get("value"), block_id)
        else:
            await self._acts.select(user, where, action_id, _taken(kind, given), block_id)

    def _look(self, request: web.Request) -> Look | None:
        """Who looks at what; None when that is not there, or not theirs."""
        user = self._workspace.users.get(request.match_info["user"])
        channel = self._workspace.channels.get(request.match_info["channel"])
        if user is None or channel is None or not can_open(channel, user.id):
            return None
        thread = request.query.get("thread", "")
        root = self._workspace.messages.get(thread)
        home = channel.kind == "dm" and request.query.get("tab") == "home"
        return Look(user, channel, thread if root and root.channel == channel.id else "", home)


def add_page(app: web.Application, workspace: Workspace, acts: Acts, patience: float = PATIENCE) -> None:
    """Add the page to an application; `patience` (seconds) is how long a question for changes is held open."""
    page = Page(workspace, acts, patience)
    app.router.add_get("/", guarded(page.front))
    app.router.add_get("/client/{user}/{channel}", guarded(page.client))
    app.router.add_get("/page/parts/{user}/{channel}", guarded(page.parts))
    app.router.add_post("/page/act/{user}/{channel}", guarded(page.act))
    app.router.add_post("/page/upload/{user}/{channel}", guarded(page.upload))
    app.router.add_get("/page/file/{file}", guarded(page.file))
    app.router.add_get("/static/{name}", guarded(page.static))


def _problem(sentence: str, status: int) -> web.Response:
    return web.json_response({"error": sentence}, status=status)


async def _json(request: web.Request) -> Json | None:
    """The object in a request's body; None when there is none."""
    try:
        found = await request.json()
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _values(blocks: Iterable[Json], given: object) -> dict[str, dict[str, Choice]]:
    """The filled-in inputs of a modal, block id → action id → choice; what is no input of it is left out."""
    filled: dict[str, dict[str, Choice]] = {}
    known = given if isinstance(given, Mapping) else {}
    for block, element in interactive(blocks):
        block_id, action_id = str(block["block_id"]), str(element["action_id"])
        actions = known.get(block_id)
        if isinstance(actions, Mapping) and action_id in actions:
            filled.setdefault(block_id, {})[action_id] = _taken(str(element["type"]), actions[action_id])
    return filled


def _taken(kind: str, given: object) -> Choice:
    if isinstance(given, list):
        return [str(entry) for entry in given]
    if not isinstance(given, str) or not given:
        return None
    if kind == "datetimepicker":
        try:
            return int(datetime.fromisoformat(given).replace(tzinfo=UTC).timestamp())
        except ValueError:
            raise NotPossible("This is not a date and a time.") from None
    return given
