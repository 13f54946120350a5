"""Posts handed in as files: one post a line of JSON, each line on its own, so that a bad one costs only itself."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote_to_bytes

from bot.sources.articles import ROUTE, given_link
from bot.sources.base import Captured, Link, LinkRefused, Media, Unreadable
from bot.sources.dates import read_date, settle
from bot.sources.payload import language, text
from storage.records import digest

LINE_LIMIT = 64 * 2**20
"""Bytes of one line; pictures may stand in it as data: URLs."""
PICTURE_LIMIT = 64 * 2**20
"""Bytes of one picture file."""
IMAGES_LIMIT = 100
"""Pictures of one post."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """Something that could not be taken in: where it stands (from 1), and why in one sentence."""

    number: int
    why: str


def from_jsonl(path: Path, captured_at: datetime) -> Iterator[Captured | BadLine]:
    """Read posts from a file, one JSON object a line; empty lines are passed over.

    A line holds `url, platform, author, author_name, posted_at, text, lang, images, publisher, captured_at`; only
    `text` or `images` is required. Pictures are paths in the file's folder, or data: URLs.

    Raises:
        Unreadable: the file cannot be opened.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}.") from error
    with file:
        for number, line in enumerate(_lines(file), 1):
            if line is None:
                yield BadLine(number, f"The line is longer than {LINE_LIMIT // 2**20} MB; put its pictures into files.")
            elif line.strip(b" \t\r\n"):
                yield _post(line, number, path.parent, captured_at)


def _lines(file: BinaryIO) -> Iterator[bytes | None]:
    """Yield lines without their ends, None for one that is too long; never more than the limit is held."""
    while line := file.readline(LINE_LIMIT + 1):
        if len(line) <= LINE_LIMIT or line.endswith(b"\n"):
            yield line.removesuffix(b"\n").removesuffix(b"\r")
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(2**20)
        yield None


def _post(line: bytes, number: int, folder: Path, captured_at: datetime) -> Captured | BadLine:
    try:
        value = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError:
        return BadLine(number, "The line is not UTF-8.")
    except json.JSONDecodeError as error:
        return BadLine(number, f"The line is not JSON: {error.msg} at character {error.pos}.")
    except (ValueError, RecursionError):
        return BadLine(number, "The line is not JSON that can be read: a number or a nesting is beyond reason.")
    if not isinstance(value, dict):
        return BadLine(number, "The line is not a JSON object.")
    if not isinstance(value.get("text", ""), str | None) or not isinstance(value.get("images", []), list | None):
        return BadLine(number, "`text` must be a string and `images` a list.")
    words = text(value.get("text"))
    images = value.get("images") or []
    if len(images) > IMAGES_LIMIT:
        return BadLine(number, f"The line names more than {IMAGES_LIMIT} pictures.")
    media = tuple(_picture(image, folder) for image in images)
    if not words.strip() and not any(item.data for item in media):
        return BadLine(number, media[0].problem if media else "The line has neither `text` nor `images`.")
    return _captured(value, line, words, media, captured_at)


def _captured(
    value: dict[str, Any], line: bytes, words: str, media: tuple[Media, ...], captured_at: datetime
) -> Captured:
    notes: list[str] = []
    link = _link(value, notes)
    stated = _date(value, "posted_at", notes)
    posted_at, basis, disagreement = settle(link, stated)
    return Captured(
        post_id=link.post_id if link else f"text:{digest(line)[:20]}",
        platform=link.platform if link else text(value.get("platform")) or "text",
        native_id=link.native_id if link else None,
        url=link.url if link else None,
        raw=line,
        media_type="application/json",
        route=ROUTE,
        captured_at=_date(value, "captured_at", notes) or captured_at,
        source_url=link.archive_url if link else None,
        author=text(value.get("author")) or None,
        author_name=text(value.get("author_name")) or None,
        publisher=text(value.get("publisher")) or None,
        posted_at=posted_at,
        posted_at_basis=basis,
        text=words,
        lang=language(value.get("lang")),
        media=media,
        notes=(*notes, *disagreement),
    )


def _link(value: dict[str, Any], notes: list[str]) -> Link | None:
    url = text(value.get("url"))
    if not url:
        return None
    try:
        return given_link(url)
    except LinkRefused as error:
        notes.append(f"The post's link is not kept: {error}")
        return None


def _date(value: dict[str, Any], field: str, notes: list[str]) -> datetime | None:
    written = value.get(field)
    if written is None or written == "":
        return None
    read = read_date(written) if isinstance(written, str) else None
    if read is None:
        notes.append(f"`{field}` cannot be read as a date: {str(written)[:60]!r}.")
        return None
    if read[1]:
        notes.append(read[1])
    return read[0]


def _picture(image: object, folder: Path) -> Media:
    """Take in one picture of a line: a data: URL, or a file in the folder of the lines or below it."""
    if not isinstance(image, str) or not image:
        return Media(None, None, problem="A picture is named by something that is not a path or a data: URL.")
    if image[:5].lower() == "data:":
        return _inline(image)
    if image[:8].lower().startswith(("http://", "https://")):
        return Media(image, None, problem="Pictures on the web are not fetched when posts are taken in from a file.")
    try:
        file = (folder / image).resolve()
        inside = file.is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):
        return Media(None, None, problem=f"{image[:200]!r} is not a usable path.")
    if not inside:
        return Media(
            None, None, problem=f"{image[:200]!r} lies outside the folder of the posts; put the picture there."
        )
    return read_picture(file, image)


def read_picture(file: Path, name: str) -> Media:
    """Read a picture file under the cap; what its bytes are worth is for the decoder to say."""
    try:
        if not file.is_file():
            return Media(None, None, problem=f"The picture {name[:200]!r} does not exist.")
        with file.open("rb") as opened:
            data = opened.read(PICTURE_LIMIT + 1)
    except (OSError, ValueError) as error:
        return Media(None, None, problem=f"The picture {name[:200]!r} cannot be read: {error}.")
    if len(data) > PICTURE_LIMIT:
        return Media(None, None, problem=f"The picture {name[:200]!r} is larger than {PICTURE_LIMIT // 2**20} MB.")
    if not data:
        return Media(None, None, problem=f"The picture {name[:200]!r} is empty.")
    return Media(None, data)


def _inline(url: str) -> Media:
    head, comma, payload = url[5:].partition(",")
    try:
        if not comma:
            raise ValueError("no comma")
        packed = unquote_to_bytes(payload)
        data = base64.b64decode(packed, validate=True) if head.lower().endswith(";base64") else packed
    except (binascii.Error, ValueError):
        return Media(None, None, problem="A picture's data: URL is broken.")
    return Media(None, data) if data else Media(None, None, problem="A picture's data: URL is empty.")
