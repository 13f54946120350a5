"""`files.*`: the upload in three steps, and what became of it."""

from __future__ import annotations

import mimetypes
from dataclasses import replace

from bot.workspace.errors import Refused
from bot.workspace.methods.request import Method, Request
from bot.workspace.shapes import file_json
from bot.workspace.values import File, Json

LARGEST = 1_000_000_000
"""Bytes of a file (documented: 1 GB)."""


def upload_address(request: Request) -> Json:
    """`files.getUploadURLExternal`: step one."""
    workspace = request.workspace
    name = request.need("filename")
    length = request.number("length", 0, LARGEST + 1)
    if length > LARGEST:
        raise Refused("file_upload_size_restricted")
    alt_text = request.text("alt_txt")
    if len(alt_text) > 1000:
        raise Refused("alt_txt_too_large")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = File(workspace.new_id("F"), name, name, workspace.bot.id, length, kind, alt_text)
    workspace.files[file.id] = file
    return {"upload_url": f"{workspace.base_url}/upload/v1/{file.id}", "file_id": file.id}


def complete_upload(request: Request) -> Json:
    """`files.completeUploadExternal`: step three, after the bytes."""
    workspace = request.workspace
    wanted = request.json("files", "invalid_arguments")
    if not isinstance(wanted, list) or not wanted or not all(isinstance(entry, dict) for entry in wanted):
        raise Refused("invalid_arguments")
    files = []
    for entry in wanted:
        file = workspace.files.get(str(entry.get("id")))
        if file is None or file.content is None or file.deleted:
            raise Refused("file_not_found")
        if file.completed is not None:
            raise Refused("file_update_failed")
        files.append(replace(file, title=str(entry.get("title") or file.name), completed=workspace.clock()))
    names = [request.text("channel_id")] if request.text("channel_id") else request.text("channels").split(",")
    places = [_place(request, name) for name in names if name]
    for file in files:
        workspace.files[file.id] = replace(file, channels=tuple(places))
    for place in places:
        workspace.post(
            place,
            workspace.bot.id,
            request.text("initial_comment"),
            files=tuple(file.id for file in files),
            thread_ts=workspace.thread_of(place, request.text("thread_ts")),
            bot_id=workspace.bot.bot_id,
            app_id=workspace.app,
            via="api",
        )
    return {"files": [file_json(workspace, workspace.files[file.id]) for file in files]}


def _place(request: Request, name: str) -> str:
    inner = Request(request.workspace, {"channel": name}, request.token)
    channel = inner.channel()
    if channel.archived:
        raise Refused("is_archived")
    if not inner.is_member(channel):
        raise Refused("not_in_channel")
    return channel.id


def info(request: Request) -> Json:
    """`files.info`: type and more are empty until Slack has processed the upload."""
    file = _file(request)
    shown = file_json(request.workspace, file)
    if file.completed is not None and not request.workspace.is_ready(file):
        request.workspace.files[file.id] = replace(file, polls=file.polls + 1)
    return {"file": shown, "comments": []}


def delete(request: Request) -> Json:
    """`files.delete`: one's own."""
    file = _file(request)
    if file.user != request.workspace.bot.id:
        raise Refused("cant_delete_file")
    request.workspace.files[file.id] = replace(file, deleted=True, content=None)
    request.workspace.transcript.change("file_deleted", user=file.user, detail=file.id)
    return {}


def _file(request: Request) -> File:
    """A file the bot may see: its own, or one shared where it is a member."""
    workspace = request.workspace
    file = workspace.files.get(request.need("file"))
    if file is None:
        raise Refused("file_not_found")
    if file.deleted:
        raise Refused("file_deleted")
    places = [workspace.channels[name] for name in file.channels]
    if file.user != workspace.bot.id and not any(request.is_member(place) for place in places):
        raise Refused("file_not_found")
    return file


METHODS = {
    "files.getUploadURLExternal": Method(upload_address, ("files:write",), 4),
    "files.completeUploadExternal": Method(complete_upload, ("files:write",), 4),
    "files.info": Method(info, ("files:read",), 4),
    "files.delete": Method(delete, ("files:write",), 3),
}
