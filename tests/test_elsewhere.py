"""Pages to look elsewhere: built of public addresses alone, escaped whole, and plain about what they reveal."""

from __future__ import annotations

from urllib.parse import parse_qs, quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.elsewhere import LONGEST, archives, by_hand, pages

PUBLIC = [
    "https://pbs.twimg.com/media/EXAMPLEabc123?format=jpg&name=orig",
    "https://upload.wikimedia.org/wikipedia/commons/a/a9/Caf%C3%A9.jpg",
    "https://www.photos.example.org/2016/10/08/square.jpeg?w=1200&h=800&fit=crop&q=75",
    "https://cdn.bsky.app/img/feed_fullsize/plain/did:plc:ewvi7nxzyoun6zhxrhs64oiz/bafkreia@jpeg",
    "https://bücher.example.net:443/bild.png?v=12",
]
NOT_PUBLIC = [
    "http://pbs.twimg.com/media/abc.jpg",
    "https://localhost/a.jpg",
    "https://cms.newsroom.internal/a.jpg",
    "https://archive.local/a.jpg",
    "https://10.0.0.7/a.jpg",
    "https://[::1]/a.jpg",
    "https://0x7f000001/a.jpg",
    "https://intranet/a.jpg",
    "https://abcdefghij.onion/a.jpg",
    "https://photos.example.org:8443/a.jpg",
    "ftp://photos.example.org/a.jpg",
    "data:image/png;base64,AAAA",
    "/srv/pictures/a.jpg",
    "picture 1",
    "https://",
]
KEYED = [
    "https://files.example.org/a.jpg?token=1",
    "https://bucket.s3.amazonaws.com/a.jpg?X-Amz-Credential=A&X-Amz-Signature=b&X-Amz-Expires=60",
    "https://store.blob.core.windows.net/a/b.jpg?sv=2024&se=2026-01-01&sr=b&sig=c",
    "https://storage.googleapis.com/b/a.jpg?GoogleAccessId=x&Expires=1&Signature=y",
    "https://scontent.xx.fbcdn.net/v/t1/1_n.jpg?_nc_cat=1&oh=00_AB&oe=65",
    "https://photos.example.org/a.jpg?api%5Fkey=1",
    "https://photos.example.org/a.jpg?id=9f8e7d6c5b4a39281706f5e4d3c2b1a0",
    "https://photos.example.org/a.jpg?9f8e7d6c5b4a39281706f5e4d3c2b1a0",
    "https://photos.example.org/a.jpg;jsessionid=1",
    "https://photos.example.org/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln/a.jpg",
    "https://rana:word@photos.example.org/a.jpg",
]
SLACK = [
    "https://files.slack.com/files-pri/T0-F0/a.jpg",
    "https://newsroom.enterprise.slack.com/files/U0/F0/a.jpg",
    "https://slack-files.com/T0-F0-abcdef",
    "https://FILES.Slack.Com/files-tmb/T0-F0/a.jpg",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_picture_can_be_searched_for(address: str) -> None:
    """All four engines, TinEye first and sorted by age, each with the whole address and what it reveals."""
    found = pages(address)
    assert [page.name for page in found] == ["TinEye", "Google Lens", "Yandex", "Bing"]
    assert "sort=crawl_date&order=asc" in found[0].url
    for page in found:
        host = (urlsplit(page.url).hostname or "").removeprefix("www.")
        assert host in page.reveals
        assert "your IP address; nothing is sent by Dateline" in page.reveals
        given = parse_qs(urlsplit(page.url).query)
        assert address in (*given.get("url", ()), *(one.removeprefix("imgurl:") for one in given.get("q", ())))
    assert by_hand(address) == ""


@pytest.mark.parametrize("address", [*NOT_PUBLIC, *KEYED, *SLACK, "https://a.org/" + "a" * LONGEST])
def test_what_is_not_public_is_shown_to_nobody(address: str) -> None:
    """Private hosts, files of Slack, addresses with a key and endless ones give no page, but a way by hand."""
    assert pages(address) == ()
    assert archives(address) == ()
    assert "upload it yourself" in by_hand(address)
    assert address not in by_hand(address)


def test_the_reason_is_told() -> None:
    """Why there is no page: nothing known, not public, Slack's, or a key."""
    assert "no public address" in by_hand(None)
    assert "not a public one" in by_hand(NOT_PUBLIC[0])
    assert all("lies in Slack" in by_hand(one) for one in SLACK)
    assert all("carry a key" in by_hand(one) for one in KEYED)


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_address_escapes_from_its_place(path: str, query: str) -> None:
    """Whatever an address holds, the page stays the engine's own, with one parameter that gives it back whole."""
    address = f"https://photos.example.org/{path}?{query}"
    for page in pages(address):
        parts = urlsplit(page.url)
        assert page.url.isascii()
        assert page.url.isprintable()
        assert not set(page.url) & set(' <>"\\|\n')
        assert len(page.url) <= LONGEST
        assert parts.fragment == ""
        kept = address.partition("#")[0]
        values = [value for name, value in _pairs(parts.query) if name == "url"]
        assert values == [quote(kept, safe="")] or page.name == "Bing"
    for page in archives(address):
        assert page.url.startswith(
            ("https://web.archive.org/web/*/https://photos.", "https://archive.ph/https://photos.")
        )
        assert page.url.isascii()
        assert not set(page.url) & set(' <>"\\|#\n')


@given(st.text(max_size=200))
def test_any_text_is_judged(text: str) -> None:
    """Whatever stands for an address, there are pages or words, never both and never neither."""
    assert bool(pages(text)) != bool(by_hand(text))


def _pairs(query: str) -> list[tuple[str, str]]:
    return [(name, value) for name, _, value in (one.partition("=") for one in query.split("&"))]
