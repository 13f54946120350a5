"""`read FILE`: everything the reader finds in a text, and why; nothing is stored."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.findings import ReadFinding
from bot.reading.model import Context
from bot.reading.names.watchlist import WatchList
from bot.reading.reader import read as read_text
from bot.settings import Settings
from bot.sources.articles import decode_text
from bot.sources.base import Unreadable
from bot.sources.local import TEXT_LIMIT, read_file, read_stream
from storage import people
from storage.database import DATABASE_FILE, Database
from storage.records import Person


def read(
    settings: Settings,
    data: bytes,
    *,
    name: str = "the text",
    watch: Sequence[str] = (),
    published: datetime | None = None,
    lang: str | None = None,
) -> ReadFinding:
    """Read one text.

    Args:
        settings: tell where the store is; its people are watched for where `watch` is empty.
        data: the file's bytes, UTF-8; a byte-order mark is dropped, line ends are kept.
        name: of the file, for messages.
        watch: names to watch for instead.
        published: when the text was published.
        lang: its language, where known.

    Raises:
        DatelineError: the bytes are no UTF-8 text.
    """
    text = decode_text(data, name)
    watched = [Person(people.person_id(name), name) for name in watch] or _people_of(settings)
    context = Context(published=published, lang=lang)
    found = read_text(text, WatchList(watched), context, everything=True)
    return ReadFinding(found.lang, text, found.mentions, found.sightings)


def text_of(file: Path) -> bytes:
    """Return the bytes of a text file, or of standard input where it is called `-`.

    Raises:
        Unreadable: it cannot be read, or is larger than a text that Dateline takes.
    """
    try:
        return read_stream(sys.stdin.buffer, TEXT_LIMIT) if str(file) == "-" else read_file(file, TEXT_LIMIT)
    except Unreadable as refused:
        raise Unreadable(f"{file}: {refused}") from refused


def _people_of(settings: Settings) -> list[Person]:
    """The store's people; a store that is not there is not made."""
    path = settings.home / DATABASE_FILE
    if not path.exists():
        return []
    with Database.open(path) as db, db.read() as tx:
        return people.all(tx)
