"""Every form of a link gives one id; whatever only looks like a link, or like a platform, is refused."""

from __future__ import annotations

import asyncio
import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.base import CaptureFailed, Link, LinkRefused
from bot.sources.http import Fetcher
from bot.sources.links import is_short, normalise, resolve
from tests.loopback import Loopback, Reply

X_FORMS = (
    "https://x.com/{user}/status/{id}",
    "http://twitter.com/{user}/status/{id}",
    "https://www.twitter.com/{user}/statuses/{id}?s=20&t=abc",
    "https://m.x.com/{user}/status/{id}#top",
    "https://mobile.twitter.com/{user}/status/{id}/",
    "https://x.com/{user}/status/{id}/photo/1",
    "https://x.com/{user}/status/{id}/video/2?x=1",
    "https://x.com/i/status/{id}",
    "https://twitter.com/i/web/status/{id}",
    "https://twitter.com/statuses/{id}",
    "https://twitter.com/#!/{user}/status/{id}",
    "HTTPS://X.COM/{user}/Status/{id}",
    "https://x.com./{user}/status/{id}",
    "https://x.com:443//{user}/status/{id}",
    "x.com/{user}/status/{id}",
    "//twitter.com/{user}/status/{id}",
    "https://fxtwitter.com/{user}/status/{id}",
    "https://d.fxtwitter.com/{user}/status/{id}/en",
    "https://vxtwitter.com/{user}/status/{id}",
    "https://fixupx.com/{user}/status/{id}",
    "https://fixvx.com/{user}/status/{id}",
    "https://twittpr.com/{user}/status/{id}",
    "https://girlcockx.com/{user}/status/{id}",
    "https://nitter.net/{user}/status/{id}#m",
    "https://nitter.poast.org/{user}/status/{id}#m",
    "https://xcancel.com/{user}/status/{id}#m",
    "https://twitter3e4tixl4xyajtrzo62zg5vztmjuricljdp2c5kshju4avyoid.onion/{user}/status/{id}",
    "https://web.archive.org/web/20200101120000/https://twitter.com/{user}/status/{id}",
    "https://web.archive.org/web/20200101120000id_/https://twitter.com/{user}/status/{id}?s=20",
    "https://web.archive.org/web/2020if_/http:/twitter.com/{user}/status/{id}",
    "web.archive.org/web/20200101120000im_/twitter.com/{user}/status/{id}",
    "https://archive.ph/20200101120000/https://x.com/{user}/status/{id}",
    "https://archive.today/2020.01.01-120000/https://x.com/{user}/status/{id}",
    "https://archive.is/newest/https://x.com/{user}/status/{id}",
)
WRAPPINGS = ("{}", "  {}\n", "<{}>", "<{}|a label>", "({})", "“{}”", "{}.", "{},", "see:{}"[4:], "\u200f{}\u200e")


@given(
    st.integers(1, 2**64 - 1),
    st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,14}", fullmatch=True),
    st.sampled_from(X_FORMS),
    st.sampled_from(WRAPPINGS),
)
def test_x_forms(native_id: int, user: str, form: str, wrapping: str) -> None:
    """Every form of an X post's address, however wrapped and under whatever handle, is the one post."""
    link = normalise(wrapping.format(form.format(user=user, id=native_id)))
    expected = ("x", str(native_id), f"https://x.com/i/status/{native_id}", f"x:{native_id}")
    assert (link.platform, link.native_id, link.url, link.post_id) == expected


def test_handle_called_status() -> None:
    """A handle that is itself called status does not confuse the number."""
    assert normalise("https://x.com/status/status/123").post_id == "x:123"


@pytest.mark.parametrize(
    ("written", "post_id"),
    [
        ("https://bsky.app/profile/News.Example.org/post/3kabcdefg22x", "bluesky:news.example.org/3kabcdefg22x"),
        ("https://fxbsky.app/profile/news.example.org/post/3kabcdefg22x", "bluesky:news.example.org/3kabcdefg22x"),
        ("https://deer.social/profile/news.example.org/post/3kabcdefg22x?a=b", "bluesky:news.example.org/3kabcdefg22x"),
        (
            "https://bsky.app/profile/did:plc:abcdefghijklmnopqrstuvwx/post/3kabc",
            "bluesky:did:plc:abcdefghijklmnopqrstuvwx/3kabc",
        ),
        (
            "https://bsky.app/profile/did%3Aplc%3Aabcdefghijklmnopqrstuvwx/post/3kabc",
            "bluesky:did:plc:abcdefghijklmnopqrstuvwx/3kabc",
        ),
        (
            "at://did:plc:abcdefghijklmnopqrstuvwx/app.bsky.feed.post/3kabc",
            "bluesky:did:plc:abcdefghijklmnopqrstuvwx/3kabc",
        ),
        ("https://social.example/@user/109876", "mastodon:social.example/109876"),
        ("https://social.example/@user@other.example/109876", "mastodon:social.example/109876"),
        ("https://social.example/users/user/statuses/109876", "mastodon:social.example/109876"),
        ("https://social.example/ap/users/116/statuses/109876", "mastodon:social.example/109876"),
        ("https://social.example/web/@user/109876", "mastodon:social.example/109876"),
        ("https://social.example:3000/@user/109876", "mastodon:social.example:3000/109876"),
        ("https://t.me/News_Channel/123", "telegram:news_channel/123"),
        ("https://t.me/s/news_channel/123?before=124", "telegram:news_channel/123"),
        ("t.me/news_channel/123?single", "telegram:news_channel/123"),
        ("https://telegram.me/news_channel/77/123", "telegram:news_channel/123"),
        ("https://news_channel.t.me/123", "telegram:news_channel/123"),
        ("https://www.youtube.com/watch?app=desktop&v=abcdefghijk&t=3", "youtube:abcdefghijk"),
        ("https://youtu.be/abcdefghijk?si=x", "youtube:abcdefghijk"),
        ("https://m.youtube.com/shorts/abcdefghijk", "youtube:abcdefghijk"),
    ],
)
def test_other_platforms(written: str, post_id: str) -> None:
    """The other platforms' forms give their post's id, and the canonical address gives the same one."""
    link = normalise(written)
    assert link.post_id == post_id
    assert normalise(link.url) == link


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("HTTPS://News.Example:443/A?b=c#d", "https://news.example/A?b=c"),
        ("http://news.example:80", "http://news.example/"),
        ("https://news.example/a?utm_source=x&id=7&fbclid=y", "https://news.example/a?id=7"),
        ("https://news.example/a?gclid=1", "https://news.example/a"),
        ("https://bücher.example/ä b"[:-2], "https://xn--bcher-kva.example/%C3%A4"),
        ("https://news.example/%c3%a4", "https://news.example/%C3%A4"),
        ("<https://news.example/?a=1&amp;copy=2|label>", "https://news.example/?a=1&copy=2"),
        ("(https://news.example/wiki/A_(b)).", "https://news.example/wiki/A_(b)"),
        ("news.example/story", "https://news.example/story"),
        ("https://news.example/a?fbclid.&x", "https://news.example/a?fbclid.&x"),
    ],
)
def test_web(written: str, url: str) -> None:
    """A web page's address loses what does not name the page, and its id is the digest of what stays."""
    link = normalise(written)
    assert (link.platform, link.url, link.native_id) == ("web", url, url)
    assert link.post_id.startswith("web:")
    assert len(link.post_id) == 24


def test_archive_keeps_both() -> None:
    """An archived page is its inner page, with the archive's address kept beside it."""
    link = normalise("https://web.archive.org/web/20200101id_/http://news.example/a?b=c")
    assert link.url == "http://news.example/a?b=c"
    assert link.archive_url == "https://web.archive.org/web/20200101id_/http://news.example/a?b=c"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "   ",
        "hello",
        "1641086480675225601",
        "https://",
        "https:///x",
        "javascript:alert(1)",
        "data:text/html,x.y",
        "file:///etc/passwd.txt",
        "ftp://x.com/a/status/1",
        "mailto:a@b.example",
        "<@U012345>",
        "<!channel>",
        "https://x.com.evil.tld/a/status/1",
        "https://x.com-login.evil.tld/a/status/1",
        "https://evil.tld/x.com/status/1",
        "https://login.twitter.com.evil.tld/",
        "https://twitter.com@evil.tld/a/status/1",
        "https://x.com:pass@evil.tld/a/status/1",
        "https://х.com/a/status/1",
        "https://xn--y1a.com/a/status/1",
        "https://twіtter.com/a/status/1",
        "https://ｘ.com/a/status/1",
        "https://twltter.com/a/status/1",
        "https://tw1tter.com/a",
        "https://tvvitter.com/a",
        "https://у0utube.com/watch?v=abcdefghijk",
        "https://help.x.com/a/status/1",
        "https://unknown.example/a/status/123",
        "https://127.0.0.1/a/status/123",
        "https://[::1]/@user/123",
        "https://2130706433/a",
        "https://0x7f.1/a",
        "https://0177.0.0.1/",
        "https://①②⑦.0.0.1/",
        "https://localhost/a",
        "https://x.com:8443/a/status/1",
        "https://news.example:99999/",
        "https://news.example:a/",
        "https://x.com/a",
        "https://x.com/a/status/",
        "https://x.com/a/status/12a",
        "https://x.com/a/status/0",
        "https://x.com/a/status/012",
        "https://x.com/a/status/18446744073709551616",
        "https://x.com/a/status/١٢٣",
        "https://x.com/a/sta\u200btus/1",
        "https://x.com/a/status/1\u202e4",
        "https://x.com/a/status/1 https://x.com/b/status/2",
        "https://x.com\\@evil.tld/a/status/1",
        "https://x.com/a/status/1\x00",
        "https://x%2ecom/a/status/1",
        "https://t.me/c/123456/78",
        "https://t.me/+abcdef",
        "https://t.me/news_channel",
        "https://bsky.app/profile/news.example.org",
        "https://www.youtube.com/@channel",
        "https://archive.ph/AbCd3",
        "https://web.archive.org/web/*/https://x.com/a/status/1",
        "https://web.archive.org/web/2020/https://x.com.evil.tld/a/status/1",
        "https://t.co/",
        "https://t.co/a/b",
        "https://-bad.example/",
        "https://a..b/",
        "x.com/" + "a" * 5000 + "/status/1",
    ],
)
def test_refused(written: str) -> None:
    """What is dead, disguised or not a post is refused in one sentence that ends."""
    with pytest.raises(LinkRefused) as refused:
        normalise(written)
    said = str(refused.value)
    assert said.endswith((".", ").", "?"))
    assert "\n" not in said
    assert len(said) < 500


@pytest.mark.parametrize(
    "written",
    [
        "https://phoenix.com.example/a",
        "https://expo.com/a",
        "https://nitter-news.example/a",
        "https://пример.рф/новость",
        "https://例え.jp/記事",
        "https://サーバー.jp/",
        "https://佐々木news.jp/",
        "https://hawaiʻi.example/",
        "https://אתר.example/",
        "https://موقع.example/خبر",
        "https://παράδειγμα.gr/",
    ],
)
def test_honest_hosts(written: str) -> None:
    """Hosts that merely contain a platform's letters, or are written in another script, are web pages."""
    assert normalise(written).platform == "web"


def test_persian_joiners() -> None:
    """The joiners that Persian words are written with may stand in a path."""
    assert normalise("https://news.example/می\u200cشود").platform == "web"


@given(
    st.one_of(
        st.text(max_size=200),
        st.text(alphabet="https://x.comtwier/status123@#?&=[]()%:<>|\\.\u202e\u0445", max_size=80),
        st.from_regex(r"(https?://)?[a-z0-9.\-à-ÿа-я]{1,30}(:\d{0,6})?(/[^\s]{0,30})?(\?[^\s]{0,30})?", fullmatch=True),
        st.binary(max_size=200).map(lambda data: data.decode("utf-8", "surrogateescape")),
    )
)
def test_any_text(text: str) -> None:
    """Any text at all is a link or a refusal, and a link's canonical address is a fixed point."""
    try:
        link = normalise(text)
    except LinkRefused:
        return
    again = normalise(link.url)
    assert (again.post_id, again.url) == (link.post_id, link.url)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 4096,
        "https://a.example/" + ")" * 4000,
        "https://a.example/?" + "_ga.&" * 800,
        "https://" + "ä" * 4000,
        "https://" + "a." * 2000,
        "https://" + "xn--a." * 40 + "example",
        "https://web.archive.org/web/2020/" * 100,
        "x" * 10_000_000,
    ],
)
def test_fast(text: str) -> None:
    """Texts made to be slow are answered at once."""
    began = time.perf_counter()
    with contextlib.suppress(LinkRefused):
        normalise(text)
    assert time.perf_counter() - began < 0.5


def resolved(url: str, server: Loopback) -> Link:
    """Resolve a link with t.co served by `server`."""

    async def run() -> Link:
        async with Fetcher(frozenset({server.pair})) as fetcher:
            return await resolve(url, fetcher, server.url)

    return asyncio.run(run())


def test_short_links() -> None:
    """A t.co link is resolved by one redirect and no further; other links ask nobody."""
    routes = {
        "GET /good": Reply(status=301, headers={"Location": "https://twitter.com/a/status/77?s=20"}),
        "GET /again": Reply(status=301, headers={"Location": "https://t.co/good"}),
        "GET /evil": Reply(status=301, headers={"Location": "https://x.com.evil.tld/a/status/77"}),
        "GET /page": Reply(b"<html>", headers={"Content-Type": "text/html"}),
    }
    assert is_short(normalise("https://t.co/good"))
    with Loopback(routes) as server:
        assert resolved("<https://t.co/good|t.co/good>", server).post_id == "x:77"
        assert len(server.requests) == 1
        for code in ("again", "evil"):
            with pytest.raises(LinkRefused):
                resolved(f"https://t.co/{code}", server)
        for code in ("page", "missing"):
            with pytest.raises(CaptureFailed):
                resolved(f"https://t.co/{code}", server)
        asked = len(server.requests)
        assert resolved("https://x.com/a/status/5", server).post_id == "x:5"
        assert len(server.requests) == asked
