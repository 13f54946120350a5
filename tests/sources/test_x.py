"""X captured through real sockets: routes, their order, and pictures."""

from __future__ import annotations

import asyncio
import html
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.sources.base import CaptureFailed, Link, NotConfigured, Source
from bot.sources.batch import Throttled
from bot.sources.dates import decode_time
from bot.sources.http import Fetcher
from bot.sources.oembed import read
from bot.sources.syndication import Answer, token
from bot.sources.x import X
from storage.records import PostStatus, TimeBasis
from tests.loopback import Loopback, Reply, Request
from tests.sources.xposts import NOW, PICTURE, POST_ID, as_json, capture, link, oembed, page, payload, server_with


def test_captured() -> None:
    """A post comes with its bytes as they came, and with its pictures in their best size."""
    with server_with(payload()) as server:
        post = capture(server)
    asked = server.requests[0]
    assert (asked.path, asked.params) == ("/tweet-result", {"id": POST_ID, "lang": "en", "token": token(POST_ID)})
    assert post.raw == json.dumps(payload()).encode()
    assert post.media_type == "application/json"
    assert post.source_url is not None
    assert post.source_url.startswith(server.url)
    assert [item.data for item in post.media] == [PICTURE, PICTURE]
    assert post.media[0].url == "https://pbs.twimg.com/media/AAA?format=jpg&name=orig"
    assert post.quoted[0].media[0].data == PICTURE
    assert post.quoted[0].media[0].url == "https://pbs.twimg.com/media/CCC?format=png&name=orig"


def test_sizes_in_order() -> None:
    """A size that is missing gives way to the next one; the rest of a failure is a problem, not an end."""

    def small_only(request: Request) -> Reply:
        return Reply(PICTURE) if request.params["name"] == "small" else Reply(status=404)

    with server_with(payload()) as server:
        server.routes["GET /pbs/media/AAA"] = small_only
        server.routes["GET /pbs/media/CCC"] = Reply(status=404)
        server.routes["GET /pbs/amplify_video_thumb/7/img/BBB"] = Reply(status=503)
        post = capture(server)
    sizes = [request.params["name"] for request in server.requests if request.path == "/pbs/media/AAA"]
    assert sizes == ["orig", "4096x4096", "large", "medium", "small"]
    assert post.media[0].url == "https://pbs.twimg.com/media/AAA?format=jpg&name=small"
    assert (post.media[0].data, post.media[0].problem) == (PICTURE, "")
    assert post.media[1].data is None
    assert "503" in post.media[1].problem
    assert "404" in post.quoted[0].media[0].problem


def test_given_address_is_last() -> None:
    """Where no size is there, the picture's address is asked as it was given."""
    with server_with(payload()) as server:
        del server.routes["GET /pbs/media/AAA"]
        server.routes["GET /pbs/media/AAA.jpg"] = Reply(PICTURE)
        post = capture(server)
    assert (post.media[0].url, post.media[0].data) == ("https://pbs.twimg.com/media/AAA.jpg", PICTURE)


@pytest.mark.parametrize(
    "body", [b"", b"<!doctype html><p>", b"\xef\xbb\xbf  <svg onload=alert(1)>", b"<?xml version='1.0'?>"]
)
def test_no_picture(body: bytes) -> None:
    """Markup and nothing at all are not archived as pictures, whatever their declared type."""
    with server_with(payload()) as server:
        server.routes["GET /pbs/media/AAA"] = Reply(body, headers={"Content-Type": "image/jpeg"})
        post = capture(server)
    assert post.media[0].data is None
    assert post.media[0].problem


def test_pictures_elsewhere_are_guarded() -> None:
    """A picture address that points inside is not fetched, and the post is archived all the same."""
    with Loopback(default=Reply(PICTURE)) as inside:
        changed = payload()
        changed["mediaDetails"][0]["media_url_https"] = inside.url + "/secret"
        with server_with(changed) as server:
            post = capture(server)
        assert inside.requests == []
    assert post.media[0].data is None
    assert "not fetched" in post.media[0].problem


@pytest.mark.parametrize(
    "broken",
    [
        page(429),
        page(403),
        page(500),
        page(200),
        Reply(b'{"__typename": "Tweet", "id_str": ', 200, {"Content-Type": "application/json"}),
        as_json([]),
        as_json({"__typename": "Tweet", "id_str": POST_ID}),
        as_json({"__typename": "Tweet", "id_str": 5, "text": "x", "user": {}}),
        as_json(payload() | {"id_str": "1700000000000000009"}),
    ],
)
def test_next_route(broken: Reply) -> None:
    """When one route is closed, garbled or about another post, the next one is asked."""
    with server_with(broken, {"GET /oembed": as_json(oembed())}) as server:
        post = capture(server)
    assert (post.route, post.status) == ("oembed", PostStatus.LIVE)
    with server_with(broken, {"GET /oembed": page(503)}) as server, pytest.raises(CaptureFailed, match="no route"):
        capture(server)


def test_throttled() -> None:
    """Where no route answers and X asks to wait, the longest time that it names is told, if it names one."""
    slow = Reply(status=429, headers={"Retry-After": "90"})
    with server_with(slow, {"GET /oembed": page(500)}) as server, pytest.raises(Throttled, match="90 s") as busy:
        capture(server)
    assert busy.value.retry_after == 90.0
    with server_with(page(429), {"GET /oembed": page(429)}) as server, pytest.raises(Throttled) as busy:
        capture(server)
    assert busy.value.retry_after is None


def test_oembed() -> None:
    """OEmbed gives text, author and language; the time is decoded, and the missing pictures are told."""
    with server_with(page(429), {"GET /oembed": as_json(oembed())}) as server:
        post = capture(server)
    asked = server.requests[-1].params
    assert asked == {"url": link().url, "omit_script": "1", "dnt": "true", "hide_thread": "1", "lang": "en"}
    assert post.text == "Bread & salt\nat the #market https://t.co/abc"
    assert (post.author, post.author_name, post.lang) == ("harbourdesk", "Harbour Desk", "en")
    assert (post.posted_at, post.posted_at_basis) == (decode_time(int(POST_ID)), TimeBasis.DECODED_ID)
    assert post.media == ()
    assert "pictures" in post.notes[0]
    assert post.raw == json.dumps(oembed()).encode()


@pytest.mark.parametrize(
    "changed",
    [
        {"url": None, "html": ""},
        {"html": "<blockquote></blockquote>"},
        {"html": 5},
        {"url": "https://x.com/a/status/1", "html": "<p>Other</p>"},
    ],
)
def test_oembed_garbled(changed: dict[str, object]) -> None:
    """An oEmbed answer without text, or about another post, is not archived."""
    with server_with(page(429), {"GET /oembed": as_json(oembed(**changed))}) as server, pytest.raises(CaptureFailed):
        capture(server)


def test_not_found_is_checked() -> None:
    """Not found by one route is confirmed or corrected by the other, and what could not be confirmed is said."""
    for missing in (page(404), as_json({})):
        with server_with(missing, {"GET /oembed": page(404)}) as server:
            post = capture(server)
        assert (post.status, post.route) == (PostStatus.NOT_FOUND, "syndication")
        assert "By oembed it is not-found" in post.status_reason
        with server_with(missing, {"GET /oembed": as_json(oembed())}) as server:
            post = capture(server)
        assert (post.status, post.route) == (PostStatus.LIVE, "oembed")
        assert any("not-found" in note for note in post.notes)
        with server_with(missing, {"GET /oembed": page(429)}) as server:
            post = capture(server)
        assert post.status is PostStatus.NOT_FOUND
        assert "Not confirmed" in post.status_reason


def test_protected_is_unconfirmed() -> None:
    """A 403 of oEmbed alone reads as protected, and says that this is unconfirmed."""
    with server_with(page(500), {"GET /oembed": page(403)}) as server:
        post = capture(server)
    assert post.status is PostStatus.PROTECTED
    assert "unconfirmed" in post.status_reason


def test_verdict_is_final() -> None:
    """What X says of a post that cannot be seen is not second-guessed, and no other route is asked."""
    tombstone = {
        "__typename": "TweetTombstone",
        "tombstone": {"text": {"text": "This Post was deleted by its author."}},
    }
    with server_with(tombstone, {"GET /oembed": as_json(oembed())}) as server:
        post = capture(server)
    assert post.status is PostStatus.DELETED
    assert post.raw == json.dumps(tombstone).encode()
    assert [request.path for request in server.requests] == ["/tweet-result"]


def test_routes_are_a_setting() -> None:
    """Routes are asked in the order that is set; none at all is said, and an unknown one is refused."""
    with server_with(payload(), {"GET /oembed": as_json(oembed())}) as server:
        assert capture(server, routes=("oembed", "syndication")).route == "oembed"
        assert capture(server, routes=("syndication",)).route == "syndication"
        with pytest.raises(NotConfigured):
            capture(server, routes=())
        with pytest.raises(ValueError, match="graphql"):
            capture(server, routes=("graphql",))
        with pytest.raises(CaptureFailed, match="not a post of X"):
            capture(server, Link("web", "https://a.example/", "https://a.example/", "web:1"))


def test_fits_the_protocol() -> None:
    """X is a source, and says that it cannot be searched without a key."""
    source: Source = X(Fetcher(), lambda: NOW)
    with pytest.raises(NotConfigured, match="X_BEARER_TOKEN"):
        asyncio.run(source.search("market", None))


@pytest.mark.parametrize(
    ("name", "native_id", "author", "author_name"),
    [
        ("docs_post_with_pic.json", "463440424141459456", "Interior", "US Department of the Interior"),
        ("post_1679189879086018562.json", "1679189879086018562", "alleyco", "Alley"),
        ("post_2025.json", "1968558229253931230", "vpotti", "Venuugopal"),
    ],
)
def test_recorded_oembed(shared: Path, name: str, native_id: str, author: str, author_name: str) -> None:
    """Recorded oEmbed answers give the paragraph's text, the author, and the decoded time."""
    raw = (shared / "fixtures" / "x_oembed" / name).read_bytes()
    recorded = json.loads(raw)
    post = read(recorded, link(native_id), Answer(raw, "application/json", "http://127.0.0.1/", NOW))
    assert (post.author, post.author_name, post.lang) == (author, author_name, "en")
    snippet = recorded["html"]
    inner = snippet[snippet.index('dir="ltr">') + len('dir="ltr">') : snippet.index("</p>")]
    assert post.text == html.unescape(re.sub(r"<[^>]+>", "", inner))
    assert post.posted_at is not None
    day = datetime.strptime(snippet.rpartition('twsrc%5Etfw">')[2].partition("<")[0], "%B %d, %Y").replace(tzinfo=UTC)
    assert abs((post.posted_at - day).total_seconds()) < 2 * 86400
