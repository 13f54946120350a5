"""One call of a Web API method: its arguments, the token behind it, and the checks that methods share."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.workspace import rules
from bot.workspace.errors import Refused
from bot.workspace.schema import Problem
from bot.workspace.state import Workspace
from bot.workspace.tokens import Token
from bot.workspace.values import Channel, Json, Message

FAMILY = {"public": "channels", "private": "groups", "dm": "im"}
"""Kind of channel → the first half of its scopes."""


def invalid(problems: list[Problem], error: str) -> Refused:
    """The refusal with what is wrong and where, in Slack's form."""
    said = [str(problem) for problem in problems]
    messages = [f"[ERROR] {text}" for text in said]
    return Refused(error, errors=said, response_metadata={"messages": messages})


@dataclass(frozen=True)
class Request:
    """One call. `arguments` are as the bot sent them: objects from JSON, texts from a form or a query."""

    workspace: Workspace
    arguments: Mapping[str, Any]
    token: Token | None
    basic: tuple[str, str] = ("", "")
    """Client id and secret, where they came as HTTP Basic."""

    @property
    def scopes(self) -> frozenset[str]:
        """What the token may do."""
        return self.token.scopes if self.token else frozenset()

    def require(self, *scopes: str) -> None:
        """Refuse unless the token has one of the scopes."""
        if scopes and not self.scopes.intersection(scopes):
            raise Refused("missing_scope", needed=",".join(scopes), provided=",".join(sorted(self.scopes)))

    def text(self, name: str, default: str = "") -> str:
        """A text argument."""
        value = self.arguments.get(name)
        return default if value is None else str(value)

    def need(self, name: str) -> str:
        """A text argument that must be there."""
        value = self.text(name)
        if not value:
            raise invalid([Problem(f"missing required field: {name}", f"/{name}")], "invalid_arguments")
        return value

    def flag(self, name: str) -> bool:
        """A yes or no, however it was spelled."""
        return str(self.arguments.get(name, "")).lower() in ("1", "true")

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number from 1 to `most`."""
        try:
            value = int(self.text(name, str(default)))
        except ValueError:
            raise Refused("invalid_arguments") from None
        if value < 1:
            raise Refused("invalid_limit")
        return min(value, most)

    def json(self, name: str, error: str) -> Any:
        """An argument that holds JSON, as an object or as its text; `None` when absent. `error` is for bad text."""
        value = self.arguments.get(name)
        if not isinstance(value, str) or value == "":
            return None if value == "" else value
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            raise Refused(error) from None

    def channel(self, name: str = "channel") -> Channel:
        """The channel an argument names, as far as the bot can see it: by id, by name, or a user's direct one."""
        wanted = self.need(name)
        found = self.workspace.channels.get(wanted)
        user = self.workspace.users.get(wanted)
        if found is None and user is not None and user.id != self.workspace.bot.id:
            found = self.workspace.direct(user.id)
        if found is None:
            found = self.workspace.channel_named(wanted)
        if found is None or (found.kind != "public" and not self.is_member(found)):
            raise Refused("channel_not_found")
        return found

    def is_member(self, channel: Channel) -> bool:
        """Whether the bot is in a channel."""
        return self.workspace.bot.id in channel.members

    def message(self, channel: Channel, ts: str) -> Message:
        """A message that is not ephemeral. Raises `Refused` when the channel holds none of that time."""
        message = self.workspace.messages.get(ts)
        if message is None or message.channel != channel.id or message.ephemeral_to:
            raise Refused("message_not_found")
        return message

    def content(self) -> Json:
        """Text, blocks, attachments and metadata of a message, checked; only the fields that were given."""
        given: Json = {}
        if "text" in self.arguments:
            given["text"] = self.text("text")
            if len(given["text"]) > rules.TEXT:
                raise Refused("msg_too_long")
        for name in ("blocks", "attachments"):
            value = self.json(name, f"invalid_{name}_format")
            if value is None:
                continue
            if not isinstance(value, list):
                raise Refused(f"invalid_{name}_format")
            given[name] = value
        check_blocks(self.workspace, given.get("blocks", []))
        for number, attachment in enumerate(given.get("attachments", [])):
            inside = attachment.get("blocks", []) if isinstance(attachment, dict) else None
            if inside is None or rules.check_blocks(inside):
                raise Refused("invalid_attachments", response_metadata={"messages": [f"[ERROR] /attachments/{number}"]})
        metadata = self.json("metadata", "invalid_metadata_format")
        if metadata is not None:
            if problems := rules.check_metadata(metadata):
                raise invalid(problems, "invalid_metadata_schema")
            given["metadata"] = metadata or None
        return given


def check_blocks(workspace: Workspace, blocks: object) -> None:
    """Refuse blocks as Slack does, pictures that it cannot show yet included."""
    if problems := rules.check_blocks(blocks):
        raise invalid(problems, "invalid_blocks")
    if rules.characters(blocks) > rules.TOTAL:
        raise Refused("msg_blocks_too_long")
    unusable = [at for at, reference in rules.slack_files(blocks) if not _shows(workspace, reference)]
    if unusable:
        raise invalid([Problem("invalid slack file", at) for at in unusable], "invalid_blocks")


def _shows(workspace: Workspace, reference: Mapping[str, object]) -> bool:
    for file in workspace.files.values():
        address = file.to_json(workspace.base_url, workspace.team)["url_private"]
        if reference.get("id") == file.id or reference.get("url") == address:
            return workspace.is_ready(file) and file.mimetype.startswith("image/")
    return False


def page(request: Request, items: list[Any], default: int = 100, most: int = 1000) -> tuple[list[Any], Json]:
    """One page of a list by `limit` and `cursor`, and the `response_metadata` that leads to the next."""
    limit = request.number("limit", default, most)
    cursor = request.text("cursor")
    if cursor and not (cursor.isascii() and cursor.isdigit()):
        raise Refused("invalid_cursor")
    start = int(cursor or 0)
    following = str(start + limit) if start + limit < len(items) else ""
    return items[start : start + limit], {"response_metadata": {"next_cursor": following}}


@dataclass(frozen=True)
class Method:
    """How one method answers.

    Attributes:
        run: from the call to what the answer holds beside `ok`.
        scopes: one of these is needed.
        tier: Slack's rate tier; 0 for a method with rules of its own.
        opened_by: what kind of token it takes.
    """

    run: Callable[[Request], Json]
    scopes: tuple[str, ...] = ()
    tier: int = 4
    opened_by: Literal["bot", "app", "anyone"] = "bot"
