"""Pictures handed in as files: one, or a folder of them, with what `captions.csv` beside them says."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.sources.articles import ROUTE, given_link
from bot.sources.base import Captured, Link, LinkRefused, Media, Unreadable
from bot.sources.dates import read_date
from bot.sources.files import Found, read_picture
from bot.sources.local import read_file, trouble
from storage.records import TimeBasis, digest
from storage.taken import Stamp

CAPTIONS = "captions.csv"
_CAPTIONS_LIMIT = 64 * 2**20
TYPES: Mapping[str, str] = {
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

_SAID = (("text", "caption"), ("posted_at", "date"), ("author_name", "credit"))
"""What a row of captions says, by the field of `Captured` that it fills and its column."""


@dataclass(frozen=True, slots=True)
class Caption:
    """What somebody wrote about one picture: where that stands, and the cells by the names of their columns."""

    where: str
    cells: Mapping[str, str]


def from_pictures(
    path: Path,
    captured_at: datetime,
    publisher: str | None = None,
    unchanged: Callable[[Stamp], bool] = lambda _stamp: False,
) -> Iterator[Found]:
    """Take in one picture, or every picture of a folder and the folders below it, in the order of their names.

    Each is a post of its own, `picture:` and the digest of its bytes. A `captions.csv` speaks for the pictures beside
    and below it, by the columns `file`, `caption`, `date`, `credit`, `url`, in any order; without a date the picture's
    own metadata is left for intake to read.

    Args:
        path: the picture or the folder.
        captured_at: the time now.
        publisher: whose pictures these are, where no credit says so.
        unchanged: whether a file, with what is said beside it, was taken in before as it is: then it is not read.

    Raises:
        Unreadable: nothing is there, or it is no picture.
    """
    files = picture_files(path)
    root = path if path.is_dir() else path.parent
    captions: dict[Path, dict[str, Caption]] = {}
    for folder in sorted({root} | {folder for file in files for folder in _up_to(root, file)}):
        try:
            captions[folder] = _captions(folder)
        except Unreadable as error:
            captions[folder] = {}
            yield Found(str(folder / CAPTIONS), None, str(error))
    for file in files:
        rows = [captions[folder].pop(file.relative_to(folder).as_posix(), None) for folder in _up_to(root, file)]
        caption = next((row for row in rows if row), None)
        stamp = _stamp(file, caption)
        if stamp is not None and unchanged(stamp):
            yield Found(str(file), None, stamp=stamp)
            continue
        try:
            captured = picture_post(read_picture(file), file.suffix, captured_at, caption, publisher)
        except Unreadable as error:
            yield Found(str(file), None, str(error))
        else:
            said = tuple((field, f"the {column} in {CAPTIONS}") for field, column in _SAID) if caption else ()
            yield Found(str(file), captured, stated=said, stamp=stamp)
    for left in captions.values() if path.is_dir() else ():
        for name, row in left.items():
            yield Found(row.where, None, f"It speaks of {name[:200]!r}, which is not there.")


def _stamp(file: Path, caption: Caption | None) -> Stamp | None:
    """Tell how a file is found, before it is read; None where it cannot even be told."""
    try:
        told = file.stat()
    except OSError:
        return None
    said = repr(sorted(caption.cells.items())) if caption else ""
    return Stamp(file.absolute(), told.st_size, told.st_mtime_ns, said)


def picture_files(path: Path) -> list[Path]:
    """Return the files of pictures that a path means: itself, or those of a folder and the folders below it.

    Raises:
        Unreadable: nothing is there, or it is no picture; the sentence calls the path "it".
    """
    try:
        if path.is_dir():
            os.scandir(path).close()  # a folder that may not be read would look like an empty one
            return sorted((file for file in path.rglob("*") if _is_picture(file, path)), key=lambda file: file.parts)
        if not path.exists():
            raise Unreadable("It does not exist.")
    except (OSError, ValueError) as error:
        raise Unreadable(trouble(error)) from error
    if path.is_file() and path.suffix.lower() in TYPES:
        return [path]
    raise Unreadable(f"It is neither a picture nor a folder; pictures end in {', '.join(sorted(TYPES))}.")


def _up_to(root: Path, file: Path) -> list[Path]:
    """Return the folders that hold a file, nearest first, up to the root: the nearest caption counts."""
    return [folder for folder in file.parents if folder.is_relative_to(root)]


def _is_picture(file: Path, root: Path) -> bool:
    """Whether a file below a folder is a picture of that folder: hidden ones and links out of it are not."""
    hidden = any(part.startswith(".") for part in file.relative_to(root).parts)
    return (
        not hidden and file.suffix.lower() in TYPES and file.is_file() and file.resolve().is_relative_to(root.resolve())
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
        text = read_file(file, _CAPTIONS_LIMIT).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("It is not UTF-8; save the table as UTF-8.") from error
    rows = csv.reader(io.StringIO(text, newline=""))
    found: dict[str, Caption] = {}
    number = 1
    try:
        header = [name.strip().lower() for name in next(rows, [])]
        if "file" not in header:
            raise Unreadable("It has no column `file`; its first row must name the columns.")
        for number, row in enumerate(rows, 2):
            cells = dict(zip(header, row, strict=False))
            if name := cells.get("file", "").strip():
                found[name] = Caption(f"{file}, row {number}", cells)
    except csv.Error as error:
        raise Unreadable(f"It cannot be read after row {number}: a cell is too long or badly quoted.") from error
    return found


def post_id(sha256: str) -> str:
    """Return the id of the post of one picture, by the digest of its bytes."""
    return f"picture:{sha256[:20]}"


def picture_post(
    data: bytes, suffix: str, captured_at: datetime, caption: Caption | None = None, publisher: str | None = None
) -> Captured:
    """Make the post of one picture: its id is that of its bytes; `suffix` is the file's, `caption` a row about it.

    `publisher` is whose picture it is where the row gives no credit.
    """
    notes: list[str] = []
    said = caption.cells if caption else {}
    link: Link | None = None
    if said.get("url", "").strip():
        try:
            link = given_link(said["url"])
        except LinkRefused as error:
            notes.append(f"The picture's link is not kept: {error}")
    written = said.get("date", "").strip()
    date = read_date(written) if written else None
    if written and date is None:
        notes.append(f"The date cannot be read: {written[:60]!r}.")
    elif date is not None and date[1]:
        notes.append(date[1])
    words = said.get("caption", "")
    credit = said.get("credit", "").strip() or None
    return Captured(
        post_id=post_id(digest(data)),
        platform="picture",
        native_id=None,
        url=link.url if link else None,
        raw=data,
        media_type=TYPES.get(suffix.lower(), "application/octet-stream"),
        route=ROUTE,
        captured_at=captured_at,
        source_url=link.archive_url if link else None,
        author_name=credit,
        publisher=None if credit else publisher,
        posted_at=date[0] if date else None,
        posted_at_basis=TimeBasis.STATED if date else TimeBasis.UNKNOWN,
        text=words,
        media=(Media(None, data, caption=words),),
        notes=tuple(f"{caption.where}: {note}" for note in notes) if caption else (),
    )
