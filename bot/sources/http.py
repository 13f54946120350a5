"""The one guarded client: every request to a host that a stranger may have chosen goes through `Fetcher`.

The guard itself is ssrfguard: names are resolved once, every answer is checked, and the connection goes to the address
that was checked. Around it stand what a library cannot know: which private (host, port) pairs are ours, how many
redirects are sane, how many bytes are too many before and after decompression, and one deadline for the whole.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Any, Literal

import httpx
from ssrfguard import Policy, Resolver, SSRFGuardError, resolve
from ssrfguard.httpx import AsyncClient

from bot.sources.base import CaptureFailed, FetchRefused

Accept = Literal["json", "html", "feed", "media", "any"]
Pair = tuple[str, int]
_PACKED: frozenset[Accept] = frozenset({"json", "html", "feed"})
"""What may come packed; media is packed already, and a packed picture can only be a bomb."""

_ACCEPT: Mapping[Accept, str] = {
    "json": "application/json",
    "html": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
    "feed": "application/rss+xml,application/atom+xml,application/xml;q=0.9,text/xml;q=0.9,text/html;q=0.5,*/*;q=0.1",
    "media": "image/*,video/*;q=0.5",
    "any": "*/*",
}
_DEFAULT_PORTS = {"http": 80, "https": 443}
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_PRIVATE_NETWORKS: tuple[_Network, ...] = tuple(
    ipaddress.ip_network(block)
    for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "::1/128", "fc00::/7")
)
"""Where a *named* private host may resolve to (RFC 1918, RFC 4193, loopback); link-local metadata addresses never."""
_LOOKUPS = 8
"""Name look-ups at once; a stalled one holds its thread until the platform gives up."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OWN_HEADERS = frozenset({"accept", "accept-encoding", "user-agent", "host"})


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, between two reads, and for one `get` as a whole, redirects and body included."""

    connect: float = 5.0
    read: float = 10.0
    total: float = 30.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: any status, headers by lower-case name, the body unpacked, its URL, and the URLs that led there."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    redirects: tuple[str, ...] = ()

    @property
    def media_type(self) -> str:
        """The declared content type without parameters, lower-case; empty where none was declared."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Fetcher:
    """Fetches what strangers name, and nothing they should not reach.

    Args:
        allowed_private: (host, port) pairs that may be reached although they are private or on an unusual port;
            exactly these, nothing beside them. The host is written as in URLs (`127.0.0.1`, `::1`, a name).
        user_agent: sent with every request.
        proxy: an HTTP proxy for public hosts. The proxy resolves names anew, so the guard checks them before it.
        ca_bundle: a file of certificates to trust instead of the usual ones.
        timeouts: see `Timeouts`.
        pace: the least seconds between two requests to a host, by host name.
        resolver: stands in for `socket.getaddrinfo`; its answers are checked all the same.
        clock, sleep: monotonic seconds and a wait, for the pacing.
    """

    def __init__(
        self,
        allowed_private: frozenset[Pair] = frozenset(),
        user_agent: str = "Dateline",
        proxy: str | None = None,
        ca_bundle: str | None = None,
        timeouts: Timeouts | None = None,
        *,
        pace: Mapping[str, float] | None = None,
        resolver: Resolver | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._allowed = frozenset((host.lower().strip("[]"), port) for host, port in allowed_private)
        self._user_agent = user_agent
        self._proxy = proxy
        self._ca_bundle = ca_bundle
        self._timeouts = timeouts or Timeouts()
        self._pace = dict(pace or {})
        self._lookups = ThreadPoolExecutor(_LOOKUPS, thread_name_prefix="lookup")
        self._resolver = _bounded(resolver or socket.getaddrinfo, self._lookups, self._timeouts.connect)
        self._clock = clock
        self._sleep = sleep
        self._free_at: dict[str, float] = {}
        self._clients: dict[Pair | None, AsyncClient] = {}

    async def __aenter__(self) -> Fetcher:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection, for good."""
        clients, self._clients = list(self._clients.values()), {}
        for client in clients:
            await client.aclose()
        self._lookups.shutdown(wait=False, cancel_futures=True)

    async def get(
        self,
        url: str,
        *,
        accept: Accept = "any",
        max_bytes: int,
        headers: Mapping[str, str] | None = None,
        max_redirects: int = 5,
    ) -> Fetched:
        """Fetch a URL, following redirects, each hop checked as the first one was.

        Any status is an answer, 403, 429 and 5xx too. `max_bytes` caps the body as it comes and as it unpacks. The
        caller's `headers` are dropped as soon as a redirect leaves the origin. With `max_redirects=0` a redirect is
        handed back as it came.

        Raises:
            FetchRefused: a private address, another scheme or port, too many redirects, too many bytes.
            CaptureFailed: nobody answered, or not in time.
        """
        sent = {name: value for name, value in (headers or {}).items() if name.lower() not in _OWN_HEADERS}
        sent |= {
            "User-Agent": self._user_agent,
            "Accept": _ACCEPT[accept],
            "Accept-Encoding": "gzip" if accept in _PACKED else "identity",
        }
        try:
            async with asyncio.timeout(self._timeouts.total):
                return await self._follow(url, accept, max_bytes, sent, max_redirects)
        except TimeoutError as error:
            raise CaptureFailed(f"{_host(url)} did not answer within {self._timeouts.total:g} s; try again.") from error
        except SSRFGuardError as error:
            if any(isinstance(cause, socket.gaierror) for cause in _causes(error)):
                raise CaptureFailed(f"{_host(url)} could not be reached: {_unreached(error)}.") from error
            reason = str(getattr(error, "reason", error))[:300]
            raise FetchRefused(f"{_host(url)} is not fetched: {reason}.") from error
        except httpx.InvalidURL as error:
            raise FetchRefused(f"The address is malformed and is not fetched: {error}.") from error
        except (httpx.HTTPError, OSError) as error:
            raise CaptureFailed(f"{_host(url)} could not be reached: {_unreached(error)}.") from error

    async def _follow(
        self, url: str, accept: Accept, max_bytes: int, headers: dict[str, str], max_redirects: int
    ) -> Fetched:
        current = httpx.URL(url)
        passed: list[str] = []
        while True:
            client = await self._client_for(current)
            await self._wait_for_turn(current.host)
            request = client.build_request("GET", current, headers=headers)
            response = await client.send(request, stream=True, follow_redirects=False)
            try:
                location = response.headers.get("location")
                if response.status_code not in _REDIRECTS or not location or max_redirects == 0:
                    body = await _body(response, accept, max_bytes)
                    found = {name.lower(): value for name, value in response.headers.items()}
                    return Fetched(response.status_code, found, body, str(current), tuple(passed))
            finally:
                await response.aclose()
            passed.append(str(current))
            if len(passed) > max_redirects:
                raise FetchRefused(
                    f"{_host(url)} redirects more than {max_redirects} times; it is not followed further."
                )
            target = current.join(location)
            if _origin(target) != _origin(current):
                headers = {name: value for name, value in headers.items() if name.lower() in _OWN_HEADERS}
            current = target

    async def _client_for(self, url: httpx.URL) -> AsyncClient:
        """Pick the client for this (host, port): a pair of ours has one of its own, the public shares one."""
        if url.scheme not in _DEFAULT_PORTS:
            raise FetchRefused(f"Only http and https are fetched, not {url.scheme[:20]!r}.")
        pair: Pair | None = (url.host.lower(), url.port or _DEFAULT_PORTS[url.scheme])
        if pair not in self._allowed:
            pair = None
        policy = _policy(pair, proxied=pair is None and self._proxy is not None)
        if policy.allow_proxy:
            await asyncio.to_thread(resolve, policy.check_url(str(url)), policy=policy, resolver=self._resolver)
        if pair not in self._clients:
            routing: dict[str, Any] = {"proxy": self._proxy} if policy.allow_proxy else {}
            self._clients[pair] = AsyncClient(
                policy=policy,
                resolver=self._resolver,
                trust_env=False,
                verify=_tls(self._ca_bundle),
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                timeout=httpx.Timeout(self._timeouts.read, connect=self._timeouts.connect),
                **routing,
            )
        return self._clients[pair]

    async def _wait_for_turn(self, host: str) -> None:
        interval = self._pace.get(host)
        if interval is None:
            return
        now = self._clock()
        turn = max(now, self._free_at.get(host, now))
        self._free_at[host] = turn + interval
        if turn > now:
            await self._sleep(turn - now)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Walk from an error to what it came from."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _unreached(error: BaseException) -> str:
    """Say in plain words why nobody answered."""
    for cause in _causes(error):
        match cause:
            case socket.gaierror():
                return "no address is known for that name, check the link"
            case ConnectionRefusedError():
                return "it refused the connection, try again later"
            case ssl.SSLError():
                return "its certificate does not hold"
            case httpx.TimeoutException() | TimeoutError():
                return "it did not answer in time, try again later"
    return f"the connection broke ({type(error).__name__}), try again later"


def _policy(pair: Pair | None, *, proxied: bool) -> Policy:
    """Make the policy of one client: the public on 80 and 443, or exactly one pair of ours."""
    if pair is None:
        return Policy(allow_proxy=proxied)
    host, port = pair
    try:
        networks: tuple[_Network, ...] = (ipaddress.ip_network(host),)
    except ValueError:
        networks = _PRIVATE_NETWORKS
    return Policy(allowed_networks=networks, allowed_ports=frozenset({port}), allowed_hosts=frozenset({host}))


def _bounded(lookup: Resolver, pool: Executor, seconds: float) -> Resolver:
    """Give a name look-up a time limit: the platform's has none, and a task that waits for one cannot be cancelled."""

    def resolver(*question: Any) -> Iterable[Any]:
        return pool.submit(lookup, *question).result(seconds)

    return resolver


async def _body(response: httpx.Response, accept: Accept, max_bytes: int) -> bytes:
    """Read a body under the cap, raw and unpacked; media and unknown encodings are refused when they come packed."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("", "identity"):
        unpack = None
    elif encoding in ("gzip", "x-gzip") and accept in _PACKED:
        unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
    else:
        raise FetchRefused(f"{response.url.host} sent its answer packed as {encoding[:40]!r}, which was not asked for.")
    declared = response.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > max_bytes:
        raise FetchRefused(f"{response.url.host} announces {declared[:20]} bytes; at most {max_bytes} are fetched.")
    whole = bytearray()
    received = 0
    async for chunk in response.aiter_raw(65_536):
        received += len(chunk)
        try:
            whole += chunk if unpack is None else unpack.decompress(chunk, max_bytes + 1 - len(whole))
        except zlib.error as error:
            raise CaptureFailed(f"{response.url.host} sent a broken gzip stream; try again.") from error
        if received > max_bytes or len(whole) > max_bytes:
            raise FetchRefused(f"{response.url.host} sent more than {max_bytes} bytes; the answer is not kept.")
    if unpack is not None and not unpack.eof:
        raise CaptureFailed(f"{response.url.host} broke off in the middle of its answer; try again.")
    return bytes(whole)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or _DEFAULT_PORTS.get(url.scheme)


def _host(url: str) -> str:
    """Name the host for a message; the rest of a URL may hold a key."""
    try:
        return httpx.URL(url).host[:253] or "The address"
    except httpx.InvalidURL:
        return "The address"


@lru_cache(maxsize=4)
def _tls(ca_bundle: str | None) -> ssl.SSLContext:
    """Load the trusted certificates once: it costs tens of milliseconds."""
    return (
        httpx.create_ssl_context(trust_env=False) if ca_bundle is None else ssl.create_default_context(cafile=ca_bundle)
    )
