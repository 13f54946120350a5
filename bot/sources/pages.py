"""A saved web page read: main text by trafilatura, and the page's own words about itself (JSON-LD, meta tags).

Heavy to import: only where a page is really read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import trafilatura

from bot.sources.dates import read_date
from bot.sources.payload import items, language, mapping, text

_ARTICLE = ("Article", "BlogPosting", "Report")
"""Ends of the schema.org types that describe the article itself: NewsArticle, ReportageNewsArticle, …"""
_DATES = (
    *("article:published_time", "og:article:published_time", "og:published_time", "datepublished", "parsely-pub-date"),
    *("dcterms.issued", "dc.date.issued", "dcterms.created", "dc.date", "dcterms.date", "sailthru.date"),
    *("publish-date", "publish_date", "pubdate", "publication_date", "date"),
)
"""Names under which pages state their date of publication, the plainest first."""
_JSON_LIMIT = 2**20


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says. `text` is the main text as extracted; `paragraphs` begins with the title."""

    title: str
    text: str
    author: str | None
    publisher: str | None
    published: datetime | None
    canonical: str
    image: str
    lang: str | None
    notes: tuple[str, ...]

    @property
    def paragraphs(self) -> list[str]:
        """The title and the paragraphs of the main text, which often repeats the title."""
        lines = [line.strip() for line in self.text.split("\n") if line.strip()]
        return lines if not self.title or lines[:1] == [self.title] else [self.title, *lines]


def read_page(data: bytes) -> Page | None:
    """Read a page; None where the bytes are no HTML.

    The date is taken only where the page states one: guesses from the layout are evidence of nothing.
    """
    tree = trafilatura.load_html(data)
    if tree is None:
        return None
    metas = _metas(tree)
    article = _article(tree)
    document = trafilatura.bare_extraction(data, with_metadata=True, include_comments=False)
    written = [text(article.get("datePublished")), *(metas.get(name, "") for name in _DATES)]
    dates = [date for date in (read_date(item) for item in written if item.strip()) if date is not None]
    headline = text(article.get("headline")) or metas.get("og:title", "") or text(getattr(document, "title", ""))
    canonical = next(iter(tree.xpath('//link[@rel="canonical"]/@href')), "") or metas.get("og:url", "")
    return Page(
        title=" ".join(headline.split()),
        text=text(getattr(document, "text", "")),
        author=_names(article.get("author")) or metas.get("author") or text(getattr(document, "author", "")) or None,
        publisher=_names(article.get("publisher")) or metas.get("og:site_name") or None,
        published=dates[0][0] if dates else None,
        canonical=text(str(canonical)),
        image=metas.get("og:image", ""),
        lang=language(next(iter(tree.xpath("/html/@lang")), "").partition("-")[0].strip().lower()),
        notes=(dates[0][1],) if dates and dates[0][1] else (),
    )


def _metas(tree: Any) -> dict[str, str]:
    """Collect meta tags, and `itemprop` dates, by lower-case name; the first of a name counts."""
    found: dict[str, str] = {}
    for element in tree.iter("meta", "time"):
        names = (element.get("property"), element.get("name"), element.get("itemprop"))
        content = text(element.get("content") or element.get("datetime") or "").strip()
        for name in names:
            if name and content:
                found.setdefault(name.strip().lower(), content)
    return found


def _article(tree: Any) -> dict[str, Any]:
    """Return the first JSON-LD object that describes an article, empty where there is none."""
    for script in tree.xpath('//script[@type="application/ld+json"]'):
        written = script.text or ""
        if len(written) > _JSON_LIMIT:
            continue
        try:
            value = json.loads(written, strict=False)
        except (ValueError, RecursionError):
            continue
        for thing in _things(value):
            kinds = thing.get("@type")
            named = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(kind, str) and kind.endswith(_ARTICLE) for kind in named):
                return thing
    return {}


def _things(value: object) -> Iterator[dict[str, Any]]:
    """Walk the ways in which JSON-LD lists its objects: one, several, or a graph."""
    for thing in [mapping(value), *items(value)]:
        yield thing
        yield from items(thing.get("@graph"))


def _names(value: object) -> str:
    """Read schema.org's many ways to name somebody: a text, an object with a name, or several of either."""
    several = value if isinstance(value, list) else [value]
    names = [text(item).strip() or text(mapping(item).get("name")).strip() for item in several]
    return ", ".join(dict.fromkeys(name for name in names if name))
