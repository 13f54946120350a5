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
from bot.sources.local import PICTURE_LIMIT, TEXT_LIMIT, read_file, trouble
from bot.sources.payload import language, text
from storage.records import digest
from storage.taken import Stamp

LINE_LIMIT = 64 * 2**20
"""Bytes of one line; pictures may stand in it as data: URLs."""
IMAGES_LIMIT = 100
"""Pictures of one post."""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a file or a folder holds.

    Attributes:
        where: where it stands, as a person is told: `posts.jsonl, line 3`, `captions.csv, row 2`, or the file alone.
        captured: the post; None where it cannot be taken in, or need not be.
        why_not: why it cannot, in one sentence in which "it" is what stands there; empty where it need not be: it
            was taken in before, and has not changed.
        stated: what was said of the post beside its bytes, as pairs of the field of `Captured` and what a person
            calls it: said of the same bytes a second time, it changes nothing.
        stamp: how its file was found, where it is a file of its own that need not be read again.
    """

    where: str
    captured: Captured | None
    why_not: str = ""
    stated: tuple[tuple[str, str], ...] = ()
    stamp: Stamp | None = None


def from_jsonl(path: Path, captured_at: datetime) -> Iterator[Found]:
    """Read posts from a file, one JSON object a line; empty lines are passed over.

    A line holds `url, platform, author, author_name, posted_at, text, lang, images, publisher, captured_at`; only
    `text` or `images` is required. Pictures are paths in the file's folder, or data: URLs.

    Raises:
        Unreadable: the file cannot be opened.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise Unreadable(trouble(error)) from error
    with file:
        for number, line in enumerate(_lines(file), 1):
            where = f"{path}, line {number}"
            try:
                if line is None:
                    raise Unreadable(f"It is longer than {LINE_LIMIT // 2**20} MB; put its pictures into files.")
                if line.strip(b" \t\r\n"):
                    yield Found(where, _post(line, number, path.parent, captured_at))
            except Unreadable as refused:
                yield Found(where, None, str(refused))


def _lines(file: BinaryIO) -> Iterator[bytes | None]:
    """Yield lines without their ends, None for one that is too long; never more than the limit is held."""
    while line := file.readline(LINE_LIMIT + 1):
        if len(line) <= LINE_LIMIT or line.endswith(b"\n"):
            yield line.removesuffix(b"\n").removesuffix(b"\r")
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(2**20)
        yield None


def _post(line: bytes, number: int, folder: Path, captured_at: datetime) -> Captured:
    value = _object(line, number)
    if not isinstance(value.get("text", ""), str | None) or not isinstance(value.get("images", []), list | None):
        raise Unreadable("Its `text` must be a string and its `images` a list.")
    words = text(value.get("text"))
    if len(words) > TEXT_LIMIT:
        raise Unreadable(
            f"Its `text` is longer than the {TEXT_LIMIT // 2**20} MB that Dateline takes; give a part of it."
        )
    images = value.get("images") or []
    if len(images) > IMAGES_LIMIT:
        raise Unreadable(f"It names more than {IMAGES_LIMIT} pictures.")
    media = tuple(_picture(image, folder) for image in images)
    if not words.strip() and not any(item.data for item in media):
        raise Unreadable(media[0].problem if media else "It has neither `text` nor `images`.")
    return _captured(value, line, words, media, captured_at)


def _object(line: bytes, number: int) -> dict[str, Any]:
    try:
        value = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        raise Unreadable("It is not UTF-8; save the file as UTF-8.") from error
    except json.JSONDecodeError as error:
        raise Unreadable(f"It is not JSON: character {error.pos + 1} does not fit.") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable("It is not JSON that can be read: a number or a nesting is beyond reason.") from error
    if not isinstance(value, dict):
        raise Unreadable("It is JSON but not an object; a post is written in braces.")
    return value


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
    return _beside(file, image)


def _beside(file: Path, name: str) -> Media:
    try:
        return Media(None, read_picture(file))
    except Unreadable as refused:
        why = str(refused)
        return Media(None, None, problem=f"The picture {name[:200]!r} is not taken: {why[0].lower()}{why[1:]}")


def read_picture(file: Path) -> bytes:
    """Read a picture file under the cap; what its bytes are worth is for the decoder to say.

    Raises:
        Unreadable: nothing can be read there; the sentence calls the file "it".
    """
    try:
        if file.exists() and not file.is_file():
            raise Unreadable("It is not a file.")
    except OSError as error:
        raise Unreadable(trouble(error)) from error
    data = read_file(file, PICTURE_LIMIT)
    if not data:
        raise Unreadable("It is empty.")
    return data


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
