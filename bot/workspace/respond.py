"""What the bot may do through a `response_url` or in the body of an acknowledgement: show, replace, take away."""

from __future__ import annotations

from bot.workspace.errors import Refused
from bot.workspace.methods.request import Request
from bot.workspace.state import Workspace
from bot.workspace.tickets import Hook
from bot.workspace.values import Json, Message


def respond(workspace: Workspace, hook: Hook, payload: Json, via: str = "response_url") -> Message | None:
    """Show what the bot answers; the message that now stands there.

    Without `response_type` only the person sees it. `replace_original` and `delete_original` touch the message that
    was clicked, if one was and the bot wrote it. Raises `Refused`: 410 in an archived channel, else 400.
    """
    if workspace.channels[hook.channel].archived:
        raise Refused("channel_is_archived", status=410)
    original = workspace.messages.get(hook.message)
    if original is not None and original.bot_id != workspace.bot.bot_id:
        original = None
    try:
        if payload.get("delete_original"):
            if original is not None:
                workspace.delete(original.ts)
            return None
        content = Request(workspace, payload, None).content()
        if not content.get("text") and not content.get("blocks") and not content.get("attachments"):
            raise Refused("no_text")
    except Refused as refusal:
        refusal.status = 400
        raise
    if payload.get("replace_original") and original is not None:
        whole = {"text": "", "blocks": [], "attachments": [], **content}
        return workspace.update(original.ts, **whole)
    return workspace.post(
        hook.channel,
        workspace.bot.id,
        content.pop("text", ""),
        **content,
        thread_ts=workspace.thread_of(hook.channel, str(payload.get("thread_ts") or hook.thread_ts)),
        ephemeral_to="" if payload.get("response_type") == "in_channel" else hook.user,
        bot_id=workspace.bot.bot_id,
        app_id=workspace.app,
        via=via,
    )
