"""A workspace with a few people and channels, for any test that needs Slack."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.server import WorkspaceServer
from bot.workspace.state import Timing, Workspace
from bot.workspace.values import Channel, User
from tests.workspace.manifests import manifest

QUICK = Timing(retries=(0.0, 0.0, 0.0))
"""Slack's times, but for the pauses before an event is brought again."""


class Clock:
    """Unix seconds that pass only when told to."""

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        """The time now."""
        return self.now

    async def pause(self, seconds: float) -> None:
        """Let so much time pass at once."""
        self.now += seconds


@dataclass(frozen=True)
class Newsroom:
    """A running workspace.

    Attributes:
        desk: a public channel with everybody and the bot.
        vault: a private channel with the editor and without the bot.
        lobby: a public channel with everybody and without the bot.
        client: the Web API client with the bot's token.
    """

    slack: WorkspaceServer
    rana: User
    erik: User
    desk: Channel
    vault: Channel
    lobby: Channel
    client: AsyncWebClient

    @property
    def workspace(self) -> Workspace:
        """Its state."""
        return self.slack.workspace


@asynccontextmanager
async def newsroom(
    source: dict[str, Any] | None = None, *, timing: Timing = QUICK, clock: Callable[[], float] = time.time
) -> AsyncIterator[Newsroom]:
    """A workspace of two people and three channels, served for as long as the block runs."""
    workspace = Workspace(source or manifest(), timing=timing, random=Random(7), clock=clock)
    rana = workspace.add_user("rana", "Rana Haddad", "reporter", "Asia/Beirut")
    erik = workspace.add_user("erik", "Erik Lund", "editor")
    workspace.add_usergroup("oncall", [erik.id])
    desk = workspace.add_channel("syria-desk", members=[rana.id, erik.id, workspace.bot.id])
    vault = workspace.add_channel("vault", "private", [erik.id])
    lobby = workspace.add_channel("lobby", members=[rana.id, erik.id])
    async with WorkspaceServer(workspace, pause=clock.pause if isinstance(clock, Clock) else asyncio.sleep) as slack:
        client = AsyncWebClient(workspace.tokens.bot, base_url=slack.api_url, retry_handlers=[])
        yield Newsroom(slack, rana, erik, desk, vault, lobby, client)
