"""Pictures handed in as files: one, or a folder of them, with what `captions.csv` beside them says."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from bot.sources.articles import ROUTE, given_link
from bot.sources.base import Captured, Link, LinkRefused, Media, Unreadable
from bot.sources.dates import read_date
from bot.sources.files import BadLine, read_picture
from storage.records import TimeBasis, digest

CAPTIONS = "captions.csv"
_CAPTIONS_LIMIT = 64 * 2**20
_TYPES: Mapping[str, str] = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".bmp": "image/bmp",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
}
"""What names of picture files say; the decoder goes by the bytes."""

Caption = Mapping[str, str]


def from_pictures(path: Path, captured_at: datetime) -> Iterator[Captured | BadLine]:
    """Take in one picture, or every picture of a folder and the folders below it, in the order of their names.

    Each is a post of its own, `picture:` and the digest of its bytes. A `captions.csv` speaks for the pictures beside
    and below it, by the columns `file`, `caption`, `date`, `credit`, `url`, in any order; without a date the picture's
    own metadata is left for intake to read.

    Raises:
        Unreadable: nothing is there, or it is no picture.
    """
    if path.is_dir():
        files = sorted((file for file in path.rglob("*") if _is_picture(file, path)), key=lambda file: file.parts)
    elif path.is_file() and path.suffix.lower() in _TYPES:
        files = [path]
    else:
        raise Unreadable(f"{path} is neither a picture nor a folder; give one of {', '.join(sorted(_TYPES))}.")
    root = path if path.is_dir() else path.parent
    captions: dict[Path, dict[str, Caption]] = {}
    number = 0
    for folder in sorted({root} | {folder for file in files for folder in _up_to(root, file)}):
        try:
            captions[folder] = _captions(folder)
        except Unreadable as error:
            captions[folder] = {}
            number += 1
            yield BadLine(number, str(error))
    for file in files:
        number += 1
        media = read_picture(file, str(file))
        if media.data is None:
            yield BadLine(number, media.problem)
        else:
            spoken = [captions[folder].pop(file.relative_to(folder).as_posix(), None) for folder in _up_to(root, file)]
            yield picture_post(media.data, file.suffix, next((row for row in spoken if row), {}), captured_at)
    for folder, left in captions.items():
        for name in left if path.is_dir() else ():
            number += 1
            yield BadLine(number, f"{folder / CAPTIONS} speaks of {name[:200]!r}, which is not there.")


def _up_to(root: Path, file: Path) -> list[Path]:
    """Return the folders that hold a file, nearest first, up to the root: the nearest caption counts."""
    return [folder for folder in file.parents if folder.is_relative_to(root)]


def _is_picture(file: Path, root: Path) -> bool:
    """Whether a file below a folder is a picture of that folder: hidden ones and links out of it are not."""
    hidden = any(part.startswith(".") for part in file.relative_to(root).parts)
    return (
        not hidden
        and file.suffix.lower() in _TYPES
        and file.is_file()
        and file.resolve().is_relative_to(root.resolve())
    )


def _captions(folder: Path) -> dict[str, Caption]:
    """Read the captions of one folder by file name; none where there is no such file.

    Raises:
        Unreadable: the file is too large, not UTF-8, or without the column `file`.
    """
    file = folder / CAPTIONS
    if not file.is_file():
        return {}
    try:
        if file.stat().st_size > _CAPTIONS_LIMIT:
            raise Unreadable(f"{file} is larger than {_CAPTIONS_LIMIT // 2**20} MB; split it by folder.")
        rows = csv.reader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline=""))
        header = [name.strip().lower() for name in next(rows, [])]
        if "file" not in header:
            raise Unreadable(f"{file} has no column `file`; its first line must name the columns.")
        found = (dict(zip(header, row, strict=False)) for row in rows if row)
        return {row["file"].strip(): row for row in found if row.get("file", "").strip()}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Unreadable(f"{file} cannot be read as a UTF-8 table: {error}.") from error


def picture_post(data: bytes, suffix: str, caption: Caption, captured_at: datetime) -> Captured:
    """Make the post of one picture: its id is that of its bytes; `suffix` is the file's, `caption` a row about it."""
    notes: list[str] = []
    link: Link | None = None
    if caption.get("url", "").strip():
        try:
            link = given_link(caption["url"])
        except LinkRefused as error:
            notes.append(f"The picture's link is not kept: {error}")
    written = caption.get("date", "").strip()
    date = read_date(written) if written else None
    if written and date is None:
        notes.append(f"The date cannot be read: {written[:60]!r}.")
    elif date is not None and date[1]:
        notes.append(date[1])
    words = caption.get("caption", "")
    return Captured(
        post_id=f"picture:{digest(data)[:20]}",
        platform="picture",
        native_id=None,
        url=link.url if link else None,
        raw=data,
        media_type=_TYPES.get(suffix.lower(), "application/octet-stream"),
        route=ROUTE,
        captured_at=captured_at,
        source_url=link.archive_url if link else None,
        author_name=caption.get("credit", "").strip() or None,
        posted_at=date[0] if date else None,
        posted_at_basis=TimeBasis.STATED if date else TimeBasis.UNKNOWN,
        text=words,
        media=(Media(None, data, caption=words),),
        notes=tuple(notes),
    )
