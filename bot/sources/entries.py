"""One RSS or Atom document to its entries: feedparser reads it, and each entry keeps its own bytes.

Pure, and heavy for a large document (0.2 ms an entry, measured): to be called off the loop.

What is the raw capture of one entry? Its own bytes: the `<item>` or `<entry>` element cut out of the document as it
came, nothing decoded, nothing rewritten, so that it can be found again in the archived document, and is the same
at every fetch for as long as the publisher leaves it alone. Where it cannot be cut out (the XML is malformed, is in an
encoding with several bytes a sign, or declares entities of its own), the whole document is the capture of each of its
entries: more than needed, but still what came.
"""

from __future__ import annotations

import io
import mimetypes
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.parsers import expat

from bot.sources.base import CaptureFailed
from bot.sources.fragments import plain_text
from bot.sources.payload import items, language, mapping, text
from bot.sources.pictures import TYPES

MALFORMED_LIMIT = 2**20
"""Bytes of a document that is no well-formed XML: the reader of such goes tag by tag (about 2 s a MB, measured)."""
DEPTH_LIMIT = 100
"""Elements within elements; real feeds stay under 20."""
THUMBNAIL_SIDE = 100
"""Pixels; a thumbnail that says it is smaller is somebody's avatar or an icon."""
_TAGS = frozenset({"item", "entry"})
_TAG_NAME = re.compile(rb"[^\s/>]+")
_PARSER_FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What feedparser was seen to raise, or may, on broken input (random changes to real feeds)."""
_TROUBLE = re.compile(
    rb"</?(?:(?:georss|gml|geo):\w+|width|height)\b[^<>]*>|&#(?:[xX](?P<hexadecimal>[0-9a-fA-F]+)|(?P<decimal>[0-9]+));?"
)
"""What it fails at: positions and sizes that are empty or no numbers, and references to signs that do not exist."""
_MARKUP = frozenset({"text/html", "application/xhtml+xml"})


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that an entry names. `kind` is as of `Media`."""

    url: str
    kind: str = "photo"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the feed has it; empty where it says nothing.

    Attributes:
        raw: its bytes, or those of the whole document (see above); `cut` says which.
        guid: the feed's own id of it.
        link: where it leads, absolute.
        published, updated: dates as they are written.
        body: the content, else the summary, as plain text.
        author: the name of who wrote it.
        pictures: in the order of the feed, each once.
    """

    raw: bytes
    cut: bool
    guid: str
    link: str
    title: str
    body: str
    published: str
    updated: str
    author: str
    lang: str | None
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A feed read: its title, its entries in the order of the document, and what a reader must be told of it."""

    title: str
    entries: tuple[Entry, ...]
    notes: tuple[str, ...]


def read_feed(data: bytes, content_type: str, url: str) -> FeedDocument:
    """Read a document.

    Args:
        data: the bytes as they came, unpacked.
        content_type: as the server declared it, with its charset.
        url: where the document came from: what its relative links start at.

    Raises:
        CaptureFailed: it is no feed, or one that is not worth reading; the sentence says what to do.
    """
    host = urlsplit(url).hostname or "The address"
    if not data.strip():
        raise CaptureFailed(f"{host} sent an empty answer instead of a feed; try again later.")
    pieces = _cut(data)
    if pieces is None and len(data) > MALFORMED_LIMIT:
        raise CaptureFailed(
            f"The feed of {host} is malformed XML, and larger than the {MALFORMED_LIMIT // 2**20} MB "
            "of it that are read; tell its publisher."
        )
    try:
        found = _parse(data, content_type)
    except _PARSER_FAULTS:
        try:
            found = _parse(_TROUBLE.sub(_tamed, data), content_type)
        except _PARSER_FAULTS as error:
            raise CaptureFailed(f"The feed of {host} is too broken to be read; tell its publisher.") from error
    if not found.get("version"):
        raise CaptureFailed(_no_feed(found, host, url))
    entries = items(found.get("entries"))
    if pieces is None or len(pieces) != len(entries):
        pieces = []
    notes = []
    if found.get("bozo") and pieces == [] and entries:
        notes.append(f"The feed of {host} is malformed; what could be read of it was.")
    feed = mapping(found.get("feed"))
    return FeedDocument(
        title=_line(feed.get("title_detail"), feed.get("title")),
        entries=tuple(
            _entry(entry, feed, url, pieces[place] if pieces else data, bool(pieces))
            for place, entry in enumerate(entries)
        ),
        notes=tuple(notes),
    )


def _parse(data: bytes, content_type: str) -> dict[str, Any]:
    import feedparser

    # As a stream: a text, or bytes, would be tried as an address and as a file's name first. Without the address:
    # with one, ids would be resolved like links, and change with it.
    found: dict[str, Any] = feedparser.parse(
        io.BytesIO(data),
        response_headers={"content-type": content_type},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    return found


def _tamed(trouble: re.Match[bytes]) -> bytes:
    """Take out a tag that the reader stumbles over, and give a sign that does not exist its replacement."""
    number = trouble["hexadecimal"] or trouble["decimal"]
    if number is None:
        return b""
    sign = int(number[:9], 16 if trouble["hexadecimal"] else 10)
    return trouble[0] if 0 < sign < 0xD800 or 0xE000 <= sign < 0x110000 else b"&#xFFFD;"


class _Uncuttable(Exception):
    """The elements of the document do not stand in it as bytes of their own."""


def _cut(data: bytes) -> list[bytes] | None:
    """Return the bytes of each outermost entry; None where the document is no plain well-formed XML.

    Raises:
        CaptureFailed: it is nested beyond reason.
    """
    if b"\0" in data[:4] or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return None
    parser = expat.ParserCreate(namespace_separator=" ")
    spans: list[tuple[int, int]] = []
    state = {"depth": 0, "inside": 0, "start": 0}

    def start(name: str, _attributes: Mapping[str, str]) -> None:
        state["depth"] += 1
        if state["depth"] > DEPTH_LIMIT:
            raise CaptureFailed(f"The feed is nested more than {DEPTH_LIMIT} deep; no reader is meant to read it.")
        if not state["inside"] and name.rpartition(" ")[2].lower() in _TAGS:
            state["inside"], state["start"] = state["depth"], parser.CurrentByteIndex

    def end(_name: str) -> None:
        if state["depth"] == state["inside"]:
            # Where an element ends: before its end tag, or after it where one tag is both (`<item/>`).
            first, last = state["start"], parser.CurrentByteIndex
            tag = _TAG_NAME.match(data, first + 1)
            ended = tag is not None and data.startswith(b"</" + tag[0], last)
            spans.append((first, data.index(b">", last) + 1 if ended else last))
            state["inside"] = 0
        state["depth"] -= 1

    def doctype(_name: str, _system: str | None, _public: str | None, has_internal_subset: int) -> None:
        if has_internal_subset:
            raise _Uncuttable

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, _Uncuttable, ValueError, LookupError):
        return None
    return [data[first:last] for first, last in spans]


def _no_feed(found: Mapping[str, Any], host: str, url: str) -> str:
    """Say that a document is no feed, and where the page says that its feed is."""
    for link in items(mapping(found.get("feed")).get("links")):
        kind = text(link.get("type"))
        if link.get("rel") == "alternate" and kind.startswith(("application/rss", "application/atom")):
            there = _absolute(url, text(link.get("href")))
            if there:
                return f"{host} sent a web page, not a feed; the page names this feed: {there[:500]}."
    return f"{host} sent something that is not a feed; give the address of its RSS or Atom feed."


def _entry(entry: dict[str, Any], feed: Mapping[str, Any], url: str, raw: bytes, cut: bool) -> Entry:
    title = _line(entry.get("title_detail"), entry.get("title"))
    contents = [_words(content) for content in items(entry.get("content"))]
    body = max(contents, key=len, default="") or _words(mapping(entry.get("summary_detail")))
    body = body or _words(mapping(entry.get("subtitle_detail")))
    author = mapping(entry.get("author_detail"))
    details = [*items(entry.get("content")), mapping(entry.get("summary_detail")), mapping(entry.get("title_detail"))]
    spoken = next((detail["language"] for detail in details if detail.get("language")), feed.get("language"))
    return Entry(
        raw=raw,
        cut=cut,
        guid=text(entry.get("id")).strip(),
        link=_leads_to(entry, url),
        title=title,
        body=body,
        # Without the mapping of feedparser, in which a missing date is another one with a warning.
        published=text(dict.get(entry, "published")).strip(),
        updated=text(dict.get(entry, "updated")).strip(),
        author=" ".join((text(author.get("name")) or text(entry.get("author"))).split()),
        lang=language(text(spoken).partition("-")[0].strip().lower()),
        pictures=tuple(_pictures(entry, url)),
    )


def _leads_to(entry: Mapping[str, Any], url: str) -> str:
    """Return where an entry leads to; a `guid` that RSS calls a link by default, but that is only an id, is none."""
    guid, link = text(entry.get("id")).strip(), text(entry.get("link")).strip()
    if link == guid and not guid.lower().startswith(("http://", "https://")):
        return ""
    return _absolute(url, link)


def _words(detail: Mapping[str, Any]) -> str:
    """Read a piece of content: markup to plain text, text as it is, anything else (a picture in base64) not at all."""
    kind, value = text(detail.get("type")).lower(), text(detail.get("value"))
    if kind in _MARKUP:
        return text(plain_text(value))
    return value.strip() if kind.startswith("text/") or not kind else ""


def _line(detail: object, value: object) -> str:
    """Read a title as one line."""
    return " ".join((_words(mapping(detail)) if detail else text(value)).split())


def _absolute(url: str, written: str) -> str:
    """Make an address absolute, if it is one of the web; empty where it is not."""
    try:
        there = urljoin(url, written.strip()) if written.strip() else ""
    except ValueError:
        return ""
    return there if there.lower().startswith(("http://", "https://")) else ""


def _pictures(entry: Mapping[str, Any], url: str) -> Iterator[Picture]:
    """Name the pictures of an entry: enclosures and media:content; where there is none, the thumbnails."""
    attached = [link for link in items(entry.get("links")) if link.get("rel") == "enclosure"]
    contents = [*attached, *items(entry.get("media_content"))]
    found = [_absolute(url, _address(content)) for content in contents if _shows(content, url) == "image"]
    if any(found):
        yield from (Picture(there) for there in dict.fromkeys(found) if there)
        return
    kind = "video-poster" if any(_shows(content, url) == "video" for content in contents) else "photo"
    stills = [still for still in items(entry.get("media_thumbnail")) if not _tiny(still)]
    for there in dict.fromkeys(_absolute(url, _address(still)) for still in stills):
        if there:
            yield Picture(there, kind)


def _address(content: Mapping[str, Any]) -> str:
    return text(content.get("href")) or text(content.get("url"))


def _shows(content: Mapping[str, Any], url: str) -> str:
    """Say what an attachment is, `image`, `video` or another, by what it says of itself and else by its name."""
    if medium := text(content.get("medium")).strip().lower():
        return medium
    kind = text(content.get("type")).strip().lower()
    if kind in ("", "application/octet-stream"):
        name = urlsplit(_absolute(url, _address(content))).path
        kind = TYPES.get(PurePosixPath(name).suffix.lower()) or mimetypes.guess_type(name)[0] or ""
    return "video" if kind == "application/x-shockwave-flash" else kind.partition("/")[0]


def _tiny(still: Mapping[str, Any]) -> bool:
    sides = (text(still.get(side)).strip() for side in ("width", "height"))
    return any(side.isdecimal() and len(side) < 6 and int(side) < THUMBNAIL_SIDE for side in sides)
