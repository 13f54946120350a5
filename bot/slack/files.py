"""Pictures uploaded to Slack, in its three steps, and the wait until it can show them.

Reference: https://docs.slack.dev/messaging/working-with-files. A block that names a file before Slack has looked at it
is refused as an "invalid slack file" (slackapi/python-slack-sdk #1797); a file is ready once its type is told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import aiohttp
import httpx
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.blocks import Picture
from storage.errors import DatelineError

WAITS: Final = (0.2, 0.3, 0.5, 1.0, 1.0, 2.0, 2.0, 3.0)
"""Seconds between two looks at a new file: ten in all, which is longer than Slack was seen to need."""

LARGEST: Final = 64 * 2**20
"""Bytes of one file that is fetched: agency originals stay under it."""

_TOO_LARGE: Final = f"The file is larger than the {LARGEST // 2**20} MB that are opened; send a smaller copy."
_ELSEWHERE: Final = "Dateline cannot see this file; drop the picture into a direct message to it."
_KEPT: Final = {
    "missing_scope": "Slack does not hand files out to the app; install it again with the scope files:read.",
    "file_not_found": _ELSEWHERE,
    "file_deleted": "The file was deleted in Slack; drop the picture once more.",
    "access_denied": _ELSEWHERE,
}
"""What is said where Slack keeps a file to itself, by its name for why."""

_SLACKS: Final = (".slack.com", ".slack-files.com")

Pause = Callable[[float], Awaitable[None]]


class NotUploaded(DatelineError):
    """Slack did not take a picture, or never got ready to show it."""

    code = "not_uploaded"


class NotReady(NotUploaded):
    """Slack took a picture, and does not get ready to show it."""

    code = "not_ready"


async def upload(client: AsyncWebClient, http: httpx.AsyncClient, picture: Picture, pause: Pause) -> str:
    """Upload a picture without showing it anywhere, and return the file's id once Slack can show it.

    Raises:
        NotUploaded: Slack would not have it, or the file is gone from our disk.
        NotReady: Slack has it, and cannot show it yet.
        SlackApiError: Slack refused a step for a reason of its own.
    """
    path = Path(picture.path)
    try:
        data = await asyncio.to_thread(path.read_bytes)
    except OSError as error:
        raise NotUploaded(f"The picture {path.name} cannot be read any more; ask again to make it anew.") from error
    begun = await client.files_getUploadURLExternal(filename=path.name, length=len(data), alt_txt=picture.alt)
    file_id = str(begun["file_id"])
    try:
        answer = await http.post(str(begun["upload_url"]), content=data)
    except httpx.HTTPError as error:
        raise NotUploaded("Slack did not take a picture; it will be tried again.") from error
    if answer.status_code != 200:
        raise NotUploaded(f"Slack did not take a picture, it answered {answer.status_code}; it will be tried again.")
    await client.files_completeUploadExternal(files=[{"id": file_id, "title": picture.title}])
    await _ready(client, file_id, pause)
    return file_id


async def _ready(client: AsyncWebClient, file_id: str, pause: Pause) -> None:
    for wait in (*WAITS, None):
        info = await client.files_info(file=file_id)
        file = info.get("file")
        if isinstance(file, dict) and file.get("mimetype"):
            return
        if wait is not None:
            await pause(wait)
    raise NotReady("Slack has not got a picture ready to be shown.")


async def download(client: AsyncWebClient, http: httpx.AsyncClient, file_id: str) -> bytes:
    """Fetch a file that somebody shared with the app, by its id.

    Raises:
        NotUploaded: it is too large, or Slack does not hand it out.
    """
    try:
        info = await client.files_info(file=file_id)
    except SlackApiError as error:
        name = str(error.response.get("error"))
        raise NotUploaded(_KEPT.get(name, f"Slack did not hand the file out ({name}); try again.")) from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise NotUploaded("Slack did not answer when it was asked for the file; try again.") from error
    file = info.get("file") or {}
    url = str(file.get("url_private_download") or file.get("url_private") or "")
    if not _is_slacks(url, client.base_url):
        raise NotUploaded("Slack has no copy of this file; drop the picture itself into the channel.")
    if int(file.get("size") or 0) > LARGEST:
        raise NotUploaded(_TOO_LARGE)
    data = bytearray()
    try:
        async with http.stream("GET", url, headers={"Authorization": f"Bearer {client.token}"}) as answer:
            if answer.status_code != 200:
                raise NotUploaded(f"Slack did not hand the file out, it answered {answer.status_code}; try again.")
            if answer.headers.get("content-type", "").startswith("text/html"):  # a sign-in page, with status 200
                raise NotUploaded(_KEPT["missing_scope"])
            async for piece in answer.aiter_bytes():
                data += piece
                if len(data) > LARGEST:
                    raise NotUploaded(_TOO_LARGE)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NotUploaded("Slack broke off while it handed the file out; try again.") from error
    return bytes(data)


def _is_slacks(url: str, base_url: str) -> bool:
    """Whether an address is Slack's own, so that the token may be shown there: it must go to nobody else."""
    host, ours = urlsplit(url), urlsplit(base_url)
    name = host.hostname or ""
    return host.netloc == ours.netloc or (host.scheme == "https" and (name == "slack.com" or name.endswith(_SLACKS)))
