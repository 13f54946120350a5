"""From what changed in the workspace to the events that Slack would send to the app: pure, in Slack's shapes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.workspace.shapes import message_json
from bot.workspace.state import Workspace
from bot.workspace.transcript import Change
from bot.workspace.values import Channel, Json, Message

CHANNEL_TYPE = {"public": "channel", "private": "group", "dm": "im"}
FAMILY = {"public": "message.channels", "private": "message.groups", "dm": "message.im"}


def events_of(workspace: Workspace, change: Change) -> Iterator[tuple[str, Json]]:
    """Each event of a change, with the name under which an app subscribes to it."""
    channel = workspace.channels.get(change.channel)
    bot = workspace.bot.id
    shown = change.message or change.previous
    if channel is not None and bot in channel.members and not (shown is not None and shown.ephemeral_to):
        yield from _in_channel(workspace, change, channel)
    if change.kind == "posted" and change.message is not None and channel is not None:
        yield from _links(workspace, change.message, channel)
    now = workspace.next_ts
    match change.kind:
        case "left" if channel is not None and change.user == bot:
            family = "channel" if channel.kind == "public" else "group"
            yield f"{family}_left", {"type": f"{family}_left", "channel": channel.id, "event_ts": now()}
        case "renamed":
            user = workspace.users[change.user].to_json(workspace.team, workspace.clock())
            yield "user_change", {"type": "user_change", "user": user, "event_ts": now()}
        case "uninstalled":
            yield "app_uninstalled", {"type": "app_uninstalled", "event_ts": now()}
            tokens = {"oauth": [], "bot": [bot]}
            yield "tokens_revoked", {"type": "tokens_revoked", "tokens": tokens, "event_ts": now()}


def _in_channel(workspace: Workspace, change: Change, channel: Channel) -> Iterator[tuple[str, Json]]:
    place: Json = {"channel": channel.id, "channel_type": CHANNEL_TYPE[channel.kind]}
    member: Json = {"user": change.user, "team": workspace.team, **place, "channel_type": channel.id[0]}
    message, previous = change.message, change.previous
    match change.kind:
        case "posted" if message is not None:
            yield from _posted(workspace, message, channel, place)
        case "updated" | "unfurled" if message is not None and previous is not None:
            shown: Json = {
                "message": message_json(workspace, message),
                "previous_message": message_json(workspace, previous),
            }
            yield FAMILY[channel.kind], _hidden(workspace, "message_changed", {**place, **shown})
        case "deleted" if previous is not None:
            shown = {"deleted_ts": previous.ts, "previous_message": message_json(workspace, previous)}
            yield FAMILY[channel.kind], _hidden(workspace, "message_deleted", {**place, **shown})
        case "joined" | "left":
            kind = f"member_{change.kind}_channel"
            yield kind, {"type": kind, **member, "event_ts": workspace.next_ts()}
        case "archived":
            kind = "channel_archive" if channel.kind == "public" else "group_archive"
            event: Json = {"type": kind, "channel": channel.id, "user": change.user, "event_ts": workspace.next_ts()}
            yield kind, event
        case "reacted" if message is not None:
            item = {"type": "message", "channel": channel.id, "ts": message.ts}
            event = {"type": "reaction_added", "user": change.user, "reaction": change.detail, "item": item}
            yield "reaction_added", {**event, "item_user": message.user, "event_ts": workspace.next_ts()}


def _posted(workspace: Workspace, message: Message, channel: Channel, place: Json) -> Iterator[tuple[str, Json]]:
    shown = message_json(workspace, message)
    yield FAMILY[channel.kind], {**shown, **place, "event_ts": message.ts}
    mentioned = f"<@{workspace.bot.id}>" in message.text and message.user != workspace.bot.id
    if mentioned and channel.kind != "dm":
        named = {key: value for key, value in shown.items() if key != "subtype"}
        yield "app_mention", {**named, "type": "app_mention", "channel": channel.id, "event_ts": message.ts}
    for name in message.files:
        event = {"type": "file_shared", "channel_id": channel.id, "file_id": name, "user_id": message.user}
        yield "file_shared", {**event, "file": {"id": name}, "event_ts": message.ts}


def _hidden(workspace: Workspace, subtype: str, fields: Json) -> Json:
    now = workspace.next_ts()
    return {"type": "message", "subtype": subtype, "hidden": True, "ts": now, "event_ts": now, **fields}


def _links(workspace: Workspace, message: Message, channel: Channel) -> Iterator[tuple[str, Json]]:
    """`link_shared`, for a person's message with links of the app's domains; private places only with the bot in."""
    member = workspace.bot.id in channel.members
    if message.bot_id or not (member or channel.kind == "public"):
        return
    if links := own_links(message.text, workspace.manifest.unfurl_domains):
        yield "link_shared", link_shared(workspace, message, links, "conversations_history", message.ts)


def link_shared(workspace: Workspace, message: Message, links: list[Json], source: str, unfurl_id: str) -> Json:
    """The event for links in a message, posted or still being typed (`source` is `composer` then)."""
    member = workspace.bot.id in workspace.channels[message.channel].members
    event: Json = {
        "type": "link_shared",
        "channel": message.channel if source != "composer" else "COMPOSER",
        "is_bot_user_member": member,
        "user": message.user,
        "message_ts": message.ts if source != "composer" else unfurl_id,
        "unfurl_id": unfurl_id,
        "source": source,
        "links": links,
        "event_ts": workspace.next_ts(),
    }
    return {**event, **({"thread_ts": message.thread_ts} if message.thread_ts else {})}


def own_links(text: str, domains: frozenset[str]) -> list[Json]:
    """The links in a text (as Slack keeps it, in angle brackets) that belong to one of the domains."""
    found = []
    for address in re.findall(r"<(https?://[^|>]+)(?:\|[^>]*)?>", text):
        address = address.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        try:
            host = urlsplit(address).hostname or ""
        except ValueError:
            continue
        found += [
            {"domain": domain, "url": address}
            for domain in sorted(domains)
            if host == domain or host.endswith("." + domain)
        ]
    return found
