"""The Web API client of each workspace, with the token that is good now.

One workspace: the token of the settings. Many: the tokens that installing the app has brought, kept by Bolt's own store
in a file beside the evidence, and rotated before they run out, since a scheduled message has no incoming request that
would do it.
"""

from __future__ import annotations

import logging
from typing import Final

from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.faults import NotInstalled

log = logging.getLogger("dateline.clients")

TIMEOUT: Final = 20
"""Seconds for one call of Slack."""

FRESH_MINUTES: Final = 120
"""A token with less left than this is exchanged before it is used; Slack's live twelve hours."""


def made_client(base_url: str, token: str | None = None) -> AsyncWebClient:
    """Make a client that tries everything once.

    The library's own retry posts a message again when its answer was lost, and so twice: what to do then is the
    outbox's to decide.
    """
    return AsyncWebClient(token=token, base_url=base_url, timeout=TIMEOUT, retry_handlers=[])


class OneWorkspace:
    """The client of the workspace whose token the settings name."""

    def __init__(self, token: str, base_url: str) -> None:
        self._client = made_client(base_url, token)

    async def client(self, workspace: str) -> AsyncWebClient:
        """Return the client."""
        return self._client


class ManyWorkspaces:
    """The clients of the workspaces that have installed the app; `store` holds their tokens."""

    def __init__(self, store: AsyncInstallationStore, client_id: str, client_secret: str, base_url: str) -> None:
        self.store = store
        self._base_url = base_url
        self._rotator = AsyncTokenRotator(
            client_id=client_id,
            client_secret=client_secret,
            client=made_client(base_url),
        )

    async def client(self, workspace: str) -> AsyncWebClient:
        """Return the client of a workspace, its token exchanged if it is about to run out.

        Raises:
            NotInstalled: nobody has installed the app there, or it was removed.
            SlackApiError: Slack refused to exchange the token.
        """
        installation = await self.store.async_find_installation(enterprise_id=None, team_id=workspace)
        if installation is None or not installation.bot_token:
            raise NotInstalled(f"The app is not installed in workspace {workspace}; install it again.")
        try:
            rotated = await self._rotator.perform_token_rotation(
                installation=installation, minutes_before_expiration=FRESH_MINUTES
            )
        except SlackApiError:
            log.warning("the token of workspace %s could not be exchanged", workspace)
            raise
        if rotated is not None:
            await self.store.async_save(rotated)
            installation = rotated
        return made_client(self._base_url, installation.bot_token)
