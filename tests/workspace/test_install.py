"""Install by OAuth, rotation of tokens, and the manifest that decides what an app may do."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.manifest import Manifest, ManifestRefused
from bot.workspace.tokens import CODE_LIFETIME, LIFETIME
from tests.workspace.fixtures import Clock, newsroom
from tests.workspace.loops import run
from tests.workspace.manifests import manifest
from tests.workspace.test_api import refusal

REDIRECT = "http://127.0.0.1/oauth"
OLD_WAYS = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
"""slack_sdk sends client id and secret by a class that aiohttp will drop."""


@OLD_WAYS
def test_an_install_gives_a_code_and_the_code_a_token() -> None:
    """The page sends the person back with code and state; the code works once, for ten minutes, with the secret."""

    async def story() -> None:
        clock = Clock()
        async with newsroom(clock=clock) as room, aiohttp.ClientSession() as session:
            tokens = room.workspace.tokens
            client = AsyncWebClient(base_url=room.slack.api_url, retry_handlers=[])
            page = f"{room.workspace.base_url}/oauth/v2/authorize"
            asked = {"client_id": tokens.client_id, "scope": "chat:write", "state": "s 1", "redirect_uri": REDIRECT}

            async def agree(**changed: str) -> aiohttp.ClientResponse:
                return await session.get(page, params={**asked, **changed}, allow_redirects=False)

            async def access(code: str, secret: str = "") -> Any:
                return await client.oauth_v2_access(
                    client_id=tokens.client_id,
                    client_secret=secret or tokens.client_secret,
                    code=code,
                    redirect_uri=REDIRECT,
                )

            async def code() -> str:
                answer = await agree()
                assert answer.status == 302
                query = parse_qs(urlsplit(answer.headers["Location"]).query)
                assert query["state"] == ["s 1"]
                return query["code"][0]

            first = await code()
            assert await refusal(access(first, "wrong")) == "bad_client_secret"
            got = await access(first)
            assert (got["access_token"], got["bot_user_id"]) == (tokens.bot, room.workspace.bot.id)
            assert (await AsyncWebClient(got["access_token"], base_url=room.slack.api_url).auth_test())["ok"]
            assert await refusal(access(first)) == "invalid_code"
            late = await code()
            clock.now += CODE_LIFETIME
            assert await refusal(access(late)) == "code_expired"
            assert (await agree(redirect_uri="https://elsewhere.example/")).status == 400
            assert all("code" not in call.arguments for call in room.workspace.transcript.calls("oauth.v2.access"))

    run(story())


@OLD_WAYS
def test_a_token_lives_twelve_hours_and_its_refresh_token_once() -> None:
    """slack_sdk's rotator gets a new pair; the old access token dies by the clock, the used refresh token at once."""

    async def story() -> None:
        clock = Clock()
        async with newsroom(manifest(rotation=True), clock=clock) as room:
            tokens = room.workspace.tokens
            old, refresh = tokens.bot, tokens.refresh
            client = AsyncWebClient(base_url=room.slack.api_url, retry_handlers=[])
            rotator = AsyncTokenRotator(client_id=tokens.client_id, client_secret=tokens.client_secret, client=client)
            bot = Bot(
                bot_token=old,
                bot_refresh_token=refresh,
                bot_token_expires_at=1,
                bot_id="B",
                bot_user_id="U",
                installed_at=0.0,
            )
            rotated = await rotator.perform_bot_token_rotation(bot=bot)
            assert rotated is not None
            assert (rotated.bot_token, rotated.bot_refresh_token) == (tokens.bot, tokens.refresh)
            assert rotated.bot_token != old
            again = client.oauth_v2_access(
                client_id=tokens.client_id,
                client_secret=tokens.client_secret,
                grant_type="refresh_token",
                refresh_token=refresh,
            )
            assert await refusal(again) == "invalid_refresh_token"
            clock.now += LIFETIME
            assert await refusal(AsyncWebClient(old, base_url=room.slack.api_url).auth_test()) == "token_expired"

    run(story())


def test_the_bot_can_give_its_token_up() -> None:
    """auth.revoke, a GET of the SDK, kills the token that asks, unless it only tests."""

    async def story() -> None:
        async with newsroom() as room:
            assert (await room.client.auth_revoke(test=True))["revoked"] is False
            assert (await room.client.auth_revoke())["revoked"] is True
            assert await refusal(room.client.auth_test()) == "token_revoked"

    run(story())


def _with_command(name: str) -> dict[str, Any]:
    source = manifest()
    source["features"]["slash_commands"].append({"command": name, "description": "x"})
    return source


@pytest.mark.parametrize("name", ["/status", "/REMIND", "/Upper", "trace", "/", "/two words", "/" + "x" * 32])
def test_a_manifest_with_a_command_that_slack_keeps_is_refused(name: str) -> None:
    """Slack's own names and names of another form make the whole manifest fail."""
    with pytest.raises(ManifestRefused):
        Manifest.read(_with_command(name))


def test_a_manifest_says_what_exists() -> None:
    """Commands, shortcuts, events and scopes are read; an event needs its scope; a shapeless manifest is refused."""
    read = Manifest.read(_with_command("/whereis"))
    assert set(read.commands) == {"/trace", "/escaped", "/whereis"}
    assert read.shortcuts == {"check_message": "message", "anywhere": "global"}
    assert read.delivers("app_mention")
    assert not Manifest.read(manifest(scopes=["chat:write"])).delivers("app_mention")
    assert not Manifest.read(manifest(events=[])).delivers("app_mention")
    wrongs: list[dict[str, Any]] = [{}, {"display_information": []}, {"display_information": {"name": ""}}]
    for shapeless in wrongs:
        with pytest.raises(ManifestRefused):
            Manifest.read(shapeless)
