"""Articles handed in as files: plain text as it is, and saved web pages reduced to what their authors wrote."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import urljoin

from bot.sources.base import Captured, Link, LinkRefused, Media, Unreadable
from bot.sources.dates import DISAGREEMENT, settle
from bot.sources.links import is_short, normalise
from storage.records import HANDED_IN, digest

ROUTE = HANDED_IN
HTML_LIMIT = 16 * 2**20
"""Bytes; far more than an article's page, little enough to parse."""


def from_text(
    data: bytes,
    *,
    url: str | None,
    publisher: str | None,
    published: datetime | None,
    captured_at: datetime,
    name: str,
) -> Captured:
    """Take in one plain text: UTF-8, a byte-order mark dropped, line ends kept.

    Args:
        data: the file's bytes, which are archived as they are.
        url: where the text was published; it decides the post's id, else the bytes do.
        publisher: who published it, as the person says who hands it in.
        published: when, as that person says; aware.
        captured_at: now, or when the file was saved.
        name: the file's name, for messages.

    Raises:
        Unreadable: not UTF-8, or nothing in it.
        LinkRefused: the URL is refused.
    """
    text = decode_text(data, name)
    if not text.strip():
        raise Unreadable(f"{name} is empty; there is nothing to archive.")
    post = _post(data, "text/plain", given_link(url), publisher, published, captured_at)
    return replace(post, text=text)


def decode_text(data: bytes, name: str) -> str:
    """Decode a text file: UTF-8, a byte-order mark dropped, line ends kept.

    Raises:
        Unreadable: not UTF-8, or binary.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{name} is not UTF-8 text (byte {error.start}); save it as UTF-8.") from error
    if "\0" in text:
        raise Unreadable(f"{name} is not plain text but a binary or UTF-16 file; save it as UTF-8.")
    return text


def from_html(
    data: bytes,
    *,
    url: str | None = None,
    publisher: str | None = None,
    published: datetime | None = None,
    captured_at: datetime,
    name: str,
) -> Captured:
    """Take in one saved web page: title and main text, with a blank line between paragraphs.

    Author, date, publisher, address and picture are the claims of the page; what the person says who hands it in goes
    before them. The picture is named, never fetched: that would tell the site who is looking.

    Raises:
        Unreadable: too large, or no text in it.
        LinkRefused: the given URL is refused.
    """
    from bot.sources.pages import read_page

    link = given_link(url)
    if len(data) > HTML_LIMIT:
        raise Unreadable(f"{name} is larger than {HTML_LIMIT // 2**20} MB; save the article alone.")
    page = read_page(data)
    if page is None or not page.text.strip():
        raise Unreadable(f"{name} holds no article text; save the page again once it is fully shown.")
    notes: list[str] = []
    claimed = _claimed_link(page.canonical)
    if link is None and claimed is not None:
        link = claimed
        notes.append("The address is the page's own claim.")
    elif link is not None and claimed is not None and claimed.post_id != link.post_id:
        notes.append(f"The page itself gives another address: {claimed.url}.")
    if published is not None and page.published is not None and abs(published - page.published) > DISAGREEMENT:
        notes.append(f"The page itself gives another date: {page.published.isoformat()}.")
    base = link.url if link is not None else ""
    image = urljoin(base, page.image) if page.image else ""
    media = (Media(image, None, problem="The page's picture is not fetched, so that its site learns nothing."),)
    post = _post(data, "text/html", link, publisher or page.publisher, published or page.published, captured_at)
    return replace(
        post,
        text="\n\n".join(page.paragraphs),
        author_name=page.author,
        lang=page.lang,
        media=media if image.startswith(("https://", "http://")) else (),
        notes=(*post.notes, *page.notes, *notes),
    )


def given_link(url: str | None) -> Link | None:
    """Normalise the address that somebody gives for a text; None where none is given.

    Raises:
        LinkRefused: the address is refused, or is a shortened one, which no file can be archived under.
    """
    if url is None:
        return None
    link = normalise(url)
    if is_short(link):
        raise LinkRefused("A shortened link does not name a post; open it and give the address it leads to.")
    return link


def _claimed_link(url: str) -> Link | None:
    """Read the page's own address; a page on disk may not claim to be a post of a platform."""
    try:
        link = normalise(url)
    except LinkRefused:
        return None
    return link if link.platform == "web" else None


def _post(
    data: bytes,
    media_type: str,
    link: Link | None,
    publisher: str | None,
    published: datetime | None,
    captured_at: datetime,
) -> Captured:
    posted_at, basis, notes = settle(link, published)
    return Captured(
        post_id=link.post_id if link else f"text:{digest(data)[:20]}",
        platform=link.platform if link else "text",
        native_id=link.native_id if link else None,
        url=link.url if link else None,
        raw=data,
        media_type=media_type,
        route=ROUTE,
        captured_at=captured_at,
        source_url=link.archive_url if link else None,
        publisher=publisher,
        posted_at=posted_at,
        posted_at_basis=basis,
        notes=notes,
    )
