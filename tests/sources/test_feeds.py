"""Feeds through real sockets: what an entry becomes, and what every kind of answer comes to."""

from __future__ import annotations

import asyncio
import gzip
import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.base import CaptureFailed, FetchRefused, Source
from bot.sources.batch import Throttled
from bot.sources.entries import FeedDocument, read_feed
from bot.sources.feeds import ENTRIES_LIMIT, Feed
from bot.sources.http import Fetcher
from bot.sources.links import normalise
from storage.records import TimeBasis
from tests.loopback import Loopback, Reply, Request
from tests.sources.feedtexts import NOW, PICTURE, atom, feed, found, item, rss, search, served

FERRY = item(
    "Ferry leaves",
    "<content:encoded><![CDATA[<p>The ferry &amp; its crew<br>left.</p><script>alert(1)</script><p>Nobody saw.]]>"
    "</content:encoded><dc:creator>Ann Quay</dc:creator>",
    link="https://harbour.example/ferry?utm_source=rss",
    description="A teaser.",
    pubDate="Thu, 03 Mar 2022 10:00:00 +0200",
)


def test_entry() -> None:
    """An entry is a post: its bytes as they came, text without markup, author, publisher, date with its zone, lang."""
    body = rss(FERRY)
    batch = found(body)
    (post,) = batch
    assert post.text == "Ferry leaves\n\nThe ferry & its crew\nleft.\n\nNobody saw."
    assert post.raw == FERRY.encode()
    assert post.raw in body
    assert batch.document is not None
    assert (batch.document.data, batch.document.media_type) == (body, "application/rss+xml")
    assert post.source_url == batch.document.url
    assert post.post_id == normalise("https://harbour.example/ferry").post_id
    assert (post.platform, post.url) == ("web", "https://harbour.example/ferry")
    assert (post.author_name, post.publisher, post.lang) == ("Ann Quay", "Harbour & Post", "en")
    assert post.posted_at is not None
    assert (post.posted_at.isoformat(), post.posted_at_basis) == ("2022-03-03T10:00:00+02:00", TimeBasis.STATED)
    assert (post.route, post.captured_at) == ("feed", NOW)
    assert [note for note in post.notes if "harbour.example" in note] == list(post.notes)


def test_asks_for_a_feed() -> None:
    """A feed is asked for as such, since some servers show people a page at the same address."""
    with served(rss(FERRY)) as server:
        search(server)
    assert server.requests[0].headers["accept"].startswith("application/rss+xml,application/atom+xml")


def test_is_a_source() -> None:
    """A feed fits the protocol of sources, and refuses what it cannot do."""

    async def run() -> None:
        async with Fetcher() as fetcher:
            source: Source = Feed(fetcher, lambda: NOW)
            await source.capture(normalise("https://harbour.example/ferry"))

    with pytest.raises(CaptureFailed, match="trace"):
        asyncio.run(run())


def test_platform_post() -> None:
    """An entry that leads to a post of X has that post's id, and the time in its number, not the stated one."""
    (post,) = found(
        rss(
            item("He left", link="https://nitter.net/a/status/1641086480675225601#m", pubDate="1 Jan 2020 00:00:00 GMT")
        )
    )
    assert (post.post_id, post.posted_at_basis) == ("x:1641086480675225601", TimeBasis.DECODED_ID)
    assert post.posted_at == datetime(2023, 3, 29, 14, 34, 41, 562000, UTC)
    assert any("disagrees" in note for note in post.notes)


def test_ids_without_a_link() -> None:
    """Without a usable link the feed's id makes the post's, and without that its words do; both stay the same."""
    texts = rss(
        item("A", guid="7"), item("B"), item("C"), item("D", link="https://x.com.evil.tld/a/status/1"), item("")
    )
    with served(texts) as server:
        first, again = search(server), search(server)
    ids = [post.post_id for post in first]
    assert ids == [post.post_id for post in again]
    assert len(set(ids)) == 4
    assert {post.platform for post in first} == {"feed"}
    assert [post.url for post in first] == [None] * 4
    assert any("not kept" in note for note in first[0].notes)


@pytest.mark.parametrize(
    ("written", "expected", "said"),
    [
        ("Thu, 03 Mar 2022 10:00:00 GMT", "2022-03-03T10:00:00+00:00", ""),
        ("Thu, 03 Mar 2022 10:00:00 EST", "2022-03-03T10:00:00-05:00", ""),
        ("2022-03-03T10:00:00.5+05:45", "2022-03-03T10:00:00.500000+05:45", ""),
        ("Thu, 03 Mar 2022 10:00:00", "2022-03-03T10:00:00+00:00", "names no zone"),
        ("Thu, 03 Mar 2022 10:00:00 CET", None, "'Thu, 03 Mar 2022 10:00:00 CET'"),
        ("Fri, 11 Mar 2016 01:15:00 +3000", None, "cannot be read"),
        ("gestern", None, "'gestern'"),
        ("2031-01-01T00:00:00Z", None, "future"),
        ("2026-11-01T13:00:00Z", "2026-11-01T13:00:00+00:00", ""),
    ],
)
def test_dates(written: str, expected: str | None, said: str) -> None:
    """A date keeps its zone; one that cannot be read or believed is unknown, and the note quotes it."""
    (post,) = found(rss(item("A", pubDate=written)))
    assert (post.posted_at.isoformat() if post.posted_at else None) == expected
    assert post.posted_at_basis is (TimeBasis.STATED if expected else TimeBasis.UNKNOWN)
    assert len(post.notes) == bool(said)
    assert all(said in note for note in post.notes)


def test_only_updated() -> None:
    """Where Atom dates only the last change, that is the date, and a note says so."""
    (post,) = found(atom("<entry><id>a</id><title>A</title><updated>2022-01-02T03:04:05Z</updated></entry>"))
    assert post.posted_at == datetime(2022, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert post.lang == "fr"
    assert any("last changed" in note for note in post.notes)


def test_order() -> None:
    """Entries come oldest first by their dates, wherever they stand; an undated one stays beside its neighbour."""
    days = [("new", "05"), ("none", ""), ("old", "01"), ("mid", "03")]
    entries = [item(name, **({"pubDate": f"{day} Mar 2022 10:00:00 GMT"} if day else {})) for name, day in days]
    assert [post.text for post in found(rss(*entries))] == ["old", "none", "mid", "new"]


def test_pictures() -> None:
    """Enclosures and media:content that are pictures are fetched; each that cannot be had is told as missing."""
    more = (
        '<enclosure url="/a.png" type="image/png" length="1"/><enclosure url="/a.mp3" type="audio/mpeg"/>'
        '<media:group><media:content url="/a.png" medium="image"/><media:content url="/gone.WEBP"/></media:group>'
        '<media:content url="/page.jpg"/><media:content url="/big.jpg"/><media:content url="http://127.0.0.1:1/b.jpg"/>'
        '<media:content url="javascript:a.jpg" medium="image"/><media:thumbnail url="/a.png?small"/>'
    )
    others = {"GET /page.jpg": Reply(b" <html>"), "GET /big.jpg": Reply(b"x" * 5000)}
    with served(rss(item("A", more)), others) as server:
        (post,) = search(server)
    assert [item.data for item in post.media] == [PICTURE, None, None, None, None]
    assert [(item.url or "").rpartition("/")[2] for item in post.media] == [
        *("a.png", "gone.WEBP", "page.jpg", "big.jpg", "b.jpg")
    ]
    told = [item.problem for item in post.media]
    assert told[0] == ""
    for words, problem in zip(("404", "markup", "4096", "127.0.0.1"), told[1:], strict=True):
        assert words in problem
    assert "/a.mp3" not in {request.path for request in server.requests}


def test_thumbnails() -> None:
    """A thumbnail stands in where there is no picture: as the still of a video, never where it is an avatar's size."""
    video = '<media:content url="/v.mp4" type="video/mp4"/><media:thumbnail url="/a.png" width="480"/>'
    avatar = '<media:thumbnail url="/a.png" width="30" height="30"/>'
    batch = found(rss(item("A", avatar), item("B", video)))
    assert [[(media.kind, media.data) for media in post.media] for post in batch] == [[("video-poster", PICTURE)], []]


def test_silent_host() -> None:
    """A picture's host that does not answer is asked once in a search, not once for each picture."""
    more = "".join(f'<media:content url="{{}}/{n}.jpg" medium="image"/>' for n in range(3))

    def hang_up(_request: Request) -> Reply:
        return Reply(b"", headers={"Content-Length": "5"})

    with served(b"") as server:
        entries = [item(str(n), more.replace("{}", f"{server.url}/p{n}")) for n in range(12)]
        server.routes["GET /feed"] = feed(rss(*entries))
        server.default = hang_up
        batch = search(server)
    problems = [media.problem for post in batch for media in post.media]
    assert len(problems) == 36
    assert all(problems)
    assert len(server.requests) < 12


def test_unchanged() -> None:
    """What the server named its answer is handed back, and "not modified" is an empty batch with the same cursor."""

    def answer(request: Request) -> Reply:
        if request.headers.get("if-none-match") == '"v1"' and request.headers.get("if-modified-since") == "then":
            return Reply(status=304)
        return feed(rss(item("A")), ETag='"v1"', Last_Modified="then")

    with served(answer) as server:
        first = search(server)
        second = search(server, first.cursor)
        other = search(server, first.cursor, path="/feed?b")
    assert (len(first), len(second), second.cursor) == (1, 0, first.cursor)
    assert (second.more, second.document) == (False, None)
    assert len(other) == 1, "the cursor of another address is not taken for this one's"


def test_repeated_ids() -> None:
    """Entries that share an id are told apart by link and headline; the same one twice is one."""
    same = item("A", guid="1", link="https://harbour.example/a")
    entries = [same, same, item("B", guid="1", link="https://harbour.example/b"), item("C", guid="1")]
    with served(rss(*entries)) as server:
        batch = search(server)
        assert [post.text for post in batch] == ["C", "B", "A"]
        assert list(search(server, batch.cursor)) == []


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.lists(st.integers(0, 12), max_size=9), st.booleans()), min_size=1, max_size=5))
def test_nothing_skipped_nothing_twice(sweeps: list[tuple[list[int], bool]]) -> None:
    """Entries in any order, with any dates, gone and back: each is given once in what is committed."""
    dates = ["", "soon", "1 Mar 2022 10:00:00 GMT", "1 Mar 2021 10:00:00 GMT", "1 Mar 2099 10:00:00 GMT"]
    since: str | None = None
    committed: list[str] = []
    stood: set[str] = set()
    with served(b"") as server:
        for standing, commits in sweeps:
            entries = [item(f"n{n}", guid=str(n % 4), pubDate=dates[n % 5]) for n in standing]
            server.routes["GET /feed"] = feed(rss(*entries))
            batch = search(server, since, batch=4)
            while commits:
                committed += [post.text for post in batch]
                since = batch.cursor
                stood |= {f"n{n}" for n in standing}
                if not batch.more:
                    break
                batch = search(server, since, batch=4)
    assert sorted(committed) == sorted(stood)


def test_read_in_another_process() -> None:
    """What reads a document can be another process: what goes there and comes back, failures too, are plain values."""
    asked: list[tuple[int, str]] = []

    async def elsewhere(data: bytes, content_type: str, url: str) -> FeedDocument:
        asked.append((len(data), content_type))
        read: FeedDocument = pickle.loads(pickle.dumps(read_feed(data, content_type, url)))
        return read

    async def run(server: Loopback) -> list[str]:
        async with Fetcher(frozenset({server.pair})) as fetcher:
            source = Feed(fetcher, lambda: NOW, reading=elsewhere)
            return [post.text for post in await source.search(f"{server.url}/feed", None)]

    body = rss(item("A"))
    with served(body) as server:
        assert asyncio.run(run(server)) == ["A"]
    assert asked == [(len(body), "application/rss+xml")]
    with pytest.raises(CaptureFailed) as failed:
        read_feed(b"no feed", "", "https://harbour.example/feed")
    assert str(pickle.loads(pickle.dumps(failed.value))) == str(failed.value)


def test_changed_entries() -> None:
    """A new headline, or new words under a new date of change, come again; words or dates alone that change do not."""

    def entry(title: str, words: str, updated: int) -> bytes:
        return atom(
            f"<entry><id>a</id><link href='https://harbour.example/a'/><title>{title}</title><summary>{words}</summary>"
            f"<published>2022-01-01T00:00:00Z</published><updated>2022-01-0{updated}T00:00:00Z</updated></entry>"
        )

    with served(entry("Ferry left", "one", 1)) as server:
        batch = search(server)
        (first,) = batch
        for words, updated in (("two", 1), ("one", 2)):
            server.routes["GET /feed"] = feed(entry("Ferry left", words, updated))
            assert list(search(server, batch.cursor)) == []
        server.routes["GET /feed"] = feed(entry("Ferry left", "It did not leave.", 3))
        batch = search(server, batch.cursor)
        (corrected,) = batch
        server.routes["GET /feed"] = feed(entry("Ferry stayed", "It did not leave.", 3))
        (renamed,) = search(server, batch.cursor)
    assert {post.post_id for post in (first, corrected, renamed)} == {first.post_id}
    assert any("changed this entry" in note for note in corrected.notes)
    assert renamed.text.startswith("Ferry stayed")


def test_from_a_time() -> None:
    """A watch can begin at a time: what is dated before is never given, what is undated or newer is, once."""
    before, after = item("old", pubDate="1 Mar 2022 10:00:00 GMT"), item("new", pubDate="3 Mar 2022 10:00:00 GMT")
    with served(rss(after, item("undated"), before)) as server:
        batch = search(server, "2022-03-02T00:00:00+00:00")
        assert [post.text for post in batch] == ["undated", "new"]
        assert list(search(server, batch.cursor)) == []


@pytest.mark.parametrize("cursor", ["{", "[]", '{"feed": 1}', '{"given": [1]}', "yesterday", "[" * 100_000])
def test_broken_cursor(cursor: str) -> None:
    """A cursor that cannot be read starts over, and says so."""
    with served(rss(item("A"))) as server:
        batch = search(server, cursor)
    assert len(batch) == 1
    assert any("from its start" in note for note in batch.notes)


def test_large_feed() -> None:
    """Of thousands of entries the newest are looked at and the batch says so; they come in batches, oldest first."""
    entries = [item(str(n), pubDate=f"1 Mar {2000 + n % 20} 10:{n // 60 % 60:02}:{n % 60:02} GMT") for n in range(2005)]
    with served(feed(rss(*entries), ETag='"v1"')) as server:
        batch = search(server, batch=1500)
        assert (len(batch), batch.more) == (1500, True)
        assert any(str(ENTRIES_LIMIT) in note and "2005" in note for note in batch.notes)
        rest = search(server, batch.cursor, batch=1500)
        assert (len(rest), rest.more) == (500, False)
        assert "if-none-match" not in server.requests[-1].headers, "the rest must not hide behind a 304"
        dates = [post.posted_at for post in (*batch, *rest) if post.posted_at]
        assert dates == sorted(dates)
        texts = {post.text for post in (*batch, *rest)}
        assert len(texts) == 2000
        assert texts.isdisjoint({"0", "20", "40"}), "the oldest are left out"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Reply(b"no", 404), "new address"),
        (Reply(b"no", 410), "new address"),
        (Reply(b"no", 403), "publisher"),
        (Reply(b"no", 500), "500"),
        (Reply(b"", 304), "304"),
        (Reply(b""), "empty"),
        (Reply(b"\x89PNG\r\n\x1a\n\0\0\0"), "not a feed"),
        (Reply(b'{"version": "https://jsonfeed.org/version/1.1"}'), "not a feed"),
        (Reply(b"<!doctype html><html><body><h1>News</h1><p>item</body></html>"), "not a feed"),
        (Reply(b'<html><link rel="alternate" type="application/rss+xml" href="/rss">'), "/rss."),
        (Reply(b'<rss version="2.0"><channel>' + b"<a>" * 200), "deep"),
        (Reply(rss("<item><title>&</title>" + "x" * 2**20)), "malformed"),
    ],
)
def test_no_feed(answer: Reply, said: str) -> None:
    """Whatever comes instead of a feed ends in one sentence that says what it was."""
    with pytest.raises(CaptureFailed) as failed:
        found(answer)
    assert said in str(failed.value)
    assert str(failed.value).endswith(".")


@pytest.mark.parametrize(
    ("status", "header", "expected"),
    [
        (429, "120", 120.0),
        (503, "7", 7.0),
        (429, "Sun, 01 Nov 2026 12:01:00 GMT", 60.0),
        (429, "Sun, 01 Nov 2020 12:01:00 GMT", 0.0),
        (429, "9" * 50, 86_400.0),
        (429, "soon", None),
    ],
)
def test_throttled(status: int, header: str, expected: float | None) -> None:
    """A server that asks to be left alone says for how long, as a number to go by."""
    with pytest.raises(Throttled) as failed:
        found(Reply(b"no", status, {"Retry-After": header}))
    assert failed.value.retry_after == expected


def test_gzip() -> None:
    """A packed feed is unpacked, and a bomb is refused."""
    packed = {"Content-Encoding": "gzip"}
    assert len(found(Reply(gzip.compress(rss(item("A"))), headers=packed))) == 1
    with pytest.raises(FetchRefused, match="bytes"):
        found(Reply(gzip.compress(bytes(9 * 2**20)), headers=packed))


def test_moved() -> None:
    """A redirect is followed, relative links start where it ends, and the batch names the new address."""
    with served(Reply(status=301, headers={"Location": "/new/feed"})) as server:
        server.routes["GET /new/feed"] = feed(rss(item("A", link="a.html")))
        batch = search(server)
    assert batch[0].url == f"{server.url}/new/a.html"
    assert any("/new/feed" in note for note in batch.notes)


def test_broken_documents() -> None:
    """A malformed feed is read as far as it goes, each entry's bytes are the whole of it, and a note says so."""
    body = rss(item("A"), "<item><title>B & C</title></item>", "<item><title>D</title>").replace(
        b"</channel></rss>", b""
    )
    batch = found(body)
    assert [post.text for post in batch] == ["D", "B & C", "A"]
    assert {post.raw for post in batch} == {body}
    assert any("malformed" in note for note in batch.notes)


@pytest.mark.parametrize(
    ("encoding", "words"), [("windows-1251", "Паром"), ("iso-8859-1", "café"), ("utf-16", "قارب"), ("gb2312", "渡轮")]
)
def test_encodings(encoding: str, words: str) -> None:
    """A feed in any encoding is read by what it declares."""
    head = f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel>'
    body = f"{head}<item><title>{words}</title></item><item/></channel></rss>".encode(encoding)
    batch = found(Reply(body, headers={"Content-Type": "application/octet-stream"}))
    assert [post.text for post in batch] == [words]
    assert batch[0].raw in body
    assert words in batch[0].raw.decode(encoding)


def test_entities() -> None:
    """Harmless entities are read, references to files stay unread, and entities that grow without end do no harm."""
    doctype = '<!DOCTYPE rss [<!ENTITY pier "Pier 4"><!ENTITY f SYSTEM "file:///etc/hostname">%s]>'
    bomb = "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 12))
    for more, title in (("", "&pier; &f;"), ('<!ENTITY b0 "lol">' + bomb, "&b11;")):
        body = (doctype % more).encode() + b'<rss version="2.0"><channel>' + item("").encode()
        body += f"<item><title>{title}</title><description>end</description></item></channel></rss>".encode()
        (post,) = found(body)
        assert len(post.text) < 200
        assert Path("/etc/hostname").read_text().strip() not in post.text


@pytest.mark.parametrize(
    "odd",
    [
        "<width></width>",
        "<georss:where xmlns:georss='http://www.georss.org/georss'><gml:pos xmlns:gml='http://www.opengis.net/gml'>1"
        "</gml:pos></georss:where>",
        "&#xD800;",
        "&#99999999999999999999;",
        '<enclosure url="http://[" length="x"/>',
        "<description>&lt;![odd&gt;</description>",
        "<link>http://[::1</link>",
    ],
)
def test_odd_elements(odd: str) -> None:
    """One odd element in one entry does not cost the others, nor its own."""
    batch = found(rss(item("A"), item("B", odd), item("C")))
    assert [post.text for post in batch] == ["C", "B", "A"] or "\ufffd" in batch[1].text


BROKEN = [
    "<item>",
    "</item>",
    "<entry>",
    "<title",
    "&#xD800;",
    "<![",
    "\0",
    "<media:credit>",
    "<image><width/>",
    '"',
    "]]>",
]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 900), st.integers(0, 20), st.sampled_from(BROKEN) | st.text(max_size=5)), max_size=6
    ),
    st.sampled_from(["", "text/xml", "application/xml; charset=utf-16", "text/html; charset=bogus", "a/b; charset="]),
)
def test_any_document(changes: list[tuple[int, int, str]], content_type: str) -> None:
    """Any bytes are a feed whose words can be archived, or refused."""
    body = rss(FERRY, item("B", '<media:content url="/a.png"/>', pubDate="soon")).decode()
    for at, length, words in changes:
        body = body[:at] + words + body[at + length :]
    try:
        document = read_feed(body.encode("utf-8", "replace"), content_type, "https://harbour.example/feed")
    except CaptureFailed:
        return
    for entry in document.entries:
        assert b"\xed\xa0" not in f"{entry.title}{entry.body}{entry.author}{entry.guid}{entry.link}".encode()


def test_recorded_feeds(shared: Path) -> None:
    """Recorded feeds give all their entries, each with its own bytes, its id by its link, and honest dates."""
    counts = {"cdata_rss.atom": 10, "github_rss.atom": 20, "podcast.rss": 4, "youtube.xml": 15}
    for name, count in counts.items():
        body = (shared / "fixtures" / "rss" / name).read_bytes()
        batch = found(body, {"GET /feed": feed(body)})
        assert len(batch) == len({post.post_id for post in batch}) == count, name
        assert all(post.raw in body and post.raw != body for post in batch)
        assert all("<" not in post.text.replace("<=", "") or "Measure" in post.text for post in batch), name
        dates = [post.posted_at for post in batch if post.posted_at]
        assert len(dates) == count - (name == "podcast.rss")
    assert batch[-1].post_id.startswith("youtube:")
