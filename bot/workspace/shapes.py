"""Messages as Slack shows them to the bot."""

from __future__ import annotations

from bot.workspace.state import Workspace
from bot.workspace.values import File, Json, Message


def message_json(workspace: Workspace, message: Message, *, metadata: bool = True) -> Json:
    """A message as the Web API and events give it; `metadata` only for those who may read it."""
    shown: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
    shown["team"] = workspace.team
    if message.bot_id:
        shown |= {"bot_id": message.bot_id, "app_id": message.app_id}
    if message.subtype:
        shown["subtype"] = message.subtype
    if message.blocks:
        shown["blocks"] = list(message.blocks)
    attachments = [*message.attachments, *message.unfurls.values()]
    if attachments:
        shown["attachments"] = attachments
    if message.files:
        shown["files"] = [file_json(workspace, workspace.files[name]) for name in message.files]
    if message.metadata is not None and metadata:
        shown["metadata"] = message.metadata
    if message.edited:
        shown["edited"] = {"user": message.user, "ts": message.edited}
    if message.reactions:
        shown["reactions"] = [
            {"name": name, "users": list(users), "count": len(users)} for name, users in message.reactions.items()
        ]
    if message.thread_ts:
        shown["thread_ts"] = message.thread_ts
        if message.is_reply and (parent := workspace.messages.get(message.thread_ts)):
            shown["parent_user_id"] = parent.user
    if replies := workspace.replies(message.ts):
        shown |= {
            "thread_ts": message.ts,
            "reply_count": len(replies),
            "reply_users": sorted({reply.user for reply in replies}),
            "reply_users_count": len({reply.user for reply in replies}),
            "latest_reply": replies[-1].ts,
        }
    return shown


def file_json(workspace: Workspace, file: File) -> Json:
    """A file, with what Slack has learned of it so far."""
    return file.to_json(workspace.base_url, workspace.team, ready=workspace.is_ready(file))
