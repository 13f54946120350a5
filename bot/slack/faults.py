"""What went wrong between us and Slack, sorted by what to do about it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from math import isfinite
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError, SlackTokenRotationError

from bot.slack.files import NotUploaded
from storage.errors import DatelineError

# https://docs.slack.dev/reference/methods/chat.postMessage and the pages of the other methods in use
_GONE = frozenset({
    "channel_not_found", "is_archived", "not_in_channel", "user_not_in_channel", "user_not_found", "message_not_found",
    "cant_update_message", "edit_window_closed", "restricted_action", "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel", "restricted_action_non_threadable_channel", "thread_not_found",
    "cannot_reply_to_message", "no_permission", "missing_scope", "ekm_access_denied", "messages_tab_disabled",
    "team_access_not_granted", "access_denied", "blocked_file_type", "file_not_found", "file_upload_size_restricted",
    "file_uploads_disabled", "file_uploads_except_images_disabled", "malware_detected", "posting_to_channel_denied",
    "storage_limit_reached",
})  # fmt: skip
_TOKEN = frozenset({
    "invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "org_login_required",
    "team_not_found", "two_factor_setup_required", "not_allowed_token_type", "invalid_refresh_token",
    "bad_client_secret", "invalid_client_id",
})  # fmt: skip
_PASSING = frozenset({
    "ratelimited", "rate_limited", "message_limit_exceeded", "internal_error", "fatal_error", "service_unavailable",
    "request_timeout", "team_added_to_org",
})  # fmt: skip


_LONGEST_WAIT: Final = 3_600.0
"""Seconds; who asks to wait longer is asked again after an hour."""


class Remedy(Enum):
    """What to do about a fault."""

    WAIT = auto()
    """Try again later."""
    LOOK = auto()
    """It may have been done: look before trying again."""
    SIMPLIFY = auto()
    """Slack does not take it as it is: say it in plain words, and give up where that is not taken either."""
    TOKEN = auto()
    """The workspace does not let us in: somebody has to install the app again."""
    GIVE_UP = auto()
    """It cannot be done there."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault with its remedy, the seconds to wait where Slack named them, and its name for the log."""

    remedy: Remedy
    problem: str
    wait: float | None = None


class NotInstalled(DatelineError):
    """The app is not installed in that workspace, or was removed from it."""

    code = "not_installed"


class ResponseRefused(DatelineError):
    """A response address did not take an answer: its HTTP status, Slack's word for it, and the headers."""

    code = "response_refused"

    def __init__(self, status: int, name: str, headers: Mapping[str, str]) -> None:
        super().__init__(f"the response address answered {status} {name}".strip())
        self.status = status
        self.name = name
        self.headers = headers


FAULTS = (
    SlackClientError, aiohttp.ClientError, asyncio.TimeoutError, OSError, NotUploaded, NotInstalled, ResponseRefused
)  # fmt: skip
"""What a call of Slack may raise."""


def sort(error: BaseException) -> Fault:
    """Tell what to do about an error that a call of Slack has raised."""
    if isinstance(error, NotUploaded):
        return Fault(Remedy.WAIT, str(error))
    if isinstance(error, NotInstalled):
        return Fault(Remedy.TOKEN, str(error))
    if isinstance(error, aiohttp.ClientConnectorError | ConnectionRefusedError):
        return Fault(Remedy.WAIT, "Slack cannot be reached")
    if isinstance(error, ResponseRefused):
        return _refused(error.status, error.name, error.headers)
    if isinstance(error, SlackApiError):
        response = error.response
        data = getattr(response, "data", response)
        name = str(data.get("error") or "") if isinstance(data, dict) else ""
        headers = getattr(response, "headers", None) or {}
        return _refused(getattr(response, "status_code", 200), name, headers)
    if isinstance(error, SlackTokenRotationError):
        fault = sort(error.api_error)  # the token was to be exchanged first, so that nothing was sent
        return replace(fault, remedy=Remedy.WAIT) if fault.remedy in {Remedy.LOOK, Remedy.SIMPLIFY} else fault
    return Fault(Remedy.LOOK, f"the connection to Slack broke ({type(error).__name__})")


def _refused(status: int, name: str, headers: Mapping[str, str]) -> Fault:
    if status == 429 or name in {"ratelimited", "rate_limited"}:
        return Fault(Remedy.WAIT, "Slack asks to wait", _retry_after(headers))
    if status >= 500:
        return Fault(Remedy.LOOK, f"Slack answered {status}")
    if status in {404, 410} or name in _GONE:
        return Fault(Remedy.GIVE_UP, name or f"Slack answered {status}")
    if name in _TOKEN:
        return Fault(Remedy.TOKEN, name)
    if not name:
        return Fault(Remedy.LOOK, "Slack's answer cannot be read")
    # any other name is about what was said (blocks, length, metadata): the same again would only stand in others' way
    return Fault(Remedy.LOOK if name in _PASSING else Remedy.SIMPLIFY, name)


def _retry_after(headers: Mapping[str, str]) -> float:
    written = next((value for key, value in headers.items() if key.lower() == "retry-after"), "1")
    try:
        seconds = float(written)
    except ValueError:
        return 1.0
    return min(max(seconds, 0.0), _LONGEST_WAIT) if isfinite(seconds) else 1.0
