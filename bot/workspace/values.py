"""The plain values a workspace is made of, each able to show itself in Slack's JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

Json = dict[str, Any]
"""One JSON object."""

Kind = Literal["public", "private", "dm"]
"""What a channel is."""

SLACKBOT = "USLACKBOT"
"""The user id that Slack itself speaks with."""


@dataclass(frozen=True)
class User:
    """Somebody in the workspace.

    Attributes:
        id: `U…`.
        name: the handle, without `@`.
        real_name: what the page shows.
        title: the profile's title; the desk's roles (reporter, editor, on-call) stand here.
        tz: IANA time zone.
        bot_id: `B…` when the user is an app's bot.
    """

    id: str
    name: str
    real_name: str
    title: str = ""
    tz: str = "Etc/UTC"
    bot_id: str = ""
    deleted: bool = False

    def to_json(self, team: str, at: float) -> Json:
        """The user object of `users.info`; `at` (Unix seconds) decides the offset of the time zone."""
        offset = datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(self.tz)).utcoffset()
        return {
            "id": self.id,
            "team_id": team,
            "name": self.name,
            "real_name": self.real_name,
            "deleted": self.deleted,
            "tz": self.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "is_bot": bool(self.bot_id),
            "profile": {
                "title": self.title,
                "real_name": self.real_name,
                "display_name": self.name,
                **({"bot_id": self.bot_id} if self.bot_id else {}),
            },
        }


@dataclass(frozen=True)
class Usergroup:
    """A named group of users, mentioned as `<!subteam^S…>`."""

    id: str
    handle: str
    name: str
    users: tuple[str, ...]

    def to_json(self, team: str) -> Json:
        """The usergroup object of `usergroups.list`, its users included."""
        return {
            "id": self.id,
            "team_id": team,
            "is_usergroup": True,
            "handle": self.handle,
            "name": self.name,
            "users": list(self.users),
            "user_count": len(self.users),
            "date_delete": 0,
        }


@dataclass
class Channel:
    """A place for messages. A `dm` is between the bot and the one other member."""

    id: str
    name: str
    kind: Kind
    members: list[str] = field(default_factory=list)
    archived: bool = False
    topic: str = ""
    created: int = 0

    def to_json(self, viewer: str) -> Json:
        """The conversation object as `viewer` gets it."""
        if self.kind == "dm":
            others = [member for member in self.members if member != viewer]
            return {"id": self.id, "created": self.created, "is_im": True, "user": others[0] if others else viewer}
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "created": self.created,
            "is_channel": self.kind == "public",
            "is_group": self.kind == "private",
            "is_private": self.kind == "private",
            "is_im": False,
            "is_archived": self.archived,
            "is_member": viewer in self.members,
            "num_members": len(self.members),
            "topic": {"value": self.topic},
        }


@dataclass(frozen=True)
class File:
    """An uploaded file.

    Attributes:
        content: the bytes, `None` until they were uploaded.
        completed: Unix seconds when the upload was completed; `None` before.
        polls: how often `files.info` was asked since then.
        channels: where it was shared.
    """

    id: str
    name: str
    title: str
    user: str
    length: int
    mimetype: str
    alt_text: str = ""
    content: bytes | None = None
    completed: float | None = None
    polls: int = 0
    channels: tuple[str, ...] = ()
    deleted: bool = False

    def to_json(self, base_url: str, team: str, *, ready: bool = True) -> Json:
        """The file object; what Slack learns while processing is empty until `ready`."""
        address = f"{base_url}/files-pri/{team}-{self.id}/{quote(self.name, safe='')}"
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title,
            "user": self.user,
            "mimetype": self.mimetype if ready else "",
            "filetype": self.name.rpartition(".")[2].lower() if ready and "." in self.name else "",
            "size": self.length,
            "mode": "hosted",
            "is_external": False,
            "alt_txt": self.alt_text,
            "url_private": address,
            "url_private_download": address + "?download=1",
            "channels": [channel for channel in self.channels if channel.startswith("C")],
            "ims": [channel for channel in self.channels if channel.startswith("D")],
        }


@dataclass(frozen=True)
class Message:
    """One message, as it stands now.

    Attributes:
        ts: seconds and microseconds, unique in the workspace and ordered in time.
        user: who wrote it.
        ephemeral_to: the one user who sees it, empty for a message to all.
        thread_ts: the `ts` of the thread's first message, empty at the root.
        metadata: `{"event_type", "event_payload"}` or `None`.
        unfurls: link → attachment, as `chat.unfurl` gave them.
        via: what made it: `typed`, `api`, `response_url`, `answer` (the body of an acknowledgement), `slack`.
    """

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: Sequence[Json] = ()
    attachments: Sequence[Json] = ()
    thread_ts: str = ""
    metadata: Json | None = None
    bot_id: str = ""
    app_id: str = ""
    subtype: str = ""
    files: tuple[str, ...] = ()
    edited: str = ""
    ephemeral_to: str = ""
    reactions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unfurls: Mapping[str, Json] = field(default_factory=dict)
    broadcast: bool = False
    via: str = "typed"

    @property
    def is_reply(self) -> bool:
        """Whether it stands in a thread below another message."""
        return bool(self.thread_ts) and self.thread_ts != self.ts


@dataclass(frozen=True)
class View:
    """A modal or a person's App Home, as it stands now.

    Attributes:
        body: what the bot gave: type, blocks, title, submit, close, private_metadata, callback_id …
        values: block_id → action_id → value object, what the person has filled in.
        errors: block_id → sentence, as a `view_submission` was answered.
        hash: changes with every change of the view.
    """

    id: str
    user: str
    body: Json
    hash: str
    root: str
    previous: str = ""
    values: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> Sequence[Json]:
        """Its blocks."""
        return list(self.body["blocks"])

    def to_json(self, team: str, app: str, bot_id: str) -> Json:
        """The view object of `views.*` answers and of interaction payloads."""
        optional = {"callback_id": "", "private_metadata": "", "external_id": "", "title": None, "submit": None}
        flags = {"close": None, "clear_on_close": False, "notify_on_close": False}
        return {
            "id": self.id,
            "team_id": team,
            "app_id": app,
            "bot_id": bot_id,
            **optional,
            **flags,
            **self.body,
            "hash": self.hash,
            "root_view_id": self.root,
            "previous_view_id": self.previous or None,
            "state": {"values": {block: dict(actions) for block, actions in self.values.items()}},
        }
