"""A newsroom with a story in it: a store with a picture, X on loopback with a mirrored copy, a workspace of Slack."""

from __future__ import annotations

import io
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np
from aiohttp.typedefs import Middleware
from PIL import Image

from bot.intake import Audience
from bot.sample import pictures
from bot.sample.posts import archive, people
from bot.slack.manifest import Variant, manifest
from bot.workspace.server import WorkspaceServer
from bot.workspace.state import Timing, Workspace
from bot.workspace.values import Channel, Message, User
from storage import people as watched
from tests.desks import open_desk
from tests.loopback import Loopback, Reply, Request

SEED: Final = 20151013
"""Gives every workspace the same ids, so that one prepared store fits all of them."""

JPEG: Final = {"Content-Type": "image/jpeg"}
X_EPOCH_MS: Final = 1288834974657
SCENE: Final = "crowd-flags"
"""A picture of the store, posted in February 2019; X has a mirrored copy of it."""
TIMING: Final = Timing(retries=(1.0, 5.0, 10.0), file_polls=1)
"""Slack's times, but for shorter pauses before an event is brought again and before a picture can be shown."""


def x_number(number: int) -> str:
    """The number of the n-th post on X: one a minute, from a day in 2023 on."""
    at = datetime(2023, 9, 8, tzinfo=UTC) + timedelta(minutes=number)
    return str((int(at.timestamp() * 1000) - X_EPOCH_MS) << 22)


def x_link(number: int) -> str:
    """The link of the n-th post on X."""
    return f"https://x.com/i/status/{x_number(number)}"


@contextmanager
def x_on_loopback(slow: float = 0.0, copies: int = 1) -> Iterator[Loopback]:
    """X with 500 posts: one in so many with a mirrored copy of the scene, the others each with a picture of its own.

    Every other answer comes `slow` seconds late.
    """
    numbers = {x_number(number): number for number in range(500)}

    def late(server: Loopback, number: int) -> None:
        if slow and number % 2:
            server.stopping.wait(slow)

    def post(request: Request) -> Reply:
        number = numbers.get(request.params.get("id", ""))
        if number is None:
            return Reply(b"<html>none</html>", 404, {"Content-Type": "text/html"})
        late(server, number)
        return _json(_post(number))

    def picture(request: Request) -> Reply:
        name = request.path.removeprefix("/media/")
        if not name.isdigit():
            return Reply(b"none", 404)
        late(server, int(name))
        return Reply(_copy(int(name)) if int(name) % copies == 0 else own_picture(int(name)), 200, JPEG)

    server = Loopback({"GET /tweet-result": post}, default=picture)
    with server:
        yield server


def _copy(number: int) -> bytes:
    return pictures.mirrored_copy(SCENE, brightness=0.80 + number % 40 / 200)


@cache
def own_picture(number: int) -> bytes:
    """A picture that is like no other: soft patches of colour under grain, 960x640 pixels."""
    rng = np.random.default_rng(number)
    patches = Image.fromarray(rng.integers(0, 256, (8, 12, 3), np.uint8)).resize((960, 640), Image.Resampling.BICUBIC)
    grain = Image.fromarray(rng.integers(0, 256, (640, 960, 3), np.uint8))
    file = io.BytesIO()
    Image.blend(patches, grain, 0.15).save(file, "JPEG", quality=85)
    return file.getvalue()


def x_variables(server: Loopback) -> dict[str, str]:
    """What a bot is set to that finds X there."""
    host, port = server.pair
    names = ("X_SYNDICATION_URL", "X_OEMBED_URL", "X_MEDIA_URL", "X_SHORTENER_URL")
    return {**dict.fromkeys(names, server.url), "DATELINE_ALLOWED_PRIVATE": f"{host}:{port}"}


def _post(number: int) -> dict[str, Any]:
    name = x_number(number)
    return {
        "__typename": "Tweet",
        "id_str": name,
        "lang": "en",
        "text": f"A crowd with flags in Valencia today, report {number}. Juan Guaidó is in Valencia.",
        "user": {"id_str": "7", "name": "Harbour Watch", "screen_name": "harbour_watch"},
        "entities": {},
        "mediaDetails": [
            {
                "type": "photo",
                "media_url_https": f"https://pbs.twimg.com/media/{number}.jpg",
                "expanded_url": f"https://x.com/harbour_watch/status/{name}/photo/1",
            }
        ],
    }


def _json(value: object) -> Reply:
    return Reply(json.dumps(value).encode(), 200, {"Content-Type": "application/json; charset=utf-8"})


def fill(home: Path) -> None:
    """Make a store with the sample's people and its posts of 2019 and 2023."""
    with open_desk(home, lambda: datetime.now(UTC)) as desk:
        with desk.db.write() as tx:
            for person in people():
                watched.add(tx, person.name, person.aliases, person.role)
        desk.intake.take_all(archive(), Audience())


@dataclass(frozen=True)
class Room:
    """A workspace with three people, one channel that the bot is in, and its server."""

    slack: WorkspaceServer
    rana: User
    erik: User
    oda: User
    desk: Channel

    @property
    def workspace(self) -> Workspace:
        """Its state."""
        return self.slack.workspace

    def alone(self, user: User) -> list[Message]:
        """What the bot has shown to one person alone through a response address, or by itself."""
        changes = self.workspace.transcript.changes("ephemeral", self.desk.id)
        shown = [change.message for change in changes if change.message and change.message.ephemeral_to == user.id]
        return [message for message in shown if message.user == self.workspace.bot.id and message.via != "answer"]

    def posted(self) -> list[Message]:
        """What the bot has posted for all to see."""
        changes = self.workspace.transcript.changes("posted", self.desk.id)
        return [change.message for change in changes if change.message and change.message.user == self.workspace.bot.id]


@asynccontextmanager
async def newsroom(
    variant: Variant = Variant.HTTP, timing: Timing = TIMING, around: Middleware | None = None
) -> AsyncIterator[Room]:
    """A workspace that is served for as long as the block runs; where the bot listens is still to be set.

    `around` stands around every request that the bot makes of Slack.
    """
    workspace = Workspace(manifest(variant), timing=timing, random=Random(SEED), clock=time.time)
    rana = workspace.add_user("rana", "Rana Haddad", "Reporter", "Asia/Beirut")
    erik = workspace.add_user("erik", "Erik Lund", "Editor", "Europe/Oslo")
    oda = workspace.add_user("oda", "Oda Mensah", "On-call", "Africa/Accra")
    desk = workspace.add_channel("syria-desk", members=[rana.id, erik.id, oda.id, workspace.bot.id])
    server = WorkspaceServer(workspace)
    if around is not None:
        server.app.middlewares.append(around)
    async with server as slack:
        yield Room(slack, rana, erik, oda, desk)
