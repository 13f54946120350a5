"""The guarded client, tried against real servers on loopback."""

from __future__ import annotations

import asyncio
import gzip
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from bot.sources.base import CaptureFailed, FetchRefused
from bot.sources.http import Fetched, Fetcher, Timeouts
from storage.errors import DatelineError
from tests.loopback import Loopback, Reply, Request


def fetch(url: str, *pairs: tuple[str, int], fetcher: Fetcher | None = None, **options: object) -> Fetched:
    """Fetch one URL with a client of its own."""

    async def run() -> Fetched:
        async with fetcher or Fetcher(frozenset(pairs), timeouts=Timeouts(total=5)) as client:
            return await client.get(url, max_bytes=100_000, **options)  # type: ignore[arg-type]

    return asyncio.run(run())


@pytest.fixture(name="server")
def fixture_server() -> Iterator[Loopback]:
    """A server that says hello at every address."""
    with Loopback(default=Reply(b"hello", headers={"Content-Type": "text/plain; charset=utf-8"})) as server:
        yield server


def test_private_pair(server: Loopback) -> None:
    """A private address is reached when exactly that pair is allowed, and the answer comes back whole."""
    answer = fetch(server.url + "/a?b=c", server.pair)
    assert (answer.status, answer.body, answer.media_type) == (200, b"hello", "text/plain")
    assert server.requests[0].query == "b=c"


def test_private_refused(server: Loopback) -> None:
    """Without the setting a private address is refused, and no connection is made."""
    with pytest.raises(FetchRefused):
        fetch(server.url)
    assert server.requests == []


def test_only_that_pair(server: Loopback) -> None:
    """An allowed pair opens neither another loopback address, nor another port, nor another name for itself."""
    port = server.pair[1]
    for url in (f"http://127.0.0.2:{port}/", f"http://localhost:{port}/", f"http://[::1]:{port}/", "http://127.0.0.1/"):
        with pytest.raises(FetchRefused):
            fetch(url, server.pair)
    with pytest.raises(FetchRefused):
        fetch(server.url, ("127.0.0.1", port + 1))
    assert server.requests == []


@pytest.mark.parametrize(
    "form",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f000001:{port}/",
        "http://0177.0.0.1:{port}/",
        "http://127.1:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://0.0.0.0:{port}/",
        "http://[::]:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "http://example.org@127.0.0.1:{port}/",
    ],
)
def test_disguises(server: Loopback, form: str) -> None:
    """Every way to write a private address is refused or leads nowhere, and nothing connects to the server."""

    def resolver(host: str, port: int, *rest: Any) -> Any:
        # a machine may come without a hosts file; what "localhost" means is not what is tested
        return socket.getaddrinfo("127.0.0.1" if host == "localhost" else host, port, *rest)

    with pytest.raises(DatelineError):
        fetch(form.format(port=server.pair[1]), fetcher=Fetcher(resolver=resolver))
    with pytest.raises(FetchRefused):
        fetch(form.format(port=80), fetcher=Fetcher(resolver=resolver))
    assert server.requests == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/", "gopher://example.org", "x", ""])
def test_schemes(url: str) -> None:
    """Only http and https are fetched."""
    with pytest.raises(FetchRefused):
        fetch(url)


@pytest.mark.parametrize("port", [8080, 8443, 22, 6379])
def test_public_ports(port: int) -> None:
    """A public host is fetched on 80 and 443 only, unless the pair is allowed."""
    with pytest.raises(FetchRefused):
        fetch(f"http://93.184.216.34:{port}/")


def test_name_that_resolves_to_private(server: Loopback) -> None:
    """A public-looking name that resolves to a private address is refused."""

    def resolver(host: str, port: int, *rest: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    with pytest.raises(FetchRefused):
        fetch("http://news.example/", fetcher=Fetcher(resolver=resolver))
    named = Fetcher(frozenset({("archive.newsroom.example", server.pair[1])}), resolver=resolver)
    assert fetch(f"http://archive.newsroom.example:{server.pair[1]}/", fetcher=named).body == b"hello"


def test_redirect_to_private(server: Loopback) -> None:
    """A redirect from an allowed server to another private address is refused."""
    server.routes["GET /go"] = Reply(status=302, headers={"Location": "http://127.0.0.2:1/"})
    server.routes["GET /meta"] = Reply(status=302, headers={"Location": "http://169.254.169.254/"})
    server.routes["GET /file"] = Reply(status=302, headers={"Location": "file:///etc/passwd"})
    server.routes["GET /user"] = Reply(status=302, headers={"Location": "http://a@127.0.0.1/"})
    for path in ("/go", "/meta", "/file", "/user"):
        with pytest.raises(FetchRefused):
            fetch(server.url + path, server.pair)


def test_redirects(server: Loopback) -> None:
    """Redirects are followed and listed; a loop ends in a refusal; none are followed where none are wanted."""
    server.routes["GET /one"] = Reply(status=301, headers={"Location": "/two?x=1"})
    server.routes["GET /loop"] = Reply(status=302, headers={"Location": "/loop"})
    answer = fetch(server.url + "/one", server.pair)
    assert (server.url + "/two?x=1", (server.url + "/one",)) == (answer.url, answer.redirects)
    with pytest.raises(FetchRefused, match="more than 5"):
        fetch(server.url + "/loop", server.pair)
    assert fetch(server.url + "/one", server.pair, max_redirects=0).status == 301


def test_headers_stay_at_home(server: Loopback) -> None:
    """A caller's headers are dropped at another origin, kept at the same one, and cookies are never kept."""
    with Loopback(default=Reply(b"other")) as other:
        server.routes["GET /away"] = Reply(status=302, headers={"Location": other.url + "/x", "Set-Cookie": "a=b"})
        server.routes["GET /near"] = Reply(status=302, headers={"Location": "/x", "Set-Cookie": "a=b; Path=/"})
        secret = {"Authorization": "Bearer secret", "X-Key": "k"}
        fetch(server.url + "/away", server.pair, other.pair, headers=secret)
        fetch(server.url + "/near", server.pair, headers=secret)
    assert {"authorization", "x-key", "cookie"}.isdisjoint(other.requests[0].headers)
    assert server.requests[-1].headers["authorization"] == "Bearer secret"
    assert "cookie" not in server.requests[-1].headers


@pytest.mark.parametrize("status", [403, 404, 429, 500, 503])
def test_status_is_an_answer(server: Loopback, status: int) -> None:
    """A refusal by the other side is handed back with its headers, for the caller to weigh."""
    server.routes["GET /s"] = Reply(b"no", status, {"Retry-After": "60"})
    answer = fetch(server.url + "/s", server.pair)
    assert (status, b"no", "60") == (answer.status, answer.body, answer.headers["retry-after"])


def test_too_large(server: Loopback) -> None:
    """A body over the cap is refused, announced or not."""
    server.routes["GET /announced"] = Reply(b"x" * 200_000)
    server.routes["GET /pieces"] = Reply([b"x" * 60_000] * 4)
    for path in ("/announced", "/pieces"):
        with pytest.raises(FetchRefused, match="bytes"):
            fetch(server.url + path, server.pair)


def test_gzip(server: Loopback) -> None:
    """Pages may come packed; a bomb is refused before it unfolds, and a torn or broken stream is a failure."""
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < 100_000
    packed = {"Content-Encoding": "gzip"}
    server.routes["GET /page"] = Reply(gzip.compress(b"page"), headers=packed)
    server.routes["GET /bomb"] = Reply(bomb, headers=packed)
    server.routes["GET /torn"] = Reply(gzip.compress(b"page" * 1000)[:-12], headers=packed)
    server.routes["GET /broken"] = Reply(b"not gzip", headers=packed)
    for accept in ("html", "feed"):
        assert fetch(server.url + "/page", server.pair, accept=accept).body == b"page"
    with pytest.raises(FetchRefused):
        fetch(server.url + "/bomb", server.pair, accept="html")
    for path in ("/torn", "/broken"):
        with pytest.raises(CaptureFailed):
            fetch(server.url + path, server.pair, accept="json")


def test_media_is_never_packed(server: Loopback) -> None:
    """For media no packing is asked for, and a packed answer is refused; so is a packing nobody asked for."""
    server.routes["GET /m"] = Reply(gzip.compress(b"x"), headers={"Content-Encoding": "gzip"})
    server.routes["GET /br"] = Reply(b"x", headers={"Content-Encoding": "br"})
    with pytest.raises(FetchRefused):
        fetch(server.url + "/m", server.pair, accept="media")
    with pytest.raises(FetchRefused):
        fetch(server.url + "/br", server.pair, accept="html")
    assert server.requests[0].headers["accept-encoding"] == "identity"


def test_slow_drip(server: Loopback) -> None:
    """A body that drips on for ever ends at the deadline for the whole, however short its pauses."""

    def drip() -> Iterator[bytes]:
        while not server.stopping.wait(0.02):
            yield b"."

    server.routes["GET /drip"] = lambda request: Reply(drip())
    slow = Fetcher(frozenset({server.pair}), timeouts=Timeouts(total=0.3))
    with pytest.raises(CaptureFailed, match="within"):
        fetch(server.url + "/drip", fetcher=slow)


def test_stalled_lookup() -> None:
    """A name server that never answers is given up after the time to connect."""
    answered = threading.Event()

    def resolver(*question: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        answered.wait(10)
        return []

    began = time.perf_counter()
    try:
        with pytest.raises(CaptureFailed):
            fetch("http://slow.example/", fetcher=Fetcher(resolver=resolver, timeouts=Timeouts(connect=0.05, total=3)))
    finally:
        answered.set()
    assert time.perf_counter() - began < 2


def test_nobody_there(server: Loopback) -> None:
    """A closed port, and an answer that breaks off, are failures with one sentence."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(CaptureFailed, match="could not be reached"):
        fetch(f"http://127.0.0.1:{port}/", ("127.0.0.1", port))
    server.routes["GET /short"] = Reply(b"abc", headers={"Content-Length": "50"})
    with pytest.raises(CaptureFailed):
        fetch(server.url + "/short", server.pair)


def test_pace(server: Loopback) -> None:
    """Requests to a paced host wait for their turn."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def run() -> None:
        paced = Fetcher(frozenset({server.pair}), pace={"127.0.0.1": 1.5}, clock=lambda: 100.0, sleep=sleep)
        async with paced as client:
            for _ in range(3):
                await client.get(server.url, max_bytes=100)

    asyncio.run(run())
    assert waits == [1.5, 3.0]


def test_proxy_is_guarded() -> None:
    """With a proxy set, the guard still runs on the resolved target before the proxy hears of it."""

    def resolver(host: str, port: int, *rest: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        address = "10.0.0.8" if host == "inside.example" else "93.184.216.34"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def answer(request: Request) -> Reply:
        return Reply(b"through the proxy")

    with Loopback(default=answer) as proxy:
        with pytest.raises(FetchRefused):
            fetch("http://inside.example/", fetcher=Fetcher(proxy=proxy.url, resolver=resolver))
        assert proxy.requests == []
        public = Fetcher(proxy=proxy.url, resolver=resolver)
        assert fetch("http://public.example/", fetcher=public).body == b"through the proxy"
