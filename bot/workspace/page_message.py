"""One message as HTML: who, when, what, with its files, previews and replies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zlib import crc32

from bot.workspace.page_scene import SHOWN_AS_PICTURES, file_address
from bot.workspace.render import blocks_html, enlargeable
from bot.workspace.render_dates import clock, day
from bot.workspace.render_emoji import emoji
from bot.workspace.render_html import NOTHING, Html, escaped, fault, joined, link, tag
from bot.workspace.render_scene import Scene
from bot.workspace.render_text import mrkdwn
from bot.workspace.state import Workspace
from bot.workspace.values import File, Message, User

HUES = 8
"""Colours of the drawn avatars in the style sheet."""

TOGETHER = 300
"""Seconds within which messages of one person stand under one name, as in Slack's clients."""


def messages_html(
    messages: Sequence[Message], workspace: Workspace, scene: Scene, viewer: str, *, in_thread: bool = False
) -> list[tuple[str, Html]]:
    """Each message's id on the page and its HTML, days told apart."""
    shown: list[tuple[str, Html]] = []
    previous: Message | None = None
    for message in messages:
        new_day = previous is None or _day(previous, scene) != _day(message, scene)
        rule = tag("div", tag("span", escaped(_day(message, scene).capitalize())), class_="day", role="separator")
        body = message_html(
            message, workspace, scene, viewer, in_thread=in_thread, follows=not new_day and _follows(previous, message)
        )
        name = f"{'t' if in_thread else 'm'}-{message.ts}"
        shown.append((name, tag("div", rule if new_day and not in_thread else NOTHING, body, id=name, class_="row")))
        previous = message
    return shown


def message_html(
    message: Message, workspace: Workspace, scene: Scene, viewer: str, *, in_thread: bool = False, follows: bool = False
) -> Html:
    """One message; `follows` leaves out the name, because the message before has it."""
    user = _author(message, workspace)
    parts = [NOTHING if follows else _heading(message, user, scene)]
    if message.ephemeral_to:
        parts.insert(0, tag("div", escaped("Only visible to you"), class_="only-you"))
    if message.broadcast and message.is_reply and not in_thread:
        parts.append(tag("div", escaped("replied to a thread"), class_="quiet"))
    parts += [_body(message, scene), _files(message, workspace), _attachments(message, scene), _reactions(message)]
    if not in_thread:
        parts.append(_replies(message, workspace, scene))
    face = tag("span", escaped(_time(message, scene)), class_="side-time") if follows else avatar(user)
    look = "message" + (" follows" if follows else "") + (" ephemeral" if message.ephemeral_to else "")
    content = tag("div", *parts, class_="content")
    return tag(
        "article",
        tag("div", face, class_="face", aria_hidden="true"),
        content,
        _tools(message, workspace, in_thread=in_thread),
        class_=look,
        data_ts=message.ts,
        data_channel=message.channel,
        aria_label=f"{user.real_name}, {_time(message, scene)}",
    )


def avatar(user: User) -> Html:
    """A face drawn from the initials; the colour follows from the id, an app has its own."""
    name, look = user.real_name, "app" if user.bot_id else f"hue-{crc32(user.id.encode()) % HUES}"
    words = [word for word in name.replace("-", " ").split() if word[:1].isalnum()]
    initials = "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"
    return tag("span", escaped(initials), class_=f"avatar {look}")


def _heading(message: Message, user: User, scene: Scene) -> Html:
    parts = [tag("span", escaped(user.real_name), class_="author")]
    if user.bot_id:
        parts.append(tag("span", escaped("APP"), class_="badge"))
    elif user.title:
        parts.append(tag("span", escaped(user.title), class_="quiet role"))
    moment = scene.moment(float(message.ts))
    stamp = moment.isoformat(timespec="seconds") if moment else None
    parts.append(tag("time", escaped(_time(message, scene)), datetime=stamp, title=f"{_day(message, scene)}, {stamp}"))
    if message.edited:
        parts.append(tag("span", escaped("(edited)"), class_="quiet"))
    return tag("div", *parts, class_="heading-line")


def _body(message: Message, scene: Scene) -> Html:
    if message.subtype == "tombstone":
        return tag("div", escaped(message.text), class_="text quiet")
    if message.blocks:
        return tag("div", blocks_html(message.blocks, scene), class_="blocks")
    return tag("div", mrkdwn(message.text, scene), class_="text", dir="auto") if message.text else NOTHING


def _files(message: Message, workspace: Workspace) -> Html:
    shown = [_file(workspace.files.get(name)) for name in message.files]
    return tag("div", *shown, class_="files") if shown else NOTHING


def _file(file: File | None) -> Html:
    if file is None or file.deleted or file.content is None:
        return fault("This file was deleted.")
    title = tag("div", escaped(file.title or file.name), class_="file-title", dir="auto")
    if file.mimetype in SHOWN_AS_PICTURES:
        return tag("div", title, enlargeable(file_address(file.id), file.alt_text or file.title or file.name))
    download = tag("a", escaped(file.name), href=file_address(file.id), download=file.name)
    return tag("div", download, class_="file")


def _attachments(message: Message, scene: Scene) -> Html:
    given = [*message.attachments, *message.unfurls.values()]
    return joined(_attachment(attachment, scene) for attachment in given if isinstance(attachment, Mapping))


def _attachment(attachment: Mapping[str, Any], scene: Scene) -> Html:
    def of(key: str) -> str:
        value = attachment.get(key)
        return value if isinstance(value, str) else ""

    if attachment.get("blocks"):
        return tag("div", blocks_html(attachment["blocks"], scene), class_="attachment")
    parts = [tag("div", mrkdwn(of("pretext"), scene), class_="text")] if of("pretext") else []
    if of("title"):
        title = escaped(of("title"))
        parts.append(tag("strong", link(of("title_link"), title) if of("title_link") else title))
    parts.append(tag("div", mrkdwn(of("text") or of("fallback"), scene), class_="text", dir="auto"))
    if of("footer"):
        parts.append(tag("div", escaped(of("footer")), class_="quiet"))
    return tag("div", *parts, class_="attachment")


def _reactions(message: Message) -> Html:
    if not message.reactions:
        return NOTHING
    shown = (
        tag("span", escaped(f"{emoji(name)} {len(users)}"), class_="reaction", title=f":{name}:")
        for name, users in message.reactions.items()
        if users
    )
    return tag("div", *shown, class_="reactions")


def _replies(message: Message, workspace: Workspace, scene: Scene) -> Html:
    replies = workspace.replies(message.ts)
    if not replies:
        return NOTHING
    count = f"{len(replies)} {'reply' if len(replies) == 1 else 'replies'}"
    faces = [avatar(_author(reply, workspace)) for reply in _once(replies)]
    last = tag("span", escaped(f"Last reply {_day(replies[-1], scene)} at {_time(replies[-1], scene)}"), class_="quiet")
    button = tag("span", escaped(count), class_="count")
    return tag("button", *faces, button, last, type="button", class_="replies", data_thread=message.ts)


def _once(replies: Iterable[Message]) -> list[Message]:
    """One reply of each of the first three who replied."""
    return list({reply.user: reply for reply in replies}.values())[:3]


def _tools(message: Message, workspace: Workspace, *, in_thread: bool) -> Html:
    if message.ephemeral_to or message.subtype == "tombstone":
        return NOTHING
    root = message.thread_ts or message.ts
    quick = tag("button", escaped("Reply in thread"), type="button", class_="tool", data_thread=root)
    entry = tag("button", escaped("Reply in thread"), type="button", role="menuitem", data_thread=root)
    names = workspace.manifest.shortcut_names
    shortcuts = [
        tag("button", escaped(names.get(callback, callback)), type="button", role="menuitem", data_shortcut=callback)
        for callback, kind in workspace.manifest.shortcuts.items()
        if kind == "message"
    ]
    if shortcuts:
        shortcuts.insert(0, tag("div", escaped(workspace.manifest.name), class_="menu-title"))
    entries = shortcuts if in_thread else [entry, *shortcuts]
    if not entries:
        return NOTHING
    summary = tag("summary", escaped("⋯"), class_="tool", aria_label="More actions", title="More actions")
    menu = tag("details", summary, tag("div", *entries, class_="menu", role="menu"), class_="drop")
    return tag("div", NOTHING if in_thread else quick, menu, class_="tools")


def _author(message: Message, workspace: Workspace) -> User:
    """Who wrote a message; somebody who is not there any more keeps their id as a name."""
    return workspace.users.get(message.user) or User(message.user, message.user, message.user)


def _follows(previous: Message | None, message: Message) -> bool:
    if previous is None or previous.user != message.user or previous.ephemeral_to != message.ephemeral_to:
        return False
    return float(message.ts) - float(previous.ts) < TOGETHER and not previous.subtype


def _time(message: Message, scene: Scene) -> str:
    moment = scene.moment(float(message.ts))
    return clock(moment) if moment else message.ts


def _day(message: Message, scene: Scene) -> str:
    moment = scene.moment(float(message.ts))
    return day(moment, scene.now.astimezone(scene.zone)) if moment else message.ts
