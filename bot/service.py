"""The bot as a service: desk, workers, runner, outbox and app, begun together and ended together."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urljoin

import httpx
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store.sqlite3 import SQLite3InstallationStore
from slack_sdk.oauth.state_store.sqlite3 import SQLite3OAuthStateStore

from bot.answers import Answers
from bot.app import Listeners, failed
from bot.desk import Desk, catch_up
from bot.runner import BEAT, Runner
from bot.settings import Settings
from bot.slack.blocks import Message
from bot.slack.clients import ManyWorkspaces, OneWorkspace, made_client
from bot.slack.manifest import INSTALL_PATH, REDIRECT_PATH, SCOPES
from bot.slack.outbox import Outbox, Pace
from bot.surfaces.all import surfaces
from bot.surfaces.surface import Tools
from bot.surfaces.sweeps import progress
from bot.surfaces.telling import words_of
from bot.surfaces.triage import PROMPT
from bot.surfaces.watch_places import keep_finding_channels
from bot.sweeps.digests import send_due
from bot.sweeps.tick import Sweeps
from bot.workers import Workers
from commands.triage import overdue
from storage.errors import DatelineError, StoreError

log = logging.getLogger("dateline.service")
logging.getLogger("httpx").setLevel(logging.WARNING)  # it tells every address, and a response address is a key
logging.getLogger("slack_bolt.AsyncApp").addFilter(
    # it would tell, at each start, that a client which is given goes before the token in the environment
    lambda record: "`token` will be unused" not in record.getMessage()
)

EVIDENCE_FOLDER: Final = "evidence"
"""Where pictures side by side are written, in the folder of the store; they can be deleted at any time."""

INSTALLATIONS: Final = "installations.db"
"""The file with the tokens of the workspaces that have installed the app, beside the store."""

DRAIN: Final = timedelta(seconds=8)
"""How long a service that is ended waits for what it has begun: less than the ten seconds that Docker, and the thirty
that Heroku and Kubernetes, leave before they kill. What is not done by then is the next process's."""


class NoTokens(DatelineError):
    """The settings do not say how to talk to Slack."""

    code = "no_tokens"


class Service:
    """The bot between Slack and a store, at work for as long as the `async with` block runs.

    Attributes:
        app: what takes Slack's requests, by HTTP or by Socket Mode.
        desk, runner, outbox, clients: its parts.
        sweeps: what time asks for; None where that is left to other processes.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], datetime] | None = None,
        *,
        workers: int = 2,
        sweeps: bool = True,
        listens: bool = True,
    ) -> None:
        """Put the parts together; nothing runs yet.

        Args:
            settings: as read at the start.
            clock: the time now, aware; not given, this machine's.
            workers: processes for the heavy work; 0 does it in threads.
            sweeps: whether it does what time asks for: sweeps, digests, what is overdue.
            listens: whether requests of Slack's reach it.

        Raises:
            NoTokens: the settings name no token to talk to Slack with.
            StoreError: the store cannot be used.
        """
        need_tokens(settings, listens=listens)
        self._settings = settings
        self._evidence = settings.home / EVIDENCE_FOLDER
        self._workers = workers
        self._ending = AsyncExitStack()
        owner = secrets.token_hex(8)
        self.desk = Desk.open(settings, clock)
        self._http = httpx.AsyncClient(timeout=20.0)
        self.app, self.clients = _app(settings)
        self.outbox = Outbox(
            self.desk.db,
            self.clients,
            self._words,
            self.desk.clock,
            owner=owner,
            http=self._http,
            pace=Pace(settings.slack_pace),
        )
        parts = surfaces(Tools(self.desk, self.clients, self._http, self._evidence))
        answers = dict(Answers(self.desk, self.clients, self._http, self._evidence).by_verb())
        for part in parts:
            answers.update(part.answers())
        self.runner = Runner(self.desk, answers, owner=owner, sent=self.outbox.wake, prompt=PROMPT)
        self.sweeps = (
            Sweeps(self.desk, errands=(send_due, overdue), noted=progress(self.desk.clock)) if sweeps else None
        )
        self.app.error(failed)
        Listeners(self.desk, self.runner, self.clients, parts).register(self.app)

    async def __aenter__(self) -> Self:
        self._ending.enter_context(self.desk)
        await self._ending.enter_async_context(self.desk.online())
        await self._ending.enter_async_context(self._http)
        if self._workers:
            workers = Workers(self._settings, self._workers)
            self._ending.push_async_callback(workers.close)
            self.desk.hands = workers
        await self.runner.resume()
        self._begin(self.outbox.run())
        self._begin(self._beat())
        self._begin(self._read_again())
        self._begin(keep_finding_channels(self.desk, self.clients))
        self._ending.push_async_callback(self.outbox.close)
        self._ending.push_async_callback(self._stop)
        if self.sweeps is not None:
            self.sweeps.begin()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._ending.aclose()

    async def _stop(self) -> None:
        """Take nothing more, and leave what is not done in time to the next process."""
        parts = [self.runner.stop(DRAIN)]
        if self.sweeps is not None:
            parts.append(self.sweeps.stop(DRAIN))
        await asyncio.gather(*parts)

    def _begin(self, work: Any) -> None:
        task = asyncio.create_task(work)

        async def end() -> None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

        self._ending.push_async_callback(end)

    async def _read_again(self) -> None:
        """Read what an upgrade of the rules, or a change while no bot ran, has left to be read, in the background."""
        while await self.desk.db.reading(self.desk.readers.unread):
            try:
                if not (await self.desk.work(catch_up)).moved:
                    return
            except DatelineError as failed:
                log.warning("the archive is not read again any further: %s", failed)
                return

    async def _beat(self) -> None:
        """Say that this process lives, and take over what others have left, from time to time."""
        while True:
            await asyncio.sleep(BEAT)
            try:
                left = await self.runner.resume()
            except StoreError as error:
                log.warning("what others have left cannot be read: %s", error)
                continue
            if left:
                log.warning("%d requests of a process that is gone were taken over", left)

    async def _words(self, body: Mapping[str, Any]) -> Message:
        """Make the words of a row of the outbox."""
        return await words_of(self.desk, body, self._evidence)


def need_tokens(settings: Settings, *, listens: bool = True) -> None:
    """Make sure that the settings say how to talk to Slack, and to be talked to where this process `listens`.

    Raises:
        NoTokens: they do not.
    """
    if settings.slack_bot_token and settings.slack_client_id:
        raise NoTokens(
            "Both SLACK_BOT_TOKEN (one workspace) and SLACK_CLIENT_ID (many, by OAuth) are set; leave one of them out."
        )
    by_oauth = settings.slack_client_id and settings.slack_client_secret and settings.slack_signing_secret
    by_http = settings.slack_bot_token and (settings.slack_signing_secret or not listens)
    by_socket = settings.slack_bot_token and settings.slack_app_token
    if not (by_oauth or by_http or by_socket):
        raise NoTokens(
            "No Slack tokens are set: SLACK_BOT_TOKEN with SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET "
            "(HTTP); to try it without Slack run 'dateline demo'."
        )


def _app(settings: Settings) -> tuple[AsyncApp, OneWorkspace | ManyWorkspaces]:
    """Make the Bolt app, and what gives the clients of the workspaces it is in."""
    url, secret = settings.slack_api_url, settings.slack_signing_secret
    client = made_client(url)
    if settings.slack_bot_token:
        token = settings.slack_bot_token

        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
            # Bolt would ask Slack who we are before the first request, and lose that request where Slack is down
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

        return AsyncApp(signing_secret=secret, client=client, authorize=authorize), OneWorkspace(token, url)
    client_id, client_secret = settings.slack_client_id or "", settings.slack_client_secret or ""
    file = str(settings.home / INSTALLATIONS)
    store = SQLite3InstallationStore(database=file, client_id=client_id)
    oauth = AsyncOAuthSettings(
        client_id=client_id,
        client_secret=client_secret,
        scopes=sorted(SCOPES),
        installation_store=store,
        state_store=SQLite3OAuthStateStore(expiration_seconds=600, database=file),
        authorization_url=urljoin(url, "/oauth/v2/authorize"),
        install_path=INSTALL_PATH,
        redirect_uri_path=REDIRECT_PATH,
    )
    # the store is given twice: only so does Bolt exchange tokens through the client that knows the address
    app = AsyncApp(signing_secret=secret, oauth_settings=oauth, installation_store=store, client=client)
    app.enable_token_revocation_listeners()
    return app, ManyWorkspaces(store, client_id, client_secret, url)
