"""A newsroom with the real bot in it: its service behind HTTP, Slack and X on loopback, a store of its own."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from bot.desk import take
from bot.intake import Audience, Receipt
from bot.service import Service
from bot.settings import Settings
from bot.slack.manifest import EVENTS_PATH, manifest
from bot.sources.base import Captured
from bot.web import listening
from bot.workspace.interactions import Outcome
from bot.workspace.manifest import Manifest
from bot.workspace.notation import pings
from bot.workspace.rates import Rates
from bot.workspace.server import WorkspaceServer
from bot.workspace.state import Timing, Workspace
from bot.workspace.transcript import Call
from bot.workspace.values import Channel, Message, User
from commands.people import add
from storage import jobs, posts
from storage.database import Transaction
from tests.desks import settings_for
from tests.front.platforms import Platform
from tests.workspace.loops import run

QUICK = Timing(retries=(0.0, 0.0, 0.0), file_polls=0)
"""Slack's times, but events are brought again at once, and files are ready at once."""

WORDS = ("text", "alt_text")

SEARCH = {"TinEye, oldest first", "Google Lens", "Yandex", "Bing"}
"""The buttons that open pages to search for a picture with a public address."""


@dataclass(frozen=True)
class Newsroom:
    """A running newsroom.

    Attributes:
        desk: a public channel with everybody and the bot.
        sources: a private channel with everybody and the bot.
        lobby: a public channel without the bot.
    """

    slack: WorkspaceServer
    service: Service
    x: Platform
    rana: User
    erik: User
    desk: Channel
    sources: Channel
    lobby: Channel

    @property
    def workspace(self) -> Workspace:
        """What the stand-in knows."""
        return self.slack.workspace

    async def quiet(self) -> None:
        """Wait until nothing is on its way: no event, no request, no message."""
        for _ in range(3):
            await self.slack.settle()
            await self.service.runner.idle()
            await self.service.outbox.empty()

    async def command(self, line: str, user: User | None = None, channel: Channel | None = None) -> list[Message]:
        """Type a command and wait for its answer: the messages that the user alone sees, the newest last."""
        user, channel = user or self.rana, channel or self.desk
        known = set(self.workspace.messages)
        went = await self.slack.people.command(user.id, channel.id, line)
        assert went.ok, went
        await self.quiet()
        new = [message for ts, message in self.workspace.messages.items() if ts not in known]
        assert all(message.ephemeral_to == user.id for message in new), "only who asked is answered"
        return [message for message in new if message.via != "answer"]

    async def click(
        self, message: Message, action: str, user: User | None = None, *, value: str | None = None
    ) -> list[Message]:
        """Press a button and wait; every message that came by it."""
        known = set(self.workspace.messages)
        went = await self.slack.people.click((user or self.rana).id, message, action, value)
        assert went.ok, went
        await self.quiet()
        return [message for ts, message in self.workspace.messages.items() if ts not in known]

    async def answered(self, went: Outcome) -> None:
        """Make sure that an interaction was acknowledged, and wait for what follows."""
        assert went.ok, went
        await self.quiet()

    def posted(self, channel: Channel, thread_ts: str | None = None) -> list[Message]:
        """What the bot has said to everybody in a channel, or in one thread of it, in order."""
        said = [one for one in self.workspace.messages.values() if one.channel == channel.id and one.bot_id]
        everybody = [one for one in said if not one.ephemeral_to]
        return [one for one in everybody if thread_ts is None or one.thread_ts == thread_ts]

    def told(self, user: User) -> list[Message]:
        """What the bot has said to one person alone, in channels, in order, without what an acknowledgement showed."""
        mine = [one for one in self.workspace.messages.values() if one.bot_id and one.ephemeral_to == user.id]
        return [one for one in mine if one.via != "answer"]

    def refused(self) -> list[Call]:
        """The bot's calls that Slack did not take."""
        return [call for call in self.workspace.transcript.calls() if not call.ok]

    async def take(self, captured: Captured, to: Audience = Audience()) -> Receipt:  # noqa: B008 - a frozen value
        """Let a post come in as a sweep would bring it."""
        return await self.service.desk.work(take, captured, to)

    async def watch(self, name: str, *aliases: str) -> None:
        """Put somebody on the watch-list."""
        await add(self.service.desk, name, aliases, "")

    async def archived(self) -> int:
        """Count the posts that are held."""
        return await self.service.desk.db.reading(posts.count)

    async def jobs(self) -> dict[str, int]:
        """Count the requests by how they ended."""

        def by_state(tx: Transaction) -> dict[str, int]:
            rows = tx.rows("SELECT state, count(*) AS jobs FROM jobs GROUP BY state")
            return {row["state"]: row["jobs"] for row in rows}

        assert await self.service.desk.db.reading(jobs.waiting) == 0
        return await self.service.desk.db.reading(by_state)


Story = Callable[[Newsroom], Awaitable[None]]


def in_newsroom(*, seconds: float = 40.0, **how: Any) -> Callable[[Story], Callable[[Path], None]]:
    """Make a test of a story that happens in a newsroom; `how` is as `newsroom` takes it."""

    def told(story: Story) -> Callable[[Path], None]:
        def test(tmp_path: Path) -> None:
            async def lived() -> None:
                async with newsroom(tmp_path, **how) as room:
                    await story(room)

            run(lived(), seconds)

        test.__name__, test.__doc__, test.__module__ = story.__name__, story.__doc__, story.__module__
        return test

    return told


def scoped(without: Sequence[str]) -> Manifest:
    """The app's manifest without some of its scopes or events."""
    source = Manifest.read(manifest())
    left_out = frozenset(without)
    return replace(source, scopes=frozenset(source.scopes) - left_out, events=frozenset(source.events) - left_out)


@asynccontextmanager
async def newsroom(
    home: Path,
    *,
    workers: int = 0,
    pace: float = 0.0,
    timing: Timing = QUICK,
    limited: bool = False,
    refusals: bool = False,
    without: Sequence[str] = (),
    clock: Callable[[], datetime] | None = None,
    sweeps: bool = True,
    **values: Any,
) -> AsyncIterator[Newsroom]:
    """Run a newsroom for as long as the block lasts, and hold the bot to Slack's rules in it.

    Args:
        home: where the store is.
        workers: processes for the heavy work; 0 does it in threads.
        pace: seconds between two messages to one channel.
        timing: Slack's times.
        limited: whether Slack's rate limits hold; else a second passes for them at each call.
        refusals: whether the test is about a call that Slack refuses; else none may be.
        without: scopes and events that the app was installed without.
        clock: the bot's time, aware; not given, this machine's.
        sweeps: whether it does what time asks for.
        values: more settings, by their variables' names.
    """
    workspace = Workspace(scoped(without), timing=timing, random=Random(11), name="Harbour Newsroom")
    if not limited:
        workspace.rates = Rates(itertools.count().__next__)
    rana = workspace.add_user("rana", "Rana Haddad", "Reporter", "Asia/Beirut")
    erik = workspace.add_user("erik", "Erik Lund", "Editor", "Europe/Oslo")
    everybody = [rana.id, erik.id, workspace.bot.id]
    desk = workspace.add_channel("harbour-desk", members=everybody)
    sources = workspace.add_channel("sources", "private", everybody)
    lobby = workspace.add_channel("lobby", members=[rana.id, erik.id])
    platform = Platform()
    with platform.server:
        async with (
            WorkspaceServer(workspace) as slack,
            Service(_settings(home, slack, platform, pace, values), clock, workers=workers, sweeps=sweeps) as service,
            listening(service, "127.0.0.1", 0) as port,
        ):
            slack.request_url = f"http://127.0.0.1:{port}{EVENTS_PATH}"
            room = Newsroom(slack, service, platform, rana, erik, desk, sources, lobby)
            yield room
            if not refusals:
                await room.quiet()
    assert refusals or not room.refused(), room.refused()
    assert not _told_secrets(home, workspace)
    late = [one for one in workspace.transcript.deliveries() if one.problem]
    assert refusals or not late, late


def _told_secrets(home: Path, workspace: Workspace) -> list[str]:
    """Name the files of a store in which a secret stands."""
    tokens = workspace.tokens
    secrets = [one.encode() for one in (tokens.bot, tokens.app, tokens.signing_secret)]
    files = [(file, file.read_bytes()) for file in home.rglob("*") if file.is_file()]
    return [file.name for file, data in files if any(secret in data for secret in secrets)]


def _settings(home: Path, slack: WorkspaceServer, x: Platform, pace: float, more: dict[str, Any]) -> Settings:
    tokens, base = slack.workspace.tokens, x.server.url
    host, port = x.server.pair
    values: dict[str, Any] = {
        "SLACK_BOT_TOKEN": tokens.bot,
        "SLACK_SIGNING_SECRET": tokens.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "SLACK_APP_TOKEN": None,
        "SLACK_CLIENT_ID": None,
        "SLACK_CLIENT_SECRET": None,
        "DATELINE_SLACK_PACE": pace,
        "X_SYNDICATION_URL": base,
        "X_OEMBED_URL": base,
        "X_MEDIA_URL": base,
        "X_SHORTENER_URL": base,
        "DATELINE_ALLOWED_PRIVATE": f"{host}:{port}",
    }
    return settings_for(home, **{**values, **more})


def shown(message: Message) -> str:
    """Every word that a message shows in its blocks, a line for each paragraph."""
    return "\n".join(_words(list(message.blocks)))


def _words(value: object) -> Iterator[str]:
    match value:
        case {"type": "rich_text_section" | "rich_text_quote", "elements": elements}:
            yield "".join(element.get("text", element.get("user_id", "")) for element in elements)
        case dict():
            yield from (value[name] for name in WORDS if isinstance(value.get(name), str))
            for inner in value.values():
                yield from _words(inner)
        case list():
            for inner in value:
                yield from _words(inner)


def buttons(message: Message) -> dict[str, str]:
    """The buttons of a message: what stands on each, and its action."""
    return {
        element["text"]["text"]: element["action_id"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    }


def pinged(room: Newsroom) -> set[str]:
    """Everybody whom a message of the bot notifies."""
    return {who for one in room.workspace.messages.values() if one.bot_id for who in pings(one)}
