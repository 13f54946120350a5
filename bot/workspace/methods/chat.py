"""`chat.*`: messages to all, to one, changed, taken back, unfurled."""

from __future__ import annotations

from bot.workspace.errors import Refused
from bot.workspace.methods.request import Method, Request, check_blocks
from bot.workspace.shapes import message_json
from bot.workspace.values import Channel, Json, Message

UPDATED_TEXT = 4_000
"""Characters of text in `chat.update`, fewer than in a new message (met by users: a text that was posted could not be
edited; maintainers speak of a smaller limit than the documented 40,000)."""


def post_message(request: Request) -> Json:
    """`chat.postMessage`."""
    channel = _writable(request)
    content = request.content()
    _not_empty(content)
    if wait := request.workspace.rates.message(channel.id):
        raise Refused("ratelimited", status=429, headers={"Retry-After": str(wait)})
    workspace = request.workspace
    thread = workspace.thread_of(channel.id, request.text("thread_ts"))
    broadcast = bool(thread) and request.flag("reply_broadcast")
    message = workspace.post(
        channel.id,
        workspace.bot.id,
        content.pop("text", ""),
        **content,
        thread_ts=thread,
        broadcast=broadcast,
        subtype="thread_broadcast" if broadcast else "",
        bot_id=workspace.bot.bot_id,
        app_id=workspace.app,
        via="api",
    )
    return {"channel": channel.id, "ts": message.ts, "message": message_json(workspace, message)}


def post_ephemeral(request: Request) -> Json:
    """`chat.postEphemeral`: to one member of the channel."""
    channel = _writable(request)
    user = request.need("user")
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    content = request.content()
    _not_empty(content)
    workspace = request.workspace
    message = workspace.post(
        channel.id,
        workspace.bot.id,
        content.pop("text", ""),
        **content,
        thread_ts=workspace.thread_of(channel.id, request.text("thread_ts")),
        ephemeral_to=user,
        bot_id=workspace.bot.bot_id,
        app_id=workspace.app,
        via="api",
    )
    return {"message_ts": message.ts}


def update(request: Request) -> Json:
    """`chat.update`: a text without blocks takes the blocks away; what else is not given stays."""
    channel, message = _own(request, "cant_update_message")
    if channel.archived:
        raise Refused("is_inactive")
    content = request.content()
    if not content:
        raise Refused("no_text")
    if len(content.get("text", "")) > UPDATED_TEXT:
        raise Refused("msg_too_long")
    if "text" in content:
        content.setdefault("blocks", [])
    _not_empty({"text": message.text, "blocks": message.blocks, "attachments": message.attachments, **content})
    changed = request.workspace.update(message.ts, edited=request.workspace.next_ts(), **content)
    shown = message_json(request.workspace, changed)
    return {"channel": channel.id, "ts": changed.ts, "text": changed.text, "message": shown}


def delete(request: Request) -> Json:
    """`chat.delete`."""
    channel, message = _own(request, "cant_delete_message")
    request.workspace.delete(message.ts)
    return {"channel": channel.id, "ts": message.ts}


def permalink(request: Request) -> Json:
    """`chat.getPermalink`."""
    channel = request.channel()
    message = request.message(channel, request.need("message_ts"))
    address = f"{request.workspace.base_url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        address += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": address}


def unfurl(request: Request) -> Json:
    """`chat.unfurl`: previews below links of the app's domains that stand in a message."""
    unfurls = request.json("unfurls", "cannot_parse_attachment")
    if not isinstance(unfurls, dict) or not all(isinstance(attachment, dict) for attachment in unfurls.values()):
        raise Refused("missing_unfurls")
    for attachment in unfurls.values():
        check_blocks(request.workspace, attachment.get("blocks", []))
    if request.text("source") == "composer":
        return {}
    channel = request.channel()
    try:
        message = request.message(channel, request.need("ts"))
    except Refused:
        raise Refused("cannot_find_message") from None
    domains = request.workspace.manifest.unfurl_domains
    for link in unfurls:
        if link not in message.text.replace("&amp;", "&") and link not in message.text:
            raise Refused("cannot_unfurl_url")
        host = link.partition("://")[2].partition("/")[0].lower()
        if not any(host == domain or host.endswith("." + domain) for domain in domains):
            raise Refused("cannot_unfurl_url")
    request.workspace.update(message.ts, "unfurled", unfurls={**message.unfurls, **unfurls})
    return {}


def _writable(request: Request) -> Channel:
    channel = request.channel()
    if channel.archived:
        raise Refused("is_archived")
    if not request.is_member(channel) and "chat:write.public" not in request.scopes:
        raise Refused("not_in_channel")
    return channel


def _not_empty(content: Json) -> None:
    if not content.get("text") and not content.get("blocks") and not content.get("attachments"):
        raise Refused("no_text")


def _own(request: Request, otherwise: str) -> tuple[Channel, Message]:
    channel = request.channel()
    message = request.message(channel, request.need("ts"))
    if message.bot_id != request.workspace.bot.bot_id or message.subtype == "tombstone":
        raise Refused(otherwise)
    return channel, message


METHODS = {
    "chat.postMessage": Method(post_message, ("chat:write",), 0),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",), 4),
    "chat.update": Method(update, ("chat:write",), 3),
    "chat.delete": Method(delete, ("chat:write",), 3),
    "chat.getPermalink": Method(permalink, (), 0),
    "chat.unfurl": Method(unfurl, ("links:write",), 3),
}
