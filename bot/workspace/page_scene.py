"""What one person sees of the workspace: names, files, their clock, and what they have read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.workspace.render_scene import Scene
from bot.workspace.state import Workspace
from bot.workspace.values import SLACKBOT, Channel, File, Message, User

SHOWN_AS_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Picture types that cannot carry a script; others are offered as downloads."""


def file_address(file_id: str) -> str:
    """Where the page serves a file."""
    return f"/page/file/{file_id}"


class _PictureAddresses(Mapping[str, str]):
    """The page's address of each picture that can be shown, by file id or by any address that holds the id."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def __getitem__(self, key: str) -> str:
        file = self._workspace.files.get(key) or next((file for file in self._all() if f"-{file.id}/" in key), None)
        if file is None or file.deleted or file.content is None or file.mimetype not in SHOWN_AS_PICTURES:
            raise KeyError(key)
        return file_address(file.id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._workspace.files)

    def __len__(self) -> int:
        return len(self._workspace.files)

    def _all(self) -> Iterable[File]:
        return self._workspace.files.values()


@dataclass
class Reads:
    """How far each person has read each channel; kept for as long as the page runs."""

    last: dict[tuple[str, str], str] = field(default_factory=dict)

    def note(self, user: str, channel: str, messages: Iterable[Message]) -> None:
        """Everything shown to `user` counts as read."""
        newest = max((message.ts for message in messages), default="")
        self.last[user, channel] = max(newest, self.last.get((user, channel), ""))

    def unread(self, user: str, channel: str, messages: Iterable[Message]) -> int:
        """How many messages of others came after the last one read."""
        since = self.last.get((user, channel), "")
        return sum(1 for message in messages if message.ts > since and message.user != user)


def people(workspace: Workspace) -> list[User]:
    """Everybody the page can act as: members who are not bots."""
    return [user for user in workspace.users.values() if not user.bot_id and not user.deleted and user.id != SLACKBOT]


def places(workspace: Workspace, user: str) -> list[Channel]:
    """The channels a person can open: public ones and those they are in, by name, the bot's conversation last."""
    own = [
        channel
        for channel in workspace.channels.values()
        if channel.kind == "public" or (user in channel.members and channel.kind == "private")
    ]
    return [*sorted(own, key=lambda channel: channel.name), workspace.direct(user)]


def can_open(channel: Channel, user: str) -> bool:
    """Whether a person may see a channel."""
    return channel.kind == "public" or user in channel.members


def scene_of(workspace: Workspace, user: User) -> Scene:
    """Names, files and clock as `user` sees them."""
    named = {channel.id: channel.name for channel in places(workspace, user.id) if channel.kind != "dm"}
    return Scene(
        users={other.id: other.real_name for other in workspace.users.values() if other.id != SLACKBOT},
        channels=named,
        usergroups={group.id: group.handle for group in workspace.usergroups.values()},
        files=_PictureAddresses(workspace),
        now=datetime.fromtimestamp(workspace.clock(), UTC),
        zone=ZoneInfo(user.tz),
    )
