"""The page as HTML: sidebar, channel, thread, Home, modal; pure functions of the workspace and who looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.workspace.page_message import avatar, messages_html
from bot.workspace.page_scene import Reads, people, places, scene_of
from bot.workspace.render import blocks_html
from bot.workspace.render_html import NOTHING, Html, escaped, joined, tag
from bot.workspace.render_scene import Scene
from bot.workspace.render_text import text_object
from bot.workspace.state import Workspace
from bot.workspace.values import Channel, User, View

NEWEST = 200
"""Messages of a channel that the page shows; older ones are counted, not drawn."""

NOTICE = "This is a local stand-in for Slack. Nothing leaves this machine, and everything in it is sample data."


@dataclass(frozen=True)
class Look:
    """Who looks at what.

    Attributes:
        thread: `ts` of the open thread's first message, empty when none is open.
        home: whether the App Home is shown instead of the messages (in the conversation with the bot).
    """

    user: User
    channel: Channel
    thread: str = ""
    home: bool = False


Parts = dict[str, object]
"""What changes on a page while it is open: pieces of HTML by name, and the rows of both message lists."""


def parts_of(workspace: Workspace, look: Look, reads: Reads) -> Parts:
    """Everything on the page that can change, as it stands now; what is shown counts as read."""
    scene = scene_of(workspace, look.user)
    messages = workspace.visible(look.channel.id, look.user.id)
    if not look.home:
        reads.note(look.user.id, look.channel.id, messages)
    rows = [] if look.home else messages_html(messages[-NEWEST:], workspace, scene, look.user.id)
    if (older := len(messages) - NEWEST) > 0 and not look.home:
        rows.insert(
            0, ("older", tag("p", escaped(f"{older} older messages are not shown."), id="older", class_="quiet"))
        )
    thread = workspace.visible(look.channel.id, look.user.id, look.thread) if look.thread else []
    modal = workspace.modal(look.user.id)
    return {
        "version": workspace.transcript.version,
        "title": f"{_title(workspace, look)} – {workspace.name}",
        "sidebar": _sidebar(workspace, look, reads),
        "head": _head(workspace, look),
        "messages": rows,
        "thread": messages_html(thread, workspace, scene, look.user.id, in_thread=True),
        "home": _home(workspace.home(look.user.id), scene) if look.home else NOTHING,
        "modal": modal_html(modal, scene) if modal else NOTHING,
    }


def page_html(workspace: Workspace, look: Look, parts: Mapping[str, object]) -> Html:
    """The whole page, as it is first sent."""

    def part(name: str) -> Html:
        return Html(str(parts[name]))

    def rows(name: str) -> Html:
        found = parts[name]
        return joined(row for _, row in found) if isinstance(found, list) else NOTHING

    main = tag(
        "main",
        tag("div", part("head"), id="head"),
        tag("div", part("home"), id="home", class_="home", tabindex=-1, hidden=not look.home),
        tag("div", rows("messages"), id="messages", class_="messages", role="log", aria_live="polite",
            aria_label="Messages", tabindex=0, hidden=look.home),
        NOTHING if look.home else composer(workspace, look, thread=False),
        class_="main",
    )  # fmt: skip
    back = tag(
        "button", escaped("×"), type="button", class_="plain-button", id="close-thread", aria_label="Close thread"
    )
    aside = tag(
        "aside",
        tag("header", tag("h2", escaped("Thread")), back, class_="head"),
        tag("div", rows("thread"), id="thread", class_="messages", role="log", aria_live="polite",
            aria_label="Thread", tabindex=0),
        composer(workspace, look, thread=True),
        class_="thread-pane", aria_label="Thread", hidden=not look.thread,
    )  # fmt: skip
    body = tag(
        "body",
        tag("a", escaped("Skip to the message box"), href="#box-channel", class_="skip"),
        tag("div", escaped(NOTICE), class_="notice", role="note"),
        tag("div", tag("nav", part("sidebar"), id="sidebar", aria_label="Workspace"), main, aside, class_="app"),
        tag("div", id="told", class_="told", role="alert", aria_live="assertive"),
        tag("dialog", tag("div", part("modal"), id="modal-body"), id="modal", aria_label="Form"),
        tag("dialog", id="confirm", aria_label="Question"),
        tag("dialog", id="picture", aria_label="Picture"),
        data_user=look.user.id, data_channel=look.channel.id, data_thread=look.thread,
        data_tab="home" if look.home else "messages", data_version=str(parts["version"]),
    )  # fmt: skip
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", escaped(str(parts["title"]))),
        tag("link", rel="icon", href="/static/icon.svg"),
        tag("link", rel="stylesheet", href="/static/page.css"),
        tag("script", type="module", src="/static/page.js"),
    )
    return Html("<!doctype html>" + tag("html", head, body, lang="en"))


def composer(workspace: Workspace, look: Look, *, thread: bool) -> Html:
    """The box in which a person types; the list of the app's commands belongs to it."""
    name = "thread" if thread else "channel"
    if look.channel.archived:
        return tag("p", escaped("This channel is archived: nobody can write here."), class_="composer quiet")
    if look.user.id not in look.channel.members:
        join = tag("button", escaped(f"Join {_title(workspace, look)}"), type="button", class_="button", data_join=True)
        return NOTHING if thread else tag("p", escaped("You are only looking. "), join, class_="composer quiet")
    commands = ", or / for commands" if workspace.manifest.command_help else ""
    hint = "Reply…" if thread else f"Message {_title(workspace, look)}{commands}"
    box = tag(
        "textarea", id=f"box-{name}", rows=1, placeholder=hint, aria_label=hint, role="combobox", aria_expanded="false",
        aria_controls=f"commands-{name}", aria_autocomplete="list", data_place=name,
    )  # fmt: skip
    file = tag(
        "input", type="file", id=f"file-{name}", accept="image/*", class_="hidden-input", aria_label="Add a picture"
    )
    attach = tag("label", escaped("+"), file, class_="attach", title="Add a picture")
    send = tag("button", escaped("➤"), type="submit", class_="send", aria_label="Send", title="Send")
    offers = _offers(workspace, commands=not thread)
    return tag(
        "form",
        tag("ul", offers, id=f"commands-{name}", class_="commands", role="listbox", aria_label="Suggestions",
            hidden=True),
        tag("button", escaped("New messages ↓"), type="button", class_="button jump", hidden=True),
        tag("div", class_="chosen-file", hidden=True),
        tag("div", attach, box, send, class_="composer-line"),
        class_="composer", data_place=name,
    )  # fmt: skip


def modal_html(view: View, scene: Scene) -> Html:
    """A modal's form, filled with what was typed before and with the errors that came back."""
    body = view.body
    title = tag("h2", text_object(body.get("title"), scene))
    close = tag("button", escaped("×"), type="button", class_="plain-button", data_close="view", aria_label="Close")
    buttons = [
        tag(
            "button",
            text_object(body.get("close") or "Cancel", scene),
            type="button",
            class_="button",
            data_close="view",
        )
    ]
    if body.get("submit"):
        buttons.append(tag("button", text_object(body["submit"], scene), type="submit", class_="button primary"))
    trouble = view.errors.get("")
    told = tag("div", escaped(trouble), class_="alert-box error", role="alert") if trouble else NOTHING
    blocks = blocks_html(view.blocks, scene, state=view.values, errors=view.errors)
    return tag(
        "form",
        tag("header", title, close, class_="head"),
        tag("div", told, blocks, class_="blocks modal-blocks", tabindex=-1),
        tag("div", *buttons, class_="dialog-buttons"),
        data_view=view.id, novalidate=True, method="dialog",
    )  # fmt: skip


def _offers(workspace: Workspace, *, commands: bool) -> Html:
    """What can be completed while typing: the app's commands (not in threads), and everybody's handle."""

    def offer(key: str, typed: str, usage: str, note: str) -> Html:
        words = [tag("strong", escaped(typed)), escaped(" "), tag("span", escaped(usage), class_="usage")]
        about = tag("span", escaped(note), class_="quiet")
        return tag("li", tag("div", *words), about, id=f"offer-{key}", role="option", data_offer=typed, hidden=True)

    place = "channel" if commands else "thread"
    known = workspace.manifest.command_help.items() if commands else []
    shown = [
        offer(f"{place}-{number}", command, usage, description)
        for number, (command, (description, usage)) in enumerate(known)
    ]
    everybody = [workspace.bot, *people(workspace)]
    shown += [offer(f"{place}-{user.id}", f"@{user.name}", "", user.real_name) for user in everybody]
    return joined(shown)


def _title(workspace: Workspace, look: Look) -> str:
    return workspace.bot.real_name if look.channel.kind == "dm" else f"#{look.channel.name}"


def _sidebar(workspace: Workspace, look: Look, reads: Reads) -> Html:
    chosen = [
        tag("option", escaped(f"{user.real_name} ({user.title})" if user.title else user.real_name), value=user.id,
            selected=user.id == look.user.id)
        for user in people(workspace)
    ]  # fmt: skip
    picker = tag("select", *chosen, id="act-as")
    channels = places(workspace, look.user.id)
    rooms = [channel for channel in channels if channel.kind != "dm" and not channel.archived]
    old = [channel for channel in channels if channel.archived]
    direct = [channel for channel in channels if channel.kind == "dm"]
    parts = [
        tag("div", tag("strong", escaped(workspace.name), class_="team"), class_="team-line"),
        tag("div", tag("label", escaped("Act as"), for_="act-as"), picker, class_="act-as"),
        tag("h2", escaped("Channels")),
        tag("ul", *(_place(workspace, look, channel, reads) for channel in [*rooms, *old])),
        tag("h2", escaped("Direct messages")),
        tag("ul", *(_place(workspace, look, channel, reads) for channel in direct)),
    ]
    if workspace.manifest.home_tab:
        current = "page" if look.home else None
        home = tag("a", escaped(f"⌂ {workspace.bot.real_name} Home"), aria_current=current,
                   href=f"/client/{look.user.id}/{direct[0].id}?tab=home")  # fmt: skip
        parts += [tag("h2", escaped("Apps")), tag("ul", tag("li", home))]
    return joined(parts)


def _place(workspace: Workspace, look: Look, channel: Channel, reads: Reads) -> Html:
    current = channel.id == look.channel.id and not look.home
    count = 0 if current else reads.unread(look.user.id, channel.id, workspace.visible(channel.id, look.user.id))
    mark = {"public": "#", "private": "", "dm": "●"}[channel.kind]
    look_of_mark = "lock" if channel.kind == "private" else "mark"
    name = workspace.bot.real_name if channel.kind == "dm" else channel.name
    parts = [
        tag("span", escaped(mark), class_=look_of_mark, aria_hidden="true"),
        tag("span", escaped(name), class_="name"),
    ]
    if channel.archived:
        parts.append(tag("span", escaped("archived"), class_="quiet"))
    if count:
        parts.append(tag("span", escaped(str(count)), class_="unread-count", aria_label=f"{count} unread"))
    address = f"/client/{look.user.id}/{channel.id}"
    here = "page" if current else None
    return tag("li", tag("a", *parts, href=address, class_="unread" if count else None, aria_current=here))


def _head(workspace: Workspace, look: Look) -> Html:
    menu = tag("button", escaped("☰"), type="button", class_="plain-button menu-button", aria_label="Channels",
               data_menu=True, aria_expanded="false", aria_controls="sidebar")  # fmt: skip
    title = tag("h1", escaped(_title(workspace, look)))
    if look.channel.kind != "dm":
        members = len(look.channel.members)
        about = f"{members} {'member' if members == 1 else 'members'}"
        topic = tag("span", escaped(look.channel.topic), class_="quiet topic", dir="auto")
        return tag("header", menu, title, topic, tag("span", escaped(about), class_="quiet count"), class_="head")
    base = f"/client/{look.user.id}/{look.channel.id}"
    badge = tag("span", escaped("APP"), class_="badge")
    tabs = NOTHING
    if workspace.manifest.home_tab:
        home = tag("a", escaped("Home"), href=f"{base}?tab=home", aria_current="page" if look.home else None)
        messages = tag("a", escaped("Messages"), href=base, aria_current=None if look.home else "page")
        tabs = tag("span", home, messages, class_="tabs")
    face = avatar(workspace.bot)
    return tag("header", menu, face, title, badge, tabs, class_="head")


def _home(view: View | None, scene: Scene) -> Html:
    if view is None:
        return tag("p", escaped("The app has not made this Home yet."), class_="quiet")
    return tag("div", blocks_html(view.blocks, scene, state=view.values), class_="blocks", data_view=view.id)
