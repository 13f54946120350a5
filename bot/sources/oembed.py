"""X's oEmbed answers: a post's text and author in a snippet of HTML, without pictures and without the time of day."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from bot.sources.base import Captured, CaptureFailed, Link, LinkRefused
from bot.sources.dates import settle
from bot.sources.links import normalise
from bot.sources.payload import language, text
from bot.sources.syndication import Answer

ROUTE = "oembed"


def read(payload: Mapping[str, Any], link: Link, answer: Answer) -> Captured:
    """Read the answer for one post.

    Raises:
        CaptureFailed: the answer is about another post, or holds no text.
    """
    snippet = _Snippet()
    snippet.feed(text(payload.get("html")))
    snippet.close()
    if link.post_id not in {_post_id(url) for url in (text(payload.get("url")), *snippet.links[-1:])}:
        raise CaptureFailed(f"X's oEmbed answered with another post than {link.native_id}; the answer is not kept.")
    if not snippet.found:
        raise CaptureFailed("X's oEmbed answered without the post's text; the answer is not kept.")
    posted_at, basis, _ = settle(link, None)
    return Captured(
        post_id=link.post_id,
        platform="x",
        native_id=link.native_id,
        url=link.url,
        raw=answer.raw,
        media_type=answer.media_type,
        route=ROUTE,
        captured_at=answer.captured_at,
        source_url=answer.source_url,
        author=_handle(text(payload.get("author_url"))),
        author_name=text(payload.get("author_name")) or None,
        posted_at=posted_at,
        posted_at_basis=basis,
        text=text("".join(snippet.text)),
        lang=language(snippet.lang),
        notes=("X's oEmbed gives no pictures: whether the post has any is not known from this capture.",),
    )


def _post_id(url: str) -> str | None:
    try:
        return normalise(url).post_id
    except LinkRefused:
        return None


def _handle(author_url: str) -> str | None:
    """Return the account's name, the last part of its address."""
    return author_url.rstrip("/").rpartition("/")[2].partition("?")[0] or None


class _Snippet(HTMLParser):
    """Takes the inner text of the first paragraph of the quoted post, its language, and every link of the snippet."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = False
        self.lang = ""
        self.text: list[str] = []
        self.links: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "p" and not self.found:
            self.found = self._inside = True
            self.lang = given.get("lang") or ""
        elif tag == "br" and self._inside:
            self.text.append("\n")
        elif tag == "a":
            self.links.append(given.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("p", "blockquote"):
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.text.append(data)
