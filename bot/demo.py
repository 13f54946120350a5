"""The demo: a local stand-in for Slack with the real bot in it, over a store of its own seeded through intake."""

from __future__ import annotations

import shutil
import webbrowser
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.demo_desk import DemoDesk, serve_wire
from bot.desk import Desk, take
from bot.intake import Audience
from bot.sample import posts as sample
from bot.service import Service
from bot.settings import Settings
from bot.slack.manifest import EVENTS_PATH, manifest
from bot.sources.base import Captured
from bot.terminal.text import show
from bot.web import listening, until_ended
from bot.workspace.page import add_page
from bot.workspace.server import WorkspaceServer
from bot.workspace.state import Workspace
from commands.check import check
from commands.people import add
from commands.trace import trace
from commands.whereis import whereis

INTRODUCTION: Final = """Dateline is a newsroom's verification desk: it archives posts once, with proof,
and answers from them. Everything below is sample evidence, written and drawn for this demo; it came in through the
one pipeline."""

GUIDE: Final = (
    "*Welcome.* This is a local stand-in for Slack; the bot in it is the real one, and all its evidence is a sample. "
    "Type one of these into the box below, and press Enter:\n"
    "• `/whereis Soleimani` who says that he is where, and who denies it, with a map\n"
    f"• `/trace {sample.TRACE_LINK}` where that post's picture appeared before\n"
    f"• `/trace {sample.SCREENSHOT_LINK}` part of an older picture, mirrored, in a screenshot of a post\n"
    "• `/dateline help` everything else\n"
    "Or drop a picture into this channel. Above: warnings that Dateline posted by itself when pictures came in again. "
    "One waits for you: *Acknowledge*, *Dismiss…*, *Assign…*, *Snooze…* change it for everybody. Oda and Erik clicked "
    "on another one at once, and one of them was first; a third, in the thread of its case, is snoozed. Then the "
    "digest. In #minsk-desk a watch reads a sample feed every minute: it has told of one sighting, and soon tells who "
    "says otherwise."
)
"""What a newcomer reads first, in Slack's own formatting."""

PORT: Final = 8700


@dataclass(frozen=True)
class Demo:
    """A demo that runs.

    Attributes:
        server: the stand-in for Slack, with its page.
        service: the bot.
        url: the address of the page.
    """

    server: WorkspaceServer
    service: Service
    url: str


@asynccontextmanager
async def running(store: Path, port: int = PORT, *, workers: int = 2) -> AsyncIterator[Demo]:
    """Run a seeded workspace with the bot in it for as long as the block lasts; port 0 is any that is free.

    Raises:
        OSError: the port is taken.
    """
    workspace = Workspace(manifest(), name="Sample Newsroom")
    reporter = workspace.add_user("rana", "Rana Haddad", "Reporter", "Asia/Beirut")
    editor = workspace.add_user("erik", "Erik Lund", "Editor", "Europe/Oslo")
    on_call = workspace.add_user("oda", "Oda Mensah", "On-call", "Africa/Accra")
    everybody = [reporter.id, editor.id, on_call.id, workspace.bot.id]
    desk = workspace.add_channel("syria-desk", members=everybody)
    workspace.add_channel("caracas-desk", members=everybody)
    minsk = workspace.add_channel("minsk-desk", members=everybody)
    workspace.add_channel("sources", "private", [reporter.id, editor.id, workspace.bot.id])
    server = WorkspaceServer(workspace, port=port)
    add_page(server.app, workspace, server.people)
    serve_wire(server.app)
    async with (
        server,
        Service(_settings(store, server), workers=workers) as service,
        listening(service, "127.0.0.1", 0) as bot_port,
    ):
        server.request_url = f"http://127.0.0.1:{bot_port}{EVENTS_PATH}"
        for person in sample.people():
            await add(service.desk, person.name, person.aliases, person.role)
        await _take_in(service.desk, sample.archive())
        story = DemoDesk(server, service, editor, on_call)
        await story.types(desk, "/dateline alerts here")
        await story.types(desk, "/dateline digest at 08:30 weekdays Europe/Oslo")
        await _take_in(service.desk, sample.unfolding())
        await story.quiet()
        await story.both_acknowledge(story.warning_about(desk, "sample_quick_reshare"))
        await story.snoozes(story.warning_about(desk, "sample_echo_board"))
        await story.types(desk, "/dateline digest now")
        await story.watches(minsk)
        workspace.post(desk.id, on_call.id, GUIDE)
        yield Demo(server, service, f"{workspace.base_url}/")


async def demo(echo: Callable[[str], None], folder: Path, port: int, *, browser: bool) -> None:
    """Run the demo until Ctrl-C: the guided tour on the terminal, then the page.

    Raises:
        OSError: the port is taken.
    """
    ended = until_ended()
    shutil.rmtree(folder, ignore_errors=True)
    store = folder / "store"
    echo(INTRODUCTION)
    async with running(store, port) as shown:
        await tour(echo, shown.service.desk, folder / "evidence")
        echo("")
        echo(f"The same in a local workspace that looks like Slack: {shown.url}   (Ctrl-C ends it)")
        if browser:
            webbrowser.open(shown.url)
        await ended.wait()


async def tour(echo: Callable[[str], None], desk: Desk, evidence: Path) -> None:
    """Print the three answers on the sample."""
    _step(echo, 1, f"trace {sample.TRACE_LINK}", "Where did this post's picture appear before?")
    echo(show(await trace(desk, sample.TRACE_LINK, evidence=evidence)))
    _step(echo, 2, f"whereis {sample.WHEREIS_NAME}", "Who says he is where, how surely, and who denies it?")
    chart, timeline = evidence / "whereis-map.png", evidence / "whereis-timeline.png"
    echo(show(await whereis(desk, sample.WHEREIS_NAME, maps=chart, timelines=timeline)))
    picture = evidence / "picture-to-check.jpg"
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(sample.picture_to_check())
    _step(echo, 3, f"check {picture}", "Have we kept this picture before?")
    for finding in await check(desk, [str(picture)], evidence=evidence):
        echo(show(finding))
    echo("")
    echo("Ask it yourself, on another terminal:")
    for verb in ("whereis Guaidó", "whereis Prigozhin --known-on 2023-06-30", "status", "verify"):
        echo(f"  dateline --home {desk.settings.home} {verb}")


async def _take_in(desk: Desk, posts: Iterable[Captured]) -> None:
    """Take posts in as a source would bring them: one by one, in order."""
    for post in posts:
        await desk.work(take, post, Audience())


def _settings(store: Path, server: WorkspaceServer) -> Settings:
    """The settings of the demo alone: nothing of the environment's tokens or store comes in."""
    tokens = server.workspace.tokens
    values: dict[str, Any] = {
        "DATELINE_HOME": store,
        "SLACK_BOT_TOKEN": tokens.bot,
        "SLACK_SIGNING_SECRET": tokens.signing_secret,
        "SLACK_API_URL": server.api_url,
        "DATELINE_ALLOWED_PRIVATE": server.workspace.base_url.removeprefix("http://"),
        "SLACK_APP_TOKEN": None,
        "SLACK_CLIENT_ID": None,
        "SLACK_CLIENT_SECRET": None,
    }
    return Settings(_env_file=None, **values)


def _step(echo: Callable[[str], None], number: int, command: str, question: str) -> None:
    echo("")
    echo(f"=== {number}. dateline {command}")
    echo(f"    {question}")
    echo("")
