"""Articles from plain text and from saved pages."""

from __future__ import annotations

import gzip
import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.articles import from_html, from_text
from bot.sources.base import Captured, LinkRefused, Unreadable
from storage.records import TimeBasis

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
PUBLISHED = datetime.fromisoformat("2021-03-04T10:00:00+02:00")


def text(data: bytes, url: str | None = None, published: datetime | None = None) -> Captured:
    """Take in a text of one publisher."""
    return from_text(data, url=url, publisher="Harbour Post", published=published, captured_at=NOW, name="story.txt")


def page(
    html: str | bytes, url: str | None = None, published: datetime | None = None, publisher: str | None = None
) -> Captured:
    """Take in a page."""
    data = html if isinstance(html, bytes) else html.encode()
    return from_html(data, url=url, publisher=publisher, published=published, captured_at=NOW, name="story.html")


def test_text_is_kept() -> None:
    """The text is what the bytes say: line ends, blanks and order as they came, without the byte-order mark."""
    data = b"\xef\xbb\xbfFirst line\r\n\r\n  second \xd8\xa7\xd9\x84\n"
    post = text(data, published=PUBLISHED)
    assert post.text == "First line\r\n\r\n  second ال\n"
    assert post.raw == data
    assert post.post_id == f"text:{hashlib.sha256(data).hexdigest()[:20]}"
    assert (post.publisher, post.posted_at, post.posted_at_basis) == ("Harbour Post", PUBLISHED, TimeBasis.STATED)
    assert (post.media_type, post.captured_at, post.url) == ("text/plain", NOW, None)


def test_text_of_a_page_or_post() -> None:
    """A given address decides the id; a post of X keeps the time of its number."""
    post = text(b"words", "https://News.Example/a?utm_source=x")
    assert (post.platform, post.url) == ("web", "https://news.example/a")
    assert post.post_id.startswith("web:")
    tweet = text(b"words", "https://x.com/a/status/1641086480675225601", PUBLISHED)
    assert (tweet.post_id, tweet.posted_at_basis) == ("x:1641086480675225601", TimeBasis.DECODED_ID)
    assert len(tweet.notes) == 1


@pytest.mark.parametrize(
    "data", [b"", b" \n", b"\xff\xfew\x00o\x00", b"abc\xe4", b"w\x00o\x00r\x00d\x00", b"\xef\xbb\xbf"]
)
def test_unreadable_text(data: bytes) -> None:
    """What is no UTF-8 text, or empty, is refused in a sentence that names the file."""
    with pytest.raises(Unreadable, match=r"story\.txt"):
        text(data)


def test_bad_address() -> None:
    """A refused or shortened address is said, not dropped."""
    for url in ("https://x.com.evil.tld/a/status/1", "https://t.co/abc"):
        with pytest.raises(LinkRefused):
            text(b"words", url)


BODY = "".join(
    f"<p>Paragraph {number} says that the ferry left the old harbour in the morning, as several people on the quay "
    f"told the paper, and that nobody had seen it return by nightfall.</p>"
    for number in range(6)
)


def written(head: str = "", lang: str = "en-GB") -> str:
    """A page written for the tests."""
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>Ferry leaves | Harbour Post</title>'
        f"{head}</head><body><nav><a href=/>Home</a></nav><article><h1>Ferry leaves</h1>{BODY}</article>"
        "<footer>Imprint</footer></body></html>"
    )


JSON_LD = """<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": "WebSite"},
{"@type": ["Thing", "NewsArticle"], "headline": "Ferry leaves", "datePublished": "2022-05-06T07:08:09+02:00",
"author": [{"@type": "Person", "name": "Ann Quay"}, "Bo Pier"], "publisher": {"name": "Harbour Post"}}]}</script>"""


def test_page() -> None:
    """A page gives its title and paragraphs, and what it says of itself; its picture stays unfetched."""
    head = JSON_LD + (
        '<link rel="canonical" href="https://harbour.example/ferry?utm_medium=x">'
        '<meta property="og:image" content="/img/ferry.jpg">'
    )
    post = page(written(head))
    paragraphs = post.text.split("\n\n")
    assert paragraphs[0] == "Ferry leaves"
    assert paragraphs[1].startswith("Paragraph 0 says")
    assert len(paragraphs) == 7
    assert (post.author_name, post.publisher, post.lang) == ("Ann Quay, Bo Pier", "Harbour Post", "en")
    assert post.posted_at is not None
    assert post.posted_at.isoformat() == "2022-05-06T07:08:09+02:00"
    assert post.posted_at_basis is TimeBasis.STATED
    assert post.url == "https://harbour.example/ferry"
    assert (post.media[0].url, post.media[0].data) == ("https://harbour.example/img/ferry.jpg", None)
    assert "not fetched" in post.media[0].problem
    assert post.raw == written(head).encode()


def test_given_goes_first() -> None:
    """What the person says who hands the page in goes before the page's claims, and a disagreement is noted."""
    head = JSON_LD + '<link rel="canonical" href="https://harbour.example/ferry">'
    post = page(written(head), "https://copy.example/1", PUBLISHED, "Copy")
    assert (post.url, post.posted_at, post.publisher) == ("https://copy.example/1", PUBLISHED, "Copy")
    assert len(post.notes) == 2
    same = page(
        written(JSON_LD), "https://copy.example/1", datetime(2022, 5, 6, 5, 8, 9, tzinfo=UTC) + timedelta(hours=9)
    )
    assert same.notes == ()


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<meta property="article:published_time" content="2020-02-03T04:05:06Z">', "2020-02-03T04:05:06+00:00"),
        ('<meta itemprop="datePublished" content="2020-02-03">', "2020-02-03T00:00:00+00:00"),
        ('<meta name="DC.date.issued" content="2020-02-03T04:05:06+01:00">', "2020-02-03T04:05:06+01:00"),
        ('<meta property="article:published_time" content="soon"><meta name="date" content="2020-02-03T00:00:00Z">',
         "2020-02-03T00:00:00+00:00"),
        ('<meta property="article:modified_time" content="2020-02-03T04:05:06Z">', None),
        ("", None),
    ],
)  # fmt: skip
def test_dates_of_pages(head: str, expected: str | None) -> None:
    """Only a stated date of publication is taken; without one the date is unknown, never guessed."""
    post = page(written(head))
    assert (post.posted_at.isoformat() if post.posted_at else None) == expected
    assert post.posted_at_basis is (TimeBasis.STATED if expected else TimeBasis.UNKNOWN)


def test_page_cannot_claim_a_platform() -> None:
    """A page on disk that calls itself a post of X stays a text of its own."""
    post = page(written('<link rel="canonical" href="https://x.com/a/status/1641086480675225601">'))
    assert post.post_id.startswith("text:")
    assert post.url is None


@pytest.mark.parametrize("html", [b"", b"\x89PNG\r\n\x1a\n" + bytes(100), b"<html><body></body></html>", b"   "])
def test_empty_pages(html: bytes) -> None:
    """A page without text is refused in a sentence that names the file."""
    with pytest.raises(Unreadable, match=r"story\.html"):
        page(html)


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(max_size=200).map(lambda inside: written(inside).encode("utf-8", "replace")),
        st.text(max_size=200).map(
            lambda inside: written(f'<script type="application/ld+json">{inside}</script>').encode("utf-8", "replace")
        ),
    )
)
def test_hostile_pages(html: bytes) -> None:
    """Any bytes are a page with text, or refused."""
    try:
        post = page(html)
    except Unreadable:
        return
    post.text.encode()


def test_recorded_pages(shared: Path) -> None:
    """Recorded pages give the beginning and the end of their article, and their own date where they state one."""
    folder = shared / "fixtures" / "news_html"
    german = page(gzip.decompress((folder / "futurezone.at.lyft.html.gz").read_bytes()))
    assert german.posted_at == datetime(2019, 5, 8, 5, 30, 23, tzinfo=UTC)
    assert (german.publisher, german.lang) == ("futurezone.at", "de")
    assert german.url is not None
    assert german.url.endswith("/400487461")
    assert german.text.count("\n\n") >= 4
    english = page(gzip.decompress((folder / "dw.com.uncork.html.gz").read_bytes()))
    assert (english.posted_at_basis, english.lang) == (TimeBasis.UNKNOWN, "en")
    assert english.text.count("\n\n") >= 5
    assert "\n\n\n" not in english.text
    plain = page((folder / "page-with-json-ld.html").read_bytes())
    assert (plain.text, plain.author_name) == ("Example Domain", None)
