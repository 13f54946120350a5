"""The workspace as it stands: team, people, channels, messages, files, views; every change goes to the transcript."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from bot.workspace.manifest import Manifest
from bot.workspace.rates import Rates
from bot.workspace.tickets import Hooks, Triggers
from bot.workspace.tokens import Tokens
from bot.workspace.transcript import Transcript
from bot.workspace.values import SLACKBOT, Channel, File, Json, Kind, Message, User, Usergroup, View

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Timing:
    """Slack's times, in seconds; a test may make them shorter.

    Attributes:
        acknowledge: how long a person's request waits for its acknowledgement (documented: 3).
        event: how long an event waits for its 200 (documented: 3).
        trigger: how long a `trigger_id` lives (3; not confirmed by documents).
        retries: pauses before an event is delivered again (documented: at once, a minute, five minutes).
        hook_uses, hook: uses and life of a `response_url` (documented: 5 in 30 minutes).
        file_seconds, file_polls: an upload can be shown when this time went by, or after so many `files.info`
            said that it cannot yet; whichever is first (assumed; Slack names no time).
    """

    acknowledge: float = 3.0
    event: float = 3.0
    trigger: float = 3.0
    retries: tuple[float, ...] = (0.0, 60.0, 300.0)
    hook_uses: int = 5
    hook: float = 1800.0
    file_seconds: float = 2.0
    file_polls: int = 2


class Workspace:
    """One team with one app installed.

    Lookups that take an id raise `KeyError` for an unknown one. `random` decides ids and secrets, `clock` (Unix
    seconds) all times; both are given so that a test can repeat a run.
    """

    def __init__(
        self,
        manifest: Manifest | Mapping[str, Any],
        *,
        clock: Callable[[], float] = time.time,
        random: Random | None = None,
        timing: Timing | None = None,
        name: str = "Newsroom",
    ) -> None:
        self.manifest = manifest if isinstance(manifest, Manifest) else Manifest.read(manifest)
        self.clock = clock
        self.timing = timing or Timing()
        self.random = random or Random()  # noqa: S311  (ids of a stand-in guard nothing)
        self.transcript = Transcript(clock)
        self.name, self.domain = name, name.lower().replace(" ", "-")
        self.team, self.app = self.new_id("T"), self.new_id("A")
        self.tokens = Tokens(self.manifest, clock, lambda: self.new_id("", 24))
        self.users: dict[str, User] = {}
        self.usergroups: dict[str, Usergroup] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, Message] = {}
        """ts → message, in the order of time; ephemeral ones too."""
        self.files: dict[str, File] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, str] = {}
        """user → id of the published Home view."""
        self.modals: dict[str, list[str]] = {}
        """user → ids of the open modals, the visible one last."""
        self.installed = True
        self.base_url = ""
        """Where the workspace answers; known once its server runs."""
        self.socket_tickets: set[str] = set()
        """Addresses of sockets that were handed out and not used."""
        self.rates = Rates(clock)
        self.triggers = Triggers(clock, lambda: f"{self.new_id('', 13)}.{self.new_id('', 20)}", self.timing.trigger)
        self.hooks = Hooks(clock, lambda: self.new_id("", 24), self.timing.hook_uses, self.timing.hook)
        self._last_ts = 0
        self.users[SLACKBOT] = User(SLACKBOT, "slackbot", "Slackbot", bot_id="B01")
        self.bot = self.add_user(self.manifest.bot_name, self.manifest.name, bot_id=self.new_id("B"))

    def new_id(self, prefix: str, length: int = 10) -> str:
        """A fresh id."""
        return prefix + "".join(self.random.choices(ALPHABET, k=length))

    def next_ts(self) -> str:
        """A message time: now, or just after the last one given out."""
        self._last_ts = max(int(self.clock() * 1_000_000), self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    # People and places

    def add_user(self, name: str, real_name: str = "", title: str = "", tz: str = "Etc/UTC", bot_id: str = "") -> User:
        """Add somebody; `title` is the role shown beside the name."""
        user = User(self.new_id("U"), name, real_name or name, title, tz, bot_id)
        self.users[user.id] = user
        return user

    def add_usergroup(self, handle: str, users: Iterable[str], name: str = "") -> Usergroup:
        """Add a group of users, mentioned by its handle."""
        group = Usergroup(self.new_id("S"), handle, name or handle, tuple(users))
        self.usergroups[group.id] = group
        return group

    def add_channel(self, name: str, kind: Kind = "public", members: Iterable[str] = ()) -> Channel:
        """Add a channel with members (user ids)."""
        prefix = {"public": "C", "private": "G", "dm": "D"}[kind]
        channel = Channel(self.new_id(prefix), name, kind, list(members), created=int(self.clock()))
        self.channels[channel.id] = channel
        return channel

    def direct(self, user: str) -> Channel:
        """The direct conversation between `user` and the bot, opened if need be."""
        for channel in self.channels.values():
            if channel.kind == "dm" and set(channel.members) == {user, self.bot.id}:
                return channel
        return self.add_channel("directmessage", "dm", [user, self.bot.id])

    def channel_named(self, name: str) -> Channel | None:
        """The channel with that name, with or without `#`."""
        named = (channel for channel in self.channels.values() if channel.kind != "dm")
        return next((channel for channel in named if channel.name == name.removeprefix("#")), None)

    def user_named(self, name: str) -> User | None:
        """The user with that handle, with or without `@`."""
        return next((user for user in self.users.values() if user.name == name.removeprefix("@")), None)

    def join(self, channel: str, user: str) -> None:
        """Make a user a member; nothing happens when they are one."""
        if user not in self.channels[channel].members:
            self.channels[channel].members.append(user)
            self.transcript.change("joined", channel=channel, user=user)

    def leave(self, channel: str, user: str) -> None:
        """End a membership."""
        self.channels[channel].members.remove(user)
        self.transcript.change("left", channel=channel, user=user)

    # Messages

    def post(self, channel: str, user: str, text: str = "", **fields: Any) -> Message:
        """Add a message (the fields of `Message`), blocks given their ids, and note it."""
        blocks = self.with_ids(fields.pop("blocks", ()))
        message = Message(channel, self.next_ts(), user, text, blocks=blocks, **fields)
        self.messages[message.ts] = message
        kind = "ephemeral" if message.ephemeral_to else "posted"
        self.transcript.change(kind, channel=channel, user=message.ephemeral_to or user, message=message)
        return message

    def update(self, ts: str, kind: str = "updated", **fields: Any) -> Message:
        """Change a message and note it."""
        previous = self.messages[ts]
        if "blocks" in fields:
            fields["blocks"] = self.with_ids(fields["blocks"])
        message = self.messages[ts] = replace(previous, **fields)
        self.transcript.change(kind, channel=message.channel, user=message.user, message=message, previous=previous)
        return message

    def delete(self, ts: str) -> None:
        """Remove a message; the first of a thread leaves a tombstone, as Slack shows one."""
        previous = self.messages[ts]
        if self.replies(ts):
            gone = replace(previous, text="This message was deleted.", subtype="tombstone", user=SLACKBOT, bot_id="")
            self.messages[ts] = replace(gone, blocks=(), attachments=(), files=(), metadata=None, unfurls={})
        else:
            del self.messages[ts]
        self.transcript.change("deleted", channel=previous.channel, user=previous.user, previous=previous)

    def with_ids(self, blocks: Iterable[Json]) -> list[Json]:
        """Copies of blocks in which each block and each interactive element has an id, as Slack gives them."""
        return [self._identified(block) for block in blocks]

    def _identified(self, block: Json) -> Json:
        block = {**block, "block_id": block.get("block_id") or self.new_id("", 5)}
        match block:
            case {"type": "section", "accessory": element}:
                block["accessory"] = self._actionable(element)
            case {"type": "input", "element": element}:
                block["element"] = self._actionable(element)
            case {"type": "actions" | "context_actions", "elements": elements}:
                block["elements"] = [self._actionable(element) for element in elements]
            case {"type": "card", "actions": elements}:
                block["actions"] = [self._actionable(element) for element in elements]
            case {"type": "carousel", "elements": cards}:
                block["elements"] = self.with_ids(cards)
            case {"type": "container", "child_blocks": children}:
                block["child_blocks"] = self.with_ids(children)
        return block

    def _actionable(self, element: Json) -> Json:
        return element if element.get("type") == "image" else {"action_id": self.new_id("", 5), **element}

    def replies(self, ts: str) -> list[Message]:
        """The replies below a message that all can see, in order of time."""
        return [
            message
            for message in self.messages.values()
            if message.thread_ts == ts and message.ts != ts and not message.ephemeral_to
        ]

    def visible(self, channel: str, viewer: str, thread_ts: str = "") -> list[Message]:
        """What `viewer` sees in a channel, or in one of its threads with the first message, in order of time."""
        place = [message for message in self.messages.values() if message.channel == channel]
        seen = [message for message in place if message.ephemeral_to in ("", viewer)]
        if thread_ts:
            return [message for message in seen if thread_ts in (message.ts, message.thread_ts)]
        return [message for message in seen if not message.is_reply or message.broadcast]

    def thread_of(self, channel: str, ts: str) -> str:
        """The thread that a `thread_ts` means: of a reply its first message; empty for a time that names no message."""
        parent = self.messages.get(ts)
        if parent is None or parent.channel != channel or parent.ephemeral_to:
            return ""
        return parent.thread_ts or parent.ts

    def is_ready(self, file: File) -> bool:
        """Whether Slack has processed an upload, so that it can be shown in a block."""
        if file.completed is None or file.deleted:
            return False
        timing = self.timing
        return file.polls >= timing.file_polls or self.clock() - file.completed >= timing.file_seconds

    # Views

    def home(self, user: str) -> View | None:
        """The Home that was published for a user."""
        return self.views.get(self.homes.get(user, ""))

    def modal(self, user: str) -> View | None:
        """The modal that a user sees."""
        stack = self.modals.get(user, [])
        return self.views[stack[-1]] if stack else None

    def show_view(self, view: View) -> None:
        """Put a new or changed view in its place and note it."""
        self.views[view.id] = view
        kind = str(view.body["type"])
        if kind == "home":
            self.homes[view.user] = view.id
        self.transcript.change(kind, user=view.user, view=view)

    def close_modal(self, user: str) -> None:
        """Take the modal that a user sees away, for good, and note it."""
        closed = self.views.pop(self.modals[user].pop())
        self.transcript.change("closed", user=user, view=closed)
