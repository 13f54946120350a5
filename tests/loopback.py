"""A real HTTP server on 127.0.0.1 that replays answers and remembers what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qs


@dataclass(frozen=True)
class Request:
    """One request as it arrived; header names are in lower case, `query` is the raw text after `?`."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def params(self) -> dict[str, str]:
        """The last value of each query parameter, decoded."""
        return {key: values[-1] for key, values in parse_qs(self.query, keep_blank_values=True).items()}


@dataclass(frozen=True)
class Reply:
    """What to answer. A body given in pieces is sent piece by piece, without a Content-Length."""

    body: bytes | Iterable[bytes] = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Reply | Callable[[Request], Reply]


class Loopback:
    """Serve `routes` for as long as the `with` block runs.

    Keys are `"GET /path"`, or `"GET /path?query"` for one query alone, which is tried first. What no route matches is
    answered by `default`, a plain 404 unless told otherwise. `routes` may be changed while the server runs.
    """

    def __init__(self, routes: Mapping[str, Handler] | None = None, default: Handler | None = None) -> None:
        self.routes: dict[str, Handler] = dict(routes or {})
        self.default: Handler = default or Reply(b"not here", 404, {"Content-Type": "text/plain"})
        self.requests: list[Request] = []
        self.stopping = threading.Event()
        """Set when the block ends, so that a slow body can stop being slow."""
        self._server = _Server(("127.0.0.1", 0), _handler_for(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def pair(self) -> tuple[str, int]:
        """Host and port, as the guarded client wants them."""
        return "127.0.0.1", int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """The base address, without a slash at its end."""
        return f"http://127.0.0.1:{self.pair[1]}"

    def answer(self, request: Request) -> Reply:
        """Find the reply to a request, and remember that it was asked."""
        self.requests.append(request)
        asked = f"{request.method} {request.path}"
        handler = self.routes.get(f"{asked}?{request.query}") or self.routes.get(asked) or self.default
        return handler if isinstance(handler, Reply) else handler(request)

    def __enter__(self) -> Loopback:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that hangs up in the middle is what several tests are about."""


def _handler_for(loopback: Loopback) -> type[BaseHTTPRequestHandler]:
    class Replay(BaseHTTPRequestHandler):
        timeout = 10

        def handle_one_request(self) -> None:
            """Answer one request and close: HTTP/1.0 keeps no thread waiting for a next one."""
            super().handle_one_request()
            self.close_connection = True

        def do_GET(self) -> None:
            self._replay()

        def do_POST(self) -> None:
            self._replay()

        def _replay(self) -> None:
            path, _, query = self.path.partition("?")
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", "0")))
            reply = loopback.answer(Request(self.command, path, query, headers, body))
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if isinstance(reply.body, bytes):
                if not any(name.lower() == "content-length" for name in reply.headers):
                    self.send_header("Content-Length", str(len(reply.body)))
                pieces: Iterable[bytes] = [reply.body]
            else:
                pieces = reply.body
            self.end_headers()
            for piece in pieces:
                self.wfile.write(piece)
                self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the name of the base class)
            """Keep the tests' output to the tests."""

    return Replay
