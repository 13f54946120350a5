"""Many workspaces: installed by OAuth, the app answers with the token it got, and exchanges it in time."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from bot.service import INSTALLATIONS, NoTokens, Service, need_tokens
from bot.slack.manifest import EVENTS_PATH, INSTALL_PATH, Variant, manifest
from bot.web import listening
from bot.workspace.server import WorkspaceServer
from bot.workspace.state import Workspace
from bot.workspace.tokens import LIFETIME
from tests.desks import settings_for
from tests.workspace.fixtures import Clock

pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
"""slack_sdk sends client id and secret by a class that aiohttp will drop."""


@asynccontextmanager
async def installable(home: Path, clock: Clock) -> AsyncIterator[tuple[WorkspaceServer, Service, str]]:
    """A workspace, and a service that is not installed in it yet, with its own address."""
    source = manifest(Variant.OAUTH, "http://127.0.0.1")
    workspace = Workspace(source, clock=clock)
    rana = workspace.add_user("rana", "Rana Haddad", "Reporter")
    workspace.add_channel("syria-desk", members=[rana.id, workspace.bot.id])
    async with WorkspaceServer(workspace) as slack:
        settings = settings_for(
            home,
            SLACK_CLIENT_ID=workspace.tokens.client_id,
            SLACK_CLIENT_SECRET=workspace.tokens.client_secret,
            SLACK_SIGNING_SECRET=workspace.tokens.signing_secret,
            SLACK_API_URL=slack.api_url,
            DATELINE_SLACK_PACE=0,
        )
        async with Service(settings, workers=0) as service, listening(service, "127.0.0.1", 0) as port:
            slack.request_url = f"http://127.0.0.1:{port}{EVENTS_PATH}"
            yield slack, service, f"http://127.0.0.1:{port}"


async def install(address: str) -> httpx.Response:
    """Go through the install as a person's browser does; the port of our own redirect is not in the manifest."""
    async with httpx.AsyncClient(follow_redirects=False) as browser:
        page = await browser.get(f"{address}{INSTALL_PATH}")
        [link] = re.findall(r'href="(http[^"]*/oauth/v2/authorize[^"]*)"', page.text)
        agreed = await browser.get(unescape(link))
        parts = urlsplit(agreed.headers["Location"])
        cookie = page.headers["set-cookie"].partition(";")[0]
        return await browser.get(f"{address}{parts.path}?{parts.query}", headers={"Cookie": cookie})


def test_an_installed_workspace_is_answered(tmp_path: Path) -> None:
    """Installed through Slack's own pages, the app answers a command with the token that the install has brought."""

    async def story() -> None:
        async with installable(tmp_path, Clock()) as (slack, service, address):
            [rana, *_] = [user for user in slack.workspace.users.values() if user.name == "rana"]
            desk = slack.workspace.channel_named("syria-desk")
            assert desk is not None
            done = await install(address)
            assert done.status_code == 200, done.text
            went = await slack.people.command(rana.id, desk.id, "/dateline help")
            assert not went.problem
            await service.runner.idle()
            await service.outbox.flush()
            [answer] = slack.workspace.transcript.calls("response_url")
            assert answer.ok
            assert "/trace" in str(answer.arguments)

    asyncio.run(story())


def test_a_token_is_exchanged_before_a_message_needs_it(tmp_path: Path) -> None:
    """A day later no request has come in, and a message that time has asked for still goes out."""

    async def story() -> None:
        clock = Clock()
        async with installable(tmp_path, clock) as (slack, service, address):
            await install(address)
            old = slack.workspace.tokens.bot
            with sqlite3.connect(tmp_path / INSTALLATIONS) as tokens:  # as it would stand there after a day
                for table in ("slack_installations", "slack_bots"):
                    tokens.execute(f"UPDATE {table} SET bot_token_expires_at = 1, installed_at = '2020-01-01 00:00:00'")
            tokens.close()
            clock.now += LIFETIME + 1
            for _ in range(2):
                client = await service.clients.client(slack.workspace.team)
                assert (await client.auth_test())["ok"]
            assert slack.workspace.tokens.bot != old
            assert len(slack.workspace.transcript.calls("oauth.v2.access")) == 2, "one for the install, one exchange"

    asyncio.run(story())


def test_one_token_and_an_install_by_oauth_exclude_each_other(tmp_path: Path) -> None:
    """Both ways at once are refused in one line that names the two variables."""
    both = settings_for(tmp_path, SLACK_BOT_TOKEN="xoxb-1", SLACK_SIGNING_SECRET="s", SLACK_CLIENT_ID="1.2")
    with pytest.raises(NoTokens, match=r"SLACK_BOT_TOKEN .* SLACK_CLIENT_ID"):
        need_tokens(both)
