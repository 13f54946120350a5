"""What to do about whatever Slack, or the way to it, answers."""

from __future__ import annotations

import asyncio
import errno
import socket
from typing import Any

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError, SlackClientError, SlackTokenRotationError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.clients import made_client
from bot.slack.faults import FAULTS, NotInstalled, Remedy, ResponseRefused, sort
from bot.slack.files import NotUploaded
from tests.loopback import Loopback, Reply


def refused(error: str, status: int = 200, **headers: str) -> SlackApiError:
    """What the library raises when Slack says no."""
    answer = AsyncSlackResponse(
        client=AsyncWebClient(),
        http_verb="POST",
        api_url="https://slack.com/api/chat.postMessage",
        req_args={},
        data={"ok": False, "error": error} if error else {},
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        status_code=status,
    )
    return SlackApiError("no", answer)  # type: ignore[no-untyped-call]


def unreachable() -> aiohttp.ClientConnectorError:
    """What the library raises when nobody listens."""
    key = ConnectionKey("slack.example", 443, True, True, None, None, None)
    return aiohttp.ClientConnectorError(key, OSError(errno.ECONNREFUSED, "refused"))


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        ("channel_not_found", Remedy.GIVE_UP),
        ("is_archived", Remedy.GIVE_UP),
        ("not_in_channel", Remedy.GIVE_UP),
        ("user_not_in_channel", Remedy.GIVE_UP),
        ("message_not_found", Remedy.GIVE_UP),
        ("missing_scope", Remedy.GIVE_UP),
        ("storage_limit_reached", Remedy.GIVE_UP),
        ("invalid_auth", Remedy.TOKEN),
        ("token_revoked", Remedy.TOKEN),
        ("account_inactive", Remedy.TOKEN),
        ("invalid_refresh_token", Remedy.TOKEN),
        ("invalid_blocks", Remedy.SIMPLIFY),
        ("msg_blocks_too_long", Remedy.SIMPLIFY),
        ("metadata_too_large", Remedy.SIMPLIFY),
        ("no_text", Remedy.SIMPLIFY),
        ("invalid_arguments", Remedy.SIMPLIFY),
        ("a_name_of_tomorrow", Remedy.SIMPLIFY),
        ("ratelimited", Remedy.WAIT),
        ("internal_error", Remedy.LOOK),
        ("fatal_error", Remedy.LOOK),
        ("service_unavailable", Remedy.LOOK),
    ],
)
def test_each_name_has_its_remedy(error: str, remedy: Remedy) -> None:
    """What will never be taken is not tried for hours, what passes is, and what may have been done is looked for."""
    fault = sort(refused(error))
    assert fault.remedy is remedy
    assert fault.problem


@pytest.mark.parametrize(
    ("status", "remedy"),
    [(500, Remedy.LOOK), (502, Remedy.LOOK), (503, Remedy.LOOK), (404, Remedy.GIVE_UP), (200, Remedy.LOOK)],
)
def test_an_answer_without_a_name_is_judged_by_its_status(status: int, remedy: Remedy) -> None:
    """A page of a proxy, or an empty answer, does not tell whether it was done: look first."""
    fault = sort(refused("", status))
    assert fault.remedy is remedy
    assert fault.problem


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("30", 30.0), ("0", 0.0), ("2.5", 2.5), ("-3", 0.0), ("soon", 1.0), ("nan", 1.0), ("inf", 1.0), ("1e9", 3600.0)],
)
def test_slack_says_how_long_to_wait(written: str, seconds: float) -> None:
    """Its word is taken, however the header is spelled; nonsense is a second, an age is an hour."""
    for headers in ({"Retry_After": written}, {"retry_after": written}):
        fault = sort(refused("ratelimited", 429, **headers))
        assert (fault.remedy, fault.wait) == (Remedy.WAIT, seconds)


def test_a_limit_without_a_time_waits_a_second() -> None:
    """A 429 without the header, with or without a name, is a short wait."""
    assert sort(refused("", 429)).wait == sort(refused("ratelimited")).wait == 1.0
    assert sort(refused("channel_not_found")).wait is None


@pytest.mark.parametrize(
    ("status", "name", "remedy"),
    [
        (404, "used_url", Remedy.GIVE_UP),
        (404, "expired_url", Remedy.GIVE_UP),
        (410, "channel_is_archived", Remedy.GIVE_UP),
        (400, "invalid_blocks", Remedy.SIMPLIFY),
        (400, "no_text", Remedy.SIMPLIFY),
        (429, "", Remedy.WAIT),
        (500, "server_error", Remedy.LOOK),
        (400, "", Remedy.LOOK),
    ],
)
def test_a_response_address_is_judged_alike(status: int, name: str, remedy: Remedy) -> None:
    """One that has run out is given up, so that the answer can go another way."""
    assert sort(ResponseRefused(status, name, {})).remedy is remedy


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (unreachable(), Remedy.WAIT),
        (ConnectionRefusedError("Slack cannot be reached"), Remedy.WAIT),
        (aiohttp.ServerDisconnectedError(), Remedy.LOOK),
        (aiohttp.ClientPayloadError(), Remedy.LOOK),
        (TimeoutError(), Remedy.LOOK),
        (ConnectionResetError(), Remedy.LOOK),
        (SlackClientError(), Remedy.LOOK),
        (NotUploaded("Slack did not take the picture."), Remedy.WAIT),
        (NotInstalled("The app is not installed there."), Remedy.TOKEN),
    ],
)
def test_what_breaks_on_the_way_is_looked_for_unless_nothing_was_sent(error: Exception, remedy: Remedy) -> None:
    """Where nobody was reached it is simply tried again; where the answer was lost it may have been done."""
    assert isinstance(error, FAULTS)
    fault = sort(error)
    assert fault.remedy is remedy
    assert fault.problem


@pytest.mark.parametrize(
    ("inner", "remedy"),
    [
        (refused("invalid_refresh_token"), Remedy.TOKEN),
        (refused("ratelimited", 429, Retry_After="7"), Remedy.WAIT),
        (refused("internal_error"), Remedy.WAIT),
        (refused("", 503), Remedy.WAIT),
        (refused("a_name_of_tomorrow"), Remedy.WAIT),
    ],
)
def test_a_token_that_cannot_be_exchanged_sends_nothing(inner: SlackApiError, remedy: Remedy) -> None:
    """What was to be said is neither changed nor looked for, since it never left."""
    assert sort(SlackTokenRotationError(inner)).remedy is remedy


@given(st.text(), st.integers(100, 599), st.dictionaries(st.sampled_from(["Retry-After", "X"]), st.text()))
def test_everything_has_a_remedy_and_a_name_for_the_log(name: str, status: int, headers: dict[str, Any]) -> None:
    """Whatever is answered is sorted, without an error of ours."""
    for error in (refused(name, status, **headers), ResponseRefused(status, name, headers)):
        fault = sort(error)
        assert fault.problem
        assert fault.wait is None or 0 <= fault.wait <= 3600


@pytest.mark.parametrize(
    ("reply", "remedy"),
    [
        (Reply(b'{"ok": false, "error": "is_archived"}', 200, {"Content-Type": "application/json"}), Remedy.GIVE_UP),
        (Reply(b"{}", 429, {"Content-Type": "application/json", "Retry-After": "4"}), Remedy.WAIT),
        (Reply(b"slow down", 429, {"Content-Type": "text/plain", "Retry-After": "4"}), Remedy.WAIT),
        (Reply(b"<html>Bad gateway</html>", 502, {"Content-Type": "text/html"}), Remedy.LOOK),
        (Reply(b"<html>Hello</html>", 200, {"Content-Type": "text/html"}), Remedy.LOOK),
        (Reply(b'{"ok": tru', 200, {"Content-Type": "application/json"}), Remedy.LOOK),
        (Reply(b"{}", 200, {"Content-Type": "application/json", "Content-Length": "99"}), Remedy.LOOK),
    ],
)
def test_the_real_client_raises_what_is_sorted(reply: Reply, remedy: Remedy) -> None:
    """Over a real socket: whatever comes back is one of the faults, with its remedy."""

    async def call(url: str) -> BaseException | None:
        try:
            await made_client(url, "xoxb-test").chat_postMessage(channel="C1", text="x")
        except FAULTS as error:
            return error
        return None

    with Loopback({"POST /api/chat.postMessage": reply}) as slack:
        error = asyncio.run(call(f"{slack.url}/api/"))
    assert error is not None
    assert sort(error).remedy is remedy


def test_nobody_there_is_a_wait() -> None:
    """The real client against a port on which nobody listens any more."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    async def call() -> BaseException | None:
        try:
            await made_client(f"http://127.0.0.1:{port}/api/", "xoxb-test").chat_postMessage(channel="C1", text="x")
        except FAULTS as error:
            return error
        return None

    error = asyncio.run(call())
    assert error is not None
    assert sort(error).remedy is Remedy.WAIT
