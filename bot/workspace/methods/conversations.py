"""`conversations.*` and `reactions.add`: channels, who is in them, and what was said there."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation

from bot.workspace.errors import Refused
from bot.workspace.methods.request import FAMILY, Method, Request, page
from bot.workspace.shapes import message_json
from bot.workspace.values import Channel, Json, Kind, Message

TYPES: dict[str, Kind] = {"public_channel": "public", "private_channel": "private", "im": "dm"}
READ = ("channels:read", "groups:read", "im:read")
HISTORY = ("channels:history", "groups:history", "im:history")


def info(request: Request) -> Json:
    """`conversations.info`."""
    channel = _readable(request)
    return {"channel": channel.to_json(request.workspace.bot.id)}


def listing(request: Request) -> Json:
    """`conversations.list`: of the wanted types, what the bot can see."""
    names = [name.strip() for name in request.text("types", "public_channel").split(",")]
    wanted = [TYPES[name] for name in names if name in TYPES]
    if not wanted:
        raise Refused("invalid_types")
    for kind in wanted:
        request.require(f"{FAMILY[kind]}:read")
    seen = [
        channel.to_json(request.workspace.bot.id)
        for channel in request.workspace.channels.values()
        if channel.kind in wanted
        and (channel.kind == "public" or request.is_member(channel))
        and not (request.flag("exclude_archived") and channel.archived)
    ]
    part, following = page(request, seen)
    return {"channels": part, **following}


def members(request: Request) -> Json:
    """`conversations.members`."""
    part, following = page(request, _readable(request).members)
    return {"members": part, **following}


def history(request: Request) -> Json:
    """`conversations.history`: newest first, replies left out unless sent to the channel too."""
    channel = _heard(request)
    said = request.workspace.visible(channel.id, request.workspace.bot.id)
    found = [message for message in reversed(said) if not message.ephemeral_to and _in_time(request, message)]
    part, following = page(request, found)
    more = bool(following["response_metadata"]["next_cursor"])
    return {"messages": _show(request, part), "has_more": more, **(following if more else {})}


def replies(request: Request) -> Json:
    """`conversations.replies`: the first message, then its replies, oldest first."""
    channel = _heard(request)
    parent = request.workspace.messages.get(request.need("ts"))
    if parent is None or parent.channel != channel.id or parent.ephemeral_to:
        raise Refused("thread_not_found")
    first = parent.thread_ts or parent.ts
    below = [message for message in request.workspace.replies(first) if _in_time(request, message)]
    part, following = page(request, [request.workspace.messages[first], *below])
    more = bool(following["response_metadata"]["next_cursor"])
    return {"messages": _show(request, part), "has_more": more, **(following if more else {})}


def open_direct(request: Request) -> Json:
    """`conversations.open`: the direct conversation with one user."""
    users = [user for user in request.text("users").split(",") if user]
    if len(users) != 1:
        raise Refused("invalid_arguments" if not users else "not_enough_users")
    user = request.workspace.users.get(users[0])
    if user is None or user.deleted:
        raise Refused("user_not_found")
    return {"channel": {"id": request.workspace.direct(user.id).id}}


def join(request: Request) -> Json:
    """`conversations.join`: a public channel."""
    channel = request.channel()
    if channel.archived:
        raise Refused("is_archived")
    if channel.kind != "public":
        raise Refused("method_not_supported_for_channel_type")
    request.workspace.join(channel.id, request.workspace.bot.id)
    return {"channel": channel.to_json(request.workspace.bot.id)}


def react(request: Request) -> Json:
    """`reactions.add`."""
    channel = request.channel()
    message = request.message(channel, request.need("timestamp"))
    name, bot = request.need("name").strip(":"), request.workspace.bot.id
    if not request.is_member(channel):
        raise Refused("not_in_channel")
    before = message.reactions.get(name, ())
    if bot in before:
        raise Refused("already_reacted")
    reactions = {**message.reactions, name: (*before, bot)}
    request.workspace.messages[message.ts] = replace(message, reactions=reactions)
    request.workspace.transcript.change("reacted", channel=channel.id, user=bot, message=message, detail=name)
    return {}


def _readable(request: Request) -> Channel:
    channel = request.channel()
    request.require(f"{FAMILY[channel.kind]}:read")
    return channel


def _heard(request: Request) -> Channel:
    channel = request.channel()
    request.require(f"{FAMILY[channel.kind]}:history")
    if not request.is_member(channel):
        raise Refused("not_in_channel")
    return channel


def _show(request: Request, messages: list[Message]) -> list[Json]:
    wanted = request.flag("include_all_metadata") and "metadata.message:read" in request.scopes
    return [message_json(request.workspace, message, metadata=wanted) for message in messages]


def _in_time(request: Request, message: Message) -> bool:
    inclusive = request.flag("inclusive")
    at = Decimal(message.ts)
    oldest, latest = _time(request.text("oldest")), _time(request.text("latest"))
    if oldest is not None and (at < oldest or (at == oldest and not inclusive)):
        return False
    return latest is None or at < latest or (at == latest and inclusive)


def _time(text: str) -> Decimal | None:
    if text in ("", "now"):
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise Refused("invalid_ts_latest") from None
    if not value.is_finite():
        raise Refused("invalid_ts_latest")
    return value


METHODS = {
    "conversations.info": Method(info, READ, 3),
    "conversations.list": Method(listing, READ, 2),
    "conversations.members": Method(members, READ, 4),
    "conversations.history": Method(history, HISTORY, 3),
    "conversations.replies": Method(replies, HISTORY, 3),
    "conversations.open": Method(open_direct, ("im:write",), 3),
    "conversations.join": Method(join, ("channels:join",), 3),
    "reactions.add": Method(react, ("reactions:write",), 3),
}
